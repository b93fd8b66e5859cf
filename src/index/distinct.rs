//! A list without repetitions, of a few elements nearly always and of thousands now and then.

use rustc_hash::FxHashSet;
use smallvec::SmallVec;

use super::ids::FlowId;

/// Up to this many elements, looking at each is quicker than hashing.
const FEW: usize = 24;

/// Flows in the order in which they were first pushed.
#[derive(Debug, Default)]
pub struct Distinct {
    list: SmallVec<[FlowId; 8]>,
    /// The same, once they are more than a few.
    set: FxHashSet<FlowId>,
}

impl Distinct {
    /// Adds a flow that is not there yet.
    pub fn push(&mut self, flow: FlowId) {
        if self.list.len() < FEW {
            if !self.list.contains(&flow) {
                self.list.push(flow);
            }
            return;
        }
        if self.set.is_empty() {
            self.set.extend(self.list.iter().copied());
        }
        if self.set.insert(flow) {
            self.list.push(flow);
        }
    }

    /// The last flow.
    #[must_use]
    pub fn last(&self) -> Option<FlowId> {
        self.list.last().copied()
    }

    /// Takes the last flow away.
    pub fn pop(&mut self) {
        if let Some(last) = self.list.pop() {
            self.set.remove(&last);
        }
        if self.list.len() < FEW {
            self.set.clear();
        }
    }

    /// The flows.
    #[must_use]
    pub fn into_inner(self) -> SmallVec<[FlowId; 8]> {
        self.list
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::Distinct;
    use crate::index::FlowId;

    proptest! {
        #[test]
        fn is_a_list_without_repetitions(steps in prop::collection::vec(prop::option::of(0_u32..60), 0..200)) {
            let mut distinct = Distinct::default();
            let mut plain: Vec<FlowId> = Vec::new();
            for step in steps {
                match step.map(FlowId::from_u32) {
                    Some(flow) => {
                        distinct.push(flow);
                        if !plain.contains(&flow) {
                            plain.push(flow);
                        }
                    }
                    None => {
                        distinct.pop();
                        plain.pop();
                    }
                }
                prop_assert_eq!(distinct.last(), plain.last().copied());
            }
            prop_assert_eq!(distinct.into_inner().to_vec(), plain);
        }
    }
}
