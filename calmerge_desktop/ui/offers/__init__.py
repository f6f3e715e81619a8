"""Offers the person made by mail: what became of each, and what is done about it."""
