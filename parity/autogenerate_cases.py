"""Changes of models, each as the models before and after: what autogenerate has to see."""

from __future__ import annotations

from dataclasses import dataclass, field

#: What every models.py begins with.
HEAD = """import datetime
import decimal
import enum
from typing import Annotated, Optional

import sqlalchemy as sa
from sqlalchemy import Column, ForeignKey, Index, MetaData, Table
from sqlalchemy.dialects import postgresql
from sqlalchemy.orm import DeclarativeBase, Mapped, declared_attr, mapped_column, relationship

"""

POSTGRESQL = ("postgresql",)
SQLITE = ("sqlite",)
BOTH = ("sqlite", "postgresql")


@dataclass
class Case:
    """One change."""

    name: str
    before: str
    after: str
    dialects: tuple[str, ...] = BOTH
    #: Keywords for `context.configure`, as Python.
    options: str = ""
    #: Schemas that exist before.
    schemas: tuple[str, ...] = ()
    files: dict[str, str] = field(default_factory=dict)


CASES: list[Case] = []


def case(name: str, before: str, after: str, dialects: tuple[str, ...] = BOTH, options: str = "", schemas: tuple[str, ...] = ()) -> None:
    CASES.append(Case(name, before, after, dialects, options, schemas))


def columns(name: str, before: str, after: str, **keywords) -> None:
    """A change of the columns of one table."""
    table = 'metadata = MetaData()\naccount = Table("account", metadata,\n    Column("id", sa.Integer, primary_key=True),\n{}\n)\n'
    case(name, table.format(before), table.format(after), **keywords)


NAMED = """metadata = MetaData(naming_convention={
    "ix": "ix_%(column_0_label)s", "uq": "uq_%(table_name)s_%(column_0_name)s", "ck": "ck_%(table_name)s_%(constraint_name)s",
    "fk": "fk_%(table_name)s_%(column_0_name)s_%(referred_table_name)s", "pk": "pk_%(table_name)s"})
"""
PARENT = 'parent = Table("parent", metadata, Column("id", sa.Integer, primary_key=True), Column("code", sa.String(10), nullable=False))\n'
BASIC = "metadata = MetaData()\n"
ONE = BASIC + PARENT

# Tables.
case("add a table", ONE, ONE + """child = Table("child", metadata,
    Column("id", sa.Integer, primary_key=True),
    Column("parent_id", sa.ForeignKey("parent.id", ondelete="CASCADE"), nullable=False, index=True),
    Column("name", sa.String(50), nullable=False, unique=True),
    Column("price", sa.Numeric(10, 2), server_default="0"),
    Column("made", sa.DateTime, server_default=sa.func.now()),
    sa.CheckConstraint("price >= 0", name="positive"),
    Index("ix_child_name_price", "name", "price"),
)
""")
case("drop a table", ONE + """child = Table("child", metadata,
    Column("id", sa.Integer, primary_key=True),
    Column("parent_id", sa.ForeignKey("parent.id", ondelete="CASCADE", name="fk_child"), nullable=False, index=True),
    Column("name", sa.String(50), nullable=False),
    Column("active", sa.Boolean, server_default=sa.true(), nullable=False),
    Column("made", sa.DateTime(timezone=True), server_default=sa.func.now()),
    sa.UniqueConstraint("name", name="uq_child_name"),
)
""", ONE)
case("add tables that refer to each other in a row", BASIC, ONE + """child = Table("child", metadata, Column("id", sa.Integer, primary_key=True), Column("parent_id", sa.ForeignKey("parent.id")))
grandchild = Table("a_grandchild", metadata, Column("id", sa.BigInteger, primary_key=True), Column("child_id", sa.Integer), sa.ForeignKeyConstraint(["child_id"], ["child.id"], name="fk_grand", onupdate="CASCADE", deferrable=True, initially="DEFERRED"))
""")
case("add tables that refer to each other in a circle", BASIC, BASIC + """a = Table("a", metadata, Column("id", sa.Integer, primary_key=True), Column("b_id", sa.ForeignKey("b.id", use_alter=True, name="fk_a_b")))
b = Table("b", metadata, Column("id", sa.Integer, primary_key=True), Column("a_id", sa.ForeignKey("a.id", name="fk_b_a")))
""")
case("a table with a naming convention", NAMED, NAMED + PARENT + """child = Table("child", metadata,
    Column("id", sa.Integer, primary_key=True),
    Column("parent_id", sa.ForeignKey("parent.id")),
    Column("name", sa.String(50), unique=True, index=False),
    Column("mail", sa.String(50), index=True),
    Column("age", sa.Integer, sa.CheckConstraint("age > 0", name="adult")),
    sa.UniqueConstraint("mail", "age", name="given"),
)
""")
case("an association table", ONE, ONE + """tag = Table("tag", metadata, Column("id", sa.Integer, primary_key=True), Column("label", sa.Text))
link = Table("link", metadata, Column("parent_id", sa.ForeignKey("parent.id"), primary_key=True), Column("tag_id", sa.ForeignKey("tag.id"), primary_key=True))
""")
case("a table with a comment and comments of columns", BASIC, BASIC + """t = Table("t", metadata, Column("id", sa.Integer, primary_key=True, comment="the key"), Column("n", sa.String, comment="it's a \\"name\\""), comment="A table")
""")
case("a table of many types", BASIC, BASIC + """t = Table("t", metadata,
    Column("id", sa.BigInteger, primary_key=True, autoincrement=False),
    Column("a", sa.SmallInteger), Column("b", sa.Float), Column("c", sa.Double), Column("d", sa.Numeric), Column("e", sa.Date),
    Column("f", sa.Time), Column("g", sa.DateTime(timezone=True)), Column("h", sa.LargeBinary), Column("i", sa.JSON), Column("j", sa.Uuid),
    Column("k", sa.Unicode(20)), Column("l", sa.UnicodeText), Column("m", sa.Interval), Column("n", sa.CHAR(3)), Column("o", sa.Enum("x", "y", name="xy")),
    Column("p", sa.Boolean(create_constraint=True, name="bool_p")), Column("q", sa.Float(24)), Column("r", sa.String(collation="C")),
    Column("s", sa.String(10).with_variant(sa.Text, "sqlite")))
""")
case("drop a table of many types", BASIC + """t = Table("t", metadata,
    Column("id", sa.BigInteger, primary_key=True),
    Column("a", sa.SmallInteger), Column("b", sa.Float), Column("c", sa.Double), Column("d", sa.Numeric), Column("e", sa.Date),
    Column("f", sa.Time), Column("g", sa.DateTime(timezone=True)), Column("g2", sa.DateTime), Column("h", sa.LargeBinary), Column("i", sa.JSON), Column("j", sa.Uuid),
    Column("k", sa.Unicode(20)), Column("l", sa.UnicodeText), Column("n", sa.CHAR(3)), Column("o", sa.Enum("x", "y", name="xy")),
    Column("p", sa.Boolean), Column("q", sa.Float(24)), Column("r", sa.Interval), Column("s", sa.Numeric(12, 4)), Column("u", sa.Time(timezone=True)))
""", BASIC)
case("drop a table of PostgreSQL's types", BASIC + """t = Table("t", metadata,
    Column("id", sa.Integer, primary_key=True),
    Column("a", postgresql.JSONB), Column("b", postgresql.UUID), Column("c", postgresql.ARRAY(sa.String(10))), Column("d", postgresql.INET),
    Column("e", postgresql.TSVECTOR), Column("f", postgresql.BYTEA), Column("g", postgresql.TIMESTAMP(precision=3)), Column("h", postgresql.BIT(4)),
    Column("i", postgresql.INT4RANGE), Column("j", postgresql.ARRAY(sa.Integer, dimensions=2)), Column("k", postgresql.INTERVAL(fields="DAY")), Column("l", postgresql.MONEY),
    Column("m", postgresql.JSON), Column("n", postgresql.MACADDR), Column("o", postgresql.ENUM("p", "q", name="pq")))
""", BASIC, dialects=POSTGRESQL)
case("a table of PostgreSQL's types", BASIC, BASIC + """t = Table("t", metadata,
    Column("id", sa.Integer, primary_key=True),
    Column("a", postgresql.JSONB), Column("b", postgresql.UUID(as_uuid=True)), Column("c", postgresql.ARRAY(sa.String(10))), Column("d", postgresql.INET),
    Column("e", postgresql.TSVECTOR), Column("f", postgresql.BYTEA), Column("g", postgresql.TIMESTAMP(precision=3)), Column("h", postgresql.BIT(4)),
    Column("i", postgresql.INT4RANGE), Column("j", sa.ARRAY(sa.Integer, dimensions=2)), Column("k", postgresql.INTERVAL(fields="DAY")), Column("l", postgresql.MONEY),
    Column("m", sa.JSON().with_variant(postgresql.JSONB(), "postgresql")), Column("o", postgresql.ENUM("p", "q", name="pq")), Column("q", sa.Enum("x", "y", name="xy", schema="public")))
""", dialects=POSTGRESQL)

# Columns.
columns("add a column", '    Column("a", sa.Integer),', '    Column("a", sa.Integer), Column("b", sa.String(20), nullable=True),')
columns("add a column with a default", '', '    Column("b", sa.Boolean, nullable=False, server_default=sa.false()), Column("c", sa.String, nullable=False, server_default="x"), Column("d", sa.DateTime, server_default=sa.text("CURRENT_TIMESTAMP")),')
columns("add a column with a key, an index and a comment", '', '    Column("b", sa.ForeignKey("account.id", name="fk_self"), index=True, comment="why"), Column("c", sa.String(5), unique=True),')
columns("drop a column", '    Column("a", sa.Integer), Column("b", sa.String(20), nullable=False),', '    Column("a", sa.Integer),')
columns("drop a column with a default", '    Column("a", sa.Integer, server_default="5"),', '')
columns("drop a column with an index", '    Column("a", sa.Integer, index=True),', '')
columns("drop a column with an enum", '    Column("a", sa.Enum("x", "y", name="xy"), server_default="x"),', '')
columns("a longer text", '    Column("a", sa.String(20)),', '    Column("a", sa.String(40)),')
columns("a text without a length", '    Column("a", sa.String(20), nullable=False),', '    Column("a", sa.Text, nullable=False),')
columns("a number becomes text", '    Column("a", sa.Integer, server_default="5"),', '    Column("a", sa.String(10), server_default="5"),')
columns("an integer grows", '    Column("a", sa.Integer, nullable=False, comment="c"),', '    Column("a", sa.BigInteger, nullable=False, comment="c"),')
columns("a numeric changes its scale", '    Column("a", sa.Numeric(10, 2)),', '    Column("a", sa.Numeric(12, 4)),')
columns("a time gets a zone", '    Column("a", sa.DateTime),', '    Column("a", sa.DateTime(timezone=True)),')
columns("float and double", '    Column("a", sa.Float), Column("b", sa.Double),', '    Column("a", sa.Double), Column("b", sa.Float),')
columns("json becomes jsonb", '    Column("a", sa.JSON),', '    Column("a", postgresql.JSONB),', dialects=POSTGRESQL)
columns("a text becomes an enum", '    Column("a", sa.String(1)),', '    Column("a", sa.Enum("x", "y", name="xy")),')
columns("type changes are not looked at", '    Column("a", sa.String(20)),', '    Column("a", sa.Text),', options="compare_type=False")
columns("nullable to not null", '    Column("a", sa.String(20)), Column("b", sa.Integer, nullable=False),', '    Column("a", sa.String(20), nullable=False), Column("b", sa.Integer),')
columns("nullable with a default", '    Column("a", sa.Boolean, server_default=sa.text("false")), Column("b", sa.String(4), server_default="x"),', '    Column("a", sa.Boolean, server_default=sa.text("false"), nullable=False), Column("b", sa.String(4), server_default="x", nullable=False),', dialects=POSTGRESQL)
columns("type and nullable together", '    Column("a", sa.String(20)),', '    Column("a", sa.Text, nullable=False),')
columns("a default comes", '    Column("a", sa.Integer), Column("b", sa.String(5)),', '    Column("a", sa.Integer, server_default="7"), Column("b", sa.String(5), server_default="it"),', options="compare_server_default=True")
columns("a default goes", '    Column("a", sa.Integer, server_default="7"), Column("b", sa.String(5), server_default="it"),', '    Column("a", sa.Integer), Column("b", sa.String(5)),', options="compare_server_default=True")
columns("a default changes", '    Column("a", sa.Integer, server_default="7"), Column("b", sa.String(5), server_default="it"), Column("c", sa.Boolean, server_default=sa.true()),', '    Column("a", sa.Integer, server_default="8"), Column("b", sa.String(5), server_default="is"), Column("c", sa.Boolean, server_default=sa.false()),', options="compare_server_default=True")
columns("defaults that stay", '    Column("a", sa.Integer, server_default=sa.text("7")), Column("b", sa.String(5), server_default="it"), Column("c", sa.Boolean, server_default="1"), Column("d", sa.Numeric(6, 2), server_default="1.5"),', '    Column("a", sa.Integer, server_default="7"), Column("b", sa.String(5), server_default=sa.text("\'it\'")), Column("c", sa.Boolean, server_default="1"), Column("d", sa.Numeric(6, 2), server_default="1.5"),', options="compare_server_default=True")
columns("a default changes that is not looked at", '    Column("a", sa.Integer, server_default="7"),', '    Column("a", sa.Integer),')
columns("a comment comes", '    Column("a", sa.Integer),', '    Column("a", sa.Integer, comment="new"),')
columns("a comment changes and goes", '    Column("a", sa.Integer, comment="old"), Column("b", sa.String(3), comment="gone", nullable=False),', '    Column("a", sa.Integer, comment="new"), Column("b", sa.String(3), nullable=False),')
case("the comment of a table", BASIC + 'Table("t", metadata, Column("id", sa.Integer, primary_key=True), comment="old")\nTable("u", metadata, Column("id", sa.Integer, primary_key=True), comment="old")\nTable("v", metadata, Column("id", sa.Integer, primary_key=True))\n',
     BASIC + 'Table("t", metadata, Column("id", sa.Integer, primary_key=True), comment="new")\nTable("u", metadata, Column("id", sa.Integer, primary_key=True))\nTable("v", metadata, Column("id", sa.Integer, primary_key=True), comment="came")\n')
columns("an identity comes and goes", '    Column("a", sa.Integer, nullable=False), Column("b", sa.Integer, sa.Identity()),', '    Column("a", sa.Integer, sa.Identity(always=True, start=5), nullable=False), Column("b", sa.Integer, nullable=False),', dialects=POSTGRESQL)
columns("an identity changes", '    Column("a", sa.Integer, sa.Identity(always=True)),', '    Column("a", sa.Integer, sa.Identity(always=False, increment=2)),', dialects=POSTGRESQL)
case("a key with an identity", BASIC, BASIC + 'Table("t", metadata, Column("id", sa.BigInteger, sa.Identity(start=10, cache=5), primary_key=True), Column("n", sa.Integer, sa.Computed("id + 1", persisted=True)))\n', dialects=POSTGRESQL)
case("drop a table with an identity", BASIC + 'Table("t", metadata, Column("id", sa.BigInteger, sa.Identity(start=10, cache=5), primary_key=True), Column("n", sa.Integer))\n', BASIC, dialects=POSTGRESQL)
columns("a computed column comes", '    Column("a", sa.Integer),', '    Column("a", sa.Integer), Column("b", sa.Integer, sa.Computed("a * 2")),')
columns("a computed column goes", '    Column("a", sa.Integer), Column("b", sa.Integer, sa.Computed("a * 2", persisted=True)),', '    Column("a", sa.Integer),')
columns("a computed column changes", '    Column("a", sa.Integer), Column("b", sa.Integer, sa.Computed("a * 2", persisted=True)),', '    Column("a", sa.Integer), Column("b", sa.Integer, sa.Computed("a * 3", persisted=True)),')
columns("the labels of an enum", '    Column("a", sa.Enum("x", "y", name="xy")),', '    Column("a", sa.Enum("x", "y", "zed", name="xy")),')

# Indexes and constraints.
INDEXED = BASIC + 'Table("t", metadata, Column("id", sa.Integer, primary_key=True), Column("a", sa.String(10)), Column("b", sa.Integer){})\n'


def constraints(name: str, before: str, after: str, **keywords) -> None:
    case(name, INDEXED.format(before and ", " + before), INDEXED.format(after and ", " + after), **keywords)


constraints("an index comes", "", 'Index("ix_ab", "a", "b")')
constraints("an index goes", 'Index("ix_ab", "a", "b", unique=True)', "")
constraints("an index becomes unique", 'Index("ix_ab", "a", "b")', 'Index("ix_ab", "a", "b", unique=True)')
constraints("an index changes its columns", 'Index("ix_ab", "a", "b")', 'Index("ix_ab", "b")')
constraints("an index of a column comes", "", 'Column("c", sa.Integer, index=True)')
constraints("an index with a condition comes", "", 'Index("ix_a", "a", postgresql_where=sa.text("b > 0"), postgresql_using="hash")', dialects=POSTGRESQL)
constraints("an index with options goes", 'Index("ix_a", "a", postgresql_where=sa.text("b > 0"), postgresql_using="btree", postgresql_include=["b"])', "", dialects=POSTGRESQL)
constraints("an index of an expression comes", "", 'Index("ix_lower", sa.text("lower(a)")), Index("ix_desc", sa.desc("b"))')
constraints("an index of an expression goes", 'Index("ix_lower", sa.text("lower(a)"))', "")
constraints("an index of an expression stays", 'Index("ix_lower", sa.text("lower(a)"))', 'Index("ix_lower", sa.text("lower(a)"))')
constraints("an index that goes down stays", 'Index("ix_desc", sa.text("b DESC"))', 'Index("ix_desc", sa.text("b DESC"))', dialects=POSTGRESQL)
constraints("a unique constraint comes", "", 'sa.UniqueConstraint("a", "b", name="uq_ab")')
constraints("a unique constraint without a name comes", "", 'sa.UniqueConstraint("a")')
constraints("a unique constraint without a name stays", 'sa.UniqueConstraint("a")', 'sa.UniqueConstraint("a")')
constraints("a unique constraint goes", 'sa.UniqueConstraint("a", "b", name="uq_ab")', "")
constraints("a unique constraint without a name goes", 'sa.UniqueConstraint("a")', "", dialects=POSTGRESQL)
constraints("a unique constraint changes", 'sa.UniqueConstraint("a", "b", name="uq_ab")', 'sa.UniqueConstraint("b", name="uq_ab")')
constraints("a unique constraint becomes an index", 'sa.UniqueConstraint("a", name="uq_a")', 'Index("uq_a", "a", unique=True)')
constraints("nulls are not distinct", 'sa.UniqueConstraint("a", name="uq_a")', 'sa.UniqueConstraint("a", name="uq_a", postgresql_nulls_not_distinct=True)', dialects=POSTGRESQL)
constraints("a check comes", "", 'sa.CheckConstraint("b > 0", name="ck_b")')
constraints("a check goes", 'sa.CheckConstraint("b > 0", name="ck_b")', "")


def keys(name: str, before: str, after: str, **keywords) -> None:
    table = ONE + 'Table("child", metadata, Column("id", sa.Integer, primary_key=True), Column("p", sa.Integer), Column("q", sa.Integer){})\n'
    case(name, table.format(before and ", " + before), table.format(after and ", " + after), **keywords)


keys("a foreign key comes", "", 'sa.ForeignKeyConstraint(["p"], ["parent.id"], name="fk_p")')
keys("a foreign key without a name comes", "", 'sa.ForeignKeyConstraint(["p"], ["parent.id"])')
keys("a foreign key with options comes", "", 'sa.ForeignKeyConstraint(["p"], ["parent.id"], name="fk_p", ondelete="CASCADE", onupdate="SET NULL", deferrable=True, initially="DEFERRED")')
keys("a foreign key goes", 'sa.ForeignKeyConstraint(["p"], ["parent.id"], name="fk_p", ondelete="SET NULL")', "")
keys("a foreign key changes its options", 'sa.ForeignKeyConstraint(["p"], ["parent.id"], name="fk_p")', 'sa.ForeignKeyConstraint(["p"], ["parent.id"], name="fk_p", ondelete="CASCADE")')
keys("a foreign key changes its column", 'sa.ForeignKeyConstraint(["p"], ["parent.id"], name="fk_p")', 'sa.ForeignKeyConstraint(["q"], ["parent.id"], name="fk_q")')

CONVENTION = NAMED + PARENT + 'Table("child", metadata, Column("id", sa.Integer, primary_key=True)@)\n'
case("constraints by convention come", CONVENTION.replace("@", ""), CONVENTION.replace("@", ', Column("p", sa.ForeignKey("parent.id"), index=True), Column("n", sa.String(9), unique=True), sa.CheckConstraint("id > 0", name="some"), Index("own", "n")'))
case("constraints by convention go", CONVENTION.replace("@", ', Column("p", sa.ForeignKey("parent.id"), index=True), Column("n", sa.String(9), unique=True), Index("own", "n")'), CONVENTION.replace("@", ', Column("p", sa.Integer), Column("n", sa.String(9))'))

# Schemas, and several metadata.
SCHEMA = 'metadata = MetaData(schema="shop")\n'
case("a table of a schema comes", SCHEMA, SCHEMA + 'Table("a", metadata, Column("id", sa.Integer, primary_key=True), Column("n", sa.String(4), index=True))\nTable("b", metadata, Column("id", sa.Integer, primary_key=True), Column("a_id", sa.ForeignKey("shop.a.id")))\n',
     dialects=POSTGRESQL, options="include_schemas=True", schemas=("shop",))
case("a table of a schema goes", SCHEMA + 'Table("a", metadata, Column("id", sa.Integer, primary_key=True), Column("n", sa.String(4), index=True))\n', SCHEMA,
     dialects=POSTGRESQL, options="include_schemas=True", schemas=("shop",))
case("a table of a schema changes", SCHEMA + 'Table("a", metadata, Column("id", sa.Integer, primary_key=True), Column("n", sa.String(4)), Column("x", sa.Integer))\nTable("b", metadata, Column("id", sa.Integer, primary_key=True), Column("a_id", sa.Integer))\n',
     SCHEMA + 'Table("a", metadata, Column("id", sa.Integer, primary_key=True), Column("n", sa.String(8), nullable=False, index=True, comment="c"), Column("y", sa.Integer), sa.UniqueConstraint("y", name="uq_y"), comment="c")\nTable("b", metadata, Column("id", sa.Integer, primary_key=True), Column("a_id", sa.ForeignKey("shop.a.id", name="fk_ba")))\n',
     dialects=POSTGRESQL, options="include_schemas=True", schemas=("shop",))
TWO = 'first, second = MetaData(), MetaData()\nmetadata = [first, second]\nTable("a", first, Column("id", sa.Integer, primary_key=True){})\nTable("b", second, Column("id", sa.Integer, primary_key=True){})\n'
case("several metadata", TWO.format("", ', Column("x", sa.Integer)'), TWO.format(', Column("y", sa.Integer)', "") + 'Table("c", second, Column("id", sa.Integer, primary_key=True))\n')

# Functions of env.py.
PLENTY = BASIC + 'Table("keep", metadata, Column("id", sa.Integer, primary_key=True){})\n'
MORE = PLENTY.format(', Column("a", sa.Integer)') + 'Table("other", metadata, Column("id", sa.Integer, primary_key=True))\n'
CHANGED = PLENTY.format(', Column("skip_b", sa.Integer), Column("c", sa.Integer, info={"skip": True}), Column("d", sa.Integer, index=True)') + 'Table("skip_me", metadata, Column("id", sa.Integer, primary_key=True))\n'
case("include_object", MORE, CHANGED + """

def include(object, name, type_, reflected, compare_to):
    if type_ == "table" and reflected and compare_to is None:
        return False
    if type_ == "column" and object.info.get("skip", False):
        return False
    return not (name or "").startswith("skip_")
""", options="include_object=getattr(models, 'include', None)")
case("include_name", MORE, CHANGED + """

def include(name, type_, parent_names):
    if type_ == "table":
        return name in metadata.tables
    return True
""", options="include_name=getattr(models, 'include', None)")
case("render_item", PLENTY.format(""), PLENTY.format(', Column("a", sa.String(7)), Column("b", sa.Integer)') + """

def render(type_, obj, autogen_context):
    if type_ == "type" and isinstance(obj, sa.String):
        autogen_context.imports.add("from sqlalchemy import types as my_types")
        return "my_types.String(%r)" % obj.length
    return False
""", options="render_item=getattr(models, 'render', None)")
EVERY = PLENTY.format(', Column("at", sa.DateTime, server_default=sa.func.now()), Column("n", sa.Integer, server_default="7", nullable=False), Column("u", sa.String(5)), Column("p", sa.ForeignKey("parent.id", name="fk_p")), sa.UniqueConstraint("u", name="uq_u"), sa.CheckConstraint("n > 0", name="ck_n"), Index("ix_u", "u")') + PARENT
case("render_item for every kind", BASIC, EVERY + """

def render(type_, obj, autogen_context):
    autogen_context.imports.add("import json as mine_%s" % type_)
    if type_ == "type":
        return "mine.%s()" % type(obj).__name__ if isinstance(obj, sa.DateTime) else False
    if type_ == "server_default":
        return "mine.now()" if "now" in str(obj.arg) else False
    if type_ == "column":
        if obj.name == "u":
            return "mine.column(%r, nullable=%r)" % (obj.name, obj.nullable)
        return None if obj.name == "code" else False
    if type_ == "unique":
        return "mine.unique(%r)" % obj.name
    if type_ == "check":
        return None
    if type_ == "foreign_key":
        return "mine.key(%r)" % obj.name
    return False
""", options="render_item=getattr(models, 'render', None)")
case("render_item of what changes", MORE, CHANGED.replace('Column("d", sa.Integer, index=True)', 'Column("d", sa.Integer, index=True), Column("e", sa.String(3), server_default="x")') + """

def render(type_, obj, autogen_context):
    if type_ == "type" and isinstance(obj, sa.INTEGER):
        return "reflected.INTEGER()"
    if type_ == "column" and obj.name == "c":
        return "mine.c()"
    if type_ == "server_default":
        return repr("mine " + str(obj.arg))
    return False
""", options="render_item=getattr(models, 'render', None)")
case("prefixes of modules", BASIC, EVERY + 'Table("more", metadata, Column("id", sa.Integer, sa.Identity(), primary_key=True), Column("b", sa.JSON), Column("k", sa.Enum("x", "y", name="kinds", native_enum=False)))\n', options="sqlalchemy_module_prefix='sqlalchemy.', alembic_module_prefix='alembic.op.'")
case("prefixes of modules in a convention", NAMED, CONVENTION.replace("@", ', Column("p", sa.ForeignKey("parent.id"), index=True), Column("n", sa.String(9), unique=True), sa.CheckConstraint("id > 0", name="some")'), options="sqlalchemy_module_prefix='', alembic_module_prefix='x.'")
case("compare_type as a function", PLENTY.format(', Column("a", sa.String(7)), Column("b", sa.Integer)'), PLENTY.format(', Column("a", sa.String(9)), Column("b", sa.BigInteger)') + """

def compare(context, inspected_column, metadata_column, inspected_type, metadata_type):
    if isinstance(metadata_type, sa.String):
        return False
    return None
""", options="compare_type=getattr(models, 'compare', True)")
#: The hook of the cases below is called `process`.
HOOK = "process_revision_directives=getattr(models, 'process', None)"
TWO_MORE = PLENTY.format(', Column("a", sa.String(7)), Column("b", sa.Integer)')
case("directives: operations are taken out", PLENTY.format(', Column("a", sa.String(7))'), TWO_MORE + """

def process(context, revision, directives):
    script = directives[0]
    for ops in (script.upgrade_ops, script.downgrade_ops):
        for table in ops.ops:
            table.ops = [op for op in table.ops if getattr(op, "column_name", None) != "b" and getattr(getattr(op, "column", None), "name", None) != "b"]
""", options=HOOK)
case("directives: no empty revision", BASIC + """

def process(context, revision, directives):
    if directives[0].upgrade_ops.is_empty():
        directives[:] = []
""", TWO_MORE + """

def process(context, revision, directives):
    if directives[0].upgrade_ops.is_empty():
        directives[:] = []
""", options=HOOK)
REWRITER = """
from alembic.autogenerate import rewriter
from alembic.operations import ops

writer = rewriter.Rewriter()
"""
case("directives: columns in another order", BASIC, REWRITER + PLENTY.format(', Column("updated_at", sa.DateTime, server_default=sa.func.now()), Column("kind", sa.Enum("x", "y", name="kinds")), Column("a", sa.ForeignKey("parent.id")), sa.UniqueConstraint("kind", name="uq_kind"), sa.CheckConstraint("a > 0", name="ck_a")') + PARENT + """

@writer.rewrites(ops.CreateTableOp)
def order_columns(context, revision, op):
    special = {"id": -100, "updated_at": 1001}
    key = lambda col: special.get(getattr(col, "name", ""), 0)
    # Columns before constraints, as they came.
    columns = [item for item in op.columns if isinstance(item, Column)]
    others = [item for item in op.columns if not isinstance(item, Column)]
    return ops.CreateTableOp(op.table_name, sorted(columns, key=key) + others, schema=op.schema, comment="sorted", **op.kw)

process = writer
""", options=HOOK)
case("directives: a column that may be null becomes one that may not", PLENTY.format(""), REWRITER + TWO_MORE + """

@writer.rewrites(ops.AddColumnOp)
def add_column(context, revision, op):
    if op.column.nullable:
        op.column.nullable = False
        op.column.comment = "was null"
    return [op, ops.AlterColumnOp(op.table_name, op.column.name, existing_type=op.column.type, modify_nullable=True, schema=op.schema)]

process = writer
""", options=HOOK)
case("directives: a chain of rewriters", MORE, REWRITER + CHANGED + """

second = rewriter.Rewriter()


@writer.rewrites(ops.AddColumnOp)
def index_it(context, revision, op):
    return [op, ops.CreateIndexOp("ix_" + op.column.name, op.table_name, [op.column.name, sa.text("lower('x')")], unique=True)]


@second.rewrites(ops.DropTableOp)
def keep_tables(context, revision, op):
    return []


@second.rewrites(ops.CreateIndexOp)
def named(context, revision, op):
    op.index_name = op.index_name + "_x"
    return op


process = writer.chain(second)
""", options=HOOK)
case("directives: operations are added", MORE, CHANGED + """

def process(context, revision, directives):
    from alembic.operations import ops

    script = directives[0]
    # Alembic's own set is shared by all scripts of a process.
    script.imports = {"import datetime"}
    script.upgrade_ops.ops.insert(0, ops.ExecuteSQLOp("UPDATE keep SET a = 1"))
    script.upgrade_ops.ops.append(ops.ModifyTableOps("keep", [
        ops.AlterColumnOp("keep", "d", existing_type=sa.Integer(), modify_type=sa.BigInteger(), modify_server_default="4"),
        ops.CreateUniqueConstraintOp("uq_cd", "keep", ["c", "d"]),
    ]))
    script.upgrade_ops.ops.append(ops.CreateTableOp("extra", [Column("id", sa.Integer, primary_key=True), Column("n", sa.Numeric(8, 2), server_default=sa.text("0"), nullable=False)]))
    script.upgrade_ops.ops.append(ops.CreateTableCommentOp("extra", "it's extra"))
    script.downgrade_ops.ops[:0] = [ops.DropTableOp("extra"), ops.DropConstraintOp("uq_cd", "keep", type_="unique")]
""", options=HOOK)
case("directives: the way back is worked out again", MORE, CHANGED + """

def process(context, revision, directives):
    script = directives[0]
    script.upgrade_ops.ops = [op for op in script.upgrade_ops.ops if getattr(op, "table_name", "") != "other"]
    script.upgrade_ops.reverse_into(script.downgrade_ops)
""", options=HOOK)
case("directives: what an alteration is can be read", PLENTY.format(', Column("a", sa.String(7)), Column("b", sa.Integer, nullable=False)'), REWRITER + PLENTY.format(', Column("a", sa.String(9), nullable=False, comment="longer"), Column("b", sa.BigInteger)') + """

@writer.rewrites(ops.AlterColumnOp)
def read(context, revision, op):
    assert op.has_changes()
    if op.modify_type is not None and isinstance(op.modify_type, sa.String):
        assert op.existing_type.length in (7, 9), op.existing_type
    if op.modify_nullable is False:
        return [ops.ExecuteSQLOp(f"UPDATE {op.table_name} SET {op.column_name} = '' WHERE {op.column_name} IS NULL"), op]
    return op

process = writer
""", options=HOOK)
case("directives: an alteration gets an option", PLENTY.format(', Column("a", sa.String(7))'), REWRITER + PLENTY.format(', Column("a", sa.Integer)') + """

@writer.rewrites(ops.AlterColumnOp)
def using(context, revision, op):
    op.kw["postgresql_using"] = f"{op.column_name}::integer"
    return op

process = writer
""", options=HOOK, dialects=POSTGRESQL)
OWN = """
from alembic.autogenerate import comparators, renderers
from alembic.operations import MigrateOperation, Operations
from sqlalchemy import text


class Own(MigrateOperation):
    def __init__(self, name, definition=None):
        self.name = name
        self.definition = definition

    def reverse(self):
        return {CreateOwn: DropOwn, DropOwn: CreateOwn}[type(self)](self.name, self.definition)


@Operations.register_operation("create_own")
class CreateOwn(Own):
    @classmethod
    def create_own(cls, operations, name, definition):
        return operations.invoke(cls(name, definition))

    def to_diff_tuple(self):
        return ("add_own", self.name)


@Operations.register_operation("drop_own")
class DropOwn(Own):
    @classmethod
    def drop_own(cls, operations, name):
        return operations.invoke(cls(name))

    def to_diff_tuple(self):
        return ("remove_own", self.name)


def kept(context):
    return context.metadata.info.setdefault("own", {})


"""
VIEWS = OWN + """
@Operations.implementation_for(CreateOwn)
def create(operations, operation):
    operations.execute(f"CREATE VIEW {operation.name} AS {operation.definition}")


@Operations.implementation_for(DropOwn)
def drop(operations, operation):
    operations.execute(f"DROP VIEW {operation.name}")


@renderers.dispatch_for(CreateOwn)
def render_create(context, operation):
    context.imports.add("import datetime")
    return f"op.create_own({operation.name!r},\\n    {operation.definition!r})"


@renderers.dispatch_for(DropOwn)
def render_drop(context, operation):
    return [f"# {operation.name} goes", f"op.drop_own({operation.name!r})"]


@comparators.dispatch_for("schema")
def compare(context, upgrade_ops, schemas):
    found = {row.name: row.sql.split(" AS ", 1)[1] for row in context.connection.execute(text("SELECT name, sql FROM sqlite_master WHERE type = 'view'"))}
    wanted = kept(context)
    for name in sorted(set(wanted) - set(found)):
        upgrade_ops.ops.append(CreateOwn(name, wanted[name]))
    for name in sorted(set(found) - set(wanted)):
        upgrade_ops.ops.append(DropOwn(name, found[name]))


"""
POSTGRESQL_VIEWS = VIEWS[: VIEWS.index("@comparators")] + """
@comparators.dispatch_for("schema", qualifier="postgresql")
def compare(context, upgrade_ops, schemas):
    found = set()
    for schema in schemas:
        found.update(name for name, in context.connection.execute(
            text("SELECT relname FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace WHERE relkind = 'v' AND n.nspname = :nspname"),
            dict(nspname=context.dialect.default_schema_name if schema is None else schema),
        ))
    for name in sorted(set(kept(context)) - found):
        upgrade_ops.ops.append(CreateOwn(name, kept(context)[name]))
    for name in sorted(found - set(kept(context))):
        upgrade_ops.ops.append(DropOwn(name, "SELECT 0"))


"""
case("own operations: views", VIEWS + MORE + """metadata.info["own"] = {"gone": "SELECT 1", "stays": "SELECT 2"}
""", VIEWS + CHANGED + """metadata.info["own"] = {"stays": "SELECT 2", "new": "SELECT 3"}
""", dialects=SQLITE)
case("own operations: views of PostgreSQL", POSTGRESQL_VIEWS + BASIC + """metadata.info["own"] = {"gone": "SELECT 1", "stays": "SELECT 2"}
""", POSTGRESQL_VIEWS + TWO_MORE + """metadata.info["own"] = {"stays": "SELECT 2", "new": "SELECT 3"}
""", dialects=POSTGRESQL)
TABLES = OWN + """
@renderers.dispatch_for(CreateOwn)
@renderers.dispatch_for(DropOwn)
def render(context, operation):
    return f"op.execute({(type(operation).__name__ + ' ' + operation.name)!r})"


@comparators.dispatch_for("table")
def compare(context, table_ops, schema, name, found, wanted):
    before = set(found.c.keys()) if found is not None else set()
    after = set(wanted.c.keys()) if wanted is not None else set()
    if before != after:
        table_ops.ops.append(CreateOwn(f"{name} {sorted(before)} {sorted(after)}"))


@comparators.dispatch_for("column")
def compare_column(context, alter_op, schema, table, name, found, wanted):
    if wanted.info.get("noted"):
        alter_op.modify_comment = "noted"


"""
case("own operations: tables and columns", MORE, TABLES + CHANGED, dialects=POSTGRESQL)
case("own operations: a directive of Alembic is written otherwise", MORE, """
from alembic.autogenerate import renderers
from alembic.operations import ops


@renderers.dispatch_for(ops.DropTableOp, replace=True)
def render(context, operation):
    return "op.execute('-- " + operation.table_name + " is kept')"


""" + CHANGED, dialects=POSTGRESQL)
DIFFS = """

def process(context, revision, directives):
    # A check has no comment of its own here; the others are in no order of ours.
    names = sorted(diff[0][0] if isinstance(diff, list) else diff[0] for diff in directives[0].upgrade_ops.as_diffs())
    directives[0].message = " ".join(names)
    directives[0].imports = {"import datetime as " + "_".join(names)}
"""
case("directives: as_diffs()", MORE + DIFFS, CHANGED + DIFFS, options=HOOK)
case("a project's own type", PLENTY.format(""), """class Shout(sa.types.TypeDecorator):
    impl = sa.String
    cache_ok = True


class Money(sa.types.UserDefinedType):
    def get_col_spec(self, **kw):
        return "NUMERIC(9, 2)"


""" + PLENTY.format(', Column("a", Shout(9)), Column("b", Money)'))
case("a project's own type with a prefix", PLENTY.format(""), """class Shout(sa.types.TypeDecorator):
    impl = sa.String
    cache_ok = True


""" + PLENTY.format(', Column("a", Shout(9))'), options="user_module_prefix='kinds.'")

# Batches.
for name in ("sqlite", "postgresql"):
    case(f"batches on {name}", ONE + 'Table("t", metadata, Column("id", sa.Integer, primary_key=True), Column("a", sa.Integer), Column("b", sa.String(9)), Column("d", sa.Integer), Index("ix_old", "b"))\n',
         ONE + 'Table("t", metadata, Column("id", sa.Integer, primary_key=True), Column("a", sa.BigInteger, nullable=False), Column("c", sa.ForeignKey("parent.id", name="fk_c"), index=True), Column("d", sa.Integer), sa.UniqueConstraint("d", name="uq_d"))\nTable("u", metadata, Column("id", sa.Integer, primary_key=True), Column("x", sa.Integer, index=True))\n',
         dialects=(name,), options="render_as_batch=True")

columns("a change without a batch", '    Column("a", sa.String(20)),', '    Column("a", sa.String(40)),', dialects=SQLITE, options="render_as_batch=False")

# The ORM.
ORM = """class Base(DeclarativeBase):
    pass


metadata = Base.metadata


class Stamped:
    created: Mapped[datetime.datetime] = mapped_column(server_default=sa.func.now())

    @declared_attr
    def owner_id(cls) -> Mapped[Optional[int]]:
        return mapped_column(ForeignKey("owner.id", name=f"fk_{cls.__tablename__}_owner"))


Key = Annotated[int, mapped_column(primary_key=True)]
Short = Annotated[str, mapped_column(sa.String(30))]


class Colour(enum.Enum):
    red = 1
    green = 2


class Owner(Base):
    __tablename__ = "owner"
    id: Mapped[Key]
    name: Mapped[Short]

"""
case("models", ORM, ORM + """
class Thing(Stamped, Base):
    __tablename__ = "thing"
    __table_args__ = (sa.UniqueConstraint("title", "colour", name="uq_thing"), {"comment": "things"})
    id: Mapped[Key]
    title: Mapped[Short] = mapped_column(index=True)
    colour: Mapped[Colour]
    note: Mapped[Optional[str]]
    price: Mapped[decimal.Decimal] = mapped_column(sa.Numeric(8, 2), default=0)
    owner: Mapped[Optional[Owner]] = relationship()


class Special(Thing):
    __tablename__ = "special"
    id: Mapped[int] = mapped_column(ForeignKey("thing.id"), primary_key=True)
    extra: Mapped[Optional[bool]]
""")
case("models change", ORM + """
class Thing(Base):
    __tablename__ = "thing"
    id: Mapped[Key]
    title: Mapped[Short]
    count: Mapped[Optional[int]]
""", ORM + """
class Thing(Stamped, Base):
    __tablename__ = "thing"
    id: Mapped[Key]
    title: Mapped[Optional[str]] = mapped_column(sa.String(60), index=True)
    colour: Mapped[Colour]
""")
case("everything at once", ONE + """gone = Table("gone", metadata, Column("id", sa.Integer, primary_key=True), Column("x", sa.String(3), index=True))
t = Table("t", metadata, Column("id", sa.Integer, primary_key=True), Column("a", sa.Integer), Column("b", sa.String(9), nullable=False), Column("old", sa.Date), Index("ix_old", "b"), sa.UniqueConstraint("a", name="uq_a"))
""", ONE + """fresh = Table("fresh", metadata, Column("id", sa.Integer, primary_key=True), Column("parent_id", sa.ForeignKey("parent.id")), Column("x", sa.String(3), index=True))
t = Table("t", metadata, Column("id", sa.Integer, primary_key=True), Column("a", sa.BigInteger), Column("b", sa.String(19)), Column("n", sa.ForeignKey("fresh.id", name="fk_n")), Index("ix_new", "b", "a"), sa.UniqueConstraint("b", name="uq_b"))
""")
case("nothing changes", ONE, ONE)

# Models of extensions.
FLASK = """from flask_sqlalchemy import SQLAlchemy

db = SQLAlchemy()


class Account(db.Model):
    id = db.Column(db.Integer, primary_key=True)
    name = db.Column(db.String(20), nullable=False, index=True)
    posts = db.relationship("BlogPost", backref="account")


class BlogPost(db.Model):
    id = db.Column(db.Integer, primary_key=True)
    account_id = db.Column(db.ForeignKey("account.id"), nullable=False)
    title = db.Column(db.String(80), unique=True)
    {}


tags = db.Table("tags", db.Column("post_id", db.ForeignKey("blog_post.id"), primary_key=True), db.Column("tag", db.Text, primary_key=True))
{}
metadata = db.metadata
"""
case("Flask-SQLAlchemy", FLASK.format("created = db.Column(db.DateTime, server_default=db.func.now())", ""), FLASK.format("updated = db.Column(db.DateTime(timezone=True)); score = db.Column(db.Float, nullable=False, server_default='0')", """

class HTTPLog(db.Model):
    __tablename__ = "log"
    __table_args__ = (db.UniqueConstraint("path", "method", name="uq_log"), {"comment": "requests"})
    id = db.Column(db.BigInteger, primary_key=True, autoincrement=False)
    path = db.Column(db.Unicode(200))
    method = db.Column(db.Enum("GET", "POST", name="method"))
"""))
case("Flask-SQLAlchemy with a base of one's own", BASIC, """from flask_sqlalchemy import SQLAlchemy


class Base(DeclarativeBase):
    metadata = MetaData(naming_convention={"fk": "fk_%(table_name)s_%(column_0_name)s", "ix": "ix_%(column_0_label)s"})


db = SQLAlchemy(model_class=Base)


class Stamped:
    created: Mapped[datetime.datetime] = mapped_column(server_default=sa.func.now())


class Owner(Stamped, db.Model):
    id: Mapped[int] = mapped_column(primary_key=True)
    name: Mapped[Optional[str]] = mapped_column(sa.String(30), index=True)


class OwnedThing(Stamped, db.Model):
    id: Mapped[int] = mapped_column(primary_key=True)
    owner_id: Mapped[int] = mapped_column(ForeignKey("owner.id"))
    owner: Mapped[Owner] = relationship()


metadata = db.metadata
""")
case("Flask-SQLAlchemy with several databases", BASIC, """from flask_sqlalchemy import SQLAlchemy

db = SQLAlchemy()


class Here(db.Model):
    id = db.Column(db.Integer, primary_key=True)


class There(db.Model):
    __bind_key__ = "other"
    id = db.Column(db.Integer, primary_key=True)
    n = db.Column(db.SmallInteger)


metadata = [db.metadatas[None], db.metadatas["other"]]
""")
#: Without `max_length`, which the SQLModel that the pinned packages allow loses with this Pydantic, and without the times and
#: UUIDs that later versions of it give other types.
SQLMODEL = """from decimal import Decimal
from sqlmodel import Field, SQLModel, Relationship

SQLModel.metadata.clear()


class HeroBase(SQLModel):
    name: str = Field(index=True)
    age: Optional[int] = None


class Team(SQLModel, table=True):
    id: Optional[int] = Field(default=None, primary_key=True)
    title: str = Field(unique=True)
    {}


class Hero(HeroBase, table=True):
    id: Optional[int] = Field(default=None, primary_key=True)
    team_id: Optional[int] = Field(default=None, foreign_key="team.id")
    born: datetime.date
    {}


metadata = SQLModel.metadata
"""
case("SQLModel", SQLMODEL.format("size: int = 3", "secret: str"), SQLMODEL.format("size: float = 3; founded: Optional[datetime.date] = None", "worth: Decimal = Field(max_digits=8, decimal_places=2); alive: bool = True; key: int = Field(default=4, index=True); note: Optional[str] = Field(default=None, sa_column=Column(sa.Text, comment='long'))"),
     options="user_module_prefix='__import__(\"sqlmodel\").sql.sqltypes.'")
