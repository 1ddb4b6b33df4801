"""merge billing and security

Revision ID: d1000000
Revises: b2000000, c2000000

"""
from alembic import op
import sqlalchemy as sa

revision = "d1000000"
down_revision = ("b2000000", "c2000000")
branch_labels = None
depends_on = None


def upgrade():
    pass


def downgrade():
    pass
