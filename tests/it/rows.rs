//! Rows that `--fresh` knows, read in the ways that migrations read them.

use crate::fresh::project;
use crate::program::{answer, gensql, script};

/// What every case begins with.
const TABLES: &str = r#"
import enum
import json
Base = declarative_base()
class Team(Base):
    __tablename__ = "team"
    id = sa.Column(sa.Integer, primary_key=True)
    name = sa.Column(sa.String(20))
    size = sa.Column(sa.Integer)
    people = relationship("Person")
class Person(Base):
    __tablename__ = "person"
    id = sa.Column(sa.Integer, primary_key=True)
    team_id = sa.Column(sa.Integer, sa.ForeignKey("team.id"))
    name = sa.Column(sa.String(20))
    team = relationship("Team")
team = Team.__table__
person = Person.__table__
def say(value):
    op.execute("SELECT '%s'" % str(value).replace("'", ""))
def upgrade():
    op.create_table("team", sa.Column("id", sa.Integer, primary_key=True), sa.Column("name", sa.String(20)), sa.Column("size", sa.Integer))
    op.create_table("person", sa.Column("id", sa.Integer, primary_key=True), sa.Column("name", sa.String(20)),
                    sa.Column("team_id", sa.Integer, sa.ForeignKey("team.id")))
    bind = op.get_bind()
    op.bulk_insert(team, [{"name": "red", "size": 2}, {"name": "blue", "size": 1}, {"name": "green", "size": None}])
    op.bulk_insert(person, [{"name": "ann", "team_id": 1}, {"name": "bob", "team_id": 1}, {"name": "cid", "team_id": 2}])
    session = Session(bind=bind)
"#;

/// What lines of a migration say, in these dialects.
fn said(lines: &str, dialects: &[&str], expected: &[&str]) {
    let directory = project(&[("a1", &format!("{TABLES}{lines}"))]);
    for dialect in dialects {
        let text = script(
            directory.path(),
            &["upgrade", "head", "--fresh", "--dialect", dialect],
        );
        let said: Vec<&str> = text
            .lines()
            .filter_map(|line| line.strip_prefix("SELECT '")?.strip_suffix("';"))
            .collect();
        assert_eq!(said, expected, "{dialect}: {text}");
    }
}

/// Lines that decide by what is not known are refused.
fn refused(cases: &[&str], dialect: &str) {
    for case in cases {
        let directory = project(&[("a1", &format!("{TABLES}    {case}\n"))]);
        let arguments = ["upgrade", "head", "--fresh", "--dialect", dialect];
        let found = answer(&gensql(directory.path(), &arguments));
        let codes = [
            "error[E0202]",
            "error[E0204]",
            "error[E0205]",
            "error[E0208]",
        ];
        let is_refused = codes.iter().any(|code| found.contains(code));
        assert!(is_refused, "{case}: {found}");
    }
}

/// A class in a SELECT is told from its table: a session makes objects of its rows.
#[test]
fn a_session_gives_objects() {
    let lines = r#"
    for one in session.execute(sa.select(Team).where(Team.size > 0).order_by(Team.id)).scalars():
        one.size = one.size + 10
    session.flush()
    say([(t.id, t.size) for t in session.scalars(sa.select(Team).order_by(Team.id)).all()])
    say(session.scalars(sa.select(Team).where(Team.name == "blue")).one().size)
    say(session.execute(sa.select(Team).where(Team.id == 3)).scalar_one().name)
    say([(row.Person.name, row.name) for row in session.execute(sa.select(Person, Team.name).join(Team, Team.id == Person.team_id).order_by(Person.id))])
    say(session.scalar(sa.select(Team).where(Team.id == 9)))
    say(session.get(Team, 2).name)
    say(session.get(Team, 9))
    say(session.get(Team, 2) is session.execute(sa.select(Team).where(Team.name == "blue")).scalars().first())
    say(tuple(session.execute(sa.select(team).where(team.c.id == 1)).one()))
    say(session.execute(sa.select(team.alias()).where(sa.false())).all())
    say(session.execute(sa.text("SELECT id, name FROM team ORDER BY id")).mappings().all()[0]["name"])
    say(list(session.execute(sa.text("SELECT id, name FROM team ORDER BY id")).scalars(1)))
"#;
    let expected = [
        "[(1, 12), (2, 11), (3, None)]",
        "11",
        "green",
        "[(ann, red), (bob, red), (cid, blue)]",
        "None",
        "blue",
        "None",
        "True",
        "(1, red, 12)",
        "[]",
        "red",
        "[red, blue, green]",
    ];
    said(lines, &["sqlite", "postgresql"], &expected);
    // A class under another name may be of its rows.
    refused(
        &[
            "for one in session.execute(sa.select(team.alias('other'))).scalars(): op.execute('never')",
        ],
        "sqlite",
    );
}

/// A query of classes gives each object once, a SELECT as often as there are rows.
#[test]
fn objects_of_a_query_are_there_once() {
    let lines = r#"
    joined = session.query(Team).join(Person, Person.team_id == Team.id).order_by(Team.id)
    say([t.name for t in joined])
    say((len(joined.all()), joined.count()))
    select = sa.select(Team).join(Person, Person.team_id == Team.id).order_by(Team.id)
    say([t.name for t in session.scalars(select)])
    say([t.name for t in session.scalars(select).unique()])
    say([t.name for t, in session.execute(select).unique().all()])
    say(session.query(Team.name).join(Person, Person.team_id == Team.id).order_by(Team.id).all())
"#;
    let expected = [
        "[red, blue]",
        "(2, 3)",
        "[red, red, blue]",
        "[red, blue]",
        "[red, blue]",
        "[(red,), (red,), (blue,)]",
    ];
    said(lines, &["sqlite", "postgresql"], &expected);
}

/// A relationship in a condition is its foreign key.
#[test]
fn relationships_are_compared_by_their_keys() {
    let lines = r#"
    red = session.get(Team, 1)
    say([p.name for p in session.query(Person).filter(Person.team == red).order_by(Person.id)])
    say(session.query(Person).filter(Person.team == None).count())
    session.execute(sa.update(Person).where(Person.team == red).values(team_id=None))
    say([p.name for p in session.query(Person).filter(Person.team != None)])
    say(str(sa.select(person.c.id).where(Person.team == None)).split("WHERE ")[1])
    say(str(sa.select(person.c.id).where(red == Person.team)).split("WHERE ")[1])
"#;
    let expected = [
        "[ann, bob]",
        "0",
        "[cid]",
        "person.team_id IS NULL",
        "person.team_id = :team_id_1",
    ];
    said(lines, &["sqlite", "postgresql"], &expected);
    let cases = [
        "say(session.query(Team).filter(Team.people == None).count())",
        "say(session.query(Person).filter(Person.team != session.get(Team, 1)).count())",
        "say(session.query(Person).filter(Person.team.has(name='red')).count())",
    ];
    refused(&cases, "sqlite");
}

/// Relationships are read when they are asked for, and again after COMMIT.
#[test]
fn relationships_are_read_late() {
    let lines = r#"
    red = session.get(Team, 1)
    op.execute("UPDATE person SET team_id = 1 WHERE id = 3")
    say([p.name for p in red.people])
    op.execute("UPDATE person SET team_id = 2 WHERE id = 3")
    say([p.name for p in red.people])
    session.commit()
    say([p.name for p in red.people])
    bob = session.get(Person, 2)
    bob.team_id = 3
    session.flush()
    say((bob.team.name, len(bob.team.people), bob.team.people[0] is bob))
    new = Team(name="new")
    session.add(new)
    session.flush()
    say(new.people)
    for one in red.people:
        session.delete(one)
    session.delete(red)
    session.commit()
    say(bind.execute(sa.text("SELECT count(*) FROM person")).scalar())
"#;
    let expected = [
        "[ann, bob, cid]",
        "[ann, bob, cid]",
        "[ann, bob]",
        "(green, 1, True)",
        "[]",
        "1",
    ];
    said(lines, &["sqlite"], &expected);
    let cases = [
        // Rows that refer to one that goes are changed by SQLAlchemy.
        "session.delete(session.get(Team, 1)); session.commit()",
    ];
    refused(&cases, "sqlite");
}

/// Groups, aggregates, texts that are joined, and values that are chosen.
#[test]
fn groups_and_values_are_calculated() {
    let lines = r#"
    counts = sa.select(Person.team_id, sa.func.count(Person.id)).group_by(Person.team_id).order_by(Person.team_id)
    say([tuple(row) for row in bind.execute(counts)])
    say([tuple(row) for row in bind.execute(counts.having(sa.func.count(Person.id) > 1))])
    say(bind.execute(sa.text("SELECT p.team_id AS t, max(p.id) FROM person p GROUP BY t HAVING count(*) > 1")).one().t)
    say([row.team_id for row in bind.execute(sa.text("SELECT team_id FROM person GROUP BY team_id HAVING sum(id) = 3 AND count(DISTINCT name) = 2"))])
    say(bind.execute(sa.text("SELECT count(DISTINCT team_id) FROM person")).scalar())
    say(bind.execute(sa.text("SELECT name, count(*) FROM person GROUP BY name ORDER BY count(*) DESC, name")).first().name)
    op.execute("UPDATE team SET size = (SELECT sum(id) FROM person WHERE person.team_id = team.id) WHERE id < 3")
    say([row.size for row in bind.execute(sa.text("SELECT size FROM team ORDER BY id"))])
    bind.execute(sa.update(team).where(team.c.name == "blue").values(name=team.c.name + "-" + sa.literal("x")))
    bind.execute(sa.update(person).values(name=person.c.name + "!").where(person.c.id == 1))
    say(session.get(Team, 2).name)
    say(session.get(Person, 1).name)
    chosen = sa.case((team.c.size > 2, "much"), (team.c.size.is_(None), "none"), else_="little")
    say([tuple(row) for row in bind.execute(sa.select(team.c.id, chosen).order_by(team.c.id))])
    say([row[0] for row in bind.execute(sa.text("SELECT CASE id WHEN 1 THEN 'one' ELSE coalesce(NULL, name) END FROM team ORDER BY id"))])
    say([row[0] for row in bind.execute(sa.select(sa.func.coalesce(team.c.size, 0)).order_by(team.c.id))])
    say(bind.execute(sa.select(team.c.name).where(~sa.exists().where(person.c.team_id == team.c.id))).scalars().all())
"#;
    let expected = [
        "[(1, 2), (2, 1)]",
        "[(1, 2)]",
        "1",
        "[1]",
        "2",
        "ann",
        "[3, 3, None]",
        "blue-x",
        "ann!",
        "[(1, much), (2, much), (3, none)]",
        "[one, blue-x, green]",
        "[3, 3, 0]",
        "[green]",
    ];
    said(lines, &["sqlite", "postgresql", "mysql"], &expected);
    let cases = [
        // Sums have types of their own in drivers.
        "op.execute('SELECT %s' % bind.execute(sa.text('SELECT sum(id) FROM person')).scalar())",
        "op.execute('SELECT %s' % bind.execute(sa.text('SELECT s FROM (SELECT sum(id) AS s FROM person) q')).scalar())",
        // Texts that may be one group, and columns that no group has one value of.
        "op.execute(\"INSERT INTO team (name) VALUES ('RED')\")\n    for row in bind.execute(sa.text('SELECT name FROM team GROUP BY name')): op.execute('never')",
        "for row in bind.execute(sa.text('SELECT max(id), name FROM person GROUP BY team_id')): op.execute(row.name)",
        // What joins texts in one database is an OR in another.
        "op.execute(\"UPDATE team SET name = name || 'x'\")\n    for row in bind.execute(sa.text('SELECT name FROM team')): op.execute(row.name)",
        "op.execute(bind.execute(sa.select(sa.literal('x').concat(sa.null())).select_from(team)).first()[0])",
        // Values of several kinds.
        "op.execute('SELECT %s' % bind.execute(sa.text(\"SELECT CASE WHEN id = 1 THEN 1 ELSE name END FROM team WHERE id = 1\")).scalar())",
    ];
    refused(&cases, "mysql");
}

/// Enumerations of texts come back as they were put in.
#[test]
fn enumerations_are_read() {
    let lines = r#"
    kind = sa.Enum("low", "high", name="kind")
    op.create_table("job", sa.Column("id", sa.Integer, primary_key=True), sa.Column("kind", kind), sa.Column("data", sa.Text))
    job = sa.table("job", sa.column("id", sa.Integer), sa.column("kind", kind), sa.column("data", sa.Text))
    op.bulk_insert(job, [{"kind": "low", "data": json.dumps({"a": 1})}, {"kind": "high", "data": None}])
    say([tuple(row) for row in bind.execute(sa.select(job.c.id, job.c.kind).where(job.c.kind == "high"))])
    for row in bind.execute(sa.text("SELECT id, data FROM job WHERE data IS NOT NULL")):
        bind.execute(job.update().where(job.c.id == row.id).values(data=json.dumps({**json.loads(row.data), "b": row.id})))
    say(json.loads(bind.execute(sa.select(job.c.data).where(job.c.id == 1)).scalar())["b"])
"#;
    said(lines, &["sqlite", "postgresql"], &["[(2, high)]", "1"]);
}

/// Each object once, whatever its class says of equality: it need not have a hash.
#[test]
fn objects_that_say_they_are_equal() {
    let lines = r#"    class Alike(declarative_base()):
        __tablename__ = "team"
        id = sa.Column(sa.Integer, primary_key=True)
        def __eq__(self, other):
            return True
    say(len(session.query(Alike).all()))
    say(session.query(Alike).filter(Alike.id == 2).one_or_none().id)
"#;
    said(lines, &["sqlite"], &["3", "2"]);
}

/// Rows behind others, of several queries, and texts that a migration's own SQL joins.
#[test]
fn offsets_unions_and_joined_texts() {
    let lines = r#"
    say(bind.execute(sa.text("SELECT name FROM team ORDER BY id LIMIT 1 OFFSET 1")).scalar())
    say(session.query(Team).order_by(Team.id).offset(2).first().name)
    say([one.name for one in session.query(Team).order_by(Team.id).slice(1, 3)])
    say(bind.execute(sa.text("SELECT name FROM team LIMIT 5 OFFSET 9")).all())
    say([one[0] for one in bind.execute(sa.text("SELECT name FROM team UNION SELECT name FROM person ORDER BY name"))])
    say(len(bind.execute(sa.text("SELECT id FROM team UNION ALL SELECT team_id FROM person")).all()))
    say(len(bind.execute(sa.text("SELECT id FROM team UNION SELECT team_id FROM person")).all()))
    both = sa.union_all(sa.select(team.c.name).where(team.c.id < 3), sa.select(person.c.name).where(person.c.id == 1))
    say([one.name for one in bind.execute(both.order_by("name"))])
    say(bind.execute(sa.text("SELECT count(*) FROM (SELECT id FROM team UNION SELECT team_id FROM person) AS both_of_them")).scalar())
"#;
    let expected = [
        "blue",
        "green",
        "[blue, green]",
        "[]",
        "[ann, blue, bob, cid, green, red]",
        "6",
        "3",
        "[ann, blue, red]",
        "3",
    ];
    said(lines, &["sqlite", "postgresql", "mysql"], &expected);
    let joined = r#"
    op.execute("UPDATE team SET name = name || '-' || 'x' WHERE id < 3")
    say([one[0] for one in bind.execute(sa.text("SELECT name || '!' FROM team WHERE id < 3 ORDER BY id"))])
"#;
    let expected = ["[red-x!, blue-x!]"];
    said(joined, &["sqlite", "postgresql"], &expected);
    let cases = [
        "op.execute(\"UPDATE team SET name = name || 'x' WHERE id = 1\"); say(session.get(Team, 1).name)",
        // The order of these is not known.
        "say(session.execute(sa.select(Team).offset(1)).scalars().all()[0].name)",
        // Whether texts that differ in their case are one.
        "op.bulk_insert(team, [{'name': 'Red'}]); say(bind.execute(sa.text('SELECT name FROM team UNION SELECT name FROM person')).all())",
        "say(bind.execute(sa.text('SELECT id FROM team UNION ALL SELECT name FROM person')).all()[0])",
        "say(bind.execute(sa.text('SELECT id FROM team UNION ALL SELECT id FROM person')).first())",
    ];
    refused(&cases, "mysql");
}

/// Rows are carried over where the definition is written as SQL, and what an expression makes of a column
/// is not known.
#[test]
fn rows_behind_definitions_in_sql() {
    let lines = r#"
    def rows(columns):
        say([tuple(row) for row in bind.execute(sa.text("SELECT %s FROM team WHERE id < 3 ORDER BY id" % columns))])
    op.execute("ALTER TABLE team ADD COLUMN open INTEGER DEFAULT 5")
    op.execute("CREATE INDEX i ON team (name)")
    op.execute("ALTER TABLE team RENAME COLUMN size TO people")
    rows("name, people, open")
    op.execute("ALTER TABLE team DROP COLUMN people")
    op.execute("ALTER TABLE team ADD COLUMN people INTEGER DEFAULT 4")
    rows("people")
"#;
    let dialects = ["postgresql", "mysql", "sqlite"];
    said(
        lines,
        &dialects,
        &["[(red, 2, 5), (blue, 1, 5)]", "[(4,), (4,)]"],
    );
    let types = r#"
    op.execute("CREATE TYPE state AS ENUM ('red', 'blue', 'green')")
    op.execute("ALTER TABLE team ALTER COLUMN name TYPE state USING name::text::state")
    op.execute("ALTER TABLE team ALTER COLUMN size SET NOT NULL")
    op.execute("ALTER TABLE person RENAME TO people")
    op.execute("ALTER TABLE people DROP COLUMN team_id")
    say([tuple(row) for row in bind.execute(sa.text("SELECT name, size FROM team WHERE id < 3 ORDER BY id"))])
    say([tuple(row) for row in bind.execute(sa.text("SELECT id, name FROM people WHERE id < 3 ORDER BY id"))])
"#;
    said(
        types,
        &["postgresql"],
        &["[(red, 2), (blue, 1)]", "[(1, ann), (2, bob)]"],
    );
    for computed in [
        r#"op.execute("ALTER TABLE team ALTER COLUMN name TYPE VARCHAR(30) USING upper(name)")"#,
        r#"op.alter_column("team", "name", type_=sa.String(30), postgresql_using="upper(name)")"#,
    ] {
        let lines = format!(
            "    {computed}\n    op.execute('SELECT %s' % bind.execute(sa.text('SELECT name FROM team WHERE id = 1')).scalar())\n"
        );
        let directory = project(&[("a1", &format!("{TABLES}{lines}"))]);
        let arguments = ["upgrade", "head", "--fresh", "--dialect", "postgresql"];
        let refused = answer(&gensql(directory.path(), &arguments));
        assert!(
            refused.contains("a value that only the server knows"),
            "{computed}: {refused}"
        );
    }
}
