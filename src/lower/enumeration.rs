//! Enum types that are objects of their own.

use std::sync::Arc;

use super::{Lowering, Statement};
use crate::catalog::Catalog;
use crate::datatype::{DataType, EnumType, TypeArg};
use crate::diagnostic::{Code, Diagnostic, Result};
use crate::expression::Ident;

impl Lowering {
    fn named_types(&self) -> bool {
        self.dialect.has_named_types()
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
        before: Option<&Catalog>,
        out: &mut Vec<Statement>,
    ) -> Result<()> {
        if let Some(domain) = self.domain_with_table(data_type) {
            let schema = domain.text("schema").map(Arc::from);
            let name = domain.text("name").map(Arc::from).unwrap_or_default();
            if self.created_enums.insert((schema, name)) {
                out.push(self.create_domain(domain)?);
            }
            return Ok(());
        }
        let needed = self.needed(data_type);
        if let (Some(before), Some(enumeration), false) = (before, &needed, self.options.compat)
            && let Some(name) = &enumeration.name
            && before
                .enumeration(enumeration.schema.as_ref(), name)
                .is_some()
        {
            return Ok(());
        }
        match needed {
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
        let Some(enumeration) = self.needed(data_type) else {
            return Ok(());
        };
        let Some(name) = &enumeration.name else {
            return Ok(());
        };
        if self.options.compat {
            let key = (enumeration.schema.clone(), name.clone());
            if !self.created_enums.contains(&key) && !self.made_enums.contains(&name.to_lowercase())
            {
                self.warn_compat(format!(
                    "no CREATE TYPE is written for `{name}`, which has to be there for a column that is added or altered"
                ));
            }
            return Ok(());
        }
        let Some(before) = before else {
            return Ok(());
        };
        if before
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
        } else if self.dropped_enums.contains(&name.to_lowercase()) {
            self.warn_compat(format!(
                "the type `{name}` is not created again, although the script has dropped it"
            ));
        }
        Ok(())
    }

    /// Notes a `CREATE TYPE` or `DROP TYPE` of the migration's own.
    pub(super) fn note_type(&mut self, sql: &str) {
        let mut words = sql.split_whitespace();
        let mut next = || words.next().unwrap_or_default();
        let verb = next();
        let drops = verb.eq_ignore_ascii_case("DROP");
        if !(drops || verb.eq_ignore_ascii_case("CREATE")) || !next().eq_ignore_ascii_case("TYPE") {
            return;
        }
        let mut name = next();
        if name.eq_ignore_ascii_case("IF") {
            next();
            name = next();
        }
        let name = name.rsplit('.').next().unwrap_or_default();
        let name = name.trim_matches(|c: char| !c.is_alphanumeric() && c != '_');
        let known = match drops {
            true => &mut self.dropped_enums,
            false => &mut self.made_enums,
        };
        known.insert(name.to_lowercase());
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
            self.made_enums.insert(name.to_lowercase());
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
            self.dropped_enums.insert(name.to_lowercase());
            out.push(Statement::new("drop_enum").fragment(
                "name",
                self.dialect.qualify(schema.as_ref(), &Ident::new(name)),
            ));
        }
        Ok(())
    }

    /// Other labels of an enum type. Labels are added in place; where some go or change places, the
    /// type is made anew and every column that has it is changed to the new one.
    pub(super) fn alter_enum(
        &mut self,
        old: &EnumType,
        new: &EnumType,
        before: Option<&Catalog>,
        out: &mut Vec<Statement>,
    ) -> Result<()> {
        let (Some(name), true) = (&new.name, self.named_types() && new.native) else {
            return Ok(());
        };
        let schema = new.schema.as_ref().map(Ident::new);
        let qualified = self.dialect.qualify(schema.as_ref(), &Ident::new(name));
        if let Some(added) = added_labels(&old.labels, &new.labels) {
            for (label, place) in added {
                let place = place.map(|place| match place {
                    Place::Before(other) => format!("BEFORE {}", self.dialect.string(other)),
                    Place::After(other) => format!("AFTER {}", self.dialect.string(other)),
                });
                out.push(
                    Statement::new("add_enum_label")
                        .fragment("name", qualified.clone())
                        .fragment("label", self.dialect.string(label))
                        .optional("place", place),
                );
            }
            return Ok(());
        }
        let Some(before) = before else {
            let message = format!(
                "the type `{name}` has to be made anew, and the columns that have it are not known"
            );
            return Err(Box::new(
                Diagnostic::error(Code::Unsupported, message)
                    .with_help("leave `--compat alembic` away, so that the schema is known"),
            ));
        };
        let temporary = Ident::new(format!("{name}__old"));
        out.push(
            Statement::new("rename_type")
                .fragment("name", qualified)
                .ident("new_name", &temporary),
        );
        out.push(self.create_enum_statement(new, name)?);
        for (_, table) in before.tables() {
            for column in &table.columns {
                if !self.has_type(&column.data_type, old) {
                    continue;
                }
                let default = self.default_sql(column.default.as_ref())?;
                let set_default = |text: Option<String>| {
                    Statement::new("alter_column_default")
                        .table(&table.name)
                        .ident("column", &column.name)
                        .optional("default", text)
                };
                if default.is_some() {
                    out.push(set_default(None));
                }
                let written = self.dialect.type_sql(&column.data_type)?;
                let text = if written.ends_with("[]") {
                    "text[]"
                } else {
                    "text"
                };
                let quoted = self.dialect.quote(&column.name);
                out.push(
                    Statement::new("alter_column_type")
                        .table(&table.name)
                        .ident("column", &column.name)
                        .fragment("type", written.clone())
                        .fragment("using", format!("{quoted}::{text}::{written}")),
                );
                if default.is_some() {
                    out.push(set_default(default));
                }
            }
        }
        out.push(
            Statement::new("drop_enum")
                .fragment("name", self.dialect.qualify(schema.as_ref(), &temporary)),
        );
        Ok(())
    }

    /// Whether a column's type is the enum type, also as the items of an array.
    fn has_type(&self, data_type: &DataType, wanted: &EnumType) -> bool {
        let data_type = data_type.for_dialect(self.dialect.name());
        if let Some(TypeArg::Type(item)) = data_type.arg("item_type") {
            return self.has_type(item, wanted);
        }
        data_type
            .enumeration
            .as_ref()
            .is_some_and(|e| e.native && e.name == wanted.name && e.schema == wanted.schema)
    }
}

/// Where a label goes among the others.
#[derive(Debug, PartialEq)]
enum Place<'a> {
    Before(&'a str),
    After(&'a str),
}

/// The labels that are new, each with its place where it is not the end; `None` when others go or
/// change places.
fn added_labels<'a>(
    old: &'a [Arc<str>],
    new: &'a [Arc<str>],
) -> Option<Vec<(&'a str, Option<Place<'a>>)>> {
    let mut left = old;
    let mut added = Vec::new();
    let mut previous: Option<&str> = None;
    for label in new {
        match left.split_first() {
            Some((first, rest)) if first == label => left = rest,
            _ if old.contains(label) => return None,
            Some((next, _)) => added.push((
                &**label,
                Some(previous.map_or(Place::Before(next), Place::After)),
            )),
            None => added.push((&**label, None)),
        }
        previous = Some(label);
    }
    left.is_empty().then_some(added)
}

#[cfg(test)]
mod tests {
    use super::{Place, added_labels};
    use std::sync::Arc;

    fn labels(text: &str) -> Vec<Arc<str>> {
        text.split_whitespace().map(Arc::from).collect()
    }

    #[test]
    fn labels_are_added_in_their_places() {
        let (old, new) = (labels("b d"), labels("a b c d e f"));
        assert_eq!(
            added_labels(&old, &new),
            Some(vec![
                ("a", Some(Place::Before("b"))),
                ("c", Some(Place::After("b"))),
                ("e", None),
                ("f", None),
            ])
        );
        assert_eq!(added_labels(&labels("a b"), &labels("b a")), None);
        assert_eq!(added_labels(&labels("a b"), &labels("a")), None);
    }
}
