//! The whole process on generated chains, and reading and parsing the same files alone.
//!
//! `GENSQL_BENCH_HUGE=1` adds the chain of 100,000 revisions. `GENSQL_BENCH_ALEMBIC=PROGRAM` runs
//! Alembic beside it, on the same files.

#![allow(missing_docs, clippy::unwrap_used)]

use std::ffi::OsStr;
use std::fmt::Write as _;
use std::path::Path;
use std::process::{Command, Stdio};
use std::time::Duration;

use criterion::{BenchmarkId, Criterion, Throughput, criterion_group, criterion_main};
use gensql::python::syntax;
use gensql::source::SourceFile;

const INI: &str =
    "[alembic]\nscript_location = %(here)s\nsqlalchemy.url = postgresql://localhost/x\n";
const ENV: &str = "from alembic import context\n\ncontext.configure(url=context.config.get_main_option('sqlalchemy.url'), target_metadata=None, literal_binds=True)\n\nwith context.begin_transaction():\n    context.run_migrations()\n";

/// Writes a project with a chain of `length` revisions of the usual size.
fn generate(directory: &Path, length: usize) {
    let versions = directory.join("versions");
    std::fs::create_dir_all(&versions).unwrap();
    std::fs::write(directory.join("alembic.ini"), INI).unwrap();
    std::fs::write(directory.join("env.py"), ENV).unwrap();
    for number in 0..length {
        let id = format!("{number:012x}");
        let down = match number {
            0 => "None".to_owned(),
            _ => format!("'{:012x}'", number - 1),
        };
        let mut text = format!(
            "\"\"\"revision {number}\n\nRevision ID: {id}\n\"\"\"\nfrom alembic import op\nimport sqlalchemy as sa\n\nrevision = '{id}'\ndown_revision = {down}\nbranch_labels = None\ndepends_on = None\n\n\ndef upgrade():\n"
        );
        let table = format!("t{}", number / 5);
        match number % 5 {
            0 => {
                let _ = write!(
                    text,
                    "    op.create_table(\n        '{table}',\n        sa.Column('id', sa.Integer(), nullable=False),\n        sa.Column('name', sa.String(length=80), nullable=False),\n        sa.Column('at', sa.DateTime(timezone=True), server_default=sa.func.now(), nullable=False),\n        sa.PrimaryKeyConstraint('id', name=op.f('pk_{table}')),\n    )\n\n\ndef downgrade():\n    op.drop_table('{table}')\n"
                );
            }
            1 => {
                let _ = write!(
                    text,
                    "    op.add_column('{table}', sa.Column('a', sa.Text(), nullable=True))\n\n\ndef downgrade():\n    op.drop_column('{table}', 'a')\n"
                );
            }
            2 => {
                let _ = write!(
                    text,
                    "    op.create_index(op.f('ix_{table}_a'), '{table}', ['a'], unique=False)\n\n\ndef downgrade():\n    op.drop_index(op.f('ix_{table}_a'), table_name='{table}')\n"
                );
            }
            3 => {
                let _ = write!(
                    text,
                    "    t = sa.table('{table}', sa.column('a', sa.Text), sa.column('name', sa.String))\n    op.execute(t.update().where(t.c.a.is_(None)).values(a=t.c.name))\n\n\ndef downgrade():\n    pass\n"
                );
            }
            _ => {
                let _ = write!(
                    text,
                    "    op.alter_column('{table}', 'a', existing_type=sa.Text(), nullable=False)\n\n\ndef downgrade():\n    op.alter_column('{table}', 'a', existing_type=sa.Text(), nullable=True)\n"
                );
            }
        }
        std::fs::write(versions.join(format!("{id}_revision.py")), text).unwrap();
    }
}

fn run(directory: &Path, arguments: &[&str]) {
    run_program(env!("CARGO_BIN_EXE_gensql").as_ref(), directory, arguments);
}

fn run_program(program: &OsStr, directory: &Path, arguments: &[&str]) {
    let status = Command::new(program)
        .args(arguments)
        .current_dir(directory)
        .stdout(Stdio::null())
        .stdin(Stdio::null())
        .stderr(Stdio::null())
        .status()
        .unwrap();
    assert!(status.success());
}

fn read_and_parse(directory: &Path) {
    for entry in std::fs::read_dir(directory.join("versions")).unwrap() {
        let path = entry.unwrap().path();
        let file = SourceFile::new(&path, std::fs::read_to_string(&path).unwrap());
        std::hint::black_box(syntax::parse(&file).is_ok());
    }
}

fn chains(criterion: &mut Criterion) {
    let mut group = criterion.benchmark_group("chain");
    group
        .sample_size(10)
        .measurement_time(Duration::from_secs(4));
    let mut lengths = vec![1, 100, 1_000, 10_000];
    if std::env::var_os("GENSQL_BENCH_HUGE").is_some() {
        lengths.push(100_000);
    }
    for length in lengths {
        let directory = tempfile::tempdir().unwrap();
        generate(directory.path(), length);
        group.throughput(Throughput::Elements(length as u64));
        group.bench_function(BenchmarkId::new("upgrade head", length), |bencher| {
            bencher.iter(|| run(directory.path(), &["upgrade", "head"]));
        });
        if let Some(alembic) = std::env::var_os("GENSQL_BENCH_ALEMBIC")
            && length <= 1_000
        {
            group.bench_function(BenchmarkId::new("alembic", length), |bencher| {
                let arguments = ["upgrade", "head", "--sql"];
                bencher.iter(|| run_program(&alembic, directory.path(), &arguments));
            });
        }
        // To be linear, and under ten times the script.
        if (100..=10_000).contains(&length) {
            let reports: [(&str, &[&str]); 3] = [
                ("lint", &["lint", "--fail-on", "never"]),
                ("review", &["review"]),
                ("review as HTML", &["review", "--format", "html"]),
            ];
            for (name, arguments) in reports {
                group.bench_function(BenchmarkId::new(name, length), |bencher| {
                    bencher.iter(|| run(directory.path(), arguments));
                });
            }
        }
        if length == 1_000 {
            group.bench_function(BenchmarkId::new("read and parse", length), |bencher| {
                bencher.iter(|| read_and_parse(directory.path()));
            });
        }
        if length == 1 {
            group.bench_function("start", |bencher| {
                bencher.iter(|| run(directory.path(), &["--version"]));
            });
        }
    }
    group.finish();
}

/// Writes a project whose revisions lead to what its models say: a revision makes each table, and
/// later ones add a column and its index to some of them.
fn generate_with_models(directory: &Path, tables: usize, revisions: usize) {
    let versions = directory.join("versions");
    std::fs::create_dir_all(&versions).unwrap();
    let ini = format!("{INI}prepend_sys_path = %(here)s\n");
    std::fs::write(directory.join("alembic.ini"), ini).unwrap();
    let env = ENV
        .replace(
            "import context\n",
            "import context\nfrom models import metadata\n",
        )
        .replace("target_metadata=None", "target_metadata=metadata");
    std::fs::write(directory.join("env.py"), env).unwrap();
    let mut models = "import sqlalchemy as sa\n\nmetadata = sa.MetaData()\n".to_owned();
    for number in 0..tables {
        let altered = number + tables < revisions;
        let parent = number.checked_sub(1).map(|parent| format!("t{parent}.id"));
        let reference = parent.map(|parent| format!("sa.ForeignKey('{parent}'), "));
        let _ = write!(
            models,
            "\nsa.Table('t{number}', metadata,\n    sa.Column('id', sa.Integer, primary_key=True),\n    sa.Column('name', sa.String(80), nullable=False, unique=True),\n    sa.Column('at', sa.DateTime(timezone=True), server_default=sa.func.now(), nullable=False),\n    sa.Column('parent', sa.Integer, {}index=True),\n{})\n",
            reference.unwrap_or_default(),
            match altered {
                true => "    sa.Column('a', sa.Text, index=True),\n",
                false => "",
            }
        );
    }
    std::fs::write(directory.join("models.py"), models).unwrap();
    for number in 0..revisions {
        let id = format!("{number:012x}");
        let down = match number {
            0 => "None".to_owned(),
            _ => format!("'{:012x}'", number - 1),
        };
        let body = match number.checked_sub(tables) {
            None => {
                let parent = number.checked_sub(1);
                let key = parent.map(|parent| {
                    format!("        sa.ForeignKeyConstraint(['parent'], ['t{parent}.id']),\n")
                });
                format!(
                    "    op.create_table(\n        't{number}',\n        sa.Column('id', sa.Integer(), nullable=False),\n        sa.Column('name', sa.String(length=80), nullable=False),\n        sa.Column('at', sa.DateTime(timezone=True), server_default=sa.text('now()'), nullable=False),\n        sa.Column('parent', sa.Integer(), nullable=True),\n{}        sa.PrimaryKeyConstraint('id'),\n        sa.UniqueConstraint('name'),\n    )\n    op.create_index(op.f('ix_t{number}_parent'), 't{number}', ['parent'], unique=False)\n",
                    key.unwrap_or_default()
                )
            }
            Some(table) => format!(
                "    op.add_column('t{table}', sa.Column('a', sa.Text(), nullable=True))\n    op.create_index(op.f('ix_t{table}_a'), 't{table}', ['a'], unique=False)\n"
            ),
        };
        let text = format!(
            "from alembic import op\nimport sqlalchemy as sa\n\nrevision = '{id}'\ndown_revision = {down}\nbranch_labels = None\ndepends_on = None\n\n\ndef upgrade():\n{body}\n\ndef downgrade():\n    pass\n"
        );
        std::fs::write(versions.join(format!("{id}_revision.py")), text).unwrap();
    }
}

/// Whether models and revisions agree, in a project of the usual size.
fn checks(criterion: &mut Criterion) {
    let mut group = criterion.benchmark_group("check");
    group
        .sample_size(10)
        .measurement_time(Duration::from_secs(4));
    let directory = tempfile::tempdir().unwrap();
    generate_with_models(directory.path(), 200, 300);
    group.bench_function("200 tables, 300 revisions", |bencher| {
        bencher.iter(|| run(directory.path(), &["check"]));
    });
    group.finish();
}

criterion_group!(benches, chains, checks);
criterion_main!(benches);
