#!/usr/bin/env python3
"""Rows that migrations read: random migrations that loop over what earlier ones wrote.

    python3 parity/rows.py                            SQLite, PostgreSQL and MariaDB
    python3 parity/rows.py --engine sqlite --count 500 --seed 7

Each project is made at random of statements that put in, change, take out and read rows, through texts,
expressions and objects of a session. Real Alembic migrates one empty database online; another gets
gensql's `--fresh` script. Where gensql writes a script, all rows must be the same; where it says that
rows are not known, that is counted. GENSQL_REQUIRE_SERVERS=1 makes a missing server a failure.
"""

from __future__ import annotations

import argparse
import os
import random
import shutil
import subprocess
import sys
import tempfile
from collections import Counter
from pathlib import Path

import environment
from online import Sqlite
from servers import MariaDb, Postgres, Unavailable

HEAD = '''"""{revision}"""
import sqlalchemy as sa
from alembic import op
from sqlalchemy.orm import Session, declarative_base, relationship

revision = "{revision}"
down_revision = {down}
Base = declarative_base()


class Team(Base):
    __tablename__ = "team"
    id = sa.Column(sa.Integer, primary_key=True)
    name = sa.Column(sa.String(20))
    rank = sa.Column(sa.Integer)
    is_open = sa.Column(sa.Boolean)
    people = relationship("Person")


class Person(Base):
    __tablename__ = "person"
    id = sa.Column(sa.Integer, primary_key=True)
    team_id = sa.Column(sa.Integer, sa.ForeignKey("team.id"))
    name = sa.Column(sa.String(20))
    level = sa.Column(sa.Integer)
    team = relationship("Team")
    clubs = relationship("Club", secondary="member")


class Club(Base):
    __tablename__ = "club"
    id = sa.Column(sa.Integer, primary_key=True)
    name = sa.Column(sa.String(20), onupdate="changed")
    level = sa.Column(sa.Integer, onupdate=lambda: 7)


member = sa.Table("member", Base.metadata, sa.Column("person_id", sa.ForeignKey("person.id"), primary_key=True),
                  sa.Column("club_id", sa.ForeignKey("club.id"), primary_key=True))
team = sa.table("team", sa.column("id", sa.Integer), sa.column("name", sa.String), sa.column("rank", sa.Integer),
                sa.column("is_open", sa.Boolean))
person = sa.table("person", sa.column("id", sa.Integer), sa.column("team_id", sa.Integer), sa.column("name", sa.String),
                  sa.column("level", sa.Integer))


def note(value):
    op.get_bind().execute(sa.text("INSERT INTO note (text) VALUES (:text)"), {{"text": str(value)}})


def upgrade():
    bind = op.get_bind()
'''

FIRST = '''    op.create_table("team", sa.Column("id", sa.Integer, primary_key=True), sa.Column("name", sa.String(20)),
                    sa.Column("rank", sa.Integer, server_default="3"), sa.Column("is_open", sa.Boolean, server_default=sa.false()))
    op.create_table("person", sa.Column("id", sa.Integer, primary_key=True), sa.Column("name", sa.String(20)),
                    sa.Column("team_id", sa.Integer, sa.ForeignKey("team.id"{ondelete})), sa.Column("level", sa.Integer))
    op.create_table("note", sa.Column("id", sa.Integer, primary_key=True), sa.Column("text", sa.String(200)))
    op.create_table("club", sa.Column("id", sa.Integer, primary_key=True), sa.Column("name", sa.String(20)), sa.Column("level", sa.Integer))
    op.create_table("member", sa.Column("person_id", sa.Integer, sa.ForeignKey("person.id"), primary_key=True),
                    sa.Column("club_id", sa.Integer, sa.ForeignKey("club.id"), primary_key=True))
    op.execute("INSERT INTO club (name) VALUES ('golf'), ('chess'), ('rowing')")
    op.execute("INSERT INTO person (name, level) VALUES ('first', 1), ('second', 2)")
'''

NAMES = ["red", "blue", "green", "Red", "grey", "blue2", ""]


def condition(rng: random.Random, table: str) -> tuple[str, str]:
    """A condition as SQL and as an expression."""
    name, number = rng.choice(NAMES), rng.randint(0, 5)
    column = "rank" if table == "team" else "level"
    return rng.choice([
        (f"name = '{name}'", f"{table}.c.name == '{name}'"),
        (f"name <> '{name}'", f"{table}.c.name != '{name}'"),
        (f"{column} > {number}", f"{table}.c.{column} > {number}"),
        (f"{column} IS NULL", f"{table}.c.{column}.is_(None)"),
        (f"{column} IS NOT NULL AND id <= {number}", f"sa.and_({table}.c.{column}.isnot(None), {table}.c.id <= {number})"),
        (f"id IN ({number}, {number + 1})", f"{table}.c.id.in_([{number}, {number + 1}])"),
        (f"name LIKE 'b%' OR {column} = {number}", f"sa.or_({table}.c.name.like('b%'), {table}.c.{column} == {number})"),
        (f"NOT ({column} = {number})", f"sa.not_({table}.c.{column} == {number})"),
    ])


def step(rng: random.Random) -> list[str]:
    """The lines of one step."""
    name, other, number = rng.choice(NAMES), rng.choice(NAMES), rng.randint(0, 5)
    table = rng.choice(["team", "person"])
    column = "rank" if table == "team" else "level"
    sql, expression = condition(rng, table)
    flag = rng.choice(["True", "False"])
    return rng.choice([
        [f'op.bulk_insert(team, [{{"name": "{name}", "rank": {number}}}, {{"name": "{other}", "rank": {number}}}])'],
        [f'op.bulk_insert(team, [{{"name": "{name}", "is_open": {flag}}}])'],
        [f"op.execute(\"INSERT INTO person (name, level) VALUES ('{name}', {number}), ('{other}', NULL)\")"],
        [f'bind.execute(team.insert().values(name="{name}"))'],
        [f'op.execute("INSERT INTO person (name, team_id) SELECT name, id FROM team WHERE id = {number}")'],
        [f"op.execute(\"UPDATE {table} SET {column} = {number} WHERE {sql}\")"],
        [f'note(bind.execute({table}.update().where({expression}).values({column}={number}, name="{other}")).rowcount)'],
        [f'bind.execute({table}.delete().where({expression}))' if table == "person" else f'op.execute("DELETE FROM team WHERE id = {number} AND NOT EXISTS (SELECT 1 FROM person WHERE team_id = {number})")'],
        [f'for row in bind.execute(sa.text("SELECT id, name, {column} FROM {table} WHERE {sql} ORDER BY id")).fetchall():',
         f'    note(f"{{row.id}} {{row.name}} {{row.{column}}}")'],
        [f'for row in bind.execute(sa.select({table}).where({expression}).order_by({table}.c.id.desc())).fetchall():',
         f'    bind.execute({table}.update().where({table}.c.id == row.id).values({column}=(row.{column} or 0) + 1))'],
        [f'note(bind.execute(sa.text("SELECT count(*) FROM {table} WHERE {sql}")).scalar())'],
        [f'note(bind.execute(sa.text("SELECT max({column}), min(id), count({column}) FROM {table}")).one()[0])'],
        [f'note(bind.execute(sa.select(sa.func.count()).select_from({table}).where({expression})).scalar())'],
        ['for row in bind.execute(sa.text("SELECT p.id, t.name AS n FROM person p LEFT JOIN team t ON t.id = p.team_id ORDER BY p.id")).fetchall():',
         '    note(f"{row.id} {row.n}")'],
        ['for row in bind.execute(sa.select(person.c.id, team.c.name).select_from(person.join(team, team.c.id == person.c.team_id)).order_by(person.c.id)).fetchall():',
         '    note(f"{row[0]} {row[1]}")'],
        [f'if bind.execute(sa.text("SELECT EXISTS (SELECT 1 FROM {table} WHERE {sql})")).scalar():',
         f"    op.execute(\"INSERT INTO team (name) VALUES ('seen')\")"],
        ['session = Session(bind=bind)', f'for one in session.query(Team).filter(Team.rank > {number}).order_by(Team.id):',
         f'    session.add(Person(team_id=one.id, name="of", level=one.rank))', f'    one.rank = one.rank - 1', 'session.commit()'],
        ['session = Session(bind=bind)', f'new = Team(name="{name}", rank={number})', f'session.add(Person(name="{other}", team=new))',
         'session.flush()', 'note(new.id)', f'new.rank = {number + 1}', 'session.commit()'],
        ['session = Session(bind=bind)', f'found = session.query(Person).filter(Person.id == {number}).one_or_none()', 'if found is not None:',
         '    note(found.name)', '    session.delete(found)', 'session.commit()'],
        ['session = Session(bind=bind)', f'for a, b in session.query(Person, Team).join(Team, Team.id == Person.team_id).filter(Team.id > {number}).order_by(Person.id):',
         '    note(f"{a.id} {b.name} {a.team.name}")', 'session.commit()'],
        ['session = Session(bind=bind)', f'for one in session.execute(sa.select(Team).where(Team.rank > {number}).order_by(Team.id)).scalars():',
         f'    one.rank = one.rank + {number}', '    note(one.name)', 'session.commit()'],
        ['session = Session(bind=bind)', f'for one in session.scalars(sa.select(Person).join(Team, Team.id == Person.team_id).where(Team.rank <= {number}).order_by(Person.id)).all():',
         f'    one.team = None if one.level == {number} else one.team', '    note(f"{one.id} {one.name}")', 'session.commit()'],
        ['session = Session(bind=bind)', f'one = session.get(Team, {number})', 'if one is not None:',
         '    for each in sorted(one.people, key=lambda each: each.id):', f'        each.level = (each.level or 0) + {number}', '        note(f"{one.name} {each.name}")', 'session.commit()'],
        ['session = Session(bind=bind)', f'found = session.query(Team).join(Person, Person.team_id == Team.id).order_by(Team.id)', 'note([one.id for one in found])',
         'note(found.count())', 'note([one.id for one in session.scalars(sa.select(Team).join(Person, Person.team_id == Team.id).order_by(Team.id, Person.id))])'],
        ['session = Session(bind=bind)', f'for a, b in session.execute(sa.select(Person, Team.name).join(Team, Team.id == Person.team_id).order_by(Person.id)):',
         f'    a.name = "{name}"', '    note(f"{a.id} {b}")', 'session.commit()'],
        ['session = Session(bind=bind)', f'one = session.execute(sa.select(Team).where(Team.id == {number})).scalar_one_or_none()', 'if one is not None:',
         '    for each in one.people:', '        session.delete(each)', '    session.delete(one)', 'session.commit()'],
        [f'for row in bind.execute(sa.text("SELECT {column}, count(*) AS n, max(id) AS m FROM {table} GROUP BY {column} HAVING count(*) >= {number % 3} ORDER BY max(id)")):',
         f'    note(f"{{row.{column}}} {{row.n}} {{row.m}}")'],
        [f'for row in bind.execute(sa.select({table}.c.name, sa.func.count(sa.distinct({table}.c.{column}))).where({expression}).group_by({table}.c.name).having(sa.func.sum({table}.c.id) > {number}).order_by(sa.func.min({table}.c.id))):',
         '    note(f"{row[0]} {row[1]}")'],
        [f"op.execute(\"UPDATE team SET rank = (SELECT sum(level) FROM person WHERE person.team_id = team.id) WHERE id <= {number}\")"],
        [f'bind.execute({table}.update().where({expression}).values(name={table}.c.name + "{number}"))'],
        [f'for row in bind.execute(sa.select({table}.c.id, sa.case(({expression}, "a"), else_="b"), sa.func.coalesce({table}.c.{column}, {number})).order_by({table}.c.id)):',
         '    note(f"{row[0]} {row[1]} {row[2]}")'],
        [f"op.execute(\"UPDATE {table} SET {column} = CASE WHEN {sql} THEN {number} ELSE coalesce({column}, 0) + 1 END\")"],
        [f'note(bind.execute(sa.text("SELECT count(DISTINCT {column}) FROM {table} WHERE {sql}")).scalar())'],
        [f'for row in bind.execute(sa.select(team.c.id).where(~sa.exists().where(person.c.team_id == team.c.id)).order_by(team.c.id)):',
         '    note(row.id)'],
        [f'note([row.name for row in bind.execute(sa.select({table}.c.name).distinct().where({expression}).order_by({table}.c.name))])'],
        [f'op.add_column("note", sa.Column("c{rng.randint(0, 10 ** 9)}", sa.Integer, server_default="{number}"))'],
        [f'bind.execute(sa.text("INSERT INTO {table} (id, name) VALUES ({rng.randint(50, 10 ** 6)}, :name)"), {{"name": "{name}"}})'],
        [f"op.execute(\"UPDATE person SET team_id = (SELECT min(id) FROM team WHERE name = '{name}') WHERE level = {number}\")"],
        ['session = Session(bind=bind)', f'one, other = session.get(Team, {number}), session.get(Person, {number % 3 + 1})', 'if one is not None and other is not None:',
         '    if other in one.people:', '        one.people.remove(other)', '    else:', '        one.people.append(other)', '    session.commit()',
         '    note(sorted(each.name for each in one.people))'],
        ['session = Session(bind=bind)', f'one = session.get(Team, {number})', 'if one is not None:', f'    one.people.extend([Person(name="{name}"), Person(name="{other}")])',
         '    session.commit()', '    note(sorted((each.id, each.name) for each in one.people))'],
        ['session = Session(bind=bind)', f'one, club = session.get(Person, {rng.randint(1, 3)}), session.get(Club, {rng.randint(1, 3)})', 'if one is not None and club is not None:',
         '    if club in one.clubs:', '        one.clubs.remove(club)', '    else:', '        one.clubs.append(club)', f'    note(len(one.clubs))', '    session.commit()'],
        ['session = Session(bind=bind)', f'new = Person(name="{name}", clubs=[session.get(Club, {rng.randint(1, 3)}), Club(name="{other}")])', 'session.add(new)', 'session.flush()',
         'note((new.id, sorted(each.id for each in new.clubs)))', 'session.commit()'],
        [f'for row in bind.execute(sa.text("SELECT id, name FROM {table} ORDER BY id LIMIT 2 OFFSET {number}")).fetchall():', '    note(f"{row.id} {row.name}")'],
        [f'for row in bind.execute(sa.select({table}.c.id).where({expression}).order_by({table}.c.id.desc()).offset({number % 3}).limit(2)):', '    note(row.id)'],
        [f'for row in bind.execute(sa.text("SELECT id FROM team WHERE rank > {number} UNION {rng.choice(["", "ALL "])}SELECT team_id FROM person WHERE team_id IS NOT NULL ORDER BY id")):', '    note(row.id)'],
        [f'note(len(bind.execute(sa.union(sa.select(team.c.name), sa.select(person.c.name).where(person.c.level == {number}))).all()))'],
        [f"op.execute(\"UPDATE {table} SET name = name || '{number}' WHERE {sql}\")"],
        ['session = Session(bind=bind)', f'note(session.query(Club).filter(Club.id <= {number}).update({{"level": {number}}}))', f'bind.execute(sa.update(Club).where(Club.id == {number}).values(name="{name}"))',
         'note([(each.name, each.level) for each in session.query(Club).order_by(Club.id)])'],
        [f"op.execute(\"UPDATE team SET rank = rank + 1 WHERE name IN (SELECT name FROM person WHERE level > {number})\")"],
    ])


def project(rng: random.Random, folder: Path) -> Path:
    """Writes a project; its configuration."""
    versions = folder / "versions"
    versions.mkdir(parents=True)
    down = None
    for number in range(rng.randint(1, 4)):
        revision = f"r{number}"
        lines = [HEAD.format(revision=revision, down=repr(down))]
        if number == 0:
            ondelete = rng.choice(["", "", "", ', ondelete="CASCADE"'])
            lines.append(FIRST.format(ondelete=ondelete))
        for _ in range(rng.randint(2, 9)):
            lines += [f"    {line}\n" for line in step(rng)]
        lines.append("\n\ndef downgrade():\n    pass\n")
        (versions / f"{revision}.py").write_text("".join(lines), encoding="utf-8")
        down = revision
    shutil.copy(environment.HERE / "stock" / "env.py", folder / "env.py")
    ini = folder / "alembic.ini"
    stock = (environment.HERE / "stock" / "alembic.ini").read_text(encoding="utf-8")
    stock = stock.replace("%(here)s/migrations", "%(here)s").replace("@VERSIONS@", "%(here)s/versions").replace("@PATHS@", ".")
    ini.write_text(stock, encoding="utf-8")
    return ini


ALEMBIC = """
import sys
from alembic import command
from alembic.config import Config
config = Config(sys.argv[1])
config.set_main_option("sqlalchemy.url", sys.argv[2].replace("%", "%%"))
command.upgrade(config, "heads")
"""


def check(rng: random.Random, engine: str, server, gensql: Path) -> tuple[str, str]:
    """(verdict, detail) of one random project."""
    with tempfile.TemporaryDirectory(prefix="gensql-rows-") as directory:
        ini = project(rng, Path(directory))
        run = subprocess.run([str(gensql), "-c", str(ini), "--dialect", engine, "upgrade", "heads", "--fresh"],
                             capture_output=True, text=True, timeout=120)
        if run.returncode not in (0, 1):
            return "failed", f"exit {run.returncode}: {run.stderr[-300:]}"
        url = server.create("alembic")
        online = subprocess.run([str(environment.python(environment.cache_directory())), "-c", ALEMBIC, str(ini), url],
                                capture_output=True, text=True, timeout=300)
        if run.returncode == 1:
            line = run.stderr.splitlines()[0] if run.stderr else ""
            known = any(f"error[{code}]" in line for code in ("E0204", "E0205", "E0208"))
            if online.returncode != 0 or known:
                return "not known", line
            return "failed", line
        server.create("gensql")
        error = server.apply("gensql", run.stdout)
        if online.returncode != 0:
            return ("both fail", "") if error else ("failed", f"Alembic fails: {online.stderr.strip()[-200:]}")
        if error:
            return "failed", f"the script: {error[-300:]}"
        left, right = server.rows("alembic"), server.rows("gensql")
        if left != right:
            kept = environment.cache_directory() / "rows" / f"{engine}-different"
            shutil.rmtree(kept, ignore_errors=True)
            shutil.copytree(directory, kept)
            (kept / "alembic.txt").write_text(left, encoding="utf-8")
            (kept / "gensql.txt").write_text(right, encoding="utf-8")
            (kept / "script.sql").write_text(run.stdout, encoding="utf-8")
            return "failed", f"other rows; see {kept}"
        return ("same", "") if "alembic_version" in left else ("failed", "nothing was put in")


def main() -> int:
    """Make, run, compare, count."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--gensql", type=Path, default=environment.REPOSITORY / "target" / "release" / "gensql")
    parser.add_argument("--engine", action="append", choices=["sqlite", "postgresql", "mariadb"])
    parser.add_argument("--count", type=int, default=60)
    parser.add_argument("--seed", type=int, default=1)
    options = parser.parse_args()
    environment.prepare(["examples-blog"])
    failures = 0
    for engine in options.engine or ["sqlite", "postgresql", "mariadb"]:
        try:
            with {"sqlite": Sqlite, "postgresql": Postgres, "mariadb": MariaDb}[engine]() as server:
                verdicts: Counter = Counter()
                for number in range(options.count):
                    verdict, detail = check(random.Random(f"{options.seed} {number}"), engine, server, options.gensql.absolute())
                    verdicts[verdict] += 1
                    if verdict == "failed":
                        print(f"FAILED: {engine}, project {number} of seed {options.seed}: {detail}", flush=True)
                print(f"{engine}: {', '.join(f'{count} {verdict}' for verdict, count in verdicts.most_common())}", flush=True)
                # A check that never compares anything proves nothing.
                failures += verdicts["failed"] + (verdicts["same"] * 4 < options.count)
        except Unavailable as missing:
            print(f"skipped: {engine}: {missing}", flush=True)
            failures += os.environ.get("GENSQL_REQUIRE_SERVERS") == "1"
    print(f"{failures} failed", flush=True)
    return 1 if failures else 0


if __name__ == "__main__":
    sys.exit(main())
