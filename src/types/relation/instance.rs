//! Instances against instances: nominal inheritance with variance, tuples, class objects.

use super::{Mode, Walk};
use crate::store::limits::MAX_LITERALS;
use crate::types::{
    ClassFlags, ClassInfo, ClassRef, Cx, Kind, Known, MroEntry, TupleData, Type, TypeVarKind,
    Variance,
};

impl<'s> Cx<'s> {
    /// The class whose literal `ty` is.
    pub fn literal_class(&self, ty: Type) -> Option<ClassRef> {
        let known = match ty.kind() {
            Kind::Bool => Known::Bool,
            Kind::Int | Kind::BigInt => Known::Int,
            Kind::Str => Known::Str,
            Kind::Bytes => Known::Bytes,
            Kind::Enum => return self.as_enum(ty).map(|literal| literal.0),
            _ => return None,
        };
        self.host.known(self, known)
    }

    /// The members of `bool` or of an enum without flags, as literals.
    pub fn expand_finite(&self, ty: Type) -> Option<Vec<Type>> {
        let class = ty.as_instance().filter(|_| self.finite_len(ty).is_some())?;
        if self.is_known(class, Known::Bool) {
            return Some(vec![Type::TRUE, Type::FALSE]);
        }
        let names = self.enum_member_names(class);
        Some(names.into_iter().map(|name| self.enum_literal(class, name)).collect())
    }

    /// The one member of an enum that has no other.
    pub fn only_member(&self, ty: Type) -> Option<Type> {
        self.finite_len(ty).filter(|&len| len == 1)?;
        self.expand_finite(ty)?.first().copied()
    }

    /// How many members [`Cx::expand_finite`] gives.
    pub fn finite_len(&self, ty: Type) -> Option<usize> {
        let class = ty.as_instance()?;
        if self.is_known(class, Known::Bool) {
            return Some(2);
        }
        // A union would not keep more.
        self.enum_len(class).filter(|len| (1..=MAX_LITERALS).contains(len))
    }

    /// Whether an instance of this class is checked by structure.
    pub fn is_protocol(&self, class: ClassRef) -> bool {
        self.host.class(self, class).is(ClassFlags::PROTOCOL)
    }
}

impl<'s> Walk<'_, 's, '_> {
    /// `target` is an instance of a class.
    pub(super) fn check_instance(&mut self, source: Type, target: Type) -> bool {
        let cx = self.cx;
        let Some(class) = cx.class_of(target) else { return false };
        match source.kind() {
            // What a coroutine gives is what the body of a function was seen to return.
            Kind::Generic if !cx.is_instance_of(source, Known::CoroutineType) => {
                self.within_type(|walk| walk.nominal(source, target, class))
            }
            Kind::Generic => self.nominal(source, target, class),
            Kind::Instance => self.nominal(source, target, class),
            Kind::Tuple => {
                let generic = cx.tuple_as_generic(source);
                let is_declared = cx.as_tuple(source).is_some_and(|it| it.variadic.is_some());
                if is_declared {
                    return self.within_type(|walk| walk.nominal(generic, target, class));
                }
                self.nominal(generic, target, class)
            }
            Kind::Class | Kind::GenericClass | Kind::SubclassOf => {
                self.class_object_as_instance(source, target, class)
            }
            Kind::Module => {
                if cx.is_protocol(class) && !cx.is_known(class, Known::ModuleType) {
                    return self.implements(source, target, class);
                }
                self.via_fallback(source, target)
            }
            Kind::Function | Kind::Callable | Kind::Method => {
                if cx.is_protocol(class) {
                    return self.implements(source, target, class);
                }
                self.via_fallback(source, target)
            }
            Kind::Special | Kind::Super | Kind::Decorator => true,
            Kind::TypeFormOf => false,
            Kind::Unpacked | Kind::Parameters | Kind::Not | Kind::Zero => false,
            Kind::Str if self.solver.is_none() => {
                self.via_fallback(source, target) || self.literal_string_in(target)
            }
            Kind::LiteralString => {
                self.via_fallback(source, target) || self.literal_string_in(target)
            }
            _ => self.via_fallback(source, target),
        }
    }

    /// Runs `check` with what the solver learns taken for written within a type.
    pub(super) fn within_type(&mut self, check: impl FnOnce(&mut Self) -> bool) -> bool {
        if let Some(solver) = self.solver.as_mut() {
            solver.within += 1;
        }
        let answer = check(self);
        if let Some(solver) = self.solver.as_mut() {
            solver.within = solver.within.saturating_sub(1);
        }
        answer
    }

    /// A literal string is also a sequence and an iterable of literal strings.
    fn literal_string_in(&self, target: Type) -> bool {
        let cx = self.cx;
        matches!(cx.arguments_of(target), [only] if only.is(Type::LITERAL_STRING))
            && [Known::Sequence, Known::Iterable]
                .iter()
                .any(|&known| cx.class_of(target).is_some_and(|class| cx.is_known(class, known)))
    }

    pub(super) fn via_fallback(&mut self, source: Type, target: Type) -> bool {
        let instance = self.cx.fallback_instance(source);
        !self.cx.same(instance, source) && self.check(instance, target)
    }

    fn nominal(&mut self, source: Type, target: Type, class: ClassRef) -> bool {
        let cx = self.cx;
        let Some(own) = cx.class_of(source) else { return false };
        let info = cx.host.class(cx, own);
        if own == class {
            return self.check_arguments(source, target, class);
        }
        let is_mapping = info.is(ClassFlags::TYPED_DICT)
            && !cx.host.class(cx, class).is(ClassFlags::TYPED_DICT)
            && self.attempt(|walk| walk.typed_dict_as_mapping(source, target, class));
        if is_mapping {
            return true;
        }
        if let Some(base) = cx.as_super(source, class) {
            // What a named tuple is as a tuple, its fields know better than its base.
            if cx.arguments_of(base).iter().any(|each| each.is_dynamic())
                && let Some(shape) = cx.tuple_shape(source)
            {
                let tuple = cx.tuple_as_generic(cx.tuple(shape.elements));
                return self.check(tuple, target);
            }
            return self.check_arguments(base, target, class);
        }
        if info.is_dynamic() && self.mode == Mode::Assignable {
            return true;
        }
        if info.is(ClassFlags::NEW_TYPE)
            && let Some(base) = info.new_type_base
            && base.kind() != Kind::Instance
        {
            return self.check(base, target);
        }
        if self.promotes(own, class) {
            return true;
        }
        if cx.host.class(cx, class).is(ClassFlags::TYPED_DICT) {
            return info.is(ClassFlags::TYPED_DICT) && self.typed_dict(source, target);
        }
        cx.is_protocol(class) && self.implements(source, target, class)
    }

    /// `float` means `float | int`, `complex` also: typing spec, "Special cases for float and complex".
    fn promotes(&self, source: ClassRef, target: ClassRef) -> bool {
        let cx = self.cx;
        let inherits =
            |known| cx.host.known(cx, known).is_some_and(|k| cx.host.class(cx, source).inherits(k));
        if cx.is_known(target, Known::Float) {
            return inherits(Known::Int);
        }
        cx.is_known(target, Known::Complex) && (inherits(Known::Int) || inherits(Known::Float))
    }

    /// Arguments of two specialisations of one class, by variance.
    pub(super) fn check_arguments(&mut self, source: Type, target: Type, class: ClassRef) -> bool {
        let cx = self.cx;
        let info = cx.host.class(cx, class);
        if info.type_params.is_empty() {
            return true;
        }
        let (from, to) = (self.full_arguments(source, class), self.full_arguments(target, class));
        let pairs = from.iter().zip(&to).take(info.type_params.len());
        for (index, (&from, &to)) in pairs.enumerate() {
            let parameter = info.type_params[index];
            let variance = cx.host.variance(cx, class, index);
            let fits = match cx.as_type_var(parameter).map(|data| data.kind) {
                Some(TypeVarKind::TypeVarTuple) if self.solves(from) && !self.solves(to) => {
                    let to = cx.as_pack(to);
                    self.solver.as_mut().is_some_and(|solver| solver.add_exact(cx, from, to))
                }
                Some(TypeVarKind::TypeVarTuple) => {
                    self.check_argument(cx.as_pack(from), cx.as_pack(to), variance)
                }
                // The variance is that of the parameters' types; lists of them go the other way.
                Some(TypeVarKind::ParamSpec) => self.check_argument(from, to, variance.flipped()),
                _ => self.check_argument(from, to, variance),
            };
            if !fits {
                return false;
            }
        }
        true
    }

    fn full_arguments(&self, ty: Type, class: ClassRef) -> smallvec::SmallVec<[Type; 8]> {
        let arguments = self.cx.arguments_of(ty);
        if arguments.is_empty() {
            self.cx.default_arguments(class)
        } else {
            arguments.iter().copied().collect()
        }
    }

    fn check_argument(&mut self, from: Type, to: Type, variance: Variance) -> bool {
        match variance {
            Variance::Covariant | Variance::Bivariant => self.check(from, to),
            Variance::Contravariant => self.check(to, from),
            Variance::Invariant => self.check_invariant(from, to),
        }
    }

    /// Both must be the same type, dynamic parts aside.
    pub(super) fn check_invariant(&mut self, from: Type, to: Type) -> bool {
        let cx = self.cx;
        // No annotation says "this class and no subclass": where it was inferred, `type[C]` is meant.
        let from = if to.kind() == Kind::SubclassOf { cx.promote_classes(from) } else { from };
        if self.mode == Mode::Assignable && (from.is_dynamic() || to.is_dynamic()) {
            if to.is(Type::ANY)
                && from.kind() == Kind::TypeVar
                && let Some(solver) = self.solver.as_mut()
                && solver.solves(cx, from)
            {
                return solver.add_exact(cx, from, to);
            }
            return self.check(from, to);
        }
        if let Some(solver) = self.solver.as_mut() {
            if to.kind() == Kind::TypeVar && solver.solves(cx, to) {
                return cx.same(from, to) || solver.add_exact(cx, to, from);
            }
            if from.kind() == Kind::TypeVar && solver.solves(cx, from) {
                return solver.add_exact(cx, from, to);
            }
            if solver.mentions(cx, to) || solver.mentions(cx, from) {
                if !self.check(from, to) {
                    return false;
                }
                // What `Concatenate` puts first has no name, whatever it is called in the list that it stands for.
                if from.kind() == Kind::Parameters && to.kind() == Kind::Parameters {
                    return true;
                }
                self.learn_backwards(to, from);
                let with = self
                    .solver
                    .as_ref()
                    .map(|solver| solver.partial_solution(cx))
                    .unwrap_or_default();
                let (from, to) = (cx.substitute_row(from, &with), cx.substitute_row(to, &with));
                let is_open =
                    |ty: Type| self.solver.as_ref().is_some_and(|solver| solver.mentions(cx, ty));
                return is_open(to) || is_open(from) || self.plain().check_invariant(from, to);
            }
        }
        if self.mode == Mode::Subtype {
            return cx.is_equivalent(from, to);
        }
        self.check(from, to) && self.check(to, from)
    }

    /// What an invariant place asks for flows into the variables of what is there, not only out of
    /// them; what contradicts is not learnt.
    fn learn_backwards(&mut self, wanted: Type, open: Type) {
        let cx = self.cx;
        let Some(saved) =
            self.solver.as_deref().filter(|solver| solver.mentions(cx, open)).cloned()
        else {
            return;
        };
        if !self.check(wanted, open)
            && let Some(solver) = self.solver.as_deref_mut()
        {
            *solver = saved;
        }
    }

    /// `target` is a tuple type.
    pub(super) fn check_tuple(&mut self, source: Type, target: Type) -> bool {
        let cx = self.cx;
        let (Some(to), from) = (cx.as_tuple(target), cx.tuple_shape(source)) else { return false };
        let Some(from) = from else {
            let is_fallback =
                !source.is_dynamic() && cx.info_of(source).is_some_and(|info| info.is_dynamic());
            return is_fallback && self.mode == Mode::Assignable;
        };
        let (from, to) = (from.parts(), to.parts());
        self.check_tuple_parts(from, to)
    }

    fn check_tuple_parts(
        &mut self,
        from: (&[Type], Option<Type>, &[Type]),
        to: (&[Type], Option<Type>, &[Type]),
    ) -> bool {
        let cx = self.cx;
        let is_pack = |ty: Type| {
            cx.as_type_var(ty).is_some_and(|data| data.kind == TypeVarKind::TypeVarTuple)
        };
        let Some(to_part) = to.1 else {
            return self.check_to_fixed(from, to.0);
        };
        let (mut before, mut after) = (from.0, from.2);
        if from.1.is_none() {
            // All elements are in `before`; take the suffix from its end.
            if before.len() < to.0.len() + to.2.len() {
                return false;
            }
            let split = before.len() - to.2.len();
            (before, after) = before.split_at(split);
        } else {
            let assignable = self.mode == Mode::Assignable;
            let gradual = from.1.is_some_and(Type::is_dynamic) && assignable;
            if (before.len() < to.0.len() || after.len() < to.2.len()) && !gradual {
                return false;
            }
            if gradual {
                return before.iter().zip(to.0).all(|(&from, &to)| self.check(from, to));
            }
        }
        let (head, middle) = before.split_at(to.0.len());
        let (rest, tail) = after.split_at(after.len() - to.2.len());
        if !head.iter().zip(to.0).all(|(&from, &to)| self.check(from, to))
            || !tail.iter().zip(to.2).all(|(&from, &to)| self.check(from, to))
        {
            return false;
        }
        if is_pack(to_part) {
            let mut elements: Vec<Type> = middle.to_vec();
            let variadic = from.1.map(|part| {
                elements.push(part);
                elements.len() - 1
            });
            elements.extend_from_slice(rest);
            if elements.len() == 1 && variadic == Some(0) && cx.same(elements[0], to_part) {
                return true;
            }
            let packed = cx.tuple_with(&elements, variadic);
            return self.check(packed, to_part);
        }
        if from.1.is_some_and(is_pack) {
            return self.check(cx.object(), to_part);
        }
        middle.iter().chain(rest).chain(from.1.iter()).all(|&element| self.check(element, to_part))
    }

    fn check_to_fixed(&mut self, from: (&[Type], Option<Type>, &[Type]), to: &[Type]) -> bool {
        if from.1.is_none() {
            return from.0.len() == to.len()
                && from.0.iter().zip(to).all(|(&from, &to)| self.check(from, to));
        }
        // `tuple[Any, ...]` is consistent with every length; others with none.
        from.1.is_some_and(Type::is_dynamic)
            && self.mode == Mode::Assignable
            && from.0.len() + from.2.len() <= to.len()
    }

    /// A class object where an instance is asked for: its metaclass, or a protocol.
    fn class_object_as_instance(&mut self, source: Type, target: Type, class: ClassRef) -> bool {
        let cx = self.cx;
        let instance = if source.kind() == Kind::SubclassOf {
            cx.inner_of(source)
        } else {
            cx.instance_of(source)
        };
        if instance.is_dynamic() && self.mode == Mode::Assignable {
            return cx.is_known(class, Known::Type)
                || cx.is_protocol(class)
                || cx.host.class(cx, class).mro.iter().any(
                    |entry| matches!(entry, MroEntry::Class(c, _) if cx.is_known(*c, Known::Type)),
                );
        }
        if cx.is_known(class, Known::Type) {
            // What `NewType` returns is no class.
            return source.kind() == Kind::SubclassOf
                || !cx.info_of(source).is_some_and(|info| info.is(ClassFlags::NEW_TYPE));
        }
        if source.kind() == Kind::GenericClass && cx.is_known(class, Known::GenericAlias) {
            return true;
        }
        if instance.kind() == Kind::TypeVar && cx.is_protocol(class) {
            return self.variable_class(instance, target, class);
        }
        let Some(info) = cx.info_of(instance) else { return cx.is_protocol(class) };
        match cx.metaclass_of(info) {
            meta if meta.is_dynamic() => return self.mode == Mode::Assignable,
            meta => {
                let meta = cx.instance_of(meta);
                if self.attempt(|walk| walk.nominal_only(meta, target, class)) {
                    return true;
                }
            }
        }
        cx.is_protocol(class) && self.implements(source, target, class)
    }

    /// `type[T]` where a protocol is asked for: it has what the class of its bound has. What it makes when it is called
    /// is left open.
    fn variable_class(&mut self, variable: Type, target: Type, class: ClassRef) -> bool {
        let cx = self.cx;
        if cx.protocol_members(class).iter().any(|&(name, _)| name == "__call__") {
            return true;
        }
        let constraints = cx.constraints_of(variable);
        if !constraints.is_empty() {
            return constraints.iter().all(|&each| self.check(cx.subclass_of(each), target));
        }
        let bound = cx.upper_bound(variable).unwrap_or_else(|| cx.object());
        self.check(cx.subclass_of(bound), target)
    }

    fn nominal_only(&mut self, source: Type, target: Type, class: ClassRef) -> bool {
        match self.cx.as_super(source, class) {
            Some(base) => self.check_arguments(base, target, class),
            None => false,
        }
    }

    /// `target` is one class object: only itself will do, or some class of which nothing is known.
    pub(super) fn check_class_object(&mut self, source: Type, target: Type) -> bool {
        let cx = self.cx;
        let is_some_class = match source.kind() {
            Kind::SubclassOf => cx.inner_of(source).is_dynamic(),
            Kind::Instance => cx.class_of(source).is_some_and(|own| cx.is_known(own, Known::Type)),
            _ => false,
        };
        if is_some_class && self.mode == Mode::Assignable {
            return true;
        }
        matches!(source.kind(), Kind::Class | Kind::GenericClass)
            && cx.class_of(source) == cx.class_of(target)
            && self.check(cx.instance_of(source), cx.instance_of(target))
    }

    /// `target` is `type[T]`.
    pub(super) fn check_subclass_of(&mut self, source: Type, target: Type) -> bool {
        let cx = self.cx;
        let inner = cx.inner_of(target);
        match source.kind() {
            Kind::Class | Kind::GenericClass => {
                let is_abstract =
                    |ty: Type| cx.info_of(ty).is_some_and(|info| info.is(ClassFlags::PROTOCOL));
                // `type[Proto]` is for classes that can be called: not for protocols themselves.
                if is_abstract(source) && matches!(inner.kind(), Kind::Instance | Kind::Generic) {
                    return !is_abstract(inner) && self.check(cx.instance_of(source), inner);
                }
                // What `NewType` returns is no class.
                let is_new_type =
                    cx.info_of(source).is_some_and(|info| info.is(ClassFlags::NEW_TYPE));
                if is_new_type && inner.is_dynamic() {
                    return false;
                }
                let instance = cx.instance_for_type_of(source);
                self.check(instance, inner)
            }
            Kind::SubclassOf => self.check(cx.inner_of(source), inner),
            Kind::Instance | Kind::Generic => {
                // An instance of `type` or of a metaclass is some class.
                let is_type = cx.host.known(cx, Known::Type).is_some_and(|known| {
                    cx.info_of(source).is_some_and(|info| info.inherits(known))
                });
                is_type && (self.mode == Mode::Assignable || self.is_object_type(inner)) && {
                    if self.solver.is_some() && inner.kind() == Kind::TypeVar {
                        self.check(Type::UNKNOWN, inner)
                    } else {
                        true
                    }
                }
            }
            Kind::TypeForm => match *cx.data(source) {
                // `tuple[int, str]` is a class object with arguments, as `list[int]` is.
                crate::types::Data::TypeForm { ty } if ty.kind() == Kind::Tuple => {
                    self.check(ty, inner)
                }
                _ => inner.is_dynamic() && !cx.is_classless_form(source),
            },
            Kind::Special => inner.is_dynamic(),
            _ => false,
        }
    }

    fn is_object_type(&self, ty: Type) -> bool {
        ty.as_instance().is_some_and(|class| self.cx.is_known(class, Known::Object))
    }
}

impl<'s> Cx<'s> {
    /// The value of a `TypeVarTuple` as a tuple: a variable stands for `tuple[*Ts]`.
    fn as_pack(&self, ty: Type) -> Type {
        if ty.kind() == Kind::TypeVar { self.tuple_with(&[ty], Some(0)) } else { ty }
    }

    /// Whether a type expression as a value is no class, at run time or by the spec: a union, or
    /// `Annotated[...]`, the only form that is left of an instance type.
    pub fn is_classless_form(&self, form: Type) -> bool {
        matches!(*self.payload(form), crate::types::Data::TypeForm { ty }
            if ty.kind() == Kind::Union
                || matches!(ty.kind(), Kind::Instance | Kind::Generic) && !self.has_type_vars(ty))
    }

    /// An instance of a class object for comparing with `type[T]`: type parameters stay unknown.
    pub fn instance_for_type_of(&self, class_object: Type) -> Type {
        self.instance_of(class_object)
    }

    /// The metaclass of a class as a class object or a dynamic type.
    pub fn metaclass_of(&self, info: &ClassInfo) -> Type {
        match info.metaclass {
            Some(meta) => meta,
            None => match self.host.known(self, Known::Type) {
                Some(class) => Type::class(class),
                None => Type::UNKNOWN,
            },
        }
    }

    /// The shape of a tuple or of an instance of a class that inherits from one.
    pub fn tuple_shape(&self, ty: Type) -> Option<TupleData<'s>> {
        match ty.kind() {
            Kind::Tuple => self.as_tuple(ty),
            Kind::Instance | Kind::Generic => {
                let info = self.info_of(ty)?;
                let tuple_class = self.host.known(self, Known::Tuple)?;
                if !info.inherits(tuple_class) {
                    return None;
                }
                if info.is(ClassFlags::NAMED_TUPLE) {
                    let with = self.class_substitution(ty);
                    let fields = self.host.fields(self, info.class);
                    let elements: Vec<Type> =
                        fields.iter().map(|field| self.substitute(field.ty, &with)).collect();
                    return self.as_tuple(self.tuple(&elements));
                }
                if let Some(base) = info.tuple_base {
                    return self.as_tuple(self.substitute(base, &self.class_substitution(ty)));
                }
                if info.class == tuple_class {
                    let argument = self.arguments_of(ty).first().copied().unwrap_or(Type::UNKNOWN);
                    return self.as_tuple(self.tuple_of(argument));
                }
                // The shape comes with the nearest base that has one.
                let with = self.class_substitution(ty);
                info.mro.iter().skip(1).find_map(|entry| match *entry {
                    MroEntry::Class(class, base) if class != tuple_class => {
                        let base_info = self.host.class(self, class);
                        let has_shape =
                            base_info.is(ClassFlags::NAMED_TUPLE) || base_info.tuple_base.is_some();
                        if !has_shape {
                            return None;
                        }
                        self.tuple_shape(self.instance_of(self.substitute(base, &with)))
                    }
                    MroEntry::Class(_, base) => {
                        let base = self.substitute(base, &with);
                        let argument =
                            self.arguments_of(base).first().copied().unwrap_or(Type::UNKNOWN);
                        self.as_tuple(self.tuple_of(argument))
                    }
                    MroEntry::Dynamic(_) => None,
                })
            }
            Kind::TypeVar => self.tuple_shape(self.upper_bound(ty)?),
            Kind::Alias => self.tuple_shape(self.expand_alias(ty)),
            _ => None,
        }
    }
}
