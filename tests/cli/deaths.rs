//! What ends the process in the check of a module costs that module, and not the run.

use crate::Case;

const WRONG: &str = "x: int = ''\n";

#[cfg(unix)]
#[test]
fn a_death_costs_the_module_it_happened_in() {
    let case = Case::new(&[("a.py", WRONG), ("b.py", WRONG), ("c.py", WRONG)]);
    let arguments = ["check", "--output-format", "concise"];
    let plain = case.run(&arguments);
    let others: Vec<&str> = plain.stdout.lines().filter(|line| !line.starts_with("b.py")).collect();
    for (how, reason) in [
        ("overflow", "an abort (a stack overflow, or no memory)"),
        ("abort", "an abort (a stack overflow, or no memory)"),
        ("segv", "signal 11"),
        ("kill", "a kill (most likely for its memory)"),
    ] {
        let run = case.run_with(("ROPEWALK_DIE", &format!("b={how}")), &arguments);
        let skipped = format!(
            "b.py:1:1: warning[file-skipped] File skipped: its check ended the process by {reason}"
        );
        assert!(run.stdout.lines().any(|line| line == skipped), "{how}: {}", run.stdout);
        let rest: Vec<&str> = run.stdout.lines().filter(|line| !line.starts_with("b.py")).collect();
        assert_eq!(rest[..rest.len() - 1], others[..others.len() - 1], "{how}");
        assert!(run.stdout.ends_with("; 1 file was not checked\n"), "{how}: {}", run.stdout);
        assert_eq!(run.code, 1, "{how}");
    }
}

#[cfg(unix)]
#[test]
fn several_deaths_cost_several_modules() {
    let case = Case::new(&[("a.py", WRONG), ("b.py", WRONG)]);
    let arguments = ["check", "--output-format", "concise"];
    let run = case.run_with(("ROPEWALK_DIE", "*=abort"), &arguments);
    assert_eq!(run.stdout.matches("[file-skipped]").count(), 2, "{}", run.stdout);
    assert_eq!(run.code, 1);
}
