//! What `sa.inspect()` answers to migrations, held against what SQLAlchemy answers about real
//! servers (`tests/oracle/inspect_cases.py`). What differs stands in
//! `tests/oracle/inspect_differences.txt` with a reason; a line too many there fails as well.

use std::collections::BTreeSet;
use std::path::Path;

use serde_json::Value;

use crate::program::{answer, gensql, hold, root, script};

const HEAD: &str = "from alembic import op\nimport sqlalchemy as sa\n\
                    from sqlalchemy.dialects import postgresql\n";
const ANSWER: &str = "
def answer(line):
    op.execute(\"--= \" + line.replace(\":\", \"\\\\:\"))
";
const ENV: &str = "from alembic import context
context.configure(dialect_name=\"sqlite\", literal_binds=True)
with context.begin_transaction():
    context.run_migrations()
";

fn revision(id: &str, before: &str, rest: &str) -> String {
    format!("{HEAD}revision = \"{id}\"\ndown_revision = {before}\n{rest}")
}

fn write(directory: &Path, one: &str, two: &str) {
    for (path, text) in [
        ("alembic.ini", "[alembic]\nscript_location = %(here)s\n"),
        ("env.py", ENV),
        ("versions/one.py", one),
        ("versions/two.py", two),
    ] {
        let path = directory.join(path);
        std::fs::create_dir_all(path.parent().unwrap()).unwrap();
        std::fs::write(path, text).unwrap();
    }
}

/// A project of two revisions, and what it says on PostgreSQL.
fn tainted(question: &str) -> String {
    let directory = tempfile::tempdir().unwrap();
    let made = "
def upgrade():
    op.create_table(\"account\", sa.Column(\"id\", sa.Integer, primary_key=True))
    op.execute(\"ALTER TABLE account FROBNICATE\")
";
    let asking = format!("\ndef upgrade():\n    bind = op.get_bind()\n    {question}\n");
    write(
        directory.path(),
        &revision("one", "None", made),
        &revision("two", "\"one\"", &asking),
    );
    let arguments = ["-q", "upgrade", "head", "--sql", "--dialect", "postgresql"];
    answer(&gensql(directory.path(), &arguments))
}

/// Whoever asks for the form of a table that a statement may have changed learns which it is.
#[test]
fn a_table_whose_form_is_not_known() {
    for question in [
        "sa.inspect(bind).get_columns(\"account\")",
        "sa.inspect(bind).has_index(\"account\", \"ix\")",
        "sa.MetaData().reflect(bind=bind)",
        "sa.MetaData().reflect(bind=bind, only=[\"account\"])",
        "sa.Table(\"account\", sa.MetaData(), autoload_with=bind)",
    ] {
        let said = tainted(question);
        assert!(
            said.starts_with("status: Some(1)\n--- stdout\n--- stderr\n"),
            "{question}\n{said}"
        );
        for part in [
            "E0501",
            "versions/two.py:9",
            "ALTER TABLE account FROBNICATE",
        ] {
            assert!(said.contains(part), "{question}: no {part}\n{said}");
        }
    }
    let said = tainted("sa.inspect(bind).has_table(\"account\") or op.execute(\"SELECT 1\")");
    assert!(said.starts_with("status: Some(0)"), "{said}");
}

/// The lines of gensql's answers, or why there are none.
fn answers(questions: &str, case: &Value, dialect: &str) -> Result<Vec<String>, String> {
    let directory = tempfile::tempdir().unwrap();
    let body = case["body"].as_str().unwrap();
    let schemas: Vec<&str> = case["schemas"]
        .as_array()
        .unwrap()
        .iter()
        .map(|schema| schema.as_str().map_or("None", |_| "\"extra\""))
        .collect();
    let asking = format!(
        "{ANSWER}{questions}\ndef upgrade():\n    questions(sa.inspect(op.get_bind()), [{}])\n",
        schemas.join(", ")
    );
    write(
        directory.path(),
        &revision("one", "None", &format!("\ndef upgrade():\n{body}")),
        &revision("two", "\"one\"", &asking),
    );
    let arguments = ["-q", "upgrade", "head", "--sql", "--dialect", dialect];
    let output = gensql(directory.path(), &arguments);
    if !output.status.success() {
        return Err(String::from_utf8_lossy(&output.stderr).into_owned());
    }
    let script = String::from_utf8_lossy(&output.stdout);
    let lines = script.lines().filter_map(|line| line.strip_prefix("--= "));
    Ok(lines
        .map(|line| line.trim_end_matches(';').to_owned())
        .collect())
}

#[test]
fn what_sqlalchemy_answers() {
    let read =
        |name: &str| std::fs::read_to_string(root().join("tests/oracle").join(name)).unwrap();
    let recorded: Value = serde_json::from_str(&read("inspect_cases.json")).unwrap();
    let questions = recorded["questions"].as_str().unwrap();
    let mut differences = BTreeSet::new();
    let mut compared = 0;
    for case in recorded["cases"].as_array().unwrap() {
        let name = case["name"].as_str().unwrap();
        for (dialect, expected) in case["answers"].as_object().unwrap() {
            let found = match answers(questions, case, dialect) {
                Ok(found) => found,
                Err(error) => {
                    differences.insert(format!("{dialect} | {name} | no answers: {error}"));
                    continue;
                }
            };
            let expected = expected.as_array().unwrap().iter();
            let expected: BTreeSet<&str> = expected.map(|line| line.as_str().unwrap()).collect();
            let found: BTreeSet<&str> = found.iter().map(String::as_str).collect();
            compared += expected.len();
            for line in expected.difference(&found) {
                differences.insert(format!("{dialect} | {name} | missing: {line}"));
            }
            for line in found.difference(&expected) {
                differences.insert(format!("{dialect} | {name} | instead: {line}"));
            }
        }
    }
    assert!(compared > 300, "{compared} answers were compared");
    let listed = read("inspect_differences.txt");
    let lines = listed
        .lines()
        .filter(|line| !line.starts_with('#') && !line.is_empty());
    let listed: BTreeSet<String> = lines.map(str::to_owned).collect();
    let unlisted: Vec<&str> = differences
        .difference(&listed)
        .map(String::as_str)
        .collect();
    let stale: Vec<&str> = listed
        .difference(&differences)
        .map(String::as_str)
        .collect();
    assert!(
        unlisted.is_empty() && stale.is_empty(),
        "{} of {compared} differ and are not listed:\n{}\nlisted, and not a difference any more:\n{}",
        unlisted.len(),
        unlisted.join("\n"),
        stale.join("\n"),
    );
}

/// What a naming convention makes of a constraint without a name is what the database says of it.
#[test]
fn names_of_conventions() {
    let environment = "from alembic import context
import sqlalchemy as sa
metadata = sa.MetaData(naming_convention={\"fk\": \"fk_%(table_name)s_%(column_0_name)s\", \"uq\": \"uq_%(table_name)s_%(column_0_name)s\"})
context.configure(dialect_name=\"sqlite\", literal_binds=True, target_metadata=metadata)
with context.begin_transaction():
    context.run_migrations()
";
    let made = "
def upgrade():
    op.create_table(\"a\", sa.Column(\"id\", sa.Integer, primary_key=True), sa.Column(\"n\", sa.String(9), unique=True))
    op.create_table(\"b\", sa.Column(\"id\", sa.Integer, primary_key=True), sa.Column(\"a_id\", sa.Integer, sa.ForeignKey(\"a.id\")))
    op.execute(\"CREATE TABLE c (id INTEGER PRIMARY KEY, a_id INTEGER, FOREIGN KEY (a_id) REFERENCES a (id))\")
    with op.batch_alter_table(\"c\", naming_convention={\"fk\": \"of_%(table_name)s_%(referred_table_name)s\"}) as batch:
        batch.alter_column(\"a_id\", nullable=False)
";
    let asking = format!(
        "{ANSWER}
def upgrade():
    found = sa.inspect(op.get_bind())
    for table in \"abc\":
        keys = found.get_foreign_keys(table) + found.get_unique_constraints(table)
        answer(repr([key[\"name\"] for key in keys]))
"
    );
    let directory = tempfile::tempdir().unwrap();
    write(
        directory.path(),
        &revision("one", "None", made),
        &revision("two", "\"one\"", &asking),
    );
    std::fs::write(directory.path().join("env.py"), environment).unwrap();
    let said = |dialect: &str, target: &str| {
        let arguments = ["-q", "upgrade", target, "--sql", "--dialect", dialect];
        let text = script(directory.path(), &arguments);
        let answers = text.lines().filter_map(|line| line.strip_prefix("--= "));
        answers
            .map(|line| line.trim_end_matches(';'))
            .collect::<Vec<_>>()
            .join(" ")
    };
    // Also where the tables were made before the script; a batch names what it makes anew.
    for target in ["two", "one:two"] {
        let names = "['uq_a_n'] ['fk_b_a_id']";
        assert_eq!(said("sqlite", target), format!("{names} ['of_c_a']"));
        assert_eq!(
            said("postgresql", target),
            format!("{names} ['c_a_id_fkey']")
        );
    }
}

/// A project of two revisions, the second of which asks for names that SQL Server has invented.
fn invented(asking: &str) -> String {
    let arguments = ["-q", "upgrade", "one:two", "--sql", "--dialect", "mssql"];
    invented_by(asking, &arguments)
}

fn invented_by(asking: &str, arguments: &[&str]) -> String {
    let made = "
def upgrade():
    op.create_table(\"a\", sa.Column(\"id\", sa.Integer, primary_key=True), sa.Column(\"x\", sa.Integer), sa.Column(\"y\", sa.Integer), sa.UniqueConstraint(\"x\", \"y\"))
    op.create_table(\"b\", sa.Column(\"id\", sa.Integer, primary_key=True), sa.Column(\"x\", sa.Integer, sa.ForeignKey(\"a.id\")), sa.Column(\"y\", sa.Integer), sa.ForeignKeyConstraint([\"x\", \"y\"], [\"a.x\", \"a.y\"]), sa.ForeignKeyConstraint([\"y\"], [\"a.id\"], name=\"given\"), sa.CheckConstraint(\"x > 0\"), sa.CheckConstraint(\"y > 0\", name=\"positive\"))
";
    let asking = format!(
        "{ANSWER}
def upgrade():
    found = sa.inspect(op.get_bind())
    keys = {{tuple(key[\"constrained_columns\"]): key[\"name\"] for key in found.get_foreign_keys(\"b\")}}
    one, two, given = keys[\"x\",], keys[\"x\", \"y\"], keys[\"y\",]
{asking}"
    );
    let directory = tempfile::tempdir().unwrap();
    write(
        directory.path(),
        &revision("one", "None", made),
        &revision("two", "\"one\"", &asking),
    );
    answer(&gensql(directory.path(), arguments))
}

#[test]
fn names_that_the_server_invents() {
    // What is sure of such a name is answered; a name that is only passed on is looked up.
    let said = invented(
        "    answer(repr([given, one is None, bool(one), isinstance(one, str), one == \"given\", one != two, two in [given], one == one]))
    print(f\"dropping {one}\")
    op.drop_constraint(one, \"b\", type_=\"foreignkey\")
    with op.batch_alter_table(\"b\") as batch:
        batch.drop_constraint(batch.f(two), type_=\"foreignkey\")
    answer(repr([key[\"name\"] for key in found.get_foreign_keys(\"b\")]))
    table = sa.Table(\"a\", sa.MetaData(), autoload_with=op.get_bind())
    for constraint in table.constraints:
        if isinstance(constraint, sa.UniqueConstraint):
            op.drop_constraint(constraint.name, \"a\")
    op.drop_constraint(found.get_pk_constraint(\"b\")[\"name\"], \"b\", type_=\"primary\", if_exists=True)
    op.drop_constraint(None, \"b\", type_=\"check\")
    answer(repr(found.get_pk_constraint(\"b\")[\"constrained_columns\"]))
",
    );
    hold("right", "names_that_the_server_invents", &said);
    let dropped = "    op.drop_constraint(one, \"b\", type_=\"foreignkey\")\n";
    let said = invented_by(dropped, &["--dialect", "mssql", "lint", "one:two"]);
    let finding = "foreign key of b is dropped: its rows are no longer checked";
    assert!(said.contains(finding), "{said}");
    // Where its text is needed, that is the reason.
    let mut text = String::new();
    for asking in [
        "op.execute(f\"ALTER TABLE b DROP CONSTRAINT {one}\")",
        "op.execute(\"ALTER TABLE b DROP CONSTRAINT \" + one)",
        "op.drop_index(one, \"b\")",
        "op.create_foreign_key(one, \"b\", \"a\", [\"x\"], [\"id\"])",
        "op.execute(str(one))",
        "if one == \"FK__b__x__5AEE82B9\": op.execute(\"SELECT 1\")",
        "if one.startswith(\"fk\"): op.execute(\"SELECT 1\")",
        "op.execute(sa.text(\"SELECT :n\").bindparams(n=one))",
        "op.alter_column(\"b\", \"x\", new_column_name=\"z\", existing_type=sa.Integer()); op.drop_constraint(one, \"b\")",
    ] {
        text.push_str(&format!(
            "# {asking}\n{}",
            invented(&format!("    {asking}\n"))
        ));
    }
    hold("right", "names_that_the_server_invents_refused", &text);
}

/// A drop without a name means the only constraint of its kind that a naming convention named.
#[test]
fn drops_without_a_name_under_a_convention() {
    let environment = "from alembic import context
import sqlalchemy as sa
metadata = sa.MetaData(naming_convention={\"fk\": \"fk_%(table_name)s_%(column_0_name)s\", \"uq\": \"uq_%(table_name)s_%(column_0_name)s\"})
context.configure(dialect_name=\"sqlite\", literal_binds=True, target_metadata=metadata)
with context.begin_transaction():
    context.run_migrations()
";
    let made = "
def upgrade():
    op.create_table(\"a\", sa.Column(\"id\", sa.Integer, primary_key=True), sa.Column(\"n\", sa.String(9), unique=True))
    op.create_table(\"b\", sa.Column(\"id\", sa.Integer, primary_key=True), sa.Column(\"x\", sa.Integer), sa.Column(\"y\", sa.Integer, sa.ForeignKey(\"a.id\", name=\"given\")))
    op.create_foreign_key(None, \"b\", \"a\", [\"x\"], [\"id\"])
";
    let asking = format!(
        "{ANSWER}
def upgrade():
    found = sa.inspect(op.get_bind())
    with op.batch_alter_table(\"b\") as batch:
        batch.drop_constraint(None, type_=\"foreignkey\")
    with op.batch_alter_table(\"a\") as batch:
        batch.drop_constraint(None, type_=\"unique\")
    answer(repr([[key[\"name\"] for key in found.get_foreign_keys(\"b\")], found.get_unique_constraints(\"a\")]))
    op.create_unique_constraint(None, \"b\", [\"x\"])
    op.create_unique_constraint(None, \"b\", [\"y\"])

def downgrade():
    op.drop_constraint(None, \"b\", type_=\"unique\")
"
    );
    let directory = tempfile::tempdir().unwrap();
    write(
        directory.path(),
        &revision("one", "None", made),
        &revision(
            "two",
            "\"one\"",
            &asking.replace(
                "op.create_unique_constraint(None, \"b\", [\"x\"])\n",
                "op.execute(\"SELECT 1\")\n",
            ),
        ),
    );
    std::fs::write(directory.path().join("env.py"), environment).unwrap();
    let mut text = String::new();
    for arguments in [
        ["upgrade", "one:two", "postgresql"],
        ["downgrade", "two:one", "postgresql"],
        ["upgrade", "one:two", "mssql"],
    ] {
        let [command, target, dialect] = arguments;
        let arguments = ["-q", command, target, "--sql", "--dialect", dialect];
        text.push_str(&format!(
            "# {command} {dialect}\n{}",
            answer(&gensql(directory.path(), &arguments))
        ));
    }
    std::fs::write(
        directory.path().join("versions/two.py"),
        revision("two", "\"one\"", &asking),
    )
    .unwrap();
    let arguments = [
        "-q",
        "downgrade",
        "two:one",
        "--sql",
        "--dialect",
        "postgresql",
    ];
    text.push_str(&format!(
        "# several\n{}",
        answer(&gensql(directory.path(), &arguments))
    ));
    hold("right", "drops_without_a_name_under_a_convention", &text);
}
