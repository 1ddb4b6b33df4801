//! Names and texts come back as they went in: through SQLite itself, and through the tokenizer of
//! a SQL parser for PostgreSQL.

use gensql::dialect::Dialect;
use gensql::expression::Ident;
use proptest::prelude::*;
use sqlparser::dialect::PostgreSqlDialect;
use sqlparser::tokenizer::{Token, Tokenizer};

/// Any text without NUL, rich in what could end a name or a string.
fn text() -> impl Strategy<Value = String> {
    let hard = proptest::sample::select(vec![
        "'", "\"", "`", "[", "]", ";", "--", "/*", "*/", "\\", "\n", "\r", "$$", "%", "%%", ":a",
        "é", "select",
    ]);
    let part = prop_oneof![hard.prop_map(str::to_owned), "[^\u{0}]{1,6}"];
    proptest::collection::vec(part, 1..6).prop_map(|parts| parts.concat())
}

proptest! {
    #[test]
    fn sqlite_reads_what_was_meant(text in text()) {
        let dialect = Dialect::load("sqlite", None, false).unwrap();
        let connection = rusqlite::Connection::open_in_memory().unwrap();
        let sql = format!("SELECT {} AS {}", dialect.string(&text), dialect.quote(&Ident::new(&text)));
        let mut query = connection.prepare(&sql).unwrap();
        prop_assert_eq!(query.column_name(0).unwrap(), text.as_str());
        let value: String = query.query_row([], |row| row.get(0)).unwrap();
        prop_assert_eq!(value, text);
    }

    #[test]
    fn postgresql_has_one_token_for_each(text in text()) {
        let dialect = Dialect::load("postgresql", None, false).unwrap();
        let tokens = |sql: &str| Tokenizer::new(&PostgreSqlDialect {}, sql).tokenize().unwrap();
        let literal = tokens(&dialect.string(&text));
        prop_assert_eq!(literal, vec![Token::SingleQuotedString(text.clone())]);
        let name = tokens(&dialect.quote(&Ident::new(&text)));
        let [Token::Word(word)] = name.as_slice() else {
            return Err(TestCaseError::fail(format!("{name:?}")));
        };
        prop_assert_eq!(&word.value, &text);
    }
}
