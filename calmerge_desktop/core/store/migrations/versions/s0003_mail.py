"""Mail: the addresses one sends from, letters that wait, what came in, what was sent for which event."""

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Create the tables."""
    op.create_table(
        "mailbox",
        sa.Column("address", sa.Text, primary_key=True),
        sa.Column("name", sa.Text, nullable=False),
        sa.Column("kind", sa.Text, nullable=False),
        sa.Column("config", sa.Text, nullable=False),
        sa.Column("position", sa.Integer, nullable=False),
    )
    op.create_table(
        "letter",
        sa.Column("id", sa.Integer, primary_key=True),
        sa.Column("key", sa.Text, nullable=False, unique=True),
        sa.Column("created", sa.Integer, nullable=False),
        sa.Column("sender", sa.Text, nullable=False),
        sa.Column("recipient", sa.Text, nullable=False),
        sa.Column("subject", sa.Text, nullable=False),
        sa.Column("mime", sa.Text, nullable=False),
        sa.Column("state", sa.Text, nullable=False),
        sa.Column("tries", sa.Integer, nullable=False),
        sa.Column("not_before", sa.Integer, nullable=False),
        sa.Column("reason", sa.Text),
        sqlite_autoincrement=True,
    )
    _talk()


def _talk() -> None:
    op.create_table(
        "incoming",
        sa.Column("id", sa.Integer, primary_key=True),
        sa.Column("digest", sa.Text, nullable=False, unique=True),
        sa.Column("at", sa.Integer, nullable=False),
        sa.Column("method", sa.Text, nullable=False),
        sa.Column("kind", sa.Text, nullable=False),
        sa.Column("uid", sa.Text, nullable=False),
        sa.Column("sender", sa.Text, nullable=False),
        sa.Column("comment", sa.Text, nullable=False),
        sa.Column("partstat", sa.Text, nullable=False),
        sa.Column("event", sa.Text, nullable=False),
        sa.Column("ics", sa.Text, nullable=False),
        sa.Column("state", sa.Text, nullable=False),
        sqlite_autoincrement=True,
    )
    op.create_table(
        "invited",
        sa.Column("key", sa.Text, primary_key=True),
        sa.Column("rid", sa.Text, primary_key=True),
        sa.Column("sequence", sa.Integer, nullable=False),
        sa.Column("recipients", sa.Text, nullable=False),
        sa.Column("at", sa.Integer, nullable=False),
        sa.Column("ics", sa.Text, nullable=False),
    )


def downgrade() -> None:
    """A step back is the copy of the file that was made before this step."""
