use std::collections::{BTreeMap, BTreeSet};

use serde_json::{Value, json};
use strata_api::{
    phrases::PhraseCode as P,
    recipes::{Check, CheckState, CheckSubject as Subject, NeededKind},
};
use strata_ports::objects::ObjectAddress;
use strata_recipes::setting::SecretKey;

use super::{
    cost::Prices,
    facts::{Asked, Facts, Plan},
    judge::judge,
};

fn node(name: &str, gpus: u32) -> Value {
    json!({
        "metadata": { "name": name, "labels": { "zone": "a" } },
        "spec": { "taints": [{ "key": "nvidia.com/gpu", "effect": "NoSchedule" }] },
        "status": {
            "allocatable": { "cpu": "64", "memory": "512Gi", "pods": "110", "nvidia.com/gpu": gpus.to_string() },
            "conditions": [{ "type": "Ready", "status": "True" }],
        },
    })
}

fn deployment(replicas: u32, gpus: u32) -> Value {
    json!({
        "apiVersion": "apps/v1",
        "kind": "Deployment",
        "metadata": { "name": "qwen", "labels": {} },
        "spec": { "replicas": replicas, "template": { "spec": {
            "tolerations": [{ "key": "nvidia.com/gpu", "operator": "Exists" }],
            "containers": [{
                "image": "vllm/vllm-openai:v0.24.0",
                "resources": { "requests": { "cpu": "4", "memory": "32Gi" }, "limits": { "nvidia.com/gpu": gpus } },
            }],
        } } },
    })
}

fn plan(objects: Vec<Value>) -> Plan {
    Plan {
        namespace: "team-a".to_owned(),
        objects,
        kinds: Vec::new(),
        secrets: Vec::new(),
        references: Vec::new(),
    }
}

/// A cluster in which all is well.
fn facts() -> Facts {
    Facts {
        namespace: Ok(true),
        nodes: Ok(vec![node("gpu-0", 8), node("gpu-1", 4)]),
        pods: Ok(Vec::new()),
        quotas: Ok(Vec::new()),
        queues: Ok(None),
        classes: Ok(Vec::new()),
        secrets: BTreeMap::new(),
        references: BTreeMap::new(),
        missing: Ok(BTreeSet::new()),
        pods_refused: Vec::new(),
    }
}

fn prices() -> Prices {
    Prices {
        per_hour: BTreeMap::from([
            ("H100 80GB HBM3".to_owned(), 2.5),
            ("A100 SXM4 80GB".to_owned(), 1.25),
        ]),
        currency: "$".to_owned(),
    }
}

fn found(plan: &Plan, facts: &Facts, subject: Subject) -> Check {
    let checks = judge(plan, facts, &prices());
    let mut of_subject = checks.into_iter().filter(|check| check.subject == subject);
    let check = of_subject.next().expect("the check is there");
    assert!(of_subject.next().is_none(), "each subject is judged once");
    check
}

fn stands(plan: &Plan, facts: &Facts, subject: Subject) -> (CheckState, P) {
    let check = found(plan, facts, subject);
    if matches!(check.state, CheckState::Failed | CheckState::Warning) {
        assert!(check.remedy.is_some(), "{check:?}");
    }
    (check.state, check.sentence.code)
}

#[test]
fn in_a_cluster_where_all_is_well_every_check_is() {
    let mut node = node("gpu-0", 8);
    node["metadata"]["labels"]["nvidia.com/gpu.product"] = json!("NVIDIA-H100-80GB-HBM3");
    let facts = Facts {
        nodes: Ok(vec![node]),
        ..facts()
    };
    for check in judge(&plan(vec![deployment(1, 8)]), &facts, &prices()) {
        assert_eq!(check.state, CheckState::Ok, "{check:?}");
    }
}

#[test]
fn pods_fit_now_later_or_never() {
    let fit = |objects, facts: &Facts| stands(&plan(objects), facts, Subject::Fit);
    let well = facts();
    assert_eq!(
        fit(vec![deployment(1, 8)], &well),
        (CheckState::Ok, P::CheckFitNow)
    );
    assert_eq!(
        fit(vec![deployment(3, 4)], &well),
        (CheckState::Ok, P::CheckFitNow)
    );
    assert_eq!(
        fit(vec![deployment(1, 9)], &well),
        (CheckState::Failed, P::CheckFitTooLarge)
    );
    assert_eq!(
        fit(vec![deployment(2, 8)], &well),
        (CheckState::Failed, P::CheckFitTooMany)
    );
    // Two deployments share the same nodes.
    let both = vec![deployment(1, 8), deployment(1, 8)];
    assert_eq!(fit(both, &well), (CheckState::Warning, P::CheckFitLater));
    let mut elsewhere = deployment(1, 1);
    elsewhere["spec"]["template"]["spec"]["nodeSelector"] = json!({ "zone": "b" });
    assert_eq!(
        fit(vec![elsewhere], &well),
        (CheckState::Failed, P::CheckFitNoNode)
    );
    let mut intolerant = deployment(1, 1);
    intolerant["spec"]["template"]["spec"]["tolerations"] = json!([]);
    assert_eq!(
        fit(vec![intolerant], &well),
        (CheckState::Failed, P::CheckFitNoNode)
    );
    assert_eq!(
        fit(vec![deployment(0, 8)], &well),
        (CheckState::Ok, P::CheckFitNothing)
    );
}

#[test]
fn what_a_quota_leaves_is_counted_for_all_replicas() {
    let quota = |hard: &str, used: &str| Facts {
        quotas: Ok(vec![json!({
            "metadata": { "name": "gpus" },
            "status": {
                "hard": { "requests.nvidia.com/gpu": hard },
                "used": { "requests.nvidia.com/gpu": used },
            },
        })]),
        ..facts()
    };
    let plan = plan(vec![deployment(2, 4)]);
    let stands = |facts: &Facts| stands(&plan, facts, Subject::Quota);
    assert_eq!(stands(&quota("16", "8")), (CheckState::Ok, P::CheckQuota));
    assert_eq!(
        stands(&quota("16", "9")),
        (CheckState::Warning, P::CheckQuotaFull)
    );
    assert_eq!(
        stands(&quota("7", "0")),
        (CheckState::Failed, P::CheckQuotaTooSmall)
    );
    let none = Facts {
        quotas: Ok(Vec::new()),
        ..facts()
    };
    assert_eq!(stands(&none), (CheckState::Ok, P::CheckQuotaNone));
}

#[test]
fn a_queue_has_to_be_there_and_take_work() {
    let mut queued = deployment(1, 1);
    queued["metadata"]["labels"]["kueue.x-k8s.io/queue-name"] = json!("research");
    let plan = plan(vec![queued]);
    let queue = |name: &str, policy: &str| Facts {
        queues: Ok(Some(vec![json!({
            "metadata": { "name": name },
            "spec": { "clusterQueue": "gpus", "stopPolicy": policy },
        })])),
        ..facts()
    };
    let stands = |facts: &Facts| stands(&plan, facts, Subject::Queue);
    assert_eq!(stands(&facts()), (CheckState::Failed, P::CheckNoKueue));
    assert_eq!(
        stands(&queue("other", "None")),
        (CheckState::Failed, P::CheckQueueMissing)
    );
    assert_eq!(
        stands(&queue("research", "Hold")),
        (CheckState::Warning, P::CheckQueueStopped)
    );
    assert_eq!(
        stands(&queue("research", "None")),
        (CheckState::Ok, P::CheckQueue)
    );
}

#[test]
fn volumes_need_a_class_that_is_there() {
    let claim = |class: Value| {
        let spec = json!({ "storageClassName": class });
        plan(vec![
            json!({ "kind": "PersistentVolumeClaim", "spec": spec }),
        ])
    };
    let classes = |default: &str| Facts {
        classes: Ok(vec![json!({ "metadata": {
            "name": "fast",
            "annotations": { "storageclass.kubernetes.io/is-default-class": default },
        } })]),
        ..facts()
    };
    let stands = |plan: &Plan, facts: &Facts| stands(plan, facts, Subject::Storage);
    assert_eq!(
        stands(&claim(json!("fast")), &classes("false")),
        (CheckState::Ok, P::CheckStorage)
    );
    assert_eq!(
        stands(&claim(Value::Null), &classes("true")),
        (CheckState::Ok, P::CheckStorage)
    );
    let missing = (CheckState::Failed, P::CheckNoDefaultClass);
    assert_eq!(stands(&claim(Value::Null), &classes("false")), missing);
    let missing = (CheckState::Failed, P::CheckClassMissing);
    assert_eq!(stands(&claim(json!("slow")), &classes("true")), missing);
}

#[test]
fn secrets_kinds_namespaces_references_and_permissions_are_looked_for() {
    let mut plan = plan(vec![deployment(1, 1)]);
    plan.secrets = vec![SecretKey {
        name: "hf".to_owned(),
        key: "token".to_owned(),
    }];
    let address = ObjectAddress::new("", "ServiceAccount", "team-a", "runner");
    plan.references = vec![address.clone()];
    plan.kinds = vec![NeededKind {
        kind: "RayJob.ray.io".to_owned(),
        version: "v1".to_owned(),
        served: Some(false),
        component: "KubeRay".to_owned(),
    }];
    let mut facts = facts();
    facts.secrets.insert("hf".to_owned(), Ok(None));
    facts.references.insert(address.clone(), Ok(false));
    facts.namespace = Ok(false);
    facts.missing = Ok(["create rayjobs.ray.io in namespace team-a".to_owned()].into());
    for (subject, code) in [
        (Subject::Secret, P::CheckSecretMissing),
        (Subject::Reference, P::CheckReferenceMissing),
        (Subject::Namespace, P::CheckNamespaceMissing),
        (Subject::Kinds, P::CheckKindsMissing),
        (Subject::Permission, P::CheckPermissionMissing),
    ] {
        assert_eq!(stands(&plan, &facts, subject), (CheckState::Failed, code));
    }
    let secret = |data: Value| Ok(Some(json!({ "data": data })));
    facts
        .secrets
        .insert("hf".to_owned(), secret(json!({ "key": "" })));
    let missing = (CheckState::Failed, P::CheckSecretKeyMissing);
    assert_eq!(stands(&plan, &facts, Subject::Secret), missing);
    facts
        .secrets
        .insert("hf".to_owned(), secret(json!({ "token": "" })));
    facts.references.insert(address, Ok(true));
    assert_eq!(stands(&plan, &facts, Subject::Secret).0, CheckState::Ok);
    assert_eq!(stands(&plan, &facts, Subject::Reference).0, CheckState::Ok);
}

#[test]
fn an_image_without_a_version_is_a_warning_and_what_was_not_read_is_unknown() {
    let mut moving = deployment(1, 1);
    let image = "/spec/template/spec/containers/0/image";
    for (name, state) in [
        ("nginx", CheckState::Warning),
        ("nginx:latest", CheckState::Warning),
        ("quay.io/jupyter/base:cuda12-latest", CheckState::Warning),
        ("registry:5000/nginx", CheckState::Warning),
        ("nginx:1.29", CheckState::Ok),
        ("nginx@sha256:0f", CheckState::Ok),
    ] {
        *moving.pointer_mut(image).unwrap() = json!(name);
        let check = found(&plan(vec![moving.clone()]), &facts(), Subject::Image);
        assert_eq!(check.state, state, "{name}");
    }
    let forbidden = Facts {
        nodes: Err("the permission is missing: list nodes".to_owned()),
        ..facts()
    };
    let check = found(&plan(vec![deployment(1, 1)]), &forbidden, Subject::Fit);
    assert_eq!(check.state, CheckState::Unknown);
    assert!(check.sentence.english().contains("list nodes"));
}

#[test]
fn an_hour_costs_what_the_gpus_do_that_it_can_get() {
    let labelled = |name: &str, product: &str| {
        let mut node = node(name, 8);
        node["metadata"]["labels"]["nvidia.com/gpu.product"] = json!(product);
        node
    };
    let cost = |nodes: Vec<Value>, gpus: u32| {
        let facts = Facts {
            nodes: Ok(nodes),
            ..facts()
        };
        let checks = judge(&plan(vec![deployment(2, gpus)]), &facts, &prices());
        let found = checks
            .into_iter()
            .find(|check| check.subject == Subject::Cost);
        found.map(|check| (check.state, check.sentence.english()))
    };
    let hopper = || labelled("gpu-0", "NVIDIA-H100-80GB-HBM3");
    let ampere = || labelled("gpu-1", "NVIDIA-A100-SXM4-80GB");
    let other = || labelled("gpu-2", "NVIDIA-B200");
    assert_eq!(
        cost(vec![hopper()], 4),
        Some((
            CheckState::Ok,
            "$20.00 an hour for 8 GPUs: H100 80GB HBM3".to_owned()
        ))
    );
    assert_eq!(
        cost(vec![hopper(), ampere()], 1).unwrap().1,
        "$2.50 - $5.00 an hour for 2 GPUs: A100 SXM4 80GB, H100 80GB HBM3"
    );
    assert_eq!(
        cost(vec![hopper(), other()], 1),
        Some((
            CheckState::Unknown,
            "2 GPUs; no price is set for B200".to_owned()
        )),
        "a sum that leaves it out would be too small"
    );
    assert_eq!(
        cost(vec![node("gpu-0", 8)], 1).unwrap().1,
        "2 GPUs; which model they are is not known"
    );
    assert_eq!(cost(vec![hopper()], 0), None, "nothing is asked for");
}

#[test]
fn a_policy_that_would_not_let_the_pods_through_is_named() {
    let plan = plan(vec![deployment(1, 1)]);
    let asked = |said: Result<Vec<String>, String>| {
        let facts = Facts {
            pods_refused: vec![Asked {
                owner: "Deployment team-a/qwen".to_owned(),
                said,
            }],
            ..facts()
        };
        found(&plan, &facts, Subject::Policy)
    };
    assert_eq!(asked(Ok(Vec::new())).state, CheckState::Ok);
    let warned = asked(Ok(vec!["would be refused one day".to_owned()]));
    assert_eq!(warned.state, CheckState::Warning);
    assert_eq!(warned.details, ["would be refused one day"]);
    let refused = asked(Err(
        "pods \"qwen-dry-run\" is forbidden: violates PodSecurity \"restricted:latest\": privileged"
            .to_owned(),
    ));
    assert_eq!(
        (refused.state, refused.sentence.english()),
        (
            CheckState::Failed,
            "Pod Security restricted:latest does not let Deployment team-a/qwen through: privileged"
                .to_owned()
        )
    );
    let quota = asked(Err("pods is forbidden: exceeded quota: small".to_owned()));
    assert_eq!(
        quota.state,
        CheckState::Ok,
        "the check of quotas tells that"
    );
    let not_allowed = "pods is forbidden: User \"ada\" cannot create resource \"pods\"".to_owned();
    assert_eq!(asked(Err(not_allowed)).state, CheckState::Unknown);
}
