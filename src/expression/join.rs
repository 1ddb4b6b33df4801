//! Joins along foreign keys.

use super::{BinaryOptions, Expr, FromClause, Operator, comparison, conjunction};

/// The condition on which two tables are joined, by the foreign keys between them.
pub fn join_condition(left: &FromClause, right: &FromClause) -> Option<Expr> {
    let mut conditions = Vec::new();
    for from in left.from_objects() {
        for (a, b) in [(&from, right), (right, &from)] {
            let (FromClause::Table(a_table), FromClause::Table(b_table)) = (a, b) else {
                continue;
            };
            let full = match &b_table.schema {
                Some(schema) => format!("{}.{}", schema.name, b_table.name.name),
                None => b_table.name.name.to_string(),
            };
            for column in &a_table.columns {
                for target in &column.foreign_keys {
                    let Some((table, referred)) = target.rsplit_once('.') else {
                        continue;
                    };
                    if table != full {
                        continue;
                    }
                    let Some(other) = b_table.columns.iter().find(|c| *c.name.name == *referred)
                    else {
                        continue;
                    };
                    // SQLAlchemy writes the referred column first.
                    let (x, y) = (b.column(other), a.column(column));
                    conditions.extend(comparison(
                        &x,
                        Operator::Eq,
                        &y,
                        false,
                        BinaryOptions::default(),
                    ));
                }
            }
        }
    }
    match conditions.len() {
        0 => None,
        1 => conditions.pop(),
        _ => Some(conjunction(&Operator::And, &conditions)),
    }
}
