//! Where Alembic's text is wrong or unsafe: the correct statement or an error by default, and with
//! `--compat alembic` the old text and a warning.

use std::fmt::Write as _;
use std::fs;

use crate::program::{gensql, hold};

const ALL: &[&str] = &[
    "postgresql",
    "sqlite",
    "mysql",
    "mariadb",
    "mssql",
    "oracle",
];
const T: &str = "op.create_table('t', sa.Column('id', sa.Integer, primary_key=True), sa.Column('c', sa.String(10)), sa.Column('n', sa.Integer, nullable=False, server_default='0'))\nop.create_index('ix', 't', ['c'])";

/// What each dialect answers: the statements of the last revision, and the first lines of what is
/// said about them.
fn answers(dialects: &[&str], before: &str, body: &str) -> String {
    let directory = tempfile::tempdir().unwrap();
    let root = directory.path();
    fs::write(
        root.join("alembic.ini"),
        "[alembic]\nscript_location = .\nsqlalchemy.url = sqlite://\n",
    )
    .unwrap();
    fs::write(
        root.join("env.py"),
        "from alembic import context\ncontext.configure(url='sqlite://', literal_binds=True, dialect_opts={'paramstyle': 'named'})\nwith context.begin_transaction():\n    context.run_migrations()\n",
    )
    .unwrap();
    fs::create_dir(root.join("versions")).unwrap();
    for (id, down, body) in [("r1", "None", before), ("r2", "'r1'", body)] {
        let lines: String = body.lines().map(|line| format!("    {line}\n")).collect();
        let text = format!(
            "import sqlalchemy as sa\nfrom alembic import op\nrevision = '{id}'\ndown_revision = {down}\ndef upgrade():\n{lines}    pass\n"
        );
        fs::write(root.join(format!("versions/{id}.py")), text).unwrap();
    }
    let mut text = String::new();
    for dialect in dialects {
        for compat in [false, true] {
            let mut arguments = vec!["upgrade", "r1:head", "--sql", "--dialect", dialect];
            if compat {
                arguments.extend(["--compat", "alembic"]);
            }
            let output = gensql(root, &arguments);
            let mode = if compat { ", --compat alembic" } else { "" };
            writeln!(text, "== {dialect}{mode}").unwrap();
            let script = String::from_utf8(output.stdout).unwrap();
            let kept = script
                .lines()
                .filter(|line| !line.trim().is_empty() && !line.contains("alembic_version"));
            for line in kept {
                writeln!(text, "{line}").unwrap();
            }
            let said = String::from_utf8(output.stderr).unwrap();
            let heads = said
                .lines()
                .filter(|line| line.starts_with("error") || line.starts_with("warning"));
            for line in heads {
                writeln!(text, "{line}").unwrap();
            }
        }
    }
    text
}

#[test]
fn conditions_without_a_clause() {
    let body = "op.add_column('t', sa.Column('z', sa.Integer), if_not_exists=True)\nop.add_column('t', sa.Column('c', sa.Integer), if_not_exists=True)\nop.create_index('ix', 't', ['c'], if_not_exists=True)\nop.drop_index('ix', table_name='t', if_exists=True)\nop.drop_column('t', 'none', if_exists=True)\nop.create_table('t', sa.Column('id', sa.Integer), if_not_exists=True)\nop.drop_table('other', if_exists=True)";
    hold("right", "conditions", &answers(ALL, T, body));
}

#[test]
fn colons_tabs_and_terminators() {
    let body = r#"op.execute("UPDATE t SET c = '{\"a\":1}'")
op.execute("UPDATE t SET c = 'a\tb'")
op.execute("DELETE FROM t;")
op.execute("DELETE FROM t -- all")
op.execute("")
op.execute("BEGIN p; END;")"#;
    hold(
        "right",
        "texts",
        &answers(&["postgresql", "oracle"], T, body),
    );
}

#[test]
fn tables_that_databases_refuse() {
    let mut text = String::new();
    for body in [
        "op.create_table('e')",
        "op.create_table('e', sa.Column('a', sa.Integer), prefixes=['TEMPORARY'])",
        "op.create_table('e', sa.Column('a', sa.Integer, sa.Identity()), sa.Column('b', sa.Integer, sa.Identity()))",
        "op.create_table('e', sa.Column('a', sa.String), sa.Column('b', sa.Integer, sa.Sequence('s')), sa.ForeignKeyConstraint(['b'], ['t.id'], use_alter=True, name='f'))",
        "op.create_index('j', 't', [sa.column('c').desc().nulls_last()])",
        "op.create_index('j', 't', [sa.text('c DESC NULLS LAST')])",
    ] {
        writeln!(text, "# {body}\n{}", answers(ALL, T, body)).unwrap();
    }
    hold("right", "tables", &text);
}

#[test]
fn types_and_defaults_on_postgresql() {
    let before = "op.create_table('t', sa.Column('e', sa.String(5), server_default='1'), sa.Column('x', sa.Enum('a', 'b', name='en'), server_default='a'), sa.Column('i', sa.Integer))";
    let body = "op.create_table('y', sa.Column('a', sa.Text(100)), sa.Column('b', sa.BLOB), sa.Column('c', sa.CLOB), sa.Column('d', sa.NVARCHAR(3)), sa.Column('g', sa.Integer, sa.Computed('1 + 1')))\nop.alter_column('t', 'e', type_=sa.Integer, postgresql_using='e::integer')\nop.alter_column('t', 'x', type_=sa.Enum('c', name='en2'), server_default='c', postgresql_using='NULL')\nop.alter_column('t', 'i', server_default=sa.Identity())\nop.bulk_insert(sa.table('t', sa.column('f', sa.Float)), [{'f': float('nan')}])\nop.drop_table('t')\nop.execute('DROP TYPE en')\nop.create_table('t', sa.Column('x', sa.Enum('a', 'b', name='en')))";
    hold(
        "right",
        "postgresql",
        &answers(&["postgresql", "postgresql:18"], before, body),
    );
}

#[test]
fn columns_on_sqlite() {
    let body = "op.add_column('t', sa.Column('made', sa.DateTime, server_default=sa.func.now()))\nop.add_column('t', sa.Column('up', sa.Integer, sa.ForeignKey('t.id', name='f')))\nop.drop_column('t', 'c')\nop.alter_column('t', 'n', new_column_name='m')";
    hold(
        "right",
        "sqlite",
        &answers(&["sqlite", "sqlite:3.20"], T, body),
    );
}

#[test]
fn a_statement_that_cannot_be_read_is_blamed() {
    let step = "op.alter_column('t', 'c', type_=sa.Text())";
    let known = "op.execute('''-- gensql: effect ALTER TABLE t ADD COLUMN z INTEGER\nALTER TABLE t FROBNICATE''')";
    let mut text = String::new();
    for body in [
        format!("op.execute('ALTER TABLE t FROBNICATE')\n{step}"),
        format!("op.execute('ALTER TABLE other FROBNICATE')\n{step}"),
        String::from(
            "op.execute('ALTER TABLE t FROBNICATE')\nsa.inspect(op.get_bind()).get_columns('t')",
        ),
        format!("{}\n{step}", known.replace('\n', "\\n")),
    ] {
        writeln!(text, "# {body}\n{}", answers(&["sqlite"], T, &body)).unwrap();
    }
    hold("right", "blamed", &text);
}

/// The type that a column brings is there afterwards, also where its table is not known.
#[test]
fn enum_types_that_are_there() {
    let enumeration = "sa.Enum('p', 'q', name='en')";
    let gone = format!(
        "op.create_table('x', sa.Column('e', {enumeration}))\nop.drop_table('x')\nop.execute('DROP TYPE en')"
    );
    let body = format!(
        "op.add_column('elsewhere', sa.Column('e', {enumeration}))\nop.create_table('x', sa.Column('e', {enumeration}))"
    );
    hold("right", "enums", &answers(&["postgresql"], &gone, &body));
}

#[test]
fn what_alembic_loses() {
    let mut text = String::new();
    for (dialects, body) in [
        (
            &["mssql", "oracle"][..],
            "op.add_column('t', sa.Column('f', sa.Integer, sa.ForeignKey('u.id')), inline_references=True)\nop.add_column('t', sa.Column('k', sa.Integer, sa.CheckConstraint('k > 0')))",
        ),
        (
            &["mysql", "sqlite", "oracle"],
            "op.add_column('t', sa.Column('i', sa.Integer, sa.Identity(), nullable=False))\nop.create_table('o', sa.Column('id', sa.Integer, primary_key=True), sa.Column('r', sa.Integer, sa.ForeignKey('t.id', name='fk', onupdate='CASCADE')))",
        ),
        (
            &["mysql"],
            "op.alter_column('t', 'n', type_=sa.BigInteger)\nop.alter_column('t', 'd', existing_type=sa.DateTime())",
        ),
        (
            &["oracle"],
            "op.create_table('My T', sa.Column('My C', sa.Integer), schema='S')\nop.alter_column('My T', 'My C', comment='x', schema='S')",
        ),
    ] {
        writeln!(text, "# {body}\n{}", answers(dialects, T, body)).unwrap();
    }
    hold("right", "losses", &text);
}

#[test]
fn what_other_databases_refuse() {
    let mut text = String::new();
    for (dialects, body) in [
        (&["mysql", "mssql"][..], "op.drop_index('ix')"),
        (&["mysql", "mssql"], "op.drop_index('other')"),
        (
            &["mysql", "mariadb"],
            "op.create_table('m', sa.Column('a', sa.Text, server_default='x'), sa.Column('j', sa.JSON, server_default=sa.text('NULL')), sa.Column('v', sa.String(3), server_default='y'))",
        ),
        (
            &["mssql"],
            "op.create_table('m', sa.Column('a', sa.Integer), if_not_exists=True)",
        ),
        (&["sqlite"], "op.create_table_comment('t', 'x')"),
        (
            &["sqlite"],
            "op.execute(sa.schema.CreateSequence(sa.Sequence('q')))",
        ),
        (
            &["mssql"],
            "op.rename_table(\"My'T\", 'x')\nop.alter_column('t', 'n', server_default='1')\nop.drop_column('t', 'n')",
        ),
    ] {
        writeln!(text, "# {body}\n{}", answers(dialects, T, body)).unwrap();
    }
    hold("right", "others", &text);
}

#[test]
fn rows_and_parameters() {
    let table = "sa.Table('t', sa.MetaData(), sa.Column('id', sa.Integer), sa.Column('n', sa.Integer, default=5), sa.Column('s', sa.String, default=\"it's\"), sa.Column('f', sa.Float))";
    let mut text = String::new();
    for (dialects, body) in [
        (
            &["postgresql", "mssql"][..],
            format!(
                "op.bulk_insert({table}, [{{'id': 1, 'f': 1.5}}, {{'id': 2, 'n': 6, 'f': float('nan')}}])"
            ),
        ),
        (
            &["postgresql"],
            String::from(
                "op.bulk_insert(sa.Table('t', sa.MetaData(), sa.Column('id', sa.Integer), sa.Column('n', sa.Integer, default=lambda: object())), [{'id': 1}])",
            ),
        ),
        (
            &["postgresql"],
            format!("op.execute({table}.insert().values(id=1))"),
        ),
        (
            &["postgresql", "sqlite"],
            String::from("op.get_bind().execute(sa.text('UPDATE t SET c = :x'), {'x': \"a'b\"})"),
        ),
        (&["postgresql"], String::from("print('DROP TABLE t')")),
        (
            &["postgresql"],
            String::from("op.execute('SELECT 1')\nraise ValueError('x')"),
        ),
    ] {
        writeln!(text, "# {body}\n{}", answers(dialects, T, &body)).unwrap();
    }
    hold("right", "rows", &text);
}

const KEYS: &str = "op.create_table('b', sa.Column('id', sa.Integer, primary_key=True))\nop.create_table('t', sa.Column('id', sa.Integer, primary_key=True), sa.Column('b_id', sa.Integer, sa.ForeignKey('b.id')), sa.Column('x', sa.Integer), sa.Column('y', sa.Integer, sa.ForeignKey('b.id', name='given')), sa.UniqueConstraint('x'))";

#[test]
fn constraints_that_were_given_no_name() {
    let mut text = String::new();
    for body in [
        "op.drop_constraint(None, 't', type_='foreignkey')\nop.drop_constraint(None, 't', type_='unique')",
        "with op.batch_alter_table('t') as batch:\n    batch.drop_constraint(None, type_='foreignkey')\n    batch.drop_column('b_id')",
        "op.create_foreign_key(None, 't', 'b', ['x'], ['id'])\nop.drop_constraint(None, 't', type_='foreignkey')",
        "op.drop_constraint(None, 't', type_='check')",
        "op.drop_constraint(None, 't')",
    ] {
        writeln!(text, "# {body}\n{}", answers(ALL, KEYS, body)).unwrap();
    }
    hold("right", "unnamed", &text);
}

#[test]
fn forms_of_sqlalchemy_1_4() {
    let mut text = String::new();
    for body in [
        "bind = op.get_bind()\nmeta = sa.MetaData(bind=bind)\nt = sa.Table('t', meta, autoload=True)\nb = sa.Table('b', meta, autoload=True)\nbind.execute(t.update().values(x=sa.select([b.c.id], b.c.id == t.c.b_id, order_by=[b.c.id], limit=1).as_scalar()))\nbind.execute(t.update().values(x=sa.case([(t.c.x == 1, 2), (t.c.x == 2, 3)], else_=4)))\nn = sa.Table('n', meta, sa.Column('id', sa.Integer))\nn.create()\nn.drop()\nmeta.create_all()",
        "meta = sa.MetaData(op.get_bind(), schema='s')\nmeta.reflect()\nop.execute(sa.select([sa.literal(1)], distinct=True))",
        "sa.Table('t', sa.MetaData(), autoload=True)",
        "sa.MetaData().create_all()",
        "sa.select([sa.literal(1)], no_such=1)",
        "t = sa.table('t', sa.column('x'), sa.column('y'))\nop.execute(t.delete(t.c.x == 1))\nop.execute(t.update(t.c.x == 1, {'y': 2}))\nop.execute(t.insert({'x': 1}))\nop.execute(t.select(t.c.x == 1))\nop.execute(sa.delete(t, t.c.x == 1))\nop.execute(sa.update(t, whereclause=t.c.x == 1, values={'y': 2}))\nop.execute(sa.insert(t, values={'x': 1}, inline=True, bind=op.get_bind()))\nop.execute(sa.select(columns=[t.c.x], whereclause=t.c.y == sa.case(whens=[(t.c.x == 1, 2)])))",
        "bind = op.get_bind()\nt = sa.table('t', sa.column('x'), sa.column('y'))\nbind.execute(t.insert(), {'x': 1}, {'x': 2})\nbind.execute('UPDATE t SET y = :y', {'y': 3})\nbind.execute(sa.text('UPDATE t SET y = :y', bind=bind, bindparams=[sa.bindparam('y', 4)]))\nbind.execute(t.delete(sa.exists([t.c.x], t.c.y == 1)))\nbind.execute(t.select().with_only_columns([t.c.y]))",
        "op.get_bind().execute('UPDATE t SET y = %(y)s', {'y': 1})",
        "op.get_bind().execute('UPDATE t SET y = %s', ('y',))",
        "op.get_bind().execute(sa.text('UPDATE t SET x = :x, y = :y'), {'x': 1})",
        "sa.table('t').delete(no_such=1)",
        "sa.select(sa.literal(1), no_such=1)",
        "sa.case((sa.true(), 1), no_such=1)",
    ] {
        writeln!(text, "# {body}\n{}", answers(&["postgresql"], KEYS, body)).unwrap();
    }
    hold("right", "earlier", &text);
}
