"""Booking links: what guests may book, edited beside the week that shows it."""
