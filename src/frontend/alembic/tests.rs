//! Snippets of migrations and the operations that they record.

use std::rc::Rc;

use super::host::{Host, host};
use super::project::{host_modules::ProjectImporter, importer::Sandbox};
use super::raise;
use crate::operation::Located;
use crate::python::vm::STACK_SIZE;
use crate::python::{Budget, Vm};
use crate::source::SourceFile;

fn recorded(text: &str, compat: bool) -> Result<String, String> {
    let text = format!("import sqlalchemy as sa\nfrom alembic import op\n{text}");
    let worker = std::thread::Builder::new()
        .stack_size(STACK_SIZE)
        .spawn(move || {
            let sandbox = Rc::new(Sandbox::new(Vec::new(), &[], 1 << 20));
            let importer = Rc::new(ProjectImporter::new(&sandbox));
            let mut vm = Vm::new(importer, Budget::default());
            vm.set_host(Rc::new(Host {
                compat,
                ..Host::default()
            }));
            raise::register(&mut vm);
            let file = SourceFile::new("revision.py", text);
            host(&mut vm).start(Some(file.clone()));
            let outcome = vm.run_module("revision_py", &file);
            let recorded: Vec<Located> = host(&mut vm).finish();
            match outcome {
                Ok(_) => Ok(recorded
                    .iter()
                    .map(|located| format!("{:?}\n", located.operation))
                    .collect()),
                Err(raise) => Err(super::project::failure(&mut vm, *raise, "it").message),
            }
        });
    worker.unwrap().join().unwrap()
}

fn operations(text: &str) -> String {
    recorded(text, false).unwrap()
}

#[test]
fn a_table_with_columns_and_constraints() {
    let found = operations(
        r#"
t = op.create_table("account",
    sa.Column("id", sa.Integer, primary_key=True),
    sa.Column("name", sa.String(length=50), nullable=False, server_default="x"),
    sa.Column("kind", sa.Enum("a", "b", name="kind")),
    sa.ForeignKeyConstraint(["id"], ["s.other.id"], name=op.f("fk"), ondelete="CASCADE"),
    sa.UniqueConstraint("name"),
)
op.bulk_insert(t, [{"id": 1, "name": "n"}])
op.create_index("ix", "account", ["name", sa.text("lower(name)")], unique=True)
"#,
    );
    assert!(found.contains("CreateTable"), "{found}");
    assert!(found.contains("BulkInsert"), "{found}");
    assert!(found.contains(r#"labels: ["a", "b"]"#), "{found}");
    assert!(found.contains("Final(Ident"), "{found}");
}

#[test]
fn a_batch_queues_its_operations() {
    let found = operations(
        r#"
with op.batch_alter_table("t", schema=None) as batch_op:
    batch_op.add_column(sa.Column("c", sa.Integer(), nullable=True))
    batch_op.alter_column("d", existing_type=sa.VARCHAR(), type_=sa.Text(), nullable=False)
    batch_op.create_foreign_key(batch_op.f("fk"), "o", ["c"], ["id"])
    batch_op.execute("SELECT 1")
"#,
    );
    let execute = found.find("SELECT 1").unwrap();
    let batch = found.find("BatchAlterTable").unwrap();
    assert!(execute < batch, "{found}");
}

#[test]
fn a_result_that_is_not_read_does_no_harm() {
    operations("op.get_bind().execute(sa.text('UPDATE t SET a = 1'))");
    let failed = recorded(
        "for row in op.get_bind().execute(sa.text('SELECT 1')):\n    pass",
        false,
    );
    assert!(failed.unwrap_err().contains("rows of a query"));
}

#[test]
fn offline_answers_in_compatible_mode() {
    let failed = recorded(
        "op.get_bind().execute(sa.text('SELECT 1')).fetchall()",
        true,
    );
    assert!(
        failed
            .unwrap_err()
            .contains("'NoneType' object has no attribute 'fetchall'")
    );
    let caught = recorded(
        r#"
try:
    sa.inspect(op.get_bind())
except sa.exc.NoInspectionAvailable:
    op.execute("caught")
"#,
        true,
    );
    assert!(caught.unwrap().contains("caught"));
}

#[test]
fn decorators_are_what_they_say() {
    let found = operations(
        r#"
class T(sa.types.TypeDecorator):
    impl = sa.String
    def load_dialect_impl(self, dialect):
        if dialect.name == "postgresql":
            return dialect.type_descriptor(sa.Text())
        return self.impl
class U(sa.types.UserDefinedType):
    def get_col_spec(self, **kw):
        return "MONEY"
op.add_column("t", sa.Column("c", T(5)))
op.add_column("t", sa.Column("d", U()))
"#,
    );
    assert!(found.contains(r#"name: "Text""#), "{found}");
    assert!(found.contains("MONEY"), "{found}");
}

#[test]
fn declarative_classes_have_tables() {
    let found = operations(
        r#"
from sqlalchemy.ext.declarative import declarative_base
from sqlalchemy import orm
Base = declarative_base()
class M(Base):
    __tablename__ = "m"
    id = sa.Column(sa.Integer, primary_key=True)
    name = sa.Column("title", sa.String)
op.execute(sa.update(M).where(M.id == 3).values(name="x"))
op.execute(M.__table__.delete())
session = orm.Session(bind=op.get_bind())
session.add(M(id=1, name="n"))
session.commit()
"#,
    );
    assert!(found.contains("Update"), "{found}");
    assert!(found.contains("Delete"), "{found}");
    assert!(found.contains("Insert"), "{found}");
}

#[test]
fn enums_are_created() {
    let found = operations(
        r#"
import enum
from sqlalchemy.dialects import postgresql
class Color(enum.Enum):
    RED = "red"
    BLUE = "blue"
sa.Enum(Color).create(op.get_bind(), checkfirst=True)
postgresql.ENUM("x", name="e").drop(op.get_bind())
sa.Enum(Color, values_callable=lambda c: [m.value for m in c], name="v").create(op.get_bind())
"#,
    );
    assert!(found.contains(r#"labels: ["RED", "BLUE"]"#), "{found}");
    assert!(found.contains(r#"labels: ["red", "blue"]"#), "{found}");
    assert!(found.contains(r#"name: Some("color")"#), "{found}");
    assert!(found.contains("DropEnum"), "{found}");
}

#[test]
fn custom_directives() {
    let found = operations(
        r#"
from alembic.operations import Operations, MigrateOperation
@Operations.register_operation("create_view")
class CreateView(MigrateOperation):
    def __init__(self, name, text):
        self.name = name
        self.text = text
    @classmethod
    def create_view(cls, operations, name, text):
        return operations.invoke(cls(name, text))
@Operations.implementation_for(CreateView)
def create_view(operations, operation):
    operations.execute("CREATE VIEW %s AS %s" % (operation.name, operation.text))
op.create_view("v", "SELECT 1")
"#,
    );
    assert!(found.contains("CREATE VIEW v AS SELECT 1"), "{found}");
}
