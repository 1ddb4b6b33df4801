//! What is left of the objects, as drafts.

use super::super::written::Imports;
use super::objects::{Objects, key};
use super::{Draft, Part, Proposed};
use crate::catalog::{Column, Constraint, ConstraintKind, ConstraintName, Table, TableName};
use crate::datatype::DataType;
use crate::diagnostic::{Code, Diagnostic};
use crate::expression::Ident;
use crate::frontend::alembic::host::host;
use crate::frontend::alembic::op::Operations;
use crate::frontend::alembic::schema::ColumnObject;
use crate::frontend::alembic::{convert, name, raise, third_party};
use crate::operation::{Directive, Operation};
use crate::python::{Args, PyResult, Raise, Value, Vm};

impl Objects<'_> {
    /// A draft from a `MigrationScript`.
    pub(super) fn draft(&mut self, vm: &mut Vm, script: &Value) -> PyResult<Draft> {
        raise::known(vm, script, "the revision")?;
        let id = vm.get_attr(script, "rev_id")?;
        raise::known(vm, &id, "`rev_id`")?;
        let mut parts = Vec::new();
        let up = vm.get_attr(script, "upgrade_ops_list")?;
        let down = vm.get_attr(script, "downgrade_ops_list")?;
        let (up, down) = (vm.iterate(&up)?, vm.iterate(&down)?);
        for at in 0..up.len().max(down.len()) {
            let mut part = Part::default();
            if let Some(up) = up.get(at) {
                part.upgrade_token = text(vm, up, "upgrade_token")?.unwrap_or_default();
                let ops = vm.get_attr(up, "ops")?;
                part.upgrade = self.read(vm, &ops, &mut part.imports)?;
            }
            if let Some(down) = down.get(at) {
                part.downgrade_token = text(vm, down, "downgrade_token")?.unwrap_or_default();
                let ops = vm.get_attr(down, "ops")?;
                part.downgrade = self.read(vm, &ops, &mut part.imports)?;
            }
            parts.push(part);
        }
        let splice = vm.get_attr(script, "splice")?;
        let mut imports = texts(vm, script, "imports")?;
        imports.sort();
        Ok(Draft {
            id: vm.str(&id)?.to_string(),
            message: text(vm, script, "message")?,
            heads: texts(vm, script, "head")?,
            splice: vm.truth(&splice)?,
            branch_labels: texts(vm, script, "branch_label")?,
            version_path: text(vm, script, "version_path")?,
            depends_on: texts(vm, script, "depends_on")?,
            imports,
            parts,
        })
    }

    fn read(&mut self, vm: &mut Vm, ops: &Value, imports: &mut Imports) -> PyResult<Vec<Proposed>> {
        let mut found = Vec::new();
        for one in vm.iterate(ops)? {
            let kind = kind(vm, &one)?;
            if let Some(own) = &self.own
                && !matches!(&*kind, "kept" | "written")
                && let Some(lines) = own.rendered(vm, &one)?
            {
                found.push(Proposed::Written(lines));
                continue;
            }
            match &*kind {
                "written" => found.push(Proposed::Written(texts(vm, &one, "lines")?)),
                "table" => {
                    let name = vm.get_attr(&one, "table_name")?;
                    let schema = vm.get_attr(&one, "schema")?;
                    let table = name::table_name(vm, &name, Some(&schema))?;
                    let inner = vm.get_attr(&one, "ops")?;
                    let inner = self.read(vm, &inner, imports)?;
                    of_table(&table, inner, &mut found);
                }
                "container" => {
                    let inner = vm.get_attr(&one, "ops")?;
                    found.extend(self.read(vm, &inner, imports)?);
                }
                _ => {
                    let operation = self.single(vm, &one, imports)?;
                    found.push(Proposed::Known(Directive::Single(operation)));
                }
            }
        }
        Ok(found)
    }

    fn single(&mut self, vm: &mut Vm, one: &Value, imports: &mut Imports) -> PyResult<Operation> {
        if &*kind(vm, one)? == "kept" {
            let number = vm.get_attr(one, "number")?.as_int().unwrap_or(-1);
            let kept = usize::try_from(number)
                .ok()
                .and_then(|at| self.kept.get(at));
            return kept
                .cloned()
                .ok_or_else(|| Raise::exception("IndexError", "there is no such step"));
        }
        let mut operation = self.converted_with(vm, one, imports)?;
        if let Some(proposed) = self.proposed.get(&key(&operation)) {
            return Ok(proposed.clone());
        }
        match &mut operation {
            Operation::CreateTable { table, .. } => {
                for column in &mut table.columns {
                    self.as_proposed(column);
                }
                for constraint in &mut table.constraints {
                    if let Some(proposed) = self.constraints.get(&key(constraint)) {
                        *constraint = proposed.clone();
                    }
                }
            }
            Operation::AddColumn { column, .. } => self.as_proposed(column),
            _ => {}
        }
        Ok(operation)
    }

    fn as_proposed(&self, column: &mut Column) {
        if let Some(proposed) = self.columns.get(&key(column)) {
            *column = proposed.clone();
        }
    }

    /// The operation that an object stands for, before it is known whether it was changed.
    pub(super) fn converted(&mut self, vm: &mut Vm, one: &Value) -> PyResult<Operation> {
        self.converted_with(vm, one, &mut Imports::new())
    }

    fn converted_with(
        &mut self,
        vm: &mut Vm,
        one: &Value,
        imports: &mut Imports,
    ) -> PyResult<Operation> {
        host(vm).drain();
        if vm.find_attr(one, "_run")?.is_none() {
            let class = vm.type_name(one);
            return Err(unwritten(vm, &class));
        }
        vm.call_method(one, "_run", Args::of(vec![Operations::value()]))?;
        // What a type brings along besides was proposed by itself.
        let recorded = host(vm).drain().into_iter().next();
        let Some(mut operation) = recorded.map(|located| located.operation) else {
            let class = vm.type_name(one);
            return Err(Raise::exception(
                "ValueError",
                format!("{class} does nothing"),
            ));
        };
        match &mut operation {
            Operation::CreateTable { table, .. } => {
                table.indexes.clear();
                settle(table);
                let columns = vm.get_attr(one, "columns")?;
                for object in vm.iterate(&columns)? {
                    let Some(known) = object.downcast::<ColumnObject>() else {
                        continue;
                    };
                    let name = known.name();
                    let column = table
                        .columns
                        .iter_mut()
                        .find(|column| Some(&column.name) == name.as_ref());
                    if let Some(column) = column {
                        self.type_of(vm, &object, "type", &mut column.data_type, imports)?;
                    }
                }
            }
            Operation::AddColumn { column, .. } => {
                let object = vm.get_attr(one, "column")?;
                self.type_of(vm, &object, "type", &mut column.data_type, imports)?;
            }
            Operation::AlterColumn(alter) => {
                if let Some(data_type) = &mut alter.data_type {
                    self.type_of(vm, one, "modify_type", data_type, imports)?;
                }
                if let Some(data_type) = &mut alter.existing_type {
                    self.type_of(vm, one, "existing_type", data_type, imports)?;
                }
            }
            _ => {}
        }
        Ok(operation)
    }

    fn type_of(
        &self,
        vm: &mut Vm,
        holder: &Value,
        attribute: &str,
        data_type: &mut DataType,
        imports: &mut Imports,
    ) -> PyResult<()> {
        let value = vm.get_attr(holder, attribute)?;
        self.writing.set(vm, &value, data_type, imports)
    }
}

/// The changes of a table one after the other, without what holds some of them together. What the
/// project writes itself stands between them.
fn of_table(table: &TableName, inner: Vec<Proposed>, found: &mut Vec<Proposed>) {
    let mut together = Vec::new();
    let end = |together: &mut Vec<Operation>, found: &mut Vec<Proposed>| {
        // A table of which nothing changes is not spoken of.
        if !together.is_empty() {
            found.push(Proposed::Known(Directive::Table {
                table: table.clone(),
                operations: std::mem::take(together),
            }));
        }
    };
    for one in inner {
        match one {
            Proposed::Known(Directive::Single(operation)) => together.push(operation),
            Proposed::Known(Directive::Table { operations, .. }) => together.extend(operations),
            Proposed::Written(_) => {
                end(&mut together, found);
                found.push(one);
            }
        }
    }
    end(&mut together, found);
}

/// Nobody has said how an operation of the project is written.
fn unwritten(vm: &mut Vm, class: &str) -> Box<Raise> {
    let message = format!("the operation {class} has no function that writes it");
    Raise::fatal(
        Diagnostic::error(Code::PythonUnsupported, message)
            .at(vm.location())
            .with_help(format!(
                "register one with `@renderers.dispatch_for({class})` of alembic.autogenerate"
            )),
    )
}

/// Makes what columns say of keys and constraints constraints of the table, as autogenerate writes
/// them.
fn settle(table: &mut Table) {
    let unnamed = |kind: ConstraintKind| Constraint {
        name: ConstraintName::None,
        kind,
        deferrable: None,
        initially: None,
        options: Vec::new(),
        comment: None,
    };
    let is_key = |c: &Constraint| matches!(c.kind, ConstraintKind::PrimaryKey { .. });
    let keys = table.columns.iter().filter(|column| column.primary_key);
    let columns: Vec<Ident> = keys.map(|column| column.name.clone()).collect();
    if !columns.is_empty() && !table.constraints.iter().any(is_key) {
        let key = ConstraintKind::PrimaryKey { columns };
        table.constraints.push(unnamed(key));
    }
    for column in &mut table.columns {
        table.constraints.append(&mut column.constraints);
        if std::mem::take(&mut column.unique) {
            let columns = vec![column.name.clone()];
            let unique = ConstraintKind::Unique { columns };
            table.constraints.push(unnamed(unique));
        }
    }
}

/// What the package says an object is.
fn kind(vm: &mut Vm, one: &Value) -> PyResult<std::sync::Arc<str>> {
    raise::known(vm, one, "an operation of the revision")?;
    let Some(function) = third_party::name(vm, "alembic_operations_ops", "_kind")? else {
        return Ok("operation".into());
    };
    let answer = vm.call(&function, Args::of(vec![one.clone()]))?;
    vm.str(&answer)
}

fn text(vm: &mut Vm, of: &Value, name: &str) -> PyResult<Option<String>> {
    let value = vm.get_attr(of, name)?;
    raise::known(vm, &value, &format!("`{name}`"))?;
    if value.is_none() {
        return Ok(None);
    }
    Ok(Some(vm.str(&value)?.to_string()))
}

/// One text or several.
fn texts(vm: &mut Vm, of: &Value, name: &str) -> PyResult<Vec<String>> {
    let value = vm.get_attr(of, name)?;
    raise::known(vm, &value, &format!("`{name}`"))?;
    if value.is_none() {
        return Ok(Vec::new());
    }
    if let Some(text) = value.as_str() {
        return Ok(vec![text.to_string()]);
    }
    let mut found = Vec::new();
    for one in vm.iterate(&value)? {
        found.push(convert::text(vm, &one, name)?.to_string());
    }
    Ok(found)
}
