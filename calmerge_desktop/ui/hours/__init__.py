"""Schedules: named weekly hours, typed left and painted right over a faint week of real events."""
