//! The command as users meet it: each test runs the binary in a folder of its own.
//!
//! The programs hold syntax errors, which every stage of the checker reports alike.

mod audit;
mod baseline;
mod check;
mod comments;
mod config;
mod describe;
mod documents;
mod formats;
mod limits;
mod migrate;
mod monorepo;
mod projects;
mod xml;

use std::path::Path;

use assert_cmd::Command;
use tempfile::TempDir;

/// A folder with files, to run the command in.
pub struct Case {
    folder: TempDir,
}

/// What a run left behind.
pub struct Run {
    pub code: i32,
    pub stdout: String,
    pub stderr: String,
}

/// A file with one error on its line 1, column 5.
pub const WRONG: &str = "x = = 1\n";
/// A file without errors.
pub const RIGHT: &str = "x = 1\n";

impl Case {
    pub fn new(files: &[(&str, &str)]) -> Self {
        let case = Self { folder: TempDir::new().expect("a temporary folder") };
        for (name, text) in files {
            case.write(name, text);
        }
        case
    }

    pub fn path(&self) -> &Path {
        self.folder.path()
    }

    pub fn write(&self, name: &str, text: &str) {
        let path = self.path().join(name);
        std::fs::create_dir_all(path.parent().expect("a parent")).expect("a folder");
        std::fs::write(path, text).expect("a file");
    }

    pub fn read(&self, name: &str) -> String {
        std::fs::read_to_string(self.path().join(name)).expect("a file")
    }

    pub fn command(&self) -> Command {
        let mut command = Command::new(env!("CARGO_BIN_EXE_ropewalk"));
        command.current_dir(self.path());
        for name in [
            "ROPEWALK_CONFIG_FILE",
            "ROPEWALK_OUTPUT_FORMAT",
            "ROPEWALK_THREADS",
            "ROPEWALK_BASELINE",
            "VIRTUAL_ENV",
            "CONDA_PREFIX",
            "NO_COLOR",
            "FORCE_COLOR",
            "CLICOLOR_FORCE",
            "GITHUB_ACTIONS",
            "GITHUB_WORKSPACE",
            "CI_PROJECT_DIR",
            "COLUMNS",
        ] {
            command.env_remove(name);
        }
        command
    }

    pub fn run(&self, arguments: &[&str]) -> Run {
        finish(self.command().args(arguments))
    }

    /// Runs with one variable set.
    pub fn run_with(&self, variable: (&str, &str), arguments: &[&str]) -> Run {
        finish(self.command().env(variable.0, variable.1).args(arguments))
    }
}

fn finish(command: &mut Command) -> Run {
    let output = command.output().expect("the command runs");
    Run {
        code: output.status.code().expect("an exit code"),
        stdout: String::from_utf8(output.stdout).expect("UTF-8"),
        stderr: String::from_utf8(output.stderr).expect("UTF-8"),
    }
}
