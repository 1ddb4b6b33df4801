use std::path::{Path, PathBuf};

use proptest::prelude::*;
use serde_json::{Map, Value as Json, json};

use super::*;
use crate::report::plain_text;
use crate::source::SourceFile;

fn ini(text: &str) -> crate::diagnostic::Result<Ini> {
    let mut ini = Ini::parse(SourceFile::new("alembic.ini", text))?;
    ini.set_default("here", "/here");
    Ok(ini)
}

#[test]
fn reads_as_configparser_does() {
    let data = std::fs::read_to_string("tests/oracle/ini.jsonl").unwrap();
    for line in data.lines() {
        let entry: Json = serde_json::from_str(line).unwrap();
        let text = entry["text"].as_str().unwrap();
        let ours = match ini(text) {
            Err(_) => Json::Null,
            Ok(ini) => {
                let section = |name: &str| {
                    let option = |key: &str| {
                        let value = ini.get(name, key).ok().flatten().map(|value| value.text);
                        (key.to_owned(), json!(value))
                    };
                    Json::Object(ini.options(name).into_iter().map(option).collect())
                };
                Json::Object(
                    ini.sections()
                        .map(|n| (n.to_owned(), section(n)))
                        .collect::<Map<_, _>>(),
                )
            }
        };
        let theirs = entry.get("sections").cloned().unwrap_or(Json::Null);
        let sorted = |value: &Json| {
            serde_json::from_str::<std::collections::BTreeMap<String, Json>>(&value.to_string())
                .ok()
        };
        assert_eq!(
            sorted(&ours),
            sorted(&theirs),
            "{text}\nours {ours}\ntheirs {theirs}"
        );
    }
}

proptest! {
    #[test]
    fn no_ini_panics(text in "([\\[\\]a-c=%()s:;# \t\r\n\u{2028}]{0,60})") {
        if let Ok(ini) = ini(&text) {
            for section in ini.sections() {
                for option in ini.options(section) {
                    let _ = ini.get(section, option);
                }
            }
        }
    }
}

#[test]
fn references_do_not_explode() {
    let mut text = "[alembic]\n".to_owned();
    for n in 0..10 {
        text.push_str(&format!(
            "k{n} = {}\n",
            format!("%(k{})s", n + 1).repeat(1000)
        ));
    }
    text.push_str("k10 =\n");
    assert!(ini(&text).unwrap().get("alembic", "k0").is_err());
}

/// A project directory with these files.
fn project(files: &[(&str, &str)]) -> tempfile::TempDir {
    let directory = tempfile::tempdir().unwrap();
    for (name, text) in files {
        let path = directory.path().join(name);
        std::fs::create_dir_all(path.parent().unwrap()).unwrap();
        std::fs::write(path, text).unwrap();
    }
    directory
}

fn load(directory: &Path, file: Option<&str>) -> crate::diagnostic::Result<Config> {
    let files = file.map(PathBuf::from).into_iter().collect();
    Config::load(&Request {
        directory: directory.to_owned(),
        files,
        section: None,
        packages: Vec::new(),
    })
}

fn alembic(config: &Config) -> &AlembicConfig {
    let Source::Alembic(alembic) = &config.source else {
        panic!()
    };
    alembic
}

fn message(found: crate::diagnostic::Result<Config>) -> String {
    plain_text(&found.err().unwrap().message).into_owned()
}

#[test]
fn an_alembic_project() {
    let text = "[alembic]\nscript_location = %(here)s/db\nversion_locations = %(here)s/db/versions %(here)s/more\n\
                sqlalchemy.url = postgresql+psycopg2://u:p%%40@localhost/x\nprepend_sys_path = .\n";
    let directory = project(&[("alembic.ini", text), ("db/env.py", ""), ("more/x.py", "")]);
    let config = load(directory.path(), None).unwrap();
    let found = alembic(&config);
    assert_eq!(found.script_location, directory.path().join("db"));
    let expected = [
        directory.path().join("db/versions"),
        directory.path().join("more"),
    ];
    assert_eq!(found.version_locations, expected);
    assert_eq!(
        config.dialect(None, Some("mysql://x")).unwrap().name,
        "postgresql"
    );
    assert_eq!(
        config
            .dialect(Some("mysql:8.0"), None)
            .unwrap()
            .version
            .as_deref(),
        Some("8.0")
    );
}

#[test]
fn the_placeholder_url_names_no_dialect() {
    let text =
        "[alembic]\nscript_location = db\nsqlalchemy.url = driver://user:pass@localhost/dbname\n";
    let directory = project(&[("alembic.ini", text), ("db/env.py", "")]);
    let config = load(directory.path(), None).unwrap();
    assert!(config.dialect(None, None).is_none());
    assert_eq!(
        config
            .dialect(None, Some("sqlite+aiosqlite:///x"))
            .unwrap()
            .name,
        "sqlite"
    );
}

#[test]
fn pyproject_and_resources() {
    let text = "[tool.alembic]\nscript_location = 'my.app:migrations'\nprepend_sys_path = ['%(here)s/src']\n";
    let directory = project(&[
        ("pyproject.toml", text),
        ("src/my/app/migrations/env.py", ""),
    ]);
    let config = load(directory.path(), None).unwrap();
    let script = directory.path().join("src/my/app/migrations");
    assert_eq!(alembic(&config).script_location, script);
}

#[test]
fn wrong_settings_are_refused() {
    let refused = |text: &str| message(load(project(&[("gensql.toml", text)]).path(), None));
    assert_eq!(refused("dialekt = 'x'"), "there is no option 'dialekt'");
    assert_eq!(
        refused("dialect = 1"),
        "the option 'dialect' must be a string, not integer"
    );
    assert!(refused("dialect = ").starts_with("the file is not valid TOML"));
    assert!(refused("revisions = 'nope'").contains("does not exist"));
    let text = "[alembic]\nscript_location = .\nversion_locations = a\npath_separator = foo\n";
    let directory = project(&[("alembic.ini", text)]);
    assert!(
        message(load(directory.path(), None))
            .starts_with("'foo' is not a valid value for path_separator")
    );
}

#[test]
fn a_project_of_sql_revisions() {
    let text = "dialect = 'postgresql:16'\nrevisions = ['a', 'b']\n[vars]\ntenant = 'x'\n[types]\nmoney = { default = 'numeric(12,2)' }\n";
    let directory = project(&[("gensql.toml", text), ("a/1.sql", ""), ("b/2.sql", "")]);
    let config = load(directory.path(), Some("gensql.toml")).unwrap();
    let Source::Sql { directories, .. } = &config.source else {
        panic!()
    };
    assert_eq!(
        *directories,
        [directory.path().join("a"), directory.path().join("b")]
    );
    assert_eq!(config.settings.vars["tenant"], json!("x"));
    assert_eq!(config.settings.types["money"]["default"], "numeric(12,2)");
}

#[test]
fn pyproject_may_say_what_gensql_toml_says() {
    let ini = "[alembic]\nscript_location = migrations\n";
    let files = |text: &'static str| {
        project(&[
            ("alembic.ini", ini),
            ("pyproject.toml", text),
            ("migrations/env.py", ""),
        ])
    };
    let directory = files("[tool.gensql]\ndialect = 'mysql'\n[tool.gensql.lint]\nrename = 'off'\n");
    let settings = load(directory.path(), None).unwrap().settings;
    assert_eq!(settings.dialect.unwrap().value, "mysql");
    assert!(settings.lint.levels.contains_key("rename"));
    let other = files("[tool.other]\ngensql = 1\n");
    assert!(load(other.path(), None).unwrap().settings.dialect.is_none());
    let place = files("[tool.gensql]\nrevisions = ['a']\n");
    assert!(message(load(place.path(), None)).contains("there is no option 'revisions'"));
}
