//! What `revision --autogenerate` proposes where the project has a say in it.

use std::fs;
use std::path::Path;
use std::process::{Command, Stdio};

use crate::program::{answer, hold};

const HEAD: &str =
    "import enum\nimport sqlalchemy as sa\nfrom sqlalchemy import Column, MetaData, Table\n";

const BEFORE: &str = r#"
metadata = MetaData()
Table("keep", metadata, Column("id", sa.Integer, primary_key=True), Column("kind", sa.Enum("a", "b", name="kind")), Column("name", sa.String(20)))
Table("other", metadata, Column("id", sa.Integer, primary_key=True))
"#;

const AFTER: &str = r#"
class Shout(sa.types.TypeDecorator):
    impl = sa.String


metadata = MetaData()
Table("keep", metadata, Column("id", sa.Integer, primary_key=True), Column("kind", sa.Enum("a", "b", "c", name="kind")),
      Column("title", sa.String(20)), Column("loud", Shout(9)), Column("skip_this", sa.Integer), Column("quiet", sa.Integer, info={"skip": True}))
Table("skip_table", metadata, Column("id", sa.Integer, primary_key=True))
"#;

const FUNCTIONS: &str = r#"

def include_object(object, name, type_, reflected, compare_to):
    if type_ == "column" and object.info.get("skip", False):
        return False
    return not (name or "").startswith("skip_")


def include_name(name, type_, parent_names):
    return type_ != "table" or name in target_metadata.tables or parent_names["schema_name"] is not None


def render_item(type_, obj, autogen_context):
    if type_ == "type" and isinstance(obj, sa.Integer):
        autogen_context.imports.add("from sqlalchemy import types as kinds")
        return "kinds.Integer()"
    return False
"#;

fn said(directory: &Path, arguments: &[&str]) -> String {
    let output = Command::new(env!("CARGO_BIN_EXE_gensql"))
        .current_dir(directory)
        .args(arguments)
        .env_clear()
        .env("SOURCE_DATE_EPOCH", "1767323045")
        .stdin(Stdio::null())
        .output()
        .unwrap();
    let text = format!("$ gensql {}\n{}", arguments.join(" "), answer(&output));
    let real = directory.canonicalize().unwrap();
    text.replace(&real.display().to_string(), "[dir]")
        .replace(&directory.display().to_string(), "[dir]")
}

fn file(directory: &Path, folder: &str, name: &str) -> String {
    for entry in fs::read_dir(directory.join(folder)).unwrap().flatten() {
        if entry.file_name().to_string_lossy().starts_with(name) {
            return fs::read_to_string(entry.path()).unwrap();
        }
    }
    panic!("there is no revision {name}");
}

/// `revision --autogenerate` with an identifier and more.
fn proposed<'a>(identifier: &'a str, more: &[&'a str]) -> Vec<&'a str> {
    let mut arguments = vec!["revision", "--autogenerate", "--rev-id", identifier];
    arguments.extend(more);
    arguments
}

#[test]
fn functions_of_the_project_are_asked() {
    let directory = tempfile::tempdir().unwrap();
    let path = directory.path();
    let mut text = said(path, &["--dialect", "postgresql", "init"]);
    let env = path.join("migrations/env.py");
    let stock = fs::read_to_string(&env).unwrap();
    let plain = stock.replace(
        "\ntarget_metadata = None\n",
        "\nimport sqlalchemy as sa\nfrom models import metadata\n\ntarget_metadata = metadata\n",
    );
    assert_ne!(plain, stock);
    fs::write(&env, &plain).unwrap();
    fs::write(path.join("models.py"), format!("{HEAD}{BEFORE}")).unwrap();
    text.push_str(&said(path, &proposed("a1", &[])));
    let asked = plain
        .replace(
            "target_metadata = metadata\n",
            &format!("target_metadata = metadata\n{FUNCTIONS}"),
        )
        .replace(
            "target_metadata=target_metadata",
            "target_metadata=target_metadata, include_object=include_object, include_name=include_name, render_item=render_item",
        );
    fs::write(&env, asked).unwrap();
    fs::write(path.join("models.py"), format!("{HEAD}{AFTER}")).unwrap();
    text.push_str(&said(path, &["check"]));
    text.push_str(&said(
        path,
        &proposed("b2", &["--rename", "keep.name:keep.title"]),
    ));
    text.push_str(&file(path, "migrations/versions", "b2"));
    text.push_str(&said(path, &["check"]));
    text.push_str(&said(path, &["upgrade", "a1:b2"]));
    text.push_str(&said(path, &["downgrade", "b2:a1"]));
    hold("proposals", "functions", &text);
}

#[test]
fn new_names_are_taken_when_asked_for() {
    let directory = tempfile::tempdir().unwrap();
    let path = directory.path();
    let mut text = said(path, &["--dialect", "postgresql", "init", "-t", "sql"]);
    let schema = path.join("schema.sql");
    let users = "CREATE TABLE users (id INTEGER PRIMARY KEY, name VARCHAR(20), mail TEXT);\n";
    fs::write(&schema, users).unwrap();
    text.push_str(&said(path, &proposed("a1", &[])));
    fs::write(
        &schema,
        users.replace("users", "accounts").replace("name", "title"),
    )
    .unwrap();
    for more in [
        &["--rename", "nothing:accounts"][..],
        &["--rename", "users"],
        &["--rename", "users.name:mail"],
        &[
            "--rename",
            "users:accounts",
            "--rename",
            "accounts.name:title",
        ],
    ] {
        text.push_str(&said(path, &proposed("b2", more)));
    }
    text.push_str(&file(path, "revisions", "b2"));
    text.push_str(&said(path, &["check"]));
    hold("proposals", "names", &text);
}

#[test]
fn each_of_several_databases_has_its_own_models() {
    let directory = tempfile::tempdir().unwrap();
    let path = directory.path();
    let mut text = said(path, &["--dialect", "sqlite", "init", "-t", "multidb"]);
    let env = path.join("migrations/env.py");
    let stock = fs::read_to_string(&env).unwrap();
    let with = stock.replace(
        "\ntarget_metadata = {}\n",
        "\nimport models\n\ntarget_metadata = {\"engine1\": models.first, \"engine2\": models.second}\n",
    );
    assert_ne!(with, stock);
    fs::write(&env, with).unwrap();
    fs::write(
        path.join("models.py"),
        format!(
            "{HEAD}first, second = MetaData(), MetaData()\n\
             Table(\"a\", first, Column(\"id\", sa.Integer, primary_key=True))\n\
             Table(\"b\", second, Column(\"id\", sa.Integer, primary_key=True))\n"
        ),
    )
    .unwrap();
    text.push_str(&said(path, &proposed("a1", &[])));
    text.push_str(&file(path, "migrations/versions", "a1"));
    text.push_str(&said(path, &["upgrade", "head"]));
    text.push_str(&said(path, &["check"]));
    hold("proposals", "databases", &text);
}

/// What the documentation of Alembic recommends: revisions are numbered, and empty ones are not
/// written. As in most projects, only the path that connects has it.
const DIRECTIVES: &str = r#"
from alembic.script import ScriptDirectory


def process(context, revision, directives):
    script = directives[0]
    if getattr(config.cmd_opts, "autogenerate", False) and script.upgrade_ops.is_empty():
        directives[:] = []
        return
    head = ScriptDirectory.from_config(context.config).get_current_head()
    script.rev_id = "{:04}".format(1 if head is None else int(head) + 1)
    script.message = "%s (%s)" % (script.message, ", ".join(revision) or "base")
    for container in (script.upgrade_ops, script.downgrade_ops):
        container.ops = [op for op in container.ops if getattr(op, "table_name", None) != "skip_table"]
"#;

#[test]
fn the_project_has_the_last_word() {
    let directory = tempfile::tempdir().unwrap();
    let path = directory.path();
    let mut text = said(path, &["--dialect", "postgresql", "init"]);
    let env = path.join("migrations/env.py");
    let stock = fs::read_to_string(&env).unwrap();
    let (before, online) = stock.split_once("def run_migrations_online").unwrap();
    let head = format!("\nfrom models import metadata\n\ntarget_metadata = metadata\n{DIRECTIVES}");
    let with = format!(
        "{}def run_migrations_online{}",
        before.replace("\ntarget_metadata = None\n", &head),
        online.replace(
            "target_metadata=target_metadata",
            "target_metadata=target_metadata, process_revision_directives=process",
        ),
    );
    fs::write(&env, &with).unwrap();
    let models = path.join("models.py");
    fs::write(&models, format!("{HEAD}{BEFORE}")).unwrap();
    let plain = ["revision", "--autogenerate", "-m", "grow"];
    text.push_str(&said(path, &plain));
    text.push_str(&file(path, "migrations/versions", "0001"));
    text.push_str(&said(path, &plain));
    text.push_str(&said(path, &["check"]));
    fs::write(&models, format!("{HEAD}{AFTER}")).unwrap();
    text.push_str(&said(path, &["check"]));
    text.push_str(&said(path, &plain));
    text.push_str(&said(
        path,
        &["revision", "-m", "by hand", "--rev-id", "0003"],
    ));
    let ini = path.join("alembic.ini");
    let plain_ini = fs::read_to_string(&ini).unwrap();
    fs::write(
        &ini,
        plain_ini.replacen("[alembic]\n", "[alembic]\nrevision_environment = true\n", 1),
    )
    .unwrap();
    text.push_str(&said(path, &["revision", "-m", "by hand"]));
    text.push_str(&said(path, &["history"]));
    fs::write(
        &env,
        with.replace(
            "script.message = ",
            "script.upgrade_ops.ops.append(object())\n    script.message = ",
        ),
    )
    .unwrap();
    text.push_str(&said(path, &plain));
    fs::write(
        &env,
        with.replace("script.rev_id = ", "script.rev_id = script.nothing or "),
    )
    .unwrap();
    text.push_str(&said(path, &plain));
    hold("proposals", "directives", &text);
}

/// As the documentation of Alembic has operations of one's own in autogenerate.
const OWN: &str = r#"
from alembic.autogenerate import comparators, renderers
from alembic.operations import MigrateOperation, Operations
from sqlalchemy import text

VIEWS = {"names": "SELECT name FROM keep"}


class ViewOp(MigrateOperation):
    def __init__(self, name, definition=None):
        self.name = name
        self.definition = definition


@Operations.register_operation("create_view")
class CreateViewOp(ViewOp):
    @classmethod
    def create_view(cls, operations, name, definition):
        return operations.invoke(cls(name, definition))

    def reverse(self):
        return DropViewOp(self.name, self.definition)


@Operations.register_operation("drop_view")
class DropViewOp(ViewOp):
    @classmethod
    def drop_view(cls, operations, name):
        return operations.invoke(cls(name))

    def reverse(self):
        return CreateViewOp(self.name, self.definition)


@Operations.implementation_for(CreateViewOp)
def create(operations, operation):
    operations.execute(f"CREATE VIEW {operation.name} AS {operation.definition}")


@Operations.implementation_for(DropViewOp)
def drop(operations, operation):
    operations.execute(f"DROP VIEW {operation.name}")


@renderers.dispatch_for(CreateViewOp)
def render_create(context, operation):
    return f"op.create_view({operation.name!r}, {operation.definition!r})"


@renderers.dispatch_for(DropViewOp)
def render_drop(context, operation):
    return f"op.drop_view({operation.name!r})"


@comparators.dispatch_for("schema", priority=10)
def compare(context, upgrade_ops, schemas):
    found = dict(context.connection.execute(text("SELECT name, sql FROM sqlite_master WHERE type = 'view'")).fetchall())
    for name in sorted(set(VIEWS) - set(found)):
        upgrade_ops.ops.append(CreateViewOp(name, VIEWS[name]))
    for name in sorted(set(found) - set(VIEWS)):
        upgrade_ops.ops.append(DropViewOp(name, found[name].split(" AS ", 1)[1]))
"#;

#[test]
fn operations_of_the_project() {
    let directory = tempfile::tempdir().unwrap();
    let path = directory.path();
    let mut text = said(path, &["--dialect", "sqlite", "init"]);
    let env = path.join("migrations/env.py");
    let stock = fs::read_to_string(&env).unwrap();
    let head = "\nfrom models import metadata\n\ntarget_metadata = metadata\n";
    fs::write(&env, stock.replace("\ntarget_metadata = None\n", head)).unwrap();
    let models = path.join("models.py");
    let write = |tables: &str, own: &str| {
        fs::write(&models, format!("{HEAD}{tables}{own}")).unwrap();
    };
    let fewer = OWN.replace("\"SELECT name FROM keep\"", "\"SELECT id FROM keep\"");
    write(BEFORE, &fewer);
    text.push_str(&said(path, &["check"]));
    text.push_str(&said(path, &proposed("a1", &[])));
    text.push_str(&file(path, "migrations/versions", "a1"));
    text.push_str(&said(path, &["upgrade", "head", "--no-guard"]));
    text.push_str(&said(path, &["check"]));
    write(BEFORE, &fewer.replace("\"names\":", "\"ids\":"));
    text.push_str(&said(path, &["check"]));
    text.push_str(&said(path, &proposed("a2", &[])));
    text.push_str(&file(path, "migrations/versions", "a2"));
    // Nobody writes it; it cannot be taken back; the schema does not tell; it replaces Alembic's.
    let new = fewer.replace("\"names\":", "\"other\":");
    for (known, other) in [
        ("@renderers.dispatch_for(CreateViewOp)", ""),
        (
            "return DropViewOp(self.name, self.definition)",
            "raise NotImplementedError()",
        ),
        ("type = 'view'", "sql LIKE '%keep%'"),
        (
            "    for name in sorted(set(found)",
            "    from alembic.util import PriorityDispatchResult\n    return PriorityDispatchResult.STOP\n    for name in sorted(set(found)",
        ),
    ] {
        let own = new
            .replace(known, other)
            .replace("priority=10", "subgroup=\"tables\"");
        assert_ne!(own, new);
        write(BEFORE, &own);
        text.push_str(&said(path, &proposed("a3", &[])));
    }
    hold("proposals", "operations", &text);
}
