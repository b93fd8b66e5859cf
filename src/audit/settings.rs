//! What the audit is told besides facts: what the files of the projects declare, and what the user asked for.

use crate::project::config::{ConventionOptions, Manifest};

/// How sure a finding is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Confidence {
    /// It may be so; something speaks against it.
    Possible,
    /// It is so unless something unusual is going on.
    Likely,
    /// It is so.
    Certain,
}

impl Confidence {
    /// The word for it.
    #[must_use]
    pub const fn word(self) -> &'static str {
        match self {
            Self::Possible => "possible",
            Self::Likely => "likely",
            Self::Certain => "certain",
        }
    }
}

/// A project of the run.
#[derive(Debug, Clone, Default)]
pub struct AuditProject {
    /// The folder as shown, with a `/` at the end; empty for the working directory.
    pub prefix: String,
    /// What its files declare.
    pub manifest: Manifest,
    /// What its configuration says of frameworks.
    pub conventions: Vec<ConventionOptions>,
}

/// See the module's documentation.
#[derive(Debug, Clone, Default)]
pub struct AuditSettings {
    /// The projects, those within others after them.
    pub projects: Vec<AuditProject>,
    /// Objects that are named from outside.
    pub entry_points: Vec<String>,
    /// Objects that documentation shows how to use.
    pub documented: Vec<String>,
    /// Names that are kept whatever the facts say.
    pub keep: Vec<String>,
    /// Dependencies that are used in ways that cannot be seen.
    pub used_dependencies: Vec<String>,
    /// Whether public names of published packages are findings too.
    pub exported: bool,
}

impl AuditSettings {
    /// The number of the project that a path is of.
    #[must_use]
    pub fn project_number(&self, path: &str) -> usize {
        let projects = self.projects.iter().enumerate();
        let fitting = projects.filter(|(_, project)| path.starts_with(&project.prefix));
        fitting.max_by_key(|(_, project)| project.prefix.len()).map_or(0, |(number, _)| number)
    }

    /// The project that a path is of.
    #[must_use]
    pub fn project_of(&self, path: &str) -> Option<&AuditProject> {
        self.projects
            .iter()
            .filter(|project| path.starts_with(&project.prefix))
            .max_by_key(|project| project.prefix.len())
    }

    /// Whether public names of a module are there for others.
    #[must_use]
    pub fn is_exported(&self, path: &str) -> bool {
        !self.exported && self.is_published(path)
    }

    /// Whether a module is part of a published package.
    #[must_use]
    pub fn is_published(&self, path: &str) -> bool {
        self.project_of(path).is_some_and(|project| project.manifest.is_published)
    }

    /// Whether a module is a copy of code that has its home in another project.
    #[must_use]
    pub fn is_borrowed(&self, path: &str) -> bool {
        self.project_of(path).is_some_and(|project| {
            let within = path.strip_prefix(&project.prefix).unwrap_or(path);
            project.manifest.borrowed.iter().any(|folder| within.starts_with(folder))
        })
    }

    /// Whether a name is kept by the configuration.
    #[must_use]
    pub fn is_kept(&self, name: &str) -> bool {
        self.keep.iter().any(|pattern| match pattern.strip_suffix('*') {
            Some(start) => name.starts_with(start),
            None => name == pattern,
        })
    }
}
