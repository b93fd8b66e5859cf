//! The flags as they are written: parsed purely, resolved in `high.rs`.
//!
//! Help texts, completions and the man page are made from these definitions.

use std::path::PathBuf;

use clap::{ArgAction, Args, Parser, Subcommand, ValueEnum};

use super::environment;
use serde::{Deserialize, Serialize};

use crate::project::config::{ColorOption, FormatOption};
use crate::rules::nearest;
use crate::shard::Shard;

/// A batch type checker and auditor for whole Python monorepos.
#[derive(Debug, Parser)]
#[command(name = "ropewalk", version, about, after_help = environment::help(), max_term_width = 100)]
pub struct LowArgs {
    /// What to do.
    #[command(subcommand)]
    pub command: Command,
    #[command(flatten)]
    pub global: GlobalArgs,
}

/// Flags of every command.
#[derive(Debug, Clone, Args)]
pub struct GlobalArgs {
    /// Use colours: on a terminal, always or never.
    #[arg(long, global = true, value_name = "WHEN")]
    pub color: Option<ColorOption>,
    /// Say more on stderr: -v projects, configurations and counts; -vv the settings as well;
    /// -vvv each file.
    #[arg(short, long, global = true, action = ArgAction::Count)]
    pub verbose: u8,
    /// Say less: -q no summary and no progress; -qq nothing but the exit code, and what --statistics
    /// asks for.
    #[arg(short, long, global = true, action = ArgAction::Count, conflicts_with = "verbose")]
    pub quiet: u8,
}

/// What to do.
#[derive(Debug, Subcommand)]
pub enum Command {
    /// Check files, folders or the project.
    Check(Box<CheckArgs>),
    /// Ask what of the program is dead, tangled, undeclared or untyped.
    Audit(Box<AuditCommand>),
    /// Put the results of shards together: what one run would have given.
    Merge(Box<MergeArgs>),
    /// Explain a rule: what it reports, why, with an example.
    Explain {
        /// The rule's name.
        rule: String,
    },
    /// List all rules with their levels.
    Rules {
        /// Print JSON.
        #[arg(long)]
        json: bool,
    },
    /// Write a starting configuration, taking over that of mypy, pyright, ty, pyrefly or zuban.
    Init {
        /// The project's folder.
        #[arg(default_value = ".")]
        path: PathBuf,
        /// Replace a configuration that is there.
        #[arg(long)]
        force: bool,
        /// Print the configuration and write nothing.
        #[arg(long)]
        dry_run: bool,
    },
    /// Add suppression comments for all that is found, or take stale ones out.
    Suppress(Box<SuppressArgs>),
    /// Print completions for a shell.
    Completions {
        /// The shell.
        shell: clap_complete::Shell,
    },
    /// Print the man page.
    Man,
    /// Print the JSON schema of the configuration.
    Schema,
}

/// The arguments of `check`. What is not serialized does not change what is found.
#[derive(Debug, Clone, Args, Serialize, Deserialize)]
pub struct CheckArgs {
    /// The files and folders to check; `-` reads them from standard input, one a line. Default: the
    /// project.
    #[arg(value_name = "PATH")]
    pub paths: Vec<PathBuf>,
    #[command(flatten)]
    pub config: ConfigArgs,
    #[command(flatten)]
    pub rules: RuleArgs,
    #[command(flatten)]
    pub environment: EnvironmentArgs,
    #[command(flatten)]
    pub files: FileArgs,
    #[command(flatten)]
    #[serde(skip)]
    pub output: OutputArgs,
    #[command(flatten)]
    #[serde(skip)]
    pub baseline: BaselineArgs,
    #[command(flatten)]
    pub limits: LimitArgs,
    #[command(flatten)]
    #[serde(skip)]
    pub shards: ShardArgs,
    #[command(flatten)]
    #[serde(skip)]
    pub instruments: InstrumentArgs,
}

/// The arguments of `merge`.
#[derive(Debug, Clone, Args)]
pub struct MergeArgs {
    /// The results, as `-o shard:FILE` writes them: one for each shard of a run.
    #[arg(value_name = "FILE", required = true)]
    pub results: Vec<PathBuf>,
    /// Write what each file took, for --shard-times.
    #[arg(long, value_name = "FILE")]
    pub write_shard_times: Option<PathBuf>,
    #[command(flatten)]
    pub output: OutputArgs,
    #[command(flatten)]
    pub baseline: BaselineArgs,
}

/// `audit`: one question, or all of them.
#[derive(Debug, Clone, Args, Serialize, Deserialize)]
#[command(args_conflicts_with_subcommands = true)]
pub struct AuditCommand {
    /// What to ask; everything, if nothing is named.
    #[command(subcommand)]
    pub question: Option<AskedQuestion>,
    #[command(flatten)]
    pub args: AuditArgs,
}

/// A question.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum AuditQuestion {
    Dead,
    Imports,
    Dependencies,
    Types,
    Api,
}

impl AuditQuestion {
    /// All of them, in the order of the report.
    pub const ALL: [Self; 4] = [Self::Dead, Self::Imports, Self::Dependencies, Self::Types];

    /// Whether it needs to know types, and not just what is imported.
    #[must_use]
    pub const fn needs_types(self) -> bool {
        !matches!(self, Self::Imports | Self::Dependencies)
    }
}

/// A question with its flags.
#[derive(Debug, Clone, Subcommand, Serialize, Deserialize)]
pub enum AskedQuestion {
    /// What does nothing use?
    Dead(Box<AuditArgs>),
    /// What imports what in a circle, or against a contract?
    Imports(Box<ImportArgs>),
    /// What is declared and not used, used and not declared, or declared for the wrong purpose?
    Dependencies(Box<AuditArgs>),
    /// How much has types, and where what has none comes from?
    Types(Box<TypeArgs>),
    /// What is offered to others, and what of it has changed?
    Api(Box<ApiArgs>),
    /// What keeps a definition alive?
    Why(Box<WhyArgs>),
}

impl AuditCommand {
    /// The questions that it asks, and its flags.
    pub fn asked(&self) -> (std::collections::BTreeSet<AuditQuestion>, &AuditArgs) {
        match &self.question {
            Some(question) => ([question.kind()].into(), question.args()),
            None => (AuditQuestion::ALL.into(), &self.args),
        }
    }
}

impl AskedQuestion {
    /// Its flags, to be completed.
    pub fn args_mut(&mut self) -> &mut AuditArgs {
        match self {
            Self::Dead(args) | Self::Dependencies(args) => args,
            Self::Imports(args) => &mut args.args,
            Self::Types(args) => &mut args.args,
            Self::Api(args) => &mut args.args,
            Self::Why(args) => &mut args.args,
        }
    }

    /// Which question it is.
    #[must_use]
    pub const fn kind(&self) -> AuditQuestion {
        match self {
            Self::Dead(_) => AuditQuestion::Dead,
            Self::Imports(_) => AuditQuestion::Imports,
            Self::Dependencies(_) => AuditQuestion::Dependencies,
            Self::Types(_) => AuditQuestion::Types,
            Self::Api(_) => AuditQuestion::Api,
            Self::Why(_) => AuditQuestion::Dead,
        }
    }

    /// Its flags.
    #[must_use]
    pub const fn args(&self) -> &AuditArgs {
        match self {
            Self::Dead(args) | Self::Dependencies(args) => args,
            Self::Imports(args) => &args.args,
            Self::Types(args) => &args.args,
            Self::Api(args) => &args.args,
            Self::Why(args) => &args.args,
        }
    }
}

/// The arguments of `audit imports`.
#[derive(Debug, Clone, Args, Serialize, Deserialize)]
pub struct ImportArgs {
    /// Print the graph and report nothing.
    #[arg(long, value_name = "NOTATION")]
    pub graph: Option<GraphOption>,
    /// Draw packages so many names deep as one.
    #[arg(long, value_name = "N", requires = "graph")]
    pub depth: Option<usize>,
    #[command(flatten)]
    pub args: AuditArgs,
}

/// The arguments of `audit types`.
#[derive(Debug, Clone, Args, Serialize, Deserialize)]
pub struct TypeArgs {
    /// Report projects of whose expressions less than this many percent have a known type.
    #[arg(long, value_name = "PERCENT", value_parser = percent)]
    pub min_coverage: Option<f64>,
    /// Report projects of which less has a known type than at this git revision.
    #[arg(long, value_name = "REV")]
    pub since: Option<String>,
    /// Show the shares of these too.
    #[arg(long, value_name = "PART")]
    pub by: Option<PartOption>,
    #[command(flatten)]
    pub args: AuditArgs,
}

/// What coverage is shown by.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum, Serialize, Deserialize)]
pub enum PartOption {
    /// Owners (CODEOWNERS).
    Owner,
    /// Packages.
    Package,
    /// Modules.
    Module,
    /// Functions and classes.
    Symbol,
}

fn percent(text: &str) -> Result<f64, String> {
    let number: f64 = text.parse().map_err(|_| "not a number".to_owned())?;
    (0.0..=100.0)
        .contains(&number)
        .then_some(number)
        .ok_or_else(|| "not between 0 and 100".to_owned())
}

/// The arguments of `audit api`.
#[derive(Debug, Clone, Args, Serialize, Deserialize)]
pub struct ApiArgs {
    /// Report what has changed since this git revision, instead of printing what there is.
    #[arg(long, value_name = "REV")]
    pub since: Option<String>,
    #[command(flatten)]
    pub args: AuditArgs,
}

/// The arguments of `audit why`.
#[derive(Debug, Clone, Args, Serialize, Deserialize)]
pub struct WhyArgs {
    /// The definition: its full name, the end of it, or `package.module:name`.
    pub name: String,
    #[command(flatten)]
    pub args: AuditArgs,
}

/// A notation for graphs.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum, Serialize, Deserialize)]
pub enum GraphOption {
    /// Graphviz.
    Dot,
    /// JSON.
    Json,
    /// Mermaid.
    Mermaid,
}

/// The arguments of the questions.
#[derive(Debug, Clone, Args, Serialize, Deserialize)]
pub struct AuditArgs {
    /// Show findings that are at least so sure. Only certain ones make the exit code 1.
    #[arg(long, value_name = "WORD", default_value = "likely")]
    pub confidence: ConfidenceOption,
    /// Report public names of published packages too.
    #[arg(long)]
    pub exported: bool,
    /// Keep definitions of this name, which may end in `*`.
    #[arg(long, value_name = "NAME")]
    pub keep: Vec<String>,
    /// Take certain dead code out of the files.
    #[arg(long)]
    pub remove: bool,
    /// With --remove: say what would be taken out and change nothing.
    #[arg(long, requires = "remove")]
    pub dry_run: bool,
    #[command(flatten)]
    pub check: CheckArgs,
}

/// How sure a finding is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum, Serialize, Deserialize)]
pub enum ConfidenceOption {
    /// It is so.
    Certain,
    /// It is so unless something unusual is going on.
    Likely,
    /// It may be so; something speaks against it.
    Possible,
}

/// The arguments of `suppress`.
#[derive(Debug, Clone, Args)]
pub struct SuppressArgs {
    /// The files and folders to work on. Default: the project.
    #[arg(value_name = "PATH")]
    pub paths: Vec<PathBuf>,
    /// Take comments out that suppress nothing, and add none.
    #[arg(long)]
    pub remove_unused: bool,
    /// Say what would be changed and change nothing.
    #[arg(long)]
    pub dry_run: bool,
    #[command(flatten)]
    pub config: ConfigArgs,
    #[command(flatten)]
    pub rules: RuleArgs,
    #[command(flatten)]
    pub environment: EnvironmentArgs,
    #[command(flatten)]
    pub files: FileArgs,
    #[command(flatten)]
    pub limits: LimitArgs,
}

/// Where the configuration comes from.
#[derive(Debug, Clone, Args, Serialize, Deserialize)]
#[command(next_help_heading = "Configuration")]
pub struct ConfigArgs {
    /// The project's folder. Default: the nearest one upwards.
    #[arg(long, value_name = "DIR")]
    pub project: Option<PathBuf>,
    /// Use this configuration file and look for no other.
    #[arg(long, value_name = "FILE", env = "ROPEWALK_CONFIG_FILE", hide_env = true)]
    pub config_file: Option<PathBuf>,
    /// Set a configuration key, e.g. -c environment.python-version=3.12.
    #[arg(short, long = "config", value_name = "KEY=VALUE")]
    pub config: Vec<String>,
    /// Print the settings of each project and check nothing.
    #[arg(long)]
    pub show_settings: bool,
}

/// The levels of rules. The later flag wins.
#[derive(Debug, Clone, Args, Serialize, Deserialize)]
#[command(next_help_heading = "Rules")]
pub struct RuleArgs {
    /// Report a rule as an error; `all` for all rules.
    #[arg(long, value_name = "RULE", value_delimiter = ',')]
    #[serde(skip)]
    pub error: Vec<String>,
    /// Report a rule as a warning.
    #[arg(long, value_name = "RULE", value_delimiter = ',')]
    #[serde(skip)]
    pub warn: Vec<String>,
    /// Do not report a rule.
    #[arg(long, value_name = "RULE", value_delimiter = ',')]
    #[serde(skip)]
    pub ignore: Vec<String>,
    /// The rule flags in the order in which they were given; filled in after parsing.
    #[arg(skip)]
    pub in_order: Vec<(String, crate::project::config::LevelOption)>,
}

/// What the program runs on.
#[derive(Debug, Clone, Args, Serialize, Deserialize)]
#[command(next_help_heading = "Environment")]
pub struct EnvironmentArgs {
    /// A Python interpreter or environment whose packages can be imported. Default: VIRTUAL_ENV,
    /// CONDA_PREFIX, .venv in the project or above it (within its repository), then PATH.
    #[arg(long, value_name = "PATH")]
    pub python: Option<PathBuf>,
    /// The Python version, 3.8 to 3.14; several, separated by commas, are all checked. Default: the
    /// lower bound of requires-python.
    #[arg(long, value_name = "VERSION", value_delimiter = ',')]
    pub python_version: Vec<String>,
    /// The platform: linux, darwin, win32 or all; several are all checked.
    #[arg(long, value_name = "PLATFORM", value_delimiter = ',')]
    pub python_platform: Vec<String>,
    /// A copy of typeshed to use in place of the built-in one.
    #[arg(long, value_name = "DIR")]
    pub typeshed: Option<PathBuf>,
    /// A further folder to look for modules in, before all others.
    #[arg(long, value_name = "DIR")]
    pub extra_search_path: Vec<PathBuf>,
}

/// Which files are checked.
#[derive(Debug, Clone, Args, Serialize, Deserialize)]
#[command(next_help_heading = "Files")]
pub struct FileArgs {
    /// A glob of files and folders not to check.
    #[arg(long, value_name = "GLOB")]
    pub exclude: Vec<String>,
    /// Leave out what .gitignore and .ignore files name (the default).
    #[arg(long, overrides_with = "no_respect_ignore_files")]
    pub respect_ignore_files: bool,
    /// Check what .gitignore and .ignore files name too.
    #[arg(long, overrides_with = "respect_ignore_files")]
    pub no_respect_ignore_files: bool,
    /// Leave excluded files out even if they are named.
    #[arg(long)]
    pub force_exclude: bool,
    /// List the files that would be checked, and check nothing.
    #[arg(long)]
    pub show_files: bool,
    /// Check everything, and report only what lies in files changed since this git revision and
    /// what the changes broke elsewhere.
    #[arg(long, value_name = "REV")]
    pub changed_since: Option<String>,
}

/// What is written to a file.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum OutputKind {
    /// A report.
    Report(FormatOption),
    /// The result of a shard, which is all that was found and no report.
    Shard,
}

/// What is printed.
#[derive(Debug, Clone, Default, Args)]
#[command(next_help_heading = "Output")]
pub struct OutputArgs {
    /// The format of what goes to stdout. Default: full.
    #[arg(long, value_name = "FORMAT", env = "ROPEWALK_OUTPUT_FORMAT", hide_env = true)]
    pub output_format: Option<FormatOption>,
    /// Write a report in a format to a file too, `-` for stdout; repeatable. The format `shard` is
    /// for `merge`.
    #[arg(short, long = "output", value_name = "FORMAT:FILE", value_parser = parse_output)]
    pub outputs: Vec<(OutputKind, PathBuf)>,
    /// Exit with 0 whatever is found.
    #[arg(long)]
    pub exit_zero: bool,
    /// Exit with 1 on warnings too.
    #[arg(long)]
    pub error_on_warning: bool,
    /// Print counts by rule, project and owner (CODEOWNERS).
    #[arg(long)]
    pub statistics: bool,
    /// Show no progress.
    #[arg(long)]
    pub no_progress: bool,
}

/// The baseline.
#[derive(Debug, Clone, Default, Args)]
#[command(next_help_heading = "Baseline")]
pub struct BaselineArgs {
    /// A file with known findings, which are not reported.
    #[arg(long, value_name = "FILE", env = "ROPEWALK_BASELINE", hide_env = true)]
    pub baseline: Option<PathBuf>,
    /// Write all that is found into the baseline.
    #[arg(long)]
    pub update_baseline: bool,
    /// Take findings that are gone out of the baseline.
    #[arg(long)]
    pub prune_baseline: bool,
    /// Exit with 1 when findings of the baseline are gone.
    #[arg(long)]
    pub error_stale_baseline: bool,
}

/// Shards.
#[derive(Debug, Clone, Default, Args)]
#[command(next_help_heading = "Shards")]
pub struct ShardArgs {
    /// Check the K-th of N parts of the files. With -o shard:FILE its result is written, `merge` puts
    /// the results of all parts together, and the exit code is 0 whatever is found.
    #[arg(long, value_name = "K/N", group = "part")]
    pub shard: Option<Shard>,
    /// Balance the parts by what files took in an earlier run, which `merge --write-shard-times`
    /// has written; the same file for each part.
    #[arg(long, value_name = "FILE", requires = "part")]
    pub shard_times: Option<PathBuf>,
    /// Print how many parts it takes for each to take so many seconds here, and check nothing.
    #[arg(long, value_name = "auto:SECONDS", value_parser = parse_seconds, group = "part")]
    pub shards: Option<u32>,
}

/// Limits.
#[derive(Debug, Clone, Args, Serialize, Deserialize)]
#[command(next_help_heading = "Limits")]
pub struct LimitArgs {
    /// The number of worker threads. Default: the number of processors at hand.
    #[arg(
        short = 'j',
        long,
        value_name = "N",
        env = "ROPEWALK_THREADS",
        hide_env = true,
        value_parser = |text: &str| whole_number(text, MOST_THREADS)
    )]
    #[serde(skip)]
    pub threads: Option<u32>,
    /// Keep the run below this many megabytes.
    #[arg(long, value_name = "MB", value_parser = |text: &str| whole_number(text, u32::MAX))]
    pub max_memory: Option<u32>,
    /// Give a file up after this many seconds [default: 120].
    #[arg(long, value_name = "SECONDS", value_parser = |text: &str| whole_number(text, u32::MAX))]
    pub max_file_seconds: Option<u32>,
    /// Give a file up when it has taken this many megabytes.
    #[arg(long, value_name = "MB", value_parser = |text: &str| whole_number(text, u32::MAX))]
    pub max_file_memory: Option<u32>,
}

/// Measurements.
#[derive(Debug, Clone, Default, Args)]
#[command(next_help_heading = "Measurements")]
pub struct InstrumentArgs {
    /// Print the time of each phase and the slowest files.
    #[arg(long)]
    pub timings: bool,
    /// When functions are checked; no finding depends on it [default: two-phase].
    #[arg(long, value_name = "ORDER")]
    pub order: Option<OrderOption>,
    /// Write a trace for Chrome or Perfetto.
    #[arg(long, value_name = "FILE")]
    pub trace: Option<PathBuf>,
    /// Print bytes and counts of each structure.
    #[arg(long, value_name = "KIND", num_args = 0..=1, default_missing_value = "short")]
    pub memory_report: Option<MemoryReport>,
}

/// When functions are checked.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum OrderOption {
    /// After the bodies of all modules.
    TwoPhase,
    /// Right after the body of their module.
    Overlapped,
    /// Whenever their turn comes.
    Mixed,
}

/// How much a memory report says.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum MemoryReport {
    /// The largest structures.
    Short,
    /// All of them.
    Full,
    /// All of them, for machines.
    Json,
}

/// `FORMAT:FILE`, or `FORMAT` alone for stdout.
fn parse_output(argument: &str) -> Result<(OutputKind, PathBuf), String> {
    let (format, file) = argument.split_once(':').unwrap_or((argument, "-"));
    if file.is_empty() {
        return Err("expected FORMAT:FILE".to_owned());
    }
    if format.eq_ignore_ascii_case(SHARD) {
        return Ok((OutputKind::Shard, file.into()));
    }
    let format = FormatOption::from_str(format, false).map_err(|_| {
        let known: Vec<String> = FormatOption::value_variants()
            .iter()
            .filter_map(|format| Some(format.to_possible_value()?.get_name().to_owned()))
            .chain([SHARD.to_owned()])
            .collect();
        match nearest(format, known.iter().map(String::as_str)) {
            Some(near) => format!("unknown format `{format}`; did you mean `{near}`?"),
            None => format!("unknown format `{format}`, expected one of {}", known.join(", ")),
        }
    })?;
    Ok((OutputKind::Report(format), file.into()))
}

/// The format of results of shards.
const SHARD: &str = "shard";

/// `auto:SECONDS`.
fn parse_seconds(text: &str) -> Result<u32, String> {
    let wrong = || "expected auto:SECONDS, as auto:60".to_owned();
    whole_number(text.strip_prefix("auto:").ok_or_else(wrong)?, u32::MAX).map_err(|_| wrong())
}

/// More threads than this are a slip of the hand.
const MOST_THREADS: u32 = 1_024;

fn whole_number(text: &str, most: u32) -> Result<u32, String> {
    let wrong = || match most {
        u32::MAX => "expected a whole number from 1".to_owned(),
        most => format!("expected a whole number from 1 to {most}"),
    };
    text.parse().ok().filter(|number| (1..=most).contains(number)).ok_or_else(wrong)
}
