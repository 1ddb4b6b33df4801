//! What Python computes for columns that a statement does not name: `default=` and `onupdate=`.

use crate::fresh::project;
use crate::program::{answer, gensql, script};

const TABLE: &str = r#"
import datetime
import itertools
Base = declarative_base()
numbers = itertools.count(1)
class Part(Base):
    __tablename__ = "part"
    id = sa.Column(sa.Integer, primary_key=True)
    number = sa.Column(sa.Integer, default=lambda: next(numbers))
    name = sa.Column(sa.String(20))
    state = sa.Column(sa.String(20), onupdate="changed")
    changes = sa.Column(sa.Integer, onupdate=lambda: next(numbers))
    changed_on = sa.Column(sa.DateTime, onupdate=sa.func.now())
part = Part.__table__
def upgrade():
    op.create_table("part", sa.Column("id", sa.Integer, primary_key=True), sa.Column("number", sa.Integer),
                    sa.Column("name", sa.String(20)), sa.Column("state", sa.String(20)),
                    sa.Column("changes", sa.Integer), sa.Column("changed_on", sa.DateTime))
    bind = op.get_bind()
    session = Session(bind=bind)
"#;

/// The statements on rows that lines of a migration make.
fn written(lines: &str, arguments: &[&str]) -> Vec<String> {
    let directory = project(&[("a1", &format!("{TABLE}{lines}"))]);
    let text = script(directory.path(), arguments);
    text.lines()
        .filter(|line| line.contains("part ") && !line.starts_with("CREATE"))
        .map(str::to_owned)
        .collect()
}

/// The values are those that SQLAlchemy computes, in the order in which it does.
#[test]
fn values_that_python_computes_are_written() {
    let lines = r#"
    session.query(Part).filter(Part.id == 1).update({"name": "a"})
    session.execute(sa.update(Part).where(Part.id == 2).values(name="b", state="own"))
    op.execute(part.update().values(name="c", changes=0))
    bind.execute(part.update().where(part.c.id == sa.bindparam("key")), [{"key": 1, "name": "d"}, {"key": 2, "name": "e"}])
    op.execute(sa.update(part).ordered_values(("name", "f")))
    bind.execute(part.insert(), [{"name": "g"}, {"name": "h"}])
    op.execute(part.insert().values([{"name": "i"}, {"name": "j"}]))
    op.bulk_insert(part, [{"name": "k"}, {"name": "l", "number": 0}])
    session.add(Part(name="m"))
    session.commit()
"#;
    let expected = [
        "UPDATE part SET name='a', state='changed', changes=1, changed_on=CURRENT_TIMESTAMP WHERE part.id = 1;",
        "UPDATE part SET name='b', state='own', changes=2, changed_on=CURRENT_TIMESTAMP WHERE part.id = 2;",
        "UPDATE part SET name='c', state='changed', changes=0, changed_on=CURRENT_TIMESTAMP;",
        "UPDATE part SET name='d', state='changed', changes=3, changed_on=CURRENT_TIMESTAMP WHERE part.id = 1;",
        "UPDATE part SET name='e', state='changed', changes=4, changed_on=CURRENT_TIMESTAMP WHERE part.id = 2;",
        "UPDATE part SET name='f', state='changed', changes=5, changed_on=CURRENT_TIMESTAMP;",
        "INSERT INTO part (number, name) VALUES (6, 'g');",
        "INSERT INTO part (number, name) VALUES (7, 'h');",
        "INSERT INTO part (number, name) VALUES (8, 'i'), (9, 'j');",
        "INSERT INTO part (number, name) VALUES (10, 'k');",
        "INSERT INTO part (number, name) VALUES (0, 'l');",
        "INSERT INTO part (number, name, state, changes, changed_on) VALUES (11, 'm', NULL, NULL, NULL);",
    ];
    assert_eq!(written(lines, &["upgrade", "head"]), expected);
}

/// What depends on the clock is a fixed value, of which one is told; what the application alone knows is
/// refused.
#[test]
fn values_that_differ_each_time_are_told() {
    let lines = r#"
    late = sa.Table("part", sa.MetaData(), sa.Column("name", sa.String), sa.Column("changed_on", sa.DateTime, onupdate=datetime.datetime.utcnow))
    op.execute(late.update().values(name="a"))
"#;
    let directory = project(&[("a1", &format!("{TABLE}{lines}"))]);
    let found = answer(&gensql(directory.path(), &["upgrade", "head"]));
    assert!(found.contains("the time now differs each time"), "{found}");
    assert!(found.contains("changed_on='2000-01-01 00:00:00"), "{found}");
    let lines = r#"
    own = sa.Table("part", sa.MetaData(), sa.Column("name", sa.String), sa.Column("state", sa.String, onupdate=lambda context: context.get_current_parameters()["name"]))
    op.execute(own.update().values(name="a"))
"#;
    let directory = project(&[("a1", &format!("{TABLE}{lines}"))]);
    let found = answer(&gensql(directory.path(), &["upgrade", "head"]));
    assert!(found.contains("error[E0204]"), "{found}");
    assert!(found.contains("on an UPDATE"), "{found}");
    // Alembic's text has NULL for all of them.
    let lines = r#"
    op.execute(part.update().values(name="a"))
"#;
    let expected =
        ["UPDATE part SET name='a', state=NULL, changes=NULL, changed_on=CURRENT_TIMESTAMP;"];
    let compat = ["upgrade", "head", "--compat", "alembic"];
    assert_eq!(written(lines, &compat), expected);
}

/// Rows stay known behind them.
#[test]
fn rows_with_them_stay_known() {
    let lines = r#"
    op.bulk_insert(part, [{"name": "a"}, {"name": "b"}])
    bind.execute(part.insert().values(name="c"))
    session.query(Part).filter(Part.id == 1).update({"name": "d"})
    for row in session.query(Part).order_by(Part.id):
        op.execute("SELECT 'part %s %s %s %s'" % (row.name, row.number, row.state, row.changes))
"#;
    let rows: Vec<String> = written(lines, &["upgrade", "head", "--fresh"])
        .into_iter()
        .filter(|line| line.starts_with("SELECT 'part"))
        .collect();
    let expected = [
        "SELECT 'part d 1 changed 4';",
        "SELECT 'part b 2 None None';",
        "SELECT 'part c 3 None None';",
    ];
    assert_eq!(rows, expected);
}

/// A session writes changed objects in the order of their keys, whichever it read first.
#[test]
fn objects_are_changed_in_the_order_of_their_keys() {
    let lines = r#"
    op.bulk_insert(part, [{"name": "a"}, {"name": "b"}])
    for one in [session.get(Part, 2), session.get(Part, 1)]:
        one.name = "c"
    session.commit()
"#;
    let rows: Vec<String> = written(lines, &["upgrade", "head", "--fresh"])
        .into_iter()
        .filter(|line| line.starts_with("UPDATE"))
        .collect();
    let expected = [
        "UPDATE part SET name='c', state='changed', changes=3, changed_on=CURRENT_TIMESTAMP WHERE part.id = 1;",
        "UPDATE part SET name='c', state='changed', changes=4, changed_on=CURRENT_TIMESTAMP WHERE part.id = 2;",
    ];
    assert_eq!(rows, expected);
}
