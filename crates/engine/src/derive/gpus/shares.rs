//! How much of the GPUs is held and what held ones do, in all and by model, namespace, queue,
//! workload and owner.
//!
//! "Used" adds up how busy the held GPUs are, by one definition: the one that most of them tell.
//! Those that tell another, and those that several use at once, are counted as not measured; they are
//! in no sum; how many tell which other is counted beside. What several hold at once, as MIG instances
//! or in turns, is nobody's alone: where they are not of one part, the device stands under [`SEVERAL`],
//! so that the parts add up to what is held.

use std::collections::BTreeMap;

use strata_domain::reading::Figure;

use super::{Gpu, GpuState, Gpus, Holder};

/// The name under which devices stand that several hold at once who are not of one part. No name in
/// Kubernetes has this letter.
pub const SEVERAL: &str = "*";

/// A part of the GPUs.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Part {
    /// Those of a model; empty where it is not told.
    Model(String),
    /// Those that a namespace holds.
    Namespace(String),
    /// Those that a queue let in; empty for those without a queue.
    Queue(String),
    /// Those that a workload holds.
    Workload {
        /// Its namespace and name, with a slash between.
        name: String,
        /// Its kind.
        kind: String,
    },
    /// Those that somebody answers for; empty where nobody is named.
    Owner(String),
}

/// What a part holds, and what that does.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Sum {
    /// GPUs that are held.
    pub held: u32,
    /// What they do, added up, over those that are measured.
    pub used: f64,
    /// Of those held, the ones on which nothing runs though memory is held.
    pub idle_held: u32,
    /// Of those held, the ones of which it is not known how busy they are.
    pub not_measured: u32,
}

/// A part's sums.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Share {
    /// GPUs in all; counted for models alone.
    pub total: u32,
    /// What is held.
    pub sum: Sum,
    /// That, by model.
    pub by_model: BTreeMap<String, Sum>,
}

/// The GPUs of a cluster, added up.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Shares {
    /// By which definition it is added up what held GPUs do; `None` where nothing is measured.
    pub figure: Option<Figure>,
    /// Held GPUs that tell another definition, by definition: they are among those not measured.
    pub otherwise: BTreeMap<Figure, u32>,
    /// What is held in all.
    pub whole: Sum,
    /// The parts.
    pub parts: BTreeMap<Part, Share>,
}

impl Shares {
    /// Adds up `gpus`.
    pub fn of(gpus: &Gpus) -> Self {
        let mut shares = Self {
            figure: common_figure(gpus),
            ..Self::default()
        };
        let figure = shares.figure;
        for gpu in gpus.iter() {
            let name = model(gpu);
            let of_model = shares.parts.entry(Part::Model(name.clone())).or_default();
            of_model.total += 1;
            if !gpu.is_held() {
                continue;
            }
            if let Some((other, _)) = gpu.activity
                && Some(other) != figure
                && !gpu.is_shared
            {
                *shares.otherwise.entry(other).or_default() += 1;
            }
            shares.whole.add(gpu, figure);
            of_model.add(gpu, &name, figure);
            for part in parts(gpu) {
                let share = shares.parts.entry(part).or_default();
                share.add(gpu, &name, figure);
            }
        }
        shares
    }
}

/// The model, where it is told.
pub fn model(gpu: &Gpu) -> String {
    if gpu.is_model_told {
        gpu.model.to_string()
    } else {
        String::new()
    }
}

/// The parts that a held GPU belongs to.
fn parts(gpu: &Gpu) -> [Part; 4] {
    let text = |pick: fn(&Holder) -> String| one_of(gpu.holders.iter().map(|holder| pick(holder)));
    let mut workloads = gpu.holders.iter().map(|holder| workload(holder));
    let first = workloads.next().unwrap_or_default();
    let (name, kind) = if workloads.all(|other| other == first) {
        first
    } else {
        (SEVERAL.to_owned(), String::new())
    };
    [
        Part::Namespace(text(|holder| holder.pod.namespace.to_string())),
        Part::Queue(text(|holder| holder.queue.to_string())),
        Part::Workload { name, kind },
        Part::Owner(text(|holder| holder.owner.to_string())),
    ]
}

/// Its workload's name and kind.
fn workload(holder: &Holder) -> (String, String) {
    let name = format!("{}/{}", holder.pod.namespace, holder.workload);
    (name, holder.workload_kind.to_string())
}

/// The one name that all of `names` are, or [`SEVERAL`]; empty where there is none.
pub fn one_of(mut names: impl Iterator<Item = String>) -> String {
    let first = names.next().unwrap_or_default();
    if names.all(|other| other == first) {
        first
    } else {
        SEVERAL.to_owned()
    }
}

impl Sum {
    /// Adds `gpu`, which is held.
    pub(crate) fn add(&mut self, gpu: &Gpu, figure: Option<Figure>) {
        self.held += 1;
        self.idle_held += u32::from(gpu.state == GpuState::IdleHeld);
        let told = gpu
            .activity
            .filter(|(by, _)| Some(*by) == figure && !gpu.is_shared);
        match told {
            Some((_, busy)) => self.used += busy,
            None => self.not_measured += 1,
        }
    }
}

impl Share {
    fn add(&mut self, gpu: &Gpu, model: &str, figure: Option<Figure>) {
        self.sum.add(gpu, figure);
        self.by_model
            .entry(model.to_owned())
            .or_default()
            .add(gpu, figure);
    }
}

/// The definition of activity that most GPUs tell.
pub(crate) fn common_figure(gpus: &Gpus) -> Option<Figure> {
    let mut counts: BTreeMap<Figure, usize> = BTreeMap::new();
    for (figure, _) in gpus.iter().filter_map(|gpu| gpu.activity) {
        *counts.entry(figure).or_default() += 1;
    }
    counts
        .into_iter()
        .max_by_key(|(_, count)| *count)
        .map(|(figure, _)| figure)
}

#[cfg(test)]
mod tests;
