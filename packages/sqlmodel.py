"""Types of SQLModel. The rest of its names are those of SQLAlchemy."""

from datetime import timezone

from sqlalchemy import types
from sqlalchemy.dialects import postgresql

__modules__ = "default ext ext.asyncio ext.asyncio.session main orm orm.session sql sql.expression sql.sqltypes"
__names_of__ = "sqlalchemy"


class AutoString(types.TypeDecorator):
    impl = types.String

    def load_dialect_impl(self, dialect):
        if self.impl.length is None and dialect.name in ("mysql", "mariadb"):
            return dialect.type_descriptor(types.String(255))
        return self.impl


class UTCDateTime(types.TypeDecorator):
    impl = types.DateTime

    def __init__(self):
        super().__init__(timezone=True)

    def process_bind_param(self, value, dialect):
        return None if value is None else value.astimezone(timezone.utc)


class GUID(types.TypeDecorator):
    """Of versions before 0.0.22."""

    impl = types.CHAR

    def load_dialect_impl(self, dialect):
        return dialect.type_descriptor(postgresql.UUID() if dialect.name == "postgresql" else types.CHAR(32))

    def process_bind_param(self, value, dialect):
        if value is None:
            return None
        return str(value) if dialect.name == "postgresql" else str(value).replace("-", "")
