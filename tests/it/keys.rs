//! A table has one primary key, however many of its columns and constraints say what it is.

use std::fs;

use crate::program::script;

/// The columns of a table as one revision creates it, for PostgreSQL and as Alembic writes them.
fn created(parts: &str) -> Vec<String> {
    let directory = tempfile::tempdir().unwrap();
    let path = directory.path();
    fs::write(
        path.join("alembic.ini"),
        "[alembic]\nscript_location = .\nsqlalchemy.url = postgresql://\n",
    )
    .unwrap();
    fs::create_dir(path.join("versions")).unwrap();
    fs::write(
        path.join("versions/a.py"),
        format!(
            "from alembic import op\nfrom sqlalchemy import *\nrevision = 'a'\ndown_revision = None\n\
             from sqlalchemy.ext.compiler import compiles\n\
             class Own(BigInteger):\n    pass\n\
             compiles(Own)(lambda element, compiler, **kw: 'BIGINT')\n\
             def upgrade():\n    op.create_table('t', {parts})\n"
        ),
    )
    .unwrap();
    let text = script(path, &["--compat", "alembic", "upgrade", "head"]);
    let (_, text) = text.split_once("CREATE TABLE t (\n").unwrap();
    let (text, _) = text.split_once("\n);").unwrap();
    text.lines()
        .map(|line| line.trim().trim_end_matches(',').to_owned())
        .collect()
}

#[test]
fn of_several_constraints_the_last_is_the_key() {
    assert_eq!(
        created(
            "Column('a', String), Column('b', String), PrimaryKeyConstraint('a'), PrimaryKeyConstraint('b')"
        ),
        [
            "a VARCHAR NOT NULL",
            "b VARCHAR NOT NULL",
            "PRIMARY KEY (b)"
        ]
    );
    assert_eq!(
        created(
            "Column('a', Integer), PrimaryKeyConstraint('a', name='x'), UniqueConstraint('a'), PrimaryKeyConstraint('a', name='y')"
        ),
        [
            "a SERIAL NOT NULL",
            "CONSTRAINT y PRIMARY KEY (a)",
            "UNIQUE (a)"
        ]
    );
}

#[test]
fn a_constraint_goes_before_what_columns_say() {
    assert_eq!(
        created(
            "Column('a', Integer, primary_key=True), Column('b', Integer), PrimaryKeyConstraint('b')"
        ),
        ["a INTEGER NOT NULL", "b SERIAL NOT NULL", "PRIMARY KEY (b)"]
    );
}

#[test]
fn a_constraint_without_columns_names_the_key_of_the_columns() {
    assert_eq!(
        created(
            "Column('a', Integer), Column('b', Integer, primary_key=True), PrimaryKeyConstraint(name='x')"
        ),
        [
            "a INTEGER",
            "b SERIAL NOT NULL",
            "CONSTRAINT x PRIMARY KEY (b)"
        ]
    );
}

#[test]
fn columns_of_constraints_are_quoted_as_in_the_table() {
    assert_eq!(
        created(
            "Column('key', Integer, quote=True), Column('b', Integer, key='c'), PrimaryKeyConstraint('key'), UniqueConstraint('c')"
        ),
        [
            "\"key\" SERIAL NOT NULL",
            "b INTEGER",
            "PRIMARY KEY (\"key\")",
            "UNIQUE (b)"
        ]
    );
}

#[test]
fn a_type_with_its_own_spelling_counts_as_what_it_derives_from() {
    assert_eq!(
        created("Column('a', Own, primary_key=True), Column('b', Own)"),
        ["a BIGSERIAL NOT NULL", "b BIGINT", "PRIMARY KEY (a)"]
    );
}
