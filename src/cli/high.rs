//! Flags, variables and configuration resolved against the world: what will be checked, and how.
//!
//! Flags are turned into [`Options`] and laid over `-c`, which is laid over the configuration file.

use std::io::IsTerminal;
use std::path::{Path, PathBuf};
use std::str::FromStr;

use anyhow::{Context, bail};
use ruff_python_ast::PythonVersion;

use super::engine::{CheckRequest, EnvironmentRequest, FileRequest, Instruments, Limits};
use super::environment::{self, Lookup};
use super::low::{
    CheckArgs, ConfigArgs, EnvironmentArgs, FileArgs, GlobalArgs, LimitArgs, MemoryReport,
    OrderOption, OutputKind, RuleArgs,
};
use crate::infer::facts::MoreFacts;
use crate::policy::Off;
use crate::project::config::{
    ColorOption, ConfigError, ConfigFinder, FormatOption, LevelOption, OneOrMany, Options, Over,
    ProjectConfig, levels_in_order, parse_override, path_dependencies, python_platform,
    python_version, read_config_file,
};
use crate::report::Style;
use crate::rules::{self, Level, RuleLevels};
use crate::schedule::Order;

/// Seconds after which a file is given up unless the configuration says otherwise: far more than any file needs
/// that is not a case of inference without end.
const FILE_SECONDS: u32 = 120;

/// Everything a check needs to know.
pub struct HiArgs {
    /// The folder that the command runs in.
    pub working_directory: PathBuf,
    /// The projects, in order of their roots.
    pub projects: Vec<Project>,
    /// What is printed.
    pub presentation: Presentation,
}

/// One project, with a request for each Python version and platform.
pub struct Project {
    /// The folder as shown, `.` for the working directory.
    pub shown_root: String,
    /// The configuration file, if any.
    pub config_file: Option<PathBuf>,
    /// The options after flags and configuration were laid over one another.
    pub options: Options,
    /// One for each cell of the matrix, at least one.
    pub cells: Vec<Cell>,
    /// The baseline file, absolute.
    pub baseline: Option<PathBuf>,
    /// What was set and has no effect, a sentence each.
    pub warnings: Vec<String>,
}

/// One Python version and platform.
pub struct Cell {
    /// `Python 3.12 on linux`: what differs between the cells.
    pub label: String,
    /// What to check.
    pub request: CheckRequest,
}

/// What is printed, and where.
pub struct Presentation {
    /// The format of stdout.
    pub format: FormatOption,
    /// Formats and files.
    pub files: Vec<(FormatOption, PathBuf)>,
    /// Where the result of a shard goes, `-` for stdout.
    pub results: Vec<PathBuf>,
    /// Whether a report goes to stdout: that of a shard is asked for, or there is none.
    pub reports: bool,
    /// How it looks on stdout.
    pub style: Style,
    /// Whether progress is shown.
    pub progress: bool,
    /// How much is said on stderr.
    pub verbose: u8,
    /// How much is left unsaid.
    pub quiet: u8,
    /// Where the run begins, seen from the top of the checkout of a CI job.
    pub from_top: String,
    /// The page of a CI job, which others write to as well.
    pub step_summary: Option<PathBuf>,
}

impl Presentation {
    /// Whether a report is added to what is in `file` already.
    pub fn appends(&self, file: &Path) -> bool {
        self.step_summary.as_deref() == Some(file)
    }
}

/// The names of all rules, sorted.
#[must_use]
pub fn rule_names() -> Vec<&'static str> {
    rules::ALL.iter().map(|rule| rule.name).collect()
}

/// The level that the configuration means.
#[must_use]
pub fn level(option: LevelOption) -> Level {
    match option {
        LevelOption::Ignore => Level::Ignore,
        LevelOption::Info => Level::Info,
        LevelOption::Warn => Level::Warn,
        LevelOption::Error => Level::Error,
    }
}

/// Resolves the flags of a check.
///
/// # Errors
/// When a configuration or flag is wrong; the message says which and where.
pub fn resolve(
    args: &CheckArgs,
    global: &GlobalArgs,
    lookup: Lookup<'_>,
) -> anyhow::Result<HiArgs> {
    let working_directory = std::env::current_dir().context("the working directory")?;
    let names = rule_names();
    let flags = flag_options(args, &names).map_err(with_our_name)?;
    let found = find_projects(args, &working_directory, &names).map_err(with_our_name)?;
    let explicit = !args.paths.is_empty();
    let off = environment::policies_off(lookup)?;
    let mut projects = Vec::new();
    let members: Vec<ProjectConfig> = found.iter().map(|(config, ..)| config.clone()).collect();
    let members: Vec<&ProjectConfig> = members.iter().collect();
    for (config, paths, nested) in found {
        let options = flags.clone().over(config.options.clone());
        let paths = if explicit { paths } else { vec![config.root.clone()] };
        let scope = Scope {
            paths,
            explicit,
            nested,
            dependencies: dependency_roots(&config, &members, &names),
            working_directory: &working_directory,
            off,
        };
        projects.push(project(args, &config, options, &scope)?);
    }
    let first = projects.first().context("nothing to check")?;
    let presentation = presentation(args, global, &first.options, lookup)?;
    let wants_baseline = args.baseline.update_baseline
        || args.baseline.prune_baseline
        || args.baseline.error_stale_baseline;
    if wants_baseline && projects.iter().all(|project| project.baseline.is_none()) {
        bail!("no baseline: give --baseline FILE or set `analysis.baseline`");
    }
    Ok(HiArgs { working_directory, projects, presentation })
}

/// An error of a configuration about a rule that another checker has under that name, with ours.
fn with_our_name(error: anyhow::Error) -> anyhow::Error {
    match error.downcast::<ConfigError>() {
        Ok(mut error) => {
            let name = error.key.rsplit('.').next().unwrap_or_default();
            if error.message.starts_with("unknown rule")
                && let Some(rule) = rules::named_elsewhere(name)
            {
                error.hint = Some(format!("it is called `{}` here", rule.name));
            }
            error.into()
        }
        Err(error) => error,
    }
}

/// The flag holds for all projects; what a configuration says is relative to its file.
fn baseline(
    args: &CheckArgs,
    config: &ProjectConfig,
    options: &Options,
    here: &Path,
) -> Option<PathBuf> {
    if let Some(flag) = &args.baseline.baseline {
        return Some(absolute(here, flag));
    }
    let folder = config.file.as_deref().and_then(Path::parent).unwrap_or(here);
    Some(absolute(folder, Path::new(options.analysis.baseline.as_ref()?)))
}

type Found = (ProjectConfig, Vec<PathBuf>, Vec<PathBuf>);

/// The projects with the paths to check in each and the roots of the projects below each.
fn find_projects(
    args: &CheckArgs,
    working_directory: &Path,
    names: &[&str],
) -> anyhow::Result<Vec<Found>> {
    let mut finder = ConfigFinder::new(names);
    let start = match &args.config.project {
        Some(project) => {
            let folder = absolute(working_directory, project);
            anyhow::ensure!(folder.is_dir(), "--project: no such folder: {}", project.display());
            folder
        }
        None => working_directory.to_owned(),
    };
    if let Some(file) = &args.config.config_file {
        let options = read_config_file(&working_directory.join(file), names)?;
        let mut project = ConfigFinder::new(&[]).project_of(&start).unwrap_or_else(|_| {
            // The file that was named replaces whatever is there, errors included.
            ProjectConfig {
                root: start.clone(),
                name: None,
                file: None,
                options_root: start.clone(),
                options: Options::default(),
                requires_python: None,
                unclear_python: None,
            }
        });
        project.options = options;
        project.file = Some(absolute(working_directory, file));
        project.options_root = project.root.clone();
        let paths = args.paths.iter().map(|path| absolute(working_directory, path)).collect();
        return Ok(vec![(project, paths, Vec::new())]);
    }
    let mut found: Vec<Found> = Vec::new();
    let mut add = |project: ProjectConfig, path: Option<PathBuf>| match found
        .iter_mut()
        .find(|(known, ..)| known.root == project.root)
    {
        Some((_, paths, _)) => paths.extend(path),
        None => found.push((project, path.into_iter().collect(), Vec::new())),
    };
    if args.paths.is_empty() {
        let project = finder.project_of(&start)?;
        // Inside of a project, the project is checked; above several, each of them.
        let root = project.root.clone();
        add(project, None);
        for nested in finder.nested(&root)? {
            add(nested, None);
        }
    } else {
        for path in &args.paths {
            let path = absolute(working_directory, path);
            let is_there = path.try_exists().map_err(|error| {
                let shown = super::engine::shown_path(working_directory, &path);
                let error = error.to_string();
                let words = error.split(" (os error").next().unwrap_or(&error).to_lowercase();
                anyhow::anyhow!("{shown}: {words}")
            })?;
            anyhow::ensure!(is_there, "no such file or folder: {}", path.display());
            let folder =
                if path.is_dir() { path.as_path() } else { path.parent().unwrap_or(&path) };
            let project = match &args.config.project {
                Some(_) => finder.project_of(&start)?,
                None => finder.project_of(folder)?,
            };
            let is_root = path == project.root;
            add(project, Some(path.clone()));
            if path.is_dir() && (is_root || args.config.project.is_none()) {
                for nested in finder.nested(&path)? {
                    let root = nested.root.clone();
                    add(nested, Some(root));
                }
            }
        }
    }
    found.sort_by(|a, b| a.0.root.cmp(&b.0.root));
    let roots: Vec<PathBuf> = found.iter().map(|(project, ..)| project.root.clone()).collect();
    for (project, _, nested) in &mut found {
        let below =
            roots.iter().filter(|root| **root != project.root && root.starts_with(&project.root));
        nested.extend(below.cloned());
    }
    Ok(found)
}

/// `path` made absolute and free of `.` and `..`, without following links.
pub fn absolute(working_directory: &Path, path: &Path) -> PathBuf {
    let mut result = PathBuf::new();
    for component in working_directory.join(path).components() {
        match component {
            std::path::Component::CurDir => {}
            std::path::Component::ParentDir => {
                result.pop();
            }
            other => result.push(other),
        }
    }
    result
}

/// What the flags say, as options; `-c` below the flags proper.
fn flag_options(args: &CheckArgs, names: &[&str]) -> anyhow::Result<Options> {
    let mut options = Options::default();
    environment_flags(&args.environment, &mut options);
    file_flags(&args.files, &mut options);
    limit_flags(&args.limits, &mut options);
    options.terminal.error_on_warning = args.output.error_on_warning.then_some(true);
    check_rule_flags(&args.rules, names)?;
    config_flags(&args.config, options, names)
}

fn environment_flags(args: &EnvironmentArgs, options: &mut Options) {
    let text = |path: &PathBuf| path.to_string_lossy().into_owned();
    let several = |values: &[String]| match values {
        [] => None,
        [one] => Some(OneOrMany::One(one.clone())),
        many => Some(OneOrMany::Many(many.to_vec())),
    };
    options.environment.python = args.python.as_ref().map(text);
    options.environment.typeshed = args.typeshed.as_ref().map(text);
    options.environment.python_version = several(&args.python_version);
    options.environment.python_platform = several(&args.python_platform);
}

fn file_flags(args: &FileArgs, options: &mut Options) {
    options.src.force_exclude = args.force_exclude.then_some(true);
    options.src.respect_ignore_files =
        match (args.respect_ignore_files, args.no_respect_ignore_files) {
            (true, _) => Some(true),
            (_, true) => Some(false),
            _ => None,
        };
}

const fn order(option: OrderOption) -> Order {
    match option {
        OrderOption::TwoPhase => Order::TwoPhase,
        OrderOption::Overlapped => Order::Overlapped,
        OrderOption::Mixed => Order::Mixed,
    }
}

fn limit_flags(args: &LimitArgs, options: &mut Options) {
    options.analysis.threads = args.threads;
    options.analysis.max_memory = args.max_memory;
    options.analysis.max_file_seconds = args.max_file_seconds;
    options.analysis.max_file_memory = args.max_file_memory;
}

fn config_flags(args: &ConfigArgs, flags: Options, names: &[&str]) -> anyhow::Result<Options> {
    let mut options = Options::default();
    for argument in &args.config {
        options = parse_override(argument, names)?.over(options);
    }
    Ok(flags.over(options))
}

fn check_rule_flags(args: &RuleArgs, names: &[&str]) -> anyhow::Result<()> {
    for (name, level) in &args.in_order {
        if name != "all" && !names.contains(&name.as_str()) {
            let flag = self::level(*level).name();
            bail!("--{flag}: {}", super::describe::unknown_rule(name));
        }
    }
    Ok(())
}

/// The source folders of the projects that `config` depends on by path.
fn dependency_roots(
    config: &ProjectConfig,
    members: &[&ProjectConfig],
    names: &[&str],
) -> Vec<PathBuf> {
    let mut roots = Vec::new();
    for folder in path_dependencies(config, members) {
        let known = members.iter().find(|member| member.root == folder);
        let known = known.map(|member| (*member).clone());
        // A configuration that is wrong is told where its project is checked.
        let member = known.or_else(|| ConfigFinder::new(names).project_of(&folder).ok());
        let stated = member.and_then(|member| {
            let roots = member.options.environment.root.as_ref()?;
            Some(roots.iter().map(|root| absolute(&member.options_root, Path::new(root))).collect())
        });
        let usual = || {
            let mut roots: Vec<PathBuf> = ["src", "python"]
                .iter()
                .map(|name| folder.join(name))
                .filter(|it| it.is_dir())
                .collect();
            roots.push(folder.clone());
            roots
        };
        roots.extend(stated.unwrap_or_else(usual));
    }
    roots
}

struct Scope<'a> {
    paths: Vec<PathBuf>,
    explicit: bool,
    nested: Vec<PathBuf>,
    /// Where the projects that this one depends on by path keep their modules.
    dependencies: Vec<PathBuf>,
    working_directory: &'a Path,
    /// Policies that do not hold.
    off: Off,
}

fn project(
    args: &CheckArgs,
    config: &ProjectConfig,
    options: Options,
    scope: &Scope<'_>,
) -> anyhow::Result<Project> {
    let origin = config.file.as_deref().map(|file| file.display().to_string());
    let origin = origin.unwrap_or_else(|| "command line".to_owned());
    let levels = rule_levels(args, &options).with_context(|| origin.clone())?;
    let mut versions = Vec::new();
    let mut warnings = missing_folders(config, &options, scope.working_directory);
    let stated = options.environment.python_version.as_ref().map(OneOrMany::to_vec);
    let version_origin = match (&stated, &config.requires_python) {
        (Some(_), _) if !args.environment.python_version.is_empty() => "--python-version",
        (Some(_), _) => "python-version of the configuration",
        (None, Some(_)) => "requires-python",
        (None, None) => "",
    };
    if stated.is_none() {
        warnings.extend(unclear_version(config));
    }
    let stated = stated.or_else(|| Some(vec![clamped(config.requires_python.as_deref()?)]));
    for version in stated.unwrap_or_default() {
        versions.push(Some(wrong("python-version", python_version(&version))?));
    }
    let mut platforms = Vec::new();
    for platform in options.environment.python_platform.iter().flat_map(OneOrMany::to_vec) {
        platforms.push(Some(wrong("python-platform", python_platform(&platform))?));
    }
    if versions.is_empty() {
        versions.push(None);
    }
    if platforms.is_empty() {
        platforms.push(None);
    }
    let request = request(args, config, &options, scope, levels);
    check_folders(args, &request)?;
    let mut cells = Vec::new();
    for version in &versions {
        for platform in &platforms {
            let mut request = request.clone();
            request.environment.python_version = *version;
            request.environment.version_origin = version_origin;
            request.environment.python_platform = *platform;
            let mut label = version.map_or_else(String::new, |version| format!("Python {version}"));
            if let Some(platform) = platform {
                label.push_str(if label.is_empty() { "on " } else { " on " });
                label.push_str(platform.name());
            }
            cells.push(Cell { label, request });
        }
    }
    let shown_root = super::engine::shown_path(scope.working_directory, &config.root);
    let shown_root = if shown_root.is_empty() { ".".to_owned() } else { shown_root };
    let baseline = baseline(args, config, &options, scope.working_directory);
    let config_file = config.file.clone();
    Ok(Project { shown_root, config_file, options, cells, baseline, warnings })
}

/// Folders of the configuration that are not there.
fn missing_folders(config: &ProjectConfig, options: &Options, here: &Path) -> Vec<String> {
    let environment = &options.environment;
    let lists = [("root", &environment.root), ("extra-paths", &environment.extra_paths)];
    let mut warnings = Vec::new();
    for (key, folders) in lists {
        for folder in folders.iter().flatten() {
            let path = absolute(&config.options_root, Path::new(folder));
            if !path.is_dir() {
                let shown = super::engine::shown_path(here, &path);
                warnings.push(format!("`environment.{key}`: there is no folder `{shown}`"));
            }
        }
    }
    warnings
}

/// What `requires-python` says that can't be taken as it is.
fn unclear_version(config: &ProjectConfig) -> Option<String> {
    if let Some(text) = &config.unclear_python {
        return Some(format!("`requires-python`: no Python version can be read out of `{text}`"));
    }
    let stated = config.requires_python.as_deref()?;
    let used = clamped(stated);
    (used != stated).then(|| {
        format!("`requires-python` begins with Python {stated}, and is checked for Python {used}")
    })
}

fn request(
    args: &CheckArgs,
    config: &ProjectConfig,
    options: &Options,
    scope: &Scope<'_>,
    rules: RuleLevels,
) -> CheckRequest {
    // Paths of the command line are relative to the working directory, others to their file.
    let place = |flag: &Option<PathBuf>, option: &Option<String>| match (flag, option) {
        (Some(flag), _) => Some(absolute(scope.working_directory, flag)),
        (None, Some(option)) => Some(absolute(&config.options_root, Path::new(option))),
        (None, None) => None,
    };
    let within = |paths: &Option<Vec<String>>| -> Option<Vec<PathBuf>> {
        let paths = paths.as_ref()?.iter();
        Some(paths.map(|path| absolute(&config.options_root, Path::new(path))).collect())
    };
    let mut extra_paths: Vec<PathBuf> = args
        .environment
        .extra_search_path
        .iter()
        .map(|path| absolute(scope.working_directory, path))
        .collect();
    extra_paths.extend(within(&options.environment.extra_paths).unwrap_or_default());
    extra_paths.extend(scope.dependencies.iter().cloned());
    let mut exclude = options.src.exclude.clone().unwrap_or_default();
    exclude.extend(args.files.exclude.iter().cloned());
    let mut honour_comments = options.analysis.honour_comments.clone().unwrap_or_default();
    honour_comments.sort();
    honour_comments.dedup();
    CheckRequest {
        root: config.root.clone(),
        working_directory: scope.working_directory.to_owned(),
        paths: scope.paths.clone(),
        paths_are_explicit: scope.explicit,
        nested_projects: scope.nested.clone(),
        environment: EnvironmentRequest {
            python_version: None,
            version_origin: "",
            python_platform: None,
            python: place(&args.environment.python, &options.environment.python),
            roots: within(&options.environment.root),
            extra_paths,
            typeshed: place(&args.environment.typeshed, &options.environment.typeshed),
        },
        files: FileRequest {
            include: options.src.include.clone().unwrap_or_default(),
            exclude,
            respect_ignore_files: options.src.respect_ignore_files.unwrap_or(true),
            force_exclude: options.src.force_exclude.unwrap_or(false),
            flags: args.files.exclude.clone(),
        },
        rules,
        respect_type_ignore: options.analysis.respect_type_ignore_comments.unwrap_or(true),
        honour_comments,
        limits: Limits {
            threads: options.analysis.threads,
            order: args.instruments.order.map_or_else(Order::default, order),
            file_seconds: Some(options.analysis.max_file_seconds.unwrap_or(FILE_SECONDS)),
            file_memory: options.analysis.max_file_memory,
            memory: options.analysis.max_memory,
        },
        instruments: Instruments {
            timings: args.instruments.timings,
            trace: args.instruments.trace.clone(),
            memory_report: args.instruments.memory_report.map(|kind| {
                match kind {
                    MemoryReport::Short => "short",
                    MemoryReport::Full => "full",
                    MemoryReport::Json => "json",
                }
                .to_owned()
            }),
            off: scope.off,
        },
        facts: false,
        more_facts: MoreFacts::default(),
        is_last: false,
    }
}

/// Folders that were named on purpose must be there.
fn check_folders(args: &CheckArgs, request: &CheckRequest) -> anyhow::Result<()> {
    let environment = &request.environment;
    let flags = args.environment.extra_search_path.len();
    for path in environment.extra_paths.iter().take(flags) {
        anyhow::ensure!(path.is_dir(), "--extra-search-path: no such folder: {}", path.display());
    }
    if let Some(typeshed) = &environment.typeshed {
        anyhow::ensure!(
            typeshed.join("stdlib").is_dir(),
            "no typeshed at `{}`: expected a folder with `stdlib` in it",
            typeshed.display()
        );
    }
    Ok(())
}

fn rule_levels(args: &CheckArgs, options: &Options) -> anyhow::Result<RuleLevels> {
    let mut levels = RuleLevels::default();
    let names_exist = levels_in_order(&options.rules)
        .into_iter()
        .all(|(name, option)| levels.set(name, level(option)));
    anyhow::ensure!(names_exist, "a rule of the configuration does not exist");
    for table in &options.overrides {
        let rules: Vec<(&str, Level)> = levels_in_order(&table.rules)
            .into_iter()
            .map(|(name, option)| (name, level(option)))
            .collect();
        let exclude = table.exclude.as_deref().unwrap_or_default();
        levels.add_override(table.include.as_deref(), exclude, &rules).context("`overrides`")?;
    }
    // Flags win over everything, overrides for single files included.
    for (name, option) in &args.rules.in_order {
        levels.add_override(None, &[], &[(name.as_str(), level(*option))])?;
    }
    Ok(levels)
}

/// An error of a flag: those of the configuration are found when it is read.
fn wrong<T>(flag: &str, result: Result<T, String>) -> anyhow::Result<T> {
    result.map_err(|error| anyhow::anyhow!("--{flag}: {error}"))
}

/// A lower bound of `requires-python` brought into the range that can be checked.
fn clamped(version: &str) -> String {
    match PythonVersion::from_str(version) {
        Ok(version) if version < PythonVersion::PY38 => PythonVersion::PY38.to_string(),
        Ok(version) if version > PythonVersion::PY314 => PythonVersion::PY314.to_string(),
        _ => version.to_owned(),
    }
}

fn presentation(
    args: &CheckArgs,
    global: &GlobalArgs,
    options: &Options,
    lookup: Lookup<'_>,
) -> anyhow::Result<Presentation> {
    let stdout_terminal = std::io::stdout().is_terminal();
    let stderr_terminal = std::io::stderr().is_terminal();
    let when = global.color.or(options.terminal.color).unwrap_or_default();
    let color = |is_terminal: bool| match when {
        ColorOption::Always => true,
        ColorOption::Never => false,
        ColorOption::Auto => environment::color(lookup).unwrap_or(is_terminal),
    };
    let mut to_stdout: Option<FormatOption> = None;
    let (mut files, mut results) = (Vec::new(), Vec::new());
    let mut stdout_taken = false;
    for (kind, file) in &args.output.outputs {
        let is_stdout = file.as_os_str() == "-";
        if is_stdout && std::mem::replace(&mut stdout_taken, true) {
            bail!("-o: only one format can go to stdout");
        }
        match kind {
            OutputKind::Shard => results.push(file.clone()),
            OutputKind::Report(format) if is_stdout => to_stdout = Some(*format),
            OutputKind::Report(format) => files.push((*format, file.clone())),
        }
    }
    let result_on_stdout = results.iter().any(|file| file.as_os_str() == "-");
    let reports = results.is_empty()
        || (!result_on_stdout && (to_stdout.is_some() || args.output.output_format.is_some()));
    let stated = to_stdout.or(args.output.output_format).or(options.terminal.output_format);
    let default =
        if environment::is_github(lookup) { FormatOption::Github } else { FormatOption::Full };
    let columns = lookup("COLUMNS").and_then(|text| text.to_str()?.parse::<usize>().ok());
    let measured = terminal_size::terminal_size().map(|(width, _)| usize::from(width.0));
    let columns = columns.or(measured.filter(|_| stdout_terminal));
    let github = options.terminal.github_annotations;
    Ok(Presentation {
        format: stated.unwrap_or(default),
        files,
        results,
        reports,
        style: Style {
            color: color(stdout_terminal),
            links: stdout_terminal && color(stdout_terminal),
            width: columns.unwrap_or(140).max(40),
            github_annotations: github
                .map_or(Style::default().github_annotations, |count| count as usize),
            quiet: global.quiet > 0,
        },
        progress: stderr_terminal && !args.output.no_progress && global.quiet == 0,
        from_top: environment::from_top(lookup),
        step_summary: environment::step_summary(lookup),
        verbose: global.verbose,
        quiet: global.quiet,
    })
}
