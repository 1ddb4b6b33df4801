"""Types of Advanced Alchemy."""

import json
import uuid
from datetime import timezone

import sqlalchemy as sa
from sqlalchemy import types
from sqlalchemy.dialects import mssql, oracle, postgresql
from sqlalchemy.ext.mutable import MutableDict, MutableList

__modules__ = """
base exceptions extensions extensions.litestar mixins types types.boolean types.datetime
types.encrypted_string types.file_object types.file_object.data_type types.guid types.identity
types.json types.mutables types.password_hash types.password_hash.base types.vector
"""
_NATIVE = ("postgresql", "duckdb", "cockroachdb")


class GUID(types.TypeDecorator):
    impl = types.BINARY(16)

    def __init__(self, *args, binary=True, **kwargs):
        self.binary = binary

    def load_dialect_impl(self, dialect):
        if dialect.name in _NATIVE:
            return dialect.type_descriptor(postgresql.UUID())
        if dialect.name == "oracle":
            return dialect.type_descriptor(oracle.RAW(16))
        if dialect.name == "mssql":
            return dialect.type_descriptor(mssql.UNIQUEIDENTIFIER())
        return dialect.type_descriptor(types.BINARY(16) if self.binary else types.CHAR(32))

    def process_bind_param(self, value, dialect):
        if value is None:
            return None
        if dialect.name in _NATIVE or dialect.name == "mssql":
            return str(value)
        if not isinstance(value, uuid.UUID):
            value = uuid.UUID(bytes=value) if isinstance(value, bytes) else uuid.UUID(value)
        return value.bytes if self.binary or dialect.name == "oracle" else value.hex


class DateTimeUTC(types.TypeDecorator):
    impl = types.DateTime(timezone=True)

    def process_bind_param(self, value, dialect):
        if value is None:
            return None
        if not value.tzinfo:
            raise TypeError("tzinfo is required")
        return value.astimezone(timezone.utc)


BigIntIdentity = types.BigInteger().with_variant(types.Integer, "sqlite")


class ORA_JSONB(types.TypeDecorator):
    impl = oracle.BLOB

    def __init__(self, *args, **kwargs):
        self.oracle_strict = kwargs.pop("oracle_strict", True)
        super().__init__()

    def process_bind_param(self, value, dialect):
        return None if value is None else json.dumps(value)


JsonB = (
    types.JSON()
    .with_variant(postgresql.JSONB, "postgresql")
    .with_variant(ORA_JSONB, "oracle")
    .with_variant(postgresql.JSONB, "cockroachdb")
)


class EncryptedString(types.TypeDecorator):
    impl = types.String

    def __init__(self, key=None, backend=None, length=None, **kwargs):
        super().__init__()
        self.length = length

    def load_dialect_impl(self, dialect):
        if dialect.name in ("mysql", "mariadb"):
            return dialect.type_descriptor(types.Text())
        if dialect.name == "oracle":
            return dialect.type_descriptor(types.String(length=4000))
        return dialect.type_descriptor(types.String())


class EncryptedText(EncryptedString):
    impl = types.Text

    def load_dialect_impl(self, dialect):
        return dialect.type_descriptor(types.Text())


class PGCryptoBackend:
    pass


class FernetBackend:
    pass


class PasswordHash(types.TypeDecorator):
    impl = types.String

    def __init__(self, backend=None, length=128):
        self.length = length
        super().__init__(length=length)


class StoredObject(types.TypeDecorator):
    impl = JsonB

    def __init__(self, backend=None, multiple=False, *args, **kwargs):
        super().__init__()
        self.backend = backend
        self.multiple = multiple
