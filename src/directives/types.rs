//! Types in Python.

use super::literal::quoted;
use super::{Item, Writer, unwritable};
use crate::datatype::{DataType, EnumType, Family, TypeArg};
use crate::diagnostic::Result;

impl Writer<'_> {
    /// `sa.String(length=50)`, with its variants.
    pub(super) fn data_type(&mut self, data_type: &DataType) -> Result<String> {
        if let Some(written) = &data_type.written.0 {
            return Ok(written.to_string());
        }
        if let Some(own) = self.own(Item::Type(data_type))? {
            return Ok(own.unwrap_or_else(|| "None".to_owned()));
        }
        let mut text = self.plain_type(data_type)?;
        for (dialect, variant) in &data_type.variants {
            let variant = self.plain_type(variant)?;
            text.push_str(&format!(".with_variant({variant}, {})", quoted(dialect)));
        }
        Ok(text)
    }

    fn plain_type(&mut self, data_type: &DataType) -> Result<String> {
        if data_type.spec.family == Family::UserDefined {
            let spelling = data_type.text("spec").unwrap_or("of the project");
            return Err(unwritable(&format!("the type {spelling}")));
        }
        let class = match data_type.spec.name.split_once('.') {
            Some((dialect, class)) => {
                self.imports
                    .insert(format!("from sqlalchemy.dialects import {dialect}"));
                format!("{dialect}.{class}")
            }
            None => format!("{}{}", self.sa(), data_type.spec.name),
        };
        if let Some(labels) = &data_type.enumeration {
            let made = self
                .made_by_tables
                .iter()
                .position(|made| super::same(made, labels));
            if let Some(at) = made {
                self.made_by_tables.remove(at);
            }
            return Ok(enumeration(labels, &class, made.is_none()));
        }
        let mut arguments = Vec::new();
        for param in data_type.spec.params {
            if let Some(arg) = data_type.arg(param)
                && !is_usual(data_type, param, arg)
            {
                let value = self.type_arg(arg)?;
                // The items of an array come first, by position.
                if *param == "item_type" {
                    arguments.push(value);
                } else {
                    arguments.push(format!("{param}={value}"));
                }
            }
        }
        for (name, arg) in &data_type.args {
            if !data_type.spec.params.contains(name) && !is_usual(data_type, name, arg) {
                arguments.push(format!("{name}={}", self.type_arg(arg)?));
            }
        }
        if data_type.spec.params.contains(&"astext_type") && data_type.arg("astext_type").is_none()
        {
            arguments.push(format!("astext_type={}Text()", self.sa()));
        }
        if let Some(name) = &data_type.constraint_name
            && data_type.arg("name").is_none()
        {
            arguments.push(format!("name={}", quoted(&name.name)));
        }
        Ok(format!("{class}({})", arguments.join(", ")))
    }

    fn type_arg(&mut self, arg: &TypeArg) -> Result<String> {
        Ok(match arg {
            TypeArg::Bool(true) => "True".into(),
            TypeArg::Bool(false) => "False".into(),
            TypeArg::Int(number) => number.to_string(),
            TypeArg::Str(text) => quoted(text),
            TypeArg::Type(data_type) => self.data_type(data_type)?,
            TypeArg::List(items) => {
                let items: Result<Vec<String>> = items.iter().map(|i| self.type_arg(i)).collect();
                format!("[{}]", items?.join(", "))
            }
        })
    }
}

/// Whether an argument is what the class has anyway.
fn is_usual(data_type: &DataType, name: &str, arg: &TypeArg) -> bool {
    let usual = match name {
        "as_uuid" | "native_uuid" | "native" => true,
        "asdecimal" => data_type.spec.family == Family::Numeric,
        _ => false,
    };
    *arg == TypeArg::Bool(usual)
}

/// An enum type; `in_column` where it stands in a column that does not make it.
pub(super) fn enumeration(enumeration: &EnumType, class: &str, in_column: bool) -> String {
    let mut arguments: Vec<String> = enumeration.labels.iter().map(|l| quoted(l)).collect();
    if let Some(name) = &enumeration.name {
        arguments.push(format!("name={}", quoted(name)));
    }
    if let Some(schema) = &enumeration.schema {
        arguments.push(format!("schema={}", quoted(schema)));
    }
    if !enumeration.native {
        arguments.push("native_enum=False".into());
    }
    if enumeration.create_constraint {
        arguments.push("create_constraint=True".into());
    }
    if let Some(length) = enumeration.length {
        arguments.push(format!("length={length}"));
    }
    if in_column && !enumeration.create_type {
        arguments.push("create_type=False".into());
    }
    format!("{class}({})", arguments.join(", "))
}
