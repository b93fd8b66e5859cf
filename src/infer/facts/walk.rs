//! The walk over a module's tree that writes its facts down.
//!
//! Definitions come from the index; the walk adds what reads what, in which way and what for. It asks types
//! about classes alone: what attributes belong to was noted while bodies were checked.

use ruff_python_ast::visitor::{Visitor, walk_expr, walk_pattern, walk_stmt};
use ruff_python_ast::{self as ast, Expr, ExprContext, Stmt};
use ruff_text_size::{Ranged, TextSize};
use rustc_hash::FxHashMap;

use super::definitions::{Definitions, define};
use super::names::Symbols;
use super::syntax;
use super::{
    Call, DefFlags, DefKind, ImportWay, ModuleFacts, MoreFacts, NONE, Observed, Read, ReadWay,
    Receiver, Role, Seen, Sym, Target, classes,
};
use crate::index::{AstNodes, Read as NameRead, ScopeId, SemanticIndex, Way};
use crate::types::{ClassRef, Cx, ModuleId};

/// The facts of a module, out of its tree, its index and what was noted while it was checked.
#[must_use]
pub fn module_facts(
    cx: &Cx<'_>,
    module: ModuleId,
    reads: &[NameRead],
    observed: &Observed,
    more: MoreFacts,
) -> ModuleFacts {
    let ast = cx.host.ast(module);
    let info = cx.host.module(module);
    let index = cx.host.index(module);
    let mut facts = ModuleFacts {
        path: (&*info.path).into(),
        name: info.name.clone(),
        is_package: info.is_package,
        is_stub: info.is_stub,
        ..ModuleFacts::default()
    };
    let mut symbols = Symbols::default();
    // The empty string stands for "nothing found".
    symbols.sym("");
    let definitions = define(cx, module, ast.nodes(), &mut facts, &mut symbols);
    let mut walk = Walk {
        cx,
        module,
        index,
        reads,
        nodes: ast.nodes(),
        facts,
        symbols,
        definitions,
        scope: ScopeId::MODULE,
        region: ScopeId::MODULE,
        from: 0,
        way: ReadWay::Run,
        role: Role::Value,
        annotation: None,
        is_optional: 0,
        typing: 0,
        own_name: None,
        is_answer: false,
        listed: Vec::new(),
        used: FxHashMap::default(),
    };
    walk.visit_body(&ast.module().body);
    walk.exports();
    walk.unused_locals();
    walk.mark_parameters();
    walk.receivers(observed);
    if more.surface {
        walk.surface();
    }
    if more.origins {
        walk.origins(&ast.module().body, observed);
    }
    let Walk { mut facts, symbols, .. } = walk;
    (facts.symbols, facts.named) = symbols.finish();
    facts.unreached.extend(
        observed.unreached.iter().map(|range| (range.start().to_u32(), range.end().to_u32(), true)),
    );
    facts.unreached.sort_unstable();
    facts.unreached.dedup();
    facts.coverage.extend(observed.counts.iter().map(|&(at, (unknown, all))| super::Coverage {
        at: at.to_u32(),
        all,
        unknown,
    }));
    facts.coverage.sort_unstable();
    // A check that was begun again counts once.
    facts.coverage.dedup_by_key(|entry| entry.at);
    facts.fit();
    facts
}

/// The walk. See the module's documentation.
pub(super) struct Walk<'a, 's> {
    pub cx: &'a Cx<'s>,
    pub module: ModuleId,
    pub index: &'s SemanticIndex,
    /// Every use of a name, in order of place.
    pub reads: &'a [NameRead],
    pub nodes: &'a AstNodes<'a>,
    pub facts: ModuleFacts,
    pub symbols: Symbols,
    pub definitions: Definitions,
    /// The scope that the walk is in.
    pub scope: ScopeId,
    /// The region that numbers its nodes.
    pub region: ScopeId,
    /// The definition that reads stand in.
    pub from: u32,
    /// The way of reads in the statement.
    pub way: ReadWay,
    /// What the expression that comes next is for.
    pub role: Role,
    /// In an annotation: the way of what it reads.
    pub annotation: Option<ReadWay>,
    /// How many handlers for failing imports are around.
    pub is_optional: u32,
    /// How many `if TYPE_CHECKING` are around.
    pub typing: u32,
    /// Where a string stands that tells the value of an assignment its own name.
    pub own_name: Option<TextSize>,
    /// Whether it is in the value of a module's `__getattr__` or `__dir__`.
    pub is_answer: bool,
    /// Names in lists that `__all__` was bound to.
    pub listed: Vec<String>,
    /// Places that are read, for locals and parameters.
    pub used: FxHashMap<(ScopeId, crate::index::PlaceId), ()>,
}

/// The uses of names at a place.
pub(super) fn reads_at(reads: &[NameRead], at: TextSize) -> impl Iterator<Item = &NameRead> {
    let start = reads.partition_point(|read| read.at < at);
    reads[start..].iter().take_while(move |read| read.at == at)
}

impl Walk<'_, '_> {
    pub(super) fn sym(&mut self, text: &str) -> Sym {
        self.symbols.sym(text)
    }

    fn push(&mut self, at: TextSize, target: Target, way: ReadWay, role: Role) -> u32 {
        let number = u32::try_from(self.facts.reads.len()).unwrap_or(NONE);
        self.facts.reads.push(Read::new(self.from, at.to_u32(), target, way, role));
        number
    }

    fn way_of(&self, way: Way) -> ReadWay {
        match way {
            Way::Typing | Way::Quoted => self.annotation.unwrap_or(ReadWay::Typing),
            Way::Guarded => ReadWay::Guarded,
            Way::Unreached => ReadWay::Unreached,
            Way::Run | Way::Deferred => self.annotation.unwrap_or(self.way),
        }
    }

    /// The reads that the index has at a place; gives the number of the last one.
    fn reads_at(&mut self, at: TextSize, name: Option<&str>, role: Role) -> Option<u32> {
        let mut last = None;
        for read in reads_at(self.reads, at) {
            let way = self.way_of(read.way);
            self.way_of_last(way);
            match read.binding() {
                Some(binding) => {
                    self.used.insert(binding, ());
                    if let Some(def) = self.definitions.of_place(binding)
                        && self.facts.defs[def as usize].kind != DefKind::Parameter
                    {
                        last = Some(self.push(at, Target::Def(def), way, role));
                    }
                }
                None if !self.index.star_imports.is_empty() => {
                    if let Some(name) = name {
                        let name = self.sym(name);
                        last = Some(self.push(at, Target::Free(name), way, role));
                    }
                }
                None => {}
            }
        }
        last
    }

    /// Attributes are read in the way that the name they begin with is read.
    fn way_of_last(&mut self, way: ReadWay) {
        if self.annotation.is_none() {
            self.way = way;
        }
    }

    fn name(&mut self, name: &ast::ExprName, role: Role) -> Option<u32> {
        self.reads_at(name.start(), Some(name.id.as_str()), role)
    }

    fn attribute(&mut self, attribute: &ast::ExprAttribute, role: Role) -> Option<u32> {
        let base = self.value(&attribute.value, Role::Object);
        let name = attribute.attr.as_str();
        let way = self.annotation.unwrap_or(self.way);
        let role = if attribute.ctx == ExprContext::Store { Role::Store } else { role };
        let symbol = self.sym(name);
        let is_of_last = base.is_some_and(|base| base as usize + 1 == self.facts.reads.len());
        let target = Target::Attribute(symbol, is_of_last);
        let number = self.push(attribute.attr.start(), target, way, role);
        if name == "__dict__" {
            self.facts.searches.push(self.from);
            self.push(attribute.attr.start(), Target::Fields, way, role);
        }
        Some(number)
    }

    /// Visits an expression; gives the number of its read, if it is one.
    pub(super) fn value(&mut self, expr: &Expr, role: Role) -> Option<u32> {
        let way = self.way;
        let number = match expr {
            Expr::Name(name) if name.ctx != ExprContext::Store => self.name(name, role),
            Expr::Attribute(attribute) => self.attribute(attribute, role),
            _ => {
                let outer = std::mem::replace(&mut self.role, role);
                self.compound(expr);
                self.role = outer;
                None
            }
        };
        self.way = way;
        number
    }

    /// Visits an expression whose number nobody asks for.
    pub(super) fn visit_value(&mut self, expr: &Expr, role: Role) {
        self.value(expr, role);
    }

    fn compound(&mut self, expr: &Expr) {
        match expr {
            Expr::Call(call) => self.call(call),
            Expr::StringLiteral(string) => self.string(string),
            Expr::Tuple(tuple) if self.role != Role::Value => {
                let role = self.role;
                tuple.elts.iter().for_each(|each| self.visit_value(each, role));
            }
            Expr::BinOp(binary) if self.role == Role::Instance => {
                self.value(&binary.left, Role::Instance);
                self.value(&binary.right, Role::Instance);
            }
            Expr::Subscript(subscript) => {
                let role = if self.role == Role::Base { Role::Base } else { Role::Value };
                if matches!(&*subscript.value, Expr::Attribute(of) if of.attr.as_str() == "modules")
                    && matches!(&*subscript.slice, Expr::Name(name) if name.id.as_str() == "__name__")
                {
                    self.own_names();
                }
                self.value(&subscript.value, role);
                self.value(&subscript.slice, Role::Value);
            }
            Expr::FString(_) | Expr::BinOp(_) => {
                self.spelled(expr);
                self.parts(expr);
            }
            _ => self.parts(expr),
        }
    }

    /// Visits what an expression is made of, for its value.
    fn parts(&mut self, expr: &Expr) {
        let outer = std::mem::replace(&mut self.role, Role::Value);
        walk_expr(self, expr);
        self.role = outer;
    }

    /// Notes a string that is put together.
    fn spelled(&mut self, expr: &Expr) {
        if let Some(prefix) = syntax::prefix_of(expr) {
            self.spelled_as(expr.start(), &prefix);
        }
    }

    /// Notes a string that is put together, if it begins like a name.
    fn spelled_as(&mut self, at: TextSize, prefix: &str) {
        let is_name = prefix.len() > 2 && !prefix.contains(['.', ':']);
        if self.annotation.is_none() && is_name && syntax::is_path_like(prefix) {
            let prefix = self.sym(prefix);
            self.push(at, Target::Spelled(prefix), self.way, Role::Value);
        }
    }

    fn call(&mut self, call: &ast::ExprCall) {
        let name = syntax::last_name(&call.func);
        let arguments = &call.arguments;
        if let Some(name) = name {
            self.reflection(call, name);
            if name == "format" {
                self.spelled_by(call);
            }
        }
        let read = self.value(&call.func, Role::Call);
        let is_test = matches!(name, Some("isinstance" | "issubclass"));
        let is_by_name = name.is_some_and(syntax::is_by_name);
        for (at, argument) in arguments.args.iter().enumerate() {
            let role = if is_test && at == 1 { Role::Instance } else { Role::Value };
            match argument {
                // What `getattr` is given is known to be a name, and of what.
                Expr::FString(_) | Expr::BinOp(_) if at == 1 && is_by_name => self.parts(argument),
                _ => {
                    self.value(argument, role);
                }
            }
        }
        let first = u32::try_from(self.facts.keywords.len()).unwrap_or(NONE);
        for keyword in &arguments.keywords {
            if let Some(name) = &keyword.arg {
                let name = self.sym(name.as_str());
                self.facts.keywords.push(name);
            }
        }
        let count = self.facts.keywords.len() - first as usize;
        for keyword in &arguments.keywords {
            self.value(&keyword.value, Role::Value);
        }
        if let Some(read) = read {
            let first_argument = u32::try_from(self.facts.arguments.len()).unwrap_or(NONE);
            let by_name = arguments.keywords.iter().filter(|each| each.arg.is_some());
            for value in arguments.args.iter().chain(by_name.map(|each| &each.value)) {
                let text = syntax::literal_text(value);
                let text = text.map_or(NONE, |text| self.sym(&text));
                self.facts.arguments.push(text);
            }
            let is_open = arguments.args.iter().any(Expr::is_starred_expr)
                || arguments.keywords.iter().any(|keyword| keyword.arg.is_none());
            self.facts.calls.push(Call {
                read,
                positional: u16::try_from(arguments.args.len()).unwrap_or(u16::MAX),
                is_open,
                keywords: (first, u16::try_from(count).unwrap_or(u16::MAX)),
                arguments: first_argument,
            });
        }
    }

    /// `"on_{}".format(…)`.
    fn spelled_by(&mut self, call: &ast::ExprCall) {
        if let Expr::Attribute(attribute) = &*call.func
            && let Expr::StringLiteral(text) = &*attribute.value
            && let Some((prefix, _)) = text.value.to_str().split_once('{')
        {
            self.spelled_as(call.start(), prefix);
        }
    }

    /// Notes that the module's own names are looked at by name.
    fn own_names(&mut self) {
        let name = self.symbols.text(self.facts.defs[self.from as usize].name);
        if self.is_answer || matches!(name, "__getattr__" | "__dir__") {
            self.facts.answers_by_name = true;
        } else {
            self.facts.is_dynamic = true;
        }
    }

    /// `getattr`, `asdict`, `globals` and their like.
    fn reflection(&mut self, call: &ast::ExprCall, name: &str) {
        let arguments = &call.arguments.args;
        let way = self.way;
        match (name, &**arguments) {
            (_, [object, member, ..]) if syntax::is_by_name(name) => {
                let role = if name == "setattr" { Role::Store } else { Role::Value };
                let target = match member {
                    Expr::StringLiteral(text) => {
                        Target::Attribute(self.sym(text.value.to_str()), false)
                    }
                    // Whether there is one says nothing of what is done with it.
                    _ if name == "hasattr" => return,
                    _ => {
                        let prefix = syntax::prefix_of(member).unwrap_or_default();
                        Target::Prefix(self.sym(&prefix))
                    }
                };
                self.push(object.start(), target, way, role);
            }
            (_, [object, ..]) if syntax::is_by_fields(name) => {
                if syntax::is_search(name) {
                    self.facts.searches.push(self.from);
                }
                self.push(object.start(), Target::Fields, way, Role::Value);
            }
            ("globals", _) if call.func.is_name_expr() => self.own_names(),
            ("locals" | "eval" | "exec" | "vars", _) if call.func.is_name_expr() => {
                self.facts.defs[self.from as usize].flags.set(DefFlags::USES_LOCALS);
            }
            _ => {}
        }
    }

    fn string(&mut self, string: &ast::ExprStringLiteral) {
        let text = string.value.to_str();
        if self.annotation.is_some() {
            self.reads_at(string.start(), None, Role::Value);
        }
        if syntax::is_path_like(text) && self.own_name != Some(string.start()) {
            let text = self.sym(text);
            self.facts.strings.push((self.from, text));
        }
    }

    /// Visits an annotation: what is in it is read in this way.
    pub(super) fn annotated(&mut self, annotation: &Expr, way: ReadWay) {
        let outer = self.annotation.replace(way);
        self.value(annotation, Role::Value);
        self.annotation = outer;
    }

    /// Runs `work` with reads standing in the definition `from`.
    pub(super) fn within(&mut self, from: u32, work: impl FnOnce(&mut Self)) {
        let outer = std::mem::replace(&mut self.from, from);
        work(self);
        self.from = outer;
    }

    /// The types of public names of the module and its classes.
    fn surface(&mut self) {
        for number in 1..self.facts.defs.len() {
            let def = self.facts.defs[number];
            let parent = self.facts.defs[def.parent as usize].kind;
            let is_private = self.symbols.text(def.name).starts_with('_');
            let is_kind = matches!(def.kind, DefKind::Function | DefKind::Variable);
            if is_private || !is_kind || !matches!(parent, DefKind::Module | DefKind::Class) {
                continue;
            }
            let Some(id) = self.index.definition_at(TextSize::new(def.site.at)) else { continue };
            let of = crate::types::DefRef { module: self.module, index: id.as_u32() };
            let types = self.cx.host.definition(self.cx, of);
            if let Some(ty) = types.declared.or(types.bound) {
                let shown = self.sym(&format!("{:#}", self.cx.display(ty)));
                self.facts.surface.push((u32::try_from(number).unwrap_or(NONE), shown));
            }
        }
    }

    fn receivers(&mut self, observed: &Observed) {
        let mut names: FxHashMap<Seen, Receiver> = FxHashMap::default();
        for &(at, seen) in &observed.receivers {
            let receiver = match names.get(&seen) {
                Some(&known) => known,
                None => {
                    let named = self.named(seen);
                    names.insert(seen, named);
                    named
                }
            };
            self.facts.receivers.push((at.to_u32(), receiver));
        }
        self.facts.receivers.dedup();
    }

    fn named(&mut self, seen: Seen) -> Receiver {
        let cx = self.cx;
        // Classes from elsewhere count only as what they are not: the checked code's.
        let is_ours = |class: ClassRef| classes::is_ours(cx.host.module(class.definition().module));
        match seen {
            Seen::Unknown => Receiver::Unknown,
            Seen::Class(of) if is_ours(of) => Receiver::Class(self.symbols.class(cx, of)),
            Seen::Super(of) if is_ours(of) => Receiver::Super(self.symbols.class(cx, of)),
            Seen::Class(_) | Seen::Super(_) | Seen::Other => Receiver::Other,
            Seen::Module(id) => {
                let path = &cx.host.module(id).path;
                Receiver::Module(self.symbols.sym(path))
            }
        }
    }
}

impl<'a> Visitor<'a> for Walk<'_, '_> {
    fn visit_stmt(&mut self, stmt: &'a Stmt) {
        let way = self.way;
        let reach =
            crate::index::NodeId::of(stmt).and_then(|node| self.index.reach_at(self.scope, node));
        if reach == Some(crate::index::ReachId::NEVER) && self.way == ReadWay::Run {
            self.way = ReadWay::Guarded;
        }
        self.statement(stmt);
        self.way = way;
    }

    fn visit_body(&mut self, body: &'a [Stmt]) {
        self.body(body);
    }

    fn visit_expr(&mut self, expr: &'a Expr) {
        let role = std::mem::replace(&mut self.role, Role::Value);
        self.value(expr, role);
        self.role = role;
    }

    fn visit_annotation(&mut self, expr: &'a Expr) {
        self.annotated(expr, ReadWay::Typing);
    }

    fn visit_pattern(&mut self, pattern: &'a ast::Pattern) {
        match pattern {
            ast::Pattern::MatchClass(class) => {
                self.value(&class.cls, Role::Instance);
                // What a pattern names is read; positional patterns read what `__match_args__` says.
                for keyword in &class.arguments.keywords {
                    let name = self.sym(keyword.attr.as_str());
                    let target = Target::Attribute(name, false);
                    self.push(keyword.attr.start(), target, self.way, Role::Value);
                    self.visit_pattern(&keyword.pattern);
                }
                if !class.arguments.patterns.is_empty() {
                    self.push(class.cls.start(), Target::Fields, self.way, Role::Value);
                }
                class.arguments.patterns.iter().for_each(|each| self.visit_pattern(each));
            }
            _ => walk_pattern(self, pattern),
        }
    }
}

impl Walk<'_, '_> {
    pub(super) fn plain_statement(&mut self, stmt: &Stmt) {
        walk_stmt(self, stmt);
    }

    pub(super) fn import_way(&self) -> ImportWay {
        let in_function = self
            .index
            .enclosing_scopes(self.scope)
            .chain([self.scope])
            .any(|scope| self.index.scopes[scope].kind == crate::index::ScopeKind::Function);
        if in_function { ImportWay::Deferred } else { ImportWay::Run }
    }
}
