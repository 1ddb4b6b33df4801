"""Flask-SQLAlchemy: `SQLAlchemy()` and the base of its models."""

import sqlalchemy
from sqlalchemy import orm

__modules__ = "extension model pagination query record_queries session table track_modifications"


class Model:
    """What models have in common; their tables are named after them."""

    __named_after_class__ = True

    def __init_subclass__(cls, **kwargs):
        key = cls.__dict__.get("__bind_key__")
        if key is not None and "metadata" not in cls.__dict__:
            cls.metadata = cls.__fsa__._metadata(key)


DefaultMeta = type
BindMetaMixin = type
NameMetaMixin = type


class _App:
    """Stands for the application, whose configuration lies outside the migration."""


class SQLAlchemy:
    def __init__(self, app=None, *, metadata=None, model_class=None, session_options=None, **options):
        self.metadatas = {None: sqlalchemy.MetaData() if metadata is None else metadata}
        bases = model_class if isinstance(model_class, tuple) else (model_class,)
        found = [base for base in bases if isinstance(base, type) and issubclass(base, orm.DeclarativeBase)]
        if found and metadata is None:
            self.metadatas[None] = found[0].metadata
        shared = [Model] + [base for base in bases if isinstance(base, type) and base not in found]
        if len(shared) > 1:
            shared = [type("Shared", (shared[1], Model), {})]
        self.Model = orm.declarative_base(metadata=self.metadatas[None], cls=shared[0])
        self.Model.__fsa__ = self
        self.session = orm.scoped_session(orm.sessionmaker())
        self.Table = self._table

    @property
    def metadata(self):
        return self.metadatas[None]

    def _metadata(self, key):
        if key not in self.metadatas:
            self.metadatas[key] = sqlalchemy.MetaData()
        return self.metadatas[key]

    def _table(self, name, *args, bind_key=None, **kwargs):
        if args and isinstance(args[0], sqlalchemy.MetaData):
            return sqlalchemy.Table(name, *args, **kwargs)
        return sqlalchemy.Table(name, self._metadata(bind_key), *args, **kwargs)

    def init_app(self, app):
        pass

    def __getattr__(self, name):
        for module in (sqlalchemy, orm):
            if hasattr(module, name):
                return getattr(module, name)
        raise AttributeError(name)


BaseQuery = orm.Query
