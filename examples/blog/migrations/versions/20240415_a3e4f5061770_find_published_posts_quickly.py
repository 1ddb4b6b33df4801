"""find published posts quickly

Revision ID: a3e4f5061770
Revises: 92d3e4f5a669
Create Date: 2024-04-15 09:30:00.000000

"""
from typing import Sequence, Union

from alembic import op
import sqlalchemy as sa


# revision identifiers, used by Alembic.
revision: str = "a3e4f5061770"
down_revision: Union[str, Sequence[str], None] = "92d3e4f5a669"
branch_labels: Union[str, Sequence[str], None] = None
depends_on: Union[str, Sequence[str], None] = None


def upgrade() -> None:
    op.create_index(
        "ix_posts_published_created_at",
        "posts",
        [sa.text("created_at DESC")],
        unique=False,
        postgresql_where=sa.text("status = 'published'"),
        sqlite_where=sa.text("status = 'published'"),
    )
    with op.batch_alter_table("posts", schema=None) as batch_op:
        batch_op.drop_column("published")


def downgrade() -> None:
    with op.batch_alter_table("posts", schema=None) as batch_op:
        batch_op.add_column(
            sa.Column("published", sa.Boolean(), server_default=sa.text("false"), nullable=False)
        )
    op.drop_index(
        "ix_posts_published_created_at",
        table_name="posts",
        postgresql_where=sa.text("status = 'published'"),
        sqlite_where=sa.text("status = 'published'"),
    )
