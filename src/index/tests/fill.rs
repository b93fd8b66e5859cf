//! A tree that is parsed again gets the nodes that indexing it again would give it.

use ruff_python_ast::PySourceType;
use ruff_python_parser::parse_unchecked_source;

use super::{ModuleAst, SETTINGS, index};

const PROGRAM: &str = r#"
import os, sys as system
from a import (b, c as d)
from e import *

type Alias[T] = list[T]

@decorate(lambda x, /, *y, z=1, **k: x)
class C[T: int](Base, metaclass=Meta):
    field: int = 1
    def method(self, first, /, second: "str" = "", *rest, key=None, **keys) -> int:
        self.attribute = first
        self.count += 1
        for index, (left, *right) in enumerate(rest):
            with open(left) as file, other() as (p, q):
                yield index
        try:
            call()
        except ValueError as error:
            return error
        finally:
            done()
        return (yield (yield first))

    async def run(self):
        async with self as s:
            async for item in s:
                if (n := await item) is not None and not (n or self.x):
                    del n
        return [a async for a in s if a for b in a]

def outer[P](value=[x for x in range(3)]):
    global counter
    counter = {k: v for k, v in value}
    match value:
        case {"a": [1, *others], **rest} if others:
            return rest
        case C(x, y=2) | C(x, y=3):
            return x
        case str() as text:
            return f"{text!r:>{len(text)}} {(lambda: text)()}"
    if sys.platform == "win32":
        dead = 1
        def unreached(a): return a
    assert isinstance(value, str), (m := "message")
    while True:
        missing = value is None
        if missing:
            break
    x = y = z[0].w = value
    (yield)
"#;

#[test]
fn a_tree_made_again_has_the_same_nodes() {
    let (frozen, first) = index(PROGRAM);
    let numbering = first.numbering();
    let parsed = parse_unchecked_source(PROGRAM, PySourceType::Python).into_syntax();
    let (again, is_filled) = ModuleAst::again(parsed, &frozen, &numbering, &SETTINGS);
    assert!(is_filled);
    // With the numbers of all nodes, which `Debug` shows.
    assert_eq!(format!("{:#?}", again.module()), format!("{:#?}", first.module()));
    assert_eq!(format!("{:#?}", again.nodes()), format!("{:#?}", first.nodes()));
}

#[test]
fn another_tree_is_indexed_again() {
    let (frozen, first) = index(PROGRAM);
    let numbering = first.numbering();
    let other = parse_unchecked_source("x = 1\ny = 2\n", PySourceType::Python).into_syntax();
    let (again, is_filled) = ModuleAst::again(other, &frozen, &numbering, &SETTINGS);
    assert!(!is_filled);
    assert_eq!(again.nodes().definitions.len(), 2);
}
