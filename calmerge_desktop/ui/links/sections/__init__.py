"""The folded parts of the link form, one a module; `SECTIONS` is their order."""
