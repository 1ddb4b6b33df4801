#!/usr/bin/env python3
"""Parity: gensql's scripts against those of real Alembic, over real projects.

    python3 parity/run.py                                  everything; what CI runs
    python3 parity/run.py --project airflow --dialect postgresql
    python3 parity/run.py --project mlflow --revision 451aebb --show

The environment and what Alembic rendered are kept in $GENSQL_PARITY_DIR
(default target/parity). Exit status: 0 within the thresholds, 1 below them,
2 for a usage or set-up failure.
"""

from __future__ import annotations

import argparse
import os
import subprocess
import sys
import time
import tomllib
from pathlib import Path

import environment
import rendered
import report
from compare import Result, compare, is_chain

DIALECTS = ["postgresql", "mysql", "mariadb", "sqlite", "mssql", "oracle"]


def parse() -> argparse.Namespace:
    """The options as typed."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--gensql", type=Path, default=environment.REPOSITORY / "target" / "release" / "gensql")
    parser.add_argument("--project", action="append", help="only this project (repeatable)")
    parser.add_argument("--dialect", action="append", choices=DIALECTS, help="only this dialect (repeatable); default: all six")
    parser.add_argument("--revision", help="only revisions that start so; `*` for the chains")
    parser.add_argument("--direction", choices=["upgrade", "downgrade"])
    parser.add_argument("--limit", type=int, help="at most so many scripts for each versions directory and dialect")
    parser.add_argument("--show", action="store_true", help="print the difference, or the diagnostic, of each failure")
    parser.add_argument("--oracle-only", action="store_true", help="build the environment and let Alembic render")
    parser.add_argument("--compare-only", action="store_true", help="fail rather than let Alembic render anything")
    parser.add_argument("--native-env", action="store_true", help="only count the projects whose own configuration gensql can read")
    parser.add_argument("--min", type=float, help="percent of single revisions, instead of thresholds.toml")
    parser.add_argument("--report", type=Path, help="the folder of the report; default: report/ in the cache")
    parser.add_argument("--workers", type=int, default=os.cpu_count() or 2)
    return parser.parse_args()


def main() -> int:
    """Prepare, render, compare, report."""
    options = parse()
    began = time.monotonic()
    dialects = options.dialect or DIALECTS
    found = environment.prepare(options.project)
    if not found:
        sys.exit("parity: no such project")
    if not options.compare_only and not options.native_env:
        rendered.render(found, dialects, options.workers)
    prepared = time.monotonic() - began
    if options.oracle_only:
        return oracle_summary(found, dialects)
    if not options.gensql.exists():
        print(f"parity: there is no {options.gensql}; build it with `cargo build --release`", file=sys.stderr)
        return 2
    options.gensql = options.gensql.absolute()
    if options.native_env:
        return native(options.gensql, found)

    work = []
    for versions in found:
        for dialect in dialects:
            records = rendered.load(versions, dialect)
            if records is None:
                sys.exit(f"parity: Alembic has not rendered {versions.label} for {dialect} yet")
            chosen = [r for r in records
                      if (options.revision is None or (is_chain(r) if options.revision == "*" else r["revision"].startswith(options.revision)))
                      and options.direction in (None, r["direction"])]
            work += [(versions, record) for record in chosen[: options.limit]]
    began = time.monotonic()
    results = compare(options.gensql, work, options.workers)
    explain(results)
    table = report.tally(results)
    folder = options.report or environment.cache_directory() / "report"
    report.write(results, table, options.gensql, folder)
    if options.show:
        show(results)
    print(report.summary(table))
    print(f"Set-up and Alembic {prepared:.0f} s, gensql {time.monotonic() - began:.0f} s. Report: {folder / 'report.md'}")
    return verdict(options, results, table)


def show(results: list[Result]) -> None:
    """The failures, in full."""
    for result in results:
        if result.verdict in ("different", "refused", "crashed"):
            print(f"==== {result.name}: {result.verdict}\n{result.diff() if result.text is not None else result.error}")


def explain(results: list[Result]) -> None:
    """Marks the differences that explained.toml allows."""
    with open(environment.HERE / "explained.toml", "rb") as file:
        allowed = tomllib.load(file).get("difference", [])
    for result in results:
        if result.verdict in ("different", "refused"):
            for entry in allowed:
                if all(entry.get(key) in (None, result.record[key]) for key in ("project", "versions", "revision", "direction", "dialect")):
                    result.verdict, result.cause = "explained", entry["cause"]
                    break


def verdict(options: argparse.Namespace, results: list[Result], table: dict) -> int:
    """Holds the result against the thresholds; the last line is for a test runner."""
    with open(environment.HERE / "thresholds.toml", "rb") as file:
        thresholds = tomllib.load(file)
    failures = []
    wanted = options.min if options.min is not None else thresholds["revisions"]
    revisions, chains = report.total(table, False), report.total(table, True)
    if report.share(revisions) < wanted:
        failures.append(f"{report.share(revisions):.2f} % of the revisions are identical, {wanted} % are wanted")
    if chains["identical"] + chains["explained"] < chains["alembic"] * thresholds["chains"] / 100:
        failures.append(f"{report.share(chains):.2f} % of the whole chains are identical, {thresholds['chains']} % are wanted")
    unexplained = sum(r.verdict in ("different", "refused", "crashed") for r in results)
    if thresholds["require_explanations"] and unexplained:
        failures.append(f"{unexplained} differences are not in explained.toml")
    for failure in failures:
        print(f"FAILED: {failure}")
    judged = [r for r in results if r.record["ok"] or r.verdict == "crashed"]
    failed = sum(r.verdict in ("different", "refused", "crashed") for r in judged)
    print(f"{len(judged) - failed} passed, {failed} failed", flush=True)
    return 1 if failures else 0


def oracle_summary(found: list[environment.Versions], dialects: list[str]) -> int:
    """What Alembic renders."""
    print(f"{'project':<30} {'dialect':<11}{'runs':>8}{'rendered':>10}{'import':>8}{'unstable':>10}{'stretches':>10}  chains up/down")
    for versions in found:
        for dialect in dialects:
            records = rendered.load(versions, dialect) or []
            single = [r for r in records if not is_chain(r)]
            chains = "/".join("yes" if r["ok"] else "no" for r in records if r["revision"] == "*")
            stretches = [r for r in records if is_chain(r) and r["revision"] != "*"]
            print(f"{versions.label:<30} {dialect:<11}{len(single):>8}{sum(r['ok'] for r in single):>10}"
                  f"{sum(bool(r.get('import')) for r in single):>8}{sum(bool(r.get('unstable')) for r in single):>10}{sum(r['ok'] for r in stretches):>10}  {chains}")
    return 0


def native(gensql: Path, found: list[environment.Versions]) -> int:
    """How many of the projects' own configurations gensql reads."""
    read = asked = 0
    for versions in {v.native_ini: v for v in found if v.native_ini}.values():
        asked += 1
        run = subprocess.run([str(gensql), "-c", str(versions.native_ini), "--dialect", "postgresql", "upgrade", "base:base"],
                             capture_output=True, text=True, timeout=60, cwd=versions.root)
        read += run.returncode == 0
        print(f"{versions.label:<30} {'configures' if run.returncode == 0 else 'refused'}")
        if run.returncode:
            print("    " + "\n    ".join(run.stderr.strip().splitlines()[:6]))
    without = sorted({v.project for v in found if not v.native_ini})
    print(f"{read} of {asked} configure; without an alembic.ini of their own: {', '.join(without) or 'none'}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
