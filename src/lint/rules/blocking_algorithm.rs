//! `blocking-algorithm`: a statement asks for an algorithm or lock that stops writers

use crate::diagnostic::Severity;
use crate::lint::rule::{Family, Found, Info, Rule, Site};
use crate::lint::words::{contains, words};

/// The rule.
pub struct BlockingAlgorithm;

static INFO: Info = Info {
    name: "blocking-algorithm",
    family: Family::Lock,
    severity: Severity::Warning,
    opt_in: false,
    summary: "a statement asks for an algorithm or lock that stops writers",
    why: "ALGORITHM=COPY copies the table while nobody writes; LOCK=SHARED stops writers, LOCK=EXCLUSIVE readers as well",
    instead: "leave it out, or ask for ALGORITHM=INSTANT or INPLACE with LOCK=NONE, which fails instead of blocking",
    dialect: "mysql",
    bad: "ALTER TABLE users ADD COLUMN x INTEGER, ALGORITHM=COPY",
    good: "ALTER TABLE users ADD COLUMN x INTEGER, ALGORITHM=INPLACE, LOCK=NONE",
    others: &[],
    peers: &[
        "strong_migrations ALGORITHM=COPY",
        "strong_migrations LOCK=SHARED/EXCLUSIVE",
    ],
};

impl Rule for BlockingAlgorithm {
    fn info(&self) -> &'static Info {
        &INFO
    }

    fn effect(&self, site: &Site<'_>, found: &mut Found) {
        let shapes = [
            ("ALGORITHM = COPY", "ALGORITHM=COPY"),
            ("LOCK = SHARED", "LOCK=SHARED"),
            ("LOCK = EXCLUSIVE", "LOCK=EXCLUSIVE"),
        ];
        for text in &site.change.statements {
            let words = words(text);
            let asked = shapes.iter().find(|(shape, _)| contains(&words, shape));
            if let Some((_, spelt)) = asked.filter(|_| site.table.advice.asks_for_algorithm) {
                found.add(
                    &INFO,
                    site,
                    format!("`{spelt}` stops those who write for as long as the statement runs"),
                );
                return;
            }
        }
    }
}
