"""How far mailboxes were looked at."""

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Create the table."""
    op.create_table(
        "mail_seen",
        sa.Column("address", sa.Text, sa.ForeignKey("mailbox.address", ondelete="CASCADE"), primary_key=True),
        sa.Column("folder", sa.Text, primary_key=True),
        sa.Column("validity", sa.Integer, nullable=False),
        sa.Column("uid", sa.Integer, nullable=False),
        sa.Column("at", sa.Integer, nullable=False),
        sa.Column("trouble", sa.Text, nullable=False),
    )


def downgrade() -> None:
    """A step back is the copy of the file that was made before this step."""
