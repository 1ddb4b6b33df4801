"""A PostgreSQL server of our own: temporary directory, unix socket, no network."""

from __future__ import annotations

import os
import pwd
import shutil
import subprocess
import tempfile
from pathlib import Path


class Unavailable(Exception):
    """No server can be had here, and why."""


def binaries() -> Path:
    """The folder with initdb and postgres."""
    candidates = []
    if shutil.which("pg_config"):
        candidates.append(Path(subprocess.run(["pg_config", "--bindir"], capture_output=True, text=True).stdout.strip()))
    candidates += sorted(Path("/usr/lib/postgresql").glob("*/bin"), key=lambda p: [int(n) for n in p.parent.name.split(".") if n.isdigit()], reverse=True)
    if shutil.which("initdb"):
        candidates.append(Path(shutil.which("initdb")).parent)
    for folder in candidates:
        if all((folder / name).exists() for name in ("initdb", "postgres", "pg_ctl")):
            return folder
    raise Unavailable("PostgreSQL's initdb and postgres are not installed")


class Postgres:
    """`with Postgres() as server:`; `server.create(NAME)` gives an empty database."""

    def __enter__(self) -> Postgres:
        self.bin = binaries()
        self.directory = Path(tempfile.mkdtemp(prefix="gensql-pg-"))
        # The server refuses to run as root.
        self.identity: dict = {}
        if os.getuid() == 0:
            for name in ("postgres", "nobody"):
                try:
                    user = pwd.getpwnam(name)
                except KeyError:
                    continue
                self.identity = {"user": user.pw_uid, "group": user.pw_gid, "extra_groups": []}
                os.chown(self.directory, user.pw_uid, user.pw_gid)
                break
            else:
                raise Unavailable("no user to run PostgreSQL as")
        try:
            self._server("initdb", "-D", self.directory / "data", "-U", "postgres", "-A", "trust", "-E", "UTF8", "--no-locale", "-N")
            options = f"-k {self.directory} -c listen_addresses='' -c fsync=off -c synchronous_commit=off -c full_page_writes=off"
            self._server("pg_ctl", "-D", self.directory / "data", "-w", "-t", "60", "-l", self.directory / "log", "-o", options, "start")
        except BaseException:
            shutil.rmtree(self.directory, ignore_errors=True)
            raise
        return self

    def __exit__(self, *_exception) -> None:
        self._server("pg_ctl", "-D", self.directory / "data", "-m", "immediate", "stop", check=False)
        shutil.rmtree(self.directory, ignore_errors=True)

    def _server(self, program: str, *arguments, check: bool = True) -> None:
        # To a file: the server that pg_ctl starts inherits a pipe and keeps it open.
        with open(self.directory / "setup.log", "w+") as log:
            result = subprocess.run([self.bin / program, *map(str, arguments)], stdout=log, stderr=log, cwd="/", stdin=subprocess.DEVNULL, **self.identity)
            if check and result.returncode:
                log.seek(0)
                raise Unavailable(f"{program}: {log.read()[-800:]}")

    @property
    def environment(self) -> dict[str, str]:
        """What psql and pg_dump need."""
        return {**os.environ, "PGHOST": str(self.directory), "PGUSER": "postgres", "PGCLIENTENCODING": "UTF8"}

    def create(self, name: str) -> str:
        """An empty database; returns SQLAlchemy's URL of it."""
        for statement in (f'DROP DATABASE IF EXISTS "{name}" WITH (FORCE)', f'CREATE DATABASE "{name}"'):
            subprocess.run([self.bin / "psql", "-qX", "-v", "ON_ERROR_STOP=1", "-d", "postgres", "-c", statement],
                           env=self.environment, check=True, capture_output=True)
        return f"postgresql+psycopg2://postgres@/{name}?host={self.directory}"

    def apply(self, name: str, script: str) -> str:
        """Runs a script; the error text, empty where it went through."""
        run = subprocess.run([self.bin / "psql", "-qX", "-v", "ON_ERROR_STOP=1", "-d", name, "-f", "-"], input=script, text=True,
                             env=self.environment, capture_output=True, timeout=600)
        return "" if run.returncode == 0 else run.stderr.strip() or f"exit {run.returncode}"

    def schema(self, name: str) -> str:
        """The schema and the version table's rows, without what differs from dump to dump."""
        dump = subprocess.run([self.bin / "pg_dump", "-s", "--no-owner", "--no-privileges", "-d", name], env=self.environment,
                              capture_output=True, text=True, check=True).stdout
        lines = [line.rstrip() for line in dump.splitlines()]
        kept = [line for line in lines if line and not line.startswith(("--", "SET ", "SELECT pg_catalog.set_config", "\\"))]
        rows = subprocess.run([self.bin / "psql", "-qXAt", "-d", name, "-c", "SELECT version_num FROM alembic_version ORDER BY 1"],
                              env=self.environment, capture_output=True, text=True).stdout
        return "\n".join(kept) + "\n-- versions: " + " ".join(rows.split()) + "\n"
