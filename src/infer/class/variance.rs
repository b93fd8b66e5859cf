//! How a generic class varies with its type parameters: declared, or inferred from its members.
//! Source: typing spec, "Generics", "Variance Inference".

use crate::types::{
    ClassFlags, ClassInfo, ClassRef, Cx, Data, DataclassOptions, FunctionFlags, Kind, Qualifiers,
    Signature, Type, TypeVarKind, Variance,
};

/// Types nested deeper are not looked at.
const MAX_DEPTH: u32 = 24;

/// The variance of each type parameter of a class.
pub fn compute_variance(cx: &Cx<'_>, class: ClassRef) -> Vec<Variance> {
    let params = cx.host.type_params(cx, class);
    params
        .iter()
        .map(|&param| {
            let Some(data) = cx.as_type_var(param) else { return Variance::Invariant };
            if data.kind == TypeVarKind::SelfType {
                return Variance::Invariant;
            }
            let declared = cx.host.type_var(cx, data.definition).variance;
            match declared {
                Some(variance) => variance,
                None => infer(cx, class, param),
            }
        })
        .collect()
}

/// The variance that the members of a class allow, whatever is declared.
pub(super) fn inferred(cx: &Cx<'_>, class: ClassRef, param: Type) -> Variance {
    infer(cx, class, param)
}

/// The directions in which a type variable flows.
#[derive(Debug, Clone, Copy)]
pub(super) struct Use {
    /// It can be read.
    pub out: bool,
    /// It can be written.
    pub into: bool,
}

impl Use {
    /// Seen from the other side.
    pub const fn flipped(self) -> Self {
        Self { out: self.into, into: self.out }
    }
}

/// How `param` is used in a type that is read.
pub(super) fn uses(cx: &Cx<'_>, ty: Type, param: Type) -> Use {
    let mut walk = Walk { cx, param, covariant: false, contravariant: false, depth: 0 };
    walk.visit(ty, Polarity::OUT);
    Use { out: walk.covariant, into: walk.contravariant }
}

fn infer(cx: &Cx<'_>, class: ClassRef, param: Type) -> Variance {
    let info = cx.host.class(cx, class);
    let mut walk = Walk { cx, param, covariant: false, contravariant: false, depth: 0 };
    for &base in &info.bases {
        walk.visit(base, Polarity::OUT);
    }
    for name in cx.host.class_member_names(cx, class, true) {
        if walk.covariant && walk.contravariant {
            break;
        }
        if matches!(name, "__init__" | "__new__" | "__init_subclass__" | "__slots__") {
            continue;
        }
        let Some(place) = cx.host.class_member(cx, class, name) else { continue };
        match place.ty.kind() {
            Kind::Function | Kind::Property | Kind::Method => walk.visit(place.ty, Polarity::OUT),
            _ => {
                let fixed =
                    place.qualifiers.intersects(Qualifiers::FINAL.union(Qualifiers::READ_ONLY))
                        || is_frozen(info)
                        || name.starts_with('_') && !name.ends_with("__")
                        || info.is(ClassFlags::NAMED_TUPLE);
                let polarity = if fixed { Polarity::OUT } else { Polarity::BOTH };
                walk.visit(place.declared.unwrap_or(place.ty), polarity);
            }
        }
    }
    match (walk.covariant, walk.contravariant) {
        (true, true) => Variance::Invariant,
        (false, true) => Variance::Contravariant,
        // Not used at all: any will do, and the specification takes covariance.
        (_, false) => Variance::Covariant,
    }
}

fn is_frozen(info: &ClassInfo) -> bool {
    info.dataclass.is_some_and(|options| options.contains(DataclassOptions::FROZEN))
}

/// The directions in which a type flows where it stands.
#[derive(Debug, Clone, Copy)]
struct Polarity {
    out: bool,
    into: bool,
}

impl Polarity {
    const OUT: Self = Self { out: true, into: false };
    const BOTH: Self = Self { out: true, into: true };

    const fn flipped(self) -> Self {
        Self { out: self.into, into: self.out }
    }

    const fn through(self, variance: Variance) -> Option<Self> {
        match variance {
            Variance::Covariant => Some(self),
            Variance::Contravariant => Some(self.flipped()),
            Variance::Invariant => Some(Self::BOTH),
            Variance::Bivariant => None,
        }
    }
}

struct Walk<'c, 's> {
    cx: &'c Cx<'s>,
    param: Type,
    covariant: bool,
    contravariant: bool,
    depth: u32,
}

impl Walk<'_, '_> {
    fn visit(&mut self, ty: Type, polarity: Polarity) {
        if self.depth > MAX_DEPTH {
            return;
        }
        self.depth += 1;
        self.visit_form(ty, polarity);
        self.depth -= 1;
    }

    fn visit_form(&mut self, ty: Type, polarity: Polarity) {
        let cx = self.cx;
        if ty.kind() == Kind::Function {
            let Some(signatures) = cx.signatures(ty) else { return };
            let is_static = ty.as_function().is_some_and(|function| {
                cx.host.function(cx, function).flags.contains(FunctionFlags::STATIC_METHOD)
            });
            for signature in &signatures {
                if is_static {
                    self.signature(signature, polarity, 0);
                } else {
                    self.method(signature, polarity);
                }
            }
            return;
        }
        if !ty.is_composite() {
            return;
        }
        match *cx.data(ty) {
            Data::TypeVar(_) if cx.same(ty, self.param) => {
                self.covariant |= polarity.out;
                self.contravariant |= polarity.into;
            }
            Data::Union(types) | Data::Intersection(types) => {
                types.iter().for_each(|&each| self.visit(each, polarity));
            }
            Data::Tuple(tuple) => {
                tuple.elements.iter().for_each(|&each| self.visit(each, polarity));
            }
            Data::Generic { class, arguments } => {
                for (at, &argument) in arguments.iter().enumerate() {
                    if !cx.mentions(argument, &|found| cx.same(found, self.param)) {
                        continue;
                    }
                    if let Some(inner) = polarity.through(cx.host.variance(cx, class, at)) {
                        self.visit(argument, inner);
                    }
                }
            }
            Data::Inner(inner) | Data::TypeForm { ty: inner } => self.visit(inner, polarity),
            Data::Guard { ty, is_exact } => {
                self.visit(ty, if is_exact { Polarity::BOTH } else { polarity });
            }
            Data::Callable(signatures) => {
                for signature in signatures.iter() {
                    self.signature(signature, polarity, 0);
                }
            }
            Data::ParamSpecPart { type_var, .. } => self.visit(type_var, polarity),
            // An argument for a `ParamSpec`, whose variance is that of the parameters' types.
            Data::Parameters(signature) => {
                signature.parameters.iter().for_each(|each| self.visit(each.ty, polarity));
            }
            Data::Method { function, .. } => self.visit(function, polarity),
            Data::Property { getter, setter, .. } => {
                for function in [getter, setter].into_iter().flatten() {
                    self.visit(function, polarity);
                }
            }
            Data::Alias { .. } => self.visit(cx.expand_alias(ty), polarity),
            _ => {}
        }
    }

    /// The receiver does not count.
    fn method<'s>(&mut self, signature: &Signature<'s>, polarity: Polarity) {
        self.signature(signature, polarity, 1);
    }

    fn signature<'s>(&mut self, signature: &Signature<'s>, polarity: Polarity, skip: usize) {
        for parameter in signature.parameters.iter().skip(skip) {
            self.visit(parameter.ty, polarity.flipped());
        }
        if let Some(returns) = signature.returns {
            self.visit(returns, polarity);
        }
    }
}
