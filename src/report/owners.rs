//! CODEOWNERS: who owns a path, for statistics.
//!
//! The last line that matches a path decides, as GitHub and GitLab have it.

use std::path::Path;

use ignore::gitignore::{Gitignore, GitignoreBuilder};
use rustc_hash::FxHashMap as HashMap;

/// The lines of a CODEOWNERS file.
#[derive(Debug)]
pub struct Owners {
    matcher: Gitignore,
    /// The line of a pattern, the last one if there are several, and the owners that it names.
    lines: HashMap<String, (usize, String)>,
}

impl Owners {
    /// Reads `text`; paths are relative to `root`. Lines that can't be read own nothing.
    #[must_use]
    pub fn parse(text: &str, root: &Path) -> Self {
        let mut default_owners = String::new();
        let mut lines = HashMap::default();
        let mut builder = GitignoreBuilder::new(root);
        for (number, line) in text.lines().enumerate() {
            let line = line.split(" #").next().unwrap_or_default().trim();
            // A pattern that takes back what others say is none here.
            if line.is_empty() || line.starts_with(['#', '!']) {
                continue;
            }
            if let Some(section) = line.strip_prefix('[').or_else(|| line.strip_prefix("^[")) {
                // GitLab: `[Section] @default-owner`.
                default_owners =
                    section.split_once(']').map_or("", |(_, rest)| rest).trim().to_owned();
                continue;
            }
            let (pattern, owners) = line.split_once(char::is_whitespace).unwrap_or((line, ""));
            let owners = owners.split_whitespace().collect::<Vec<_>>().join(" ");
            let owners = if owners.is_empty() { default_owners.clone() } else { owners };
            if builder.add_line(None, pattern).is_ok() {
                lines.insert(pattern.to_owned(), (number, owners));
            }
        }
        Self { matcher: builder.build().unwrap_or_else(|_| Gitignore::empty()), lines }
    }

    /// The owners of `path`, if it has any.
    ///
    /// One matcher has all lines, as there are thousands of them in some repositories. It knows the last line for a
    /// file, and for each folder above it; the last of these decides.
    #[must_use]
    pub fn of(&self, path: &Path) -> Option<&str> {
        let parts = path.ancestors().filter(|each| *each != Path::new("")).enumerate();
        let matches = parts.filter_map(|(at, each)| {
            let glob = self.matcher.matched(each, at > 0).inner().copied()?;
            self.lines.get(glob.original())
        });
        let (_, owners) = matches.max_by_key(|(line, _)| line)?;
        Some(owners.as_str()).filter(|owners| !owners.is_empty())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_last_match_decides() {
        let text = "* @all\n/src/ @core  # the heart\n*.pyi @types @core\n/src/free/\n";
        let owners = Owners::parse(text, Path::new("/work"));
        let of = |path: &str| owners.of(Path::new(path)).map(str::to_owned);
        assert_eq!(of("docs/a.py").as_deref(), Some("@all"));
        assert_eq!(of("src/a.py").as_deref(), Some("@core"));
        assert_eq!(of("src/a.pyi").as_deref(), Some("@types @core"));
        assert_eq!(of("src/free/a.py"), None);
    }
}
