//! DDL that is said in operations: tables, columns, constraints, indexes and comments, as far as
//! every clause of a statement has its place in them.

mod alter;
mod slice;
mod table;
mod types;

use std::ops::Range;
use std::sync::Arc;

use sqlparser::ast::{self, ObjectName, ObjectNamePart, ObjectType, Statement};
use sqlparser::dialect::{Dialect, GenericDialect, dialect_from_str};
use sqlparser::parser::Parser;

use self::slice::Slices;
use super::split::Splitter;
use crate::catalog::{ConstraintName, Index, IndexElement, TableName};
use crate::expression::Ident;
use crate::operation::{Executable, Operation};

/// How deeply sqlparser may recurse.
const DEPTH: usize = 50;

/// Reads the statements of a section for one dialect.
pub struct Reader {
    dialects: Vec<Box<dyn Dialect>>,
    splitter: Splitter,
}

impl Reader {
    /// A reader for scripts of the dialect called `name`.
    pub fn new(name: &str) -> Self {
        let mut dialects: Vec<Box<dyn Dialect>> = vec![Box::new(GenericDialect {})];
        let own = dialect_from_str(name);
        let backslash_escapes = own
            .as_ref()
            .is_some_and(|own| own.supports_string_literal_backslash_escape());
        dialects.extend(own);
        Self {
            dialects,
            splitter: Splitter { backslash_escapes },
        }
    }

    /// The operations of a text, each with the range of its statement.
    pub fn read(&self, text: &str) -> Vec<(Operation, Range<usize>)> {
        let mut found = Vec::new();
        for piece in self.splitter.split(text) {
            let range = piece.statement;
            let Some(statement) = text.get(range.clone()).filter(|text| !text.is_empty()) else {
                continue;
            };
            match self.portable(statement) {
                Some(operations) => {
                    found.extend(operations.into_iter().map(|op| (op, range.clone())));
                }
                None => {
                    let statement = Executable::Verbatim(Arc::from(statement));
                    found.push((Operation::Execute { statement }, range));
                }
            }
        }
        found
    }

    fn portable(&self, statement: &str) -> Option<Vec<Operation>> {
        if !may_be_ddl(statement) {
            return None;
        }
        self.dialects
            .iter()
            .find_map(|dialect| operations(statement, dialect.as_ref()))
    }
}

/// The operations of one statement, when all of it can be said in them.
pub fn parse(statement: &str, dialect: &str) -> Option<Vec<Operation>> {
    Reader::new(dialect).portable(statement)
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

fn operations(text: &str, dialect: &dyn Dialect) -> Option<Vec<Operation>> {
    let slices = Slices::new(text, dialect)?;
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
        using: None,
        columns,
        unique,
        concurrently: false,
        r#async: false,
        if_not_exists,
        include,
        nulls_distinct: None,
        with,
        predicate: None,
        index_options,
        alter_options,
    } = create
    else {
        return None;
    };
    let plain = include.is_empty()
        && with.is_empty()
        && index_options.is_empty()
        && alter_options.is_empty();
    let name = table_name(name).filter(|name| plain && name.schema.is_none())?;
    Some(Operation::CreateIndex {
        table: table_name(table)?,
        index: Index {
            name: ConstraintName::Final(name.name),
            elements: columns
                .iter()
                .map(|column| element(column, slices))
                .collect::<Option<_>>()?,
            unique: *unique,
            options: Vec::new(),
        },
        if_not_exists: *if_not_exists,
    })
}

fn element(column: &ast::IndexColumn, slices: &Slices<'_>) -> Option<IndexElement> {
    if column.operator_class.is_some() || column.column.with_fill.is_some() {
        return None;
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
