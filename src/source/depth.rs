//! How deeply a text nests, estimated from its tokens before anything walks its tree.
//!
//! Every later phase walks trees by recursion. What is too deep for any sane stack is turned away here, once,
//! so that no phase has to guard itself.

use ruff_python_ast::token::TokenKind;
use ruff_python_parser::{Mode, lexer};
use ruff_text_size::TextSize;

/// The greatest estimated depth that is looked at. A sum of three thousand terms is three thousand deep.
pub const MAX_DEPTH: u32 = 6_000;

/// Chains at one bracket level: what has been opened since the last comma and is not closed by a token.
#[derive(Debug, Clone, Copy, Default)]
struct Chain {
    /// `not`, `lambda`, conditional expressions: they nest to the right.
    prefix: u32,
    /// Binary operators: they nest to the left.
    binary: u32,
    /// Attributes, calls and subscripts of one operand.
    postfix: u32,
}

impl Chain {
    fn depth(self) -> u32 {
        self.prefix + self.binary + self.postfix
    }
}

/// Estimates depth over a stream of tokens; never too low by more than a small factor of two or three nodes
/// a token, and about right for chains.
#[derive(Debug, Default)]
pub(super) struct Estimate {
    brackets: Vec<Chain>,
    /// Sum of the depths of the open brackets.
    outer: u32,
    indents: u32,
    chain: Chain,
    /// The greatest depth so far.
    pub(super) depth: u32,
    /// The offset at which it first went beyond the limit.
    pub(super) exceeded: Option<TextSize>,
}

impl Estimate {
    /// Takes the next token.
    pub(super) fn token(&mut self, kind: TokenKind, offset: TextSize) {
        use TokenKind as T;
        match kind {
            T::Lpar | T::Lsqb | T::Lbrace => {
                self.outer += self.chain.depth() + 1;
                self.brackets.push(std::mem::take(&mut self.chain));
            }
            T::Rpar | T::Rsqb | T::Rbrace => {
                if let Some(chain) = self.brackets.pop() {
                    self.outer -= chain.depth() + 1;
                    self.chain = chain;
                }
                if kind != T::Rbrace {
                    self.chain.postfix += 1;
                }
            }
            T::Comma => self.chain = Chain::default(),
            T::Newline | T::Semi => {
                self.brackets.clear();
                self.outer = 0;
                self.chain = Chain::default();
            }
            T::Indent => self.indents += 1,
            T::Dedent => self.indents = self.indents.saturating_sub(1),
            T::Dot => self.chain.postfix += 1,
            T::Not
            | T::Lambda
            | T::If
            | T::Else
            | T::Await
            | T::Tilde
            | T::DoubleStar
            | T::Yield => {
                self.chain.prefix += 1;
            }
            T::And
            | T::Or
            | T::EqEqual
            | T::NotEqual
            | T::Less
            | T::Greater
            | T::LessEqual
            | T::GreaterEqual
            | T::In
            | T::Is
            | T::Equal => {
                self.chain = Chain { prefix: self.chain.prefix, ..Chain::default() };
            }
            kind if kind.is_operator() && !matches!(kind, T::Colon | T::Comma) => {
                self.chain.binary += 1;
                self.chain.postfix = 0;
            }
            _ => return,
        }
        let depth = self.outer + self.indents + self.chain.depth();
        self.depth = self.depth.max(depth);
        if depth > MAX_DEPTH && self.exceeded.is_none() {
            self.exceeded = Some(offset);
        }
    }
}

/// Whether `text` is too deep even to be parsed. Cheap: only a text that looks suspicious is really scanned.
pub(super) fn is_hopeless(text: &str, mode: Mode) -> bool {
    if !is_suspicious(text.as_bytes()) {
        return false;
    }
    let mut estimate = Estimate::default();
    let mut lexer = lexer::lex(text, mode);
    loop {
        let kind = lexer.next_token();
        if kind == TokenKind::EndOfFile {
            return false;
        }
        estimate.token(kind, TextSize::default());
        if estimate.exceeded.is_some() {
            return true;
        }
    }
}

/// Brackets and line breaks.
static IS_BORDER: [bool; 256] = {
    let mut table = [false; 256];
    let borders = b"()[]{}\n\r";
    let mut at = 0;
    while at < borders.len() {
        table[borders[at] as usize] = true;
        at += 1;
    }
    table
};

/// Whether some stretch without an unbracketed line break has so many signs and blanks that it might be deep.
fn is_suspicious(bytes: &[u8]) -> bool {
    let (mut start, mut at, mut brackets) = (0, 0, 0_usize);
    while let Some(skipped) = bytes[at..].iter().position(|&byte| IS_BORDER[byte as usize]) {
        at += skipped + 1;
        match bytes[at - 1] {
            b'(' | b'[' | b'{' => brackets += 1,
            b')' | b']' | b'}' => brackets = brackets.saturating_sub(1),
            _ if brackets > 0 => {}
            _ => {
                if has_many_signs(&bytes[start..at]) {
                    return true;
                }
                start = at;
            }
        }
    }
    has_many_signs(&bytes[start..])
}

/// The same of one stretch: nearly all are too short to be looked at.
fn has_many_signs(stretch: &[u8]) -> bool {
    let limit = 2 * MAX_DEPTH as usize / 3;
    if stretch.len() <= limit {
        return false;
    }
    let indent = stretch.iter().take_while(|byte| matches!(byte, b' ' | b'\t')).count();
    let is_sign = |byte: &&u8| byte.is_ascii_punctuation() || byte.is_ascii_whitespace();
    indent > limit || stretch[indent..].iter().filter(is_sign).count() > limit
}

#[cfg(test)]
mod tests {
    use super::*;

    fn depth(text: &str) -> u32 {
        let parsed = ruff_python_parser::parse_unchecked(text, Mode::Module.into());
        let mut estimate = Estimate::default();
        for token in parsed.tokens() {
            let (kind, range) = token.as_tuple();
            estimate.token(kind, range.start());
        }
        estimate.depth
    }

    #[test]
    fn chains_count_and_siblings_do_not() {
        assert!(depth(&"a + ".repeat(500)) >= 500);
        assert!(depth(&format!("x{}", ".a()".repeat(500))) >= 1_000);
        assert!(depth(&"not ".repeat(500)) >= 500);
        assert!(depth(&format!("{}{}", "(".repeat(300), ")".repeat(300))) >= 300);
        assert!(depth(&format!("x = [{}]", "f(a.b) + 1, ".repeat(5_000))) < 20);
        assert!(depth(&format!("x = {}", "a.b == f(c) and ".repeat(5_000))) < 20);
        assert!(depth(&"x = f(a.b)[0]\n".repeat(5_000)) < 20);
        let blocks: String = (0..90).map(|level| format!("{}if x:\n", " ".repeat(level))).collect();
        assert!(depth(&blocks) >= 89);
    }

    #[test]
    fn only_the_hopeless_is_turned_away() {
        assert!(is_hopeless(&"(".repeat(100_000), Mode::Module));
        assert!(is_hopeless(&"not ".repeat(100_000), Mode::Module));
        assert!(is_hopeless(&"-".repeat(100_000), Mode::Module));
        assert!(is_hopeless(&format!("x{}", ".a".repeat(100_000)), Mode::Module));
        assert!(!is_hopeless(&format!("x = [{}]", "f(a.b) + 1, ".repeat(50_000)), Mode::Module));
        assert!(!is_hopeless(&"x = 1\n".repeat(100_000), Mode::Module));
        assert!(!is_hopeless(&format!("x = {}1", "1 + ".repeat(3_000)), Mode::Module));
    }
}
