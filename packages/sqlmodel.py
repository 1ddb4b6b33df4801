"""Types of SQLModel, and its models. The rest of its names are those of SQLAlchemy."""

import datetime
import enum
import uuid

from sqlalchemy import Column, ForeignKey, orm, types
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
        return None if value is None else value.astimezone(datetime.timezone.utc)


class GUID(types.TypeDecorator):
    """Of versions before 0.0.22."""

    impl = types.CHAR

    def load_dialect_impl(self, dialect):
        return dialect.type_descriptor(postgresql.UUID() if dialect.name == "postgresql" else types.CHAR(32))

    def process_bind_param(self, value, dialect):
        if value is None:
            return None
        return str(value) if dialect.name == "postgresql" else str(value).replace("-", "")


class _Undefined:
    pass


class FieldInfo:
    def __init__(self, default=_Undefined, **options):
        self.default = default
        self.options = options


def Field(default=_Undefined, **options):
    return FieldInfo(default, **options)


def Relationship(**options):
    return None


def col(column_expression):
    return column_expression


_TYPES = (
    (float, types.Float),
    (bool, types.Boolean),
    (int, types.Integer),
    (datetime.datetime, UTCDateTime),
    (datetime.date, types.Date),
    (datetime.timedelta, types.Interval),
    (datetime.time, types.Time),
    (bytes, types.LargeBinary),
    (uuid.UUID, types.Uuid),
)


def _parts(annotation):
    """The class of a field, whether it may be `None`, and the fields in `Annotated[…]`."""
    name, inner = getattr(annotation, "__name__", ""), getattr(annotation, "__args__", ())
    if inner and name in ("", "Optional", "Union"):
        kind, optional, fields = None, name == "Optional", []
        for part in inner:
            if part is None:
                optional = True
            else:
                kind, also, more = _parts(part)
                optional, fields = optional or also, fields + more
        return kind, optional, fields
    if name == "Annotated":
        kind, optional, fields = _parts(inner[0])
        return kind, optional, fields + [x for x in inner[1:] if isinstance(x, FieldInfo)]
    return annotation, False, []


def _type(kind, options):
    if "sa_type" in options:
        return options["sa_type"]
    if isinstance(kind, type):
        if issubclass(kind, enum.Enum):
            return types.Enum(kind)
        if issubclass(kind, str) or kind.__name__ == "Path":
            length = options.get("max_length")
            return AutoString(length=length) if length else AutoString()
        if kind.__name__ == "Decimal":
            return types.Numeric(options.get("max_digits"), options.get("decimal_places"))
        for python, found in _TYPES:
            if issubclass(kind, python):
                return found()
    if getattr(kind, "__name__", "") in ("EmailStr", "AnyUrl", "HttpUrl"):
        return AutoString()
    raise ValueError(f"{kind} has no matching SQLAlchemy type")


def _column(annotation, default):
    kind, optional, fields = _parts(annotation)
    field = default if isinstance(default, FieldInfo) else FieldInfo(default)
    options = {}
    for found in fields + [field]:
        options.update(found.options)
    if "sa_column" in options:
        return options["sa_column"]
    primary_key = options.get("primary_key", False)
    nullable = options.get("nullable", not primary_key and optional)
    settings = {
        "primary_key": primary_key,
        "nullable": nullable,
        "index": options.get("index", False),
        "unique": options.get("unique", False),
    }
    if "default_factory" in options:
        settings["default"] = options["default_factory"]
    elif field.default is not _Undefined and field.default is not ...:
        settings["default"] = field.default
    items = []
    if "foreign_key" in options:
        items.append(ForeignKey(options["foreign_key"], ondelete=options.get("ondelete")))
    items.extend(options.get("sa_column_args", ()))
    settings.update(options.get("sa_column_kwargs", {}))
    return Column(_type(kind, options), *items, **settings)


class _Model:
    """What SQLModel's classes have in common; those with `table=True` have a table."""

    def __init_subclass__(cls, table=False, **kwargs):
        if not table:
            cls.__abstract__ = True
            return
        cls.__abstract__ = False
        if "__tablename__" not in cls.__dict__:
            cls.__tablename__ = cls.__name__.lower()
        seen = []
        for source in reversed(cls.__mro__):
            defaults = source.__dict__
            for name, annotation in defaults.get("__annotations__", {}).items():
                is_relation = name in defaults and defaults[name] is None and _is_model(annotation)
                if name.startswith("_") or name in seen or is_relation:
                    continue
                default = defaults.get(name, _Undefined)
                has_type = isinstance(default, FieldInfo) and ("sa_type" in default.options or "sa_column" in default.options)
                if getattr(annotation, "__name__", "") in ("ClassVar", "List", "list") and not has_type:
                    continue
                seen.append(name)
                column = _column(annotation, default)
                if name in cls.__dict__:
                    # The columns are in the order of the fields, also of those without a default.
                    delattr(cls, name)
                setattr(cls, name, column)


def _is_model(annotation):
    kind, _, _ = _parts(annotation)
    return isinstance(kind, str) or isinstance(kind, type) and issubclass(kind, _Model)


SQLModel = orm.declarative_base(cls=_Model)
