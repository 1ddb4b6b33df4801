"""create schemas

Revision ID: 10000000
Revises: 

"""
from alembic import op
import sqlalchemy as sa

revision = "10000000"
down_revision = None
branch_labels = None
depends_on = None

SCHEMAS = ["sales", "Audit Log"]


def upgrade():
    for name in SCHEMAS:
        op.execute(sa.schema.CreateSchema(name))


def downgrade():
    for name in reversed(SCHEMAS):
        op.execute(sa.schema.DropSchema(name))
