//! The entries of watched kinds, and how they become rules.

use serde::Deserialize;
use strata_domain::{condition::Status, ids::GroupKind, severity::Severity, text::Text};

use super::{Fault, group_kinds};
use crate::{
    kind::{
        AdmissionRule, ApplicationProfile, ApplicationRule, Count, KindRule, Noun, Purpose,
        QueueRule, Role,
    },
    reading::{Phase, Test, Verdict},
};

/// One or more kinds that are read alike.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct WatchEntry {
    #[serde(deserialize_with = "group_kinds")]
    kinds: Vec<GroupKind>,
    #[serde(default)]
    versions: Vec<Text>,
    #[serde(default)]
    fields: Vec<Text>,
    #[serde(default)]
    health: Vec<TestEntry>,
    count: Option<CountEntry>,
    application: Option<ApplicationEntry>,
    queue: Option<QueueRule>,
    local_queue: Option<Text>,
    admission: Option<AdmissionEntry>,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct CountEntry {
    noun: Noun,
    #[serde(default)]
    tests: Vec<TestEntry>,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct ApplicationEntry {
    purpose: Purpose,
    profile: ApplicationProfile,
    ready: Option<Text>,
    desired: Option<Text>,
    #[serde(default)]
    models: Vec<Text>,
    queue: Option<Text>,
    format: Option<Text>,
    #[serde(default)]
    generative_formats: Vec<Text>,
    #[serde(default)]
    predictive_formats: Vec<Text>,
    #[serde(default)]
    phases: Vec<TestEntry>,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct AdmissionEntry {
    queue: Text,
    local_queue: Option<Text>,
    phases: Vec<TestEntry>,
}

/// A test, with what it means where it is a verdict. Exactly one of `condition` and `field`.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct TestEntry {
    condition: Option<Text>,
    /// With `condition`: the status that it has; left out, `True`.
    status: Option<Status>,
    /// With `condition`: the status that it does not have.
    not: Option<Status>,
    /// With `condition`: the reasons, any of which will do.
    reason: Option<Vec<Text>>,
    field: Option<Text>,
    /// With `field`: the words, any of which will do.
    is: Option<Vec<Text>>,
    /// With `field`: the words, none of which will do.
    is_not: Option<Vec<Text>>,
    /// With `field`: the number that it is above.
    above: Option<u64>,
    severity: Option<Severity>,
    phase: Option<Phase>,
}

impl WatchEntry {
    pub(super) fn into_rules(self, component: &Text) -> Result<Vec<KindRule>, Fault> {
        let names: Vec<String> = self.kinds.iter().map(ToString::to_string).collect();
        let place = format!("watch `{}`", names.join("`, `"));
        let at = |field: &str| format!("{place}: {field}");
        let health = verdicts(self.health, |entry| entry.severity, "severity")
            .map_err(|message| (at("health"), message))?;
        let count = self.count.map(CountEntry::into_count).transpose();
        let count = count.map_err(|message| (at("count"), message))?;
        let roles = [
            self.application.is_some(),
            self.queue.is_some(),
            self.local_queue.is_some(),
            self.admission.is_some(),
        ];
        if roles.iter().filter(|is_given| **is_given).count() > 1 {
            let message = "a kind is one of `application`, `queue`, `local_queue`, `admission`";
            return Err((place, message.to_owned()));
        }
        let is_read = roles.contains(&true) || count.is_some() || !health.is_empty();
        if !is_read && self.fields.is_empty() {
            return Err((
                place,
                "nothing is read of it: it belongs to `signs.kinds`".to_owned(),
            ));
        }
        let role = if let Some(entry) = self.application {
            let rule = entry
                .into_rule()
                .map_err(|message| (at("application"), message))?;
            Role::Application(Box::new(rule))
        } else if let Some(entry) = self.admission {
            Role::Admission(
                entry
                    .into_rule()
                    .map_err(|message| (at("admission"), message))?,
            )
        } else if let Some(queue) = self.local_queue {
            Role::LocalQueue { queue }
        } else {
            self.queue.map_or(Role::Plain, Role::Queue)
        };
        let mut fields = self.fields;
        fields.extend(fields_read(&role, &health, count.as_ref()));
        fields.sort();
        fields.dedup();
        Ok(self
            .kinds
            .into_iter()
            .map(|kind| KindRule {
                component: component.clone(),
                kind,
                versions: self.versions.clone(),
                fields: fields.clone(),
                role: role.clone(),
                health: health.clone(),
                count: count.clone(),
            })
            .collect())
    }
}

/// Every path that the rules of a kind read, so that no file needs to name one twice.
fn fields_read(role: &Role, health: &[Verdict<Severity>], count: Option<&Count>) -> Vec<Text> {
    let mut paths: Vec<Text> = Vec::new();
    paths.extend(
        health
            .iter()
            .filter_map(|verdict| verdict.test.path().cloned()),
    );
    paths.extend(
        count
            .into_iter()
            .flat_map(|count| &count.tests)
            .filter_map(Test::path)
            .cloned(),
    );
    match role {
        Role::Plain => {}
        Role::Application(rule) => {
            let single = [&rule.ready, &rule.desired, &rule.queue, &rule.format];
            paths.extend(single.into_iter().flatten().cloned());
            paths.extend(rule.models.iter().cloned());
            paths.extend(
                rule.phases
                    .iter()
                    .filter_map(|verdict| verdict.test.path().cloned()),
            );
        }
        Role::Queue(rule) => {
            paths.extend(
                [&rule.pending, &rule.admitted]
                    .into_iter()
                    .flatten()
                    .cloned(),
            );
            paths.extend(rule.parents.iter().cloned());
        }
        Role::LocalQueue { queue } => paths.push(queue.clone()),
        Role::Admission(rule) => {
            paths.push(rule.queue.clone());
            paths.extend(rule.local_queue.clone());
            paths.extend(
                rule.phases
                    .iter()
                    .filter_map(|verdict| verdict.test.path().cloned()),
            );
        }
    }
    paths
}

impl CountEntry {
    fn into_count(self) -> Result<Count, String> {
        let tests = self
            .tests
            .into_iter()
            .map(TestEntry::into_test)
            .collect::<Result<_, _>>()?;
        Ok(Count {
            noun: self.noun,
            tests,
        })
    }
}

impl ApplicationEntry {
    fn into_rule(self) -> Result<ApplicationRule, String> {
        if self.ready.is_some() != self.desired.is_some() {
            return Err("`ready` and `desired` belong together".to_owned());
        }
        let is_by_format = self.format.is_some();
        if is_by_format && self.profile != ApplicationProfile::ByEngine {
            return Err("`format` needs `profile = \"by_engine\"`".to_owned());
        }
        if self.phases.is_empty() && self.desired.is_none() {
            return Err("neither `phases` nor replicas: its phase could never be told".to_owned());
        }
        Ok(ApplicationRule {
            purpose: self.purpose,
            profile: self.profile,
            ready: self.ready,
            desired: self.desired,
            models: self.models,
            queue: self.queue,
            format: self.format,
            generative_formats: self.generative_formats,
            predictive_formats: self.predictive_formats,
            phases: verdicts(self.phases, |entry| entry.phase, "phase")?,
        })
    }
}

impl AdmissionEntry {
    fn into_rule(self) -> Result<AdmissionRule, String> {
        Ok(AdmissionRule {
            queue: self.queue,
            local_queue: self.local_queue,
            phases: verdicts(self.phases, |entry| entry.phase, "phase")?,
        })
    }
}

impl TestEntry {
    fn into_test(self) -> Result<Test, String> {
        let fault = || {
            "a test is `condition` with at most one of `status`, `not`, `reason`, \
             or `field` with one of `is`, `is_not`, `above`"
                .to_owned()
        };
        match (self.condition, self.field) {
            (Some(kind), None)
                if self.is.is_none() && self.is_not.is_none() && self.above.is_none() =>
            {
                match (self.status, self.not, self.reason) {
                    (status, None, None) => Ok(Test::Condition {
                        kind,
                        status: status.unwrap_or(Status::True),
                    }),
                    (None, Some(status), None) => Ok(Test::ConditionNot { kind, status }),
                    (None, None, Some(reasons)) => Ok(Test::Reason { kind, reasons }),
                    _ => Err(fault()),
                }
            }
            (None, Some(path))
                if self.status.is_none() && self.not.is_none() && self.reason.is_none() =>
            {
                match (self.is, self.is_not, self.above) {
                    (Some(words), None, None) => Ok(Test::Field { path, words }),
                    (None, Some(words), None) => Ok(Test::FieldNot { path, words }),
                    (None, None, Some(floor)) => Ok(Test::Above { path, floor }),
                    _ => Err(fault()),
                }
            }
            _ => Err(fault()),
        }
    }
}

fn verdicts<T>(
    entries: Vec<TestEntry>,
    meaning: impl Fn(&TestEntry) -> Option<T>,
    key: &str,
) -> Result<Vec<Verdict<T>>, String> {
    entries
        .into_iter()
        .map(|entry| {
            let means = meaning(&entry).ok_or_else(|| format!("a verdict lacks its `{key}`"))?;
            Ok(Verdict {
                test: entry.into_test()?,
                means,
            })
        })
        .collect()
}
