"""Proposals to several guests share an offering; each remembers when it came into which state."""

import sqlalchemy as sa
from alembic import op

revision = "0008"
down_revision = "0007"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Every proposal there is offers its times alone: its holds keep the names they have."""
    op.add_column("proposal", sa.Column("offering", sa.Text, nullable=False, server_default=""))
    op.add_column("proposal", sa.Column("history", sa.Text, nullable=False, server_default="[]"))
    op.execute("UPDATE proposal SET offering = id")
    op.create_index("proposal_offering", "proposal", ["offering"])


def downgrade() -> None:
    """A step back is the copy of the file that was made before this step."""
