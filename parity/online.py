#!/usr/bin/env python3
"""Applied for real: gensql's script against `alembic upgrade` on a live database.

    python3 parity/online.py                               examples and projects, SQLite, PostgreSQL and MariaDB
    python3 parity/online.py --engine sqlite --project examples-blog
    python3 parity/online.py --alembic-only                which projects Alembic can migrate online at all

Into one database goes what real Alembic does online, into another gensql's whole
script (not the compatible one). The schemas must be the same (and the rows), and the schemas again after the
way back to base. GENSQL_REQUIRE_SERVERS=1 makes a missing server a failure.
"""

from __future__ import annotations

import argparse
import difflib
import os
import re
import shutil
import subprocess
import sys
import tempfile
import tomllib
from pathlib import Path

import environment
import rendered
import sqlite_schema
from servers import MariaDb, Postgres, Unavailable

ALEMBIC_SECONDS = 600

#: Run by the environment's Python: INI URL upgrade|downgrade TARGET.
ALEMBIC = """
import sys
import oracle
from alembic import command
from alembic.config import Config
config = Config(sys.argv[1])
config.set_main_option("sqlalchemy.url", sys.argv[2].replace("%", "%%"))
oracle.supply_removed_names()
oracle.tolerant_loading({})
getattr(command, sys.argv[3])(config, sys.argv[4])
"""

#: Run by the environment's Python: INI URL MODULE:BASE FILE, and `create` where the database is to have the tables.
INITIAL = """
import importlib
import sys
from alembic.config import Config
from sqlalchemy import create_engine, create_mock_engine
sys.path[:0] = Config(sys.argv[1]).get_prepend_sys_paths_list() or []
module, _, name = sys.argv[3].partition(":")
metadata = getattr(importlib.import_module(module), name).metadata
if sys.argv[5:]:
    metadata.create_all(create_engine(sys.argv[2]))
with open(sys.argv[4], "w", encoding="utf-8") as file:
    statements = lambda statement, *_, **__: file.write(f"{statement.compile(dialect=mock.dialect)};{chr(10)}")
    mock = create_mock_engine(sys.argv[2], statements)
    metadata.create_all(mock, checkfirst=False)
"""


def python(versions: environment.Versions, program: str, *arguments: str) -> str:
    """A program in the environment; the last line of its error, empty where it went through."""
    cache = environment.cache_directory()
    run = subprocess.run([str(environment.python(cache)), "-c", program, str(versions.ini), *arguments],
                         env={**rendered.quiet_environment(cache, 1), "PYTHONPATH": str(environment.HERE)},
                         cwd=versions.root if versions.own_env else cache / "home",
                         capture_output=True, text=True, timeout=ALEMBIC_SECONDS, stdin=subprocess.DEVNULL)
    if run.returncode == 0:
        return ""
    lines = run.stderr.strip().splitlines()
    errors = [line for line in lines if re.match(r"[\w.]+(Error|Exception|Available|Exit)\b", line)]
    return (errors or lines or [f"exit {run.returncode}: {run.stdout.strip()[-300:]}"])[-1][:300]


def alembic(versions: environment.Versions, url: str, direction: str, target: str) -> str:
    """Real Alembic online; its error, empty where it went through."""
    return python(versions, ALEMBIC, url, direction, target)


def script(gensql: Path, versions: environment.Versions, dialect: str, *arguments: str) -> tuple[str, str]:
    """gensql's script and its error text."""
    run = subprocess.run([str(gensql), "-c", str(versions.ini), "--dialect", dialect, *arguments], capture_output=True, text=True,
                         timeout=120, cwd=versions.root, stdin=subprocess.DEVNULL)
    return (run.stdout, "") if run.returncode == 0 else ("", run.stderr.strip() or f"exit {run.returncode}")


class Sqlite:
    """Two files in a temporary directory, with the interface of `Postgres`."""

    def __enter__(self) -> Sqlite:
        if not shutil.which("sqlite3"):
            raise Unavailable("the sqlite3 program is not installed")
        self.directory = Path(tempfile.mkdtemp(prefix="gensql-sqlite-"))
        return self

    def __exit__(self, *_exception) -> None:
        shutil.rmtree(self.directory, ignore_errors=True)

    def create(self, name: str) -> str:
        """An empty database; returns SQLAlchemy's URL of it."""
        (self.directory / name).unlink(missing_ok=True)
        return f"sqlite:///{self.directory / name}"

    def apply(self, name: str, text: str) -> str:
        """Runs a script; the error text, empty where it went through."""
        return sqlite_schema.apply(self.directory / name, text)

    def schema(self, name: str) -> str:
        """What the file contains."""
        return sqlite_schema.schema(self.directory / name)

    def rows(self, name: str) -> str:
        """The rows of all tables."""
        return sqlite_schema.rows(self.directory / name)


ENGINES = {"sqlite": Sqlite, "postgresql": Postgres, "mariadb": MariaDb}


def heads(versions: environment.Versions) -> list[str]:
    """The head revisions, by real Alembic's offline records or by their headers."""
    from oracle import headers

    parents, found = set(), {}
    folder = versions.directory
    for file in folder.rglob("*.py") if versions.own_env else folder.glob("*.py"):
        if file.name in ("env.py", "__init__.py"):
            continue
        header = headers(str(file))
        if "revision" in header:
            down = header["down_revision"]
            found[header["revision"]] = file
            parents |= set(down if isinstance(down, (tuple, list)) else [down])
            depends = header["depends_on"]
            parents |= set(depends if isinstance(depends, (tuple, list)) else [depends])
    return sorted(set(found) - parents)


def first_tables(versions: environment.Versions, urls: list[str], file: Path) -> tuple[list[str], str]:
    """Makes the tables that are there before the first revision, and `file` of them; gensql's options, and an error."""
    if not versions.initial:
        return [], ""
    for url in urls:
        if error := python(versions, INITIAL, url, versions.initial, str(file), "create"):
            return [], error
    return ["--baseline", str(file)], ""


def without_gensql(versions: environment.Versions, server, output: Path, problem: str) -> tuple[str, str]:
    """What a script that cannot be had or applied means: nothing where real Alembic cannot migrate an empty database either."""
    if versions.native_env is None:
        return "failed", problem
    url = server.create("alembic")
    _, error = first_tables(versions, [url], output / "baseline.sql")
    if error := error or alembic(versions, url, "upgrade", "heads"):
        return "not online", f"{problem}; Alembic: {error}"
    return "failed", f"{problem}; Alembic migrates it"


def check(versions: environment.Versions, server, dialect: str, gensql: Path | None, output: Path) -> tuple[str, str]:
    """(verdict, detail): same, different, failed, not online (by Alembic)."""
    url, other = server.create("alembic"), server.create("gensql")
    baseline, error = first_tables(versions, [url, other], output / f"{versions.project}-{versions.slug}-{dialect}-baseline.sql")
    if error:
        return "not online", f"its first tables: {error}"
    first = ["--fresh", *baseline]
    error = alembic(versions, url, "upgrade", "heads")
    if error:
        return "not online", error
    if gensql is None:
        before = alembic(versions, url, "downgrade", "base")
        return "online", "and back" if not before else f"no way back: {before}"
    stages = [("upgrade", ["upgrade", "heads", *first])]
    tips = heads(versions)
    if len(tips) == 1:
        stages.append(("downgrade", ["downgrade", f"{tips[0]}:base", *first]))
    done = []
    for stage, arguments in stages:
        if stage == "downgrade":
            error = alembic(versions, url, "downgrade", "base")
            if error:
                done.append(f"Alembic has no way back: {error}")
                break
        text, error = script(gensql, versions, dialect, *arguments)
        if error:
            return "failed", f"{stage}: gensql: {_line(error)}"
        (output / f"{versions.project}-{versions.slug}-{dialect}-{stage}.sql").write_text(text, encoding="utf-8")
        error = server.apply("gensql", text)
        if error:
            return "failed", f"{stage}: the script: {_line(error)}"
        counted = ""
        if diff := differing(server, "rows", output / f"{versions.project}-{versions.slug}-{dialect}-{stage}-rows.diff", 0):
            return "different", f"{stage}: rows: {differing_lines(diff)[0][:160]}"
        if stage == "upgrade":
            counted = f" ({len(server.rows('gensql').splitlines())} rows)"
        if diff := differing(server, "schema", output / f"{versions.project}-{versions.slug}-{dialect}-{stage}.diff"):
            if cause := explained(versions, dialect, diff):
                done.append(f"{stage}{counted} ({cause})")
                continue
            return "different", f"{stage}: {differing_lines(diff)[0][:160]}"
        done.append(stage + counted)
    return "same", ", ".join(done)


def differing(server, what: str, file: Path, context: int = 3) -> str:
    """How the two databases' `schema` or `rows` differ, which is kept in `file`; empty where they do not."""
    left, right = (getattr(server, what)(database).splitlines(True) for database in ("alembic", "gensql"))
    diff = "".join(difflib.unified_diff(left, right, "alembic", "gensql", n=context))
    if diff:
        file.write_text(diff, encoding="utf-8")
    return diff


def differing_lines(diff: str) -> list[str]:
    """The lines of a difference that only one side has, with their sign."""
    return [line for line in diff.splitlines()[2:] if line[:1] in "+-"]


def explained(versions: environment.Versions, dialect: str, diff: str) -> str | None:
    """The cause, where explained.toml accounts for every differing line."""
    with open(environment.HERE / "explained.toml", "rb") as file:
        entries = tomllib.load(file).get("online", [])
    lines = differing_lines(diff)
    for entry in entries:
        if entry.get("project") in (None, versions.project) and entry.get("dialect") in (None, dialect):
            if all(re.search(entry["lines"], line) for line in lines):
                return entry["cause"]
    return None


def plain_examples() -> list[environment.Versions]:
    """Our examples without Python."""
    return [
        environment.Versions(project=f"examples-{file.parent.name}", project_version="0", slug="versions", directory=file.parent,
                             root=file.parent, ini=file, native_ini=None, native_env=None, own_env=True)
        for file in sorted((environment.REPOSITORY / "examples").glob("*/gensql.toml"))
        if not (file.parent / "alembic.ini").exists()
    ]


def check_plain(versions: environment.Versions, server, dialect: str, gensql: Path) -> tuple[str, str]:
    """Without Alembic to compare with: the script goes through, and back to an empty schema."""
    server.create("gensql")
    run = subprocess.run([str(gensql), "-c", str(versions.ini), "heads"], capture_output=True, text=True, timeout=60, cwd=versions.root)
    tips = [line.split()[0] for line in run.stdout.splitlines() if line.strip()]
    stages = [("upgrade", ["upgrade", "heads"])] + ([("downgrade", ["downgrade", f"{tips[0]}:base"])] if len(tips) == 1 else [])
    for stage, arguments in stages:
        text, error = script(gensql, versions, dialect, *arguments)
        error = error or server.apply("gensql", text)
        if error:
            return "failed", f"{stage}: {_line(error)}"
    left = [line for line in server.schema("gensql").splitlines() if re.match(r"(CREATE )?table ", line, re.I) and "alembic_version" not in line]
    if len(tips) == 1 and left:
        return "different", f"tables left behind: {left}"
    return "applied", ", ".join(stage for stage, _ in stages)


def _line(error: str) -> str:
    wanted = [line for line in error.splitlines() if re.search(r"error|ERROR|Error", line)]
    return (wanted or error.splitlines())[0][:240]


def tell(counts: dict[str, int], dialect: str, versions: environment.Versions, verdict: str, detail: str) -> None:
    """One line, counted."""
    print(f"{dialect:<11} {versions.label:<30} {verdict:<11} {detail}", flush=True)
    counts[{"same": "passed", "applied": "passed", "online": "passed", "not online": "skipped"}.get(verdict, "failed")] += 1


def main() -> int:
    """Every project on every engine."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--gensql", type=Path, default=environment.REPOSITORY / "target" / "release" / "gensql")
    parser.add_argument("--project", action="append")
    parser.add_argument("--engine", action="append", choices=list(ENGINES))
    parser.add_argument("--alembic-only", action="store_true", help="without gensql: which projects migrate online")
    options = parser.parse_args()
    gensql = None if options.alembic_only else options.gensql.absolute()
    if gensql and not gensql.exists():
        print(f"online: there is no {gensql}; build it with `cargo build --release`", file=sys.stderr)
        return 2
    found = environment.prepare(options.project)
    environment.drivers()
    output = environment.cache_directory() / "online"
    shutil.rmtree(output, ignore_errors=True)
    output.mkdir(parents=True)
    counts = {"passed": 0, "failed": 0, "skipped": 0}
    required = os.environ.get("GENSQL_REQUIRE_SERVERS", "") not in ("", "0")
    for dialect, engine in ENGINES.items():
        if options.engine and dialect not in options.engine:
            continue
        try:
            with engine() as server:
                for versions in found:
                    if versions.slug.startswith("database-") and not versions.slug.endswith(dialect):
                        continue  # a directory made for another engine
                    verdict, detail = check(versions, server, dialect, gensql, output)
                    tell(counts, dialect, versions, verdict, detail)
                for versions in plain_examples() if gensql else []:
                    if not options.project or versions.project in options.project:
                        tell(counts, dialect, versions, *check_plain(versions, server, dialect, gensql))
        except Unavailable as error:
            print(f"{dialect}: {error}")
            counts["failed" if required else "skipped"] += 1
    print(f"{counts['passed']} passed, {counts['failed']} failed, {counts['skipped']} skipped", flush=True)
    return 1 if counts["failed"] else 0


if __name__ == "__main__":
    sys.exit(main())
