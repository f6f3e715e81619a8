"""What a run found: each fault once, with the shortest input that shows it, as a file."""

from __future__ import annotations

import traceback
from dataclasses import dataclass, field
from pathlib import Path


def where(error: BaseException) -> str:
    """A name for the fault: its kind and the last line of the product, else of the target, that it went through."""
    frames = traceback.extract_tb(error.__traceback__)
    ours = [one for one in frames if "calmerge_desktop" in one.filename] or [one for one in frames if "fuzz" in one.filename]
    last = ours[-1] if ours else frames[-1]
    return f"{type(error).__name__}-{Path(last.filename).stem}-{last.lineno}"


@dataclass
class Findings:
    """Written under `folder` at once: a run that is ended loses nothing."""

    folder: Path
    lengths: dict[str, int] = field(default_factory=dict)

    def note(self, error: BaseException, value: object) -> None:
        """A fault and the input that showed it."""
        data = value.encode("utf-8", "surrogatepass") if isinstance(value, str) else value
        assert isinstance(data, bytes)
        name = where(error)
        if self.lengths.get(name, len(data) + 1) <= len(data):
            return
        self.lengths[name] = len(data)
        self.folder.mkdir(parents=True, exist_ok=True)
        (self.folder / f"{name}.input").write_bytes(data)
        (self.folder / f"{name}.txt").write_text("".join(traceback.format_exception(error)), "utf-8")
