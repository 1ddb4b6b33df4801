"""Runs oracle.py for what is not in the cache yet, and reads what it made."""

from __future__ import annotations

import concurrent.futures
import contextlib
import hashlib
import json
import os
import subprocess
import sys
import time
from pathlib import Path

import environment
import masking
import oracle

ORACLE = oracle.__file__
#: A whole run of oracle.py: one versions directory, one dialect.
RUN_SECONDS = 1800


def path(versions: environment.Versions, dialect: str) -> Path:
    """The cache file of one versions directory and dialect."""
    return environment.cache_directory() / "oracle" / versions.key / f"{dialect}.jsonl"


def _key(versions: environment.Versions) -> str:
    """Changes when anything that the records depend on does."""
    digest = hashlib.sha256(f"{environment.fingerprint()} {oracle.FORMAT} {environment.LAYOUT}".encode())
    if versions.own_env:
        # A project in this repository, which changes with it.
        for file in sorted(versions.root.rglob("*")):
            if file.is_file() and "__pycache__" not in file.parts:
                digest.update(file.read_bytes())
    return digest.hexdigest()[:16]


def load(versions: environment.Versions, dialect: str) -> list[dict] | None:
    """The records, or None where they are missing or of another environment."""
    file = path(versions, dialect)
    if not file.exists():
        return None
    lines = file.read_text(encoding="utf-8").splitlines()
    if not lines or json.loads(lines[0]).get("key") != _key(versions):
        return None
    records = [json.loads(line) for line in lines[1:]]
    unordered = _merges(versions) | _unordered_elsewhere(file)
    for record in records:
        # A stretch `a..b` varies as the revisions at its ends do.
        ends = record["revision"].split("..")
        if record["ok"] and any(end in unordered or (end, record["direction"]) in unordered for end in ends):
            record.setdefault("unstable", "order")
    return records


def _merges(versions: environment.Versions) -> set:
    """Revisions with several parents: Alembic walks a set of them, so which of
    the version table's rows is updated and which inserted varies."""
    found = set()
    for file in versions.directory.rglob("*.py"):
        with contextlib.suppress(SyntaxError):
            header = oracle.headers(str(file))
            if isinstance(header["down_revision"], (tuple, list)) and "revision" in header:
                found.add(header["revision"])
    return found


def _unordered_elsewhere(file: Path) -> set:
    """What varies in another dialect: two seeds may agree by chance in this one."""
    found = set()
    for other in file.parent.glob("*.jsonl"):
        for line in other.read_text(encoding="utf-8").splitlines():
            if '"unstable": "order"' in line:
                record = json.loads(line)
                found.add((record["revision"], record["direction"]))
    return found


def render(all_versions: list[environment.Versions], dialects: list[str], workers: int) -> None:
    """Make every missing cache file, `workers` at a time."""
    missing = [(v, d) for v in all_versions for d in dialects if load(v, d) is None]
    if not missing:
        return
    # The longest first, so that no worker is left with one when the others are done.
    missing.sort(key=lambda job: len(list(job[0].directory.glob("*.py"))), reverse=True)
    with concurrent.futures.ThreadPoolExecutor(workers) as pool:
        for versions, dialect, seconds in pool.map(lambda job: _one(*job), missing):
            print(f"parity: Alembic rendered {versions.label} for {dialect} in {seconds:.0f} s", file=sys.stderr, flush=True)


def _one(versions: environment.Versions, dialect: str) -> tuple[environment.Versions, str, float]:
    began = time.monotonic()
    first = _run(versions, dialect, seed=1, second=False)
    file = path(versions, dialect)
    only = file.with_suffix(f".only-{os.getpid()}")
    only.write_text(json.dumps([(r["revision"], r["direction"]) for r in first if r["ok"]]))
    second = {(r["revision"], r["direction"]): r for r in _run(versions, dialect, seed=2, second=True, extra=["--only", str(only)])}
    only.unlink()
    partial = file.with_suffix(f".partial-{os.getpid()}")
    with open(partial, "w", encoding="utf-8") as out:
        out.write(json.dumps({"key": _key(versions), "project": versions.project, "version": versions.project_version,
                              "versions": versions.slug, "dialect": dialect}) + "\n")
        for record in first:
            other = second.get((record["revision"], record["direction"]))
            if record["ok"] and other and other["ok"] and other["text"] != record["text"]:
                # Depends on the time, on random values or on the order of a set.
                record["unstable"] = "values" if masking.mask(other["text"]) == masking.mask(record["text"]) else "order"
                record["other"] = other["text"]
            out.write(json.dumps({"project": versions.project, "versions": versions.slug, "dialect": dialect, **record}) + "\n")
    partial.replace(file)
    return versions, dialect, time.monotonic() - began


def _run(versions: environment.Versions, dialect: str, seed: int, second: bool, extra: list[str] | None = None) -> list[dict]:
    cache = environment.cache_directory()
    out = path(versions, dialect).with_suffix(f".{seed}-{os.getpid()}")
    out.parent.mkdir(parents=True, exist_ok=True)
    command = [str(environment.python(cache)), str(ORACLE), "--ini", str(versions.ini), "--dialect", dialect, "--out", str(out)]
    if second:
        command.append("--second")
    if versions.own_env:
        command.append("--env")
    command += extra or []
    result = subprocess.run(command, env=quiet_environment(cache, seed), capture_output=True, text=True, timeout=RUN_SECONDS,
                            cwd=versions.root if versions.own_env else cache / "home", stdin=subprocess.DEVNULL)
    if result.returncode:
        sys.exit(f"parity: the oracle failed on {versions.label} for {dialect}:\n{result.stderr[-4000:]}")
    records = [json.loads(line) for line in out.read_text(encoding="utf-8").splitlines()]
    out.unlink()
    return records


def quiet_environment(cache: Path, seed: int) -> dict[str, str]:
    """A small environment in which the projects' code finds an empty home."""
    home = str(cache / "home")
    return {
        "PATH": os.environ.get("PATH", ""), "HOME": home, "LANG": "C.UTF-8", "TZ": "UTC", "PYTHONHASHSEED": str(seed),
        "PYTHONWARNINGS": "ignore", "OMP_NUM_THREADS": "1",
        "AIRFLOW_HOME": f"{home}/airflow", "AIRFLOW__CORE__UNIT_TEST_MODE": "False", "PREFECT_HOME": f"{home}/prefect",
        "ZENML_CONFIG_PATH": f"{home}/zenml", "ZENML_ANALYTICS_OPT_IN": "false", "DAGSTER_HOME": home,
        "SUPERSET_SECRET_KEY": "parity", "DO_NOT_TRACK": "1",
    }
