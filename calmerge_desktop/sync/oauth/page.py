"""The page the browser shows when a sign-in has ended, in the person's language; it loads nothing from anywhere."""

from __future__ import annotations

from html import escape

from calmerge_desktop.core.texts import language

_PAGE = """<!doctype html>
<html lang="{language}"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1">
<title>{title} – CalMerge</title><style>
:root {{ color-scheme: light dark; --ink: #1b1f26; --soft: #5b6472; --paper: #f6f7f9; --card: #fff; --line: #e3e6eb }}
@media (prefers-color-scheme: dark) {{
  :root {{ --ink: #eceff4; --soft: #a3adbb; --paper: #15181d; --card: #1d2127; --line: #2c323b }} }}
body {{ margin: 0; min-height: 100vh; display: grid; place-items: center; background: var(--paper); color: var(--ink);
  font: 16px/1.5 system-ui, sans-serif }}
main {{ margin: 24px; max-width: 26rem; padding: 32px 36px; background: var(--card); border: 1px solid var(--line);
  border-radius: 14px }}
h1 {{ margin: 0 0 8px; font-size: 1.25rem }} p {{ margin: 0; color: var(--soft) }}
</style></head><body><main><h1>{title}</h1><p>{text}</p></main></body></html>
"""


def finished_page(title: str, text: str) -> bytes:
    """A page with one heading and one sentence."""
    return _PAGE.format(language=language(), title=escape(title), text=escape(text)).encode()
