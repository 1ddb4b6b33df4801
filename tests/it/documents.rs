//! Documents that are made from the sources are current.

use gensql::diagnostic::Code;

use crate::program::root;

fn diagnostics() -> String {
    let mut text = String::from(
        "# Diagnostics\n\nEach code with its explanation, as `gensql explain CODE` prints it. Made from the registry;\n`GENSQL_UPDATE=1 cargo test documents` writes it anew.\n",
    );
    for code in Code::ALL {
        let explanation: Vec<&str> = code.explanation().lines().map(str::trim).collect();
        text.push_str(&format!(
            "\n## {}\n\n{}\n",
            code.as_str(),
            explanation.join("\n").trim()
        ));
    }
    text
}

#[test]
fn the_list_of_diagnostics_is_current() {
    let path = root().join("docs/diagnostics.md");
    let wanted = diagnostics();
    if std::env::var_os("GENSQL_UPDATE").is_some() {
        std::fs::write(&path, &wanted).unwrap();
    }
    let found = std::fs::read_to_string(&path).unwrap_or_default();
    assert!(
        found == wanted,
        "run `GENSQL_UPDATE=1 cargo test documents`"
    );
}
