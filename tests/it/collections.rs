//! Collections of objects that a session changes, and association tables.

use crate::fresh::project;
use crate::program::{answer, gensql, script};

const TABLES: &str = r#"
Base = declarative_base()
member = sa.Table("member", Base.metadata, sa.Column("person_id", sa.Integer, sa.ForeignKey("person.id"), primary_key=True),
                  sa.Column("club_id", sa.Integer, sa.ForeignKey("club.id"), primary_key=True))
class Team(Base):
    __tablename__ = "team"
    id = sa.Column(sa.Integer, primary_key=True)
    name = sa.Column(sa.String(20))
    people = relationship("Person", back_populates="team")
class Person(Base):
    __tablename__ = "person"
    id = sa.Column(sa.Integer, primary_key=True)
    team_id = sa.Column(sa.Integer, sa.ForeignKey("team.id"))
    name = sa.Column(sa.String(20))
    team = relationship("Team", back_populates="people")
    clubs = relationship("Club", secondary="member", back_populates="people")
    remarks = relationship("Remark", cascade="all, delete-orphan")
class Club(Base):
    __tablename__ = "club"
    id = sa.Column(sa.Integer, primary_key=True)
    name = sa.Column(sa.String(20))
    people = relationship("Person", secondary=member, back_populates="clubs")
class Remark(Base):
    __tablename__ = "remark"
    id = sa.Column(sa.Integer, primary_key=True)
    person_id = sa.Column(sa.Integer, sa.ForeignKey("person.id"))
def say(value):
    op.execute("SELECT '%s'" % str(value).replace("'", ""))
def upgrade():
    bind = op.get_bind()
    Base.metadata.create_all(bind)
    op.bulk_insert(Team.__table__, [{"name": "red"}, {"name": "blue"}])
    op.bulk_insert(Person.__table__, [{"name": "ann", "team_id": 1}, {"name": "bob", "team_id": 1}, {"name": "cid", "team_id": None}])
    op.bulk_insert(Club.__table__, [{"name": "golf"}, {"name": "chess"}])
    op.bulk_insert(member, [{"person_id": 1, "club_id": 1}, {"person_id": 1, "club_id": 2}, {"person_id": 2, "club_id": 1}])
    session = Session(bind=bind)
    red, ann, cid = session.get(Team, 1), session.get(Person, 1), session.get(Person, 3)
    golf, chess = session.get(Club, 1), session.get(Club, 2)
    op.execute("SELECT 'begin'")
"#;

/// What lines of a migration write and say.
fn written(lines: &str) -> Vec<String> {
    let directory = project(&[("a1", &format!("{TABLES}{lines}"))]);
    let text = script(directory.path(), &["upgrade", "head", "--fresh"]);
    let (_, text) = text.split_once("SELECT 'begin';").unwrap();
    text.lines()
        .filter(|line| !line.is_empty() && !line.contains("alembic_version"))
        .map(str::to_owned)
        .collect()
}

/// Objects that are put into a collection get its owner's key, those that are taken out lose it, or go.
#[test]
fn collections_are_written_by_keys() {
    let lines = r#"
    red.people.append(cid)
    red.people.remove(ann)
    session.flush()
    say(cid.team.name)
    red.people.extend([Person(name="dan"), Person(name="eve")])
    session.commit()
    say([(one.id, one.name) for one in red.people])
    new = Team(name="green")
    new.people.append(Person(name="fay"))
    session.add(new)
    session.commit()
    say([(one.id, one.team_id) for one in new.people])
    ann.remarks = [Remark(), Remark()]
    session.commit()
    ann.remarks.pop()
    session.commit()
"#;
    let expected = [
        "UPDATE person SET team_id=NULL WHERE person.id = 1;",
        "UPDATE person SET team_id=1 WHERE person.id = 3;",
        "SELECT 'red';",
        "INSERT INTO person (team_id, name) VALUES (1, 'dan');",
        "INSERT INTO person (team_id, name) VALUES (1, 'eve');",
        "SELECT '[(2, bob), (3, cid), (4, dan), (5, eve)]';",
        "INSERT INTO team (name) VALUES ('green');",
        "INSERT INTO person (team_id, name) VALUES (3, 'fay');",
        "SELECT '[(6, 3)]';",
        "INSERT INTO remark (person_id) VALUES (1);",
        "INSERT INTO remark (person_id) VALUES (1);",
        "DELETE FROM remark WHERE remark.id = 2;",
    ];
    assert_eq!(written(lines), expected);
}

/// What a collection has by an association table are rows of that.
#[test]
fn association_tables_are_followed() {
    let lines = r#"
    say([one.name for one in ann.clubs])
    ann.clubs.remove(golf)
    cid.clubs.append(chess)
    cid.clubs.append(Club(name="rowing"))
    session.commit()
    say([one.name for one in cid.clubs])
    say([one.name for one in golf.people])
    session.commit()
    session.delete(cid)
    session.commit()
    say([tuple(one) for one in bind.execute(sa.select(member).order_by(member.c.person_id))])
"#;
    let expected = [
        "SELECT '[golf, chess]';",
        "DELETE FROM member WHERE member.person_id = 1 AND member.club_id = 1;",
        "INSERT INTO club (name) VALUES ('rowing');",
        "INSERT INTO member (person_id, club_id) VALUES (3, 2);",
        "INSERT INTO member (person_id, club_id) VALUES (3, 3);",
        "SELECT '[chess, rowing]';",
        "SELECT '[bob]';",
        "DELETE FROM member WHERE member.person_id = 3 AND member.club_id = 2;",
        "DELETE FROM member WHERE member.person_id = 3 AND member.club_id = 3;",
        "DELETE FROM person WHERE person.id = 3;",
        "SELECT '[(1, 2), (2, 1)]';",
    ];
    assert_eq!(written(lines), expected);
}

/// Where SQLAlchemy would change the other side at once, or the order of new rows is not certain, nothing is
/// guessed.
#[test]
fn what_is_not_certain_is_refused() {
    let cases = [
        "cid.team; red.people.append(cid); say(cid.team)",
        "golf.people; cid.clubs.append(golf); say(len(golf.people))",
        "blue = session.get(Team, 2); red.people; blue.people; red.people.append(Person()); blue.people.append(Person()); session.commit()",
        "red.people; session.add(Person(name='x')); red.people.append(Person()); session.commit()",
        "red.people.append(golf); session.commit()",
        "red.people.append(ann); session.commit()",
    ];
    for case in cases {
        let body = format!("{TABLES}    {case}\n    session.commit()\n");
        let directory = project(&[("a1", &body)]);
        let found = answer(&gensql(directory.path(), &["upgrade", "head", "--fresh"]));
        assert!(found.contains("error[E0202]"), "{case}: {found}");
    }
}
