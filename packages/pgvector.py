"""Types of pgvector."""

from sqlalchemy import types
from sqlalchemy.dialects import postgresql

__modules__ = "sqlalchemy sqlalchemy.bit sqlalchemy.halfvec sqlalchemy.sparsevec sqlalchemy.vector"


class _Vector(types.UserDefinedType):
    def __init__(self, dim=None):
        super().__init__()
        self.dim = dim

    def get_col_spec(self, **kw):
        return self.spelling if self.dim is None else f"{self.spelling}({int(self.dim)})"

    def literal_processor(self, dialect):
        def process(value):
            if not isinstance(value, str):
                value = "[" + ",".join(str(float(part)) for part in value) + "]"
            return "'" + value.replace("'", "''") + "'"

        return process


class VECTOR(_Vector):
    spelling = "VECTOR"


Vector = VECTOR


class HALFVEC(_Vector):
    spelling = "HALFVEC"


class SPARSEVEC(_Vector):
    spelling = "SPARSEVEC"


class BIT(types.TypeDecorator):
    impl = postgresql.BIT
