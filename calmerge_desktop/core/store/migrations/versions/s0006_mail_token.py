"""Where the next look into an account's inbox begins."""

import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Add the column."""
    op.add_column("mail_seen", sa.Column("token", sa.Text, nullable=False, server_default=""))


def downgrade() -> None:
    """A step back is the copy of the file that was made before this step."""
