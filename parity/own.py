#!/usr/bin/env python3
"""Whole chains of projects that are installed with the SQLAlchemy that they want.

    python3 parity/own.py                                       every project of own.toml, three engines
    python3 parity/own.py --project superset --engine sqlite
    python3 parity/own.py --project superset --venv DIRECTORY   an environment that is there already

The project's own command migrates one empty database; gensql's script (`upgrade heads --fresh`, with the tables that
the project's framework makes as `--baseline`) another. The schemas must be the same, and the rows, but for what own.toml
expects, with the reason. The first run installs each project (some 150 packages) in `own/` of the cache, which takes
minutes; nothing else runs this. GENSQL_REQUIRE_SERVERS=1 makes a missing server a failure.
"""

from __future__ import annotations

import argparse
import json
import os
import re
import shutil
import subprocess
import sys
import tomllib
from collections import Counter
from pathlib import Path

import environment
from online import ENGINES, INITIAL, _line, differing
from servers import Unavailable

INSTALL_SECONDS = 3600
MIGRATE_SECONDS = 1800
GENSQL_SECONDS = 600
#: Lines of context that no dump has: each difference is kept with all that is the same.
WHOLE = 10**6


def projects() -> list[dict]:
    """The tables of own.toml."""
    with open(environment.HERE / "own.toml", "rb") as file:
        return tomllib.load(file)["project"]


def installed(project: dict) -> Path:
    """The project's environment, made from its requirements where it is not there."""
    venv = environment.cache_directory() / "own" / project["name"]
    requirements = environment.HERE / project["requirements"]
    stamp = venv / "own-stamp"
    if not (stamp.exists() and stamp.read_text() == requirements.read_text()):
        print(f"own: installing {project['name']}", file=sys.stderr, flush=True)
        shutil.rmtree(venv, ignore_errors=True)
        for command in ([sys.executable, "-m", "venv", venv],
                        [venv / "bin" / "python", "-m", "pip", "install", "-q", "--disable-pip-version-check", "-r", requirements]):
            run = subprocess.run(list(map(str, command)), capture_output=True, text=True, timeout=INSTALL_SECONDS)
            if run.returncode:
                sys.exit(f"own: {project['name']} cannot be installed:\n{run.stderr[-2000:]}")
        stamp.write_text(requirements.read_text())
    return venv


def settings(project: dict, ini: Path, *packages: Path) -> str:
    """The gensql.toml of a project: what its migrations have of the running application."""
    lines = [f"alembic = {json.dumps(str(ini))}", f"packages = {json.dumps(list(map(str, packages)))}"]
    if stand_ins := project.get("stand_ins"):
        lines.append(f"stand_ins = [{json.dumps(str(environment.HERE / stand_ins))}]")
    lines += ["[answers]", *(f"{json.dumps(asked)} = {json.dumps(said)}" for asked, said in project.get("answers", {}).items()), "[types]"]
    for name, spelled in project.get("types", {}).items():
        lines.append(f"{json.dumps(name)} = {{ {', '.join(f'{key} = {json.dumps(text)}' for key, text in spelled.items())} }}")
    return "\n".join(lines) + "\n"


class Run:
    """One project on one engine."""

    def __init__(self, project: dict, venv: Path, dialect: str, gensql: Path) -> None:
        self.project, self.venv, self.dialect, self.gensql = project, venv.absolute(), dialect, gensql
        self.folder = environment.cache_directory() / "own" / f"{project['name']}-{dialect}"
        shutil.rmtree(self.folder, ignore_errors=True)
        self.folder.mkdir(parents=True)
        self.packages = next(self.venv.glob("lib/python*/site-packages"))
        self.ini = self.packages / project["alembic"].replace("{folder}", str(self.folder))

    def _inside(self, command: list[str | Path], url: str, log: str) -> str:
        """A command of the environment; the last line of its error, empty where it went through."""
        filled = lambda text: text.replace("{folder}", str(self.folder)).replace("{packages}", str(self.packages)).replace("{url}", url)
        for name, text in self.project.get("files", {}).items():
            (self.folder / name).write_text(filled(text), encoding="utf-8")
        mine = {name: filled(text) for name, text in self.project.get("environment", {}).items()}
        path = f"{self.venv / 'bin'}{os.pathsep}{os.environ.get('PATH', '')}"
        run = subprocess.run(list(map(str, command)), capture_output=True, text=True, timeout=MIGRATE_SECONDS, stdin=subprocess.DEVNULL, cwd=self.folder,
                             env={"PATH": path, "HOME": str(self.folder), "LANG": "C.UTF-8", "TZ": "UTC", "PYTHONWARNINGS": "ignore", **mine})
        (self.folder / log).write_text(run.stdout + run.stderr, encoding="utf-8")
        if run.returncode == 0:
            return ""
        return (run.stderr.strip().splitlines() or [f"exit {run.returncode}"])[-1][:300]

    def migrate(self, url: str) -> str:
        """The project migrates its database; the error."""
        program, *arguments = self.project["migrate"]
        arguments = [argument.replace("{folder}", str(self.folder)) for argument in arguments]
        return self._inside([self.venv / "bin" / program, *arguments], url, "migrate.log")

    def first_tables(self, server, url: str) -> tuple[list[str], str]:
        """Makes what is there before the first revision; gensql's options, and the error."""
        if not (base := self.project.get("initial")):
            return [], ""
        file = self.folder / "baseline.sql"
        error = self._inside([self.venv / "bin" / "python", "-c", INITIAL, self.ini, url, base, file], url, "first-tables.log")
        return ["--baseline", str(file)], error or server.apply("gensql", file.read_text(encoding="utf-8"))

    def script(self, *arguments: str) -> tuple[str, str]:
        """gensql's script, and the error."""
        (self.folder / "gensql.toml").write_text(settings(self.project, self.ini, self.venv), encoding="utf-8")
        run = subprocess.run([str(self.gensql), "-c", str(self.folder / "gensql.toml"), "--dialect", self.dialect, *arguments],
                             capture_output=True, text=True, timeout=GENSQL_SECONDS, cwd=self.folder, stdin=subprocess.DEVNULL)
        (self.folder / "script.sql").write_text(run.stdout, encoding="utf-8")
        (self.folder / "script.log").write_text(run.stderr, encoding="utf-8")
        return (run.stdout, "") if run.returncode == 0 else ("", f"gensql: {_line(run.stderr.strip() or f'exit {run.returncode}')}")

    def check(self, server) -> tuple[str, list[str]]:
        """(verdict, what is to be said): same, different, failed, not online."""
        url, other = server.create("alembic"), server.create("gensql")
        if error := self.migrate(url):
            return "not online", [error]
        baseline, error = self.first_tables(server, other)
        if error:
            return "failed", [f"its first tables: {error}"]
        text, error = self.script("upgrade", "heads", "--fresh", *baseline)
        if not error and (error := server.apply("gensql", text)):
            error = f"the script: {_line(error)}"
        if error:
            return "failed", [error]
        counts = [f"{len(getattr(server, what)('gensql').splitlines())} {name}" for what, name in (("schema", "lines of schema"), ("rows", "rows"))]
        said, unexpected = [", ".join(counts)], []
        for what in ("schema", "rows"):
            lines = by_table(differing(server, what, self.folder / f"{what}.diff", WHOLE))
            reasons = [self.expected(what, table, line) for table, line in lines]
            said += [f"{number} lines of {what} differ: {reason}" for reason, number in Counter(filter(None, reasons)).items()]
            unexpected += [f"{what}, {table}: {line[:200]}" for (table, line), reason in zip(lines, reasons) if reason is None]
        return ("different", unexpected + said) if unexpected else ("same", said)

    def expected(self, what: str, table: str, line: str) -> str | None:
        """The reason why this line differs."""
        entries = [entry for entry in self.project.get("differs", []) if self.dialect in entry["engines"] and what == entry["what"]]
        meant = (entry["reason"] for entry in entries
                 if re.fullmatch(entry.get("tables", ".*"), table) and re.search(entry.get("lines", ""), line[1:]))
        return next(meant, None)


def by_table(diff: str) -> list[tuple[str, str]]:
    """The differing lines with the table that each is in: a dump says it before its parts, a row with it."""
    table, found = "", []
    for line in diff.splitlines()[2:]:
        if begun := re.match(r".(?:CREATE TABLE|table) (?:public\.)?`?(\w+)|.(?:public\.)?(\w+): ", line):
            table = begun[1] or begun[2]
        elif line[1:2] not in (" ", ")"):
            table = ""
        if line[:1] in "+-":
            found.append((table, line))
    return found


def main() -> int:
    """Every project on every engine."""
    migrated = [project for project in projects() if "migrate" in project]
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--gensql", type=Path, default=environment.REPOSITORY / "target" / "release" / "gensql")
    parser.add_argument("--project", action="append", choices=[project["name"] for project in migrated])
    parser.add_argument("--engine", action="append", choices=list(ENGINES))
    parser.add_argument("--venv", type=Path, help="the environment of the one project, in place of `own/NAME` of the cache")
    options = parser.parse_args()
    gensql = options.gensql.absolute()
    if not gensql.exists():
        print(f"own: there is no {gensql}; build it with `cargo build --release`", file=sys.stderr)
        return 2
    wanted = [project for project in migrated if not options.project or project["name"] in options.project]
    if options.venv and len(wanted) != 1:
        print("own: `--venv` goes with one `--project`", file=sys.stderr)
        return 2
    counts: Counter = Counter()
    required = os.environ.get("GENSQL_REQUIRE_SERVERS", "") not in ("", "0")
    for project in wanted:
        venv = options.venv or installed(project)
        for dialect, engine in ENGINES.items():
            if (options.engine and dialect not in options.engine) or dialect not in project.get("engines", ENGINES):
                continue
            try:
                with engine() as server:
                    verdict, said = Run(project, venv, dialect, gensql).check(server)
            except Unavailable as error:
                verdict, said = "failed" if required else "skipped", [str(error)]
            print(f"{dialect:<11} {project['name']:<12} {verdict:<11} {said[0]}", *said[1:], sep="\n    ", flush=True)
            counts[{"same": "passed", "skipped": "skipped"}.get(verdict, "failed")] += 1
    print(f"{counts['passed']} passed, {counts['failed']} failed, {counts['skipped']} skipped")
    return 1 if counts["failed"] else 0


if __name__ == "__main__":
    sys.exit(main())
