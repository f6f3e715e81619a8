"""Steps of the ledger from version to version, run by Alembic (`core.store.migrate`)."""
