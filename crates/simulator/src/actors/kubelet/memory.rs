//! What kubelets remember beside the status of their pods.

use std::collections::{BTreeMap, HashMap, HashSet};

use strata_domain::text::Text;

/// What kubelets remember: nothing of a pod that is at rest.
#[derive(Debug, Default)]
pub(crate) struct Kubelets {
    /// The containers that something is planned for, by pod.
    busy: HashMap<Text, Vec<usize>>,
    /// How often in a row a container's pull or run has failed.
    attempts: HashMap<Text, BTreeMap<usize, u32>>,
    /// The images of each node.
    images: HashMap<Text, HashSet<Text>>,
}

impl Kubelets {
    /// Takes a container in hand; false where it is already.
    pub(super) fn take(&mut self, uid: &Text, container: usize) -> bool {
        let busy = self.busy.entry(uid.clone()).or_default();
        let is_free = !busy.contains(&container);
        if is_free {
            busy.push(container);
        }
        is_free
    }

    /// Nothing is planned for the container any more.
    pub(super) fn release(&mut self, uid: &Text, container: usize) {
        if let Some(busy) = self.busy.get_mut(uid) {
            busy.retain(|known| *known != container);
            if busy.is_empty() {
                self.busy.remove(uid);
            }
        }
    }

    /// Counts a failed attempt, and says how many there were.
    pub(super) fn attempt(&mut self, uid: &Text, container: usize) -> u32 {
        let attempts = self.attempts.entry(uid.clone()).or_default();
        let count = attempts.entry(container).or_default();
        *count += 1;
        *count
    }

    pub(super) fn set_attempts(&mut self, uid: &Text, container: usize, count: u32) {
        self.attempts
            .entry(uid.clone())
            .or_default()
            .insert(container, count);
    }

    pub(super) fn attempts(&self, uid: &Text, container: usize) -> u32 {
        let of_pod = self.attempts.get(uid);
        of_pod
            .and_then(|all| all.get(&container))
            .copied()
            .unwrap_or(0)
    }

    pub(super) fn forget_attempts(&mut self, uid: &Text, container: usize) {
        if let Some(attempts) = self.attempts.get_mut(uid) {
            attempts.remove(&container);
        }
    }

    pub(super) fn has_image(&self, node: &str, image: &str) -> bool {
        self.images
            .get(node)
            .is_some_and(|images| images.contains(image))
    }

    pub(super) fn keep_image(&mut self, node: &str, image: &str) {
        if !self.has_image(node, image) {
            self.images
                .entry(Text::from(node))
                .or_default()
                .insert(Text::from(image));
        }
    }

    /// Forgets a pod that is gone.
    pub(in crate::actors) fn forget(&mut self, uid: &Text) {
        self.busy.remove(uid);
        self.attempts.remove(uid);
    }
}
