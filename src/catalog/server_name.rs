//! The names that servers give to constraints which were created without one.
//!
//! A dialect's facts say which rule its server follows. Knowing the name lets a later revision
//! drop the constraint by it.

use std::sync::Arc;

use serde::Deserialize;

use super::{Constraint, ConstraintKind, ConstraintName, Table};
use crate::expression::Ident;

/// How a server names constraints that have no name.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum ServerNaming {
    /// They stay without a name (SQLite), or nothing is known of the name (Oracle's system names).
    #[default]
    Anonymous,
    /// The server invents a name that nobody can foresee, but by which it can be asked for:
    /// `FK__child__parent__5AEE82B9` (SQL Server).
    Invented,
    /// `table_column_key`, `table_column_fkey`, `table_pkey`, `table_column_check`, cut to 63
    /// bytes (PostgreSQL, `makeObjectName` and `ChooseConstraintName` in its source).
    TableColumnLabel,
    /// A unique key takes the name of its first column, foreign keys are `table_ibfk_1`, checks
    /// `table_chk_1`, and the primary key is `PRIMARY` (MySQL 8 reference manual, "CREATE TABLE").
    MysqlCounter,
    /// As MySQL, but checks are `CONSTRAINT_1` (MariaDB knowledge base, "CONSTRAINT").
    MariadbCounter,
}

/// PostgreSQL's limit: NAMEDATALEN less the final zero.
const MAX_BYTES: usize = 63;

impl ServerNaming {
    /// The name that the server gives to `constraint` when it is added to `table`.
    pub fn name(self, table: &Table, constraint: &Constraint) -> Option<Ident> {
        match self {
            Self::Anonymous | Self::Invented => None,
            Self::TableColumnLabel => Some(table_column_label(table, constraint)),
            Self::MysqlCounter => counter(table, constraint, "_chk_", true),
            Self::MariadbCounter => counter(table, constraint, "CONSTRAINT_", false),
        }
    }

    /// A new table without the names that the server gives by itself.
    #[must_use]
    pub fn without_names(self, table: &Table) -> Table {
        let mut plain = table.clone();
        for index in 0..table.constraints.len() {
            let mut trial = table.clone();
            trial.constraints[index].name = ConstraintName::None;
            name_one(self, &mut trial, index);
            let given = table.constraints[index].name.ident();
            if given.is_some() && trial.constraints[index].name.ident() == given {
                plain.constraints[index].name = ConstraintName::None;
            }
        }
        let mut named = plain.clone();
        name_all(self, &mut named);
        let names = |table: &Table| -> Vec<Option<Ident>> {
            let constraints = table.constraints.iter();
            constraints.map(|c| c.name.ident().cloned()).collect()
        };
        if names(&named) == names(table) {
            plain
        } else {
            table.clone()
        }
    }
}

impl ServerNaming {
    /// Whether a constraint has the name that the server gives to it, and the other one a name that
    /// the server gave under an older name of the table or of a column.
    pub fn is_given(self, table: &Table, constraint: &Constraint, other: &Constraint) -> bool {
        let (Some(own), Some(known)) = (constraint.name.ident(), other.name.ident()) else {
            return false;
        };
        let mut rest = table.clone();
        rest.constraints.retain(|c| c.name.ident() != Some(own));
        let label = |name: &Ident| {
            name.name
                .rsplit_once('_')
                .map(|(_, label)| label.to_owned())
        };
        self.name(&rest, constraint).as_ref() == Some(own)
            && label(own).is_some()
            && label(own) == label(known)
    }

    /// Whether a constraint of a table was given no name, or has one as the server gives it.
    pub fn gave_name(self, table: &Table, constraint: &Constraint) -> bool {
        let Some(name) = constraint.name.ident() else {
            return true;
        };
        let counted = |prefix: &str| {
            let number = name.name.strip_prefix(prefix);
            number.is_some_and(|number| number.bytes().all(|b| b.is_ascii_digit()))
        };
        let counts = |check: &str| match &constraint.kind {
            ConstraintKind::ForeignKey(_) => counted(&format!("{}_ibfk_", table.name.name.name)),
            ConstraintKind::Check { .. } => counted(check),
            ConstraintKind::Unique { columns } => columns.first().is_some_and(|first| {
                name.name == first.name || counted(&format!("{}_", first.name))
            }),
            ConstraintKind::PrimaryKey { .. } => true,
            ConstraintKind::Exclude(_) => false,
        };
        match self {
            Self::Anonymous | Self::Invented => false,
            Self::TableColumnLabel => {
                let mut rest = table.clone();
                rest.constraints.retain(|c| c.name.ident() != Some(name));
                self.name(&rest, constraint).as_ref() == Some(name)
            }
            Self::MysqlCounter => counts(&format!("{}_chk_", table.name.name.name)),
            Self::MariadbCounter => counts("CONSTRAINT_"),
        }
    }

    /// Names a constraint that was written inside of a column, where that makes a difference: on
    /// MariaDB a check has the column's name then.
    pub(super) fn name_in_column(self, column: &Ident, constraint: &mut Constraint) {
        if self == Self::MariadbCounter
            && matches!(constraint.name, ConstraintName::None)
            && let ConstraintKind::Check { in_column, .. } = &mut constraint.kind
        {
            *in_column = true;
            constraint.name = ConstraintName::Final(column.clone());
        }
    }

    /// Whether the check of a type is still there when its column has another type: Alembic drops it
    /// on no MySQL and MariaDB.
    pub fn keeps_checks_of_types(self) -> bool {
        matches!(self, Self::MysqlCounter | Self::MariadbCounter)
    }

    /// The name that a constraint gets when its table is renamed, where the server changes it: one
    /// that begins with the table's name and `_ibfk_`, on MySQL `_chk_` as well (MySQL 8 reference
    /// manual, "RENAME TABLE"; seen on MariaDB 10.11).
    pub(super) fn renamed(self, name: &Ident, table: &str, new_table: &str) -> Option<Ident> {
        let labels: &[&str] = match self {
            Self::Anonymous | Self::Invented | Self::TableColumnLabel => &[],
            Self::MysqlCounter => &["_ibfk_", "_chk_"],
            Self::MariadbCounter => &["_ibfk_"],
        };
        let rest = name.name.strip_prefix(table)?;
        let follows = labels.iter().any(|label| rest.starts_with(label));
        follows.then(|| Ident {
            name: format!("{new_table}{rest}").into(),
            quote: name.quote,
        })
    }

    /// A name as the server keeps it, when it is in SQL that no one else has cut: PostgreSQL cuts
    /// names silently.
    pub fn kept(self, name: &Ident) -> Ident {
        let cuts = match self {
            Self::TableColumnLabel => name.name.len() > MAX_BYTES,
            Self::Anonymous | Self::Invented | Self::MysqlCounter | Self::MariadbCounter => false,
        };
        if !cuts {
            return name.clone();
        }
        let mut end = MAX_BYTES;
        while !name.name.is_char_boundary(end) {
            end -= 1;
        }
        Ident {
            name: name.name[..end].into(),
            quote: name.quote,
        }
    }
}

fn taken(table: &Table, name: &str) -> bool {
    let constraint = |c: &Constraint| c.name.ident().is_some_and(|n| &*n.name == name);
    table.constraints.iter().any(constraint)
        || table
            .indexes
            .iter()
            .any(|i| i.name.ident().is_some_and(|n| &*n.name == name))
}

fn table_column_label(table: &Table, constraint: &Constraint) -> Ident {
    let join = |columns: &[Ident]| {
        columns
            .iter()
            .map(|c| &*c.name)
            .collect::<Vec<_>>()
            .join("_")
    };
    let (columns, label) = match &constraint.kind {
        ConstraintKind::PrimaryKey { .. } => (None, "pkey"),
        ConstraintKind::Unique { columns } => (Some(join(columns)), "key"),
        ConstraintKind::ForeignKey(foreign_key) => (Some(join(&foreign_key.columns)), "fkey"),
        ConstraintKind::Check {
            condition,
            from_type: _,
            in_column: _,
        } => (single_column(table, condition), "check"),
        ConstraintKind::Exclude(exclude) => {
            let names: Vec<_> = exclude
                .elements
                .iter()
                .filter_map(|(e, _)| column_of(e))
                .collect();
            (Some(names.join("_")), "excl")
        }
    };
    let mut pass = 0usize;
    loop {
        let label = if pass == 0 {
            label.to_owned()
        } else {
            format!("{label}{pass}")
        };
        let name = object_name(&table.name.name.name, columns.as_deref(), &label);
        if !taken(table, &name) {
            return Ident::new(name);
        }
        pass += 1;
    }
}

/// The name of an object that PostgreSQL makes for a column or table by itself: the parts joined
/// with `_`, of which the longer of the first two is cut until everything fits.
pub fn object_name(first: &str, second: Option<&str>, label: &str) -> String {
    let overhead = label.len() + 1 + usize::from(second.is_some());
    let available = MAX_BYTES.saturating_sub(overhead);
    let (mut a, mut b) = (first.len(), second.map_or(0, str::len));
    while a + b > available {
        if a > b { a -= 1 } else { b -= 1 }
    }
    let clip = |text: &str, mut length: usize| {
        while !text.is_char_boundary(length) {
            length -= 1;
        }
        text[..length].to_owned()
    };
    match second {
        Some(second) => format!("{}_{}_{label}", clip(first, a), clip(second, b)),
        None => format!("{}_{label}", clip(first, a)),
    }
}

fn column_of(expression: &crate::expression::Expr) -> Option<String> {
    match &expression.kind {
        crate::expression::ExprKind::Column { name, .. } => Some(name.name.to_string()),
        _ => None,
    }
}

/// The column that a check's text mentions, when it mentions exactly one.
fn single_column(table: &Table, condition: &crate::expression::Expr) -> Option<String> {
    let text: Arc<str> = match &condition.kind {
        crate::expression::ExprKind::Text(text) => text.sql.clone(),
        crate::expression::ExprKind::LiteralColumn(text) => text.clone(),
        _ => return None,
    };
    let words: Vec<&str> = text
        .split(|c: char| !(c.is_alphanumeric() || c == '_'))
        .filter(|w| !w.is_empty())
        .collect();
    let mut mentioned = table
        .columns
        .iter()
        .filter(|c| words.iter().any(|w| w.eq_ignore_ascii_case(&c.name.name)));
    match (mentioned.next(), mentioned.next()) {
        (Some(only), None) => Some(only.name.name.to_string()),
        _ => None,
    }
}

fn counter(
    table: &Table,
    constraint: &Constraint,
    check: &str,
    table_first: bool,
) -> Option<Ident> {
    let table_name = &*table.name.name.name;
    let prefix = match &constraint.kind {
        ConstraintKind::PrimaryKey { .. } => return Some(Ident::new("PRIMARY")),
        ConstraintKind::Unique { columns } => {
            let first = columns.first()?.name.to_string();
            let mut name = first.clone();
            let mut pass = 2usize;
            while taken(table, &name) {
                name = format!("{first}_{pass}");
                pass += 1;
            }
            return Some(Ident::new(name));
        }
        ConstraintKind::ForeignKey(_) => format!("{table_name}_ibfk_"),
        ConstraintKind::Check { .. } if table_first => format!("{table_name}{check}"),
        ConstraintKind::Check { .. } => check.to_owned(),
        ConstraintKind::Exclude(_) => return None,
    };
    let last = table
        .constraints
        .iter()
        .filter_map(|c| {
            c.name
                .ident()?
                .name
                .strip_prefix(&prefix)?
                .parse::<u64>()
                .ok()
        })
        .max()
        .unwrap_or(0);
    Some(Ident::new(format!("{prefix}{}", last + 1)))
}

/// Gives every unnamed constraint of a new table its server name.
pub(super) fn name_all(naming: ServerNaming, table: &mut Table) {
    for index in 0..table.constraints.len() {
        name_one(naming, table, index);
    }
}

/// Gives the constraint at `index` its server name if it has none.
pub(super) fn name_one(naming: ServerNaming, table: &mut Table, index: usize) {
    let Some(constraint) = table.constraints.get(index) else {
        return;
    };
    if matches!(constraint.name, ConstraintName::None)
        && let Some(name) = naming.name(table, constraint)
    {
        table.constraints[index].name = ConstraintName::Final(name);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn long_names_are_cut_evenly() {
        let name = object_name(&"t".repeat(60), Some(&"c".repeat(60)), "fkey");
        assert_eq!(name.len(), MAX_BYTES);
        assert_eq!(name, format!("{}_{}_fkey", "t".repeat(29), "c".repeat(28)));
    }
}
