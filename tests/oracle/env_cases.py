"""Environments of many shapes and the scripts that Alembic prints for them.

Run with a Python that has alembic 1.20.1 and SQLAlchemy 2.1.9:

    python tests/oracle/env_cases.py > tests/oracle/env_cases.json

Each case is a small project. What Alembic prints on the standard output, and what it writes to the
files that `env.py` opens, is what `gensql --compat alembic` has to print, in that order.
"""

import json
import os
import subprocess
import sys
import tempfile

INI = """[alembic]
script_location = %(here)s/migrations
sqlalchemy.url = postgresql+psycopg://user:pass@localhost/app
"""

ONE = '''"""one"""
from alembic import op
import sqlalchemy as sa

revision = "aaaa"
down_revision = None


def upgrade(ARGS):
    op.create_table(
        "account",
        sa.Column("id", sa.Integer, primary_key=True),
        sa.Column("rate", sa.String(10), server_default="5%"),
        sa.UniqueConstraint("rate"),
    )
    op.execute("UPDATE account SET rate = 'a%b' WHERE rate LIKE '%x'")


def downgrade(ARGS):
    op.drop_table("account")
'''

TWO = '''"""two"""
from alembic import op
import sqlalchemy as sa

revision = "bbbb"
down_revision = "aaaa"


def upgrade(ARGS):
    account = sa.table("account", sa.column("rate", sa.String), sa.column("id", sa.Integer))
    op.execute(account.update().where(account.c.id == 5).values(rate="10%"))
    op.execute(sa.text("UPDATE account SET rate = :rate").bindparams(rate="x%"))
    with op.get_context().autocommit_block():
        op.execute("VACUUM")


def downgrade(ARGS):
    op.execute("SELECT 1 % 2")
'''

HEAD = """from logging.config import fileConfig
from alembic import context
config = context.config
"""

RUN = """
with context.begin_transaction():
    context.run_migrations()
"""

PLAIN = HEAD + """
context.configure(url=config.get_main_option("sqlalchemy.url"), %s)
""" + RUN

NAMED = 'dialect_opts={"paramstyle": "named"}'
STOCK = 'literal_binds=True, ' + NAMED

MULTI_ARGS = "engine_name"


def case(name, env, args=("upgrade", "head"), ini=INI, revision_args="", more=None, environ=None):
    files = {
        "alembic.ini": ini,
        "migrations/env.py": env,
        "migrations/versions/1_one.py": ONE.replace("ARGS", revision_args),
        "migrations/versions/2_two.py": TWO.replace("ARGS", revision_args),
    }
    files.update(more or {})
    return {"name": name, "files": files, "args": list(args), "environ": environ or {}}


CASES = [
    case("stock", PLAIN % STOCK),
    case("no options", PLAIN % "version_table='v'"),
    case("literal binds only", PLAIN % "literal_binds=True"),
    case("pyformat", PLAIN % 'literal_binds=True, dialect_opts={"paramstyle": "pyformat"}'),
    case("numbers", PLAIN % 'dialect_opts={"paramstyle": "numeric_dollar"}'),
    case("question marks", PLAIN % 'dialect_opts={"paramstyle": "qmark"}'),
    case("format", PLAIN % 'dialect_opts={"paramstyle": "format"}'),
    case("asyncpg", PLAIN % "literal_binds=True", ini=INI.replace("+psycopg", "+asyncpg")),
    case("psycopg2", PLAIN % "literal_binds=True", ini=INI.replace("+psycopg", "+psycopg2")),
    case("sqlite", PLAIN % "literal_binds=True", ini=INI.replace("postgresql+psycopg", "sqlite")),
    case("sqlite pyformat", PLAIN % 'literal_binds=True, dialect_opts={"paramstyle": "pyformat"}',
         ini=INI.replace("postgresql+psycopg", "sqlite")),
    case("version table", PLAIN % (STOCK + ", version_table='Ver%sion', version_table_schema='meta'")),
    case("version table without key", PLAIN % (STOCK + ", version_table_pk=False")),
    case("transaction per migration", PLAIN % (STOCK + ", transaction_per_migration=True")),
    case("no transactional ddl", PLAIN % (STOCK + ", transactional_ddl=False")),
    case("transactional ddl on sqlite", PLAIN % (STOCK + ", transactional_ddl=True"),
         ini=INI.replace("postgresql+psycopg", "sqlite")),
    case("transactional ddl on sqlite, per migration",
         PLAIN % (STOCK + ", transactional_ddl=True, transaction_per_migration=True"),
         ini=INI.replace("postgresql+psycopg", "sqlite")),
    case("starting revision", PLAIN % (STOCK + ", starting_rev='aaaa'")),
    case("starting revision, downgrade", PLAIN % (STOCK + ", starting_rev='aaaa'"),
         args=("downgrade", "bbbb:base")),
    case("starting revision, stamp", PLAIN % (STOCK + ", starting_rev='aaaa'"), args=("stamp", "head")),
    case("downgrade", PLAIN % STOCK, args=("downgrade", "head:base")),
    case("dialect name", HEAD + "context.configure(dialect_name='sqlite', literal_binds=True)\n" + RUN),
    case("no transaction", HEAD + f"""
context.configure(url=config.get_main_option("sqlalchemy.url"), {STOCK})
context.run_migrations()
"""),
    case("executes around", HEAD + f"""
import sqlalchemy as sa
context.configure(url=config.get_main_option("sqlalchemy.url"), {STOCK})
context.execute("SET lock_timeout = '5s'")
with context.begin_transaction():
    context.execute("SET search_path TO tenant")
    context.get_context().execute(sa.text("SET x = :x").bindparams(x=1))
    context.get_bind().execute(sa.text("SET z = 1"))
    context.run_migrations()
    context.execute("RESET search_path")
context.execute("ANALYZE")
context.static_output("-- the end")
"""),
    case("executes with percent", HEAD + """
import sqlalchemy as sa
context.configure(url=config.get_main_option("sqlalchemy.url"), literal_binds=True)
with context.begin_transaction():
    context.execute("SELECT '%'")
    column = sa.column("a", sa.String)
    context.execute(sa.select(column.contains("x"), column.startswith("x%", autoescape=True), ~column.iendswith("x")))
    column = sa.column("a", sa.String)
    context.execute(sa.select(column.contains("x"), column.startswith("x%", autoescape=True), ~column.iendswith("x")))
    context.static_output("-- 5%")
    context.run_migrations()
"""),
    case("get_context().begin_transaction", HEAD + f"""
context.configure(url=config.get_main_option("sqlalchemy.url"), {STOCK})
with context.get_context().begin_transaction():
    context.run_migrations()
"""),
    case("arguments", HEAD + f"""
context.configure(url=config.get_main_option("sqlalchemy.url"), {STOCK})
with context.begin_transaction():
    context.run_migrations(engine_name="one", tester=True)
""", revision_args="engine_name, tester=None"),
    case("two runs", HEAD + f"""
for schema in ("a", "b"):
    context.configure(url=config.get_main_option("sqlalchemy.url"), version_table_schema=schema, {STOCK})
    with context.begin_transaction():
        context.execute("SET search_path TO " + schema)
        context.run_migrations(schema=schema)
""", revision_args="schema"),
    case("options that stay", HEAD + f"""
context.configure(url="postgresql://", version_table="kept", transactional_ddl=False, {STOCK})
context.run_migrations()
context.configure(url="sqlite://", transaction_per_migration=True)
context.run_migrations()
"""),
    case("sections of the ini file", HEAD + f"""
import re
for name in re.split(r",\\s*", config.get_main_option("databases", "")):
    with open(name + ".sql", "w") as buffer:
        context.configure(
            url=context.config.get_section_option(name, "sqlalchemy.url"),
            output_buffer=buffer,
            target_metadata=dict().get(name),
            {STOCK},
        )
        with context.begin_transaction():
            context.run_migrations(engine_name=name)
""", revision_args="engine_name", ini="""[alembic]
script_location = %(here)s/migrations
databases = first, second
[first]
sqlalchemy.url = postgresql://u:p@h/x
[second]
host = h2
sqlalchemy.url = sqlite://%(host)s
"""),
    case("x arguments", HEAD + f"""
args = context.get_x_argument(as_dictionary=True)
context.configure(url=config.get_main_option("sqlalchemy.url"), version_table_schema=args["tenant"], {STOCK})
with context.begin_transaction():
    context.execute("SET search_path TO " + args.get("tenant", "public"))
    for x in context.get_x_argument():
        context.execute("-- " + x)
    context.run_migrations()
""", args=("-x", "tenant=acme", "-x", "flag", "upgrade", "head")),
    case("the tag", HEAD + f"""
context.configure(url=config.get_main_option("sqlalchemy.url"), {STOCK})
with context.begin_transaction():
    context.execute("SELECT '%s'" % context.get_tag_argument())
    context.run_migrations()
""", args=("upgrade", "head", "--tag", "t1")),
    case("revision arguments", HEAD + f"""
context.configure(url=config.get_main_option("sqlalchemy.url"), {STOCK})
with context.begin_transaction():
    context.execute("SELECT '%s'" % context.get_head_revision())
    context.execute("SELECT '%s'" % (context.get_head_revisions(),))
    context.execute("SELECT '%s'" % context.get_revision_argument())
    context.execute("SELECT '%s'" % context.get_starting_revision_argument())
    context.execute("SELECT '%s'" % context.is_transactional_ddl())
    context.run_migrations()
""", args=("upgrade", "aaaa:head")),
    case("on_version_apply", HEAD + f"""
def applied(*, ctx, step, heads, run_args):
    ctx.impl.execute("INSERT INTO log VALUES ('%s', '%s', '%s', '%s', %s)" % (
        step.up_revision_id, ",".join(step.down_revision_ids), sorted(heads), sorted(run_args), step.is_upgrade))

context.configure(url=config.get_main_option("sqlalchemy.url"), on_version_apply=applied, {STOCK})
with context.begin_transaction():
    context.run_migrations(x=1)
""", revision_args="x"),
    case("on_version_apply, down", HEAD + f"""
def applied(ctx, step, heads, run_args, **kw):
    ctx.connection.execute(__import__("sqlalchemy").text("SELECT '%s %s'" % (step.source_revision_ids, step.destination_revision_ids)))

context.configure(url=config.get_main_option("sqlalchemy.url"), on_version_apply=[applied, applied], {STOCK})
with context.begin_transaction():
    context.run_migrations()
""", args=("downgrade", "head:base")),
    case("naming convention", HEAD + f"""
import sqlalchemy as sa
metadata = sa.MetaData(naming_convention={{"uq": "uq_%(table_name)s_%(column_0_name)s", "pk": "pk_%(table_name)s"}})
context.configure(url=config.get_main_option("sqlalchemy.url"), target_metadata=metadata, {STOCK})
""" + RUN),
    case("naming convention of several", HEAD + f"""
import sqlalchemy as sa
from app.models import Base
context.configure(url=config.get_main_option("sqlalchemy.url"), target_metadata=[Base.metadata, sa.MetaData()], {STOCK})
""" + RUN, ini=INI + "prepend_sys_path = .\n", more={"app/__init__.py": "", "app/models.py": """
import sqlalchemy as sa
from sqlalchemy.orm import declarative_base, DeclarativeBase
class Base(DeclarativeBase):
    metadata = sa.MetaData(naming_convention={"uq": "unique_%(table_name)s"})
"""}),
    case("template_args, tag and others", PLAIN % (STOCK + """, tag='x', template_args={"a": 1},
    include_schemas=True, compare_type=True, compare_server_default=True, include_object=lambda *a: True,
    render_as_batch=True, render_item=None, upgrade_token="u", downgrade_token="d", user_module_prefix="p.",
    process_revision_directives=None, sqlalchemy_module_prefix="sa.", alembic_module_prefix="op." """)),
    case("main option that is set", HEAD + f"""
import os
config.set_main_option("sqlalchemy.url", os.environ["APP_URL"].replace("%", "%%"))
config.set_section_option("other", "key", "v%%w")
section = config.get_section(config.config_ini_section)
other = config.get_section("other", {{}})
context.configure(url=section["sqlalchemy.url"], {STOCK})
with context.begin_transaction():
    context.execute("SELECT '%s %s'" % (config.get_main_option("sqlalchemy.url"), sorted(other.items())[-1]))
    context.execute("SELECT '%s'" % config.get_section("missing", "none"))
    context.execute("SELECT '%s'" % config.get_main_option("missing", "default"))
    context.run_migrations()
""", environ={"APP_URL": "sqlite:///a%40b.db"}),
    case("attributes", HEAD + f"""
config.attributes["seen"] = 1
connectable = context.config.attributes.get("connection", None)
if connectable is None and config.attributes["seen"] == 1:
    context.configure(url=config.get_main_option("sqlalchemy.url"), {STOCK})
""" + RUN),
    case("ini without a url", HEAD + f"""
from sqlalchemy.engine import URL, make_url
url = URL.create(drivername="postgresql+psycopg2", username="u", password="p%", host="h", database="d")
context.configure(url=url, literal_binds=True)
""" + RUN, ini="[alembic]\nscript_location = %(here)s/migrations\n"),
    case("url as text", HEAD + f"""
from sqlalchemy.engine import make_url
url = make_url("postgresql+asyncpg://u:p@h/d").set(drivername="sqlite")
context.configure(url=url.render_as_string(hide_password=False), {STOCK})
""" + RUN, ini="[alembic]\nscript_location = %(here)s/migrations\n"),
    case("functions for both ways", HEAD + f"""
import asyncio
from sqlalchemy import engine_from_config, pool

def run_migrations_offline():
    context.configure(url=config.get_main_option("sqlalchemy.url"), {STOCK})
    with context.begin_transaction():
        context.run_migrations()

def do_run_migrations(connection):
    context.configure(connection=connection)
    with context.begin_transaction():
        context.run_migrations()

async def run_async_migrations():
    from sqlalchemy.ext.asyncio import async_engine_from_config
    connectable = async_engine_from_config(config.get_section(config.config_ini_section, {{}}), prefix="sqlalchemy.", poolclass=pool.NullPool)
    async with connectable.connect() as connection:
        await connection.run_sync(do_run_migrations)
    await connectable.dispose()

def run_migrations_online():
    asyncio.run(run_async_migrations())

if context.is_offline_mode():
    run_migrations_offline()
else:
    run_migrations_online()
"""),
]


def answer(project, case):
    for path, text in case["files"].items():
        full = os.path.join(project, path)
        os.makedirs(os.path.dirname(full), exist_ok=True)
        with open(full, "w") as file:
            file.write(text)
    before = set(os.listdir(project))
    environ = {**os.environ, **case["environ"], "PYTHONHASHSEED": "0", "PYTHONDONTWRITEBYTECODE": "1"}
    done = subprocess.run(
        [sys.executable, "-m", "alembic", *case["args"], "--sql"],
        cwd=project, env=environ, capture_output=True, text=True)
    if done.returncode:
        print(case["name"], done.stderr[-600:], file=sys.stderr)
    written = sorted(set(os.listdir(project)) - before)
    out = done.stdout
    for name in written:
        with open(os.path.join(project, name)) as file:
            out += file.read()
    return out


def main():
    for found in CASES:
        with tempfile.TemporaryDirectory() as project:
            found["script"] = answer(project, found)
    json.dump(CASES, sys.stdout, indent=1)
    print()


main()
