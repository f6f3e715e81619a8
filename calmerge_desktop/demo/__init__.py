"""A realistic week of a person who does not exist, for looking around without linking anything."""
