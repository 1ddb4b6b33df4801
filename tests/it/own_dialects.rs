//! Dialects that a project brings: files over the built-in ones, and what is wrong with them.

use std::path::Path;

use crate::program::{answer, gensql};

fn write(directory: &Path, name: &str, text: &str) {
    let path = directory.join(name);
    std::fs::create_dir_all(path.parent().unwrap()).unwrap();
    std::fs::write(path, text).unwrap();
}

fn project(url: &str) -> tempfile::TempDir {
    let directory = tempfile::tempdir().unwrap();
    let ini = format!("[alembic]\nscript_location = migrations\nsqlalchemy.url = {url}\n");
    write(directory.path(), "alembic.ini", &ini);
    write(
        directory.path(),
        "migrations/versions/a.py",
        "import sqlalchemy as sa\nfrom alembic import op\nrevision = 'a'\ndown_revision = None\n\
         def upgrade():\n    op.create_table('t', sa.Column('x', sa.Text), sa.Column('j', sa.JSON))\n    \
         op.create_index('ix', 't', ['x'], postgresql_where=sa.text('x > 1'))\n    \
         op.drop_table('t')\n",
    );
    directory
}

fn script(directory: &Path, arguments: &[&str]) -> String {
    let output = gensql(directory, arguments);
    let text = answer(&output);
    assert!(output.status.success(), "{text}");
    text
}

fn refused(directory: &Path, arguments: &[&str], parts: &[&str]) {
    let output = gensql(directory, arguments);
    let text = answer(&output);
    assert!(!output.status.success(), "{text}");
    assert!(output.stdout.is_empty(), "{text}");
    for part in parts {
        assert!(text.contains(part), "no {part:?} in:\n{text}");
    }
}

const YUGABYTE: &str = "name = \"yugabyte\"\ntitle = \"YugabyteDB\"\nextends = \"postgresql\"\n\
    aliases = [\"ysql\"]\noption_prefixes = [\"yugabyte\", \"postgresql\"]\n\
    [types]\nJSON = \"JSONB\"\n";

#[test]
fn a_dialect_without_rust() {
    let project = project("ysql+psycopg2://h/d");
    let root = project.path();
    write(root, "dialects/yugabyte.toml", YUGABYTE);
    write(
        root,
        "templates/yugabyte/drop_table.sql.j2",
        "DROP TABLE {% if if_exists %}IF EXISTS {% endif %}{{ table }} CASCADE\n",
    );
    for arguments in [
        &["upgrade", "head"][..],
        &["--dialect", "YugaByte", "upgrade", "head"],
    ] {
        let text = script(root, arguments);
        assert!(text.contains("j JSONB"), "{text}");
        assert!(text.contains("ON t (x) WHERE x > 1"), "{text}");
        assert!(text.contains("DROP TABLE t CASCADE;"), "{text}");
    }
    let listed = script(root, &["dialects"]);
    let line = listed
        .lines()
        .find(|line| line.starts_with("yugabyte"))
        .unwrap();
    assert!(
        line.contains("YugabyteDB") && line.contains("no server has verified it"),
        "{line}"
    );
    // Beside the revisions too.
    let beside = root.join("migrations");
    std::fs::rename(root.join("dialects"), beside.join("dialects")).unwrap();
    std::fs::rename(root.join("templates"), beside.join("templates")).unwrap();
    let text = script(root, &["upgrade", "head"]);
    assert!(text.contains("DROP TABLE t CASCADE;"), "{text}");
}

#[test]
fn a_built_in_dialect_is_laid_over() {
    let project = project("postgresql://h/d");
    let root = project.path();
    write(
        root,
        "dialects/postgresql.toml",
        "name = \"postgresql\"\ntitle = \"Ours\"\nextends = \"postgresql\"\n[types]\ntext = \"VARCHAR\"\n",
    );
    write(
        root,
        "templates/_default/drop_table.sql.j2",
        "DROP TABLE {{ table }} CASCADE",
    );
    let text = script(root, &["upgrade", "head"]);
    assert!(
        text.contains("x VARCHAR") && text.contains("DROP TABLE t CASCADE;"),
        "{text}"
    );
    // Others are as they were.
    let text = script(root, &["--dialect", "sqlite", "upgrade", "head"]);
    assert!(text.contains("x TEXT"), "{text}");
}

#[test]
fn faults_have_places() {
    let project = project("postgresql://h/d");
    let root = project.path();
    let run = ["--dialect", "own", "upgrade", "head"];
    for (text, parts) in [
        ("name = \"own\ntitle", &["E0106", "dialects/own.toml:2"][..]),
        (
            "name = \"own\"\ntitle = \"x\"\nextends = \"nothing\"\n",
            &["E0106", "own.toml:3:11", "postgresql"],
        ),
        (
            "name = \"own\"\ntitle = \"x\"\nextends = \"own\"\n",
            &["E0106", "own → own"],
        ),
        (
            "name = \"own\"\ntitle = \"x\"\nextends = 3\n",
            &["E0106", "own.toml:3:11"],
        ),
        (
            "name = \"other\"\ntitle = \"x\"\nextends = \"sqlite\"\n",
            &["E0106", "calls itself `other`"],
        ),
        (
            "name = \"own\"\ntitle = \"x\"\nextends = \"sqlite\"\n\n[features]\ncolour = 1\n",
            &["E0106", "own.toml:6:10", "features.colour"],
        ),
        (
            "name = \"own\"\ntitle = \"x\"\nextends = \"sqlite\"\n[features]\nidentity = \"maybe\"\n",
            &["E0106", "own.toml:5:12", "features.identity"],
        ),
        (
            "name = \"own\"\ntitle = \"x\"\nextends = \"sqlite\"\n[expressions]\nlimits = 1\n",
            &["E0106", "own.toml:5:10", "expressions.limits"],
        ),
        ("name = \"own\"\ntitle = \"x\"\n", &["E0106"]),
    ] {
        write(root, "dialects/own.toml", text);
        refused(root, &run, parts);
    }
    write(
        root,
        "dialects/own.toml",
        "name = \"own\"\ntitle = \"x\"\nextends = \"two\"\n",
    );
    write(
        root,
        "dialects/two.toml",
        "name = \"two\"\ntitle = \"x\"\nextends = \"own\"\n",
    );
    refused(root, &run, &["E0106", "own → two → own", "two.toml:3:11"]);
    refused(
        root,
        &["--dialect", "ownn", "upgrade", "head"],
        &["E0103", "did you mean `own`"],
    );
    // A broken one does not keep the others from being listed.
    let output = gensql(root, &["dialects"]);
    assert!(
        answer(&output).contains("postgresql"),
        "{}",
        answer(&output)
    );
    assert!(answer(&output).contains("E0106"), "{}", answer(&output));
}

#[test]
fn templates_are_not_trusted() {
    let project = project("postgresql://h/d");
    let root = project.path();
    let run = ["upgrade", "head"];
    for (text, parts) in [
        ("DROP {{ table", &["E0106", "drop_table.sql.j2:1"][..]),
        (
            "DROP\n{{ nothing }}",
            &["E0106", "drop_table.sql.j2:2", "not defined"],
        ),
        ("{{ \"x; DROP TABLE y\" }}", &["E0106", "untyped text"]),
        ("{% include \"/etc/passwd\" %}", &["E0106", "include"]),
        ("{% set a = table ~ table %}", &["E0106", "`~`"]),
        ("{{ table|indent(100000000) }}", &["E0106", "indent"]),
        (
            "{% for a in range(100000) %}{% for b in range(100000) %}{% endfor %}{% endfor %}",
            &["E0106"],
        ),
    ] {
        write(root, "templates/postgresql/drop_table.sql.j2", text);
        refused(root, &run, parts);
    }
    let template = root.join("templates/postgresql/drop_table.sql.j2");
    std::fs::write(&template, [b'D', 0xff]).unwrap();
    refused(root, &run, &["E0106", "not UTF-8"]);
    std::fs::write(&template, "x".repeat(2 << 20)).unwrap();
    refused(root, &run, &["E0106", "longer than"]);
    std::fs::remove_file(&template).unwrap();
    #[cfg(unix)]
    {
        std::os::unix::fs::symlink("/etc/passwd", &template).unwrap();
        refused(root, &run, &["E0106", "out of the project"]);
    }
}

/// What Redshift has instead: options of tables, and types with other words.
#[test]
fn redshift() {
    let project = project("redshift+psycopg2://h/d");
    let root = project.path();
    write(
        root,
        "migrations/versions/b.py",
        "import sqlalchemy as sa\nfrom alembic import op\nrevision = 'b'\ndown_revision = 'a'\n\
         def upgrade():\n    op.create_table('s', sa.Column('Id', sa.Integer, primary_key=True), \
         sa.Column('u', sa.Uuid), redshift_diststyle='key', redshift_distkey='Id', \
         redshift_sortkey=['Id', 'u'])\n",
    );
    let text = script(root, &["upgrade", "a:b"]);
    assert!(
        text.contains("\"Id\" INTEGER GENERATED BY DEFAULT AS IDENTITY(1,1) NOT NULL"),
        "{text}"
    );
    assert!(text.contains("u VARCHAR(36)"), "{text}");
    assert!(
        text.contains(")\n DISTSTYLE KEY\n DISTKEY (\"Id\")\n SORTKEY (\"Id\", u);"),
        "{text}"
    );
    write(
        root,
        "migrations/versions/c.py",
        "import sqlalchemy as sa\nfrom alembic import op\nrevision = 'c'\ndown_revision = 'b'\n\
         def upgrade():\n    op.add_column('s', sa.Column('n', sa.Numeric))\n",
    );
    refused(
        root,
        &["upgrade", "b:c"],
        &["E0601", "c.py:6", "a precision and a scale"],
    );
}

#[test]
fn a_configuration_that_is_named_alone() {
    let project = project("yugabyte://h/d");
    let root = project.path();
    write(root, "dialects/yugabyte.toml", YUGABYTE);
    let text = script(root, &["-c", "alembic.ini", "upgrade", "head"]);
    assert!(text.contains("j JSONB"), "{text}");
}

#[test]
fn what_is_executed_lacks_the_same() {
    let project = project("yugabyte://h/d");
    let root = project.path();
    let lacks = "[lacks.check]\nthen = \"omit\"\nwhy = \"look at the rows\"\n";
    write(
        root,
        "dialects/yugabyte.toml",
        &format!("{YUGABYTE}{lacks}"),
    );
    write(
        root,
        "migrations/versions/a.py",
        "import sqlalchemy as sa\nfrom alembic import op\nrevision = 'a'\ndown_revision = None\n\
         def upgrade():\n    check = sa.CheckConstraint('x > 1', name='c')\n    \
         t = sa.Table('t', sa.MetaData(), sa.Column('x', sa.Integer), check)\n    \
         op.execute(sa.schema.CreateTable(t))\n    \
         op.execute(sa.schema.AddConstraint(check))\n",
    );
    let text = script(root, &["upgrade", "head"]);
    assert!(text.contains("CREATE TABLE t"), "{text}");
    assert!(!text.contains("CHECK"), "{text}");
    assert_eq!(text.matches("look at the rows").count(), 2, "{text}");
}
