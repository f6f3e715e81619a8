"""The log file: opened by its first record, closed for good."""

from __future__ import annotations

import logging
from pathlib import Path

from calmerge_desktop.app import logs


def test_nothing_is_opened_before_the_first_record(tmp_path: Path) -> None:
    logs.start(tmp_path)
    assert not (tmp_path / "calmerge.log").exists()
    logging.getLogger(f"{logs.ROOT}.sync").info("3 events")
    logs.stop()
    assert "3 events" in (tmp_path / "calmerge.log").read_text()


def test_a_thread_that_comes_late_does_not_open_the_file_again(tmp_path: Path) -> None:
    """It found the handler before the log was stopped and hands its record over after that."""
    logs.start(tmp_path)
    logger = logging.getLogger(f"{logs.ROOT}.sync")
    logger.info("in time")
    [handler] = [one for one in logging.getLogger(logs.ROOT).handlers if not isinstance(one, logging.NullHandler)]
    logs.stop()
    (tmp_path / "calmerge.log").unlink()
    handler.handle(logger.makeRecord(logger.name, logging.INFO, __file__, 1, "late", (), None))
    assert not (tmp_path / "calmerge.log").exists()
