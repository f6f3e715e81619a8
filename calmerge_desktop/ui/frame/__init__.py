"""The frame around every view: sidebar, top bar, status line."""
