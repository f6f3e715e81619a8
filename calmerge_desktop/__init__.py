"""CalMerge Desktop: all calendars of one person in one week, on their own machine."""

__version__ = "0.1.0"
