"""Import: `calmerge account add` and `calmerge sync` of a folder, into the stored calendar that can be searched.

The whole real way: folder provider, sync engine, `Store.apply` page by page, occurrences and full text written.
"""

from __future__ import annotations

import sys
from pathlib import Path

from calmerge_desktop import __version__

from benchmarks.ours.profile import fresh, synchronise
from benchmarks.peers.protocol import Job, once, report


def main() -> None:
    """See `peers.protocol`; a seventh argument names the folder of calendars: `calendars` or `vdir`."""
    job = Job.given()
    kind = sys.argv[7] if len(sys.argv) > 7 else "calendars"
    profile = fresh(job.out / "home", job.data / kind)
    profile.store.cache.calendars()  # loads SQLAlchemy, as khal has loaded its libraries before its clock starts
    seconds, added = once(lambda: synchronise(profile))
    searchable = len(profile.store.search("Standup", 5)) > 0
    profile.close()
    size = sum(path.stat().st_size for path in Path(job.out / "home").glob("cache.sqlite*"))
    name = "import" if kind == "calendars" else f"import_{kind}"
    report(__version__, {name: seconds}, resources=added, bytes=size, searchable=searchable)


if __name__ == "__main__":
    main()
