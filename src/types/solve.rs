//! Solving type variables from the arguments of a call.
//!
//! Each variable keeps a lower bound (what flowed in), an upper bound (what was asked for), and
//! whether it was fixed by an invariant position. The solution is the lower bound where there is one.

use smallvec::SmallVec;

use super::places::Places;
use super::{Cx, Data, Kind, Known, Signature, Substitution, Type, TypeVarKind};

/// The bounds of one type variable.
#[derive(Debug, Clone, Copy)]
struct Bounds {
    type_var: Type,
    lower: Option<Type>,
    upper: Option<Type>,
    /// An invariant position fixed the value: it is not widened any more.
    exact: bool,
    /// A literal came from the arguments of a type: somebody declared it.
    declared: bool,
}

/// The bounds of the type variables that a call solves.
#[derive(Debug, Clone, Default)]
pub struct Solver {
    bounds: SmallVec<[Bounds; 4]>,
    places: Places,
    /// Keep literals in the solution (a literal type is expected of the result).
    pub keep_literals: bool,
    /// How many specialised types are around what flows in. Displays widen literals, so one that is
    /// found within such a type was written there.
    pub within: u32,
    /// What is asked for tells more than `Any` that flows in: for what is still to be made as it is asked for.
    pub bounds_tell: bool,
}

impl Solver {
    /// A solver for these type variables.
    #[must_use]
    pub fn new(type_vars: &[Type]) -> Self {
        let bounds = type_vars
            .iter()
            .map(|&type_var| Bounds {
                type_var,
                lower: None,
                upper: None,
                exact: false,
                declared: false,
            })
            .collect();
        Self { bounds, ..Self::default() }
    }

    /// Whether there is nothing to solve.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.bounds.is_empty()
    }

    fn position(&self, cx: &Cx<'_>, type_var: Type) -> Option<usize> {
        if type_var.kind() != Kind::TypeVar {
            return None;
        }
        self.places.find(cx, self.bounds.len(), |place| self.bounds[place].type_var, type_var)
    }

    /// Whether something that is solved here is in `ty`.
    pub fn mentions(&self, cx: &Cx<'_>, ty: Type) -> bool {
        !self.is_empty() && cx.mentions(ty, &|part| self.position(cx, part).is_some())
    }

    /// Whether `type_var` is solved here.
    pub fn solves(&self, cx: &Cx<'_>, type_var: Type) -> bool {
        self.position(cx, type_var).is_some()
    }

    /// What flowed into the variables.
    pub fn values(&self) -> impl Iterator<Item = Type> + '_ {
        self.bounds.iter().filter_map(|bounds| bounds.lower)
    }

    /// Where `Any` is asked for, it stays: what flows in later does not narrow it.
    pub fn fix_any(&mut self) {
        for bounds in &mut self.bounds {
            bounds.exact |= bounds.lower.is_some_and(|lower| lower.is(Type::ANY));
        }
    }

    /// What flowed into a variable so far.
    pub fn lower(&self, cx: &Cx<'_>, type_var: Type) -> Option<Type> {
        self.bounds[self.position(cx, type_var)?].lower
    }

    /// `ty` flows into `type_var`: false when that contradicts its bounds.
    pub fn add_lower(&mut self, cx: &Cx<'_>, type_var: Type, ty: Type) -> bool {
        let Some(at) = self.position(cx, type_var) else { return false };
        if self.within > 0 && cx.wants_literal(ty) {
            self.bounds[at].declared = true;
        }
        let bounds = self.bounds[at];
        let constraints = cx.constraints_of(type_var);
        if !constraints.is_empty() {
            return self.add_constrained(cx, at, ty, constraints);
        }
        if let Some(bound) = cx.solving_bound(type_var)
            && !cx.bound_accepts(bound, ty)
        {
            return false;
        }
        if let Some(lower) = bounds.lower {
            if lower.is_dynamic() && !ty.is_dynamic() {
                // Nothing known is no more than something unknown: `list(items)` where `items` may be `()`.
                if !bounds.exact && !ty.is_never() {
                    self.bounds[at].lower = Some(ty);
                }
                return true;
            }
            if (bounds.exact || !ty.is_dynamic()) && cx.is_assignable(ty, lower) {
                // A literal already there and a second value of its class: both are kept.
                return true;
            }
            if bounds.exact {
                return cx.is_assignable(ty, lower);
            }
            if ty.is_dynamic() && !lower.is_never() {
                return true;
            }
        }
        if let Some(upper) = bounds.upper
            && !cx.is_assignable(ty, upper)
        {
            return false;
        }
        let is_params = cx.as_type_var(type_var).is_some_and(|data| {
            matches!(data.kind, TypeVarKind::ParamSpec | TypeVarKind::TypeVarTuple)
        });
        self.bounds[at].lower = Some(match bounds.lower {
            None => ty,
            Some(lower) if is_params => {
                if cx.same(lower, ty) || cx.is_assignable(ty, lower) {
                    return true;
                }
                if lower.kind() == Kind::Parameters && cx.is_assignable(lower, ty) {
                    // Of two callables, the one that takes less.
                    self.bounds[at].lower = Some(ty);
                    return true;
                }
                match cx.join_tuples(lower, ty) {
                    Some(joined) => joined,
                    None => return false,
                }
            }
            Some(lower) if cx.is_assignable(lower, ty) => ty,
            Some(lower) => cx.union2(lower, ty),
        });
        true
    }

    /// A constrained variable takes the first constraint that accepts everything so far.
    fn add_constrained(&mut self, cx: &Cx<'_>, at: usize, ty: Type, constraints: &[Type]) -> bool {
        if ty.is_dynamic() {
            if self.bounds[at].lower.is_none() {
                self.bounds[at].lower = Some(ty);
            }
            return true;
        }
        let value = cx.promote_literals(ty);
        if let Some(data) = cx.as_type_var(ty) {
            let own = cx.constraints_of(ty);
            if data.kind == TypeVarKind::TypeVar && !own.is_empty() {
                let fits = own.iter().all(|&o| constraints.iter().any(|&c| cx.same(o, c)));
                if fits {
                    self.bounds[at].lower = Some(ty);
                }
                return fits;
            }
        }
        let first = |fits: &dyn Fn(Type) -> bool| constraints.iter().copied().find(|&c| fits(c));
        let chosen = match self.bounds[at].lower {
            Some(lower) if !lower.is_dynamic() => {
                if cx.is_assignable(value, lower) || cx.is_assignable(ty, lower) {
                    return true;
                }
                if self.bounds[at].exact {
                    return false;
                }
                // The first constraint that takes what was there as well.
                first(&|c| cx.is_assignable(lower, c) && cx.is_assignable(value, c))
            }
            _ => first(&|c| c.kind() == Kind::LiteralString && cx.is_assignable(ty, c))
                .or_else(|| first(&|c| cx.same(c, value)))
                .or_else(|| first(&|c| cx.is_assignable(value, c)))
                .or_else(|| first(&|c| cx.is_assignable(ty, c))),
        };
        if chosen.is_none() {
            return false;
        }
        self.bounds[at].lower = chosen;
        true
    }

    /// `type_var` flows into `ty`: false when that contradicts its bounds.
    pub fn add_upper(&mut self, cx: &Cx<'_>, type_var: Type, ty: Type) -> bool {
        let Some(at) = self.position(cx, type_var) else { return false };
        let bounds = self.bounds[at];
        if let Some(lower) = bounds.lower.filter(|lower| !(self.bounds_tell && lower.is_dynamic()))
        {
            return cx.is_assignable(lower, ty);
        }
        // What is asked for may be wider than the variable can be, but not something else.
        let possible = match cx.solving_bound(type_var) {
            Some(bound) => cx.common_part(ty, bound),
            None => Some(ty),
        };
        let upper = match bounds.upper {
            Some(upper) => possible.and_then(|ty| cx.common_part(upper, ty)),
            None => possible,
        };
        self.bounds[at].upper = upper.or(bounds.upper);
        upper.is_some()
    }

    /// `type_var` must be `ty`: an invariant position.
    pub fn add_exact(&mut self, cx: &Cx<'_>, type_var: Type, ty: Type) -> bool {
        let Some(at) = self.position(cx, type_var) else { return false };
        if let Some(lower) = self.bounds[at].lower {
            if lower.is_dynamic() && !ty.is_dynamic() {
                self.bounds[at].lower = Some(ty);
                self.bounds[at].exact = true;
                return true;
            }
            if self.bounds[at].exact {
                return cx.is_equivalent(lower, ty)
                    || lower.is_dynamic()
                    || ty.is_dynamic()
                    || (cx.has_dynamic(lower) || cx.has_dynamic(ty))
                        && cx.is_consistent(lower, ty);
            }
            if !cx.is_assignable(cx.promote_literals(lower), ty) && !cx.is_assignable(lower, ty) {
                return false;
            }
            self.bounds[at].lower = Some(ty);
            self.bounds[at].exact = true;
            return true;
        }
        if !self.add_lower(cx, type_var, ty) {
            return false;
        }
        self.bounds[at].exact = !ty.is_dynamic();
        true
    }

    /// What a variable was found to be; literals are widened unless they are asked for.
    pub fn solution_of(&self, cx: &Cx<'_>, type_var: Type) -> Option<Type> {
        self.value_of(cx, &self.bounds[self.position(cx, type_var)?])
    }

    fn value_of(&self, cx: &Cx<'_>, bounds: &Bounds) -> Option<Type> {
        let type_var = bounds.type_var;
        let is_vague = |lower: Type| self.bounds_tell && lower.is_dynamic() && !bounds.exact;
        if let Some(upper) = bounds.upper.filter(|_| bounds.lower.is_some_and(is_vague)) {
            return Some(upper);
        }
        if let Some(lower) = bounds.lower {
            let keep = self.keep_literals
                || bounds.exact
                || bounds.declared
                || !cx.constraints_of(type_var).is_empty()
                || cx.upper_bound(type_var).is_some_and(|bound| cx.wants_literal(bound));
            return Some(if keep { lower } else { cx.promote_literals(lower) });
        }
        bounds.upper
    }

    /// The lists of parameters that a `ParamSpec` was found to be.
    pub fn parameter_lists<'s>(&self, cx: &Cx<'s>) -> SmallVec<[Signature<'s>; 1]> {
        self.bounds
            .iter()
            .filter_map(|bounds| bounds.lower)
            .filter(|lower| lower.kind() == Kind::Parameters)
            .filter_map(|lower| cx.as_parameters(lower))
            .collect()
    }

    /// What every variable stands for. A variable that nothing was learnt of takes its default,
    /// else `Unknown`.
    pub fn solution(&self, cx: &Cx<'_>) -> Substitution {
        self.solution_without(cx, &[])
    }

    /// As [`Self::solution`], but the variables in `open` stay.
    pub fn solution_without(&self, cx: &Cx<'_>, open: &[Type]) -> Substitution {
        let mut with = Substitution::new();
        for bounds in &self.bounds {
            if open.iter().any(|&type_var| cx.same(type_var, bounds.type_var)) {
                continue;
            }
            let value = self.value_of(cx, bounds).unwrap_or_else(|| {
                match cx.type_var_default(bounds.type_var) {
                    Some(default) => cx.substitute(default, &with.clone().in_any_scope()),
                    None => cx.unknown_argument(bounds.type_var),
                }
            });
            with.insert(bounds.type_var, value);
        }
        self.closed(cx, with)
    }

    /// A solution in which no value is in terms of a variable that is solved with it: what a lambda was handed
    /// before it was known.
    fn closed(&self, cx: &Cx<'_>, with: Substitution) -> Substitution {
        let own: SmallVec<[Type; 4]> = self.bounds.iter().map(|bounds| bounds.type_var).collect();
        let is_open = |bounds: &Bounds| {
            bounds
                .lower
                .is_some_and(|lower| !lower.is(bounds.type_var) && cx.has_type_vars_of(lower, &own))
        };
        if !self.bounds.iter().any(is_open) {
            return with;
        }
        let mut closed = Substitution::new();
        for bounds in &self.bounds {
            let value = cx.substitute(bounds.type_var, &with);
            let is_kept = !is_open(bounds) || cx.has_type_vars_of(value, &[bounds.type_var]);
            let value = if is_kept { value } else { cx.substitute(value, &with) };
            closed.insert(bounds.type_var, value);
        }
        closed
    }

    /// `ty` with what was found in place of the variables; one that nothing was learnt of stays.
    pub fn partly_solved(&self, cx: &Cx<'_>, ty: Type) -> Type {
        let is_variable = |ty| cx.as_type_var(ty).is_some_and(|d| d.kind == TypeVarKind::TypeVar);
        match ty.kind() {
            _ if self.bounds.is_empty() => ty,
            Kind::TypeVar if is_variable(ty) => self.solution_of(cx, ty).unwrap_or(ty),
            _ if cx.has_type_vars(ty) => cx.substitute(ty, &self.partial_solution(cx)),
            _ => ty,
        }
    }

    /// As [`Self::solution`], but a variable that nothing was learnt of stays.
    pub fn partial_solution(&self, cx: &Cx<'_>) -> Substitution {
        let mut with = Substitution::new();
        for bounds in &self.bounds {
            if let Some(value) = self.value_of(cx, bounds) {
                with.insert(bounds.type_var, value);
            }
        }
        with
    }
}

impl<'s> Cx<'s> {
    /// The declared upper bound of a type variable; for `Self` an instance of the class.
    pub fn upper_bound(&self, type_var: Type) -> Option<Type> {
        let data = self.as_type_var(type_var)?;
        match data.kind {
            TypeVarKind::SelfType => Some(self.identity_instance(data.definition.into())),
            TypeVarKind::TypeVar => self.host.type_var(self, data.definition).bound,
            _ => None,
        }
    }

    /// The constraints of a type variable; the variable as a value at run time has none, it is an object like others.
    pub fn constraints_of(&self, type_var: Type) -> &'s [Type] {
        let of_type = Some(type_var).filter(|ty| ty.kind() == Kind::TypeVar);
        match of_type.and_then(|ty| self.as_type_var(ty)) {
            Some(data) if data.kind == TypeVarKind::TypeVar => {
                &self.host.type_var(self, data.definition).constraints
            }
            _ => &[],
        }
    }

    /// The bound that a value for a type variable is held against: the type parameters of the class
    /// that `Self` stands for are open.
    fn solving_bound(&self, type_var: Type) -> Option<Type> {
        let data = self.as_type_var(type_var)?;
        if data.kind == TypeVarKind::SelfType {
            return Some(self.instance_of_class(data.definition.into()));
        }
        self.upper_bound(type_var)
    }

    fn bound_accepts(&self, bound: Type, ty: Type) -> bool {
        self.is_assignable(ty, bound) || self.is_open_class_within(ty, bound)
    }

    /// Whether `ty` is an instance of a class whose own parameters a call has still to find
    /// (`Factory[T]` of a class method called on `Factory`), and fits `bound` but for those.
    fn is_open_class_within(&self, ty: Type, bound: Type) -> bool {
        if ty.kind() != Kind::Generic {
            return false;
        }
        let Some(class) = self.class_of(ty) else { return false };
        let open = self.arguments_of(ty);
        if !open.iter().all(|each| each.kind() == Kind::TypeVar) {
            return false;
        }
        let unknown: Vec<Type> = open.iter().map(|&each| self.unknown_argument(each)).collect();
        self.is_assignable(self.generic(class, &unknown), bound)
    }

    /// The narrower of two types, or the members of each that the other takes; `None` where they have nothing in common.
    fn common_part(&self, left: Type, right: Type) -> Option<Type> {
        if self.is_assignable(left, right) {
            return Some(left);
        }
        if self.is_assignable(right, left) {
            return Some(right);
        }
        let (lefts, rights) = (self.expand_alias(left), self.expand_alias(right));
        let (lefts, rights) = (self.members(lefts), self.members(rights));
        let mut common: SmallVec<[Type; 8]> =
            lefts.iter().filter(|&ty| self.is_assignable(ty, right)).collect();
        for ty in rights.iter().filter(|&ty| self.is_assignable(ty, left)) {
            if !common.iter().any(|&known| self.is_assignable(ty, known)) {
                common.push(ty);
            }
        }
        (!common.is_empty()).then(|| self.union(common.iter().copied()))
    }

    /// Two tuples of the same fixed length, element by element.
    fn join_tuples(&self, left: Type, right: Type) -> Option<Type> {
        let (left, right) = (self.as_tuple(left)?, self.as_tuple(right)?);
        if left.fixed_len()? != right.fixed_len()? {
            return None;
        }
        let pairs = left.elements.iter().zip(right.elements.iter());
        let joined: SmallVec<[Type; 8]> = pairs.map(|(&a, &b)| self.union2(a, b)).collect();
        Some(self.tuple(&joined))
    }

    /// Literals replaced by their classes, also within tuples.
    pub fn promote_literals(&self, ty: Type) -> Type {
        match ty.kind() {
            Kind::Union => self.map_union(ty, |member| self.promote_literals(member)),
            Kind::LiteralString => self.known_instance(Known::Str),
            Kind::Intersection => self.without_exclusions(ty),
            Kind::Enum if self.as_enum(ty).is_some_and(|e| self.is_sentinel_class(e.0)) => ty,
            Kind::Tuple => {
                let Some(tuple) = self.as_tuple(ty) else { return ty };
                // Only a declaration gives a tuple without end literals as its elements.
                let variadic = tuple.variadic.map(|at| at as usize);
                let promote = |(at, &ty): (usize, &Type)| {
                    if Some(at) == variadic { ty } else { self.promote_literals(ty) }
                };
                let elements: SmallVec<[Type; 8]> =
                    tuple.elements.iter().enumerate().map(promote).collect();
                self.tuple_with(&elements, variadic)
            }
            _ => self.literal_class(ty).map_or(ty, Type::instance),
        }
    }

    /// A callable whose results are without literals.
    pub fn with_wide_results(&self, callable: Type) -> Type {
        let Data::Callable(signatures) = *self.data(callable) else { return callable };
        let widen = |each: &Signature<'s>| Signature {
            returns: each.returns.map(|ty| self.promote_literals(ty)),
            ..*each
        };
        self.callable(&signatures.iter().map(widen).collect::<SmallVec<[Signature; 1]>>())
    }

    /// `float & ~int` as `float`: what a test ruled out is as little of a declaration as a literal is.
    pub fn without_exclusions(&self, ty: Type) -> Type {
        if ty.kind() != Kind::Intersection {
            return ty;
        }
        match *self.data(ty) {
            Data::Intersection(&[only, ref rest @ ..])
                if rest.iter().all(|part| part.kind() == Kind::Not) =>
            {
                only
            }
            _ => ty,
        }
    }

    /// A class object replaced by `type[C]`: another class may stand in its place in a collection.
    pub fn promote_classes(&self, ty: Type) -> Type {
        match ty.kind() {
            Kind::Union => self.map_union(ty, |member| self.promote_classes(member)),
            Kind::Class | Kind::GenericClass if self.class_of(ty).is_some() => {
                self.subclass_of(self.instance_of(ty))
            }
            // `[Final, ClassVar]` is no list of these two alone.
            Kind::Special => Type::UNKNOWN,
            _ => ty,
        }
    }
}
