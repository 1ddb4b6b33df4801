"""add posts.slug, third step: require it

Revision ID: 81c2d3e4f558
Revises: 70b1c2d3e447
Create Date: 2024-03-12 09:30:00.000000

"""
from typing import Sequence, Union

from alembic import op
import sqlalchemy as sa


# revision identifiers, used by Alembic.
revision: str = "81c2d3e4f558"
down_revision: Union[str, Sequence[str], None] = "70b1c2d3e447"
branch_labels: Union[str, Sequence[str], None] = None
depends_on: Union[str, Sequence[str], None] = None


def upgrade() -> None:
    with op.batch_alter_table("posts", schema=None) as batch_op:
        batch_op.alter_column("slug", existing_type=sa.String(length=220), nullable=False)
        batch_op.create_unique_constraint(batch_op.f("uq_posts_slug"), ["slug"])


def downgrade() -> None:
    with op.batch_alter_table("posts", schema=None) as batch_op:
        batch_op.drop_constraint(batch_op.f("uq_posts_slug"), type_="unique")
        batch_op.alter_column("slug", existing_type=sa.String(length=220), nullable=True)
