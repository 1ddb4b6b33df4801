//! What databases take and the parser does not know, in the words that it knows.

use sqlparser::tokenizer::{Token, TokenWithSpan};

/// The tokens of a statement as the parser reads them.
pub(super) fn known(tokens: Vec<TokenWithSpan>) -> Vec<TokenWithSpan> {
    let solid = |token: &&TokenWithSpan| !matches!(token.token, Token::Whitespace(_));
    if tokens.iter().filter(solid).any(|found| is(found, "NULLS")) {
        return behind_the_columns(tokens);
    }
    if tokens.iter().filter(solid).any(|found| is(found, "LOCAL")) {
        return as_one_word(tokens.into_iter().filter(|found| solid(&found)).collect());
    }
    tokens
}

fn is(found: &TokenWithSpan, word: &str) -> bool {
    matches!(&found.token, Token::Word(known) if known.quote_style.is_none() && known.value.eq_ignore_ascii_case(word))
}

fn are(tokens: &[TokenWithSpan], words: &[&str]) -> bool {
    let pairs = words.iter().zip(tokens);
    tokens.len() >= words.len() && pairs.into_iter().all(|(word, found)| is(found, word))
}

/// `TIMESTAMP(3) WITH LOCAL TIME ZONE`, which is a type of that name to the parser.
fn as_one_word(tokens: Vec<TokenWithSpan>) -> Vec<TokenWithSpan> {
    let mut found: Vec<TokenWithSpan> = Vec::with_capacity(tokens.len());
    let mut at = 0;
    while let Some(token) = tokens.get(at) {
        let rest = tokens.get(at + 1..).unwrap_or_default();
        let (precision, rest) = match rest {
            [open, number, close, rest @ ..]
                if open.token == Token::LParen && close.token == Token::RParen =>
            {
                (Some(number.token.to_string()), rest)
            }
            rest => (None, rest),
        };
        let mut token = token.clone();
        if is(&token, "TIMESTAMP") && are(rest, &["WITH", "LOCAL", "TIME", "ZONE"]) {
            let precision = precision.map(|number| format!("({number})"));
            let words = format!(
                "TIMESTAMP{} WITH LOCAL TIME ZONE",
                precision.as_deref().unwrap_or_default()
            );
            at = tokens.len() - rest.len() + 3;
            token.token = Token::make_word(&words, None);
        }
        found.push(token);
        at += 1;
    }
    found
}

/// `UNIQUE NULLS NOT DISTINCT` behind a column of a `CREATE TABLE`, which the parser knows as a
/// constraint of the table only: it goes behind the columns.
fn behind_the_columns(tokens: Vec<TokenWithSpan>) -> Vec<TokenWithSpan> {
    let solid: Vec<&TokenWithSpan> = tokens
        .iter()
        .filter(|found| !matches!(found.token, Token::Whitespace(_) | Token::EOF))
        .collect();
    let creates = solid.first().is_some_and(|found| is(found, "CREATE"))
        && solid.iter().take(4).any(|found| is(found, "TABLE"));
    if !creates {
        return tokens;
    }
    let mut found: Vec<TokenWithSpan> = Vec::with_capacity(solid.len());
    let mut behind: Vec<TokenWithSpan> = Vec::new();
    let mut column: Option<TokenWithSpan> = None;
    let (mut depth, mut at) = (0_usize, 0);
    while let Some(&token) = solid.get(at) {
        at += 1;
        match token.token {
            Token::LParen => depth += 1,
            Token::RParen => depth = depth.saturating_sub(1),
            _ => {}
        }
        let begins = match token.token {
            Token::LParen => depth == 1,
            Token::Comma => depth == 1,
            _ => false,
        };
        if begins {
            column = solid.get(at).map(|&name| name.clone());
        }
        if depth == 0 && token.token == Token::RParen {
            // The constraints go before the end of the list.
            found.append(&mut behind);
        }
        let words: Vec<TokenWithSpan> = solid.iter().skip(at).take(3).map(|&t| t.clone()).collect();
        let length = if are(&words, &["NULLS", "NOT", "DISTINCT"]) {
            3
        } else if are(&words, &["NULLS", "DISTINCT"]) {
            2
        } else {
            0
        };
        let of_table = solid
            .get(at + length)
            .is_some_and(|next| next.token == Token::LParen);
        if let Some(column) = column
            .as_ref()
            .filter(|_| depth == 1 && is(token, "UNIQUE") && length > 0 && !of_table)
        {
            let plain = |token: Token| TokenWithSpan::wrap(token);
            behind.push(plain(Token::Comma));
            // CONSTRAINT and its name.
            if let [.., constraint, _] = found.as_slice()
                && is(constraint, "CONSTRAINT")
            {
                behind.extend(found.split_off(found.len() - 2));
            }
            behind.push(token.clone());
            behind.extend(words.into_iter().take(length));
            behind.extend([plain(Token::LParen), column.clone(), plain(Token::RParen)]);
            at += length;
            continue;
        }
        found.push(token.clone());
    }
    found
}
