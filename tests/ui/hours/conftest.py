"""The page of schedules on Lena's sample."""

from tests.ui.frame.conftest import loop, open_window, saved, window

__all__ = ["loop", "open_window", "saved", "window"]
