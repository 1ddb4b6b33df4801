//! `op.execute`.

use super::column::sequence_options;
use super::{Body, Lowering, Statement};
use crate::catalog::{Catalog, Sequence};
use crate::diagnostic::Result;
use crate::expression as build;
use crate::operation::Executable;

impl Lowering {
    pub(super) fn execute(
        &mut self,
        statement: &Executable,
        before: Option<&Catalog>,
        out: &mut Vec<Statement>,
    ) -> Result<()> {
        match statement {
            Executable::Str(text) => {
                self.note_type(text);
                self.warn_of_null(&build::text(text));
                out.push(Statement::sql(self.statement_sql(&build::text(text))?));
            }
            Executable::Expr(expr) => {
                self.warn_of_null(expr);
                out.push(Statement::sql(self.statement_sql(expr)?));
            }
            Executable::Ddl(text) => {
                out.push(Statement::sql(if self.options.doubles_percent {
                    text.replace('%', "%%")
                } else {
                    text.to_string()
                }));
            }
            Executable::Verbatim(text) => out.push(Statement::sql(text.to_string())),
            Executable::Output(text) => out.push(Statement::body(Body::Output(text.to_string()))),
            Executable::CreateSequence(sequence, if_not_exists) => {
                self.unsafe_on_generic("sequences")?;
                out.push(self.create_sequence(sequence, *if_not_exists)?);
            }
            Executable::DropSequence(sequence, if_exists) => {
                self.unsafe_on_generic("sequences")?;
                let name = self
                    .dialect
                    .qualify(sequence.schema.as_ref(), &sequence.name);
                out.push(
                    Statement::new("drop_sequence")
                        .fragment("name", name)
                        .flag("if_exists", *if_exists),
                );
            }
            Executable::CreateDomain(domain) => out.push(self.create_domain(domain)?),
            Executable::DropDomain(domain) => out.push(self.drop_domain(domain)?),
            Executable::CreateSchema(name, if_not_exists) => {
                self.unsafe_on_generic("schemas")?;
                out.push(
                    Statement::new("create_schema")
                        .fragment("name", self.dialect.quote_schema(name))
                        .flag("if_not_exists", *if_not_exists),
                );
            }
            Executable::DropSchema(name, cascade, if_exists) => {
                let cascades = self.dialect.facts().features.drop_schema_cascade;
                self.unsafe_on_generic("schemas")?;
                out.push(
                    Statement::new("drop_schema")
                        .fragment("name", self.dialect.quote_schema(name))
                        .flag("cascade", *cascade && (self.options.compat || cascades))
                        .flag("if_exists", *if_exists),
                );
            }
            Executable::Operation(operation, element) => {
                return self.element(operation, element, before, out);
            }
            Executable::Manual(step) => self.manual(step, out),
        }
        Ok(())
    }

    fn create_sequence(&self, sequence: &Sequence, if_not_exists: bool) -> Result<Statement> {
        let Sequence {
            name,
            schema,
            options,
            data_type,
            optional: _,
        } = sequence;
        let mut parts = Vec::new();
        let features = &self.dialect.facts().features;
        if let Some(data_type) = data_type
            && features.sequence_types
        {
            parts.push(format!("AS {}", self.dialect.type_sql(data_type)?));
        }
        parts.extend(sequence_options(options, features));
        Ok(Statement::new("create_sequence")
            .fragment("name", self.dialect.qualify(schema.as_ref(), name))
            .flag("if_not_exists", if_not_exists)
            .list("options", parts))
    }
}
