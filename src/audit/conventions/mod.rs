//! What lives by convention: names that the language, the standard library or a framework looks for.
//!
//! Conventions are data. Those in `frameworks/*.toml` come with the program, `[[audit.conventions]]` adds more, and
//! both say the same things in the same words ([`ConventionOptions`]). One holds in a project that declares one of its
//! packages or imports one of its modules; one that names neither holds everywhere.

mod bases;
mod names;
mod paths;

use std::sync::LazyLock;

use rustc_hash::FxHashSet;
use serde::Deserialize;

use self::bases::Bases;
use self::names::Names;
pub use self::paths::{PathKind, is_run_by_tests, path_kind};
use super::edges::kind;
use super::program::{Node, Program};
use super::settings::{AuditProject, AuditSettings};
use crate::infer::facts::{DefFlags, DefKind, class_flags};
use crate::project::config::{ConventionOptions, KeepOptions, KeptIn};

/// The conventions that come with the program.
const FRAMEWORKS: &[&str] = &[
    include_str!("frameworks/python.toml"),
    include_str!("frameworks/alembic.toml"),
    include_str!("frameworks/celery.toml"),
    include_str!("frameworks/click.toml"),
    include_str!("frameworks/django.toml"),
    include_str!("frameworks/docutils.toml"),
    include_str!("frameworks/fastapi.toml"),
    include_str!("frameworks/models.toml"),
    include_str!("frameworks/pydantic.toml"),
    include_str!("frameworks/pytest.toml"),
    include_str!("frameworks/sqlalchemy.toml"),
];

/// A file of conventions.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct File {
    conventions: Vec<ConventionOptions>,
}

static BUILT_IN: LazyLock<Vec<ConventionOptions>> = LazyLock::new(|| {
    let files = FRAMEWORKS.iter().map(|text| toml::from_str::<File>(text));
    files.flat_map(|file| file.expect("a test reads these files").conventions).collect()
});

/// The conventions of a program, by project.
pub struct Conventions {
    /// What is kept somewhere.
    kept: Vec<Kept>,
    /// The names that are looked for in each project, as numbers of `kept`.
    projects: Vec<Project>,
    /// The project of each module.
    project_of: Vec<usize>,
    /// The bases of classes that are not part of the program.
    bases: Bases,
}

/// What is looked for in a project.
#[derive(Default)]
struct Project {
    of_modules: Names,
    of_classes: Names,
    of_tests: Names,
}

/// Something that a convention keeps.
struct Kept {
    files: Option<globset::GlobSet>,
    bases: Vec<String>,
    worth: u8,
}

impl Conventions {
    /// Finds out which conventions hold where.
    #[must_use]
    pub fn new(program: &Program<'_>, settings: &AuditSettings) -> Self {
        let count = settings.projects.len().max(1);
        let modules = program.modules.iter();
        let mut conventions = Self {
            kept: Vec::new(),
            projects: Vec::new(),
            project_of: modules.map(|module| settings.project_number(&module.path)).collect(),
            bases: Bases::new(program),
        };
        let mut imported: Vec<FxHashSet<&str>> = vec![FxHashSet::default(); count];
        for (module, &project) in program.modules.iter().zip(&conventions.project_of) {
            for import in &module.imports {
                let name = &module.symbols[import.module];
                imported[project].insert(name.split('.').next().unwrap_or(name));
            }
        }
        let no_project = AuditProject::default();
        for (number, imported) in imported.iter().enumerate() {
            let project = settings.projects.get(number).unwrap_or(&no_project);
            let all = BUILT_IN.iter().chain(&project.conventions);
            let mut names = Project::default();
            for options in
                all.filter(|each| holds(each, project, imported)).flat_map(|each| &each.keep)
            {
                conventions.keep(options, &mut names);
            }
            conventions.projects.push(names);
        }
        conventions
    }

    fn keep(&mut self, options: &KeepOptions, project: &mut Project) {
        let number = u32::try_from(self.kept.len()).unwrap_or(u32::MAX);
        self.kept.push(Kept {
            files: (!options.files.is_empty()).then(|| globs(&options.files)),
            bases: options.bases.clone(),
            worth: if options.perhaps { kind::WEAK } else { kind::RUN },
        });
        let names = match options.within {
            KeptIn::Module => &mut project.of_modules,
            KeptIn::Class => &mut project.of_classes,
            KeptIn::Test => &mut project.of_tests,
        };
        options.names.iter().for_each(|pattern| names.add(pattern, number));
    }

    fn project(&self, program: &Program<'_>, node: Node) -> &Project {
        &self.projects[self.project_of[program.module_number(node) as usize]]
    }

    /// What names are worth that fit a node; a class with a base is asked for where the convention names bases.
    fn worth(&self, program: &Program<'_>, names: &Names, node: Node, class: Option<Node>) -> u8 {
        let mut worth = 0;
        for number in names.fitting(program.name(node)) {
            let kept = &self.kept[number as usize];
            let path = &*program.module(node).path;
            let fits = kept.files.as_ref().is_none_or(|files| files.is_match(path))
                && (kept.bases.is_empty()
                    || class.is_some_and(|class| self.bases.fits(program, class, &kept.bases)));
            if fits {
                worth |= kept.worth;
            }
        }
        if worth & kind::RUN != 0 { kind::RUN } else { worth }
    }

    /// What a name of a module is worth just because its module is there; 0 for nothing.
    #[must_use]
    pub fn part_of_module(&self, program: &Program<'_>, node: Node) -> u8 {
        if is_for_the_language(program.name(node)) {
            return kind::RUN;
        }
        let class = (program.def(node).kind == DefKind::Class).then_some(node);
        self.worth(program, &self.project(program, node).of_modules, node, class)
    }

    /// Whether those who run tests find something by its name.
    #[must_use]
    pub fn is_test(&self, program: &Program<'_>, node: Node) -> bool {
        let is_kind = matches!(
            program.def(node).kind,
            DefKind::Function | DefKind::Class | DefKind::Variable
        );
        is_kind && self.worth(program, &self.project(program, node).of_tests, node, None) != 0
    }

    /// What a member is worth just because its class is there; 0 for nothing.
    #[must_use]
    pub fn part_of_class(&self, program: &Program<'_>, class: Node, node: Node) -> u8 {
        let own = by_itself(program, class, node);
        if own == kind::RUN {
            return own;
        }
        let names = &self.project(program, node).of_classes;
        let worth = self.worth(program, names, node, Some(class)) | own;
        if worth & kind::RUN != 0 {
            return kind::RUN;
        }
        // A class that is there for those who read it is read as a whole.
        let is_description = program
            .class_of(class)
            .is_some_and(|outer| self.worth(program, names, class, Some(outer)) == kind::RUN);
        if is_description { kind::RUN } else { worth }
    }
}

/// Patterns for paths; what is none matches nothing.
fn globs(patterns: &[String]) -> globset::GlobSet {
    let mut set = globset::GlobSetBuilder::new();
    for pattern in patterns {
        if let Ok(glob) = globset::GlobBuilder::new(pattern).literal_separator(true).build() {
            set.add(glob);
        }
    }
    set.build().unwrap_or_default()
}

/// Whether a convention holds in a project.
fn holds(options: &ConventionOptions, project: &AuditProject, imported: &FxHashSet<&str>) -> bool {
    let is_declared = |name: &String| {
        project.manifest.dependencies.iter().any(|dependency| dependency.name == *name)
    };
    (options.packages.is_empty() && options.modules.is_empty())
        || options.packages.iter().any(is_declared)
        || options.modules.iter().any(|module| imported.contains(&**module))
}

fn is_for_the_language(name: &str) -> bool {
    name.starts_with("__") && name.ends_with("__")
}

/// What a member is worth by what it and its class are, whatever it is called.
fn by_itself(program: &Program<'_>, class: Node, node: Node) -> u8 {
    let name = program.name(node);
    let def = program.def(node);
    let has = |flags| program.class_has(class, flags);
    let is_of_all_instances =
        class_flags::PROTOCOL | class_flags::TYPED_DICT | class_flags::NAMED_TUPLE;
    if is_for_the_language(name)
        || program.has(node, DefFlags::OVERRIDES_OUTSIDE)
        || program.is_opaque(node)
        || has(class_flags::ENUM) && name.starts_with('_')
        || has(is_of_all_instances)
    {
        return kind::RUN;
    }
    // Fields of models that something else reads and writes.
    if has(class_flags::DYNAMIC) && def.kind == DefKind::Variable {
        return kind::RUN;
    }
    let is_data = matches!(def.kind, DefKind::Variable | DefKind::Class | DefKind::Attribute);
    let is_seen_by_others = has(class_flags::DYNAMIC)
        || (program.is_watched(class) && !has(class_flags::ENUM))
        || (has(class_flags::OUTSIDE_BASE) && is_data)
        || (has(class_flags::GETATTR) && is_data);
    if is_seen_by_others { kind::WEAK } else { 0 }
}

#[cfg(test)]
mod tests {
    use super::BUILT_IN;

    #[test]
    fn built_in_conventions_are_well_formed() {
        let mut names: Vec<&str> = BUILT_IN.iter().map(|each| &*each.name).collect();
        assert!(names.len() > 9, "{names:?}");
        names.sort_unstable();
        names.dedup();
        assert_eq!(names.len(), BUILT_IN.len(), "each is there once");
        for convention in BUILT_IN.iter() {
            for keep in &convention.keep {
                assert!(!keep.names.is_empty(), "{}", convention.name);
                for glob in &keep.files {
                    assert!(globset::Glob::new(glob).is_ok(), "{glob}");
                }
                let is_narrow = !keep.files.is_empty() || !keep.bases.is_empty() || keep.perhaps;
                let is_all = keep.names.iter().any(|name| name == "*");
                assert!(is_narrow || !is_all, "{}", convention.name);
            }
        }
    }
}
