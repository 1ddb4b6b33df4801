#!/usr/bin/env python3
"""Beyond Alembic: the revisions that it cannot render offline, in gensql's default mode.

    python3 parity/beyond.py                                  each project's own databases
    python3 parity/beyond.py --project superset --dialect mysql --gensql target/debug/gensql

Alembic's offline mode fails where a migration asks the database. gensql answers from the
replayed schema. Of these scripts (a revision in one direction, for a database that the
project supports, `native` in projects.toml) two shares are told: of all, and of those that do
not need what no offline tool has. The others need rows that they read (`rows`), or fail under
Alembic with a database as well (`itself`): they raise, or state what Alembic cannot write for
that database at all. The second share is held against thresholds.toml; each refused script is
listed with its diagnostic. A project whose first revision alters tables that it makes by itself
(`initial`) has them as `--baseline`. Exit status: 0 within the threshold, 1 below it, 2 for a
usage or set-up failure.
"""

from __future__ import annotations

import argparse
import concurrent.futures
import os
import re
import subprocess
import sys
import tomllib
from collections import Counter
from pathlib import Path

import environment
import rendered
from compare import SECONDS, Result, arguments, is_chain
from online import INITIAL, python


def ask(gensql: Path, versions: environment.Versions, record: dict, first: list[str]) -> Result:
    """gensql's answer in its default mode, with the tables that are there first."""
    result = Result(versions, record)
    command = [str(gensql), "-c", str(versions.ini), "--dialect", record["dialect"], *arguments(record)]
    command += first if record["direction"] == "upgrade" else []
    try:
        run = subprocess.run(command, capture_output=True, timeout=SECONDS, stdin=subprocess.DEVNULL, cwd=versions.root)
    except subprocess.TimeoutExpired:
        result.verdict, result.error = "crashed", f"error: no end after {SECONDS} s"
        return result
    result.error = run.stderr.decode(errors="replace")
    result.verdict = {0: "rendered", 1: "refused", 2: "refused"}.get(run.returncode, "crashed")
    return result


def native(versions: environment.Versions) -> list[str]:
    """The databases that the project's revisions in this directory are for."""
    entry = next((p for p in environment.projects() if p["name"] == versions.project), {})
    found = entry.get("native", [])
    return found.get(versions.slug, []) if isinstance(found, dict) else found


def tables_before(versions: environment.Versions, dialect: str, folder: Path) -> list[str]:
    """`--baseline` with the tables that the project makes before its first revision, if it makes any."""
    if not versions.initial:
        return []
    file = folder / f"{versions.project}-{versions.slug}-{dialect}-baseline.sql"
    if error := python(versions, INITIAL, f"{dialect}://", versions.initial, str(file)):
        sys.exit(f"beyond: the first tables of {versions.label}: {error}")
    return ["--baseline", str(file)]


def main() -> int:
    """Ask, count, list, judge."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--gensql", type=Path, default=environment.REPOSITORY / "target" / "release" / "gensql")
    parser.add_argument("--project", action="append")
    parser.add_argument("--dialect", action="append")
    parser.add_argument("--report", type=Path, help="the folder of the report; default: report/ in the cache")
    parser.add_argument("--workers", type=int, default=os.cpu_count() or 2)
    options = parser.parse_args()
    gensql = options.gensql.absolute()
    if not gensql.exists():
        print(f"beyond: there is no {gensql}; build it with `cargo build --release`", file=sys.stderr)
        return 2
    folder = options.report or environment.cache_directory() / "report"
    folder.mkdir(parents=True, exist_ok=True)
    work = []
    for versions in environment.prepare(options.project):
        for dialect in native(versions):
            if options.dialect and dialect not in options.dialect:
                continue
            records = rendered.load(versions, dialect)
            if records is None:
                print(f"beyond: Alembic has not rendered {versions.label} for {dialect} yet; run parity/run.py", file=sys.stderr)
                return 2
            first = tables_before(versions, dialect, folder)
            work += [(versions, r, first) for r in records if not r["ok"] and not is_chain(r)]
    with concurrent.futures.ThreadPoolExecutor(options.workers) as pool:
        results = list(pool.map(lambda job: ask(gensql, *job), work))
    return judge(results, folder)


#: What a refusal says that needs rows.
ROWS = r"E0208|\b(a row|rows|the number of rows)\b|the result of calling `\.(all|first|one|scalar|count)`"


#: What SQLAlchemy and Alembic raise while they write a statement, with a connection or without.
REFUSED_ANYWHERE = ("AssertionError", "CompileError", "NotImplementedError")


def outcome(result: Result) -> str:
    """rendered, rows, itself, or refused (also crashed)."""
    if result.verdict != "refused":
        return result.verdict
    raised = re.search(r"\(\) raises (\w+)", result.headline())
    if raised and (raised[1] == "NotImplementedError" or raised[1] == result.record.get("error") != "NoInspectionAvailable"):
        return "itself"
    # Alembic compiles the same statement for a connection.
    if result.record.get("error") in REFUSED_ANYWHERE and re.search(r"E060[15]", result.headline()):
        return "itself"
    return "rows" if re.search(ROWS, result.headline()) else "refused"


def judge(results: list[Result], folder: Path) -> int:
    """The table, the list of what is refused, and the verdict."""
    with open(environment.HERE / "thresholds.toml", "rb") as file:
        wanted = tomllib.load(file)["beyond"]
    table: dict[tuple[str, str], Counter] = {}
    for result in results:
        row = table.setdefault((result.versions.label, result.record["dialect"]), Counter())
        row[outcome(result)] += 1
    header = "".join(f"{name:>10}" for name in ("scripts", "rendered", "%", "rows", "itself", "refused", "% of able"))
    lines = [f"{'not rendered by Alembic':<30} {'dialect':<11}{header}"]
    failures, below = [], []
    for (label, dialect), row in table.items():
        able = row.total() - row["rows"] - row["itself"]
        share = 100.0 * row["rendered"] / max(able, 1) if able else 100.0
        lines.append(f"{label:<30} {dialect:<11}{row.total():>10}{row['rendered']:>10}{100.0 * row['rendered'] / row.total():>10.1f}"
                     f"{row['rows']:>10}{row['itself']:>10}{able - row['rendered']:>10}{share:>10.1f}")
        least = wanted["exceptions"].get(f"{label} {dialect}", {"share": wanted["share"]})["share"]
        if share < least:
            failures.append(f"{label} {dialect}: {share:.1f} % of what needs no rows comes out, {least} % are wanted")
        elif share < wanted["share"]:
            below.append(f"{label} {dialect}: {share:.1f} %: {wanted['exceptions'][f'{label} {dialect}']['reason']}")
    failures += [f"{result.name}: crashed" for result in results if result.verdict == "crashed"]
    rendered_count = sum(r.verdict == "rendered" for r in results)
    lines.append(f"{'all':<30} {'':<11}{len(results):>10}{rendered_count:>10}{100.0 * rendered_count / max(len(results), 1):>10.1f}")
    refused = [f"- {outcome(r)}: {r.name}: {r.headline()}" for r in results if r.verdict != "rendered"]
    text = ["# What Alembic cannot render offline", "", "```text", *lines, "```", "", "## Refused, with the reason", "", *refused]
    (folder / "beyond.md").write_text("\n".join(text) + "\n", encoding="utf-8")
    print("\n".join(lines))
    print(f"Report: {folder / 'beyond.md'}")
    for known in below:
        print(f"below {wanted['share']} %: {known}")
    for failure in failures:
        print(f"FAILED: {failure}")
    if not results:
        print("FAILED: nothing was asked")
    print(f"{rendered_count} passed, {len(failures)} failed", flush=True)
    return 1 if failures or not results else 0


if __name__ == "__main__":
    sys.exit(main())
