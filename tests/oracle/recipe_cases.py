"""What Alembic prints for small projects that follow its cookbook or use an extension package.

Run with a Python that has alembic 1.20.1, SQLAlchemy 2.1.9 and the packages that the projects import:

    python tests/oracle/recipe_cases.py > tests/oracle/recipe_cases.json

A project is its files; each run is a command with its arguments, printed for each of the project's dialects.
"""

import json
import pathlib
import subprocess
import sys
import tempfile

ENV = """from alembic import context
{imports}
config = context.config
target_metadata = {metadata}


def run_migrations_offline():
    url = config.get_main_option("sqlalchemy.url")
    context.configure(url=url, target_metadata=target_metadata, literal_binds=True{options})
    with context.begin_transaction():
        {before}context.run_migrations()


def run_migrations_online():
    raise NotImplementedError("offline only")


if context.is_offline_mode():
    run_migrations_offline()
else:
    run_migrations_online()
"""

INI = """[alembic]
script_location = %(here)s/migrations
prepend_sys_path = .
sqlalchemy.url = {url}
{more}"""

HEADER = """import sqlalchemy as sa
from alembic import op
{imports}
revision = {revision!r}
down_revision = {down!r}
branch_labels = None
depends_on = None


"""

URLS = {"postgresql": "postgresql://u@localhost/x", "sqlite": "sqlite:///x.db", "mysql": "mysql+pymysql://u@localhost/x"}
BOTH_WAYS = [["upgrade", "head"], ["downgrade", "head:base"]]


def env(imports="", metadata="None", options="", before=""):
    return ENV.format(imports=imports, metadata=metadata, options=options, before=before)


def revision(name, down, upgrade, downgrade="pass", imports=""):
    def block(text):
        return "".join(f"    {line}\n" if line else "\n" for line in text.strip("\n").split("\n"))

    head = HEADER.format(imports=imports, revision=name, down=down)
    return f"{head}def upgrade():\n{block(upgrade)}\n\ndef downgrade():\n{block(downgrade)}"


PROJECTS = []


def project(name, files, dialects=("postgresql",), runs=BOTH_WAYS, ini=""):
    PROJECTS.append({"name": name, "files": files, "dialects": list(dialects), "runs": runs, "ini": ini})


# Directives of a project's own.

SEQUENCES = '''from alembic.operations import MigrateOperation, Operations


@Operations.register_operation("make_sequence")
class MakeSequence(MigrateOperation):
    """CREATE SEQUENCE"""

    def __init__(self, name, schema=None, start=None):
        self.name = name
        self.schema = schema
        self.start = start

    @classmethod
    def make_sequence(cls, operations, name, **kw):
        """Issue a "CREATE SEQUENCE" instruction."""
        return operations.invoke(cls(name, **kw))

    def reverse(self):
        return LoseSequence(self.name, schema=self.schema)


@Operations.register_operation("lose_sequence")
class LoseSequence(MigrateOperation):
    def __init__(self, name, schema=None):
        self.name = name
        self.schema = schema

    @classmethod
    def lose_sequence(cls, operations, name, **kw):
        return operations.invoke(LoseSequence(name, **kw))

    def reverse(self):
        return MakeSequence(self.name, schema=self.schema)


@Operations.implementation_for(MakeSequence)
def make_sequence(operations, operation):
    name = operation.name if operation.schema is None else "%s.%s" % (operation.schema, operation.name)
    operations.execute("CREATE SEQUENCE %s%s" % (name, f" START {operation.start}" if operation.start else ""))


@Operations.implementation_for(LoseSequence)
def lose_sequence(operations, operation):
    if operation.schema is not None:
        name = "%s.%s" % (operation.schema, operation.name)
    else:
        name = operation.name
    operations.execute("DROP SEQUENCE %s" % name)
'''

project(
    "own directives with reverse()",
    {
        "migrations/env.py": env("import sequences"),
        "sequences.py": SEQUENCES,
        "migrations/versions/a1.py": revision(
            "a1", None,
            "op.make_sequence('s1')\nop.make_sequence('s2', schema='other', start=5)\nop.invoke(LoseSequence('s0'))",
            "op.invoke(MakeSequence('s2', schema='other').reverse())\nop.lose_sequence('s1')\n"
            "op.invoke(LoseSequence('s0').reverse())",
            imports="from sequences import LoseSequence, MakeSequence",
        ),
    },
)

project(
    "operation objects of Alembic itself",
    {
        "migrations/env.py": env(),
        "migrations/versions/a1.py": revision(
            "a1", None,
            """t = op.invoke(ops.CreateTableOp('t', [sa.Column('id', sa.Integer, primary_key=True), sa.Column('n', sa.String(5))]))
op.bulk_insert(t, [{'id': 1, 'n': 'a'}])
op.invoke(ops.AddColumnOp('t', sa.Column('c', sa.Text)))
op.invoke(ops.CreateIndexOp('ix', 't', ['c'], unique=True))
op.invoke(ops.AlterColumnOp('t', 'n', modify_nullable=False, existing_type=sa.String(5)))
op.invoke(ops.ExecuteSQLOp('SELECT 1'))
op.invoke(ops.RenameTableOp('t', 'u'))""",
            """op.invoke(ops.DropIndexOp('ix', 't'))
op.invoke(ops.DropColumnOp('t', 'c'))
op.invoke(ops.CreateTableOp('t', [sa.Column('id', sa.Integer)]).reverse())
op.invoke(ops.AddColumnOp('u', sa.Column('c', sa.Text)).reverse())
op.invoke(ops.CreateIndexOp('ix', 't', ['c']).reverse())
op.invoke(ops.DropTableOp('v', schema='s'))
op.invoke(ops.DropConstraintOp('k', 'v', type_='unique'))""",
            imports="from alembic.operations import ops",
        ),
    },
    dialects=["postgresql", "mysql"],
)

project(
    "an implementation that replaces Alembic's",
    {
        "migrations/env.py": env(),
        "migrations/versions/a1.py": revision(
            "a1", None,
            "op.grant('t', 'app')\nwith op.batch_alter_table('t') as batch_op:\n    batch_op.add_column(sa.Column('c', sa.Integer))\n    batch_op.remark('hello')",
            "op.revoke('t', 'app')",
            imports='''from alembic.operations import BatchOperations, MigrateOperation, Operations


class Right(MigrateOperation):
    def __init__(self, table, role):
        self.table, self.role = table, role


@Operations.register_operation("grant")
class Grant(Right):
    @classmethod
    def grant(cls, operations, table, role):
        return operations.invoke(cls(table, role))

    def reverse(self):
        return Revoke(self.table, self.role)


@Operations.register_operation("revoke", "take_away")
class Revoke(Right):
    @classmethod
    def take_away(cls, operations, table, role):
        return operations.invoke(Grant(table, role).reverse())


@Operations.register_operation("remark")
@BatchOperations.register_operation("remark", "batch_remark")
class Remark(MigrateOperation):
    def __init__(self, table, text):
        self.table = table
        self.text = text

    @classmethod
    def remark(cls, operations, table, text):
        return operations.invoke(cls(table, text))

    @classmethod
    def batch_remark(cls, operations, text):
        return operations.invoke(cls(operations.impl.table_name, text))


@Operations.implementation_for(Grant)
@Operations.implementation_for(Revoke)
def rights(operations, operation):
    verb, word = ("GRANT", "TO") if isinstance(operation, Grant) else ("REVOKE", "FROM")
    operations.execute(f"{verb} SELECT ON {operation.table} {word} {operation.role}")


@Operations.implementation_for(Remark)
def remark(operations, operation):
    impl = operations.get_context().impl
    impl.execute(sa.text("COMMENT ON TABLE %s IS '%s'" % (operation.table, operation.text)))
''',
        ),
    },
)

REPLACEABLE = '''from alembic.operations import MigrateOperation, Operations


class ReplaceableObject:
    def __init__(self, name, sqltext):
        self.name = name
        self.sqltext = sqltext


class ReversibleOp(MigrateOperation):
    def __init__(self, target):
        self.target = target

    @classmethod
    def invoke_for_target(cls, operations, target):
        return operations.invoke(cls(target))

    def reverse(self):
        raise NotImplementedError()

    @classmethod
    def _get_object_from_version(cls, operations, ident):
        version, objname = ident.split(".")
        module = operations.get_context().script.get_revision(version).module
        return getattr(module, objname)

    @classmethod
    def replace(cls, operations, target, replaces=None, replace_with=None):
        if replaces:
            old_obj = cls._get_object_from_version(operations, replaces)
            drop_old = cls(old_obj).reverse()
            create_new = cls(target)
        elif replace_with:
            old_obj = cls._get_object_from_version(operations, replace_with)
            drop_old = cls(target).reverse()
            create_new = cls(old_obj)
        else:
            raise TypeError("replaces or replace_with is required")
        operations.invoke(drop_old)
        operations.invoke(create_new)


@Operations.register_operation("create_view", "invoke_for_target")
@Operations.register_operation("replace_view", "replace")
class CreateViewOp(ReversibleOp):
    def reverse(self):
        return DropViewOp(self.target)


@Operations.register_operation("drop_view", "invoke_for_target")
class DropViewOp(ReversibleOp):
    def reverse(self):
        return CreateViewOp(self.target)


@Operations.register_operation("create_sp", "invoke_for_target")
@Operations.register_operation("replace_sp", "replace")
class CreateSPOp(ReversibleOp):
    def reverse(self):
        return DropSPOp(self.target)


@Operations.register_operation("drop_sp", "invoke_for_target")
class DropSPOp(ReversibleOp):
    def reverse(self):
        return CreateSPOp(self.target)


@Operations.implementation_for(CreateViewOp)
def create_view(operations, operation):
    operations.execute("CREATE VIEW %s AS %s" % (operation.target.name, operation.target.sqltext))


@Operations.implementation_for(DropViewOp)
def drop_view(operations, operation):
    operations.execute("DROP VIEW %s" % operation.target.name)


@Operations.implementation_for(CreateSPOp)
def create_sp(operations, operation):
    operations.execute("CREATE FUNCTION %s %s" % (operation.target.name, operation.target.sqltext))


@Operations.implementation_for(DropSPOp)
def drop_sp(operations, operation):
    operations.execute("DROP FUNCTION %s" % operation.target.name)
'''

project(
    "replaceable objects",
    {
        "migrations/env.py": env("from app import replaceable"),
        "app/__init__.py": "",
        "app/replaceable.py": REPLACEABLE,
        "migrations/versions/28af9800143f_first.py": revision(
            "28af9800143f", None,
            "op.create_table('customer', sa.Column('id', sa.Integer, primary_key=True), sa.Column('name', sa.String))\n"
            "op.create_view(customer_view)\nop.create_sp(add_customer_sp)",
            "op.drop_sp(add_customer_sp)\nop.drop_view(customer_view)\nop.drop_table('customer')",
            imports='''from app.replaceable import ReplaceableObject

customer_view = ReplaceableObject("customer_view", "SELECT name FROM customer")
add_customer_sp = ReplaceableObject(
    "add_customer_sp(name varchar)",
    """
    RETURNS integer AS $$
    BEGIN
        insert into customer (name) values (name);
        RETURN 1;
    END;
    $$ LANGUAGE plpgsql;
    """,
)
''',
        ),
        "migrations/versions/191a2d20b025_second.py": revision(
            "191a2d20b025", "28af9800143f",
            "op.add_column('customer', sa.Column('email', sa.String()))\n"
            "op.replace_view(customer_view, replaces='28af9800143f.customer_view')\n"
            "op.replace_sp(add_customer_sp, replaces='28af9800143f.add_customer_sp')",
            "op.replace_view(customer_view, replace_with='28af9800143f.customer_view')\n"
            "op.replace_sp(add_customer_sp, replace_with='28af9800143f.add_customer_sp')\n"
            "op.drop_column('customer', 'email')",
            imports='''from app.replaceable import ReplaceableObject

customer_view = ReplaceableObject("customer_view", "SELECT name, email FROM customer")
add_customer_sp = ReplaceableObject("add_customer_sp(name varchar, email varchar)", "RETURNS integer AS $$ SELECT 1 $$ LANGUAGE sql")
''',
        ),
        "migrations/versions/third.py": revision(
            "99f0c1", "191a2d20b025",
            "revisions = op.get_context().script\n"
            "old = revisions.get_revision('191a').module.customer_view\n"
            "op.drop_view(old)\n"
            "for script in revisions.walk_revisions():\n    op.execute(\"SELECT '%s %s'\" % (script.revision, script.down_revision))\n"
            "op.execute(\"SELECT '%s'\" % revisions.get_current_head())",
            "op.create_view(op.get_context().script.get_revision(down_revision).module.customer_view)",
        ),
    },
    dialects=["postgresql", "sqlite"],
)

# Compilation of a project's own.

project(
    "@compiles on DDL, expressions and types",
    {
        "migrations/env.py": env(),
        "app_ddl.py": '''import sqlalchemy as sa
from sqlalchemy.ext.compiler import compiles
from sqlalchemy.schema import CreateColumn, CreateTable, DDLElement, DropTable
from sqlalchemy.sql import expression, table
from sqlalchemy.sql.expression import ColumnElement, Executable, ClauseElement
from sqlalchemy.sql.functions import FunctionElement, GenericFunction
from sqlalchemy.types import UserDefinedType, DateTime, BigInteger, TypeDecorator
from sqlalchemy.dialects.postgresql import JSONB, ARRAY


class CreateView(DDLElement):
    def __init__(self, name, selectable, materialized=False):
        self.name = name
        self.selectable = selectable
        self.materialized = materialized


class DropView(DDLElement):
    def __init__(self, name):
        self.name = name


@compiles(CreateView)
def _create_view(element, compiler, **kw):
    return "CREATE VIEW %s AS %s" % (
        compiler.preparer.quote(element.name),
        compiler.sql_compiler.process(element.selectable, literal_binds=True),
    )


@compiles(CreateView, "postgresql")
def _create_view_pg(element, compiler, **kw):
    word = "MATERIALIZED VIEW" if element.materialized else "VIEW"
    return f"CREATE {word} {element.name} AS {compiler.sql_compiler.process(element.selectable, literal_binds=True)}"


@compiles(DropView)
def _drop_view(element, compiler, **kw):
    return "DROP VIEW %s" % element.name


class utcnow(expression.FunctionElement):
    type = DateTime()
    inherit_cache = True


@compiles(utcnow)
def default_utcnow(element, compiler, **kw):
    return "CURRENT_TIMESTAMP"


@compiles(utcnow, "postgresql")
def pg_utcnow(element, compiler, **kw):
    return "TIMEZONE('utc', CURRENT_TIMESTAMP)"


class coalesce_all(ColumnElement):
    inherit_cache = True
    type = sa.String()

    def __init__(self, *parts):
        self.parts = parts


@compiles(coalesce_all)
def _coalesce_all(element, compiler, **kw):
    return "COALESCE(%s)" % ", ".join(compiler.process(part, **kw) for part in element.parts)


class greatest(FunctionElement):
    type = sa.Numeric()
    name = "greatest"
    inherit_cache = True


@compiles(greatest)
def default_greatest(element, compiler, **kw):
    return compiler.visit_function(element, **kw)


@compiles(greatest, "sqlite", "mysql")
def case_greatest(element, compiler, **kw):
    arg1, arg2 = list(element.clauses)
    return compiler.process(sa.case((arg1 > arg2, arg1), else_=arg2), **kw)


class Money(UserDefinedType):
    cache_ok = True

    def __init__(self, precision=8):
        self.precision = precision

    def get_col_spec(self, **kw):
        return "MONEY(%s)" % self.precision


class Point(sa.types.TypeEngine):
    __visit_name__ = "point"


@compiles(Point)
def _point(type_, compiler, **kw):
    return "POINT"


@compiles(JSONB, "sqlite")
@compiles(JSONB, "mysql")
def _jsonb(type_, compiler, **kw):
    return "JSON"


@compiles(BigInteger, "sqlite")
def _big(type_, compiler, **kw):
    return "INTEGER"


class InsertFromSelect(Executable, ClauseElement):
    inherit_cache = False

    def __init__(self, table, select):
        self.table = table
        self.select = select


@compiles(InsertFromSelect)
def visit_insert_from_select(element, compiler, **kw):
    return "INSERT INTO %s (%s)" % (
        compiler.process(element.table, asfrom=True, **kw),
        compiler.process(element.select, **kw),
    )
''',
        "migrations/versions/a1.py": revision(
            "a1", None,
            """t = op.create_table('t', sa.Column('id', sa.BigInteger, primary_key=True), sa.Column('m', Money(5)), sa.Column('p', Point()), sa.Column('j', JSONB), sa.Column('at', sa.DateTime, server_default=utcnow()), sa.Column('n', sa.Integer))
op.execute(CreateView('v', sa.select(t.c.id, t.c.n).where(t.c.n > 5)))
op.execute(CreateView('w', sa.select(sa.func.count(t.c.id)), materialized=True))
op.execute(t.update().values(at=utcnow()).where(t.c.at < utcnow()))
op.execute(t.delete().where(t.c.n < greatest(t.c.n, 5)).where(t.c.m == coalesce_all(t.c.m, sa.literal_column('7'))))
op.execute(InsertFromSelect(t, sa.select(t).where(t.c.n == 7)))
op.alter_column('t', 'n', type_=Money(), existing_type=sa.Integer())""",
            "op.execute(DropView('v'))\nop.drop_table('t')",
            imports="from sqlalchemy.dialects.postgresql import JSONB\nfrom app_ddl import CreateView, DropView, InsertFromSelect, Money, Point, coalesce_all, greatest, utcnow",
        ).replace("op.alter_column", "if op.get_context().dialect.name != 'sqlite':\n        op.alter_column"),
    },
    dialects=["postgresql", "sqlite", "mysql"],
)

# Arguments, tenants and environments.

project(
    "conditional elements by -x",
    {
        "migrations/env.py": env(),
        "migrations/versions/a1.py": '''"""first

Revision ID: a1
"""
import sqlalchemy as sa
from alembic import context, op
from sqlalchemy import String, column, table

revision = "a1"
down_revision = None


def upgrade():
    schema_upgrades()
    if context.get_x_argument(as_dictionary=True).get("data", None):
        data_upgrades()


def downgrade():
    if context.get_x_argument(as_dictionary=True).get("data", None):
        data_downgrades()
    schema_downgrades()


def schema_upgrades():
    """schema upgrade migrations go here."""
    op.create_table("my_table", sa.Column("data", sa.String(20)))


def schema_downgrades():
    op.drop_table("my_table")


def data_upgrades():
    my_table = table("my_table", column("data", String))
    op.bulk_insert(my_table, [{"data": "data 1"}, {"data": "data 2"}])


def data_downgrades():
    op.execute("delete from my_table")
''',
    },
    dialects=["postgresql", "sqlite", "mysql"],
    runs=BOTH_WAYS + [["-x", "data=true", "upgrade", "head"], ["-x", "data=true", "downgrade", "head:base"]],
)

project(
    "no empty migrations, no drops, sorted columns",
    {
        "migrations/env.py": env(
            '''from alembic.autogenerate import rewriter
from alembic.operations import ops
from alembic.script import ScriptDirectory

writer = rewriter.Rewriter()
chained = writer.chain(rewriter.Rewriter())


@writer.rewrites(ops.CreateTableOp)
def order_columns(context, revision, op):
    special = {"id": -100, "created_at": 1001}
    columns = sorted(op.columns, key=lambda col: special.get(getattr(col, "name", ""), 0))
    return ops.CreateTableOp(op.table_name, columns, schema=op.schema, **op.kw)


@writer.rewrites(ops.AddColumnOp)
@writer.rewrites((ops.DropColumnOp, ops.DropTableOp))
def nothing(context, revision, op):
    return []


def process_revision_directives(context, revision, directives):
    script = directives[0]
    if config.cmd_opts.autogenerate and script.upgrade_ops.is_empty():
        directives[:] = []


def include_object(object, name, type_, reflected, compare_to):
    return not (type_ == "table" and reflected and compare_to is None)


def render_item(type_, obj, autogen_context):
    autogen_context.imports.add("import x")
    return False
''',
            options=", process_revision_directives=chained, include_object=include_object, render_item=render_item, "
            "compare_type=True, compare_server_default=lambda *a: None, user_module_prefix='app.', include_name=lambda *a: True",
        ),
        "migrations/versions/a1.py": revision("a1", None, "op.create_table('t', sa.Column('created_at', sa.Date), sa.Column('id', sa.Integer))", "op.drop_table('t')"),
    },
)

project(
    "tenants by search_path",
    {
        "migrations/env.py": env(
            "from sqlalchemy import MetaData, text\n"
            "tenant = context.get_x_argument(as_dictionary=True).get('tenant', 'public')",
            metadata="MetaData(schema=tenant, naming_convention={'ix': 'ix_%(column_0_label)s', 'pk': 'pk_%(table_name)s', 'ix': 'ix_%(column_0_label)s'})",
            options=", version_table_schema=tenant, include_schemas=True",
            before="context.execute('CREATE SCHEMA IF NOT EXISTS \"%s\"' % tenant)\n        "
            "context.execute(text('SET search_path TO \"%s\"' % tenant))\n        ",
        ),
        "migrations/versions/a1.py": revision(
            "a1", None,
            "op.create_table('t', sa.Column('id', sa.Integer, primary_key=True), sa.Column('n', sa.Integer, index=True))\n"
            "for schema in ['x', context.get_x_argument(as_dictionary=True).get('tenant')]:\n"
            "    op.create_table('u', sa.Column('id', sa.Integer, primary_key=True), schema=schema)",
            "op.execute('SET search_path TO %s' % op.get_context().version_table_schema)\nop.drop_table('t')",
            imports="from alembic import context",
        ),
    },
    runs=[["upgrade", "head"]] + [["-x", "tenant=Acme", *run] for run in BOTH_WAYS],
)

project(
    "several environments in one file",
    {
        "migrations/env.py": env(
            options=", version_table=config.get_main_option('version_table') or 'alembic_version'",
            before="context.execute('-- environment %s %s' % (config.config_ini_section, config.get_main_option('colour', 'none')))\n        ",
        ),
        "migrations/versions/a1.py": revision("a1", None, "op.execute('SELECT 1')", "op.execute('SELECT 2')"),
        "other/env.py": env(imports="settings = context.config.get_section(context.config.config_ini_section)", options=", version_table=settings['version_table']"),
        "other/versions/b1.py": revision("b1", None, "op.create_table('o', sa.Column('a', sa.Integer))", "op.drop_table('o')"),
    },
    runs=[*BOTH_WAYS, *[["-n", "schema2", *run] for run in BOTH_WAYS], *[["--name", "other", *run] for run in BOTH_WAYS]],
    ini="""
[schema2]
script_location = %(here)s/migrations
sqlalchemy.url = postgresql://u@localhost/y
version_table = schema2_version
colour = red

[other]
script_location = %(here)s/other
sqlalchemy.url = postgresql://u@localhost/z
version_table = other_version
""",
)

project(
    "several databases in one run",
    {
        "migrations/env.py": '''import re

from alembic import context

config = context.config
db_names = config.get_main_option("databases", "")


def run_migrations_offline():
    engines = {}
    for name in re.split(r",\\s*", db_names):
        engines[name] = rec = {}
        rec["url"] = context.config.get_section_option(name, "sqlalchemy.url")
    for name, rec in engines.items():
        context.configure(url=rec["url"], literal_binds=True, dialect_opts={"paramstyle": "named"})
        with context.begin_transaction():
            context.run_migrations(engine_name=name)


run_migrations_offline()
''',
        "migrations/versions/a1.py": '''import sqlalchemy as sa
from alembic import op

revision = "a1"
down_revision = None


def upgrade(engine_name: str) -> None:
    globals()["upgrade_%s" % engine_name]()


def downgrade(engine_name: str) -> None:
    globals()[f"downgrade_{engine_name}"]()


def upgrade_one():
    op.create_table("a", sa.Column("x", sa.Boolean))


def downgrade_one():
    op.drop_table("a")


def upgrade_two():
    op.add_column("b", sa.Column("x", sa.Boolean))


def downgrade_two():
    op.drop_column("b", "x")
''',
    },
    ini="""databases = one, two

[one]
sqlalchemy.url = postgresql://u@localhost/one

[two]
sqlalchemy.url = mysql://u@localhost/two
""",
)

project(
    "an environment of asyncio",
    {
        "migrations/env.py": '''import asyncio
from logging.config import fileConfig

from alembic import context
from sqlalchemy import pool
from sqlalchemy.engine import Connection
from sqlalchemy.ext.asyncio import async_engine_from_config, create_async_engine

config = context.config
if config.attributes.get("connection") is not None:
    raise RuntimeError("no connection is shared here")


def do_run_migrations(connection: Connection) -> None:
    context.configure(connection=connection)
    with context.begin_transaction():
        context.run_migrations()


async def run_async_migrations() -> None:
    connectable = async_engine_from_config(config.get_section(config.config_ini_section, {}), prefix="sqlalchemy.", poolclass=pool.NullPool)
    async with connectable.connect() as connection:
        await connection.run_sync(do_run_migrations)
    await connectable.dispose()


if context.is_offline_mode():
    context.configure(url=config.get_main_option("sqlalchemy.url"), literal_binds=True, dialect_opts={"paramstyle": "named"}, transaction_per_migration=True)
    with context.begin_transaction():
        context.run_migrations()
else:
    asyncio.run(run_async_migrations())
''',
        "migrations/versions/a1.py": revision("a1", None, "op.execute('SELECT 1')", "op.execute('SELECT 2')"),
        "migrations/versions/a2.py": revision("a2", "a1", "with op.get_context().autocommit_block():\n    op.execute('SELECT 3')", "op.execute('SELECT 4')"),
    },
)

# Models in data migrations.

MODELS = '''import datetime
import enum
from typing import List, Optional

import sqlalchemy as sa
from sqlalchemy import orm
from sqlalchemy.ext.associationproxy import association_proxy
from sqlalchemy.ext.declarative import declared_attr
from sqlalchemy.ext.hybrid import hybrid_method, hybrid_property
from sqlalchemy.orm import DeclarativeBase, Mapped, backref, column_property, deferred, mapped_column, relationship, synonym, validates


class Base(DeclarativeBase):
    pass


class Level(enum.Enum):
    LOW = "low"
    HIGH = "high"


class Stamped:
    created: Mapped[datetime.datetime] = mapped_column(server_default=sa.func.now())

    @declared_attr
    def owner_id(cls):
        return sa.Column(sa.Integer, sa.ForeignKey("owner.id"))


class Owner(Base):
    __tablename__ = "owner"
    id: Mapped[int] = mapped_column(primary_key=True)
    first: Mapped[str] = mapped_column(sa.String(20))
    last: Mapped[Optional[str]] = mapped_column(sa.String(20))
    level: Mapped[Level] = mapped_column(sa.Enum(Level, name="level"))
    full = column_property(first.column + " " + last.column)
    items: Mapped[List["Item"]] = relationship(back_populates="owner", cascade="all, delete-orphan", lazy="selectin")
    item_names = association_proxy("items", "name")

    @hybrid_property
    def name(self):
        return self.first + " " + self.last

    @hybrid_property
    def high(self):
        return self.level == Level.HIGH

    @hybrid_property
    def size(self):
        return len(self.first)

    @size.expression
    def size(cls):
        return sa.func.length(cls.first)

    @hybrid_property
    def initial(self):
        return self.first[0]

    @initial.inplace.expression
    @classmethod
    def _initial(cls):
        return sa.func.substr(cls.first, 1, 1)

    @hybrid_method
    def longer(self, n):
        return self.size > n

    @validates("first")
    def check_first(self, key, value):
        return value


class Item(Stamped, Base):
    __tablename__ = "item"
    __table_args__ = (sa.UniqueConstraint("name"), {"comment": "things"})
    id: Mapped[int] = mapped_column(primary_key=True)
    name: Mapped[str] = mapped_column(sa.String(20))
    price: Mapped[float] = mapped_column(default=1.5)
    parent_id = sa.Column(sa.Integer, sa.ForeignKey("item.id"))
    label = synonym("name")
    notes = sa.Column(sa.Text)
    owner = relationship("Owner", back_populates="items", foreign_keys="Item.owner_id")
'''

project(
    "models, hybrids and aliases in data migrations",
    {
        "migrations/env.py": env("from models import Base", metadata="Base.metadata"),
        "models.py": MODELS,
        "migrations/versions/a1.py": revision(
            "a1", None,
            """bind = op.get_bind()
op.execute(sa.update(Owner).where(Owner.high).values(last='x'))
op.execute(sa.update(Owner).where(Owner.name == 'a b').values(level=Level.LOW))
op.execute(sa.update(Owner).where(Owner.size > 3).values({Owner.last: sa.func.upper(Owner.last)}))
op.execute(sa.delete(Owner).where(Owner.longer(7)))
op.execute(sa.update(Owner).values(last=Owner.initial))
op.execute(sa.insert(Item).values(name='n', owner_id=3))
op.execute(sa.insert(Owner).values(first='f', level=Level.HIGH))
parent = orm.aliased(Item)
op.execute(sa.update(Item).where(Item.id.in_(sa.select(parent.id).where(Item.id == parent.parent_id))).values(notes=None))
other = orm.aliased(Owner, name='o')
op.execute(sa.insert(Item).from_select(['name', 'owner_id'], sa.select(other.first, other.id).where(other.high)))
op.execute(sa.select(Owner.id, sa.func.count(Item.id)).join(Item, Item.owner_id == Owner.id).group_by(Owner.id).having(sa.func.count(Item.id) > 1))
op.execute(sa.update(Owner).where(sa.exists().where(Item.owner_id == Owner.id)).values(first='z'))
op.execute(sa.delete(Item).where(~Item.name.in_(['a', 'b'])))
op.execute(Item.__table__.update().values(price=sa.null()))
op.execute(sa.select(parent.name, Item.name).select_from(Item).outerjoin(parent, Item.parent_id == parent.id).order_by(Item.id.desc()).limit(3))
op.execute(sa.select(parent).where(parent.id == 1))
op.execute(sa.update(Owner).values(first=sa.select(Item.name).where(Item.owner_id == Owner.id).limit(1).scalar_subquery()))""",
            "op.execute(sa.delete(Owner).where(Owner.id.between(1, 5)))",
            imports="from sqlalchemy import orm\nfrom models import Item, Level, Owner",
        ),
        "migrations/versions/a2.py": revision(
            "a2", "a1",
            """Item.__table__.create(op.get_bind(), checkfirst=False) if op.get_bind() else None
op.create_table(*Item.__table__.columns and ['copy', sa.Column('a', sa.Integer)])
op.execute(account.update().where(account.c.name == op.inline_literal('account 1')).values({'name': op.inline_literal('account 2')}))""",
            imports="from models import Item\naccount = sa.sql.table('account', sa.sql.column('name', sa.String))",
        ),
    },
    dialects=["postgresql", "sqlite", "mysql"],
)

project(
    "older declarative models",
    {
        "migrations/env.py": env("from models import Base", metadata="[Base.metadata]"),
        "models.py": '''import sqlalchemy as sa
from sqlalchemy.ext.declarative import declarative_base, declared_attr
from sqlalchemy.ext.hybrid import hybrid_property
from sqlalchemy.orm import relationship, sessionmaker, scoped_session, Session, aliased

Base = declarative_base(metadata=sa.MetaData(naming_convention={"pk": "pk_%(table_name)s", "fk": "fk_%(table_name)s_%(column_0_name)s"}))
Session_ = scoped_session(sessionmaker())


class Named(object):
    @declared_attr
    def __tablename__(cls):
        return cls.__name__.lower() + "s"

    id = sa.Column(sa.Integer, primary_key=True)


class User(Named, Base):
    name = sa.Column("user_name", sa.String(30), default="nobody", nullable=False)
    kind = sa.Column(sa.String(5))
    __mapper_args__ = {"polymorphic_on": kind, "polymorphic_identity": "user"}

    @hybrid_property
    def shout(self):
        return self.name + "!"

    @shout.setter
    def shout(self, value):
        self.name = value

    @shout.expression
    def shout(cls):
        return sa.func.concat(cls.name, "!")


class Admin(User):
    __tablename__ = None
    __mapper_args__ = {"polymorphic_identity": "admin"}

''',
        "migrations/versions/a1.py": revision(
            "a1", None,
            """op.execute(sa.update(User).where(User.shout == 'a!').values(name='b'))
op.execute(sa.insert(User).values(name='q', kind='x'))
op.execute(User.__table__.delete().where(User.__table__.c.user_name == 'b'))
u = aliased(User)
op.execute(sa.select(u.name, User.name).where(User.id == u.id))
op.bulk_insert(User.__table__, [{'user_name': 'a', 'id': 1}])""",
            imports="from models import User, aliased",
        ),
    },
    dialects=["postgresql", "sqlite"],
)

# Extension packages in the environment and in the revisions.

project(
    "entities of alembic_utils in a module",
    {
        "migrations/env.py": env("from alembic_utils.replaceable_entity import register_entities\nfrom entities import ALL\nregister_entities(ALL, schemas=['public'], exclude_schemas=['audit'])"),
        "entities.py": '''from alembic_utils.pg_function import PGFunction
from alembic_utils.pg_materialized_view import PGMaterializedView
from alembic_utils.pg_trigger import PGTrigger
from alembic_utils.pg_view import PGView

touch = PGFunction(
    schema="public",
    signature="touch()",
    definition="""
    RETURNS trigger AS $$
    BEGIN
        NEW.updated := now()::timestamp;
        RETURN NEW;
    END;
    $$ LANGUAGE plpgsql
    """,
)
trigger = PGTrigger(schema="public", signature="touch_t", on_entity="public.t", definition="BEFORE UPDATE ON public.t FOR EACH ROW EXECUTE FUNCTION public.touch()")
view = PGView("public", "v", "SELECT id, 'a:b' AS c FROM public.t")
ALL = [touch, trigger, view]
''',
        "migrations/versions/a1.py": revision(
            "a1", None,
            "op.create_entity(touch)\nop.create_entity(trigger)\nop.create_entity(view)",
            "op.drop_entity(view)\nop.drop_entity(trigger)\nop.drop_entity(touch)",
            imports="from entities import touch, trigger, view",
        ),
        "migrations/versions/a2.py": revision(
            "a2", "a1",
            "op.replace_entity(v2)\nop.execute(v2.to_sql_statement_create())\nop.execute(v2.to_sql_statement_drop(cascade=True))\n"
            "for statement in v2.to_sql_statement_create_or_replace():\n    op.execute(statement)\n"
            "op.execute(\"SELECT '%s %s'\" % (v2.identity, v2.literal_schema))",
            "op.replace_entity(PGView(schema='public', signature='v', definition='SELECT 1'))",
            imports="from alembic_utils.pg_view import PGView\nv2 = PGView(schema='public', signature='v', definition='SELECT id FROM t')",
        ),
    },
)

project(
    "alembic_postgresql_enum",
    {
        "migrations/env.py": env("import alembic_postgresql_enum\nalembic_postgresql_enum.set_configuration(alembic_postgresql_enum.Config(add_type_ignore=True, drop_unused_enums=False))"),
        "migrations/versions/a1.py": revision(
            "a1", None,
            "sa.Enum('a', 'b', name='en').create(op.get_bind())\nop.create_table('t', sa.Column('c', postgresql.ENUM('a', 'b', name='en', create_type=False), nullable=True))",
            "op.drop_table('t')\nsa.Enum('a', 'b', name='en').drop(op.get_bind())",
            imports="from sqlalchemy.dialects import postgresql",
        ),
        "migrations/versions/a2.py": revision(
            "a2", "a1",
            "op.sync_enum_values(enum_schema='public', enum_name='en', new_values=['a', 'c'], affected_columns=[TableReference(table_schema='public', table_name='t', column_name='c')], enum_values_to_rename=[('b', 'c')])",
            "op.sync_enum_values(enum_schema='public', enum_name='en', new_values=['a', 'b'], affected_columns=[TableReference(table_schema='public', table_name='t', column_name='c')], enum_values_to_rename=[('c', 'b')])",
            imports="from alembic_postgresql_enum import TableReference",
        ),
    },
)

project(
    "geoalchemy2 with its helpers in the environment",
    {
        "migrations/env.py": env(
            "from geoalchemy2 import alembic_helpers",
            options=", include_object=alembic_helpers.include_object, process_revision_directives=alembic_helpers.writer, render_item=alembic_helpers.render_item",
        ),
        "migrations/versions/a1.py": revision(
            "a1", None,
            """op.create_geospatial_table('lake', sa.Column('id', sa.Integer(), nullable=False), sa.Column('geom', Geometry(geometry_type='LINESTRING', srid=4326, dimension=2, spatial_index=False, from_text='ST_GeomFromEWKT', name='geometry', nullable=False), nullable=False), sa.PrimaryKeyConstraint('id'))
op.create_geospatial_index('idx_lake_geom', 'lake', ['geom'], unique=False, postgresql_using='gist', postgresql_ops={})
lake = sa.table('lake', sa.column('geom', Geometry('LINESTRING', 4326)), sa.column('id', sa.Integer))
op.execute(sa.update(lake).values(geom=func.ST_GeomFromText('LINESTRING(0 0,1 1)', 4326)).where(func.ST_Length(lake.c.geom) > 1.5))""",
            """op.drop_geospatial_index('idx_lake_geom', table_name='lake', postgresql_using='gist', column_name='geom')
op.drop_geospatial_table('lake')""",
            imports="from geoalchemy2 import Geometry, Raster\nfrom sqlalchemy import func",
        ),
    },
)

project(
    "sqlmodel",
    {
        "migrations/env.py": env("from sqlmodel import SQLModel\nimport models  # noqa", metadata="SQLModel.metadata", options=", render_as_batch=True"),
        "models.py": '''import datetime
import enum
import uuid
from decimal import Decimal
from typing import List, Optional

import sqlalchemy as sa
from pydantic import EmailStr
from sqlmodel import Column, DateTime, Field, Relationship, SQLModel, col, func, select


class Kind(str, enum.Enum):
    a = "a"
    b = "b"


class TeamBase(SQLModel):
    name: str = Field(index=True, unique=True, max_length=30)


class Team(TeamBase, table=True):
    id: uuid.UUID = Field(default_factory=uuid.uuid4, primary_key=True)
    heroes: List["Hero"] = Relationship(back_populates="team", cascade_delete=True)


class Hero(SQLModel, table=True):
    __tablename__ = "heroes"
    __table_args__ = (sa.UniqueConstraint("name", "age", name="uq_hero"),)
    id: Optional[int] = Field(default=None, primary_key=True)
    name: str
    age: int | None = Field(default=None, ge=0)
    cash: Decimal = Field(default=0, max_digits=8, decimal_places=2)
    created: datetime.datetime = Field(sa_column=Column(DateTime(timezone=True), server_default=func.now()))
    tags: List[str] = Field(default_factory=list, sa_type=sa.JSON, sa_column_kwargs={"server_default": "[]"})
    team_id: Optional[uuid.UUID] = Field(default=None, foreign_key="team.id", ondelete="CASCADE")
    team: Optional[Team] = Relationship(back_populates="heroes")


class HeroPublic(TeamBase):
    id: int
''',
        "migrations/versions/a1.py": revision(
            "a1", None,
            """op.create_table('team', sa.Column('name', sqlmodel.sql.sqltypes.AutoString(length=30), nullable=False), sa.Column('id', sa.Uuid(), nullable=False), sa.PrimaryKeyConstraint('id'))
with op.batch_alter_table('team', schema=None) as batch_op:
    batch_op.create_index(batch_op.f('ix_team_name'), ['name'], unique=True)
op.execute(sa.update(Hero).where(Hero.name == 'x').values(age=3))
op.execute(sa.insert(Team).values(name='t', id=uuid.UUID(int=1)))
op.execute(select(Hero.id).where(col(Hero.team_id).is_(None), col(Hero.name).in_(['a'])))
op.execute(sa.schema.CreateTable(Hero.__table__))""",
            "op.drop_table('team')",
            imports="import sqlmodel\nimport uuid\nfrom models import Hero, Team\nfrom sqlmodel import col, select",
        ),
    },
    dialects=["postgresql", "sqlite", "mysql"],
)

project(
    "fastapi-users",
    {
        "migrations/env.py": env("from db import Base", metadata="Base.metadata"),
        "db.py": '''from collections.abc import AsyncGenerator

from fastapi import Depends
from fastapi_users.db import SQLAlchemyBaseOAuthAccountTableUUID, SQLAlchemyBaseUserTableUUID, SQLAlchemyUserDatabase
from fastapi_users_db_sqlalchemy.access_token import SQLAlchemyAccessTokenDatabase, SQLAlchemyBaseAccessTokenTableUUID
from sqlalchemy.ext.asyncio import AsyncSession, async_sessionmaker, create_async_engine
from sqlalchemy.orm import DeclarativeBase, Mapped, relationship


class Base(DeclarativeBase):
    pass


class OAuthAccount(SQLAlchemyBaseOAuthAccountTableUUID, Base):
    pass


class User(SQLAlchemyBaseUserTableUUID, Base):
    oauth_accounts: Mapped[list[OAuthAccount]] = relationship("OAuthAccount", lazy="joined")


class AccessToken(SQLAlchemyBaseAccessTokenTableUUID, Base):
    pass


async def get_user_db(session: AsyncSession = Depends(lambda: None)):
    yield SQLAlchemyUserDatabase(session, User, OAuthAccount)
''',
        "migrations/versions/a1.py": revision(
            "a1", None,
            """op.create_table('user', sa.Column('id', fastapi_users_db_sqlalchemy.generics.GUID(), nullable=False), sa.Column('email', sa.String(length=320), nullable=False), sa.PrimaryKeyConstraint('id'))
op.execute(sa.update(User).where(User.email == 'a@b.c').values(is_superuser=True))
op.execute(sa.delete(AccessToken).where(AccessToken.user_id.in_(sa.select(User.id).where(User.is_active.is_(False)))))
for model in (User, OAuthAccount, AccessToken):
    op.execute(sa.schema.CreateTable(model.__table__))""",
            "op.drop_table('user')",
            imports="import fastapi_users_db_sqlalchemy\nfrom db import AccessToken, OAuthAccount, User",
        ),
    },
    dialects=["postgresql", "sqlite"],
)

project(
    "types of PostgreSQL's extensions",
    {
        "migrations/env.py": env(),
        "migrations/versions/a1.py": revision(
            "a1", None,
            """op.execute('CREATE EXTENSION IF NOT EXISTS hstore')
t = op.create_table('t',
    sa.Column('ci', postgresql.CITEXT(), nullable=False, unique=True),
    sa.Column('hs', postgresql.HSTORE(text_type=sa.Text()), server_default=''),
    sa.Column('mh', MutableDict.as_mutable(postgresql.HSTORE)),
    sa.Column('path', LtreeType),
    sa.Column('ts', postgresql.TSVECTOR(), sa.Computed("to_tsvector('english', ci)", persisted=True)),
    sa.Column('r1', postgresql.INT4RANGE()), sa.Column('r2', postgresql.TSTZRANGE(), nullable=False), sa.Column('r3', postgresql.DATEMULTIRANGE()),
    sa.Column('v', Vector(3)), sa.Column('h', HALFVEC(4)),
    sa.Column('arr', postgresql.ARRAY(postgresql.CITEXT())), sa.Column('b', postgresql.BIT(3, varying=True)), sa.Column('o', postgresql.OID),
    postgresql.ExcludeConstraint(('r2', '&&'), (sa.literal_column('lower(ci)'), '='), name='no_overlap', using='gist', where=sa.text('r1 IS NOT NULL')))
op.create_index('ix_ts', 't', ['ts'], postgresql_using='gin')
op.create_index('ix_path', 't', ['path'], postgresql_using='gist', postgresql_ops={'path': 'gist_ltree_ops'})
op.create_index('ix_v', 't', ['v'], postgresql_using='ivfflat', postgresql_with={'lists': 100}, postgresql_ops={'v': 'vector_cosine_ops'})
op.execute(t.update().values(hs=sa.func.hstore('a', 'b')).where(t.c.r1.contains(5)))
op.execute(t.delete().where(t.c.r2.overlaps(sa.func.tstzrange('2020-01-01', None))))
op.alter_column('t', 'ci', type_=sa.Text(), existing_type=postgresql.CITEXT(), postgresql_using='ci::text')""",
            "op.drop_constraint('no_overlap', 't')\nop.drop_table('t')",
            imports="from pgvector.sqlalchemy import HALFVEC, Vector\nfrom sqlalchemy.dialects import postgresql\nfrom sqlalchemy.ext.mutable import MutableDict\nfrom sqlalchemy_utils import LtreeType",
        ),
    },
)

project(
    "oslo.db models",
    {
        "migrations/env.py": env("from models import BASE", metadata="BASE.metadata"),
        "models.py": '''from oslo_config import cfg
from oslo_db.sqlalchemy import enginefacade, models, types
import sqlalchemy as sa
from sqlalchemy.ext.declarative import declarative_base

CONF = cfg.CONF


class OurBase(models.ModelBase, models.TimestampMixin):
    metadata = None

    def save(self, session):
        raise NotImplementedError


BASE = declarative_base(cls=OurBase)


class Thing(BASE, models.SoftDeleteMixin):
    __tablename__ = "things"
    id = sa.Column(sa.Integer, primary_key=True)
    meta = sa.Column(types.JsonEncodedDict())
''',
        "migrations/versions/a1.py": revision(
            "a1", None,
            "op.execute(sa.schema.CreateTable(Thing.__table__))\nop.execute(sa.update(Thing).values(deleted=Thing.id).where(Thing.deleted == 0))",
            imports="from models import Thing",
        ),
    },
    dialects=["postgresql", "mysql"],
)


project(
    "@compiles on statements of SQLAlchemy and Alembic",
    {
        "ddl_hooks.py": '''import re

from alembic.ddl.base import AddColumn, RenameTable, visit_add_column, visit_rename_table
from sqlalchemy.ext.compiler import compiles
from sqlalchemy.schema import AddConstraint, CreateColumn, CreateIndex, CreateSchema, CreateTable, DropTable


@compiles(DropTable, "postgresql")
def drop_cascade(element, compiler, **kw):
    return compiler.visit_drop_table(element) + " CASCADE"


@compiles(CreateTable, "postgresql")
def partitioned(element, compiler, **kw):
    text = compiler.visit_create_table(element, **kw)
    table = element.element
    by = table.info.get("partition_by")
    if by:
        text = text.rstrip() + f" PARTITION BY RANGE ({by})"
    if table.name.startswith("tmp_"):
        text = re.sub("^\\s*CREATE TABLE ", "CREATE UNLOGGED TABLE ", text)
    return text


@compiles(CreateTable, "sqlite")
def strict(element, compiler, **kw):
    return compiler.visit_create_table(element, **kw) + " STRICT"


@compiles(CreateTable)
def anywhere(element, compiler, **kw):
    text = compiler.visit_create_table(element, **kw)
    return "%s /* %s */" % (text.strip(), compiler.preparer.format_table(element.element))


@compiles(CreateColumn, "postgresql")
def identity(element, compiler, **kw):
    text = compiler.visit_create_column(element, **kw)
    if element.element.name == "hidden":
        return None
    return text.replace("BIGSERIAL", "BIGINT GENERATED BY DEFAULT AS IDENTITY").replace("SERIAL", "INT GENERATED BY DEFAULT AS IDENTITY")


@compiles(CreateIndex, "postgresql")
def tablespace(element, compiler, **kw):
    return compiler.visit_create_index(element, **kw) + " TABLESPACE fast"


@compiles(AddConstraint, "postgresql")
def not_valid(element, compiler, **kw):
    return compiler.visit_add_constraint(element, **kw) + " NOT VALID"


@compiles(AddColumn, "postgresql")
def added(element, compiler, **kw):
    text = visit_add_column(element, compiler, **kw)
    return f"{text} /* {element.table_name}.{element.column.name} {element.schema} */"


@compiles(RenameTable, "mysql")
def renamed(element, compiler, **kw):
    return visit_rename_table(element, compiler, **kw).replace("RENAME TO", "RENAME AS") + " -- " + element.new_table_name


@compiles(CreateSchema, "postgresql")
def owned(element, compiler, **kw):
    return compiler.visit_create_schema(element, **kw) + " AUTHORIZATION owner"
''',
        "migrations/env.py": env(
            "import ddl_hooks",
            metadata="sa.MetaData(naming_convention={'ck': 'ck_%(table_name)s_%(constraint_name)s', 'pk': 'pk_%(table_name)s', 'ix': 'ix_%(column_0_label)s'})",
        ).replace("import ddl_hooks", "import ddl_hooks\nimport sqlalchemy as sa"),
        "migrations/versions/a1.py": revision(
            "a1",
            None,
            """
op.execute(sa.schema.CreateSchema("app"))
op.create_table("event", sa.Column("id", sa.BigInteger, primary_key=True), sa.Column("at", sa.DateTime), sa.Column("hidden", sa.Integer),
                sa.Column("kind", sa.Enum("a", "b", name="kind")), sa.CheckConstraint("id > 0", name="positive"),
                sa.Index("ix_at", "at"), comment="events", info={"partition_by": "at"})
op.create_table("tmp_x", sa.Column("id", sa.Integer, primary_key=True), sa.Column("n", sa.String(5), index=True))
""",
            """
op.drop_table("tmp_x")
op.drop_table("event", schema="app")
""",
        ),
        "migrations/versions/a2.py": revision(
            "a2",
            "a1",
            """
op.add_column("tmp_x", sa.Column("c", sa.Integer), schema="app")
op.add_column("tmp_x", sa.Column("d", sa.Integer, index=True))
op.create_index("ix_n", "tmp_x", ["n"])
op.rename_table("tmp_x", "kept")
x = sa.Table("y", sa.MetaData(), sa.Column("a", sa.Integer, primary_key=True), sa.Column("b", sa.Integer, index=True))
x.create(op.get_bind())
op.execute(sa.schema.CreateTable(sa.Table("z", sa.MetaData(), sa.Column("a", sa.Integer, primary_key=True), sa.Column("b", sa.Integer, index=True))))
op.execute(sa.schema.DropTable(x))
""",
            """
op.drop_table("y")
""",
        ),
    },
    dialects=["postgresql", "sqlite", "mysql"],
)


project(
    "attributes of mapped classes and imperative mappings",
    {
        "models.py": '''import sqlalchemy as sa
from sqlalchemy import orm
from sqlalchemy.ext.hybrid import hybrid_property
from sqlalchemy.orm import Mapped, composite, declared_attr, deferred, mapped_column, synonym


class Base(orm.DeclarativeBase):
    pass


class Point:
    def __init__(self, x, y):
        self.x, self.y = x, y

    def __composite_values__(self):
        return self.x, self.y


class Mixin:
    @declared_attr
    def note(cls):
        return deferred(sa.Column(sa.Text))


class User(Mixin, Base):
    __tablename__ = "user_account"
    id = orm.column_property(sa.Column("the_id", sa.Integer, primary_key=True))
    first = sa.Column("first", sa.String(5))
    last = sa.Column("last_name", sa.String(5))
    full = orm.column_property(first + " " + last)
    both = orm.column_property(sa.Column("b", sa.String(5)), sa.Column("c", sa.String(6)))
    nick = synonym("first")
    big = deferred(sa.Column(sa.LargeBinary))
    start = composite(Point, mapped_column("x1", sa.Integer), mapped_column("y1", sa.Integer))
    extra = orm.query_expression()

    @hybrid_property
    def length(self):
        return sa.func.length(self.first)


sa.Index("ix_user_lower", sa.func.lower(User.first))

registry = orm.registry()
tag = sa.Table("tag", registry.metadata, sa.Column("id", sa.Integer, primary_key=True), sa.Column("label", sa.String(9)))


class Tag:
    pass


registry.map_imperatively(Tag, tag, properties={"text": tag.c.label, "ident": synonym("id"), "loud": orm.column_property(sa.func.upper(tag.c.label))})


@registry.mapped
class Item:
    __tablename__ = "item"
    id: Mapped[int] = mapped_column(primary_key=True)
    name: Mapped[str] = mapped_column(sa.String(7), deferred=True)
''',
        "migrations/env.py": env(),
        "migrations/versions/a1.py": revision(
            "a1",
            None,
            """
Base.metadata.create_all(op.get_bind())
registry.metadata.create_all(op.get_bind())
op.execute(sa.update(User).values(first="x").where(User.nick == "y").where(User.full == "a b"))
op.execute(sa.select(User.id, User.full, User.both, User.nick, User.length).where(User.length > 3))
op.execute(sa.update(User).values(big=None, note="n"))
op.execute(sa.update(Tag).values(text="x").where(Tag.ident == 5))
op.execute(sa.select(Tag.text, Tag.loud).where(Tag.loud == "A"))
op.execute(sa.insert(Item).values(name="x"))
op.execute(sa.schema.CreateTable(Item.__table__))
""",
            "Base.metadata.drop_all(op.get_bind())",
            imports="from models import Base, Item, Tag, User, registry",
        ),
    },
    dialects=["postgresql", "sqlite", "mysql"],
)


def write(directory, case, dialect):
    for path, text in case["files"].items():
        file = directory / path
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(text)
    (directory / "alembic.ini").write_text(INI.format(url=URLS[dialect], more=case["ini"]))


def printed(directory, run):
    command, rest = run[:-2], run[-2:]
    arguments = [sys.executable, "-W", "ignore", "-m", "alembic", *command, *rest, "--sql"]
    return subprocess.run(arguments, cwd=directory, capture_output=True, text=True)


def main():
    wanted = sys.argv[1:]
    cases = []
    for case in PROJECTS:
        if wanted and not any(word in case["name"] for word in wanted):
            continue
        found = []
        for dialect in case["dialects"]:
            with tempfile.TemporaryDirectory() as name:
                directory = pathlib.Path(name)
                write(directory, case, dialect)
                for run in case["runs"]:
                    result = printed(directory, run)
                    if result.returncode:
                        print(case["name"], dialect, run, result.stderr[-1500:], file=sys.stderr)
                        continue
                    found.append({"dialect": dialect, "arguments": run, "output": result.stdout})
        ini = {dialect: INI.format(url=URLS[dialect], more=case["ini"]) for dialect in case["dialects"]}
        cases.append({"name": case["name"], "files": case["files"], "ini": ini, "runs": found})
    json.dump(cases, sys.stdout, indent=1)
    print()


main()
