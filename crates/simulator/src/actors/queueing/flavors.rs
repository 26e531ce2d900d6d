//! Which flavor the pods of a workload get for some of their resources.

use std::collections::BTreeMap;

use serde_json::{Value, json};
use strata_domain::ids::ObjectKey;

use super::{
    kind,
    pod_sets::PodSet,
    queue::{Group, Queue},
    tree::{Slot, Tree},
};
use crate::{
    actors::capacity::{Amounts, Taint},
    json,
    world::World,
};

/// How a flavor would do.
pub(super) enum Mode {
    Fits,
    /// If others went.
    Preempts,
    Never,
}

/// The search for a flavor for some resources of a pod set.
pub(super) struct Search<'a> {
    pub(super) tree: &'a Tree,
    pub(super) world: &'a World,
    pub(super) name: &'a str,
    pub(super) queue: &'a Queue,
    /// What the pod sets before it take.
    pub(super) taken: &'a BTreeMap<Slot, i64>,
}

impl Search<'_> {
    /// The best flavor, how it would do, and what is wrong with each that would not.
    pub(super) fn choose(
        &self,
        group: &Group,
        set: &PodSet,
        wanted: &Amounts,
    ) -> (String, Mode, Vec<String>) {
        let mut reasons = Vec::new();
        let mut best: Option<String> = None;
        for flavor in &group.flavors {
            let (mode, why) = self.judge(flavor, set, wanted);
            match mode {
                Mode::Fits => return (flavor.clone(), Mode::Fits, Vec::new()),
                Mode::Preempts => {
                    best.get_or_insert_with(|| flavor.clone());
                }
                Mode::Never => {}
            }
            reasons.extend(why);
        }
        if let Some(flavor) = best {
            (flavor, Mode::Preempts, reasons)
        } else {
            let first = group.flavors.first().cloned().unwrap_or_default();
            (first, Mode::Never, reasons)
        }
    }

    fn judge(&self, flavor: &str, set: &PodSet, wanted: &Amounts) -> (Mode, Vec<String>) {
        if let Some(taint) = untolerated(self.world, flavor, set) {
            let why = format!("untolerated taint {taint} in flavor {flavor}");
            return (Mode::Never, vec![why]);
        }
        if !fits_nodes(self.world, flavor, set) {
            let why = format!("flavor {flavor} doesn't match node affinity");
            return (Mode::Never, vec![why]);
        }
        let tree = self.tree;
        let mut reasons = Vec::new();
        let mut mode = Mode::Fits;
        for (resource, amount) in wanted {
            let slot = (flavor.to_owned(), resource.clone());
            let before = self.taken.get(&slot).copied().unwrap_or(0);
            let after = before + i64::try_from(*amount).unwrap_or(i64::MAX);
            let shown = |amount: i64| quantity(resource, u64::try_from(amount).unwrap_or(0));
            let most = tree.most(self.name, &slot);
            if after > most {
                reasons.push(format!(
                    "insufficient quota for {resource} in flavor {flavor}, previously considered \
                     podsets requests ({}) + current podset request ({}) > maximum capacity ({})",
                    shown(before),
                    shown(after - before),
                    shown(most)
                ));
                mode = Mode::Never;
                continue;
            }
            let missing = after - tree.available(self.name, &slot);
            if missing > 0 {
                reasons.push(format!(
                    "insufficient unused quota for {resource} in flavor {flavor}, {} more needed",
                    shown(missing)
                ));
                let may_preempt =
                    after <= tree.nominal(self.name, &slot) || self.queue.policy.borrows();
                if !may_preempt {
                    mode = Mode::Never;
                } else if matches!(mode, Mode::Fits) {
                    mode = Mode::Preempts;
                }
            }
        }
        (mode, reasons)
    }
}

/// The first taint of the flavor's nodes that neither the pods nor the flavor tolerate, as Go prints
/// it.
fn untolerated(world: &World, flavor: &str, set: &PodSet) -> Option<String> {
    let key = ObjectKey::new("", flavor);
    let flavor = world.store.get(&kind("ResourceFlavor"), &key)?.value();
    let tolerations = |of: &Value, pointer: &str| json::items(of, pointer).to_vec();
    let mut all = tolerations(&set.template, "/spec/tolerations");
    all.extend(tolerations(&flavor, "/spec/tolerations"));
    let pod = json!({ "spec": { "tolerations": all } });
    json::items(&flavor, "/spec/nodeTaints")
        .iter()
        .map(Taint::read)
        .filter(|taint| ["NoSchedule", "NoExecute"].contains(&taint.effect.as_str()))
        .find(|taint| !taint.is_tolerated(&pod))
        .map(|taint| format!("{{{} {} {} <nil>}}", taint.key, taint.value, taint.effect))
}

/// Whether the pods' node selector allows the flavor's nodes.
fn fits_nodes(world: &World, flavor: &str, set: &PodSet) -> bool {
    let key = ObjectKey::new("", flavor);
    let Some(flavor) = world.store.get(&kind("ResourceFlavor"), &key) else {
        return false;
    };
    let flavor = flavor.value();
    let labels = flavor.pointer("/spec/nodeLabels");
    let selector = set
        .template
        .pointer("/spec/nodeSelector")
        .and_then(Value::as_object);
    selector.into_iter().flatten().all(|(label, wanted)| {
        labels
            .and_then(|labels| labels.get(label))
            .is_none_or(|known| known == wanted)
    })
}

/// An amount as a quantity: CPU in cores where it is whole, memory in the largest whole unit.
pub(in crate::actors) fn quantity(resource: &str, amount: u64) -> String {
    match resource {
        "cpu" if amount.is_multiple_of(1000) => (amount / 1000).to_string(),
        "cpu" => format!("{amount}m"),
        "memory" if amount > 0 => {
            let units = [
                (1_u64 << 40, "Ti"),
                (1 << 30, "Gi"),
                (1 << 20, "Mi"),
                (1 << 10, "Ki"),
            ];
            units
                .iter()
                .find(|(unit, _)| amount.is_multiple_of(*unit))
                .map_or_else(
                    || amount.to_string(),
                    |(unit, word)| format!("{}{word}", amount / unit),
                )
        }
        _ => amount.to_string(),
    }
}
