"""index sessions

Revision ID: c2000000
Revises: c1000000

"""
from alembic import op
import sqlalchemy as sa

revision = "c2000000"
down_revision = "c1000000"
branch_labels = None
depends_on = None


def upgrade():
    op.create_index("ix_sessions_token", "sessions", ["token"], unique=True)


def downgrade():
    op.drop_index("ix_sessions_token", table_name="sessions")
