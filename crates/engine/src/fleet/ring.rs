//! The short past of a figure: the last values, one in each step.

use std::collections::VecDeque;

/// The last `capacity` values of a figure; `None` where it was not known.
#[derive(Clone, Debug)]
pub struct Ring {
    values: VecDeque<Option<f64>>,
    capacity: usize,
}

impl Ring {
    /// A ring that keeps `capacity` values.
    pub fn new(capacity: usize) -> Self {
        Self {
            values: VecDeque::new(),
            capacity,
        }
    }

    /// Adds the value of this step, and forgets the oldest when the ring is full.
    pub fn push(&mut self, value: Option<f64>) {
        if self.values.len() >= self.capacity {
            self.values.pop_front();
        }
        self.values.push_back(value);
    }

    /// The values, oldest first.
    pub fn values(&self) -> Vec<Option<f64>> {
        self.values.iter().copied().collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_full_ring_forgets_the_oldest_and_keeps_the_gaps() {
        let mut ring = Ring::new(3);
        for value in [Some(1.0), None, Some(3.0), Some(4.0)] {
            ring.push(value);
        }
        assert_eq!(ring.values(), [None, Some(3.0), Some(4.0)]);
    }
}
