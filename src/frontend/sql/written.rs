//! Objects that are only known as the SQL that makes them.

use std::sync::Arc;

use crate::catalog::{Catalog, Written, WrittenKind};

const KINDS: [WrittenKind; 4] = [
    WrittenKind::Extension,
    WrittenKind::Domain,
    WrittenKind::Function,
    WrittenKind::Procedure,
];

/// Follows the statement that makes or drops such an object; whether it is one whose effect is
/// known.
pub(super) fn follow(statement: &str, catalog: &mut Catalog) -> bool {
    let mut words = Words { rest: statement };
    let creates = words.eat("CREATE");
    if !creates && !words.eat("DROP") {
        return false;
    }
    let replaces = words.eat("OR") && words.eat("REPLACE");
    let Some(kind) = KINDS.into_iter().find(|kind| words.eat(kind.word())) else {
        return false;
    };
    let mut forgiving = false;
    if words.eat("IF") {
        words.eat("NOT");
        forgiving = words.eat("EXISTS");
    }
    let Some(name) = words.name() else {
        return false;
    };
    let known = catalog
        .written()
        .iter()
        .any(|w| w.kind == kind && w.name.eq_ignore_ascii_case(name));
    if creates {
        if !(known && forgiving) {
            let overloaded = known && !replaces;
            // Of functions with one name and other arguments all stay.
            if !overloaded {
                catalog.drop_written(kind, name);
            }
            catalog.add_written(Written {
                kind,
                name: Arc::from(name),
                sql: Arc::from(statement.trim()),
            });
        }
        return true;
    }
    catalog.drop_written(kind, name);
    known || forgiving
}

struct Words<'a> {
    rest: &'a str,
}

impl<'a> Words<'a> {
    fn eat(&mut self, wanted: &str) -> bool {
        let text = self.rest.trim_start();
        let end = text
            .find(|c: char| !c.is_alphanumeric() && c != '_')
            .unwrap_or(text.len());
        let found = text[..end].eq_ignore_ascii_case(wanted);
        if found {
            self.rest = &text[end..];
        }
        found
    }

    /// A name with its schema, in quotes or not.
    fn name(&mut self) -> Option<&'a str> {
        let text = self.rest.trim_start();
        let mut quoted = false;
        let end = text
            .char_indices()
            .find(|(_, c)| {
                if *c == '"' {
                    quoted = !quoted;
                }
                !(quoted || c.is_alphanumeric() || matches!(c, '_' | '.' | '"' | '$'))
            })
            .map_or(text.len(), |(at, _)| at);
        let name = text.get(..end)?;
        self.rest = &text[end..];
        (!name.is_empty()).then_some(name)
    }
}

#[cfg(test)]
mod tests {
    use super::follow;
    use crate::catalog::Catalog;

    #[test]
    fn functions_come_are_replaced_and_go() {
        let mut catalog = Catalog::default();
        let mut names = |statement: &str| {
            assert!(follow(statement, &mut catalog), "{statement}");
            catalog
                .written()
                .iter()
                .map(|w| w.name.to_string())
                .collect::<Vec<_>>()
        };
        assert_eq!(
            names("CREATE EXTENSION IF NOT EXISTS \"uuid-ossp\""),
            ["\"uuid-ossp\""]
        );
        assert_eq!(
            names("create function s.f(a int) returns int as $$ $$"),
            ["\"uuid-ossp\"", "s.f"]
        );
        assert_eq!(
            names("CREATE OR REPLACE FUNCTION s.f(a int) RETURNS int AS 'x'").len(),
            2
        );
        assert_eq!(names("DROP FUNCTION IF EXISTS S.F").len(), 1);
        assert!(!follow("CREATE INDEX i ON t (x)", &mut catalog));
    }
}
