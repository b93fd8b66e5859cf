//! Inference: what definitions, functions, classes and expressions are; findings on the way.
//!
//! Each `compute_*` function answers one question of [`crate::types::Host`] from scratch; the host
//! remembers the answers. Each `check_*` function walks a scope and reports what is wrong in it.

use crate::types::{
    AliasInfo, ClassInfo, ClassRef, Cx, DefRef, DefinitionTypes, Field, FunctionInfo, ModuleId,
    PlaceType, Type, TypeVarInfo, Variance,
};
