#!/usr/bin/env python3
"""Autogenerate: what gensql proposes without a database, against what Alembic proposes with one.

    $GENSQL_PARITY_DIR/venv/bin/python parity/autogenerate.py --gensql target/release/gensql
    … --case "a longer text" --dialect sqlite --show

Runs with the Python of the parity environment. For each change of models, on SQLite and on
PostgreSQL: Alembic writes the first revision, brings a live database there, and writes the second
from the changed models; gensql writes both from the files alone. Then the same for the examples and
for the models of real projects. The bodies of `upgrade()` and `downgrade()` and the imports have to
be the same, but for the order of what Alembic keeps in sets. What differs has to be listed in
autogenerate_explained.toml with a reason, and what is listed there has to differ.

Exit status: 0 when nothing unexplained differs, 1 otherwise. GENSQL_REQUIRE_SERVERS=1 makes a
missing server a failure.
"""

from __future__ import annotations

import argparse
import ast
import contextlib
import difflib
import importlib
import io
import logging
import os
import re
import shutil
import subprocess
import sys
import tempfile
import tomllib
import traceback
import warnings
from dataclasses import dataclass
from pathlib import Path

import sqlalchemy
from alembic import command
from alembic.autogenerate import comparators, renderers
from alembic.config import Config
from alembic.script import ScriptDirectory

import environment
from autogenerate_cases import CASES, HEAD, Case
from online import Sqlite
from servers import Postgres, Unavailable

HERE = Path(__file__).parent

INI = """[alembic]
script_location = %(here)s/migrations
prepend_sys_path = %(here)s
sqlalchemy.url = {url}
"""

ENV = """from alembic import context
from sqlalchemy import create_engine, pool

import models

config = context.config
target_metadata = models.metadata


def run_migrations_offline():
    context.configure(url=config.get_main_option("sqlalchemy.url"), target_metadata=target_metadata, literal_binds=True{options})
    with context.begin_transaction():
        context.run_migrations()


def run_migrations_online():
    engine = create_engine(config.get_main_option("sqlalchemy.url"), poolclass=pool.NullPool)
    with engine.connect() as connection:
        context.configure(connection=connection, target_metadata=target_metadata{options})
        with context.begin_transaction():
            context.run_migrations()


if context.is_offline_mode():
    run_migrations_offline()
else:
    run_migrations_online()
"""

TEMPLATE = '''"""${message}"""
from alembic import op
import sqlalchemy as sa
${imports if imports else ""}

revision = ${repr(up_revision)}
down_revision = ${repr(down_revision)}
branch_labels = ${repr(branch_labels)}
depends_on = ${repr(depends_on)}


def upgrade():
    ${upgrades if upgrades else "pass"}


def downgrade():
    ${downgrades if downgrades else "pass"}
'''

#: What Alembic itself has registered.
RENDERERS = dict(renderers._registry)

#: What a command says that succeeds and writes no revision.
NOTHING = "nothing is written"

#: How Alembic is run on a real project, whose models need a process of their own.
ALEMBIC = """
import sys
import oracle
from alembic import command
from alembic.config import Config
oracle.supply_removed_names()
import sqlalchemy.pool
if not hasattr(sqlalchemy.pool, "FallbackAsyncAdaptedQueuePool"):
    sqlalchemy.pool.FallbackAsyncAdaptedQueuePool = sqlalchemy.pool.AsyncAdaptedQueuePool
config = Config(sys.argv[1])
if sys.argv[2] == "upgrade":
    command.upgrade(config, "heads")
else:
    command.revision(config, message="change", autogenerate=True, rev_id="zz", version_path=sys.argv[3])
"""


@dataclass
class Written:
    """What a revision does."""

    imports: list[str]
    upgrade: str
    downgrade: str

    def text(self) -> str:
        return "\n".join([*self.imports, "def upgrade():", self.upgrade, "def downgrade():", self.downgrade, ""])

    def ordered(self) -> str:
        """The same, with a fixed order of what Alembic keeps in sets."""
        return "\n".join([*self.imports, "def upgrade():", _ordered(self.upgrade), "def downgrade():", _ordered(self.downgrade), ""])


#: No revision.
NOWHERE = Written(["no revision is written"], "", "")


def read(path: Path) -> Written:
    """The parts of a revision that autogenerate writes."""
    source = path.read_text(encoding="utf-8")
    tree = ast.parse(source)
    bodies = {}
    lines = source.splitlines()
    functions = [node for node in tree.body if isinstance(node, ast.FunctionDef)]
    for node in functions:
        last = max((other.lineno for other in functions if other.lineno > node.lineno), default=len(lines) + 1) - 1
        bodies[node.name] = "\n".join(lines[node.lineno:last]).rstrip()
    imports = sorted(ast.unparse(node) for node in tree.body if isinstance(node, (ast.Import, ast.ImportFrom)))
    return Written(imports, bodies.get("upgrade", ""), bodies.get("downgrade", ""))


def _ordered(body: str) -> str:
    """Sorts neighbours that Alembic has from a set: tables and columns that go, foreign keys, unnamed uniques."""
    try:
        nodes = ast.parse("def f():\n" + body).body[0].body
    except SyntaxError:
        return body
    lines = ("def f():\n" + body).splitlines()
    pieces: list[tuple[tuple, str]] = []
    for node in nodes:
        text = "\n".join(lines[node.lineno - 1:node.end_lineno])
        if isinstance(node, ast.With):
            found = re.match(r"(.*\n)((?:.|\n)*)", text)
            inner = _ordered(found[2]) if found else ""
            pieces.append((("with", text.splitlines()[0]), (found[1] if found else text) + inner))
            continue
        name = re.match(r"\s*(?:batch_)?op\.(\w+)\(", text)
        table = re.search(r"table_name='(\w+)'", text) or re.search(r"\w\('(\w+)'", text)
        second = re.match(r"\s*op\.\w+\([^,]+, '(\w+)'", text)
        kind = name[1] if name else ""
        if kind in ("create_foreign_key", "drop_constraint", "create_unique_constraint"):
            pieces.append(((kind, second[1] if second else ""), text))
        elif kind in ("drop_column", "add_column"):
            pieces.append(((kind, table[1] if table else ""), text))
        elif kind == "drop_index":
            pieces.append((("drop_index", table[1] if table else ""), text))
        elif kind in ("drop_table", "create_table"):
            # With the indexes that go before it.
            while pieces and kind == "drop_table" and pieces[-1][0] == ("drop_index", table[1]):
                text = pieces.pop()[1] + "\n" + text
            pieces.append(((kind, ""), text))
        elif kind == "create_index" and pieces and pieces[-1][0] == ("create_table", "") and f"create_table({second and repr(second[1])}," in pieces[-1][1]:
            key, before = pieces.pop()
            pieces.append((key, before + "\n" + text))
        else:
            pieces.append(((kind, table[1] if table else "", len(pieces)), text))
    done = []
    while pieces:
        run = [text for key, text in pieces if key == pieces[0][0]]
        length = next((at for at, (key, _) in enumerate(pieces) if key != pieces[0][0]), len(pieces))
        run = [text for _, text in pieces[:length]]
        done += sorted(run)
        pieces = pieces[length:]
    return "\n".join(done)


ENGINES = {"sqlite": Sqlite, "postgresql": Postgres}


def project(folder: Path, case: Case, url: str, models: str) -> Path:
    """Writes the project of a case."""
    (folder / "migrations" / "versions").mkdir(parents=True, exist_ok=True)
    options = f", {case.options}" if case.options else ""
    if url.startswith("sqlite") and "render_as_batch" not in options:
        # As Alembic's documentation has it for SQLite: other changes cannot be applied there.
        options += ", render_as_batch=True"
    (folder / "alembic.ini").write_text(INI.format(url=url.replace("%", "%%")))
    (folder / "migrations" / "env.py").write_text(ENV.format(options=options))
    (folder / "migrations" / "script.py.mako").write_text(TEMPLATE)
    (folder / "models.py").write_text(HEAD + models)
    return folder / "alembic.ini"


def by_alembic(ini: Path, identifier: str) -> Path | None:
    """Alembic's revision, in this process."""
    sys.modules.pop("models", None)
    # What the models of another case have registered.
    comparators._registry.clear()
    renderers._registry.clear()
    renderers._registry.update(RENDERERS)
    importlib.invalidate_caches()
    shutil.rmtree(ini.parent / "__pycache__", ignore_errors=True)
    before = list(sys.path)
    try:
        with contextlib.redirect_stdout(io.StringIO()), warnings.catch_warnings():
            warnings.simplefilter("ignore")
            command.revision(Config(str(ini)), message="change", autogenerate=True, rev_id=identifier)
    finally:
        sys.path[:] = before
    return next((ini.parent / "migrations" / "versions").glob(f"{identifier}_*.py"), None)


def upgraded(ini: Path) -> None:
    """Brings the database to head."""
    before = list(sys.path)
    try:
        with contextlib.redirect_stdout(io.StringIO()), warnings.catch_warnings():
            warnings.simplefilter("ignore")
            command.upgrade(Config(str(ini)), "heads")
    finally:
        sys.path[:] = before


def by_gensql(gensql: Path, ini: Path, identifier: str, dialect: str, *options: str) -> tuple[Path | None, str]:
    """gensql's revision, or why there is none; and what it warns about."""
    done = subprocess.run([str(gensql), "-c", str(ini), "--dialect", dialect, *options, "revision", "--autogenerate", "-m", "change", "--rev-id", identifier],
                          cwd=ini.parent, capture_output=True, text=True, timeout=120, stdin=subprocess.DEVNULL)
    found = next((ini.parent / "migrations" / "versions").glob(f"{identifier}_*.py"), None)
    if done.returncode == 0 and found is None:
        return None, NOTHING
    return (found, done.stderr) if done.returncode == 0 else (None, done.stderr or f"exit {done.returncode}")


class Report:
    """What was compared."""

    def __init__(self, show: bool) -> None:
        self.show = show
        self.same = self.order = 0
        self.without: list[str] = []
        self.differ: list[str] = []
        self.explained: list[str] = []
        with open(HERE / "autogenerate_explained.toml", "rb") as file:
            listed = tomllib.load(file)
        self.entries = listed.get("case", [])
        self.rules = listed.get("rule", [])
        self.used_rules: set[int] = set()
        self.used: set[int] = set()
        self.seen: set[str] = set()

    def compare(self, name: str, dialect: str, wanted: Written | str, found: Written | str) -> None:
        """Counts one comparison."""
        entry = next((at for at, entry in enumerate(self.entries) if entry["name"] == name and dialect in entry.get("dialects", [dialect])), None)
        if isinstance(wanted, Written) and isinstance(found, Written):
            if wanted.text() == found.text():
                same = True
                self.same += 1
            elif wanted.ordered() == found.ordered():
                same = True
                self.order += 1
            else:
                same = False
            left, right = wanted.text(), found.text()
        else:
            same, left, right = False, wanted if isinstance(wanted, str) else wanted.text(), found if isinstance(found, str) else found.text()
        label = f"{dialect}: {name}"
        if not same and entry is None and self.follows(left, right):
            self.explained.append(label)
            if not self.show:
                return
        if entry is not None:
            self.used.add(entry)
            if not same:
                self.explained.append(label)
            else:
                self.seen.add(label)
        if same:
            return
        if entry is None and label not in self.explained:
            self.differ.append(label)
        if self.show:
            print(f"--- {label}{' (explained)' if label in self.explained else ''}")
            print("".join(difflib.unified_diff(left.splitlines(True), right.splitlines(True), "alembic", "gensql", n=2)))


    def follows(self, left: str, right: str) -> bool:
        """Whether rules account for every differing line."""
        lines = [line for line in difflib.unified_diff(left.splitlines(), right.splitlines(), n=0)][2:]
        used = set()
        for line in lines:
            if not line.startswith(("+", "-")):
                continue
            found = [at for at, rule in enumerate(self.rules) if re.search(rule["lines"], line)]
            if not found:
                return False
            used.update(found)
        self.used_rules |= used
        return True


def run_case(case: Case, dialect: str, server, gensql: Path, work: Path, report: Report) -> None:
    """Both revisions of a case."""
    folder = work / f"{dialect}-{re.sub(r'[^a-z0-9]+', '-', case.name.lower())}"
    ini = project(folder, case, server.create("autogenerate"), case.before)
    for name in case.schemas:
        engine = sqlalchemy.create_engine(Config(str(ini)).get_main_option("sqlalchemy.url"))
        with engine.begin() as connection:
            connection.exec_driver_sql(f"CREATE SCHEMA {name}")
        engine.dispose()
    versions = folder / "migrations" / "versions"

    def step(label: str, identifier: str) -> None:
        ours, said = by_gensql(gensql, ini, identifier, dialect)
        found: Written | str = f"refused: {said}\n" if said != NOTHING else NOWHERE
        if ours:
            try:
                found = read(ours)
            except SyntaxError as error:
                found = f"not Python: {error}\n{ours.read_text()}"
            ours.rename(folder / f"gensql_{ours.name}")
        try:
            theirs = by_alembic(ini, identifier)
            wanted: Written | str = read(theirs) if theirs else NOWHERE
            if theirs:
                shutil.copy(theirs, folder / f"alembic_{theirs.name}")
        except Exception as error:  # noqa: BLE001
            wanted = f"Alembic fails: {type(error).__name__}: {error}\n"
        report.compare(label, dialect, wanted, found)

    step(f"{case.name} (first)", "a1")
    if list(versions.glob("a1_*.py")):
        upgraded(ini)
    (folder / "models.py").write_text(HEAD + case.after)
    step(case.name, "b2")


def run_example(folder: Path, dialect: str, server, gensql: Path, work: Path, report: Report) -> None:
    """One of our examples at its head, with models that have none of its tables: all that is there goes, and comes back."""
    target = work / f"{dialect}-example-{folder.name}"
    shutil.copytree(folder, target)
    url = server.create("autogenerate")
    ini = target / "alembic.ini"
    ini.write_text(re.sub(r"(?m)^sqlalchemy.url = .*$", lambda _: f"sqlalchemy.url = {url.replace('%', '%%')}", ini.read_text()))
    with contextlib.redirect_stdout(io.StringIO()):
        if len(ScriptDirectory.from_config(Config(str(ini))).get_heads()) > 1:
            command.merge(Config(str(ini)), "heads", rev_id="mm")
    upgraded(ini)
    (target / "migrations" / "env.py").write_text(ENV.format(options=", include_schemas=True"))
    (target / "migrations" / "script.py.mako").write_text(TEMPLATE)
    (target / "models.py").write_text(HEAD + "metadata = MetaData()\n")
    ini.write_text(re.sub(r"(?m)^(file_template|prepend_sys_path) = .*\n", "", ini.read_text()).replace("[alembic]", f"[alembic]\nprepend_sys_path = {target}", 1))
    versions = target / "migrations" / "versions"
    label = f"example {folder.name}"
    ours, said = by_gensql(gensql, ini, "zz", dialect)
    found: Written | str = f"refused: {said}\n"
    if ours:
        found = read(ours)
        ours.rename(target / ours.name)
    try:
        by_alembic(ini, "zz")
        wanted: Written | str = read(next(versions.glob("zz_*.py")))
    except Exception as error:  # noqa: BLE001
        wanted = f"Alembic fails: {type(error).__name__}: {error}\n"
    report.compare(label, dialect, wanted, found)


def schema_sql(folder: Path, source: str, dialect: str) -> str:
    """The tables of models as the statements that SQLAlchemy creates them with."""
    program = (
        "import sys, sqlalchemy as sa, models\n"
        "found = []\n"
        "engine = sa.create_mock_engine(sys.argv[1] + '://', lambda one, *a, **k: found.append(str(one.compile(dialect=engine.dialect)).strip() + ';'))\n"
        "for one in models.metadata if isinstance(models.metadata, list) else [models.metadata]:\n"
        "    one.create_all(engine, checkfirst=False)\n"
        "print('\\n\\n'.join(found))\n"
    )
    (folder / "models.py").write_text(HEAD + source)
    done = subprocess.run([sys.executable, "-W", "ignore", "-c", program, dialect], cwd=folder, capture_output=True, text=True, timeout=60, env={**os.environ, "PYTHONDONTWRITEBYTECODE": "1"})
    if done.returncode:
        raise RuntimeError(done.stderr)
    return done.stdout


#: What `compare_metadata` does not see for itself says it in a program of its own.
LEFT = """
import sys
import sqlalchemy
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
import models
engine = sqlalchemy.create_engine(sys.argv[1])
with engine.connect() as connection:
    def ours(name, type_, parents):
        return not (type_ == "table" and name == "alembic_version")
    context = MigrationContext.configure(connection, opts={"compare_type": True, "include_name": ours, "target_metadata": models.metadata})
    for one in compare_metadata(context, models.metadata):
        print(one)
"""


def still_to_do(folder: Path, url: str) -> str:
    """What Alembic finds to do in a database, by the models."""
    done = subprocess.run([sys.executable, "-W", "ignore", "-c", LEFT, url], cwd=folder, capture_output=True, text=True, timeout=60, env={**os.environ, "PYTHONDONTWRITEBYTECODE": "1"})
    return done.stdout + done.stderr[-600:] if done.returncode else done.stdout


def run_sql_case(case: Case, dialect: str, server, gensql: Path, work: Path, report: Report) -> None:
    """The same models as a schema.sql: what gensql writes for it leaves a database in which Alembic finds nothing to do."""
    folder = work / f"{dialect}-sql-{re.sub(r'[^a-z0-9]+', '-', case.name.lower())}"
    folder.mkdir(parents=True)
    url = server.create("gensql")
    run = lambda *arguments: subprocess.run([str(gensql), *arguments], cwd=folder, capture_output=True, text=True, timeout=120, stdin=subprocess.DEVNULL)  # noqa: E731
    run("--dialect", dialect, "init", "-t", "sql")
    before = "base"
    for name, source, identifier in ((f"{case.name} (first)", case.before, "a1"), (case.name, case.after, "b2")):
        label = f"sql: {name}"
        (folder / "schema.sql").write_text(schema_sql(folder, source, dialect))
        written = run("revision", "--autogenerate", "--rev-id", identifier)
        script = run("upgrade", f"{before}:{identifier}" if before != "base" else identifier)
        error = written.stderr if written.returncode else script.stderr if script.returncode else server.apply("gensql", script.stdout)
        left = error
        if not error:
            left = still_to_do(folder, url)
        nothing = "nothing is left to do"
        if left and not error:
            # What Alembic says of tables that SQLAlchemy has made itself is no difference of ours.
            own = server.create("own")
            made = server.apply("own", (folder / "schema.sql").read_text())
            if not made and still_to_do(folder, own) == left:
                left = ""
        report.compare(label, dialect, Written([], nothing, ""), Written([], left.strip() or nothing, ""))
        if error:
            return
        before = identifier


def run_project(versions: environment.Versions, dialect: str, server, gensql: Path, work: Path, report: Report, metadata: str) -> None:
    """The models of a real project at its head."""
    from online import INITIAL, python

    url = server.create("autogenerate")
    folder = work / f"{dialect}-{versions.project}-{versions.slug}"
    (folder / "migrations").mkdir(parents=True)
    (folder / "out").mkdir()
    lines = versions.ini.read_text().splitlines()
    kept = [line for line in lines if not line.startswith(("sqlalchemy.url", "script_location"))]
    text = "\n".join(kept).replace("[alembic]", f"[alembic]\nscript_location = {folder / 'migrations'}\nsqlalchemy.url = {url.replace('%', '%%')}\n", 1)
    text = re.sub(r"(?m)^version_locations = (.*)$", rf"version_locations = \1{os.pathsep}{folder / 'out'}", text)
    ini = folder / "alembic.ini"
    ini.write_text(text + "\n")
    module, _, attribute = metadata.partition(":")
    env = ENV.replace("import models", f"from {module} import {attribute.split('.')[0]} as models_base")
    rest = ".".join(["models_base", *attribute.split(".")[1:]])
    (folder / "migrations" / "env.py").write_text(env.replace("models.metadata", rest).format(options=", render_as_batch=True" if dialect == "sqlite" else ""))
    (folder / "migrations" / "script.py.mako").write_text(TEMPLATE)
    stage = environment.Versions(**{**versions.__dict__, "ini": ini, "own_env": False})
    if versions.initial:
        baseline = folder / "baseline.sql"
        if error := python(stage, INITIAL, url, versions.initial, str(baseline)):
            report.compare(versions.label, dialect, f"Alembic: {error}\n", "")
            return
        first = ["--baseline", str(baseline)]
    else:
        first = []
    for stage_name in ("upgrade", "revision"):
        if error := python(stage, ALEMBIC, stage_name, str(folder / "out")):
            # Nothing to compare with: its chain begins with tables that nobody makes, or fails.
            report.without.append(f"{dialect}: {versions.label}: {error}")
            return
    theirs = next((folder / "out").glob("zz_*.py"))
    wanted = read(theirs)
    theirs.rename(folder / f"alembic_{theirs.name}")
    done = subprocess.run([str(gensql), "-c", str(ini), "--dialect", dialect, "revision", "--autogenerate", "-m", "change", "--rev-id", "zz", "--version-path", str(folder / "out"), *first],
                          cwd=folder, capture_output=True, text=True, timeout=300, stdin=subprocess.DEVNULL)
    ours = next((folder / "out").glob("zz_*.py"), None)
    report.compare(versions.label, dialect, wanted, read(ours) if ours else f"refused: {done.stderr}\n")


#: Where real projects have their models.
MODELS = {
    # The other chain of mlflow cannot be applied by Alembic with this SQLAlchemy.
    "mlflow auth-db": "mlflow.server.auth.db.models:Base.metadata",
    "optuna": "optuna.storages._rdb.models:BaseModel.metadata",
    "jupyterhub": "jupyterhub.orm:Base.metadata",
}


def main() -> int:
    """Compare everything on every engine."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--gensql", type=Path, default=HERE.parent / "target" / "release" / "gensql")
    parser.add_argument("--case", action="append", help="only cases that contain this")
    parser.add_argument("--project", action="append", help="only this project")
    parser.add_argument("--dialect", action="append", choices=list(ENGINES))
    parser.add_argument("--show", action="store_true", help="print what differs")
    parser.add_argument("--keep", type=Path, help="leave the projects in this folder")
    options = parser.parse_args()
    gensql = options.gensql.absolute()
    logging.disable(logging.WARNING)
    report = Report(options.show)
    cases = [case for case in CASES if not options.project and (not options.case or any(part in case.name for part in options.case))]
    skipped = failed = 0
    examples = sorted(file.parent for file in (environment.REPOSITORY / "examples").glob("*/alembic.ini") if not options.project)
    if options.case:
        examples = [folder for folder in examples if any(part in f"example {folder.name}" for part in options.case)]
    projects = [] if options.case else environment.prepare(options.project or sorted({name.split()[0] for name in MODELS}))
    with tempfile.TemporaryDirectory() as temporary:
        work = options.keep or Path(temporary)
        for dialect, engine in ENGINES.items():
            if options.dialect and dialect not in options.dialect:
                continue
            try:
                with engine() as server:
                    for case in cases:
                        if dialect not in case.dialects:
                            continue
                        # What only Alembic's hooks say has no counterpart in a schema.sql.
                        as_sql = not case.options and not case.schemas
                        for go in (run_case, run_sql_case) if as_sql else (run_case,):
                            try:
                                go(case, dialect, server, gensql, work, report)
                            except Exception:  # noqa: BLE001
                                report.compare(case.name, dialect, traceback.format_exc(), "")
                    # What SQLite says of its tables leaves out what the examples have of indexes and schemas.
                    for folder in examples if dialect == "postgresql" else []:
                        run_example(folder, dialect, server, gensql, work, report)
                    for versions in projects:
                        if models := MODELS.get(versions.label.replace("/", " ")) or MODELS.get(versions.project if versions.slug == "versions" else ""):
                            run_project(versions, dialect, server, gensql, work, report, models)
            except Unavailable as error:
                print(f"{dialect}: {error}")
                if os.environ.get("GENSQL_REQUIRE_SERVERS", "") not in ("", "0"):
                    failed += 1
                else:
                    skipped += 1
    stale = []
    if not (options.case or options.project or options.dialect):
        stale = [entry["name"] for at, entry in enumerate(report.entries) if at not in report.used]
        stale += sorted(report.seen)
        stale += [f"rule {rule['lines']}" for at, rule in enumerate(report.rules) if at not in report.used_rules]
    for label in report.without:
        print(f"Alembic cannot apply the revisions: {label}")
    for label in report.differ:
        print(f"differs: {label}")
    for label in stale:
        print(f"is listed as different and is not: {label}")
    print(f"autogenerate: {report.same} the same, {report.order} but for the order of a set, {len(report.explained)} explained, {len(report.differ)} differ, {skipped} engines skipped")
    return 1 if report.differ or stale or failed else 0


if __name__ == "__main__":
    sys.exit(main())
