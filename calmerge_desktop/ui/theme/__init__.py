"""The look: tokens, type, style. Nothing outside names a colour or a pixel size by value."""
