"""What Alembic runs: the steps, on the connection that `core.store.migrate` hands over."""

from alembic import context

from calmerge_desktop.core.store.tables import ledger

context.configure(
    connection=context.config.attributes["connection"],
    target_metadata=ledger,
    render_as_batch=True,  # SQLite changes a table by copying it
    transaction_per_migration=True,
)
context.run_migrations()
