"""What SQLAlchemy's `Inspector` answers about schemas that migrations make, on real servers.

Run with a Python that has alembic 1.20.1, SQLAlchemy 2.1.9, psycopg2 and pymysql:

    python tests/oracle/inspect_cases.py > tests/oracle/inspect_cases.json
    python tests/oracle/inspect_cases.py --check            the file is what the servers answer
    python tests/oracle/inspect_cases.py --check sqlite     on one of them

Each case is the body of a migration. The same questions are then asked of the server, and by the
next migration of gensql. Dictionaries are sorted by their keys, and lists of constraints and
indexes by what is in them: servers give them in an order of their own.
"""

import json
import sys
import textwrap
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
RECORDED = Path(__file__).with_suffix(".json")
ALL = ["sqlite", "postgresql", "mariadb"]

# Name, dialects, the body of `upgrade`.
CASES = [
    ("keys", ALL, """
        op.create_table("parent", sa.Column("id", sa.Integer, primary_key=True), sa.Column("code", sa.String(20), nullable=False, unique=True))
        op.create_table("pair", sa.Column("a", sa.Integer, nullable=False), sa.Column("b", sa.Integer, nullable=False), sa.PrimaryKeyConstraint("a", "b", name="pk_pair"))
        op.create_table("child", sa.Column("id", sa.Integer, primary_key=True), sa.Column("parent_id", sa.Integer, nullable=True), sa.Column("a", sa.Integer), sa.Column("b", sa.Integer),
            sa.ForeignKeyConstraint(["parent_id"], ["parent.id"], name="fk_parent", ondelete="CASCADE", onupdate="SET NULL"),
            sa.ForeignKeyConstraint(["a", "b"], ["pair.a", "pair.b"], name="fk_pair"))
        op.create_table("other", sa.Column("id", sa.Integer, primary_key=True), sa.Column("parent_id", sa.Integer, sa.ForeignKey("parent.id")))
    """),
    ("no key", ALL, """
        op.create_table("log", sa.Column("message", sa.String(50)), sa.Column("level", sa.Integer, nullable=False))
    """),
    ("uniques and indexes", ALL, """
        op.create_table("account", sa.Column("id", sa.Integer, primary_key=True), sa.Column("email", sa.String(100)), sa.Column("tenant", sa.Integer), sa.Column("name", sa.String(50)),
            sa.UniqueConstraint("tenant", "email", name="uq_email"))
        op.create_index("ix_name", "account", ["name"])
        op.create_index("ix_both", "account", ["tenant", "name"], unique=True)
    """),
    ("checks", ALL, """
        op.create_table("price", sa.Column("id", sa.Integer, primary_key=True), sa.Column("amount", sa.Integer), sa.CheckConstraint("amount > 0", name="ck_amount"))
    """),
    ("partial index", ["postgresql", "sqlite"], """
        op.create_table("job", sa.Column("id", sa.Integer, primary_key=True), sa.Column("state", sa.String(10)))
        op.create_index("ix_open", "job", ["state"], unique=True, postgresql_where=sa.text("state = 'open'"), sqlite_where=sa.text("state = 'open'"))
    """),
    ("numbers", ALL, """
        op.create_table("n", sa.Column("id", sa.BigInteger, primary_key=True), sa.Column("small", sa.SmallInteger), sa.Column("price", sa.Numeric(10, 2)), sa.Column("plain", sa.Numeric),
            sa.Column("ratio", sa.Float), sa.Column("exact", sa.Double), sa.Column("flag", sa.Boolean), sa.Column("money", sa.DECIMAL(8)))
    """),
    ("texts", ALL, """
        op.create_table("t", sa.Column("id", sa.Integer, primary_key=True), sa.Column("short", sa.String(10)), sa.Column("long", sa.Text), sa.Column("fixed", sa.CHAR(2)),
            sa.Column("wide", sa.Unicode(30)), sa.Column("bytes", sa.LargeBinary), sa.Column("uid", sa.Uuid), sa.Column("doc", sa.JSON))
    """),
    ("times", ALL, """
        op.create_table("w", sa.Column("id", sa.Integer, primary_key=True), sa.Column("at", sa.DateTime), sa.Column("zone", sa.DateTime(timezone=True)), sa.Column("day", sa.Date), sa.Column("clock", sa.Time))
    """),
    ("defaults", ALL, """
        op.create_table("d", sa.Column("id", sa.Integer, primary_key=True), sa.Column("s", sa.String(20), server_default="it's"), sa.Column("n", sa.Integer, server_default="5"),
            sa.Column("x", sa.Integer, server_default=sa.text("7")))
    """),
    ("defaults that are expressions", ["sqlite", "postgresql"], """
        op.create_table("d", sa.Column("id", sa.Integer, primary_key=True), sa.Column("b", sa.Boolean, server_default=sa.false()), sa.Column("at", sa.DateTime, server_default=sa.func.now()),
            sa.Column("c", sa.DateTime, server_default=sa.text("CURRENT_TIMESTAMP")))
    """),
    ("comments", ["postgresql", "mariadb"], """
        op.create_table("c", sa.Column("id", sa.Integer, primary_key=True, comment="the key"), sa.Column("x", sa.Integer), comment="it's a table")
    """),
    ("enums", ALL, """
        op.create_table("e", sa.Column("id", sa.Integer, primary_key=True), sa.Column("mood", sa.Enum("sad", "ok", name="mood"), nullable=False, server_default="ok"))
    """),
    ("postgresql's own types", ["postgresql"], """
        op.create_table("own", sa.Column("id", postgresql.UUID(as_uuid=True), primary_key=True), sa.Column("doc", postgresql.JSONB), sa.Column("tags", postgresql.ARRAY(sa.String(5))), sa.Column("net", postgresql.INET),
            sa.Column("span", postgresql.INTERVAL), sa.Column("search", postgresql.TSVECTOR))
        op.create_index("ix_doc", "own", ["doc"], postgresql_using="gin")
    """),
    ("identities and computed columns", ["postgresql"], """
        op.create_table("i", sa.Column("id", sa.Integer, sa.Identity(always=True, start=5), primary_key=True), sa.Column("x", sa.Integer), sa.Column("y", sa.Integer, sa.Computed("x * 2", persisted=True)))
    """),
    ("views, sequences and schemas", ["postgresql"], """
        op.execute("CREATE SCHEMA extra")
        op.create_table("inside", sa.Column("id", sa.Integer, primary_key=True), schema="extra")
        op.create_table("outside", sa.Column("id", sa.Integer, primary_key=True), sa.Column("inside_id", sa.Integer, sa.ForeignKey("extra.inside.id", name="fk_inside")))
        op.execute("CREATE VIEW shown AS SELECT id FROM outside")
        op.execute(sa.schema.CreateSequence(sa.Sequence("counter")))
    """),
    ("a view", ["sqlite", "mariadb"], """
        op.create_table("t", sa.Column("id", sa.Integer, primary_key=True))
        op.execute("CREATE VIEW shown AS SELECT id FROM t")
    """),
    ("changed afterwards", ALL, """
        op.create_table("old", sa.Column("id", sa.Integer, primary_key=True), sa.Column("a", sa.String(10)), sa.Column("b", sa.Integer))
        op.add_column("old", sa.Column("added", sa.Integer, nullable=True))
        op.create_index("ix_b", "old", ["b"])
        with op.batch_alter_table("old") as batch:
            batch.alter_column("a", existing_type=sa.String(10), type_=sa.String(30), nullable=False)
            batch.create_unique_constraint("uq_added", ["added"])
        op.rename_table("old", "new")
    """),
    ("raw SQL", ["sqlite", "postgresql"], """
        op.execute("CREATE TABLE raw (id INTEGER PRIMARY KEY, name VARCHAR(20) NOT NULL DEFAULT 'x', parent INTEGER REFERENCES raw (id) ON DELETE CASCADE)")
        op.execute("CREATE INDEX ix_raw ON raw (name)")
        op.execute("ALTER TABLE raw ADD COLUMN extra TEXT")
    """),
]

# The questions, as a migration asks them. `answer` takes each line.
QUESTIONS = '''
def plain(value):
    if isinstance(value, sa.types.TypeEngine):
        return str(value)
    if hasattr(value, "text"):
        return "text(%r)" % value.text
    if isinstance(value, dict):
        return {key: plain(value[key]) for key in sorted(value)}
    if isinstance(value, (list, tuple)):
        return [plain(item) for item in value]
    return value


def ask(inspector, name, *args, **kwargs):
    text = ", ".join([repr(arg) for arg in args] + ["%s=%r" % item for item in kwargs.items()])
    try:
        found = plain(getattr(inspector, name)(*args, **kwargs))
    except NotImplementedError:
        return answer("%s(%s): NotImplementedError" % (name, text))
    if isinstance(found, list) and name != "get_columns":
        found = sorted(found, key=repr)
    if name != "get_columns":
        return answer("%s(%s): %r" % (name, text, found))
    for column in found:
        for key in sorted(column):
            answer("%s(%s): %s: %s: %r" % (name, text, column["name"], key, column[key]))


def questions(inspector, schemas):
    for schema in schemas:
        where = {"schema": schema} if schema else {}
        tables = [name for name in inspector.get_table_names(**where) if name != "alembic_version"]
        answer("get_table_names(%s): %r" % (schema, sorted(tables)))
        ask(inspector, "get_view_names", **where)
        ask(inspector, "get_sequence_names", **where)
        for table in sorted(tables):
            for name in ("get_columns", "get_pk_constraint", "get_foreign_keys", "get_indexes", "get_unique_constraints", "get_check_constraints", "get_table_comment"):
                ask(inspector, name, table, **where)
            ask(inspector, "has_table", table, **where)
            for index in inspector.get_indexes(table, **where):
                ask(inspector, "has_index", table, index["name"], **where)
            ask(inspector, "has_index", table, "nothing", **where)
    ask(inspector, "has_table", "nothing")
    ask(inspector, "get_temp_table_names")
    if inspector.bind.dialect.name == "postgresql":
        ask(inspector, "get_enums")
        ask(inspector, "get_schema_names")
'''


def body(case: str) -> str:
    return textwrap.indent(textwrap.dedent(case).strip("\n"), "    ") + "\n"


def schemas(case: str) -> list:
    return [None, "extra"] if "SCHEMA extra" in case else [None]


def ask(url: str, case: str) -> list[str]:
    """The lines of a server's answers."""
    import sqlalchemy
    from alembic.migration import MigrationContext
    from alembic.operations import Operations

    lines: list[str] = []
    space: dict = {"answer": lines.append}
    head = "import sqlalchemy as sa\nfrom alembic import op\nfrom sqlalchemy.dialects import postgresql\n\n\ndef upgrade():\n"
    exec(head + body(case) + QUESTIONS, space)
    engine = sqlalchemy.create_engine(url)
    with engine.begin() as connection:
        with Operations.context(MigrationContext.configure(connection)):
            space["upgrade"]()
        # Asked as the next migration asks: the schema is there.
    with engine.begin() as connection:
        space["questions"](sqlalchemy.inspect(connection), schemas(case))
    engine.dispose()
    return lines


def answers(wanted: list[str]) -> dict[str, dict[str, list[str]]]:
    sys.path.insert(0, str(ROOT / "parity"))
    from servers import MariaDb, Postgres

    found: dict[str, dict[str, list[str]]] = {}
    for dialect in wanted:
        if dialect == "sqlite":
            for name, dialects, case in CASES:
                if dialect in dialects:
                    found.setdefault(name, {})[dialect] = ask("sqlite://", case)
            continue
        with {"postgresql": Postgres, "mariadb": MariaDb}[dialect]() as server:
            for number, (name, dialects, case) in enumerate(CASES):
                if dialect not in dialects:
                    continue
                # A server for each case would take long: the database is made anew.
                url = server.create("cases" if dialect == "mariadb" else f"case{number}")
                found.setdefault(name, {})[dialect] = ask(url, case)
    return found


def main() -> int:
    check = sys.argv[1:2] == ["--check"]
    wanted = sys.argv[2:] if check else []
    found = answers(wanted or ALL)
    cases = [
        {"name": name, "body": body(case), "schemas": schemas(case), "answers": found[name]}
        for name, dialects, case in CASES
        if name in found
    ]
    whole = {"questions": QUESTIONS, "cases": cases}
    if not check:
        print(json.dumps(whole, indent=1))
        return 0
    recorded = json.loads(RECORDED.read_text(encoding="utf-8"))
    wrong = [] if recorded["questions"] == QUESTIONS else ["the questions"]
    known = {case["name"]: case for case in recorded["cases"]}
    for case in cases:
        old = known.get(case["name"], {"body": "", "answers": {}})
        if old["body"] != case["body"]:
            wrong.append(case["name"])
        for dialect, lines in case["answers"].items():
            if old["answers"].get(dialect) != lines:
                wrong.append(f"{case['name']} on {dialect}")
    print("\n".join(wrong) or f"{len(cases)} cases: as recorded")
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main())
