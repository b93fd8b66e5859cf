//! Expressions: numbering, reads, and the scopes that lambdas and comprehensions open.

use ruff_python_ast::visitor::{Visitor, walk_expr};
use ruff_python_ast::{
    Comprehension, Expr, ExprLambda, ExprNamed, HasNodeIndex, Parameters, UnaryOp,
};
use ruff_text_size::Ranged;

use super::conditions::Outcome;
use super::definitions::Spot;
use super::targets::Owner;
use super::{Builder, NodeId, ScopeKind, prescan};
use crate::index::ast::ScopeNode;
use crate::index::definition::{DefinitionCategory, DefinitionNode, ParameterKind, ParameterOwner};
use crate::source::stack;

impl<'ast> Builder<'ast> {
    /// Visits an expression that is read.
    pub(super) fn expr(&mut self, expr: &'ast Expr) {
        stack::deeper(|| self.expr_here(expr));
    }

    fn expr_here(&mut self, expr: &'ast Expr) {
        let node = self.number(expr.node_index());
        match expr {
            Expr::Name(name) => self.read_name(name, node),
            Expr::StringLiteral(_) => self.note_quoted(expr),
            Expr::Attribute(attribute) => {
                self.expr(&attribute.value);
                self.read_path(expr, node);
            }
            Expr::Subscript(subscript) => {
                self.expr(&subscript.value);
                self.expr(&subscript.slice);
                self.read_path(expr, node);
            }
            Expr::BoolOp(bool_op) => self.bool_value(bool_op),
            Expr::If(ternary) => self.ternary(ternary),
            Expr::Named(named) => self.named(named, node),
            Expr::Lambda(lambda) => self.lambda(lambda, node),
            Expr::ListComp(comp) => {
                self.comprehension(expr, node, &comp.generators, &[&comp.elt]);
            }
            Expr::SetComp(comp) => {
                self.comprehension(expr, node, &comp.generators, &[&comp.elt]);
            }
            Expr::Generator(comp) => {
                self.comprehension(expr, node, &comp.generators, &[&comp.elt]);
            }
            Expr::DictComp(comp) => match &comp.key {
                Some(key) => {
                    self.comprehension(expr, node, &comp.generators, &[key, &comp.value]);
                }
                None => self.comprehension(expr, node, &comp.generators, &[&comp.value]),
            },
            Expr::Yield(_) | Expr::YieldFrom(_) => {
                self.expr_parts(expr);
                self.yielded(expr);
            }
            Expr::Await(_) => {
                let scope = self.cur();
                if scope.kind == ScopeKind::Comprehension {
                    scope.is_async = true;
                }
                self.expr_parts(expr);
            }
            Expr::UnaryOp(unary) if unary.op == UnaryOp::Not => self.expr(&unary.operand),
            _ => self.expr_parts(expr),
        }
    }

    /// Visits what an expression consists of, from left to right.
    pub(super) fn expr_parts(&mut self, expr: &'ast Expr) {
        walk_expr(&mut Parts(self), expr);
    }

    /// Notes a `yield` of the function whose scope this is. In the body of a class or in a comprehension it is an
    /// error, and belongs to no function around: the values of its names are those of its own scope.
    fn yielded(&mut self, expr: &'ast Expr) {
        let scope = self.cur();
        if matches!(scope.kind, ScopeKind::Function | ScopeKind::Lambda) {
            scope.is_generator = true;
            let scope = self.stack.last().expect("there is a scope");
            self.nodes.exits[scope.id].get_or_insert_default().yields.push(expr);
        }
    }

    fn named(&mut self, named: &'ast ExprNamed, node: NodeId) {
        self.expr(&named.value);
        let target = self.number(named.target.node_index());
        let Expr::Name(name) = &*named.target else {
            self.expr_parts(&named.target);
            return;
        };
        let id = self.names.intern(&name.id);
        let spot = Spot {
            category: DefinitionCategory::Binding,
            name_range: name.range,
            key: name.start(),
            node: Some(target),
        };
        let definition = self.define_walrus(id, DefinitionNode::NamedExpression(named), spot);
        let region = self.stack[self.region].id;
        self.node_definitions.push((region, node, definition));
    }

    fn lambda(&mut self, lambda: &'ast ExprLambda, node: NodeId) {
        if let Some(parameters) = &lambda.parameters {
            self.defaults(parameters);
        }
        self.push_scope(ScopeKind::Lambda, ScopeNode::Lambda(lambda), Some(node));
        if let Some(parameters) = &lambda.parameters {
            self.parameters(parameters, ParameterOwner::Lambda(lambda));
        }
        let Builder { names, stack, .. } = self;
        if let Some(scope) = stack.last_mut() {
            prescan::prescan_expr(names, scope, &lambda.body);
        }
        self.expr(&lambda.body);
        self.pop_scope();
    }

    /// The defaults of parameters, which are evaluated where the function is defined.
    pub(super) fn defaults(&mut self, parameters: &'ast Parameters) {
        for parameter in parameters.iter_non_variadic_params() {
            if let Some(default) = &parameter.default {
                self.expr(default);
            }
        }
    }

    /// Binds the parameters at the start of a function's or lambda's scope.
    pub(super) fn parameters(
        &mut self,
        parameters: &'ast Parameters,
        function: ParameterOwner<'ast>,
    ) {
        let mut index = 0;
        let groups = [
            (&parameters.posonlyargs, ParameterKind::PositionalOnly),
            (&parameters.args, ParameterKind::Positional),
            (&parameters.kwonlyargs, ParameterKind::KeywordOnly),
        ];
        for (group, kind) in groups {
            if kind == ParameterKind::KeywordOnly
                && let Some(vararg) = &parameters.vararg
            {
                self.parameter(function, vararg, None, ParameterKind::Variadic, &mut index);
            }
            for parameter in group.iter() {
                let default = parameter.default.as_deref();
                self.parameter(function, &parameter.parameter, default, kind, &mut index);
            }
        }
        if let Some(kwarg) = &parameters.kwarg {
            self.parameter(function, kwarg, None, ParameterKind::KeywordVariadic, &mut index);
        }
    }

    fn parameter(
        &mut self,
        function: ParameterOwner<'ast>,
        parameter: &'ast ruff_python_ast::Parameter,
        default: Option<&'ast Expr>,
        kind: ParameterKind,
        index: &mut u32,
    ) {
        let name = self.names.intern(&parameter.name.id);
        let place = self.cur().name_place(name);
        let category = match parameter.annotation {
            Some(_) => DefinitionCategory::DeclarationAndBinding,
            None => DefinitionCategory::Binding,
        };
        let spot = Spot {
            category,
            name_range: parameter.name.range,
            key: parameter.name.start(),
            node: None,
        };
        let node = DefinitionNode::Parameter { function, parameter, default, kind, index: *index };
        self.define_and_bind(place, node, spot);
        *index += 1;
    }

    fn comprehension(
        &mut self,
        expr: &'ast Expr,
        node: NodeId,
        generators: &'ast [Comprehension],
        elements: &[&'ast Expr],
    ) {
        if let Some(first) = generators.first() {
            self.expr(&first.iter);
        }
        self.push_scope(ScopeKind::Comprehension, ScopeNode::Comprehension(expr), Some(node));
        let scope = self.cur();
        scope.is_generator = matches!(expr, Expr::Generator(_));
        scope.is_async = generators.iter().any(|generator| generator.is_async);
        for (index, comprehension) in generators.iter().enumerate() {
            if index > 0 {
                self.expr(&comprehension.iter);
            }
            let owner = Owner::Comprehension { comprehension, is_first: index == 0 };
            self.bind_target(&comprehension.target, owner);
            for test in &comprehension.ifs {
                let Outcome { truthy, .. } = self.condition(test);
                self.cur().apply(&truthy);
            }
        }
        for element in elements {
            self.expr(element);
        }
        self.pop_scope();
    }
}

/// Sends the parts of an expression back to the builder.
struct Parts<'a, 'ast>(&'a mut Builder<'ast>);

impl<'ast> Visitor<'ast> for Parts<'_, 'ast> {
    fn visit_expr(&mut self, expr: &'ast Expr) {
        self.0.expr(expr);
    }
}
