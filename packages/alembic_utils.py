"""Entities of alembic_utils and their directives."""

import re

from alembic import op as directives
from alembic.operations import Operations
from sqlalchemy import text

__modules__ = """
cache_hash_mixin depends exceptions experimental on_entity_mixin pg_extension pg_function
pg_grant_table pg_materialized_view pg_policy pg_trigger pg_view replaceable_entity reversible_op
statement testbase
"""


def _unquoted(name):
    return " ".join(name.split()).replace('"', "")


def _quoted(name):
    return ".".join('"' + part.strip().strip('"').strip() + '"' for part in name.split(".", 1))


def _body(definition):
    return definition.strip().rstrip(";").strip()


def _escaped(sql, plpgsql=False):
    """The SQL for `text()`, in which a colon begins a parameter unless it is doubled."""
    kept = r"::|:=|\\:" if plpgsql else "::"
    return re.sub(kept + "|:", lambda found: found[0] if len(found[0]) > 1 else r"\:", sql)


class ReplaceableEntity:
    def __init__(self, schema, signature, definition):
        self.schema = _unquoted(schema)
        self.signature = _unquoted(signature)
        self.definition = _escaped(_body(definition))

    @classmethod
    def from_path(cls, path):
        with open(path) as file:
            return cls.from_sql(file.read())

    @classmethod
    def from_sql(cls, sql):
        raise NotImplementedError(f"{cls.__name__}.from_sql() is not supported here")

    @property
    def literal_schema(self):
        return _quoted(self.schema)

    @property
    def identity(self):
        return f"{type(self).__name__}: {self.schema}.{self.signature}"

    @property
    def _name(self):
        return f'{self.literal_schema}."{self.signature}"'


class PGFunction(ReplaceableEntity):
    type_ = "function"

    def __init__(self, schema, signature, definition):
        super().__init__(schema, signature, definition)
        language = " ".join(definition.split()).lower().replace("'", "")
        self.definition = _escaped(_body(definition), "language plpgsql" in language)

    @classmethod
    def from_sql(cls, sql):
        pattern = r"create\s*(?:or\s+replace\s+)?function\s+(.+?)\.(.+?)\s+returns\s+(.+)$"
        found = re.match(pattern, sql.strip(), re.IGNORECASE | re.DOTALL)
        if found is None:
            raise ValueError(f"not the SQL of a function: {sql}")
        return cls(found[1], found[2].replace('"', "", 2), "returns " + found[3])

    @property
    def literal_signature(self):
        name, rest = self.signature.split("(", 1)
        return f'"{name.strip()}"({rest}'

    def to_sql_statement_create(self):
        return text(f"CREATE FUNCTION {self.literal_schema}.{self.literal_signature} {self.definition}")

    def to_sql_statement_drop(self, cascade=False):
        name, rest = self.signature.split("(", 1)
        parameters = rest.rsplit(")", 1)[0].strip()
        kept = [part[: len(part.lower().split("default")[0])].strip() for part in parameters.split(",")]
        return text(
            f'DROP FUNCTION {self.literal_schema}."{name.strip()}"({", ".join(kept)}) '
            f'{"cascade" if cascade else ""}'
        )

    def to_sql_statement_create_or_replace(self):
        name = f"{self.literal_schema}.{self.literal_signature}"
        yield text(f"CREATE OR REPLACE FUNCTION {name} {self.definition}")


class PGView(ReplaceableEntity):
    type_ = "view"

    @classmethod
    def from_sql(cls, sql):
        pattern = r"create\s*(?:or\s+replace\s+)?view\s+(.+?)\.(.+?)\s+as\s+(.+)$"
        found = re.match(pattern, sql.strip(), re.IGNORECASE | re.DOTALL)
        if found is None:
            raise ValueError(f"not the SQL of a view: {sql}")
        return cls(found[1], found[2].split("(")[0].replace('"', ""), found[3])

    def to_sql_statement_create(self):
        return text(f"CREATE VIEW {self._name} AS {self.definition};")

    def to_sql_statement_drop(self, cascade=False):
        return text(f'DROP VIEW {self._name} {"cascade" if cascade else ""}')

    def to_sql_statement_create_or_replace(self):
        deep, deeper = "\n" + " " * 12, "\n" + " " * 16
        shallow = "\n" + " " * 8
        yield text(
            f"{shallow}do $${deep}begin"
            f"{deeper}CREATE OR REPLACE VIEW {self._name} AS {self.definition};\n"
            f"{deep}exception when others then"
            f"{deeper}DROP VIEW IF EXISTS {self._name};\n"
            f"{deeper}CREATE VIEW {self._name} AS {self.definition};"
            f"{deep}end;{shallow}$$ language 'plpgsql'{shallow}"
        )


class PGMaterializedView(ReplaceableEntity):
    type_ = "materialized_view"

    def __init__(self, schema, signature, definition, with_data=True):
        self.schema = _unquoted(schema)
        self.signature = _unquoted(signature)
        self.definition = _body(definition)
        self.with_data = with_data

    def _create(self):
        data = "" if self.with_data else "NO"
        return f"CREATE MATERIALIZED VIEW {self._name} AS {self.definition} WITH {data} DATA"

    def to_sql_statement_create(self):
        return text(self._create() + ";")

    def to_sql_statement_drop(self, cascade=False):
        return text(f'DROP MATERIALIZED VIEW {self._name} {"cascade" if cascade else ""}')

    def to_sql_statement_create_or_replace(self):
        yield text(f"DROP MATERIALIZED VIEW IF EXISTS {self._name}; ")
        yield text(self._create())


class PGExtension(ReplaceableEntity):
    type_ = "extension"

    def __init__(self, schema, signature):
        self.schema = _unquoted(schema)
        self.signature = _unquoted(signature)

    def to_sql_statement_create(self):
        return text(f'CREATE EXTENSION "{self.signature}" WITH SCHEMA {self.literal_schema};')

    def to_sql_statement_drop(self, cascade=False):
        return text(f'DROP EXTENSION "{self.signature}" {"CASCADE" if cascade else ""}')

    def to_sql_statement_create_or_replace(self):
        raise NotImplementedError()


class _OnEntity(ReplaceableEntity):
    def __init__(self, schema, signature, on_entity, definition):
        super().__init__(schema, signature, definition)
        self.on_entity = _unquoted(on_entity if "." in on_entity else "public." + on_entity)


class PGTrigger(_OnEntity):
    type_ = "trigger"

    def __init__(self, schema, signature, on_entity, definition, is_constraint=False):
        super().__init__(schema, signature, on_entity, definition)
        self.is_constraint = is_constraint

    def to_sql_statement_create(self):
        found = re.match(r"(.+?)\s+ON\s+(\S+?)\s+(.+)$", self.definition, re.IGNORECASE | re.DOTALL)
        if found is None:
            raise ValueError(f"not the definition of a trigger: {self.definition}")
        table = found[2].split(".", 1)[-1]
        kind = " CONSTRAINT " if self.is_constraint else " "
        return text(
            f'CREATE{kind}TRIGGER "{self.signature}" {found[1]} ON {self.schema}.{table} {found[3]}'
        )

    def to_sql_statement_drop(self, cascade=False):
        end = "cascade" if cascade else ""
        return text(f'DROP TRIGGER "{self.signature}" ON {self.on_entity} {end}')

    def to_sql_statement_create_or_replace(self):
        yield text(f'DROP TRIGGER IF EXISTS "{self.signature}" ON {self.on_entity};')
        yield self.to_sql_statement_create()


class PGPolicy(_OnEntity):
    type_ = "policy"

    def to_sql_statement_create(self):
        return text(f"CREATE POLICY {self.signature} on {self.on_entity} {self.definition}")

    def to_sql_statement_drop(self, cascade=False):
        end = "cascade" if cascade else ""
        return text(f"DROP POLICY {self.signature} on {self.on_entity} {end}")

    def to_sql_statement_create_or_replace(self):
        yield text(f"DROP POLICY IF EXISTS {self.signature} on {self.on_entity};")
        yield text(f"CREATE POLICY {self.signature} on {self.on_entity} {self.definition};")


class PGGrantTableChoice(str):
    pass


for _choice in ("ALL", "SELECT", "INSERT", "UPDATE", "DELETE", "TRUNCATE", "REFERENCES", "TRIGGER"):
    setattr(PGGrantTableChoice, _choice, _choice)


class PGGrantTable(ReplaceableEntity):
    type_ = "grant_table"

    def __init__(self, schema, table, role, grant, columns=None, with_grant_option=False):
        self.schema = _unquoted(schema)
        self.table = _unquoted(table)
        self.role = _unquoted(role)
        self.grant = str(grant)
        self.columns = sorted(columns) if columns else []
        self.with_grant_option = with_grant_option
        self.signature = f"{self.schema}.{self.table}.{self.role}.{self.grant}"

    def to_sql_statement_create(self):
        columns = f'( {", ".join(self.columns)} )' if self.columns else ""
        option = " WITH GRANT OPTION" if self.with_grant_option else ""
        return text(
            f"GRANT {self.grant} {columns} ON {self.literal_schema}.{_quoted(self.table)} "
            f"TO {_quoted(self.role)} {option}"
        )

    def to_sql_statement_drop(self, cascade=False):
        table = f"{self.literal_schema}.{_quoted(self.table)}"
        return text(f"REVOKE {self.grant} ON {table} FROM {_quoted(self.role)}")

    def to_sql_statement_create_or_replace(self):
        yield self.to_sql_statement_drop()
        yield self.to_sql_statement_create()


def register_entities(entities, schemas=None, exclude_schemas=None, entity_types=None):
    pass


@Operations.register_operation("create_entity")
class CreateOp:
    @classmethod
    def create_entity(cls, operations, target):
        directives.execute(target.to_sql_statement_create())


@Operations.register_operation("drop_entity")
class DropOp:
    @classmethod
    def drop_entity(cls, operations, target, cascade=False):
        directives.execute(target.to_sql_statement_drop(cascade=cascade))


@Operations.register_operation("replace_entity")
class ReplaceOp:
    @classmethod
    def replace_entity(cls, operations, target):
        for statement in target.to_sql_statement_create_or_replace():
            directives.execute(statement)
