"""report tables

Revision ID: e1000000
Revises: 

"""
from alembic import op
import sqlalchemy as sa

revision = "e1000000"
down_revision = None
branch_labels = ("reporting",)
depends_on = "b2000000"


def upgrade():
    op.create_table(
        "reports",
        sa.Column("id", sa.Integer(), primary_key=True),
        sa.Column("invoice_id", sa.Integer(), sa.ForeignKey("invoices.id")),
    )


def downgrade():
    op.drop_table("reports")
