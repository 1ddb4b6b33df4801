"""Servers of our own: temporary directory, unix socket, no network."""

from __future__ import annotations

import itertools
import os
import pwd
import re
import shutil
import subprocess
import tempfile
import time
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


    def rows(self, name: str) -> str:
        """Every row, by table, without what differs from run to run."""
        listing = "SELECT format('%I.%I', schemaname, tablename) FROM pg_tables WHERE schemaname NOT IN ('pg_catalog', 'information_schema')"
        tables = self._ask(name, f"{listing} ORDER BY 1").splitlines()
        return "".join(listed(table, self._ask(name, f"SELECT t FROM {table} AS t").splitlines()) for table in tables)

    def _ask(self, name: str, query: str) -> str:
        return subprocess.run([self.bin / "psql", "-qXAt", "-d", name, "-c", query], env=self.environment,
                              capture_output=True, text=True, check=True).stdout


def listed(table: str, rows: list[str]) -> str:
    """The rows of a table in order, with times and random identifiers masked: they differ from run to run."""
    masked = (re.sub(r"\d{4}-\d\d-\d\d[ T]\d\d:\d\d:\d\d(\.\d+)?([+-]\d\d(:?\d\d)?)?", "<time>", row) for row in rows)
    masked = (re.sub(r"\b[0-9a-f]{8}-?([0-9a-f]{4}-?){3}[0-9a-f]{12}\b", "<uuid>", row) for row in masked)
    return "".join(f"{table}: {row}\n" for row in sorted(masked))


class MariaDb:
    """MariaDB servers, with the interface of `Postgres`: each database on one of its own, since schemas are databases."""

    def __enter__(self) -> MariaDb:
        for program in ("mariadb-install-db", "mariadbd", "mariadb", "mariadb-dump"):
            if not shutil.which(program):
                raise Unavailable(f"{program} is not installed")
        self.directory = Path(tempfile.mkdtemp(prefix="gensql-mariadb-"))
        self.processes: dict[str, subprocess.Popen] = {}
        return self

    def __exit__(self, *_exception) -> None:
        for process in self.processes.values():
            process.kill()
            process.wait()
        shutil.rmtree(self.directory, ignore_errors=True)

    def _start(self, name: str) -> None:
        folder = self.directory / name
        folder.mkdir()
        data = f"--datadir={folder / 'data'}"
        made = subprocess.run(["mariadb-install-db", "--no-defaults", "--user=root", "--skip-test-db", "--auth-root-authentication-method=normal", data],
                              capture_output=True, text=True, stdin=subprocess.DEVNULL)
        if made.returncode:
            raise Unavailable(f"mariadb-install-db: {made.stderr[-800:]}")
        with open(folder / "log", "w") as log:
            self.processes[name] = subprocess.Popen(
                ["mariadbd", "--no-defaults", "--user=root", "--skip-networking", "--innodb-flush-log-at-trx-commit=0",
                 "--character-set-server=utf8mb4", data, f"--socket={folder / 'socket'}"],
                stdout=log, stderr=log, stdin=subprocess.DEVNULL)
        deadline = time.monotonic() + 60
        while self._client(name, "mysql", "SELECT 1").returncode:
            if self.processes[name].poll() is not None or time.monotonic() > deadline:
                raise Unavailable(f"mariadbd does not answer: {(folder / 'log').read_text()[-800:]}")
            time.sleep(0.2)

    def _options(self, name: str) -> list[str]:
        return ["--no-defaults", "-uroot", f"--socket={self.directory / name / 'socket'}"]

    def _client(self, name: str, database: str, text: str) -> subprocess.CompletedProcess:
        return subprocess.run(["mariadb", *self._options(name), "-N", "-B", database], input=text, capture_output=True, text=True, timeout=600)

    def _databases(self, name: str) -> list[str]:
        system = {"information_schema", "mysql", "performance_schema", "sys"}
        return sorted(set(self._client(name, "mysql", "SHOW DATABASES").stdout.split("\n")) - system - {""})

    def create(self, name: str) -> str:
        """An empty database; returns SQLAlchemy's URL of it."""
        if name not in self.processes:
            self._start(name)
        drops = "".join(f"DROP DATABASE `{database}`;" for database in self._databases(name))
        self._client(name, "mysql", f"SET foreign_key_checks = 0; {drops} CREATE DATABASE app").check_returncode()
        return f"mariadb+pymysql://root@localhost/app?unix_socket={self.directory / name / 'socket'}"

    def apply(self, name: str, script: str) -> str:
        """Runs a script; the error text, empty where it went through."""
        run = self._client(name, "app", script)
        return "" if run.returncode == 0 else run.stderr.strip() or f"exit {run.returncode}"

    def rows(self, name: str) -> str:
        """Every row of the database, by table, without what differs from run to run."""
        tables = self._client(name, "app", "SHOW FULL TABLES WHERE Table_type = 'BASE TABLE'").stdout.splitlines()
        names = [table.split("\t")[0] for table in tables]
        return "".join(listed(table, self._client(name, "app", f"SELECT * FROM `{table}`").stdout.splitlines()) for table in sorted(names))

    def schema(self, name: str) -> str:
        """The schemas and the version table's rows, without what counts the rows that were there."""
        dump = subprocess.run(["mariadb-dump", *self._options(name), "--no-data", "--routines", "--skip-comments", "--skip-set-charset",
                               "--databases", *self._databases(name)], capture_output=True, text=True, check=True).stdout
        kept = [re.sub(r" AUTO_INCREMENT=\d+", "", line).rstrip(",") for line in dump.splitlines() if line and not line.startswith("/*")]
        # The keys of a table have no order; Alembic makes those of a Table in the order of a set.
        runs = itertools.groupby(kept, lambda line: re.match(r" +((UNIQUE|FULLTEXT|SPATIAL) )?KEY ", line) is not None)
        kept = [line for keys, run in runs for line in (sorted(run) if keys else run)]
        rows = self._client(name, "app", "SELECT version_num FROM alembic_version ORDER BY 1").stdout
        return "\n".join(kept) + "\n-- versions: " + " ".join(rows.split()) + "\n"
