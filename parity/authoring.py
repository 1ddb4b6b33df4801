#!/usr/bin/env python3
"""Authoring: what gensql writes against what Alembic writes, and each running the other's files.

    $GENSQL_PARITY_DIR/venv/bin/python parity/authoring.py --gensql target/release/gensql

Runs with the Python of the parity environment, which has Alembic. Exit status: 0 when nothing
differs, 1 when something does.

1. `script.py.mako` of Alembic, of packages and of real projects: files of the same identifiers and
   dates are the same, byte for byte, with several file templates and zones.
2. Projects that `gensql init` makes, with revisions that gensql writes, go up and down under
   Alembic, and those of Alembic under gensql.
3. What the commands that list revisions print.
4. The day of a team, written by gensql: Alembic runs its revisions up and down and finds that the
   models are met; gensql's scripts, stamps and bundle lead where Alembic says the database is.
"""

from __future__ import annotations

import argparse
import contextlib
import datetime
import importlib.abc
import importlib.machinery
import io
import os
import shutil
import sqlite3
import subprocess
import sys
import sysconfig
import tempfile
import types
from pathlib import Path
from unittest import mock
from zoneinfo import ZoneInfo

import alembic
from alembic import command, util
from alembic.config import CommandLine, Config
from alembic.script import ScriptDirectory

EPOCH = 1767323045
CACHE = Path(os.environ.get("GENSQL_PARITY_DIR", Path(__file__).parent.parent / "target" / "parity"))

INI = """[alembic]
script_location = %(here)s/migrations
{options}
databases = engine1, engine2
sqlalchemy.url = sqlite:///app.db

[engine1]
sqlalchemy.url = sqlite:///one.db

[engine2]
sqlalchemy.url = sqlite:///two.db
"""

ENV = """from alembic import context
context.configure(url="sqlite://", literal_binds=True)
with context.begin_transaction():
    context.run_migrations()
"""

OPTIONS = [
    "",
    "timezone = UTC\nfile_template = %%(year)d_%%(month).2d_%%(day).2d_%%(hour).2d%%(minute).2d-%%(rev)s_%%(slug)s",
    "timezone = Europe/Berlin\nfile_template = %%(epoch)s_%%(slug)s_%%(rev)s_%%(second)03d\ntruncate_slug_length = 12",
    "timezone = america/new_york\nfile_template = %%(year)d/%%(month).2d/%%(rev)s\nrecursive_version_locations = true\nrevision_environment = true",
]

STEPS = [
    ["revision", "-m", "add users", "--rev-id", "a1"],
    ["revision", "-m", "Second: a much longer message, that's cut somewhere in the middle (Ünï_code)", "--rev-id", "b2", "--branch-label", "lab"],
    ["revision", "-m", "x" * 60, "--rev-id", "c3", "--head", "base"],
    ["revision", "--rev-id", "d4", "--head", "lab@head", "--depends-on", "c3", "--depends-on", "a1"],
    ["revision", "-m", "spliced", "--rev-id", "f6", "--head", "a1", "--splice", "--depends-on", "lab"],
    ["merge", "-m", "join them", "--rev-id", "e5", "c3", "d4"],
    ["merge", "heads", "--rev-id", "g7"],
]

PLAIN_STEPS = [
    ["revision", "-m", "add users", "--rev-id", "a1"],
    ["revision", "-m", "more", "--rev-id", "b2"],
    ["revision", "-m", "x" * 60, "--rev-id", "c3", "--head", "a1", "--splice"],
    ["merge", "heads", "--rev-id", "e5"],
]

LISTS = [
    ["heads"], ["heads", "-v"], ["heads", "--resolve-dependencies"], ["heads", "--resolve-dependencies", "-v"],
    ["branches"], ["branches", "-v"], ["history"], ["history", "-v"], ["history", "-r", "a1:"], ["history", "-r", ":b2"],
    ["history", "-r", "a1:e5"], ["history", "-r", "lab@base:lab@head"], ["show", "heads"], ["show", "lab"], ["show", "e5"],
]


def ordered(text: str) -> str:
    """What a command prints, with what Alembic keeps in sets in order."""
    lines = []
    for line in text.splitlines():
        if line.startswith("Branches into: "):
            line = "Branches into: " + ", ".join(sorted(line.removeprefix("Branches into: ").split(", ")))
        if line.startswith(" ") and " -> " in line and lines and " -> " in lines[-1] and lines[-1].startswith(" ") and lines[-1] > line:
            lines.insert(-1, line)
        else:
            lines.append(line)
    return "\n".join(lines)


CURRENT = [
    ["current"], ["current", "-v"], ["current", "--check-heads"], ["history", "-i"], ["history", "-i", "-v"],
    ["history", "-r", "current:"], ["history", "-r", ":current"], ["history", "-i", "-r", "current:head"],
]


class Report:
    """What was compared."""

    def __init__(self, show: bool) -> None:
        self.show = show
        self.passed = 0
        self.failed: list[str] = []

    def same(self, what: str, wanted: object, made: object) -> None:
        """Counts a comparison."""
        if wanted == made:
            self.passed += 1
            return
        self.failed.append(what)
        if self.show:
            print(f"--- {what}\n--- Alembic\n{wanted}\n--- gensql\n{made}\n")


class Absent(importlib.abc.MetaPathFinder, importlib.abc.Loader):
    """Stands for the packages that the templates of real projects import."""

    def find_spec(self, name, path=None, target=None):
        """A module of any name."""
        return importlib.machinery.ModuleSpec(name, self, is_package=True)

    def create_module(self, spec):
        """A module that has all names."""
        module = types.ModuleType(spec.name)
        module.__getattr__ = lambda name: mock.MagicMock()
        return module

    def exec_module(self, module):
        """There is nothing in it."""


sys.meta_path.append(Absent())


def stamped(self: ScriptDirectory) -> datetime.datetime:
    """The date of every revision."""
    moment = datetime.datetime.fromtimestamp(EPOCH, tz=datetime.timezone.utc)
    if not self.timezone:
        return moment.replace(tzinfo=None)
    try:
        zone = ZoneInfo(self.timezone)
    except Exception:
        try:
            zone = ZoneInfo(self.timezone.upper())
        except Exception:
            raise util.CommandError("Can't locate timezone: %s" % self.timezone) from None
    return moment.astimezone(zone)


ScriptDirectory._generate_create_date = stamped


def alembic_runs(directory: Path, arguments: list[str]) -> tuple[bool, str]:
    """Whether a command of Alembic succeeds, and what it prints."""
    out = io.TextIOWrapper(io.BytesIO(), encoding="utf-8", write_through=True)
    here = os.getcwd()
    os.chdir(directory)
    saved = sys.stdout
    try:
        cli = CommandLine()
        options = cli.parser.parse_args(["-c", "alembic.ini", *arguments])
        config = Config(file_="alembic.ini", ini_section=options.name, cmd_opts=options, stdout=out)
        sys.stdout = out
        function, positional, keywords = options.cmd
        try:
            function(config, *[getattr(options, name, None) for name in positional], **{name: getattr(options, name, None) for name in keywords})
            return True, out.buffer.getvalue().decode()
        except (util.CommandError, SystemExit) as error:
            return False, str(error)
    finally:
        sys.stdout = saved
        os.chdir(here)


def gensql_runs(gensql: Path, directory: Path, arguments: list[str], **environment: str) -> tuple[bool, str, str]:
    """Whether a command of gensql succeeds, what it prints, and its messages."""
    done = subprocess.run(
        [gensql, *arguments], cwd=directory, capture_output=True, text=True,
        env={"PATH": os.environ["PATH"], "SOURCE_DATE_EPOCH": str(EPOCH), **environment},
    )
    return done.returncode == 0, done.stdout, done.stderr


def templates() -> list[Path]:
    """All templates of revisions that there are."""
    found = sorted(Path(alembic.__file__).parent.glob("templates/*/script.py.mako"))
    packages = Path(sysconfig.get_paths()["purelib"])
    # Those for several databases ask the application that is running, which there is none of.
    flask = packages.glob("flask_migrate/templates/*/script.py.mako")
    found += sorted(path for path in flask if "multidb" not in path.parent.name)
    found += sorted((CACHE / "projects").rglob("script.py.mako"))
    return found


def files(directory: Path) -> dict[str, bytes]:
    """The revisions of a project."""
    root = directory / "migrations" / "versions"
    return {str(path.relative_to(root)): path.read_bytes() for path in sorted(root.rglob("*.py"))}


def write_alike(gensql: Path, report: Report) -> None:
    """Each template, in projects of several configurations."""
    for template in templates():
        for number, options in enumerate(OPTIONS):
            with tempfile.TemporaryDirectory() as work:
                sides = []
                for side in ("alembic", "gensql"):
                    project = Path(work) / side
                    (project / "migrations" / "versions").mkdir(parents=True)
                    (project / "alembic.ini").write_text(INI.format(options=options))
                    (project / "migrations" / "env.py").write_text(ENV)
                    shutil.copy(template, project / "migrations" / "script.py.mako")
                    sides.append(project)
                theirs, ours = sides
                # Without a place for labels Alembic leaves the file behind and fails; gensql writes none.
                plain = "branch_labels" not in template.read_text()
                for step in PLAIN_STEPS if plain else STEPS:
                    done, said = alembic_runs(theirs, step)
                    same, out, err = gensql_runs(gensql, ours, step)
                    name = f"{template} [{number}] {' '.join(step)}"
                    report.same(name + ": outcome", (done, said.replace(str(theirs), "") if done else ""), (same, out.replace(str(ours), "") if same else ""))
                    if done != same and report.show:
                        print(said, err)
                wanted, made = files(theirs), files(ours)
                report.same(f"{template} [{number}] names", sorted(wanted), sorted(made))
                for name, content in wanted.items():
                    report.same(f"{template} [{number}] {name}", content.decode(), made.get(name, b"").decode())
                if number == 0:
                    for listing in LISTS:
                        done, said = alembic_runs(theirs, listing)
                        same, out, _ = gensql_runs(gensql, ours, listing)
                        wanted, made = (ordered(said.replace(str(theirs), "")), ordered(out.replace(str(ours), ""))) if done else ("", "")
                        report.same(f"{template} {' '.join(listing)}", (done, wanted), (same, made))


TABLE = '''    op.create_table(
        "account_{n}",
        sa.Column("id", sa.Integer, primary_key=True),
        sa.Column("name", sa.String(50), nullable=False),
    )
'''


def filled(path: Path, number: int) -> None:
    """Gives the first upgrade something to do."""
    lines = []
    bodies = iter([TABLE.format(n=number), f'    op.drop_table("account_{number}")\n'] * 2)
    for line in path.read_text().splitlines(keepends=True):
        lines.append(next(bodies) if line.strip() == "pass" else line)
    path.write_text("".join(lines))


def tables(path: Path) -> list[str]:
    """The tables of a database, and the rows of the version table."""
    if not path.exists():
        return []
    with contextlib.closing(sqlite3.connect(path)) as database:
        found = sorted(name for (name,) in database.execute("SELECT name FROM sqlite_master WHERE type = 'table'"))
        if "alembic_version" in found:
            found += [row for (row,) in database.execute("SELECT version_num FROM alembic_version")]
        return found


def run_each_other(gensql: Path, report: Report) -> None:
    """Projects of gensql under Alembic, and the other way round."""
    for template in ("generic", "pyproject", "multidb"):
        databases = ["app.db", "app2.db"] if template == "multidb" else ["app.db"]
        with tempfile.TemporaryDirectory() as work:
            project = Path(work)
            done = [gensql_runs(gensql, project, ["init", "db", "--template", template])]
            for number, name in enumerate(["a1", "b2"]):
                done.append(gensql_runs(gensql, project, ["revision", "-m", f"table {number}", "--rev-id", name]))
                for path in sorted((project / "db" / "versions").glob(f"{name}_*.py")):
                    filled(path, number)
            report.same(f"gensql init {template}", [], [err for ok, _, err in done if not ok])
            environment = {**os.environ}
            def alembic_alone(*arguments: str) -> str:
                done = subprocess.run([sys.executable, "-m", "alembic", *arguments], cwd=project, capture_output=True, text=True, env=environment)
                return "" if done.returncode == 0 else done.stderr
            report.same(f"{template}: Alembic upgrades", "", alembic_alone("upgrade", "head"))
            for database in databases:
                report.same(f"{template}: tables of {database}", ["account_0", "account_1", "alembic_version", "b2"], tables(project / database))
            report.same(f"{template}: Alembic downgrades", "", alembic_alone("downgrade", "a1"))
            report.same(f"{template}: tables after the downgrade", ["account_0", "alembic_version", "a1"], tables(project / databases[0]))
            if template != "multidb":
                for listing in CURRENT:
                    done = subprocess.run([sys.executable, "-m", "alembic", *listing], cwd=project, capture_output=True, text=True)
                    said = "".join(line for line in done.stdout.splitlines(keepends=True) if not line.startswith("Current revision(s) for"))
                    ok, out, _ = gensql_runs(gensql, project, [*listing, "--current", "a1"])
                    same = ("", "") if done.returncode else (said, out)
                    report.same(f"{template}: {' '.join(listing)}", (done.returncode == 0, same[0]), (ok, same[1]))
                ok, script, err = gensql_runs(gensql, project, ["upgrade", "a1:head"])
                with contextlib.closing(sqlite3.connect(project / "app.db")) as database:
                    database.executescript(script)
                report.same(f"{template}: gensql's script", ["account_0", "account_1", "alembic_version", "b2"], tables(project / "app.db"))
    with tempfile.TemporaryDirectory() as work:
        project = Path(work)
        for arguments in (["init", "db"], ["revision", "-m", "one", "--rev-id", "a1"]):
            subprocess.run([sys.executable, "-m", "alembic", *arguments], cwd=project, check=True, capture_output=True)
        for path in (project / "db" / "versions").glob("a1_*.py"):
            filled(path, 1)
        ok, script, err = gensql_runs(gensql, project, ["--dialect", "sqlite", "upgrade", "head"])
        report.same("Alembic's project under gensql", "", "" if ok else err)
        with contextlib.closing(sqlite3.connect(project / "x.db")) as database:
            database.executescript(script)
        report.same("its tables", ["account_1", "alembic_version", "a1"], tables(project / "x.db"))
        ok, script, err = gensql_runs(gensql, project, ["--dialect", "sqlite", "downgrade", "head:base"])
        with contextlib.closing(sqlite3.connect(project / "x.db")) as database:
            database.executescript(script)
        report.same("its tables are gone", [], [name for name in tables(project / "x.db") if name.startswith("account")])


MODELS = """import sqlalchemy as sa
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column


class Base(DeclarativeBase):
    pass


class User(Base):
    __tablename__ = "users"

    id: Mapped[int] = mapped_column(primary_key=True)
    name: Mapped[str] = mapped_column(sa.String(50), index=True)
"""

LATER = """    email: Mapped[str | None] = mapped_column(sa.String(100))


class Post(Base):
    __tablename__ = "posts"
    __table_args__ = (sa.UniqueConstraint("user_id", "title", name="uq_title"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    user_id: Mapped[int] = mapped_column(sa.ForeignKey("users.id"))
    title: Mapped[str] = mapped_column(sa.Text)
"""


def day(gensql: Path, report: Report) -> None:
    """A team's day, in which each step is looked at by Alembic."""
    with tempfile.TemporaryDirectory() as work:
        project = Path(work)

        def ours(command: str, **environment: str) -> str:
            ok, out, err = gensql_runs(gensql, project, command.split(), PYTHONPATH=".", **environment)
            report.same(f"day: gensql {command}", "", "" if ok else err)
            return out

        def theirs(command: str) -> str:
            done = subprocess.run([sys.executable, "-m", "alembic", *command.split()], cwd=project, capture_output=True, text=True)
            report.same(f"day: alembic {command}", 0, done.returncode)
            if done.returncode and report.show:
                print(done.stdout, done.stderr)
            return done.stdout

        def apply(script: str) -> None:
            with contextlib.closing(sqlite3.connect(project / "app.db")) as database:
                database.executescript(script)

        def at(where: str, revision: str) -> None:
            report.same(f"day: current {where}", revision, theirs("current").strip().partition(" ")[0])

        ours("init")
        env = project / "migrations" / "env.py"
        env.write_text(env.read_text().replace("\ntarget_metadata = None\n", "\nfrom models import Base\n\ntarget_metadata = Base.metadata\n"))
        ini = project / "alembic.ini"
        ini.write_text("".join(
            "sqlalchemy.url = sqlite:///app.db\n" if line.startswith("sqlalchemy.url") else line
            for line in ini.read_text().splitlines(keepends=True)
        ))
        (project / "models.py").write_text(MODELS)
        ours("revision --autogenerate -m users --rev-id aaaa01")
        theirs("upgrade head")
        theirs("check")
        ours("check")
        ours("lock")
        (project / "models.py").write_text(MODELS + LATER)
        ours("revision --autogenerate -m posts --rev-id aaaa02")
        allowed = "# gensql: allow held-locks nobody works here at night"
        ours("edit head", EDITOR=f"sed -i 's/^def upgrade.*/{allowed}\\n&/'")
        text = next((project / "migrations" / "versions").glob("aaaa02_*")).read_text()
        report.same("day: the editor had the file", True, allowed in text)
        gensql_runs(gensql, project, ["lint", "aaaa01:head"])
        ours("review aaaa01:head")
        ours("bundle aaaa01:head -o release")
        ours("bundle --check release")
        ours("lock")
        ours("lock --check --complete")
        for path, revision in (("upgrade.sql", "aaaa02"), ("rollback.sql", "aaaa01")):
            apply((project / "release" / path).read_text())
            at(f"behind {path}", revision)
        theirs("upgrade head")
        theirs("check")
        ours("revision -m left --rev-id bbbb01")
        ours("revision -m right --rev-id cccc01 --head aaaa02 --splice")
        ours("merge heads -m both --rev-id dddd01")
        theirs("upgrade head")
        at("behind the merge", "dddd01")
        for command, revision in (("stamp --purge aaaa01", "aaaa01"), ("stamp aaaa01:aaaa02", "aaaa02"), ("stamp --purge head", "dddd01")):
            apply(ours(command))
            at(f"behind {command}", revision)
        theirs("stamp --purge head")
        theirs("check")
        theirs("downgrade base")
        report.same("day: tables at the end", ["alembic_version"], tables(project / "app.db"))
        (project / "app.db").unlink()
        apply(ours("upgrade head"))
        theirs("check")
        at("behind gensql's script", "dddd01")


def main() -> int:
    """Compare, and say what differs."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--gensql", type=Path, default=Path(__file__).parent.parent / "target" / "release" / "gensql")
    parser.add_argument("--show", action="store_true", help="print what differs")
    options = parser.parse_args()
    gensql = options.gensql.absolute()
    report = Report(options.show)
    write_alike(gensql, report)
    run_each_other(gensql, report)
    day(gensql, report)
    for what in report.failed:
        print(f"differs: {what}")
    print(f"authoring: {report.passed} the same, {len(report.failed)} differ, {len(templates())} templates")
    return 1 if report.failed else 0


if __name__ == "__main__":
    sys.exit(main())
