//! Columns, labels, CASE, CAST and the other single elements.

use std::rc::Rc;

use super::{Compiler, Flags, MAX_DEPTH, too_deep};
use crate::datatype::{DataType, Family};
use crate::diagnostic::{Code, Diagnostic, Result};
use crate::expression::{
    Bound, Expr, ExprKind, FromClause, Ident, Operator, Over, WindowFrame, affinity,
    is_implicitly_boolean,
};

impl Compiler<'_> {
    /// Any node.
    pub(super) fn expr(&mut self, expr: &Expr, flags: Flags) -> Result<String> {
        self.depth += 1;
        if self.depth > MAX_DEPTH {
            self.depth -= 1;
            return Err(too_deep());
        }
        let text = self.node(expr, flags);
        self.depth -= 1;
        text
    }

    fn node(&mut self, expr: &Expr, flags: Flags) -> Result<String> {
        match &expr.kind {
            ExprKind::Text(text) => self.text_clause(text, flags),
            ExprKind::LiteralColumn(sql) => Ok(self.percent(sql)),
            ExprKind::Bind(bind) => self.bind(expr, bind, flags),
            ExprKind::Null => Ok("NULL".to_owned()),
            ExprKind::True => Ok(self.facts.true_text.clone()),
            ExprKind::False => Ok(self.facts.false_text.clone()),
            ExprKind::Column { table, name } => Ok(self.column(table.as_ref(), name, flags)),
            ExprKind::Function(function) => self.function(expr, function, flags),
            ExprKind::Unary { operator, operand } => self.unary(operator, operand, flags),
            ExprKind::Modifier { operator, operand } => {
                let inner = self.expr(operand, flags)?;
                Ok(format!("{inner}{}", modifier_word(operator)))
            }
            ExprKind::Binary(binary) => self.binary(expr, binary, flags),
            ExprKind::List {
                operator, items, ..
            } => self.operator_list(operator, items, flags),
            ExprKind::AsBoolean { operand, is_true } => {
                self.as_boolean(expr, operand, *is_true, flags)
            }
            ExprKind::Grouping(inner) => {
                let flags = Flags {
                    as_from: false,
                    ..flags
                };
                Ok(format!("({})", self.expr(inner, flags)?))
            }
            ExprKind::Case {
                value,
                whens,
                otherwise,
            } => self.case(value.as_ref(), whens, otherwise.as_ref(), flags),
            ExprKind::Cast { operand, lenient } => {
                self.cast(operand, &expr.data_type, *lenient, flags)
            }
            ExprKind::TypeCoerce(inner) => self.type_coerce(inner, &expr.data_type, flags),
            ExprKind::Extract { field, operand } => self.extract(field, operand, flags),
            ExprKind::Label { name, operand } => self.label(name, operand, flags),
            ExprKind::Collation(name) => Ok(self.collation(name)),
            ExprKind::Tuple(items) => Ok(format!("({})", self.list(items, ", ", flags)?)),
            ExprKind::Array(items) => self.array(items, &expr.data_type, flags),
            ExprKind::Slice(start, stop) => {
                let start = self.expr(start, flags)?;
                Ok(format!("{start}:{}", self.expr(stop, flags)?))
            }
            ExprKind::ScalarSelect(select) => {
                Ok(format!("({})", self.expr(select, nested(flags))?))
            }
            ExprKind::Over(over) => self.over(over, flags),
            ExprKind::WithinGroup { function, order_by } => {
                let function = self.expr(function, flags)?;
                let order = self.list(order_by, ", ", flags)?;
                Ok(format!("{function} WITHIN GROUP (ORDER BY {order})"))
            }
            ExprKind::Filtered { function, criteria } => {
                let function = self.expr(function, flags)?;
                let conditions = self.conditions(criteria, flags)?;
                Ok(format!("{function} FILTER (WHERE {conditions})"))
            }
            ExprKind::AggregateOrderBy { target, order_by } => {
                if !self.facts.order_aggregate {
                    return Err(self.unsupported("ORDER BY inside aggregate functions"));
                }
                let target = self.expr(target, flags)?;
                let order = self.list(order_by, ", ", flags)?;
                Ok(format!("{target} ORDER BY {order}"))
            }
            ExprKind::NameReference { name, modifiers } => {
                self.name_reference(name, modifiers, flags)
            }
            ExprKind::NextValue(schema, name) => self.next_value(schema.as_ref(), name),
            ExprKind::RowColumn(from) => Ok(match from.name().cloned() {
                Some(name) => self.quote(&name),
                None => String::new(),
            }),
            ExprKind::From(from) => self.table_value(from, flags),
            ExprKind::Select(select) => self.select(select, flags, false, false),
            ExprKind::Compound(compound) => self.compound(compound, flags),
            ExprKind::TextualSelect { text, .. } => {
                let sql = self.expr(text, flags)?;
                Ok(if self.stack.is_empty() {
                    self.with_ctes(sql)
                } else {
                    sql
                })
            }
            ExprKind::Insert(insert) => self.insert(insert, flags),
            ExprKind::Update(update) => self.update(update, flags),
            ExprKind::Delete(delete) => self.delete(delete, flags),
        }
    }

    /// A text with its `%` doubled where the dialect's driver wants that.
    pub(super) fn percent(&self, sql: &str) -> String {
        if self.dialect.doubles_percent() {
            sql.replace('%', "%%")
        } else {
            sql.to_owned()
        }
    }

    fn column(&mut self, table: Option<&FromClause>, name: &Ident, flags: Flags) -> String {
        let column = self.quote(name);
        let Some(table) = table.filter(|_| flags.table) else {
            return column;
        };
        let Some(table_name) = table.name() else {
            return column;
        };
        if &*table_name.name == crate::expression::INSERTED_ROW {
            return format!("VALUES({column})");
        }
        let table_name = self.resolve(table_name);
        let qualified = self.dialect.qualify(table.schema(), &table_name);
        format!("{qualified}.{column}")
    }

    fn label(&mut self, name: &Ident, operand: &Expr, flags: Flags) -> Result<String> {
        if flags.columns && !flags.in_label {
            let inner = self.expr(
                operand,
                Flags {
                    in_label: true,
                    ..flags
                },
            )?;
            return Ok(format!("{inner} AS {}", self.quote(name)));
        }
        self.expr(
            operand,
            Flags {
                columns: false,
                ..flags
            },
        )
    }

    fn collation(&self, name: &Ident) -> String {
        let is_word = |c: char| c.is_ascii_alphanumeric() || c == '_';
        if self.facts.plain_collations && name.name.chars().all(is_word) {
            return name.name.to_string();
        }
        self.dialect.quote(name)
    }

    fn as_boolean(
        &mut self,
        whole: &Expr,
        operand: &Expr,
        is_true: bool,
        flags: Flags,
    ) -> Result<String> {
        let inner = self.expr(operand, flags)?;
        Ok(
            match (
                is_implicitly_boolean(whole) || self.facts.native_boolean,
                is_true,
            ) {
                (true, true) => inner,
                (true, false) => format!("NOT {inner}"),
                (false, true) => format!("{inner} = 1"),
                (false, false) => format!("{inner} = 0"),
            },
        )
    }

    fn case(
        &mut self,
        value: Option<&Expr>,
        whens: &[(Expr, Expr)],
        otherwise: Option<&Expr>,
        flags: Flags,
    ) -> Result<String> {
        let mut text = "CASE ".to_owned();
        if let Some(value) = value {
            text.push_str(&self.expr(value, flags)?);
            text.push(' ');
        }
        for (condition, result) in whens {
            let condition = self.expr(condition, flags)?;
            let result = self.expr(result, flags)?;
            text.push_str(&format!("WHEN {condition} THEN {result} "));
        }
        if let Some(otherwise) = otherwise {
            let otherwise = self.expr(otherwise, flags)?;
            text.push_str(&format!("ELSE {otherwise} "));
        }
        text.push_str("END");
        Ok(text)
    }

    fn cast(
        &mut self,
        operand: &Expr,
        data_type: &DataType,
        lenient: bool,
        flags: Flags,
    ) -> Result<String> {
        if lenient && self.facts.try_cast.is_empty() {
            return Err(self.unsupported("TRY_CAST"));
        }
        let inner = self.expr(operand, flags)?;
        let Some(type_text) = self.cast_type(data_type)? else {
            // The type cannot be named in CAST: the value stands for itself.
            return Ok(inner);
        };
        let word = if lenient {
            self.facts.try_cast.as_str()
        } else {
            "CAST"
        };
        let (type_text, collation) = match type_text.find(" COLLATE ") {
            Some(at) => type_text.split_at(at),
            None => (type_text.as_str(), ""),
        };
        Ok(format!("{word}({inner} AS {type_text}){collation}"))
    }

    fn cast_type(&self, data_type: &DataType) -> Result<Option<String>> {
        let form = &self.facts.cast_string;
        let strings = ["string", "unicode", "VARCHAR", "NVARCHAR", "CHAR", "NCHAR"];
        if !form.is_empty() && strings.contains(&data_type.spec.visit) {
            let given = data_type.int("length").map(|length| length.to_string());
            let length = given.unwrap_or_else(|| self.facts.cast_length.clone());
            return Ok(Some(form.replace("{length}", &length)));
        }
        if self.facts.cast_types.is_empty() {
            return self.dialect.type_sql(data_type).map(Some);
        }
        let family = affinity(data_type);
        let key = format!("{family:?}");
        match self.facts.cast_types.get(&key) {
            None => self.dialect.type_sql(data_type).map(Some),
            Some(text) if text.is_empty() => Ok(None),
            Some(text) => Ok(Some(match (family, data_type.int("length")) {
                (Family::String, Some(length)) => format!("{text}({length})"),
                (Family::Numeric, _) => {
                    match (data_type.int("precision"), data_type.int("scale")) {
                        (Some(precision), Some(scale)) => format!("{text}({precision}, {scale})"),
                        (Some(precision), None) => format!("{text}({precision})"),
                        _ => text.clone(),
                    }
                }
                _ => text.clone(),
            })),
        }
    }

    fn type_coerce(&mut self, inner: &Expr, data_type: &DataType, flags: Flags) -> Result<String> {
        match &inner.kind {
            // A plain value takes the type over.
            ExprKind::Bind(bind) => {
                let mut bind = bind.clone();
                bind.data_type = data_type.clone();
                self.bind(inner, &bind, flags)
            }
            _ => self.expr(inner, flags),
        }
    }

    fn extract(&mut self, field: &str, operand: &Expr, flags: Flags) -> Result<String> {
        let mapped = self.facts.extract.get(field);
        if mapped.is_none() && self.facts.extract_form.contains("STRFTIME") {
            return Err(Box::new(Diagnostic::error(
                Code::Unsupported,
                format!("{field} is not a valid extract argument"),
            )));
        }
        let field = mapped.map_or(field, String::as_str);
        let inner = self.expr(operand, flags)?;
        Ok(self
            .facts
            .extract_form
            .replace("{field}", field)
            .replace("{expr}", &inner))
    }

    fn array(&mut self, items: &[Expr], data_type: &DataType, flags: Flags) -> Result<String> {
        if !self.facts.arrays {
            return Err(self.unsupported("ARRAY[…]"));
        }
        if items.is_empty()
            && let Some(crate::datatype::TypeArg::Type(item)) = data_type.arg("item_type")
            && item.spec.family != Family::Null
        {
            return Ok(format!("ARRAY[]::{}", self.dialect.type_sql(data_type)?));
        }
        Ok(format!("ARRAY[{}]", self.list(items, ", ", flags)?))
    }

    fn over(&mut self, over: &Over, flags: Flags) -> Result<String> {
        let element = self.expr(&over.element, flags)?;
        let mut parts = Vec::new();
        if !over.partition_by.is_empty() {
            parts.push(format!(
                "PARTITION BY {}",
                self.list(&over.partition_by, ", ", flags)?
            ));
        }
        if !over.order_by.is_empty() {
            parts.push(format!(
                "ORDER BY {}",
                self.list(&over.order_by, ", ", flags)?
            ));
        }
        if let Some(frame) = &over.frame {
            let WindowFrame {
                unit,
                lower,
                upper,
                exclude,
            } = frame;
            parts.push(format!(
                "{unit} BETWEEN {} AND {}",
                bound(*lower, "PRECEDING"),
                bound(*upper, "FOLLOWING")
            ));
            parts.extend(exclude.iter().map(|rows| format!("EXCLUDE {rows}")));
        }
        Ok(format!("{element} OVER ({})", parts.join(" ")))
    }

    fn name_reference(
        &mut self,
        name: &str,
        modifiers: &[Operator],
        flags: Flags,
    ) -> Result<String> {
        let found = self.stack.last().map(|frame| {
            let qualified = |expr: &Expr| match &expr.kind {
                ExprKind::Column {
                    table: Some(table),
                    name: own,
                } => table
                    .name()
                    .is_some_and(|table| format!("{}_{}", table.name, own.name) == name),
                _ => false,
            };
            let named = |expr: &&Expr| {
                crate::expression::natural_name(expr).is_some_and(|own| &*own.name == name)
            };
            let column = frame
                .columns
                .iter()
                .find(|expr| named(expr) || qualified(expr))
                .map(Rc::clone);
            let column = column.or_else(|| {
                frame.froms.iter().find_map(|from| {
                    from.columns()
                        .into_iter()
                        .find(|(key, _)| &**key == name)
                        .map(|(_, column)| column)
                })
            });
            (column, frame.is_compound)
        });
        let mut text = match found {
            None => self.percent(name),
            Some((Some(column), is_compound)) => match &column.kind {
                ExprKind::Label { name, .. } => self.quote(&name.clone()),
                _ => {
                    let flags = Flags {
                        table: flags.table && !is_compound,
                        ..flags
                    };
                    self.expr(&column, flags)?
                }
            },
            Some((None, _)) => {
                return Err(Box::new(
                    Diagnostic::error(
                        Code::OperationInvalid,
                        format!(
                            "the name {name:?} in ORDER BY or GROUP BY is not that of a column"
                        ),
                    )
                    .with_help(format!("write text({name:?})")),
                ));
            }
        };
        for operator in modifiers {
            text.push_str(modifier_word(operator));
        }
        Ok(text)
    }

    fn next_value(&mut self, schema: Option<&Ident>, name: &Ident) -> Result<String> {
        if self.facts.next_value.is_empty() {
            return Err(self.unsupported("sequences"));
        }
        let qualified = self.dialect.qualify(schema, name);
        let literal = format!("'{}'", qualified.replace('\'', "''"));
        Ok(self
            .facts
            .next_value
            .replace("{literal}", &literal)
            .replace("{name}", &qualified))
    }

    /// Conditions joined with AND.
    pub(super) fn conditions(&mut self, criteria: &[Expr], flags: Flags) -> Result<String> {
        let criteria = crate::expression::where_list(criteria);
        self.list(&criteria, " AND ", flags)
    }
}

/// The flags of a statement inside an expression.
pub(super) fn nested(flags: Flags) -> Flags {
    Flags {
        table: true,
        literal: flags.literal,
        ..Flags::default()
    }
}

pub(super) fn modifier_word(operator: &Operator) -> &'static str {
    match operator {
        Operator::Desc => " DESC",
        Operator::Asc => " ASC",
        Operator::NullsFirst => " NULLS FIRST",
        Operator::NullsLast => " NULLS LAST",
        _ => "",
    }
}

fn bound(bound: Bound, unbounded: &str) -> String {
    match bound {
        Bound::Unbounded => format!("UNBOUNDED {unbounded}"),
        Bound::Current => "CURRENT ROW".to_owned(),
        Bound::Preceding(count) => format!("{count} PRECEDING"),
        Bound::Following(count) => format!("{count} FOLLOWING"),
    }
}
