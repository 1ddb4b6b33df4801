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

/// As SQLAlchemy answers: keys are collections of their columns once a table has them.
#[test]
fn keys_have_columns() {
    let found = operations(
        r#"
t = sa.Table("t", sa.MetaData(), sa.Column("a", sa.Integer, primary_key=True), sa.Column("b", sa.Integer), sa.UniqueConstraint("b", "a"), sa.ForeignKeyConstraint(["b"], ["u.id"]))
key = t.primary_key
op.execute(repr([tuple(sa.UniqueConstraint("x")), [c.name for c in key], key.columns.keys(), key.c.a.name]))
for c in t.constraints:
    op.execute(repr([type(c).__name__, sorted(x.name for x in c), "a" in c.columns, len(c.columns)]))
"#,
    );
    for wanted in [
        "[(), ['a'], ['a'], 'a']",
        "['UniqueConstraint', ['a', 'b'], True, 2]",
        "['ForeignKeyConstraint', ['b'], False, 1]",
    ] {
        assert!(found.contains(wanted), "{wanted}\n{found}");
    }
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
fn a_decorator_has_the_implementation_that_it_was_given() {
    let found = operations(
        r#"
class Encoded(sa.types.TypeDecorator):
    impl = sa.Text
    def __init__(self, length=None):
        super().__init__()
        if length:
            self.impl = sa.String(length)
op.add_column("t", sa.Column("c", Encoded(7).impl))
op.add_column("t", sa.Column("d", Encoded(8).impl_instance))
op.add_column("t", sa.Column("e", Encoded().impl))
"#,
    );
    assert_eq!(found.matches(r#"name: "String""#).count(), 2, "{found}");
    assert!(
        found.contains("Int(7)") && found.contains("Int(8)"),
        "{found}"
    );
    assert_eq!(found.matches(r#"name: "Text""#).count(), 1, "{found}");
}

#[test]
fn the_object_behind_the_functions_of_op_is_known() {
    let found = operations(
        r#"
try:
    if op._proxy.migration_context.dialect.name:
        op._proxy.drop_table("t")
except Exception:
    pass
"#,
    );
    assert!(found.contains("DropTable"), "{found}");
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

#[test]
fn columns_come_from_annotations() {
    let found = operations(
        r#"
from typing import Annotated, Optional
from sqlalchemy.orm import DeclarativeBase, Mapped, declared_attr, mapped_column
class Base(DeclarativeBase):
    type_annotation_map = {bytes: sa.BINARY(16)}
key = Annotated[int, mapped_column(primary_key=True)]
class Stamped:
    @declared_attr
    def stamp(cls):
        return sa.Column(sa.DateTime)
class A(Stamped, Base):
    __tablename__ = "a"
    id: Mapped[key]
    name: Mapped[Optional[str]] = mapped_column(sa.String(9))
    size: Mapped[int | None]
    raw: Mapped[bytes]
op.execute(",".join(c.name for c in A.__table__.c))
op.execute(repr([c.nullable for c in A.__table__.c]))
op.execute(repr(A.raw.type))
"#,
    );
    assert!(found.contains("id,name,size,raw,stamp"), "{found}");
    assert!(found.contains("True, True, False, True"), "{found}");
    assert!(found.contains("BINARY"), "{found}");
}

const MODELS: &str = r#"
from sqlalchemy import orm
Base = orm.declarative_base()
class U(Base):
    __tablename__ = "u"
    id = sa.Column(sa.Integer, primary_key=True)
    name = sa.Column("title", sa.String, default="d")
    n = sa.Column(sa.Integer)
    kids = orm.relationship("K")
class K(Base):
    __tablename__ = "k"
    id = sa.Column(sa.Integer, primary_key=True)
    uid = sa.Column(sa.ForeignKey("u.id"))
session = orm.Session(bind=op.get_bind())
"#;

#[test]
fn rows_are_written_in_the_order_of_their_tables() {
    let found = operations(&format!(
        "{MODELS}session.add(K(id=1, uid=5))\nsession.add(U(id=5))\nsession.commit()\n"
    ));
    let u = found.find(r#"name: "u""#).unwrap();
    let k = found.find(r#"name: "k""#).unwrap();
    assert!(u < k, "{found}");
    assert!(found.contains(r#"Key("title")"#), "{found}");
}

#[test]
fn rows_are_changed_by_their_keys() {
    let found = operations(&format!(
        "{MODELS}session.bulk_insert_mappings(U, [{{'name': 'a'}}, {{'n': 2}}])\n\
         session.bulk_update_mappings(U, [{{'id': 5, 'name': 'z'}}])\n\
         session.query(U).filter_by(name='z').delete()\n"
    ));
    assert_eq!(found.matches("Insert(").count(), 2, "{found}");
    assert_eq!(found.matches("Update(").count(), 1, "{found}");
    assert_eq!(found.matches("Delete(").count(), 1, "{found}");
}

#[test]
fn what_depends_on_rows_is_an_error() {
    for body in [
        "session.add(U(kids=[K()]))\nsession.flush()",
        "session.merge(U(id=1))",
        "session.add(K(uid=session.query(U).first().id))\nsession.flush()",
        "u = U()\nsession.add(u)\nsession.flush()\nsession.add(K(uid=u.id))\nsession.flush()",
        "session.bulk_update_mappings(U, [{'name': 'z'}])",
    ] {
        recorded(&format!("{MODELS}{body}\n"), false).unwrap_err();
    }
}

#[test]
fn types_change_the_values_that_are_written() {
    let found = operations(
        r#"
class Upper(sa.TypeDecorator):
    impl = sa.String
    def process_bind_param(self, value, dialect):
        return value.upper()
t = sa.table("t", sa.column("a", Upper()), sa.column("n", sa.Integer))
op.execute(t.insert().values(a="one"))
op.execute(t.update().values(a="two").where(t.c.a == "three"))
op.bulk_insert(t, [{"a": "four"}, {"a": None}])
op.get_bind().execute(t.insert(), [{"a": "five"}, {"a": "six"}])
"#,
    );
    for word in ["ONE", "TWO", "THREE", "FOUR", "FIVE", "SIX"] {
        assert!(found.contains(word), "{word}: {found}");
    }
}

#[test]
fn packages_are_known() {
    let found = operations(
        r#"
import sqlalchemy_utils
from sqlmodel import Field, SQLModel
class Hero(SQLModel, table=True):
    id: int | None = Field(default=None, primary_key=True)
    name: str = Field(max_length=40)
Hero.__table__.create(op.get_bind())
op.add_column("t", sa.Column("u", sqlalchemy_utils.types.uuid.UUIDType(binary=False)))
"#,
    );
    assert!(found.contains(r#"name: "hero""#), "{found}");
    assert!(found.contains("UUID"), "{found}");
    let failed = recorded(
        "import acme\nop.add_column('t', sa.Column('c', acme.Money()))",
        false,
    );
    assert!(failed.unwrap_err().contains("type of the column"));
}

#[test]
fn an_object_with_a_compilation_is_a_statement() {
    let found = operations(
        r#"
from sqlalchemy.ext.compiler import compiles
from sqlalchemy.schema import DDLElement
class CreateView(DDLElement):
    def __init__(self, name):
        self.name = name
@compiles(CreateView)
def create_view(element, compiler, **kw):
    return "CREATE VIEW " + element.name
op.execute(CreateView("v"))
"#,
    );
    assert!(found.contains("CREATE VIEW v"), "{found}");
}
