"""Types of fastapi-users-db-sqlalchemy."""

import uuid

from sqlalchemy import types
from sqlalchemy.dialects import postgresql

__modules__ = "access_token generics guid"


class GUID(types.TypeDecorator):
    class UUIDChar(types.CHAR):
        pass

    impl = UUIDChar

    def load_dialect_impl(self, dialect):
        return dialect.type_descriptor(postgresql.UUID() if dialect.name == "postgresql" else types.CHAR(36))

    def process_bind_param(self, value, dialect):
        if value is None:
            return None
        if dialect.name == "postgresql" or isinstance(value, uuid.UUID):
            return str(value)
        return str(uuid.UUID(value))


class TIMESTAMPAware(types.TypeDecorator):
    impl = types.TIMESTAMP
