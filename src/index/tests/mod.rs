//! Tests of the semantic index: what reaches each `use(…)` in a small program, spelled out.
//!
//! A value is written as the lines of the definitions that reach it, `&` the tests that narrow it, `?` for
//! unbound, `del` for deleted, `^` for what is looked up outside.

mod fill;
mod flow;
#[cfg(unix)]
mod scale;
mod scopes;

use ruff_python_ast::visitor::{Visitor, walk_expr, walk_stmt};
use ruff_python_ast::{Expr, ExprCall, PythonVersion, Stmt};
use ruff_python_parser::parse_unchecked_source;
use ruff_text_size::{Ranged, TextRange};
use rustc_hash::FxHashSet;

use super::{
    AstNodes, Flow, FlowId, IndexSettings, ModuleAst, NodeId, Place, PlaceExpr, PredicateNode,
    Reach, ReachId, ScopeId, SemanticIndex,
};

const SETTINGS: IndexSettings = IndexSettings {
    python_version: PythonVersion::PY312,
    platform: Some("linux"),
    is_stub: false,
    declarations_only: false,
    records_reads: false,
};

fn index(source: &str) -> (SemanticIndex, ModuleAst) {
    index_with(source, &SETTINGS)
}

fn index_with(source: &str, settings: &IndexSettings) -> (SemanticIndex, ModuleAst) {
    let parsed = parse_unchecked_source(source, ruff_python_ast::PySourceType::Python);
    ModuleAst::build(parsed, settings)
}

/// One line for each `use(…)`, in order: what reaches its argument.
fn uses(source: &str) -> Vec<String> {
    uses_with(source, &SETTINGS)
}

fn uses_with(source: &str, settings: &IndexSettings) -> Vec<String> {
    let (index, ast) = index_with(source, settings);
    let mut finder = Finder {
        source,
        index: &index,
        nodes: ast.nodes(),
        region: ScopeId::MODULE,
        scope: ScopeId::MODULE,
        found: Vec::new(),
    };
    for stmt in &ast.module().body {
        finder.visit_stmt(stmt);
    }
    finder.found
}

struct Finder<'a> {
    source: &'a str,
    index: &'a SemanticIndex,
    nodes: &'a AstNodes<'a>,
    region: ScopeId,
    scope: ScopeId,
    found: Vec<String>,
}

impl Finder<'_> {
    fn line(&self, range: TextRange) -> usize {
        self.source[..range.start().to_usize()].lines().count().max(1)
            + usize::from(self.source[..range.start().to_usize()].ends_with('\n'))
    }

    fn in_scope(&mut self, scope: ScopeId, walk: impl FnOnce(&mut Self)) {
        let outer = (self.region, self.scope);
        self.scope = scope;
        self.region = self.index.scopes[scope].region;
        walk(self);
        (self.region, self.scope) = outer;
    }

    fn is_use(call: &ExprCall) -> bool {
        matches!(&*call.func, Expr::Name(name) if name.id.as_str() == "use")
    }

    fn describe(&self, argument: &Expr) -> String {
        let reach = self.reachability();
        let node = NodeId::of(argument).expect("visited");
        if let Some(flow) = self.index.flow_at(self.scope, node) {
            let place = self.index.place_of_expr(self.scope, argument).expect("has a flow");
            return format!("{reach}{}", self.value(self.scope, place, flow));
        }
        let place = PlaceExpr::from_expr(argument).expect("a place");
        match self.index.enclosing_place_flow(self.scope, &place) {
            Some((scope, place, flow)) => {
                format!("{reach}^{}", self.value(scope, place, flow))
            }
            None => format!("{reach}^"),
        }
    }

    fn reachability(&self) -> &'static str {
        ""
    }

    fn value(&self, scope: ScopeId, place: super::PlaceId, flow: FlowId) -> String {
        let mut parts = Vec::new();
        let mut seen = FxHashSet::default();
        self.collect(scope, self.index.scopes[scope].place(place), flow, "", &mut seen, &mut parts);
        let mut unique: Vec<String> = Vec::new();
        for part in parts {
            if !unique.contains(&part) {
                unique.push(part);
            }
        }
        unique.join(" | ")
    }

    fn collect(
        &self,
        scope: ScopeId,
        place: &Place,
        flow: FlowId,
        narrowed: &str,
        seen: &mut FxHashSet<FlowId>,
        parts: &mut Vec<String>,
    ) {
        let data = &self.index.scopes[scope];
        if matches!(data.flow(flow), Flow::Loop(_)) && !seen.insert(flow) {
            return;
        }
        match data.flow(flow) {
            Flow::Start if place.is_bound() => parts.push(format!("?{narrowed}")),
            Flow::Start => parts.push(format!("^{narrowed}")),
            Flow::Deleted => parts.push("del".to_owned()),
            Flow::Definition(id) => {
                let line = self.line(self.index.definitions[id].name_range);
                parts.push(format!("{line}{narrowed}"));
            }
            Flow::Narrowed { predicate, positive, previous } => {
                let text = match self.nodes.predicates[predicate] {
                    PredicateNode::Test(expr) => self.source[expr.range()].to_owned(),
                    PredicateNode::Pattern { stmt, case_index } => {
                        let range = stmt.cases[case_index as usize].pattern.range();
                        format!("case {}", &self.source[range])
                    }
                    PredicateNode::Call(_) | PredicateNode::ContextManager(_) => {
                        unreachable!("never narrows")
                    }
                };
                let not = if positive { "" } else { "not " };
                self.collect(
                    scope,
                    place,
                    previous,
                    &format!(" & {not}{text}{narrowed}"),
                    seen,
                    parts,
                );
            }
            Flow::Join(range) | Flow::Loop(range) => {
                for operand in data.operands(range) {
                    assert_ne!(operand.reach, ReachId::NEVER);
                    self.collect(scope, place, operand.flow, narrowed, seen, parts);
                }
            }
        }
    }
}

impl<'a> Visitor<'a> for Finder<'_> {
    fn visit_stmt(&mut self, stmt: &'a Stmt) {
        match stmt {
            Stmt::FunctionDef(def) => {
                def.decorator_list.iter().for_each(|d| self.visit_expr(&d.expression));
                let scope = self.index.scope_of_node(self.region, def).expect("a scope");
                self.in_scope(scope, |this| this.visit_body(&def.body));
            }
            Stmt::ClassDef(class) => {
                let scope = self.index.scope_of_node(self.region, class).expect("a scope");
                self.in_scope(scope, |this| this.visit_body(&class.body));
            }
            _ => walk_stmt(self, stmt),
        }
    }

    fn visit_expr(&mut self, expr: &'a Expr) {
        match expr {
            Expr::Call(call) if Self::is_use(call) => {
                for argument in &call.arguments.args {
                    let described = self.describe(argument);
                    self.found.push(described);
                }
            }
            Expr::Lambda(lambda) => {
                let scope = self.index.scope_of_node(self.region, lambda).expect("a scope");
                self.in_scope(scope, |this| this.visit_expr(&lambda.body));
            }
            Expr::ListComp(_) | Expr::SetComp(_) | Expr::DictComp(_) | Expr::Generator(_) => {
                let scope = self.index.scope_of_node(self.region, expr).expect("a scope");
                self.in_scope(scope, |this| walk_expr(this, expr));
            }
            _ => walk_expr(self, expr),
        }
    }
}

/// The reach before the last statement of the module (or of its last function): `always`, `never` or a formula.
fn reach_of_last(source: &str) -> String {
    let (index, ast) = index(source);
    let mut body = &ast.module().body;
    let mut scope = ScopeId::MODULE;
    while let Some(Stmt::FunctionDef(def)) = body.last() {
        scope = index.scope_of_node(scope, def).expect("a scope");
        body = &def.body;
    }
    let last = NodeId::of(body.last().expect("a statement")).expect("visited");
    let reach = index.reach_at(scope, last).expect("a statement has a reach");
    spell_reach(source, &index, ast.nodes(), reach)
}

fn spell_reach(source: &str, index: &SemanticIndex, nodes: &AstNodes, reach: ReachId) -> String {
    let text = |predicate: super::PredicateId| match nodes.predicates[predicate] {
        PredicateNode::Test(expr) | PredicateNode::Call(expr) => source[expr.range()].to_owned(),
        PredicateNode::Pattern { stmt, case_index } => {
            format!("case {}", &source[stmt.cases[case_index as usize].pattern.range()])
        }
        PredicateNode::ContextManager(_) => "with".to_owned(),
    };
    let after = |previous: ReachId, step: String| match index.reach(previous) {
        Reach::Always => step,
        _ => format!("{}, {step}", spell_reach(source, index, nodes, previous)),
    };
    match index.reach(reach) {
        Reach::Always => "always".to_owned(),
        Reach::Never => "never".to_owned(),
        Reach::AfterCall { previous, predicate } => {
            after(previous, format!("after {}", text(predicate)))
        }
        Reach::Condition { previous, predicate, positive } => {
            let not = if positive { "" } else { "not " };
            after(previous, format!("{not}{}", text(predicate)))
        }
        Reach::Swallows { previous, predicate } => {
            after(previous, format!("{} swallows", text(predicate)))
        }
        Reach::Join(range) => {
            let operands = index.reach_operands(range).iter();
            let spelled: Vec<String> =
                operands.map(|&operand| spell_reach(source, index, nodes, operand)).collect();
            format!("({})", spelled.join(" | "))
        }
    }
}
