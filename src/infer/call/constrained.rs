//! Methods of a constrained type variable: what is called depends on the constraint, and where each
//! constraint's method gives that constraint back, the result is the variable again.
//! Source: typing spec, "Generics", "Type variables with constraints".

use ruff_python_ast::{Expr, ExprCall};

use super::CallArguments;
use crate::infer::expr::infer;
use crate::infer::region::Region;
use crate::types::call::{ArgumentKind, ArgumentTypes};
use crate::types::{Cx, Data, DefRef, Kind, Substitution, Type};

/// The arguments of a call where a type variable stands for one of its constraints.
struct Constrained<'c, 'r, 'a, 's> {
    arguments: &'c CallArguments<'r, 'a, 's>,
    with: Substitution,
}

impl ArgumentTypes for Constrained<'_, '_, '_, '_> {
    fn kinds(&self) -> &[ArgumentKind<'_>] {
        self.arguments.kinds()
    }

    fn ty(&self, index: usize, expected: Option<Type>) -> Type {
        let found = self.arguments.ty(index, expected);
        self.arguments.region.cx.substitute(found, &self.with)
    }

    fn goes_last(&self, index: usize) -> bool {
        self.arguments.goes_last(index)
    }

    fn is_within(&self, owner: DefRef) -> bool {
        self.arguments.is_within(owner)
    }
}

/// The result of `object.method(...)` when that is the type of `object` itself, whichever of its
/// constraints a type variable stands for.
pub(super) fn same_variable(
    region: &Region<'_, '_>,
    call: &ExprCall,
    callee: Type,
    arguments: &CallArguments<'_, '_, '_>,
) -> Option<Type> {
    let cx = region.cx;
    // The method of a variable is that of all its constraints; of a narrowed one, it is bound to both.
    let may_be = match callee.kind() {
        Kind::Union => true,
        Kind::Method => match *cx.payload(callee) {
            Data::Method { receiver: Some(receiver), .. } => receiver.kind() == Kind::Intersection,
            _ => false,
        },
        _ => false,
    };
    if !may_be {
        return None;
    }
    let Expr::Attribute(attribute) = &*call.func else { return None };
    let object = region.quietly(|| infer(region, &attribute.value, None));
    let (type_var, constraints) = possible_constraints(cx, object)?;
    let gives_itself = |&each: &Type| {
        let method = cx.attribute(each, attribute.attr.id.as_str()).found_all()?;
        let given = Constrained { arguments, with: Substitution::of(&[type_var], &[each]) };
        let outcome = cx.call(method, &given, None);
        (outcome.is_ok() && cx.is_equivalent(outcome.returns, each)).then_some(())
    };
    constraints.iter().all(|each| gives_itself(each).is_some()).then_some(object)
}

/// A constrained type variable and those of its constraints that narrowing has left.
fn possible_constraints(cx: &Cx<'_>, object: Type) -> Option<(Type, Vec<Type>)> {
    let constraints = |ty: Type| {
        let found = if ty.kind() == Kind::TypeVar { cx.constraints_of(ty) } else { &[] };
        (!found.is_empty()).then_some(found)
    };
    if let Some(all) = constraints(object) {
        return Some((object, all.to_vec()));
    }
    if object.kind() != Kind::Intersection {
        return None;
    }
    let Data::Intersection(parts) = *cx.payload(object) else { return None };
    let (type_var, all) =
        parts.iter().find_map(|&part| constraints(part).map(|found| (part, found)))?;
    let others = || parts.iter().filter(|&&part| !cx.same(part, type_var));
    let left: Vec<Type> = all
        .iter()
        .copied()
        .filter(|&each| others().all(|&part| cx.is_assignable(each, part)))
        .collect();
    (!left.is_empty()).then_some((type_var, left))
}
