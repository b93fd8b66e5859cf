//! The command as users meet it: each test runs the binary in a folder of its own.
//!
//! The programs hold syntax errors, which every stage of the checker reports alike.

mod audit;
mod baseline;
mod check;
mod comments;
mod config;
mod deaths;
mod describe;
mod documents;
mod formats;
mod limits;
mod messages;
mod migrate;
mod monorepo;
mod newcomers;
mod projects;
mod shards;
mod surprises;
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
            "GITHUB_STEP_SUMMARY",
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

    /// Runs with a text on standard input.
    pub fn run_on(&self, input: &str, arguments: &[&str]) -> Run {
        finish(self.command().args(arguments).write_stdin(input))
    }

    /// Runs as a user who owns nothing, where the test may become that; `None` elsewhere.
    #[cfg(unix)]
    pub fn run_as_nobody(&self, arguments: &[&str]) -> Option<Run> {
        use std::os::unix::fs::PermissionsExt;
        use std::os::unix::process::CommandExt;
        let open = || std::fs::Permissions::from_mode(0o755);
        std::fs::set_permissions(self.path(), open()).ok()?;
        // A copy, as the folder of the build may be closed to others.
        let copy = TempDir::new().ok()?;
        let binary = copy.path().join("ropewalk");
        std::fs::copy(env!("CARGO_BIN_EXE_ropewalk"), &binary).ok()?;
        std::fs::set_permissions(copy.path(), open()).ok()?;
        let mut command = std::process::Command::new(&binary);
        command.current_dir(self.path()).args(arguments).env_clear().uid(65_534).gid(65_534);
        let output = command.output().ok()?;
        Some(Run {
            code: output.status.code()?,
            stdout: String::from_utf8(output.stdout).ok()?,
            stderr: String::from_utf8(output.stderr).ok()?,
        })
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
