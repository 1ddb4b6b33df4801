"""Directives of alembic-postgresql-enum, and what they are given."""

import enum
import re

from alembic import op as directives
from alembic.operations import Operations
from sqlalchemy import text

__modules__ = """
configuration get_enum_data get_enum_data.types operations operations.sync_enum_values
sql_commands sql_commands.indexes
"""


class ColumnType(enum.Enum):
    COMMON = "common"
    ARRAY = "array"


class Unspecified:
    pass


class TableReference:
    def __init__(
        self,
        table_name,
        column_name,
        table_schema=Unspecified,
        column_type=ColumnType.COMMON,
        existing_server_default=None,
    ):
        self.table_name = table_name
        self.column_name = column_name
        self.table_schema = table_schema
        self.column_type = column_type
        self.existing_server_default = existing_server_default

    def table(self, schema):
        if self.table_schema is not Unspecified:
            schema = self.table_schema
        return f'"{schema}"."{self.table_name}"' if schema else f'"{self.table_name}"'


class TableIndex:
    def __init__(self, name, definition):
        self.name = name
        self.definition = definition


class Config:
    def __init__(self, **options):
        pass


def set_configuration(config):
    pass


def _execute(indent, *lines):
    """Executes lines that are set in as far as the package sets them in."""
    directives.execute(text(("\n" + " " * indent).join(lines)))


def _is_postgresql(operations):
    return directives.get_bind().dialect.name == "postgresql"


def _cast(reference, schema, new, renames):
    table, column = reference.table(schema), f'"{reference.column_name}"'
    if reference.column_type == ColumnType.ARRAY:
        value = f"{column}::text[]"
        for old_value, new_value in renames:
            value = f"array_replace({value}, '{old_value}', '{new_value}')"
        _execute(
            12,
            f"ALTER TABLE {table} ",
            f"ALTER COLUMN {column} TYPE {new}[]",
            f"USING {value}::{new}[]",
        )
        return
    start = (f"ALTER TABLE {table} ", f"ALTER COLUMN {column} TYPE {new} ")
    if not renames:
        _execute(16, *start, f"USING {column}::text::{new}")
        return
    whens = [f"WHEN {column}::text = '{old}' THEN '{value}'::{new}" for old, value in renames]
    end = (f"ELSE {column}::text::{new}", "END")
    _execute(16, *start, "USING CASE ", " ".join(whens) + "\n", *end)


def _renamed(default, schema, name, renames):
    for old_value, new_value in renames:
        default = default.replace(f"'{old_value}'", f"'{new_value}'")
        default = default.replace(f'"{old_value}"', f'"{new_value}"')
    kind = f"{schema}.{name}" if schema else name
    if default.startswith("ARRAY["):
        return re.sub(r"::[.\w]+", f"::{kind}", default)
    return f"{default[: default.find('::')]}::{kind}{'[]' if default.endswith('[]') else ''}"


_OPERATORS = (("!=", "new_old_not_equals"), ("=", "new_old_equals"))


def _create_operators(schema, new, old, renames):
    for sign, name in _OPERATORS:
        compared = f"SELECT new_enum_val::text {sign} old_enum_val::text;"
        body = [f"        {compared}"]
        if renames:
            whens = [f"WHEN old_enum_val::text = '{a}' THEN '{b}'" for a, b in renames]
            body = [
                f"        SELECT new_enum_val::text {sign} CASE",
                f"            {' '.join(whens)}\n",
                "            ELSE old_enum_val::text",
                "        END;",
            ]
        _execute(
            12,
            f'CREATE FUNCTION "{schema}".{name}(',
            f"    new_enum_val {new}, old_enum_val {old}",
            ")",
            "RETURNS boolean AS $$",
            *[line[4:] for line in body],
            "$$ LANGUAGE SQL IMMUTABLE",
        )
        _execute(
            8,
            f'CREATE OPERATOR "{schema}".{sign} (',
            f"    leftarg = {new},",
            f"    rightarg = {old},",
            f'    procedure = "{schema}".{name}',
            ")",
        )


def _drop_operators(schema, new, old):
    for sign, name in _OPERATORS:
        _execute(
            12, f'DROP OPERATOR IF EXISTS "{schema}".{sign} (', f"    {new},", f"    {old}", ")"
        )
        _execute(
            8, f'DROP FUNCTION "{schema}".{name}(', f"    new_enum_val {new}, old_enum_val {old}", ")"
        )


@Operations.register_operation("sync_enum_values")
class SyncEnumValuesOp:
    @classmethod
    def sync_enum_values(
        cls,
        operations,
        enum_schema,
        enum_name,
        new_values,
        affected_columns,
        enum_values_to_rename=(),
        indexes_to_recreate=None,
    ):
        if not _is_postgresql(operations):
            return
        renames = list(enum_values_to_rename)
        references = []
        for column in affected_columns:
            if isinstance(column, tuple):
                raise NotImplementedError(
                    "the default of an affected column is read from the database; "
                    "give TableReference(…, existing_server_default=…) in place of a tuple"
                )
            references.append(column)
        indexes = [(index.name, index.definition) for index in indexes_to_recreate or []]
        for old_value, new_value in renames:
            for kind in (enum_name, f"{enum_schema}.{enum_name}"):
                before, after = f"'{old_value}'::{kind}", f"'{new_value}'::{kind}"
                indexes = [(name, made.replace(before, after)) for name, made in indexes]
        new, old = f'"{enum_schema}"."{enum_name}"', f'"{enum_schema}"."{enum_name}_old"'
        _execute(0, f'ALTER TYPE {new} RENAME TO "{enum_name}_old"')
        labels = ", ".join(f"'{value}'" for value in new_values)
        _execute(0, f"CREATE TYPE {new} AS ENUM({labels})")
        _create_operators(enum_schema, new, old, renames)
        for name, _ in indexes:
            quoted = ".".join('"' + part.strip('"') + '"' for part in name.rsplit(".", 1))
            _execute(0, f"DROP INDEX IF EXISTS {quoted}")
        for reference in references:
            alter = (f"ALTER TABLE {reference.table(enum_schema)}", f'ALTER COLUMN "{reference.column_name}"')
            default = reference.existing_server_default
            if default is not None:
                _execute(13, alter[0], f"{alter[1]} DROP DEFAULT")
            _cast(reference, enum_schema, new, renames)
            if default is not None:
                default = _renamed(default, enum_schema, enum_name, renames)
                _execute(12, alter[0], f"{alter[1]} SET DEFAULT {default}")
        _drop_operators(enum_schema, new, old)
        _execute(0, f"DROP TYPE {old}")
        for _, definition in indexes:
            _execute(0, definition)


@Operations.register_operation("add_enum_value")
class AddEnumValuesOp:
    @classmethod
    def add_enum_value(cls, operations, enum_schema, enum_name, new_value, before_value=None):
        if not _is_postgresql(operations):
            return
        where = f" AFTER '{before_value}'" if before_value else ""
        _execute(0, f'ALTER TYPE "{enum_schema}"."{enum_name}" ADD VALUE \'{new_value}\'{where}')
