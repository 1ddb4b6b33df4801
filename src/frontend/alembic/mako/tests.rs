//! Templates against what Mako makes of them; `tests/oracle/mako_cases.py` asks it.

use std::rc::Rc;
use std::sync::Arc;

use super::render;
use crate::diagnostic::Result;
use crate::frontend::alembic::host::Host;
use crate::frontend::alembic::project::{host_modules::ProjectImporter, importer::Sandbox};
use crate::frontend::alembic::raise;
use crate::python::vm::STACK_SIZE;
use crate::python::{Args, Budget, Builtin, Str, Value, Vm};
use crate::report;
use crate::source::SourceFile;

fn value(data: &serde_json::Value) -> Value {
    match data {
        serde_json::Value::String(text) => Value::from(text.as_str()),
        serde_json::Value::Number(number) => Value::Int(number.as_i64().unwrap()),
        serde_json::Value::Array(items) => Value::list(items.iter().map(value).collect()),
        _ => Value::None,
    }
}

fn rendered(text: &str, given: &serde_json::Value) -> Result<String> {
    let sandbox = Rc::new(Sandbox::new(Vec::new(), &[], 1 << 20));
    let importer = Rc::new(ProjectImporter::new(&sandbox));
    let budget = Budget {
        steps: 100_000,
        ..Budget::default()
    };
    let mut vm = Vm::new(importer, budget);
    vm.set_host(Rc::new(Host::default()));
    raise::register(&mut vm);
    let mut names: Vec<(Str, Value)> = given
        .as_object()
        .into_iter()
        .flatten()
        .map(|(name, data)| (Str::from(name.as_str()), value(data)))
        .collect();
    let comma = Builtin::value("comma", |vm, mut args: Args| {
        let items = args.require("comma", "value")?;
        let items = vm.iterate(&items)?;
        let texts: Vec<Str> = items.iter().filter_map(Value::as_str).collect();
        Ok(Value::from(texts.join(", ")))
    });
    names.push((Str::from("comma"), comma));
    let file: Arc<SourceFile> = SourceFile::new("script.py.mako", text);
    render(&mut vm, &file, names)
}

fn on_thread<T: Send + 'static>(work: impl FnOnce() -> T + Send + 'static) -> T {
    let worker = std::thread::Builder::new()
        .stack_size(STACK_SIZE)
        .spawn(work);
    worker.unwrap().join().unwrap()
}

#[test]
fn templates_become_what_mako_makes_of_them() {
    let failed = on_thread(|| {
        let data = include_str!("../../../../tests/oracle/mako_cases.json");
        let data: serde_json::Value = serde_json::from_str(data).unwrap();
        let mut failed = Vec::new();
        let cases = data["cases"].as_array().unwrap();
        assert!(cases.len() > 100);
        for case in cases {
            let template = case["template"].as_str().unwrap();
            let made = rendered(template, &data["names"]);
            let wanted = case["text"].as_str();
            if made.as_deref().ok() != wanted {
                let made = made.map_err(|found| found.message);
                failed.push(format!(
                    "{template:?}\n  wanted {wanted:?}\n  made   {made:?}"
                ));
            }
        }
        failed
    });
    assert!(
        failed.is_empty(),
        "{} differ:\n{}",
        failed.len(),
        failed.join("\n")
    );
}

#[test]
fn errors_have_their_place_in_the_template() {
    let texts = on_thread(|| {
        let cases = [
            "a\n${message + 1}\n",
            "a\n  ${nothing}\n",
            "x\n<%\n    y = 1\n    z = y.nothing\n%>\n",
            "% for a in items:\n${a +}\n% endfor\n",
            "x\n<%include file=\"other\"/>\n",
            "<%\n  x = 1\n    y = 2\n%>",
            "% for a in items:\n% if a:\n% endfor\n",
            "${message",
            "<%namespace name=\"a\" file=\"b\"/>",
            "<%self:f>x</%self:f>",
            "${message | entity}",
            "<% while True: pass %>",
        ];
        let names = serde_json::json!({"message": "m", "items": ["i"]});
        let mut out = String::new();
        for case in cases {
            out.push_str(&match rendered(case, &names) {
                Ok(text) => format!("no error: {text:?}\n"),
                Err(found) => report::render(&found, false),
            });
            out.push('\n');
        }
        out
    });
    let mut settings = insta::Settings::clone_current();
    settings.set_snapshot_path(concat!(env!("CARGO_MANIFEST_DIR"), "/snapshots/mako"));
    settings.set_prepend_module_to_snapshot(false);
    settings.set_omit_expression(true);
    settings.bind(|| insta::assert_snapshot!("errors", texts));
}

#[test]
fn no_template_brings_it_down() {
    use proptest::prelude::*;

    const PARTS: &[&str] = &[
        "${",
        "}",
        "|",
        "h",
        "\n",
        "% for a in items:\n",
        "% endfor\n",
        "% if a:\n",
        "% else:\n",
        "% endif\n",
        "%%",
        "%",
        "##",
        "<%",
        "<%!",
        "%>",
        "</%def>",
        "</%",
        "<%def name=\"f(a)\">",
        "<%block>",
        "</%block>",
        "<%text>",
        "</%text>",
        "<%doc>",
        "\\\n",
        "\\",
        "'",
        "\"",
        "\"\"\"",
        "'''",
        "(",
        ")",
        "[",
        "{",
        "x = 1\n",
        "  ",
        "\t",
        "\r\n",
        "\r",
        "message",
        "f(1)",
        "\u{e9}",
        "#",
        "loop.index",
        "return",
        "/>",
        "<",
    ];
    let outcome = on_thread(move || {
        let part = proptest::sample::select(PARTS);
        let template = proptest::collection::vec(part, 0..24).prop_map(|parts| parts.concat());
        let mut runner = proptest::test_runner::TestRunner::new(ProptestConfig {
            cases: 1500,
            failure_persistence: None,
            ..ProptestConfig::default()
        });
        let names = serde_json::json!({"message": "m", "items": ["i", "j"]});
        runner
            .run(&template, |text| {
                if let Err(found) = rendered(&text, &names)
                    && let Some(place) = &found.primary
                {
                    let length = u32::try_from(text.len()).unwrap();
                    prop_assert!(place.span.end <= length, "{:?}", found);
                    prop_assert!(!report::render(&found, false).is_empty());
                }
                Ok(())
            })
            .map_err(|error| error.to_string())
    });
    assert_eq!(outcome, Ok(()));
}
