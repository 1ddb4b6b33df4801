//! Names that a server invents for constraints which were given none: they are there, and nobody
//! knows them as text, but the server finds them by what the constraint is.

use super::{Constraint, ConstraintKind, ConstraintName, Table, TableName};
use crate::expression::Ident;

/// What a constraint is whose name the server invented.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Invented {
    /// The primary key; a table has one.
    PrimaryKey,
    /// A unique constraint.
    Unique {
        /// Its columns.
        columns: Vec<Ident>,
    },
    /// A check. The server keeps its condition in words of its own, so that only one that is alone
    /// is found.
    Check,
    /// A foreign key.
    ForeignKey {
        /// The columns of its table.
        columns: Vec<Ident>,
        /// The table referred to.
        referent: TableName,
        /// The columns of that table; none where they were not said.
        referent_columns: Vec<Ident>,
    },
}

impl Invented {
    /// What a constraint is by which the server finds it, if it was given no name.
    pub fn of(constraint: &Constraint) -> Option<Self> {
        if !matches!(constraint.name, ConstraintName::None) {
            return None;
        }
        match &constraint.kind {
            ConstraintKind::PrimaryKey { .. } => Some(Self::PrimaryKey),
            ConstraintKind::Unique { columns } => Some(Self::Unique {
                columns: columns.clone(),
            }),
            ConstraintKind::Check { .. } => Some(Self::Check),
            ConstraintKind::ForeignKey(key) => Some(Self::ForeignKey {
                columns: key.columns.clone(),
                referent: key.referent.clone(),
                referent_columns: key.referent_columns.clone(),
            }),
            ConstraintKind::Exclude(_) => None,
        }
    }

    /// The place of the constraint among those of its table; `None` where it is not there, or is
    /// a check beside others. Of two that are the same, one is as good as the other.
    pub fn place(&self, table: &Table) -> Option<usize> {
        let of = |constraint: &Constraint| Self::of(constraint).as_ref() == Some(self);
        let first = table.constraints.iter().position(of)?;
        let alone = !table.constraints[first + 1..].iter().any(of);
        (alone || *self != Self::Check).then_some(first)
    }

    /// One word for it.
    pub fn noun(&self) -> &'static str {
        match self {
            Self::PrimaryKey => "primary key",
            Self::Unique { .. } => "unique constraint",
            Self::Check => "check",
            Self::ForeignKey { .. } => "foreign key",
        }
    }
}
