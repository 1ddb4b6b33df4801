"""Types and helpers of sqlalchemy-utils."""

import enum
import json
import uuid
from datetime import datetime

import sqlalchemy as sa
from sqlalchemy import types
from sqlalchemy.dialects import mssql, oracle, postgresql, sqlite
from sqlalchemy.ext.compiler import compiles
from sqlalchemy.schema import DDLElement

__modules__ = """
aggregates asserts compat exceptions expressions functions functions.database functions.foreign_keys
functions.mock functions.orm functions.render_functions functions.sort_query generic i18n listeners
models observer operators primitives primitives.country primitives.currency primitives.ltree
primitives.weekday primitives.weekdays proxy_dict query_chain relationships types types.arrow
types.bit types.choice types.color types.country types.currency types.email types.encrypted
types.encrypted.encrypted_type types.encrypted.padding types.enriched_datetime
types.enriched_datetime.enriched_date_type types.enriched_datetime.enriched_datetime_type
types.ip_address types.json types.locale types.ltree types.password types.pg_composite
types.phone_number types.range types.scalar_coercible types.scalar_list types.timezone
types.ts_vector types.url types.uuid types.weekdays utils view
"""


class ImproperlyConfigured(Exception):
    pass


class ScalarCoercible:
    pass


class _Text(ScalarCoercible, types.TypeDecorator):
    """A type whose values are written as their text."""

    def process_bind_param(self, value, dialect):
        return None if value is None else str(value)


class UUIDType(ScalarCoercible, types.TypeDecorator):
    impl = types.BINARY(16)
    python_type = uuid.UUID

    def __init__(self, binary=True, native=True):
        self.binary = binary
        self.native = native

    def load_dialect_impl(self, dialect):
        if self.native and dialect.name in ("postgresql", "cockroachdb"):
            return dialect.type_descriptor(postgresql.UUID())
        if self.native and dialect.name == "mssql":
            return dialect.type_descriptor(mssql.UNIQUEIDENTIFIER())
        return dialect.type_descriptor(types.BINARY(16) if self.binary else types.CHAR(32))

    def process_literal_param(self, value, dialect):
        return value

    def process_bind_param(self, value, dialect):
        if value is None:
            return None
        if not isinstance(value, uuid.UUID):
            value = uuid.UUID(bytes=value) if isinstance(value, bytes) else uuid.UUID(value)
        if self.native and dialect.name in ("postgresql", "mssql", "cockroachdb"):
            return str(value)
        return value.bytes if self.binary else value.hex


class Choice:
    def __init__(self, code, value):
        self.code = code
        self.value = value

    def __eq__(self, other):
        return self.code == (other.code if isinstance(other, Choice) else other)

    def __hash__(self):
        return hash(self.code)

    def __str__(self):
        return str(self.value)


class ChoiceType(ScalarCoercible, types.TypeDecorator):
    impl = types.Unicode(255)

    def __init__(self, choices, impl=None):
        self.choices = choices
        if impl:
            self.impl = impl

    def process_bind_param(self, value, dialect):
        if isinstance(self.choices, type) and issubclass(self.choices, enum.Enum):
            return None if value is None else self.choices(value).value
        return value.code if isinstance(value, Choice) else value


class _Limited(_Text):
    """Text whose length is an argument."""

    default = 255

    def __init__(self, max_length=None, *args, **kwargs):
        self.impl = types.Unicode(self.default if max_length is None else max_length)


class ColorType(_Limited):
    impl = types.Unicode(20)
    default = 20


class IPAddressType(_Limited):
    impl = types.Unicode(50)
    default = 50


class PhoneNumberType(_Limited):
    impl = types.Unicode(20)

    def __init__(self, region="US", max_length=20, *args, **kwargs):
        self.region = region
        self.impl = types.Unicode(max_length)


class PhoneNumber(str):
    pass


class CountryType(_Text):
    impl = types.String(2)


class CurrencyType(_Text):
    impl = types.String(3)

    def __init__(self, *args, **kwargs):
        pass


class LocaleType(_Text):
    impl = types.Unicode(10)

    def __init__(self):
        pass


class TimezoneType(_Text):
    impl = types.Unicode(50)

    def __init__(self, backend="dateutil"):
        self.backend = backend


class EmailType(types.TypeDecorator):
    impl = sa.Unicode

    def __init__(self, length=255, *args, **kwargs):
        super().__init__(*args, length=length, **kwargs)

    def process_bind_param(self, value, dialect):
        return None if value is None else value.lower()


class URLType(_Text):
    impl = types.UnicodeText


class ScalarListType(types.TypeDecorator):
    impl = sa.UnicodeText()

    def __init__(self, coerce_func=str, separator=","):
        self.separator = separator

    def process_bind_param(self, value, dialect):
        return None if value is None else self.separator.join(map(str, value))


class JSONType(types.TypeDecorator):
    impl = sa.UnicodeText

    def load_dialect_impl(self, dialect):
        return dialect.type_descriptor(postgresql.JSON() if dialect.name == "postgresql" else sa.UnicodeText())

    def process_bind_param(self, value, dialect):
        if dialect.name == "postgresql" or value is None:
            return value
        return json.dumps(value)


class EnrichedDateTimeType(types.TypeDecorator):
    impl = types.DateTime

    def __init__(self, date_processor=None, *args, **kwargs):
        super().__init__(*args, **kwargs)


class EnrichedDateType(EnrichedDateTimeType):
    impl = types.Date


class ArrowType(types.TypeDecorator):
    impl = types.DateTime


class PasswordType(ScalarCoercible, types.TypeDecorator):
    impl = types.VARBINARY(1024)

    def __init__(self, max_length=None, **kwargs):
        self.length = 1024 if max_length is None else max_length

    def load_dialect_impl(self, dialect):
        if dialect.name == "postgresql":
            return dialect.type_descriptor(postgresql.BYTEA(self.length))
        if dialect.name == "oracle":
            return dialect.type_descriptor(oracle.RAW(self.length))
        if dialect.name == "sqlite":
            return dialect.type_descriptor(sqlite.BLOB(self.length))
        return dialect.type_descriptor(types.VARBINARY(self.length))

    def process_bind_param(self, value, dialect):
        return value.encode("utf8") if isinstance(value, str) else value


class StringEncryptedType(ScalarCoercible, types.TypeDecorator):
    impl = sa.String

    def __init__(self, type_in=None, key=None, engine=None, padding=None, **kwargs):
        super().__init__(**kwargs)
        self.underlying_type = type_in
        self.key = key


class EncryptedType(StringEncryptedType):
    impl = sa.LargeBinary


class AesEngine:
    pass


class AesGcmEngine(AesEngine):
    pass


class FernetEngine(AesEngine):
    pass


class TSVectorType(types.TypeDecorator):
    impl = postgresql.TSVECTOR

    def __init__(self, *args, **kwargs):
        self.columns = args
        self.options = kwargs
        super().__init__()


class Ltree(str):
    @property
    def path(self):
        return str(self)


class LtreeType(types.Concatenable, types.UserDefinedType, ScalarCoercible):
    pass


class LQUERY(types.UserDefinedType):
    pass


class LTXTQUERY(types.UserDefinedType):
    pass


@compiles(LtreeType, "postgresql")
def _ltree(element, compiler, **kw):
    return "LTREE"


@compiles(LQUERY, "postgresql")
def _lquery(element, compiler, **kw):
    return "LQUERY"


@compiles(LTXTQUERY, "postgresql")
def _ltxtquery(element, compiler, **kw):
    return "LTXTQUERY"


class BitType(types.TypeDecorator):
    impl = sa.types.BINARY

    def __init__(self, length=1, **kwargs):
        self.length = length
        super().__init__(length=length, **kwargs)

    def load_dialect_impl(self, dialect):
        if dialect.name == "postgresql":
            return dialect.type_descriptor(postgresql.BIT(self.length))
        if dialect.name == "sqlite":
            return dialect.type_descriptor(sa.String(self.length))
        return dialect.type_descriptor(types.BINARY(self.length))


class WeekDaysType(types.TypeDecorator, ScalarCoercible):
    impl = BitType(7)


class _RangeType(_Text):
    def __init__(self, *args, **kwargs):
        kwargs.pop("step", None)
        super().__init__(*args, **kwargs)

    def load_dialect_impl(self, dialect):
        return dialect.type_descriptor(self.impl if dialect.name == "postgresql" else sa.String(255))


class IntRangeType(_RangeType):
    impl = postgresql.INT4RANGE


class Int8RangeType(_RangeType):
    impl = postgresql.INT8RANGE


class DateRangeType(_RangeType):
    impl = postgresql.DATERANGE


class NumericRangeType(_RangeType):
    impl = postgresql.NUMRANGE


class DateTimeRangeType(_RangeType):
    impl = postgresql.TSRANGE


class CompositeType(types.UserDefinedType):
    def __init__(self, name, columns, quote=None, **kwargs):
        self.name = name
        self.columns = columns

    def get_col_spec(self):
        return self.name

    def create(self, bind=None, checkfirst=None):
        bind.execute(CreateCompositeType(self))

    def drop(self, bind=None, checkfirst=True):
        bind.execute(DropCompositeType(self))


class CreateCompositeType(DDLElement):
    def __init__(self, element):
        self.element = element


class DropCompositeType(CreateCompositeType):
    pass


@compiles(CreateCompositeType)
def _create_composite(create, compiler, **kw):
    fields = [
        f"{column.name} {compiler.dialect.type_compiler.process(column.type)}"
        for column in create.element.columns
    ]
    name = compiler.dialect.identifier_preparer.quote(create.element.name)
    return f"CREATE TYPE {name} AS ({', '.join(fields)})"


@compiles(DropCompositeType)
def _drop_composite(drop, compiler, **kw):
    return f"DROP TYPE {compiler.dialect.identifier_preparer.quote(drop.element.name)}"


def register_composites(connection):
    pass


def remove_composite_listeners():
    pass


class Timestamp:
    created = sa.Column(sa.DateTime, default=datetime.utcnow, nullable=False)
    updated = sa.Column(sa.DateTime, default=datetime.utcnow, nullable=False)


def generic_repr(*fields):
    return fields[0] if fields and isinstance(fields[0], type) else lambda cls: cls


def force_auto_coercion(mapper=None):
    pass


def force_instant_defaults(mapper=None):
    pass


def escape_like(string, escape_char="*"):
    for special in (escape_char, "%", "_"):
        string = string.replace(special, escape_char + special)
    return string


class _View(DDLElement):
    def __init__(self, name, selectable=None, materialized=False, replace=False, cascade=True):
        if materialized and replace:
            raise ValueError("Cannot use CREATE OR REPLACE with materialized views")
        self.name = name
        self.selectable = selectable
        self.materialized = materialized
        self.replace = replace
        self.cascade = cascade

    def _kind(self):
        return "MATERIALIZED VIEW" if self.materialized else "VIEW"


class CreateView(_View):
    pass


class DropView(_View):
    def __init__(self, name, materialized=False, cascade=True):
        super().__init__(name, None, materialized, False, cascade)


@compiles(CreateView)
def _create_view(element, compiler, **kw):
    name = compiler.dialect.identifier_preparer.quote(element.name)
    query = compiler.sql_compiler.process(element.selectable, literal_binds=True)
    return f"CREATE {'OR REPLACE ' if element.replace else ''}{element._kind()} {name} AS {query}"


@compiles(DropView)
def _drop_view(element, compiler, **kw):
    name = compiler.dialect.identifier_preparer.quote(element.name)
    return f"DROP {element._kind()} IF EXISTS {name} {'CASCADE' if element.cascade else ''}"
