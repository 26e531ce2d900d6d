//! patch, label, annotate, set, edit, replace, create: changes to what is there.

use crate::session::{Session, rows, web};

pub(crate) fn patch_changes_an_object_in_three_ways(session: &Session) {
    session.says_given("apply -f -", &web(0, "nginx:1.29"));
    let strategic = "patch deployment web -p '{\"spec\":{\"template\":{\"spec\":{\"containers\":[{\"name\":\"side\",\"image\":\"busybox:1.37\"}]}}}}'";
    assert_eq!(session.says(strategic), "deployment.apps/web patched\n");
    assert_eq!(
        session.says(strategic),
        "deployment.apps/web patched (no change)\n"
    );
    let images = "get deployment web -o jsonpath={.spec.template.spec.containers[*].image}";
    assert_eq!(session.says(images), "busybox:1.37 nginx:1.29");
    session.says("patch deployment web --type=merge -p '{\"metadata\":{\"labels\":{\"app\":null,\"tier\":\"front\"}}}'");
    session.says("patch deployment web --type=json -p '[{\"op\":\"test\",\"path\":\"/metadata/labels/tier\",\"value\":\"front\"},{\"op\":\"remove\",\"path\":\"/spec/template/spec/containers/0\"}]'");
    assert_eq!(session.says(images), "nginx:1.29");
    assert_eq!(
        session.says("get deployment web -o jsonpath={.metadata.labels}"),
        "{\"tier\":\"front\"}"
    );
    let refused = session.refuses("patch deployment web --type=json -p '[{\"op\":\"test\",\"path\":\"/spec/replicas\",\"value\":7}]'");
    assert_eq!(
        refused,
        "The request is invalid: the server rejected our request due to an error in our request\n"
    );
    let status = "patch deployment web --subresource=status --type=merge -p '{\"status\":{\"conditions\":[{\"type\":\"Example\",\"status\":\"True\"}]}}'";
    assert_eq!(session.says(status), "deployment.apps/web patched\n");
}

pub(crate) fn label_and_annotate_keep_what_is_there(session: &Session) {
    session.says("create configmap settings --from-literal=key=value");
    assert_eq!(
        session.says("label configmap settings tier=front"),
        "configmap/settings labeled\n"
    );
    assert_eq!(
        session.refuses("label configmap settings tier=back"),
        "error: 'tier' already has a value (front), and --overwrite is false\n"
    );
    session.says("label configmap settings tier=back --overwrite");
    assert_eq!(
        session.says("label configmap settings --list"),
        "tier=back\n"
    );
    assert_eq!(
        session.says("label configmap settings tier-"),
        "configmap/settings unlabeled\n"
    );
    assert_eq!(
        session.says("annotate configmap settings note='some words'"),
        "configmap/settings annotated\n"
    );
    assert_eq!(
        session.says(
            "get configmap settings -o jsonpath={.metadata.annotations.note}{.metadata.labels}"
        ),
        "some words"
    );
    let refused = session.refuses("label configmap settings 'tier=not a label'");
    assert!(refused.contains("a valid label must be"), "{refused}");
}

pub(crate) fn set_changes_image_environment_and_resources(session: &Session) {
    session.says_given("apply -f -", &web(0, "nginx:1.29"));
    assert_eq!(
        session.says("set image deployment/web main=nginx:1.30"),
        "deployment.apps/web image updated\n"
    );
    assert_eq!(
        session.says("set env deployment/web LEVEL=debug"),
        "deployment.apps/web env updated\n"
    );
    assert_eq!(
        session.says("set resources deployment/web --limits=cpu=200m"),
        "deployment.apps/web resource requirements updated\n"
    );
    assert_eq!(
        session.says("set env deployment/web --list"),
        "# Deployment web, container main\nLEVEL=debug\n"
    );
    let shown = "{.spec.template.spec.containers[0].image} {.spec.template.spec.containers[0].resources.limits.cpu}";
    assert_eq!(
        session.says(&format!("get deployment web -o 'jsonpath={shown}'")),
        "nginx:1.30 200m"
    );
    let refused = session.refuses("set image deployment/web nosuch=nginx:1.30");
    assert_eq!(
        refused,
        "error: unable to find container named \"nosuch\"\n"
    );
}

pub(crate) fn edit_writes_what_the_editor_left(session: &Session) {
    session.says_given("apply -f -", &web(0, "nginx:1.29"));
    let ended = session.run_with(
        ("KUBE_EDITOR", "sed -i s/nginx:1.29/nginx:1.31/"),
        "edit deployment web",
    );
    assert_eq!(
        (ended.code, ended.said.as_str()),
        (Some(0), "deployment.apps/web edited\n"),
        "{ended}"
    );
    assert_eq!(
        session.says("get deployment web -o jsonpath={.spec.template.spec.containers[0].image}"),
        "nginx:1.31"
    );
    let ended = session.run_with(("KUBE_EDITOR", "true"), "edit deployment web");
    assert!(
        ended.remarked.contains("Edit cancelled, no changes made."),
        "{ended}"
    );
}

pub(crate) fn replace_and_create_know_what_is_there(session: &Session) {
    let file = web(0, "nginx:1.29");
    let refused = session.refuses_given("replace -f -", &file);
    assert!(
        refused.contains("deployments.apps \"web\" not found"),
        "{refused}"
    );
    assert_eq!(
        session.says_given("create -f -", &file),
        "deployment.apps/web created\n"
    );
    let refused = session.refuses_given("create -f -", &file);
    assert!(
        refused.starts_with("Error from server (AlreadyExists)")
            && refused.contains("deployments.apps \"web\" already exists"),
        "{refused}"
    );
    assert_eq!(
        session.says_given("replace -f -", &web(0, "nginx:1.30")),
        "deployment.apps/web replaced\n"
    );
    let stale = session.says("get deployment web -o json");
    session.says("label deployment web tier=front");
    let refused = session.refuses_given("replace -f -", &stale);
    assert!(
        refused.contains("the object has been modified"),
        "{refused}"
    );
}

pub(crate) fn generated_objects_are_accepted(session: &Session) {
    for (line, said) in [
        (
            "create deployment web --image=nginx:1.29 --replicas=0",
            "deployment.apps/web created\n",
        ),
        ("expose deployment web --port=80", "service/web exposed\n"),
        (
            "autoscale deployment web --min=1 --max=3 --cpu=50%",
            "horizontalpodautoscaler.autoscaling/web autoscaled\n",
        ),
        (
            "create secret generic login --from-literal=password=x",
            "secret/login created\n",
        ),
        (
            "create job once --image=busybox:1.37 -- true",
            "job.batch/once created\n",
        ),
        (
            "create cronjob hourly --image=busybox:1.37 --schedule='0 * * * *' -- true",
            "cronjob.batch/hourly created\n",
        ),
        (
            "create job by-hand --from=cronjob/hourly",
            "job.batch/by-hand created\n",
        ),
        (
            "create quota budget --hard=pods=30",
            "resourcequota/budget created\n",
        ),
        (
            "create poddisruptionbudget web --selector=app=web --min-available=1",
            "poddisruptionbudget.policy/web created\n",
        ),
        (
            "create ingress web --rule=example.com/=web:80",
            "ingress.networking.k8s.io/web created\n",
        ),
        (
            "create serviceaccount robot",
            "serviceaccount/robot created\n",
        ),
    ] {
        assert_eq!(session.says(line), said, "{line}");
    }
    let services = session.says("get service web --no-headers");
    assert_eq!(rows(&services)[0][1], "ClusterIP");
    assert_eq!(rows(&services)[0][4], "80/TCP");
    let secret = session.says("describe secret login");
    assert!(
        secret.contains("password:  1 bytes") && !secret.contains("eA=="),
        "{secret}"
    );
}
