"""create sessions

Revision ID: c1000000
Revises: a1000000

"""
from alembic import op
import sqlalchemy as sa

revision = "c1000000"
down_revision = "a1000000"
branch_labels = ("security",)
depends_on = None


def upgrade():
    op.create_table(
        "sessions",
        sa.Column("id", sa.Integer(), primary_key=True),
        sa.Column("token", sa.Uuid(), nullable=False),
    )


def downgrade():
    op.drop_table("sessions")
