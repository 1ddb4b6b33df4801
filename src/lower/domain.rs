//! Domains: types over another type, with conditions.

use super::{Lowering, Statement};
use crate::datatype::{DataType, TypeArg};
use crate::diagnostic::{Code, Diagnostic, Result};
use crate::expression::{self as build, Ident};

impl Lowering {
    /// The domain of a column of a new table, also as the items of an array, where it is created
    /// with the table.
    pub(super) fn domain_with_table<'a>(&self, data_type: &'a DataType) -> Option<&'a DataType> {
        let data_type = data_type.for_dialect(self.dialect.name());
        if let Some(TypeArg::Type(item)) = data_type.arg("item_type") {
            return self.domain_with_table(item);
        }
        let is_created = !matches!(data_type.arg("create_type"), Some(TypeArg::Bool(false)));
        (data_type.spec.visit == "DOMAIN" && is_created && self.has_domains()).then_some(data_type)
    }

    fn has_domains(&self) -> bool {
        self.dialect.has_named_types()
    }

    fn domain_name(&self, domain: &DataType) -> Result<String> {
        if !self.has_domains() {
            return Err(Box::new(
                Diagnostic::error(
                    Code::Unsupported,
                    format!("{} has no domains", self.dialect.facts().title),
                )
                .with_help("create the domain on dialects that have them"),
            ));
        }
        self.dialect.type_sql(domain)
    }

    pub(super) fn create_domain(&self, domain: &DataType) -> Result<Statement> {
        let name = self.domain_name(domain)?;
        let Some(TypeArg::Type(base)) = domain.arg("data_type") else {
            return Err(Box::new(
                Diagnostic::error(
                    Code::OperationInvalid,
                    format!("the domain {name} has no data type"),
                )
                .with_help("give the type that the domain is over as the second argument"),
            ));
        };
        let mut options = Vec::new();
        if let Some(collation) = domain.text("collation") {
            let schema = domain.text("collation_schema").map(Ident::new);
            let name = self.dialect.quote_always(collation);
            options.push(match schema {
                Some(schema) => format!("COLLATE {}.{name}", self.dialect.quote_schema(&schema)),
                None => format!("COLLATE {name}"),
            });
        }
        if let Some(sql) = domain.text("default_sql") {
            options.push(format!("DEFAULT {}", self.ddl(&build::text(sql))?));
        } else if let Some(text) = domain.text("default") {
            options.push(format!("DEFAULT {}", self.dialect.string(text)));
        }
        if let Some(constraint) = domain.text("constraint_name") {
            options.push(format!(
                "CONSTRAINT {}",
                self.dialect.quote(&Ident::new(constraint))
            ));
        }
        if domain.flag("not_null") {
            options.push("NOT NULL".to_owned());
        }
        if let Some(sql) = domain.text("check_sql") {
            options.push(format!("CHECK ({})", self.ddl(&build::text(sql))?));
        }
        Ok(Statement::new("create_domain")
            .fragment("name", name)
            .fragment("base", self.dialect.type_sql(base)?)
            .list("options", options))
    }

    pub(super) fn drop_domain(&self, domain: &DataType) -> Result<Statement> {
        Ok(Statement::new("drop_domain").fragment("name", self.domain_name(domain)?))
    }
}
