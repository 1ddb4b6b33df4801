//! `name-pattern`: a name that is not as `[lint.names]` wants it

use crate::catalog::Constraint;
use crate::catalog::ConstraintKind;
use crate::diagnostic::Severity;
use crate::expression::Ident;
use crate::lint::rule::{Family, Found, Info, Rule, Site};
use crate::operation::Operation;

/// The rule.
pub struct NamePattern;

static INFO: Info = Info {
    name: "name-pattern",
    family: Family::Naming,
    severity: Severity::Warning,
    opt_in: false,
    summary: "a name that is not as `[lint.names]` wants it",
    why: "tools and people rely on the convention",
    instead: "rename it before it is released",
    dialect: "postgresql",
    bad: "CREATE TABLE Fresh (id BIGINT PRIMARY KEY)",
    good: "CREATE TABLE fresh (id BIGINT PRIMARY KEY)",
    others: &[],
    peers: &[
        "atlas NM101",
        "atlas NM102",
        "atlas NM103",
        "atlas NM104",
        "atlas NM105",
        "atlas NM106",
    ],
};

impl Rule for NamePattern {
    fn info(&self) -> &'static Info {
        &INFO
    }

    fn effect(&self, site: &Site<'_>, found: &mut Found) {
        if site.names.is_empty() {
            return;
        }
        match site.operation() {
            Some(Operation::CreateTable { table, .. }) => {
                look(site, found, "table", Some(&table.name.name));
                look(site, found, "schema", table.name.schema.as_ref());
                for column in &table.columns {
                    look(site, found, "column", Some(&column.name));
                    column
                        .constraints
                        .iter()
                        .for_each(|constraint| of_constraint(site, found, constraint));
                }
                table
                    .constraints
                    .iter()
                    .for_each(|constraint| of_constraint(site, found, constraint));
                table
                    .indexes
                    .iter()
                    .for_each(|index| look(site, found, "index", index.name.ident()));
            }
            Some(Operation::AddColumn { column, .. }) => {
                look(site, found, "column", Some(&column.name))
            }
            Some(Operation::RenameTable { new_name, .. }) => {
                look(site, found, "table", Some(new_name))
            }
            Some(Operation::AlterColumn(alter)) => {
                look(site, found, "column", alter.new_name.as_ref())
            }
            Some(Operation::CreateIndex { index, .. }) => {
                look(site, found, "index", index.name.ident())
            }
            Some(Operation::AddConstraint { constraint, .. }) => {
                of_constraint(site, found, constraint)
            }
            _ => {}
        }
    }
}

fn of_constraint(site: &Site<'_>, found: &mut Found, constraint: &Constraint) {
    let kind = match &constraint.kind {
        ConstraintKind::PrimaryKey { .. } => "primary_key",
        ConstraintKind::Unique { .. } | ConstraintKind::Exclude(_) => "unique",
        ConstraintKind::Check { .. } => "check",
        ConstraintKind::ForeignKey(_) => "foreign_key",
    };
    look(site, found, kind, constraint.name.ident());
}

/// A pattern that runs too long counts as one that does not match.
fn look(site: &Site<'_>, found: &mut Found, kind: &str, name: Option<&Ident>) {
    let (Some(pattern), Some(name)) = (site.names.get(kind), name) else {
        return;
    };
    if !pattern.is_match(&*name.name).unwrap_or(false) {
        let message = format!(
            "the name {} of a {} is not as the configuration wants it",
            site.quote(name),
            kind.replace('_', " ")
        );
        found.add(&INFO, site, message);
    }
}
