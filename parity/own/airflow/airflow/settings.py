"""What migrations have of airflow.settings: a session on the database that is migrated."""

import json

from alembic import op
from sqlalchemy import orm

Session = orm.scoped_session(lambda: orm.Session(bind=op.get_bind()))
# The dialect is what `--dialect` says.
SQL_ALCHEMY_CONN = None
