//! Type parameters: what `Generic[...]`, `Protocol[...]` and the bases say of them.
//! Source: typing spec, "Generics".

use ruff_python_ast::Expr;

use super::Subject;
use crate::infer::annotation::bound_around;
use crate::infer::class::params::type_variables_in;
use crate::infer::expr::infer;
use crate::rules;
use crate::types::{ClassFlags, Kind, SpecialForm, Type, TypeVarKind};

pub(super) fn check(subject: &Subject<'_, '_, '_>) {
    let region = subject.region;
    let mut forms = Vec::new();
    let mut others = Vec::new();
    for base in subject.stmt.bases() {
        match base {
            Expr::Subscript(subscript) => {
                let head = region.quietly(|| infer(region, &subscript.value, None)).as_special();
                match head {
                    Some(form @ (SpecialForm::Generic | SpecialForm::Protocol)) => {
                        forms.push((form, subscript));
                    }
                    _ => others.push(base),
                }
            }
            _ => {
                let value = region.quietly(|| infer(region, base, None));
                if value.as_special() == Some(SpecialForm::Generic) {
                    report(subject, base, "`Generic` needs type variables");
                }
                others.push(base);
            }
        }
    }
    if subject.is(ClassFlags::PEP695) {
        for (form, subscript) in &forms {
            let reason =
                format!("`{}` takes no arguments in a class with type parameters", form.name());
            report(subject, &Expr::Subscript((*subscript).clone()), &reason);
        }
        check_traditional(subject, &others);
        check_packs(subject);
        return;
    }
    if let [(_, _), (_, second), ..] = forms.as_slice() {
        let reason = "`Generic[...]` and `Protocol[...]` cannot be combined";
        report(subject, &Expr::Subscript((*second).clone()), reason);
        return;
    }
    if let [(form, subscript)] = forms.as_slice() {
        check_arguments(subject, &subscript.slice);
        let listed = type_variables_in(region, subject.class, &subscript.slice);
        for base in &others {
            for type_var in type_variables_in(region, subject.class, base) {
                if !listed.iter().any(|&known| region.cx.same(known, type_var)) {
                    let name = shown(subject, type_var);
                    let finding =
                        rules::invalid_generic_class::type_variable_left_out(name, form.name());
                    region.report(*base, finding);
                }
            }
        }
    }
    check_order(subject);
    check_packs(subject);
    check_borrowed(subject);
}

/// The type variables of a class may not be those of a class or function around it.
fn check_borrowed(subject: &Subject<'_, '_, '_>) {
    let region = subject.region;
    let around = region.index.scopes[subject.body].parent;
    for &param in &subject.info.type_params {
        let Some(data) = region.cx.as_type_var(param) else { continue };
        if let Some(owner) = bound_around(region, around, data.definition) {
            let name = data.name;
            region.report(
                subject.name_range(),
                rules::invalid_type_variable::rebound_type_variable(name, owner),
            );
        }
    }
}

/// A class takes at most one `TypeVarTuple`.
fn check_packs(subject: &Subject<'_, '_, '_>) {
    let cx = subject.region.cx;
    let is_pack = |&&ty: &&Type| {
        cx.as_type_var(ty).is_some_and(|data| data.kind == TypeVarKind::TypeVarTuple)
    };
    if subject.info.type_params.iter().filter(is_pack).count() > 1 {
        let reason = "it has more than one `TypeVarTuple`";
        let name = &subject.info.name;
        let finding = rules::invalid_generic_class::invalid_generic_class(name, reason);
        subject.region.report(subject.name_range(), finding);
    }
}

fn shown(subject: &Subject<'_, '_, '_>, type_var: Type) -> String {
    subject.region.cx.as_type_var(type_var).map_or_else(String::new, |data| data.name.to_owned())
}

fn report(subject: &Subject<'_, '_, '_>, at: &Expr, reason: &str) {
    let finding = rules::invalid_generic_class::invalid_generic_class(&subject.info.name, reason);
    subject.region.report(at, finding);
}

/// The arguments of `Generic` are type variables, each once.
fn check_arguments(subject: &Subject<'_, '_, '_>, slice: &Expr) {
    let region = subject.region;
    let elements: Vec<&Expr> = match slice {
        Expr::Tuple(tuple) => tuple.elts.iter().collect(),
        other => vec![other],
    };
    let mut seen: Vec<Type> = Vec::new();
    for element in elements {
        let inner = match element {
            Expr::Starred(starred) => &*starred.value,
            Expr::Subscript(subscript) => &*subscript.slice,
            other => other,
        };
        let value = region.quietly(|| infer(region, inner, None));
        if value.is_dynamic() {
            continue;
        }
        if value.kind() != Kind::TypeVarValue {
            report(
                subject,
                element,
                "the arguments of `Generic` and `Protocol` must be type variables",
            );
            continue;
        }
        let is_pack =
            region.cx.as_type_var(value).is_some_and(|data| data.kind == TypeVarKind::TypeVarTuple);
        if is_pack && matches!(element, Expr::Name(_) | Expr::Attribute(_)) {
            report(subject, element, "a `TypeVarTuple` must be unpacked here");
        }
        if seen.iter().any(|&known| region.cx.same(known, value)) {
            let name = shown(subject, value);
            region.report(element, rules::invalid_generic_class::duplicate_type_variable(name));
        }
        seen.push(value);
    }
}

/// A class with type parameters may not use traditional type variables in its bases.
fn check_traditional(subject: &Subject<'_, '_, '_>, bases: &[&Expr]) {
    let region = subject.region;
    for base in bases {
        if let Some(&type_var) = type_variables_in(region, subject.class, base).first() {
            let reason = format!(
                "the traditional type variable `{}` cannot be used with type parameters",
                shown(subject, type_var)
            );
            report(subject, base, &reason);
        }
    }
}

/// Type parameters with defaults come last, and defaults refer to earlier parameters only.
fn check_order(subject: &Subject<'_, '_, '_>) {
    let region = subject.region;
    let cx = region.cx;
    let params = &subject.info.type_params;
    let name = |ty: Type| shown(subject, ty);
    let mut with_default: Option<Type> = None;
    let mut pack: Option<Type> = None;
    for (at, &param) in params.iter().enumerate() {
        let Some(data) = cx.as_type_var(param) else { continue };
        let default = cx.type_var_default(param);
        if let (Some(earlier), None) = (with_default, default) {
            let finding = rules::invalid_type_variable_default::default_before_required(
                name(param),
                name(earlier),
            );
            region.report(subject.name_range(), finding);
        }
        if let Some(default) = default {
            with_default = with_default.or(Some(param));
            if let Some(pack) = pack
                && data.kind == TypeVarKind::TypeVar
            {
                let reason = format!("it follows the `TypeVarTuple` `{}`", name(pack));
                let finding = rules::invalid_type_variable_default::invalid_type_variable_default(
                    name(param),
                    reason,
                );
                region.report(subject.name_range(), finding);
            }
            let earlier = &params[..at];
            let outside = cx.free_type_vars(default).into_iter().find(|&found| {
                let same = |&param: &Type| {
                    cx.as_type_var(param).map(|d| d.definition)
                        == cx.as_type_var(found).map(|d| d.definition)
                };
                !earlier.iter().any(same)
            });
            if let Some(outside) = outside {
                let finding = rules::invalid_type_variable_default::default_out_of_scope(
                    name(param),
                    name(outside),
                );
                region.report(subject.name_range(), finding);
            }
        }
        if data.kind == TypeVarKind::TypeVarTuple {
            pack = pack.or(Some(param));
        }
    }
}
