"""report titles

Revision ID: e2000000
Revises: e1000000

"""
from alembic import op
import sqlalchemy as sa

revision = "e2000000"
down_revision = "e1000000"
branch_labels = None
depends_on = None


def upgrade():
    op.add_column("reports", sa.Column("title", sa.Text()))


def downgrade():
    op.drop_column("reports", "title")
