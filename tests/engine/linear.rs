//! Twice the program takes twice the time: shapes that once did not.
//!
//! CPU seconds of a process of their own are compared, so that tests beside this one do not count.

use std::fmt::Write as _;
use std::path::Path;
use std::process::{Command, Stdio};
use std::time::Duration;

use wait4::Wait4 as _;

/// Files by their names.
type Files = Vec<(String, String)>;

fn one(text: String) -> Files {
    vec![("a.py".to_owned(), text)]
}

fn cpu_of(folder: &Path) -> Duration {
    let child = Command::new(assert_cmd::cargo::cargo_bin!("ropewalk"))
        .args(["check", "--threads", "1", "--output-format", "concise", "-q"])
        .current_dir(folder)
        .env("ROPEWALK_SUPERVISED", "1")
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .spawn()
        .expect("the binary");
    let used = child.wait4().expect("it ends");
    assert!(used.status.code().is_some_and(|code| code < 2), "{:?}", used.status);
    used.rusage.utime + used.rusage.stime
}

fn measure(files: &Files) -> Duration {
    let folder = tempfile::tempdir().expect("a folder");
    for (name, text) in files {
        let path = folder.path().join(name);
        std::fs::create_dir_all(path.parent().expect("a parent")).expect("a folder");
        std::fs::write(path, text).expect("written");
    }
    // The best of two: what is measured is the program, and not the machine.
    cpu_of(folder.path()).min(cpu_of(folder.path()))
}

/// Four times the program may take six times as long, and a moment; sixteen times would be quadratic.
fn is_linear(name: &str, small: usize, shape: impl Fn(usize) -> Files) {
    let (short, long) = (measure(&shape(small)), measure(&shape(4 * small)));
    eprintln!("{name}: {short:?} -> {long:?}");
    assert!(long < 6 * short + Duration::from_millis(150), "{name}: {short:?} -> {long:?}");
}

fn repeated(head: &str, times: usize, tail: &str, line: impl Fn(usize) -> String) -> Files {
    let mut text = head.to_owned();
    for at in 0..times {
        text += &line(at);
    }
    one(text + tail)
}

#[test]
fn names_assigned_from_each_other_under_conditions() {
    let head = "def c() -> bool: ...\nx = 1\ny = ''\n";
    is_linear("assigned", 1_000, |times| {
        repeated(head, times, "", |_| "if c():\n    x = y\nif c():\n    y = x\n".to_owned())
    });
}

#[test]
fn tests_of_one_name() {
    let branch = |at: usize| format!("    elif x == 's{at}': y = {at}\n");
    for (head, end) in [("def f(x):", "return y"), ("def f(x: str):", "reveal_type(y)")] {
        let head = format!("{head}\n    if x == 's': y = 0\n");
        let tail = format!("    else: y = None\n    {end}\n");
        is_linear(end, 4_000, |times| repeated(&head, times, &tail, branch));
    }
    let tail = "x == 's':\n        reveal_type(x)\n    else: reveal_type(x)\n";
    is_linear("or", 4_000, |times| {
        repeated("def f(x: str):\n    if ", times, tail, |at| format!("x == 'a{at}' or "))
    });
}

#[test]
fn attributes_of_one_class() {
    is_linear("attributes", 1_500, |times| {
        let mut text = "class A:\n    def __init__(self):\n".to_owned();
        for at in 0..times {
            let _ = writeln!(text, "        self.a{at} = {at}");
        }
        text += "    def f(self):\n";
        for at in 0..times {
            let _ = writeln!(text, "        self.a{at} = self.a{}", (at + 1) % times);
        }
        one(text)
    });
}

#[test]
fn names_by_way_of_many_modules() {
    is_linear("star imports", 100, |modules| {
        let own = |at: usize| {
            (0..20).fold(String::new(), |text, name| text + &format!("x{at}_{name} = {name}\n"))
        };
        let text = |at: usize| match at + 1 < modules {
            true => format!("from m{} import *\n{}", at + 1, own(at)),
            false => own(at),
        };
        (0..modules).map(|at| (format!("m{at}.py"), text(at))).collect()
    });
    is_linear("`__all__` in a circle", 150, |modules| {
        let text = |at: usize| {
            let next = (at + 1) % modules;
            format!(
                "import m{next}\nfrom m{next} import *\n__all__ = ['y{at}'] + m{next}.__all__\ny{at} = 1\n"
            )
        };
        (0..modules).map(|at| (format!("m{at}.py"), text(at))).collect()
    });
}

#[test]
fn definitions_that_lead_to_each_other() {
    // Each member of one protocol asks whether the other's member fits, and that asks for all members again.
    let class = |name: &str, kind: &str, members: usize, member: &dyn Fn(usize) -> String| {
        let start = format!("class {name}({kind}):\n");
        (0..members).fold(start, |text, at| text + "    " + &member(at) + "\n")
    };
    is_linear("protocols", 8, |members| {
        let method = |of: &'static str| move |at: usize| format!("def f{at}(self) -> '{of}': ...");
        one("from typing import Protocol\n".to_owned()
            + &class("A", "Protocol", members, &method("A"))
            + &class("B", "Protocol", members, &method("B"))
            + "def g(a: A) -> B:\n    return a\n")
    });
    is_linear("typed dicts", 8, |members| {
        let item = |of: &'static str| move |at: usize| format!("f{at}: '{of}'");
        one("from typing import TypedDict\n".to_owned()
            + &class("A", "TypedDict", members, &item("A"))
            + &class("B", "TypedDict", members, &item("B"))
            + "def g(a: A) -> B:\n    return a\n")
    });
    is_linear("generic protocols", 8, |members| {
        let method = |of: &'static str, other: &'static str| {
            move |at: usize| format!("def f{at}(self, x: '{other}[T]') -> '{of}[T]': ...")
        };
        let value = "    def value(self) -> T: ...\n";
        one("from typing import Protocol\n".to_owned()
            + &class("A[T]", "Protocol", members, &method("A", "B"))
            + value
            + &class("B[T]", "Protocol", members, &method("B", "A"))
            + value
            + "def h[T](b: B[T]) -> T:\n    return b.value()\ndef g(a: A[int]):\n    return h(a)\n")
    });
}

#[test]
fn members_of_one_enum() {
    let head = |times: usize| {
        let start = "import enum\nclass E(enum.Enum):\n".to_owned();
        (0..times).fold(start, |text, at| text + &format!("    a{at} = {at}\n"))
    };
    is_linear("compared", 100, |times| {
        let line = |at: usize| format!("    if x is E.a{at}: return {at}\n");
        repeated(&(head(times) + "def f(x: E):\n"), times, "    return x\n", line)
    });
    is_linear("matched", 100, |times| {
        let line = |at: usize| format!("        case E.a{at}: y = {at}\n");
        repeated(&(head(times) + "def f(x: E):\n    match x:\n"), times, "    return y\n", line)
    });
}

#[test]
fn pairs_of_members_of_one_enum() {
    // Fewer than the literals of a union: beyond that limit nothing is counted.
    is_linear("matched", 240, |times| {
        let members = (0..times)
            .fold("import enum\nclass E(enum.Enum):\n".to_owned(), |text, at| {
                text + &format!("    a{at} = {at}\n")
            });
        let head = members + "def f(x: E, z: E):\n    match (x, z):\n";
        repeated(&head, times, "    return y\n", |at| {
            format!("        case (E.a{at}, E.a{at}): y = {at}\n")
        })
    });
}

#[test]
fn aliases_of_aliases() {
    is_linear("doubled aliases", 10, |levels| {
        let head = "type T0 = tuple[int, str]\n";
        let tail = format!(
            "def f(x: T{levels}, y: T{levels}):\n    x = y\n    print(x == y, max(x, y))\n    z: list[T{levels}] = [x]\n    return z\n"
        );
        repeated(head, levels, &tail, |at| format!("type T{} = tuple[T{at}, T{at}]\n", at + 1))
    });
}

#[test]
fn packages_within_each_other() {
    is_linear("packages", 100, |depth| {
        let text = "from . import p\nfrom .p import *\nfrom .. import x\nx = 1\n";
        (1..=depth).map(|at| ("p/".repeat(at) + "__init__.py", text.to_owned())).collect()
    });
}

#[test]
fn names_of_many_parts() {
    is_linear("imports", 800, |parts| {
        repeated("", 20, "", |at| format!("import b{at}{}\n", ".a".repeat(parts)))
    });
}

#[test]
fn assignments_of_an_attribute_to_itself() {
    is_linear("lists of it", 120, |times| {
        let head = "class A:\n    def f(self, p):\n";
        let tail = "        return self.x\nA().x\n";
        repeated(head, times, tail, |at| format!("        self.x = [p, {at}, self.x]\n"))
    });
}

#[test]
fn overloads_and_parameters() {
    is_linear("overloads", 100, |times| {
        let classes = (0..times).fold("from typing import *\n".to_owned(), |text, at| {
            text + &format!("class C{at}: ...\n@overload\ndef f(x: C{at}) -> C{at}: ...\n")
        });
        repeated(&(classes + "def f(x): ...\n"), times, "", |at| format!("f(C{at}())\n"))
    });
    is_linear("keywords", 3_000, |times| {
        let names = |more: &str| (0..times).map(|at| format!("a{at}{more}, ")).collect::<String>();
        one(format!("def f({}): ...\nf({})\n", names(""), names("=1")))
    });
}

#[test]
fn lambdas_in_lambdas() {
    is_linear("lambdas", 900, |times| one(format!("x = {}1\n", "lambda: ".repeat(times))));
}

#[test]
fn classes_that_inherit_from_each_other() {
    is_linear("typed dicts", 200, |times| {
        repeated("from typing import TypedDict\nclass N0(TypedDict): ...\n", times, "", |at| {
            format!("class N{}(N{at}):\n    a{at}: int\n", at + 1)
        })
    });
    is_linear("bases", 1_000, |times| {
        let bases = (0..times).map(|at| format!("C{at}, ")).collect::<String>();
        repeated("", times, &format!("class D({bases}): ...\n"), |at| format!("class C{at}: ...\n"))
    });
}

#[test]
fn names_assigned_beside_star_imports() {
    is_linear("star imports one after the other", 500, |size| {
        let module = |at: usize| {
            let import = format!("from m{} import *\n", at + 1);
            (format!("m{at}.py"), format!("{import}__all__ = ['v{at}']\nv{at} = {at}\n"))
        };
        (0..size).map(module).chain([(format!("m{size}.py"), String::new())]).collect()
    });
}

#[test]
fn modules_that_import_all_names_of_each_other() {
    is_linear("star imports in a ring", 60, |size| {
        let module = |at: usize| {
            let next = (at + 1) % size;
            let uses =
                format!("def f{at}(): return len([x{}]), print, absent{at}\n", (at + 2) % size);
            (format!("m{at}.py"), format!("from m{next} import *\nx{at} = {at}\n{uses}"))
        };
        (0..size).map(module).collect()
    });
}

#[test]
fn modules_that_import_all_names_by_two_ways() {
    is_linear("star imports by two ways", 75, |size| {
        let module = |at: usize| {
            let (next, other) = ((at + 1) % size, (at * 3 + 1) % size);
            let stars = format!("from m{next} import *\nfrom m{other} import *\n");
            let own = format!("x{at} = {at}\ndef f{at}(): return x{}\n", (at + 2) % size);
            (format!("m{at}.py"), stars + &own)
        };
        (0..size).map(module).collect()
    });
}

#[test]
fn assignments_of_a_declared_name() {
    let head = "def f(p):\n    x: int | str = 1\n";
    let tail = "    return x\nreveal_type(f(1))\n";
    is_linear("assigned", 2_000, |times| {
        repeated(head, times, tail, |at| format!("    if p == {at}: x = {at}\n    else: x = 'a'\n"))
    });
    is_linear("declared again", 2_000, |times| {
        repeated("def f(p):\n", times, tail, |at| format!("    x: int = p\n    x = {at}\n"))
    });
}

#[test]
fn names_of_an_enclosing_function() {
    is_linear("nonlocal", 2_500, |times| {
        let all = |text: &dyn Fn(usize) -> String| (0..times).map(text).collect::<String>();
        let names = (0..times).map(|at| format!("x{at}")).collect::<Vec<_>>().join(", ");
        let outer = all(&|at| format!("    x{at} = p\n"));
        let inner = all(&|at| format!("        x{at} = x{}\n", (at + 1) % times));
        one(format!(
            "def f(p):\n{outer}    def g():\n        nonlocal {names}\n{inner}    return g\n"
        ))
    });
}

#[test]
fn members_of_the_enum_of_a_method() {
    is_linear("self_is_member", 100, |times| {
        let all = |text: &dyn Fn(usize) -> String| (0..times).map(text).collect::<String>();
        let members = all(&|at| format!("    M{at} = {at}\n"));
        let tests = all(&|at| format!("        if self is E.M{at}:\n            return {at}\n"));
        one(format!("import enum\nclass E(enum.Enum):\n{members}    def m(self):\n{tests}"))
    });
}

#[test]
fn abstract_methods_of_one_class() {
    is_linear("abstract", 2_500, |times| {
        let all = |text: &dyn Fn(usize) -> String| (0..times).map(text).collect::<String>();
        let base = all(&|at| format!("    @abstractmethod\n    def m{at}(self): ...\n"));
        let own = all(&|at| format!("    def m{at}(self): return {at}\n"));
        let calls = "B()\n".repeat(10);
        one(format!(
            "from abc import ABC, abstractmethod\nclass A(ABC):\n{base}class B(A):\n{own}{calls}"
        ))
    });
}

#[test]
fn names_that_inner_functions_assign() {
    is_linear("assigned_within", 250, |times| {
        repeated("def outer():\n    x = 0\n", times, "    return f0()\n", |at| {
            let next = (at * 7) % times;
            format!(
                "    def f{at}():\n        nonlocal x\n        x = x or [{at}]\n        return f{next}() or x\n"
            )
        })
    });
}

#[test]
fn clauses_for_exceptions() {
    is_linear("except", 1_000, |times| {
        let classes = (0..times)
            .fold(String::new(), |text, at| text + &format!("class E{at}(Exception): ...\n"));
        let head = classes + "def f(p):\n    x = None\n    try: x = p()\n";
        repeated(&head, times, "    return x\n", |at| format!("    except E{at} as e: x = e\n"))
    });
}

#[test]
fn conditions_within_conditions() {
    is_linear("and, or", 1_400, |times| {
        let part = |at: usize| if at.is_multiple_of(2) { " or y)" } else { " and y)" };
        let parts = (0..times).map(part).collect::<String>();
        one(format!("def f(x, y):\n    return {}x{parts}\n", "(".repeat(times)))
    });
}

#[test]
fn unions_that_grow_by_aliases() {
    is_linear("aliases", 250, |times| {
        let tail = format!("def f(x: A{times}, y: A{}):\n    x = y\n    y = x\n", times - 1);
        repeated("type A0 = int\n", times, &tail, |at| {
            format!("class C{at}: ...\ntype A{} = A{at} | C{at}\n", at + 1)
        })
    });
}

#[test]
fn names_that_functions_declare_global() {
    is_linear("global", 2_000, |times| {
        repeated("", times, "", |at| {
            let next = (at + 1) % times;
            format!("def g{at}():\n    global x{at}\n    x{at} = x{next}\n")
        })
    });
}

#[test]
fn names_that_are_not_there() {
    is_linear("deleted", 1_500, |times| {
        let all = |text: &dyn Fn(usize) -> String| (0..times).map(text).collect::<String>();
        let names = (0..times).map(|at| format!("x{at}")).collect::<Vec<_>>().join(", ");
        let (bound, uses) = (all(&|at| format!("x{at} = 1\n")), all(&|at| format!("x{at}\n")));
        one(format!("{bound}del {names}\n{uses}"))
    });
}

#[test]
fn mappings_of_which_nothing_is_known() {
    is_linear("mappings", 400, |times| {
        let all = |text: &dyn Fn(usize) -> String| (0..times).map(text).collect::<String>();
        let (parameters, given) = (all(&|at| format!("a{at}=1, ")), all(&|_| "**k(), ".to_owned()));
        one(format!("def f({parameters}): ...\ndef g(k):\n    f({given})\n"))
    });
}

#[test]
fn protocols_that_lead_to_each_other() {
    is_linear("protocols", 150, |times| {
        let head = "from typing import Protocol\nclass A:\n    def f(self) -> 'A': ...\n";
        let uses = (0..times).map(|at| format!("x{at}: P{at} = A()\n")).collect::<String>();
        repeated(head, times, &uses, |at| {
            let next = (at + 1) % times;
            format!("class P{at}(Protocol):\n    def f(self) -> 'P{next}': ...\n")
        })
    });
}

#[test]
fn values_of_many_classes() {
    // Beyond the widest union nothing more is known, and what a test of it finds is part of it.
    is_linear("tested", 300, |times| {
        let classes = (0..times).map(|at| format!("class C{at}: ...\n")).collect::<String>();
        let union = (0..times).map(|at| format!("C{at}")).collect::<Vec<_>>().join(" | ");
        let head = format!("{classes}def f(x: {union}):\n");
        repeated(&head, 100, "    return x\n", |at| {
            format!("    if isinstance(x, (C{at}, C{})): x = x\n", at * 2)
        })
    });
}

#[test]
fn attributes_that_a_loop_hands_round() {
    for (name, statement) in [
        ("rotated", "self.x# = self.x@"),
        ("swapped", "self.x#, self.x@ = self.x@, self.x#"),
        ("collected", "self.x#.append(self.x@); self.x# += [self.x@]; self.x# = self.x@ + [q]"),
    ] {
        is_linear(name, 50, |times| {
            let made = (0..times).fold("class A:\n    def f(self, p):\n".to_owned(), |text, at| {
                text + &format!("        self.x{at} = [{at}]\n")
            });
            let head = made + "        for q in p:\n";
            repeated(&head, times, "        return self.x0\n", |at| {
                let next = ((at + 1) % times).to_string();
                let statement = statement.replace('#', &at.to_string()).replace('@', &next);
                format!("            {statement}\n")
            })
        });
    }
}
