"""Runs the scripts of the examples for DuckDB in the real engine: up and down.

    python3 parity/duckdb_examples.py [--gensql PROGRAM]

Ends with 1 when the engine refuses a statement,
when a table is missing after the upgrade, or left behind after the downgrade.
"""

import argparse
import os
import subprocess
import sys
from pathlib import Path

import environment

ROOT = Path(__file__).resolve().parent.parent
EXAMPLES = {
    "blog": "alembic.ini",
    "blog-sql": "gensql.toml",
    "branches": "alembic.ini",
    "multi-schema": "alembic.ini",
}
# Runs a script statement by statement, as a client would that stops at the first error, and says
# how many tables there are then.
RUN = """
import sys, duckdb
connection = duckdb.connect(sys.argv[1])
for statement in duckdb.extract_statements(sys.stdin.read()):
    try:
        connection.execute(statement)
    except Exception as error:
        sys.exit(f"{error}\\n{statement.query.strip()}")
print(len(connection.execute("select * from duckdb_tables()").fetchall()),
      len(connection.execute("select * from duckdb_sequences()").fetchall()))
"""


def engine():
    """The Python with the engine, made once."""
    home = environment.cache_directory() / "duckdb-venv"
    python = home / "bin/python"
    pins = ROOT / "parity/requirements-duckdb.txt"
    done = home / "done.txt"
    if not done.is_file() or done.read_text() != pins.read_text():
        subprocess.run([sys.executable, "-m", "venv", "--clear", str(home)], check=True)
        subprocess.run([str(python), "-m", "pip", "install", "-q", "-r", str(pins)], check=True)
        done.write_text(pins.read_text())
    return str(python)


def rendered(gensql, example, *arguments):
    command = [gensql, "-q", "-c", EXAMPLES[example], "--dialect", "duckdb", *arguments]
    done = subprocess.run(
        command, cwd=ROOT / "examples" / example, capture_output=True, text=True
    )
    if done.returncode:
        sys.exit(f"{example}: gensql {' '.join(arguments)}\n{done.stderr}")
    return done.stdout


def heads(gensql, example):
    lines = rendered(gensql, example, "heads").splitlines()
    return ",".join(line.split()[0] for line in lines if line.strip())


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--gensql", default=str(ROOT / "target/release/gensql"))
    gensql = os.path.abspath(parser.parse_args().gensql)
    python = engine()
    failed = 0
    for example in EXAMPLES:
        up = rendered(gensql, example, "upgrade", "heads")
        down = rendered(gensql, example, "downgrade", f"{heads(gensql, example)}:base")
        directory = environment.cache_directory() / "duckdb"
        directory.mkdir(parents=True, exist_ok=True)
        database = directory / f"{example}.duckdb"
        database.unlink(missing_ok=True)
        for name, script in [("up", up), ("down", down)]:
            done = subprocess.run(
                [python, "-c", RUN, str(database)], input=script, capture_output=True, text=True
            )
            if done.returncode:
                print(f"{example}, {name}: refused: {done.stderr.strip()}")
                failed += 1
                break
            tables, sequences = map(int, done.stdout.split())
            print(f"{example}, {name}: {tables} tables, {sequences} sequences")
            # The version table stays, empty, as Alembic leaves it.
            if (name == "down") != (tables == 1) or name == "down" and sequences:
                print(f"{example}, {name}: that is not what the revisions say")
                failed += 1
                break
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
