//! Resource quotas: what counts against one, and whether an object still fits.
//!
//! Source: `pkg/admission/plugin/resourcequota` and `pkg/quota/v1` of Kubernetes 1.36. What a quota
//! has used is written by admission, which takes from it, and by the quota controller, which counts.

use std::collections::BTreeSet;

use jiff::Timestamp;
use serde_json::Value;
use strata_domain::ids::{GroupKind, ObjectKey};

use super::quantity::{self, Quantities, Quantity};
use crate::{json, store::Store};

pub(crate) use self::usage::Counted;

mod scopes;
mod usage;

/// The kind of resource quotas.
pub(crate) fn quota_kind() -> GroupKind {
    GroupKind::new("", "ResourceQuota")
}

/// A quota as it stands.
pub(crate) struct Quota {
    name: String,
    hard: Quantities,
    used: Quantities,
    scopes: Vec<scopes::Scope>,
}

/// An object that is to be counted, and what it takes the place of.
pub(crate) struct Request<'a> {
    pub(crate) counted: Counted,
    pub(crate) before: Option<&'a Value>,
    pub(crate) object: &'a Value,
    pub(crate) now: Timestamp,
}

impl Quota {
    /// The quota with the limits that its status says are in force.
    pub(crate) fn in_force(quota: &Value) -> Self {
        Self {
            name: json::text(quota, "/metadata/name").to_owned(),
            hard: quantity::quantities(quota.pointer("/status/hard")),
            used: quantity::quantities(quota.pointer("/status/used")),
            scopes: scopes::read(quota),
        }
    }

    /// The quota with the limits that it asks for.
    pub(crate) fn asked_for(quota: &Value) -> Self {
        Self {
            hard: quantity::quantities(quota.pointer("/spec/hard")),
            ..Self::in_force(quota)
        }
    }

    pub(crate) fn hard(&self) -> &Quantities {
        &self.hard
    }

    /// What of the quota's limits objects of the kind `counted` can touch.
    pub(crate) fn touched_by(&self, counted: &Counted) -> BTreeSet<&str> {
        let names = self.hard.keys().map(String::as_str);
        names.filter(|name| counted.touches(name)).collect()
    }

    /// What `object` takes of the quota.
    pub(crate) fn share_of(&self, counted: &Counted, object: &Value, now: Timestamp) -> Quantities {
        if !self.covers(counted, object) {
            return Quantities::new();
        }
        let mut usage = counted.usage(object, now);
        usage.retain(|name, _| self.hard.contains_key(name));
        usage
    }

    fn covers(&self, counted: &Counted, object: &Value) -> bool {
        !self.touched_by(counted).is_empty()
            && self.scopes.iter().all(|scope| scope.holds(counted, object))
    }

    /// What the quota has used with `more`, or why that is too much.
    fn with(&self, more: &Quantities) -> Result<Quantities, String> {
        let mut used = self.used.clone();
        quantity::add(&mut used, more);
        let is_over = |name: &str| {
            used.get(name)
                .zip(self.hard.get(name))
                .is_some_and(|(used, hard)| used.compare(*hard).is_gt())
        };
        let exceeded: BTreeSet<&str> = more
            .keys()
            .map(String::as_str)
            .filter(|name| is_over(name))
            .collect();
        if exceeded.is_empty() {
            return Ok(used);
        }
        let listed = |amounts: &Quantities| {
            let amounts: Vec<String> = amounts
                .iter()
                .filter(|(name, _)| exceeded.contains(name.as_str()))
                .map(|(name, amount)| format!("{name}={amount}"))
                .collect();
            amounts.join(",")
        };
        Err(format!(
            "exceeded quota: {}, requested: {}, used: {}, limited: {}",
            self.name,
            listed(more),
            listed(&self.used),
            listed(&self.hard)
        ))
    }
}

impl Request<'_> {
    /// Takes the object from the quotas of `namespace`, or says which one it goes over; a dry run
    /// takes nothing.
    pub(crate) fn charge(
        &self,
        store: &Store,
        namespace: &str,
        is_dry_run: bool,
    ) -> Result<(), String> {
        let quotas = store.list(&quota_kind(), namespace);
        if quotas.is_empty() || !self.counted.handles(self.before, self.object) {
            return Ok(());
        }
        let mut charges = Vec::new();
        for stored in quotas {
            let quota = Quota::in_force(&stored.value());
            if !quota.covers(&self.counted, self.object) {
                continue;
            }
            let touched = quota.touched_by(&self.counted);
            self.counted
                .constrain(&touched, self.object)
                .map_err(|why| format!("failed quota: {}: {why}", quota.name))?;
            if touched.iter().any(|name| !quota.used.contains_key(*name)) {
                let names: Vec<&str> = touched.into_iter().collect();
                let names = names.join(",");
                return Err(format!(
                    "status unknown for quota: {}, resources: {names}",
                    quota.name
                ));
            }
            charges.push((stored.key.clone(), self.delta(&quota), quota));
        }
        for (_, more, quota) in &charges {
            quota.with(more)?;
        }
        if !is_dry_run {
            for (key, more, _) in charges.iter().filter(|(_, more, _)| !more.is_empty()) {
                take(store, key, more)?;
            }
        }
        Ok(())
    }

    /// What the object takes of `quota` beyond what it has.
    fn delta(&self, quota: &Quota) -> Quantities {
        let mut more = quota.share_of(&self.counted, self.object, self.now);
        let had = self
            .before
            .map(|before| quota.share_of(&self.counted, before, self.now));
        for (name, amount) in &mut more {
            let before = had.as_ref().and_then(|had| had.get(name));
            *amount = amount.minus(before.copied().unwrap_or(Quantity::whole(0)));
        }
        more.retain(|_, amount| !amount.is_zero() && !amount.is_negative());
        more
    }
}

/// Takes `more` from the quota `key` as it is now: others may have taken from it meanwhile.
fn take(store: &Store, key: &ObjectKey, more: &Quantities) -> Result<(), String> {
    let mut outcome = Ok(());
    store.update(&quota_kind(), key, |quota| {
        match Quota::in_force(quota).with(more) {
            Ok(used) => {
                let status = json::object_at(quota, "status");
                status.insert("used".to_owned(), quantity::to_json(&used));
            }
            Err(why) => outcome = Err(why),
        }
    });
    outcome
}
