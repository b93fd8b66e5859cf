//! What stands around a place in the code.

use ruff_python_ast::Expr;
use ruff_text_size::{Ranged, TextRange};

use super::Region;
use crate::index::{Place, ScopeId, ScopeKind, ScopeNode};
use crate::types::{ClassRef, DefRef};

impl<'s> Region<'_, 's> {
    /// The class whose body or method this is: the innermost class around `scope`.
    pub fn enclosing_class(&self, scope: ScopeId) -> Option<ClassRef> {
        let mut current = Some(scope);
        while let Some(id) = current {
            if let Some(class) = self.class_of_scope(id) {
                return Some(class);
            }
            current = self.index.scopes[id].parent;
        }
        None
    }

    /// The class whose body `scope` is.
    pub fn class_of_scope(&self, scope: ScopeId) -> Option<ClassRef> {
        match self.nodes().scopes[scope] {
            ScopeNode::Class(class) => {
                let definition = self.index.definition_at(class.name.range().start())?;
                Some(self.def_ref(definition).into())
            }
            _ => None,
        }
    }

    /// The function whose body `scope` is.
    pub fn function_of_scope(&self, scope: ScopeId) -> Option<DefRef> {
        match self.nodes().scopes[scope] {
            ScopeNode::Function(function) => {
                let definition = self.index.definition_at(function.name.range().start())?;
                Some(self.def_ref(definition))
            }
            _ => None,
        }
    }

    /// Whether the walk is in the body of `owner`, a class or function.
    pub fn is_within(&self, owner: DefRef) -> bool {
        if owner.module != self.module {
            return false;
        }
        let mut current = Some(self.scope());
        while let Some(scope) = current {
            let definition = match self.index.scopes[scope].kind {
                ScopeKind::Function => self.function_of_scope(scope),
                ScopeKind::Class => self.class_of_scope(scope).map(ClassRef::definition),
                _ => None,
            };
            if definition == Some(owner) {
                return true;
            }
            current = self.index.scopes[scope].parent;
        }
        false
    }

    /// Whether `name` is the first parameter of the method whose body this is, or of one around it.
    pub fn is_receiver(&self, name: &str) -> bool {
        let mut current = Some(self.scope());
        while let Some(scope) = current {
            let parent = self.index.scopes[scope].parent;
            if let ScopeNode::Function(function) = self.nodes().scopes[scope]
                && let Some(first) = function.parameters.iter_non_variadic_params().next()
                && first.parameter.name.as_str() == name
                && parent.is_some_and(|it| self.enclosing_class(it).is_some())
            {
                return true;
            }
            current = parent;
        }
        false
    }

    /// The place called `name` in the scope of the walk, or else in the nearest one around it that has one. A scope that
    /// only reads the name has none.
    pub fn nearest_place(&self, name: &str) -> Option<(ScopeId, &'s Place)> {
        let index = self.index;
        std::iter::once(self.scope()).chain(index.enclosing_scopes(self.scope())).find_map(
            |scope| {
                let info = &index.scopes[scope];
                let place = info.place(info.place_by_name(name)?);
                let is_own = place.is_bound() || place.is_global() || place.is_nonlocal();
                is_own.then_some((scope, place))
            },
        )
    }

    /// The comprehension of this region that `range` stands directly in: its first iterable belongs to what is around
    /// it, and what is in a lambda belongs to the lambda.
    pub fn comprehension_around(&self, range: TextRange) -> Option<ScopeId> {
        let is_in = |expr: &Expr| expr.range().contains_range(range);
        let is_around = |&scope: &ScopeId| match self.nodes().scopes[scope] {
            ScopeNode::Comprehension(node) => {
                let generators = match node {
                    Expr::ListComp(list) => &list.generators,
                    Expr::SetComp(set) => &set.generators,
                    Expr::DictComp(dict) => &dict.generators,
                    Expr::Generator(generator) => &generator.generators,
                    _ => return false,
                };
                is_in(node) && !generators.first().is_some_and(|first| is_in(&first.iter))
            }
            ScopeNode::Lambda(lambda) => is_in(&lambda.body),
            _ => false,
        };
        let scopes = self.index.scopes.indices();
        let within = |&scope: &ScopeId| self.index.scopes[scope].region == self.region;
        let innermost = scopes.filter(within).filter(is_around).last()?;
        matches!(self.nodes().scopes[innermost], ScopeNode::Comprehension(_)).then_some(innermost)
    }
}
