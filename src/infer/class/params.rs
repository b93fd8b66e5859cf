//! The type parameters of a class, found without evaluating its bases as types.
//!
//! Bases may name the class itself (`class str(Sequence[str])`), so only the leaves of the base
//! expressions are looked at. Source: typing spec, "Generics".

use ruff_python_ast::{Expr, StmtClassDef, TypeParam};
use ruff_text_size::Ranged;

use super::{Source, open};
use crate::infer::expr::infer;
use crate::infer::region::{Mode, Region};
use crate::types::{ClassRef, Cx, DefRef, Kind, SpecialForm, Type, TypeVarData, TypeVarKind};

/// The type parameters of a class in order, bound to it.
pub fn compute_type_params(cx: &Cx<'_>, class: ClassRef) -> Vec<Type> {
    open(cx, class, |region, source| match source {
        Source::Statement { stmt, .. } => match stmt.type_params.as_deref() {
            Some(params) => params
                .type_params
                .iter()
                .filter_map(|param| declared(region, class, param))
                .collect(),
            None => from_bases(region, class, stmt),
        },
        Source::Call { .. } | Source::Unknown => Vec::new(),
    })
}

fn declared(region: &Region<'_, '_>, class: ClassRef, param: &TypeParam) -> Option<Type> {
    let kind = match param {
        TypeParam::TypeVar(_) => TypeVarKind::TypeVar,
        TypeParam::ParamSpec(_) => TypeVarKind::ParamSpec,
        TypeParam::TypeVarTuple(_) => TypeVarKind::TypeVarTuple,
    };
    let definition = region.index.definition_at(param.name().range().start())?;
    Some(region.cx.type_var(TypeVarData {
        name: region.cx.string(param.name().as_str()),
        kind,
        definition: region.def_ref(definition),
        scope: Some(class.definition()),
    }))
}

fn from_bases(region: &Region<'_, '_>, class: ClassRef, stmt: &StmtClassDef) -> Vec<Type> {
    if !stmt.bases().iter().any(Expr::is_subscript_expr) {
        return Vec::new();
    }
    let mut walk = Leaves { region, scope: class.definition(), found: Vec::new() };
    for wanted in [SpecialForm::Generic, SpecialForm::Protocol] {
        for base in stmt.bases() {
            let Expr::Subscript(subscript) = base else { continue };
            if walk.value(&subscript.value).is_some_and(|ty| ty.as_special() == Some(wanted)) {
                walk.visit(&subscript.slice);
                return walk.found;
            }
        }
    }
    for base in stmt.bases().iter().filter(|base| base.is_subscript_expr()) {
        walk.visit(base);
    }
    walk.found
}

/// The type variables in a base expression that belong to nothing else, bound to the class.
pub(super) fn type_variables_in(
    region: &Region<'_, '_>,
    class: ClassRef,
    expr: &Expr,
) -> Vec<Type> {
    region.quietly(|| {
        let mut walk = Leaves { region, scope: class.definition(), found: Vec::new() };
        if expr.is_subscript_expr() || expr.is_tuple_expr() || expr.is_name_expr() {
            walk.visit(expr);
        }
        walk.found
    })
}

struct Leaves<'r, 'a, 's> {
    region: &'r Region<'a, 's>,
    scope: DefRef,
    found: Vec<Type>,
}

impl Leaves<'_, '_, '_> {
    /// The value of a name, or of an attribute of a module.
    fn value(&self, expr: &Expr) -> Option<Type> {
        match expr {
            Expr::Name(_) => Some(infer(self.region, expr, None)),
            Expr::Attribute(attribute) => {
                let object = self.value(&attribute.value)?;
                if object.kind() != Kind::Module {
                    return None;
                }
                self.region.cx.attribute(object, &attribute.attr).found_all()
            }
            _ => None,
        }
    }

    fn visit(&mut self, expr: &Expr) {
        match expr {
            Expr::Name(_) | Expr::Attribute(_) => self.leaf(expr),
            Expr::Subscript(subscript) => {
                let head = self.value(&subscript.value).and_then(Type::as_special);
                match (head, &*subscript.slice) {
                    (Some(SpecialForm::Literal), _) => {}
                    (Some(SpecialForm::Annotated), Expr::Tuple(tuple)) => {
                        if let Some(first) = tuple.elts.first() {
                            self.visit(first);
                        }
                    }
                    (_, slice) => self.visit(slice),
                }
            }
            Expr::Tuple(tuple) => tuple.elts.iter().for_each(|element| self.visit(element)),
            Expr::List(list) => list.elts.iter().for_each(|element| self.visit(element)),
            Expr::BinOp(binary) => {
                self.visit(&binary.left);
                self.visit(&binary.right);
            }
            Expr::Starred(starred) => self.visit(&starred.value),
            Expr::StringLiteral(string) => {
                let Ok(parsed) = ruff_python_parser::parse_expression(string.value.to_str()) else {
                    return;
                };
                let region = self.region;
                region.in_mode(Mode::DEFERRED, || self.visit(&parsed.into_syntax().body));
            }
            _ => {}
        }
    }

    fn leaf(&mut self, expr: &Expr) {
        let cx = self.region.cx;
        let Some(value) = self.value(expr).filter(|ty| ty.kind() == Kind::TypeVarValue) else {
            return;
        };
        let Some(data) = cx.as_type_var(value) else { return };
        if data.scope.is_some() {
            return;
        }
        let param = cx.type_var(TypeVarData { scope: Some(self.scope), ..*data });
        if !self.found.iter().any(|&known| cx.same(known, param)) {
            self.found.push(param);
        }
    }
}
