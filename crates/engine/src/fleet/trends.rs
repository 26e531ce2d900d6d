//! The headline figures of the last hour, layer by layer.

use std::collections::BTreeMap;

use strata_domain::layer::Layer;

use super::ring::Ring;

/// The headline figures of one cluster over the last hour.
#[derive(Clone, Debug, Default)]
pub struct Trends {
    layers: BTreeMap<Layer, Ring>,
}

impl Trends {
    /// Seconds between two values.
    pub const STEP_SECONDS: u32 = 10;
    /// How many values an hour has.
    const HOUR: usize = 360;

    /// Adds the value of this step for each layer; a layer of which nothing is known has none.
    pub fn push(&mut self, mut value_of: impl FnMut(Layer) -> Option<f64>) {
        for layer in Layer::TOP_DOWN {
            let ring = self
                .layers
                .entry(layer)
                .or_insert_with(|| Ring::new(Self::HOUR));
            ring.push(value_of(layer));
        }
    }

    /// The values of `layer`, oldest first, [`Trends::STEP_SECONDS`] apart; `None` where nothing
    /// was known.
    pub fn of(&self, layer: Layer) -> Vec<Option<f64>> {
        self.layers
            .get(&layer)
            .map(Ring::values)
            .unwrap_or_default()
    }
}
