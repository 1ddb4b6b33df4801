//! Enum types that are objects of their own.

use std::sync::Arc;

use super::{Lowering, Statement};
use crate::catalog::Catalog;
use crate::datatype::{DataType, EnumType, TypeArg};
use crate::diagnostic::{Code, Diagnostic, Result};
use crate::dialect::EnumStrategy;
use crate::expression::Ident;

impl Lowering {
    fn named_types(&self) -> bool {
        self.dialect.facts().features.enumeration == EnumStrategy::NamedType
    }

    /// The enum type that a column's type needs, also as the items of an array.
    fn needed(&self, data_type: &DataType) -> Option<Arc<EnumType>> {
        let data_type = data_type.for_dialect(self.dialect.name());
        if let Some(TypeArg::Type(item)) = data_type.arg("item_type") {
            return self.needed(item);
        }
        let enumeration = data_type.enumeration.as_ref()?;
        (enumeration.native && enumeration.create_type && self.named_types())
            .then(|| Arc::clone(enumeration))
    }

    /// Creates the type of a column of a new table, once in a script.
    pub(super) fn create_enum_with_table(
        &mut self,
        data_type: &DataType,
        from_metadata: bool,
        out: &mut Vec<Statement>,
    ) -> Result<()> {
        match self.needed(data_type) {
            // A type of a MetaData is created with the metadata, not with a table.
            Some(enumeration) if enumeration.has_metadata && !from_metadata => Ok(()),
            Some(enumeration) => self.create_once(&enumeration, out),
            None => Ok(()),
        }
    }

    /// Creates the type that a column needs and that no operation before it created, which Alembic
    /// forgets. Where the schema before is not known, neither is whether the type is missing.
    pub(super) fn create_missing_enum(
        &mut self,
        data_type: &DataType,
        before: Option<&Catalog>,
        out: &mut Vec<Statement>,
    ) -> Result<()> {
        let (Some(before), Some(enumeration)) = (before, self.needed(data_type)) else {
            return Ok(());
        };
        let Some(name) = &enumeration.name else {
            return Ok(());
        };
        if self.options.compat
            || before
                .enumeration(enumeration.schema.as_ref(), name)
                .is_some()
        {
            return Ok(());
        }
        self.create_once(&enumeration, out)
    }

    fn create_once(&mut self, enumeration: &EnumType, out: &mut Vec<Statement>) -> Result<()> {
        let Some(name) = &enumeration.name else {
            // Writing the type's name reports that there is none.
            return Ok(());
        };
        if self
            .created_enums
            .insert((enumeration.schema.clone(), name.clone()))
        {
            out.push(self.create_enum_statement(enumeration, name)?);
        }
        Ok(())
    }

    fn create_enum_statement(&self, enumeration: &EnumType, name: &str) -> Result<Statement> {
        if let Some(label) = &enumeration.unwritable {
            return Err(Box::new(
                Diagnostic::error(
                    Code::OperationInvalid,
                    format!(
                        "No literal value renderer is available for literal value \"{label}\" \
                         with datatype NULL"
                    ),
                )
                .with_help("give the labels of the Enum one by one, not as a tuple"),
            ));
        }
        let schema = enumeration.schema.as_ref().map(Ident::new);
        let labels = enumeration
            .labels
            .iter()
            .map(|label| self.dialect.string(label))
            .collect();
        Ok(Statement::new("create_enum")
            .fragment(
                "name",
                self.dialect.qualify(schema.as_ref(), &Ident::new(name)),
            )
            .list("labels", labels))
    }

    /// `Enum.create(bind)`.
    pub(super) fn create_enum(
        &mut self,
        enumeration: &EnumType,
        out: &mut Vec<Statement>,
    ) -> Result<()> {
        if let Some(name) = &enumeration.name
            && self.named_types()
            && enumeration.native
        {
            out.push(self.create_enum_statement(enumeration, name)?);
        }
        Ok(())
    }

    /// `Enum.drop(bind)`.
    pub(super) fn drop_enum(
        &mut self,
        enumeration: &EnumType,
        out: &mut Vec<Statement>,
    ) -> Result<()> {
        if let Some(name) = &enumeration.name
            && self.named_types()
            && enumeration.native
        {
            let schema = enumeration.schema.as_ref().map(Ident::new);
            out.push(Statement::new("drop_enum").fragment(
                "name",
                self.dialect.qualify(schema.as_ref(), &Ident::new(name)),
            ));
        }
        Ok(())
    }
}
