//! Sentinel values. Source: PEP 661.

use crate::types::{Cx, Kind, Type};

/// Whether `ty` is the type of a sentinel object, which stands for itself in type expressions.
pub fn is_sentinel(cx: &Cx<'_>, ty: Type) -> bool {
    matches!(ty.kind(), Kind::Instance)
        && cx.info_of(ty).is_some_and(|info| {
            info.name.as_ref() == "Sentinel"
                && matches!(
                    &*cx.host.module(info.class.module).name,
                    "typing_extensions" | "builtins" | "typing"
                )
        })
}
