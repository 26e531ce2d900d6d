//! `eviction`: deleting a pod as far as its disruption budget allows
//! (`k8s.io/kubernetes/pkg/registry/core/pod/storage/eviction.go`).

use std::sync::Arc;

use bytes::Bytes;
use http::Response;
use serde_json::{Value, json};
use strata_domain::ids::GroupKind;

use super::{body_of, done, is_dry_run};
use crate::{
    clock, disruption, json,
    server::{ResponseBody, Server, Target, delete::Options, failure::Failure, query::Query},
    store::Stored,
};

impl Server {
    /// Evicts a pod, unless its disruption budget forbids it now.
    pub(super) fn evict(
        &self,
        target: &Target<'_>,
        query: &Query,
        body: &Bytes,
    ) -> Result<Response<ResponseBody>, Failure> {
        let eviction = body_of(body)?;
        if json::text(&eviction, "/metadata/name") != target.path.key().name.as_str() {
            let why = "name in URL does not match name in Eviction object";
            return Err(Failure::bad_request(why));
        }
        let no_options = json!({});
        let options = eviction.get("deleteOptions").unwrap_or(&no_options);
        let mut options = Options::check(options)?;
        options.removal.is_dry_run |= is_dry_run(query);
        let stored = self.current(target)?;
        let pod = stored.value();
        if !is_past_protection(&stored, &pod) {
            self.ask_budget(target, &stored, &pod, options.removal.is_dry_run)?;
        }
        if !options.removal.is_dry_run {
            let stamp = clock::stamp(self.clock.now());
            let after = self.store.update(&target.kind(), &stored.key, |pod| {
                mark_as_target(pod, &stamp);
            });
            if options.removal.version.is_some() {
                options.removal.version = after.map(|after| after.version.to_string());
            }
        }
        self.delete(target, &options)?;
        Ok(done())
    }

    /// Takes one disruption from the budget of a pod, if it has one and that has one left.
    fn ask_budget(
        &self,
        target: &Target<'_>,
        stored: &Stored,
        pod: &Value,
        is_dry_run: bool,
    ) -> Result<(), Failure> {
        let budgets = disruption::budgets_of(&self.store, stored);
        let budget: &Arc<Stored> = match budgets.as_slice() {
            [] => return Ok(()),
            [only] => only,
            _ => return Err(Failure::several_budgets()),
        };
        let object = budget.value();
        if !disruption::is_ready(pod) && lets_unhealthy_go(&object) {
            return Ok(());
        }
        let name = &budget.key.name;
        let count = |field: &str| json::count(&object, &format!("/status/{field}"));
        if count("observedGeneration") < json::count(&object, "/metadata/generation") {
            let why =
                format!("The disruption budget {name} is still being processed by the server.");
            return Err(Failure::disruption_refused(&why, 10));
        }
        let (healthy, desired) = (count("currentHealthy"), count("desiredHealthy"));
        if count("disruptionsAllowed") == 0 {
            let why = if healthy <= desired {
                format!(
                    "The disruption budget {name} needs {desired} healthy pods and has {healthy} \
                     currently"
                )
            } else {
                format!("The disruption budget {name} does not allow evicting pods currently")
            };
            return Err(Failure::disruption_refused(&why, 0));
        }
        if !is_dry_run {
            let stamp = clock::stamp(self.clock.now());
            let pod = target.path.key().name;
            let kind = GroupKind::new("policy", "PodDisruptionBudget");
            self.store.update(&kind, &budget.key, |budget| {
                disruption::take_one(budget, &pod, &stamp);
            });
        }
        Ok(())
    }
}

/// Whether a pod is none that a budget protects: it does not run, or it goes already.
fn is_past_protection(stored: &Stored, pod: &Value) -> bool {
    let phase = json::text(pod, "/status/phase");
    stored.is_ending || ["Succeeded", "Failed", "Pending"].contains(&phase)
}

/// Whether a budget lets a pod go that is not ready.
fn lets_unhealthy_go(budget: &Value) -> bool {
    let desired = json::count(budget, "/status/desiredHealthy");
    json::text(budget, "/spec/unhealthyPodEvictionPolicy") == "AlwaysAllow"
        || (desired > 0 && json::count(budget, "/status/currentHealthy") >= desired)
}

fn mark_as_target(pod: &mut Value, stamp: &str) {
    let conditions = json::object_at(pod, "status")
        .entry("conditions")
        .or_insert_with(|| json!([]));
    if let Some(conditions) = conditions.as_array_mut() {
        conditions.retain(|known| json::text(known, "/type") != "DisruptionTarget");
        conditions.push(json!({ "type": "DisruptionTarget", "status": "True",
            "lastProbeTime": null, "lastTransitionTime": stamp,
            "reason": "EvictionByEvictionAPI", "message": "Eviction API: evicting" }));
    }
}
