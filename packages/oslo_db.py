"""Types of oslo.db."""

import datetime
import json

from sqlalchemy import Column, DateTime, Integer, types
from sqlalchemy.dialects import mysql

__modules__ = "api exception sqlalchemy sqlalchemy.enginefacade sqlalchemy.models sqlalchemy.types sqlalchemy.utils"


class JsonEncodedType(types.TypeDecorator):
    type = None
    impl = types.Text

    def __init__(self, mysql_as_long=False, mysql_as_medium=False):
        super().__init__()
        if mysql_as_long and mysql_as_medium:
            raise TypeError("mysql_as_long and mysql_as_medium are mutually exclusive")
        if mysql_as_long:
            self.impl = types.Text().with_variant(mysql.LONGTEXT(), "mysql")
        elif mysql_as_medium:
            self.impl = types.Text().with_variant(mysql.MEDIUMTEXT(), "mysql")

    def process_bind_param(self, value, dialect):
        if value is None and self.type is not None:
            value = self.type()
        return json.dumps(value)


class JsonEncodedDict(JsonEncodedType):
    type = dict


class JsonEncodedList(JsonEncodedType):
    type = list


class SoftDeleteInteger(types.TypeDecorator):
    impl = types.Integer

    def process_bind_param(self, value, dialect):
        return None if value is None else int(value)


class ModelBase:
    __table_initialized__ = False


class TimestampMixin:
    created_at = Column(DateTime, default=lambda: datetime.datetime.now())
    updated_at = Column(DateTime, onupdate=lambda: datetime.datetime.now())


class SoftDeleteMixin:
    deleted_at = Column(DateTime)
    deleted = Column(SoftDeleteInteger, default=0)
