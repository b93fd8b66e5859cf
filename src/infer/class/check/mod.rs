//! What is wrong with a class statement as a whole: bases, parameters, overrides, its flavour.

mod abstracts;
mod bases;
mod enumeration;
mod fields;
mod final_names;
mod functional;
mod generic;
mod merging;
mod overrides;
mod protocol;
mod slots;
mod subclass_init;
mod typed_dict;
mod variance;

use ruff_python_ast::{Expr, StmtClassDef};
use ruff_text_size::TextRange;

use crate::index::{DefinitionId, ScopeId};
use crate::infer::expr::infer;
use crate::infer::region::{Region, with_region};
use crate::types::{ClassFlags, ClassInfo, ClassRef, Type};

pub use functional::{check_class_call, enum_arguments};
pub use slots::lacks_slot;

/// A class statement that is checked.
struct Subject<'r, 'a, 's> {
    region: &'r Region<'a, 's>,
    stmt: &'r StmtClassDef,
    class: ClassRef,
    info: &'s ClassInfo,
    body: ScopeId,
}

/// Checks a class statement as a whole; its body is walked elsewhere.
pub fn check_class(region: &Region<'_, '_>, stmt: &StmtClassDef) {
    let Some(definition) = region.index.definition_of_node(region.region, stmt) else { return };
    let Some(body) = region.index.scope_of_node(region.region, stmt) else { return };
    let class = ClassRef::from(region.def_ref(definition));
    let info = region.cx.host.class(region.cx, class);
    let subject = Subject { region, stmt, class, info, body };
    // Bases and keywords stand in the scope of the type parameters, if there are any.
    let around = region.index.scopes[body].parent.unwrap_or(region.scope());
    region.in_scope(around, || check_in_scope(&subject));
}

fn check_in_scope(subject: &Subject<'_, '_, '_>) {
    header(subject);
    abstracts::check(subject);
    bases::check(subject);
    generic::check(subject);
    overrides::check(subject);
    merging::check(subject);
    final_names::check(subject);
    slots::check(subject);
    subclass_init::check(subject);
    if subject.is(ClassFlags::PROTOCOL) {
        protocol::check(subject);
    }
    if subject.is(ClassFlags::TYPED_DICT) {
        typed_dict::check(subject);
    }
    if subject.is(ClassFlags::ENUM) {
        enumeration::check(subject);
    }
    if subject.is(ClassFlags::NAMED_TUPLE) {
        fields::check_named_tuple(subject);
    }
    fields::check_subclass_of_named_tuple(subject);
    if subject.info.dataclass.is_some() {
        fields::check_dataclass(subject);
    }
    variance::check(subject);
}

/// Looks at the expressions of the class's header, reporting what is wrong within them.
fn header(subject: &Subject<'_, '_, '_>) {
    for base in subject.stmt.bases() {
        let value = match base {
            Expr::Starred(starred) => &*starred.value,
            other => other,
        };
        infer(subject.region, value, None);
    }
    for keyword in subject.stmt.keywords() {
        let is_type = keyword.arg.as_ref().is_some_and(|name| name.as_str() == "extra_items");
        if !is_type {
            infer(subject.region, &keyword.value, None);
        }
    }
}

impl<'s> Subject<'_, '_, 's> {
    /// Whether a flag of the class is set.
    fn is(&self, flag: ClassFlags) -> bool {
        self.info.is(flag)
    }

    /// Where the class is named.
    fn name_range(&self) -> TextRange {
        self.stmt.name.range
    }

    /// Runs `work` in a quiet region of the class body.
    fn in_body<T>(&self, work: impl FnOnce(&Region<'_, 's>) -> T) -> T {
        with_region(self.region.cx, self.region.module, self.body, |region| {
            region.quietly(|| work(region))
        })
    }

    /// The last definition of a name of the body.
    fn last_definition(&self, name: &str) -> Option<DefinitionId> {
        let scope = &self.region.index.scopes[self.body];
        let place = scope.place(scope.place_by_name(name)?);
        place.definitions.last().copied()
    }

    /// Where a name of the body, or of `self`, is defined.
    fn range_of(&self, name: &str) -> TextRange {
        let index = self.region.index;
        let definition = self
            .last_definition(name)
            .or_else(|| index.instance_attribute(self.body, name).next().map(|a| a.definition));
        definition.map_or(self.name_range(), |each| index.definitions[each].name_range)
    }

    /// The value of each base with its node.
    fn base_values(&self) -> Vec<(&Expr, Type)> {
        let region = self.region;
        let bases = self.stmt.bases().iter().filter(|base| !base.is_starred_expr());
        region.quietly(|| bases.map(|base| (base, infer(region, base, None))).collect())
    }
}
