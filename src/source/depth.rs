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

/// A stretch with no more signs and blanks than this is not deep.
const MAX_SIGNS: usize = 2 * MAX_DEPTH as usize / 3;

/// Words that no expression holds: where a line begins with one of them a statement begins, and the parser gives up all
/// brackets that are open. (Within a string they do no harm, as nothing real has thousands of strings in brackets.)
const STATEMENTS: [&[u8]; 7] =
    [b"def ", b"return ", b"class ", b"import ", b"raise ", b"assert ", b"while "];

/// Whether some stretch without an unbracketed line break has so many signs and blanks that it might be deep. Where a
/// statement surely begins within reach, what is before it is too short for that, and is not looked at.
fn is_suspicious(mut bytes: &[u8]) -> bool {
    while bytes.len() > MAX_SIGNS {
        let mut at = last_statement(bytes, MAX_SIGNS);
        if at == 0 {
            while at < MAX_SIGNS {
                let stretch = first_stretch(&bytes[at..]);
                if has_many_signs(stretch) {
                    return true;
                }
                at += stretch.len();
            }
        }
        bytes = &bytes[at..];
    }
    false
}

/// Where the last line of those that begin before `end` and begin a statement for sure begins; 0 if there is none.
fn last_statement(bytes: &[u8], end: usize) -> usize {
    memchr::memrchr_iter(b'\n', &bytes[..end])
        .map(|at| at + 1)
        .find(|&at| begins_statement(&bytes[at..]))
        .unwrap_or(0)
}

fn begins_statement(line: &[u8]) -> bool {
    let indent = line.iter().take_while(|byte| matches!(byte, b' ' | b'\t')).count();
    STATEMENTS.iter().any(|word| line[indent..].starts_with(word))
}

/// What is before the first unbracketed line break or statement, with the line break.
fn first_stretch(bytes: &[u8]) -> &[u8] {
    let (mut at, mut brackets) = (0, 0_usize);
    while let Some(skipped) = bytes[at..].iter().position(|&byte| IS_BORDER[byte as usize]) {
        at += skipped + 1;
        match bytes[at - 1] {
            b'(' | b'[' | b'{' => brackets += 1,
            b')' | b']' | b'}' => brackets = brackets.saturating_sub(1),
            _ if brackets > 0 && !begins_statement(&bytes[at..]) => {}
            _ => return &bytes[..at],
        }
    }
    bytes
}

/// The same of one stretch: nearly all are too short to be looked at.
fn has_many_signs(stretch: &[u8]) -> bool {
    if stretch.len() <= MAX_SIGNS {
        return false;
    }
    let indent = stretch.iter().take_while(|byte| matches!(byte, b' ' | b'\t')).count();
    let is_sign = |byte: &&u8| byte.is_ascii_punctuation() || byte.is_ascii_whitespace();
    indent > MAX_SIGNS || stretch[indent..].iter().filter(is_sign).count() > MAX_SIGNS
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

    #[test]
    fn a_statement_ends_what_a_text_seems_to_open() {
        let smile = |line: &str| format!("# :-(\n{}", format!("{line}\n").repeat(5_000));
        assert!(is_suspicious(smile("x = 1").as_bytes()));
        assert!(!is_suspicious(smile("def f(x): ...").as_bytes()));
        assert!(!is_suspicious(smile("x = f(1, 2)\n    return x").as_bytes()));
        for word in STATEMENTS {
            let text = format!("(\n{}", String::from_utf8_lossy(word)).repeat(50_000);
            assert!(!is_hopeless(&text, Mode::Module));
            // The parser does not recurse here, or it would run out of stack; what it makes may be deep.
            assert!(ruff_python_parser::parse_module(&text).is_err());
        }
    }
}
