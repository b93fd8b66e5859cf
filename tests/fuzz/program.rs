//! Small programs whose definitions refer to one another: few names, so that every second use of one closes a loop.
//!
//! They are meant to parse and to mean something most of the time, and nothing more: aliases that are themselves,
//! classes that are their own `__call__`, loops that feed each other.

use super::random::Random;

const CLASSES: [&str; 4] = ["A", "B", "C", "D"];
const ALIASES: [&str; 3] = ["X", "Y", "Z"];
const FUNCTIONS: [&str; 3] = ["f", "g", "h"];
const VARIABLES: [&str; 4] = ["x", "y", "z", "w"];
const ATTRIBUTES: [&str; 3] = ["a", "b", "c"];
/// Attributes that mean something to the checker.
const KNOWN_ATTRIBUTES: [&str; 14] = [
    "default",
    "validator",
    "value",
    "name",
    "_value_",
    "__call__",
    "get",
    "setter",
    "items",
    "__dict__",
    "append",
    "_replace",
    "__replace__",
    "__class__",
];
const PLAIN: [&str; 12] = [
    "int", "str", "None", "object", "bytes", "float", "bool", "list", "dict", "tuple", "type",
    "Any",
];
const SPECIAL: [&str; 24] = [
    "__new__",
    "__init__",
    "__call__",
    "__get__",
    "__set__",
    "__getattr__",
    "__iter__",
    "__next__",
    "__getitem__",
    "__eq__",
    "__add__",
    "__radd__",
    "__enter__",
    "__exit__",
    "__bool__",
    "__len__",
    "__contains__",
    "__await__",
    "__class_getitem__",
    "__hash__",
    "__iadd__",
    "__or__",
    "__lt__",
    "__init_subclass__",
];
const DECORATORS: [&str; 8] = [
    "property",
    "staticmethod",
    "classmethod",
    "functools.cached_property",
    "overload",
    "final",
    "functools.lru_cache",
    "contextlib.contextmanager",
];
const HEAD: &str = "\
import contextlib, enum, functools
from dataclasses import dataclass
from typing import *
T = TypeVar('T')
S = TypeVar('S')
P = ParamSpec('P')
Ts = TypeVarTuple('Ts')
";

/// Writes one program.
pub struct Writer<'r> {
    random: &'r mut Random,
    out: String,
}

impl<'r> Writer<'r> {
    /// A program.
    pub fn program(random: &'r mut Random) -> String {
        let mut writer = Self { random, out: HEAD.to_owned() };
        for _ in 0..3 + writer.random.below(8) {
            writer.statement(0, 3);
        }
        writer.out
    }

    fn pick(&mut self, names: &[&'static str]) -> &'static str {
        self.random.pick(names)
    }

    fn attribute(&mut self) -> &'static str {
        if self.random.percent(12) { self.pick(&KNOWN_ATTRIBUTES) } else { self.pick(&ATTRIBUTES) }
    }

    fn type_name(&mut self) -> String {
        match self.random.below(10) {
            0..4 => self.pick(&CLASSES).to_owned(),
            4..7 => self.pick(&ALIASES).to_owned(),
            7 => self.pick(&["T", "S", "Self", "Never", "LiteralString"]).to_owned(),
            _ => self.pick(&PLAIN).to_owned(),
        }
    }

    fn ty(&mut self, depth: usize) -> String {
        if depth == 0 || self.random.percent(20) {
            return self.type_name();
        }
        let one = self.ty(depth - 1);
        let two = self.ty(depth - 1);
        match self.random.below(18) {
            0 => format!("list[{one}]"),
            1 => format!("dict[{one}, {}]", two),
            2 => format!("tuple[{one}, {}]", two),
            3 => format!("tuple[{one}, ...]"),
            4 | 5 => format!("{one} | {}", two),
            6 => format!("Callable[[{one}], {}]", two),
            7 => format!("type[{one}]"),
            8 => format!("Optional[{one}]"),
            9 | 10 => format!("{}[{one}]", self.pick(&CLASSES)),
            11 | 12 => format!("{}[{one}]", self.pick(&ALIASES)),
            13 => format!("Callable[P, {one}]"),
            14 => format!("tuple[{one}, *Ts]"),
            15 => {
                let form = self.pick(&[
                    "Iterator",
                    "Iterable",
                    "Awaitable",
                    "Mapping",
                    "Sequence",
                    "Final",
                    "ClassVar",
                    "Required",
                    "TypeIs",
                    "TypeGuard",
                    "Annotated",
                    "Union",
                ]);
                format!("{form}[{one}, 1]")
                    .replace(", 1]", if form == "Annotated" { ", 1]" } else { "]" })
            }
            16 => format!("{}[{one}, {}]", self.pick(&CLASSES), two),
            _ => format!("'{}'", one.replace('\'', "")),
        }
    }

    fn name(&mut self) -> String {
        match self.random.below(10) {
            0..3 => self.pick(&CLASSES),
            3..6 => self.pick(&VARIABLES),
            6..8 => self.pick(&FUNCTIONS),
            _ => self.pick(&["self", "p", "1", "''", "()", "[]", "{}", "None", "super()", "X"]),
        }
        .to_owned()
    }

    fn expression(&mut self, depth: usize) -> String {
        if depth == 0 || self.random.percent(15) {
            return self.name();
        }
        let one = self.expression(depth - 1);
        let two = self.expression(depth - 1);
        match self.random.below(27) {
            0..3 => format!("{one}.{}", self.attribute()),
            3..6 => format!("{one}({})", two),
            6 => format!("{one}()"),
            7 => format!("[{one}, {}]", two),
            8 => format!("[*{one}, {}]", two),
            9 => format!("({one}, {})", two),
            10 => format!("{{{one}: {}}}", two),
            11 => format!("{{**{one}, 'k': {}}}", two),
            12 => format!("(lambda: {one})"),
            13 => format!("(lambda p, q={one}: {})", two),
            14 => format!("({one} if {two} else {})", self.name()),
            15 => {
                let operator = self.pick(&["+", "*", "|", "and", "or", "==", "is", "in", "<"]);
                format!("({one} {operator} {})", two)
            }
            16 => format!("{one}[{}]", two),
            17 => format!("[{one} for p in {}]", two),
            18 => format!("(p for p in {one})"),
            19 => {
                let function = self.pick(&[
                    "list",
                    "dict",
                    "tuple",
                    "set",
                    "type",
                    "iter",
                    "next",
                    "sorted",
                    "zip",
                    "map",
                    "enumerate",
                    "sum",
                    "functools.partial",
                    "functools.reduce",
                    "reveal_type",
                    "isinstance",
                    "max",
                    "reversed",
                ]);
                format!("{function}({one}, {})", two)
            }
            20 => format!("({} := {one})", self.pick(&VARIABLES)),
            21 => format!("(not {one})"),
            22 => format!("f'{{{}}}'", self.name()),
            23 => format!("{one}(*{}, **{})", self.name(), self.name()),
            24 => format!("(yield {one})"),
            25 => format!("(yield from {one})"),
            _ => format!("self.{}", self.attribute()),
        }
    }

    fn line(&mut self, indent: usize, text: &str) {
        for _ in 0..indent {
            self.out.push_str("    ");
        }
        self.out.push_str(text);
        self.out.push('\n');
    }

    fn block(&mut self, indent: usize, depth: usize) {
        for _ in 0..=self.random.below(3) {
            self.statement(indent, depth);
        }
    }

    fn place(&mut self) -> String {
        match self.random.below(3) {
            0 => format!("self.{}", self.attribute()),
            _ => self.pick(&VARIABLES).to_owned(),
        }
    }

    /// Something made of a place.
    fn grown(&mut self, place: &str) -> String {
        let forms = [
            "[@]",
            "(@, @)",
            "{'a': @}",
            "{**@, 'b': @}",
            "[*@, @]",
            "@ + (@,)",
            "@()",
            "list(@)",
            "[@ for p in @]",
            "lambda: @",
            "@ or [@]",
            "(@, *@)",
            "@ * 2",
            "@ + @",
            "zip(@, @)",
            "@[0]",
            "type(@)",
            "functools.partial(@, @)",
            "@.a",
            "map(lambda p: @, @)",
        ];
        self.pick(&forms).replace('@', place)
    }

    fn statement(&mut self, indent: usize, depth: usize) {
        let kind = self.random.below(if depth == 0 { 12 } else { 26 });
        match kind {
            0..3 => {
                let text = format!("{} = {}", self.place(), self.expression(3));
                self.line(indent, &text);
            }
            3..6 => {
                let place = self.place();
                let text = format!("{place} = {}", self.grown(&place));
                self.line(indent, &text);
            }
            6 => {
                let text = format!("{}: {} = {}", self.place(), self.ty(2), self.expression(2));
                self.line(indent, &text);
            }
            7 => {
                let text = format!("return {}", self.expression(3));
                self.line(indent, &text);
            }
            8 => {
                let text = self.expression(3);
                self.line(indent, &text);
            }
            9 => {
                let text = format!("{}, {} = {}", self.place(), self.place(), self.expression(2));
                self.line(indent, &text);
            }
            10 | 11 => self.alias(indent),
            12..16 => {
                let head = match kind {
                    12 => format!("if {}:", self.expression(2)),
                    13 => format!("while {}:", self.expression(1)),
                    14 => format!("for {} in {}:", self.pick(&VARIABLES), self.expression(2)),
                    _ => format!("with {} as {}:", self.expression(2), self.pick(&VARIABLES)),
                };
                self.line(indent, &head);
                self.block(indent + 1, depth - 1);
            }
            16 => {
                self.line(indent, "try:");
                self.block(indent + 1, depth - 1);
                let caught = self.expression(1);
                self.line(indent, &format!("except {caught} as e:"));
                self.block(indent + 1, depth - 1);
            }
            17 => {
                let subject = self.expression(1);
                self.line(indent, &format!("match {subject}:"));
                let class = self.pick(&CLASSES);
                let pattern = match self.random.below(4) {
                    0 => format!("{class}(a=p)"),
                    1 => "[p, *q]".to_owned(),
                    2 => "{'a': p}".to_owned(),
                    _ => format!("{class}()"),
                };
                self.line(indent + 1, &format!("case {pattern}:"));
                self.block(indent + 2, depth - 1);
            }
            18..22 => self.function(indent, depth, false),
            _ => self.class(indent, depth),
        }
    }

    fn alias(&mut self, indent: usize) {
        let (name, value) = (self.pick(&ALIASES), self.ty(3));
        let quoted = value.replace('\'', "");
        let parameters = self.type_params();
        let text = match self.random.below(8) {
            0..3 => format!("type {name}{parameters} = {value}"),
            3 => format!("{name} = {value}"),
            4 => format!("{name}: TypeAlias = '{quoted}'"),
            5 => format!("T = TypeVar('T', bound='{quoted}')"),
            6 => format!("S = TypeVar('S', default='{quoted}')"),
            _ => format!("{name} = NewType('{name}', '{quoted}')"),
        };
        self.line(indent, &text);
    }

    fn type_params(&mut self) -> String {
        match self.random.below(8) {
            0 | 1 => "[T]".to_owned(),
            2 => format!("[T: {}]", self.ty(2)),
            3 => format!("[T = {}]", self.ty(2)),
            4 => format!("[T, S = {}]", self.ty(2)),
            _ => String::new(),
        }
    }

    fn function(&mut self, indent: usize, depth: usize, is_method: bool) {
        if self.random.percent(25) {
            let decorator = match self.random.below(3) {
                0 => self.expression(1),
                _ => self.pick(&DECORATORS).to_owned(),
            };
            self.line(indent, &format!("@{decorator}"));
        }
        let name = match is_method {
            true if self.random.percent(50) => self.pick(&SPECIAL),
            true => self.attribute(),
            false => self.pick(&FUNCTIONS),
        };
        let mut parameters = if is_method { vec!["self".to_owned()] } else { Vec::new() };
        for name in ["p", "q"].into_iter().take(self.random.below(3)) {
            parameters.push(match self.random.below(4) {
                0 => format!("{name}: {}", self.ty(2)),
                1 => format!("{name}={}", self.expression(1)),
                _ => format!("{name}=None"),
            });
        }
        let returns =
            if self.random.percent(35) { format!(" -> {}", self.ty(2)) } else { String::new() };
        let type_params = self.type_params();
        let head = format!("def {name}{type_params}({}){returns}:", parameters.join(", "));
        self.line(indent, &head);
        self.block(indent + 1, depth - 1);
    }

    fn class(&mut self, indent: usize, depth: usize) {
        if self.random.percent(20) {
            self.line(indent, "@dataclass");
        }
        let mut bases = Vec::new();
        match self.random.below(14) {
            0 => bases.push("TypedDict".to_owned()),
            1 => bases.push("NamedTuple".to_owned()),
            2 => bases.push("enum.Enum".to_owned()),
            3 | 4 => bases.push("Protocol".to_owned()),
            5 => bases.push("Generic[T]".to_owned()),
            6 => bases.push("type".to_owned()),
            7 => bases.push(format!("tuple[{}, ...]", self.ty(1))),
            8 => bases.push(format!("list[{}]", self.ty(2))),
            _ => {}
        }
        for _ in 0..self.random.below(3) {
            bases.push(match self.random.below(3) {
                0 => self.ty(2),
                _ => self.pick(&CLASSES).to_owned(),
            });
        }
        if self.random.percent(12) {
            bases.push(format!("metaclass={}", self.pick(&CLASSES)));
        }
        let (name, type_params) = (self.pick(&CLASSES), self.type_params());
        self.line(indent, &format!("class {name}{type_params}({}):", bases.join(", ")));
        for _ in 0..=self.random.below(4) {
            match self.random.below(5) {
                0 => {
                    let text = format!("{}: {}", self.attribute(), self.ty(3));
                    self.line(indent + 1, &text);
                }
                1 => {
                    let text = format!("{}: {}", self.pick(&SPECIAL), self.ty(2));
                    self.line(indent + 1, &text);
                }
                2 => {
                    let text = format!("{} = {}", self.attribute(), self.expression(2));
                    self.line(indent + 1, &text);
                }
                _ => self.function(indent + 1, depth, true),
            }
        }
    }
}
