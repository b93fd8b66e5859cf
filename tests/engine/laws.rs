//! Laws of types on random types, asked through whole programs.
//!
//! One program assigns every one of a handful of random types to every other, and which lines are reported is
//! the relation; a run has a fixed cost, so many questions go into one.

use std::collections::BTreeSet;
use std::fmt::Write;

use proptest::prelude::*;
use proptest::test_runner::Config;

use crate::common::{Program, lines};

const PRELUDE: &str = "\
from typing import Callable, Iterable, Literal, Mapping, Never, Protocol, Sequence
class A: ...
class B(A): ...
class C(A): ...
class D(B, C): ...
class P(Protocol):
    def size(self) -> float: ...
class S:
    def size(self) -> int: return 1
class Box[T]:
    def __init__(self, x: T) -> None: self._x = x
    def get(self) -> T: return self._x
class Cell[T]:
    def __init__(self, x: T) -> None: self.x = x
";

fn atom() -> impl Strategy<Value = String> {
    const NAMES: &[&str] = &[
        "int",
        "str",
        "bool",
        "bytes",
        "object",
        "None",
        "A",
        "B",
        "C",
        "D",
        "P",
        "S",
        "Literal[1]",
        "Literal['a']",
        "Literal[True]",
        "Never",
        "type[A]",
        "type[B]",
    ];
    prop::sample::select(NAMES).prop_map(str::to_owned)
}

/// A fully static type, as it is written. No `float`: its promotion makes it two types.
fn static_type() -> impl Strategy<Value = String> {
    atom().prop_recursive(2, 8, 3, |inner| {
        prop_oneof![
            (inner.clone(), inner.clone()).prop_map(|(a, b)| format!("({a} | {b})")),
            inner.clone().prop_map(|a| format!("list[{a}]")),
            inner.clone().prop_map(|a| format!("Sequence[{a}]")),
            inner.clone().prop_map(|a| format!("Box[{a}]")),
            inner.clone().prop_map(|a| format!("Cell[{a}]")),
            inner.clone().prop_map(|a| format!("tuple[{a}, ...]")),
            (inner.clone(), inner.clone()).prop_map(|(a, b)| format!("tuple[{a}, {b}]")),
            (inner.clone(), inner.clone()).prop_map(|(a, b)| format!("Mapping[{a}, {b}]")),
            (inner.clone(), inner).prop_map(|(a, b)| format!("Callable[[{a}], {b}]")),
        ]
    })
}

/// A type as an annotation: unions of names may not be quoted in part, so all of it is.
fn quoted(ty: &str) -> String {
    format!("\"{}\"", ty.replace('"', "'"))
}

/// The pairs `(from, to)` that are reported when a value of one type is assigned to the other.
fn refused(questions: &[(String, String)]) -> BTreeSet<usize> {
    let mut text = String::from(PRELUDE);
    let first = text.lines().count() + 1;
    for (from, to) in questions {
        let _ = writeln!(text, "def _(a: {}) -> None: b: {} = a", quoted(from), quoted(to));
    }
    let outcome = Program::new(&[("laws.py", &text)]).check();
    let mut found = BTreeSet::new();
    for diagnostic in &outcome.diagnostics {
        let line = diagnostic.location.start.line as usize;
        assert!(
            diagnostic.rule.name == "invalid-assignment" && line >= first,
            "{:#?}",
            lines(&outcome)
        );
        found.insert(line - first);
    }
    found
}

fn config() -> ProptestConfig {
    // A failing seed would be written beside the sources.
    Config { cases: 6, failure_persistence: None, max_shrink_iters: 30, ..Config::default() }
}

proptest! {
    #![proptest_config(config())]

    #[test]
    fn every_type_is_assignable_to_itself_and_to_object(types in prop::collection::vec(static_type(), 40)) {
        let mut questions = Vec::new();
        for ty in &types {
            questions.push((ty.clone(), ty.clone()));
            questions.push((ty.clone(), "object".to_owned()));
            questions.push(("Never".to_owned(), ty.clone()));
            questions.push((ty.clone(), format!("{ty} | None")));
        }
        let refused = refused(&questions);
        let wrong: Vec<_> = refused.iter().map(|at| &questions[*at]).collect();
        prop_assert!(wrong.is_empty(), "{wrong:#?}");
    }

    #[test]
    fn the_order_of_a_union_means_nothing(types in prop::collection::vec(static_type(), 24)) {
        let mut questions = Vec::new();
        for three in types.chunks_exact(3) {
            let (a, b, c) = (&three[0], &three[1], &three[2]);
            questions.push((format!("{a} | {b}"), format!("{b} | {a}")));
            questions.push((format!("{a} | {b} | {c}"), format!("{c} | {a} | {b}")));
            questions.push((format!("({a} | {b}) | {c}"), format!("{a} | ({b} | {c})")));
            questions.push((format!("Cell[{a} | {b}]"), format!("Cell[{b} | {a}]")));
            questions.push((a.clone(), format!("{b} | {a}")));
        }
        let refused = refused(&questions);
        let wrong: Vec<_> = refused.iter().map(|at| &questions[*at]).collect();
        prop_assert!(wrong.is_empty(), "{wrong:#?}");
    }

    #[test]
    fn assignability_of_static_types_is_transitive(types in prop::collection::vec(static_type(), 12)) {
        let count = types.len();
        let pair = |from: usize, to: usize| (types[from].clone(), types[to].clone());
        let questions: Vec<_> =
            (0..count).flat_map(|from| (0..count).map(move |to| (from, to))).map(|(f, t)| pair(f, t)).collect();
        let refused = refused(&questions);
        let goes = |from: usize, to: usize| !refused.contains(&(from * count + to));
        for a in 0..count {
            for b in (0..count).filter(|&b| goes(a, b)) {
                for c in (0..count).filter(|&c| goes(b, c)) {
                    prop_assert!(goes(a, c), "{} to {} to {}", types[a], types[b], types[c]);
                }
            }
        }
    }

    #[test]
    fn a_union_goes_where_both_of_its_members_go(types in prop::collection::vec(static_type(), 18)) {
        let mut questions = Vec::new();
        for three in types.chunks_exact(3) {
            let (a, b, c) = (&three[0], &three[1], &three[2]);
            questions.push((a.clone(), c.clone()));
            questions.push((b.clone(), c.clone()));
            questions.push((format!("{a} | {b}"), c.clone()));
        }
        let refused = refused(&questions);
        for (at, three) in questions.chunks_exact(3).enumerate() {
            let both = !refused.contains(&(at * 3)) && !refused.contains(&(at * 3 + 1));
            prop_assert_eq!(both, !refused.contains(&(at * 3 + 2)), "{:?}", three);
        }
    }

    #[test]
    fn narrowing_never_widens(types in prop::collection::vec(static_type(), 20)) {
        let tests = ["x", "not x", "x is None", "x is not None", "isinstance(x, A)", "not isinstance(x, B)",
            "isinstance(x, (int, str))", "x == 1", "x in (1, 'a')", "callable(x)", "type(x) is int"];
        let mut text = String::from(PRELUDE);
        for (at, ty) in types.iter().enumerate() {
            let test = tests[at % tests.len()];
            let ty = quoted(ty);
            let _ = writeln!(text, "def _(x: {ty}) -> None:\n    if {test}:\n        y: {ty} = x\n    else:\n        z: {ty} = x");
        }
        let outcome = Program::new(&[("laws.py", &text)]).check();
        let wrong: Vec<String> = lines(&outcome).into_iter().filter(|line| line.contains("[invalid-assignment]")).collect();
        prop_assert!(wrong.is_empty() && !outcome.internal_errors, "{:#?}\n{}", wrong, text);
    }

    #[test]
    fn any_is_consistent_with_all(types in prop::collection::vec(static_type(), 20)) {
        let mut text = String::from("from typing import Any\n");
        text.push_str(PRELUDE);
        for ty in types.iter().filter(|ty| !ty.contains("Never")) {
            let ty = quoted(ty);
            let _ = writeln!(text, "def _(a: Any, b: {ty}, c: list[Any]) -> None:\n    x: {ty} = a\n    y: Any = b\n    z: list[{ty}] = c");
        }
        let outcome = Program::new(&[("laws.py", &text)]).check();
        prop_assert!(outcome.diagnostics.is_empty(), "{:#?}", lines(&outcome));
    }
}
