//! What the elements of a display teach, which is made for the call that it stands in: a list that is written as an
//! argument holds what is asked of it, so that its elements need only fit.

use crate::types::{Cx, Kind, Known, Solver, Type};

/// The classes of displays.
const DISPLAYS: [Known; 3] = [Known::List, Known::Set, Known::Dict];

impl Cx<'_> {
    /// Whether displays could be of this type.
    pub(super) fn is_of_displays(&self, ty: Type) -> bool {
        let is_display = |class| DISPLAYS.iter().any(|&known| self.is_known(class, known));
        let is_one =
            |ty: Type| ty.kind() == Kind::Generic && self.class_of(ty).is_some_and(is_display);
        self.members(ty).iter().all(is_one)
    }

    /// As [`Self::assign_solving`], for a display of type `found`: it is as if each of its elements were assigned.
    pub(super) fn solve_elements(&self, found: Type, wanted: Type, solver: &mut Solver) -> bool {
        let wanted = self.expand_alias(wanted);
        if found.kind() == Kind::Union {
            let members = self.members(found);
            return members.iter().all(|member| self.solve_elements(member, wanted, solver));
        }
        if wanted.kind() == Kind::Union {
            return self.members(wanted).iter().any(|member| {
                let mut trial = solver.clone();
                let fits = self.solve_elements(found, member, &mut trial);
                if fits {
                    *solver = trial;
                }
                fits
            });
        }
        let seen_as = match self.class_of(wanted) {
            Some(class) if self.is_of_displays(found) && wanted.kind() == Kind::Generic => {
                self.as_super(found, class)
            }
            _ => None,
        };
        let Some(seen_as) = seen_as else { return self.assign_solving(found, wanted, solver) };
        let (own, asked) = (self.arguments_of(seen_as), self.arguments_of(wanted));
        own.len() == asked.len()
            && own.iter().zip(asked).all(|(&own, &asked)| self.solve_elements(own, asked, solver))
    }
}
