//! Patterns of `case`.

use ruff_python_ast as ruff;

use super::super::ast::*;
use super::Converter;
use crate::diagnostic::Result;

impl Converter {
    pub(super) fn pattern(&mut self, pattern: ruff::Pattern) -> Result<Pattern> {
        Ok(match pattern {
            ruff::Pattern::MatchValue(p) => Pattern::Value(self.expr(*p.value)?),
            ruff::Pattern::MatchSingleton(p) => Pattern::Singleton(match p.value {
                ruff::Singleton::None => Const::None,
                ruff::Singleton::True => Const::Bool(true),
                ruff::Singleton::False => Const::Bool(false),
            }),
            ruff::Pattern::MatchSequence(p) => Pattern::Sequence(self.patterns(p.patterns)?),
            ruff::Pattern::MatchMapping(p) => {
                let mut keys = Vec::new();
                for (key, pattern) in p.keys.into_iter().zip(p.patterns) {
                    keys.push((self.expr(key)?, self.pattern(pattern)?));
                }
                Pattern::Mapping {
                    keys,
                    rest: p.rest.map(|name| self.var(&name)),
                }
            }
            ruff::Pattern::MatchClass(p) => {
                let class = self.expr(*p.cls)?;
                let positional = self.patterns(p.arguments.patterns)?;
                let mut keywords = Vec::new();
                for keyword in p.arguments.keywords {
                    let name = self.name(&keyword.attr);
                    keywords.push((name, self.pattern(keyword.pattern)?));
                }
                Pattern::Class {
                    class,
                    positional,
                    keywords,
                }
            }
            ruff::Pattern::MatchStar(p) => Pattern::Star(p.name.map(|name| self.var(&name))),
            ruff::Pattern::MatchAs(p) => {
                let inner = p
                    .pattern
                    .map(|p| self.pattern(*p))
                    .transpose()?
                    .map(Box::new);
                Pattern::As(inner, p.name.map(|name| self.var(&name)))
            }
            ruff::Pattern::MatchOr(p) => Pattern::Or(self.patterns(p.patterns)?),
        })
    }

    pub(super) fn patterns(
        &mut self,
        patterns: impl IntoIterator<Item = ruff::Pattern>,
    ) -> Result<Vec<Pattern>> {
        patterns
            .into_iter()
            .map(|pattern| self.pattern(pattern))
            .collect()
    }
}
