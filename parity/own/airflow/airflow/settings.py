"""What migrations have of airflow.settings: a session on the database that is migrated."""

import json

from alembic import op
from sqlalchemy import orm

Session = orm.scoped_session(lambda: orm.Session(bind=op.get_bind()))
# The dialect is what `--dialect` says.
SQL_ALCHEMY_CONN = None
# Files of users, which are read where rows refer to them.
DAGS_FOLDER = None


def __getattr__(name):
    """The database itself, once there is one."""
    if name == "engine":
        return op.get_bind()
    raise AttributeError(name)
