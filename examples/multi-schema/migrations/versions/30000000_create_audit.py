"""create audit

Revision ID: 30000000
Revises: 20000000

"""
from alembic import op
import sqlalchemy as sa

revision = "30000000"
down_revision = "20000000"
branch_labels = None
depends_on = None


def upgrade():
    op.create_table(
        "event",
        sa.Column("id", sa.BigInteger(), primary_key=True),
        sa.Column("order_id", sa.BigInteger()),
        sa.Column("what", sa.String(200), nullable=False),
        schema="Audit Log",
    )
    op.create_foreign_key(
        "fk_event_order",
        "event",
        "order",
        ["order_id"],
        ["id"],
        source_schema="Audit Log",
        referent_schema="sales",
    )
    op.create_index("ix_event_what", "event", ["what"], schema="Audit Log")


def downgrade():
    op.drop_index("ix_event_what", table_name="event", schema="Audit Log")
    op.drop_constraint("fk_event_order", "event", type_="foreignkey", schema="Audit Log")
    op.drop_table("event", schema="Audit Log")
