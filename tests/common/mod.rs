//! What the tests share: a folder with files in it, and the library's own check on it.
//!
//! Programs are checked in-process, against an empty Python environment, so that a machine's own
//! packages change nothing.

use std::path::{Path, PathBuf};

use ropewalk::cli::engine::{
    CheckOutcome, CheckRequest, EnvironmentRequest, FileRequest, Instruments, Limits, Progress,
    run_engine,
};
use ropewalk::project::config::{LevelOption, Options, python_platform, python_version};
use ropewalk::rules::{Level, RuleLevels};
use tempfile::TempDir;

/// Nobody listens.
pub struct Silent;

impl Progress for Silent {
    fn phase(&self, _name: &'static str, _total: u64) {}
    fn advance(&self, _files: u64) {}
    fn found(&self, _count: u64) {}
}

/// A project in a temporary folder.
pub struct Program {
    folder: TempDir,
}

impl Program {
    /// A project with these files, by paths relative to it.
    pub fn new<N: AsRef<str>, T: AsRef<[u8]>>(files: &[(N, T)]) -> Self {
        let folder = TempDir::new().expect("a temporary folder");
        let program = Self { folder };
        let packages = program.environment().join("lib/python3.14/site-packages");
        std::fs::create_dir_all(packages).expect("a folder");
        std::fs::write(program.environment().join("pyvenv.cfg"), "version = 3.14.0\n")
            .expect("a file");
        std::fs::create_dir_all(program.root()).expect("a folder");
        for (name, text) in files {
            program.write(name.as_ref(), text.as_ref());
        }
        program
    }

    /// The project's folder.
    pub fn root(&self) -> PathBuf {
        self.folder.path().join("project")
    }

    fn environment(&self) -> PathBuf {
        self.folder.path().join("environment")
    }

    /// Adds a file.
    pub fn write(&self, name: &str, text: &[u8]) {
        let path = self.root().join(name);
        std::fs::create_dir_all(path.parent().expect("a parent")).expect("a folder");
        std::fs::write(path, text).expect("a file");
    }

    /// What the command line would ask for with `options` as the configuration.
    pub fn request(&self, options: &Options) -> CheckRequest {
        let mut request = request(&self.root(), options);
        request.environment.python = Some(self.environment());
        request
    }

    /// Checks the whole project with the default configuration.
    pub fn check(&self) -> CheckOutcome {
        run(&self.request(&Options::default()))
    }
}

/// A check of the folder `root` with `options` as the configuration, on Linux with the newest Python
/// unless they say otherwise.
pub fn request(root: &Path, options: &Options) -> CheckRequest {
    let mut rules = RuleLevels::default();
    // The fixtures reveal types all the time, and need not import the function for it.
    assert!(rules.set("undefined-reveal", Level::Ignore));
    for (name, level) in &options.rules {
        let level = match level {
            LevelOption::Ignore => Level::Ignore,
            LevelOption::Info => Level::Info,
            LevelOption::Warn => Level::Warn,
            LevelOption::Error => Level::Error,
        };
        assert!(rules.set(name, level), "no rule is called {name}");
    }
    let environment = &options.environment;
    let first = |values: &Option<ropewalk::project::config::OneOrMany>| {
        values.as_ref().and_then(|values| values.to_vec().first().cloned())
    };
    let version = first(&environment.python_version).unwrap_or_else(|| "3.14".to_owned());
    let platform = first(&environment.python_platform).unwrap_or_else(|| "linux".to_owned());
    CheckRequest {
        root: root.to_owned(),
        working_directory: root.to_owned(),
        paths: vec![root.to_owned()],
        paths_are_explicit: false,
        nested_projects: Vec::new(),
        environment: EnvironmentRequest {
            python_version: Some(python_version(&version).expect("a version")),
            python_platform: Some(python_platform(&platform).expect("a platform")),
            ..EnvironmentRequest::default()
        },
        files: FileRequest::default(),
        rules,
        respect_type_ignore: options.analysis.respect_type_ignore_comments.unwrap_or(true),
        honour_comments: options.analysis.honour_comments.clone().unwrap_or_default(),
        limits: Limits { threads: Some(1), ..Limits::default() },
        instruments: Instruments::default(),
        facts: false,
        more_facts: ropewalk::infer::facts::MoreFacts::default(),
        is_last: false,
    }
}

/// Checks, and expects that the check itself works.
pub fn run(request: &CheckRequest) -> CheckOutcome {
    let mut outcome = run_engine(request, &Silent).expect("the request is well formed");
    outcome.diagnostics.sort_by(|a, b| a.sort_key().cmp(&b.sort_key()));
    outcome
}

/// The diagnostics as lines, `path:line:column: level[rule] message`.
pub fn lines(outcome: &CheckOutcome) -> Vec<String> {
    let line = |diagnostic: &ropewalk::rules::Diagnostic| {
        let place = &diagnostic.location;
        format!(
            "{}:{}:{}: {}[{}] {}",
            place.path,
            place.start.line,
            place.start.column,
            diagnostic.level.name(),
            diagnostic.rule.name,
            diagnostic.message
        )
    };
    outcome.diagnostics.iter().map(line).collect()
}
