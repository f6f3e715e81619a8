"""The calendar read as a guest would: what is offered shaded in the week, and why a gap is closed. Made when switched on."""
