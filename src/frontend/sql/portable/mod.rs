//! DDL that is said in operations: tables, columns, constraints, indexes and comments, as far as
//! every clause of a statement has its place in them.

mod alter;
mod followed;
mod slice;
mod spelling;
mod table;
mod types;

use std::collections::BTreeMap;
use std::ops::Range;
use std::sync::Arc;

use sqlparser::ast::{self, ObjectName, ObjectNamePart, ObjectType, Statement};
use sqlparser::dialect::{Dialect, GenericDialect, dialect_from_str};
use sqlparser::parser::Parser;

pub(super) use self::table::sequence;

use self::slice::Slices;
use super::split::{Piece, Splitter};
use super::taint::declared;
use crate::catalog::{ConstraintName, Index, IndexElement, OptionValue, TableName};
use crate::dialect::Portable;
use crate::expression::Ident;
use crate::operation::{Executable, Operation};

/// How deeply sqlparser may recurse.
const DEPTH: usize = 50;

/// Spellings by the name of a type and the dialect; `default` is for the other dialects.
type Types = BTreeMap<String, BTreeMap<String, String>>;

/// The dialect that statements are read for.
struct Target<'d> {
    dialect: Option<&'d crate::dialect::Dialect>,
    name: String,
    portable: Portable,
    /// Types of the configuration: names and spellings.
    types: BTreeMap<String, String>,
    /// Whether the operations are only applied to the catalog: the statement is written as it is.
    only_followed: bool,
}

impl Target<'_> {
    /// Whether a clause becomes an option in the dialect.
    fn allows(&self, clause: &str) -> bool {
        self.portable.clauses.iter().any(|known| known == clause)
    }

    /// The name of an option of the dialect.
    fn option(&self, name: &str) -> Arc<str> {
        Arc::from(format!("{}_{name}", self.name))
    }
}

/// Reads the statements of a section for one dialect.
pub struct Reader<'d> {
    dialects: Vec<Box<dyn Dialect>>,
    splitter: Splitter,
    target: Target<'d>,
}

impl<'d> Reader<'d> {
    /// A reader for scripts of a dialect, or of none in particular, that knows the types of the
    /// configuration.
    pub fn new(dialect: Option<&'d crate::dialect::Dialect>, types: &Types) -> Self {
        let mut dialects: Vec<Box<dyn Dialect>> = vec![Box::new(GenericDialect {})];
        let lineage = dialect.map_or(&[][..], |dialect| dialect.lineage());
        let name = lineage.first().map_or("generic", String::as_str);
        // The parser knows more products than are built in, and fewer than a project may add.
        let own = lineage.iter().find_map(dialect_from_str);
        let backslash_escapes = own
            .as_ref()
            .is_some_and(|own| own.supports_string_literal_backslash_escape());
        dialects.extend(own);
        let facts = dialect.map(|dialect| dialect.facts());
        let spelt = types.iter().filter_map(|(of, spellings)| {
            let spelling = std::iter::once(name)
                .chain(lineage.iter().map(String::as_str))
                .chain(["default"])
                .find_map(|name| spellings.get(name))?;
            Some((of.to_lowercase(), spelling.clone()))
        });
        Self {
            dialects,
            splitter: Splitter {
                backslash_escapes,
                keeps_block_end: facts.is_some_and(|facts| facts.script.terminator.is_empty()),
            },
            target: Target {
                dialect,
                name: name.to_owned(),
                portable: facts
                    .map(|facts| facts.portable.clone())
                    .unwrap_or_default(),
                types: spelt.collect(),
                only_followed: false,
            },
        }
    }

    /// The operations of a text, each with the range of its statement.
    pub fn read(&self, text: &str) -> Vec<(Operation, Range<usize>)> {
        let mut found = Vec::new();
        let mut batch = 0;
        let mut end = 0;
        for piece in self.splitter.split(text) {
            let comments = end..piece.statement.start;
            end = piece.statement.end;
            self.piece(text, &piece, comments, &mut found);
            if let Some(runs) = piece.runs {
                let once: Vec<_> = found.get(batch..).unwrap_or_default().to_vec();
                if runs == 0 {
                    found.truncate(batch);
                }
                for _ in 1..runs {
                    found.extend(once.iter().cloned());
                }
                batch = found.len();
            }
        }
        found
    }

    fn piece(
        &self,
        text: &str,
        piece: &Piece,
        comments: Range<usize>,
        found: &mut Vec<(Operation, Range<usize>)>,
    ) {
        let range = piece.statement.clone();
        let Some(statement) = text.get(range.clone()).filter(|text| !text.is_empty()) else {
            return;
        };
        if piece.client {
            let statement = Executable::Output(Arc::from(statement));
            found.push((Operation::Execute { statement }, range));
            return;
        }
        match self.portable(statement) {
            Some(operations) => {
                found.extend(operations.into_iter().map(|op| (op, range.clone())));
            }
            None => {
                // What a comment before it declares stays with the statement.
                let declared = text
                    .get(comments.clone())
                    .is_some_and(|comments| !declared(comments).is_empty());
                let whole = match declared {
                    true => text.get(comments.start..range.end).unwrap_or(statement),
                    false => statement,
                };
                let statement = Executable::Verbatim(Arc::from(whole.trim_start()));
                found.push((Operation::Execute { statement }, range));
            }
        }
    }

    fn portable(&self, statement: &str) -> Option<Vec<Operation>> {
        if !may_be_ddl(statement) {
            return None;
        }
        if let Some(plain) = without_concurrently(statement) {
            let mut found = self.portable(&plain)?;
            if self.target.allows("concurrently") {
                let option = self.target.option("concurrently");
                for operation in &mut found {
                    if let Operation::DropIndex { options, .. } = operation {
                        options.push((Arc::clone(&option), OptionValue::Bool(true)));
                    }
                }
            }
            return Some(found);
        }
        self.dialects
            .iter()
            .find_map(|dialect| operations(statement, dialect.as_ref(), &self.target))
    }
}

/// The operations that one statement is, when they say all of it.
pub fn operations_of(
    statement: &str,
    dialect: Option<&crate::dialect::Dialect>,
) -> Option<Vec<Operation>> {
    Reader::new(dialect, &Types::new()).portable(statement)
}

/// What one statement does to the catalog, when all of it is known.
pub fn parse(statement: &str, dialect: Option<&crate::dialect::Dialect>) -> Option<Vec<Operation>> {
    let mut reader = Reader::new(dialect, &Types::new());
    reader.target.only_followed = true;
    reader.portable(statement)
}

/// What of a `CREATE TABLE` has no place in an operation, in a few words, where that can be told.
pub fn unread(statement: &str, dialect: Option<&crate::dialect::Dialect>) -> Option<String> {
    let types = Types::new();
    let reader = Reader::new(dialect, &types);
    // The last is the dialect's own.
    let own = reader.dialects.last()?.as_ref();
    let slices = Slices::new(statement, own, &reader.target)?;
    let mut parser = Parser::new(own)
        .with_recursion_limit(DEPTH)
        .with_tokens_with_locations(slices.tokens());
    let create = match parser.parse_statement() {
        Ok(Statement::CreateTable(create)) => create,
        Ok(_) => return None,
        Err(error) => {
            let error = error.to_string();
            let message = error.split(" at Line:").next().unwrap_or_default();
            return Some(message.replace("sql parser error: ", "it is no such statement: "));
        }
    };
    let column = create.columns.iter();
    let mut unread = column.filter(|column| table::column(column, &slices).is_none());
    if let Some(column) = unread.next() {
        let known = types::data_type(&column.data_type, &reader.target).is_some();
        return Some(match known {
            true => format!("the column `{column}` has a clause that is not read"),
            false => format!(
                "the type `{}` of the column {} is not one of the dialect",
                column.data_type, column.name
            ),
        });
    }
    let mut constraints = create.constraints.iter();
    constraints
        .find(|constraint| table::constraint(constraint, &slices).is_none())
        .map(|constraint| format!("`{constraint}` is not read"))
}

/// Whether the first words are worth a closer look.
fn may_be_ddl(statement: &str) -> bool {
    let mut words = statement.split_ascii_whitespace();
    let mut word = || words.next().unwrap_or_default().to_ascii_uppercase();
    match (word().as_str(), word().as_str()) {
        ("CREATE", second) => matches!(second, "TABLE" | "INDEX" | "UNIQUE"),
        ("ALTER" | "RENAME", "TABLE") | ("COMMENT", "ON") => true,
        ("DROP", second) => matches!(second, "TABLE" | "INDEX"),
        _ => false,
    }
}

/// `DROP INDEX CONCURRENTLY …` without the word that the parser does not know there.
fn without_concurrently(statement: &str) -> Option<String> {
    let mut words = statement.split_ascii_whitespace();
    let known = ["DROP", "INDEX", "CONCURRENTLY"];
    if !known.iter().all(|known| {
        words
            .next()
            .is_some_and(|word| word.eq_ignore_ascii_case(known))
    }) {
        return None;
    }
    let rest: Vec<&str> = words.collect();
    Some(format!("DROP INDEX {}", rest.join(" ")))
}

fn operations(text: &str, dialect: &dyn Dialect, target: &Target<'_>) -> Option<Vec<Operation>> {
    let slices = Slices::new(text, dialect, target)?;
    let mut parser = Parser::new(dialect)
        .with_recursion_limit(DEPTH)
        .with_tokens_with_locations(slices.tokens());
    let mut statements = parser.parse_statements().ok()?;
    let statement = statements.pop().filter(|_| statements.is_empty())?;
    // The parser skips words that it knows but has no place for.
    if !slices.all_words_in(&statement) {
        return None;
    }
    match statement {
        Statement::CreateTable(create) => table::create(&create, &slices).map(|op| vec![op]),
        Statement::AlterTable(change) => alter::operations(&change, &slices),
        Statement::CreateIndex(create) => create_index(&create, &slices).map(|op| vec![op]),
        Statement::Drop {
            object_type,
            if_exists,
            names,
            cascade: false,
            restrict: false,
            purge: false,
            temporary: false,
            table,
        } => drop_objects(object_type, if_exists, &names, table.as_ref()),
        Statement::Comment {
            object_type,
            object_name,
            comment,
            if_exists: false,
        } => alter::comment(object_type, &object_name, comment).map(|op| vec![op]),
        Statement::RenameTable(renames) => renames
            .iter()
            .map(|rename| alter::rename_table(&rename.old_name, &rename.new_name))
            .collect(),
        _ => None,
    }
}

fn drop_objects(
    object_type: ObjectType,
    if_exists: bool,
    names: &[ObjectName],
    of_table: Option<&ObjectName>,
) -> Option<Vec<Operation>> {
    names
        .iter()
        .map(|object| {
            let name = table_name(object)?;
            match (object_type, of_table) {
                (ObjectType::Table, None) => Some(Operation::DropTable {
                    table: name,
                    if_exists,
                    options: Vec::new(),
                }),
                (ObjectType::Index, of_table) => {
                    let table = match of_table {
                        Some(table) => Some(table_name(table)?),
                        None => None,
                    };
                    let (schema, table) = match table {
                        Some(table) => (table.schema, Some(table.name)),
                        None => (name.schema, None),
                    };
                    Some(Operation::DropIndex {
                        name: ConstraintName::Final(name.name),
                        schema,
                        table,
                        if_exists,
                        options: Vec::new(),
                    })
                }
                _ => None,
            }
        })
        .collect()
}

fn create_index(create: &ast::CreateIndex, slices: &Slices<'_>) -> Option<Operation> {
    let ast::CreateIndex {
        name: Some(name),
        table_name: table,
        using,
        columns,
        unique,
        concurrently,
        r#async: false,
        if_not_exists,
        include,
        nulls_distinct,
        with,
        predicate,
        index_options,
        alter_options,
    } = create
    else {
        return None;
    };
    let plain = index_options.is_empty() && alter_options.is_empty();
    let name = table_name(name).filter(|name| plain && name.schema.is_none())?;
    let target = slices.target;
    let mut options = Vec::new();
    let mut option = |clause: &str, value: OptionValue| {
        let allowed = target.allows(clause);
        if allowed {
            options.push((target.option(clause), value));
        }
        allowed
    };
    // Without it, the index is the same; only the table is locked.
    if *concurrently {
        option("concurrently", OptionValue::Bool(true));
    }
    if let Some(method) = using {
        let method = method.to_string();
        let usual = method.eq_ignore_ascii_case("btree");
        if !option("using", OptionValue::Str(Arc::from(method))) && !usual {
            return None;
        }
    }
    if !include.is_empty() {
        let columns = include
            .iter()
            .map(|name| OptionValue::Str(Arc::from(name.value.as_str())))
            .collect();
        let folds = include
            .iter()
            .all(|name| name.quote_style.is_none() && !name.value.chars().any(char::is_uppercase));
        if !folds || !option("include", OptionValue::List(columns)) {
            return None;
        }
    }
    if let Some(distinct) = nulls_distinct
        && !option("nulls_not_distinct", OptionValue::Bool(!distinct))
    {
        return None;
    }
    if !with.is_empty() {
        let parameters: Vec<String> = with.iter().map(ToString::to_string).collect();
        if !option("with", OptionValue::Str(Arc::from(parameters.join(", ")))) {
            return None;
        }
    }
    if let Some(condition) = predicate
        && !option("where", OptionValue::Expr(slices.text(condition)?))
    {
        return None;
    }
    Some(Operation::CreateIndex {
        table: table_name(table)?,
        index: Index {
            name: ConstraintName::Final(name.name),
            elements: columns
                .iter()
                .map(|column| element(column, slices))
                .collect::<Option<_>>()?,
            unique: *unique,
            options,
        },
        if_not_exists: *if_not_exists,
    })
}

fn element(column: &ast::IndexColumn, slices: &Slices<'_>) -> Option<IndexElement> {
    if column.column.with_fill.is_some() {
        return None;
    }
    if column.operator_class.is_some() {
        let allowed = slices.target.allows("ops");
        return allowed.then(|| slices.text(column).map(IndexElement::Expr))?;
    }
    if let Some(name) = plain_column(column) {
        return Some(IndexElement::Column(name));
    }
    Some(IndexElement::Expr(slices.text(&column.column)?))
}

/// The name, when an index or constraint is on a column as it is.
fn plain_column(column: &ast::IndexColumn) -> Option<Ident> {
    let ast::IndexColumn {
        column,
        operator_class: None,
    } = column
    else {
        return None;
    };
    match &column.expr {
        ast::Expr::Identifier(name)
            if column.options.sort.is_none()
                && column.options.nulls_first.is_none()
                && column.with_fill.is_none() =>
        {
            Some(ident(name))
        }
        _ => None,
    }
}

/// A name. Quoted ones stay quoted; others are spelt as they are, so that the server folds them
/// as it would have done.
fn ident(name: &ast::Ident) -> Ident {
    let folded = name.value.chars().any(char::is_uppercase);
    Ident {
        name: Arc::from(name.value.as_str()),
        quote: match name.quote_style {
            Some(_) => Some(true),
            None if folded => Some(false),
            None => None,
        },
    }
}

fn table_name(name: &ObjectName) -> Option<TableName> {
    let part = |part: &ObjectNamePart| match part {
        ObjectNamePart::Identifier(name) => Some(ident(name)),
        ObjectNamePart::Function(_) => None,
    };
    match name.0.as_slice() {
        [name] => Some(TableName {
            schema: None,
            name: part(name)?,
        }),
        [schema, name] => Some(TableName {
            schema: Some(part(schema)?),
            name: part(name)?,
        }),
        _ => None,
    }
}

#[cfg(test)]
mod tests;
