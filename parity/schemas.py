#!/usr/bin/env python3
"""`gensql schema` and `gensql verify --round-trip` on the examples and projects.

    python3 parity/schemas.py                                all projects, SQLite, PostgreSQL and MariaDB
    python3 parity/schemas.py --engine sqlite --project NAME
    python3 parity/schemas.py --round-trip-only              only the revisions that do not restore the schema
    python3 parity/schemas.py --round-trip-only --table parity/round-trips.md   and the table of them

Into one database goes the whole chain, into another the schema at the heads as one script: the
dumps must be the same. So the schema that gensql replays is what a server reports. A chain that gensql
refuses, or that does not apply, counts as *not online* only where real Alembic cannot migrate an empty
database either; both reasons are printed. Then each revision is taken up and down again, offline; those that do not restore the schema are listed.
"""

from __future__ import annotations

import argparse
import ast
import difflib
import json
import os
import re
import subprocess
import sys
from collections import Counter
from pathlib import Path

import environment
from online import ENGINES, INITIAL, _line, explained, first_tables, plain_examples, python, script, without_gensql
from oracle import headers
from servers import Unavailable


#: Names a database's drivers without a database.
URLS = {"sqlite": "sqlite://", "postgresql": "postgresql+psycopg2://", "mariadb": "mariadb+pymysql://"}

TABLE = [
    "# Revisions whose downgrade does not restore the schema",
    "",
    "Written by `python3 parity/schemas.py --round-trip-only --table parity/round-trips.md`. Each line is what would",
    "still have to be done after `upgrade` and `downgrade` of the revision to have the schema as it was before, as",
    "`gensql verify --round-trip` lists it: what the downgrade leaves out, or does otherwise than it was. Where the",
    "downgrade has no code at all, the line says so. Of a project that is not replayed, the line says where and why.",
]


def check(versions: environment.Versions, server, dialect: str, gensql: Path, output: Path) -> tuple[str, str]:
    """(verdict, detail): same, different, failed, not online (by Alembic)."""
    name = f"{versions.project}-{versions.slug}-{dialect}"
    databases = [server.create("chain"), server.create("schema")]
    baseline, error = first_tables(versions, databases[:1], output / f"{name}-baseline.sql")
    if error:
        return "not online", f"its first tables: {error}"
    chain, error = script(gensql, versions, dialect, "upgrade", "heads", "--fresh", *baseline)
    problem = f"gensql: {_line(error)}" if error else ""
    if not error and (error := server.apply("chain", chain)):
        problem = f"the chain: {_line(error)}"
    if problem:
        return without_gensql(versions, server, output, problem)
    whole, error = script(gensql, versions, dialect, "schema", "heads", "--stamp", *baseline)
    if error:
        return "failed", f"gensql schema: {_line(error)}"
    (output / f"{name}.sql").write_text(whole, encoding="utf-8")
    if error := server.apply("schema", whole):
        return "failed", f"the schema does not apply: {_line(error)}"
    left, right = (_plain(server.schema(database)) for database in ("chain", "schema"))
    if left == right:
        return "same", f"{left.count(chr(10))} lines"
    diff = "".join(difflib.unified_diff(left.splitlines(True), right.splitlines(True), "chain", "schema", n=3))
    (output / f"{name}.diff").write_text(diff, encoding="utf-8")
    if cause := explained(versions, dialect, diff):
        return "same", f"({cause})"
    first = next(line for line in diff.splitlines()[2:] if line[:1] in "+-")
    return "different", first.rstrip()[:160]


def _plain(schema: str) -> str:
    """SQLite keeps the text of indexes as it was written: spaces and letters make no difference there."""
    lines = schema.splitlines(True)
    return "".join(re.sub(r"\s*([(),])\s*", r"\1", line).lower() if line.startswith("index ") else line for line in lines)


def without_downgrade(versions: environment.Versions) -> set[str]:
    """The revisions whose downgrade() has no code."""
    found = set()
    for file in versions.directory.rglob("*.py"):
        header = headers(str(file))
        for node in ast.parse(file.read_text(encoding="utf-8")).body if "revision" in header else []:
            if isinstance(node, ast.FunctionDef) and node.name == "downgrade":
                text = [part for part in node.body if isinstance(part, ast.Expr) and isinstance(part.value, ast.Constant)]
                if all(isinstance(part, ast.Pass) for part in node.body if part not in text):
                    found.add(header["revision"])
    return found


def round_trip(versions: environment.Versions, dialect: str, gensql: Path, output: Path) -> tuple[Counter, list[str], str]:
    """How many revisions end how, the lines about those that do not restore the schema, and an error."""
    baseline: list[str] = []
    if versions.initial:
        file = output / f"{versions.project}-{versions.slug}-{dialect}-baseline.sql"
        if error := python(versions, INITIAL, URLS[dialect], versions.initial, str(file)):
            return Counter(), [], f"its first tables: {error}"
        baseline = ["--baseline", str(file)]
    command = [str(gensql), "-c", str(versions.ini), "--dialect", dialect, "verify", "--round-trip", "--json", "-q", *baseline]
    run = subprocess.run(command, capture_output=True, text=True, timeout=120, cwd=versions.root, stdin=subprocess.DEVNULL)
    if not run.stdout.strip():
        return Counter(), [], _line(run.stderr.strip() or f"exit {run.returncode}")
    counts: Counter = Counter()
    lines = []
    idle = without_downgrade(versions)
    for part in json.loads(run.stdout):
        for found in part["revisions"]:
            counts[found["outcome"]] += 1
            if found["outcome"] not in ("restored", "unproven"):
                why = "its downgrade does nothing; " * (found["revision"] in idle) + "; ".join(found["details"])
                lines.append(f"    {found['revision']} {found['outcome']}: {why[:600]}")
    return counts, lines, ""


def main() -> int:
    """Every project on every engine."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--gensql", type=Path, default=environment.REPOSITORY / "target" / "release" / "gensql")
    parser.add_argument("--project", action="append")
    parser.add_argument("--engine", action="append", choices=list(ENGINES))
    parser.add_argument("--round-trip-only", action="store_true", help="without servers")
    parser.add_argument("--table", type=Path, help="the table of revisions that do not restore the schema, as Markdown")
    options = parser.parse_args()
    table = list(TABLE)
    gensql = options.gensql.absolute()
    if not gensql.exists():
        print(f"schemas: there is no {gensql}; build it with `cargo build --release`", file=sys.stderr)
        return 2
    found = environment.prepare(options.project)
    environment.drivers()
    found += [versions for versions in plain_examples() if not options.project or versions.project in options.project]
    output = environment.cache_directory() / "schemas"
    output.mkdir(parents=True, exist_ok=True)
    totals = {"passed": 0, "failed": 0, "skipped": 0}
    required = os.environ.get("GENSQL_REQUIRE_SERVERS", "") not in ("", "0")
    for dialect, engine in ENGINES.items():
        if options.engine and dialect not in options.engine:
            continue
        mine = [v for v in found if not v.slug.startswith("database-") or v.slug.endswith(dialect)]
        if not options.round_trip_only:
            try:
                with engine() as server:
                    for versions in mine:
                        verdict, detail = check(versions, server, dialect, gensql, output)
                        print(f"{dialect:<11} {versions.label:<30} {verdict:<10} {detail}", flush=True)
                        totals[{"same": "passed", "not online": "skipped"}.get(verdict, "failed")] += 1
            except Unavailable as error:
                print(f"{dialect}: {error}")
                totals["failed" if required else "skipped"] += 1
        for versions in mine:
            counts, lines, error = round_trip(versions, dialect, gensql, output)
            shown = ", ".join(f"{number} {word}" for word, number in sorted(counts.items())) or f"not replayed: {error}"
            print(f"{dialect:<11} {versions.label:<30} round trip {shown}", flush=True)
            for line in lines:
                print(line)
            if not versions.own_env:
                table += [f"\n## {versions.label} on {dialect}\n\n{shown[:300]}"] + ([""] if lines else [])
                table += [f"- `{line.split()[0]}` {line.split(maxsplit=1)[1]}" for line in lines]
            if versions.own_env and lines:
                totals["failed"] += 1
    if options.table:
        options.table.write_text("\n".join(table) + "\n", encoding="utf-8")
    print(f"{totals['passed']} passed, {totals['failed']} failed, {totals['skipped']} skipped", flush=True)
    return 1 if totals["failed"] else 0


if __name__ == "__main__":
    sys.exit(main())
