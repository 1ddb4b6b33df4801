"""add posts.slug, first step: a nullable column

Revision ID: 6f1a2b3c4d36
Revises: 5e7c3d90be25
Create Date: 2024-03-04 09:30:00.000000

"""
from typing import Sequence, Union

from alembic import op
import sqlalchemy as sa


# revision identifiers, used by Alembic.
revision: str = "6f1a2b3c4d36"
down_revision: Union[str, Sequence[str], None] = "5e7c3d90be25"
branch_labels: Union[str, Sequence[str], None] = None
depends_on: Union[str, Sequence[str], None] = None


def upgrade() -> None:
    op.add_column("posts", sa.Column("slug", sa.String(length=220), nullable=True))


def downgrade() -> None:
    op.drop_column("posts", "slug")
