//! `CREATE SEQUENCE` and `DROP SEQUENCE` that only SQL says.

use sqlparser::ast::{ObjectType, Statement};

use super::{portable, rows};
use crate::catalog::{Catalog, Sequence};

/// Follows such a statement; whether it is one and what it makes is known.
pub(super) fn follow(statement: &str, parser: &str, catalog: &mut Catalog) -> bool {
    let named = |words: &[&str]| {
        let mut found = statement.split_whitespace();
        words.iter().all(|word| {
            found
                .next()
                .is_some_and(|own| own.eq_ignore_ascii_case(word))
        })
    };
    if !named(&["CREATE", "SEQUENCE"]) && !named(&["DROP", "SEQUENCE"]) {
        return false;
    }
    let Some(statements) = rows::parse(statement, parser) else {
        return false;
    };
    match statements.as_slice() {
        [
            Statement::CreateSequence {
                temporary: false,
                if_not_exists,
                name,
                data_type: None,
                sequence_options,
                owned_by: None,
            },
        ] => {
            let Some(name) = rows::table_name(name) else {
                return false;
            };
            let known = catalog.sequence(&crate::catalog::key(&name)).is_some();
            let Some(options) = portable::sequence(sequence_options) else {
                return false;
            };
            if !(known && *if_not_exists) {
                catalog.create_sequence(&Sequence {
                    name: name.name,
                    schema: name.schema,
                    options,
                    data_type: None,
                    optional: false,
                });
            }
            true
        }
        [
            Statement::Drop {
                object_type: ObjectType::Sequence,
                names,
                ..
            },
        ] => {
            for name in names {
                let Some(name) = rows::table_name(name) else {
                    return false;
                };
                catalog.drop_sequence(&Sequence {
                    name: name.name,
                    schema: name.schema,
                    options: crate::catalog::SequenceOptions::default(),
                    data_type: None,
                    optional: false,
                });
            }
            true
        }
        _ => false,
    }
}
