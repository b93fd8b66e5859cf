//! What cannot be caught inside a process is caught around it: a check runs in a child process.
//!
//! A child that ends with an exit code has done its work, and that is the end here, too. One that dies (its stack
//! overflows, it is killed for memory, a dependency aborts) is started again with one thread, and tells which
//! module it begins. If it dies again, it died on the last of them: that module is given up, and the check is
//! run without it. So one module is lost and not the run. The first child pays for a process that waits; what
//! else this costs, only a run that dies pays.

use std::io::{BufRead, BufReader};
use std::path::Path;
use std::process::{Command, ExitCode, ExitStatus, Stdio};

use super::Exit;
use super::output::note;
use crate::schedule::{BEGINS, GIVEN_UP, GivenUp, TELL};

/// Set in the environment of the child.
const MARK: &str = "ROPEWALK_SUPERVISED";

/// More modules than this are not given up, one after the other: something else is wrong.
const MOST_GIVEN_UP: usize = 16;

/// Runs the command line of this process in a child; `None` when this process is to do the work itself.
pub fn run() -> Option<ExitCode> {
    if std::env::var_os(MARK).is_some() {
        leave_with_parent();
        return None;
    }
    let program = std::env::current_exe().ok()?;
    let mut given_up: Vec<GivenUp> = Vec::new();
    loop {
        let death = match end_of(child(&program, &given_up).status().ok()?) {
            End::Code(code) => return Some(code),
            End::Death(death) => death,
        };
        note(format!("the check was ended by {death}: it is repeated, one module at a time"));
        let (end, last) = search(&program, &given_up)?;
        let death = match end {
            End::Code(code) => return Some(code),
            End::Death(death) => death,
        };
        match last.filter(|path| given_up.iter().all(|known| known.path != *path)) {
            Some(path) if given_up.len() < MOST_GIVEN_UP => {
                note(format!("{path} is given up: it ended the check by {death}"));
                given_up.push(GivenUp { path, reason: death });
            }
            _ => {
                note(format!("error: the check was ended by {death}, and no module can be named"));
                return Some(Exit::Internal.into());
            }
        }
    }
}

/// Ends this process when its parent is gone: whoever kills the parent means the check.
#[cfg(unix)]
fn leave_with_parent() {
    use std::os::unix::process::parent_id;
    use std::time::Duration;
    let parent = parent_id();
    let watch = move || {
        while parent_id() == parent {
            std::thread::sleep(Duration::from_millis(200));
        }
        std::process::exit(143);
    };
    // Without the thread the check goes on by itself, which does no harm.
    let _ = std::thread::Builder::new().stack_size(64 * 1024).spawn(watch);
}

#[cfg(not(unix))]
fn leave_with_parent() {}

fn child(program: &Path, given_up: &[GivenUp]) -> Command {
    let mut command = Command::new(program);
    command.args(std::env::args_os().skip(1)).env(MARK, "1").env_remove(TELL);
    let lines: Vec<String> = given_up.iter().map(GivenUp::to_line).collect();
    command.env(GIVEN_UP, lines.join("\n"));
    command
}

/// Runs a child that tells which module it begins: how it ended, and the last of them.
fn search(program: &Path, given_up: &[GivenUp]) -> Option<(End, Option<String>)> {
    let mut child = child(program, given_up).env(TELL, "1").stderr(Stdio::piped()).spawn().ok()?;
    let mut last = None;
    for line in BufReader::new(child.stderr.take()?).split(b'\n').map_while(Result::ok) {
        let line = String::from_utf8_lossy(&line);
        match line.strip_prefix(BEGINS) {
            Some(path) => last = Some(path.to_owned()),
            None => note(line),
        }
    }
    Some((end_of(child.wait().ok()?), last))
}

/// How a child ended.
enum End {
    Code(ExitCode),
    /// What it died of, in words.
    Death(String),
}

#[cfg(unix)]
fn end_of(status: ExitStatus) -> End {
    use std::os::unix::process::ExitStatusExt;
    const HANGUP: i32 = 1;
    const INTERRUPT: i32 = 2;
    const ABORT: i32 = 6;
    const KILL: i32 = 9;
    const PIPE: i32 = 13;
    const TERMINATE: i32 = 15;
    match status.signal() {
        None => End::Code(ExitCode::from(
            status.code().and_then(|it| it.try_into().ok()).unwrap_or(101),
        )),
        // Somebody wants it to end.
        Some(signal @ (HANGUP | INTERRUPT | PIPE | TERMINATE)) => {
            End::Code(ExitCode::from(u8::try_from(128 + signal).unwrap_or(u8::MAX)))
        }
        Some(ABORT) => End::Death("an abort (a stack overflow, or no memory)".to_owned()),
        Some(KILL) => End::Death("a kill (most likely for its memory)".to_owned()),
        Some(signal) => End::Death(format!("signal {signal}")),
    }
}

#[cfg(not(unix))]
fn end_of(status: ExitStatus) -> End {
    match status.code() {
        Some(code) if u8::try_from(code).is_ok() => {
            End::Code(ExitCode::from(u8::try_from(code).unwrap_or(101)))
        }
        Some(code) => End::Death(format!("exception {code:#x}")),
        None => End::Death("an unknown death".to_owned()),
    }
}
