//! Small projects with what real ones do, held against what Alembic prints for them.

use std::path::Path;

use crate::program::{answer, gensql, script};

const INI: &str = "[alembic]\nscript_location = app/migrations\nsqlalchemy.url = sqlite://\n";

/// A project whose package is `app`, with one revision.
fn project(directory: &Path, upgrade: &str) {
    let versions = directory.join("app/migrations/versions");
    std::fs::create_dir_all(&versions).unwrap();
    for package in ["app", "app/migrations"] {
        std::fs::write(directory.join(package).join("__init__.py"), "").unwrap();
    }
    std::fs::write(directory.join("alembic.ini"), INI).unwrap();
    let header = "import sqlalchemy as sa\nfrom alembic import op\nrevision = 'a1'\n\
                  down_revision = None\n\n";
    std::fs::write(versions.join("a1.py"), format!("{header}{upgrade}")).unwrap();
}

/// The upgrade of a revision, without what frames it.
fn upgraded(dialect: &str, upgrade: &str) -> String {
    let directory = tempfile::tempdir().unwrap();
    project(directory.path(), upgrade);
    let text = script(
        directory.path(),
        &["--dialect", dialect, "--compat", "alembic", "upgrade", "a1"],
    );
    let (_, behind) = text.split_once("-> a1\n\n").unwrap();
    let (statements, _) = behind.split_once("INSERT INTO alembic_version").unwrap();
    statements.trim_end().to_owned()
}

#[test]
fn the_package_around_the_migrations_is_importable() {
    let directory = tempfile::tempdir().unwrap();
    project(
        directory.path(),
        "from app.types import Code\n\n\
         def upgrade():\n    op.add_column('t', sa.Column('c', Code()))\n",
    );
    std::fs::write(
        directory.path().join("app/types.py"),
        "from sqlalchemy.types import TypeDecorator, String\n\n\
         class Code(TypeDecorator):\n    impl = String(7)\n",
    )
    .unwrap();
    // The configuration lies within the package, as where it is installed with it.
    std::fs::rename(
        directory.path().join("alembic.ini"),
        directory.path().join("app/migrations/alembic.ini"),
    )
    .unwrap();
    let ini = INI.replace("app/migrations", "%(here)s");
    std::fs::write(directory.path().join("app/migrations/alembic.ini"), ini).unwrap();
    let arguments = ["-c", "app/migrations/alembic.ini", "upgrade", "a1"];
    let text = script(directory.path(), &arguments);
    assert!(text.contains("ADD COLUMN c VARCHAR(7)"), "{text}");
}

#[test]
fn a_length_of_zero_is_none() {
    let upgrade = "def upgrade():\n    op.create_table('t', sa.Column('a', sa.String(0)), \
                   sa.Column('b', sa.Enum(name='e', native_enum=False)))\n";
    for (dialect, text) in [("sqlite", "VARCHAR"), ("postgresql", "VARCHAR")] {
        let found = upgraded(dialect, upgrade);
        assert!(
            found.contains(&format!("    a {text}, \n    b {text}\n")),
            "{found}"
        );
    }
}

#[test]
fn what_a_column_brings_along_is_in_order() {
    let found = upgraded(
        "sqlite",
        "def upgrade():\n    op.create_table('b', sa.Column('g', sa.Boolean(create_constraint=True), \
         sa.ForeignKey('a.id'), unique=True))\n",
    );
    assert_eq!(
        found,
        "CREATE TABLE b (\n    g BOOLEAN, \n    UNIQUE (g), \n    CHECK (g IN (0, 1)), \n    \
         FOREIGN KEY(g) REFERENCES a (id)\n);"
    );
}

#[test]
fn a_final_name_is_cut() {
    let found = upgraded(
        "postgresql",
        "def upgrade():\n    op.drop_index(op.f('ix_privacypreferencehistory_privacy_experience_\
         config_history_idx'), table_name='t')\n",
    );
    assert_eq!(
        found,
        "DROP INDEX ix_privacypreferencehistory_privacy_experience_config_h_78ca;"
    );
}

#[test]
fn the_name_of_a_column_is_no_expression_in_an_index() {
    for dialect in ["postgresql", "mysql"] {
        let found = upgraded(
            dialect,
            "def upgrade():\n    op.create_index('i', 't', [sa.desc('a'), 'b'])\n",
        );
        assert_eq!(found, "CREATE INDEX i ON t (a DESC, b);", "{dialect}");
    }
}

#[test]
fn operator_classes_of_expressions() {
    let found = upgraded(
        "postgresql",
        "def upgrade():\n    op.create_index('i', 't', [sa.text('lower(a)'), \
         sa.literal_column('z'), sa.func.lower(sa.column('a')).label('l')], \
         postgresql_ops={'lower(a)': 'x', 'z': 'y', 'l': 'w'})\n",
    );
    assert_eq!(found, "CREATE INDEX i ON t (lower(a) x, z y, lower(a) w);");
}

#[test]
fn a_default_of_several_lines() {
    let found = upgraded(
        "sqlite",
        "def upgrade():\n    op.add_column('t', sa.Column('c', sa.Integer, \
         server_default=sa.text('\\n  foo')))\n",
    );
    assert_eq!(
        found,
        "ALTER TABLE t ADD COLUMN c INTEGER DEFAULT (\n  foo);"
    );
}

#[test]
fn a_tuple_is_one_label() {
    let add = "def upgrade():\n    op.add_column('t', sa.Column('c', \
               sa.Enum(('a', 'bb', 'c'), name='e')))\n";
    assert_eq!(upgraded("postgresql", add), "ALTER TABLE t ADD COLUMN c e;");
    assert_eq!(
        upgraded("sqlite", add),
        "ALTER TABLE t ADD COLUMN c VARCHAR(3);"
    );
    let directory = tempfile::tempdir().unwrap();
    project(
        directory.path(),
        "def upgrade():\n    op.create_table('t', sa.Column('c', sa.Enum(('a',), name='e')))\n",
    );
    let output = gensql(
        directory.path(),
        &["--dialect", "postgresql", "upgrade", "a1"],
    );
    let text = answer(&output);
    assert!(text.contains("No literal value renderer"), "{text}");
}

#[test]
fn types_with_a_subscript_and_values_that_tell_when_they_change() {
    let found = upgraded(
        "sqlite",
        "from sqlalchemy.ext import mutable\nfrom sqlalchemy.types import TypeDecorator\n\n\
         class Items(mutable.Mutable, list):\n    @classmethod\n    def coerce(cls, key, value):\n        \
         return cls(value)\n\n\
         class Pair(TypeDecorator[dict[str, int]]):\n    impl = sa.Text\n\n\
         def upgrade():\n    op.add_column('t', sa.Column('c', Items.as_mutable(Pair)))\n    \
         op.add_column('t', sa.Column('d', mutable.MutableDict.as_mutable(sa.JSON)))\n",
    );
    assert_eq!(
        found,
        "ALTER TABLE t ADD COLUMN c TEXT;\n\nALTER TABLE t ADD COLUMN d JSON;"
    );
}

#[test]
fn a_compilation_that_asks_for_the_dialects_own_way() {
    let found = upgraded(
        "postgresql",
        "from sqlalchemy.ext.compiler import compiles\nfrom sqlalchemy.types import TypeDecorator\n\n\
         class Name(TypeDecorator):\n    impl = sa.Unicode(9)\n\n\
         @compiles(Name)\ndef plain(element, compiler, **kw):\n    \
         return compiler.visit_unicode(element, **kw)\n\n\
         def upgrade():\n    op.add_column('t', sa.Column('c', Name()))\n",
    );
    assert_eq!(found, "ALTER TABLE t ADD COLUMN c VARCHAR(9);");
}

/// `visit_uuid` is another type's way than that of the class that has the compilation.
#[test]
fn a_compilation_that_asks_for_another_types_way() {
    let found = upgraded(
        "sqlite",
        "from sqlalchemy.ext.compiler import compiles\n\n\
         @compiles(sa.UUID, 'sqlite')\ndef other(element, compiler, **kw):\n    \
         return compiler.visit_uuid(element, **kw)\n\n\
         @compiles(sa.Text, 'sqlite')\ndef own(element, compiler, **kw):\n    \
         return compiler.visit_text(element, **kw) + ' COLLATE NOCASE'\n\n\
         def upgrade():\n    op.add_column('t', sa.Column('a', sa.UUID()))\n    \
         op.add_column('t', sa.Column('b', sa.Text(4)))\n",
    );
    assert_eq!(
        found,
        "ALTER TABLE t ADD COLUMN a CHAR(32);\n\nALTER TABLE t ADD COLUMN b TEXT(4) COLLATE NOCASE;"
    );
}

#[test]
fn an_empty_schema_is_none() {
    let found = upgraded(
        "postgresql",
        "def upgrade():\n    op.add_column('t', sa.Column('c', sa.Integer), schema='')\n    \
         op.drop_index('i', 't', schema='')\n    op.drop_constraint('k', 't', schema='')\n",
    );
    assert_eq!(
        found,
        "ALTER TABLE t ADD COLUMN c INTEGER;\n\nDROP INDEX i;\n\nALTER TABLE t DROP CONSTRAINT k;"
    );
}

#[test]
fn a_collation_is_quoted_when_it_must_be() {
    let found = upgraded(
        "postgresql",
        "def upgrade():\n    op.create_table('t', sa.Column('c', sa.String(9, collation='nocase')), \
         sa.Column('d', sa.String(collation='de_DE')))\n",
    );
    assert_eq!(
        found,
        "CREATE TABLE t (\n    c VARCHAR(9) COLLATE nocase, \n    d VARCHAR COLLATE \"de_DE\"\n);"
    );
}

#[test]
fn a_migration_may_catch_what_a_batch_raises() {
    let found = upgraded(
        "sqlite",
        "def upgrade():\n    try:\n        with op.batch_alter_table('t') as batch_op:\n            \
         batch_op.drop_column('c')\n    except Exception:\n        pass\n    op.execute('SELECT 1')\n",
    );
    assert_eq!(found, "SELECT 1;");
}

#[test]
fn the_version_table_can_be_inspected() {
    let directory = tempfile::tempdir().unwrap();
    project(
        directory.path(),
        "def upgrade():\n    inspector = sa.inspect(op.get_bind())\n    \
         for table in inspector.get_table_names():\n        \
         key = inspector.get_pk_constraint(table)\n        \
         columns = [column['name'] for column in inspector.get_columns(table)]\n        \
         op.execute(f\"SELECT '{table} {key['constrained_columns']} {columns}'\".replace(\"['\", \
         '(').replace(\"']\", ')'))\n",
    );
    let text = script(directory.path(), &["upgrade", "a1"]);
    let line = "SELECT 'alembic_version (version_num) (version_num)';";
    assert!(text.contains(line), "{text}");
}

#[test]
fn the_package_around_a_directory_that_is_no_package_is_importable() {
    let directory = tempfile::tempdir().unwrap();
    project(
        directory.path(),
        "from app.names import LENGTH\n\n\
         def upgrade():\n    op.add_column('t', sa.Column('c', sa.String(LENGTH)))\n",
    );
    std::fs::write(directory.path().join("app/names.py"), "LENGTH = 5\n").unwrap();
    std::fs::remove_file(directory.path().join("app/migrations/__init__.py")).unwrap();
    let ini = INI.replace("app/migrations", "%(here)s");
    std::fs::write(directory.path().join("app/migrations/alembic.ini"), ini).unwrap();
    let inner = directory.path().join("app/migrations");
    let text = script(&inner, &["upgrade", "a1"]);
    assert!(text.contains("ADD COLUMN c VARCHAR(5)"), "{text}");
}

#[test]
fn a_dialect_describes_itself_with_its_driver() {
    let upgrade = "def upgrade():\n    op.execute(op.get_context().dialect.dialect_description)\n";
    assert_eq!(upgraded("mssql", upgrade), "mssql+pyodbc;\n\nGO");
    assert_eq!(upgraded("sqlite", upgrade), "sqlite+pysqlite;");
}

/// `depends_on = ""` is what a template leaves behind; Alembic asks whether the value is true.
#[test]
fn an_empty_dependency_is_none() {
    let directory = tempfile::tempdir().unwrap();
    project(
        directory.path(),
        "depends_on = ''\n\ndef upgrade():\n    op.drop_table('t')\n",
    );
    let text = script(directory.path(), &["upgrade", "heads"]);
    assert!(text.contains("DROP TABLE t;"), "{text}");
}

/// `sa.table()` takes the column objects that it is given: they are columns of that table from then on.
#[test]
fn columns_that_a_table_is_made_of_later() {
    let text = upgraded(
        "postgresql",
        "x, y = sa.column('x'), sa.column('y')\n\
         t = sa.table('t', x, y)\n\
         \n\
         def upgrade():\n    \
             kept = sa.select(sa.func.max(x)).group_by(y).having(sa.func.count(x) > 1)\n    \
             op.execute(sa.delete(t).where(x.in_(kept)))\n    \
             try:\n        \
                 sa.table('other', x)\n    \
             except sa.exc.ArgumentError as error:\n        \
                 op.execute(str(error))\n",
    );
    assert_eq!(
        text,
        "DELETE FROM t WHERE t.x IN (SELECT max(t.x) AS max_1 \nFROM t GROUP BY t.y \n\
         HAVING count(t.x) > 1);\n\ncolumn object 'x' already assigned to table 't';"
    );
}
