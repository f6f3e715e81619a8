"""Rounds: every engine once a round, each in a fresh process, the order turned by one each time."""

from __future__ import annotations

import json
import os
import statistics
import subprocess
import time
from collections import Counter
from collections.abc import Sequence
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any, NamedTuple

from benchmarks.check import Verdict, busy_truth, compare, read
from benchmarks.engines import SIXTY, WEEK, YEAR, Engine, Place
from benchmarks.peers.protocol import Found
from benchmarks.places import ROOT, cache, npm


@dataclass(slots=True)
class Result:
    """One job at one size, as it is kept between runs."""

    job: str
    size: str
    date: str
    load: float
    """Load average when it began: a busy machine blurs the figures."""
    labels: dict[str, str] = field(default_factory=dict)
    versions: dict[str, str] = field(default_factory=dict)
    skipped: dict[str, str] = field(default_factory=dict)
    rounds: list[dict[str, dict[str, float]]] = field(default_factory=list)
    """Per round, per engine: seconds by metric."""
    memory: dict[str, int] = field(default_factory=dict)
    """Peak of the process in KiB."""
    more: dict[str, dict[str, Any]] = field(default_factory=dict)
    verdicts: dict[str, dict[str, Verdict]] = field(default_factory=dict)

    def save(self, folder: Path) -> None:
        """Keep it for the report."""
        folder.mkdir(parents=True, exist_ok=True)
        (folder / f"{self.job}-{self.size}.json").write_text(json.dumps(asdict(self), indent=1), encoding="utf-8")

    @classmethod
    def load_from(cls, path: Path) -> Result:
        """One that was kept."""
        found = cls(**json.loads(path.read_text(encoding="utf-8")))
        found.verdicts = {
            engine: {span: Verdict(*values) for span, values in spans.items()} for engine, spans in found.verdicts.items()
        }
        return found

    def seconds(self, engine: str, metric: str) -> list[float]:
        """By round; empty when it was not measured."""
        return [each[engine][metric] for each in self.rounds if metric in each.get(engine, {})]

    def ratio(self, over: tuple[str, str], under: tuple[str, str]) -> Ratio | None:
        """(engine, metric) over (engine, metric), round by round."""
        pairs = [
            each[over[0]][over[1]] / each[under[0]][under[1]]
            for each in self.rounds
            if over[1] in each.get(over[0], {}) and under[1] in each.get(under[0], {})
        ]
        return Ratio(statistics.median(pairs), min(pairs), max(pairs), len(pairs)) if pairs else None


class Ratio(NamedTuple):
    """The median of per-round ratios with its range."""

    median: float
    low: float
    high: float
    rounds: int

    @property
    def words(self) -> str:
        """As the report prints it."""
        return f"{_short(self.median)}x ({_short(self.low)}–{_short(self.high)})"


def _short(number: float) -> str:
    if number >= 100:
        return f"{number:,.0f}"
    return f"{number:.1f}" if number >= 10 else f"{number:.2f}"


def run(
    job: str, engines: Sequence[Engine], place: Place, *, rounds: int, slow: bool, patience: float, today: str
) -> Result:
    """All rounds of one job at one size."""
    result = Result(job, place.size, today, os.getloadavg()[0] if hasattr(os, "getloadavg") else -1.0)
    ready = []
    for engine in engines:
        result.labels[engine.key] = engine.label
        why = engine.missing()
        if why is None and engine.small and place.size == "100k" and not slow:
            why = "minutes a round at this size: measured at 10k (--slow runs it)"
        if why is None:
            ready.append(engine)
        else:
            result.skipped[engine.key] = why
    for number in range(rounds):
        turned = ready[number % len(ready) :] + ready[: number % len(ready)]
        seconds: dict[str, dict[str, float]] = {}
        for engine in turned:
            if engine.key in result.skipped:
                continue
            answer = _once(engine, place, patience)
            if isinstance(answer, str):
                result.skipped[engine.key] = answer
                continue
            seconds[engine.key] = answer.pop("seconds")
            result.memory[engine.key] = max(result.memory.get(engine.key, 0), answer.pop("rss_kb"))
            result.versions[engine.key] = answer.pop("version")
            result.more[engine.key] = answer
        result.rounds.append(seconds)
        print(f"  {job} {place.size}: round {number + 1} of {rounds}", flush=True)
    result.verdicts = _verdicts(job, ready, place)
    return result


def _once(engine: Engine, place: Place, patience: float) -> dict[str, Any] | str:
    """One fresh process; its answer, or why there is none."""
    command = engine.command(place)
    folder = _out(engine, place)
    folder.mkdir(parents=True, exist_ok=True)
    environment = os.environ | {
        "TZ": "UTC",
        "QT_QPA_PLATFORM": "offscreen",
        "CALMERGE_BENCH_NPM": str(npm()),
        "NODE_OPTIONS": "--max-old-space-size=8192",
        "PYTHONHASHSEED": "0",
        "PYTHONPYCACHEPREFIX": str(cache() / "bytecode"),  # as an installed program has it, for all alike
    }
    environment.pop("PYTHONDONTWRITEBYTECODE", None)
    begin = time.perf_counter()
    with subprocess.Popen(
        command, cwd=ROOT, env=environment, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
    ) as process:
        if engine.painted:
            assert process.stdout is not None
            line = process.stdout.readline().strip()
            taken = time.perf_counter() - begin
            peak = process.stdout.readline().strip()
            seconds = {"start": taken}
            more: dict[str, Any] = {}
            if process.stdout.readline().strip() == "ready":
                seconds["ready"] = time.perf_counter() - begin
                more["rss_ready_kb"] = int(process.stdout.readline().strip() or 0)
            process.wait(patience)
            if line != "painted":
                return "did not paint"
            return {"seconds": seconds, "rss_kb": int(peak or 0), "version": "", **more}
        try:
            out, errors = process.communicate(timeout=patience)
        except subprocess.TimeoutExpired:
            process.kill()
            return f"not done after {patience:.0f} s"
    if process.returncode or not out.strip():
        last = errors.strip().splitlines()[-1:] or ["no answer"]
        print(f"  {engine.label}: {last[0]}")
        return "failed here: " + last[0][:120].replace("|", "/")
    answer: dict[str, Any] = json.loads(out.strip().splitlines()[-1])
    return answer


def _out(engine: Engine, place: Place) -> Path:
    """Where the driver writes: its second argument, for those that have one."""
    command = engine.command(place)
    named = [Path(each) for each in command if each.startswith(str(place.out))]
    return named[0] if named else place.out / engine.key


def _verdicts(job: str, ready: Sequence[Engine], place: Place) -> dict[str, dict[str, Verdict]]:
    """What each engine found against the truth; only jobs that find something have one."""
    if job == "free":
        truth = busy_truth(place.data, SIXTY)
        paths = {engine.key: _out(engine, place) / "busy.tsv" for engine in ready}
        return {key: {"sixty": compare(truth, read(path), SIXTY)} for key, path in paths.items() if path.exists()}
    if job not in ("read", "rules"):
        return {}
    truth = read(place.data / "truth.tsv") if job == "read" else _rules_truth(place.data / "rules_truth.tsv")
    out: dict[str, dict[str, Verdict]] = {}
    for engine in ready:
        for name, span in (("week", WEEK), ("year", YEAR)):
            path = _out(engine, place) / f"{name}.tsv"
            if path.exists() and engine.key != "sqlite":
                out.setdefault(engine.key, {})[name] = compare(truth, read(path), span)
    return out


def _rules_truth(path: Path) -> Counter[Found]:
    with path.open(encoding="ascii") as file:
        pairs = (line.split() for line in file)
        return Counter((uid, int(start), int(start) + 1) for uid, start in pairs)
