"""post status

Revision ID: 5e7c3d90be25
Revises: 4d2f7ab1c0d4
Create Date: 2024-02-19 09:30:00.000000

"""
from typing import Sequence, Union

from alembic import op
import sqlalchemy as sa


# revision identifiers, used by Alembic.
revision: str = "5e7c3d90be25"
down_revision: Union[str, Sequence[str], None] = "4d2f7ab1c0d4"
branch_labels: Union[str, Sequence[str], None] = None
depends_on: Union[str, Sequence[str], None] = None


post_status = sa.Enum("draft", "published", "archived", name="post_status")

def upgrade() -> None:
    post_status.create(op.get_bind(), checkfirst=False)
    op.add_column(
        "posts",
        sa.Column("status", post_status, server_default="draft", nullable=False),
    )
    posts = sa.table(
        "posts", sa.column("published", sa.Boolean), sa.column("status", post_status)
    )
    op.execute(posts.update().where(posts.c.published == sa.true()).values(status="published"))


def downgrade() -> None:
    op.drop_column("posts", "status")
    post_status.drop(op.get_bind(), checkfirst=False)
