//! `downgrade --fresh`: what it takes back is what `upgrade --fresh` has written, and nothing else.

use crate::fresh::project;
use crate::guards::Engine;
use crate::program::{hold, script};

/// Both directions read rows, of which the second revision's are known only behind the first's.
const REVISIONS: [(&str, &str); 2] = [
    (
        "a1",
        r#"
t = sa.table("t", sa.column("id", sa.Integer), sa.column("x", sa.String))
def upgrade():
    op.create_table("t", sa.Column("id", sa.Integer, primary_key=True), sa.Column("x", sa.String(9)))
    op.create_table("u", sa.Column("id", sa.Integer, primary_key=True), sa.Column("x", sa.String(9)))
    op.bulk_insert(t, [{"id": 1, "x": "one"}, {"id": 2, "x": "two"}])
def downgrade():
    for row in op.get_bind().execute(sa.select(t.c.x).order_by(t.c.id)):
        op.execute("DELETE FROM t WHERE x = '%s'" % row.x)
    op.drop_table("u")
    op.drop_table("t")
"#,
    ),
    (
        "b2",
        r#"
t = sa.table("t", sa.column("id", sa.Integer), sa.column("x", sa.String))
u = sa.table("u", sa.column("id"))
def upgrade():
    for row in op.get_bind().execute(sa.select(t.c.id).where(t.c.x == "two")):
        op.execute("DELETE FROM t WHERE id = %d" % row.id)
    op.execute(t.insert().values(id=3, x="three"))
def downgrade():
    bind = op.get_bind()
    for row in bind.execute(sa.select(t.c.id).where(t.c.x == "three")):
        op.execute("UPDATE t SET x = 'two' WHERE id = %d" % row.id)
    for row in bind.execute(sa.select(u.c.id)):
        op.execute("never")
    if bind.execute(sa.select(t.c.id)).first():
        op.execute("UPDATE u SET x = 'some'")
    if bind.execute(sa.select(t.c.id)).scalar() is None:
        op.execute("never")
"#,
    ),
];

#[test]
fn the_rows_of_an_installation_are_known() {
    let directory = project(&REVISIONS);
    for dialect in ["sqlite", "postgresql", "mysql", "mssql", "oracle"] {
        let text = script(
            directory.path(),
            &["--dialect", dialect, "downgrade", "b2:base", "--fresh"],
        );
        hold("installed", dialect, &text);
    }
    let text = script(directory.path(), &["upgrade", "a1:b2", "--fresh"]);
    hold("installed", "further", &text);
}

/// A database with other rows is refused and stays as it is.
pub(crate) fn check(engine: &dyn Engine) {
    let directory = project(&REVISIONS);
    let write = |arguments: &[&str]| {
        let chosen = ["--dialect", engine.dialect()];
        script(directory.path(), &[&chosen[..], arguments].concat())
    };
    let up = write(&["upgrade", "b2", "--fresh"]);
    let down = write(&["downgrade", "b2:base", "--fresh"]);
    for strange in ["INSERT INTO u (id) VALUES (7);", "DELETE FROM t;"] {
        engine.create("f");
        engine.apply("f", &up).unwrap();
        engine.apply("f", strange).unwrap();
        let before = engine.dump("f");
        let refused = engine.apply("f", &down).unwrap_err();
        assert!(refused.contains("a table holds other rows"), "{refused}");
        assert_eq!(engine.dump("f"), before, "{strange}");
    }
    engine.create("f");
    engine
        .apply("f", &write(&["upgrade", "a1", "--fresh"]))
        .unwrap();
    engine
        .apply("f", &write(&["upgrade", "a1:b2", "--fresh"]))
        .unwrap();
    engine.apply("f", &down).unwrap();
    let left = engine.dump("f");
    assert!(!left.contains("three"), "{left}");
}
