"""One event: seen, made, changed."""
