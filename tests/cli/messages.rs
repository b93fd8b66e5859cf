//! What findings look like: every rule by the example of its documentation, and every kind of reason.
//!
//! Read the snapshots as a user would. A message says what, its notes say why, and secondary places say where.

use crate::Case;

/// Checks the programs, each a file of its own, and gives what is printed.
fn shown(files: &[(&str, &str)]) -> String {
    let case = Case::new(files);
    let run = case.run(&["check", "--python-version", "3.13", "--python-platform", "linux"]);
    assert!(run.code < 2, "{}", run.stderr);
    run.stdout
}

#[test]
fn every_rule_by_its_example() {
    let examples: Vec<(String, String)> = ropewalk::rules::ALL
        .iter()
        .filter_map(|rule| {
            let (_, example) = rule.documentation.split_once("```python\n")?;
            let (example, _) = example.split_once("```")?;
            // The expectation would be a part of what is shown.
            let lines = example.lines().map(|line| match line.split_once("  # error: [") {
                Some((code, _)) => code.to_owned() + "\n",
                None => line.to_owned() + "\n",
            });
            Some((format!("{}.py", rule.name.replace('-', "_")), lines.collect()))
        })
        .collect();
    let files: Vec<(&str, &str)> =
        examples.iter().map(|(name, text)| (name.as_str(), text.as_str())).collect();
    let case = Case::new(&files);
    // What is installed on this machine is nobody's business.
    case.write(".venv/pyvenv.cfg", "version = 3.13.0\n");
    case.write(".venv/lib/python3.13/site-packages/none.txt", "");
    let arguments =
        ["check", "--python-version", "3.13", "--python-platform", "linux", "--warn", "all"];
    let shown = case.run(&arguments).stdout;
    insta::assert_snapshot!(shown.replace(&case.path().display().to_string(), "<folder>"));
}

/// Reasons by kind: what the program is about, and the program.
const REASONS: &[(&str, &str)] = &[
    (
        "a protocol whose member is missing",
        "from typing import Protocol\n\nclass Closer(Protocol):\n    def close(self) -> None: ...\n    \
         def flush(self) -> None: ...\n\nclass A:\n    def flush(self) -> None: ...\n\ndef f(x: Closer) -> None: ...\n\nf(A())\n",
    ),
    (
        "a protocol whose member takes something else",
        "from typing import Protocol\n\nclass Reader(Protocol):\n    def read(self, size: int) -> bytes: ...\n\n\
         class A:\n    def read(self, size: str) -> bytes: ...\n\nx: Reader = A()\n",
    ),
    (
        "a protocol whose member can be set",
        "from typing import Protocol\n\nclass Named(Protocol):\n    name: str\n\nclass A:\n    @property\n    \
         def name(self) -> str:\n        return ''\n\nx: Named = A()\n",
    ),
    (
        "a callable with another parameter",
        "from collections.abc import Callable\n\ndef f(call: Callable[[int], str]) -> None: ...\n\
         def g(x: str) -> str: ...\ndef h(x: int, y: int) -> str: ...\ndef i(x: int) -> int: ...\n\nf(g)\nf(h)\nf(i)\n",
    ),
    (
        "an invariant container",
        "def f(x: list[float], y: dict[str, float], z: set[float]) -> None: ...\n\n\
         def g(x: list[int], y: dict[str, int], z: set[int]) -> None:\n    f(x, y, z)\n",
    ),
    (
        "type arguments within type arguments",
        "def f(x: list[tuple[int, str]]) -> None: ...\n\ndef g(x: list[tuple[int, int]]) -> None:\n    f(x)\n",
    ),
    (
        "an override with another parameter",
        "class Base:\n    def run(self, name: str, times: int = 1) -> int:\n        return 1\n\nclass A(Base):\n    \
         def run(self, name: str) -> int:\n        return 1\n\nclass B(Base):\n    \
         def run(self, name: int, times: int = 1) -> int:\n        return 1\n",
    ),
    (
        "an override that lacks keyword arguments",
        "class Base:\n    def run(self, a: int, *, extra: str | None = None, deep: bool = False) -> int:\n        \
         return 1\n\nclass A(Base):\n    def run(self, a: int) -> int:\n        return 1\n\nclass B(Base):\n    \
         def run(self, a: int, *, deep: str = '', extra: str | None = None) -> int:\n        return 1\n",
    ),
    (
        "an override whose parameter makes something else of a type variable",
        "from collections.abc import Awaitable, Callable\nfrom typing import TypeVar\n\nT = TypeVar('T')\n\n\
         class Base:\n    def run(self, call: Callable[[], T | Awaitable[T]]) -> T:\n        raise OSError\n\n\
         class A(Base):\n    def run(self, call: Callable[[], T]) -> T:\n        raise OSError\n",
    ),
    (
        "an implementation that takes less than an overload",
        "from typing import overload\n\n@overload\ndef f(x: list[int]) -> int: ...\n@overload\n\
         def f(x: list[str]) -> str: ...\ndef f(x: list[int | str]) -> int | str:\n    raise OSError\n",
    ),
    (
        "a None on both sides, and of a sign",
        "def f(x: int | None, y: int | None) -> bool:\n    -x\n    return x < y\n",
    ),
    (
        "a None that is not what fails",
        "import re\n\ndef f(x: re.Match[str] | None) -> None:\n    len(x)\n",
    ),
    (
        "the value of a key",
        "from typing import TypedDict\n\nclass File(TypedDict):\n    name: str\n    size: int\n\n\
         def f(x: File) -> File:\n    x['size'] = ''\n    return {'name': '', 'size': ''}\n",
    ),
    (
        "a type variable with a bound",
        "from typing import TypeVar\n\nclass Shape: ...\n\nT = TypeVar('T', bound=Shape)\n\n\
         def largest(x: list[T]) -> T: ...\n\nlargest([1])\nsorted([object()])\n",
    ),
    (
        "a None within a list",
        "def find(key: str) -> int | None: ...\n\ndef all_of(key: str) -> list[int]:\n    return [find(key)]\n",
    ),
    (
        "an attribute that no member of a union has",
        "from collections.abc import Mapping, Sequence\n\ndef f(x: Sequence[int] | None, y: Mapping[str, int]) -> \
         None:\n    x.append(1)\n    y.update({})\n\nclass A:\n    size = 1\n\ndef g(x: A | None, y: A | str | None) -> \
         None:\n    x.sizes\n    y.sizes\n",
    ),
    (
        "a callee of which two members cannot be called",
        "from collections.abc import Callable\n\ndef f(x: Callable[[], int] | int | None, y: int | None) -> None:\n    \
         x()\n    y()\n",
    ),
    (
        "an item of a dictionary that is set elsewhere",
        "class A:\n    def __init__(self) -> None:\n        self.names = {'a': 1}\n\n\ndef f(a: A) -> None:\n    \
         a.names['b'] = 'c'\n",
    ),
    (
        "a function that gives nothing back",
        "def f(x: int) -> str:\n    print(x)\n\ndef g(x: int) -> str:\n    if x:\n        return ''\n",
    ),
    (
        "a None by default, by declaration and by assignment",
        "class A:\n    size: int | None\n\n    def __init__(self, name=None, other: str | None = None) -> None:\n        \
         self.name = None\n        name.strip()\n        other.strip()\n        self.size + 1\n\n    \
         def f(self) -> None:\n        self.name.strip()\n",
    ),
    (
        "a typed dict without a key",
        "from typing import TypedDict\n\nclass Small(TypedDict):\n    name: str\n\nclass Large(TypedDict):\n    \
         name: str\n    size: int\n\ndef f(x: Small, y: dict[str, str]) -> None:\n    a: Large = x\n    b: Small = y\n",
    ),
    (
        "an override that is awaited, and one that is not",
        "class Base:\n    def now(self) -> int:\n        return 1\n    async def later(self) -> int:\n        return 1\n    \
         async def text(self) -> str:\n        return ''\n\nclass A(Base):\n    async def now(self) -> int:\n        return 1\n    \
         def later(self) -> int:\n        return 1\n    async def text(self) -> str | None:\n        return ''\n",
    ),
    (
        "an override whose parameters stand elsewhere or have no default",
        "class Base:\n    def post(self, path, data=None, secure=False): ...\n    def open(self, mode=None): ...\n    \
         def get(self, path, data): ...\n\nclass A(Base):\n    def post(self, path, data=None, follow=False, secure=False): ...\n    \
         def open(self, mode): ...\n    def get(self, data): ...\n",
    ),
    (
        "an attribute that a further base declares",
        "class Base:\n    size: int | None\n\nclass Middle(Base):\n    def __init__(self) -> None:\n        self.size = 1\n\n\
         class A(Middle):\n    size: int\n",
    ),
    (
        "entries that no overload takes",
        "', '.join(['a', None])\n{'a': 'b'}.update({'c': None})\n[1]['a']\n\ndef f(x: dict[str, int] | list[int], y: list[int] | \
         None) -> None:\n    x['a']\n    print(*y)\n    sorted([object()], key=lambda it: it)\n",
    ),
    (
        "a bound that an argument does not keep to",
        "def f(x: int | None, y: list[object]) -> None:\n    max(x, 1)\n    max(y)\n    abs('')\n",
    ),
    (
        "None that is unpacked",
        "def find() -> tuple[int, int] | None: ...\n\ndef f(x: list[int] | None, y: dict[str, int] | None) -> None:\n    \
         g(*x)\n    g(**y)\n    a, b = find()\n\ndef g(*args: int, **kwargs: int) -> None: ...\n",
    ),
    (
        "an operator that fails for pairs, and one that nobody has",
        "class A: ...\n\ndef f(x: int | str | None, y: int | str | None, z: A) -> None:\n    x - y\n    z + z\n    z < 1\n    \
         1 in z\n    -y\n",
    ),
    ("type arguments for an alias that has them", "Names = dict[str, int]\n\nx: Names[int]\n"),
    (
        "an attribute that hides a builtin",
        "class A:\n    type = 'a'\n    kind: type[int] | None = None\n",
    ),
    (
        "a default that not every caller means",
        "import pathlib\nfrom typing import TypeVar\n\nclass A: ...\n\nT = TypeVar('T', bound=A)\n\n\
         def make(kind: type[T] = A, where: pathlib.Path = None) -> T: ...\n",
    ),
    (
        "an alias of which some members can be subscripted",
        "type Value = dict[str, Value] | int | None\n\ndef f(x: Value | list[int]) -> None:\n    x[0]\n",
    ),
    (
        "an attribute that is bound on one path alone",
        "import sys\n\ndef ready() -> bool: ...\n\nclass A:\n    if ready():\n        def run(self) -> None: ...\n\nA().run()\n",
    ),
    (
        "a union of which one member fails",
        "def f(x: int | str | bytes) -> None:\n    y: int | str = x\n",
    ),
    (
        "a value that may be none",
        "import re\n\ndef find(key: str) -> int | None: ...\n\ndef f(text: str) -> int:\n    \
         found = re.search('a', text)\n    found.group()\n    size = find(text)\n    size + 1\n    1 < size\n    return size\n",
    ),
    (
        "an awaitable that may be none",
        "from collections.abc import Awaitable\n\nasync def f(x: Awaitable[int] | None = None) -> None:\n    await x\n",
    ),
    (
        "a coroutine that is not awaited",
        "async def load() -> str:\n    return ''\n\nasync def f() -> str:\n    return load()\n",
    ),
    (
        "bytes for text, a class for an instance, a function for its result",
        "class A: ...\n\ndef name() -> str:\n    return ''\n\ndef f(x: bytes) -> None:\n    a: str = x\n    b: A = A\n    c: str = name\n",
    ),
    (
        "tuples of other lengths and elements",
        "def f(x: tuple[int, str, int], y: tuple[int, int]) -> None:\n    a: tuple[int, str] = x\n    b: tuple[int, str] = y\n",
    ),
    (
        "what is no type",
        "import datetime\nfrom enum import Enum\n\nclass Color(Enum):\n    RED = 1\n\nkind = 3\n\ndef f(\n    a: [int],\n    \
         b: (int, str),\n    c: {str: int},\n    d: int or str,\n    e: any,\n    g: datetime,\n    h: kind,\n    \
         i: Color.RED,\n    j: dict[str: int],\n    k: int(),\n    l: 3,\n    m: [int, str],\n) -> None: ...\n",
    ),
    (
        "a coroutine in place of what it gives",
        "async def load() -> list[str]: ...\n\nasync def f() -> None:\n    load().append('')\n    load()[0]\n    \
         load() + ['']\n    for each in load():\n        pass\n",
    ),
    (
        "none where something is iterated or entered",
        "from typing import TextIO\n\ndef f(names: list[str] | None, file: TextIO | None) -> None:\n    \
         for name in names:\n        pass\n    with file:\n        pass\n",
    ),
    (
        "calls that lack something to call them on, or to spread",
        "class A:\n    def run(self) -> None: ...\n\nA.run()\nprint(*5)\nprint(**5)\n",
    ),
    (
        "attributes that cannot be set",
        "from typing import Final\n\nclass A:\n    size: Final = 1\n\n    @property\n    def name(self) -> str: ...\n\n\
         def f(a: A) -> None:\n    a.name = ''\n    a.size = 2\n",
    ),
    (
        "attributes that hold something else",
        "class Base:\n    size: int = 0\n    sure: bool = True\n\nclass A(Base):\n    size = 1\n\n\
         def f(a: A, n: int | bool, name: str) -> None:\n    a.size = name\n    a.sure = n\n    name = 1\n    \
         sizes: dict[str, int] = {}\n    sizes[name] = name\n    sizes[1] = 1\n",
    ),
    (
        "bases that do not go together",
        "class A:\n    size: int = 0\n\nclass B:\n    size: str = ''\n\nclass C(A, B): ...\n",
    ),
    (
        "members that a class is asked for by itself",
        "class A:\n    def f(self) -> None:\n        self.missing\n\n    @classmethod\n    def g(cls) -> None:\n        cls.missing\n",
    ),
    (
        "text that is taken for its characters, a class with arguments that is tested for",
        "from collections.abc import Iterable\n\ndef f(x: Iterable[int], y: object) -> None:\n    f('abc', y)\n    \
         isinstance(y, list[int])\n",
    ),
    (
        "a function that a decorator made",
        "from collections.abc import Callable\n\ndef plain(f: Callable[..., int]) -> Callable[[int], int]: ...\n\n\
         @plain\ndef size(x: int, y: int) -> int: ...\n\nsize(y=1)\n",
    ),
    (
        "a value that may not change",
        "from typing import Final\n\nsize: Final = 1\n\ndef f() -> None:\n    global size\n    size = 'a'\n",
    ),
    (
        "an implementation that is called in other ways than its overloads say",
        "from typing import Any, overload\n\n@overload\ndef f(x: int, y: str = '') -> int: ...\n@overload\n\
         def f(x: str, *args: str, **kwargs: str) -> str: ...\ndef f(x: int | str, y: str, *, deep: bool = False) -> \
         Any: ...\n\n@overload\ndef g(x: int) -> int: ...\n@overload\ndef g(x: str) -> str: ...\ndef g(x: Any) -> \
         bytes: ...\n",
    ),
    (
        "a callable whose parameters have no defaults, or take something else of what is left over",
        "from collections.abc import Callable\nfrom typing import Protocol\n\nclass Maybe(Protocol):\n    \
         def __call__(self, x: int = 0) -> None: ...\n\nclass All(Protocol):\n    \
         def __call__(self, *args: str, **kwargs: str) -> None: ...\n\ndef f(x: int) -> None: ...\n\
         def g(x: int = 0, *args: str, **kwargs: str) -> None: ...\n\
         def h(*args: str, deep: bool = False, **kwargs: str) -> None: ...\n\na: Maybe = f\nb: All = g\nc: All = h\n",
    ),
    (
        "names that are there on other platforms and versions",
        "import os\nimport sys\nimport winreg\nfrom msvcrt import getch\n\nwinreg.OpenKeyEx\nos.startfile\nWindowsError\n\n\
         class A:\n    if sys.version_info >= (3, 14):\n        def later(self) -> None: ...\n\nA().later()\n",
    ),
    (
        "a None that a declaration might allow",
        "class A:\n    size: int = 0\n\n    def f(self, x: int | None) -> int:\n        self.size = x\n        y: int = x\n        \
         z: int = None\n        return x\n",
    ),
    (
        "an overload list",
        "from typing import overload\n\n@overload\ndef f(x: int) -> int: ...\n@overload\ndef f(x: str) -> str: ...\n\
         def f(x): return x\n\nf(b'')\n",
    ),
];

#[test]
fn every_kind_of_reason() {
    let mut text = String::new();
    for (title, program) in REASONS {
        text.push_str(&format!("# {title}\n\n{}\n", shown(&[("a.py", program)])));
    }
    insta::assert_snapshot!(without_lines_of_stubs(&text));
}

/// The stubs of the standard library have other lines in the next version of them.
fn without_lines_of_stubs(text: &str) -> String {
    let mut parts = text.split(".pyi, line ");
    let mut shown = parts.next().unwrap_or_default().to_owned();
    for part in parts {
        shown += ".pyi, line N";
        shown += part.trim_start_matches(|digit: char| digit.is_ascii_digit());
    }
    shown
}

#[test]
fn reasons_lead_into_other_files() {
    insta::assert_snapshot!(shown(&[
        (
            "base.py",
            "class Config:\n    pass\n\nclass Base:\n    def run(self, name: str) -> int:\n        return 1\n"
        ),
        (
            "user.py",
            "import base\n\nclass Config:\n    pass\n\nclass A(base.Base):\n    def run(self) -> int:\n        return 1\n\n\
             def f(config: base.Config) -> None: ...\n\nf(Config())\nbase.Base().run(1)\n",
        ),
    ]));
}

#[test]
fn hints_wrap_at_the_width_of_the_terminal() {
    let case = Case::new(&[(
        "a.py",
        "def f(x: dict[str, list[float]], y: dict[str, list[int]]) -> None:\n    x = y\n",
    )]);
    let run = case.run_with(("COLUMNS", "60"), &["check"]);
    insta::assert_snapshot!(run.stdout);
}

/// The messages of the guide's page: a title, what it shows, and the program.
const BEST: &[(&str, &str, &str)] = &[
    (
        "A protocol",
        "The member that does not fit is named, and within it the parameter.",
        "from typing import Protocol\n\n\nclass Reader(Protocol):\n    def read(self, size: int) -> bytes: ...\n\n\n\
         class Pages:\n    def read(self, size: str) -> bytes:\n        return b\"\"\n\n\nsource: Reader = Pages()\n",
    ),
    (
        "A callable",
        "What callers give is compared with what the function takes.",
        "from collections.abc import Callable\n\n\ndef each(call: Callable[[int], str]) -> None: ...\n\n\n\
         def shown(value: int, width: int) -> str:\n    return f\"{value:{width}}\"\n\n\neach(shown)\n",
    ),
    (
        "Invariance",
        "Why a list of the one is no list of the other, and what to declare instead.",
        "def mean(values: list[float]) -> float:\n    return sum(values) / len(values)\n\n\n\
         def report(sizes: list[int]) -> None:\n    print(mean(sizes))\n",
    ),
    (
        "An override",
        "What does not fit, what the base says, and where.",
        "class Task:\n    def run(self, name: str, times: int = 1) -> int:\n        return times\n\n\n\
         class Quiet(Task):\n    def run(self, name: str) -> int:\n        return 1\n",
    ),
    (
        "A typed dictionary",
        "The key.",
        "from typing import TypedDict\n\n\nclass Name(TypedDict):\n    name: str\n\n\nclass File(TypedDict):\n    \
         name: str\n    size: int\n\n\ndef add(entry: Name) -> None:\n    file: File = entry\n",
    ),
    (
        "A union",
        "The member that fails.",
        "def load(key: int | str | bytes) -> None:\n    name: int | str = key\n",
    ),
    (
        "`None`",
        "That it is `None` that fails, and where it came from.",
        "def find(key: str) -> int | None: ...\n\n\ndef total(key: str) -> int:\n    size = find(key)\n    return size + 1\n",
    ),
    (
        "A coroutine",
        "What was forgotten.",
        "async def load() -> str:\n    return \"\"\n\n\nasync def show() -> str:\n    return load()\n",
    ),
    (
        "Overloads",
        "What all of them ask for where they refuse the same argument; otherwise each with what does not fit.",
        "from typing import overload\n\n\n@overload\ndef read(name: str) -> str: ...\n@overload\n\
         def read(name: int) -> int: ...\n@overload\ndef read(name: str, size: int, more: bool) -> bytes: ...\n\
         def read(name, size=0, more=False): ...\n\n\nread(b\"a\")\n",
    ),
    (
        "A name",
        "What was probably meant.",
        "def lenght(text: str) -> int:\n    return len(text.stirp())\n\n\nlength(\"a\")\n",
    ),
];

/// The page of the guide that shows what messages are like.
pub fn page() -> String {
    let mut text = String::from(
        "# Messages\n\nA message says *what* is wrong, with the reason where that is short, and is the same whatever the format. Its\n\
         notes say *why*: the part that does not fit, from the outside in. Its help says what can be done. Other places belong\n\
         to it: where a parameter is declared, where a base says something else, where a value was set, in other files as well.\n\
         `concise` shows the message alone; `full`, which is the default, and the formats for programs have it\n\
         all. `ropewalk explain RULE` says why a rule is there.\n",
    );
    for (title, words, program) in BEST {
        let case = Case::new(&[("a.py", program)]);
        let found = case.run(&["check", "-q", "--python-version", "3.13"]).stdout;
        text.push_str(&format!("\n## {title}\n\n{words}\n\n```text\n{}\n```\n", found.trim_end()));
    }
    text
}
