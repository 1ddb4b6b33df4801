//! Recipes of Alembic's cookbook and extension packages as whole projects, held against what Alembic
//! prints for them (`tests/oracle/recipe_cases.py`).

use std::path::Path;

use serde_json::Value;

use crate::program::{answer, gensql, root};

fn write(directory: &Path, project: &Value, dialect: &str) {
    for (path, text) in project["files"].as_object().unwrap() {
        let file = directory.join(path);
        std::fs::create_dir_all(file.parent().unwrap()).unwrap();
        std::fs::write(file, text.as_str().unwrap()).unwrap();
    }
    let ini = project["ini"][dialect].as_str().unwrap();
    std::fs::write(directory.join("alembic.ini"), ini).unwrap();
}

#[test]
fn what_alembic_prints_for_recipes() {
    let text = std::fs::read_to_string(root().join("tests/oracle/recipe_cases.json")).unwrap();
    let projects: Vec<Value> = serde_json::from_str(&text).unwrap();
    let mut wrong = Vec::new();
    let mut compared = 0;
    for project in &projects {
        for run in project["runs"].as_array().unwrap() {
            let directory = tempfile::tempdir().unwrap();
            let dialect = run["dialect"].as_str().unwrap();
            write(directory.path(), project, dialect);
            let mut arguments = vec!["--compat", "alembic"];
            for argument in run["arguments"].as_array().unwrap() {
                arguments.push(argument.as_str().unwrap());
            }
            let output = gensql(directory.path(), &arguments);
            compared += 1;
            let wanted = run["output"].as_str().unwrap();
            if String::from_utf8_lossy(&output.stdout) != wanted {
                let name = project["name"].as_str().unwrap();
                wrong.push(format!(
                    "# {name}, {dialect}, {arguments:?}\n{wanted}# but\n{}",
                    answer(&output)
                ));
            }
        }
    }
    assert!(
        wrong.is_empty(),
        "{} of {compared}:\n{}",
        wrong.len(),
        wrong.join("\n")
    );
}
