"""`demo`: the sample profile, as a window or as a picture."""

from __future__ import annotations

from pathlib import Path

import click

from calmerge_desktop.cli.agenda import parse_size
from calmerge_desktop.cli.face import Face, pass_face
from calmerge_desktop.cli.show import instance, lines
from calmerge_desktop.cli.speaking import command
from calmerge_desktop.core.texts import _


@command()
@click.option(
    "--png", type=click.Path(dir_okay=False, path_type=Path), help="Render to this file instead; no screen needed."
)
@click.option("--text", "as_text", is_flag=True, help="Print the sample week instead.")
@click.option(
    "--theme", type=click.Choice(["light", "dark"]), default="light", show_default=True, help="The colours of the picture."
)
@click.option("--size", default="1440x900", show_default=True, help="Width x height in pixels.")
@click.option("--lang", type=click.Choice(["de", "en"]), help="The language of the picture.")
@pass_face
def demo(face: Face, png: Path | None, as_text: bool, theme: str, size: str, lang: str | None) -> None:
    """A throw-away profile with a realistic sample week."""
    if as_text:
        found, names, tz = face.program.demo_week()
        face.emit({"instances": [instance(one, None, None, tz) for one in found]}, list(lines(found, names, tz)))
        return
    if png is None:
        raise click.exceptions.Exit(face.program.run_window(None, demo=True))
    face.program.demo_picture(png, size=parse_size(size), theme=theme, language=lang)
    face.emit({"png": str(png)}, [_("Written: {name}").format(name=png.name)])
