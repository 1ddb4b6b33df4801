//! Rows that are known, carried over to the table's new form when an operation changes it.

use std::rc::Rc;
use std::sync::Arc;

use crate::catalog::{Catalog, KnownRows, OptionValue, TableName};
use crate::expression::ExprKind;
use crate::operation::{AlterColumn, Operation};

/// What tables held before an operation.
pub struct Carried {
    rows: Vec<Rc<KnownRows>>,
    renamed_tables: Vec<(TableName, TableName)>,
    dropped_tables: Vec<TableName>,
    /// Columns that are new, and those that got another name: the table, the old name, the new one.
    columns: Vec<(TableName, Option<Arc<str>>, Arc<str>)>,
    /// Columns whose values an expression makes anew.
    computed: Vec<(TableName, Arc<str>)>,
}

impl Carried {
    /// What tables hold, before the operation is applied.
    pub fn before(operation: &Operation, catalog: &Catalog) -> Option<Self> {
        let mut carried = Self {
            rows: Vec::new(),
            renamed_tables: Vec::new(),
            dropped_tables: Vec::new(),
            columns: Vec::new(),
            computed: Vec::new(),
        };
        carried.note(operation);
        // Rows of a table that another statement changed since are not known any more.
        let current = |rows: &Rc<KnownRows>| {
            let own = catalog.table(&rows.table().name);
            own.is_some_and(|table| Rc::ptr_eq(table, rows.table()))
        };
        carried.rows = catalog.contents()?.all_rows();
        carried.rows.retain(current);
        let nothing = carried.rows.is_empty()
            && carried.renamed_tables.is_empty()
            && carried.dropped_tables.is_empty();
        (!nothing).then_some(carried)
    }

    fn note(&mut self, operation: &Operation) {
        match operation {
            Operation::AddColumn { table, column, .. } => {
                let added = (table.clone(), None, Arc::clone(&column.name.name));
                self.columns.push(added);
            }
            Operation::AlterColumn(alter) => self.altered(alter),
            Operation::RenameTable { table, new_name } => {
                let to = TableName {
                    schema: table.schema.clone(),
                    name: new_name.clone(),
                };
                self.renamed_tables.push((table.clone(), to));
            }
            Operation::DropTable { table, .. } => self.dropped_tables.push(table.clone()),
            Operation::BatchAlterTable(batch) => {
                for located in &batch.operations {
                    self.note(&located.operation);
                }
            }
            _ => {}
        }
    }

    fn altered(&mut self, alter: &AlterColumn) {
        if let Some(name) = &alter.new_name {
            let renamed = (
                alter.table.clone(),
                Some(Arc::clone(&alter.column.name)),
                Arc::clone(&name.name),
            );
            self.columns.push(renamed);
        }
        if is_computed(alter) {
            let name = alter.new_name.as_ref().unwrap_or(&alter.column);
            let computed = (alter.table.clone(), Arc::clone(&name.name));
            self.computed.push(computed);
        }
    }

    /// Gives the rows to the tables as they are now.
    pub fn over(self, catalog: &mut Catalog) {
        for (from, to) in &self.renamed_tables {
            if let Some(contents) = catalog.contents_mut() {
                contents.rename(&from.name.name, &to.name.name);
            }
        }
        for table in &self.dropped_tables {
            let gone = catalog.tables_named(&table.name.name).next().is_none();
            if gone && let Some(contents) = catalog.contents_mut() {
                contents.drop_table(&table.name.name);
            }
        }
        for rows in &self.rows {
            let before = &rows.table().name;
            let mut renamed = self.renamed_tables.iter();
            let name = renamed
                .find(|(from, _)| from == before)
                .map_or(before, |(_, to)| to);
            let Some(form) = catalog.table(name).cloned() else {
                continue;
            };
            if Rc::ptr_eq(&form, rows.table()) {
                continue;
            }
            let mut found = rows.carried(&form, |column| {
                let mut noted = self.columns.iter().rev();
                let noted = noted.find(|(table, _, now)| table == before && **now == *column);
                match noted {
                    Some((_, old, _)) => old.clone(),
                    None => Some(Arc::from(column)),
                }
            });
            for (_, column) in self.computed.iter().filter(|(table, _)| table == before) {
                found = found.without(column);
            }
            if let Some(contents) = catalog.contents_mut() {
                contents.carry(&name.name.name, found);
            }
        }
    }
}

/// Whether values of the new type are made by an expression that is more than a cast of the column.
fn is_computed(alter: &AlterColumn) -> bool {
    let column = &alter.column.name;
    let casts = |sql: &str| {
        let mut parts = sql.split("::").map(str::trim);
        let first = parts.next().unwrap_or_default();
        let own = first.trim_matches('"') == &**column;
        own && parts.all(|kind| {
            kind.chars()
                .all(|c| c.is_alphanumeric() || " _.\"".contains(c))
        })
    };
    let plain = |value: &OptionValue| match value {
        OptionValue::Str(sql) => casts(sql),
        OptionValue::Expr(expr) => {
            matches!(&expr.kind, ExprKind::Text(text) if casts(&text.sql))
        }
        OptionValue::Null
        | OptionValue::Bool(_)
        | OptionValue::Int(_)
        | OptionValue::List(_)
        | OptionValue::Map(_) => false,
    };
    let using = |(name, value): &(Arc<str>, OptionValue)| name.ends_with("_using") && !plain(value);
    alter.options.iter().any(using)
}
