//! Consistency of overloads. Source: typing spec, "Overloads", "Invalid overload definitions".

use ruff_python_ast::StmtFunctionDef;

use super::because;
use super::region::{Misfit, Region};
use crate::index::{DefinitionId, DefinitionNode, ReachId};
use crate::rules;
use crate::types::{
    ClassFlags, Cx, DefRef, FunctionFlags, FunctionInfo, Kind, Parameter, ParameterKind, Signature,
    Solver, Substitution, Type,
};

/// Checks the overloads that end with this `def`.
pub fn check<'s>(region: &Region<'_, 's>, node: &StmtFunctionDef, info: &FunctionInfo<'s>) {
    if info.overloads.is_empty() || !is_last(region, info) {
        return;
    }
    let cx = region.cx;
    let name = &node.name;
    let infos = overload_infos(cx, info);
    let first = infos.first().map_or(info.name_range, |each| each.name_range);
    if infos.len() == 1 {
        region.report(first, rules::invalid_overload::single_overload(&name.id));
    }
    let needs_none = cx.host.module(region.module).is_stub
        || in_protocol(cx, info)
        || info.flags.contains(FunctionFlags::ABSTRACT)
        || is_dead(region, info)
        || super::check::in_type_checking_block(region, info);
    if !info.has_implementation && !needs_none {
        region.report(first, rules::invalid_overload::overload_without_implementation(&name.id));
    }
    check_decorators(region, node, info);
    if info.has_implementation {
        check_implementation(region, node, info);
    }
    check_overlap(region, node, info);
}

fn is_dead<'s>(region: &Region<'_, 's>, info: &FunctionInfo<'s>) -> bool {
    let id = DefinitionId::from_u32(info.definition.index);
    region.index.definitions[id].reach == ReachId::NEVER
}

fn in_protocol<'s>(cx: &Cx<'s>, info: &FunctionInfo<'s>) -> bool {
    info.class.is_some_and(|class| cx.host.class(cx, class).is(ClassFlags::PROTOCOL))
}

/// Whether no later `def` goes on with the overloads.
fn is_last<'s>(region: &Region<'_, 's>, info: &FunctionInfo<'s>) -> bool {
    let id = DefinitionId::from_u32(info.definition.index);
    let entry = &region.index.definitions[id];
    let place = region.index.scopes[entry.scope].place(entry.place);
    let Some(at) = place.definitions.iter().position(|&other| other == id) else { return true };
    let Some(&next) = place.definitions.get(at + 1) else { return true };
    if info.has_implementation {
        return true;
    }
    !matches!(region.nodes().definitions[next], DefinitionNode::Function(_))
}

fn overload_infos<'s>(cx: &Cx<'s>, info: &FunctionInfo<'s>) -> Vec<&'s FunctionInfo<'s>> {
    let mut definitions: Vec<DefRef> =
        info.overloads.iter().filter_map(|signature| signature.definition).collect();
    definitions.dedup();
    definitions.into_iter().map(|definition| cx.host.function(cx, definition)).collect()
}

fn check_decorators<'s>(region: &Region<'_, 's>, node: &StmtFunctionDef, info: &FunctionInfo<'s>) {
    let cx = region.cx;
    let all = overload_infos(cx, info);
    let mut kinds: Vec<FunctionFlags> = all.iter().map(|each| each.flags).collect();
    if info.has_implementation {
        kinds.push(own_flags(region, node, info));
    }
    for (flag, decorator) in [
        (FunctionFlags::STATIC_METHOD, "staticmethod"),
        (FunctionFlags::CLASS_METHOD, "classmethod"),
    ] {
        let count = kinds.iter().filter(|flags| flags.contains(flag)).count();
        if count != 0 && count != kinds.len() && &*info.name != "__new__" {
            region.report(
                &node.name,
                rules::invalid_overload::inconsistent_overload_decorator(&node.name.id, decorator),
            );
        }
    }
    for (flag, decorator) in
        [(FunctionFlags::FINAL, "final"), (FunctionFlags::OVERRIDE, "override")]
    {
        let misplaced = if info.has_implementation {
            all.iter().any(|each| each.flags.contains(flag))
        } else {
            all.iter().skip(1).any(|each| each.flags.contains(flag))
        };
        if misplaced {
            let place =
                if info.has_implementation { "the implementation" } else { "the first overload" };
            let first = all
                .iter()
                .skip(usize::from(!info.has_implementation))
                .find(|each| each.flags.contains(flag));
            let range = first.map_or(info.name_range, |each| each.name_range);
            region.report(
                range,
                rules::invalid_overload::misplaced_overload_decorator(decorator, place),
            );
        }
    }
}

/// Flags from the implementation's own decorators: those of the overloads were added to `info`.
fn own_flags<'s>(
    region: &Region<'_, 's>,
    node: &StmtFunctionDef,
    info: &FunctionInfo<'s>,
) -> FunctionFlags {
    let cx = region.cx;
    let mut flags = info.flags;
    for (flag, known) in [
        (FunctionFlags::STATIC_METHOD, crate::types::Known::StaticMethod),
        (FunctionFlags::CLASS_METHOD, crate::types::Known::ClassMethod),
    ] {
        let written = node.decorator_list.iter().any(|decorator| {
            region
                .quietly(|| super::expr::infer(region, &decorator.expression, None))
                .as_class()
                .is_some_and(|class| cx.is_known(class, known))
        });
        if !written {
            flags.remove(flag);
        }
    }
    flags
}

/// The implementation accepts what every overload accepts, and gives what it gives.
fn check_implementation<'s>(
    region: &Region<'_, 's>,
    node: &StmtFunctionDef,
    info: &FunctionInfo<'s>,
) {
    let cx = region.cx;
    let signature = match info.decorated.map(|decorated| cx.signatures(decorated)) {
        None => info.signature,
        Some(Some(decorated)) if decorated.len() == 1 => decorated[0],
        Some(_) => return,
    };
    for (at, overload) in info.overloads.iter().enumerate() {
        let compared = Compared::new(cx, info, overload, &signature);
        let (mut accepts, mut gives) = (compared.accepts(cx), compared.gives);
        if info.decorated.is_some() && !(accepts && gives) {
            // What a decorator makes of overloads that it was given is not certain: the function counts, too.
            let own = Compared::new(cx, info, overload, &info.signature);
            (accepts, gives) = (accepts || own.accepts(cx), gives || own.gives);
        }
        if accepts && gives {
            continue;
        }
        let result = |of: &Signature| cx.display(of.returns.unwrap_or(Type::UNKNOWN)).to_string();
        let mut finding = if accepts {
            let rule = rules::invalid_overload_implementation::result_of_implementation;
            rule(&node.name.id, at + 1, result(&signature), result(overload))
        } else {
            let rule = rules::invalid_overload_implementation::parameters_of_implementation;
            rule(&node.name.id, at + 1)
        };
        if let Some(definition) = overload.definition.filter(|_| !region.is_quiet()) {
            let words = format!("overload {} is declared here", at + 1);
            because::add_place(cx, region.module, &mut finding, definition, words);
        }
        if accepts {
            region.report(&node.name, finding);
        } else {
            let misfit = Misfit::Override(compared.own, compared.wanted);
            region.report_misfit(&node.name, finding, misfit);
        }
    }
}

/// An implementation beside an overload, without their own type variables and their receivers.
struct Compared {
    /// The two as callables, whatever they give back.
    own: Type,
    wanted: Type,
    /// Whether the implementation gives what the overload gives.
    gives: bool,
}

impl Compared {
    fn new<'s>(
        cx: &Cx<'s>,
        info: &FunctionInfo<'s>,
        overload: &Signature<'s>,
        signature: &Signature<'s>,
    ) -> Self {
        let implementation = for_receiver(cx, info, overload, &open(cx, signature));
        let implementation = without_receiver(cx, &implementation, info);
        let shown = without_receiver(cx, &open(cx, overload), info);
        let gives = match (shown.returns, implementation.returns) {
            (Some(from), Some(to)) => cx.is_assignable(from, to) || cx.is_assignable(to, from),
            _ => true,
        };
        let bare =
            |of: Signature<'s>| cx.callable(&[Signature { returns: Some(Type::UNKNOWN), ..of }]);
        Self { own: bare(implementation), wanted: bare(shown), gives }
    }

    /// Whether the implementation takes what the overload takes.
    fn accepts(&self, cx: &Cx<'_>) -> bool {
        cx.is_assignable(self.own, self.wanted)
    }
}

/// An implementation as an overload sees it that says itself what `self` is: the receiver and the
/// type parameters of the class are what the overload makes of them.
fn for_receiver<'s>(
    cx: &Cx<'s>,
    info: &FunctionInfo<'s>,
    overload: &Signature<'s>,
    implementation: &Signature<'s>,
) -> Signature<'s> {
    let says_self = overload.parameters.first().is_some_and(|first| first.is_annotated);
    let Some(class) = info.class.filter(|_| says_self) else { return *implementation };
    let params = cx.host.type_params(cx, class);
    let open: Vec<Type> = params.iter().map(|&param| cx.unknown_argument(param)).collect();
    let with = Substitution::of(params, &open).with_self(Type::UNKNOWN);
    cx.substitute_signature(implementation, &with)
}

/// A signature with its own type variables unknown: overloads and implementation name their own.
fn open<'s>(cx: &Cx<'s>, signature: &Signature<'s>) -> Signature<'s> {
    let with = Solver::new(signature.type_params).solution(cx);
    let opened = cx.substitute_signature(signature, &with);
    // A receiver without annotation is whatever the overloads say of it.
    let parameters: Vec<Parameter> = opened
        .parameters
        .iter()
        .map(|own| Parameter { ty: if own.is_annotated { own.ty } else { Type::UNKNOWN }, ..*own })
        .collect();
    Signature { type_params: &[], parameters: cx.slice(&parameters), ..opened }
}

/// A method without what it says of its receiver: overloads may differ in which they are for.
fn without_receiver<'s>(
    cx: &Cx<'s>,
    signature: &Signature<'s>,
    info: &FunctionInfo<'s>,
) -> Signature<'s> {
    let takes_receiver = info.class.is_some()
        && (!info.flags.contains(FunctionFlags::STATIC_METHOD) || &*info.name == "__new__");
    let mut parameters = signature.parameters.to_vec();
    if let Some(first) = parameters.first_mut().filter(|_| takes_receiver)
        && matches!(first.kind, ParameterKind::PositionalOnly | ParameterKind::Standard)
    {
        first.ty = Type::UNKNOWN;
    }
    Signature { parameters: cx.slice(&parameters), ..*signature }
}

/// Overloads that an earlier one hides, and overlaps with incompatible results.
fn check_overlap<'s>(region: &Region<'_, 's>, node: &StmtFunctionDef, info: &FunctionInfo<'s>) {
    let cx = region.cx;
    for (later_at, later) in info.overloads.iter().enumerate() {
        for (earlier_at, earlier) in info.overloads[..later_at].iter().enumerate() {
            if hides(cx, earlier, later) {
                let range = later.definition.map_or(node.name.range, |definition| {
                    cx.host.function(cx, definition).name_range
                });
                let mut finding = rules::overlapping_overload::unreachable_overload(
                    &node.name.id,
                    later_at + 1,
                    earlier_at + 1,
                );
                if let Some(definition) = earlier.definition {
                    let words = format!("overload {} is here", earlier_at + 1);
                    because::add_place(cx, region.module, &mut finding, definition, words);
                }
                region.report(range, finding);
                break;
            }
            if differs_within(cx, earlier, later) {
                let range = earlier.definition.map_or(node.name.range, |definition| {
                    cx.host.function(cx, definition).name_range
                });
                let rule = rules::overlapping_overload::overlapping_overload;
                region.report(range, rule(&node.name.id, earlier_at + 1, later_at + 1));
                break;
            }
        }
    }
}

/// Whether `later` takes all that `earlier` takes and gives something else for it: who knows less of an argument is
/// told a result that it does not get. Source: typing spec, "Overloads", "Overlapping overloads".
fn differs_within<'s>(cx: &Cx<'s>, earlier: &Signature<'s>, later: &Signature<'s>) -> bool {
    let (Some(from), Some(to)) = (earlier.returns, later.returns) else { return false };
    // `None` is told from all other objects: a descriptor read through the class. So are literals from other values
    // of their class: who passes something else does not mean them.
    let is_told = |(left, right): (&Parameter, &Parameter)| {
        left.ty.is_none() && !cx.members(right.ty).iter().any(Type::is_none)
            || cx.wants_literal(left.ty)
    };
    // A guard is a `bool` that says more.
    if from.kind() == Kind::Guard || to.kind() == Kind::Guard {
        return false;
    }
    let names = |list: &[Parameter]| list.iter().filter(|it| it.default.is_none()).count();
    names(earlier.parameters) == names(later.parameters)
        && earlier.parameters.len() == later.parameters.len()
        && !earlier.parameters.iter().zip(later.parameters).any(is_told)
        && !cx.has_dynamic(from)
        && !cx.has_dynamic(to)
        && !cx.has_type_vars(from)
        && !cx.has_type_vars(to)
        && !cx.is_assignable(from, to)
        && hides(cx, later, earlier)
}

/// Whether every call that `later` accepts is one that `earlier` accepts.
fn hides<'s>(cx: &Cx<'s>, earlier: &Signature<'s>, later: &Signature<'s>) -> bool {
    if !earlier.type_params.is_empty() || !later.type_params.is_empty() {
        return false;
    }
    let plain = |list: &[Parameter]| {
        list.iter().enumerate().all(|(at, p)| {
            // What nothing is written for, and has a type nevertheless, is the receiver of a method.
            let is_receiver = at == 0 && !p.is_annotated;
            !p.ty.is_dynamic()
                && !cx.has_dynamic(p.ty)
                && p.kind != ParameterKind::Variadic
                && (is_receiver || p.ty.kind() != Kind::TypeVar)
        })
    };
    // A keyword that one asks for and the other does not know tells them apart, too.
    let is_known = |wanted: &Parameter| {
        let is_it = |p: &Parameter| p.kind == ParameterKind::Keywords || p.name == wanted.name;
        later.parameters.iter().any(is_it)
    };
    let is_asked_for = |p: &&Parameter| p.kind == ParameterKind::KeywordOnly && p.default.is_none();
    if !earlier.parameters.iter().filter(is_asked_for).all(is_known) {
        return false;
    }
    // Most pairs differ in one parameter, which is seen without making two functions of them.
    let takes = |(of_earlier, of_later): (&Parameter, &Parameter)| {
        let kinds = [of_earlier.kind, of_later.kind];
        !kinds
            .iter()
            .all(|kind| matches!(kind, ParameterKind::PositionalOnly | ParameterKind::Standard))
            || cx.is_assignable(of_later.ty, of_earlier.ty)
    };
    if !plain(earlier.parameters)
        || !plain(later.parameters)
        || !earlier.parameters.iter().zip(later.parameters).all(takes)
    {
        return false;
    }
    let left = cx.callable(&[Signature { returns: Some(Type::UNKNOWN), ..*earlier }]);
    let right = cx.callable(&[Signature { returns: Some(Type::UNKNOWN), ..*later }]);
    cx.is_assignable(left, right)
}
