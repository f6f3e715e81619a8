"""iTIP (RFC 5546) as pure functions: reading a message, deciding what it means for what we hold, writing one.

Transport is none of this room's business: a message is an iCalendar text with a METHOD, wherever it came from.
"""
