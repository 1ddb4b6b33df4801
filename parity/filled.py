#!/usr/bin/env python3
"""Rows at every step: gensql's script of each revision against Alembic online, with filled tables.

    python3 parity/filled.py                                  examples and projects, SQLite
    python3 parity/filled.py --project prefect --gensql target/debug/gensql

Two SQLite files start empty. Before each revision, every table of both gets the same few rows,
made from what the schema allows. Then Alembic migrates the one, and `sqlite3 -bail` applies
gensql's script of that revision to the other. The schemas must be the same, and so must the
rows: none may be lost that Alembic keeps. Where Alembic itself fails on the rows, gensql's script
must not go through with another result; the step is then done without the new rows. A script that stops
since rows violate a foreign key that Alembic adds unchecked is right, and counted by itself.
Exit status: 0 when all agree, 1 when not, 2 for a usage or set-up failure.
"""

from __future__ import annotations

import argparse
import json
import re
import shutil
import sqlite3
import subprocess
import sys
import tempfile
from collections import Counter
from pathlib import Path

import environment
import online
import rendered
import sqlite_schema

#: How many rows a table is filled up to.
WANTED = 3

#: How many ways to make a row are tried before a table is left as it is.
TRIES = 12

#: What a script says when it has left rows behind that a foreign key forbids.
VIOLATED = "a foreign key is violated"

#: Run by the environment's Python: INI URL. Says the revisions, then migrates to each that it is told.
STEPS = """
import contextlib
import io
import json
import sys
import oracle
from alembic import command
from alembic.config import Config
from alembic.script import ScriptDirectory
config = Config(sys.argv[1])
config.set_main_option("sqlalchemy.url", sys.argv[2].replace("%", "%%"))
oracle.supply_removed_names()
answers = sys.stdout
def say(**what):
    print(json.dumps(what), file=answers, flush=True)
with contextlib.redirect_stdout(io.StringIO()):
    revisions = list(ScriptDirectory.from_config(config).walk_revisions())[::-1]
    say(revisions=[[r.revision, r.down_revision, bool(r.dependencies)] for r in revisions])
    for line in sys.stdin:
        try:
            command.upgrade(config, line.strip())
            say(error="")
        except BaseException as error:
            say(error=f"{type(error).__name__}: {error}".splitlines()[0][:300])
"""


class Alembic:
    """Real Alembic, one step at a time, in one process."""

    def __init__(self, versions: environment.Versions, url: str):
        cache = environment.cache_directory()
        self.process = subprocess.Popen(
            [str(environment.python(cache)), "-c", STEPS, str(versions.ini), url], text=True,
            env={**rendered.quiet_environment(cache, 1), "PYTHONPATH": str(environment.HERE)},
            cwd=versions.root if versions.own_env else cache / "home",
            stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL)
        self.revisions = self.answer().get("revisions", [])

    def answer(self) -> dict:
        line = self.process.stdout.readline()
        return json.loads(line) if line else {"error": "Alembic's process has ended"}

    def upgrade(self, revision: str) -> str:
        """Migrates; the error, empty where it went through."""
        self.process.stdin.write(revision + "\n")
        self.process.stdin.flush()
        return self.answer()["error"]

    def end(self) -> None:
        """Lets the process end."""
        self.process.stdin.close()
        self.process.wait(timeout=30)


class Filler:
    """Makes rows that a schema allows."""

    def __init__(self) -> None:
        self.number = 0
        self.unfilled: set[str] = set()
        self.filled: set[str] = set()

    def fill(self, files: list[Path]) -> None:
        """Fills the tables of the first file, and the others with the same rows."""
        first, *others = [sqlite3.connect(file) for file in files]
        for connection in (first, *others):
            connection.execute("PRAGMA foreign_keys=ON")
        tables = [name for (name,) in first.execute(
            "SELECT name FROM sqlite_master WHERE type='table' AND name NOT LIKE 'sqlite_%' AND name NOT LIKE 'alembic_version%'"
            " AND sql NOT LIKE 'CREATE VIRTUAL%' ORDER BY name")]
        waiting = tables
        # Tables that refer to others wait until those have rows.
        for _ in range(len(tables) + 1):
            left = [table for table in waiting if not self._table(first, others, table)]
            if left == waiting or not left:
                waiting = left
                break
            waiting = left
        self.unfilled |= set(waiting)
        for connection in (first, *others):
            connection.commit()
            connection.close()

    def _table(self, first: sqlite3.Connection, others: list[sqlite3.Connection], table: str) -> bool:
        have = first.execute(f'SELECT count(*) FROM "{table}"').fetchone()[0]
        for _ in range(max(0, WANTED - have)):
            for attempt in range(TRIES):
                made = self._row(first, table, attempt)
                if made is None:
                    return False
                try:
                    first.execute(*made)
                except sqlite3.Error:
                    continue
                for other in others:
                    other.execute(*made)
                break
            else:
                return first.execute(f'SELECT count(*) FROM "{table}"').fetchone()[0] > 0
        self.filled.add(table)
        return True

    def _row(self, connection: sqlite3.Connection, table: str, attempt: int) -> tuple[str, list] | None:
        """An INSERT; `None` where a row is needed that it can refer to."""
        self.number += 1
        sql = connection.execute("SELECT sql FROM sqlite_master WHERE name = ?", (table,)).fetchone()[0]
        referred: dict[str, tuple[str, str, int]] = {}
        keys: dict[int, list] = {}
        for row in connection.execute(f'PRAGMA foreign_key_list("{table}")'):
            keys.setdefault(row[0], []).append(row)
        for rows in keys.values():
            for _, sequence, target, column, to, *_ in rows:
                referred[column.lower()] = (target, to or _primary(connection, target, sequence), sequence)
        names, values = [], []
        columns = connection.execute(f'PRAGMA table_xinfo("{table}")').fetchall()
        counts = sum(bool(column[5]) for column in columns) == 1
        for _, name, kind, notnull, default, key, hidden in columns:
            if hidden or (key and counts and kind.upper() == "INTEGER" and name.lower() not in referred):
                continue
            if target := referred.get(name.lower()):
                if not notnull and not key and attempt % 3 == 2:
                    continue
                found = connection.execute(f'SELECT "{target[1]}" FROM "{target[0]}" NOT INDEXED').fetchall()
                if not found:
                    if notnull or key:
                        return None
                    continue
                value = found[(self.number + attempt) % len(found)][0]
            elif default is not None and attempt % 2 and not key:
                continue
            else:
                value = self._value(name, kind.upper(), sql, attempt)
            names.append(f'"{name}"')
            values.append(value)
        if not names:
            return f'INSERT INTO "{table}" DEFAULT VALUES', []
        return f'INSERT INTO "{table}" ({", ".join(names)}) VALUES ({", ".join("?" * len(names))})', values

    def _value(self, name: str, kind: str, sql: str, attempt: int) -> object:
        n = self.number
        allowed = re.search(rf'CHECK\s*\(\s*["`]?{re.escape(name)}["`]?\s+IN\s*\(([^)]*)\)', sql, re.I)
        if allowed:
            choices = [choice.strip().strip("'") for choice in allowed[1].split(",")]
            choice = choices[(n + attempt) % len(choices)]
            return int(choice) if re.fullmatch(r"-?\d+", choice) else choice
        if "BOOL" in kind:
            return n % 2
        if "INT" in kind:
            return n
        if any(word in kind for word in ("DATE", "TIME")):
            return f"2020-01-01 00:00:{n % 60:02}.{n:06}" if kind != "DATE" else f"2020-01-{n % 28 + 1:02}"
        if any(word in kind for word in ("FLOAT", "REAL", "NUMERIC", "DECIMAL", "DOUBLE")):
            return n + 0.5
        if "JSON" in kind:
            return json.dumps({"n": n})
        if "BLOB" in kind or "BINARY" in kind:
            return b"b%d" % n
        length = re.search(r"\((\d+)\)", kind)
        if kind.startswith("CHAR") and length and int(length[1]) in (32, 36):
            text = f"{n:032x}"
            return text if length[1] == "32" else f"{text[:8]}-{text[8:12]}-{text[12:16]}-{text[16:20]}-{text[20:]}"
        text = f"t{n}"
        return text[-int(length[1]):] if length else text


def _primary(connection: sqlite3.Connection, table: str, sequence: int) -> str:
    keys = sorted((row[5], row[1]) for row in connection.execute(f'PRAGMA table_xinfo("{table}")') if row[5])
    return keys[sequence][1] if sequence < len(keys) else "rowid"


def contents(file: Path) -> dict[str, tuple[list[str], Counter]]:
    """The columns and the rows of each table."""
    connection = sqlite3.connect(file)
    found = {}
    for (table,) in connection.execute("SELECT name FROM sqlite_master WHERE type='table' AND name NOT LIKE 'sqlite_%' AND name NOT LIKE 'alembic_version%'").fetchall():
        cursor = connection.execute(f'SELECT * FROM "{table}"')
        names = [column[0] for column in cursor.description]
        found[table] = (names, cursor.fetchall())
    connection.close()
    return found


def violations(file: Path) -> int:
    """How many rows violate a foreign key. Alembic migrates without enforcing them."""
    connection = sqlite3.connect(file)
    try:
        return len(connection.execute("PRAGMA foreign_key_check").fetchall())
    except sqlite3.Error:  # a key to a table or columns that are not there
        return 0
    finally:
        connection.close()


def duplicate(file: Path, copy: Path) -> None:
    """Makes one file hold what another holds. Both may be open elsewhere, and have a log beside them."""
    source, target = sqlite3.connect(file), sqlite3.connect(copy)
    source.backup(target)
    source.close()
    target.close()


def clear(file: Path) -> None:
    """Takes all rows out, but those that say the version."""
    connection = sqlite3.connect(file)
    for table in contents(file):
        connection.execute(f'DELETE FROM "{table}"')
    connection.commit()
    connection.close()


def rows_differ(before: dict, alembic: dict, gensql: dict) -> str:
    """What gensql's file lacks or has that Alembic's has not; empty where they hold the same.

    What a revision makes by chance or by the clock differs: only columns from before are compared,
    and of new tables the number of rows."""
    for table, (names, rows) in alembic.items():
        others, theirs = gensql.get(table, ([], []))
        if len(rows) != len(theirs):
            return f"{table} has {len(theirs)} rows, with Alembic {len(rows)}"
        kept = [name for name in before.get(table, ([], []))[0] if name in names and name in others]
        pick = lambda header, row: tuple(row[header.index(name)] for name in kept)
        left, right = Counter(pick(names, row) for row in rows), Counter(pick(others, row) for row in theirs)
        if left != right:
            return f"{table} differs: {list((right - left).elements())[:1]}, with Alembic {list((left - right).elements())[:1]}"
    return ""


class Tally:
    """What came of the steps of a project."""

    def __init__(self) -> None:
        self.same = self.rows = 0
        self.needs: list[str] = []
        self.alembic: list[str] = []
        self.different: list[str] = []
        #: The script stops at a foreign key that the rows violate, which Alembic lets stand.
        self.violated: list[str] = []


def check(versions: environment.Versions, gensql: Path, folder: Path) -> tuple[str, str]:
    """(verdict, detail)."""
    left, right = folder / "alembic.db", folder / "gensql.db"
    folder.mkdir()
    first, error = online.first_tables(versions, [f"sqlite:///{left}"], folder / "baseline.sql")
    if error:
        return "not online", f"its first tables: {error}"
    if first:
        duplicate(left, right)
    alembic = Alembic(versions, f"sqlite:///{left}")
    try:
        return _steps(versions, gensql, alembic, left, right, first)
    finally:
        alembic.end()


def _steps(versions: environment.Versions, gensql: Path, alembic: Alembic, left: Path, right: Path,
           options: list[str]) -> tuple[str, str]:
    if not alembic.revisions:
        return "not online", "Alembic cannot read the revisions"
    linear = all(down == before for (_, down, depends), before in zip(alembic.revisions, [None, *[r[0] for r in alembic.revisions]]) if not depends)
    if not linear or any(depends for *_, depends in alembic.revisions):
        return "not online", "its revisions branch, so that no step has one start"
    tally, filler = Tally(), Filler()
    start = "base"
    for revision, *_ in alembic.revisions:
        bare = (left.with_suffix(".bare"), right.with_suffix(".bare"))
        for file, copy in zip((left, right), bare):
            duplicate(file, copy)
        if start != "base":
            filler.fill([left, right])
        script, refusal = online.script(gensql, versions, "sqlite", "upgrade", f"{start}:{revision}" if start != "base" else revision, "--no-guard", *options)
        before, violated = contents(left), violations(left)
        mine = sqlite_schema.apply(right, script) if script else refusal
        theirs = alembic.upgrade(revision)
        if theirs:
            tally.alembic.append(f"{revision}: {theirs[:90]}")
            if not mine and (lost := _lost(before, contents(right))):
                tally.different.append(f"{revision}: Alembic fails, the script loses rows: {lost}")
            # Without the rows that it cannot do.
            for file, copy in zip((left, right), bare):
                duplicate(copy, file)
            before = contents(left)
            if error := alembic.upgrade(revision):
                # Nor with those that are there: it goes on without any.
                for file, copy in zip((left, right), bare):
                    duplicate(copy, file)
                    clear(file)
                before = contents(left)
                if error := alembic.upgrade(revision):
                    return "not online", f"{revision}: {error}"
            mine = sqlite_schema.apply(right, script) if script else refusal
        if not script:
            tally.needs.append(f"{revision}: {online._line(refusal)}")
            duplicate(left, right)
        elif mine:
            if VIOLATED in mine and violations(left) > violated:
                tally.violated.append(revision)
            else:
                tally.different.append(f"{revision}: the script: {online._line(mine)}")
            duplicate(left, right)
        else:
            after = contents(right)
            cause = rows_differ(before, contents(left), after)
            mine, theirs = sqlite_schema.schema(right), sqlite_schema.schema(left)
            if cause:
                tally.different.append(f"{revision}: {cause}")
            elif difference := _schemas_differ(versions, theirs, mine):
                tally.different.append(f"{revision}: {difference}")
            else:
                tally.same += 1
                tally.rows += sum(len(rows) for _, rows in after.values())
            if mine != theirs or contents(left) != after:
                # What comes after is compared by itself, also behind rows that are made by chance.
                duplicate(left, right)
        start = revision
    unfilled = sorted(filler.unfilled - filler.filled)
    detail = f"{tally.same} of {len(alembic.revisions)} steps with {tally.rows} rows, {len(filler.filled)} tables filled"
    for name, found in (("need rows", tally.needs), ("Alembic fails on rows", tally.alembic),
                        ("stop at rows that violate a new foreign key", tally.violated), ("DIFFERENT", tally.different)):
        if found:
            detail += f"; {len(found)} {name}"
    detail += f"; not filled: {', '.join(unfilled)}" if unfilled else ""
    for found in tally.different:
        print(f"    {found}")
    if not tally.rows and len(alembic.revisions) > 1:
        return "failed", f"{detail}; no step had rows"
    return ("different" if tally.different else "same"), detail


def _lost(before: dict, after: dict) -> str:
    """A table that is still there and has fewer rows."""
    return next((f"{t}: {len(rows)} before, {len(after[t][1])} after" for t, (_, rows) in before.items() if t in after and len(after[t][1]) < len(rows)), "")


def _schemas_differ(versions: environment.Versions, alembic: str, gensql: str) -> str:
    import difflib

    diff = "".join(difflib.unified_diff(alembic.splitlines(True), gensql.splitlines(True), "alembic", "gensql", n=0))
    if not diff or online.explained(versions, "sqlite", diff):
        return ""
    return " | ".join(line for line in diff.splitlines()[2:] if line[:1] in "+-")[:240]


def main() -> int:
    """Every project that Alembic can migrate on SQLite."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--gensql", type=Path, default=environment.REPOSITORY / "target" / "release" / "gensql")
    parser.add_argument("--project", action="append")
    options = parser.parse_args()
    gensql = options.gensql.absolute()
    if not gensql.exists() or not shutil.which("sqlite3"):
        print(f"filled: {gensql} and the program sqlite3 are needed", file=sys.stderr)
        return 2
    counts: Counter = Counter()
    with tempfile.TemporaryDirectory(prefix="gensql-filled-") as folder:
        for versions in environment.prepare(options.project):
            if versions.slug.startswith("database-") and not versions.slug.endswith("sqlite"):
                continue
            verdict, detail = check(versions, gensql, Path(folder) / versions.label.replace("/", "-"))
            print(f"{versions.label:<30} {verdict:<11} {detail}", flush=True)
            counts[{"same": "passed", "not online": "skipped"}.get(verdict, "failed")] += 1
    print(f"{counts['passed']} passed, {counts['failed']} failed, {counts['skipped']} skipped", flush=True)
    return 0 if counts["passed"] and not counts["failed"] else 1


if __name__ == "__main__":
    sys.exit(main())
