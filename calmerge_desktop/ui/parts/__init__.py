"""The small things every surface is made of: buttons, sheets, popovers, notes."""
