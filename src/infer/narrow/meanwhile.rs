//! What may have changed since it was assigned, without this scope doing it.
//!
//! ```python
//! done = False
//!
//! def stop() -> None:
//!     nonlocal done
//!     done = True
//!
//! run(stop)
//! assert done
//! ```
//!
//! The value that was assigned is what is known of `done`. It is no reason to call what follows unreachable.

use ruff_python_ast::Expr;

use crate::index::{Place, PlaceId, ScopeId};
use crate::infer::expr::{infer, subscript_type};
use crate::infer::region::Region;
use crate::types::Type;

/// What `subject` may hold beside what this scope has put there. `None` where nobody else sets it.
pub(super) fn may_hold(region: &Region<'_, '_>, subject: &Expr) -> Option<Type> {
    let scope = region.scope();
    let id = region.index.place_of_expr(scope, subject)?;
    let place = region.index.scopes[scope].place(id);
    if !is_set_elsewhere(place) {
        return None;
    }
    Some(match subject {
        Expr::Attribute(attribute) => {
            let object = infer(region, &attribute.value, None);
            region.cx.attribute(object, &attribute.attr.id).ty
        }
        Expr::Subscript(subscript) => {
            let object = infer(region, &subscript.value, None);
            subscript_type(region, subscript, object)
        }
        _ => Type::UNKNOWN,
    })
}

/// Whether a place may hold something unknown where a test rules out what its scope has put there.
pub fn may_differ(region: &Region<'_, '_>, scope: ScopeId, place: PlaceId) -> bool {
    is_set_elsewhere(region.index.scopes[scope].place(place))
}

/// Whether a scope that gives a place a value need not be the only one that does: another one names it in a `nonlocal`
/// or `global` statement, or it is an attribute or item, which anybody who has the object can set.
fn is_set_elsewhere(place: &Place) -> bool {
    let is_shared = !place.expr.is_name()
        || place.is_global()
        || place.is_nonlocal()
        || !place.foreign_definitions.is_empty();
    is_shared && !place.definitions.is_empty()
}
