//! `mismatched-reference`: a foreign key and the column it refers to have different types

use crate::catalog::ConstraintKind;
use crate::catalog::{Column, Constraint};
use crate::diagnostic::Severity;
use crate::lint::form::column_of;
use crate::lint::rule::{Family, Found, Info, Rule, Site};
use crate::operation::Operation;

/// The rule.
pub struct MismatchedReference;

static INFO: Info = Info {
    name: "mismatched-reference",
    family: Family::DataDependent,
    severity: Severity::Warning,
    opt_in: false,
    summary: "a foreign key and the column it refers to have different types",
    why: "values of the wider type do not fit the other one, and every check converts",
    instead: "give both columns the same type",
    dialect: "postgresql",
    bad: "CREATE TABLE fresh (id BIGINT PRIMARY KEY, u INTEGER REFERENCES users (id))",
    good: "CREATE TABLE fresh (id BIGINT PRIMARY KEY, u BIGINT REFERENCES users (id))",
    others: &[],
    peers: &["online_migrations mismatched reference types"],
};

impl Rule for MismatchedReference {
    fn info(&self) -> &'static Info {
        &INFO
    }

    fn effect(&self, site: &Site<'_>, found: &mut Found) {
        let (owner, own): (Vec<&Constraint>, Vec<&Column>) = match site.operation() {
            Some(Operation::CreateTable { table, .. }) => (
                table
                    .columns
                    .iter()
                    .flat_map(|column| &column.constraints)
                    .chain(&table.constraints)
                    .collect(),
                table.columns.iter().collect(),
            ),
            Some(Operation::AddColumn { column, .. }) => {
                (column.constraints.iter().collect(), vec![column])
            }
            Some(Operation::AddConstraint { constraint, .. }) => (
                vec![constraint],
                site.effect
                    .before
                    .iter()
                    .flat_map(|table| &table.columns)
                    .collect(),
            ),
            _ => return,
        };
        for constraint in owner {
            let ConstraintKind::ForeignKey(key) = &constraint.kind else {
                continue;
            };
            let referent = site
                .effect
                .referents
                .iter()
                .find(|table| table.name == key.referent);
            for (name, other) in key.columns.iter().zip(&key.referent_columns) {
                let column = own.iter().find(|column| column.name.name == name.name);
                let target = referent.and_then(|table| column_of(table, &other.name));
                if let (Some(column), Some(target)) = (column, target)
                    && let Some((mine, theirs)) = differ(site, column, target)
                {
                    found.add(
                        &INFO,
                        site,
                        format!(
                            "column {} is {mine}, and {} of {} is {theirs}",
                            site.quote(name),
                            site.quote(other),
                            site.table_name(&key.referent)
                        ),
                    );
                }
            }
        }
    }
}

/// The spellings of two types without their lengths, where they differ.
fn differ(site: &Site<'_>, column: &Column, target: &Column) -> Option<(String, String)> {
    let dialect = site.dialect;
    let spelt = |column: &Column| {
        let text = dialect
            .type_sql(column.data_type.for_dialect(dialect.name()))
            .ok()?;
        let plain = text.to_uppercase();
        let plain = plain.split('(').next()?.trim().to_owned();
        Some(match plain.as_str() {
            "SERIAL" | "INT" => "INTEGER".to_owned(),
            "BIGSERIAL" => "BIGINT".to_owned(),
            _ => plain,
        })
    };
    let (mine, theirs) = (spelt(column)?, spelt(target)?);
    (mine != theirs).then_some((mine, theirs))
}
