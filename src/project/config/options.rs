//! The configuration as it is written: every table and key of `ropewalk.toml` and `[tool.ropewalk]`.
//!
//! Every key is optional here; what a missing one means is decided where settings are resolved, so
//! that options from several places can be laid over one another first.

use std::collections::BTreeMap;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// The configuration of a project.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
#[schemars(title = "ropewalk configuration")]
pub struct Options {
    /// What the program runs on.
    #[serde(default, skip_serializing_if = "is_default")]
    pub environment: EnvironmentOptions,
    /// Which files are checked.
    #[serde(default, skip_serializing_if = "is_default")]
    pub src: SrcOptions,
    /// The level of each rule, by name; `all` stands for every rule.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub rules: BTreeMap<String, LevelOption>,
    /// How the program is analysed.
    #[serde(default, skip_serializing_if = "is_default")]
    pub analysis: AnalysisOptions,
    /// What `audit` is told.
    #[serde(default, skip_serializing_if = "is_default")]
    pub audit: AuditOptions,
    /// What is printed, and how the run ends.
    #[serde(default, skip_serializing_if = "is_default")]
    pub terminal: TerminalOptions,
    /// Other rule levels for some of the files; later tables win over earlier ones.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub overrides: Vec<OverrideOptions>,
}

/// `[environment]`: what the program runs on.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
pub struct EnvironmentOptions {
    /// The Python version or versions that the program supports, such as `"3.12"`. The default is the
    /// lower bound of `requires-python`, then the version of the environment.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub python_version: Option<OneOrMany>,
    /// The platform or platforms that the program runs on: `linux`, `darwin`, `win32` or `all`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub python_platform: Option<OneOrMany>,
    /// A Python interpreter or the folder of an environment, whose packages can be imported.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub python: Option<String>,
    /// The folders that first-party modules are imported from.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub root: Option<Vec<String>>,
    /// Further folders to look for modules in, before all others.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub extra_paths: Option<Vec<String>>,
    /// A folder with a copy of typeshed to use in place of the built-in one.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub typeshed: Option<String>,
}

/// `[src]`: which files are checked.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
pub struct SrcOptions {
    /// Globs of the files and folders to check. The default is the whole project.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub include: Option<Vec<String>>,
    /// Globs of the files and folders not to check.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub exclude: Option<Vec<String>>,
    /// Whether to leave out what `.gitignore` and `.ignore` files name. On by default.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub respect_ignore_files: Option<bool>,
    /// Whether excludes hold for files that are named on the command line too. Off by default.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub force_exclude: Option<bool>,
}

/// `[analysis]`: how the program is analysed.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
pub struct AnalysisOptions {
    /// Whether `# type: ignore` comments suppress diagnostics. On by default.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub respect_type_ignore_comments: Option<bool>,
    /// Other tools whose suppression comments are honoured, for a migration.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub honour_comments: Option<Vec<OtherTool>>,
    /// The file with the findings that are known and not to be reported.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub baseline: Option<String>,
    /// The number of worker threads. The default is the number of processors at hand.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub threads: Option<u32>,
    /// Give a file up after this many seconds. The default is 120.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub max_file_seconds: Option<u32>,
    /// Give a file up when inference for it has taken this many megabytes.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub max_file_memory: Option<u32>,
    /// Keep the whole run below this many megabytes, at the price of speed.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub max_memory: Option<u32>,
}

/// `[audit]`: what `audit` is told.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
pub struct AuditOptions {
    /// Whether others import the project, so that its public names are there for them. The default is what
    /// `pyproject.toml` looks like.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub published: Option<bool>,
    /// Objects that something outside calls: `package.module:name`.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub entry_points: Vec<String>,
    /// Names that are never dead; they may end in `*`.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub keep: Vec<String>,
    /// Dependencies that are used in ways that cannot be seen.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub used_dependencies: Vec<String>,
    /// The modules that a distribution has, where that cannot be told: `{ pillow = ["PIL"] }`.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub modules: BTreeMap<String, Vec<String>>,
    /// What packages may import of each other.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub contracts: Vec<ContractOptions>,
    /// What frameworks of your own find by name, besides those that are known.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub conventions: Vec<ConventionOptions>,
}

/// `[[audit.conventions]]`: what a framework finds by name.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
pub struct ConventionOptions {
    /// What it is called.
    pub name: String,
    /// Dependencies, normalised; it holds in projects that declare one of them.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub packages: Vec<String>,
    /// Modules; it holds in projects that import one of them. Without packages and modules it holds everywhere.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub modules: Vec<String>,
    /// What it keeps.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub keep: Vec<KeepOptions>,
}

/// `[[audit.conventions.keep]]`: names that are used without being named.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
pub struct KeepOptions {
    /// Whether they are names of modules, members of classes, or what tests are called.
    #[serde(rename = "in")]
    pub within: KeptIn,
    /// The names; each may begin or end with `*`.
    pub names: Vec<String>,
    /// Globs of the files that they are in, as findings show them. All by default.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub files: Vec<String>,
    /// Bases, by full name, that their class has (or the class that is kept itself); each may end with `*`, and `*` alone
    /// is any base from outside. Any class by default.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub bases: Vec<String>,
    /// Whether this only makes findings less sure. Off by default.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub perhaps: bool,
}

/// Where names are kept.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum KeptIn {
    /// Among the names of modules.
    Module,
    /// Among the members of classes.
    Class,
    /// In test files, whatever is around it.
    Test,
}

/// `[[audit.contracts]]`: what packages may import of each other.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
pub struct ContractOptions {
    /// What findings call it.
    pub name: String,
    /// What it demands.
    pub kind: ContractKind,
    /// `layers`: the layers, the highest first; none may import one above it.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub layers: Vec<String>,
    /// `independence`, `interface`: the packages that it is about.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub modules: Vec<String>,
    /// `forbidden`, `allowed`: who imports.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub from: Vec<String>,
    /// `forbidden`, `allowed`: what is imported.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub to: Vec<String>,
    /// `interface`: what others may import; `a.b.*` stands for all below `a.b`.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub public: Vec<String>,
    /// Exceptions, as `importer -> imported`.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub ignore: Vec<String>,
    /// Whether imports in functions count. On by default.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub deferred: Option<bool>,
    /// Whether imports for typing count. Off by default.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub typing: Option<bool>,
    /// `allowed`: whether packages of others count too. Off by default.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub outside: Option<bool>,
}

impl ContractOptions {
    /// All modules that it names.
    pub fn names(&self) -> impl Iterator<Item = &str> {
        let lists = [&self.layers, &self.modules, &self.from, &self.to, &self.public];
        lists.into_iter().flatten().map(|name| name.strip_suffix(".*").unwrap_or(name))
    }
}

/// What a contract demands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum ContractKind {
    /// Lower layers do not import higher ones.
    Layers,
    /// The packages do not import each other.
    Independence,
    /// Some do not import others.
    Forbidden,
    /// Some import nothing but what is listed.
    Allowed,
    /// Others import only what is public.
    Interface,
}

/// `[terminal]`: what is printed, and how the run ends.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
pub struct TerminalOptions {
    /// The format of what goes to standard output.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub output_format: Option<FormatOption>,
    /// Whether to use colours. `auto` by default: on a terminal.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub color: Option<ColorOption>,
    /// Whether warnings make the exit code 1 too. Off by default.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub error_on_warning: Option<bool>,
    /// How many GitHub annotations of each level to write before the rest is rolled up.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub github_annotations: Option<u32>,
}

/// `[[overrides]]`: other rule levels for some of the files.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
pub struct OverrideOptions {
    /// Globs of the files that the table holds for, relative to the configuration file. All by default.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub include: Option<Vec<String>>,
    /// Globs of files that it does not hold for.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub exclude: Option<Vec<String>>,
    /// The levels of rules in these files.
    #[serde(default)]
    pub rules: BTreeMap<String, LevelOption>,
}

/// One string, or a list of them.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(untagged, expecting = "expected a string or a list of strings")]
pub enum OneOrMany {
    /// One.
    One(String),
    /// Several, as for a check of several versions in one run.
    Many(Vec<String>),
}

impl OneOrMany {
    /// All of them, in order.
    #[must_use]
    pub fn to_vec(&self) -> Vec<String> {
        match self {
            OneOrMany::One(one) => vec![one.clone()],
            OneOrMany::Many(many) => many.clone(),
        }
    }
}

/// The level of a rule.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum LevelOption {
    /// Not reported.
    Ignore,
    /// Shown, never changes the exit code.
    Info,
    /// Shown; changes the exit code with `error-on-warning`.
    Warn,
    /// Shown, and makes the exit code 1.
    Error,
}

/// A format of reports.
#[derive(
    Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema, clap::ValueEnum,
)]
#[serde(rename_all = "kebab-case")]
pub enum FormatOption {
    /// The source with carets, secondary places and hints.
    Full,
    /// One line a diagnostic.
    Concise,
    /// One JSON document.
    Json,
    /// One JSON object a line.
    JsonLines,
    /// Annotations for GitHub Actions.
    Github,
    /// A GitLab code quality report.
    Gitlab,
    /// A JUnit XML report.
    Junit,
    /// SARIF 2.1.0.
    Sarif,
    /// One page with everything, for a browser.
    Html,
    /// A page for people, as for the summary of a CI job.
    Markdown,
}

/// When to use colours.
#[derive(
    Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize, JsonSchema, clap::ValueEnum,
)]
#[serde(rename_all = "kebab-case")]
pub enum ColorOption {
    /// On a terminal, unless `NO_COLOR` is set.
    #[default]
    Auto,
    /// Always.
    Always,
    /// Never.
    Never,
}

/// Another tool whose suppression comments can be honoured.
#[derive(
    Debug,
    Clone,
    Copy,
    PartialEq,
    Eq,
    PartialOrd,
    Ord,
    Serialize,
    Deserialize,
    JsonSchema,
    clap::ValueEnum,
)]
#[serde(rename_all = "kebab-case")]
pub enum OtherTool {
    /// `# mypy: ignore-errors`.
    Mypy,
    /// `# pyright: ignore`.
    Pyright,
    /// `# ty: ignore`.
    Ty,
    /// `# pyrefly: ignore`.
    Pyrefly,
    /// `# zuban: ignore`.
    Zuban,
}

fn is_default<T: Default + PartialEq>(value: &T) -> bool {
    *value == T::default()
}

/// Lays options over others: what `self` does not say is taken from `below`.
pub trait Over {
    /// `self` where it says something, `below` elsewhere.
    #[must_use]
    fn over(self, below: Self) -> Self;
}

/// Implements [`Over`] field by field for a table whose keys are all `Option`s.
macro_rules! over_by_field {
    ($table:ident { $($field:ident),* $(,)? }) => {
        impl Over for $table {
            fn over(self, below: Self) -> Self {
                // The pattern names every field, so that a new one can't be forgotten here.
                let $table { $($field),* } = self;
                Self { $($field: $field.or(below.$field)),* }
            }
        }
    };
}

over_by_field!(EnvironmentOptions {
    python_version,
    python_platform,
    python,
    root,
    extra_paths,
    typeshed
});
over_by_field!(SrcOptions { include, exclude, respect_ignore_files, force_exclude });
over_by_field!(AnalysisOptions {
    respect_type_ignore_comments,
    honour_comments,
    baseline,
    threads,
    max_file_seconds,
    max_file_memory,
    max_memory
});
over_by_field!(TerminalOptions { output_format, color, error_on_warning, github_annotations });

impl Over for AuditOptions {
    fn over(self, below: Self) -> Self {
        let or = |own: Vec<String>, below: Vec<String>| if own.is_empty() { below } else { own };
        Self {
            published: self.published.or(below.published),
            entry_points: or(self.entry_points, below.entry_points),
            keep: or(self.keep, below.keep),
            used_dependencies: or(self.used_dependencies, below.used_dependencies),
            modules: if self.modules.is_empty() { below.modules } else { self.modules },
            contracts: if self.contracts.is_empty() { below.contracts } else { self.contracts },
            conventions: if self.conventions.is_empty() {
                below.conventions
            } else {
                self.conventions
            },
        }
    }
}

impl Over for Options {
    fn over(self, below: Self) -> Self {
        let mut rules = below.rules;
        if self.rules.contains_key("all") {
            rules.clear();
        }
        rules.extend(self.rules);
        let mut overrides = below.overrides;
        overrides.extend(self.overrides);
        Self {
            environment: self.environment.over(below.environment),
            src: self.src.over(below.src),
            rules,
            analysis: self.analysis.over(below.analysis),
            audit: self.audit.over(below.audit),
            terminal: self.terminal.over(below.terminal),
            overrides,
        }
    }
}

/// The JSON schema of the configuration, with the rule names written out.
#[must_use]
pub fn json_schema(rules: &[(&str, &str)]) -> serde_json::Value {
    let mut schema = schemars::schema_for!(Options).to_value();
    if let Some(definitions) = schema.get_mut("$defs").and_then(|defs| defs.as_object_mut()) {
        let mut properties = serde_json::Map::new();
        let names = std::iter::once(("all", "every rule")).chain(rules.iter().copied());
        for (name, summary) in names {
            properties.insert(
                name.to_owned(),
                serde_json::json!({ "description": summary, "$ref": "#/$defs/LevelOption" }),
            );
        }
        definitions.insert(
            "Rules".to_owned(),
            serde_json::json!({
                "type": "object",
                "properties": properties,
                "additionalProperties": false,
            }),
        );
    }
    let rules_reference = |value: &mut serde_json::Value| {
        if let Some(rules) = value.get_mut("properties").and_then(|all| all.get_mut("rules"))
            && let Some(rules) = rules.as_object_mut()
        {
            rules.retain(|key, _| key == "description" || key == "default");
            rules.insert("$ref".to_owned(), "#/$defs/Rules".into());
        }
    };
    rules_reference(&mut schema);
    if let Some(overrides) = schema.get_mut("$defs").and_then(|all| all.get_mut("OverrideOptions"))
    {
        rules_reference(overrides);
    }
    schema
}
