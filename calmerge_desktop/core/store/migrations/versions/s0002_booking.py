"""When one may be booked: rules of calendars, schedules, booking links, bookings."""

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Create the tables."""
    op.create_table(
        "blocking",
        sa.Column("calendar", sa.Text, sa.ForeignKey("calendar.id", ondelete="CASCADE"), primary_key=True),
        sa.Column("all_day", sa.Text, nullable=False),
        sa.Column("tentative", sa.Boolean, nullable=False),
        sa.Column("unanswered", sa.Boolean, nullable=False),
        sa.Column("unreadable", sa.Text, nullable=False),
    )
    for name in ("schedule", "link"):
        op.create_table(
            name,
            sa.Column("id", sa.Text, primary_key=True),
            sa.Column("name", sa.Text, nullable=False, unique=True),
            sa.Column("body", sa.Text, nullable=False),
            sa.Column("position", sa.Integer, nullable=False),
        )
    op.create_table(
        "booking",
        sa.Column("id", sa.Text, primary_key=True),
        sa.Column("link", sa.Text, nullable=False),
        sa.Column("start", sa.Integer, nullable=False),
        sa.Column("end", sa.Integer, nullable=False),
        sa.Column("state", sa.Text, nullable=False),
        sa.Column("event", sa.Text, nullable=False),
        sa.Column("before", sa.Integer, nullable=False),
        sa.Column("after", sa.Integer, nullable=False),
        sa.Column("guest", sa.Text, nullable=False),
        sa.Column("created", sa.Integer, nullable=False),
    )
    op.create_index("booking_link", "booking", ["link", "start"])


def downgrade() -> None:
    """A step back is the copy of the file that was made before this step."""
