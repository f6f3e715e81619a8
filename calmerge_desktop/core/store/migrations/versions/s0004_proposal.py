"""Times offered by mail."""

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Create the table."""
    op.create_table(
        "proposal",
        sa.Column("id", sa.Text, primary_key=True),
        sa.Column("state", sa.Text, nullable=False),
        sa.Column("guest", sa.Text, nullable=False),
        sa.Column("created", sa.Integer, nullable=False),
        sa.Column("expires", sa.Integer, nullable=False),
        sa.Column("chosen", sa.Integer),
        sa.Column("body", sa.Text, nullable=False),
        sa.Column("answer", sa.Text),
    )


def downgrade() -> None:
    """A step back is the copy of the file that was made before this step."""
