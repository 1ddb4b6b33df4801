"""The type of sqlalchemy-citext."""

from sqlalchemy import types

__modules__ = ""


class CIText(types.Concatenable, types.UserDefinedType):
    def get_col_spec(self):
        return "CITEXT"

    def literal_processor(self, dialect):
        return lambda value: "'" + value.replace("'", "''") + "'"
