"""When the person can be booked: schedules, booking links, slots, and why a time is not offered. Pure: no clock, no disk."""
