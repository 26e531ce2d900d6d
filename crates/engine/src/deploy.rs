//! Before a deployment: what would stand in its way, by what the cluster holds now.
//!
//! [`facts`] reads what bears on it, at once and for this question alone; [`judge`] is a pure function
//! of the manifests and those facts, [`fit`] its part about nodes. Nothing here changes a cluster.

pub(crate) mod facts;
mod fit;
pub(crate) mod judge;

#[cfg(test)]
mod tests;
