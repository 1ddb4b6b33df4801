#!/usr/bin/env python3
"""Guarded and idempotent scripts of real projects, on real engines.

    python3 parity/guards.py                                     three projects, SQLite, PostgreSQL and MariaDB
    python3 parity/guards.py --engine sqlite --project optuna

For each: from the right start; from a wrong one (refused, and the database is as it was); applied
twice; cut off half-way and applied again. After a cut a script either ends where it would have
ended, or it is refused and changes nothing; where it is one transaction it always ends.
GENSQL_REQUIRE_SERVERS=1 makes a missing server a failure.
"""

from __future__ import annotations

import argparse
import os
import subprocess
import sys
from pathlib import Path

import environment
import online
from servers import MariaDb, Postgres, Unavailable

PROJECTS = ["mlflow", "optuna", "prefect"]
#: What runs on each engine: dialect and client. Projects that know no MariaDB are written for MySQL.
ENGINES = {
    "sqlite": (online.Sqlite, [("sqlite", "sqlite3")]),
    "postgresql": (Postgres, [("postgresql", "psql")]),
    "mariadb": (MariaDb, [("mariadb", "mariadb"), ("mysql", "mysql")]),
}
#: How often a script is cut.
CUTS = 6
REFUSED = "the database is not"


class Engine:
    """An engine whose databases can be compared as a whole, rows too."""

    def __init__(self, server, engine: str, dialect: str) -> None:
        self.server, self.engine, self.dialect = server, engine, dialect
        #: The tables that are there before the first revision.
        self.first = ""

    def create(self) -> None:
        """A database as it is before the first revision."""
        self.server.create("guarded")
        if self.first and (error := self.apply(self.first)):
            raise RuntimeError(f"the first tables: {error}")

    def apply(self, script: str) -> str:
        """The error, empty where the script went through."""
        if self.engine == "sqlite":  # the recipe of the shell writes a file beside the database
            run = subprocess.run(["sqlite3", "-bail", "guarded"], input=script, text=True, capture_output=True, timeout=600,
                                 cwd=self.server.directory)
            return "" if run.returncode == 0 else run.stderr.strip() or f"exit {run.returncode}"
        return self.server.apply("guarded", script)

    def schema(self) -> str:
        """Schema and version rows."""
        return self.server.schema("guarded")

    def dump(self) -> str:
        """Everything."""
        if self.engine == "sqlite":
            command, extra = ["sqlite3", str(self.server.directory / "guarded"), ".dump"], {}
        elif self.engine == "postgresql":
            command, extra = [str(self.server.bin / "pg_dump"), "--inserts", "-d", "guarded"], {"env": self.server.environment}
        else:
            options = self.server._options("guarded")
            command = ["mariadb-dump", *options, "--skip-comments", "--skip-extended-insert", "--databases", *self.server._databases("guarded")]
            extra = {}
        text = subprocess.run(command, capture_output=True, text=True, check=True, **extra).stdout
        lines = [line for line in text.splitlines() if line and not line.startswith(("--", "\\"))]
        rows = sorted(line for line in lines if line.startswith("INSERT INTO"))
        return "\n".join([line for line in lines if not line.startswith("INSERT INTO")] + rows)


def cuts(script: str) -> list[str]:
    """What has reached the database when the client is killed."""
    ends = [at + 2 for at in range(len(script)) if script.startswith("\n\n", at)]
    return [script[:ends[len(ends) * (n + 1) // (CUTS + 1)]] for n in range(CUTS)]


def check(gensql: Path, versions: environment.Versions, engine: Engine, client: str, output: Path) -> tuple[str, str]:
    """(verdict, detail)."""
    baseline, error = online.first_tables(versions, [engine.server.create("first")], output / f"{versions.slug}-{engine.dialect}.sql")
    if error:
        return "skipped", f"its first tables: {error}"
    engine.first = Path(baseline[1]).read_text(encoding="utf-8") if baseline else ""
    extra: list[str] = []
    plain, error = online.script(gensql, versions, engine.dialect, "upgrade", "heads", "--no-guard", *baseline)
    if error:
        # Rows that only an empty database is known not to have.
        extra = ["--fresh"]
        plain, error = online.script(gensql, versions, engine.dialect, "upgrade", "heads", "--no-guard", *baseline, *extra)
    problem = f"gensql: {online._line(error)}" if error else ""
    engine.create()
    if not error and (error := engine.apply(plain)):
        problem = f"the plain script: {online._line(error)}"
        if engine.dialect != engine.engine:
            return "skipped", f"{engine.engine} does not take what is written for {engine.dialect}; {problem}"
    if problem:
        verdict, detail = online.without_gensql(versions, engine.server, output, problem)
        return ("skipped" if verdict == "not online" else verdict), detail
    wanted = engine.schema()
    done = []
    for options in (["--guard", *baseline, *extra], ["--idempotent", "--client", client, *baseline]):
        if "--idempotent" in options and extra:
            done.append("not idempotent: its revisions read rows")
            continue
        text, error = online.script(gensql, versions, engine.dialect, "upgrade", "heads", *options)
        if error:
            done.append(f"{options[0]} is refused: {online._line(error)}")
            continue
        if problem := try_script(engine, text, wanted, "--idempotent" in options):
            return "failed", f"{options[0]}: {problem}"
        done.append(options[0])
    return ("passed" if any(part.startswith("--") and "refused" not in part for part in done) else "failed"), ", ".join(done)


def try_script(engine: Engine, text: str, wanted: str, idempotent: bool) -> str:
    """What went wrong; empty for nothing."""
    engine.create()
    if error := engine.apply(text):
        return f"right start: {online._line(error)}"
    if engine.schema() != wanted:
        return "right start: another schema than without"
    full = engine.dump()
    error = engine.apply(text)
    if idempotent and error:
        return f"twice: {online._line(error)}"
    if not idempotent and REFUSED not in error:
        return f"twice: not refused: {error[:200]}"
    if engine.dump() != full:
        return "twice: the database was changed"
    engine.create()
    engine.apply("CREATE TABLE alembic_version (version_num VARCHAR(32) NOT NULL);\nINSERT INTO alembic_version VALUES ('elsewhere');\n")
    before = engine.dump()
    if REFUSED not in engine.apply(text):
        return "wrong start: not refused"
    if engine.dump() != before:
        return "wrong start: the database was changed"
    for number, part in enumerate(cuts(text), 1):
        engine.create()
        engine.apply(part)
        before = engine.dump()
        error = engine.apply(text)
        if not error:
            if engine.schema() != wanted:
                return f"cut {number}: another schema"
        elif REFUSED not in error:
            return f"cut {number}: {online._line(error)}"
        elif engine.dump() != before:
            return f"cut {number}: refused, but the database was changed"
        elif text.count("\nCOMMIT;") == 1 and engine.engine != "mariadb":
            return f"cut {number}: no recovery: {online._line(error)}"
    return ""


def main() -> int:
    """Every project on every engine."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--gensql", type=Path, default=environment.REPOSITORY / "target" / "release" / "gensql")
    parser.add_argument("--project", action="append")
    parser.add_argument("--engine", action="append", choices=list(ENGINES))
    options = parser.parse_args()
    gensql = options.gensql.absolute()
    if not gensql.exists():
        print(f"guards: there is no {gensql}; build it with `cargo build --release`", file=sys.stderr)
        return 2
    found = [versions for versions in environment.prepare(options.project or PROJECTS) if not versions.own_env]
    environment.drivers()
    output = environment.cache_directory() / "guards"
    output.mkdir(parents=True, exist_ok=True)
    counts = {"passed": 0, "failed": 0, "skipped": 0}
    required = os.environ.get("GENSQL_REQUIRE_SERVERS", "") not in ("", "0")
    for engine, (kind, dialects) in ENGINES.items():
        if options.engine and engine not in options.engine:
            continue
        try:
            with kind() as server:
                for versions in found:
                    if versions.slug.startswith("database-") and not versions.slug.endswith(engine):
                        continue  # a directory made for another engine
                    for dialect, client in dialects:
                        verdict, detail = check(gensql, versions, Engine(server, engine, dialect), client, output)
                        print(f"{engine:<11} {versions.label:<30} {verdict:<8} as {dialect}: {detail}", flush=True)
                        counts[verdict] += 1
        except Unavailable as error:
            print(f"{engine}: {error}")
            counts["failed" if required else "skipped"] += 1
    print(f"{counts['passed']} passed, {counts['failed']} failed, {counts['skipped']} skipped", flush=True)
    return 1 if counts["failed"] else 0


if __name__ == "__main__":
    sys.exit(main())
