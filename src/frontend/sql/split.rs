//! Cutting a text into statements, without understanding them.

use std::ops::Range;

/// The lines of a block that are searched for its end.
const MAX_BLOCK: usize = 10_000;

/// More often than that, a batch is not written out.
const MAX_RUNS: u32 = 1000;

/// A text that would become longer than that is not written out.
const MAX_REPEATED: usize = 16 << 20;

/// One statement with what surrounds it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Piece {
    /// The whole slice: leading white space and comments, the statement and its terminator. The
    /// slices of all pieces, put together, are the text.
    pub whole: Range<usize>,
    /// The statement itself, without comments before it and without the terminator; empty where
    /// there is none.
    pub statement: Range<usize>,
    /// Whether a client reads it rather than the server, so that it stands as it is: `\\i file`,
    /// or `COPY` with its data.
    pub client: bool,
    /// At the `GO` that ends a batch: how often the batch runs.
    pub runs: Option<u32>,
}

/// How a text is cut.
#[derive(Clone, Copy, Debug, Default)]
pub struct Splitter {
    /// Whether a backslash escapes the next character in every `'…'`, not only in `E'…'`.
    pub backslash_escapes: bool,
    /// Whether the `;` at the end of a routine or block belongs to it.
    pub keeps_block_end: bool,
}

/// Cuts a text where standard SQL does.
pub fn split(text: &str) -> Vec<Piece> {
    Splitter::default().split(text)
}

impl Splitter {
    /// Cuts a text into statements. Never fails: what is not closed goes on to the end.
    pub fn split(self, text: &str) -> Vec<Piece> {
        let mut scanner = Scanner {
            text,
            bytes: text.as_bytes(),
            at: 0,
            backslash_escapes: self.backslash_escapes,
            keeps_block_end: self.keeps_block_end,
            delimiter: ";".to_owned(),
            pieces: Vec::new(),
            current: Current::default(),
        };
        scanner.run();
        scanner.pieces
    }
}

/// The statement that is being read.
#[derive(Default)]
struct Current {
    /// Where its slice starts.
    whole: usize,
    /// Where the statement starts, once it has.
    start: Option<usize>,
    /// The end of its last token.
    end: usize,
    /// How many words were seen.
    words: usize,
    /// What the first words say that it is.
    kind: Kind,
    /// How many `BEGIN` and `CASE` are open.
    depth: usize,
    /// Whether it is a block whose declarations are being read.
    declares: bool,
    /// Whether a client reads it.
    client: bool,
    /// How often the batch runs that ends with it.
    runs: Option<u32>,
}

#[derive(Clone, Copy, Default, PartialEq, Eq)]
enum Kind {
    #[default]
    Plain,
    /// `CREATE`, and perhaps a routine later.
    Create,
    /// `CREATE TRIGGER`, `CREATE PROCEDURE`…: may have a body.
    Routine,
    /// `COPY`.
    Copy,
    /// `COPY … FROM`.
    CopyFrom,
    /// `COPY … FROM STDIN`: lines of data follow.
    CopyData,
}

struct Scanner<'a> {
    text: &'a str,
    bytes: &'a [u8],
    at: usize,
    backslash_escapes: bool,
    keeps_block_end: bool,
    delimiter: String,
    pieces: Vec<Piece>,
    current: Current,
}

impl Scanner<'_> {
    fn run(&mut self) {
        while self.at < self.bytes.len() {
            if self.at_line_start() && self.command_line() {
                continue;
            }
            self.token();
        }
        if self.current.whole < self.bytes.len() {
            self.finish(self.bytes.len());
        }
    }

    fn peek(&self, ahead: usize) -> u8 {
        self.bytes.get(self.at + ahead).copied().unwrap_or(0)
    }

    fn at_line_start(&self) -> bool {
        self.at == 0 || self.bytes[self.at - 1] == b'\n'
    }

    fn line(&self) -> Range<usize> {
        let end = self.bytes[self.at..]
            .iter()
            .position(|b| *b == b'\n')
            .map_or(self.bytes.len(), |n| self.at + n + 1);
        self.at..end
    }

    /// Lines that a client program reads itself: `GO`, `/` and `DELIMITER`.
    fn command_line(&mut self) -> bool {
        let range = self.line();
        let line = self.text[range.clone()].trim();
        let mut words = line.split_ascii_whitespace();
        let first = words.next().unwrap_or_default();
        let idle = self.current.start.is_none();
        if first.eq_ignore_ascii_case("go") {
            let count = words.next();
            let count = count.map_or(Some(1), |n| n.parse::<u32>().ok());
            let size = |n: u32| self.at.saturating_mul(n as usize);
            let fits = |n: &u32| *n <= MAX_RUNS && (*n < 2 || size(*n) <= MAX_REPEATED);
            let Some(count) = count.filter(|n| fits(n) && words.next().is_none()) else {
                return false;
            };
            self.current.runs = Some(count);
        } else if line == "/" {
            // Elsewhere it may divide.
            let runs = self.keeps_block_end || self.current.kind == Kind::Routine;
            if !idle && !runs {
                return false;
            }
        } else if idle && first.eq_ignore_ascii_case("delimiter") {
            match words.next() {
                Some(delimiter) => delimiter.clone_into(&mut self.delimiter),
                None => return false,
            }
        } else if idle && line.starts_with('\\') && line != "\\." {
            // A command of psql goes to the end of its line.
            let written = &self.text[range.clone()];
            let start = range.start + (written.len() - written.trim_start().len());
            self.current.start = Some(start);
            self.current.end = start + line.len();
            self.current.client = true;
        } else {
            return false;
        }
        self.at = range.end;
        self.finish(range.end);
        true
    }

    /// Ends the current piece at `end`.
    fn finish(&mut self, end: usize) {
        let statement = match self.current.start {
            Some(start) => start..self.current.end,
            None => end..end,
        };
        self.pieces.push(Piece {
            whole: self.current.whole..end,
            statement,
            client: self.current.client,
            runs: self.current.runs,
        });
        self.current = Current {
            whole: end,
            ..Current::default()
        };
    }

    /// Takes the bytes up to `end` as part of the statement.
    fn content(&mut self, end: usize) {
        let end = end.min(self.bytes.len());
        self.current.start.get_or_insert(self.at);
        self.current.end = end;
        self.at = end;
    }

    fn token(&mut self) {
        let byte = self.peek(0);
        if self.current.depth == 0 || self.delimiter != ";" {
            let rest = &self.bytes[self.at..];
            if rest.starts_with(self.delimiter.as_bytes()) {
                return self.terminator();
            }
        }
        match byte {
            b if b.is_ascii_whitespace() => self.at += 1,
            b'-' if self.peek(1) == b'-' => self.at = self.line().end,
            b'/' if self.peek(1) == b'*' => {
                let end = self.block_comment();
                if matches!(self.peek(2), b'!' | b'+') {
                    self.content(end);
                } else {
                    self.at = end;
                }
            }
            b'\'' => self.content(self.quoted(self.at, b'\'', self.backslash_escapes)),
            b'"' | b'`' => self.content(self.quoted(self.at, byte, false)),
            b'[' => {
                let end = self.bracketed().unwrap_or(self.at + 1);
                self.content(end);
            }
            b'$' => {
                let end = self.dollar_quoted().unwrap_or(self.at + 1);
                self.content(end);
            }
            b if is_word(b) => self.word(),
            _ => self.content(self.at + 1),
        }
    }

    fn terminator(&mut self) {
        let end = self.at + self.delimiter.len();
        self.at = end;
        if self.current.kind == Kind::CopyData {
            let line = self.line();
            self.at = line.end;
            while self.at < self.bytes.len() {
                let line = self.line();
                self.at = line.end;
                if self.text[line].trim_end() == "\\." {
                    break;
                }
            }
            let data = &self.text[..self.at];
            self.current.end = data.trim_end().len().max(end);
            self.current.client = true;
            return self.finish(self.at);
        }
        if self.keeps_block_end && self.current.kind == Kind::Routine && self.delimiter == ";" {
            self.current.end = end;
        }
        self.finish(end);
    }

    /// The end of a `/* … */` comment; they nest.
    fn block_comment(&self) -> usize {
        let mut depth = 0usize;
        let mut at = self.at;
        while at < self.bytes.len() {
            match &self.bytes[at..(at + 2).min(self.bytes.len())] {
                b"/*" => {
                    depth += 1;
                    at += 2;
                }
                b"*/" => {
                    depth -= 1;
                    at += 2;
                    if depth == 0 {
                        return at;
                    }
                }
                _ => at += 1,
            }
        }
        self.bytes.len()
    }

    /// The end of a quoted text whose quotes are doubled in it.
    fn quoted(&self, start: usize, quote: u8, escapes: bool) -> usize {
        let mut at = start + 1;
        while let Some(byte) = self.bytes.get(at) {
            match *byte {
                b'\\' if escapes => at += 1,
                b if b == quote => {
                    if self.bytes.get(at + 1) != Some(&quote) {
                        return at + 1;
                    }
                    at += 1;
                }
                _ => {}
            }
            at += 1;
        }
        self.bytes.len()
    }

    /// The end of a `[name]`; a subscript is none.
    fn bracketed(&self) -> Option<usize> {
        let before = self.bytes[..self.at].last().copied().unwrap_or(b' ');
        if is_word(before) || matches!(before, b']' | b')' | b'"' | b'[') {
            return None;
        }
        for (offset, byte) in self.bytes[self.at + 1..].iter().enumerate() {
            match byte {
                b']' => return Some(self.at + offset + 2),
                b'\'' | b'"' | b'\n' | b'[' => return None,
                _ => {}
            }
        }
        None
    }

    /// The end of a `$tag$ … $tag$`.
    fn dollar_quoted(&self) -> Option<usize> {
        if self.bytes[..self.at].last().is_some_and(|b| is_word(*b)) {
            return None;
        }
        let rest = &self.text[self.at + 1..];
        let length = rest.bytes().take_while(|b| is_word(*b)).count();
        if rest.as_bytes().get(length) != Some(&b'$')
            || rest.as_bytes().first().is_some_and(u8::is_ascii_digit)
        {
            return None;
        }
        let tag = &self.text[self.at..self.at + length + 2];
        let body = self.at + tag.len();
        Some(
            self.text[body..]
                .find(tag)
                .map_or(self.bytes.len(), |n| body + n + tag.len()),
        )
    }

    fn word(&mut self) {
        let length = self.bytes[self.at..]
            .iter()
            .take_while(|b| is_word(**b))
            .count();
        let end = self.at + length;
        let word = &self.text[self.at..end];
        // `E'…'` has backslash escapes.
        if word.eq_ignore_ascii_case("e") && self.bytes.get(end) == Some(&b'\'') {
            self.current.words += 1;
            return self.content(self.quoted(end, b'\'', true));
        }
        let upper = if length <= 12 {
            word.to_ascii_uppercase()
        } else {
            String::new()
        };
        self.content(end);
        let next = self.next_word(end);
        let block = self.current.words == 0
            && match upper.as_str() {
                "BEGIN" => begins_block(&next),
                "DECLARE" => self.is_block_with_slash(end),
                _ => false,
            };
        let current = &mut self.current;
        current.words += 1;
        if block {
            current.kind = Kind::Routine;
            current.depth = 1;
            current.declares = upper == "DECLARE";
            return;
        }
        match (current.kind, upper.as_str()) {
            (Kind::Routine, "BEGIN") if current.declares => current.declares = false,
            (Kind::Plain, "CREATE" | "ALTER") if current.words == 1 => current.kind = Kind::Create,
            (Kind::Plain, "COPY") if current.words == 1 => current.kind = Kind::Copy,
            (Kind::Copy, "FROM") => current.kind = Kind::CopyFrom,
            (Kind::CopyFrom, "STDIN") => current.kind = Kind::CopyData,
            (Kind::CopyFrom, _) => current.kind = Kind::Copy,
            (Kind::Create, "TRIGGER" | "PROCEDURE" | "PROC" | "FUNCTION" | "PACKAGE" | "EVENT")
                if current.words <= 8 =>
            {
                current.kind = Kind::Routine;
            }
            (Kind::Routine, "BEGIN") => current.depth += 1,
            (Kind::Routine, "CASE") if current.depth > 0 => current.depth += 1,
            (Kind::Routine, "END")
                if current.depth > 0
                    && !matches!(next.as_str(), "IF" | "LOOP" | "WHILE" | "REPEAT" | "FOR") =>
            {
                current.depth -= 1;
                // `END CASE` closes one block, not the one that CASE would open.
                if next == "CASE" {
                    self.at = self.skip_to_word_end(end);
                    self.current.end = self.at;
                }
            }
            _ => {}
        }
    }

    /// Whether a line with a slash ends what begins here, as it does for Oracle's clients.
    fn is_block_with_slash(&self, from: usize) -> bool {
        let rest = self.text.get(from..).unwrap_or_default();
        rest.lines().take(MAX_BLOCK).any(|line| line.trim() == "/")
    }

    fn skip_to_word_end(&self, from: usize) -> usize {
        let space = self.bytes[from..]
            .iter()
            .take_while(|b| b.is_ascii_whitespace())
            .count();
        from + space
            + self.bytes[from + space..]
                .iter()
                .take_while(|b| is_word(**b))
                .count()
    }

    fn next_word(&self, from: usize) -> String {
        let end = self.skip_to_word_end(from);
        if end - from > 64 {
            return String::new();
        }
        self.text
            .get(from..end)
            .unwrap_or_default()
            .trim()
            .to_ascii_uppercase()
    }
}

/// Whether `BEGIN` with that word behind it opens a block rather than a transaction.
fn begins_block(next: &str) -> bool {
    const OF_TRANSACTIONS: &[&str] = &[
        "",
        "TRANSACTION",
        "TRAN",
        "WORK",
        "ISOLATION",
        "READ",
        "NOT",
        "DEFERRABLE",
        "DEFERRED",
        "IMMEDIATE",
        "EXCLUSIVE",
        "CONCURRENT",
        "DISTRIBUTED",
    ];
    !OF_TRANSACTIONS.contains(&next)
}

/// Bytes of names and key words; those of longer UTF-8 sequences are among them.
fn is_word(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || byte == b'_' || byte >= 0x80
}

#[cfg(test)]
mod tests {
    use super::*;

    fn statements(text: &str) -> Vec<&str> {
        split(text)
            .iter()
            .map(|piece| &text[piece.statement.clone()])
            .filter(|statement| !statement.is_empty())
            .collect()
    }

    #[test]
    fn quotes_comments_and_dollars_hide_semicolons() {
        assert_eq!(
            statements(
                "-- a;\nselect ';', \"a;\", `b;`, [c;d], $$;$$, $x$;$$;$x$ /* ; /* ; */ ; */;\nselect 2"
            ),
            [
                "select ';', \"a;\", `b;`, [c;d], $$;$$, $x$;$$;$x$",
                "select 2"
            ]
        );
        assert_eq!(statements("select 'it''s;'; b"), ["select 'it''s;'", "b"]);
        assert_eq!(statements(r"select E'\';'; b"), [r"select E'\';'", "b"]);
        assert_eq!(statements(r"select '\'; b"), [r"select '\'", "b"]);
        assert_eq!(
            statements("select a[1]; select ARRAY[';']"),
            ["select a[1]", "select ARRAY[';']"]
        );
        assert_eq!(
            statements("select $1; select a$b$c; d"),
            ["select $1", "select a$b$c", "d"]
        );
    }

    #[test]
    fn bodies_of_routines() {
        let trigger = "CREATE TRIGGER t AFTER INSERT ON a BEGIN\n  UPDATE a SET b = CASE WHEN c THEN 1 ELSE 2 END;\n  DELETE FROM x;\nEND";
        assert_eq!(
            statements(&format!("{trigger};\nselect 1;")),
            [trigger, "select 1"]
        );
        let routine =
            "CREATE PROCEDURE p() BEGIN IF a THEN b; END IF; CASE x WHEN 1 THEN y; END CASE; END";
        assert_eq!(statements(&format!("{routine}; z;")), [routine, "z"]);
        assert_eq!(
            statements("CREATE TRIGGER t EXECUTE FUNCTION f(); BEGIN; COMMIT;"),
            ["CREATE TRIGGER t EXECUTE FUNCTION f()", "BEGIN", "COMMIT"]
        );
    }

    #[test]
    fn a_line_with_a_slash() {
        let slashed = "CREATE TABLE t (a INT)\n\n/\n\nSELECT 1\n/\n";
        let oracle = Splitter {
            keeps_block_end: true,
            ..Splitter::default()
        };
        let found: Vec<&str> = oracle
            .split(slashed)
            .into_iter()
            .map(|piece| &slashed[piece.statement])
            .filter(|text| !text.is_empty())
            .collect();
        assert_eq!(found, ["CREATE TABLE t (a INT)", "SELECT 1"]);
        assert_eq!(statements("SELECT a\n/\nb").len(), 1);
    }

    #[test]
    fn lines_for_clients() {
        assert_eq!(
            statements("select 1\nGO\nselect 2\ngo 3\n"),
            ["select 1", "select 2"]
        );
        assert_eq!(
            statements("DELIMITER //\na; b//\nDELIMITER ;\nc; d"),
            ["a; b", "c", "d"]
        );
        assert_eq!(statements("select 4\n/\n2; x"), ["select 4\n/\n2", "x"]);
        assert_eq!(
            statements("COPY t FROM stdin;\n1;2\n\\.\nselect 1;"),
            ["COPY t FROM stdin;\n1;2\n\\.", "select 1"]
        );
    }

    #[test]
    fn blocks() {
        assert_eq!(
            statements("BEGIN\n NULL;\n IF a THEN b; END IF;\nEND;\n/\nselect 1;"),
            ["BEGIN\n NULL;\n IF a THEN b; END IF;\nEND", "select 1"]
        );
        assert_eq!(
            statements("DECLARE x NUMBER;\nBEGIN\n x := 1;\nEND;\n/\n"),
            ["DECLARE x NUMBER;\nBEGIN\n x := 1;\nEND"]
        );
        assert_eq!(
            statements("BEGIN;\nselect 1;\nEND;"),
            ["BEGIN", "select 1", "END"]
        );
        assert_eq!(
            statements("BEGIN IMMEDIATE; select 1;"),
            ["BEGIN IMMEDIATE", "select 1"]
        );
        assert_eq!(
            statements("DECLARE c CURSOR FOR select 1; close c;"),
            ["DECLARE c CURSOR FOR select 1", "close c"]
        );
        let splitter = Splitter {
            keeps_block_end: true,
            ..Splitter::default()
        };
        let text = "CREATE PROCEDURE p AS BEGIN NULL; END;\n/\nselect 1;";
        let pieces = splitter.split(text);
        assert_eq!(
            &text[pieces[0].statement.clone()],
            "CREATE PROCEDURE p AS BEGIN NULL; END;"
        );
    }

    #[test]
    fn nothing_is_closed() {
        for text in [
            "'a;",
            "\"",
            "/* ;",
            "$$;",
            "[",
            "CREATE TRIGGER a BEGIN ; ",
            "E'\\",
            ";;",
            "é'ü;",
        ] {
            let pieces = split(text);
            let joined: String = pieces
                .iter()
                .map(|piece| &text[piece.whole.clone()])
                .collect();
            assert_eq!(joined, text);
        }
    }

    proptest::proptest! {
        #[test]
        fn slices_put_together_are_the_text(
            words in proptest::collection::vec(
                proptest::sample::select(vec![
                    "'", "\"", "`", "[", "]", "$$", "$t$", "--", "/*", "*/", ";", "\n", " ", "a", "é",
                    "E'", "\\", "CREATE ", "TRIGGER ", "BEGIN ", "END ", "CASE ", "GO\n", "/\n",
                    "DELIMITER //\n", "//", "COPY ", "FROM ", "STDIN ", "\\.\n", "\r\n", "\u{0}", "IF ",
                ]),
                0..60,
            )
        ) {
            let text = words.concat();
            let mut at = 0;
            for piece in split(&text) {
                proptest::prop_assert_eq!(piece.whole.start, at);
                proptest::prop_assert!(piece.whole.start <= piece.statement.start);
                proptest::prop_assert!(piece.statement.end <= piece.whole.end);
                proptest::prop_assert!(text.get(piece.statement.clone()).is_some());
                at = piece.whole.end;
            }
            proptest::prop_assert_eq!(at, text.len());
        }
    }
}
