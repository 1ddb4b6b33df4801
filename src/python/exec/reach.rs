//! What code that was not executed may have done, with the functions that it calls.
//!
//! A function may be called wherever its name is said, since it can be handed on. A method may be
//! where an object or its class is named, and the method's name is said. What is left of the calls is
//! what the project's own code does not say: methods by their names, functions of the evaluator, and
//! functions of packages that are not here.

use std::rc::Rc;
use std::sync::Arc;

use rustc_hash::{FxHashMap, FxHashSet};

use super::super::builtins;
use super::super::class::Class;
use super::super::syntax::effects::{self, Call, Callee, Effects};
use super::super::value::Value;
use super::super::vm::{Function, Module, Vm};
use super::passed_over::{captured, look_up};
use crate::source::{Location, SourceFile};

/// How many functions are followed.
const FUNCTIONS: usize = 512;

/// How deep containers in containers are looked into.
const NESTING: usize = 3;

/// Where the names of code stand for something.
pub enum Scope {
    /// In the frame that is being executed.
    Frame,
    /// At the top of a module.
    Module(Rc<Module>),
    /// Nothing was evaluated: functions at the top of the file are known by their names.
    File,
    /// In a function.
    Function(Rc<Function>),
}

impl Scope {
    fn look_up(&self, vm: &Vm, name: &str) -> Option<Value> {
        match self {
            Self::Frame => look_up(vm, name),
            Self::Module(module) => module.dict.borrow().get(name).cloned(),
            Self::File => None,
            Self::Function(function) => captured(function.env.as_ref(), name)
                .or_else(|| function.globals.dict.borrow().get(name).cloned()),
        }
    }
}

/// The effects of code of a file with those of all functions that it may call, and the files in
/// which these are.
pub fn whole(
    vm: &mut Vm,
    mut effects: Effects,
    file: &Arc<SourceFile>,
    scope: &Scope,
) -> (Effects, Vec<Arc<SourceFile>>) {
    let mut reach = Reach {
        vm,
        calls: Vec::new(),
        texts: std::mem::take(&mut effects.texts),
        files: vec![Arc::clone(file)],
        seen: FxHashSet::default(),
        wanted: Vec::new(),
        methods: FxHashMap::default(),
        said: FxHashSet::default(),
    };
    if let Scope::File = scope {
        reach.within_file(file, &effects);
    } else {
        reach.within(scope, &effects);
        reach.follow();
    }
    effects.calls = reach.calls;
    effects.texts = reach.texts;
    (effects, reach.files)
}

struct Reach<'a> {
    vm: &'a mut Vm,
    calls: Vec<Call>,
    texts: Vec<String>,
    files: Vec<Arc<SourceFile>>,
    /// The functions, classes and containers that were seen, by their addresses.
    seen: FxHashSet<usize>,
    wanted: Vec<Rc<Function>>,
    /// The methods that are wanted as soon as their names are said.
    methods: FxHashMap<Arc<str>, Vec<Rc<Function>>>,
    /// The names of methods that are said.
    said: FxHashSet<Arc<str>>,
}

impl Reach<'_> {
    fn follow(&mut self) {
        let mut followed = 0;
        while let Some(function) = self.wanted.pop() {
            followed += 1;
            let place = Location::new(Arc::clone(&function.def.file), function.def.span);
            let inner = effects::of_statement(&place).filter(|_| followed <= FUNCTIONS);
            let Some(mut inner) = inner else {
                // What it does cannot be said.
                self.calls.push(Call::unsaid());
                continue;
            };
            if !self.files.iter().any(|file| Arc::ptr_eq(file, &place.file)) {
                self.files.push(place.file);
            }
            self.texts.append(&mut inner.texts);
            self.within(&Scope::Function(function), &inner);
        }
    }

    /// Takes what code names, and keeps the calls that are not of the project's functions.
    fn within(&mut self, scope: &Scope, effects: &Effects) {
        let locals: FxHashSet<&str> = effects.locals.iter().map(String::as_str).collect();
        // Its own names are not what they are elsewhere.
        let own: FxHashSet<&str> = match scope {
            Scope::Function(function) => function.def.slots.iter().map(|slot| &**slot).collect(),
            _ => effects.binds.iter().map(String::as_str).collect(),
        };
        let value = |vm: &Vm, name: &str| match own.contains(name) {
            true => None,
            false => scope.look_up(vm, name),
        };
        for name in &effects.mentions {
            if let Some(value) = value(self.vm, name) {
                self.reaches(&value, NESTING);
            }
        }
        for part in &effects.attributes {
            self.say(&part.name);
            let found = part.path.first().and_then(|name| value(self.vm, name));
            match found.and_then(|root| of_modules(&root, part)) {
                Some(value) => self.reaches(&value, NESTING),
                None => self.calls.push(part.clone()),
            }
        }
        for call in &effects.calls {
            if call.callee == Callee::Method {
                self.say(&call.name);
            }
            let found = match call.callee {
                Callee::Function => value(self.vm, &call.name),
                Callee::Method => call.path.first().and_then(|name| value(self.vm, name)),
                Callee::BuiltIn | Callee::Unsaid => None,
            };
            let imported = imported(&effects.imports, call);
            match (call.callee, found) {
                (Callee::Function, Some(found)) => self.called(&found, call),
                (Callee::Function, None) if imported.is_some() => self.calls.push(Call {
                    module: imported,
                    ..call.clone()
                }),
                // It is written here, or was handed over by what says its name.
                (Callee::Function, None) if locals.contains(&*call.name) => {}
                (Callee::Function, None) if builtins::lookup(self.vm, &call.name).is_some() => {
                    self.built_in(&call.name);
                }
                (Callee::Method, Some(root)) => match of_modules(&root, call) {
                    Some(found) => self.called(&found, call),
                    // A method of a class that is not a table's.
                    None if call.path.len() == 1 && matches!(root, Value::Class(_)) => {}
                    None => self.calls.push(call.clone()),
                },
                _ => self.calls.push(call.clone()),
            }
        }
    }

    /// Keeps a call of a value, unless the project says what it does.
    fn called(&mut self, found: &Value, call: &Call) {
        match found {
            Value::Function(function) if function.def.file.is_built_in() => {
                self.built_in(&call.name);
            }
            Value::Builtin(builtin) => self.built_in(builtin.name),
            Value::Class(class) if is_own(class) => self.reaches(found, NESTING),
            Value::Class(class) => self.built_in(&class.name),
            Value::Function(_) | Value::BoundMethod(_) | Value::Instance(_) => {
                self.reaches(found, NESTING);
            }
            _ => self.calls.push(call.clone()),
        }
    }

    fn built_in(&mut self, name: &str) {
        self.calls.push(Call::plain(Callee::BuiltIn, name));
    }

    /// Wants the functions that a value has.
    fn reaches(&mut self, value: &Value, nesting: usize) {
        let Some(nesting) = nesting.checked_sub(1) else {
            return;
        };
        match value {
            Value::Function(function) => {
                let at = Rc::as_ptr(function) as usize;
                if !function.def.file.is_built_in() && self.seen.insert(at) {
                    self.wanted.push(Rc::clone(function));
                }
            }
            Value::BoundMethod(method) => {
                self.reaches(&method.0, nesting);
                self.reaches(&method.1, nesting);
            }
            Value::Class(class) => self.methods(class),
            Value::Instance(instance) => {
                let class = Rc::clone(&instance.class.borrow());
                self.methods(&class);
                if self.seen.insert(Rc::as_ptr(instance) as usize) {
                    let held: Vec<Value> = instance.dict.borrow().values().cloned().collect();
                    for value in &held {
                        self.reaches(value, nesting);
                    }
                }
            }
            Value::List(list) => {
                for value in list.borrow().iter() {
                    self.reaches(value, nesting);
                }
            }
            Value::Tuple(values) => {
                for value in values.iter() {
                    self.reaches(value, nesting);
                }
            }
            Value::Dict(dict) => {
                for value in dict.borrow().values() {
                    self.reaches(value, nesting);
                }
            }
            _ => {}
        }
    }

    /// The methods of a class of the project, and of what it derives from, may be called.
    fn methods(&mut self, class: &Rc<Class>) {
        if !self.seen.insert(Rc::as_ptr(class) as usize) {
            return;
        }
        for class in std::iter::once(class).chain(&class.mro) {
            for (name, value) in class.dict.borrow().iter() {
                let mut functions = Vec::new();
                written(value, &mut functions);
                for function in functions {
                    // Python itself calls `__init__` and its like.
                    if name.starts_with("__") || self.said.contains(&**name) {
                        self.reaches(&Value::Function(function), NESTING);
                    } else {
                        let known = self.methods.entry(Arc::from(&**name)).or_default();
                        known.push(function);
                    }
                }
            }
        }
    }

    /// A method's name is said.
    fn say(&mut self, name: &str) {
        if self.said.contains(name) {
            return;
        }
        self.said.insert(Arc::from(name));
        for function in self.methods.remove(name).unwrap_or_default() {
            self.reaches(&Value::Function(function), NESTING);
        }
    }

    /// The same by the names of functions at the top of the file.
    fn within_file(&mut self, file: &Arc<SourceFile>, effects: &Effects) {
        let mut wanted = vec![effects.clone()];
        let mut seen: FxHashSet<String> = FxHashSet::default();
        while let Some(effects) = wanted.pop() {
            self.texts.extend(effects.texts);
            let imports = effects.imports;
            let locals: FxHashSet<&str> = effects.locals.iter().map(String::as_str).collect();
            let mut called: FxHashSet<&str> = FxHashSet::default();
            for name in &effects.mentions {
                if locals.contains(name.as_str()) {
                    continue;
                }
                if let Some(inner) = effects::of_rest(file, name, None) {
                    called.insert(name);
                    if seen.insert(name.clone()) {
                        wanted.push(inner);
                    }
                }
            }
            self.calls.extend(effects.attributes);
            for call in effects.calls {
                let module = imported(&imports, &call);
                let own = called.contains(&*call.name) || locals.contains(&*call.name);
                if call.callee != Callee::Function || !own || module.is_some() {
                    self.calls.push(Call { module, ..call });
                }
            }
        }
    }
}

/// The first part of the module that code imports the function from that it calls.
fn imported(imports: &[(String, String)], call: &Call) -> Option<String> {
    let mut imports = imports.iter();
    let (_, module) = imports.find(|(name, _)| *name == call.name)?;
    Some(module.clone()).filter(|_| call.callee == Callee::Function)
}

/// What a path of names leads to from a value, as far as it goes through modules.
fn of_modules(root: &Value, call: &Call) -> Option<Value> {
    let mut value = root.clone();
    for name in call.path.iter().skip(1).chain([&call.name]) {
        let Value::Module(module) = &value else {
            return None;
        };
        let found = module.dict.borrow().get(&**name).cloned()?;
        value = found;
    }
    Some(value)
}

/// The functions of the project in an attribute of a class.
fn written(value: &Value, found: &mut Vec<Rc<Function>>) {
    match value {
        Value::Function(function) if !function.def.file.is_built_in() => {
            found.push(Rc::clone(function));
        }
        Value::BoundMethod(method) => {
            written(&method.0, found);
            written(&method.1, found);
        }
        // A property, or what a decorator made.
        Value::Instance(instance) => {
            for value in instance.dict.borrow().values() {
                if let Value::Function(_) = value {
                    written(value, found);
                }
            }
        }
        _ => {}
    }
}

fn is_own(class: &Class) -> bool {
    let is_own = |value: &Value| matches!(value, Value::Function(function) if !function.def.file.is_built_in());
    class.native.is_none() && class.dict.borrow().values().any(is_own)
}
