//! What `--compat alembic` warns of, because Alembic's text does harm there.

use std::fs;

use crate::program::{answer, gensql, hold};

fn warnings(dialect: &str, body: &str) -> String {
    let directory = tempfile::tempdir().unwrap();
    let ini = "[alembic]\nscript_location = .\nsqlalchemy.url = sqlite://\n";
    fs::write(directory.path().join("alembic.ini"), ini).unwrap();
    fs::create_dir(directory.path().join("versions")).unwrap();
    let body = body.replace('\n', "\n    ");
    let text = format!(
        "import sqlalchemy as sa\nfrom alembic import op\nrevision = 'a'\ndown_revision = None\n\
         def upgrade():\n    {body}\ndef downgrade():\n    pass\n"
    );
    fs::write(directory.path().join("versions/a.py"), text).unwrap();
    let arguments = [
        "--dialect",
        dialect,
        "--compat",
        "alembic",
        "upgrade",
        "head",
    ];
    let output = gensql(directory.path(), &arguments);
    assert!(output.status.success(), "{}", answer(&output));
    let stderr = String::from_utf8(output.stderr).unwrap();
    let lines = stderr.lines().filter(|line| line.starts_with("warning"));
    lines.collect::<Vec<_>>().join("\n")
}

#[test]
fn each_is_told() {
    let cases = [
        (
            "7, added",
            "postgresql",
            "op.add_column('t', sa.Column('c', sa.Enum('a', name='e')))",
        ),
        (
            "7, created by itself",
            "postgresql",
            "e = sa.Enum('a', name='e')\ne.create(op.get_bind())\nop.add_column('t', sa.Column('c', e))",
        ),
        (
            "7, dropped",
            "postgresql",
            "op.create_table('t', sa.Column('c', sa.Enum('a', name='e')))\nop.drop_table('t')\nop.execute('DROP TYPE e')\nop.create_table('t', sa.Column('c', sa.Enum('a', name='e')))",
        ),
        (
            "13",
            "mssql",
            "op.bulk_insert(sa.table('t', sa.column('a', sa.Integer)), [{'a': 1}, {'a': 2}])",
        ),
        (
            "14",
            "oracle",
            "op.alter_column('t', 'c', comment='x', schema='s')\nop.alter_column('t', 'c', comment='x')",
        ),
        (
            "17",
            "postgresql",
            "t = sa.Table('t', sa.MetaData(), sa.Column('a', sa.Integer), sa.Column('n', sa.Integer, default=3))\nop.bulk_insert(t, [{'a': 1}, {'a': 2}])",
        ),
        (
            "18",
            "postgresql",
            "op.get_bind().execute(sa.text('DELETE FROM t WHERE a = :x'), {'x': 1})",
        ),
    ];
    let mut text = String::new();
    for (point, dialect, body) in cases {
        text.push_str(&format!("{point}\n{}\n\n", warnings(dialect, body)));
    }
    hold("unsafe_compat", "warnings", &text);
}
