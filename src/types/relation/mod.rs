//! Relations between types: assignable, subtype, equivalent, disjoint; one place for each.
//!
//! Assignability and subtyping are one walk ([`Walk`]) with a mode; a walk that also solves type
//! variables carries a [`Solver`]. Source: typing spec, "Type system concepts".

mod callable;
mod disjoint;
mod equality;
mod instance;
mod pairs;
mod protocol;
mod typed_dict;

use super::{Cx, Data, Kind, Known, Parameter, ParameterKind, Solver, Type, TypeVarKind};
use smallvec::SmallVec;

use crate::store::budget;
use crate::store::limits::MAX_UNION;

pub use pairs::{Pairs, Relation};

/// Which relation a walk decides.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Mode {
    /// Consistent subtyping: dynamic types are whatever makes the answer yes.
    Assignable,
    /// Subtyping between what is known; a dynamic type is only a subtype of itself and `object`.
    Subtype,
}

impl Mode {
    /// What a question in this mode is known by, from the fingerprints of its types.
    fn key(self, source: u128, target: u128) -> (u128, u128) {
        (source ^ u128::from(self == Self::Subtype), target)
    }
}

/// A question that hosts may remember the answer to: are two composite types related, as `mode` says.
#[derive(Debug, Clone, Copy)]
pub struct Judgement {
    pub source: Type,
    pub target: Type,
    pub mode: Mode,
    /// The fingerprints of both, and the mode: equal for equal questions, wherever their types are.
    pub key: (u128, u128),
}

/// One walk over a pair of types.
pub(super) struct Walk<'c, 's, 'v> {
    pub cx: &'c Cx<'s>,
    pub mode: Mode,
    pub solver: Option<&'v mut Solver>,
}

impl<'s> Cx<'s> {
    /// Whether a value of type `source` may be used where `target` is declared.
    pub fn is_assignable(&self, source: Type, target: Type) -> bool {
        self.relate(source, target, Mode::Assignable)
    }

    /// Whether `source` is a subtype of `target`.
    pub fn is_subtype(&self, source: Type, target: Type) -> bool {
        self.relate(source, target, Mode::Subtype)
    }

    /// Whether two types have the same materialisations: each assignable to the other, with
    /// dynamic parts in the same places.
    pub fn is_equivalent(&self, left: Type, right: Type) -> bool {
        self.same(left, right)
            || self.related(Relation::Equivalent, left, right, false, || {
                self.is_expanded_equivalent(left, right)
            })
    }

    fn is_expanded_equivalent(&self, left: Type, right: Type) -> bool {
        let (left, right) = (self.expand_alias(left), self.expand_alias(right));
        if self.same(left, right) || (left.is_dynamic() && right.is_dynamic()) {
            return true;
        }
        if left.is_dynamic() || right.is_dynamic() {
            return false;
        }
        if left.kind() == Kind::Union && right.kind() == Kind::Union {
            let (left, right) = (self.members_within(left), self.members_within(right));
            let within = |a: Type, list: &[Type]| list.iter().any(|&b| self.is_equivalent(a, b));
            return left.iter().all(|&a| within(a, &right))
                && right.iter().all(|&b| within(b, &left));
        }
        // What is dynamic may stand deep within, under any variance.
        if left.kind() == Kind::Generic
            && right.kind() == Kind::Generic
            && self.class_of(left) == self.class_of(right)
        {
            let (left, right) = (self.arguments_of(left), self.arguments_of(right));
            if left.len() == right.len()
                && left.iter().zip(right).all(|(&a, &b)| self.is_equivalent(a, b))
            {
                return true;
            }
        }
        self.relate(left, right, Mode::Subtype) && self.relate(right, left, Mode::Subtype)
    }

    /// The members of a union, with those of the unions that its aliases stand for, as far as there are not too many.
    fn members_within(&self, union: Type) -> SmallVec<[Type; 8]> {
        let mut found = SmallVec::new();
        self.push_members(union, &mut found);
        found
    }

    fn push_members(&self, union: Type, found: &mut SmallVec<[Type; 8]>) {
        for member in self.members(union).iter() {
            let is_alias = member.kind() == Kind::Alias && found.len() < MAX_UNION;
            let meant = if is_alias { self.expand_alias(member) } else { member };
            match meant.kind() {
                Kind::Union => self.push_members(meant, found),
                _ => found.push(member),
            }
        }
    }

    /// Equivalence where dynamic parts are taken for what they stand opposite to.
    pub fn is_consistent(&self, left: Type, right: Type) -> bool {
        self.is_assignable(left, right) && self.is_assignable(right, left)
    }

    /// Whether a relation is being decided, so that pairs of types may be assumed to hold.
    pub fn is_relating(&self) -> bool {
        !self.pairs.is_idle()
    }

    /// Whether two types are related, as `mode` says.
    pub fn relate(&self, source: Type, target: Type, mode: Mode) -> bool {
        if source.is(target) {
            return true;
        }
        let is_value =
            |ty: Type| matches!(ty.kind(), Kind::Enum | Kind::Str | Kind::Bytes | Kind::BigInt);
        if is_value(source) && is_value(target) {
            // One value and another: thousands of them are not worth a memory of each pair.
            return self.same(source, target);
        }
        let cacheable = source.is_composite() && target.is_composite();
        if !cacheable {
            return Walk { cx: self, mode, solver: None }.check(source, target);
        }
        let judgement = self.judgement(source, target, mode);
        if let Some(known) = self.host.remembered(self, &judgement) {
            return known;
        }
        let answer = Walk { cx: self, mode, solver: None }.check(source, target);
        if self.pairs.is_idle() && self.pairs.is_exact() && !self.host.is_provisional(self) {
            self.host.remember(judgement.key, answer);
        }
        answer
    }

    fn judgement(&self, source: Type, target: Type, mode: Mode) -> Judgement {
        let key = mode.key(self.fingerprint(source).0, self.fingerprint(target).0);
        Judgement { source, target, mode, key }
    }

    /// Whether `source` may be used where `target` is asked for, solving type variables in it.
    pub fn assign_solving(&self, source: Type, target: Type, solver: &mut Solver) -> bool {
        Walk { cx: self, mode: Mode::Assignable, solver: Some(solver) }.check(source, target)
    }

    /// What an alias stands for; other types as they are.
    pub fn expand_alias(&self, ty: Type) -> Type {
        let mut ty = ty;
        for _ in 0..16 {
            if ty.kind() != Kind::Alias {
                return ty;
            }
            let Data::Alias { definition, arguments } = *self.data(ty) else { return ty };
            let info = self.host.alias(self, definition);
            if info.is_circular {
                return Type::UNKNOWN;
            }
            let arguments = self.default_type_arguments(&info.type_params, arguments);
            let with = super::Substitution::of(&info.type_params, &arguments);
            ty = self.substitute(info.value, &with);
        }
        Type::UNKNOWN
    }

    /// What an object of a kind without a class of its own is an instance of.
    pub fn fallback_instance(&self, ty: Type) -> Type {
        match ty.kind() {
            Kind::Function | Kind::Callable => self.known_instance(Known::FunctionType),
            Kind::Method => match self.data(ty) {
                Data::Method { receiver: Some(_), .. } => self.known_instance(Known::MethodType),
                _ => self.known_instance(Known::FunctionType),
            },
            Kind::Module => self.known_instance(Known::ModuleType),
            Kind::Property => self.known_instance(Known::Property),
            Kind::None => self.known_instance(Known::NoneType),
            Kind::LiteralString => self.known_instance(Known::Str),
            Kind::Guard => self.known_instance(Known::Bool),
            Kind::TypeForm => self.known_instance(Known::UnionType),
            Kind::TypeVarValue => match self.as_type_var(ty).map(|data| data.kind) {
                Some(TypeVarKind::ParamSpec) => self.known_instance(Known::ParamSpec),
                Some(TypeVarKind::TypeVarTuple) => self.known_instance(Known::TypeVarTuple),
                _ => self.known_instance(Known::TypeVar),
            },
            Kind::AliasValue => self.known_instance(Known::TypeAliasType),
            Kind::ParamSpecPart => match self.data(ty) {
                Data::ParamSpecPart { is_args: true, .. } => self.tuple_of(self.object()),
                _ => {
                    let str_type = self.known_instance(Known::Str);
                    self.known_generic(Known::Dict, &[str_type, self.object()])
                }
            },
            Kind::Special => self.object(),
            _ => self.literal_class(ty).map_or(ty, Type::instance),
        }
    }
}

/// Whether a list of parameters is `...` with nothing before it.
fn is_only_gradual<'s>(parameters: &[Parameter<'s>]) -> bool {
    parameters
        .iter()
        .all(|each| matches!(each.kind, ParameterKind::Variadic | ParameterKind::Keywords))
}

impl<'s> Walk<'_, 's, '_> {
    /// The relation; entry for every nested pair.
    pub(super) fn check(&mut self, source: Type, target: Type) -> bool {
        if source.is(target) && self.solver.is_none() {
            return true;
        }
        let cx = self.cx;
        budget::tick();
        if cx.pairs.is_deep() && self.has_nothing_to_learn(source, target) {
            return self.plain().check(source, target);
        }
        let (relation, learns) = (self.relation(), self.solver.is_some());
        cx.related(relation, source, target, learns, || self.check_forms(source, target))
    }

    fn relation(&self) -> Relation {
        match self.mode {
            Mode::Assignable => Relation::Assignable,
            Mode::Subtype => Relation::Subtype,
        }
    }

    /// Whether this walk solves variables, and neither type has one of them.
    fn has_nothing_to_learn(&self, source: Type, target: Type) -> bool {
        let cx = self.cx;
        self.solver.as_ref().is_some_and(|it| !it.mentions(cx, source) && !it.mentions(cx, target))
    }

    /// The relation of a pair that is decided by what a definition says, as `answer` finds.
    fn by_definition(
        &mut self,
        source: Type,
        target: Type,
        answer: impl FnOnce(&mut Walk<'_, 's, '_>) -> bool,
    ) -> bool {
        let (cx, relation) = (self.cx, self.relation());
        if self.has_nothing_to_learn(source, target) {
            let mut plain = self.plain();
            return cx
                .related_by_definition(relation, source, target, false, || answer(&mut plain));
        }
        let learns = self.solver.is_some();
        cx.related_by_definition(relation, source, target, learns, || answer(self))
    }

    /// Another walk in the same mode that solves nothing.
    pub(super) fn plain(&self) -> Walk<'_, 's, 'static> {
        Walk { cx: self.cx, mode: self.mode, solver: None }
    }

    pub(super) fn solves(&self, ty: Type) -> bool {
        self.solver.as_ref().is_some_and(|solver| solver.solves(self.cx, ty))
    }

    /// Tries `attempt`; what it taught the solver is forgotten when it fails.
    pub(super) fn attempt(&mut self, attempt: impl FnOnce(&mut Self) -> bool) -> bool {
        let before = self.solver.as_ref().map(|solver| (**solver).clone());
        let answer = attempt(self);
        if !answer && let (Some(solver), Some(before)) = (self.solver.as_mut(), before) {
            **solver = before;
        }
        answer
    }

    fn check_forms(&mut self, source: Type, target: Type) -> bool {
        let cx = self.cx;
        if source.kind() == Kind::Alias || target.kind() == Kind::Alias {
            return self.check_alias(source, target);
        }
        if target.kind() == Kind::TypeVar && self.solves(target) {
            return self.flow_into(source, target);
        }
        if source.kind() == Kind::TypeVar && self.solves(source) {
            if target.kind() == Kind::TypeVar && cx.same(source, target) {
                return true;
            }
            return self.solver.as_mut().is_some_and(|solver| solver.add_upper(cx, source, target));
        }
        if cx.same(source, target) {
            return true;
        }
        if target.is_dynamic() {
            return self.mode == Mode::Assignable;
        }
        if source.is_dynamic() {
            if self.solver.is_some() {
                self.flow_dynamic(source, target);
            }
            return self.mode == Mode::Assignable || self.is_object(target);
        }
        if source.is_never() || self.is_object(target) {
            return true;
        }
        if source.kind() == Kind::Union {
            return self.union_source(source, target);
        }
        if target.kind() == Kind::Union {
            return self.union_target(source, target);
        }
        if self.is_open_spec(source, target) || self.is_open_spec(target, source) {
            return self.mode == Mode::Assignable;
        }
        self.check_parts(source, target)
    }

    fn check_alias(&mut self, source: Type, target: Type) -> bool {
        let cx = self.cx;
        if cx.same(source, target) {
            return true;
        }
        let is_both = source.kind() == Kind::Alias && target.kind() == Kind::Alias;
        let (from, to) = (cx.expand_alias(source), cx.expand_alias(target));
        if !is_both {
            return self.check(from, to);
        }
        self.by_definition(source, target, |walk| walk.check(from, to))
    }

    fn is_object(&self, ty: Type) -> bool {
        ty.as_instance().is_some_and(|class| self.cx.is_known(class, Known::Object))
    }

    /// Whether `spec` is a `ParamSpec` that is not solved here and `other` is `...`, which every
    /// list of parameters is consistent with.
    fn is_open_spec(&self, spec: Type, other: Type) -> bool {
        let cx = self.cx;
        spec.kind() == Kind::TypeVar
            && cx.as_type_var(spec).is_some_and(|data| data.kind == TypeVarKind::ParamSpec)
            && cx
                .as_parameters(other)
                .is_some_and(|list| list.is_gradual && is_only_gradual(list.parameters))
    }

    fn flow_into(&mut self, source: Type, target: Type) -> bool {
        let cx = self.cx;
        if cx.same(source, target) {
            return true;
        }
        let kind = cx.as_type_var(target).map(|data| data.kind);
        let source = match (kind, source.kind()) {
            (Some(TypeVarKind::ParamSpec), Kind::Parameters) => source,
            (Some(TypeVarKind::ParamSpec), Kind::TypeVar) => source,
            (Some(TypeVarKind::ParamSpec), _) if source.is_dynamic() => cx.gradual_parameters(),
            _ => source,
        };
        self.solver.as_mut().is_some_and(|solver| solver.add_lower(cx, target, source))
    }

    /// A dynamic argument makes every variable in the parameter's type unknown, unless something
    /// better is known of it.
    fn flow_dynamic(&mut self, source: Type, target: Type) {
        let cx = self.cx;
        let Some(solver) = self.solver.as_mut() else { return };
        for type_var in cx.free_type_vars(target) {
            let is_open = solver.lower(cx, type_var).is_none_or(|lower| lower.is_never());
            if is_open && solver.solves(cx, type_var) {
                let value = match cx.as_type_var(type_var).map(|data| data.kind) {
                    Some(TypeVarKind::TypeVar) => source,
                    _ => cx.unknown_argument(type_var),
                };
                solver.add_lower(cx, type_var, value);
            }
        }
    }

    fn union_source(&mut self, source: Type, target: Type) -> bool {
        let cx = self.cx;
        // Members that stand in the target as they are must not teach its variables anything.
        if target.kind() == Kind::Union && self.solver.is_some() {
            let targets = cx.members(target);
            let rest = cx
                .filter_union(source, |member| !targets.iter().any(|other| cx.same(member, other)));
            if rest.is_never() {
                return true;
            }
            if rest.kind() != Kind::Union {
                return self.check(rest, target);
            }
            return cx.members(rest).iter().all(|member| self.check(member, target));
        }
        cx.members(source).iter().all(|member| self.check(member, target))
    }

    fn union_target(&mut self, source: Type, target: Type) -> bool {
        let cx = self.cx;
        let members = cx.members(target);
        if self.solver.is_none() {
            // Found at once in a wide union that the source is taken from.
            if members.iter().any(|member| member.is(source)) {
                return true;
            }
            if members.iter().any(|member| self.check(source, member)) {
                return true;
            }
            return self.expand_source(source, target);
        }
        // First the members that need no solving, then structured ones, then bare variables.
        let plain = |ty: Type| !cx.has_type_vars(ty);
        if members.iter().any(|member| plain(member) && self.plain().check(source, member)) {
            return true;
        }
        // A variable in the source (what a callback is handed) may be what one of them says.
        let is_open = self.solver.as_ref().is_some_and(|solver| solver.mentions(cx, source));
        if is_open
            && members
                .iter()
                .any(|member| plain(member) && self.attempt(|walk| walk.check(source, member)))
        {
            return true;
        }
        let structured = |ty: Type| ty.kind() != Kind::TypeVar && !plain(ty);
        let mut hit = false;
        for member in members.iter().filter(|&ty| structured(ty)) {
            if self.attempt(|walk| walk.check(source, member)) {
                hit = true;
                break;
            }
        }
        if hit {
            return true;
        }
        members
            .iter()
            .filter(|ty| ty.kind() == Kind::TypeVar)
            .any(|member| self.attempt(|walk| walk.check(source, member)))
            || self.expand_source(source, target)
    }

    /// `bool` and enums are the unions of their members; constrained variables of their constraints.
    fn expand_source(&mut self, source: Type, target: Type) -> bool {
        let cx = self.cx;
        if let Some(members) = cx.expand_finite(source) {
            return members
                .iter()
                .all(|&member| cx.members(target).iter().any(|other| self.check(member, other)));
        }
        self.check_source_variable(source, target)
    }

    fn check_source_variable(&mut self, source: Type, target: Type) -> bool {
        let cx = self.cx;
        match source.kind() {
            Kind::TypeVar => {
                let constraints = cx.constraints_of(source);
                if !constraints.is_empty() {
                    return constraints.iter().all(|&each| self.check(each, target));
                }
                match cx.upper_bound(source) {
                    Some(bound) => self.check(bound, target),
                    None => {
                        self.is_object(target)
                            || self.check(cx.object(), target) && target.kind() != Kind::TypeVar
                    }
                }
            }
            Kind::Intersection => {
                let Data::Intersection(parts) = *cx.data(source) else { return false };
                // A variable last: in a call of a function within itself it looks like one that is solved.
                [false, true].into_iter().any(|is_variable| {
                    parts.iter().any(|&part| {
                        part.kind() != Kind::Not
                            && (part.kind() == Kind::TypeVar) == is_variable
                            && self.attempt(|walk| walk.check(part, target))
                    })
                })
            }
            _ => false,
        }
    }

    fn check_parts(&mut self, source: Type, target: Type) -> bool {
        let cx = self.cx;
        if target.kind() == Kind::Intersection {
            let Data::Intersection(parts) = *cx.data(target) else { return false };
            return parts.iter().all(|&part| self.check(source, part));
        }
        if target.kind() == Kind::Not {
            return cx.is_disjoint(source, cx.inner_of(target));
        }
        if matches!(source.kind(), Kind::TypeVar | Kind::Intersection) {
            return self.check_source_variable(source, target);
        }
        match target.kind() {
            Kind::TypeVar | Kind::Never | Kind::Not | Kind::Zero => false,
            Kind::None => self.is_none_instance(source),
            Kind::LiteralString => source.kind() == Kind::Str,
            Kind::Bool | Kind::Int | Kind::Str | Kind::Bytes | Kind::BigInt | Kind::Enum => {
                self.expand_single(source, target)
            }
            Kind::Instance | Kind::Generic => self.check_instance(source, target),
            Kind::Tuple if source.kind() == Kind::ParamSpecPart => {
                self.via_fallback(source, target)
            }
            Kind::Tuple => self.check_tuple(source, target),
            Kind::Callable | Kind::Function | Kind::Method => self.check_callable(source, target),
            Kind::Class | Kind::GenericClass => self.check_class_object(source, target),
            Kind::SubclassOf => self.check_subclass_of(source, target),
            Kind::Parameters => self.check_parameter_lists(source, target),
            Kind::Guard => self.check_guard(source, target),
            Kind::TypeFormOf => self.check_type_form(source, target),
            Kind::Unpacked => {
                source.kind() == Kind::Unpacked
                    && self.check(cx.inner_of(source), cx.inner_of(target))
            }
            _ => false,
        }
    }

    /// An enum with one member is that member.
    fn expand_single(&mut self, source: Type, target: Type) -> bool {
        let cx = self.cx;
        cx.only_member(source).is_some_and(|only| cx.same(only, target))
    }

    fn is_none_instance(&self, source: Type) -> bool {
        source.as_instance().is_some_and(|class| self.cx.is_known(class, Known::NoneType))
    }

    fn check_guard(&mut self, source: Type, target: Type) -> bool {
        let cx = self.cx;
        let (&Data::Guard { ty: target, is_exact }, Kind::Guard) = (cx.data(target), source.kind())
        else {
            return false;
        };
        let Data::Guard { ty: source, is_exact: source_exact } = *cx.data(source) else {
            return false;
        };
        // `TypeIs` is invariant, `TypeGuard` covariant.
        is_exact == source_exact
            && if is_exact {
                self.check_invariant(source, target)
            } else {
                self.check(source, target)
            }
    }

    /// The types that two type forms stand for. A form that says `Literal` means it.
    fn check_form(&mut self, source: Type, target: Type) -> bool {
        let cx = self.cx;
        let is_literal = !cx.same(cx.promote_literals(source), source);
        match self.solver.as_mut() {
            Some(solver) if is_literal && solver.solves(cx, target) => {
                solver.add_exact(cx, target, source)
            }
            _ => self.check(source, target),
        }
    }

    fn check_type_form(&mut self, source: Type, target: Type) -> bool {
        let cx = self.cx;
        let inner = cx.inner_of(target);
        match source.kind() {
            Kind::TypeForm => match *cx.data(source) {
                Data::TypeForm { ty } => self.check_form(ty, inner),
                _ => false,
            },
            Kind::TypeFormOf => self.check_form(cx.inner_of(source), inner),
            Kind::SubclassOf => self.check(cx.inner_of(source), inner),
            Kind::Class | Kind::GenericClass => self.check(cx.instance_of(source), inner),
            Kind::None => self.check(Type::NONE, inner),
            Kind::AliasValue | Kind::TypeVarValue => true,
            _ => false,
        }
    }
}
