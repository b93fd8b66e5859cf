//! A tree of Python as every host is asked to check it.
//!
//! The tree and the built-in typeshed are all there is: no environment of the machine is looked at.

use std::hash::Hasher as _;
use std::path::Path;

use anyhow::{Context, Result};
use ropewalk::project::{Environment, PythonVersion, Settings, discover};
use ropewalk::rules::Diagnostic;
use ropewalk::schedule::RunRequest;

/// A request to check everything below `root`.
pub fn request(root: &Path, threads: usize) -> Result<RunRequest> {
    let root = root.canonicalize().with_context(|| format!("no tree at {}", root.display()))?;
    let mut settings = Settings::new(&root);
    settings.python_version = PythonVersion::PY313;
    let files = discover(&[], &settings).files;
    let environment = Environment::default();
    let mut request = RunRequest::new(settings, environment, files);
    request.threads = Some(threads);
    Ok(request)
}

/// Diagnostics as lines that say everything that is in them.
pub fn render(diagnostics: &[Diagnostic]) -> String {
    let mut out = String::new();
    for each in diagnostics {
        let at = &each.location;
        out += &format!(
            "{}:{}:{}-{}:{} {:?}[{}] {} | notes {:?} | related {:?} | hints {:?} | in {}\n",
            at.path,
            at.start.line,
            at.start.column,
            at.end.line,
            at.end.column,
            each.level,
            each.rule.name,
            each.message,
            each.notes,
            each.related,
            each.hints,
            each.symbol,
        );
    }
    out
}

/// A hash of a text, as rows have it.
pub fn hash(text: &[u8]) -> String {
    let mut hasher = rustc_hash::FxHasher::default();
    hasher.write(text);
    format!("{:016x}", hasher.finish())
}

/// What a tree is: its files, lines, and a hash of all of it, so that a row says what it was measured on.
pub fn input(root: &Path) -> Result<(usize, usize, String)> {
    let request = request(root, 1)?;
    let mut lines = 0;
    let mut hasher = rustc_hash::FxHasher::default();
    for path in &request.files {
        let text = std::fs::read(path)?;
        lines += text.iter().filter(|&&byte| byte == b'\n').count();
        let name = path.strip_prefix(&request.settings.root).unwrap_or(path);
        hasher.write(name.to_string_lossy().as_bytes());
        hasher.write(&text);
    }
    Ok((request.files.len(), lines, format!("{:016x}", hasher.finish())))
}
