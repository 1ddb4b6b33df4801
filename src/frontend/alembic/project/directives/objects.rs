//! Proposed operations as Alembic's objects.

use rustc_hash::FxHashMap;

use super::super::judge::table_object;
use super::super::written::Writing;
use super::own::Functions;
use super::{Draft, Part, Proposed};
use crate::catalog::{Column, Constraint, ConstraintKind, IndexElement, ServerDefault, TableName};
use crate::frontend::alembic::schema::{
    column_value, constraint_value, default_value, name_value, names_value, options_value,
};
use crate::frontend::alembic::{convert, sql, third_party, types};
use crate::operation::{AlterColumn, Change, Directive, DropConstraintKind, Executable, Operation};
use crate::python::{Args, Dict, DictKey, PyResult, Raise, Str, Value, Vm};

/// The objects of a call, with what each of them was made from.
pub(super) struct Objects<'a> {
    pub(super) metadata: &'a Value,
    pub(super) writing: &'a Writing,
    /// Steps for which Alembic has no operation, by their numbers.
    pub(super) kept: Vec<Operation>,
    /// What was proposed, by what is read back from it when nobody has changed it.
    pub(super) proposed: FxHashMap<String, Operation>,
    /// Columns, alike.
    pub(super) columns: FxHashMap<String, Column>,
    /// Constraints, alike.
    pub(super) constraints: FxHashMap<String, Constraint>,
    /// The functions of the project that compare and write.
    pub(super) own: Option<Functions>,
}

impl<'a> Objects<'a> {
    pub(super) fn new(metadata: &'a Value, writing: &'a Writing, own: Option<Functions>) -> Self {
        Self {
            metadata,
            writing,
            kept: Vec::new(),
            proposed: FxHashMap::default(),
            columns: FxHashMap::default(),
            constraints: FxHashMap::default(),
            own,
        }
    }

    /// A `MigrationScript`.
    pub(super) fn script(&mut self, vm: &mut Vm, draft: &Draft) -> PyResult {
        let Draft {
            id,
            message,
            heads,
            splice,
            branch_labels,
            version_path,
            depends_on,
            imports,
            parts,
        } = draft;
        let texts = |items: &[String], none: Value| match items {
            [] => none,
            [one] => Value::from(one.as_str()),
            more => Value::list(more.iter().map(|one| Value::from(one.as_str())).collect()),
        };
        let text = |text: &Option<String>| text.as_deref().map_or(Value::None, Value::from);
        let (mut up, mut down) = (Vec::new(), Vec::new());
        for part in parts {
            let (there, back) = self.part(vm, part)?;
            up.push(there);
            down.push(back);
        }
        let lines: Vec<Value> = imports
            .iter()
            .map(|line| Value::from(line.as_str()))
            .collect();
        let mut args = Args::of(vec![
            Value::from(id.as_str()),
            Value::list(up),
            Value::list(down),
        ]);
        for (name, value) in [
            ("message", text(message)),
            ("imports", Value::list(lines)),
            ("head", texts(heads, Value::None)),
            ("splice", Value::Bool(*splice)),
            ("branch_label", texts(branch_labels, Value::None)),
            ("version_path", text(version_path)),
            ("depends_on", texts(depends_on, Value::None)),
        ] {
            args.kw.push((Str::from(name), value));
        }
        make(vm, "MigrationScript", args)
    }

    /// `UpgradeOps` and `DowngradeOps`. What drops something knows what makes it again.
    fn part(&mut self, vm: &mut Vm, part: &Part) -> PyResult<(Value, Value)> {
        let up = self.directives(vm, &part.upgrade)?;
        let down = self.directives(vm, &part.downgrade)?;
        pair(vm, &up, &down)?;
        let upgrade = Args::of(vec![
            Value::list(up),
            Value::from(part.upgrade_token.as_str()),
        ]);
        let downgrade = Args::of(vec![
            Value::list(down),
            Value::from(part.downgrade_token.as_str()),
        ]);
        let there = make(vm, "UpgradeOps", upgrade)?;
        Ok((there, make(vm, "DowngradeOps", downgrade)?))
    }

    fn directives(&mut self, vm: &mut Vm, directives: &[Proposed]) -> PyResult<Vec<Value>> {
        let mut found = Vec::new();
        for directive in directives {
            found.push(match directive {
                Proposed::Written(lines) => {
                    let lines = lines.iter().map(|line| Value::from(line.as_str()));
                    let lines = Value::list(lines.collect());
                    make(vm, "_Written", Args::of(vec![lines]))?
                }
                Proposed::Known(Directive::Single(operation)) => self.operation(vm, operation)?,
                Proposed::Known(Directive::Table { table, operations }) => {
                    let mut inner = Vec::new();
                    for operation in operations {
                        inner.push(self.operation(vm, operation)?);
                    }
                    let mut args =
                        Args::of(vec![convert::ident_value(&table.name), Value::list(inner)]);
                    schema(&mut args, table);
                    make(vm, "ModifyTableOps", args)?
                }
            });
        }
        Ok(found)
    }

    /// The object of an operation; a step that stays as it is where there is none, or where what is
    /// read back could not be told from a change.
    fn operation(&mut self, vm: &mut Vm, operation: &Operation) -> PyResult {
        if let Some(object) = self.object(vm, operation)?
            && let Ok(same) = self.converted(vm, &object)
        {
            self.remember(operation, &same);
            return Ok(object);
        }
        self.kept.push(operation.clone());
        let number = i64::try_from(self.kept.len() - 1).unwrap_or(i64::MAX);
        make(vm, "_Kept", Args::of(vec![Value::Int(number)]))
    }

    fn remember(&mut self, proposed: &Operation, same: &Operation) {
        self.proposed.insert(key(same), proposed.clone());
        match (proposed, same) {
            (
                Operation::CreateTable { table, .. },
                Operation::CreateTable {
                    table: converted, ..
                },
            ) => {
                for new in &converted.columns {
                    let old = table.columns.iter().find(|old| old.name == new.name);
                    if let Some(old) = old {
                        self.columns.insert(key(new), old.clone());
                    }
                }
                let written = |constraint: &&Constraint| {
                    !matches!(
                        constraint.kind,
                        ConstraintKind::Check {
                            from_type: true,
                            ..
                        }
                    )
                };
                let old = table.constraints.iter().filter(written);
                for (old, new) in old.zip(converted.constraints.iter().filter(written)) {
                    self.constraints.insert(key(new), old.clone());
                }
            }
            (
                Operation::AddColumn { column: old, .. },
                Operation::AddColumn { column: new, .. },
            ) => {
                self.columns.insert(key(new), old.clone());
            }
            _ => {}
        }
    }

    fn object(&mut self, vm: &mut Vm, operation: &Operation) -> PyResult<Option<Value>> {
        Ok(Some(match operation {
            Operation::CreateTable {
                table,
                if_not_exists,
                along: _,
                convention: _,
            } => {
                let exclusion = |c: &Constraint| matches!(c.kind, ConstraintKind::Exclude(_));
                if !table.indexes.is_empty() || table.constraints.iter().any(exclusion) {
                    return Ok(None);
                }
                let mut items = Vec::new();
                for column in &table.columns {
                    items.push(column_object(vm, self.metadata, &table.name, column)?);
                }
                for constraint in &table.constraints {
                    items.extend(constraint_value(vm, constraint).map(|item| Value::Native(item)));
                }
                let mut args = Args::of(vec![
                    convert::ident_value(&table.name.name),
                    Value::list(items),
                ]);
                schema(&mut args, &table.name);
                flag(&mut args, "if_not_exists", *if_not_exists);
                if let Some(comment) = &table.comment {
                    keyword(&mut args, "comment", Value::Str(comment.clone()));
                }
                if !table.prefixes.is_empty() {
                    let prefixes = table.prefixes.iter();
                    let prefixes = prefixes.map(|prefix| Value::Str(prefix.clone())).collect();
                    keyword(&mut args, "prefixes", Value::list(prefixes));
                }
                if let Some(known) = table_object(vm, self.metadata, &table.name)?
                    && let Some(info) = vm.find_attr(&Value::Native(known), "info")?
                {
                    keyword(&mut args, "info", info);
                }
                args.kw.extend(options_value(&table.options));
                make(vm, "CreateTableOp", args)?
            }
            Operation::DropTable {
                table,
                if_exists,
                options,
            } => {
                let mut args = Args::of(vec![convert::ident_value(&table.name)]);
                schema(&mut args, table);
                flag(&mut args, "if_exists", *if_exists);
                if !options.is_empty() {
                    let mut dict = Dict::default();
                    for (name, value) in options_value(options) {
                        dict.insert(DictKey::str(&*name), value);
                    }
                    keyword(&mut args, "table_kw", Value::dict(dict));
                }
                make(vm, "DropTableOp", args)?
            }
            Operation::RenameTable { table, new_name } => {
                let mut args = Args::of(vec![
                    convert::ident_value(&table.name),
                    convert::ident_value(new_name),
                ]);
                schema(&mut args, table);
                make(vm, "RenameTableOp", args)?
            }
            Operation::TableComment {
                table,
                comment,
                existing,
            } => {
                let mut args = Args::of(vec![convert::ident_value(&table.name)]);
                let class = match comment {
                    Some(comment) => {
                        args.pos.push(Value::Str(comment.clone()));
                        "CreateTableCommentOp"
                    }
                    None => "DropTableCommentOp",
                };
                let existing = existing.clone().map_or(Value::None, Value::Str);
                keyword(&mut args, "existing_comment", existing);
                schema(&mut args, table);
                make(vm, class, args)?
            }
            Operation::AddColumn {
                table,
                column,
                if_not_exists,
                inline_references,
                inline_primary_key,
                position: None,
            } => {
                let object = column_object(vm, self.metadata, table, column)?;
                let mut args = Args::of(vec![convert::ident_value(&table.name), object]);
                schema(&mut args, table);
                flag(&mut args, "if_not_exists", *if_not_exists);
                flag(&mut args, "inline_references", *inline_references);
                flag(&mut args, "inline_primary_key", *inline_primary_key);
                make(vm, "AddColumnOp", args)?
            }
            Operation::DropColumn {
                table,
                column,
                if_exists,
                options,
            } => {
                let mut args = Args::of(vec![
                    convert::ident_value(&table.name),
                    convert::ident_value(column),
                ]);
                schema(&mut args, table);
                flag(&mut args, "if_exists", *if_exists);
                args.kw.extend(options_value(options));
                make(vm, "DropColumnOp", args)?
            }
            Operation::AlterColumn(alter) => self.alter(vm, alter)?,
            Operation::CreateIndex {
                table,
                index,
                if_not_exists,
            } => {
                let elements = index.elements.iter().map(|element| match element {
                    IndexElement::Column(name) => convert::ident_value(name),
                    IndexElement::Expr(expr) => sql::wrap(expr.clone()),
                });
                let mut args = Args::of(vec![
                    name_value(&index.name),
                    convert::ident_value(&table.name),
                    Value::list(elements.collect()),
                ]);
                schema(&mut args, table);
                keyword(&mut args, "unique", Value::Bool(index.unique));
                flag(&mut args, "if_not_exists", *if_not_exists);
                args.kw.extend(options_value(&index.options));
                make(vm, "CreateIndexOp", args)?
            }
            Operation::DropIndex {
                name,
                schema,
                table,
                if_exists,
                options,
            } => {
                let table = table.as_ref().map_or(Value::None, convert::ident_value);
                let mut args = Args::of(vec![name_value(name), table]);
                if let Some(schema) = schema {
                    keyword(&mut args, "schema", convert::ident_value(schema));
                }
                flag(&mut args, "if_exists", *if_exists);
                args.kw.extend(options_value(options));
                make(vm, "DropIndexOp", args)?
            }
            Operation::AddConstraint { table, constraint } => match added(vm, table, constraint)? {
                Some(object) => object,
                None => return Ok(None),
            },
            Operation::DropConstraint {
                table,
                name,
                kind,
                if_exists,
            } => {
                let kind = kind.map_or(Value::None, |kind| {
                    Value::from(match kind {
                        DropConstraintKind::ForeignKey => "foreignkey",
                        DropConstraintKind::Primary => "primary",
                        DropConstraintKind::Unique => "unique",
                        DropConstraintKind::Check => "check",
                    })
                });
                let name = name_value(name);
                let mut args = Args::of(vec![name, convert::ident_value(&table.name), kind]);
                schema(&mut args, table);
                flag(&mut args, "if_exists", *if_exists);
                make(vm, "DropConstraintOp", args)?
            }
            Operation::Execute {
                statement: Executable::Str(text) | Executable::Verbatim(text),
            } => {
                let args = Args::of(vec![Value::Str(text.clone())]);
                make(vm, "ExecuteSQLOp", args)?
            }
            Operation::AddColumn { .. }
            | Operation::Execute { .. }
            | Operation::BulkInsert { .. }
            | Operation::CreateEnum { .. }
            | Operation::DropEnum { .. }
            | Operation::AlterEnum { .. }
            | Operation::BatchAlterTable(_)
            | Operation::BeginAutocommit
            | Operation::EndAutocommit => return Ok(None),
        }))
    }

    fn alter(&mut self, vm: &mut Vm, alter: &AlterColumn) -> PyResult {
        let mut args = Args::of(vec![
            convert::ident_value(&alter.table.name),
            convert::ident_value(&alter.column),
        ]);
        schema(&mut args, &alter.table);
        if let Some(existing) = &alter.existing_type {
            let value = types::value_of(vm, existing)?;
            keyword(&mut args, "existing_type", value);
        }
        if let Some(wanted) = &alter.data_type {
            let mut value = types::value_of(vm, wanted)?;
            if let Some(table) = table_object(vm, self.metadata, &alter.table)?
                && let Some(column) = table.column(&alter.column.name)
            {
                let own = vm.get_attr(&Value::Native(column), "type")?;
                let mut data_type = types::data_type(vm, &own)?;
                data_type.written = wanted.written.clone();
                if key(&data_type) == key(wanted) {
                    value = own;
                }
            }
            keyword(&mut args, "modify_type", value);
        }
        for (name, change) in [
            ("existing_server_default", &alter.existing_default),
            ("modify_server_default", &alter.default),
        ] {
            let value = default_change(vm, change);
            keyword(&mut args, name, value);
        }
        let truth = |value: Option<bool>| value.map_or(Value::None, Value::Bool);
        keyword(
            &mut args,
            "existing_nullable",
            truth(alter.existing_nullable),
        );
        keyword(&mut args, "modify_nullable", truth(alter.nullable));
        let existing = alter.existing_comment.clone();
        keyword(
            &mut args,
            "existing_comment",
            existing.map_or(Value::None, Value::Str),
        );
        let comment = match &alter.comment {
            Change::Keep => Value::Bool(false),
            Change::Drop => Value::None,
            Change::Set(text) => Value::Str(text.clone()),
        };
        keyword(&mut args, "modify_comment", comment);
        if let Some(name) = &alter.new_name {
            keyword(&mut args, "modify_name", convert::ident_value(name));
        }
        if let Some(counts) = alter.autoincrement {
            keyword(&mut args, "autoincrement", Value::Bool(counts));
        }
        args.kw.extend(options_value(&alter.options));
        make(vm, "AlterColumnOp", args)
    }
}

/// A column, with the type that the models give it where that is the same.
pub(in super::super) fn column_object(
    vm: &mut Vm,
    metadata: &Value,
    table: &TableName,
    column: &Column,
) -> PyResult {
    let mut object_of_models = None;
    if let Some(known) = table_object(vm, metadata, table)? {
        let columns = known.columns.borrow().clone();
        object_of_models = columns
            .into_iter()
            .find(|other| other.name().is_some_and(|name| name == column.name));
    }
    let mut data_type = None;
    let mut info = None;
    if let Some(known) = object_of_models {
        let known = Value::Native(known);
        let value = vm.get_attr(&known, "type")?;
        let mut own = types::data_type(vm, &value)?;
        own.written = column.data_type.written.clone();
        types::in_schema_of(&mut own, table.schema.as_ref().map(|schema| &schema.name));
        if key(&own) == key(&column.data_type) {
            data_type = Some(value);
            info = vm.find_attr(&known, "info")?;
        }
    }
    let data_type = match data_type {
        Some(data_type) => data_type,
        None => types::value_of(vm, &column.data_type)?,
    };
    let object = Value::Native(column_value(vm, column, data_type)?);
    if let Some(info) = info {
        vm.set_attr(&object, "info", info)?;
    }
    Ok(object)
}

fn default_change(vm: &mut Vm, change: &Change<ServerDefault>) -> Value {
    match change {
        Change::Keep => Value::Bool(false),
        Change::Drop => Value::None,
        Change::Set(default) => default_value(vm, default),
    }
}

/// `CreateUniqueConstraintOp` and its like; nothing for what has no such class.
fn added(vm: &mut Vm, table: &TableName, constraint: &Constraint) -> PyResult<Option<Value>> {
    let name = name_value(&constraint.name);
    let of = convert::ident_value(&table.name);
    let (class, mut args) = match &constraint.kind {
        ConstraintKind::PrimaryKey { columns } => (
            "CreatePrimaryKeyOp",
            Args::of(vec![name, of, names_value(columns)]),
        ),
        ConstraintKind::Unique { columns } => (
            "CreateUniqueConstraintOp",
            Args::of(vec![name, of, names_value(columns)]),
        ),
        ConstraintKind::Check { condition, .. } => (
            "CreateCheckConstraintOp",
            Args::of(vec![name, of, sql::wrap(condition.clone())]),
        ),
        ConstraintKind::ForeignKey(key) => {
            let mut args = Args::of(vec![
                name,
                of,
                convert::ident_value(&key.referent.name),
                names_value(&key.columns),
                names_value(&key.referent_columns),
            ]);
            if let Some(schema) = &table.schema {
                keyword(&mut args, "source_schema", convert::ident_value(schema));
            }
            if let Some(schema) = &key.referent.schema {
                keyword(&mut args, "referent_schema", convert::ident_value(schema));
            }
            for (option, value) in [
                ("onupdate", &key.onupdate),
                ("ondelete", &key.ondelete),
                ("match", &key.match_type),
            ] {
                if let Some(value) = value {
                    keyword(&mut args, option, Value::Str(value.clone()));
                }
            }
            flag(&mut args, "use_alter", key.use_alter);
            ("CreateForeignKeyOp", args)
        }
        ConstraintKind::Exclude(_) => return Ok(None),
    };
    if class != "CreateForeignKeyOp" {
        schema(&mut args, table);
    }
    if let Some(deferrable) = constraint.deferrable {
        keyword(&mut args, "deferrable", Value::Bool(deferrable));
    }
    if let Some(initially) = &constraint.initially {
        keyword(&mut args, "initially", Value::Str(initially.clone()));
    }
    args.kw.extend(options_value(&constraint.options));
    make(vm, class, args).map(Some)
}

/// What something is told by.
pub(super) fn key(of: &impl std::fmt::Debug) -> String {
    format!("{of:?}")
}

fn keyword(args: &mut Args, name: &str, value: Value) {
    args.kw.push((Str::from(name), value));
}

fn flag(args: &mut Args, name: &str, value: bool) {
    if value {
        keyword(args, name, Value::Bool(true));
    }
}

fn schema(args: &mut Args, table: &TableName) {
    if let Some(schema) = &table.schema {
        keyword(args, "schema", convert::ident_value(schema));
    }
}

/// An object of one of Alembic's classes of operations.
fn make(vm: &mut Vm, class: &str, args: Args) -> PyResult {
    match third_party::name(vm, "alembic_operations_ops", class)? {
        Some(class) => vm.call(&class, args),
        None => Err(Raise::exception("AttributeError", class.to_owned())),
    }
}

/// Lets what drops something know what makes it again: the step at the same place from the end.
fn pair(vm: &mut Vm, up: &[Value], down: &[Value]) -> PyResult<()> {
    if up.len() != down.len() {
        return Ok(());
    }
    for (there, back) in up.iter().zip(down.iter().rev()) {
        for (one, other) in [(there, back), (back, there)] {
            if let Some(Value::None) = vm.find_attr(one, "_reverse")? {
                vm.set_attr(one, "_reverse", other.clone())?;
            }
        }
        let inner = |vm: &mut Vm, value: &Value| -> PyResult<Option<Vec<Value>>> {
            match vm.find_attr(value, "ops")? {
                Some(list) => vm.iterate(&list).map(Some),
                None => Ok(None),
            }
        };
        if let (Some(there), Some(back)) = (inner(vm, there)?, inner(vm, back)?) {
            pair(vm, &there, &back)?;
        }
    }
    Ok(())
}
