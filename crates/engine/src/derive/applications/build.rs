//! An application put together from the topmost objects that it consists of.

use strata_api::rows::Ready;
use strata_catalog::{ApplicationRule, Component, KindRule, Phase, Purpose};
use strata_domain::{
    custom::Custom, ids::GroupKind, pod::Pod, subject::Subject, text::Text, workload::Workload,
};

use super::{
    Application, FAILED_SHOWN, Setting,
    candidates::{Candidate, labelled},
    health, naming,
};
use crate::{
    derive::{
        owners::{Root, is_current},
        queues::Admission,
        trouble::PodsHealth,
    },
    fleet::table::Slot,
};

/// What the objects of one application hold together.
struct Whole<'a> {
    /// The object that the application is known by.
    main: &'a Candidate<'a>,
    /// The release that its parts were installed as, where it has several.
    release: Option<Text>,
    workloads: Vec<&'a Workload>,
    /// Pods that are neither done nor failed.
    current: Vec<Slot>,
    /// Pods that are.
    ended: Vec<Slot>,
    /// How its kind is read, where it is a custom object's.
    rule: Option<&'a KindRule>,
    /// What its pods run.
    component: Option<&'a Component>,
    admission: Option<&'a Admission>,
}

/// The application that `group` is; `None` where it is past.
pub(super) fn build(setting: Setting<'_>, mut group: Vec<Candidate<'_>>) -> Option<Application> {
    let release = release(setting, &group);
    // The main part bears the release's name, or the shortest one.
    group.sort_by_key(|candidate| {
        let name = &candidate.root.key.name;
        (Some(name) != release.as_ref(), name.len(), name.clone())
    });
    let whole = gather(setting, &group, release)?;
    let table = setting.cluster.pod_table();
    let pods = || whole.current.iter().filter_map(|slot| table.at(*slot));
    let now = PodsHealth::of(pods(), setting.cluster, setting.now);
    let ready = ready(whole.object(), &whole.workloads, &now);
    let judged = judge(setting, &whole, ready, &now);
    // What waits wants nothing yet; none of none says nothing.
    let ready = ready.filter(|ready| ready.desired > 0 || judged.phase != Phase::Queued);
    if is_past(setting, &whole, &judged) {
        return None;
    }
    let main = whole.main;
    Some(Application {
        subject: Subject::Application {
            kind: main.root.kind.kind.clone(),
            key: main.root.key.clone(),
        },
        roots: group.iter().map(|candidate| candidate.id).collect(),
        kind: main.root.kind.clone(),
        name: whole
            .release
            .clone()
            .unwrap_or_else(|| main.root.key.name.clone()),
        key: main.root.key.clone(),
        profile: whole
            .object()
            .and_then(|(rule, custom)| rule.profile_of(custom))
            .or_else(|| whole.component.and_then(|component| component.profile)),
        purpose: whole.purpose(),
        phase: judged.phase,
        severity: judged.severity,
        reason: judged.reason,
        since: judged.since,
        version: naming::version(&naming::Named {
            name: &main.root.key.name,
            kind: &main.root.kind.kind,
            model: whole
                .object()
                .and_then(|(rule, custom)| rule.model_of(custom)),
            labels: labelled(setting, main).map(|metadata| &metadata.labels),
            component: whole.component,
            workloads: &whole.workloads,
            pod: pods().next(),
        }),
        ready,
        gpus: setting.accelerators.asked_by(pods()),
        manager: whole
            .rule
            .and_then(|rule| setting.catalog.position(&rule.component)),
        engine: main.engine,
        queue: queue_of(setting, main, whole.admission, pods().next()),
        admission: whole.admission.cloned(),
        trouble: judged.trouble,
        is_by_nodes: judged.is_by_nodes,
        pods: whole.current,
    })
}

/// The release that several candidates are parts of.
fn release(setting: Setting<'_>, group: &[Candidate<'_>]) -> Option<Text> {
    let metadata = labelled(setting, group.first().filter(|_| group.len() > 1)?)?;
    naming::release(&metadata.labels).map(Text::from)
}

fn gather<'a>(
    setting: Setting<'a>,
    group: &'a [Candidate<'a>],
    release: Option<Text>,
) -> Option<Whole<'a>> {
    let main = group.first()?;
    let table = setting.cluster.pod_table();
    let slots = group
        .iter()
        .flat_map(|candidate| candidate.root.pods.iter().copied());
    let (current, ended) = slots.partition(|slot| table.at(*slot).is_some_and(is_current));
    let catalog = setting.catalog;
    Some(Whole {
        main,
        release,
        workloads: group
            .iter()
            .flat_map(|candidate| candidate.workloads.iter().copied())
            .collect(),
        current,
        ended,
        rule: catalog
            .kind_rule(&main.root.kind)
            .filter(|_| main.custom.is_some()),
        component: main
            .engine
            .and_then(|position| catalog.components().get(position)),
        admission: group
            .iter()
            .find_map(|candidate| setting.queues.admission(candidate.id)),
    })
}

impl<'a> Whole<'a> {
    /// Its custom object and how that is read, where it has one.
    fn object(&self) -> Option<(&'a ApplicationRule, &'a Custom)> {
        self.rule?.application().zip(self.main.custom)
    }

    fn purpose(&self) -> Option<Purpose> {
        let told = self.object().map(|(rule, _)| rule.purpose);
        told.or_else(|| purpose_of(self.main.root, self.component))
    }
}

fn judge(
    setting: Setting<'_>,
    whole: &Whole<'_>,
    ready: Option<Ready>,
    pods: &PodsHealth,
) -> health::Judged {
    let table = setting.cluster.pod_table();
    let ended = whole.ended.iter().filter_map(|slot| table.at(*slot));
    health::judge(&health::Case {
        application: whole.object().map(|(rule, _)| rule),
        custom: whole.main.custom,
        workloads: &whole.workloads,
        purpose: whole.purpose(),
        admission: whole.admission,
        ready,
        pods,
        ended: &PodsHealth::of(ended, setting.cluster, setting.now),
        now: setting.now,
    })
}

/// Whether it ended well, or badly and long ago, or was a lone pod that ended.
fn is_past(setting: Setting<'_>, whole: &Whole<'_>, judged: &health::Judged) -> bool {
    let age = judged.since.map(|since| setting.now.duration_since(since));
    match judged.phase {
        Phase::Succeeded => true,
        Phase::Failed if age.is_some_and(|age| age > FAILED_SHOWN) => true,
        _ => whole.main.root.kind.kind == "Pod" && whole.current.is_empty(),
    }
}

fn purpose_of(root: &Root, component: Option<&Component>) -> Option<Purpose> {
    if root.kind == GroupKind::new("batch", "Job") {
        return Some(Purpose::Batch);
    }
    component
        .filter(|component| component.category == "serving_engine")
        .map(|_| Purpose::Serving)
}

fn ready(
    object: Option<(&ApplicationRule, &Custom)>,
    workloads: &[&Workload],
    pods: &PodsHealth,
) -> Option<Ready> {
    let count = |count: u64| u32::try_from(count).unwrap_or(u32::MAX);
    if let Some(replicas) = object.and_then(|(rule, custom)| rule.replicas_of(custom)) {
        return Some(Ready {
            ready: count(replicas.ready),
            desired: count(replicas.desired),
        });
    }
    if workloads.is_empty() {
        return (pods.current > 0).then_some(Ready {
            ready: pods.ready,
            desired: pods.current,
        });
    }
    let sum = workloads
        .iter()
        .fold(Ready::default(), |sum, workload| Ready {
            ready: sum.ready + workload.ready,
            desired: sum.desired + workload.desired,
        });
    Some(sum)
}

fn queue_of(
    setting: Setting<'_>,
    main: &Candidate<'_>,
    admission: Option<&Admission>,
    pod: Option<&Pod>,
) -> Text {
    let of_pod = pod
        .and_then(|pod| setting.queues.of_labels(&pod.metadata.labels))
        .cloned();
    let of_admission = || {
        admission
            .map(|known| known.queue.clone())
            .filter(|queue| !queue.is_empty())
    };
    let of_object = || {
        let rule = setting.catalog.kind_rule(&main.root.kind)?.application()?;
        main.custom?.field(rule.queue.as_ref()?).map(Text::from)
    };
    let of_local = || {
        let metadata = labelled(setting, main)?;
        let namespace = &metadata.key.namespace;
        setting.queues.of_local(
            setting.cluster,
            setting.catalog,
            namespace,
            &metadata.labels,
        )
    };
    of_pod
        .or_else(of_admission)
        .or_else(of_object)
        .or_else(of_local)
        .unwrap_or_default()
}
