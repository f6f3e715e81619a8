"""The door: the command line; without arguments, the window."""

from __future__ import annotations

import sys


def main() -> None:
    """Run and exit with the code of the contract."""
    if sys.argv[1:] == ["--beside"]:  # `app.beside.ARGUMENT`; a frozen program has no other way to start itself
        from calmerge_desktop.app.beside import run as serve

        serve()
        return
    from calmerge_desktop.app.program import main as run

    sys.exit(run())


if __name__ == "__main__":
    main()
