//! From the parts of a template to the Python that writes it, which the evaluator runs.
//!
//! Names of the Python that begin with `__M_` are the machinery's; `prelude.py` and `mod.rs` say
//! what they are.

use std::fmt::Write;
use std::ops::Range;
use std::sync::Arc;

use super::lexer::{Control, Node, Tag, problem};
use crate::diagnostic::Result;
use crate::source::{Location, SourceFile, Span};

/// Python made of a template, and where its pieces come from.
#[derive(Default)]
pub(super) struct Generated {
    pub(super) python: String,
    /// Ranges of the Python that are copied from the template, with where they stand there.
    pieces: Vec<(Range<usize>, usize)>,
}

impl Generated {
    /// The place in the template of a place in the Python.
    pub(super) fn place(&self, span: Span) -> Span {
        let start = self.offset(span.start as usize);
        let end = self.offset(span.end as usize);
        Span::new(start, end.max(start))
    }

    fn offset(&self, at: usize) -> usize {
        let next = self.pieces.partition_point(|(range, _)| range.start <= at);
        match next.checked_sub(1).and_then(|index| self.pieces.get(index)) {
            Some((range, start)) => start + (at - range.start).min(range.len()),
            None => self.pieces.first().map_or(0, |(_, start)| *start),
        }
    }
}

/// Filters that Mako knows by name; the others are names of the template.
const FILTERS: &[(&str, &str)] = &[
    ("x", "__M_xml"),
    ("h", "__M_html"),
    ("u", "__M_url"),
    ("trim", "__M_trim"),
    ("unicode", "__M_str"),
    ("str", "__M_str"),
];

/// Writes the Python of a template.
pub(super) fn python(file: &Arc<SourceFile>, nodes: &[Node]) -> Result<Generated> {
    let mut writer = Writer {
        file,
        out: Generated::default(),
        indent: 0,
        loops: file.text().contains("loop"),
        page_filters: Vec::new(),
        blocks: 0,
        open: Vec::new(),
    };
    writer.page(nodes)?;
    writer.module_code(nodes);
    writer.body(nodes)?;
    Ok(writer.out)
}

struct Writer<'a> {
    file: &'a Arc<SourceFile>,
    out: Generated,
    indent: usize,
    /// Whether the template may use `loop`.
    loops: bool,
    /// `<%page expression_filter="…"/>`.
    page_filters: Vec<String>,
    /// How many blocks without a name there are.
    blocks: usize,
    /// Open control blocks: whether they have a `loop` of their own.
    open: Vec<bool>,
}

impl Writer<'_> {
    fn refuse(
        &self,
        tag: &Tag,
        message: impl Into<String>,
        help: &str,
    ) -> Box<crate::diagnostic::Diagnostic> {
        problem(self.file, tag.place.clone(), message, help)
    }

    fn line(&mut self, text: &str) {
        let _ = writeln!(
            self.out.python,
            "{:indent$}{text}",
            "",
            indent = 4 * self.indent
        );
    }

    /// Copies a range of the template.
    fn copy(&mut self, range: Range<usize>) {
        let text = &self.file.text()[range.clone()];
        let start = self.out.python.len();
        self.out.python.push_str(text);
        self.out
            .pieces
            .push((start..self.out.python.len(), range.start));
    }

    /// `<%page>` holds for the whole template.
    fn page(&mut self, nodes: &[Node]) -> Result<()> {
        for node in nodes {
            let Node::Tag(tag) = node else { continue };
            if tag.keyword != "page" {
                continue;
            }
            for (name, value) in &tag.attributes {
                match name.as_str() {
                    "expression_filter" => self.page_filters = names(value),
                    "strict_undefined" | "enable_loop" if value == "True" => {}
                    _ => {
                        let message = format!("<%page {name}=…> is not understood");
                        let help = "leave the attribute out";
                        return Err(self.refuse(tag, message, help));
                    }
                }
            }
        }
        Ok(())
    }

    /// `<%! … %>` runs first, wherever it stands.
    fn module_code(&mut self, nodes: &[Node]) {
        for node in nodes {
            match node {
                Node::Code { code, module: true } => self.code(code.clone()),
                Node::Tag(tag) => self.module_code(&tag.nodes),
                Node::Code { .. } | Node::Text(_) | Node::Expression { .. } | Node::Control(_) => {}
            }
        }
    }

    fn body(&mut self, nodes: &[Node]) -> Result<()> {
        // Functions of the template may be called before they are defined.
        for node in nodes {
            if let Node::Tag(tag) = node
                && tag.keyword == "def"
            {
                self.definition(tag)?;
            }
        }
        for node in nodes {
            match node {
                Node::Text(text) => {
                    let literal = literal(text);
                    self.line(&format!("__M_write({literal})"));
                }
                Node::Expression { code, filters } => self.expression(code, filters)?,
                Node::Control(control) => self.control(control)?,
                Node::Code { module: true, .. } => {}
                Node::Code { code, .. } => self.code(code.clone()),
                Node::Tag(tag) => self.tag(tag)?,
            }
        }
        Ok(())
    }

    fn expression(&mut self, code: &Range<usize>, filters: &Range<usize>) -> Result<()> {
        let text = &self.file.text()[code.clone()];
        if text.trim().is_empty() {
            // Mako writes nothing.
            return Ok(());
        }
        let mut applied = names(&self.file.text()[filters.clone()]);
        if !applied.iter().any(|name| name == "n") {
            let page = self.page_filters.iter().cloned();
            applied = page.chain(applied).collect();
            if !applied.iter().any(|name| name == "n") {
                applied.insert(0, "str".to_owned());
            }
        }
        let (before, after) = self.filtered(&applied, filters)?;
        let indent = 4 * self.indent;
        let _ = write!(self.out.python, "{:indent$}__M_write({before}(", "");
        self.copy(code.clone());
        // The line end is for a comment at the end of the expression.
        let _ = writeln!(self.out.python, "\n)){after}");
        Ok(())
    }

    /// What stands before and behind an argument that filters are applied to.
    fn filtered(&self, applied: &[String], place: &Range<usize>) -> Result<(String, String)> {
        let (mut before, mut after) = (String::new(), String::new());
        for name in applied.iter().filter(|name| *name != "n") {
            let (function, arguments) = match name.find('(') {
                Some(at) => name.split_at(at),
                None => (name.as_str(), ""),
            };
            if function == "entity" {
                let help = "write `h`, or a function of your own";
                let message = "the filter `entity` is not understood";
                return Err(problem(self.file, place.clone(), message, help));
            }
            let known = FILTERS.iter().find(|(known, _)| *known == function);
            let function = match known {
                Some((_, own)) => own,
                None if function.starts_with("decode.") => "__M_str",
                None => function,
            };
            before = format!("{function}{arguments}({before}");
            after.push(')');
        }
        Ok((before, after))
    }

    fn control(&mut self, control: &Control) -> Result<()> {
        let text = &self.file.text()[control.code.clone()];
        if control.ends {
            self.indent = self.indent.saturating_sub(1);
            if self.open.pop() == Some(true) {
                self.indent = self.indent.saturating_sub(1);
                self.line("finally:");
                self.line("    loop = __M_loops.leave()");
            }
            return Ok(());
        }
        let continued = !matches!(&*control.keyword, "for" | "if" | "while" | "try" | "with");
        if continued {
            self.indent = self.indent.saturating_sub(1);
        }
        let items = (control.keyword == "for" && self.loops)
            .then(|| loop_items(text))
            .flatten();
        if let Some((items, colon)) = items {
            let start = control.code.start;
            let indent = 4 * self.indent;
            let _ = write!(self.out.python, "{:indent$}loop = __M_loops.enter(", "");
            self.copy(start + items..start + colon);
            self.out.python.push_str("\n)\n");
            self.line("try:");
            self.indent += 1;
            let indent = 4 * self.indent;
            let _ = write!(self.out.python, "{:indent$}", "");
            self.copy(start..start + items);
            self.out.python.push_str(" loop:\n");
            self.open.push(true);
        } else {
            let indent = 4 * self.indent;
            let _ = write!(self.out.python, "{:indent$}", "");
            self.copy(control.code.clone());
            self.out.python.push('\n');
            if !continued {
                self.open.push(false);
            }
        }
        self.indent += 1;
        self.line("pass");
        Ok(())
    }

    /// A block of Python, moved to the indentation of where it stands.
    fn code(&mut self, range: Range<usize>) {
        let file = Arc::clone(self.file);
        let text = &file.text()[range.clone()];
        let mut margin: Option<&str> = None;
        let mut string: Option<&'static str> = None;
        let mut continued = false;
        let mut start = range.start;
        for line in text.split_inclusive('\n') {
            let bare = line.trim_end_matches(['\n', '\r']);
            let content = bare.trim_start();
            let inside = string.is_some();
            let mut from = 0;
            if !inside {
                if content.is_empty() {
                    start += line.len();
                    continue;
                }
                let own = &bare[..bare.len() - content.len()];
                if !continued && !content.starts_with('#') {
                    margin.get_or_insert(own);
                }
                from = match margin {
                    Some(margin) if bare.starts_with(margin) => margin.len(),
                    Some(_) => 0,
                    None => own.len(),
                };
                let indent = 4 * self.indent;
                let _ = write!(self.out.python, "{:indent$}", "");
            }
            self.copy(start + from..start + bare.len());
            self.out.python.push('\n');
            string = open_string(&bare[from..], string);
            continued = string.is_none() && bare.ends_with('\\');
            start += line.len();
        }
    }

    fn tag(&mut self, tag: &Tag) -> Result<()> {
        match tag.keyword.as_str() {
            "def" | "page" => Ok(()),
            "text" => self.text_tag(tag),
            "block" => self.block(tag),
            "include" | "inherit" | "namespace" => {
                let message = format!("<%{}> reads other templates", tag.keyword);
                let mut found = self.refuse(
                    tag,
                    message,
                    "write into the template what the other one has",
                );
                found
                    .notes
                    .push("Alembic gives its template no place to look for others".to_owned());
                Err(found)
            }
            other => {
                let message = format!("the tag <%{other}> is not understood");
                let help = "the tags are <%def>, <%block>, <%text>, <%doc> and <%page>; call a function as `${name()}`";
                Err(self.refuse(tag, message, help))
            }
        }
    }

    fn text_tag(&mut self, tag: &Tag) -> Result<()> {
        let mut filters = Vec::new();
        for (name, value) in &tag.attributes {
            if name != "filter" {
                let message = format!("<%text {name}=…> is not understood");
                return Err(self.refuse(tag, message, "leave the attribute out"));
            }
            filters = names(value);
        }
        let (before, after) = self.filtered(&filters, &tag.place)?;
        for node in &tag.nodes {
            if let Node::Text(text) = node {
                let literal = literal(text);
                self.line(&format!("__M_write({before}{literal}{after})"));
            }
        }
        Ok(())
    }

    /// `<%block>` is a function that is called where it stands.
    fn block(&mut self, tag: &Tag) -> Result<()> {
        let name = tag.attributes.iter().find(|(name, _)| name == "name");
        let name = match name {
            Some((_, name)) => name.clone(),
            None => {
                self.blocks += 1;
                format!("__M_block_{}", self.blocks)
            }
        };
        if !is_name(&name) {
            let message = format!("'{name}' is no name of a block");
            return Err(self.refuse(tag, message, "write a name of Python without arguments"));
        }
        self.function(tag, &format!("{name}()"))?;
        self.line(&format!("__M_write({name}())"));
        Ok(())
    }

    fn definition(&mut self, tag: &Tag) -> Result<()> {
        let Some((_, signature)) = tag.attributes.iter().find(|(name, _)| name == "name") else {
            let help = "write `<%def name=\"function()\">`";
            return Err(self.refuse(tag, "the function has no name", help));
        };
        let name = signature.split('(').next().unwrap_or_default().trim();
        if !is_name(name) || !signature.trim_end().ends_with(')') || signature.contains('\n') {
            let message = format!("'{signature}' is no signature of a function");
            let help = "write `<%def name=\"function(argument)\">`";
            return Err(self.refuse(tag, message, help));
        }
        self.function(tag, signature.trim())
    }

    fn function(&mut self, tag: &Tag, signature: &str) -> Result<()> {
        let mut filters = Vec::new();
        let mut buffered = false;
        for (name, value) in &tag.attributes {
            match name.as_str() {
                "name" => {}
                "filter" => filters = names(value),
                "buffered" => buffered = value == "True",
                "cached" if value == "False" => {}
                _ => {
                    let message = format!("<%{} {name}=…> is not understood", tag.keyword);
                    return Err(self.refuse(tag, message, "leave the attribute out"));
                }
            }
        }
        let (before, after) = self.filtered(&filters, &tag.place)?;
        let open = std::mem::take(&mut self.open);
        self.line(&format!("def {signature}:"));
        self.indent += 1;
        let captured = buffered || !filters.is_empty();
        if captured {
            self.line("__M_push()");
            self.line("try:");
            self.indent += 1;
            self.line("pass");
        }
        self.body(&tag.nodes)?;
        if captured {
            self.indent -= 1;
            self.line("finally:");
            self.line("    __M_taken = __M_pop()");
            let taken = format!("{before}__M_taken{after}");
            if buffered {
                self.line(&format!("return {taken}"));
            } else {
                self.line(&format!("__M_write({taken})"));
                self.line("return ''");
            }
        } else {
            self.line("return ''");
        }
        self.indent -= 1;
        self.open = open;
        Ok(())
    }
}

fn is_name(text: &str) -> bool {
    text.starts_with(|c: char| c.is_alphabetic() || c == '_')
        && text.chars().all(|c| c.is_alphanumeric() || c == '_')
}

/// A list such as `trim, f(a, b)`, split at its commas.
fn names(text: &str) -> Vec<String> {
    let mut parts = vec![String::new()];
    let mut depth = 0_usize;
    let mut quote: Option<char> = None;
    for c in text.chars() {
        match (quote, c) {
            (Some(open), _) if open == c => quote = None,
            (Some(_), _) => {}
            (None, '"' | '\'') => quote = Some(c),
            (None, '(' | '[' | '{') => depth += 1,
            (None, ')' | ']' | '}') => depth = depth.saturating_sub(1),
            (None, ',') if depth == 0 => {
                parts.push(String::new());
                continue;
            }
            (None, _) => {}
        }
        if let Some(part) = parts.last_mut() {
            part.push(c);
        }
    }
    let trimmed = parts.iter().map(|part| part.trim().to_owned());
    trimmed.filter(|part| !part.is_empty()).collect()
}

/// Text as a Python string.
fn literal(text: &str) -> String {
    let mut out = String::with_capacity(text.len() + 2);
    out.push('"');
    for c in text.chars() {
        match c {
            '"' => out.push_str("\\\""),
            '\\' => out.push_str("\\\\"),
            '\n' => out.push_str("\\n"),
            '\r' => out.push_str("\\r"),
            '\t' => out.push_str("\\t"),
            c if c.is_control() => {
                let _ = write!(out, "\\U{:08x}", u32::from(c));
            }
            c => out.push(c),
        }
    }
    out.push('"');
    out
}

/// Of `for x in items:` where the items begin and end.
fn loop_items(text: &str) -> Option<(usize, usize)> {
    let mut depth = 0_i32;
    let mut quote: Option<char> = None;
    let mut items: Option<usize> = None;
    for (at, c) in text.char_indices() {
        match (quote, c) {
            (Some(open), c) if c == open => quote = None,
            (Some(_), _) => {}
            (None, '"' | '\'') => quote = Some(c),
            (None, '(' | '[' | '{') => depth += 1,
            (None, ')' | ']' | '}') => depth -= 1,
            (None, '#') => return None,
            (None, ':') if depth == 0 && items.is_some() => return items.map(|from| (from, at)),
            (None, 'i') if depth == 0 && items.is_none() => {
                let before = text[..at].ends_with([' ', '\t', ')', ']']);
                let after = text[at..].strip_prefix("in");
                let ends = [' ', '\t', '(', '[', '{', '"', '\''];
                if before && after.is_some_and(|rest| rest.starts_with(ends)) {
                    items = Some(at + "in".len());
                }
            }
            (None, _) => {}
        }
    }
    None
}

/// The long string that is open at the end of a line, if one is.
fn open_string(line: &str, mut open: Option<&'static str>) -> Option<&'static str> {
    const LONG: [&str; 2] = ["\"\"\"", "'''"];
    let mut rest = line;
    while !rest.is_empty() {
        let mut step = rest.chars().next().map_or(1, char::len_utf8);
        match open {
            Some(quote) if rest.starts_with(quote) => {
                open = None;
                step = 3;
            }
            Some(_) if rest.starts_with('\\') => {
                step = 1 + rest[1..].chars().next().map_or(0, char::len_utf8);
            }
            Some(_) => {}
            None => {
                if rest.starts_with('#') {
                    return None;
                }
                if let Some(quote) = LONG.into_iter().find(|quote| rest.starts_with(quote)) {
                    open = Some(quote);
                    step = 3;
                } else if let Some(quote) = rest.chars().next().filter(|c| "\"'".contains(*c)) {
                    step = short_string(rest, quote);
                }
            }
        }
        rest = &rest[step.min(rest.len())..];
    }
    open
}

/// The length of a string that ends on its line.
fn short_string(text: &str, quote: char) -> usize {
    let mut escaped = false;
    for (at, c) in text.char_indices().skip(1) {
        if escaped {
            escaped = false;
        } else if c == '\\' {
            escaped = true;
        } else if c == quote {
            return at + 1;
        }
    }
    text.len()
}

/// Makes a finding about the generated Python one about the template.
pub(super) fn relocate(
    generated: &Generated,
    python: &Arc<SourceFile>,
    template: &Arc<SourceFile>,
    found: &mut crate::diagnostic::Diagnostic,
) {
    let moved = |location: &mut Location| {
        if Arc::ptr_eq(&location.file, python) {
            *location = Location::new(Arc::clone(template), generated.place(location.span));
        }
    };
    found.primary.iter_mut().for_each(moved);
    for label in &mut found.labels {
        moved(&mut label.location);
    }
}
