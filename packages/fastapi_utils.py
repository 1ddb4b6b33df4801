"""Types of fastapi-utils."""

import uuid

import sqlalchemy as sa
from sqlalchemy import types
from sqlalchemy.dialects import postgresql

__modules__ = "api_model cbv enums guid_type session tasks timing"

GUID_SERVER_DEFAULT_POSTGRESQL = sa.DefaultClause(sa.text("gen_random_uuid()"))
GUID_DEFAULT_SQLITE = uuid.uuid4


class GUID(types.TypeDecorator):
    impl = types.CHAR

    def load_dialect_impl(self, dialect):
        return dialect.type_descriptor(postgresql.UUID() if dialect.name == "postgresql" else types.CHAR(32))

    def process_bind_param(self, value, dialect):
        if value is None:
            return None
        if dialect.name == "postgresql":
            return str(value)
        return (value if isinstance(value, uuid.UUID) else uuid.UUID(value)).hex
