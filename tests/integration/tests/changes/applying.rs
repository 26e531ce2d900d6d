//! Manifests that are applied, and objects that are deleted.

use serde_json::{Value, json};

use crate::demo::{Demo, SHOP, WEB};

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_preview_changes_nothing_and_an_apply_all_in_the_order_of_their_needs() {
    let demo = Demo::start().await;
    let preview = demo.change(SHOP, "preview", json!([])).await;
    assert_eq!(preview["outcome"], "ready", "{preview:#}");
    let kinds: Vec<&str> = preview["steps"]
        .as_array()
        .unwrap()
        .iter()
        .map(|step| step["object"]["kind"].as_str().unwrap())
        .collect();
    assert_eq!(kinds, ["Namespace", "Secret", "Deployment"]);
    assert_eq!(
        preview["steps"][1]["is_assumed"], true,
        "its namespace is not there"
    );
    assert_eq!(preview["steps"][2]["line"], 1);
    assert!(!preview.to_string().contains("hunter2"), "{preview:#}");
    assert_eq!(demo.get("/api/v1/namespaces/shop").await.0, 404);

    let applied = demo.change(SHOP, "apply", json!([])).await;
    assert_eq!(applied["outcome"], "applied", "{applied:#}");
    assert!(!applied.to_string().contains("hunter2"), "{applied:#}");
    let (code, web) = demo.get(WEB).await;
    assert_eq!((code, &web["spec"]["replicas"]), (200, &json!(2)));
    let again = demo.change(SHOP, "preview", json!([])).await;
    assert_eq!(again["outcome"], "unchanged", "{again:#}");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_changes_is_told_field_by_field_and_a_secret_only_that_it_does() {
    let demo = Demo::start().await;
    demo.change(SHOP, "apply", json!([])).await;
    let other = SHOP
        .replace("nginx:1.29", "nginx:1.30")
        .replace("hunter2", "hunter3");
    let preview = demo.change(&other, "preview", json!([])).await;
    assert_eq!(
        preview["steps"][2]["fields"],
        json!([{
            "path": ".spec.template.spec.containers[name=\"main\"].image",
            "before": "\"nginx:1.29\"", "after": "\"nginx:1.30\"", "is_secret": false,
        }]),
        "{preview:#}"
    );
    let secret = &preview["steps"][1]["fields"];
    assert_eq!(
        secret,
        &json!([{ "path": ".data.token", "is_secret": true }])
    );
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_field_of_another_stays_theirs_unless_it_is_chosen() {
    let demo = Demo::start().await;
    demo.change(SHOP, "apply", json!([])).await;
    let scaled = json!({ "spec": { "replicas": 5 } });
    let (code, _) = demo
        .send("PATCH", &format!("{WEB}?fieldManager=hpa"), scaled)
        .await;
    assert_eq!(code, 200);
    let other = SHOP.replace("nginx:1.29", "nginx:1.30");

    let open = demo.change(&other, "apply", json!([])).await;
    assert_eq!(open["outcome"], "blocked", "{open:#}");
    let conflict = &open["steps"][2]["conflicts"][0];
    assert_eq!(conflict["path"], ".spec.replicas");
    assert_eq!(conflict["manager"], "hpa");
    assert_eq!(
        (&conflict["theirs"], &conflict["ours"]),
        (&json!("5"), &json!("2"))
    );
    assert_eq!(
        demo.get(WEB).await.1["spec"]["template"]["spec"]["containers"][0]["image"],
        "nginx:1.29"
    );

    let choice = |choice: &str| {
        let object = json!({ "kind": "Deployment", "namespace": "shop", "name": "web" });
        json!([{ "object": object, "path": ".spec.replicas", "choice": choice }])
    };
    let kept = demo.change(&other, "apply", choice("keep")).await;
    assert_eq!(kept["outcome"], "applied", "{kept:#}");
    let web = demo.get(WEB).await.1;
    assert_eq!(web["spec"]["replicas"], 5);
    assert_eq!(
        web["spec"]["template"]["spec"]["containers"][0]["image"],
        "nginx:1.30"
    );

    let taken = demo.change(&other, "apply", choice("take")).await;
    assert_eq!(taken["outcome"], "applied", "{taken:#}");
    assert_eq!(demo.get(WEB).await.1["spec"]["replicas"], 2);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_mistake_is_told_with_its_line_and_nothing_is_sent() {
    let demo = Demo::start().await;
    let broken = SHOP.replace("  replicas: 2", "  replicass: 2");
    demo.change(
        "apiVersion: v1\nkind: Namespace\nmetadata: { name: shop }\n",
        "apply",
        json!([]),
    )
    .await;
    let answer = demo.change(&broken, "apply", json!([])).await;
    assert_eq!(answer["outcome"], "blocked", "{answer:#}");
    let obstacle = &answer["steps"][2]["obstacle"];
    assert_eq!(obstacle["line"], 7, "{obstacle:#}");
    assert!(
        obstacle["details"][0]
            .as_str()
            .unwrap()
            .contains("replicass")
    );
    assert_eq!(
        demo.get("/api/v1/namespaces/shop/secrets/keys").await.0,
        404
    );
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_deletion_says_what_goes_along() {
    let demo = Demo::start().await;
    demo.change(SHOP, "apply", json!([])).await;
    demo.simulation.steer("step 30s").unwrap();
    let web = json!([{ "kind": "Deployment", "namespace": "shop", "name": "web" }]);
    let preview = demo.delete(web.clone(), "preview").await;
    assert_eq!(preview["outcome"], "ready", "{preview:#}");
    let along: Vec<(Value, Value)> = preview["steps"][0]["consequences"]
        .as_array()
        .unwrap()
        .iter()
        .map(|phrase| {
            (
                phrase["values"]["kind"].clone(),
                phrase["values"]["count"].clone(),
            )
        })
        .collect();
    let count = |number: f64| json!({ "number": number });
    assert!(
        along.contains(&(json!({ "text": "ReplicaSet" }), count(1.0))),
        "{along:?}"
    );
    assert!(
        along.contains(&(json!({ "text": "Pod" }), count(2.0))),
        "{along:?}"
    );
    assert_eq!(demo.get(WEB).await.0, 200);
    let gone = demo.delete(web.clone(), "apply").await;
    assert_eq!(gone["outcome"], "applied", "{gone:#}");
    assert_eq!(demo.get(WEB).await.0, 404);
    let again = demo.delete(web, "apply").await;
    assert_eq!(again["steps"][0]["obstacle"]["kind"], "stale", "{again:#}");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_missing_permission_is_named_and_nothing_is_sent() {
    // Its user may not read secrets.
    let demo = Demo::of("edge").await;
    let answer = demo.change(SHOP, "apply", json!([])).await;
    assert_eq!(answer["outcome"], "blocked", "{answer:#}");
    let obstacle = &answer["steps"][1]["obstacle"];
    assert_eq!(obstacle["kind"], "permission");
    assert_eq!(
        obstacle["sentence"]["values"]["permission"]["text"],
        "get secrets in namespace shop"
    );
    assert_eq!(demo.get("/api/v1/namespaces/shop").await.0, 404);
}
