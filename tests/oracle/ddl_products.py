"""Operations of DDL made by combining each directive with each of its variants; `ddl_cases.py` uses them.

`|` stands for a new line, as there.
"""

DEFAULTS = """
'x' | "it's" | '' | '50%' | 'a:b' | '0' | sa.text('0') | sa.text("'x'") | sa.text("'a:b'") | sa.text("'50%'") | sa.text('(1 + 1)') | sa.text('now()')
sa.text('NULL') | sa.text('CURRENT_TIMESTAMP') | sa.func.now() | sa.func.current_timestamp() | sa.func.current_date() | sa.func.current_time() | sa.func.lower('A')
sa.func.random() | sa.true() | sa.false() | sa.null() | sa.literal('x') | sa.literal(5) | sa.literal_column('1') | sa.cast('1', sa.Integer) | sa.func.now() + sa.text('1')
sa.DefaultClause('7') | sa.FetchedValue() | sa.Identity() | sa.Computed('a') | False | None
""".replace("\n", " | ").split(" | ")
DEFAULTS = [item.strip() for item in DEFAULTS if item.strip()]

IDENTITY = ["always=True", "always=False", "start=5", "increment=3", "minvalue=2", "maxvalue=9", "nominvalue=True", "nomaxvalue=True", "cycle=True",
            "cycle=False", "cache=4", "order=True", "on_null=True", "always=True, on_null=True", "start=0", "start=-1, increment=-1",
            "always=True, start=1, increment=2, minvalue=1, maxvalue=9, cycle=True, cache=2", ""]

SCHEMAS = ["None", "'s'", "'S'", "'s.q'", "'S.q'", "sa.sql.quoted_name('s.q', True)", "'order'", "'my schema'", "''"]

NAMES = ["t", "T", "order", "my table", "t$", "$t", "1t", "_t", "tä", "t%s", "t:x", "t.u", "user", "select"]

FOREIGN = ["", "ondelete='CASCADE'", "ondelete='SET NULL'", "ondelete='SET DEFAULT'", "ondelete='RESTRICT'", "ondelete='NO ACTION'", "onupdate='CASCADE'", "onupdate='set null'",
           "deferrable=True", "deferrable=False", "initially='DEFERRED'", "initially='IMMEDIATE'", "deferrable=True, initially='DEFERRED'", "deferrable=False, initially='IMMEDIATE'",
           "match='FULL'", "match='SIMPLE'", "match='PARTIAL'", "use_alter=True", "ondelete='CASCADE', onupdate='CASCADE', deferrable=True, initially='DEFERRED', match='FULL'",
           "postgresql_not_valid=True", "postgresql_not_valid=False", "info={'a': 1}", "comment='c'"]

INDEXES = ["", "unique=True", "unique=False", "postgresql_using='btree'", "postgresql_using='hash'", "postgresql_using='GIN'", "postgresql_using='my method'",
           "postgresql_ops={'a': 'int4_ops'}", "postgresql_ops={'b': 'x'}", "postgresql_where=sa.text('a > 0')", "postgresql_where=sa.column('a') > 0", "postgresql_where=sa.column('b') == \"it's\"",
           "postgresql_where=sa.column('a').in_([1, 2])", "postgresql_where=sa.and_(sa.column('a') > 0, sa.column('b').isnot(None))", "postgresql_where='a > 0'",
           "postgresql_where=sa.text(\"b = ':x'\")", "sqlite_where=sa.text('a > 0')", "sqlite_where=sa.column('a') == 5", "sqlite_where='a'", "postgresql_include=['b']", "postgresql_include=['b', 'a']",
           "postgresql_include=[]", "postgresql_nulls_not_distinct=True", "postgresql_nulls_not_distinct=False", "postgresql_nulls_not_distinct=None", "postgresql_with={'fillfactor': 70}",
           "postgresql_with={'fillfactor': '70', 'deduplicate_items': 'off'}", "postgresql_tablespace='ts'", "postgresql_tablespace='My Ts'", "postgresql_concurrently=True",
           "postgresql_concurrently=False", "mysql_length=4", "mysql_prefix='FULLTEXT'", "mssql_clustered=True", "mssql_include=['b']", "oracle_compress=True", "info={'a': 1}", "comment='x'",
           "unique=True, postgresql_using='gist', postgresql_include=['b'], postgresql_with={'buffering': 'on'}, postgresql_tablespace='ts', postgresql_where=sa.text('a > 1')", "quote=True", "bad_option=1"]

INDEX_COLUMNS = ["['a']", "['a', 'b']", "['A']", "['order']", "['a b']", "['a%b']", "[sa.text('a')]", "[sa.text('lower(a)')]", "[sa.text('a DESC')]", "[sa.text('(a || b)')]", "[sa.text(\"a || ':x'\")]",
                 "[sa.column('a')]", "[sa.column('a').desc()]", "[sa.column('a').asc()]", "[sa.column('a').desc().nullsfirst()]", "[sa.column('a').nullslast()]", "[sa.desc('a')]", "[sa.func.lower(sa.column('a'))]",
                 "[sa.func.lower(sa.column('a')).desc()]", "[sa.func.coalesce(sa.column('a'), 'x')]", "[sa.column('a') + 1]", "[sa.column('a') + sa.column('b')]", "[sa.cast(sa.column('a'), sa.Text)]",
                 "[sa.column('a', sa.JSON)['k']]", "[sa.literal_column('a')]", "[sa.literal_column('a + 1')]", "[sa.func.lower(sa.column('a')).label('l')]", "[sa.column('a').collate('C')]",
                 "[sa.case((sa.column('a') > 0, 1))]", "[sa.extract('year', sa.column('a'))]", "['a', sa.text('b DESC')]", "[]", "'a'", "[sa.func.date_trunc('day', sa.column('a'))]"]

CHECKS = ["'a > 0'", "'a > :x'", "\"a <> ':x'\"", "\"a LIKE '%x'\"", "'(a > 0)'", "sa.text('a > 0')", "sa.text('a > :x').bindparams(x=5)", "sa.column('a') > 0", "sa.column('a') == \"it's\"", "sa.column('a').in_(['x', 'y'])",
          "sa.column('a').in_([])", "sa.column('a').notin_([1])", "sa.column('a').between(1, 5)", "sa.column('a').is_(None)", "sa.column('a').isnot(None)", "sa.column('a').like('%x')", "sa.column('a').ilike('x%')",
          "sa.column('a').startswith('x')", "sa.column('a').contains('x')", "sa.not_(sa.column('a') > 0)", "sa.and_(sa.column('a') > 0, sa.column('b') < 1)", "sa.or_(sa.column('a') > 0, sa.column('b') < 1)",
          "sa.func.length(sa.column('a')) > 3", "sa.column('a') % 2 == 0", "sa.column('a') != sa.column('b')", "sa.column('a').op('~')('^x')", "sa.column('a').regexp_match('^x')", "sa.column('A b') > 0",
          "sa.true()", "sa.column('a', sa.Boolean)", "~sa.column('a', sa.Boolean)", "sa.column('a', sa.Boolean).is_(True)", "sa.func.now() > sa.column('a')", "sa.case((sa.column('a') > 0, 1), else_=0) == 1", "sa.column('a') == None"]

CONVENTIONS = {
    "naming_usual": '{"ix": "ix_%(column_0_label)s", "uq": "uq_%(table_name)s_%(column_0_name)s", "ck": "ck_%(table_name)s_%(constraint_name)s", '
                    '"fk": "fk_%(table_name)s_%(column_0_name)s_%(referred_table_name)s", "pk": "pk_%(table_name)s"}',
    "naming_all_columns": '{"ix": "ix_%(table_name)s_%(column_0_N_name)s", "uq": "uq_%(table_name)s_%(column_0N_name)s", "ck": "ck_%(table_name)s_%(column_0_name)s", '
                          '"fk": "fk_%(table_name)s_%(column_0_N_name)s_%(referred_table_name)s_%(referred_column_0_N_name)s", "pk": "%(table_name)s_pkey"}',
    "naming_some": '{"uq": "%(table_name)s_%(column_0_label)s_key", "fk": "%(table_name)s_%(column_0_key)s_%(referred_column_0_name)s_%(constraint_name)s"}',
}

NAMED = r'''
op.create_table("x", sa.Column("a", sa.Integer, primary_key=True))
op.create_table("x", sa.Column("a", sa.Integer), sa.PrimaryKeyConstraint("a"))
op.create_table("x", sa.Column("a", sa.Integer), sa.PrimaryKeyConstraint("a", name="mine"))
op.create_table("x", sa.Column("a", sa.Integer), sa.PrimaryKeyConstraint("a", name=op.f("mine")))
op.create_table("x", sa.Column("a", sa.Integer), sa.Column("b", sa.Integer), sa.PrimaryKeyConstraint("a", "b"))
op.create_table("x", sa.Column("a", sa.Integer, unique=True))
op.create_table("x", sa.Column("a", sa.Integer, unique=True, index=True), schema="s")
op.create_table("x", sa.Column("a", sa.Integer), sa.UniqueConstraint("a"))
op.create_table("x", sa.Column("a", sa.Integer), sa.UniqueConstraint("a", name="mine"))
op.create_table("x", sa.Column("a", sa.Integer), sa.UniqueConstraint("a", name=op.f("mine")))
op.create_table("x", sa.Column("a", sa.Integer), sa.Column("b", sa.Integer), sa.UniqueConstraint("b", "a"))
op.create_table("x", sa.Column("a", sa.Integer, index=True))
op.create_table("x", sa.Column("a", sa.Integer), sa.Index(None, "a"))
op.create_table("x", sa.Column("a", sa.Integer, sa.ForeignKey("o.id")))
op.create_table("x", sa.Column("a", sa.Integer, sa.ForeignKey("s.o.id", name="mine")))
op.create_table("x", sa.Column("a", sa.Integer, sa.ForeignKey("o.id", name=op.f("mine"))))
op.create_table("x", sa.Column("a", sa.Integer), sa.ForeignKeyConstraint(["a"], ["o.id"]))
op.create_table("x", sa.Column("a", sa.Integer), sa.Column("b", sa.Integer), sa.ForeignKeyConstraint(["a", "b"], ["o.x", "o.y"]))
op.create_table("x", sa.Column("a", sa.Integer), sa.CheckConstraint("a > 0"))
op.create_table("x", sa.Column("a", sa.Integer), sa.CheckConstraint("a > 0", name="mine"))
op.create_table("x", sa.Column("a", sa.Integer), sa.CheckConstraint("a > 0", name=op.f("mine")))
op.create_table("x", sa.Column("a", sa.Integer), sa.CheckConstraint(sa.column("a") > 0, name="mine"))
op.create_table("x", sa.Column("a", sa.Boolean(create_constraint=True)))
op.create_table("x", sa.Column("a", sa.Boolean(create_constraint=True, name="isb")))
op.create_table("x", sa.Column("a", sa.Enum("a", "b", native_enum=False, create_constraint=True, name="en")))
op.create_table("x", sa.Column("a", sa.Enum("a", "b", native_enum=False, create_constraint=True)))
op.create_table("a_very_long_table_name_that_goes_on_and_on_for_a_while", sa.Column("a_long_column_name_too", sa.Integer, unique=True, index=True))
op.add_column("t", sa.Column("c", sa.Integer, unique=True))
op.add_column("t", sa.Column("c", sa.Integer, index=True))
op.add_column("t", sa.Column("c", sa.Integer, sa.ForeignKey("o.id")))
op.add_column("t", sa.Column("c", sa.Integer, sa.ForeignKey("o.id")), schema="s")
op.add_column("t", sa.Column("c", sa.Integer, sa.CheckConstraint("c > 0", name="mine")))
op.add_column("t", sa.Column("c", sa.Boolean(create_constraint=True, name="isb")))
op.alter_column("t", "c", type_=sa.Boolean(create_constraint=True, name="isb"), existing_type=sa.Integer())
op.alter_column("t", "c", type_=sa.Integer(), existing_type=sa.Boolean(create_constraint=True, name="isb"))
op.create_primary_key(None, "t", ["a"])
op.create_primary_key("mine", "t", ["a"])
op.create_unique_constraint(None, "t", ["a"])
op.create_unique_constraint(None, "t", ["a", "b"], schema="s")
op.create_unique_constraint("mine", "t", ["a"])
op.create_unique_constraint(op.f("mine"), "t", ["a"])
op.create_foreign_key(None, "t", "o", ["a"], ["id"])
op.create_foreign_key(None, "t", "o", ["a", "b"], ["x", "y"])
op.create_foreign_key("mine", "t", "o", ["a"], ["id"])
op.create_foreign_key(op.f("mine"), "t", "o", ["a"], ["id"])
op.create_check_constraint("mine", "t", "a > 0")
op.create_check_constraint(op.f("mine"), "t", "a > 0")
op.create_check_constraint(None, "t", "a > 0")
op.create_check_constraint("mine", "t", sa.column("a") > 0)
op.create_index(None, "t", ["a"])
op.create_index(None, "t", ["a", "b"])
op.create_index(None, "t", ["a"], schema="s")
op.create_index("mine", "t", ["a"])
op.create_index(op.f("mine"), "t", ["a"])
op.create_index(None, "t", [sa.text("lower(a)")])
op.drop_constraint("mine", "t", type_="check")
op.drop_constraint(op.f("mine"), "t", type_="check")
op.drop_constraint("mine", "t", type_="foreignkey")
op.drop_constraint("mine", "t", type_="unique")
op.drop_index("mine", "t")
op.create_exclude_constraint("mine", "t", ("a", "="))
'''

ENUMS = r'''
e = sa.Enum("a", "b", name="en") | op.create_table("x", sa.Column("e", e)) | op.create_table("y", sa.Column("e", e))
e = sa.Enum("a", "b", name="en") | op.create_table("x", sa.Column("e", e)) | op.drop_table("x")
e = sa.Enum("a", "b", name="en") | op.create_table("x", sa.Column("e", e)) | op.drop_table("x") | e.drop(op.get_bind())
e = sa.Enum("a", "b", name="en") | e.create(op.get_bind()) | op.create_table("x", sa.Column("e", e))
e = sa.Enum("a", "b", name="en") | e.create(op.get_bind(), checkfirst=True) | e.create(op.get_bind(), checkfirst=True)
e = sa.Enum("a", "b", name="en", create_type=False) | op.create_table("x", sa.Column("e", e))
e = postgresql.ENUM("a", "b", name="en", create_type=False) | op.create_table("x", sa.Column("e", e)) | op.add_column("x", sa.Column("f", e))
e = postgresql.ENUM("a", "b", name="en", create_type=False) | e.create(op.get_bind()) | op.create_table("x", sa.Column("e", e))
e = postgresql.ENUM("a", "b", name="en", schema="s") | e.create(op.get_bind()) | e.drop(op.get_bind())
e = postgresql.ENUM("a", "b", name="En Um", schema="My S") | e.create(op.get_bind()) | e.drop(op.get_bind(), checkfirst=True)
op.create_table("x", sa.Column("e", sa.ARRAY(sa.Enum("a", name="en")))) | op.add_column("x", sa.Column("f", sa.ARRAY(sa.Enum("a", name="en"))))
op.create_table("x", sa.Column("e", sa.Enum("a", name="en")), schema="s") | op.create_table("y", sa.Column("e", sa.Enum("a", name="en")))
op.create_table("x", sa.Column("e", sa.Enum("a", name="en", schema="s"))) | op.create_table("y", sa.Column("e", sa.Enum("a", name="en", schema="q")))
op.create_table("x", sa.Column("e", sa.Enum("a", name="en", inherit_schema=True))) | op.create_table("y", sa.Column("e", sa.Enum("a", name="en", inherit_schema=True)), schema="s")
op.create_table("x", sa.Column("e", sa.Enum("a", name="en", metadata=sa.MetaData())))
op.create_table("x", sa.Column("e", sa.Enum("a", name="en", metadata=sa.MetaData(schema="s"), inherit_schema=True)), schema="q")
op.create_table("x", sa.Column("e", sa.Enum(Mood, inherit_schema=True)), schema="s")
op.execute("CREATE TYPE en AS ENUM ('a')") | op.create_table("x", sa.Column("e", sa.Enum("a", name="en")))
op.execute("ALTER TYPE en ADD VALUE IF NOT EXISTS 'c'")
op.execute("ALTER TYPE en RENAME TO en_old") | e = sa.Enum("a", name="en") | e.create(op.get_bind(), checkfirst=False) | op.alter_column("t", "c", type_=e, postgresql_using="c::text::en") | op.execute("DROP TYPE en_old")
op.execute("DROP TYPE en") | sa.Enum("a", name="en").create(op.get_bind())
op.add_column("t", sa.Column("e", sa.Enum("a", name="en"))) | op.create_table("x", sa.Column("e", sa.Enum("a", name="en")))
op.drop_column("t", "e") | sa.Enum(name="en").drop(op.get_bind(), checkfirst=False)
postgresql.ENUM(Mood, name="mood").create(op.get_bind())
sa.Enum(Mood).create(op.get_bind())
sa.Enum(Mood, values_callable=lambda e: [m.value for m in e], name="mv").create(op.get_bind())
sa.Enum("a", name="en", native_enum=False).create(op.get_bind())
sa.Enum("a", name="en", length=1)
sa.Enum("a", name="en", create_constraint=True).create(op.get_bind())
sa.Enum(name="en").create(op.get_bind())
postgresql.DOMAIN("d", sa.Integer).create(op.get_bind())
postgresql.DOMAIN("d", sa.Integer, schema="s").create(op.get_bind(), checkfirst=False)
postgresql.DOMAIN("d", sa.String(5), collation="C", default="x", constraint_name="cn", not_null=True, check="VALUE <> ''").create(op.get_bind())
postgresql.DOMAIN("d", sa.Integer, default=sa.text("5"), not_null=False).create(op.get_bind())
postgresql.DOMAIN("d", sa.Integer, default=5, check=sa.text("VALUE > 0")).create(op.get_bind())
postgresql.DOMAIN("My D", sa.Numeric(5, 2), constraint_name="C n", check="VALUE > 0").create(op.get_bind())
postgresql.DOMAIN("d", sa.Integer).drop(op.get_bind())
postgresql.DOMAIN("d", sa.Integer, schema="s").drop(op.get_bind(), checkfirst=False)
d = postgresql.DOMAIN("d", sa.Integer, check="VALUE > 0") | d.create(op.get_bind()) | op.create_table("x", sa.Column("d", d))
op.create_table("x", sa.Column("d", postgresql.DOMAIN("d", sa.Integer, create_type=False)))
op.create_table("x", sa.Column("d", postgresql.DOMAIN("d", sa.Integer, not_null=True, check="VALUE > 0"))) | op.create_table("y", sa.Column("d", postgresql.DOMAIN("d", sa.Integer)))
op.add_column("t", sa.Column("d", postgresql.DOMAIN("d", sa.Integer, check="VALUE > 0")))
op.alter_column("t", "c", type_=postgresql.DOMAIN("d", sa.Integer))
op.create_table("x", sa.Column("d", sa.ARRAY(postgresql.DOMAIN("d", sa.Integer))))
'''

SEQUENCES = ["start=1", "increment=2", "minvalue=1", "maxvalue=5", "nominvalue=True", "nomaxvalue=True", "cycle=True", "cycle=False", "cache=3", "order=True", "data_type=sa.Integer", "data_type=sa.SmallInteger",
             "data_type=sa.BigInteger", "schema='s'", "schema='My S'", "optional=True", "metadata=sa.MetaData()", "metadata=sa.MetaData(schema='ms')", "quote=True", "start=5, increment=-1, minvalue=-9, maxvalue=9, cycle=True, cache=2"]

TABLE = 'sa.Table("t", sa.MetaData(), sa.Column("id", sa.Integer, primary_key=True), sa.Column("a", sa.String(5)), sa.Column("b", sa.Integer, index=True), sa.UniqueConstraint("a", name="uq_a"), sa.CheckConstraint("b > 0", name="ck_b"){})'

CHANGES = [
    'b.add_column(sa.Column("z", sa.String(3), server_default="x"))', 'b.add_column(sa.Column("z", sa.Integer, nullable=False))', 'b.add_column(sa.Column("z", sa.Integer, sa.Identity()))',
    'b.add_column(sa.Column("z", sa.Integer, sa.Computed("b + 1")))', 'b.add_column(sa.Column("z", sa.Integer, sa.ForeignKey("o.id")))', 'b.add_column(sa.Column("z", sa.Integer), if_not_exists=True)',
    'b.add_column(sa.Column("z", sa.Boolean(create_constraint=True, name="isz")))', 'b.add_column(sa.Column("z", sa.Integer, comment="c"))', 'b.drop_column("b")', 'b.drop_column("id")',
    'b.alter_column("a", nullable=False)', 'b.alter_column("a", nullable=False, existing_type=sa.String(5))', 'b.alter_column("b", type_=sa.BigInteger(), existing_type=sa.Integer())',
    'b.alter_column("b", new_column_name="bb")', 'b.alter_column("b", server_default="1")', 'b.alter_column("b", server_default=None)', 'b.alter_column("id", type_=sa.BigInteger())',
    'b.alter_column("b", type_=sa.Enum("a", name="en"))', 'b.alter_column("b", type_=sa.Boolean())', 'b.create_index("ix", ["a"])', 'b.create_index("ix", ["a"], unique=True)', 'b.create_index(b.f("ix"), ["a", "b"])',
    'b.drop_index("ix_t_b")', 'b.create_unique_constraint("uq", ["b"])', 'b.create_unique_constraint(None, ["b"])', 'b.create_check_constraint("ck", "a <> b")', 'b.create_foreign_key("fk", "o", ["b"], ["id"])',
    'b.create_foreign_key(None, "o", ["b"], ["id"])', 'b.create_foreign_key("fk", "o", ["b"], ["id"], referent_schema="s", ondelete="CASCADE")', 'b.drop_constraint("uq_a")', 'b.drop_constraint("uq_a", type_="unique")',
    'b.drop_constraint("ck_b", type_="check")', 'b.create_primary_key("pk", ["a"])', 'b.create_table_comment("c")', 'b.drop_table_comment()',
    'b.add_column(sa.Column("z", sa.Integer))|    b.drop_column("a")', 'b.alter_column("a", new_column_name="c")|    b.alter_column("b", new_column_name="a")',
    'b.drop_constraint("uq_a", type_="unique")|    b.create_unique_constraint("uq_a", ["a", "b"])', 'b.drop_index("ix_t_b")|    b.drop_column("b")',
]
BATCHES = ["", ", schema='s'", ", recreate='never'", ", recreate='always', copy_from=T", ", recreate='auto', copy_from=T", ", recreate='never', copy_from=T", ", copy_from=T, table_kwargs={'sqlite_autoincrement': True}",
           ", copy_from=T, partial_reordering=[('id', 'b', 'a')]", ", copy_from=T, naming_convention={'uq': 'uq_%(table_name)s_%(column_0_name)s'}"]


def cases():
    """The bodies of all combinations."""
    found = []
    for default in DEFAULTS:
        for kind in ["sa.Integer()", "sa.String(9)", "sa.Boolean()", "sa.DateTime()"]:
            found += [
                f'op.add_column("t", sa.Column("c", {kind}, server_default={default}))',
                f'op.create_table("x", sa.Column("c", {kind}, server_default={default}, nullable=False))',
                f'op.alter_column("t", "c", server_default={default}, existing_type={kind})',
            ]
        found.append(f'with op.batch_alter_table("t", copy_from=sa.Table("t", sa.MetaData(), sa.Column("c", sa.Integer))) as b:|    b.alter_column("c", server_default={default})')
        found.append(f'with op.batch_alter_table("t", copy_from=sa.Table("t", sa.MetaData(), sa.Column("c", sa.Integer, server_default={default}))) as b:|    b.alter_column("c", nullable=False)')
    for options in IDENTITY:
        for kind in ["sa.Integer()", "sa.BigInteger()"]:
            found += [
                f'op.add_column("t", sa.Column("c", {kind}, sa.Identity({options})))',
                f'op.add_column("t", sa.Column("c", {kind}, sa.Identity({options}), primary_key=True))',
                f'op.create_table("x", sa.Column("c", {kind}, sa.Identity({options})))',
                f'op.create_table("x", sa.Column("c", {kind}, sa.Identity({options}), primary_key=True))',
                f'op.create_table("x", sa.Column("c", {kind}, sa.Identity({options}), nullable=True))',
            ]
        found.append(f'op.alter_column("t", "c", server_default=sa.Identity({options}))')
        found.append(f'op.alter_column("t", "c", server_default=sa.Identity({options}), existing_server_default=sa.Identity())')
        found.append(f'op.alter_column("t", "c", server_default=sa.Identity(), existing_server_default=sa.Identity({options}))')
    for expression in ["a + 1", "a || 'x'", "lower(a)", "a > :x", "':x'", "a % 2"]:
        for stored in ["", ", persisted=True", ", persisted=False"]:
            for more in ["", ", nullable=False", ", unique=True", ", index=True"]:
                column = f'sa.Column("c", sa.Integer, sa.Computed("{expression}"{stored}){more})'
                found += [f'op.add_column("t", {column})', f'op.create_table("x", sa.Column("a", sa.Integer), {column})']
    for schema in SCHEMAS:
        found += [
            f'op.create_table("x", sa.Column("a", sa.Integer, index=True, comment="c"), comment="t", schema={schema})',
            f'op.create_table("x", sa.Column("id", sa.Integer, primary_key=True), sa.Column("p", sa.Integer), sa.ForeignKeyConstraint(["p"], ["x.id"]), schema={schema})',
            f'op.create_table("x", sa.Column("e", sa.Enum("a", name="en", schema={schema})))',
            f'op.create_table("x", sa.Column("e", sa.Enum("a", name="en", inherit_schema=True)), schema={schema})',
            f'op.add_column("t", sa.Column("c", sa.Integer, sa.ForeignKey("o.id", name="fk"), index=True, unique=True, comment="c"), schema={schema})',
            f'op.drop_column("t", "c", schema={schema})', f'op.drop_table("t", schema={schema})', f'op.rename_table("t", "u", schema={schema})',
            f'op.alter_column("t", "c", nullable=False, new_column_name="d", comment="c", schema={schema})', f'op.alter_column("t", "c", type_=sa.Text(), server_default="x", schema={schema})',
            f'op.create_index("ix", "t", ["a"], schema={schema})', f'op.drop_index("ix", "t", schema={schema})', f'op.create_primary_key("pk", "t", ["a"], schema={schema})',
            f'op.create_unique_constraint("uq", "t", ["a"], schema={schema})', f'op.create_check_constraint("ck", "t", "a > 0", schema={schema})',
            f'op.create_foreign_key("fk", "t", "o", ["a"], ["id"], source_schema={schema}, referent_schema={schema})', f'op.drop_constraint("ck", "t", schema={schema})',
            f'op.create_table_comment("t", "c", schema={schema})', f'op.drop_table_comment("t", schema={schema})', f'op.create_exclude_constraint("ex", "t", ("a", "="), schema={schema})',
            f'op.bulk_insert(sa.table("t", sa.column("a", sa.Integer), schema={schema}), [{{"a": 1}}])', f'op.execute(sa.table("t", sa.column("a", sa.Integer), schema={schema}).update().values(a=1))',
            f'op.execute(sa.schema.CreateSequence(sa.Sequence("sq", schema={schema})))', f'with op.batch_alter_table("t", schema={schema}) as b:|    b.add_column(sa.Column("c", sa.Integer))',
            f'with op.batch_alter_table("t", schema={schema}, copy_from=sa.Table("t", sa.MetaData(), sa.Column("c", sa.Integer), schema={schema}), recreate="always") as b:|    b.alter_column("c", nullable=False)',
        ]
    for name in NAMES:
        found += [
            f'op.create_table("{name}", sa.Column("{name}", sa.Integer, index=True, comment="c"), sa.UniqueConstraint("{name}", name="{name}"), sa.CheckConstraint("1", name="{name}"))',
            f'op.add_column("{name}", sa.Column("{name}", sa.Integer))', f'op.drop_column("{name}", "{name}")', f'op.rename_table("{name}", "{name}2")', f'op.drop_table("{name}")', f'op.alter_column("{name}", "{name}", nullable=False)',
            f'op.alter_column("t", "c", new_column_name="{name}")', f'op.create_index("{name}", "{name}", ["{name}"])', f'op.drop_index("{name}")', f'op.create_unique_constraint("{name}", "{name}", ["{name}"])',
            f'op.create_foreign_key("{name}", "{name}", "{name}", ["{name}"], ["{name}"])', f'op.drop_constraint("{name}", "{name}")', f'op.bulk_insert(sa.table("{name}", sa.column("{name}", sa.Integer)), [{{"{name}": 1}}])',
            f'op.create_table_comment("{name}", "x")', f'sa.Enum("a", name="{name}").create(op.get_bind())', f'op.execute(sa.schema.CreateSequence(sa.Sequence("{name}")))', f'op.execute(sa.schema.CreateSchema("{name}"))',
        ]
    for options in FOREIGN:
        comma = f", {options}" if options else ""
        found += [
            f'op.create_foreign_key("fk", "t", "o", ["a"], ["id"]{comma})', f'op.add_column("t", sa.Column("c", sa.Integer, sa.ForeignKey("o.id"{comma})))',
            f'op.add_column("t", sa.Column("c", sa.Integer, sa.ForeignKey("o.id", name="fk"{comma})), inline_references=True)',
            f'op.create_table("x", sa.Column("a", sa.Integer, sa.ForeignKey("o.id"{comma})))', f'op.create_table("x", sa.Column("a", sa.Integer), sa.ForeignKeyConstraint(["a"], ["o.id"], name="fk"{comma}))',
            f'with op.batch_alter_table("t", copy_from=sa.Table("t", sa.MetaData(), sa.Column("a", sa.Integer))) as b:|    b.create_foreign_key("fk", "o", ["a"], ["id"]{comma})',
        ]
    for options in INDEXES:
        comma = f", {options}" if options else ""
        found += [
            f'op.create_index("ix", "t", ["a"]{comma})', f'op.create_index("ix", "t", ["a"], if_not_exists=True{comma})', f'op.create_table("x", sa.Column("a", sa.Integer), sa.Column("b", sa.String), sa.Index("ix", "a"{comma}))',
            f'with op.batch_alter_table("t") as b:|    b.create_index("ix", ["a"]{comma})', f'op.drop_index("ix", "t"{comma})',
        ]
    for columns in INDEX_COLUMNS:
        found += [f'op.create_index("ix", "t", {columns})', f'op.create_index("ix", "t", {columns}, unique=True, schema="s")', f'with op.batch_alter_table("t") as b:|    b.create_index("ix", {columns})']
        if columns.startswith("[") and columns != "[]":
            found.append(f'op.create_table("x", sa.Column("a", sa.String), sa.Column("b", sa.String), sa.Index("ix", {columns[1:-1]}))')
    for check in CHECKS:
        found += [
            f'op.create_check_constraint("ck", "t", {check})', f'op.create_table("x", sa.Column("a", sa.Integer), sa.CheckConstraint({check}, name="ck"))', f'op.add_column("t", sa.Column("a", sa.Integer, sa.CheckConstraint({check})))',
            f'with op.batch_alter_table("t", copy_from=sa.Table("t", sa.MetaData(), sa.Column("a", sa.Integer), sa.Column("b", sa.Integer))) as b:|    b.create_check_constraint("ck", {check})',
            f'op.create_exclude_constraint("ex", "t", ("a", "="), where={check})',
        ]
    for options in ["", "deferrable=True", "deferrable=False", "initially='DEFERRED'", "deferrable=True, initially='IMMEDIATE'", "postgresql_include=['b']", "postgresql_nulls_not_distinct=True", "sqlite_on_conflict='IGNORE'",
                    "sqlite_on_conflict='bad'", "postgresql_without_overlaps=True", "info={}", "comment='x'"]:
        comma = f", {options}" if options else ""
        found += [
            f'op.create_unique_constraint("uq", "t", ["a"]{comma})', f'op.create_table("x", sa.Column("a", sa.Integer), sa.Column("b", sa.Integer), sa.UniqueConstraint("a"{comma}))',
            f'op.create_table("x", sa.Column("a", sa.Integer), sa.Column("b", sa.Integer), sa.PrimaryKeyConstraint("a"{comma}))', f'op.create_table("x", sa.Column("a", sa.Integer), sa.CheckConstraint("a > 0"{comma}))',
            f'op.create_check_constraint("ck", "t", "a > 0"{comma})', f'with op.batch_alter_table("t", copy_from=sa.Table("t", sa.MetaData(), sa.Column("a", sa.Integer))) as b:|    b.create_unique_constraint("uq", ["a"]{comma})',
            f'op.create_exclude_constraint("ex", "t", ("a", "="){comma})', f'op.create_table("x", sa.Column("a", sa.Integer), postgresql.ExcludeConstraint(("a", "=")){comma})',
        ]
    for elements in ['("a", "=")', '("a", "="), ("b", "&&")', '(sa.column("a"), "&&")', '(sa.text("a"), "=")', '(sa.func.int4range(sa.column("a"), sa.column("b")), "&&")', '("A b", "=")', '(sa.text("lower(a)"), "=")', '(sa.literal_column("a"), "=")']:
        for options in ["", ", using='gist'", ", using='GIST'", ", ops={'a': 'x_ops'}", ", where=sa.text('a > 0')", ", where='a > 0'", ", deferrable=True, initially='DEFERRED'"]:
            found += [f'op.create_exclude_constraint("ex", "t", {elements}{options})', f'op.create_table("x", sa.Column("a", sa.Integer), sa.Column("b", sa.Integer), postgresql.ExcludeConstraint({elements}{options}, name="ex"))']
    for options in SEQUENCES:
        found += [
            f'op.execute(sa.schema.CreateSequence(sa.Sequence("sq", {options})))', f'op.create_table("x", sa.Column("a", sa.Integer, sa.Sequence("sq", {options}), primary_key=True))',
            f'op.add_column("t", sa.Column("a", sa.Integer, sa.Sequence("sq", {options})))', f'op.execute(sa.schema.DropSequence(sa.Sequence("sq", {options})))',
            f's = sa.Sequence("sq", {options}) | op.create_table("x", sa.Column("a", sa.Integer, s, server_default=s.next_value()))',
        ]
    for body in CHANGES:
        for options in BATCHES:
            copy = TABLE.format(', schema="s"' if "schema" in options else "")
            found.append(f'with op.batch_alter_table("t"{options.replace("=T", "=" + copy)}) as b:|    {body}')
    for number in range(16):
        flags = [flag for bit, flag in enumerate(["primary_key=True", "unique=True", "index=True", "nullable=False"]) if number >> bit & 1]
        for kind in ["sa.Integer", "sa.String(5)"]:
            column = ", ".join([f'sa.Column("c", {kind}'] + flags) + ")"
            found += [f'op.add_column("t", {column})', f'op.create_table("x", sa.Column("i", sa.Integer), {column})']
    found += [line.strip() for line in ENUMS.strip().splitlines()]
    return found


def named():
    """Naming conventions, and what is tried with each."""
    return {name: (convention, [line.strip() for line in NAMED.strip().splitlines()]) for name, convention in CONVENTIONS.items()}
