//! `--on-opaque stub`: what only a database could know becomes a step for a person.

use std::cell::RefCell;
use std::rc::Rc;
use std::sync::Arc;

use crate::catalog::Taint;
use crate::frontend::alembic::host::record_located;
use crate::operation::{Executable, Located, ManualStep, Operation};
use crate::python::error::Cause;
use crate::python::exec::{PassedOver, Scope, diagnostic, whole};
use crate::python::syntax::effects::{Call, Callee, Effects, imported_from, lines, of_rest};
use crate::python::syntax::{objects, texts};
use crate::python::vm::{Bypass, Module};
use crate::python::{PyResult, Raise, Vm};
use crate::source::{Location, SourceFile, Span};

/// Makes a step of each statement that is passed over.
#[derive(Default)]
struct ManualSteps {
    /// The revision and direction.
    of: RefCell<Arc<str>>,
    /// The revision's file.
    file: RefCell<Option<Arc<SourceFile>>>,
    /// Whether the revisions have been applied.
    applied: bool,
}

/// Has statements passed over that need a database. Revisions that have been `applied` did not
/// raise.
pub(super) fn install(vm: &mut Vm, applied: bool) {
    let steps = Rc::new(ManualSteps {
        applied,
        ..ManualSteps::default()
    });
    vm.set_host(Rc::clone(&steps));
    vm.bypass = Some(steps);
}

/// Says what the steps that follow belong to.
pub(super) fn begin(vm: &mut Vm, file: &Arc<SourceFile>, of: impl FnOnce() -> String) {
    if let Some(steps) = vm.host::<ManualSteps>() {
        *steps.file.borrow_mut() = Some(Arc::clone(file));
        *steps.of.borrow_mut() = Arc::from(of());
        vm.forget_stale();
        vm.unwound = None;
    }
}

impl Bypass for ManualSteps {
    fn passed_over(&self, vm: &mut Vm, statement: PassedOver) {
        let PassedOver {
            diagnostic,
            place,
            effects,
            files,
            values,
        } = statement;
        let values: Vec<(Arc<str>, Arc<str>)> = values
            .iter()
            .filter_map(|(name, value)| Some((name.clone(), vm.repr(value).ok()?)))
            .collect();
        let step = ManualStep {
            of: self.of.borrow().clone(),
            reason: diagnostic.message.into(),
            place: named(&place),
            source: lines(&place.file, place.span),
            rest: false,
            schema: changes_schema(&files, &effects),
            tables: named_tables(&files, &effects, &values),
            values,
        };
        record(vm, step, place);
    }

    fn applied(&self) -> bool {
        self.applied
    }

    fn is_own(&self, file: &Arc<SourceFile>) -> bool {
        let own = self.file.borrow();
        own.as_ref().is_some_and(|own| Arc::ptr_eq(own, file))
    }
}

/// Where a statement could not be passed over by itself, all that comes from there on in the
/// revision's function is a step.
pub(super) fn rest(
    vm: &mut Vm,
    module: Option<&Rc<Module>>,
    file: &Arc<SourceFile>,
    function: &str,
    raise: Box<Raise>,
) -> PyResult<()> {
    let cause = match &*raise {
        Raise::Fatal(fatal) => fatal.cause,
        Raise::Builtin { .. } | Raise::Exception { .. } => Cause::Other,
    };
    let steps = vm.host::<ManualSteps>();
    let (Some(steps), Some(place), Cause::Database) = (steps, vm.unwound.take(), cause) else {
        return Err(raise);
    };
    // Only of the revision's own function is it known where it ends.
    let end = Arc::ptr_eq(&place.file, file)
        .then(|| end_of(file, function, place.span))
        .flatten();
    let Some(end) = end else { return Err(raise) };
    let reason = diagnostic(vm, &raise).message;
    let (schema, tables) = match hidden(vm, module, file, function, Some(&place)) {
        Taint::Nothing => (false, None),
        Taint::Tables(tables) => (true, Some(tables)),
        Taint::Everything => (true, None),
    };
    let step = ManualStep {
        of: steps.of.borrow().clone(),
        reason: reason.into(),
        place: named(&place),
        source: lines(file, Span::new(place.span.start as usize, end)),
        values: Vec::new(),
        rest: true,
        schema,
        tables,
    };
    record(vm, step, place);
    Ok(())
}

/// Where the function ends that the place is in.
fn end_of(file: &Arc<SourceFile>, function: &str, place: Span) -> Option<usize> {
    let end = crate::python::syntax::effects::end_of_function(file, function)?;
    (end.start <= place.start && place.end <= end.end).then_some(end.end as usize)
}

fn record(vm: &mut Vm, step: ManualStep, place: Location) {
    let statement = Executable::Manual(Box::new(step));
    let located = Located {
        operation: Operation::Execute { statement },
        location: Some(place),
        stack: Vec::new(),
        spelled: Vec::new(),
    };
    record_located(vm, located);
}

/// The file's name and the line.
fn named(place: &Location) -> Arc<str> {
    let name = place.file.path().file_name().unwrap_or_default();
    let (line, _) = place.file.line_column(place.span.start);
    format!("{}:{line}", name.to_string_lossy()).into()
}

/// Whether a statement may change more than rows: unless all that it calls is known not to.
fn changes_schema(files: &[Arc<SourceFile>], effects: &Effects) -> bool {
    let apart: Vec<String> = files
        .iter()
        .flat_map(|file| imported_from(file, APART))
        .collect();
    let is_apart = |module: &String| APART.contains(&module.as_str());
    let plain = |call: &Call| {
        let name = call.name.as_str();
        match call.callee {
            Callee::Unsaid => false,
            _ if DEFINING.contains(&name) || CONSTRUCTS.contains(&name) => false,
            Callee::Method | Callee::BuiltIn => true,
            // An object is made.
            Callee::Function => {
                name.starts_with(char::is_uppercase)
                    || HARMLESS.contains(&name)
                    || apart.iter().any(|known| known == name)
                    || call.module.as_ref().is_some_and(is_apart)
            }
        }
    };
    !effects.calls.iter().all(plain) || effects.texts.iter().any(|text| texts::defines(text))
}

/// The names that tables may have which effects change, if they say their tables by name: those in
/// their texts, in constants of their files, and in values.
fn named_tables(
    files: &[Arc<SourceFile>],
    effects: &Effects,
    values: &[(Arc<str>, Arc<str>)],
) -> Option<Vec<Arc<str>>> {
    let calls = |methods: &[&str]| {
        let mut calls = effects.calls.iter();
        calls.any(|call| methods.contains(&call.name.as_str()))
    };
    if calls(BY_PROGRAM) {
        return None;
    }
    let objects: Vec<String> = if calls(OF_COLLECTIONS) || calls(OF_TABLES) {
        let tables = |file| objects::tables(file, OF_COLLECTIONS, OF_TABLES);
        let found: Option<Vec<_>> = files.iter().map(tables).collect();
        found?.concat()
    } else {
        Vec::new()
    };
    // A function of another module that defines something is told its tables here.
    let constants: Vec<String> = match calls(DEFINING) {
        true => files.iter().flat_map(texts::constants).collect(),
        false => Vec::new(),
    };
    let said = effects.texts.iter().chain(&constants).chain(&objects);
    let texts = said.map(String::as_str);
    let values = values
        .iter()
        .map(|(_, value)| value.trim_matches(['\'', '"']));
    Some(texts::names(texts.chain(values)))
}

/// What is not known of tables any more where a revision's function was not evaluated from a place
/// on, or at all.
pub fn hidden(
    vm: &mut Vm,
    module: Option<&Rc<Module>>,
    file: &Arc<SourceFile>,
    function: &str,
    from: Option<&Location>,
) -> Taint {
    let from = from.filter(|place| Arc::ptr_eq(&place.file, file));
    let Some(effects) = of_rest(file, function, from.map(|place| place.span)) else {
        return Taint::Everything;
    };
    let scope = match module {
        Some(module) if module.dict.borrow().contains_key(function) => {
            Scope::Module(Rc::clone(module))
        }
        _ => Scope::File,
    };
    let (effects, files) = whole(vm, effects, file, &scope);
    if !changes_schema(&files, &effects) {
        return Taint::Nothing;
    }
    match named_tables(&files, &effects, &[]) {
        Some(tables) => Taint::Tables(tables),
        None => Taint::Everything,
    }
}

/// Methods that make or drop several tables, which they are told.
const OF_COLLECTIONS: &[&str] = &["create_all", "drop_all"];

/// Methods of a table.
const OF_TABLES: &[&str] = &["create", "drop"];

/// Methods that run what is not said here.
const BY_PROGRAM: &[&str] = &["invoke", "run_async"];

/// Methods that define something.
const DEFINING: &[&str] = &[
    "add_column",
    "alter_column",
    "batch_alter_table",
    "create",
    "create_all",
    "create_check_constraint",
    "create_exclude_constraint",
    "create_foreign_key",
    "create_index",
    "create_primary_key",
    "create_table",
    "create_table_comment",
    "create_unique_constraint",
    "drop",
    "drop_all",
    "drop_column",
    "drop_constraint",
    "drop_index",
    "drop_table",
    "drop_table_comment",
    "invoke",
    "rename_table",
    "run_async",
];

/// Modules whose functions reach no database and call no other functions: of the standard library,
/// and SQLAlchemy's, which make what is executed elsewhere ([`CONSTRUCTS`]).
const APART: &[&str] = &[
    "base64",
    "binascii",
    "calendar",
    "datetime",
    "decimal",
    "hashlib",
    "html",
    "json",
    "logging",
    "math",
    "pprint",
    "random",
    "re",
    "secrets",
    "sqlalchemy",
    "statistics",
    "string",
    "textwrap",
    "time",
    "unicodedata",
    "urllib",
    "uuid",
    "zlib",
];

/// What is executed to define something.
const CONSTRUCTS: &[&str] = &[
    "AddConstraint",
    "CreateIndex",
    "CreateSchema",
    "CreateSequence",
    "CreateTable",
    "DDL",
    "DropConstraint",
    "DropIndex",
    "DropSchema",
    "DropSequence",
    "DropTable",
    "SetColumnComment",
    "SetTableComment",
];

/// Functions that are no methods and define nothing.
const HARMLESS: &[&str] = &[
    "and_",
    "bindparam",
    "bool",
    "cast",
    "delete",
    "dict",
    "enumerate",
    "float",
    "func",
    "getattr",
    "hasattr",
    "insert",
    "int",
    "isinstance",
    "iter",
    "len",
    "list",
    "map",
    "max",
    "min",
    "next",
    "not_",
    "null",
    "or_",
    "print",
    "range",
    "repr",
    "reversed",
    "select",
    "set",
    "sorted",
    "str",
    "sum",
    "super",
    "text",
    "tuple",
    "update",
    "zip",
];
