"""Mails people read: what they say, in German and English, as plain text and as HTML. Words only: nothing is sent here."""
