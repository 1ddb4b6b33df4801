//! Function calls.

use super::{Compiler, Flags};
use crate::diagnostic::Result;
use crate::expression::{Expr, Function, Ident};

/// Functions of the standard that are written without parentheses when they have no arguments.
fn ansi(name: &str) -> Option<&'static str> {
    Some(match name {
        "coalesce" => "coalesce",
        "current_date" => "CURRENT_DATE",
        "current_time" => "CURRENT_TIME",
        "current_timestamp" => "CURRENT_TIMESTAMP",
        "current_user" => "CURRENT_USER",
        "localtime" => "LOCALTIME",
        "localtimestamp" => "LOCALTIMESTAMP",
        "random" => "random",
        "sysdate" => "sysdate",
        "session_user" => "SESSION_USER",
        "user" => "USER",
        "cube" => "CUBE",
        "rollup" => "ROLLUP",
        "grouping_sets" => "GROUPING SETS",
        _ => return None,
    })
}

fn has_parentheses_always(name: &str) -> bool {
    matches!(
        name,
        "coalesce" | "random" | "cube" | "rollup" | "grouping_sets"
    )
}

impl Compiler<'_> {
    pub(super) fn function(
        &mut self,
        whole: &Expr,
        function: &Function,
        flags: Flags,
    ) -> Result<String> {
        let _ = whole;
        let flags = Flags {
            as_from: false,
            operator: false,
            eager: false,
            ..flags
        };
        let last = function.name.last().map_or("", |name| &name.name);
        let lowered = last.to_lowercase();
        if function.name.len() == 1 {
            if let Some(text) = self.known(function, &lowered, flags)? {
                return Ok(text);
            }
            if function.known
                && let Some(name) = ansi(&lowered)
            {
                if function.args.is_empty() && !has_parentheses_always(&lowered) {
                    return Ok(name.to_owned());
                }
                return Ok(format!(
                    "{name}({})",
                    self.list(&function.args, ", ", flags)?
                ));
            }
        }
        let mut name = String::new();
        for part in &function.name {
            if !name.is_empty() {
                name.push('.');
            }
            name.push_str(&self.function_name(part));
        }
        let args = self.list(&function.args, ", ", flags)?;
        Ok(format!("{name}({args})"))
    }

    /// Functions that the dialect calls by another name.
    fn known(&mut self, function: &Function, name: &str, flags: Flags) -> Result<Option<String>> {
        if name == "substring" && self.facts.substring_from && function.args.len() > 1 {
            let mut parts = Vec::with_capacity(3);
            for arg in &function.args {
                parts.push(self.expr(arg, flags)?);
            }
            let length = parts
                .get(2)
                .map(|length| format!(" FOR {length}"))
                .unwrap_or_default();
            return Ok(Some(format!(
                "SUBSTRING({} FROM {}{length})",
                parts[0], parts[1]
            )));
        }
        let Some(spelling) = self.facts.functions.get(name) else {
            return Ok(None);
        };
        if let Some(text) = spelling.strip_suffix('!') {
            return Ok(Some(text.to_owned()));
        }
        // SQLAlchemy forgets with these two that it writes literals.
        let forgets = matches!(name, "pow" | "char_length");
        let flags = Flags {
            literal: flags.literal && !(forgets && self.context.compat),
            ..flags
        };
        if spelling.contains("{0}") {
            let mut text = spelling.clone();
            // From the last one, so that no argument's own braces are taken for a place.
            for (number, arg) in function.args.iter().enumerate().rev() {
                text = text.replace(&format!("{{{number}}}"), &self.expr(arg, flags)?);
            }
            return Ok(Some(text));
        }
        let args = self.list(&function.args, ", ", flags)?;
        if spelling.contains("{*}") {
            return Ok(Some(spelling.replace("{*}", &args)));
        }
        Ok(Some(format!("{spelling}({args})")))
    }

    /// A function's name is quoted only for characters that need it.
    fn function_name(&self, name: &Ident) -> String {
        let legal = |text: &str| {
            let mut chars = text.chars();
            chars
                .next()
                .is_some_and(|first| first.is_ascii_alphabetic() || first == '_')
                && chars.all(|c| c.is_ascii_alphanumeric() || c == '_' || c == '$')
        };
        if name.quote == Some(true) || !legal(&name.name) {
            self.dialect.quote(&Ident {
                name: name.name.clone(),
                quote: Some(true),
            })
        } else {
            name.name.to_string()
        }
    }
}
