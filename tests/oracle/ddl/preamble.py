import datetime
import decimal
import enum
import uuid

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import mssql, mysql, oracle, postgresql, sqlite


class Mood(enum.Enum):
    sad = "s"
    ok = "o"


t = sa.table("t", sa.column("a", sa.Integer), sa.column("b", sa.String))
