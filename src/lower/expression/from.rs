//! Tables, aliases and joins in a FROM list.

use super::{Compiler, Flags};
use crate::diagnostic::Result;
use crate::expression::{Alias, AliasSource, ExprKind, FromClause, Join, TableClause, Values};

impl Compiler<'_> {
    /// An element of a FROM list.
    pub(super) fn from(&mut self, from: &FromClause, flags: Flags) -> Result<String> {
        let flags = Flags {
            columns: false,
            in_label: false,
            as_from: true,
            ..flags
        };
        match from {
            FromClause::Table(table) => Ok(self.table(table)),
            FromClause::Alias(alias) => self.alias(alias, flags),
            FromClause::Cte(cte) => self.cte(cte, flags),
            FromClause::Join(join) => self.join(join, flags),
            FromClause::Values(values) => self.values(values, flags),
            FromClause::Element(element) => {
                let call = self.expr(element, flags)?;
                let form = &self.facts.table_function;
                Ok(match &element.kind {
                    ExprKind::Function(function)
                        if !form.is_empty()
                            && !matches!(&function.name[..], [name] if name.name.eq_ignore_ascii_case("table")) =>
                    {
                        form.replace("{call}", &call)
                    }
                    _ => call,
                })
            }
        }
    }

    pub(super) fn table(&mut self, table: &TableClause) -> String {
        let name = self.resolve(&table.name);
        self.dialect.qualify(table.schema.as_ref(), &name)
    }

    /// A table or alias that is compiled on its own.
    pub(super) fn table_value(&mut self, from: &FromClause, flags: Flags) -> Result<String> {
        match from {
            FromClause::Values(values) => {
                let rows = self.list(&values.rows, ", ", flags)?;
                Ok(format!("VALUES {rows}"))
            }
            FromClause::Alias(alias) if !flags.as_from => match &alias.source {
                AliasSource::Statement(statement) => self.expr(statement, flags),
                AliasSource::From(from) => self.from(from, flags),
            },
            FromClause::Cte(cte) if self.stack.is_empty() && !flags.as_from => {
                self.expr(&cte.statement, flags)
            }
            from => self.from(from, flags),
        }
    }

    fn alias(&mut self, alias: &Alias, flags: Flags) -> Result<String> {
        let inner = match &alias.source {
            AliasSource::From(from @ FromClause::Join(_)) => {
                format!("({})", self.from(from, flags)?)
            }
            AliasSource::From(from) => self.from(from, flags)?,
            AliasSource::Statement(statement) => {
                let text = match &statement.kind {
                    ExprKind::Select(select) => {
                        self.select(select, super::elements::nested(flags), true, alias.lateral)?
                    }
                    _ => {
                        let flags = Flags {
                            as_from: true,
                            ..super::elements::nested(flags)
                        };
                        self.expr(statement, flags)?
                    }
                };
                format!("({text})")
            }
        };
        let lateral = if alias.lateral { "LATERAL " } else { "" };
        let ordinality = if alias.with_ordinality {
            " WITH ORDINALITY"
        } else {
            ""
        };
        let name = self.quote(&alias.name);
        let word = &self.facts.alias_word;
        let mut text = format!("{lateral}{inner}{ordinality}{word}{name}");
        if let Some(with_types) = alias.render_columns {
            let mut columns = Vec::with_capacity(alias.columns.len());
            for column in &alias.columns {
                let name = self.quote(&column.name);
                columns.push(if with_types {
                    format!("{name} {}", self.dialect.type_sql(&column.data_type)?)
                } else {
                    name
                });
            }
            text.push_str(&format!("({})", columns.join(", ")));
        }
        if let Some((method, seed)) = &alias.sample {
            text.push_str(&format!(" TABLESAMPLE {}", self.expr(method, flags)?));
            if let Some(seed) = seed {
                text.push_str(&format!(" REPEATABLE ({})", self.expr(seed, flags)?));
            }
        }
        Ok(text)
    }

    fn join(&mut self, join: &Join, flags: Flags) -> Result<String> {
        let word = if join.full {
            " FULL OUTER JOIN "
        } else if join.outer {
            " LEFT OUTER JOIN "
        } else {
            self.facts.inner_join.as_str()
        };
        let left = self.from(&join.left, flags)?;
        let mut right = self.from(&join.right, flags)?;
        if matches!(join.right, FromClause::Join(_)) {
            right = format!("({right})");
        }
        let on = self.expr(
            &join.on,
            Flags {
                as_from: false,
                ..flags
            },
        )?;
        Ok(format!("{left}{word}{right} ON {on}"))
    }

    fn values(&mut self, values: &Values, flags: Flags) -> Result<String> {
        let inside = Flags {
            as_from: false,
            ..flags
        };
        let rows = self.list(&values.rows, ", ", inside)?;
        let lateral = if values.lateral { "LATERAL " } else { "" };
        let Some(name) = &values.name else {
            return Ok(format!("{lateral}(VALUES {rows})"));
        };
        let name = self.quote(name);
        let columns: Vec<String> = values
            .columns
            .iter()
            .map(|column| self.quote(&column.name))
            .collect();
        let word = &self.facts.alias_word;
        Ok(format!(
            "{lateral}(VALUES {rows}){word}{name} ({})",
            columns.join(", ")
        ))
    }
}
