//! Taints, and the tolerations that let pods past them.

use serde_json::Value;

use crate::json;

/// A taint that keeps pods away.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Taint {
    pub(crate) key: String,
    pub(crate) value: String,
    pub(crate) effect: String,
}

impl Taint {
    pub(in crate::actors) fn read(taint: &Value) -> Self {
        Self {
            key: json::text(taint, "/key").to_owned(),
            value: json::text(taint, "/value").to_owned(),
            effect: json::text(taint, "/effect").to_owned(),
        }
    }

    /// Whether one of the pod's tolerations allows it.
    pub(crate) fn is_tolerated(&self, pod: &Value) -> bool {
        self.tolerations(pod).next().is_some()
    }

    /// For how many seconds the pod may stay; none where that has no end.
    pub(in crate::actors) fn tolerated_for(&self, pod: &Value) -> Option<u64> {
        let mut longest = Some(0);
        for toleration in self.tolerations(pod) {
            let seconds = toleration.get("tolerationSeconds").and_then(Value::as_u64);
            longest = longest.zip(seconds).map(|(a, b)| a.max(b));
        }
        longest
    }

    fn tolerations<'a>(&'a self, pod: &'a Value) -> impl Iterator<Item = &'a Value> {
        json::items(pod, "/spec/tolerations")
            .iter()
            .filter(|toleration| {
                let key = json::text(toleration, "/key");
                let effect = json::text(toleration, "/effect");
                let exists = json::text(toleration, "/operator") == "Exists";
                let matches_key = (key.is_empty() && exists) || key == self.key;
                let matches_effect = effect.is_empty() || effect == self.effect;
                let matches_value = exists || json::text(toleration, "/value") == self.value;
                matches_key && matches_effect && matches_value
            })
    }
}
