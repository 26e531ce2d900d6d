//! What the user may do, asked before they try: so that a button that would be refused says so.

use std::collections::{BTreeMap, BTreeSet};

use futures::{StreamExt as _, stream};
use strata_api::{
    error::{ApiError, ErrorCode},
    permissions::{Deed, MeantDeed, Permissions, ReadPermissions},
};
use strata_domain::ids::ClusterId;
use strata_ports::{
    cluster::ServedKind,
    contexts::Context,
    control::{Permission, Permit},
};

use super::{
    actions::needs::{AnyOf, evicted, needs},
    delete::address,
    gate::Gate,
};
use crate::{error::of_port, operations::Operations};

mod evictions;

/// Questions that are asked at once.
const AT_ONCE: usize = 8;

/// Which permissions are missing for each of the deeds. What the API server does not tell counts as
/// given: the change itself is asked for with a preview, whatever stands here.
pub(crate) async fn read_permissions(
    operations: &Operations,
    context: &Context,
    request: &ReadPermissions,
) -> Result<Permissions, ApiError> {
    let named: usize = request.deeds.iter().map(|deed| deed.objects.len()).sum();
    if named > ReadPermissions::MOST {
        let most = ReadPermissions::MOST;
        let message = format!("permissions are asked for {most} objects at most, not {named}");
        return Err(ApiError::new(ErrorCode::InvalidInput, message));
    }
    let served = operations.objects.served(&context.id).await;
    let served = served.map_err(|error| of_port(&error))?;
    let mut deeds: Vec<Vec<AnyOf>> = request
        .deeds
        .iter()
        .map(|deed| all_needs(deed, &served))
        .collect();
    let questions: BTreeSet<Permission> = deeds.iter().flatten().flatten().cloned().collect();
    let mut told = ask(&operations.gate, &context.id, questions).await;
    let drains = request.deeds.iter().zip(&mut deeds);
    for (meant, needs) in drains.filter(|(meant, _)| meant.deed == Deed::Drain) {
        if missing(&[evicted("")], &told).is_empty() {
            continue;
        }
        let (objects, cluster) = (operations.objects.as_ref(), &context.id);
        let here = evictions::narrowed(objects, cluster, &meant.objects).await;
        let Some(here) = here else { continue };
        needs.retain(|any| *any != evicted(""));
        let questions = here.iter().flatten().cloned().collect();
        told.extend(ask(&operations.gate, cluster, questions).await);
        needs.extend(here);
    }
    let missing = deeds.iter().map(|needs| missing(needs, &told)).collect();
    Ok(Permissions { missing })
}

/// What a deed takes for all of its objects. Of a kind that is not served nothing can be asked.
fn all_needs(meant: &MeantDeed, served: &[ServedKind]) -> Vec<AnyOf> {
    let addresses = meant
        .objects
        .iter()
        .filter_map(|name| address(served, name).ok());
    addresses
        .flat_map(|object| needs(meant.deed, &object, served))
        .collect()
}

/// What the API server says of each; those of which it says nothing are left out.
async fn ask(
    gate: &Gate,
    cluster: &ClusterId,
    questions: BTreeSet<Permission>,
) -> BTreeMap<Permission, Permit> {
    let answers = stream::iter(questions)
        .map(async |permission| {
            let permit = gate.is_permitted(cluster, permission.clone()).await;
            (permission, permit)
        })
        .buffer_unordered(AT_ONCE)
        .collect::<Vec<_>>()
        .await;
    answers
        .into_iter()
        .filter_map(|(permission, permit)| Some((permission, permit.ok()?)))
        .collect()
}

/// The names of the permissions that are missing, each once.
fn missing(needs: &[AnyOf], told: &BTreeMap<Permission, Permit>) -> Vec<String> {
    let mut names: Vec<String> = Vec::new();
    for any in needs {
        let denied: Vec<&Permit> = any
            .iter()
            .filter_map(|permission| told.get(permission))
            .filter(|permit| !permit.is_allowed)
            .collect();
        if let Some(first) = denied.first()
            && denied.len() == any.len()
            && !names.contains(&first.name)
        {
            names.push(first.name.clone());
        }
    }
    names
}

#[cfg(test)]
mod tests {
    use strata_ports::objects::ObjectAddress;

    use super::*;

    fn patch(kind: &str) -> Permission {
        Permission {
            verb: "patch".to_owned(),
            object: ObjectAddress::new("", kind, "team-a", "one"),
            subresource: String::new(),
        }
    }

    fn told(answers: &[(&str, bool)]) -> BTreeMap<Permission, Permit> {
        let answers = answers.iter().map(|(kind, is_allowed)| {
            let permit = Permit {
                is_allowed: *is_allowed,
                name: format!("patch {kind}"),
                reason: String::new(),
            };
            (patch(kind), permit)
        });
        answers.collect()
    }

    #[test]
    fn one_of_several_permissions_is_enough() {
        let either = [vec![patch("Job"), patch("Workload")]];
        let allowed = told(&[("Job", false), ("Workload", true)]);
        assert!(missing(&either, &allowed).is_empty());
        let denied = told(&[("Job", false), ("Workload", false)]);
        assert_eq!(missing(&either, &denied), ["patch Job"]);
    }

    #[test]
    fn what_the_server_does_not_tell_is_not_said_to_be_missing() {
        assert!(missing(&[vec![patch("Job")]], &told(&[])).is_empty());
    }

    #[test]
    fn a_permission_that_several_objects_need_is_named_once() {
        let twice = [vec![patch("Job")], vec![patch("Job")]];
        assert_eq!(missing(&twice, &told(&[("Job", false)])), ["patch Job"]);
    }
}
