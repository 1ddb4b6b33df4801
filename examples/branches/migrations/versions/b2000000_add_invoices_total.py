"""add invoices total

Revision ID: b2000000
Revises: b1000000

"""
from alembic import op
import sqlalchemy as sa

revision = "b2000000"
down_revision = "b1000000"
branch_labels = None
depends_on = None


def upgrade():
    op.add_column("invoices", sa.Column("total", sa.Numeric(10, 2)))


def downgrade():
    op.drop_column("invoices", "total")
