//! Before a deployment: what would stand in its way, by what the cluster holds now.
//!
//! [`facts`] reads what bears on it, at once and for this question alone; [`judge`] is a pure function
//! of the manifests and those facts, [`fit`] its part about nodes and [`cost`] the one about prices. [`split`] asks the other way around: over how many GPUs a model
//! has to be split to fit. Nothing here changes a cluster.

pub(crate) mod cost;
pub(crate) mod facts;
pub(crate) mod fit;
pub(crate) mod judge;
pub(crate) mod split;

#[cfg(test)]
mod tests;
