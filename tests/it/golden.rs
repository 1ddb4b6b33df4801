//! Each example, for each dialect, up and down: one snapshot each.

use crate::program::{EXAMPLES, answer, gensql, hold, root};

fn matrix(dialect: &str) {
    for (example, config) in EXAMPLES {
        let directory = root().join("examples").join(example);
        let downgrade = gensql(&directory, &["-c", config, "heads", "-q"]);
        let heads: Vec<String> = String::from_utf8(downgrade.stdout)
            .unwrap()
            .lines()
            .filter_map(|line| line.split_whitespace().next().map(str::to_owned))
            .collect();
        let range = format!("{}:base", heads.join(","));
        for (direction, target) in [("upgrade", "heads"), ("downgrade", range.as_str())] {
            let arguments = ["-c", config, "--dialect", dialect, direction, target];
            let output = gensql(&directory, &arguments);
            let text = format!("$ gensql {}\n{}", arguments.join(" "), answer(&output));
            hold(
                &format!("script/{dialect}"),
                &format!("{example}_{direction}"),
                &text,
            );
        }
    }
}

#[test]
fn postgresql() {
    matrix("postgresql");
}

#[test]
fn sqlite() {
    matrix("sqlite");
}

#[test]
fn mssql() {
    matrix("mssql");
}

#[test]
fn oracle() {
    matrix("oracle");
}
