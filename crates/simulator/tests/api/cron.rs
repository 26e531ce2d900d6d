//! Cron jobs, as a user creates and changes them and time goes by.

use std::time::Duration;

use http::{Method, StatusCode};
use serde_json::{Value, json};

use crate::{
    client::{Client, JSON, create, items, name, patch, start},
    workloads::messages,
};

const CRONS: &str = "/apis/batch/v1/namespaces/web/cronjobs";
const CRON: &str = "/apis/batch/v1/namespaces/web/cronjobs/often";
const JOBS: &str = "/apis/batch/v1/namespaces/web/jobs";

/// A cron job whose pods run for `seconds`.
fn cron(schedule: &str, seconds: u64, more: Value) -> Value {
    let command = json!(["sleep", seconds.to_string()]);
    let mut cron = json!({ "metadata": { "name": "often" }, "spec": {
        "schedule": schedule,
        "jobTemplate": { "metadata": { "labels": { "app": "often" } }, "spec": { "template": { "spec": {
            "restartPolicy": "Never",
            "containers": [{ "name": "main", "image": "busybox:1.37", "command": command }],
        } } } },
    } });
    if let (Value::Object(spec), Value::Object(more)) = (&mut cron["spec"], more) {
        spec.extend(more);
    }
    cron
}

async fn jobs(client: &Client) -> Vec<Value> {
    items(&client.get(JOBS).await).to_vec()
}

fn active(cron: &Value) -> usize {
    cron["status"]["active"].as_array().map_or(0, Vec::len)
}

#[tokio::test]
async fn a_job_is_made_at_each_time_and_named_by_its_minute() {
    let (simulator, client) = start();
    create(&client, CRONS, &cron("*/5 * * * *", 60, json!({}))).await;
    simulator.advance(Duration::from_secs(299));
    assert!(jobs(&client).await.is_empty());
    simulator.advance(Duration::from_secs(2));
    let made = jobs(&client).await;
    assert_eq!(made.len(), 1);
    // 2026-11-23T12:05:00Z, in minutes.
    assert_eq!(name(&made[0]), "often-29923925");
    let metadata = &made[0]["metadata"];
    assert_eq!(metadata["labels"]["app"], "often");
    assert_eq!(
        metadata["annotations"]["batch.kubernetes.io/cronjob-scheduled-timestamp"],
        "2026-11-23T12:05:00Z"
    );
    assert_eq!(metadata["ownerReferences"][0]["kind"], "CronJob");
    let now = client.get(CRON).await;
    assert_eq!(now["status"]["lastScheduleTime"], "2026-11-23T12:05:00Z");
    assert_eq!(now["status"]["active"][0]["name"], "often-29923925");
    simulator.advance(Duration::from_mins(3));
    let now = client.get(CRON).await;
    assert_eq!(active(&now), 0);
    assert_eq!(
        now["status"]["lastSuccessfulTime"],
        jobs(&client).await[0]["status"]["completionTime"]
    );
    assert_eq!(
        messages(&client, "often", "SuccessfulCreate").await,
        ["Created job often-29923925"]
    );
    assert_eq!(
        messages(&client, "often", "SawCompletedJob").await,
        ["Saw completed job: often-29923925, condition: Complete"]
    );
}

#[tokio::test]
async fn only_as_many_jobs_that_are_over_are_kept_as_the_history_holds() {
    let (simulator, client) = start();
    let more = json!({ "successfulJobsHistoryLimit": 2 });
    create(&client, CRONS, &cron("* * * * *", 5, more)).await;
    simulator.advance(Duration::from_secs(350));
    let kept: Vec<String> = jobs(&client)
        .await
        .iter()
        .map(|job| name(job).to_owned())
        .collect();
    assert_eq!(kept, ["often-29923924", "often-29923925"]);
    let told = messages(&client, "often", "SuccessfulDelete").await;
    assert_eq!(told.len(), 3);
    assert!(
        told.contains(&"Deleted job often-29923921".to_owned()),
        "{told:?}"
    );
}

#[tokio::test]
async fn a_job_that_still_runs_is_kept_replaced_or_joined_as_the_policy_says() {
    for (policy, running, reason) in [
        ("Allow", 3, "SuccessfulCreate"),
        ("Forbid", 1, "JobAlreadyActive"),
        ("Replace", 1, "SuccessfulDelete"),
    ] {
        let (simulator, client) = start();
        let more = json!({ "concurrencyPolicy": policy });
        create(&client, CRONS, &cron("* * * * *", 3600, more)).await;
        simulator.advance(Duration::from_secs(210));
        assert_eq!(active(&client.get(CRON).await), running, "{policy}");
        assert!(
            !messages(&client, "often", reason).await.is_empty(),
            "{policy}"
        );
        let last = jobs(&client).await.last().map(|job| name(job).to_owned());
        let expected = if policy == "Forbid" {
            "often-29923921"
        } else {
            "often-29923923"
        };
        assert_eq!(last.as_deref(), Some(expected), "{policy}");
    }
}

#[tokio::test]
async fn a_suspended_cron_job_makes_nothing_and_then_one_job_for_what_it_missed() {
    let (simulator, client) = start();
    let more = json!({ "suspend": true });
    create(&client, CRONS, &cron("* * * * *", 5, more)).await;
    simulator.advance(Duration::from_secs(270));
    assert!(jobs(&client).await.is_empty());
    patch(&client, CRON, json!({ "spec": { "suspend": false } })).await;
    simulator.advance(Duration::ZERO);
    let made = jobs(&client).await;
    assert_eq!(made.len(), 1);
    assert_eq!(name(&made[0]), "often-29923924");
}

#[tokio::test]
async fn a_time_that_is_missed_by_more_than_the_deadline_is_told_and_left_out() {
    let (simulator, client) = start();
    let more = json!({ "startingDeadlineSeconds": 20, "suspend": true });
    create(&client, CRONS, &cron("0 * * * *", 5, more)).await;
    simulator.advance(Duration::from_mins(70));
    patch(&client, CRON, json!({ "spec": { "suspend": false } })).await;
    simulator.advance(Duration::from_mins(1));
    assert!(jobs(&client).await.is_empty());
    simulator.advance(Duration::from_mins(50));
    assert_eq!(jobs(&client).await.len(), 1);
}

#[tokio::test]
async fn a_schedule_is_by_the_clocks_of_its_zone() {
    let (simulator, client) = start();
    let more = json!({ "timeZone": "Asia/Shanghai" });
    create(&client, CRONS, &cron("30 20 * * *", 5, more)).await;
    simulator.advance(Duration::from_mins(31));
    let made = jobs(&client).await;
    assert_eq!(made.len(), 1);
    assert_eq!(
        made[0]["metadata"]["annotations"]["batch.kubernetes.io/cronjob-scheduled-timestamp"],
        "2026-11-23T20:30:00+08:00"
    );
}

#[tokio::test]
async fn what_is_no_schedule_is_refused() {
    let (_simulator, client) = start();
    let wrong = cron("61 * * * *", 5, json!({}));
    let (status, answer) = client.write(Method::POST, CRONS, JSON, &wrong).await;
    assert_eq!(status, StatusCode::UNPROCESSABLE_ENTITY);
    assert_eq!(
        answer["message"],
        "CronJob.batch \"often\" is invalid: spec.schedule: Invalid value: \"61 * * * *\": end of \
         range (61) above maximum (59): 61"
    );
}
