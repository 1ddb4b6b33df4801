"""Writes ddl/: what Alembic 1.20.1 prints for each operation below, in ddl_products.py and in ddl_dialects.py.

Run with a Python that has alembic 1.20.1 and SQLAlchemy 2.1.9:

    python ddl_cases.py            write the files
    python ddl_cases.py --check    fail if a file is not what Alembic prints now

Each line of a group is the body of an `upgrade()` by itself; `|` stands for a new line. Alembic runs
several times, and where its text varies from run to run the order in it is left open.

A file is one directive: lines of Python after `>>> ` and `... `, then `@@ ` and the dialects that have one
text, and the text, or `!! ` and the error. `~~` among the dialects says that the order varies.
"""

import io
import json
import pathlib
import os
import re
import subprocess
import sys
import warnings

from alembic.operations import Operations
from alembic.runtime.migration import MigrationContext
from sqlalchemy import MetaData

import ddl_dialects
import ddl_products

DIALECTS = ["postgresql", "sqlite", "mysql", "mariadb", "mssql", "oracle"]

PREAMBLE = '''\
import datetime
import decimal
import enum
import uuid

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import mssql, mysql, oracle, postgresql, sqlite


class Mood(enum.Enum):
    sad = "s"
    ok = "o"


t = sa.table("t", sa.column("a", sa.Integer), sa.column("b", sa.String))
'''

CASES = []


def group(text):
    CASES.extend(line.strip() for line in text.strip().splitlines() if line.strip())


TYPES = """
sa.Integer() | sa.SmallInteger() | sa.BigInteger() | sa.INTEGER() | sa.SMALLINT() | sa.BIGINT() | sa.String()
sa.String(50) | sa.String(length=50, collation="de_DE") | sa.Text() | sa.Text(100) | sa.Unicode(10) | sa.UnicodeText()
sa.VARCHAR(20) | sa.CHAR(3) | sa.NCHAR(3) | sa.NVARCHAR(9) | sa.TEXT() | sa.CLOB() | sa.Numeric() | sa.Numeric(10)
sa.Numeric(10, 2) | sa.Numeric(scale=3) | sa.NUMERIC(5, 1) | sa.DECIMAL(8, 3) | sa.DECIMAL() | sa.Float() | sa.Float(53)
sa.Float(precision=24) | sa.FLOAT(10) | sa.Double() | sa.Double(53) | sa.DOUBLE() | sa.DOUBLE_PRECISION() | sa.REAL()
sa.Boolean() | sa.BOOLEAN() | sa.Boolean(create_constraint=True, name="isb") | sa.Date() | sa.DATE() | sa.DateTime()
sa.DateTime(timezone=True) | sa.DATETIME() | sa.TIMESTAMP() | sa.TIMESTAMP(timezone=True) | sa.Time() | sa.TIME()
sa.Time(timezone=True) | sa.Interval() | sa.Interval(second_precision=3) | sa.Interval(native=False) | sa.LargeBinary()
sa.LargeBinary(20) | sa.BLOB() | sa.BINARY(4) | sa.VARBINARY(9) | sa.Uuid() | sa.Uuid(native_uuid=False) | sa.Uuid(as_uuid=False)
sa.UUID() | sa.JSON() | sa.JSON(none_as_null=True) | sa.PickleType() | sa.ARRAY(sa.Integer) | sa.ARRAY(sa.String(5), dimensions=2)
sa.Enum("a", "b", name="en") | sa.Enum("a", "it's", "50%", name="en2") | sa.Enum(Mood) | sa.Enum(Mood, name="my_mood")
sa.Enum("a", "bcd", name="en", native_enum=False) | sa.Enum("a", "b", name="en", native_enum=False, create_constraint=True)
sa.Enum("a", "b", name="en", native_enum=False, length=30) | sa.Enum("a", name="En Um", schema="s") | sa.Enum("a", "b")
sa.Enum(Mood, values_callable=lambda e: [m.value for m in e]) | sa.Enum("a", name="en", create_type=False)
postgresql.ENUM("a", "b", name="pe") | postgresql.ENUM("a", "b", name="pe", create_type=False) | postgresql.JSONB()
postgresql.JSONB(astext_type=sa.Text()) | postgresql.JSON() | postgresql.UUID() | postgresql.UUID(as_uuid=True)
postgresql.ARRAY(sa.Text()) | postgresql.ARRAY(sa.String(4), dimensions=3) | postgresql.ARRAY(sa.Enum("x", name="ex"))
postgresql.ARRAY(postgresql.ENUM("x", name="ex")) | postgresql.INET() | postgresql.CIDR() | postgresql.MACADDR() | postgresql.MACADDR8()
postgresql.BYTEA() | postgresql.BIT() | postgresql.BIT(3) | postgresql.BIT(varying=True) | postgresql.BIT(5, varying=True)
postgresql.TSVECTOR() | postgresql.TSQUERY() | postgresql.HSTORE() | postgresql.MONEY() | postgresql.OID() | postgresql.REGCLASS()
postgresql.INTERVAL() | postgresql.INTERVAL(precision=2) | postgresql.INTERVAL(fields="DAY TO SECOND") | postgresql.INTERVAL("YEAR TO MONTH", 3)
postgresql.TIMESTAMP(precision=3) | postgresql.TIMESTAMP(True, 6) | postgresql.TIME(precision=2) | postgresql.TIME(timezone=True, precision=0)
postgresql.DOUBLE_PRECISION() | postgresql.DOUBLE_PRECISION(53) | postgresql.CITEXT() | postgresql.INT4RANGE() | postgresql.INT8RANGE()
postgresql.NUMRANGE() | postgresql.DATERANGE() | postgresql.TSRANGE() | postgresql.TSTZRANGE() | postgresql.INT4MULTIRANGE()
postgresql.TSTZMULTIRANGE() | postgresql.DOMAIN("dom", sa.Integer()) | postgresql.DOMAIN("dom", sa.String(5), schema="s")
sqlite.JSON() | sqlite.DATETIME() | sqlite.DATE() | sqlite.TIME() | sqlite.INTEGER() | sqlite.REAL() | sqlite.DATETIME(truncate_microseconds=True)
mysql.TINYINT(1) | mysql.INTEGER(unsigned=True) | mysql.LONGTEXT() | mysql.VARCHAR(20) | mysql.DATETIME(fsp=6) | mysql.ENUM("a", "b") | mysql.BIGINT(20)
sa.String().with_variant(postgresql.CITEXT(), "postgresql") | sa.JSON().with_variant(postgresql.JSONB(), "postgresql")
sa.Integer().with_variant(sa.String(3), "sqlite") | sa.BigInteger().with_variant(sa.Integer, "sqlite")
sa.TupleType(sa.Integer) | sa.types.NullType() | sa.DateTime | sa.String
"""
TYPES = [item.strip() for line in TYPES.strip().splitlines() for item in line.split(" | ")]

for item in TYPES:
    CASES.append(f'op.add_column("t", sa.Column("c", {item}))')
    CASES.append(f'op.create_table("x", sa.Column("id", sa.Integer(), primary_key=True), sa.Column("c", {item}, nullable=False))')
    CASES.append(f'op.alter_column("t", "c", type_={item}, existing_type=sa.Integer())')

# Keys and autoincrement.
for item in ["sa.Integer()", "sa.BigInteger()", "sa.SmallInteger()", "sa.String(5)", "sa.Numeric()", "sa.Uuid()",
             "sa.BigInteger().with_variant(sa.Integer, 'sqlite')", "sa.Integer().with_variant(sa.BigInteger, 'postgresql')"]:
    for extra in ["", ", autoincrement=True", ", autoincrement=False", ", autoincrement='auto'",
                  ", server_default=sa.text('1')", ", nullable=True", ", default=5", ", sa.ForeignKey('o.id')",
                  ", sa.ForeignKey('o.id'), autoincrement='ignore_fk'"]:
        first, _, rest = extra.partition(", sa.ForeignKey('o.id')") if "ForeignKey" in extra else (None, None, None)
        argument = f", sa.ForeignKey('o.id'){rest}" if first is not None else extra
        CASES.append(f'op.create_table("x", sa.Column("id", {item}{argument}, primary_key=True))')
        CASES.append(f'op.create_table("x", sa.Column("id", {item}{argument}), sa.PrimaryKeyConstraint("id"))')

group(r'''
op.create_table("x", sa.Column("a", sa.Integer, primary_key=True), sa.Column("b", sa.Integer, primary_key=True))
op.create_table("x", sa.Column("a", sa.Integer, primary_key=True, autoincrement=True), sa.Column("b", sa.Integer, primary_key=True))
op.create_table("x", sa.Column("a", sa.Integer()), sa.Column("b", sa.Integer()), sa.PrimaryKeyConstraint("b", "a", name="pkx"))
op.create_table("x", sa.Column("a", sa.Integer()), sa.PrimaryKeyConstraint("a", name=op.f("pk_x")))
op.create_table("x", sa.Column("a", sa.Integer(), nullable=False), sa.UniqueConstraint("a"), sa.PrimaryKeyConstraint("a"))
op.create_table("x", sa.Column("a", sa.Integer(), sa.Identity(), primary_key=True))
op.create_table("x", sa.Column("a", sa.Integer(), sa.Identity(always=True, start=5, increment=2, minvalue=1, maxvalue=99, cycle=True, cache=3)))
op.create_table("x", sa.Column("a", sa.Integer(), sa.Identity(nominvalue=True, nomaxvalue=True, cycle=False, on_null=True)))
op.create_table("x", sa.Column("a", sa.Integer(), sa.Sequence("sq"), primary_key=True))
op.create_table("x", sa.Column("a", sa.Integer(), sa.Sequence("sq", start=3), primary_key=True), sa.Column("b", sa.Text))
op.create_table("x", sa.Column("a", sa.Integer()), sa.Column("b", sa.Integer(), sa.Computed("a * 2")))
op.create_table("x", sa.Column("a", sa.Integer()), sa.Column("b", sa.Integer(), sa.Computed("a * 2", persisted=True)))
op.create_table("x", sa.Column("a", sa.Integer()), sa.Column("b", sa.Integer(), sa.Computed(sa.text("a * 2"), persisted=False), nullable=False))
op.create_table("x")
op.create_table("x", sa.Column("a", sa.Integer()), if_not_exists=True)
op.create_table("x", sa.Column("a", sa.Integer(), index=True), if_not_exists=True)
op.create_table("x", sa.Column("a", sa.Integer()), prefixes=["TEMPORARY"])
op.create_table("x", sa.Column("a", sa.Integer()), schema="s")
op.create_table("x", sa.Column("a", sa.Integer(), index=True), schema="s")
op.create_table("x", sa.Column("a", sa.Integer()), schema="s.q")
op.create_table("Order", sa.Column("Group", sa.Integer(), index=True), sa.Column("select", sa.Integer(), unique=True), schema="User")
op.create_table("x", sa.Column("a b", sa.Integer()), sa.Column('q"q', sa.Integer()), sa.Column("1a", sa.Integer()), sa.Column("$a", sa.Integer()), sa.Column("a$", sa.Integer()), sa.Column("é", sa.Integer()), sa.Column("a%b", sa.Integer()), sa.Column("a:b", sa.Integer()))
op.create_table("x", sa.Column("a", sa.Integer(), quote=True), sa.Column("user", sa.Integer()), sa.Column("add", sa.Integer()), sa.Column("Camel", sa.Integer(), quote=False))
op.create_table(sa.sql.quoted_name("x", True), sa.Column(sa.sql.quoted_name("a", True), sa.Integer()))
op.create_table("x", sa.Column("a", sa.Integer(), comment="it's 50% of: a\\b"), comment="about 'x' 100%")
op.create_table("x", sa.Column("a", sa.Integer(), comment=""), comment="")
op.create_table("x", sa.Column("a", sa.Integer(), comment="c", index=True), sa.Column("b", sa.Integer(), comment="d"), comment="t", schema="s")
op.create_table("x", sa.Column("a", sa.Integer(), unique=True), sa.Column("b", sa.Integer(), index=True), sa.Column("c", sa.Integer(), unique=True, index=True))
op.create_table("x", sa.Column("a", sa.Integer()), sa.Index("ix_x", "a"), sa.Index("ix_y", sa.text("lower(a)"), unique=True))
op.create_table("x", sa.Column("a", sa.Integer()), sa.Column("b", sa.Integer()), sa.UniqueConstraint("a", "b", name="uq"), sa.CheckConstraint("a > 0", name="ck"), sa.ForeignKeyConstraint(["a"], ["o.id"], name="fk"))
op.create_table("x", sa.Column("a", sa.Integer()), sa.ForeignKeyConstraint(["a"], ["o.id"]), sa.CheckConstraint("a > 0"), sa.UniqueConstraint("a"), sa.PrimaryKeyConstraint("a"))
op.create_table("x", sa.Column("a", sa.Integer(), sa.CheckConstraint("a > 0")), sa.Column("b", sa.Integer(), sa.CheckConstraint("b > 0", name="ckb"), sa.ForeignKey("o.id", name="fkb")))
op.create_table("x", sa.Column("a", sa.Integer(), sa.ForeignKey("o.id")), sa.Column("b", sa.Integer(), sa.ForeignKey("s.o.id", ondelete="CASCADE")), sa.ForeignKeyConstraint(["a", "b"], ["o.x", "o.y"], name="fkc"))
op.create_table("x", sa.Column("a", sa.Integer(), sa.ForeignKey("o.id", ondelete="SET NULL", onupdate="CASCADE", deferrable=True, initially="DEFERRED", match="FULL")))
op.create_table("x", sa.Column("id", sa.Integer(), primary_key=True), sa.Column("p", sa.Integer(), sa.ForeignKey("x.id")))
op.create_table("x", sa.Column("id", sa.Integer(), primary_key=True), sa.Column("p", sa.Integer()), sa.ForeignKeyConstraint(["p"], ["x.id"], use_alter=True, name="fkp"))
op.create_table("x", sa.Column("id", sa.Integer(), primary_key=True), sa.Column("p", sa.Integer(), sa.ForeignKey("s.x.id")), schema="s")
op.create_table("x", sa.Column("p", sa.Integer()), sa.ForeignKeyConstraint(["p"], ["s.o.id"]), schema="s")
op.create_table("x", sa.Column("p", sa.Integer()), sa.ForeignKeyConstraint(["p"], ["Big.Table.Id"]))
op.create_table("x", sa.Column("a", sa.Integer()), sa.UniqueConstraint("a", deferrable=True, initially="IMMEDIATE", name="u"))
op.create_table("x", sa.Column("a", sa.Integer()), sa.UniqueConstraint("a", deferrable=False))
op.create_table("x", sa.Column("a", sa.Integer()), sa.UniqueConstraint("a", postgresql_nulls_not_distinct=True))
op.create_table("x", sa.Column("a", sa.Integer()), sa.Column("b", sa.Integer()), sa.UniqueConstraint("a", postgresql_include=["b"]))
op.create_table("x", sa.Column("a", sa.Integer()), sa.UniqueConstraint("a", sqlite_on_conflict="REPLACE"), sa.PrimaryKeyConstraint("a", sqlite_on_conflict="IGNORE"))
op.create_table("x", sa.Column("a", sa.Integer(), sqlite_on_conflict_not_null="FAIL", nullable=False), sa.Column("b", sa.Integer, unique=True, sqlite_on_conflict_unique="ROLLBACK"))
op.create_table("x", sa.Column("a", sa.Integer(), primary_key=True, sqlite_on_conflict_primary_key="FAIL"))
op.create_table("x", sa.Column("a", sa.Integer(), primary_key=True), sqlite_autoincrement=True)
op.create_table("x", sa.Column("a", sa.String(5), primary_key=True), sqlite_with_rowid=False)
op.create_table("x", sa.Column("a", sa.String(5), primary_key=True), sqlite_with_rowid=False, sqlite_strict=True)
op.create_table("x", sa.Column("a", sa.Integer), postgresql_partition_by="RANGE (a)")
op.create_table("x", sa.Column("a", sa.Integer), postgresql_inherits="base")
op.create_table("x", sa.Column("a", sa.Integer), postgresql_inherits=("base", "Other"))
op.create_table("x", sa.Column("a", sa.Integer), postgresql_with_oids=True, postgresql_on_commit="DROP", postgresql_tablespace="Ts", postgresql_using="heap")
op.create_table("x", sa.Column("a", sa.Integer), postgresql_on_commit="delete_rows", postgresql_with={"fillfactor": 10})
op.create_table("x", sa.Column("a", sa.Integer), mysql_engine="InnoDB", mysql_charset="utf8mb4")
op.create_table("x", sa.Column("r", sa.Integer), postgresql.ExcludeConstraint(("r", "="), name="ex", using="gist"))
op.create_table("x", sa.Column("r", postgresql.INT4RANGE), sa.Column("g", sa.Integer), postgresql.ExcludeConstraint((sa.column("r"), "&&"), ("g", "="), where=sa.text("g > 1"), name="ex"))
op.create_table("x", sa.Column("a", sa.Integer(), system=True), sa.Column("b", sa.Integer(), info={"a": 1}, doc="x", key="k"))
op.create_table("x", sa.Column("e", sa.Enum("a", "b", name="en")), sa.Column("f", sa.Enum("a", "b", name="en"))) | op.create_table("y", sa.Column("e", sa.Enum("a", "b", name="en")))
op.create_table("x", sa.Column("e", sa.Enum("a", "b", name="en")), schema="s")
op.create_table("x", sa.Column("e", sa.Enum("a", "b", name="en", schema="s")), schema="q")
op.create_table("x", sa.Column("e", sa.Enum("a", name="en", metadata=sa.MetaData(schema="ms"))))
op.create_table("x", sa.Column("e", sa.Enum("a", name="en", inherit_schema=True)), schema="s")
op.create_table("x", sa.Column("e", sa.Enum("a", name="en", inherit_schema=False)), schema="s")
op.create_table("x", sa.Column("b", sa.Boolean(create_constraint=True)), sa.Column("c", sa.Boolean(create_constraint=True, name="isc")), sa.CheckConstraint("b = c"))
op.create_table("x", sa.Column("d", sa.DateTime(), server_default=sa.func.now(), nullable=False), sa.Column("e", sa.DateTime(), server_default=sa.text("now()"), onupdate=sa.func.now()))
op.create_table("x", sa.Column("d", sa.DateTime(), server_default=sa.func.current_timestamp()), sa.Column("e", sa.Date(), server_default=sa.func.current_date()), sa.Column("f", sa.Time, server_default=sa.func.localtime()))
op.create_table("x", sa.Column("d", sa.String(5), server_default="it's"), sa.Column("e", sa.Integer, server_default="0"), sa.Column("f", sa.Boolean, server_default=sa.false()), sa.Column("g", sa.Boolean, server_default=sa.true()))
op.create_table("x", sa.Column("d", sa.String(5), server_default=""), sa.Column("e", sa.Boolean, server_default="false"), sa.Column("f", sa.Boolean, server_default=sa.text("false")), sa.Column("n", sa.Integer, server_default=sa.null()))
op.create_table("x", sa.Column("d", postgresql.JSONB, server_default=sa.text("'{}'::jsonb")), sa.Column("e", sa.Integer, server_default=sa.literal(5)), sa.Column("f", sa.String, server_default=sa.literal_column("'x'")))
op.create_table("x", sa.Column("d", sa.String, server_default="a%b\\c:d"), sa.Column("e", sa.String, server_default=sa.text("'a%b:c'")))
op.create_table("x", sa.Column("d", sa.Uuid, server_default=sa.func.gen_random_uuid()), sa.Column("e", sa.Uuid, server_default=sa.text("uuid_generate_v4()")))
op.create_table("x", sa.Column("d", sa.Integer, server_default=sa.func.nextval("sq")), sa.Column("e", sa.String, server_default=sa.func.lower("A")))
op.create_table("x", sa.Column("d", sa.DateTime, server_default=sa.func.timezone("utc", sa.func.now())))
op.create_table("x", sa.Column("d", sa.DateTime, server_default=sa.func.now() + sa.text("interval '1 day'")))
op.create_table("x", sa.Column("d", sa.Integer, server_default=sa.cast("1", sa.Integer)))
op.create_table("x", sa.Column("d", sa.Integer, server_default=sa.DefaultClause("7")), sa.Column("e", sa.Integer, server_default=sa.FetchedValue()))
op.create_table("x", sa.Column("d", sa.DateTime, default=datetime.datetime.now), sa.Column("e", sa.Integer, default=1))
op.create_table("x", sa.Column("a", sa.String), sa.CheckConstraint("a LIKE '%x' AND a <> ':y'", name="ck"))
op.create_table("x", sa.Column("a", sa.String), sa.CheckConstraint(sa.column("a") == "it's", name="ck"), sa.CheckConstraint(sa.func.length(sa.column("a")) > 5))
op.create_table("x", sa.Column("a", sa.Integer), sa.CheckConstraint(sa.column("a").in_([1, 2]), name="ck"))
op.create_table("x", sa.Column("a", sa.Integer), sa.CheckConstraint("a > 0", deferrable=True, initially="DEFERRED"))
op.create_table("a_very_long_table_name_that_goes_on_and_on_for_a_while_here", sa.Column("a_long_column_name_too", sa.Integer, index=True))
op.create_table("a_table_name_which_is_longer_than_the_limit_of_postgresql_which_is_sixty_three", sa.Column("a", sa.Integer))
op.create_table("x", sa.Column("a_column_name_which_is_longer_than_the_limit_of_postgresql_which_is_sixty_three", sa.Integer))
op.create_table("x", sa.Column("a", sa.Integer), sa.UniqueConstraint("a", name="uq_name_which_is_longer_than_the_limit_of_postgresql_which_is_sixty_three"))
op.create_table("x", sa.Column("a", sa.Integer), sa.UniqueConstraint("a", name=op.f("uq_name_which_is_longer_than_the_limit_of_postgresql_which_is_sixty_three")))
op.create_index("ix_name_which_is_longer_than_the_limit_of_postgresql_which_is_sixty_three", "x", ["a"])
op.drop_index("ix_name_which_is_longer_than_the_limit_of_postgresql_which_is_sixty_three")
op.drop_constraint("ck_name_which_is_longer_than_the_limit_of_postgresql_which_is_sixty_three", "x")
y = op.create_table("x", sa.Column("id", sa.Integer(), primary_key=True), sa.Column("n", sa.String(9))) | op.bulk_insert(y, [{"id": 1, "n": "a"}, {"id": 2, "n": "it's"}])
y = op.create_table("x", sa.Column("id", sa.Integer(), primary_key=True), sa.Column("n", sa.String(9), default="z")) | op.bulk_insert(y, [{"id": 1}, {"id": 2}])
y = op.create_table("x", sa.Column("id", sa.Integer(), primary_key=True)) | op.execute(y.insert().values(id=5)) | op.execute(y.delete().where(y.c.id == 5)) | op.execute(y.update().values(id=6))
''')

# add_column
for extra in ["nullable=False", "nullable=True", "server_default='x'", "server_default=sa.text('0'), nullable=False",
              "server_default=sa.func.now()", "comment=\"it's\"", "unique=True", "index=True", "unique=True, index=True",
              "primary_key=True", "autoincrement=True", "server_default=sa.text('1 + 1')", "server_default=sa.func.lower('A')",
              "server_default=sa.false()", "server_default=sa.true()", "server_default=sa.text('false')", "server_default=''", "server_default=None",
              "server_default=sa.text(\"'a:b%c'\")", "server_default=sa.text(\"('x')\")", "default=5", "quote=True", "key='z'", "server_default=\"'x'\"",
              "server_default=sa.text('CURRENT_TIMESTAMP')", "server_default=sa.text('now()')", "server_default=sa.text('NULL')", "server_default=sa.sql.expression.true()"]:
    CASES.append(f'op.add_column("t", sa.Column("c", sa.Integer(), {extra}))')
    CASES.append(f'op.add_column("t", sa.Column("c", sa.String(10), {extra}), schema="s")')
group(r'''
op.add_column("t", sa.Column("c", sa.Integer(), sa.ForeignKey("o.id")))
op.add_column("t", sa.Column("c", sa.Integer(), sa.ForeignKey("o.id", name="fk", ondelete="CASCADE")))
op.add_column("t", sa.Column("c", sa.Integer(), sa.ForeignKey("o.id", name="fk")), schema="s")
op.add_column("t", sa.Column("c", sa.Integer(), sa.ForeignKey("s2.o.id", name="fk", onupdate="SET NULL", deferrable=True, initially="DEFERRED")))
op.add_column("t", sa.Column("c", sa.Integer(), sa.ForeignKey("o.id", name="fk")), inline_references=True)
op.add_column("t", sa.Column("c", sa.Integer(), sa.ForeignKey("s.o.id", ondelete="CASCADE", deferrable=True, match="FULL"), nullable=False), inline_references=True)
op.add_column("t", sa.Column("c", sa.Integer(), primary_key=True), inline_primary_key=True)
op.add_column("t", sa.Column("c", sa.Integer()), if_not_exists=True)
op.add_column("t", sa.Column("c", sa.Integer()), if_not_exists=False)
op.add_column("t", sa.Column("c", sa.Integer(), sa.Identity(start=3)))
op.add_column("t", sa.Column("c", sa.Integer(), sa.Identity(always=True), nullable=False))
op.add_column("t", sa.Column("c", sa.Integer(), sa.Computed("a+1", persisted=True)))
op.add_column("t", sa.Column("c", sa.Integer(), sa.Computed("a+1", persisted=False)))
op.add_column("t", sa.Column("c", sa.Integer(), sa.Computed("a+1")))
op.add_column("t", sa.Column("c", sa.Integer(), sa.CheckConstraint("c > 0")))
op.add_column("t", sa.Column("c", sa.Integer(), sa.CheckConstraint("c > 0", name="ck")))
op.add_column("t", sa.Column("c", sa.Integer(), sa.Sequence("sq")))
op.add_column("Weird Table", sa.Column("Weird Col", sa.Integer(), index=True), schema="Weird Schema")
op.add_column("t", sa.Column("c", sa.Integer(), comment="x"), schema="s")
op.drop_column("t", "c")
op.drop_column("t", "c", schema="s")
op.drop_column("t", "c", if_exists=True)
op.drop_column("t", "c", mssql_drop_default=True)
op.drop_column("Order", "Select")
op.rename_table("a", "b")
op.rename_table("a", "b", schema="s")
op.rename_table("A", "order")
op.drop_table("t")
op.drop_table("t", schema="s")
op.drop_table("t", if_exists=True)
op.drop_table("User", schema="s.q")
op.create_table_comment("t", "it's 50%")
op.create_table_comment("t", "new", existing_comment="old", schema="s")
op.create_table_comment("t", None)
op.drop_table_comment("t")
op.drop_table_comment("t", existing_comment="x", schema="s")
''')

# alter_column
OPTIONS = [
    "nullable=False", "nullable=True", "nullable=False, existing_type=sa.Integer()", "nullable=True, existing_type=sa.String(5), schema='s'",
    "type_=sa.String(100)", "type_=sa.String(100), existing_type=sa.String(50), existing_nullable=False", "type_=sa.Text(), nullable=False",
    "type_=sa.Integer(), postgresql_using='c::integer'", "type_=sa.Integer(), postgresql_using='\"c\"::integer', existing_nullable=True, schema='s'",
    "postgresql_using='c::int'", "server_default=sa.text('0')", "server_default='x'", "server_default=sa.func.now(), existing_type=sa.DateTime()",
    "server_default=None", "server_default=None, existing_server_default=sa.text('0')", "server_default=False", "server_default='', schema='s'",
    "server_default=sa.text(\"'a'::character varying\"), existing_nullable=False", "existing_server_default='x', nullable=False",
    "new_column_name='d'", "new_column_name='Order'", "new_column_name='d', existing_type=sa.Integer(), existing_nullable=False", "new_column_name='c'",
    "comment=\"it's 50%\"", "comment='x', existing_comment='y'", "comment=None", "comment=None, existing_comment='y', schema='s'", "comment=''",
    "server_default=sa.Identity()", "server_default=sa.Identity(always=True, start=5)", "server_default=None, existing_server_default=sa.Identity()",
    "server_default=sa.Identity(always=True), existing_server_default=sa.Identity(always=False)",
    "server_default=sa.Identity(start=3, increment=2), existing_server_default=sa.Identity(start=1, cycle=True)",
    "server_default=sa.Computed('a')", "existing_server_default=sa.Computed('a'), server_default=None",
    "nullable=False, type_=sa.String(9), server_default='q', new_column_name='d', comment='k', existing_type=sa.Integer()",
    "nullable=False, type_=sa.String(9), server_default=None, new_column_name='d', comment=None, schema='s', existing_type=sa.Integer(), existing_nullable=True",
    "autoincrement=True", "existing_autoincrement=True, nullable=False", "type_=sa.BigInteger(), existing_type=sa.Integer(), autoincrement=True",
    "type_=sa.Boolean(create_constraint=True, name='isb'), existing_type=sa.Integer()", "type_=sa.Integer(), existing_type=sa.Boolean(create_constraint=True, name='isb')",
    "type_=sa.Enum('a','b',name='en'), existing_type=sa.String(5)", "type_=sa.Enum('a','b',name='en'), existing_type=sa.String(5), postgresql_using='c::en'",
    "type_=sa.Enum('a','b',name='en',native_enum=False,create_constraint=True), existing_type=sa.String(5)",
    "type_=sa.String(5), existing_type=sa.Enum('a','b',name='en')", "type_=sa.String(5), existing_type=sa.Enum('a','b',name='en',native_enum=False,create_constraint=True)",
    "type_=postgresql.JSONB(), existing_type=postgresql.JSON(), postgresql_using='c::jsonb'", "type_=sa.DateTime(timezone=True), existing_type=sa.DateTime()",
    "type_=sa.Boolean(), existing_type=sa.Boolean(), nullable=True", "", "existing_type=sa.Integer()",
    "server_default=sa.text('true'), existing_type=sa.Boolean()", "server_default=sa.true(), existing_type=sa.Boolean()", "server_default=sa.func.gen_random_uuid()",
]
for extra in OPTIONS:
    CASES.append(f'op.alter_column("t", "c", {extra})')
    CASES.append(f'with op.batch_alter_table("t") as b:|    b.alter_column("c", {extra})')
    CASES.append(f'with op.batch_alter_table("t", schema="s", recreate="never") as b:|    b.alter_column("c", {extra.replace(", schema=" + chr(39) + "s" + chr(39), "")})')

# Indexes and constraints
group(r'''
op.create_index("ix", "t", ["a", "b"])
op.create_index("ix", "t", ["a"], unique=True, schema="s")
op.create_index("ix", "t", ["a"], if_not_exists=True)
op.create_index("ix", "t", ["a"], unique=True, if_not_exists=True, schema="S")
op.create_index("ix", "t", [sa.text("lower(a)"), "b"])
op.create_index("ix", "t", [sa.func.lower(sa.column("a")), sa.column("b").desc(), sa.column("c").desc().nullslast()])
op.create_index("ix", "t", [sa.text("a DESC NULLS LAST")], unique=True)
op.create_index("ix", "t", ["a", sa.text("b || ':x%'")])
op.create_index("ix", "t", [sa.literal_column("a || 'x'")])
op.create_index("ix", "t", [sa.func.coalesce(sa.column("a"), 0)])
op.create_index("ix", "t", [sa.column("a") + 1, sa.cast(sa.column("b"), sa.Integer)])
op.create_index(None, "t", ["a"])
op.create_index(None, "t", ["a", "b"], unique=True)
op.create_index(op.f("ix_t_a"), "t", ["a"])
op.create_index("Ix", "T", ["A", "order"])
op.create_index("ix", "t", ["a"], postgresql_using="gin")
op.create_index("ix", "t", ["a"], postgresql_using="gist", postgresql_ops={"a": "gist_trgm_ops"})
op.create_index("ix", "t", [sa.text("lower(a)")], postgresql_ops={"a": "x"})
op.create_index("ix", "t", [sa.func.lower(sa.column("a")).label("low")], postgresql_ops={"low": "text_pattern_ops"})
op.create_index("ix", "t", ["a"], postgresql_where=sa.text("a > 0"))
op.create_index("ix", "t", ["a"], postgresql_where="a > 0")
op.create_index("ix", "t", ["a"], postgresql_where=sa.column("b") == "act")
op.create_index("ix", "t", ["a"], postgresql_where=sa.column("b").is_(None), sqlite_where=sa.column("b").is_(None), unique=True)
op.create_index("ix", "t", ["a"], sqlite_where=sa.text("a > ':x'"))
op.create_index("ix", "t", ["a"], postgresql_concurrently=True)
op.create_index("ix", "t", ["a"], postgresql_concurrently=True, if_not_exists=True, unique=True)
op.create_index("ix", "t", ["a"], postgresql_include=["b", "C"])
op.create_index("ix", "t", ["a"], postgresql_nulls_not_distinct=True, unique=True)
op.create_index("ix", "t", ["a"], postgresql_nulls_not_distinct=False, unique=True)
op.create_index("ix", "t", ["a"], postgresql_with={"fillfactor": 50})
op.create_index("ix", "t", ["a"], postgresql_with={"fillfactor": 50, "fastupdate": "off"}, postgresql_tablespace="Ts")
op.create_index("ix", "t", ["a"], mysql_length=10, mssql_include=["b"], oracle_bitmap=True)
op.drop_index("ix")
op.drop_index("ix", table_name="t")
op.drop_index("ix", table_name="t", schema="s", if_exists=True)
op.drop_index("Ix", "t", postgresql_concurrently=True)
op.drop_index("ix", "t", postgresql_concurrently=True, if_exists=True)
op.drop_index(op.f("ix_t_a"), table_name="t")
op.drop_index(op.f("ix_plus_privacy_experience_config_property_privacy_experience_config_id"), table_name="t")
op.drop_index("ix", table_name="t", postgresql_using="gin", postgresql_where=sa.text("x"), postgresql_ops={"a": "b"})
op.create_primary_key("pk", "t", ["a", "b"])
op.create_primary_key(None, "t", ["a"], schema="s")
op.create_unique_constraint("uq", "t", ["a", "b"])
op.create_unique_constraint(None, "t", ["a"], schema="s")
op.create_unique_constraint("uq", "t", ["a"], deferrable=True, initially="DEFERRED")
op.create_unique_constraint("uq", "t", ["a"], deferrable=False, initially="IMMEDIATE")
op.create_unique_constraint("uq", "t", ["a"], postgresql_nulls_not_distinct=True)
op.create_unique_constraint("uq", "t", ["a"], postgresql_include=["a"])
op.create_foreign_key("fk", "t", "o", ["a"], ["id"])
op.create_foreign_key(None, "t", "o", ["a", "b"], ["x", "y"])
op.create_foreign_key("fk", "t", "o", ["a"], ["id"], ondelete="CASCADE", onupdate="SET NULL")
op.create_foreign_key("fk", "t", "o", ["a"], ["id"], deferrable=True, initially="DEFERRED", match="FULL")
op.create_foreign_key("fk", "t", "o", ["a"], ["id"], deferrable=False)
op.create_foreign_key("fk", "t", "o", ["a"], ["id"], source_schema="s1", referent_schema="s2")
op.create_foreign_key("fk", "t", "t", ["a"], ["id"])
op.create_foreign_key("fk", "t", "o", ["a"], ["id"], use_alter=True)
op.create_foreign_key("fk", "t", "o", ["a"], ["id"], postgresql_not_valid=True)
op.create_foreign_key("fk", "t", "o", ["a"], ["id"], ondelete="SET NULL (a)")
op.create_foreign_key("fk", "t", "o", ["a"], ["id"], ondelete="set null")
op.create_foreign_key("fk", "t", "o", ["a"], ["id"], ondelete="EXPLODE; DROP")
op.create_check_constraint("ck", "t", "a > 0 and b like '%x:y'")
op.create_check_constraint("ck", "t", sa.text("a > 0"), schema="s")
op.create_check_constraint("ck", "t", sa.func.length(sa.column("name")) > 5)
op.create_check_constraint("ck", "t", sa.column("a").in_(["x", "y"]))
op.create_check_constraint("ck", "t", sa.and_(sa.column("a") > 1, sa.or_(sa.column("b") < 2, sa.column("c").is_(None))))
op.create_check_constraint("ck", "t", "a>0", postgresql_not_valid=True)
op.create_check_constraint(None, "t", "a>0")
op.create_check_constraint("ck", "t", "a>0", deferrable=True)
op.create_exclude_constraint("ex", "t", ("period", "&&"), ("grp", "="), where=sa.text("grp <> 'x'"), schema="s", deferrable=True, initially="DEFERRED")
op.create_exclude_constraint("ex", "t", (sa.column("period"), "&&"), using="spgist", ops={"period": "my_ops"})
op.create_exclude_constraint("ex", "t", (sa.text("lower(a)"), "="), ("b", "&&"), where="b > 1")
op.drop_constraint("ck", "t")
op.drop_constraint("ck", "t", type_="unique")
op.drop_constraint("ck", "t", type_="foreignkey", schema="s")
op.drop_constraint("ck", "t", type_="primary")
op.drop_constraint("Ck", "T", type_="check")
op.drop_constraint("ck", "t", if_exists=True)
op.drop_constraint("ck", "t", type_="bad")
op.drop_constraint(None, "t", type_="unique")
op.drop_constraint(op.f("ck"), "t", type_="foreignkey")
op.execute("SELECT 1")
op.execute("SELECT 1;")
op.execute("  SELECT 1 ;\n ")
op.execute("")
op.execute("UPDATE t SET a = '50%' WHERE b = ':y' AND c = :z")
op.execute("SELECT 'a'::text, x[1:2]")
op.execute("SELECT '\t'")
op.execute("SELECT 1 -- note")
op.execute("SELECT '\\:x', '\\\\y'")
op.execute(sa.text("UPDATE t SET a=:x").bindparams(x="it's"))
op.execute(sa.text("UPDATE t SET a=:x, b=:y").bindparams(sa.bindparam("x", 5), sa.bindparam("y", None)))
op.execute(t.update().where(t.c.b == "x").values(a=5))
op.execute(t.insert().values([{"a": 1, "b": "x"}, {"a": 2, "b": None}]))
op.execute(t.delete().where(t.c.a.in_([1, 2])))
op.execute(sa.select(t.c.a).where(t.c.b.like("%x")))
op.execute(sa.DDL("CREATE VIEW v AS SELECT '50%%' AS a"))
op.execute(sa.schema.CreateSequence(sa.Sequence("sq", cycle=False, minvalue=3, data_type=sa.Numeric(10, 0))))
x = sa.Table("x", sa.MetaData(), sa.Column("a", sa.Integer), sa.Column("b", sa.String)) | op.execute(sa.schema.CreateIndex(sa.Index("ix", sa.func.lower(x.c.b), unique=True)))
x = sa.Table("x", sa.MetaData(), sa.Column("a", sa.Integer), sa.Column("b", sa.String)) | op.execute(sa.schema.CreateIndex(sa.Index("ix", x.c.a.desc(), "b")))
x = sa.Table("x", sa.MetaData(), sa.Column("a", sa.Integer), sa.Column("b", sa.String(5))) | sa.Index("ix", x.c.a.desc(), "b") | x.create(op.get_bind())
x = sa.Table("x", sa.MetaData(), sa.Column("a", sa.Integer), sa.Column("b", sa.String(5))) | sa.UniqueConstraint(x.c.a, name="uq") | sa.CheckConstraint(x.c.a > 5, name="ck") | op.execute(sa.schema.CreateTable(x))
op.create_exclude_constraint("ex", "t", (sa.literal_column("a"), "="), ("b", "="), (sa.column("c"), "="), (sa.func.lower(sa.column("d")).label("dd"), "="), ops={"a": "x_ops", "b": "y", "c": "z", "dd": "d"})
x = sa.Table("x", sa.MetaData(), sa.Column("a", sa.Integer, primary_key=True, comment="cc"), sa.Column("e", sa.Enum("a", "b", name="en")), sa.Column("b", sa.Boolean(create_constraint=True, name="bb"), index=True), comment="tc") | op.execute(sa.schema.CreateTable(x))
m = sa.MetaData() | x = sa.Table("x", m, sa.Column("a", sa.Integer), sa.Column("e", sa.Enum("a", name="en"))) | y = sa.Table("y", m, sa.Column("a", sa.Integer), sa.Column("e", sa.Enum("a", name="en2"), index=True), sa.Column("f", postgresql.ARRAY(sa.Integer))) | m.create_all(op.get_bind(), tables=[x]) | m.drop_all(op.get_bind(), tables=[x])
m = sa.MetaData() | x = sa.Table("b", m, sa.Column("a", sa.Integer), sa.Column("e", sa.Enum("a", name="en"))) | y = sa.Table("a", m, sa.Column("a", sa.Integer), sa.Column("e", sa.Enum("a", name="en2"), index=True), sa.Column("f", sa.Enum("a", name="en"))) | m.create_all(op.get_bind())
m = sa.MetaData() | sa.Table("c", m, sa.Column("a", sa.Integer, sa.ForeignKey("a.a"))) | sa.Table("z", m, sa.Column("a", sa.Integer, primary_key=True)) | sa.Table("a", m, sa.Column("a", sa.Integer, primary_key=True)) | m.create_all(op.get_bind()) | m.drop_all(op.get_bind())
x = sa.Table("x", sa.MetaData(), sa.Column("a", sa.Integer), comment="c") | op.execute(sa.schema.SetTableComment(x)) | op.execute(sa.schema.DropTableComment(x))
x = sa.Table("x", sa.MetaData(), sa.Column("a", sa.Integer), sa.Column("b", sa.Integer, comment="cc"), comment="tc") | op.execute(sa.schema.SetColumnComment(x.c.b))
x = sa.Table("x", sa.MetaData(), sa.Column("a", sa.Integer), sa.Column("b", sa.Integer, comment="cc"), comment="tc") | op.execute(sa.schema.DropColumnComment(x.c.b))
x = sa.Table("x", sa.MetaData(), sa.Column("a", sa.Integer), sa.Column("b", sa.Integer, comment="cc"), comment="it's") | op.execute(sa.schema.SetTableComment(x)) | op.execute(sa.schema.DropTableComment(x))
x = sa.Table("x", sa.MetaData(), sa.Column("a", sa.Integer), sa.Column("b", sa.Integer, comment="cc"), comment="it's", schema="s") | op.execute(sa.schema.SetTableComment(x)) | op.execute(sa.schema.SetColumnComment(x.c.b))
x = sa.Table("x", sa.MetaData(), sa.Column("a", sa.Integer), sa.Column("b", sa.Integer)) | u = sa.UniqueConstraint(x.c.a, name="u") | op.execute(sa.schema.AddConstraint(u)) | op.execute(sa.schema.DropConstraint(u))
x = sa.Table("x", sa.MetaData(), sa.Column("a", sa.Integer), sa.Column("b", sa.Integer)) | u = sa.CheckConstraint(x.c.a > 5, name="c") | x.append_constraint(u) | op.execute(sa.schema.AddConstraint(u)) | op.execute(sa.schema.DropConstraint(u, cascade=True))
x = sa.Table("x", sa.MetaData(), sa.Column("a", sa.Integer), sa.Column("b", sa.Integer)) | u = sa.ForeignKeyConstraint(["a"], ["o.id"], name="f") | x.append_constraint(u) | sa.Table("o", x.metadata, sa.Column("id", sa.Integer)) | op.execute(sa.schema.AddConstraint(u)) | op.execute(sa.schema.DropConstraint(u, if_exists=True))
x = sa.Table("x", sa.MetaData(), sa.Column("a", sa.Integer), sa.Column("b", sa.Integer)) | u = sa.PrimaryKeyConstraint("a", name="p") | x.append_constraint(u) | op.execute(sa.schema.AddConstraint(u)) | op.execute(sa.schema.DropConstraint(u))
x = sa.Table("x", sa.MetaData(), sa.Column("id", sa.Integer, primary_key=True, comment="k"), sa.Column("b", sa.String(5), comment="cc", nullable=False, server_default="q")) | op.execute(sa.schema.SetColumnComment(x.c.id)) | op.execute(sa.schema.SetColumnComment(x.c.b))
op.execute(sa.select(sa.column("h", postgresql.HSTORE)["k"]))
op.execute(sa.select(sa.column("h", postgresql.HSTORE).has_key("k")))
op.execute(sa.select(sa.column("h", postgresql.HSTORE).has_all(postgresql.array(["a", "b"]))))
op.execute(sa.select(sa.column("h", postgresql.HSTORE).has_any(postgresql.array(["a", "b"]))))
op.execute(sa.select(sa.column("h", postgresql.HSTORE).contains(sa.column("i", postgresql.HSTORE))))
op.execute(sa.select(sa.column("h", postgresql.HSTORE).contained_by(sa.column("i", postgresql.HSTORE))))
op.execute(sa.select(sa.column("h", postgresql.HSTORE).keys(), sa.column("h", postgresql.HSTORE).vals(), sa.column("h", postgresql.HSTORE).array(), sa.column("h", postgresql.HSTORE).matrix()))
op.execute(sa.select(sa.column("h", postgresql.HSTORE).defined("k"), sa.column("h", postgresql.HSTORE).delete("k"), sa.column("h", postgresql.HSTORE).slice(postgresql.array(["a"]))))
op.execute(sa.select(sa.column("h", postgresql.HSTORE) + postgresql.hstore("a", "b")))
op.execute(sa.select(sa.column("h", postgresql.HSTORE).delete("k")["a"]))
op.execute(sa.select(sa.column("h", postgresql.HSTORE).slice(postgresql.array(["a"])).keys()))
op.execute(sa.select(sa.column("x")).where(sa.column("h", postgresql.HSTORE)["k"] == "v", sa.column("h", postgresql.HSTORE)["n"].is_not(None)))
op.execute(sa.select(sa.column("h", postgresql.HSTORE)["k"].cast(sa.Integer) + 1))
op.execute(sa.update(t).values(b=postgresql.hstore("a", "b")["a"]))
op.execute(sa.update(sa.table("t", sa.column("h", postgresql.HSTORE))).values(h=postgresql.hstore(postgresql.array(["a", "b"]), postgresql.array(["c", "d"]))))
op.execute(sa.update(sa.table("t", sa.column("h", postgresql.HSTORE), sa.column("b"))).values(b=sa.column("h", postgresql.HSTORE)["k"]).where(sa.func.defined(sa.column("h"), "k")))
op.execute(sa.select(sa.func.hstore("a", "b")["a"], sa.func.akeys(sa.column("h"))))
op.execute(sa.select(sa.func.lower(sa.column("h", postgresql.HSTORE)["k"])).order_by(sa.column("h", postgresql.HSTORE)["k"].desc()))
x = sa.Table("x", sa.MetaData(), sa.Column("h", postgresql.HSTORE(text_type=sa.String(5)))) | op.execute(sa.select(x.c.h["k"], x.c.h["a" + "b"].label("z")))
op.create_index("ix", "t", [sa.text("(h -> 'k')")], postgresql_using="gin")
op.create_index("ix", "t", [sa.column("h", postgresql.HSTORE)["k"]])
op.create_check_constraint("ck", "t", sa.column("h", postgresql.HSTORE).has_key("k"))
op.create_index("ix", "t", ["h"], postgresql_using="gin", postgresql_ops={"h": "gin_hstore_ops"})
op.create_index("ix", "t", ["v"], postgresql_using="hnsw", postgresql_ops={"v": "vector_cosine_ops"}, postgresql_with={"m": 16, "ef_construction": 64})
op.create_index("ix", "t", ["v"], postgresql_using="ivfflat", postgresql_ops={"v": "vector_l2_ops"}, postgresql_with={"lists": 100}, postgresql_concurrently=True, if_not_exists=True)
op.create_index("ix", "t", [sa.text("(v::halfvec(3)) halfvec_l2_ops")], postgresql_using="hnsw", postgresql_with={"m": 16})
op.create_index("ix", "t", [sa.text("v vector_ip_ops")], postgresql_using="hnsw", postgresql_where=sa.text("v IS NOT NULL"), postgresql_tablespace="fast", postgresql_include=["a"])
op.create_table("x", sa.Column("h", postgresql.HSTORE(text_type=sa.Text()), server_default=sa.text("''::hstore"), nullable=False), sa.Index("ix_h", "h", postgresql_using="gist"))
x = sa.Table("x", sa.MetaData(), sa.Column("a", sa.Integer, primary_key=True)) | op.get_bind().execution_options(schema_translate_map={None: "tenant"}).execute(sa.select(x))
x = sa.Table("x", sa.MetaData(), sa.Column("a", sa.Integer, primary_key=True), schema="s") | op.get_bind().execution_options(schema_translate_map={"s": "tenant"}).execute(sa.insert(x).values(a=5))
x = sa.Table("x", sa.MetaData(), sa.Column("a", sa.Integer, primary_key=True)) | op.execute(sa.select(x), execution_options={"schema_translate_map": {None: "tenant"}})
x = sa.Table("x", sa.MetaData(), sa.Column("a", sa.Integer, primary_key=True)) | op.execute(sa.schema.CreateTable(x), execution_options={"schema_translate_map": {None: "tenant"}})
x = sa.Table("x", sa.MetaData(), sa.Column("a", sa.Integer, primary_key=True)) | x.create(op.get_bind().execution_options(schema_translate_map={None: "tenant"}), checkfirst=False)
op.execute(sa.schema.CreateSequence(sa.Sequence("sq")))
op.execute(sa.schema.CreateSequence(sa.Sequence("sq", start=5, increment=2, minvalue=1, maxvalue=100, cycle=True, cache=10, schema="s")))
op.execute(sa.schema.CreateSequence(sa.Sequence("sq", data_type=sa.BigInteger), if_not_exists=True))
op.execute(sa.schema.DropSequence(sa.Sequence("sq")))
op.execute(sa.schema.DropSequence(sa.Sequence("sq"), if_exists=True))
op.execute(sa.schema.CreateSchema("sch"))
op.execute(sa.schema.CreateSchema("Sch", if_not_exists=True))
op.execute(sa.schema.DropSchema("sch", cascade=True, if_exists=True))
op.execute(sa.schema.CreateTable(sa.Table("x", sa.MetaData(), sa.Column("a", sa.Integer, primary_key=True))))
op.execute(sa.schema.DropTable(sa.Table("x", sa.MetaData()), if_exists=True))
op.execute(sa.schema.CreateIndex(sa.Index("ix", sa.Table("x", sa.MetaData(), sa.Column("a", sa.Integer)).c.a)))
op.get_bind().execute(sa.text("SELECT 1"))
with op.get_context().autocommit_block():|    op.execute("ALTER TYPE mood ADD VALUE 'x'")
sa.Enum("a", "b", name="en").create(op.get_bind())
sa.Enum("a", "it's", name="En", schema="s").create(op.get_bind(), checkfirst=False)
postgresql.ENUM("a", "b", name="en").create(op.get_bind(), checkfirst=True) | op.create_table("x", sa.Column("e", postgresql.ENUM("a", "b", name="en", create_type=False)))
sa.Enum(name="en").drop(op.get_bind())
sa.Enum(name="en").drop(op.get_bind(), checkfirst=True)
postgresql.ENUM(name="en").drop(op.get_bind(), checkfirst=False)
e = sa.Enum("a", name="en") | e.create(op.get_bind()) | op.add_column("t", sa.Column("e", e)) | op.drop_column("t", "e") | e.drop(op.get_bind())
m = sa.MetaData() | x = sa.Table("x", m, sa.Column("id", sa.Integer, primary_key=True), sa.Column("e", sa.Enum("a", name="en"))) | x.create(op.get_bind()) | x.drop(op.get_bind())
m = sa.MetaData() | x = sa.Table("x", m, sa.Column("id", sa.Integer, primary_key=True), sa.Column("o", sa.ForeignKey("y.id"), index=True)) | y = sa.Table("y", m, sa.Column("id", sa.BigInteger, primary_key=True)) | m.create_all(op.get_bind(), checkfirst=False) | m.drop_all(op.get_bind(), checkfirst=False)
''')

# Values
for kind, values in {
    "sa.String()": ["'a'", "\"it's\"", "'50%'", "'back\\\\slash'", "':x'", "None", "'tab\\there'", "'nl\\nline'", "'é'", "''", "5", "True"],
    "sa.Text()": ["\"é'\""], "sa.Unicode()": ["\"é'\""],
    "sa.Integer()": ["1", "-5", "True", "None", "'1'", "1.5", "10**20"],
    "sa.Boolean()": ["True", "False", "None", "1", "0", "'x'", "5"],
    "sa.Float()": ["1.5", "1e100", "float('nan')", "3", "-0.0", "1e-7", "decimal.Decimal('1.10')", "0.1", "1e16", "123456789012345678.0"],
    "sa.Numeric(10, 2)": ["decimal.Decimal('1.50')", "2", "1.5", "decimal.Decimal('1E+3')"],
    "sa.DateTime()": ["datetime.datetime(2020, 1, 2, 3, 4, 5, 678)", "datetime.datetime(2020, 1, 2, 3, 4, 5)", "datetime.datetime(2020, 1, 2, tzinfo=datetime.timezone.utc)", "datetime.date(2020, 1, 2)", "'2020-01-02'", "sa.func.now()"],
    "sa.DateTime(timezone=True)": ["datetime.datetime(2020, 1, 2, 3, 4, 5, tzinfo=datetime.timezone.utc)"],
    "sa.Date()": ["datetime.date(2020, 1, 2)", "datetime.datetime(2020, 1, 2, 3)", "None"],
    "sa.Time()": ["datetime.time(3, 4, 5)", "datetime.time(3, 4, 5, 678)"],
    "sa.Interval()": ["datetime.timedelta(days=1, seconds=5)", "datetime.timedelta(seconds=-1, microseconds=7)"],
    "sa.Uuid()": ["uuid.UUID('12345678-1234-5678-1234-567812345678')", "'12345678-1234-5678-1234-567812345678'"],
    "sa.Uuid(as_uuid=False)": ["'12345678-1234-5678-1234-567812345678'"],
    "postgresql.UUID()": ["'12345678-1234-5678-1234-567812345678'", "uuid.UUID('12345678-1234-5678-1234-567812345678')"],
    "postgresql.UUID(as_uuid=False)": ["'12345678-1234-5678-1234-567812345678'"],
    "sa.Enum('a', 'b', name='en')": ["'a'", "'zz'", "None"],
    "sa.Enum(Mood)": ["Mood.sad", "'ok'", "'s'"],
    "sa.JSON()": ["{'a': 1}", "None", "[1]"], "postgresql.JSONB()": ["{'a': 1}"],
    "sa.LargeBinary()": ["b'a\\xff'"], "sa.ARRAY(sa.Integer)": ["[1, 2]", "[]"], "postgresql.ARRAY(sa.String)": ["['a', \"it's\"]", "[None]", "[]"],
    "postgresql.INET()": ["'10.0.0.1'"], "postgresql.CITEXT()": ["\"a'b\""], "sa.types.NullType()": ["'a'", "1", "None"],
    "postgresql.ARRAY(sa.Integer, dimensions=2)": ["[[1, 2], [3]]"],
}.items():
    for value in values:
        CASES.append(f'op.bulk_insert(sa.table("t", sa.column("c", {kind})), [{{"c": {value}}}])')
        CASES.append(f'op.execute(sa.table("t", sa.column("c", {kind})).update().values(c={value}))')
        CASES.append(f'op.execute(sa.table("t", sa.column("c", {kind})).insert().values(c={value}))')
group(r'''
op.bulk_insert(t, [])
op.bulk_insert(t, [{"a": 1, "b": "x"}, {"a": 2, "b": None}])
op.bulk_insert(t, [{"b": "x", "a": 1}], multiinsert=False)
op.bulk_insert(t, [{"a": 1}, {"b": "x"}])
op.bulk_insert(t, [{"a": 1, "zz": 5}])
op.bulk_insert(t, [{}])
op.bulk_insert(t, [{"a": op.inline_literal(5), "b": op.inline_literal("it's")}])
op.bulk_insert(t, [{"a": sa.text("1+1"), "b": sa.func.lower("X")}])
op.bulk_insert(t, {"a": 1})
op.bulk_insert(sa.table("T t", sa.column("A a", sa.String), schema="s"), [{"A a": "x"}])
op.execute(t.update().where(t.c.b == op.inline_literal("x")).values({"b": op.inline_literal("y")}))
''')

# Batches
COPY = 'sa.Table("t", sa.MetaData(), sa.Column("id", sa.Integer, primary_key=True), sa.Column("a", sa.String(5), nullable=False, server_default="x"), sa.Column("b", sa.Boolean), sa.Column("o", sa.Integer), sa.ForeignKeyConstraint(["o"], ["o.id"], name="fk_o"), sa.UniqueConstraint("a", name="uq_a"), sa.CheckConstraint("a <> 5", name="ck_a"), sa.Index("ix_b", "b"))'
BATCHED = [
    'b.add_column(sa.Column("z", sa.Integer))', 'b.add_column(sa.Column("z", sa.Integer, nullable=False, server_default="0"))',
    'b.add_column(sa.Column("z", sa.Integer, sa.ForeignKey("q.id", name="fkq")))', 'b.add_column(sa.Column("z", sa.Integer), insert_after="id")',
    'b.add_column(sa.Column("z", sa.Integer), insert_before="id")', 'b.add_column(sa.Column("z", sa.Integer, index=True))', 'b.add_column(sa.Column("z", sa.Integer, unique=True))',
    'b.drop_column("a")', 'b.drop_column("o")', 'b.alter_column("a", nullable=True)', 'b.alter_column("a", type_=sa.Integer())',
    'b.alter_column("a", type_=sa.Integer(), existing_type=sa.String(5), nullable=True)', 'b.alter_column("a", new_column_name="a2")',
    'b.alter_column("a", server_default=None)', 'b.alter_column("a", server_default=sa.text("5"))', 'b.alter_column("b", comment="c")',
    'b.alter_column("o", new_column_name="o2")', 'b.alter_column("b", new_column_name="b2")', 'b.alter_column("b", type_=sa.Boolean(create_constraint=True, name="ckb"))',
    'b.create_unique_constraint("uq_n", ["b", "o"])', 'b.create_foreign_key("fkn", "q", ["b"], ["id"], ondelete="CASCADE")', 'b.create_check_constraint("ckn", "b > 1")',
    'b.create_primary_key("pkn", ["id", "a"])', 'b.drop_constraint("uq_a", type_="unique")', 'b.drop_constraint("fk_o", type_="foreignkey")', 'b.drop_constraint("ck_a", type_="check")',
    'b.drop_constraint("nope", type_="unique")', 'b.create_index("ix_n", ["a"])', 'b.create_index("ix_n", ["a"], unique=True)', 'b.drop_index("ix_b")', 'b.create_table_comment("x")', 'b.drop_table_comment()',
    'b.execute("SELECT 1")', 'pass', 'b.drop_column("nope")', 'b.alter_column("a", type_=sa.Enum("a", name="en", native_enum=False, create_constraint=True))',
    'b.add_column(sa.Column("z", sa.Enum("a", name="en")))', 'b.drop_column("a")|    b.add_column(sa.Column("a", sa.Text))', 'b.add_column(sa.Column("z", sa.Integer))|    b.create_index("ix_z", ["z"])|    b.drop_column("b")',
    'b.create_exclude_constraint("ex", ("a", "="))', 'b.alter_column("id", new_column_name="id2", existing_type=sa.Integer, autoincrement=True)',
    'b.create_foreign_key("fk_o", "q", ["b"], ["id"])', 'b.create_unique_constraint("uq_a", ["b", "o"])',
]
for body in BATCHED:
    CASES.append(f'with op.batch_alter_table("t") as b:|    {body}')
    CASES.append(f'with op.batch_alter_table("t", copy_from={COPY}) as b:|    {body}')
    CASES.append(f'with op.batch_alter_table("t", copy_from={COPY}, recreate="always") as b:|    {body}')
    CASES.append(f'with op.batch_alter_table("t", recreate="never") as b:|    {body}')
    CASES.append(f'with op.batch_alter_table("t", copy_from={COPY}, recreate="always", table_args=(sa.CheckConstraint("1 = 1", name="extra"),), table_kwargs={{"sqlite_autoincrement": True}}, schema="s") as b:|    {body}')

CASES.extend(ddl_products.cases())
CASES.extend(ddl_dialects.cases())

HERE = pathlib.Path(__file__).parent / "ddl"
RUNS = 3


def lines(case):
    return [line if line.startswith(" ") else line.strip() for line in case.replace(" | ", "|").split("|")] if "||" not in case else [case]


def directive(case):
    """The file that a case belongs to."""
    batch = re.search(r"\bb\.(\w+)\(", case)
    if "batch_alter_table" in case:
        return f"batch_{batch[1]}" if batch else "batch"
    if re.search(r"\b(ENUM|Enum|DOMAIN|e|d)\b.*\.(create|drop)\(", case):
        return "types"
    found = re.search(r"\bop\.([a-z_]+)\(", case.replace("op.f(", "").replace("op.get_bind()", ""))
    return found[1] if found else "types"


def groups():
    """Name of the file -> its naming convention, if it has one, and its cases."""
    found = {}
    for case in dict.fromkeys(CASES):
        found.setdefault(directive(case), (None, []))[1].append(case)
    return found | ddl_products.named()


def render(case, dialect, convention):
    buffer = io.StringIO()
    context = MigrationContext.configure(
        dialect_name=dialect,
        opts={
            "as_sql": True,
            "output_buffer": buffer,
            "literal_binds": True,
            "target_metadata": MetaData(naming_convention=eval(convention)) if convention else None,
        },
        dialect_opts={"paramstyle": "named"},
    )
    names = {}
    with Operations.context(context):
        exec(PREAMBLE, names)
        try:
            with warnings.catch_warnings():
                warnings.simplefilter("ignore")
                exec("\n".join(lines(case)), names)
        except Exception as error:
            message = f"{type(error).__name__}: {error}".splitlines()[0]
            return "!! " + re.sub(r" at 0x[0-9a-f]+", "", message) + "\n"
    return buffer.getvalue()


def render_all():
    found = []
    for convention, cases in groups().values():
        found.extend(render(case, dialect, convention) for dialect in DIALECTS for case in cases)
    return found


def runs():
    """What each of several runs prints; they differ in the order of sets."""
    children = []
    for seed in range(RUNS):
        environment = {**os.environ, "PYTHONHASHSEED": str(seed + 1)}
        children.append(subprocess.Popen([sys.executable, __file__, "--render"], stdout=subprocess.PIPE, env=environment))
    return [json.loads(child.communicate()[0]) for child in children]


def files():
    """The texts of all files."""
    answers = list(zip(*runs(), strict=True))
    found = {"preamble.py": PREAMBLE}
    position = 0
    for name, (convention, cases) in groups().items():
        parts = [f"metadata: sa.MetaData(naming_convention={convention})\n" if convention else ""]
        for number, case in enumerate(cases):
            shared = {}
            for place, dialect in enumerate(DIALECTS):
                variants = answers[position + place * len(cases) + number]
                varies = "~~ " if len(set(variants)) > 1 else ""
                shared.setdefault(min(variants), []).append(varies + dialect)
            parts.append(">>> " + "\n... ".join("\n".join(lines(case)).split("\n")) + "\n")
            parts.extend("@@ " + " ".join(dialects) + "\n" + text for text, dialects in shared.items())
        position += len(DIALECTS) * len(cases)
        found[f"{name}.txt"] = "".join(parts)
    return found


def main():
    if "--render" in sys.argv:
        json.dump(render_all(), sys.stdout)
        return
    wanted = files()
    if "--check" in sys.argv:
        is_same = True
        for name, text in wanted.items():
            path = HERE / name
            stored = path.read_text() if path.exists() else ""
            if varying(stored) != varying(text):
                is_same = False
                print(f"{path} is not what Alembic prints")
        sys.exit(0 if is_same else 1)
    HERE.mkdir(exist_ok=True)
    for name, text in wanted.items():
        (HERE / name).write_text(text)
    print(sum(text.count("\n>>> ") for text in wanted.values()) * len(DIALECTS), "expectations")


def varying(text):
    """What each case gives on each dialect, without what varies: the order of the words, which dialects
    share a text, and whether it varied this time."""
    head, *parts = re.split("^>>> ", text, flags=re.MULTILINE)
    found = {"": head}
    for part in parts:
        case, *blocks = re.split("^@@ ", part, flags=re.MULTILINE)
        for block in blocks:
            dialects, _, answer = block.partition("\n")
            for dialect in dialects.replace("~~", " ").split():
                found[case, dialect] = sorted(answer.replace(",", " ").split())
    return found


main()
