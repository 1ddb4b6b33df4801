//! WITH.

use std::rc::Rc;

use super::{Compiler, Flags, WrittenCte};
use crate::diagnostic::{Code, Diagnostic, Result};
use crate::expression::{Cte, ExprKind};

impl Compiler<'_> {
    /// A reference to a CTE; the first one also writes its text down for the statement's WITH.
    pub(super) fn cte(&mut self, cte: &Rc<Cte>, flags: Flags) -> Result<String> {
        let name = self.resolve(&cte.name);
        let quoted = self.dialect.quote(&name);
        if let Some(original) = &cte.alias_of {
            let original_name = self.cte(original, flags)?;
            return Ok(format!("{original_name}{}{quoted}", self.facts.alias_word));
        }
        let id = Rc::as_ptr(cte).addr();
        let restates = cte.restates.as_ref().map(|other| Rc::as_ptr(other).addr());
        if let Some(index) = self.ctes.iter().position(|known| *known.name == *name.name) {
            let known = &self.ctes[index];
            if known.id == id || known.restates == Some(id) {
                return Ok(quoted);
            }
            if restates == Some(known.id) {
                self.ctes.remove(index);
            } else {
                return Err(Box::new(Diagnostic::error(
                    Code::OperationInvalid,
                    format!("two different CTEs are called {:?}", &*name.name),
                )));
            }
        }
        // Its place among the others is that of the end of its text, as SQLAlchemy's.
        self.ctes.push(WrittenCte {
            id,
            restates,
            name: name.name.to_string(),
            text: None,
            recursive: cte.recursive,
        });
        let mut text = quoted.clone();
        if cte.recursive {
            let columns: Vec<String> = cte
                .columns
                .iter()
                .map(|column| self.quote(&column.name))
                .collect();
            text.push_str(&format!("({})", columns.join(", ")));
        }
        let inside = super::elements::nested(flags);
        let prefixes = self.phrases(&cte.prefixes, inside)?;
        let statement = &cte.statement;
        let inner = match &statement.kind {
            ExprKind::Select(select) => {
                self.guard(|compiler| compiler.select(select, inside, true, false))?
            }
            _ => self.guard(|compiler| {
                compiler.expr(
                    statement,
                    Flags {
                        as_from: true,
                        ..inside
                    },
                )
            })?,
        };
        text.push_str(&format!(" AS {prefixes}\n({inner})"));
        if !cte.suffixes.is_empty() {
            text.push_str(&format!(" {}", self.phrases(&cte.suffixes, inside)?));
        }
        if let Some(index) = self.ctes.iter().position(|known| known.id == id) {
            let mut written = self.ctes.remove(index);
            written.text = Some(text);
            self.ctes.push(written);
        }
        Ok(quoted)
    }

    /// Compiles inside a statement even when the CTE comes before any (`INSERT … WITH`).
    fn guard<T>(&mut self, inner: impl FnOnce(&mut Self) -> Result<T>) -> Result<T> {
        inner(self)
    }

    /// Puts the WITH clause before a whole statement.
    pub(super) fn with_ctes(&mut self, sql: String) -> String {
        let clause = self.with_clause();
        if clause.is_empty() {
            sql
        } else {
            format!("{clause}{sql}")
        }
    }

    /// The WITH clause of everything referred to so far.
    pub(super) fn with_clause(&mut self) -> String {
        if self.ctes.is_empty() {
            return String::new();
        }
        let recursive = self.ctes.iter().any(|cte| cte.recursive);
        let word = if recursive {
            &self.facts.recursive_with
        } else {
            "WITH"
        };
        let texts: Vec<&str> = self
            .ctes
            .iter()
            .filter_map(|cte| cte.text.as_deref())
            .collect();
        let clause = format!("{word} {}\n ", texts.join(", \n"));
        self.ctes.clear();
        clause
    }
}
