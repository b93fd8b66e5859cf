//! The definitions of a module, out of its index: one for each name of a module or class, and of functions
//! what can be used from outside of a single statement.

use ruff_python_ast::{self as ast, Decorator, Expr};
use ruff_text_size::{Ranged, TextSize};
use rustc_hash::FxHashMap;

use super::classes::{class_facts, overrides_outside};
use super::names::Symbols;
use super::{Def, DefFlags, DefKind, ModuleFacts, NONE, Site, class_flags, syntax};
use crate::index::{
    AstNodes, DefinitionId, DefinitionNode, ParameterKind, PlaceId, ReachId, ScopeId, ScopeKind,
    ScopeNode, SemanticIndex,
};
use crate::types::{ClassRef, Cx, DefRef, ModuleId};

/// Where definitions are found.
#[derive(Default)]
pub(super) struct Definitions {
    by_place: FxHashMap<(ScopeId, PlaceId), u32>,
    by_start: FxHashMap<TextSize, u32>,
}

impl Definitions {
    /// The definition of a place.
    pub fn of_place(&self, place: (ScopeId, PlaceId)) -> Option<u32> {
        self.by_place.get(&place).copied()
    }

    /// The definition that has a site with its name (or alias) here.
    pub fn at(&self, start: TextSize) -> Option<u32> {
        self.by_start.get(&start).copied()
    }
}

/// Writes the definitions and classes of a module down.
pub(super) fn define(
    cx: &Cx<'_>,
    module: ModuleId,
    nodes: &AstNodes<'_>,
    facts: &mut ModuleFacts,
    symbols: &mut Symbols,
) -> Definitions {
    let index = cx.host.index(module);
    let mut maker =
        Maker { cx, module, index, nodes, facts, symbols, found: Definitions::default() };
    maker.module_def();
    let mut owners: Vec<u32> = Vec::with_capacity(index.scopes.len());
    for (scope, info) in index.scopes.iter_enumerated() {
        let outer = info.parent.map_or(0, |parent| owners[parent.as_usize()]);
        let owner = match nodes.scopes[scope] {
            ScopeNode::Function(function) => maker.found.at(function.name.start()),
            ScopeNode::Class(class) => maker.found.at(class.name.start()),
            _ => None,
        };
        let owner = owner.unwrap_or(outer);
        owners.push(owner);
        if matches!(info.kind, ScopeKind::Module | ScopeKind::Class | ScopeKind::Function) {
            maker.scope(scope, owner);
        }
    }
    maker.found
}

struct Maker<'m, 's> {
    cx: &'m Cx<'s>,
    module: ModuleId,
    index: &'s SemanticIndex,
    nodes: &'m AstNodes<'m>,
    facts: &'m mut ModuleFacts,
    symbols: &'m mut Symbols,
    found: Definitions,
}

impl Maker<'_, '_> {
    fn module_def(&mut self) {
        let name = self.facts.name.clone();
        self.facts.defs.push(Def {
            name: self.symbols.sym(&name),
            parent: NONE,
            kind: DefKind::Module,
            flags: DefFlags::default(),
            site: Site::default(),
            import: NONE,
        });
    }

    fn scope(&mut self, scope: ScopeId, owner: u32) {
        let info = &self.index.scopes[scope];
        for (place, entry) in info.places.iter_enumerated() {
            if !entry.expr.is_name() {
                continue;
            }
            let definitions: Vec<DefinitionId> =
                entry.definitions.iter().chain(entry.foreign_definitions.iter()).copied().collect();
            let is_foreign = entry.is_global() || entry.is_nonlocal();
            if definitions.is_empty() || is_foreign {
                continue;
            }
            if let Some(def) = self.def(entry.expr.root.as_str(), info.kind, owner, &definitions) {
                self.found.by_place.insert((scope, place), def);
            }
        }
        if info.kind == ScopeKind::Class {
            self.instance_attributes(scope, owner);
        }
    }

    fn def(
        &mut self,
        name: &str,
        scope: ScopeKind,
        owner: u32,
        definitions: &[DefinitionId],
    ) -> Option<u32> {
        let kind =
            definitions.iter().map(|&each| self.kind(each)).min_by_key(|kind| match kind {
                DefKind::Class => 0,
                DefKind::Function => 1,
                DefKind::Parameter => 2,
                DefKind::Typing => 3,
                DefKind::Import => 4,
                _ => 5,
            })?;
        if scope == ScopeKind::Function && kind == DefKind::Variable {
            return None;
        }
        let number = u32::try_from(self.facts.defs.len()).unwrap_or(NONE);
        let mut flags = DefFlags::default();
        for &each in definitions {
            self.flags(each, name, &mut flags);
            if let DefinitionNode::Function(function) = self.nodes.definitions[each]
                && let Some(marks) = super::decorators::hands_on(function)
            {
                flags.set(DefFlags::HANDS_ON);
                let marks = marks.into_iter().map(|mark| (number, self.symbols.sym(mark)));
                self.facts.marks.extend(marks);
            }
        }
        if scope != ScopeKind::Class && flags.has(DefFlags::PROPERTY) && kind == DefKind::Function {
            // Outside of a class it is an object that means something to somebody else.
            flags.set(DefFlags::OPAQUE);
        }
        self.facts.defs.push(Def {
            name: self.symbols.sym(name),
            parent: owner,
            kind,
            flags,
            site: self.site(definitions[0]),
            import: NONE,
        });
        for (at, &each) in definitions.iter().enumerate() {
            let start = self.key(each);
            self.found.by_start.insert(start, number);
            if at > 0 {
                let site = self.site(each);
                self.facts.sites.push((number, site));
            }
        }
        let parent_kind = self.facts.defs[owner as usize].kind;
        if parent_kind == DefKind::Class {
            self.note_override(owner, number, name);
        }
        if kind == DefKind::Class {
            self.class(number, definitions);
        }
        Some(number)
    }

    fn kind(&self, definition: DefinitionId) -> DefKind {
        match self.nodes.definitions[definition] {
            DefinitionNode::Function(_) => DefKind::Function,
            DefinitionNode::Class(_) => DefKind::Class,
            DefinitionNode::Import { .. }
            | DefinitionNode::ImportFrom { .. }
            | DefinitionNode::StarImport { .. } => DefKind::Import,
            DefinitionNode::Parameter { .. } => DefKind::Parameter,
            DefinitionNode::TypeAlias(_) => DefKind::Typing,
            DefinitionNode::Assignment { stmt, .. } => match &*stmt.value {
                Expr::Call(call)
                    if matches!(
                        syntax::last_name(&call.func),
                        Some(
                            "TypeVar" | "ParamSpec" | "TypeVarTuple" | "NewType" | "TypeAliasType"
                        )
                    ) =>
                {
                    DefKind::Typing
                }
                _ => DefKind::Variable,
            },
            DefinitionNode::AnnotatedAssignment { stmt, .. }
                if syntax::last_name(&stmt.annotation) == Some("TypeAlias") =>
            {
                DefKind::Typing
            }
            _ => DefKind::Variable,
        }
    }

    /// Where the walk finds it: at its name, or at the alias of an import.
    fn key(&self, definition: DefinitionId) -> TextSize {
        match self.nodes.definitions[definition] {
            DefinitionNode::Import { alias, .. } | DefinitionNode::ImportFrom { alias, .. } => {
                alias.start()
            }
            _ => self.index.definitions[definition].name_range.start(),
        }
    }

    fn site(&self, definition: DefinitionId) -> Site {
        let range = match self.nodes.definitions[definition] {
            DefinitionNode::Function(stmt) => stmt.range(),
            DefinitionNode::Class(stmt) => stmt.range(),
            DefinitionNode::Assignment { stmt, .. } => stmt.range(),
            DefinitionNode::AnnotatedAssignment { stmt, .. } => stmt.range(),
            DefinitionNode::Import { alias, .. } | DefinitionNode::ImportFrom { alias, .. } => {
                alias.range()
            }
            DefinitionNode::TypeAlias(stmt) => stmt.range(),
            DefinitionNode::Parameter { parameter, .. } => parameter.range(),
            _ => self.index.definitions[definition].name_range,
        };
        let at = self.index.definitions[definition].name_range.start().to_u32();
        Site { start: range.start().to_u32(), end: range.end().to_u32(), at }
    }

    fn flags(&self, definition: DefinitionId, name: &str, flags: &mut DefFlags) {
        let entry = &self.index.definitions[definition];
        if entry.reach != ReachId::ALWAYS {
            flags.set(DefFlags::CONDITIONAL);
        }
        flags.set(self.assignment_flags(definition).0);
        match self.nodes.definitions[definition] {
            DefinitionNode::Function(function) => self.function_flags(function, name, flags),
            DefinitionNode::Class(class) => decorator_flags(&class.decorator_list, name, flags),
            DefinitionNode::Assignment { stmt, .. } => {
                if let Expr::Call(call) = &*stmt.value
                    && syntax::last_name(&call.func) == Some("property")
                {
                    flags.set(DefFlags::PROPERTY);
                }
            }
            DefinitionNode::Parameter { parameter, default, kind, .. } => {
                if parameter.annotation.is_some() {
                    flags.set(DefFlags::ANNOTATED);
                }
                if default.is_some() {
                    flags.set(DefFlags::HAS_DEFAULT);
                }
                flags.set(match kind {
                    ParameterKind::Variadic | ParameterKind::KeywordVariadic => DefFlags::VARIADIC,
                    ParameterKind::KeywordOnly => DefFlags::KEYWORD_ONLY,
                    ParameterKind::PositionalOnly => DefFlags::POSITIONAL_ONLY,
                    ParameterKind::Positional => 0,
                });
            }
            _ => {}
        }
    }

    fn function_flags(&self, function: &ast::StmtFunctionDef, name: &str, flags: &mut DefFlags) {
        decorator_flags(&function.decorator_list, name, flags);
        if function.is_async {
            flags.set(DefFlags::ASYNC);
        }
        if syntax::is_stub_body(&function.body) {
            flags.set(DefFlags::STUB_BODY);
        }
        if function.returns.is_some() {
            flags.set(DefFlags::RETURNS);
        }
        let parameters = || function.parameters.iter().skip(usize::from(is_receiver(function)));
        if parameters().all(|each| each.annotation().is_some()) && function.returns.is_some() {
            flags.set(DefFlags::ANNOTATED);
        }
        if parameters().any(|each| each.annotation().is_some()) || function.returns.is_some() {
            flags.set(DefFlags::PARTLY_ANNOTATED);
        }
    }

    fn class_ref(&self, definition: DefinitionId) -> ClassRef {
        DefRef { module: self.module, index: definition.as_u32() }.into()
    }

    fn class(&mut self, number: u32, definitions: &[DefinitionId]) {
        let Some(&last) = definitions.iter().rev().find(|&&each| self.kind(each) == DefKind::Class)
        else {
            return;
        };
        let mut class = class_facts(self.cx, self.class_ref(last), number, self.symbols);
        if self.facts.defs[number as usize].flags.has(DefFlags::OPAQUE) {
            class.flags |= class_flags::OPAQUE;
        }
        self.facts.classes.push(class);
    }

    fn note_override(&mut self, owner: u32, number: u32, name: &str) {
        let at = TextSize::new(self.facts.defs[owner as usize].site.at);
        let Some(class) = self.index.definition_at(at) else { return };
        if overrides_outside(self.cx, self.class_ref(class), name) {
            self.facts.defs[number as usize].flags.set(DefFlags::OVERRIDES_OUTSIDE);
        }
    }

    /// What an assignment says of what it is made to; nothing for other definitions.
    fn assignment_flags(&self, definition: DefinitionId) -> DefFlags {
        let mut flags = DefFlags::default();
        let node = &self.nodes.definitions[definition];
        if matches!(node, DefinitionNode::AnnotatedAssignment { .. }) {
            flags.set(DefFlags::ANNOTATED);
        }
        if let Some(value) = node.assigned() {
            value_flags(value, &mut flags);
        }
        flags
    }

    fn instance_attributes(&mut self, scope: ScopeId, owner: u32) {
        let index = self.index;
        let mut last: Option<(&str, u32)> = None;
        for attribute in index.instance_attributes(scope) {
            let name = attribute.name.as_str();
            let site = self.site(attribute.definition);
            let own = index.scopes[scope].place_by_name(name);
            let known = own.and_then(|place| self.found.of_place((scope, place)));
            let number = match (known, last) {
                (Some(known), _) => known,
                (None, Some((same, number))) if same == name => number,
                _ => {
                    let number = u32::try_from(self.facts.defs.len()).unwrap_or(NONE);
                    self.facts.defs.push(Def {
                        name: self.symbols.sym(name),
                        parent: owner,
                        kind: DefKind::Attribute,
                        flags: self.assignment_flags(attribute.definition),
                        site,
                        import: NONE,
                    });
                    self.note_override(owner, number, name);
                    last = Some((name, number));
                    continue;
                }
            };
            let more = self.assignment_flags(attribute.definition);
            self.facts.defs[number as usize].flags.set(more.0);
            self.facts.sites.push((number, site));
        }
    }
}

/// What the value says of what is bound to it.
fn value_flags(value: &Expr, flags: &mut DefFlags) {
    if !syntax::is_without_effect(value) {
        flags.set(DefFlags::HAS_EFFECTS);
    }
    if syntax::is_to_be_held(value) {
        flags.set(DefFlags::HOLDS);
    }
}

/// Whether the first parameter is given by a dot.
fn is_receiver(function: &ast::StmtFunctionDef) -> bool {
    let first = function.parameters.iter().next();
    first.is_some_and(|first| matches!(first.name().as_str(), "self" | "cls"))
}

fn decorator_flags(decorators: &[Decorator], name: &str, flags: &mut DefFlags) {
    for decorator in decorators {
        flags.set(DefFlags::DECORATED);
        let last = syntax::last_name(&decorator.expression);
        let flag = match last {
            Some("property" | "cached_property" | "setter" | "getter" | "deleter") => {
                DefFlags::PROPERTY
            }
            Some("staticmethod") => DefFlags::STATIC,
            Some("classmethod") => DefFlags::CLASS_METHOD,
            Some("abstractmethod" | "abstractproperty") => DefFlags::ABSTRACT,
            Some("override") => DefFlags::DECLARED_OVERRIDE,
            Some("overload") => DefFlags::OVERLOAD,
            Some("fixture") => {
                if let Expr::Call(call) = &decorator.expression
                    && call.arguments.keywords.iter().any(|keyword| {
                        keyword
                            .arg
                            .as_ref()
                            .is_none_or(|name| matches!(name.as_str(), "autouse" | "name"))
                    })
                {
                    flags.set(DefFlags::AUTO_FIXTURE);
                }
                DefFlags::FIXTURE
            }
            _ => 0,
        };
        flags.set(flag);
        if !syntax::is_transparent(decorator) && !syntax::is_accessor(decorator, name) {
            flags.set(DefFlags::OPAQUE);
        }
    }
}
