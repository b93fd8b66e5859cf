//! Tests of whole runs over small trees, and of cycles over made-up questions.
//!
//! What matters is that nothing depends on the number of threads or on the order of the work.

use std::collections::BTreeMap;
use std::path::Path;
use std::time::Duration;

use super::keys::{Answer, Key, Question};
use super::load::load;
use super::measure::Clock;
use super::task::Task;
use super::trees::TreePolicy;
use super::world::World;
use super::{Hooks, Limits, RunOutcome, RunRequest, run};
use crate::project::{Environment, Settings, discover};
use crate::store::Scratch;
use crate::types::{DefRef, ModuleId, Type};

/// Stands in for inference in tests of cycles.
pub(super) type Oracle = Box<dyn for<'t> Fn(&'t Task<'t>, &Key<'t>) -> Answer<'t> + Send + Sync>;

fn tree(files: &[(&str, &str)]) -> tempfile::TempDir {
    let folder = tempfile::tempdir().expect("a temporary folder");
    for (path, text) in files {
        let path = folder.path().join(path);
        std::fs::create_dir_all(path.parent().expect("a parent")).expect("folders");
        std::fs::write(path, text).expect("a file");
    }
    folder
}

fn request(folder: &Path, threads: usize, hooks: Hooks) -> RunRequest {
    let settings = Settings::new(folder);
    let files = discover(&[], &settings).files;
    let mut request = RunRequest::new(settings, Environment::default(), files);
    request.threads = Some(threads);
    request.hooks = hooks;
    request
}

fn told(outcome: &RunOutcome) -> Vec<String> {
    let tell = |found: &crate::rules::Diagnostic| {
        let at = &found.location;
        format!(
            "{}:{}:{} {} {}",
            at.path, at.start.line, at.start.column, found.rule.name, found.message
        )
    };
    outcome.diagnostics.iter().map(tell).collect()
}

fn run_one(request: &RunRequest) -> RunOutcome {
    let mut outcomes = run(std::slice::from_ref(request), &|_| {});
    outcomes.pop().expect("an outcome for each request")
}

const CYCLIC: &[(&str, &str)] = &[
    ("a.py", "import b\ndef f(n): return b.g(n) if n else 1\nreveal_type(f(2))\nx = b.y\n"),
    (
        "b.py",
        "import a\nfrom c import h\ndef g(n): return a.f(n - 1) or h(n)\nreveal_type(g(1))\ny = a.x\n",
    ),
    ("c.py", "import a\ndef h(n): return [a.f(n)]\nclass A(a.B): pass\nreveal_type(h(3))\n"),
    ("d.py", "def p(): return q()\ndef q(): return p()\nreveal_type(p())\nz: int = 'a'\n"),
];

#[test]
fn threads_and_order_change_nothing() {
    let folder = tree(CYCLIC);
    let first = told(&run_one(&request(folder.path(), 1, Hooks::default())));
    assert!(!first.is_empty());
    for threads in [1, 2, 8] {
        for seed in 1..4 {
            let hooks = Hooks { shuffle: Some(seed), ..Hooks::default() };
            let again = run_one(&request(folder.path(), threads, hooks));
            assert_eq!(told(&again), first, "{threads} threads, seed {seed}");
        }
    }
}

#[test]
fn a_panic_costs_one_module() {
    let folder = tree(&[("a.py", "x = \n"), ("b.py", "y = \n")]);
    let hooks = Hooks { panic_in: Some("a".to_owned()), ..Hooks::default() };
    let outcome = run_one(&request(folder.path(), 2, hooks));
    let told = told(&outcome);
    assert!(outcome.internal_errors);
    assert!(told.iter().any(|line| line.starts_with("a.py:1:1 internal-error")), "{told:?}");
    assert!(told.iter().any(|line| line.starts_with("b.py:1:5 syntax-error")), "{told:?}");
}

#[test]
fn text_problems_and_comments() {
    let folder =
        tree(&[("a.py", "x = 1  # ropewalk: ignore[no-such]\n"), ("b.py", "def f(:\n  pass\n")]);
    let outcome = run_one(&request(folder.path(), 1, Hooks::default()));
    let told = told(&outcome);
    assert!(told.iter().any(|line| line.contains("a.py:1:27 invalid-ignore")), "{told:?}");
    assert!(told.iter().any(|line| line.contains("b.py:1:7 syntax-error")), "{told:?}");
    assert_eq!(outcome.checked.len(), 2);
    assert_eq!(outcome.measurements.lines, 5);
}

/// A made-up question: the literals it adds itself, what it always asks, and what it asks only if an answer
/// so far has a certain literal.
#[derive(Debug, Clone, Default)]
struct Node {
    own: Option<i64>,
    asks: Vec<u32>,
    asks_if: Vec<(i64, u32)>,
}

struct Random(u64);

impl Random {
    fn below(&mut self, limit: u64) -> u64 {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        (self.0 >> 11) % limit
    }
}

fn random_graph(seed: u64, size: u32, dynamic: bool) -> Vec<Node> {
    let mut random = Random(seed.wrapping_mul(0x9E37_79B9_7F4A_7C15) | 1);
    let mut node = |at: u32| {
        let mut target = || u32::try_from(random.below(u64::from(size))).unwrap_or(0);
        let asks = (0..(at % 3) + 1).map(|_| target()).collect();
        let conditional = if dynamic { vec![(i64::from(target()), target())] } else { Vec::new() };
        let own = at.is_multiple_of(2).then_some(i64::from(at));
        Node { own, asks, asks_if: conditional }
    };
    (0..size).map(&mut node).collect()
}

fn key(index: u32) -> Key<'static> {
    // Far above the definitions of any module: nothing real is meant.
    Key::definition(Question::Return, DefRef { module: ModuleId(0), index: index + 1_000_000 })
}

fn ask<'t>(task: &'t Task<'t>, index: u32) -> Type {
    match task.demand(key(index)) {
        Answer::Type(ty) => ty,
        other => panic!("{other:?}"),
    }
}

fn answer<'t>(task: &'t Task<'t>, nodes: &[Node], index: u32) -> Answer<'t> {
    let cx = task.cx();
    let node = &nodes[(index - 1_000_000) as usize];
    let mut parts: Vec<Type> = node.own.map(|value| cx.int_literal(value)).into_iter().collect();
    for &target in &node.asks {
        parts.push(ask(task, target));
    }
    let so_far = cx.union(parts.clone());
    for &(literal, target) in &node.asks_if {
        let wanted = cx.int_literal(literal);
        if cx.members(so_far).iter().any(|member| cx.same(member, wanted)) {
            parts.push(ask(task, target));
        }
    }
    Answer::Type(cx.union(parts))
}

/// All answers of a graph when asked in this order by so many threads.
fn answers(folder: &Path, nodes: &[Node], order: &[u32], threads: usize) -> BTreeMap<u32, String> {
    let program = load(&[request(folder, 1, Hooks::default())], 1, false, &|_| {});
    let mut world = World::new(program, threads, TreePolicy::default());
    let graph = nodes.to_vec();
    world.oracle = Some(Box::new(move |task, key| answer(task, &graph, key.index)));
    let world = &world;
    std::thread::scope(|scope| {
        for worker in 0..threads {
            scope.spawn(move || {
                for &index in order {
                    let scratch = Scratch::default();
                    let task = Task::new(world, worker, scratch.writer());
                    ask(&task, index);
                }
            });
        }
    });
    let scratch = Scratch::default();
    let task = Task::new(world, 0, scratch.writer());
    let cx = task.cx();
    let show = |index: u32| {
        let ty = ask(&task, index);
        cx.members(ty).iter().map(|ty| format!("{:?} ", ty.as_int())).collect::<String>()
    };
    (0..u32::try_from(nodes.len()).unwrap_or(0)).map(|index| (index, show(index))).collect()
}

#[test]
fn cycles_have_one_answer_whoever_asks_first() {
    let folder = tree(&[("a.py", "")]);
    let start = Clock::start();
    for seed in 1..14 {
        let size = 3 + u32::try_from(seed * 7 % 23).unwrap_or(0);
        let nodes = random_graph(seed, size, seed % 2 == 0);
        let forward: Vec<u32> = (0..size).collect();
        let expected = answers(folder.path(), &nodes, &forward, 1);
        for first in 0..3.min(size) {
            let mut order = forward.clone();
            super::order::shuffle(&mut order, seed + u64::from(first));
            order.rotate_left(first as usize);
            let threads = 1 + first as usize;
            let found = answers(folder.path(), &nodes, &order, threads);
            assert_eq!(found, expected, "seed {seed}, order {order:?}, {nodes:#?}");
        }
        if start.now().as_secs() > 60 {
            break;
        }
    }
}

#[test]
fn a_question_that_only_asks_itself_is_unknown() {
    let folder = tree(&[("a.py", "")]);
    let nodes = vec![
        Node { own: None, asks: vec![1], asks_if: Vec::new() },
        Node { own: None, asks: vec![0], asks_if: Vec::new() },
        Node { own: Some(7), asks: vec![2, 0], asks_if: Vec::new() },
    ];
    let found = answers(folder.path(), &nodes, &[0, 1, 2], 1);
    // `Unknown` is no literal.
    assert_eq!(found[&0], "None ");
    assert_eq!(found[&1], "None ");
    // What is known beside it stays known.
    assert_eq!(found[&2], "Some(7) None ");
}

#[test]
fn a_budget_costs_one_module() {
    let folder = tree(&[("a.py", "x: int = \"\"\n"), ("b.py", "y: int = \"\"\n")]);
    let limits = Limits { file_time: Some(Duration::ZERO), ..Limits::default() };
    let limits_for = |limits: Limits| {
        let request = RunRequest { limits, ..request(folder.path(), 1, Hooks::default()) };
        told(&run_one(&request))
    };
    let both = limits_for(limits);
    assert_eq!(both.len(), 2, "{both:?}");
    assert!(both[0].starts_with("a.py:1:1 file-skipped") && both[0].contains("max-file-seconds"));
    let bytes = Limits { file_bytes: Some(200), ..Limits::default() };
    assert!(limits_for(bytes)[1].contains("b.py:1:1 file-skipped"));
    let wide = Limits {
        file_time: Some(Duration::from_secs(1_000)),
        file_bytes: Some(1 << 30),
        process_bytes: Some(1 << 40),
    };
    assert!(limits_for(wide)[0].starts_with("a.py:1:10 invalid-assignment"));
}
