//! `verify.sql`: whether a database has what a release should have made.

use std::rc::Rc;
use std::sync::Arc;

use crate::catalog::{Catalog, Column, ConstraintKind, IndexElement, Table, TableName, key};
use crate::commands::script::{Part, rendered};
use crate::diagnostic::Result;
use crate::dialect::{Dialect, VerifiedTypes};
use crate::expression::Ident;
use crate::lower::{Lowering, Statement};
use crate::operation::{Along, Located, Operation};
use crate::render::Renderer;
use crate::script::{Script, finish_statement};

/// The script, and what it does not look at.
pub(super) struct Verification {
    pub(super) text: String,
    pub(super) unverified: Vec<String>,
}

/// Writes the script for the schema at the end of a release.
pub(super) fn script(
    part: &Part<'_>,
    catalog: Option<&Catalog>,
    end: &[Arc<str>],
) -> Result<Verification> {
    let dialect = part.dialect;
    let renderer = Renderer::new(Rc::clone(dialect));
    let render = |statement: &Statement| rendered(&renderer, statement);
    let mut options = part.script_options();
    options.compat = false;
    options.safety.guard = true;
    options.safety.idempotent = false;
    let mut script = Script::new(Rc::clone(dialect), options, &render);
    script.version_rows(end)?;
    let mut expected = Expected {
        dialect,
        rows: Vec::new(),
        scratch: Vec::new(),
        unverified: Vec::new(),
    };
    match catalog {
        Some(catalog) => expected.all(catalog, part, &renderer)?,
        None => expected
            .unverified
            .push("the schema: with --compat alembic it is not followed".to_owned()),
    }
    let statement = Statement::new("verify")
        .fragment("rows", expected.rows.join(",\n    "))
        .list("scratch", std::mem::take(&mut expected.scratch))
        .fragment(
            "message",
            dialect.string("the database is not what the release should have made"),
        );
    let catalog_part = match expected.rows.is_empty() {
        true => String::new(),
        false => render(&statement)?.unwrap_or_default(),
    };
    if catalog_part.trim().is_empty() && !expected.rows.is_empty() {
        expected.unverified.insert(
            0,
            format!(
                "the catalog: gensql has no queries for that of {}",
                dialect.facts().title
            ),
        );
    }
    let mut text = String::from(
        "-- Checks that the database has what the release should have made. It changes nothing and fails where\n\
         -- something is missing or different. The client must stop at the first error.\n",
    );
    for what in &expected.unverified {
        text.push_str(&format!(
            "-- Not looked at: {}\n",
            what.replace(['\n', '\r'], " ")
        ));
    }
    text.push('\n');
    text.push_str(&script.finish()?);
    let terminator = &dialect.facts().script.terminator;
    if let Some(checks) = finish_statement(&catalog_part, terminator, true, false) {
        text.push_str(&checks);
        text.push('\n');
    }
    Ok(Verification {
        text,
        unverified: expected.unverified,
    })
}

/// What is expected, as rows of literals: kind, table, name, detail.
struct Expected<'a> {
    dialect: &'a Dialect,
    rows: Vec<String>,
    scratch: Vec<String>,
    unverified: Vec<String>,
}

impl Expected<'_> {
    fn all(&mut self, catalog: &Catalog, part: &Part<'_>, renderer: &Renderer) -> Result<()> {
        let mut lowering = Lowering::new(Rc::clone(part.dialect), part.lower_options());
        for (_, table) in catalog.tables() {
            let name = self.relation(&table.name);
            if catalog.taint_of(&table.name).is_some() {
                self.row("table", &name, "", "");
                self.unverified.push(format!(
                    "what is in {name}: a statement that gensql cannot read may have changed it"
                ));
                continue;
            }
            self.row("table", &name, "", "");
            self.columns(table, &name)?;
            if self.dialect.facts().verify.types == VerifiedTypes::Scratch {
                let scratch = format!("gensql_expected_{}", self.scratch.len() + 1);
                let statement = scratch_table(table, &scratch, &mut lowering)?;
                if let Some(text) = statement
                    .map(|s| renderer.render(&s))
                    .transpose()?
                    .flatten()
                {
                    self.scratch.push(text);
                    self.row("scratch", &name, &scratch, "");
                }
            }
            self.indexes(table, &name);
            self.constraints(table, &name, catalog);
        }
        for (view, _) in catalog.view_statements() {
            self.unverified.push(format!("the view {}", view.1));
        }
        for opaque in catalog.opaque() {
            if opaque.taint != crate::catalog::Taint::Nothing {
                self.unverified
                    .push(format!("what this makes: {}", opaque.excerpt));
            }
        }
        Ok(())
    }

    /// The table as the template finds it in the catalog.
    fn relation(&self, table: &TableName) -> String {
        match self.dialect.facts().verify.quoted {
            true => self.dialect.table_name(table),
            false => match &table.schema {
                Some(schema) => format!("{}.{}", schema.name, table.name.name),
                None => table.name.name.to_string(),
            },
        }
    }

    fn row(&mut self, kind: &str, relation: &str, name: &str, detail: &str) {
        let literal = |text: &str| self.dialect.string(text);
        self.rows.push(format!(
            "({}, {}, {}, {})",
            literal(kind),
            literal(relation),
            literal(name),
            literal(detail)
        ));
    }

    fn columns(&mut self, table: &Table, relation: &str) -> Result<()> {
        for column in table.columns.iter().filter(|column| !column.system) {
            let name = &*column.name.name;
            self.row("column", relation, name, "");
            if !column.primary_key {
                let null = if column.is_not_null() {
                    "NOT NULL"
                } else {
                    "NULL"
                };
                self.row("null", relation, name, null);
            }
            if let Some(spelt) = self.spelt(column)? {
                self.row("type", relation, name, &spelt);
            }
        }
        Ok(())
    }

    /// The column's type as the catalog has it, where that is known.
    fn spelt(&self, column: &Column) -> Result<Option<String>> {
        let verify = &self.dialect.facts().verify;
        let data_type = column.data_type.for_dialect(self.dialect.name());
        Ok(match verify.types {
            VerifiedTypes::None | VerifiedTypes::Scratch => None,
            VerifiedTypes::Declared => Some(self.dialect.type_sql(data_type)?.to_uppercase()),
            VerifiedTypes::Named => verify.spelling(&self.dialect.type_sql(data_type)?),
        })
    }

    fn indexes(&mut self, table: &Table, relation: &str) {
        for index in &table.indexes {
            let Some(name) = index.name.ident() else {
                continue;
            };
            let columns: Option<Vec<&Ident>> = index
                .elements
                .iter()
                .map(|element| match element {
                    IndexElement::Column(column) => Some(column),
                    IndexElement::Expr(_) => None,
                })
                .collect();
            let detail = columns.map(|columns| {
                let unique = if index.unique { "unique " } else { "" };
                format!("{unique}{}", listed(columns.into_iter()))
            });
            let name = name.name.to_string();
            self.row("index", relation, &name, &detail.unwrap_or_default());
        }
    }

    fn constraints(&mut self, table: &Table, relation: &str, catalog: &Catalog) {
        for constraint in &table.constraints {
            match &constraint.kind {
                ConstraintKind::PrimaryKey { columns } => {
                    self.row("primary key", relation, "", &listed(columns.iter()));
                }
                ConstraintKind::Unique { columns } => {
                    self.row("unique", relation, "", &listed(columns.iter()));
                }
                ConstraintKind::ForeignKey(foreign) => {
                    if catalog.table_by_key(&key(&foreign.referent)).is_none() {
                        continue;
                    }
                    let detail = format!(
                        "{} references {}",
                        listed(foreign.columns.iter()),
                        foreign.referent.name.name
                    );
                    self.row("foreign key", relation, "", &detail);
                }
                ConstraintKind::Check { from_type, .. } => {
                    let native = *from_type;
                    if let (Some(name), false) = (constraint.name.ident(), native) {
                        let name = name.name.to_string();
                        self.row("check", relation, &name, "");
                    }
                }
                ConstraintKind::Exclude(_) => {}
            }
        }
    }
}

fn listed<'a>(columns: impl Iterator<Item = &'a Ident>) -> String {
    let names: Vec<&str> = columns.map(|column| &*column.name).collect();
    format!("({})", names.join(", "))
}

/// A table of the same columns, and nothing else.
fn scratch_table(table: &Table, name: &str, lowering: &mut Lowering) -> Result<Option<Statement>> {
    let columns = table.columns.iter().filter(|column| !column.system);
    let columns = columns.map(|column| Column {
        nullable: Some(!(column.primary_key || column.is_not_null())),
        primary_key: false,
        autoincrement: crate::catalog::Autoincrement::No,
        default: None,
        python_default: None,
        unique: false,
        index: false,
        comment: None,
        constraints: Vec::new(),
        options: Vec::new(),
        ..column.clone()
    });
    let scratch = Table {
        name: TableName {
            schema: None,
            name: Ident::new(name),
        },
        columns: columns.collect(),
        constraints: Vec::new(),
        indexes: Vec::new(),
        comment: None,
        prefixes: vec![Arc::from("TEMPORARY")],
        options: Vec::new(),
        attached: Vec::new(),
    };
    let located = Located {
        operation: Operation::CreateTable {
            table: scratch,
            if_not_exists: false,
            along: Along::Everything,
            convention: None,
        },
        location: None,
        stack: Vec::new(),
        spelled: Vec::new(),
    };
    let statements = lowering.lower(&located, None)?;
    Ok(statements
        .into_iter()
        .find(|statement| statement.is_template("create_table")))
}
