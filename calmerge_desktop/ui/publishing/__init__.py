"""Keeping the page of a booking link in a folder of the web: where, how it stands there, and no longer."""
