//! Python that is well-formed, grown from the bytes of an input. Mutated text rarely gets past the
//! parser; this reaches the evaluator with every input.

mod expression;
mod grower;
mod migration_words;
mod preludes;
mod python_words;
mod statement;

use std::fmt::Write;

use grower::Grower;
use preludes::{IMPORTS, ROWS, TABLES, VALUES};

fn statements(bytes: &[u8], sql: bool, level: usize) -> String {
    let mut grower = Grower {
        bytes: bytes.iter(),
        text: String::new(),
        sql,
    };
    for _ in 0..40 {
        grower.statement(level);
        if grower.spent() {
            break;
        }
    }
    grower.text
}

/// A module.
pub fn module(bytes: &[u8]) -> String {
    let grown = statements(bytes, false, 0);
    format!("{IMPORTS}{VALUES}{grown}")
}

/// The body of a revision.
pub fn revision(bytes: &[u8]) -> String {
    let (up, down) = bytes.split_at(bytes.len() * 3 / 4);
    let (up, down) = (statements(up, true, 1), statements(down, true, 1));
    let mut text = format!("{IMPORTS}{VALUES}{TABLES}");
    let names = "    global a, b, c, d, e\n";
    let _ = write!(
        text,
        "def upgrade():\n{names}{ROWS}{up}def downgrade():\n{names}{down}"
    );
    text
}
