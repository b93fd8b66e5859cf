//! Two specialisations of one class: the argument that does not fit, and what its variance asks for.

use super::Explainer;
use crate::types::{ClassRef, Known, Type, Variance};

/// Two types that are longer than this together are not repeated.
const LONG: usize = 60;

impl Explainer<'_, '_> {
    /// `base` is what the value is as an instance of `class`.
    pub(super) fn arguments(&mut self, base: Type, target: Type, class: ClassRef, depth: u32) {
        let cx = self.cx;
        let (from, to) = (cx.arguments_of(base), cx.arguments_of(target));
        let is_single = to.len() == 1;
        let name = cx.host.class(cx, class).name.to_string();
        for (at, (&from, &to)) in from.iter().zip(to.iter()).enumerate() {
            if from.is_dynamic() || to.is_dynamic() {
                continue;
            }
            let variance = cx.host.variance(cx, class, at);
            let (forth, back) = (self.fits(from, to), self.fits(to, from));
            let fits = match variance {
                Variance::Covariant => forth,
                Variance::Contravariant => back,
                Variance::Invariant => forth && back,
                Variance::Bivariant => true,
            };
            if fits {
                continue;
            }
            let (expected, found) = self.show_apart(to, from);
            match variance {
                // Long types are not read twice.
                Variance::Invariant if forth && expected.len() + found.len() > LONG => {
                    let nth = if is_single {
                        "its type argument".to_owned()
                    } else {
                        format!("type argument {}", at + 1)
                    };
                    self.note(format!(
                        "`{name}` is invariant: {nth} has to be the same, and not just assignable"
                    ));
                    self.covariant_kind(class, at, target);
                }
                Variance::Invariant if forth => {
                    self.note(format!(
                        "`{name}` is invariant: `{found}` is assignable to `{expected}`, but through \
                         `{}` a value that is no `{found}` could be put in",
                        self.show(target)
                    ));
                    self.covariant_kind(class, at, target);
                }
                Variance::Contravariant if forth => self.note(format!(
                    "`{name}` is contravariant: it must take any `{expected}`, and takes `{found}` alone"
                )),
                _ => {
                    let nth = if is_single {
                        format!("the type argument of `{name}`")
                    } else {
                        format!("type argument {} of `{name}`", at + 1)
                    };
                    // Of simple arguments the pair around them says as much.
                    if depth > 0 || from.is_composite() && to.is_composite() {
                        self.note(format!("{nth}: expected `{expected}`, found `{found}`"));
                    }
                    self.pair(from, to, depth + 1);
                }
            }
            return;
        }
    }

    /// The read-only kind of a container, which is covariant.
    fn covariant_kind(&mut self, class: ClassRef, at: usize, target: Type) {
        let cx = self.cx;
        let arguments: Vec<String> =
            cx.arguments_of(target).iter().map(|&each| self.show(each)).collect();
        let arguments = arguments.join(", ");
        let (kind, what) = if cx.is_known(class, Known::List) {
            ("Sequence", "list")
        } else if cx.is_known(class, Known::Dict) && at == 1 {
            ("Mapping", "dictionary")
        } else if cx.is_known(class, Known::Set) {
            ("collections.abc.Set", "set")
        } else {
            return;
        };
        self.found.hints.push(format!(
            "declare `{kind}[{arguments}]`, which is covariant, if the {what} is only read"
        ));
    }
}
