#!/usr/bin/env python3
"""Beyond Alembic: the revisions that it cannot render offline, in gensql's default mode.

    python3 parity/beyond.py                                  each project's own databases
    python3 parity/beyond.py --project superset --dialect mysql --gensql target/debug/gensql

Alembic's offline mode fails where a migration asks the database. gensql answers from the
replayed schema. Each of these scripts (a revision in one direction, for a database that the
project supports, `native` in projects.toml) is asked for as it is, and where it is refused, for
a new database: `--fresh`, of which the rows are known that the revisions wrote.

The columns: `rendered` for any database, `fresh` for new ones only, `derived` where the downgrade raises and `--derive-downgrade`
makes one of the schema. The rest needs `rows` that are
not known in either, fails under Alembic with a database as well (`itself`: it raises, or states
what Alembic cannot write for that database at all), or is `refused`. Two shares are told: of all,
and of those that need nothing that no offline tool has. The second is held against
thresholds.toml; each refused script is listed with its diagnostic.

A project whose first revision alters tables that it makes by itself (`initial`) has them as
`--baseline`; own.toml has the settings of those that need something of the running application.
Exit status: 0 within the threshold, 1 below it, 2 for a usage or set-up failure.
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
from typing import NamedTuple

import environment
import own
import rendered
from compare import SECONDS, Result, arguments, is_chain
from online import INITIAL, python


class Given(NamedTuple):
    """What a user says of a project."""

    settings: Path
    #: `--dialect`, with the server's version where the project asks for it.
    dialect: str
    #: `--baseline` and its file, where tables are there before the first revision.
    baseline: list[str]
    #: Whether all revisions come out as one script for a new database.
    comes_out: bool = False


def ask(gensql: Path, versions: environment.Versions, record: dict, given: Given) -> Result:
    """gensql's answer in its default mode, or else for a new database."""
    result = answer(gensql, versions, record, given, arguments(record))
    if result.verdict != "refused":
        return result
    # A new database has come from nothing to where the revision begins.
    if record["direction"] == "downgrade":
        fresh = answer(gensql, versions, record, given, [*arguments(record), "--fresh"])
    elif given.comes_out:
        fresh = Result(versions, record)
        fresh.verdict = "rendered"
    else:
        fresh = answer(gensql, versions, record, given, ["upgrade", record["target"], "--fresh"])
    if fresh.verdict != "refused":
        fresh.verdict = "fresh" if fresh.verdict == "rendered" else fresh.verdict
        return fresh
    # Behind the rows may be what no database helps with.
    result = fresh if outcome(fresh) == "itself" else result
    if record["direction"] == "downgrade" and outcome(result) == "itself":
        derived = answer(gensql, versions, record, given, [*arguments(record), "--derive-downgrade"])
        if derived.verdict != "refused":
            derived.verdict = "derived" if derived.verdict == "rendered" else derived.verdict
            return derived
    return result


def answer(gensql: Path, versions: environment.Versions, record: dict, given: Given, wanted: list[str]) -> Result:
    """What gensql says to one command."""
    result = Result(versions, record)
    command = [str(gensql), "-c", str(given.settings), "--dialect", given.dialect, *wanted, *given.baseline]
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


def given(versions: environment.Versions, dialect: str, folder: Path) -> Given:
    """What a user says of the project."""
    known = next((project for project in own.projects() if project["name"] == versions.project), None)
    if known is None:
        return Given(versions.ini, dialect, tables_before(versions, dialect, folder))
    file = folder / f"{versions.project}-{versions.slug}.toml"
    file.write_text(own.settings(known, versions.ini), encoding="utf-8")
    baseline = known.get("baseline")
    tables = ["--baseline", str(environment.HERE / baseline.format(dialect=dialect))] if baseline else []
    version = known.get("versions", {}).get(dialect)
    return Given(file, f"{dialect}:{version}" if version else dialect, tables)


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
            said = given(versions, dialect, folder)
            mine = [record for record in records if not record["ok"] and not is_chain(record)]
            if mine:
                whole = answer(gensql, versions, mine[0], said, ["upgrade", "heads", "--fresh"])
                said = said._replace(comes_out=whole.verdict == "rendered")
            work += [(versions, record, said) for record in mine]
    with concurrent.futures.ThreadPoolExecutor(options.workers) as pool:
        results = list(pool.map(lambda job: ask(gensql, *job), work))
    return judge(results, folder)


#: What a refusal says that needs rows.
ROWS = r"E0208|\b(a row|rows|the number of rows)\b|the result of calling `\.(all|first|one|scalar|count)`"


#: What SQLAlchemy and Alembic raise while they write a statement, with a connection or without.
REFUSED_ANYWHERE = ("AssertionError", "CompileError", "NotImplementedError")


#: What a script is that comes out.
OUT = ("rendered", "fresh", "derived")


def counted(row: Counter) -> str:
    """The columns of scripts that come out."""
    return "".join(f"{row[name]:>10}" for name in OUT)


def outcome(result: Result) -> str:
    """rendered, fresh, derived, rows, itself, or refused (also crashed)."""
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
    header = "".join(f"{name:>10}" for name in ("scripts", *OUT, "%", "rows", "itself", "refused", "% of able"))
    lines = [f"{'not rendered by Alembic':<30} {'dialect':<11}{header}"]
    failures = []
    for (label, dialect), row in table.items():
        able = row.total() - row["rows"] - row["itself"]
        out = sum(row[name] for name in OUT)
        share = 100.0 * out / max(able, 1) if able else 100.0
        lines.append(f"{label:<30} {dialect:<11}{row.total():>10}{counted(row)}{100.0 * out / row.total():>10.1f}"
                     f"{row['rows']:>10}{row['itself']:>10}{able - out:>10}{share:>10.1f}")
        if share < wanted["share"]:
            failures.append(f"{label} {dialect}: {share:.1f} % of what can come out does, {wanted['share']} % are wanted")
    failures += [f"{result.name}: crashed" for result in results if result.verdict == "crashed"]
    counts = Counter(r.verdict for r in results)
    out = sum(counts[name] for name in OUT)
    lines.append(f"{'all':<30} {'':<11}{len(results):>10}{counted(counts)}{100.0 * out / max(len(results), 1):>10.1f}")
    refused = [f"- {outcome(r)}: {r.name}: {r.headline()}" for r in results if r.verdict not in OUT]
    text = ["# What Alembic cannot render offline", "", "```text", *lines, "```", "", "## Refused, with the reason", "", *refused]
    (folder / "beyond.md").write_text("\n".join(text) + "\n", encoding="utf-8")
    print("\n".join(lines))
    print(f"Report: {folder / 'beyond.md'}")
    for failure in failures:
        print(f"FAILED: {failure}")
    if not results:
        print("FAILED: nothing was asked")
    print(f"{out} passed, {len(failures)} failed", flush=True)
    return 1 if failures or not results else 0


if __name__ == "__main__":
    sys.exit(main())
