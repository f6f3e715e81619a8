"""The calendars everything is measured on, and the list of what they hold: made here, by plain day stepping."""
