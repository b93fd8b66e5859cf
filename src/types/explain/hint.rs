//! What a value was probably meant to be: awaited, called, decoded.

use super::Explainer;
use super::callable::result_of_call;
use crate::types::{Kind, Known, Type};

impl Explainer<'_, '_> {
    /// Adds a hint where one simple change makes the value fit.
    pub(super) fn hints(&mut self, source: Type, target: Type) {
        if !self.found.hints.is_empty() {
            return;
        }
        let cx = self.cx;
        let source = cx.expand_alias(source);
        let is_text = |known: Known| {
            cx.host
                .known(cx, known)
                .is_some_and(|class| cx.class_of(cx.fallback_instance(source)) == Some(class))
        };
        // Text is an `Iterable[str]` as well: whoever asks for that has not forgotten to decode.
        let takes = |known: Known| {
            let class = cx.host.known(cx, known);
            let is_it = |member: Type| class.is_some() && cx.class_of(member) == class;
            cx.members(cx.expand_alias(target)).iter().any(is_it)
        };
        let hint = if cx.is_instance_of(source, Known::CoroutineType) {
            let result = cx.arguments_of(source).get(2).copied();
            result
                .filter(|&result| self.fits(result, target))
                .map(|_| "`await` is missing".to_owned())
        } else if is_text(Known::Bytes) && takes(Known::Str) {
            Some("`.decode()` makes a `str` of it".to_owned())
        } else if is_text(Known::Str) && takes(Known::Bytes) {
            Some("`.encode()` makes `bytes` of it".to_owned())
        } else if matches!(source.kind(), Kind::Function | Kind::Method) {
            let result = result_of_call(cx, source).filter(|result| !result.is_dynamic());
            result
                .filter(|&result| self.fits(result, target))
                .map(|_| "it is not called: `()` is missing".to_owned())
        } else if matches!(source.kind(), Kind::Class | Kind::GenericClass) {
            let instance = cx.instance_of(source);
            self.fits(instance, target)
                .then(|| "this is the class itself, and an instance is expected".to_owned())
        } else {
            self.optional(source, target)
        };
        self.found.hints.extend(hint);
    }

    /// A value that would fit but for `None`.
    fn optional(&self, source: Type, target: Type) -> Option<String> {
        let cx = self.cx;
        if source.kind() != Kind::Union || !cx.members(source).iter().any(|member| member.is_none())
        {
            return None;
        }
        let rest = cx.without_none(source);
        (!rest.is_never() && self.fits(rest, target)).then(|| "test it for `None` first".to_owned())
    }
}
