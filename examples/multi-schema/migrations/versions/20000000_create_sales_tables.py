"""create sales tables

Revision ID: 20000000
Revises: 10000000

"""
from alembic import op
import sqlalchemy as sa

revision = "20000000"
down_revision = "10000000"
branch_labels = None
depends_on = None


def upgrade():
    op.create_table(
        "order",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=True), primary_key=True),
        sa.Column("placed_at", sa.DateTime(timezone=True), server_default=sa.func.now()),
        schema="sales",
        comment="what a customer ordered",
    )
    op.create_table(
        "line",
        sa.Column("order_id", sa.BigInteger(), sa.ForeignKey("sales.order.id", ondelete="CASCADE")),
        sa.Column("number", sa.Integer()),
        sa.Column("price", sa.Numeric(12, 2), sa.CheckConstraint("price >= 0"), nullable=False),
        sa.PrimaryKeyConstraint("order_id", "number"),
        schema="sales",
    )


def downgrade():
    op.drop_table("line", schema="sales")
    op.drop_table("order", schema="sales")
