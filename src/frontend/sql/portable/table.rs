//! `CREATE TABLE`, its columns and constraints.

use std::sync::Arc;

use sqlparser::ast::helpers::stmt_create_table::CreateTableBuilder;
use sqlparser::ast::{
    self, ColumnOption, ConstraintCharacteristics, ConstraintReferenceMatchKind, DeferrableInitial,
    GeneratedAs, GeneratedExpressionMode, KeyOrIndexDisplay, NullsDistinctOption,
    ReferentialAction, SequenceOptions as SqlSequence, Statement, TableConstraint,
};

use super::slice::{self, Slices};
use super::types::{data_type, numbered_key};
use super::{ident, plain_column, table_name};
use crate::catalog::{
    Autoincrement, Column, Constraint, ConstraintKind, ConstraintName, DialectOptions, ForeignKey,
    Identity, OptionValue, SequenceOptions, ServerDefault, Table,
};
use crate::datatype::TypeArg;
use crate::expression::Ident;
use crate::operation::{Along, Operation};

/// The operation of a `CREATE TABLE` without dialects' own clauses.
pub(super) fn create(create: &ast::CreateTable, slices: &Slices<'_>) -> Option<Operation> {
    // What is left once the known clauses are taken away must be an empty CREATE TABLE.
    let mut rest = create.clone();
    rest.columns.clear();
    rest.constraints.clear();
    rest.if_not_exists = false;
    let Statement::CreateTable(empty) = CreateTableBuilder::new(create.name.clone()).build().into()
    else {
        return None;
    };
    if rest != empty || create.columns.is_empty() {
        return None;
    }
    let mut constraints = Vec::new();
    let mut columns = Vec::new();
    for definition in &create.columns {
        let (column, more) = column(definition, slices)?;
        columns.push(column);
        constraints.extend(more);
    }
    for written in &create.constraints {
        constraints.push(constraint(written, slices)?);
    }
    let numbered_without_key = columns.iter().any(|column| {
        column.autoincrement == Autoincrement::Yes
            && !column.primary_key
            && !constraints.iter().any(|constraint| match &constraint.kind {
                ConstraintKind::PrimaryKey { columns } => columns
                    .iter()
                    .any(|name| name.name.eq_ignore_ascii_case(&column.name.name)),
                _ => false,
            })
    });
    if numbered_without_key {
        return None;
    }
    let key: Vec<String> = constraints
        .iter()
        .find_map(|constraint| match &constraint.kind {
            ConstraintKind::PrimaryKey { columns } => Some(columns),
            _ => None,
        })
        .into_iter()
        .flatten()
        .map(|name| name.name.to_lowercase())
        .collect();
    let alone = columns.iter().filter(|column| column.primary_key).count() + key.len() == 1;
    for column in &mut columns {
        let in_key = column.primary_key || key.contains(&column.name.name.to_lowercase());
        let numbered = column.autoincrement == Autoincrement::Yes
            || matches!(column.default, Some(ServerDefault::Identity(_)));
        if in_key
            && alone
            && numbered
            && let Some(data_type) = numbered_key(slices.target)
        {
            column.data_type = data_type;
        }
    }
    let mut options = Vec::new();
    if create.columns.iter().any(is_autoincrement) && slices.target.allows("autoincrement") {
        let option = slices.target.option("autoincrement");
        options.push((option, OptionValue::Bool(true)));
    }
    Some(Operation::CreateTable {
        table: Table {
            name: table_name(&create.name)?,
            columns,
            constraints,
            indexes: Vec::new(),
            comment: None,
            prefixes: Vec::new(),
            options,
            attached: Vec::new(),
        },
        if_not_exists: create.if_not_exists,
        along: Along::Everything,
        convention: None,
    })
}

/// `AUTO_INCREMENT`, `AUTOINCREMENT`.
fn is_numbering(token: &sqlparser::tokenizer::Token) -> bool {
    let word = token.to_string();
    ["auto_increment", "autoincrement"]
        .iter()
        .any(|known| word.eq_ignore_ascii_case(known))
}

/// Whether numbers of deleted rows are not used again, as `AUTOINCREMENT` asks for.
fn is_autoincrement(definition: &ast::ColumnDef) -> bool {
    definition
        .options
        .iter()
        .any(|option| match &option.option {
            ColumnOption::DialectSpecific(tokens) => tokens
                .iter()
                .any(|token| token.to_string().eq_ignore_ascii_case("autoincrement")),
            _ => false,
        })
}

/// A column, and the constraints of its definition that belong to the table.
pub(super) fn column(
    definition: &ast::ColumnDef,
    slices: &Slices<'_>,
) -> Option<(Column, Vec<Constraint>)> {
    let name = ident(&definition.name);
    let (data_type, serial) = data_type(&definition.data_type, slices.target)?;
    let mut column = Column {
        name: name.clone(),
        data_type,
        nullable: None,
        primary_key: false,
        autoincrement: if serial {
            Autoincrement::Yes
        } else {
            Autoincrement::No
        },
        default: None,
        python_default: None,
        unique: false,
        index: false,
        comment: None,
        constraints: Vec::new(),
        system: false,
        options: Vec::new(),
    };
    let mut more = Vec::new();
    for option in &definition.options {
        let named = option.name.as_ref().map(ident);
        let plain = named.is_none();
        match &option.option {
            ColumnOption::Null if plain && column.nullable.is_none() => {
                column.nullable = Some(true)
            }
            ColumnOption::NotNull if plain => column.nullable = Some(false),
            ColumnOption::Default(value) if plain && column.default.is_none() => {
                column.default = Some(ServerDefault::Expr(slices.text(value)?));
            }
            ColumnOption::Collation(name) if plain => {
                let [ast::ObjectNamePart::Identifier(name)] = name.0.as_slice() else {
                    return None;
                };
                let data_type = &mut column.data_type;
                let known = data_type.spec.params.iter().find(|p| **p == "collation")?;
                if data_type.arg(known).is_some() {
                    return None;
                }
                let name = TypeArg::Str(Arc::from(name.value.as_str()));
                data_type.args.push((known, name));
            }
            ColumnOption::CharacterSet(name) if plain => {
                let [ast::ObjectNamePart::Identifier(name)] = name.0.as_slice() else {
                    return None;
                };
                column.data_type = super::types::with_charset(&definition.data_type, slices.target)
                    .filter(|_| column.data_type.arg("collation").is_none())
                    .map(|(found, charset)| {
                        let mut found = found;
                        let name = TypeArg::Str(Arc::from(name.value.as_str()));
                        found.args.extend(column.data_type.args.iter().cloned());
                        found.args.push((charset, name));
                        found
                    })?;
            }
            ColumnOption::Comment(text) if plain => column.comment = Some(slice::unquoted(text)),
            ColumnOption::PrimaryKey(key) => {
                if !key.columns.is_empty() || key.characteristics.is_some() {
                    return None;
                }
                match named.or_else(|| key.name.as_ref().map(ident)) {
                    None => column.primary_key = true,
                    Some(given) => {
                        column.nullable = Some(false);
                        let columns = vec![name.clone()];
                        more.push(made(
                            Some(given),
                            ConstraintKind::PrimaryKey { columns },
                            None,
                        )?);
                    }
                }
            }
            ColumnOption::Unique(unique) => {
                if !unique.columns.is_empty() || unique.characteristics.is_some() {
                    return None;
                }
                let options = distinct(unique.nulls_distinct, slices)?;
                match named.or_else(|| unique.name.as_ref().map(ident)) {
                    None if options.is_empty() => column.unique = true,
                    given => {
                        let columns = vec![name.clone()];
                        let mut found = made(given, ConstraintKind::Unique { columns }, None)?;
                        found.options = options;
                        more.push(found);
                    }
                }
            }
            ColumnOption::ForeignKey(key) => {
                let mut found = foreign_key(key, vec![name.clone()], true)?;
                if let Some(given) = named {
                    found.name = ConstraintName::Final(given);
                }
                column.constraints.push(found);
            }
            ColumnOption::Check(check) => {
                let mut found = check_constraint(check, slices)?;
                if let Some(given) = named {
                    found.name = ConstraintName::Final(given);
                }
                column.constraints.push(found);
            }
            ColumnOption::DialectSpecific(tokens) if plain => match tokens.as_slice() {
                [token] if is_numbering(token) => {
                    column.autoincrement = Autoincrement::Yes;
                }
                _ => return None,
            },
            ColumnOption::Identity(ast::IdentityPropertyKind::Identity(property))
                if plain && column.default.is_none() && property.order.is_none() =>
            {
                column.default = Some(ServerDefault::Identity(counting(property)?));
                column.autoincrement = Autoincrement::Auto;
            }
            ColumnOption::Generated {
                generated_as,
                sequence_options,
                generation_expr,
                generation_expr_mode,
                generated_keyword: true,
            } if plain && column.default.is_none() => {
                column.default = Some(match generation_expr {
                    Some(sql) if sequence_options.is_none() => ServerDefault::Computed {
                        sql: slices.text(sql)?,
                        persisted: match (generated_as, generation_expr_mode) {
                            (GeneratedAs::ExpStored, _)
                            | (_, Some(GeneratedExpressionMode::Stored)) => Some(true),
                            (_, Some(GeneratedExpressionMode::Virtual)) => Some(false),
                            (GeneratedAs::Always, None) => None,
                            (GeneratedAs::ByDefault, None) => return None,
                        },
                    },
                    None if generation_expr_mode.is_none() => ServerDefault::Identity(Identity {
                        always: matches!(generated_as, GeneratedAs::Always),
                        on_null: None,
                        sequence: sequence(sequence_options.as_deref().unwrap_or_default())?,
                    }),
                    _ => return None,
                });
                column.autoincrement = Autoincrement::Auto;
            }
            _ => return None,
        }
    }
    Some((column, more))
}

/// A table constraint.
pub(super) fn constraint(written: &TableConstraint, slices: &Slices<'_>) -> Option<Constraint> {
    match written {
        TableConstraint::PrimaryKey(key) => {
            let ast::PrimaryKeyConstraint {
                name,
                index_name: None,
                index_type: None,
                columns,
                include,
                index_options,
                characteristics,
            } = key
            else {
                return None;
            };
            if !include.is_empty() || !index_options.is_empty() {
                return None;
            }
            let columns = names(columns)?;
            let kind = ConstraintKind::PrimaryKey { columns };
            made(name.as_ref().map(ident), kind, characteristics.as_ref())
        }
        TableConstraint::Unique(unique) => {
            let ast::UniqueConstraint {
                name,
                index_name: None,
                index_type_display: KeyOrIndexDisplay::None,
                index_type: None,
                columns,
                include,
                index_options,
                characteristics,
                nulls_distinct,
            } = unique
            else {
                return None;
            };
            if !include.is_empty() || !index_options.is_empty() {
                return None;
            }
            let columns = names(columns)?;
            let kind = ConstraintKind::Unique { columns };
            let mut found = made(name.as_ref().map(ident), kind, characteristics.as_ref())?;
            found.options = distinct(*nulls_distinct, slices)?;
            Some(found)
        }
        TableConstraint::ForeignKey(key) => {
            foreign_key(key, key.columns.iter().map(ident).collect(), false)
        }
        TableConstraint::Check(check) => check_constraint(check, slices),
        _ => None,
    }
}

/// The option that `NULLS NOT DISTINCT` is, where the dialect has it.
fn distinct(written: NullsDistinctOption, slices: &Slices<'_>) -> Option<DialectOptions> {
    let value = match written {
        NullsDistinctOption::None => return Some(Vec::new()),
        NullsDistinctOption::Distinct => false,
        NullsDistinctOption::NotDistinct => true,
    };
    let target = slices.target;
    let clause = "nulls_not_distinct";
    let allowed = target.allows(clause);
    allowed.then(|| vec![(target.option(clause), OptionValue::Bool(value))])
}

fn check_constraint(check: &ast::CheckConstraint, slices: &Slices<'_>) -> Option<Constraint> {
    let ast::CheckConstraint {
        name,
        expr,
        no_inherit: false,
        enforced: None,
    } = check
    else {
        return None;
    };
    let kind = ConstraintKind::Check {
        condition: slices.text(expr)?,
        from_type: false,
        in_column: false,
    };
    made(name.as_ref().map(ident), kind, None)
}

fn foreign_key(
    key: &ast::ForeignKeyConstraint,
    columns: Vec<Ident>,
    from_column: bool,
) -> Option<Constraint> {
    let ast::ForeignKeyConstraint {
        name,
        index_name: None,
        columns: _,
        foreign_table,
        referred_columns,
        on_delete,
        on_update,
        match_kind,
        characteristics,
    } = key
    else {
        return None;
    };
    let action = |action: &Option<ReferentialAction>| {
        action.as_ref().map(|action| Arc::from(action.to_string()))
    };
    let kind = ConstraintKind::ForeignKey(ForeignKey {
        columns,
        referent: table_name(foreign_table)?,
        referent_columns: referred_columns.iter().map(ident).collect(),
        ondelete: action(on_delete),
        onupdate: action(on_update),
        match_type: match_kind.as_ref().map(|kind| {
            Arc::from(match kind {
                ConstraintReferenceMatchKind::Full => "FULL",
                ConstraintReferenceMatchKind::Partial => "PARTIAL",
                ConstraintReferenceMatchKind::Simple => "SIMPLE",
            })
        }),
        use_alter: false,
        from_column,
    });
    made(name.as_ref().map(ident), kind, characteristics.as_ref())
}

fn made(
    name: Option<Ident>,
    kind: ConstraintKind,
    characteristics: Option<&ConstraintCharacteristics>,
) -> Option<Constraint> {
    let (deferrable, initially) = match characteristics {
        None => (None, None),
        Some(ConstraintCharacteristics {
            deferrable,
            initially,
            enforced: None,
        }) => (
            *deferrable,
            initially.map(|initially| {
                Arc::from(match initially {
                    DeferrableInitial::Immediate => "IMMEDIATE",
                    DeferrableInitial::Deferred => "DEFERRED",
                })
            }),
        ),
        Some(_) => return None,
    };
    Some(Constraint {
        name: name.map_or(ConstraintName::None, ConstraintName::Final),
        kind,
        deferrable,
        initially,
        options: Vec::new(),
        comment: None,
    })
}

fn names(columns: &[ast::IndexColumn]) -> Option<Vec<Ident>> {
    columns.iter().map(plain_column).collect()
}

/// `IDENTITY(1, 1)`.
fn counting(property: &ast::IdentityProperty) -> Option<Identity> {
    let number = |value: &ast::Expr| value.to_string().parse::<i64>().ok();
    let mut counted = SequenceOptions::default();
    if let Some(format) = &property.parameters {
        let ast::IdentityPropertyFormatKind::FunctionCall(given) = format else {
            return None;
        };
        counted.start = Some(number(&given.seed)?);
        counted.increment = Some(number(&given.increment)?);
    }
    Some(Identity {
        always: false,
        on_null: None,
        sequence: counted,
    })
}

pub(in crate::frontend::sql) fn sequence(options: &[SqlSequence]) -> Option<SequenceOptions> {
    let number = |value: &ast::Expr| value.to_string().parse::<i64>().ok();
    let mut found = SequenceOptions::default();
    for option in options {
        match option {
            SqlSequence::IncrementBy(value, _) => found.increment = Some(number(value)?),
            SqlSequence::MinValue(Some(value)) => found.minvalue = Some(number(value)?),
            SqlSequence::MinValue(None) => found.nominvalue = true,
            SqlSequence::MaxValue(Some(value)) => found.maxvalue = Some(number(value)?),
            SqlSequence::MaxValue(None) => found.nomaxvalue = true,
            SqlSequence::StartWith(value, _) => found.start = Some(number(value)?),
            SqlSequence::Cache(value) => found.cache = Some(number(value)?),
            // The parser's flag is that of `NO CYCLE`.
            SqlSequence::Cycle(no) => found.cycle = Some(!no),
        }
    }
    Some(found)
}
