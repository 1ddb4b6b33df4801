"""Asks gensql for each script that Alembic was asked for, and compares the bytes."""

from __future__ import annotations

import concurrent.futures
import dataclasses
import difflib
import os
import re
import subprocess
from pathlib import Path

import environment
import masking

#: gensql answers in milliseconds; this is for a hang.
SECONDS = 60


def is_chain(record: dict) -> bool:
    """Whether a record covers several revisions."""
    return record["revision"] == "*" or ".." in record["revision"]


@dataclasses.dataclass
class Result:
    """One script: what Alembic made of it, and gensql."""

    versions: environment.Versions
    record: dict
    verdict: str = ""  # identical, different, refused, crashed, extra, neither
    text: str | None = None
    error: str = ""
    cause: str = ""

    @property
    def chain(self) -> bool:
        """Several revisions: a whole chain, or a stretch of one."""
        return is_chain(self.record)

    @property
    def name(self) -> str:
        """Names the run in reports and files."""
        r = self.record
        return f"{self.versions.label} {'whole chain' if r['revision'] == '*' else r['revision']} {r['direction']} {r['dialect']}"

    def headline(self) -> str:
        """The first error of the diagnostic and where it is, as gensql says it."""
        lines = [line.strip() for line in self.error.splitlines() if line.strip()]
        at = next((i for i, line in enumerate(lines) if re.match(r"error\b", line)), 0)
        place = next((os.path.basename(line) for line in lines[at:] if line.startswith("-->")), "")
        return f"{lines[at][:300]} {place}".strip() if lines else ""

    def diff(self) -> str:
        """Alembic's text against gensql's."""
        return "".join(difflib.unified_diff(
            self.record.get("text", "").splitlines(True), (self.text or "").splitlines(True), "alembic", "gensql", n=4))


def arguments(record: dict) -> list[str]:
    """gensql's arguments for one record."""
    wanted = f"{record['start']}:{record['target']}" if record["start"] else record["target"]
    return [record["direction"], wanted]


def command(gensql: Path, versions: environment.Versions, record: dict) -> list[str]:
    """The whole command line."""
    return [str(gensql), "-c", str(versions.ini), "--dialect", record["dialect"], "--compat", "alembic", *arguments(record)]


def compare(gensql: Path, work: list[tuple[environment.Versions, dict]], workers: int) -> list[Result]:
    """Every record of `work`, `workers` at a time."""
    with concurrent.futures.ThreadPoolExecutor(workers) as pool:
        return list(pool.map(lambda job: _one(gensql, *job), work))


def _one(gensql: Path, versions: environment.Versions, record: dict) -> Result:
    result = Result(versions, record)
    try:
        run = subprocess.run(command(gensql, versions, record), capture_output=True, timeout=SECONDS,
                             stdin=subprocess.DEVNULL, cwd=versions.root)
    except subprocess.TimeoutExpired:
        result.verdict, result.error, result.cause = "crashed", f"no end after {SECONDS} s", "gensql hangs"
        return result
    stderr = run.stderr.decode(errors="replace")
    if run.returncode == 0:
        result.text = run.stdout.decode(errors="replace")
        if not record["ok"]:
            result.verdict = "extra"
        elif masking.agrees(record, result.text):
            result.verdict = "identical"
        else:
            result.verdict, result.cause = "different", _difference(record["text"], result.text)
    elif run.returncode in (1, 2):
        result.error = stderr
        result.verdict = "refused" if record["ok"] else "neither"
        result.cause = _diagnostic(stderr)
    else:
        result.verdict, result.error, result.cause = "crashed", stderr, f"exit {run.returncode}: " + _normal(stderr.strip().splitlines()[:1])
    return result


def _diagnostic(stderr: str) -> str:
    """The code and the message of the first error, without what names one project."""
    for line in stderr.splitlines():
        if re.match(r"\s*(error|FAILED)\b", line):
            return _normal([line])
    return _normal(stderr.strip().splitlines()[:1]) or "no diagnostic"


def _difference(expected: str, got: str) -> str:
    """The first differing line of each side."""
    left, right = expected.splitlines(), got.splitlines()
    for index in range(max(len(left), len(right))):
        a = left[index] if index < len(left) else "<end>"
        b = right[index] if index < len(right) else "<end>"
        if a != b:
            shapes = _shape(a), _shape(b)
            if shapes[0] == shapes[1]:
                shapes = a.strip()[:120], b.strip()[:120]
            return f"alembic `{shapes[0]}` gensql `{shapes[1]}`"
    return "line ends"


def _normal(lines: list[str]) -> str:
    text = " ".join(lines).strip()
    text = re.sub(r"'[^']*'", "'…'", text)
    text = re.sub(r'"[^"]*"', '"…"', text)
    text = re.sub(r"`[^`]*`", "`…`", text)
    text = re.sub(r"\brevision \S+:", "revision …:", text)
    text = re.sub(r"(/\S+)?/\S+:?", "…", text)
    return re.sub(r"\b\d+\b", "N", text)[:220]


def _shape(line: str) -> str:
    """A line of SQL without its names: what Alembic writes in capitals stays."""
    return re.sub(r"\b\w*[a-z_]\w*\b", "x", _normal([line]))
