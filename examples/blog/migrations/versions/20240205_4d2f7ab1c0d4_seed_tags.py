"""seed tags

Revision ID: 4d2f7ab1c0d4
Revises: 3c4fcf098815
Create Date: 2024-02-05 09:30:00.000000

"""
from typing import Sequence, Union

from alembic import op
import sqlalchemy as sa


# revision identifiers, used by Alembic.
revision: str = "4d2f7ab1c0d4"
down_revision: Union[str, Sequence[str], None] = "3c4fcf098815"
branch_labels: Union[str, Sequence[str], None] = None
depends_on: Union[str, Sequence[str], None] = None


TAGS = ["news", "how-to", "it's new"]

def upgrade() -> None:
    tags = sa.table("tags", sa.column("id", sa.Integer), sa.column("name", sa.String))
    op.bulk_insert(
        tags,
        [{"id": number, "name": name} for number, name in enumerate(TAGS, start=1)],
    )


def downgrade() -> None:
    tags = sa.table("tags", sa.column("name", sa.String))
    op.execute(tags.delete().where(tags.c.name.in_(TAGS)))
