"""Times offered to somebody: what was offered, its legal states, and what an answer says. Pure: no clock, no disk."""
