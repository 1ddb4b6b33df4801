//! Steps that are left to a person.

use super::{Body, Lowering, Statement};
use crate::diagnostic::Code;
use crate::operation::ManualStep;

/// The longest message that databases show; MySQL has 128 characters.
const LONGEST: usize = 120;

impl Lowering {
    /// What tells a person what to write, around a statement that fails until it is written.
    pub(super) fn manual(&mut self, step: &ManualStep, out: &mut Vec<Statement>) {
        let ManualStep {
            of,
            reason,
            place,
            source,
            values,
            rest,
            schema,
            tables: _,
        } = step;
        let mut lines = vec![
            "==== MANUAL STEP ====".to_owned(),
            format!("of:     {of}"),
            format!("place:  {place}"),
            format!("reason: {reason}"),
            String::new(),
        ];
        lines.push(match rest {
            true => "From here on, the migration does:".to_owned(),
            false => "The migration does:".to_owned(),
        });
        lines.extend(source.iter().map(|line| format!("    {line}")));
        if !values.is_empty() {
            lines.push(String::new());
            lines.push("where".to_owned());
            let known = values.iter();
            lines.extend(known.map(|(name, value)| format!("    {name} = {value}")));
        }
        lines.push(String::new());
        lines.push(
            "To do: write SQL that does the same, in the place of the statement below, which stops"
                .to_owned(),
        );
        lines.push("this script. If there is nothing to do, remove the statement.".to_owned());
        lines.push(match (schema, rest) {
            (false, _) => {
                "What follows takes the schema to be as it is here: change rows only.".to_owned()
            }
            (true, false) => {
                "It may change the schema. What follows does not know of that.".to_owned()
            }
            (true, true) => {
                "It may change the schema, also in lines that need no database. What follows does \
                 not know of that."
                    .to_owned()
            }
        });
        let text: Vec<String> = lines.iter().map(|line| plain(line)).collect();
        out.push(Statement::body(Body::Comment(text.join("\n"))));
        let message =
            plain(&format!("manual step not written: {place}, {of}")).replace("$gensql$", "");
        let message: String = message.chars().take(LONGEST).collect();
        // Names are shorter than messages.
        let label: String = message.chars().take(60).collect();
        out.push(
            Statement::new("manual_step")
                .fragment("message", self.dialect.string(&message))
                .fragment("label", self.dialect.quote_always(&label))
                .fragment("tag", "$gensql$"),
        );
        out.push(Statement::body(Body::Comment(
            "==== END OF MANUAL STEP ====".to_owned(),
        )));
        let what = if *rest { "the rest" } else { "a step" };
        self.warn(
            Code::ManualStep,
            format!("{what} of {of} is left to a person: {reason}"),
        );
    }
}

/// Without what would end a line of a comment, or what no client reads.
fn plain(line: &str) -> String {
    line.chars()
        .map(|c| if c.is_control() { ' ' } else { c })
        .collect()
}
