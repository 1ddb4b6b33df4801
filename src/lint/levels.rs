//! How much each rule matters, from the configuration.

use std::collections::BTreeMap;

use fancy_regex::Regex;

use super::rule::Info;
use super::rules;
use crate::config::{LintSettings, RuleLevels, suggestion};
use crate::diagnostic::{Code, Diagnostic, Result, Severity};
use crate::dialect::Dialect;

/// What names of each kind of object shall look like.
pub type NamePatterns = BTreeMap<String, Regex>;

/// Which rules are looked at, and how much they matter.
#[derive(Clone, Debug, Default)]
pub struct Levels {
    settings: LintSettings,
    /// What names shall look like.
    pub names: NamePatterns,
}

impl Levels {
    /// Those of `[lint]`. `dialects` are the names of all dialects that there are.
    ///
    /// # Errors
    /// A rule or a dialect that there is not, or a pattern that is none.
    pub fn new(settings: &LintSettings, dialects: &[String]) -> Result<Self> {
        known_rules(&settings.levels)?;
        for (name, levels) in &settings.by_dialect {
            if !dialects.iter().any(|known| known == name) {
                let message = format!("'{name}' is neither a rule with its level nor a dialect");
                let found =
                    Diagnostic::error(Code::ConfigInvalid, message).at(levels.location.clone());
                let help = match suggestion(name, dialects.iter().map(String::as_str)) {
                    Some(near) => format!("did you mean '{near}'?"),
                    None => format!("the dialects are: {}", dialects.join(", ")),
                };
                return Err(Box::new(found.with_help(help)));
            }
            known_rules(&levels.value)?;
        }
        let mut names = NamePatterns::new();
        for (kind, pattern) in &settings.names {
            let whole = format!("^(?:{})$", pattern.value);
            let regex = Regex::new(&whole).map_err(|error| {
                let message = format!("'{}' is no regular expression: {error}", pattern.value);
                Box::new(
                    Diagnostic::error(Code::ConfigInvalid, message)
                        .at(pattern.location.clone())
                        .with_help("write a pattern such as \"[a-z][a-z0-9_]*\""),
                )
            })?;
            names.insert(kind.clone(), regex);
        }
        Ok(Self {
            settings: settings.clone(),
            names,
        })
    }

    /// How much a rule matters for a dialect; `None` where it is off.
    pub fn of(&self, rule: &Info, dialect: &Dialect) -> Option<Severity> {
        let own = std::iter::once(dialect.name()).chain(dialect.lineage().iter().map(|n| &**n));
        let given = own
            .filter_map(|name| self.settings.by_dialect.get(name)?.value.get(rule.name))
            .next()
            .or_else(|| self.settings.levels.get(rule.name));
        match given {
            Some(given) => given.value,
            None => (!rule.opt_in).then_some(rule.severity),
        }
    }
}

fn known_rules(levels: &RuleLevels) -> Result<()> {
    for (name, level) in levels {
        if rules::named(name).is_none() {
            let message = format!("there is no rule '{name}'");
            let found = Diagnostic::error(Code::ConfigInvalid, message).at(level.location.clone());
            let known = rules::ALL.iter().map(|rule| rule.info().name);
            let help = match suggestion(name, known) {
                Some(near) => format!("did you mean '{near}'?"),
                None => "`gensql explain` lists the rules".to_owned(),
            };
            return Err(Box::new(found.with_help(help)));
        }
    }
    Ok(())
}
