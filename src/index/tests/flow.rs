//! One test for each form of control flow.
//!
//! Line numbers start at 1 in each program.

use super::{SETTINGS, index, reach_of_last, uses, uses_with};
use crate::index::{IndexSettings, Reach, ScopeId};

#[test]
fn straight_line() {
    assert_eq!(
        uses("use(x)\nx = 1\nuse(x)\nx = 2\nuse(x)\ndel x\nuse(x)\n"),
        ["?", "2", "4", "del"]
    );
}

#[test]
fn if_joins_only_what_changed() {
    let source =
        "x = 1\ny = 2\nif c:\n    x = 3\nelif d:\n    pass\nelse:\n    x = 4\nuse(x)\nuse(y)\n";
    assert_eq!(uses(source), ["4 | 1 | 8", "2"]);
}

#[test]
fn if_without_else_may_leave_unbound() {
    assert_eq!(uses("if c:\n    x = 1\nuse(x)\n"), ["2 | ?"]);
    assert_eq!(
        uses("def f():\n    if c:\n        x = 1\n    else:\n        return\n    use(x)\n"),
        ["3"]
    );
}

#[test]
fn tests_narrow() {
    let source = "x = 1\nif x is None:\n    a = use(x)\nelif x == 2:\n    a = use(x)\nelse:\n    a = use(x)\nuse(x)\n";
    assert_eq!(
        uses(source),
        ["1 & x is None", "1 & not x is None & x == 2", "1 & not x is None & not x == 2", "1"]
    );
}

#[test]
fn narrowing_stays_after_an_early_exit() {
    let source = "def f(x):\n    if x is None:\n        return\n    use(x)\n    assert isinstance(x, int)\n    use(x)\n";
    assert_eq!(uses(source), ["1 & not x is None", "1 & not x is None & isinstance(x, int)"]);
}

#[test]
fn and_or_not() {
    let source = "a = 1\nb = 2\nif a and not b:\n    z = use(a)\n    z = use(b)\nelse:\n    z = use(a)\n    z = use(b)\nuse(a)\n";
    assert_eq!(uses(source), ["1 & a", "2 & not b", "1 & not a | 1 & a", "2 | 2 & b", "1"]);
    let source = "a = 1\nif a is None or use(a):\n    z = use(a)\nelse:\n    z = use(a)\nuse(a)\n";
    assert_eq!(
        uses(source),
        [
            "1 & not a is None",
            "1 & a is None | 1 & not a is None & use(a)",
            "1 & not a is None & not use(a)",
            "1"
        ]
    );
}

#[test]
fn values_of_bool_operations_undo_their_narrowing() {
    let source = "a = 1\nb = a and use(a)\nuse(a)\nc = use(a) if a else use(a)\nuse(a)\n";
    assert_eq!(uses(source), ["1 & a", "1", "1 & a", "1 & not a", "1"]);
}

#[test]
fn walrus_in_conditions() {
    let source = "if c and (m := f()):\n    use(m)\nelse:\n    use(m)\nuse(m)\n";
    assert_eq!(uses(source)[0], "1 & m := f()");
    assert_eq!(uses(source)[1], "? | 1 & not m := f()");
    let source = "z = c and (m := f())\nuse(m)\n";
    assert_eq!(uses(source), ["? | 1"]);
    let source = "while (line := f()) is not None:\n    use(line)\nuse(line)\n";
    assert_eq!(
        uses(source),
        ["1 & (line := f()) is not None", "1 & not (line := f()) is not None"]
    );
}

#[test]
fn while_loops() {
    let source = "x = 1\nwhile c:\n    use(x)\n    x = 2\n    if d:\n        x = 3\n        continue\n    if e:\n        x = 4\n        break\nelse:\n    use(x)\nuse(x)\n";
    assert_eq!(uses(source), ["1 | 4 | 6", "1 | 4 | 6", "1 | 4 | 6 | 9"]);
}

#[test]
fn while_true_ends_only_by_break() {
    let source = "while True:\n    x = 1\n    if c:\n        break\nuse(x)\n";
    assert_eq!(uses(source), ["2"]);
    assert_eq!(reach_of_last("while True:\n    pass\nx = 1\n"), "never");
    assert_eq!(reach_of_last("while 1:\n    if c(): break\nx = 1\n"), "always");
}

#[test]
fn for_loops() {
    let source = "for x in xs:\n    use(x)\n    y = 1\nelse:\n    z = 1\nuse(x)\nuse(y)\nuse(z)\n";
    assert_eq!(uses(source), ["1", "? | 1", "? | 3", "5"]);
    let source =
        "x = None\nfor i in y:\n    if x is None:\n        x = i\n    else:\n        use(x)\n";
    assert_eq!(uses(source), ["1 & not x is None | 4 & not x is None"]);
}

#[test]
fn loops_forget_longer_places() {
    let source = "def f(a):\n    if a.b is None:\n        return\n    use(a.b)\n    while c:\n        use(a.b)\n        a = g()\n";
    assert_eq!(uses(source), ["^ & not a.b is None", "^ & not a.b is None | ^"]);
}

#[test]
fn try_handlers_see_any_value() {
    let source = "x = 0\ntry:\n    x = 1\n    x = 2\nexcept E as e:\n    use(x)\n    use(e)\n    x = 3\nelse:\n    use(x)\nuse(x)\nuse(e)\n";
    // Where the last binding is made nothing is left to raise.
    assert_eq!(uses(source), ["1 | 3", "5", "4", "4 | 8", "? | del"]);
    let source = "x = 0\ntry:\n    x = 1\n    g()\nexcept E:\n    use(x)\n";
    assert_eq!(uses(source), ["1 | 3"]);
}

#[test]
fn finally_sees_everything_and_goes_on_normally() {
    let source = "x = 0\ntry:\n    x = 1\nfinally:\n    use(x)\n    y = 1\nuse(x)\nuse(y)\n";
    assert_eq!(uses(source), ["1 | 3", "3", "6"]);
    let source = "while True:\n    try:\n        break\n    finally:\n        x = 1\nuse(x)\n";
    assert_eq!(uses(source), ["5"]);
    assert_eq!(
        reach_of_last(
            "def f():\n    try:\n        return 1\n    finally:\n        g()\n    x = 1\n"
        ),
        "never"
    );
    assert_eq!(reach_of_last("try:\n    x = 1\nfinally:\n    g()\nx = 1\n"), "after g()");
    let source = "try:\n    x = 1\nexcept E:\n    raise\nuse(x)\n";
    assert_eq!(uses(source), ["2"]);
}

#[test]
fn nested_try() {
    let source =
        "try:\n    try:\n        x = 1\n    except A:\n        x = 2\nexcept B:\n    use(x)\n";
    assert_eq!(uses(source), ["? | 3 | 5"]);
}

#[test]
fn with_may_swallow() {
    let source = "x = 1\nwith m as f:\n    x = 2\nuse(x)\nuse(f)\n";
    assert_eq!(uses(source), ["3 | 1", "2"]);
    let source = "def f():\n    with m:\n        return 1\n    x = 1\n";
    assert_eq!(reach_of_last(source), "with swallows");
}

#[test]
fn match_narrows_and_falls_through() {
    let source = "match x:\n    case 1:\n        use(x)\n    case 2 if use(x):\n        use(x)\n    case [y, *z]:\n        use(x)\n        use(y)\n    case other:\n        use(x)\n        use(other)\nuse(y)\n";
    assert_eq!(
        uses(&format!("x = 0\n{source}")),
        [
            "1 & case 1",
            "1 & not case 1 & case 2",
            "1 & not case 1 & case 2 & use(x)",
            "1 & not case 1 & not case 2 & case [y, *z] | 1 & not case 1 & case 2 & not use(x) & case [y, *z]",
            "7",
            "1 & not case 1 & not case 2 & not case [y, *z] | 1 & not case 1 & case 2 & not use(x) & not case [y, *z]",
            "10",
            "? | 7",
        ]
    );
    assert_eq!(reach_of_last("match x:\n    case _:\n        raise E\ny = 1\n"), "never");
    assert_eq!(reach_of_last("match x:\n    case 1:\n        raise E\ny = 1\n"), "not case 1");
}

#[test]
fn attribute_places() {
    let source = "def f(self):\n    use(self.x)\n    self.x = 1\n    use(self.x)\n    if self.x.y is None:\n        use(self.x.y)\n    self = g()\n    use(self.x)\n";
    assert_eq!(uses(source), ["^", "3", "^ & self.x.y is None", "^"]);
    let source = "def f(d, i):\n    d['k'] = 1\n    use(d['k'])\n    use(d['l'])\n    d[i] = 2\n    use(d['k'])\n    d[-1] = 3\n    use(d[-1])\n";
    assert_eq!(uses(source), ["2", "^", "2", "7"]);
}

#[test]
fn tags_narrow_what_they_are_part_of() {
    let source = "def f(a):\n    if a.kind == 'x':\n        use(a)\n        use(a.kind)\n";
    assert_eq!(uses(source), ["1 & a.kind == 'x'", "^ & a.kind == 'x'"]);
}

#[test]
fn reach_follows_calls_and_tests() {
    assert_eq!(reach_of_last("f()\nx = 1\n"), "after f()");
    assert_eq!(reach_of_last("async def g():\n    await f()\n    x = 1\n"), "after await f()");
    assert_eq!(
        reach_of_last("if x is None:\n    f()\nx = 1\n"),
        "(not x is None | x is None, after f())"
    );
    assert_eq!(reach_of_last("if x is None:\n    pass\nx = 1\n"), "always");
    assert_eq!(reach_of_last("if x and y or not z:\n    pass\nx = 1\n"), "always");
    assert_eq!(
        reach_of_last("def f(x):\n    if x is None:\n        return\n    x = 1\n"),
        "not x is None"
    );
    assert_eq!(reach_of_last("if 1 + x:\n    raise E\nx = 1\n"), "always");
    assert_eq!(reach_of_last("raise E\nx = 1\n"), "never");
    assert_eq!(reach_of_last("assert False\nx = 1\n"), "never");
}

#[test]
fn settings_decide() {
    let source = "import sys\nfrom typing import TYPE_CHECKING as TC\nif sys.version_info >= (3, 11):\n    x = 1\nelse:\n    x = 2\nuse(x)\nif sys.platform.startswith('win'):\n    x = 3\nuse(x)\nif TC and not sys.platform == 'darwin':\n    x = 4\nuse(x)\n";
    assert_eq!(uses(source), ["4", "4", "12"]);
    let unknown = IndexSettings { platform: None, ..SETTINGS };
    assert_eq!(uses_with(source, &unknown), ["4", "9 | 4", "12 | 9 | 4"]);
    for (test, truth) in [
        ("sys.version_info[0] == 3", "2"),
        ("sys.version_info[:2] == (3, 12)", "2"),
        ("sys.version_info < (3, 12)", "4"),
        ("sys.version_info <= (3, 12)", "4"),
        ("sys.version_info >= (3, 12, 0)", "2"),
        ("sys.version_info >= (3, 12, 1)", "2 | 4"),
        ("sys.version_info.minor > 11", "2"),
        ("sys.platform in ('linux', 'darwin')", "2"),
        ("not 0", "2"),
        ("None", "4"),
        ("x or True", "2"),
    ] {
        let source = format!("if {test}:\n    a = 1\nelse:\n    a = 2\nuse(a)\n");
        assert_eq!(uses(&source), [truth], "{test}");
    }
}

#[test]
fn comprehensions() {
    let source = "xs = 1\ny = [use(x) for x in xs if x is not None]\nz = [use(w) for a in xs if (w := a)]\nuse(w)\n";
    assert_eq!(uses(source), ["2 & x is not None", "3 & w := a", "? | 3"]);
    let source = "def f(v):\n    if v is None:\n        return\n    return [use(v) for _ in v if v.a and use(v.a)]\n";
    assert_eq!(uses(source), ["^ & v.a", "^ & v.a"]);
}

#[test]
fn every_flow_points_backwards_but_loops() {
    let (index, _ast) = index(
        "x = 1\nwhile c:\n    if d:\n        x = 2\n    elif x:\n        x = 3\n        continue\nf(x)\n",
    );
    for (id, reach) in index.reach.iter_enumerated() {
        if let Reach::AfterCall { previous, .. } | Reach::Condition { previous, .. } = *reach {
            assert!(previous < id);
        }
    }
    let module = &index.scopes[ScopeId::MODULE];
    for (id, flow) in module.flows.iter_enumerated() {
        if let crate::index::Flow::Join(range) = *flow {
            assert!(module.operands(range).iter().all(|operand| operand.flow < id));
        }
    }
}
