"""add posts.slug, second step: fill it

Revision ID: 70b1c2d3e447
Revises: 6f1a2b3c4d36
Create Date: 2024-03-05 09:30:00.000000

"""
from typing import Sequence, Union

from alembic import op
import sqlalchemy as sa


# revision identifiers, used by Alembic.
revision: str = "70b1c2d3e447"
down_revision: Union[str, Sequence[str], None] = "6f1a2b3c4d36"
branch_labels: Union[str, Sequence[str], None] = None
depends_on: Union[str, Sequence[str], None] = None


def upgrade() -> None:
    op.execute(
        "UPDATE posts SET slug = lower(replace(title, ' ', '-')) || '-' || id WHERE slug IS NULL"
    )


def downgrade() -> None:
    pass
