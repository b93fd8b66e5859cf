//! Statements without control flow of their own, and the scopes that functions, classes and aliases open.

use ruff_python_ast::{
    Decorator, Expr, HasNodeIndex, Parameters, Stmt, StmtAssert, StmtAssign, StmtClassDef,
    StmtExpr, StmtFunctionDef, StmtReturn, StmtTypeAlias, TypeParam, TypeParams,
};
use ruff_text_size::Ranged;

use super::conditions::Outcome;
use super::definitions::Spot;
use super::scope::Method;
use super::targets::Owner;
use super::{Builder, NodeId, ReachId, ScopeKind, prescan};
use crate::index::ast::{PredicateNode, ScopeNode};
use crate::index::definition::{DefinitionCategory, DefinitionNode, ParameterOwner};
use crate::index::flow::PredicateKind;
use crate::source::stack;

impl<'ast> Builder<'ast> {
    /// Visits statements in order.
    pub(super) fn suite(&mut self, body: &'ast [Stmt]) {
        for stmt in body {
            let outer = self.stmt;
            let node = self.number(stmt.node_index());
            self.stmt = Some(node);
            self.note_statement();
            let reach = self.reach();
            self.set_flow_at(node, reach.as_u32());
            stack::deeper(|| self.stmt(stmt, node));
            self.stmt = outer;
        }
    }

    fn stmt(&mut self, stmt: &'ast Stmt, node: NodeId) {
        match stmt {
            Stmt::FunctionDef(def) => self.function(def, node),
            Stmt::ClassDef(class) => self.class(class, node),
            Stmt::Return(stmt) => self.return_(stmt, node),
            Stmt::Delete(stmt) => self.delete(stmt),
            Stmt::TypeAlias(alias) => self.type_alias(alias, node),
            Stmt::Assign(stmt) => self.assignment(stmt),
            Stmt::AugAssign(stmt) => {
                self.dunder_all_augmented(stmt);
                self.augmented_assignment(stmt);
            }
            Stmt::AnnAssign(stmt) => {
                self.dunder_all_annotated(stmt);
                self.annotated_assignment(stmt);
            }
            Stmt::For(stmt) => self.for_(stmt),
            Stmt::While(stmt) => self.while_(stmt),
            Stmt::If(stmt) => self.if_(stmt),
            Stmt::With(stmt) => self.with(stmt, node),
            Stmt::Match(stmt) => self.match_(stmt, node),
            Stmt::Raise(stmt) => {
                stmt.exc.iter().chain(&stmt.cause).for_each(|expr| self.expr(expr));
                self.cur().reach = ReachId::NEVER;
            }
            Stmt::Try(stmt) => self.try_(stmt),
            Stmt::Assert(stmt) => self.assert(stmt),
            Stmt::Import(stmt) => self.import(stmt),
            Stmt::ImportFrom(stmt) => self.import_from(stmt),
            Stmt::Expr(stmt) => self.expression_statement(stmt),
            Stmt::Break(_) => self.jump(|frame| &mut frame.breaks),
            Stmt::Continue(_) => self.jump(|frame| &mut frame.continues),
            // The look-ahead has seen these.
            Stmt::Global(_) | Stmt::Nonlocal(_) => {}
            Stmt::Pass(_) | Stmt::IpyEscapeCommand(_) => {}
        }
    }

    fn return_(&mut self, stmt: &'ast StmtReturn, node: NodeId) {
        if let Some(value) = &stmt.value {
            // Within a `try` or `with`, what comes after may run yet.
            self.cur().is_leaving = self.cur().log_frames == 0;
            self.expr(value);
            self.cur().is_leaving = false;
        }
        let scope = self.cur();
        if scope.kind == ScopeKind::Function {
            scope.returns.push((node, scope.reach));
            let id = scope.id;
            self.nodes.exits[id].get_or_insert_default().returns.push(stmt);
        }
        self.cur().reach = ReachId::NEVER;
    }

    fn assignment(&mut self, stmt: &'ast StmtAssign) {
        self.expr(&stmt.value);
        self.dunder_all_assigned(stmt);
        for target in &stmt.targets {
            self.bind_target(target, Owner::Assignment { stmt, top_target: target });
        }
        self.keep_test(stmt);
    }

    fn assert(&mut self, stmt: &'ast StmtAssert) {
        let Outcome { truthy, falsy } = self.condition(&stmt.test);
        if let Some(message) = &stmt.msg {
            let mark = self.mark();
            self.cur().apply(&falsy);
            self.expr(message);
            self.cur().undo(mark);
        }
        self.cur().apply(&truthy);
    }

    /// A call that stands alone may be one that never returns.
    fn expression_statement(&mut self, stmt: &'ast StmtExpr) {
        self.expr(&stmt.value);
        self.dunder_all_called(stmt);
        let call = &*stmt.value;
        let is_call = match call {
            Expr::Await(awaited) => awaited.value.is_call_expr(),
            value => value.is_call_expr(),
        };
        if is_call
            && !self.is_dead()
            && let Some(node) = NodeId::of(call)
        {
            let predicate = self.predicate(PredicateKind::Call, node, PredicateNode::Call(call));
            let (scope, graph) = self.cur_and_graph();
            scope.reach = graph.after_call(scope.reach, predicate);
        }
    }

    fn decorators(&mut self, decorators: &'ast [Decorator]) {
        decorators.iter().for_each(|decorator| self.expr(&decorator.expression));
    }

    fn function(&mut self, def: &'ast StmtFunctionDef, node: NodeId) {
        self.decorators(&def.decorator_list);
        self.defaults(&def.parameters);
        let method = self.method(def);
        let name = self.names.intern(&def.name.id);
        let place = self.cur().name_place(name);
        let spot = Spot {
            category: DefinitionCategory::DeclarationAndBinding,
            name_range: def.name.range,
            key: def.name.start(),
            node: Some(node),
        };
        let kind = DefinitionNode::Function(def);
        if let Some(type_params) = &def.type_params {
            self.define_and_bind(place, kind, spot);
            let scope_node = ScopeNode::FunctionTypeParams(def, type_params);
            self.type_params(type_params, scope_node);
            self.annotations(&def.parameters, def.returns.as_deref());
        } else {
            self.annotations(&def.parameters, def.returns.as_deref());
            self.define_and_bind(place, kind, spot);
            if self.declarations_only && def.body.iter().all(is_placeholder) {
                return;
            }
        }
        self.push_scope(ScopeKind::Function, ScopeNode::Function(def), Some(node));
        let scope = self.cur();
        scope.is_async = def.is_async;
        scope.method = method;
        self.parameters(&def.parameters, ParameterOwner::Function(def));
        self.look_ahead(&def.body);
        self.suite(&def.body);
        self.pop_scope();
        if def.type_params.is_some() {
            self.pop_scope();
        }
    }

    fn look_ahead(&mut self, body: &[Stmt]) {
        let Builder { names, stack, .. } = self;
        if let Some(scope) = stack.last_mut() {
            prescan::prescan_body(names, scope, body);
            prescan::disown_outside_names(scope);
        }
    }

    fn annotations(&mut self, parameters: &'ast Parameters, returns: Option<&'ast Expr>) {
        for parameter in parameters.iter_source_order() {
            if let Some(annotation) = parameter.annotation() {
                self.annotation(annotation);
            }
        }
        if let Some(returns) = returns {
            self.annotation(returns);
        }
    }

    /// What is known of a function that stands directly in a class: its first parameter, and what that is.
    fn method(&mut self, def: &StmtFunctionDef) -> Option<Method> {
        let class = self.stack.last().filter(|scope| scope.kind == ScopeKind::Class)?.id;
        let decorated = |name: &str| {
            def.decorator_list.iter().any(|decorator| match &decorator.expression {
                Expr::Name(expr) => expr.id.as_str() == name,
                Expr::Attribute(expr) => expr.attr.as_str() == name,
                _ => false,
            })
        };
        if decorated("staticmethod") {
            return None;
        }
        let parameters = &def.parameters;
        let first = parameters.posonlyargs.first().or_else(|| parameters.args.first())?;
        let on_class = decorated("classmethod")
            || matches!(def.name.as_str(), "__new__" | "__init_subclass__" | "__class_getitem__");
        let first_parameter = self.names.intern(&first.parameter.name.id);
        Some(Method { class, first_parameter, on_class })
    }

    fn class(&mut self, class: &'ast StmtClassDef, node: NodeId) {
        self.decorators(&class.decorator_list);
        let name = self.names.intern(&class.name.id);
        let place = self.cur().name_place(name);
        let spot = Spot {
            category: DefinitionCategory::DeclarationAndBinding,
            name_range: class.name.range,
            key: class.name.start(),
            node: Some(node),
        };
        let definition = self.define(place, DefinitionNode::Class(class), spot);
        if let Some(type_params) = &class.type_params {
            self.type_params(type_params, ScopeNode::ClassTypeParams(class, type_params));
        }
        if let Some(arguments) = &class.arguments {
            arguments.args.iter().for_each(|base| self.expr(base));
            arguments.keywords.iter().for_each(|keyword| self.expr(&keyword.value));
        }
        self.push_scope(ScopeKind::Class, ScopeNode::Class(class), Some(node));
        self.look_ahead(&class.body);
        self.suite(&class.body);
        self.pop_scope();
        if class.type_params.is_some() {
            self.pop_scope();
        }
        // Only when the body has run is the name bound.
        self.bind(place, definition);
    }

    fn type_alias(&mut self, alias: &'ast StmtTypeAlias, node: NodeId) {
        let target = self.number(alias.name.node_index());
        if let Expr::Name(name) = &*alias.name {
            let id = self.names.intern(&name.id);
            let place = self.cur().name_place(id);
            let spot = Spot {
                category: DefinitionCategory::DeclarationAndBinding,
                name_range: name.range,
                key: name.start(),
                node: Some(target),
            };
            self.define_and_bind(place, DefinitionNode::TypeAlias(alias), spot);
        } else {
            self.expr_parts(&alias.name);
        }
        if let Some(type_params) = &alias.type_params {
            self.type_params(type_params, ScopeNode::AliasTypeParams(alias, type_params));
        }
        self.push_scope(ScopeKind::TypeAlias, ScopeNode::TypeAlias(alias), Some(node));
        self.annotation(&alias.value);
        self.pop_scope();
        if alias.type_params.is_some() {
            self.pop_scope();
        }
    }

    /// Opens the scope of type parameters and binds them. Bounds and defaults may mention any of them.
    fn type_params(&mut self, type_params: &'ast TypeParams, node: ScopeNode<'ast>) {
        self.push_scope(ScopeKind::TypeParams, node, None);
        for param in &type_params.type_params {
            let name = match param {
                TypeParam::TypeVar(param) => &param.name,
                TypeParam::TypeVarTuple(param) => &param.name,
                TypeParam::ParamSpec(param) => &param.name,
            };
            let id = self.names.intern(&name.id);
            let place = self.cur().name_place(id);
            let spot = Spot {
                category: DefinitionCategory::DeclarationAndBinding,
                name_range: name.range,
                key: name.start(),
                node: None,
            };
            self.define_and_bind(place, DefinitionNode::TypeParam(param), spot);
        }
        for param in &type_params.type_params {
            let (bound, default) = match param {
                TypeParam::TypeVar(param) => (&param.bound, &param.default),
                TypeParam::TypeVarTuple(param) => (&None, &param.default),
                TypeParam::ParamSpec(param) => (&None, &param.default),
            };
            bound.iter().chain(default).for_each(|expr| self.annotation(expr));
        }
    }
}

/// `...`, `pass` and strings: a body of nothing else is no body.
pub fn is_placeholder(stmt: &Stmt) -> bool {
    match stmt {
        Stmt::Pass(_) => true,
        Stmt::Expr(stmt) => {
            stmt.value.is_ellipsis_literal_expr() || stmt.value.is_string_literal_expr()
        }
        _ => false,
    }
}
