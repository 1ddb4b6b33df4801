//! Expressions.

use super::grower::Grower;
use super::migration_words::{KEYWORDS, SQL, SQL_ATTRIBUTES};
use super::python_words::{ATOMS, ATTRIBUTES, FUNCTIONS, OPERATORS, SPECIFICATIONS};

impl Grower<'_> {
    pub(super) fn arguments(&mut self, depth: usize) {
        let count = self.byte() % 6;
        for index in 0..count {
            if index > 0 {
                self.text.push_str(", ");
            }
            // Positional arguments come first.
            if index + 1 == count && self.byte() % 3 == 0 {
                match self.byte() % 8 {
                    0 => self.text.push_str("*"),
                    1 => self.text.push_str("**"),
                    _ => {
                        self.pick(KEYWORDS);
                        self.text.push('=');
                    }
                }
            }
            self.expression(depth);
        }
    }

    pub(super) fn expression(&mut self, depth: usize) {
        if depth == 0 || self.spent() {
            if self.sql && self.byte() % 2 == 0 {
                return self.pick(&[
                    "t",
                    "u",
                    "t.c.id",
                    "u.c.name",
                    "sa.Integer",
                    "'id'",
                    "'t'",
                    "'name'",
                    "sa.Column('x', sa.Integer)",
                    "sa.text('1')",
                    "['id']",
                    "m",
                    "T2(3)",
                    "sa.select(t)",
                    "op",
                    "op.get_bind()",
                    "{'id': 1}",
                    "[{'id': 1, 'name': 'n'}]",
                    "u.c",
                ]);
            }
            return self.pick(ATOMS);
        }
        let depth = depth - 1;
        if self.sql && self.byte() % 2 == 0 {
            if self.byte() % 3 == 0 {
                self.expression(depth);
                self.text.push('.');
                self.pick(SQL_ATTRIBUTES);
            } else {
                self.pick(SQL);
            }
            if self.byte() % 8 != 0 {
                self.text.push('(');
                self.arguments(depth);
                self.text.push(')');
            }
            return;
        }
        match self.byte() % 20 {
            0 | 1 => self.pick(ATOMS),
            2..=4 => {
                self.pick(FUNCTIONS);
                self.text.push('(');
                self.arguments(depth);
                self.text.push(')');
            }
            5..=8 => {
                self.text.push('(');
                self.expression(depth);
                self.text.push_str(").");
                self.pick(ATTRIBUTES);
                if self.byte() % 8 != 0 {
                    self.text.push('(');
                    self.arguments(depth);
                    self.text.push(')');
                }
            }
            9 | 10 => {
                self.text.push('(');
                self.expression(depth);
                self.text.push(' ');
                self.pick(OPERATORS);
                self.text.push(' ');
                self.expression(depth);
                self.text.push(')');
            }
            11 => {
                self.text.push('(');
                self.expression(depth);
                self.text.push_str(")[");
                self.expression(depth);
                if self.byte() % 2 == 0 {
                    self.text.push(':');
                    self.expression(depth);
                    self.text.push(':');
                    self.expression(depth);
                }
                self.text.push(']');
            }
            12 => {
                self.text.push_str("f'''<{(");
                let inner = self.text.len();
                self.expression(depth);
                // A quote or a backslash inside would end the literal in older grammars.
                let grown = self.text.split_off(inner).replace("'''", "''");
                self.text.push_str(&grown);
                self.text.push(')');
                self.pick(SPECIFICATIONS);
                self.text.push_str("}>'''");
            }
            13 => {
                let (open, close) = [("[", "]"), ("{", "}"), ("(", ")")][self.byte() % 3];
                self.text.push_str(open);
                self.expression(depth);
                self.text.push_str(" for ");
                self.name();
                self.text.push_str(" in ");
                self.expression(depth);
                if self.byte() % 3 == 0 {
                    self.text.push_str(" if ");
                    self.expression(depth);
                }
                self.text.push_str(close);
            }
            14 => {
                self.text.push_str("(lambda a=1, *b, **c: ");
                self.expression(depth);
                self.text.push_str(")(");
                self.arguments(depth);
                self.text.push(')');
            }
            15 => {
                self.text.push_str("(lambda a, b=None: ");
                self.expression(depth);
                self.text.push(')');
            }
            16 => {
                self.text.push('(');
                self.expression(depth);
                self.text.push_str(" if ");
                self.expression(depth);
                self.text.push_str(" else ");
                self.expression(depth);
                self.text.push(')');
            }
            17 => {
                let open = self.byte() % 2;
                self.text.push_str(["[", "("][open]);
                for _ in 0..self.byte() % 4 {
                    self.pick(&["", "", "*"]);
                    self.expression(depth);
                    self.text.push_str(", ");
                }
                self.text.push_str(["]", ")"][open]);
            }
            18 => {
                self.text.push('{');
                for _ in 0..self.byte() % 3 {
                    self.expression(depth);
                    self.text.push_str(": ");
                    self.expression(depth);
                    self.text.push_str(", ");
                }
                self.text.push('}');
            }
            _ => {
                self.pick(&["-", "~", "not ", "+"]);
                self.text.push('(');
                self.expression(depth);
                self.text.push(')');
            }
        }
    }
}
