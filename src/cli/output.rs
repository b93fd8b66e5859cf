//! Standard output and standard error: what goes where, and what happens when nobody reads it.
//!
//! A reader that goes away (`| head`) ends the output without a word; a full disk is an error.

use std::io::{self, BufWriter, Write};

/// Why a command stops early.
#[derive(Debug)]
pub enum Stop {
    /// The reader of standard output has gone: there is nobody left to tell.
    BrokenPipe,
    /// Anything else, told on standard error; exit code 2.
    Error(anyhow::Error),
}

impl From<anyhow::Error> for Stop {
    fn from(error: anyhow::Error) -> Self {
        Self::Error(error)
    }
}

impl From<io::Error> for Stop {
    fn from(error: io::Error) -> Self {
        if error.kind() == io::ErrorKind::BrokenPipe {
            Self::BrokenPipe
        } else {
            Self::Error(anyhow::Error::from(error).context("cannot write to standard output"))
        }
    }
}

/// Runs `write` on buffered standard output, and flushes it.
///
/// # Errors
/// When standard output can't be written to.
pub fn to_stdout(write: impl FnOnce(&mut dyn Write) -> io::Result<()>) -> Result<(), Stop> {
    let mut out = BufWriter::new(io::stdout().lock());
    write(&mut out)?;
    out.flush()?;
    Ok(())
}

/// A line on standard error. That it can't be written is no reason to stop.
pub fn note(text: impl std::fmt::Display) {
    let _ = writeln!(io::stderr().lock(), "{text}");
}

/// A warning on standard error.
pub fn warn(text: impl std::fmt::Display) {
    note(format!("warning: {text}"));
}

/// What the system says, without the number that it has for it.
fn plain(words: &str) -> String {
    match words.split_once(" (os error ") {
        Some((before, after)) => {
            let rest = after.split_once(')').map_or("", |(_, rest)| rest);
            format!("{}{rest}", uncapitalised(before))
        }
        None => words.to_owned(),
    }
}

/// The words of the system begin with a capital, and stand within a sentence of ours.
fn uncapitalised(text: &str) -> String {
    let (head, last) = match text.rsplit_once(": ") {
        Some((head, last)) => (format!("{head}: "), last),
        None => (String::new(), text),
    };
    let mut chars = last.chars();
    let first = chars.next().map(|c| c.to_ascii_lowercase()).into_iter();
    head + &first.chain(chars).collect::<String>()
}

/// An error on standard error, with all its causes in one line.
pub fn report_error(error: &anyhow::Error, color: bool) {
    let causes: Vec<String> = error.chain().map(|cause| plain(&cause.to_string())).collect();
    let label = if color { "\x1b[1;91merror\x1b[0m" } else { "error" };
    note(format!("{label}: {}", causes.join(": ")));
}
