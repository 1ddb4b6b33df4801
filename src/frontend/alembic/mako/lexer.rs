//! A Mako template taken apart: text, expressions, control lines, blocks of Python and tags.
//!
//! The rules are those of Mako's lexer, also where they surprise: what stands where a line begins,
//! which line ends are swallowed, and what `%%` leaves.

use std::ops::Range;
use std::sync::Arc;

use crate::diagnostic::{Code, Diagnostic, Result};
use crate::source::{Location, SourceFile, Span};

/// How deep tags may stand in each other.
const MAX_DEPTH: usize = 64;

/// A part of a template.
#[derive(Debug)]
pub(super) enum Node {
    /// Text that is written as it is.
    Text(String),
    /// `${code | filters}`.
    Expression {
        /// The Python between the braces.
        code: Range<usize>,
        /// What is behind the bar.
        filters: Range<usize>,
    },
    /// `% for …:` and `% endfor`.
    Control(Control),
    /// `<% … %>`, and `<%! … %>` with `module`.
    Code {
        /// The Python.
        code: Range<usize>,
        /// Whether it runs before everything else.
        module: bool,
    },
    /// `<%name …> … </%name>`.
    Tag(Tag),
}

/// A control line.
#[derive(Debug)]
pub(super) struct Control {
    /// `for`, `if`, `else` and so on.
    pub(super) keyword: String,
    /// Whether the line ends a block.
    pub(super) ends: bool,
    /// The line behind the percent sign, a continued one with its line ends.
    pub(super) code: Range<usize>,
}

/// A tag with what stands in it.
#[derive(Debug)]
pub(super) struct Tag {
    pub(super) keyword: String,
    pub(super) attributes: Vec<(String, String)>,
    pub(super) place: Range<usize>,
    pub(super) nodes: Vec<Node>,
}

/// Takes a template apart.
pub(super) fn parse(file: &Arc<SourceFile>) -> Result<Vec<Node>> {
    let mut lexer = Lexer {
        file,
        text: file.text(),
        at: 0,
        tags: Vec::new(),
        nodes: Vec::new(),
        blocks: Vec::new(),
    };
    lexer.run()?;
    Ok(lexer.nodes)
}

/// The error of a template, with its place.
pub(super) fn problem(
    file: &Arc<SourceFile>,
    place: Range<usize>,
    message: impl Into<String>,
    help: &str,
) -> Box<Diagnostic> {
    Box::new(
        Diagnostic::error(Code::MakoTemplate, message)
            .at(Location::new(
                Arc::clone(file),
                Span::new(place.start, place.end),
            ))
            .with_help(help),
    )
}

/// Whether a keyword continues the block of another.
pub(super) fn continues(block: &str, keyword: &str) -> bool {
    matches!(
        (block, keyword),
        ("if", "else" | "elif") | ("try", "except") | ("for", "else")
    )
}

struct Lexer<'a> {
    file: &'a Arc<SourceFile>,
    text: &'a str,
    at: usize,
    /// Open tags; their nodes so far are those of the enclosing one, put aside.
    tags: Vec<(Tag, Vec<Node>)>,
    nodes: Vec<Node>,
    /// Open control blocks, by keyword, with the depth of tags that they stand in.
    blocks: Vec<(String, Range<usize>, usize)>,
}

fn is_word(c: char) -> bool {
    c.is_alphanumeric() || c == '_'
}

impl Lexer<'_> {
    fn run(&mut self) -> Result<()> {
        if self.text.starts_with('\u{feff}') {
            self.at = '\u{feff}'.len_utf8();
        }
        self.coding_comment()?;
        while self.at < self.text.len() {
            let step = self.expression()?
                || self.control_line()?
                || self.long_comment()
                || self.tag_start()?
                || self.tag_end()?
                || self.python_block()?
                || self.percent();
            if !step {
                self.plain();
            }
        }
        if let Some((tag, _)) = self.tags.last() {
            let message = format!("the tag <%{}> is not closed", tag.keyword);
            let help = format!("write `</%{}>` behind it", tag.keyword);
            return Err(self.problem(tag.place.clone(), message, &help));
        }
        if let Some((keyword, place, _)) = self.blocks.last() {
            let message = format!("the block of `% {keyword}` is not ended");
            let help = format!("write `% end{keyword}` behind it");
            return Err(self.problem(place.clone(), message, &help));
        }
        Ok(())
    }

    fn problem(
        &self,
        place: Range<usize>,
        message: impl Into<String>,
        help: &str,
    ) -> Box<Diagnostic> {
        problem(self.file, place, message, help)
    }

    fn rest(&self) -> &str {
        &self.text[self.at..]
    }

    fn at_line_start(&self) -> bool {
        self.at == 0 || self.text.as_bytes()[self.at - 1] == b'\n'
    }

    /// A first line that only names the encoding of the template is no part of it.
    fn coding_comment(&mut self) -> Result<()> {
        let rest = self.rest();
        let Some(end) = rest.find('\n').filter(|_| rest.starts_with('#')) else {
            return Ok(());
        };
        let line = &rest[..end];
        let named = line.rmatch_indices("coding").find_map(|(at, word)| {
            let value = line[at + word.len()..].strip_prefix([':', '='])?;
            let value = value.trim_start();
            let length = value
                .find(|c| !(is_word(c) || c == '-' || c == '.'))
                .unwrap_or(value.len());
            (length > 0).then(|| &value[..length])
        });
        if let Some(name) = named {
            let plain = name.to_ascii_lowercase().replace(['-', '_'], "");
            if !matches!(plain.as_str(), "utf8" | "ascii" | "usascii") {
                let message = format!("the template is encoded in {name}");
                return Err(self.problem(
                    self.at..self.at + end,
                    message,
                    "save the template as UTF-8",
                ));
            }
            self.at += end + 1;
        }
        Ok(())
    }

    fn push(&mut self, node: Node) {
        self.nodes.push(node);
    }

    fn expression(&mut self) -> Result<bool> {
        if !self.rest().starts_with("${") {
            return Ok(false);
        }
        let start = self.at;
        self.at += 2;
        let (code, end) = self.until(start, true, &["|", "}"])?;
        let filters = if end == "|" {
            self.until(start, true, &["}"])?.0
        } else {
            code.end..code.end
        };
        self.push(Node::Expression { code, filters });
        Ok(true)
    }

    fn control_line(&mut self) -> Result<bool> {
        if !self.at_line_start() {
            return Ok(false);
        }
        let rest = self.rest();
        let indent = rest.len() - rest.trim_start_matches([' ', '\t']).len();
        let line = &rest[indent..];
        let comment = line.starts_with("##");
        if !comment && (!line.starts_with('%') || line.starts_with("%%")) {
            return Ok(false);
        }
        let mark = if comment { 2 } else { 1 };
        let body = &line[mark..];
        let skipped = body.len() - body.trim_start_matches([' ', '\t']).len();
        let start = self.at + indent + mark + skipped;
        let mut end = start;
        // A backslash at its end continues the line.
        while let Some(c) = self.text[end..].chars().next() {
            let tail = &self.text[end..];
            if tail.starts_with("\\\r\n") {
                end += 3;
            } else if tail.starts_with("\\\n") {
                end += 2;
            } else if c == '\n' || c == '\r' {
                break;
            } else {
                end += c.len_utf8();
            }
        }
        let tail = &self.text[end..];
        let line_end = if tail.starts_with("\r\n") {
            2
        } else {
            usize::from(tail.starts_with('\n'))
        };
        if line_end == 0 && !tail.is_empty() {
            // A lone carriage return is text.
            return Ok(false);
        }
        let place = start..end;
        self.at = end + line_end;
        if comment {
            return Ok(true);
        }
        self.control(place)?;
        Ok(true)
    }

    fn control(&mut self, place: Range<usize>) -> Result<()> {
        let text = &self.text[place.clone()];
        let ended = text.strip_prefix("end");
        let word = |text: &str| text.find(|c| !is_word(c)).unwrap_or(text.len());
        let (ends, name) = match ended.filter(|name| word(name) > 0) {
            Some(name) => (true, &name[..word(name)]),
            None => (false, &text[..word(text)]),
        };
        let keyword = name.to_owned();
        if keyword.is_empty() {
            let help = "write a line such as `% if name:`, or `%%` for a percent sign";
            return Err(self.problem(place, "the control line has no keyword", help));
        }
        let depth = self.tags.len();
        if ends {
            match self.blocks.pop() {
                Some((open, _, level)) if open == keyword && level == depth => {}
                Some((open, began, _)) => {
                    let message = format!("`% end{keyword}` does not end the block of `% {open}`");
                    let mut found = self.problem(place, message, "end the inner block first");
                    let location =
                        Location::new(Arc::clone(self.file), Span::new(began.start, began.end));
                    found.labels.push(crate::diagnostic::Label {
                        location,
                        message: "this block is open".to_owned(),
                    });
                    return Err(found);
                }
                None => {
                    let message = format!("`% end{keyword}` ends nothing");
                    return Err(self.problem(place, message, "remove the line"));
                }
            }
        } else if matches!(&*keyword, "for" | "if" | "while" | "try" | "with") {
            self.blocks.push((keyword.clone(), place.clone(), depth));
        } else {
            let open = self.blocks.last().map(|(open, _, _)| open.as_str());
            if !open.is_some_and(|open| continues(open, &keyword)) {
                let message = format!("`% {keyword}` has no place here");
                let help = "control lines are `% if`, `% elif`, `% else`, `% for`, `% while`, `% try`, `% except`, `% with` and their ends; other Python stands in `<% … %>`";
                return Err(self.problem(place, message, help));
            }
        }
        self.push(Node::Control(Control {
            keyword,
            ends,
            code: place,
        }));
        Ok(())
    }

    /// `<%doc>…</%doc>`
    fn long_comment(&mut self) -> bool {
        let Some(body) = self.rest().strip_prefix("<%doc>") else {
            return false;
        };
        let Some(end) = body.find("</%doc>") else {
            return false;
        };
        self.at += "<%doc>".len() + end + "</%doc>".len();
        true
    }

    fn tag_start(&mut self) -> Result<bool> {
        let Some((keyword, attributes, closed, length)) = read_tag(self.rest()) else {
            return Ok(false);
        };
        let place = self.at..self.at + length;
        self.at += length;
        if self.tags.len() >= MAX_DEPTH {
            let message = format!("more than {MAX_DEPTH} tags stand in each other");
            return Err(self.problem(place, message, "take the template apart"));
        }
        let tag = Tag {
            keyword,
            attributes,
            place: place.clone(),
            nodes: Vec::new(),
        };
        if closed {
            self.push(Node::Tag(tag));
            return Ok(true);
        }
        let verbatim = tag.keyword == "text";
        self.tags.push((tag, std::mem::take(&mut self.nodes)));
        if verbatim {
            let Some(end) = self.rest().find("</%text>") else {
                let message = "the tag <%text> is not closed";
                return Err(self.problem(place, message, "write `</%text>` behind it"));
            };
            let text = self.rest()[..end].to_owned();
            self.at += end;
            self.push(Node::Text(text));
        }
        Ok(true)
    }

    fn tag_end(&mut self) -> Result<bool> {
        let Some(inner) = self.rest().strip_prefix("</%") else {
            return Ok(false);
        };
        let Some(close) = inner.find('>') else {
            return Ok(false);
        };
        let name = inner[..close].trim_matches([' ', '\t']).to_owned();
        if name.is_empty() || name.contains([' ', '\t']) {
            return Ok(false);
        }
        let place = self.at..self.at + 3 + close + 1;
        match self.tags.pop() {
            Some((mut tag, outer)) if tag.keyword == name => {
                tag.nodes = std::mem::replace(&mut self.nodes, outer);
                self.at = place.end;
                if let Some((keyword, began, level)) = self.blocks.last()
                    && *level > self.tags.len()
                {
                    let message = format!("the block of `% {keyword}` is not ended in the tag");
                    let help = format!("write `% end{keyword}` before `</%{name}>`");
                    return Err(self.problem(began.clone(), message, &help));
                }
                self.push(Node::Tag(tag));
                Ok(true)
            }
            Some((tag, _)) => {
                let message = format!("</%{name}> does not close <%{}>", tag.keyword);
                Err(self.problem(place, message, "close the inner tag first"))
            }
            None => {
                let message = format!("</%{name}> closes nothing");
                Err(self.problem(place, message, "remove it"))
            }
        }
    }

    fn python_block(&mut self) -> Result<bool> {
        if !self.rest().starts_with("<%") {
            return Ok(false);
        }
        let start = self.at;
        let module = self.rest().starts_with("<%!");
        self.at += if module { 3 } else { 2 };
        let (code, _) = self.until(start, false, &["%>"])?;
        self.push(Node::Code { code, module });
        Ok(true)
    }

    /// `%%` where a line begins is a percent sign.
    fn percent(&mut self) -> bool {
        if !self.at_line_start() {
            return false;
        }
        let rest = self.rest();
        let space = rest.len() - rest.trim_start().len();
        let Some(after) = rest[space..].strip_prefix("%%") else {
            return false;
        };
        let more = after.len() - after.trim_start_matches('%').len();
        let text = format!("{}%{}", &rest[..space], &after[..more]);
        self.at += space + 2 + more;
        self.push(Node::Text(text));
        true
    }

    /// Text up to what might be something else. A backslash at the end of a line swallows it.
    fn plain(&mut self) {
        let rest = self.rest();
        let bytes = rest.as_bytes();
        let mut end = rest.len();
        let mut swallowed = 0;
        for (index, byte) in bytes.iter().enumerate() {
            let tail = &bytes[index..];
            let stop = match byte {
                b'$' => tail.starts_with(b"${"),
                b'<' => tail.starts_with(b"<%") || tail.starts_with(b"</%"),
                b'\\' if tail.starts_with(b"\\\n") => {
                    swallowed = 2;
                    true
                }
                b'\\' if tail.starts_with(b"\\\r\n") => {
                    swallowed = 3;
                    true
                }
                b' ' | b'\t' | b'%' | b'#' if index > 0 && bytes[index - 1] == b'\n' => {
                    let line = rest[index..].trim_start_matches([' ', '\t']);
                    line.starts_with('%') || line.starts_with("##")
                }
                _ => false,
            };
            if stop {
                end = index;
                break;
            }
        }
        let text = rest[..end].to_owned();
        let next = rest[end..].chars().next();
        // What begins like a tag and is none loses its first character, as with Mako.
        let skipped = if end + swallowed == 0 {
            next.map_or(0, char::len_utf8)
        } else {
            swallowed
        };
        self.at += end + skipped;
        if !text.is_empty() {
            self.push(Node::Text(text));
        }
    }

    /// Python up to one of the ends, past strings and comments, and with `nested` past brackets.
    fn until(
        &mut self,
        began: usize,
        nested: bool,
        ends: &[&'static str],
    ) -> Result<(Range<usize>, &'static str)> {
        let start = self.at;
        let mut depth = [0_i64; 3];
        loop {
            let rest = self.rest();
            if rest.starts_with('#')
                && let Some(line) = rest.find('\n')
            {
                self.at += line + 1;
                continue;
            }
            if let Some(length) = string_length(rest) {
                self.at += length;
                continue;
            }
            let found = ends.iter().copied().find(|end| rest.starts_with(end));
            if let Some(end) = found
                && !(nested && depth.iter().any(|level| *level > 0))
            {
                let code = start..self.at;
                self.at += end.len();
                return Ok((code, end));
            }
            let chunk = match found {
                Some(end) => end.len(),
                None => {
                    let special = |at: &usize| {
                        let tail = &rest[*at..];
                        tail.starts_with(['"', '\'', '#'])
                            || ends.iter().any(|end| tail.starts_with(end))
                    };
                    let mut places = rest.char_indices().map(|(at, _)| at);
                    let Some(length) = places.find(special) else {
                        let message = format!("there is no `{}`", ends[ends.len() - 1]);
                        return Err(self.problem(
                            began..began + 2,
                            message,
                            "end what begins here",
                        ));
                    };
                    length
                }
            };
            let text = &rest[..chunk];
            for (level, pair) in depth.iter_mut().zip([['{', '}'], ['(', ')'], ['[', ']']]) {
                for c in text.chars() {
                    *level += i64::from(c == pair[0]) - i64::from(c == pair[1]);
                }
            }
            let single = rest.chars().next().map_or(1, char::len_utf8);
            self.at += if chunk == 0 { single } else { chunk };
        }
    }
}

/// The length of the Python string that a text begins with.
fn string_length(text: &str) -> Option<usize> {
    let quote = ["\"\"\"", "'''", "\"", "'"]
        .into_iter()
        .find(|quote| text.starts_with(quote))?;
    let bytes = text.as_bytes();
    let mut at = quote.len();
    while at < bytes.len() {
        if bytes[at] == b'\\' {
            at += 2;
        } else if bytes[at..].starts_with(quote.as_bytes()) {
            return Some(at + quote.len());
        } else {
            at += 1;
        }
    }
    // `"""` that nothing ends is an empty string and a quote.
    (quote.len() == 3).then_some(2)
}

type TagParts = (String, Vec<(String, String)>, bool, usize);

/// `<%name key="value" …>`: keyword, attributes, whether it closes itself, and its length.
fn read_tag(text: &str) -> Option<TagParts> {
    let inner = text.strip_prefix("<%")?;
    let length = inner
        .find(|c| !(is_word(c) || c == '.' || c == ':'))
        .unwrap_or(inner.len());
    if length == 0 {
        return None;
    }
    let keyword = inner[..length].to_owned();
    let mut rest = &inner[length..];
    let mut attributes = Vec::new();
    let mut name: Option<String> = None;
    loop {
        let trimmed = rest.trim_start();
        let spaced = trimmed.len() < rest.len();
        let word = trimmed.find(|c| !is_word(c)).unwrap_or(trimmed.len());
        if word > 0 {
            if !spaced {
                return None;
            }
            name = Some(trimmed[..word].to_owned());
            rest = &trimmed[word..];
        } else if let Some(after) = trimmed.strip_prefix(['=', ',']) {
            rest = after.trim_start();
        } else if let Some(quote) = rest.chars().next().filter(|c| matches!(c, '"' | '\'')) {
            let value = &rest[1..];
            let end = value.find(quote)?;
            if let Some(name) = name.take() {
                attributes.push((name, value[..end].replace("\r\n", "\n")));
            }
            rest = &value[end + 1..];
        } else {
            let closed = trimmed.strip_prefix('/');
            let end = closed.unwrap_or(trimmed).strip_prefix('>')?;
            return Some((
                keyword,
                attributes,
                closed.is_some(),
                text.len() - end.len(),
            ));
        }
    }
}
