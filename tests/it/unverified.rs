//! SQL Server and Oracle Database, which no server verifies here: what they do in their own way,
//! with the text of Alembic and with the text that means the same and works.

use std::fs;

use crate::program::{answer, gensql, hold};

const INI: &str = "[alembic]\nscript_location = .\nsqlalchemy.url = sqlite://\n";

const BEFORE: &str = r#"
def upgrade():
    op.create_table("q", sa.Column("id", sa.Integer, primary_key=True))
    op.create_table(
        "t",
        sa.Column("id", sa.Integer, primary_key=True),
        sa.Column("plain", sa.String(5), nullable=False, comment="before"),
        sa.Column("given", sa.String(5), server_default="x"),
        sa.Column("held", sa.Integer, sa.CheckConstraint("held > 1"), sa.ForeignKey("q.id"), server_default="1"),
        comment="before",
    )
    op.create_table("keyless", sa.Column("a", sa.Integer))
    op.create_index("ix", "t", ["plain"])
"#;

/// Each block in its own revision, so that one that is refused does not hide the others.
const BLOCKS: &[&str] = &[
    r#"op.alter_column("t", "plain", type_=sa.String(9))
op.alter_column("t", "plain", nullable=True)
op.alter_column("t", "plain", new_column_name="Pla'in")"#,
    r#"op.alter_column("t", "given", server_default="y")
op.alter_column("t", "given", server_default=None)"#,
    r#"op.alter_column("t", "given", type_=sa.Text())"#,
    r#"op.alter_column("t", "plain", comment="it's", existing_comment="before")
op.create_table_comment("t", "after", existing_comment="before")
op.drop_table_comment("t")"#,
    r#"op.drop_column("t", "held")"#,
    r#"op.drop_column("My T", "My C", mssql_drop_default=True, mssql_drop_foreign_key=True, schema="s")"#,
    r#"op.drop_index("ix")"#,
    r#"op.drop_index("unknown")"#,
    r#"op.bulk_insert(sa.table("t", sa.column("id", sa.Integer), sa.column("plain", sa.String)), [{"id": 1, "plain": "é"}])
op.bulk_insert(sa.table("t", sa.column("plain", sa.String)), [{"plain": "a"}])
op.bulk_insert(sa.table("keyless", sa.column("a", sa.Integer)), [{"a": 1}, {}])
op.bulk_insert(sa.table("unknown", sa.column("a", sa.Unicode)), [{"a": "b"}])"#,
    r#"op.add_column("t", sa.Column("r", sa.Integer, sa.ForeignKey("q.id", onupdate="CASCADE"), sa.CheckConstraint("r > 1")), inline_references=True, if_not_exists=True)"#,
    r#"op.create_index("ix2", "t", ["plain"], if_not_exists=True, mssql_include=["given"], mssql_where=sa.text("id > 1"), oracle_compress=True)"#,
    r#"op.create_table("made", sa.Column("id", sa.Integer, sa.Identity(start=5), primary_key=True), sa.Column("c", sa.Integer, sa.Computed("id + 1")), sa.Column("f", sa.Boolean(create_constraint=True)), sa.Column("d", sa.Date), sa.Column("l", sa.LargeBinary))"#,
    r#"op.bulk_insert(sa.table("keyless", sa.column("a", sa.DateTime(timezone=True)), sa.column("b", sa.LargeBinary), sa.column("c", sa.Interval)), [{"a": datetime.datetime(2026, 1, 2, 3, 4, 5, tzinfo=datetime.timezone.utc), "b": b"ab"}])"#,
    r#"op.create_table("f", sa.Column("c", sa.Float(5)))"#,
    r#"op.rename_table("keyless", "key'less")"#,
    r#"with op.batch_alter_table("t", recreate="always") as b:
    b.alter_column("plain", type_=sa.String(9))"#,
    r#"op.execute(sa.insert(sa.table("keyless", sa.column("a"))).values({}))"#,
];

fn answers(dialect: &str, options: &[&str]) -> String {
    let directory = tempfile::tempdir().unwrap();
    fs::write(directory.path().join("alembic.ini"), INI).unwrap();
    let versions = directory.path().join("versions");
    fs::create_dir(&versions).unwrap();
    let write = |id: &str, down: &str, body: &str| {
        let text = format!(
            "import datetime\nimport sqlalchemy as sa\nfrom alembic import op\nrevision = '{id}'\ndown_revision = {down}\n{body}\ndef downgrade():\n    pass\n"
        );
        fs::write(versions.join(format!("{id}.py")), text).unwrap();
    };
    write("a0", "None", BEFORE);
    let mut all = String::new();
    for (number, block) in BLOCKS.iter().enumerate() {
        let id = format!("b{number}");
        let body: Vec<String> = block.lines().map(|line| format!("    {line}")).collect();
        write(&id, "'a0'", &format!("def upgrade():\n{}", body.join("\n")));
        let range = format!("a0:{id}");
        let mut arguments = vec!["--dialect", dialect, "upgrade", &range];
        arguments.extend(options);
        let output = gensql(directory.path(), &arguments);
        let answer = answer(&output).replace(&*directory.path().to_string_lossy(), "");
        all.push_str(&format!("{}\n{block}\n{answer}\n", "=".repeat(80)));
    }
    all
}

#[test]
fn sql_server() {
    hold("unverified", "mssql", &answers("mssql", &[]));
    hold("unverified", "mssql_2019", &answers("mssql:2019", &[]));
    let compat = answers("mssql", &["--compat", "alembic"]);
    hold("unverified", "mssql_compat", &compat);
}

#[test]
fn oracle_database() {
    hold("unverified", "oracle", &answers("oracle", &[]));
    hold("unverified", "oracle_19", &answers("oracle:19", &[]));
    let compat = answers("oracle", &["--compat", "alembic"]);
    hold("unverified", "oracle_compat", &compat);
}
