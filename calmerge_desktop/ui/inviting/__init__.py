"""Inviting the guests of one's own events: who gets what, before anything leaves."""
