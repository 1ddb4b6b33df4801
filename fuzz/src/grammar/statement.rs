//! Statements.

use super::grower::Grower;

impl Grower<'_> {
    pub(super) fn indent(&mut self, level: usize) {
        for _ in 0..level {
            self.text.push_str("    ");
        }
    }

    pub(super) fn block(&mut self, level: usize) {
        self.text.push_str(":\n");
        for _ in 0..=self.byte() % 3 {
            self.statement(level + 1);
        }
    }

    pub(super) fn statement(&mut self, level: usize) {
        self.indent(level);
        let choice = if level > 3 { 0 } else { self.byte() % 24 };
        match choice {
            0..=7 => {
                self.name();
                self.text.push_str(" = ");
                self.expression(4);
                self.text.push('\n');
            }
            8..=11 => {
                self.expression(4);
                self.text.push('\n');
            }
            12 => {
                self.name();
                self.pick(&[
                    " += ", " *= ", " -= ", " |= ", " //= ", " %= ", " **= ", " <<= ",
                ]);
                self.expression(3);
                self.text.push('\n');
            }
            13 => {
                self.text.push_str("for ");
                self.pick(&["a", "b", "c, d", "(a, *b)", "d['k']", "c[0]"]);
                self.text.push_str(" in ");
                self.expression(3);
                self.block(level);
            }
            14 => {
                self.text.push_str("while ");
                self.expression(3);
                self.block(level);
            }
            15 => {
                self.text.push_str("if ");
                self.expression(3);
                self.block(level);
            }
            16 => {
                self.text.push_str("try");
                self.block(level);
                self.indent(level);
                self.pick(&[
                    "except Exception as e",
                    "except (ValueError, TypeError)",
                    "finally",
                    "except E",
                ]);
                self.block(level);
            }
            17 => {
                self.text.push_str("with ");
                self.expression(3);
                self.text.push_str(" as e");
                self.block(level);
            }
            18 => {
                let decorated = self.byte();
                if decorated % 3 == 0 {
                    self.text.push('@');
                    self.expression(2);
                    self.text.push('\n');
                    self.indent(level);
                }
                self.text.push_str("def ");
                self.name();
                self.pick(&["()", "(*a, **k)", "(self, a=1)", "(a, /, b, *, c=2)"]);
                self.block(level);
            }
            19 => {
                self.text.push_str("class ");
                self.name();
                self.text.push('(');
                self.arguments(1);
                self.text.push(')');
                self.block(level);
            }
            20 => {
                self.text.push_str("match ");
                self.expression(3);
                self.text.push_str(":\n");
                self.indent(level + 1);
                self.text.push_str("case ");
                self.pick(&[
                    "[a, *b]",
                    "{'k': d, **e}",
                    "C(x=1)",
                    "1 | 'a'",
                    "str(a)",
                    "(a, b)",
                    "E.A",
                    "a if a",
                    "_",
                ]);
                self.block(level + 1);
            }
            21 => {
                self.pick(&[
                    "(a, b)",
                    "[a, *b]",
                    "c[0]",
                    "d['k']",
                    "c[1:2]",
                    "a.x",
                    "C.x",
                    "C.__eq__",
                    "D.__len__",
                    "D.__str__",
                    "D.__getattr__",
                    "D.__iter__",
                    "C.__class__",
                    "D.__next__",
                    "C.__enter__",
                ]);
                self.text.push_str(" = ");
                self.expression(3);
                self.text.push('\n');
            }
            22 => {
                self.pick(&[
                    "del ",
                    "raise ",
                    "assert ",
                    "return ",
                    "yield ",
                    "global ",
                    "import ",
                    "from itertools import ",
                    "e = yield ",
                    "nonlocal ",
                ]);
                self.name();
                self.text.push('\n');
            }
            _ => {
                self.pick(&[
                    "pass",
                    "break",
                    "continue",
                    "raise",
                    "return",
                    "yield",
                    "del c[0]",
                    "del d['k']",
                    "del a",
                    "return locals()",
                    "import os.path",
                    "from enum import *",
                ]);
                self.text.push('\n');
            }
        }
    }
}
