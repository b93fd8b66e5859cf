//! The ids that the semantic index hands out: `u32` newtypes with a niche, so that an `Option` of one is as small.
//!
//! Each doc comment says where the id is valid; ids come out the same whenever a module is indexed again.

use ruff_index::newtype_index;

/// A scope, numbered per module in the order in which the walk enters them; 0 is the module itself.
#[newtype_index]
#[derive(PartialOrd, Ord)]
pub struct ScopeId;

impl ScopeId {
    /// The scope of the module itself.
    pub const MODULE: Self = Self::from_u32(0);
}

/// A place (a name, or a path such as `self.x` or `a[0]`), numbered per scope.
#[newtype_index]
#[derive(PartialOrd, Ord)]
pub struct PlaceId;

/// A definition, numbered per module in visit order.
#[newtype_index]
#[derive(PartialOrd, Ord)]
pub struct DefinitionId;

/// A node of the value graph of one scope's places, numbered per scope.
#[newtype_index]
#[derive(PartialOrd, Ord)]
pub struct FlowId;

impl FlowId {
    /// Every place before anything has happened to it in the scope.
    pub const START: Self = Self::from_u32(0);
}

/// A condition under which control gets somewhere, numbered per module. What a [`ReachId`] is built from has a
/// smaller number, so that reachability can be computed in one pass forward.
#[newtype_index]
#[derive(PartialOrd, Ord)]
pub struct ReachId;

impl ReachId {
    /// The start of the scope, and whatever surely follows it.
    pub const ALWAYS: Self = Self::from_u32(0);
    /// Never reached, as far as syntax and the settings can tell.
    pub const NEVER: Self = Self::from_u32(1);
}

/// Something that inference has to decide (a test, a pattern, a call that may not return), numbered per module.
#[newtype_index]
#[derive(PartialOrd, Ord)]
pub struct PredicateId;

/// An `Expr` or a `Stmt`, numbered per region scope (module, class body or function body), dense in visit order.
#[newtype_index]
#[derive(PartialOrd, Ord)]
pub struct NodeId;

impl NodeId {
    /// The id that the walk wrote into a node. `None` if the node was never visited.
    #[must_use]
    pub fn of(node: &impl ruff_python_ast::HasNodeIndex) -> Option<Self> {
        node.node_index().load().as_u32().map(Self::from_u32)
    }
}

const _: () = assert!(size_of::<Option<FlowId>>() == 4);
const _: () = assert!(size_of::<Option<DefinitionId>>() == 4);
