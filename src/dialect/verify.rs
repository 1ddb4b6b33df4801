//! What is known of a database's catalog, for scripts that compare it with a schema.

use indexmap::IndexMap;
use serde::Deserialize;

/// How the catalog is looked at.
#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Verify {
    /// How the catalog spells types.
    #[serde(default)]
    pub types: VerifiedTypes,
    /// Whether tables are found by their names as SQL has them, quoted where necessary.
    #[serde(default)]
    pub quoted: bool,
    /// What the catalog calls types, by their names in definitions, in upper case. Types that are
    /// not listed are not compared.
    #[serde(default)]
    pub names: IndexMap<String, String>,
}

/// How the catalog spells types.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum VerifiedTypes {
    /// That is not known.
    #[default]
    None,
    /// As in the definition.
    Declared,
    /// By other names.
    Named,
    /// In a way that the server is asked for: by a temporary table of the same types.
    Scratch,
}

impl Verify {
    /// A type as the catalog has it; `None` where that is not known.
    pub fn spelling(&self, defined: &str) -> Option<String> {
        let upper = defined.to_uppercase();
        let defined = [" CHARACTER SET", " COLLATE"]
            .iter()
            .filter_map(|words| upper.find(words))
            .min()
            .map_or(defined, |end| &defined[..end]);
        let (name, rest) = match defined.find('(') {
            Some(open) => defined.split_at(open),
            None => (defined, ""),
        };
        let (arguments, behind) = match rest.rfind(')') {
            Some(close) => rest.split_at(close + 1),
            None => ("", ""),
        };
        let (name, suffix) = match name.trim().to_uppercase().strip_suffix(" UNSIGNED") {
            Some(name) => (name.to_owned(), " unsigned".to_owned()),
            None => (name.trim().to_uppercase(), behind.to_lowercase()),
        };
        let known = self.names.get(&name)?;
        // `%` stands for the arguments; a name without it has none in the catalog.
        let spelt = match (known.split_once('%'), arguments.is_empty()) {
            (Some((before, usual)), true) => format!("{before}{usual}"),
            (Some((before, _)), false) if arguments.contains('\'') => {
                format!("{before}{}", arguments.replace("', '", "','"))
            }
            (Some((before, _)), false) => format!("{before}{}", arguments.replace(' ', "")),
            (None, _) => known.clone(),
        };
        Some(format!("{spelt}{suffix}"))
    }
}

#[cfg(test)]
mod tests {
    use super::Verify;

    #[test]
    fn types_are_spelt_as_the_catalog_has_them() {
        let names = [
            ("INTEGER", "int"),
            ("VARCHAR", "varchar%"),
            ("NUMERIC", "decimal%(10,0)"),
            ("ENUM", "enum%"),
            ("BOOL", "tinyint"),
        ];
        let verify = Verify {
            names: names
                .into_iter()
                .map(|(a, b)| (a.to_owned(), b.to_owned()))
                .collect(),
            ..Verify::default()
        };
        let spelt = |defined: &str| verify.spelling(defined);
        assert_eq!(spelt("INTEGER UNSIGNED").as_deref(), Some("int unsigned"));
        assert_eq!(spelt("INTEGER(11)").as_deref(), Some("int"));
        assert_eq!(spelt("NUMERIC(12, 2)").as_deref(), Some("decimal(12,2)"));
        assert_eq!(spelt("NUMERIC").as_deref(), Some("decimal(10,0)"));
        assert_eq!(
            spelt("VARCHAR(20) CHARACTER SET utf8 COLLATE x").as_deref(),
            Some("varchar(20)")
        );
        assert_eq!(
            spelt("ENUM('a b', 'c')").as_deref(),
            Some("enum('a b','c')")
        );
        assert_eq!(spelt("BOOL").as_deref(), Some("tinyint"));
        assert_eq!(spelt("GEOMETRY"), None);
    }
}
