"""create invoices

Revision ID: b1000000
Revises: a1000000

"""
from alembic import op
import sqlalchemy as sa

revision = "b1000000"
down_revision = "a1000000"
branch_labels = ("billing",)
depends_on = None


def upgrade():
    op.create_table(
        "invoices",
        sa.Column("id", sa.Integer(), primary_key=True),
        sa.Column("account_id", sa.Integer(), sa.ForeignKey("accounts.id")),
    )


def downgrade():
    op.drop_table("invoices")
