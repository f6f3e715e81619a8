"""Speed, measured: one command runs every job beside what people would use instead. See README.md."""
