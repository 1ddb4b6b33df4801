"""Flask-AppBuilder: the base of its models and their mixins."""

from datetime import datetime

import sqlalchemy as sa
from sqlalchemy import orm
from sqlalchemy.orm import declared_attr

from flask_sqlalchemy import SQLAlchemy

__modules__ = """
models models.base models.decorators models.filters models.generic models.group models.mixins
models.sqla models.sqla.base models.sqla.filters models.sqla.interface security security.sqla
security.sqla.models
"""


class _Shared:
    __named_after_class__ = True


Base = orm.declarative_base(cls=_Shared)


class Model(Base):
    __abstract__ = True
    __table_args__ = {"extend_existing": True}


ModelDeclarativeMeta = type


class SQLA(SQLAlchemy):
    """Its models are those of Flask-AppBuilder."""

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.metadatas[None] = Model.metadata
        self.Model = Model


class AuditMixin:
    created_on = sa.Column(sa.DateTime, default=datetime.now, nullable=False)
    changed_on = sa.Column(sa.DateTime, default=datetime.now, onupdate=datetime.now, nullable=False)

    @declared_attr
    def created_by_fk(cls):
        return sa.Column(sa.Integer, sa.ForeignKey("ab_user.id"), default=cls.get_user_id, nullable=False)

    @declared_attr
    def changed_by_fk(cls):
        return sa.Column(
            sa.Integer,
            sa.ForeignKey("ab_user.id"),
            default=cls.get_user_id,
            onupdate=cls.get_user_id,
            nullable=False,
        )

    @classmethod
    def get_user_id(cls):
        return None


class ImageColumn(sa.types.TypeDecorator):
    impl = sa.Text

    def __init__(self, thumbnail_size=(20, 20, True), size=(100, 100, True), **kw):
        super().__init__(**kw)


class FileColumn(sa.types.TypeDecorator):
    impl = sa.Text
