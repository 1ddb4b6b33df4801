"""What a SQLite file contains, as text that does not depend on how it was written."""

from __future__ import annotations

import re
import sqlite3
import subprocess
from pathlib import Path

from servers import listed


def apply(file: Path, script: str) -> str:
    """Runs a script; the error text, empty where it went through."""
    run = subprocess.run(["sqlite3", "-bail", str(file)], input=script, text=True, capture_output=True, timeout=600)
    return "" if run.returncode == 0 and not run.stderr else run.stderr.strip() or f"exit {run.returncode}"


def schema(file: Path) -> str:
    """Tables with columns, keys, indexes and checks; views and triggers; the versions."""
    connection = sqlite3.connect(file)
    lines = []
    objects = connection.execute("SELECT type, name, tbl_name, sql FROM sqlite_master WHERE name NOT LIKE 'sqlite_%' ORDER BY type, name").fetchall()
    for kind, name, table, sql in objects:
        if kind == "table":
            lines.append(f"table {name}")
            for _, column, type_, notnull, default, key, hidden in connection.execute(f'PRAGMA table_xinfo("{name}")'):
                lines.append(f"  column {column} {type_.upper()} notnull={notnull} default={default} key={key} hidden={hidden}")
            indexes = []
            for _, index, unique, origin, partial in connection.execute(f'PRAGMA index_list("{name}")').fetchall():
                columns = [(row[2], row[3], row[4]) for row in connection.execute(f'PRAGMA index_xinfo("{index}")') if row[5]]
                # The automatic ones have numbers for names.
                indexes.append(f"  index {index if origin == 'c' else origin} unique={unique} partial={partial} {columns}")
            keys = []
            for row in connection.execute(f'PRAGMA foreign_key_list("{name}")'):
                keys.append(f"  foreign key {row[3]} -> {row[2]}.{row[4]} update={row[5]} delete={row[6]} match={row[7]}")
            checks = [f"  check {check}" for check in _checks(sql or "")]
            lines += sorted(indexes) + sorted(keys) + sorted(checks)
        else:
            lines.append(f"{kind} {name} on {table}: {_normal(sql or '')}")
    try:
        versions = sorted(row[0] for row in connection.execute("SELECT version_num FROM alembic_version"))
    except sqlite3.OperationalError:
        versions = []
    connection.close()
    return "\n".join(lines) + f"\nversions: {' '.join(versions)}\n"


def rows(file: Path) -> str:
    """Every row, by table, without what differs from run to run."""
    connection = sqlite3.connect(file)
    names = connection.execute("SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite_%' ORDER BY name").fetchall()
    found = "".join(listed(name, [repr(row) for row in connection.execute(f'SELECT * FROM "{name}"')]) for (name,) in names)
    connection.close()
    return found


def _normal(sql: str) -> str:
    return re.sub(r"\s+", " ", re.sub(r'["`\[\]]', "", sql)).strip()


def _checks(sql: str) -> list[str]:
    """Each CHECK's condition, found by counting parentheses."""
    found = []
    for match in re.finditer(r"\bCHECK\s*\(", sql, re.I):
        depth, position = 1, match.end()
        while depth and position < len(sql):
            depth += {"(": 1, ")": -1}.get(sql[position], 0)
            position += 1
        found.append(re.sub(r"\s+", "", _normal(sql[match.end():position - 1])))
    return found
