//! Names: which scope binds them, and what the other tables of the index hold.
//!
//! Uses of names from enclosing scopes are written with a `^` and the value there, if it is known.

use ruff_python_ast::name::Name;
use ruff_python_ast::{Expr, Stmt};

use super::{SETTINGS, index, index_with, uses};
use crate::index::{DefinitionKind, DunderAllOp, Flow, IndexSettings, NodeId, ScopeId, ScopeKind};

#[test]
fn functions_see_what_cannot_change() {
    let source = "def f(x):\n    if x is None:\n        return\n    y = 1\n    def g():\n        use(x)\n        use(y)\n        return lambda: use(x)\n    y = 2\n";
    assert_eq!(uses(source), ["^1 & not x is None", "^", "^1 & not x is None"]);
    let source =
        "def f(xs):\n    for x in xs:\n        lambda: use(x)\n        [use(x) for _ in x]\n";
    assert_eq!(uses(source), ["^", "^2"]);
    let source = "def f():\n    x = 1\n    def g():\n        use(x)\n    def h():\n        nonlocal x\n        x = 2\n        use(x)\n";
    assert_eq!(uses(source), ["^", "7"]);
}

#[test]
fn module_names_seen_from_functions() {
    let source = "X = 1\ndef f():\n    use(X)\n    use(f)\n    use(Y)\nY = 2\n";
    assert_eq!(uses(source), ["^1", "^2", "^"]);
}

#[test]
fn functions_skip_classes() {
    let source = "x = 1\nclass C:\n    x = 2\n    use(x)\n    y = [use(x) for _ in x]\n    def f(self):\n        use(x)\n";
    assert_eq!(uses(source), ["3", "^1", "^1"]);
    let source = "x = 1\nclass C:\n    use(x)\n    x = x\n    use(x)\n";
    assert_eq!(uses(source), ["?", "4"]);
}

#[test]
fn free_names_are_narrowed_too() {
    let source = "x = 1\ndef f():\n    use(x)\n    if x is not None:\n        use(x)\n        [use(x) for _ in y]\n";
    assert_eq!(uses(source), ["^1", "^ & x is not None", "^^ & x is not None"]);
}

#[test]
fn globals() {
    let source = "def f():\n    global x\n    use(x)\n    x = 1\n    use(x)\n";
    assert_eq!(uses(source), ["^", "4"]);
    let (index, _ast) = index(source);
    let module = &index.scopes[ScopeId::MODULE];
    let x = module.place(module.place_by_name("x").expect("global"));
    assert!(!x.is_bound());
    assert_eq!(x.foreign_definitions.len(), 1);
}

#[test]
fn public_values() {
    let (index, _ast) =
        index("x = 1\nif c:\n    x = 2\ndef f():\n    y = 1\n    y = 2\n    return\n");
    let module = &index.scopes[ScopeId::MODULE];
    let x = module.place_by_name("x").expect("bound");
    assert!(matches!(module.flow(index.public(ScopeId::MODULE, x)), Flow::Join(_)));
    let f = index.scopes.indices().nth(1).expect("f");
    let y = index.scopes[f].place_by_name("y").expect("bound");
    let Flow::Join(range) = index.scopes[f].flow(index.public(f, y)) else { panic!("a join") };
    assert_eq!(index.scopes[f].operands(range).len(), 2);
}

#[test]
fn type_parameters_stand_between() {
    let source = "class C[T](list[T]):\n    def f[U](self, x: U) -> T: ...\ntype A[V] = list[V]\n";
    let (index, ast) = index(source);
    let kinds: Vec<ScopeKind> = index.scopes.iter().map(|scope| scope.kind).collect();
    assert_eq!(
        kinds,
        [
            ScopeKind::Module,
            ScopeKind::TypeParams,
            ScopeKind::Class,
            ScopeKind::TypeParams,
            ScopeKind::Function,
            ScopeKind::TypeParams,
            ScopeKind::TypeAlias,
        ]
    );
    let Some(Stmt::ClassDef(class)) = ast.module().body.first() else { panic!("a class") };
    let scope = index.scope_of_node(ScopeId::MODULE, class).expect("a scope");
    assert_eq!(index.scopes[scope].kind, ScopeKind::Class);
    let params = index.scopes[scope].parent.expect("has one");
    assert_eq!(index.scopes[params].region, ScopeId::MODULE);
    let base = &class.arguments.as_ref().expect("bases").args[0];
    let Expr::Subscript(base) = base else { panic!("list[T]") };
    let node = NodeId::of(&*base.slice).expect("visited");
    assert!(index.flow_at(params, node).is_some());
    let visible: Vec<ScopeId> =
        index.enclosing_scopes(index.scopes.indices().nth(4).expect("f")).collect();
    // From `f`: its own type parameters, those of the class, the module; not the class.
    assert_eq!(visible, [3, 1, 0].map(ScopeId::from_u32));
}

#[test]
fn definitions_are_found_by_node_and_offset() {
    let source = "import a.b as c\n(x, y), z.w = f()\ndef g(p, /, q=1, *r, s, **t): ...\n";
    let (index, ast) = index(source);
    let kinds: Vec<DefinitionKind> = index.definitions.iter().map(|def| def.kind).collect();
    assert_eq!(kinds[0], DefinitionKind::Import);
    assert_eq!(kinds.iter().filter(|&&kind| kind == DefinitionKind::Assignment).count(), 3);
    assert_eq!(kinds.iter().filter(|&&kind| kind == DefinitionKind::Parameter).count(), 5);
    let Stmt::Assign(assign) = &ast.module().body[1] else { panic!("an assignment") };
    let Expr::Tuple(tuple) = &assign.targets[0] else { panic!("a tuple") };
    let id = index.definition_of_node(ScopeId::MODULE, &tuple.elts[1]).expect("defined");
    assert_eq!(&source[index.definitions[id].name_range], "z.w");
    for (id, definition) in index.definitions.iter_enumerated() {
        let key = match definition.kind {
            DefinitionKind::Import => 7.into(),
            _ => definition.name_range.start(),
        };
        assert_eq!(index.definition_at(key), Some(id));
    }
}

#[test]
fn instance_attributes() {
    let source = "class C:\n    def f(this, x):\n        this.b = 1\n        this.a, x.y = 2\n        def g(): this.n = 1\n    @classmethod\n    def h(cls):\n        cls.c: int = 3\n    @staticmethod\n    def s(self):\n        self.no = 1\n    def t(self):\n        for self.b in y: pass\n";
    let (index, _ast) = index(source);
    let class = index.scopes.indices().nth(1).expect("C");
    let found: Vec<(String, bool)> = index
        .instance_attributes(class)
        .map(|attribute| (attribute.name.to_string(), attribute.on_class))
        .collect();
    let expected = [("a", false), ("b", false), ("b", false), ("c", true)];
    assert_eq!(found, expected.map(|(name, on_class)| (name.to_owned(), on_class)));
    assert_eq!(index.instance_attribute(class, "b").len(), 2);
}

#[test]
fn dunder_all() {
    let source = "__all__ = ['a'] + m.__all__\n__all__ += ('b',)\n__all__.extend(p.q.__all__)\n__all__.append('c')\n__all__.remove('a')\n__all__ += f()\n";
    let (index, _ast) = index(source);
    let names = |name: &str| DunderAllOp::Add(vec![Name::new(name)]);
    assert_eq!(
        index.dunder_all.expect("defined").ops,
        [
            names("a"),
            DunderAllOp::AddModule("m".to_owned()),
            names("b"),
            DunderAllOp::AddModule("p.q".to_owned()),
            names("c"),
            DunderAllOp::Remove(Name::new("a")),
            DunderAllOp::Unknown,
        ]
    );
}

#[test]
fn star_imports() {
    let source = "from __future__ import annotations\nfrom g import *\nfrom ..c import d\nfrom ... import *\n";
    let (index, _ast) = index(source);
    assert!(index.has_future_annotations);
    let found: Vec<(u32, &str)> =
        index.star_imports.iter().map(|star| (star.level, star.module.as_str())).collect();
    assert_eq!(found, [(0, "g"), (3, "")]);
}

#[test]
fn declarations_bind_only_in_stubs() {
    assert_eq!(uses("x: int\nuse(x)\n"), ["?"]);
    let stub = IndexSettings { is_stub: true, ..SETTINGS };
    assert_eq!(super::uses_with("x: int\nuse(x)\n", &stub), ["1"]);
}

#[test]
fn building_again_gives_the_same() {
    let source = include_str!("../builder/mod.rs");
    for source in [source, "def f[T](x: T, y=[a for a in b if (c := a)]): return lambda z: z + x\n"]
    {
        let (first, _one) = index_with(source, &SETTINGS);
        let (second, _two) = index_with(source, &SETTINGS);
        assert_eq!(format!("{first:?}"), format!("{second:?}"));
    }
}

#[test]
fn generators_and_returns() {
    let source = "async def f():\n    x = yield 1\n    if c:\n        return\n    yield from x\n    return\n";
    let (index, ast) = index(source);
    let f = index.scopes.indices().nth(1).expect("f");
    assert!(index.scopes[f].is_async && index.scopes[f].is_generator);
    assert_eq!(index.scopes[f].returns.len(), 2);
    assert_eq!(ast.nodes().returns(f).len(), 2);
    assert_eq!(ast.nodes().yields(f).len(), 2);
}
