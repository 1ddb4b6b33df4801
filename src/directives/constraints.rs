//! Constraints in Python: in `create_table`, and as directives of their own.

use super::literal::{list, quoted};
use super::{Item, Writer, names, unwritable};
use crate::catalog::{Constraint, ConstraintKind, TableName};
use crate::diagnostic::Result;

impl Writer<'_> {
    fn timing(constraint: &Constraint) -> Vec<String> {
        let mut found = Vec::new();
        if let Some(initially) = &constraint.initially {
            found.push(format!("initially={}", quoted(initially)));
        }
        if let Some(deferrable) = constraint.deferrable {
            let deferrable = if deferrable { "True" } else { "False" };
            found.push(format!("deferrable={deferrable}"));
        }
        found
    }

    /// A constraint inside of `create_table`; nothing where a type brings it along.
    pub(super) fn table_constraint(&mut self, constraint: &Constraint) -> Result<Option<String>> {
        if let ConstraintKind::Check {
            from_type: true, ..
        } = &constraint.kind
        {
            return Ok(None);
        }
        if let Some(own) = self.own(Item::Constraint(constraint))? {
            return Ok(own);
        }
        let name = constraint.name.ident().map(|name| match &constraint.name {
            crate::catalog::ConstraintName::Final(_) => {
                format!("name={}f({})", self.style.alembic, quoted(&name.name))
            }
            _ => format!("name={}", quoted(&name.name)),
        });
        let mut arguments;
        let class = match &constraint.kind {
            ConstraintKind::PrimaryKey { columns } => {
                arguments = columns.iter().map(|c| quoted(&c.name)).collect::<Vec<_>>();
                "PrimaryKeyConstraint"
            }
            ConstraintKind::Unique { columns } => {
                arguments = columns.iter().map(|c| quoted(&c.name)).collect();
                "UniqueConstraint"
            }
            ConstraintKind::Check {
                condition,
                from_type: _,
                in_column: _,
            } => {
                arguments = vec![quoted(&self.sql(condition)?)];
                "CheckConstraint"
            }
            ConstraintKind::ForeignKey(key) => {
                let table = match &key.referent.schema {
                    Some(schema) => format!("{}.{}", schema.name, key.referent.name.name),
                    None => key.referent.name.name.to_string(),
                };
                let referred = key.referent_columns.iter();
                arguments = vec![
                    names(&key.columns),
                    list(referred.map(|column| quoted(&format!("{table}.{}", column.name)))),
                ];
                arguments.extend(name.clone());
                for (option, value) in [("onupdate", &key.onupdate), ("ondelete", &key.ondelete)] {
                    if let Some(value) = value {
                        arguments.push(format!("{option}={}", quoted(value)));
                    }
                }
                arguments.extend(Self::timing(constraint));
                if key.use_alter {
                    arguments.push("use_alter=True".to_owned());
                }
                if let Some(kind) = &key.match_type {
                    arguments.push(format!("match={}", quoted(kind)));
                }
                arguments.extend(self.options(&constraint.options)?);
                // Alembic leaves a space where there are no options.
                let text = if arguments.len() == 2 {
                    format!("{}, ", arguments.join(", "))
                } else {
                    arguments.join(", ")
                };
                return Ok(Some(format!("{}ForeignKeyConstraint({text})", self.sa())));
            }
            ConstraintKind::Exclude(_) => {
                return Err(unwritable("an exclusion constraint"));
            }
        };
        arguments.extend(Self::timing(constraint));
        arguments.extend(name);
        arguments.extend(self.options(&constraint.options)?);
        let sa = self.sa();
        Ok(Some(format!("{sa}{class}({})", arguments.join(", "))))
    }

    /// `create_unique_constraint` and its like.
    pub(super) fn add_constraint(
        &self,
        table: &TableName,
        constraint: &Constraint,
    ) -> Result<String> {
        let mut arguments = vec![self.name(&constraint.name), self.table(table)];
        let mut schema = self.schema(table);
        let directive = match &constraint.kind {
            ConstraintKind::PrimaryKey { columns } => {
                arguments.push(names(columns));
                "create_primary_key"
            }
            ConstraintKind::Unique { columns } => {
                arguments.push(names(columns));
                "create_unique_constraint"
            }
            ConstraintKind::Check {
                condition,
                from_type: _,
                in_column: _,
            } => {
                arguments.push(quoted(&self.sql(condition)?));
                "create_check_constraint"
            }
            ConstraintKind::ForeignKey(key) => {
                arguments.push(quoted(&key.referent.name.name));
                arguments.push(names(&key.columns));
                arguments.push(names(&key.referent_columns));
                if let (Some(own), false) = (&table.schema, self.batch) {
                    schema = format!("source_schema={}", quoted(&own.name));
                }
                arguments.push(std::mem::take(&mut schema));
                if let Some(schema) = &key.referent.schema {
                    arguments.push(format!("referent_schema={}", quoted(&schema.name)));
                }
                for (option, value) in [("onupdate", &key.onupdate), ("ondelete", &key.ondelete)] {
                    if let Some(value) = value {
                        arguments.push(format!("{option}={}", quoted(value)));
                    }
                }
                "create_foreign_key"
            }
            ConstraintKind::Exclude(_) => return Err(unwritable("an exclusion constraint")),
        };
        arguments.push(schema);
        arguments.extend(Self::timing(constraint));
        if let ConstraintKind::ForeignKey(key) = &constraint.kind
            && let Some(kind) = &key.match_type
        {
            arguments.push(format!("match={}", quoted(kind)));
        }
        arguments.extend(self.options(&constraint.options)?);
        arguments.retain(|argument| !argument.is_empty());
        Ok(format!(
            "{}{directive}({})",
            self.prefix(),
            arguments.join(", ")
        ))
    }
}
