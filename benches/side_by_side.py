#!/usr/bin/env python3
"""Real Alembic and gensql on the same 100 generated revisions: whole processes, best of several.

    cargo build --release
    python3 benches/side_by_side.py --alembic VENV/bin/alembic [--revisions 100]

Prints times and their ratio, and whether the texts are the same. Asserts no time.
"""

import argparse
import pathlib
import subprocess
import tempfile
import time

ROOT = pathlib.Path(__file__).resolve().parent.parent
INI = "[alembic]\nscript_location = %(here)s\nsqlalchemy.url = postgresql://localhost/x\n"
ENV = """from alembic import context

context.configure(url=context.config.get_main_option("sqlalchemy.url"), literal_binds=True)

with context.begin_transaction():
    context.run_migrations()
"""
BODIES = [
    """    op.create_table("{t}", sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("name", sa.String(length=80), nullable=False), sa.PrimaryKeyConstraint("id"))""",
    """    op.add_column("{t}", sa.Column("a", sa.Text(), nullable=True))""",
    """    op.create_index(op.f("ix_{t}_a"), "{t}", ["a"], unique=False)""",
    """    t = sa.table("{t}", sa.column("a", sa.Text), sa.column("name", sa.String))
    op.execute(t.update().where(t.c.a.is_(None)).values(a=t.c.name))""",
    """    op.alter_column("{t}", "a", existing_type=sa.Text(), nullable=False)""",
]


def generate(directory, length):
    (directory / "versions").mkdir()
    (directory / "alembic.ini").write_text(INI)
    (directory / "env.py").write_text(ENV)
    for number in range(length):
        down = repr(f"{number - 1:012x}") if number else "None"
        body = BODIES[number % 5].format(t=f"t{number // 5}")
        (directory / "versions" / f"{number:012x}_.py").write_text(
            f'"""revision {number}"""\nfrom alembic import op\nimport sqlalchemy as sa\n\n'
            f'revision = "{number:012x}"\ndown_revision = {down}\n\n\ndef upgrade():\n{body}\n\n\n'
            "def downgrade():\n    pass\n"
        )


def best(command, directory, times):
    fastest, text = float("inf"), b""
    for _ in range(times):
        start = time.perf_counter()
        done = subprocess.run(command, cwd=directory, capture_output=True, check=True)
        fastest = min(fastest, time.perf_counter() - start)
        text = done.stdout
    return fastest, text


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--alembic", default="alembic", help="the alembic program")
    parser.add_argument("--gensql", default=str(ROOT / "target/release/gensql"))
    parser.add_argument("--revisions", type=int, default=100)
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as name:
        directory = pathlib.Path(name)
        generate(directory, options.revisions)
        theirs, wanted = best([options.alembic, "upgrade", "head", "--sql"], directory, 5)
        ours, found = best([options.gensql, "--compat", "alembic", "upgrade", "head"], directory, 20)
    print(f"alembic  {theirs * 1000:9.1f} ms")
    print(f"gensql   {ours * 1000:9.1f} ms")
    print(f"ratio    {theirs / ours:9.1f}")
    print("texts    " + ("identical" if wanted == found else "different"))


if __name__ == "__main__":
    main()
