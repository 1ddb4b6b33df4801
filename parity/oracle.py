"""What real Alembic renders offline, revision by revision.

Run by the environment's Python, one process for each versions directory,
dialect and seed. It loads the revisions once, as `alembic upgrade --sql`
would, and forks for each script, so that nothing a migration does reaches the
next one. Prints one JSON object a line::

    {"revision": …, "direction": "upgrade" | "downgrade", "arguments": …,
     "ok": true, "text": …, "printed": …}
    {…, "ok": false, "error": CLASS, "message": …, "where": FILE:LINE}

A whole chain has the revision `*`, a stretch of a chain FIRST..LAST.
"""

from __future__ import annotations

import argparse
import ast
import contextlib
import gc
import io
import json
import os
import random
import select
import signal
import sys
import time
import traceback
import types
import warnings

#: Part of the cache's key: raise it when this file makes other records.
FORMAT = 3

REVISION_SECONDS = 20
CHAIN_SECONDS = 120


def block_network() -> None:
    """Make each attempt to reach a network an error."""
    import socket

    def refuse(*_args, **_kwargs):
        raise OSError("parity: a migration tried to reach the network")

    socket.socket.connect = refuse  # type: ignore[method-assign]
    socket.socket.connect_ex = refuse  # type: ignore[method-assign]
    socket.getaddrinfo = refuse
    socket.create_connection = refuse


def shift_clock(days: int) -> None:
    """Move what Python calls now by some days, to find text that depends on it."""
    import datetime

    delta = datetime.timedelta(days=days)
    real_time, real_datetime, real_date = time.time, datetime.datetime, datetime.date
    time.time = lambda: real_time() + delta.total_seconds()

    def fake(real, now_names):
        class Meta(type):
            def __instancecheck__(cls, value):
                return isinstance(value, real)

            def __subclasscheck__(cls, value):
                return issubclass(value, real)

        body = {"__new__": lambda cls, *args, **kwargs: real(*args, **kwargs)}
        for name in now_names:
            original = getattr(real, name)
            body[name] = staticmethod(lambda *args, _o=original, **kwargs: _o(*args, **kwargs) + delta)
        return Meta(real.__name__, (real,), body)

    datetime.datetime = fake(real_datetime, ["now", "utcnow", "today"])
    datetime.date = fake(real_date, ["today"])


#: Names that a later release of a library took away and that a project still
#: imports: (module, name, where it is to be had).
REMOVED_NAMES = [
    ("flask_appbuilder", "SQLA", "flask_sqlalchemy.SQLAlchemy"),
    ("sqlalchemy.orm", "eagerload", "sqlalchemy.orm.joinedload"),
]


def supply_removed_names() -> None:
    """Give the names of REMOVED_NAMES back as their modules are imported."""
    import importlib
    import importlib.abc
    import importlib.machinery

    wanted = {module: (name, source) for module, name, source in REMOVED_NAMES}

    class Finder(importlib.abc.MetaPathFinder):
        def find_spec(self, fullname, path=None, target=None):
            if fullname not in wanted:
                return None
            name, source = wanted.pop(fullname)
            spec = importlib.machinery.PathFinder.find_spec(fullname, path)
            if spec is not None and spec.loader is not None:
                execute = spec.loader.exec_module

                def exec_module(module):
                    execute(module)
                    origin, _, attribute = source.rpartition(".")
                    module.__dict__.setdefault(name, getattr(importlib.import_module(origin), attribute))

                spec.loader.exec_module = exec_module
            return spec

    sys.meta_path.insert(0, Finder())


def headers(path: str) -> dict:
    """The identifiers of a revision whose module cannot be imported."""
    found: dict = {"down_revision": None, "branch_labels": None, "depends_on": None}
    with open(path, encoding="utf-8") as file:
        tree = ast.parse(file.read())
    found["__doc__"] = ast.get_docstring(tree)
    for node in tree.body:
        targets = node.targets if isinstance(node, ast.Assign) else [node.target] if isinstance(node, ast.AnnAssign) else []
        for target in targets:
            if isinstance(target, ast.Name) and (target.id in found or target.id == "revision"):
                with contextlib.suppress(ValueError):
                    found[target.id] = ast.literal_eval(node.value)
    return found


def describe(error: BaseException) -> dict:
    """Class, message and the innermost line of the project's own code."""
    where = ""
    for frame in traceback.extract_tb(error.__traceback__):
        if "/projects/" in frame.filename:
            where = f"{os.path.basename(frame.filename)}:{frame.lineno}"
    message = str(error)
    return {"error": type(error).__name__, "message": message[:2000], "where": where}


def tolerant_loading(import_errors: dict) -> None:
    """A revision that cannot be imported keeps its place in the graph and raises when run."""
    from alembic.script import base as script_base
    from alembic.util import load_python_file

    def load(directory, filename):
        path = os.path.join(directory, filename)
        try:
            return load_python_file(directory, filename)
        except BaseException as error:  # noqa: BLE001 - SystemExit as well: it is the module's failure
            found = headers(path)
            if "revision" not in found:
                raise
            module = types.ModuleType(os.path.splitext(filename)[0])
            module.__dict__.update(found)
            import_errors[found["revision"]] = describe(error)

            def fail(*_args, **_kwargs):
                raise ImportError(f"the revision {found['revision']} cannot be imported here")

            module.upgrade = module.downgrade = fail
            return module

    script_base.util.load_python_file = load


def render(config, script, dialect: str | None, direction: str, start: str, target: str) -> dict:
    """One script, as `alembic upgrade START:TARGET --sql`: with the options of
    the stock env.py, or where `dialect` is None with the project's own env.py."""
    from alembic import context
    from alembic.runtime.environment import EnvironmentContext

    buffer, printed = io.StringIO(), io.StringIO()

    def steps(rev, _context):
        # Resolved here, with the arguments of alembic.command.
        return script._upgrade_revs(target, rev) if direction == "upgrade" else script._downgrade_revs(target, rev)

    try:
        with contextlib.redirect_stdout(printed), contextlib.redirect_stderr(io.StringIO()):
            with EnvironmentContext(config, script, fn=steps, as_sql=True, starting_rev=start, destination_rev=target):
                if dialect is None:
                    config.output_buffer = buffer
                    script.run_env()
                else:
                    context.configure(
                        url=f"{dialect}://", target_metadata=None, literal_binds=True,
                        dialect_opts={"paramstyle": "named"}, output_buffer=buffer,
                    )
                    with context.begin_transaction():
                        context.run_migrations()
    except BaseException as error:  # noqa: BLE001 - SystemExit and KeyboardInterrupt are results too
        return {"ok": False, **describe(error), "printed": printed.getvalue()[:2000]}
    return {"ok": True, "text": buffer.getvalue(), "printed": printed.getvalue()[:2000]}


def forked(seconds: float, work) -> dict:
    """Run `work` in a child, killed after `seconds`; its result comes back as JSON."""
    read, write = os.pipe()
    child = os.fork()
    if child == 0:
        try:
            os.close(read)
            gc.disable()  # touching every object would copy the parent's memory
            signal.alarm(int(seconds) + 5)
            result = work()
            payload = json.dumps(result).encode()
        except BaseException as error:  # noqa: BLE001
            payload = json.dumps({"ok": False, "error": type(error).__name__, "message": str(error)}).encode()
        with contextlib.suppress(OSError):
            view = memoryview(payload)
            while view:
                view = view[os.write(write, view):]
        os._exit(0)
    os.close(write)
    chunks, deadline = [], time.monotonic() + seconds
    while True:
        left = deadline - time.monotonic()
        if left <= 0 or not select.select([read], [], [], left)[0]:
            os.kill(child, signal.SIGKILL)
            chunks = [json.dumps({"ok": False, "error": "Timeout", "message": f"no end after {seconds} s"}).encode()]
            break
        chunk = os.read(read, 1 << 16)
        if not chunk:
            break
        chunks.append(chunk)
    os.close(read)
    os.waitpid(child, 0)
    data = b"".join(chunks)
    return json.loads(data) if data else {"ok": False, "error": "Crash", "message": "the process ended without a result"}


def tasks(script) -> list[tuple[str, str, str, str]]:
    """(revision, direction, start, target) for each script to render."""
    found = []
    for revision in sorted(script.walk_revisions("base", "heads"), key=lambda r: r.revision):
        down = revision.down_revision
        if isinstance(down, tuple):
            # The command line takes a single start: the first parent. Other
            # branches that lead here are then part of the script.
            down = down[0]
        down = down or "base"
        found.append((revision.revision, "upgrade", down, revision.revision))
        found.append((revision.revision, "downgrade", revision.revision, down))
    return found


def chains(script, rendered: set[tuple[str, str]]) -> list[tuple[str, str, str, str]]:
    """The whole chains, and the longest stretches whose revisions each render alone.

    One revision that cannot be rendered stops a whole chain, so most real
    projects have none; a stretch is named FIRST..LAST.
    """
    found = [("*", "upgrade", "", "heads")]
    heads = script.get_heads()
    if len(heads) == 1:
        found.append(("*", "downgrade", heads[0], "base"))
    for direction in ("upgrade", "downgrade"):
        usable = {
            revision.revision: revision for revision in script.walk_revisions("base", "heads")
            if (revision.revision, direction) in rendered and not isinstance(revision.down_revision, tuple) and not revision.dependencies
        }
        followed = {r.down_revision for r in usable.values()}
        for last in sorted(set(usable) - followed):
            first, length = last, 1
            while usable[first].down_revision in usable:
                first, length = usable[first].down_revision, length + 1
            if length > 1:
                start, name = usable[first].down_revision or "base", f"{first}..{last}"
                found.append((name, direction, start, last) if direction == "upgrade" else (name, direction, last, start))
    return found


def main() -> None:
    """Render every revision of one configuration for one dialect."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--ini", required=True)
    parser.add_argument("--dialect", required=True)
    parser.add_argument("--out", required=True)
    parser.add_argument("--second", action="store_true", help="other seeds and another day")
    parser.add_argument("--env", action="store_true", help="run the project's own env.py, its URL replaced")
    parser.add_argument("--only", help="a JSON file: the [revision, direction] pairs to render")
    options = parser.parse_args()

    warnings.simplefilter("ignore")
    block_network()
    supply_removed_names()
    random.seed(2 if options.second else 1)

    from alembic.config import Config
    from alembic.runtime.environment import EnvironmentContext
    from alembic.script import ScriptDirectory
    from alembic import context

    import_errors: dict[str, dict] = {}
    tolerant_loading(import_errors)
    config = Config(options.ini)
    config.set_main_option("sqlalchemy.url", f"{options.dialect}://")
    script = ScriptDirectory.from_config(config)
    if options.second:
        shift_clock(41)

    def everything(_rev, _context):
        # Alembic imports the revisions here, inside the configured context.
        with contextlib.redirect_stdout(io.StringIO()), contextlib.redirect_stderr(io.StringIO()):
            script.revision_map.heads
        gc.collect()
        gc.freeze()
        only = None
        if options.only:
            with open(options.only, encoding="utf-8") as file:
                only = {tuple(pair) for pair in json.load(file)}
        done: set[tuple[str, str]] = set()
        with open(options.out, "w", encoding="utf-8") as out:

            def run(task, seconds):
                revision, direction, start, target = task
                if only is not None and (revision, direction) not in only:
                    return
                record = {"revision": revision, "direction": direction, "start": start, "target": target}
                if revision in import_errors:
                    record |= {"ok": False, "import": True, **import_errors[revision]}
                else:
                    record |= forked(seconds, lambda: render(config, script, None if options.env else options.dialect, direction, start or None, target))
                if record["ok"]:
                    done.add((revision, direction))
                out.write(json.dumps(record) + "\n")

            for task in tasks(script):
                run(task, REVISION_SECONDS)
            for task in chains(script, done):
                run(task, CHAIN_SECONDS)
        return []

    with EnvironmentContext(config, script, fn=everything, as_sql=True):
        context.configure(url=f"{options.dialect}://", literal_binds=True, dialect_opts={"paramstyle": "named"}, output_buffer=io.StringIO())
        context.run_migrations()


if __name__ == "__main__":
    main()
