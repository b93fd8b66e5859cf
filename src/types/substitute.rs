//! Substitution: replacing type variables by types, through every form of type.

use smallvec::SmallVec;

use super::fold::{Fold, Folded, LARGE};
use super::places::{DistinctTypes, Places};
use super::{
    ClassRef, Cx, Data, DefRef, Kind, Parameter, ParameterKind, Signature, TupleData, Type,
    TypeVarKind,
};

/// In so many types at once, small parts are worth remembering, too.
const MANY: usize = 32;

/// What each type variable stands for.
#[derive(Debug, Clone, Default)]
pub struct Substitution {
    pairs: SmallVec<[(Type, Type); 4]>,
    places: Places,
    /// What `Self` stands for.
    self_type: Option<Type>,
    /// Matches type variables by definition alone, whatever scope they are bound to.
    any_scope: bool,
}

impl Substitution {
    /// Nothing is replaced.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// Replaces each of `parameters` by the argument at the same place.
    #[must_use]
    pub fn of(parameters: &[Type], arguments: &[Type]) -> Self {
        let pairs = parameters.iter().copied().zip(arguments.iter().copied()).collect();
        Self { pairs, ..Self::default() }
    }

    /// Also replaces `Self`.
    #[must_use]
    pub fn with_self(mut self, receiver: Type) -> Self {
        self.self_type = Some(receiver);
        self
    }

    /// Matches type variables by definition alone.
    #[must_use]
    pub fn in_any_scope(mut self) -> Self {
        self.any_scope = true;
        self
    }

    /// Adds one replacement.
    pub fn insert(&mut self, type_var: Type, ty: Type) {
        self.pairs.push((type_var, ty));
        self.places.forget();
    }

    /// Lets `type_var`, for which there is a value, stand for `ty`.
    pub fn replace(&mut self, cx: &Cx<'_>, type_var: Type, ty: Type) {
        for pair in self.pairs.iter_mut().filter(|pair| cx.same(pair.0, type_var)) {
            pair.1 = ty;
        }
    }

    /// Whether nothing is replaced.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.pairs.is_empty() && self.self_type.is_none()
    }

    fn find(&self, cx: &Cx<'_>, ty: Type) -> Option<Type> {
        let data = cx.as_type_var(ty)?;
        if data.kind == TypeVarKind::SelfType && self.self_type.is_some() {
            return self.self_type;
        }
        if !self.any_scope {
            let place = self.places.find(cx, self.pairs.len(), |place| self.pairs[place].0, ty)?;
            return Some(self.pairs[place].1);
        }
        let is_it = |&&(type_var, _): &&(Type, Type)| {
            cx.as_type_var(type_var)
                .is_some_and(|other| other.definition == data.definition && other.kind == data.kind)
        };
        self.pairs.iter().find(is_it).map(|&(_, value)| value)
    }
}

/// Replaces type variables.
struct Replace<'w> {
    with: &'w Substitution,
    folded: Folded,
    remembers_from: u16,
}

impl<'w> Replace<'w> {
    fn new(with: &'w Substitution) -> Self {
        Self { with, folded: Folded::default(), remembers_from: LARGE }
    }
}

/// One substitution in many types that have parts in common.
pub(super) struct Repeated<'w>(Replace<'w>);

impl<'w> Repeated<'w> {
    /// Replaces what `with` says in as many types.
    pub(super) fn new(with: &'w Substitution, types: usize) -> Self {
        let remembers_from = if types < MANY { LARGE } else { 0 };
        Self(Replace { remembers_from, ..Replace::new(with) })
    }

    /// As [`Cx::substitute`].
    pub(super) fn substitute(&mut self, cx: &Cx<'_>, ty: Type) -> Type {
        if self.0.with.is_empty() || !ty.is_composite() { ty } else { self.0.fold(cx, ty) }
    }
}

impl<'s> Fold<'s> for Replace<'_> {
    const SIMPLIFIES: bool = true;

    fn folded(&mut self) -> &mut Folded {
        &mut self.folded
    }

    fn remembers_from(&self) -> u16 {
        self.remembers_from
    }

    fn fold(&mut self, cx: &Cx<'s>, ty: Type) -> Type {
        match ty.kind() {
            Kind::TypeVar => self.with.find(cx, ty).unwrap_or(ty),
            _ if !cx.has_type_vars(ty) => ty,
            _ => cx.fold_parts(ty, self),
        }
    }

    fn tuple(&mut self, cx: &Cx<'s>, tuple: TupleData<'s>) -> Type {
        match self.elements(cx, tuple) {
            Some((elements, variadic)) => cx.tuple_like(tuple, &elements, variadic),
            None => Type::UNKNOWN,
        }
    }

    /// Arguments of a generic class; a `TypeVarTuple` in a packed tuple argument unfolds.
    fn arguments(
        &mut self,
        cx: &Cx<'s>,
        class: ClassRef,
        arguments: &[Type],
    ) -> SmallVec<[Type; 8]> {
        let mut found = self.all(cx, arguments);
        for (at, (value, &argument)) in found.iter_mut().zip(arguments).enumerate() {
            // There is no tuple with `Never` in it, but there are such packs.
            if value.is_never()
                && let Some(tuple) = cx.as_tuple(argument)
                && cx.host.type_params(cx, class).get(at).is_some_and(|&param| {
                    cx.as_type_var(param).is_some_and(|p| p.kind == TypeVarKind::TypeVarTuple)
                })
                && let Some((elements, variadic)) = self.elements(cx, tuple)
            {
                *value = cx.pack(&elements, variadic);
            }
        }
        found
    }

    fn signature(&mut self, cx: &Cx<'s>, signature: &Signature<'s>) -> Signature<'s> {
        let with = self.with;
        let mut parameters: SmallVec<[Parameter; 8]> = SmallVec::new();
        let mut is_gradual = signature.is_gradual;
        let mut taken_over: SmallVec<[Type; 4]> = SmallVec::new();
        let list = signature.parameters;
        let mut at = 0;
        while at < list.len() {
            let parameter = &list[at];
            if let Some((spec, consumed)) = cx.param_spec_at(list, at)
                && let Some(value) = with.find(cx, spec)
                && value.kind() != Kind::TypeVar
            {
                is_gradual |= cx.expand_param_spec(value, &mut parameters, &mut taken_over);
                at += consumed;
                continue;
            }
            let ty = self.fold(cx, parameter.ty);
            cx.put_parameter(parameter, ty, &mut parameters);
            at += 1;
        }
        let mut type_params: SmallVec<[Type; 4]> = signature
            .type_params
            .iter()
            .filter(|&&param| {
                with.find(cx, param).is_none_or(|value| value.kind() == Kind::TypeVar)
            })
            .map(|&param| with.find(cx, param).unwrap_or(param))
            .collect();
        taken_over.retain(|param| !type_params.iter().any(|&known| cx.same(known, *param)));
        type_params.extend(taken_over);
        Signature {
            parameters: cx.slice(&parameters),
            returns: signature.returns.map(|ty| self.fold(cx, ty)),
            type_params: cx.slice(&type_params),
            is_gradual,
            definition: signature.definition,
        }
    }

    fn param_spec_part(&mut self, cx: &Cx<'s>, ty: Type, of: Type, is_args: bool) -> Type {
        match self.with.find(cx, of) {
            Some(value) if value.kind() == Kind::TypeVar => cx.param_spec_part(value, is_args),
            _ => ty,
        }
    }
}

impl Replace<'_> {
    /// The elements of a tuple after substitution, and which of them repeats.
    fn elements(
        &mut self,
        cx: &Cx<'_>,
        tuple: TupleData<'_>,
    ) -> Option<(SmallVec<[Type; 8]>, Option<usize>)> {
        let Some(at) = tuple.variadic else {
            return Some((self.all(cx, tuple.elements), None));
        };
        let (before, part, after) = tuple.parts();
        let part = part?;
        let mut elements = self.all(cx, before);
        let after = self.all(cx, after);
        let is_pack =
            cx.as_type_var(part).is_some_and(|data| data.kind == TypeVarKind::TypeVarTuple);
        if !is_pack {
            elements.push(self.fold(cx, part));
            elements.extend(after);
            return Some((elements, Some(at as usize)));
        }
        let (inner, variadic) = cx.unpack_argument(self.with.find(cx, part).unwrap_or(part));
        let variadic = variadic.map(|at| at + elements.len());
        elements.extend(inner);
        elements.extend(after);
        Some((elements, variadic))
    }
}

impl<'s> Cx<'s> {
    /// `ty` with type variables replaced.
    pub fn substitute(&self, ty: Type, with: &Substitution) -> Type {
        if !ty.is_composite() || with.is_empty() {
            return ty;
        }
        Replace::new(with).fold(self, ty)
    }

    /// As [`Self::substitute`], of what may be the value of a `TypeVarTuple`: `Never` may be in it.
    pub fn substitute_row(&self, ty: Type, with: &Substitution) -> Type {
        let mut replace = Replace::new(with);
        match self.as_tuple(ty).and_then(|tuple| replace.elements(self, tuple)) {
            Some((elements, variadic)) => self.pack(&elements, variadic),
            None => self.substitute(ty, with),
        }
    }

    /// The elements that the value of a `TypeVarTuple` puts where `*Ts` stands.
    pub fn unpack_argument(&self, value: Type) -> (SmallVec<[Type; 8]>, Option<usize>) {
        match value.kind() {
            Kind::Tuple => {
                let Some(inner) = self.as_tuple(value) else { return (SmallVec::new(), None) };
                (inner.elements.iter().copied().collect(), inner.variadic.map(|at| at as usize))
            }
            Kind::Unpacked => self.unpack_argument(self.inner_of(value)),
            _ => (SmallVec::from_slice(&[value]), Some(0)),
        }
    }

    /// `signature` with type variables replaced. Its own type parameters that are replaced by
    /// other type variables stay parameters under their new names.
    pub fn substitute_signature(
        &self,
        signature: &Signature<'s>,
        with: &Substitution,
    ) -> Signature<'s> {
        if with.is_empty() {
            return *signature;
        }
        Replace::new(with).signature(self, signature)
    }

    /// Puts a parameter whose type was replaced by `ty` into a list.
    fn put_parameter(
        &self,
        parameter: &Parameter<'s>,
        ty: Type,
        into: &mut SmallVec<[Parameter<'s>; 8]>,
    ) {
        // `*args: *Ts` with a known tuple becomes positional parameters.
        if parameter.kind == ParameterKind::Variadic && ty.kind() == Kind::Unpacked {
            let (elements, variadic) = self.unpack_argument(ty);
            if variadic.is_none()
                || (elements.len() > 1
                    && parameter.ty.kind() == Kind::Unpacked
                    && !self.same(ty, parameter.ty))
            {
                let suffix = variadic.map_or(0, |at| elements.len() - at - 1);
                if suffix == 0 {
                    for (at, &element) in elements.iter().enumerate() {
                        let kind = if Some(at) == variadic {
                            ParameterKind::Variadic
                        } else {
                            ParameterKind::PositionalOnly
                        };
                        let is_pack = self
                            .as_type_var(element)
                            .is_some_and(|data| data.kind == TypeVarKind::TypeVarTuple);
                        let ty = if is_pack { self.unpacked(element) } else { element };
                        into.push(Parameter {
                            name: self.string(""),
                            kind,
                            ty,
                            is_annotated: true,
                            default: None,
                        });
                    }
                    return;
                }
            }
        }
        into.push(Parameter { ty, ..*parameter });
    }

    /// Whether `list[at]` begins `*args: P.args, **kwargs: P.kwargs`: the `ParamSpec`, and how many
    /// parameters it takes up (keyword-only ones between the two stay where they are).
    pub fn param_spec_at(&self, list: &[Parameter<'s>], at: usize) -> Option<(Type, usize)> {
        let first = list.get(at)?;
        if first.ty.kind() != Kind::ParamSpecPart || first.kind != ParameterKind::Variadic {
            return None;
        }
        let Data::ParamSpecPart { type_var, .. } = *self.data(first.ty) else { return None };
        let next = list.get(at + 1)?;
        (next.ty.kind() == Kind::ParamSpecPart).then_some((type_var, 2))
    }

    /// Puts the parameters that a `ParamSpec` stands for into a list; true when they are `...`.
    fn expand_param_spec(
        &self,
        value: Type,
        into: &mut SmallVec<[Parameter<'s>; 8]>,
        type_params: &mut SmallVec<[Type; 4]>,
    ) -> bool {
        match value.kind() {
            Kind::Parameters => {
                let Data::Parameters(inner) = self.data(value) else { return true };
                type_params.extend_from_slice(inner.type_params);
                // A keyword parameter after positional-only ones stays valid Python.
                into.extend(inner.parameters.iter().copied());
                inner.is_gradual
            }
            _ => {
                let gradual = self.gradual_signature(Type::UNKNOWN);
                into.extend(gradual.parameters.iter().copied());
                true
            }
        }
    }

    /// Whether some type variable that `wanted` accepts is in `ty`.
    pub fn mentions(&self, ty: Type, wanted: &dyn Fn(Type) -> bool) -> bool {
        self.has_type_vars(ty)
            && self.anywhere(ty, false, &mut |part| part.kind() == Kind::TypeVar && wanted(part))
    }

    /// Type variables in `ty` in order of first appearance.
    pub fn free_type_vars(&self, ty: Type) -> SmallVec<[Type; 4]> {
        let found = std::cell::RefCell::new(DistinctTypes::default());
        self.mentions(ty, &|type_var| {
            found.borrow_mut().push(self, type_var);
            false
        });
        found.into_inner().into_list()
    }

    /// Whether one of `type_vars` is in `ty`.
    pub fn has_type_vars_of(&self, ty: Type, type_vars: &[Type]) -> bool {
        let places = Places::default();
        let place = |found| places.find(self, type_vars.len(), |place| type_vars[place], found);
        self.mentions(ty, &|found| place(found).is_some())
    }

    /// Whether a type variable of any kind is in `ty`.
    pub fn has_type_vars(&self, ty: Type) -> bool {
        ty.is_composite() && self.fingerprint(ty).is_open()
    }

    /// Binds the free type variables of `ty` to `scope`.
    pub fn bind_type_vars(&self, ty: Type, scope: DefRef, wanted: &dyn Fn(Type) -> bool) -> Type {
        let mut with = Substitution::new();
        for type_var in self.free_type_vars(ty) {
            if let Some(data) = self.as_type_var(type_var)
                && data.scope.is_none()
                && wanted(type_var)
            {
                let bound = super::TypeVarData { scope: Some(scope), ..*data };
                with.insert(type_var, self.type_var(bound));
            }
        }
        self.substitute(ty, &with)
    }

    /// The substitution that a class object or an instance of it carries.
    pub fn class_substitution(&self, class_or_instance: Type) -> Substitution {
        match class_or_instance.kind() {
            Kind::Generic | Kind::GenericClass => {
                let Data::Generic { class, arguments } = *self.data(class_or_instance) else {
                    return Substitution::new();
                };
                Substitution::of(self.host.type_params(self, class), arguments)
            }
            Kind::Class | Kind::Instance => {
                let Some(class) = self.class_of(class_or_instance) else {
                    return Substitution::new();
                };
                let params = self.host.type_params(self, class);
                if params.is_empty() {
                    return Substitution::new();
                }
                Substitution::of(params, &self.default_arguments(class))
            }
            _ => Substitution::new(),
        }
    }

    /// As [`Self::class_substitution`], for a member of type `member`: which `self` the `__init__` of a
    /// class without arguments is called with is not known, so the defaults say nothing of it.
    pub fn open_substitution(&self, class_object: Type, member: Type) -> Substitution {
        if class_object.kind() == Kind::Class
            && let Some(class) = self.class_of(class_object)
            && let Some(function) = member.as_function()
            && self.has_defaults(class)
            && &*self.host.function(self, function).name == "__init__"
        {
            return Substitution::of(self.host.type_params(self, class), &self.unknown_row(class));
        }
        self.class_substitution(class_object)
    }

    /// An instance of a class object of which the arguments that are not written are not known.
    pub fn open_instance(&self, class_object: Type) -> Type {
        match self.class_of(class_object) {
            Some(class) if class_object.kind() == Kind::Class && self.has_defaults(class) => {
                self.generic(class, &self.unknown_row(class))
            }
            _ => self.instance_of(class_object),
        }
    }

    fn has_defaults(&self, class: ClassRef) -> bool {
        let params = self.host.type_params(self, class);
        params.iter().any(|&each| self.type_var_default(each).is_some())
    }

    fn unknown_row(&self, class: ClassRef) -> SmallVec<[Type; 8]> {
        let params = self.host.type_params(self, class);
        params.iter().map(|&each| self.unknown_argument(each)).collect()
    }

    /// The arguments that a generic class has when none are given: defaults, else `Unknown`.
    pub fn default_arguments(&self, class: ClassRef) -> SmallVec<[Type; 8]> {
        self.default_type_arguments(self.host.type_params(self, class), &[])
    }

    /// Completes `given` with defaults, else `Unknown`, `(...)` or `*tuple[Unknown, ...]`.
    pub fn default_type_arguments(
        &self,
        parameters: &[Type],
        given: &[Type],
    ) -> SmallVec<[Type; 8]> {
        let mut arguments: SmallVec<[Type; 8]> = given.iter().copied().collect();
        for &parameter in &parameters[given.len().min(parameters.len())..] {
            let with = Substitution::of(parameters, &arguments).in_any_scope();
            arguments.push(match self.type_var_default(parameter) {
                Some(default) => self.substitute(default, &with),
                None => self.unknown_argument(parameter),
            });
        }
        arguments
    }

    /// What stands for an argument that is not known.
    pub fn unknown_argument(&self, parameter: Type) -> Type {
        match self.as_type_var(parameter).map(|data| data.kind) {
            Some(TypeVarKind::ParamSpec) => self.gradual_parameters(),
            Some(TypeVarKind::TypeVarTuple) => self.tuple_of(Type::UNKNOWN),
            _ => Type::UNKNOWN,
        }
    }

    /// The default of a type variable.
    pub fn type_var_default(&self, parameter: Type) -> Option<Type> {
        let data = self.as_type_var(parameter)?;
        if data.kind == TypeVarKind::SelfType {
            return None;
        }
        self.host.type_var(self, data.definition).default
    }

    /// The type parameters of a class as its own arguments: the class as seen from within.
    pub fn identity_arguments(&self, class: ClassRef) -> &'s [Type] {
        self.host.type_params(self, class)
    }

    /// An empty list of types.
    pub const NO_TYPES: &'static [Type] = &[];
}
