//! Cron jobs: a job at each time of a schedule.
//!
//! Source: `pkg/controller/cronjob` of Kubernetes 1.36.

use std::{
    collections::{BTreeSet, HashMap},
    sync::Arc,
    time::Duration,
};

use jiff::{Timestamp, tz::TimeZone};
use serde_json::{Value, json};
use strata_domain::{
    ids::{GroupKind, ObjectKey},
    text::Text,
};

use super::job;
use crate::{
    actors::{Subject, events::Event},
    admission, clock,
    cron::Schedule,
    json,
    store::{Stored, removal::Removal},
    world::{World, agenda::Deed, owner_reference},
};

use self::missed::Missed;

mod missed;

/// The time that a job is for.
const SCHEDULED_AT: &str = "batch.kubernetes.io/cronjob-scheduled-timestamp";
/// How much later than scheduled the controller looks, for clocks that differ.
const LOOKS_LATER: Duration = Duration::from_millis(100);

/// The schedule that each cron job (its UID) had when it was looked at last.
pub(super) type Schedules = HashMap<Text, String>;

fn job_kind() -> GroupKind {
    GroupKind::new("batch", "Job")
}

/// A cron job as it is being looked at: what its status is to say.
struct Cron<'a> {
    subject: &'a Subject<'a>,
    active: Vec<Value>,
    last_scheduled: Option<Timestamp>,
    last_successful: Option<Timestamp>,
    created: Timestamp,
}

impl<'a> Cron<'a> {
    fn read(subject: &'a Subject<'a>) -> Self {
        let time = |field: &str| json::text(subject.object, field).parse::<Timestamp>().ok();
        Self {
            active: json::items(subject.object, "/status/active").to_vec(),
            last_scheduled: time("/status/lastScheduleTime"),
            last_successful: time("/status/lastSuccessfulTime"),
            created: time("/metadata/creationTimestamp").unwrap_or(Timestamp::MIN),
            subject,
        }
    }

    fn is_active(&self, uid: &str) -> bool {
        let mut active = self.active.iter();
        active.any(|known| json::text(known, "/uid") == uid)
    }

    fn drop_active(&mut self, uid: &str) {
        self.active.retain(|known| json::text(known, "/uid") != uid);
    }

    fn say(&self, world: &mut World, event: Event<'_>) {
        let subject = self.subject;
        event
            .by("cronjob-controller")
            .record(world, subject.kind, subject.stored);
    }

    fn seconds(&self, field: &str) -> Option<u64> {
        self.subject.object.pointer(field).and_then(Value::as_u64)
    }

    /// Deletes a job with its pods.
    fn delete(&mut self, world: &mut World, job: &Stored) {
        world.remove(&job_kind(), &job.key, &Removal::background());
        self.drop_active(&job.uid);
        let message = format!("Deleted job {}", job.key.name);
        self.say(world, Event::normal("SuccessfulDelete", message));
    }

    /// Writes what has changed.
    fn write(self, world: &mut World) {
        let mut status = json!({});
        let fields = json::as_object(&mut status);
        if !self.active.is_empty() {
            fields.insert("active".to_owned(), self.active.into());
        }
        let times = [
            ("lastScheduleTime", self.last_scheduled),
            ("lastSuccessfulTime", self.last_successful),
        ];
        for (field, at) in times {
            if let Some(at) = at {
                fields.insert(field.to_owned(), clock::stamp(at).into());
            }
        }
        world.set_status(self.subject.kind, &self.subject.stored.key, status);
    }
}

/// Forgets a cron job that is gone.
pub(super) fn forget(world: &mut World, uid: &Text) {
    world.controllers.schedules.remove(uid);
}

pub(super) fn reconcile(world: &mut World, subject: &Subject<'_>) {
    let mut jobs: Vec<(Arc<Stored>, Value)> = world
        .store
        .dependents(&subject.stored.uid, &job_kind())
        .into_iter()
        .map(|job| (Arc::clone(&job), job.value()))
        .collect();
    jobs.sort_by_cached_key(|(job, object)| {
        let started = json::text(object, "/status/startTime").to_owned();
        (started.is_empty(), started, job.key.name.clone())
    });
    let mut cron = Cron::read(subject);
    clean_up(world, &mut cron, &jobs);
    count(world, &mut cron, &jobs);
    if !subject.stored.is_ending {
        let next = run(world, &mut cron);
        if let Some(next) = next {
            let deed = Deed::look(subject.kind, &subject.stored.key);
            world.agenda.plan(clock::later(next, LOOKS_LATER), deed);
        }
    }
    cron.write(world);
}

/// Deletes the oldest jobs that are over, beyond the limits of the history.
fn clean_up(world: &mut World, cron: &mut Cron<'_>, jobs: &[(Arc<Stored>, Value)]) {
    for (limit, is_good) in [
        ("/spec/successfulJobsHistoryLimit", true),
        ("/spec/failedJobsHistoryLimit", false),
    ] {
        let Some(limit) = cron.seconds(limit) else {
            continue;
        };
        let over: Vec<&Arc<Stored>> = jobs
            .iter()
            .filter(|(_, object)| job::is_over(object) == Some(is_good))
            .map(|(job, _)| job)
            .collect();
        let limit = usize::try_from(limit).unwrap_or(usize::MAX);
        for job in over.iter().take(over.len().saturating_sub(limit)) {
            if !job.is_ending {
                cron.delete(world, job);
            }
        }
    }
}

/// Takes note of the jobs that have ended, that nobody expected or that are gone.
fn count(world: &mut World, cron: &mut Cron<'_>, jobs: &[(Arc<Stored>, Value)]) {
    for (job, object) in jobs {
        let name = &job.key.name;
        let is_known = cron.is_active(&job.uid);
        let Some(is_good) = job::is_over(object) else {
            if !is_known {
                let message =
                    format!("Saw a job that the controller did not create or forgot: {name}");
                cron.say(world, Event::warning("UnexpectedJob", message));
            }
            continue;
        };
        if is_known {
            cron.drop_active(&job.uid);
            let condition = if is_good { "Complete" } else { "Failed" };
            let message = format!("Saw completed job: {name}, condition: {condition}");
            cron.say(world, Event::normal("SawCompletedJob", message));
        }
        let completed = json::text(object, "/status/completionTime").parse().ok();
        if is_good {
            cron.last_successful = cron.last_successful.max(completed);
        }
    }
    let present: BTreeSet<&str> = jobs.iter().map(|(job, _)| job.uid.as_str()).collect();
    let missing: Vec<Value> = cron
        .active
        .iter()
        .filter(|known| !present.contains(json::text(known, "/uid")))
        .cloned()
        .collect();
    for job in missing {
        let message = format!("Active job went missing: {}", json::text(&job, "/name"));
        cron.say(world, Event::normal("MissingJob", message));
        cron.drop_active(json::text(&job, "/uid"));
    }
}

/// Makes the job whose time has come, if any; when to look again.
fn run(world: &mut World, cron: &mut Cron<'_>) -> Option<Timestamp> {
    let spec = cron.subject.object.get("spec").unwrap_or(&Value::Null);
    let named = json::text(spec, "/timeZone");
    let zone = zone_of(world, cron, named)?;
    if json::flag(spec, "/suspend") {
        return None;
    }
    let text = json::text(spec, "/schedule");
    let schedule = schedule_of(world, cron, text)?;
    let now = world.now();
    if world.is_setting_up {
        // It has been running all along.
        let (before, _) = missed::latest(&schedule, &zone, cron.created, world.begins)?;
        cron.last_scheduled = before.or(cron.last_scheduled);
        cron.last_successful = cron.last_successful.or(before);
        return schedule.next(world.begins, &zone);
    }
    let next = |cron: &Cron<'_>| {
        let from = cron.last_scheduled.unwrap_or(cron.created);
        let from = match missed::latest(&schedule, &zone, from, now) {
            Some((None, Missed::None)) => from,
            Some((Some(latest), _)) => latest,
            _ => now,
        };
        schedule.next(from, &zone)
    };
    let written = format!("{named} {text}");
    let uid = cron.subject.stored.uid.clone();
    let before = world.controllers.schedules.insert(uid, written.clone());
    if before.is_some_and(|before| before != written) {
        // What an older schedule says is not made up for.
        return next(cron);
    }
    let mut from = cron.last_scheduled.unwrap_or(cron.created);
    let deadline = cron.seconds("/spec/startingDeadlineSeconds");
    let deadline = deadline.map(Duration::from_secs);
    if let Some(deadline) = deadline {
        from = from.max(clock::earlier(now, deadline));
    }
    let Some((due, missed)) = missed::latest(&schedule, &zone, from, now) else {
        let why = "time difference between two schedules is less than 1 second";
        let message = format!("invalid schedule: {text} : {why}");
        cron.say(world, Event::warning("InvalidSchedule", message));
        return None;
    };
    let Some(due) = due else {
        return next(cron);
    };
    if missed == Missed::Many {
        let message = "too many missed start times. Set or decrease .spec.startingDeadlineSeconds \
                       or check clock skew";
        cron.say(world, Event::warning("TooManyMissedTimes", message));
    }
    if deadline.is_some_and(|deadline| clock::later(due, deadline) < now) {
        let due = due.strftime("%a, %d %b %Y %H:%M:%S +0000");
        let message = format!("Missed scheduled time to start a job: {due}");
        cron.say(world, Event::warning("MissSchedule", message));
        return next(cron);
    }
    start(world, cron, due, &zone);
    next(cron)
}

/// The zone called `named`; none, and said so, where there is none.
fn zone_of(world: &mut World, cron: &Cron<'_>, named: &str) -> Option<TimeZone> {
    if named.is_empty() {
        return Some(TimeZone::UTC);
    }
    let zone = TimeZone::get(named).ok();
    if zone.is_none() {
        let message = format!("invalid timeZone: \"{named}\": unknown time zone {named}");
        cron.say(world, Event::warning("UnknownTimeZone", message));
    }
    zone
}

/// The schedule that is written as `text`; none, and said so, where it is none.
fn schedule_of(world: &mut World, cron: &Cron<'_>, text: &str) -> Option<Schedule> {
    match Schedule::parse(text) {
        Ok(schedule) => Some(schedule),
        Err(why) => {
            let message = format!("unparseable schedule: \"{text}\" : {why}");
            cron.say(world, Event::warning("UnparseableSchedule", message));
            None
        }
    }
}

/// Makes the job that is due, unless it is there or another keeps it.
fn start(world: &mut World, cron: &mut Cron<'_>, due: Timestamp, zone: &TimeZone) {
    let key = &cron.subject.stored.key;
    let name = format!("{}-{}", key.name, due.as_second().div_euclid(60));
    let is_there = cron
        .active
        .iter()
        .any(|known| json::text(known, "/name") == name);
    if is_there || cron.last_scheduled == Some(due) {
        return;
    }
    match json::text(cron.subject.object, "/spec/concurrencyPolicy") {
        "Forbid" if !cron.active.is_empty() => {
            let message = "Not starting job because prior execution is running and concurrency \
                           policy is Forbid";
            return cron.say(world, Event::normal("JobAlreadyActive", message));
        }
        "Replace" => {
            for running in cron.active.clone() {
                let key = ObjectKey::new(key.namespace.clone(), json::text(&running, "/name"));
                if let Some(job) = world.store.get(&job_kind(), &key) {
                    cron.delete(world, &job);
                }
            }
        }
        _ => {}
    }
    let template = cron.subject.object.pointer("/spec/jobTemplate");
    let mut job = template.cloned().unwrap_or_default();
    let metadata = json::object_at(&mut job, "metadata");
    metadata.insert("name".to_owned(), name.as_str().into());
    metadata.insert("namespace".to_owned(), key.namespace.as_str().into());
    let owner = owner_reference("batch/v1", "CronJob", cron.subject.stored);
    metadata.insert("ownerReferences".to_owned(), json!([owner]));
    let scheduled_at = due.to_zoned_datetime(zone.clone());
    let scheduled_at = if *zone == TimeZone::UTC {
        clock::stamp(due)
    } else {
        scheduled_at.strftime("%Y-%m-%dT%H:%M:%S%:z").to_string()
    };
    let annotations = json::as_object(metadata.entry("annotations").or_insert(Value::Null));
    annotations.insert(SCHEDULED_AT.to_owned(), scheduled_at.into());
    admission::complete_job(&world.store, &mut job, None);
    let job_key = ObjectKey::new(key.namespace.clone(), name.as_str());
    let job = match world.store.get(&job_kind(), &job_key) {
        // Somebody else's stays somebody else's.
        Some(known)
            if known
                .controller()
                .is_none_or(|it| it.uid != cron.subject.stored.uid) =>
        {
            return;
        }
        Some(known) => known,
        None => {
            let Some(job) = world.create(&job_kind(), job) else {
                return;
            };
            let message = format!("Created job {name}");
            cron.say(world, Event::normal("SuccessfulCreate", message));
            job
        }
    };
    cron.active.push(json!({
        "kind": "Job",
        "apiVersion": "batch/v1",
        "namespace": key.namespace.as_str(),
        "name": name,
        "uid": job.uid.as_str(),
        "resourceVersion": job.version.to_string(),
    }));
    cron.last_scheduled = Some(due);
}
