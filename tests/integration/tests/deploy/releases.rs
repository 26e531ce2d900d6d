//! Releases: revisions, autoscalers, edited manifests.

use serde_json::{Value, json};

use crate::demo::{Demo, web};

#[tokio::test(flavor = "multi_thread")]
async fn a_release_is_deployed_changed_rolled_back_and_deleted_with_nothing_left() {
    let demo = Demo::start("workstation").await;
    let before = demo.everything().await;

    let preview = demo
        .deploy("image", web("nginx:1.28", &json!(80)), "preview")
        .await;
    assert_eq!(preview["outcome"], "ready", "{preview}");
    assert_eq!(demo.everything().await, before, "a preview changes nothing");

    let first = demo
        .deploy("image", web("nginx:1.28", &json!(80)), "apply")
        .await;
    assert_eq!(first["outcome"], "applied", "{first}");
    assert_eq!(demo.image().await, "nginx:1.28");

    // The same again is no new revision.
    let again = demo
        .deploy("image", web("nginx:1.28", &json!(80)), "apply")
        .await;
    assert_eq!(again["outcome"], "unchanged", "{again}");

    // Without a port there is no Service any more.
    let second = demo
        .deploy("image", web("nginx:1.29", &Value::Null), "apply")
        .await;
    assert_eq!(second["outcome"], "applied", "{second}");
    assert_eq!(demo.image().await, "nginx:1.29");
    let services = demo.get("api/v1/namespaces/default/services/web").await;
    assert_eq!(
        services["code"], 404,
        "what went out of the release is deleted"
    );

    let listed = demo
        .call(
            "read_releases",
            json!({ "cluster": "demo", "namespace": "" }),
        )
        .await;
    assert_eq!(listed["releases"][0]["name"], "web");
    assert_eq!(listed["releases"][0]["revision"], 2);
    let detail = demo.release("read_release", json!({})).await;
    assert_eq!(detail["revisions"][0]["values"]["image"], "nginx:1.29");
    assert_eq!(detail["revisions"][1]["values"]["port"], 80);
    let compared = demo
        .release("compare_revisions", json!({ "from": 1, "to": 2 }))
        .await;
    let actions: Vec<(&str, &str)> = compared["objects"]
        .as_array()
        .unwrap()
        .iter()
        .map(|one| {
            (
                one["object"]["kind"].as_str().unwrap(),
                one["action"].as_str().unwrap(),
            )
        })
        .collect();
    assert_eq!(actions, [("Deployment", "change"), ("Service", "delete")]);
    let gone = &compared["objects"][1];
    assert!(
        gone["before"].as_str().unwrap().contains("kind: Service"),
        "what goes is told as it was: {gone:#}"
    );
    assert_eq!(gone["after"], "");

    let back = demo
        .release("roll_back_release", json!({ "intent": "apply" }))
        .await;
    assert_eq!(back["outcome"], "applied", "{back}");
    assert_eq!(demo.image().await, "nginx:1.28");
    let services = demo.get("api/v1/namespaces/default/services/web").await;
    assert_eq!(
        services["spec"]["ports"][0]["port"], 80,
        "the Service is back"
    );
    let detail = demo.release("read_release", json!({})).await;
    assert_eq!(
        detail["release"]["revision"], 3,
        "going back is a revision of its own"
    );

    let deleted = demo
        .release("delete_release", json!({ "intent": "apply" }))
        .await;
    assert_eq!(deleted["outcome"], "applied", "{deleted}");
    // The garbage collector takes what the Deployment owned.
    demo.simulation.steer("step 60s").unwrap();
    assert_eq!(demo.everything().await, before);
}

#[tokio::test(flavor = "multi_thread")]
async fn an_autoscaler_comes_and_goes_without_a_pod_less() {
    let demo = Demo::start("workstation").await;
    let replicas = async || {
        let found = demo
            .get("apis/apps/v1/namespaces/default/deployments/web")
            .await;
        found["spec"]["replicas"].clone()
    };
    let first = demo
        .deploy("image", web("nginx:1.28", &json!(80)), "apply")
        .await;
    assert_eq!(first["outcome"], "applied", "{first:#}");
    let change = async |values: Value| {
        let request = json!({ "values": values, "intent": "apply" });
        let report = demo.release("change_release", request).await;
        assert_eq!(report["outcome"], "applied", "{report:#}");
    };
    change(json!({ "most_replicas": 5 })).await;
    assert_eq!(replicas().await, 2, "the autoscaler begins with what runs");
    let scaler = "apis/autoscaling/v2/namespaces/default/horizontalpodautoscalers/web";
    let found = demo.get(scaler).await;
    assert_eq!(found["spec"]["minReplicas"], 2, "{found:#}");
    assert_eq!(found["spec"]["maxReplicas"], 5);

    // Another value leaves what the autoscaler has made of it.
    let scaled = json!({ "spec": { "replicas": 4 } });
    demo.send_scale(scaled).await;
    change(json!({ "image": "nginx:1.29" })).await;
    assert_eq!(replicas().await, 4);
    assert_eq!(demo.image().await, "nginx:1.29");

    // Back without an autoscaler: the number is its own until one takes it.
    let back = async |choices: Value| {
        let request = json!({ "to": 1, "intent": "apply", "choices": choices });
        demo.release("roll_back_release", request).await
    };
    let asked = back(json!([])).await;
    assert_eq!(asked["outcome"], "blocked", "{asked:#}");
    let mut steps = asked["steps"].as_array().unwrap().iter();
    let step = steps.find(|step| step["conflicts"] != json!([])).unwrap();
    let conflict = &step["conflicts"][0];
    assert_eq!(conflict["path"], ".spec.replicas", "{conflict:#}");
    let choice = json!([{ "object": step["object"], "path": conflict["path"], "choice": "take" }]);
    let done = back(choice).await;
    assert_eq!(done["outcome"], "applied", "{done:#}");
    assert_eq!(replicas().await, 2);
    assert_eq!(
        demo.get(scaler).await["code"],
        404,
        "the autoscaler is gone"
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn edited_manifests_are_a_revision_too() {
    let demo = Demo::start("workstation").await;
    let recipe = json!({
        "recipe": "image", "cluster": "demo", "namespace": "default",
        "values": web("nginx:1.28", &Value::Null),
    });
    let rendered = demo.call("render_recipe", recipe.clone()).await;
    let yaml = rendered["yaml"].as_str().unwrap();
    let deploy = async |manifests: &str| {
        let request = json!({ "recipe": recipe, "manifests": manifests, "intent": "apply" });
        demo.call("deploy_recipe", request).await
    };
    // What the recipe says anyway is no edit.
    let same = deploy(yaml).await;
    assert_eq!(same["outcome"], "applied", "{same:#}");
    let detail = demo.release("read_release", json!({})).await;
    assert_eq!(detail["revisions"][0]["is_edited"], false);

    let broken = deploy(&yaml.replace("replicas: 2", "replicas: [2")).await;
    assert_eq!(broken["outcome"], "blocked", "{broken:#}");
    assert!(
        broken["obstacles"][0]["line"]
            .as_u64()
            .is_some_and(|line| line > 1)
    );

    let edited = yaml.replace("replicas: 2", "replicas: 3\n  minReadySeconds: 7");
    let refused = deploy(&edited.replace("minReadySeconds: 7", "minReadySeconds: -7")).await;
    assert_eq!(refused["outcome"], "blocked", "{refused:#}");
    let step = refused["steps"].as_array().unwrap().iter();
    let mut obstacles = step.filter_map(|step| step["obstacle"]["line"].as_u64());
    let line = 1 + edited
        .lines()
        .position(|line| line.contains("minReady"))
        .unwrap();
    assert_eq!(obstacles.next(), Some(line as u64), "{refused:#}");

    let second = deploy(&edited).await;
    assert_eq!(second["outcome"], "applied", "{second:#}");
    let found = demo
        .get("apis/apps/v1/namespaces/default/deployments/web")
        .await;
    assert_eq!(found["spec"]["minReadySeconds"], 7);
    assert_eq!(found["metadata"]["labels"]["strata.dev/release"], "web");
    let detail = demo.release("read_release", json!({})).await;
    assert_eq!(detail["release"]["revision"], 2);
    assert_eq!(detail["revisions"][0]["is_edited"], true);
    assert_eq!(detail["revisions"][0]["values"]["image"], "nginx:1.28");

    // A value that is changed afterwards says that the edits go.
    let change = json!({ "values": { "replicas": 4 }, "intent": "preview" });
    let change = demo.release("change_release", change).await;
    assert_eq!(
        change["consequences"][0]["code"], "release_edits_go",
        "{change:#}"
    );
}
