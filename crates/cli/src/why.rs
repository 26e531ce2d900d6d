//! `strata why`: the one reason why something does not run, then the lesser ones.

use std::{process::ExitCode, time::Duration};

use serde_json::{Value, json};
use strata_api::{
    error::{ApiError, ErrorCode},
    explanation::{Explanation, Finding, Reason, RunState},
    operations::OneObject,
    phrases::PhraseValue,
};
use strata_app::Launch;

use crate::{
    arguments::{Told, Why},
    exit::{INCOMPLETE, Unreachable, answer, remark},
    session::Session,
    table::visible,
};

/// How long a connection may take where a plugin is to be approved on the way.
const CONNECTING: Duration = Duration::from_mins(1);

/// Asks once, and tells. Ends with 4 where something could not be read that would have been looked at.
pub(crate) async fn run(launch: Launch, why: &Why) -> anyhow::Result<ExitCode> {
    let session = Session::start(launch).await?;
    let cluster = session.choose(&why.target).await?;
    if why.target.approve_plugin {
        session.connect(&cluster, true, CONNECTING).await?;
    }
    let (kind, name) = &why.object;
    let namespace = match &why.namespace {
        Some(namespace) => namespace.clone(),
        None => session.namespace(&cluster).await?,
    };
    let request = OneObject {
        cluster,
        kind: kind.clone(),
        namespace,
        name: name.clone(),
    };
    let asked = session.call("explain_object", &request).await;
    let explanation: Explanation = asked.map_err(unreachable)?;
    match why.output {
        Told::Json => answer(&format!("{:#}\n", as_json(&explanation)))?,
        Told::Text => answer(&as_text(&explanation))?,
    }
    for gap in &explanation.unread {
        remark(&visible(&format!("not looked at: {gap}")));
    }
    session.end().await;
    Ok(if explanation.unread.is_empty() {
        ExitCode::SUCCESS
    } else {
        ExitCode::from(INCOMPLETE)
    })
}

/// A cluster that does not answer, or does not let one in, is told from other failures by the exit
/// code.
fn unreachable(error: anyhow::Error) -> anyhow::Error {
    let is_unreachable = error.downcast_ref::<ApiError>().is_some_and(|error| {
        matches!(
            error.code,
            ErrorCode::Unauthorized | ErrorCode::Unavailable | ErrorCode::Timeout
        )
    });
    if is_unreachable {
        Unreachable(error.to_string()).into()
    } else {
        error
    }
}

fn as_json(explanation: &Explanation) -> Value {
    json!({
        "object": explanation.object,
        "standing": explanation.standing,
        "summary": explanation.summary.english(),
        "reason": explanation.reason.as_ref().map(reason_as_json),
        "others": explanation.others.iter().map(reason_as_json).collect::<Vec<_>>(),
        "unread": explanation.unread,
    })
}

fn reason_as_json(reason: &Reason) -> Value {
    json!({
        "code": reason.code,
        "stage": reason.stage,
        "sentence": reason.sentence.english(),
        "evidence": reason.evidence,
        "action": reason.action.english(),
        "waiting_is_futile": reason.waiting_is_futile,
        "pods": reason.pods,
    })
}

fn as_text(explanation: &Explanation) -> String {
    let mut text = format!(
        "{}: {}\n",
        visible(&explanation.object.to_string()),
        visible(&explanation.summary.english())
    );
    match &explanation.reason {
        Some(reason) => text.push_str(&reason_as_text(reason)),
        None => text.push_str(match explanation.standing {
            RunState::Starting => "Nothing is wrong with it so far.\n",
            _ => "Nothing is wrong with it.\n",
        }),
    }
    if !explanation.others.is_empty() {
        text.push_str("\nAlso\n");
    }
    for reason in &explanation.others {
        text.push_str(&reason_as_text(reason));
    }
    text
}

fn reason_as_text(reason: &Reason) -> String {
    let mut lines = vec![
        String::new(),
        format!("  {}", visible(&reason.sentence.english())),
    ];
    lines.extend(reason.evidence.iter().map(finding));
    lines.push(format!("  Next: {}", visible(&reason.action.english())));
    if reason.waiting_is_futile {
        lines.push("  Waiting alone cannot help.".to_owned());
    }
    lines.push(format!("  ({})", reason.code.as_str()));
    lines.join("\n") + "\n"
}

fn finding(finding: &Finding) -> String {
    let age = finding.age_seconds.map_or_else(String::new, |seconds| {
        format!(", {} ago", PhraseValue::Seconds(seconds))
    });
    visible(&format!(
        "    {} {}: {}{age}",
        finding.object, finding.field, finding.message
    ))
}

#[cfg(test)]
mod tests {
    use strata_api::{
        explanation::{ObjectName, ReasonCode, Stage},
        phrases::{Phrase, PhraseCode},
    };

    use super::*;

    fn explanation(reason: Option<Reason>) -> Explanation {
        Explanation {
            object: ObjectName {
                kind: "Pod".to_owned(),
                namespace: "team-a".to_owned(),
                name: "train-0".to_owned(),
            },
            standing: RunState::NotRunning,
            summary: Phrase::new(PhraseCode::WhyReadyCount)
                .with("ready", 0_u32)
                .with("pods", 1_u32),
            reason,
            others: Vec::new(),
            unread: Vec::new(),
        }
    }

    #[test]
    fn a_reason_is_told_with_its_evidence_and_the_next_action() {
        let told = as_text(&explanation(Some(Reason {
            code: ReasonCode::NoNodes,
            stage: Stage::Scheduling,
            sentence: Phrase::new(PhraseCode::WhyNoNodes),
            evidence: vec![Finding {
                object: explanation(None).object,
                field: "status.conditions[PodScheduled]".to_owned(),
                message: "no nodes\u{1b}[2J".to_owned(),
                since: None,
                age_seconds: Some(180.0),
            }],
            action: Phrase::new(PhraseCode::ActAddNode),
            waiting_is_futile: false,
            pods: 1,
        })));
        assert_eq!(
            told,
            "Pod team-a/train-0: 0 of 1 pod ready\n\n  The cluster has no node\n    Pod \
             team-a/train-0 status.conditions[PodScheduled]: no nodes·[2J, 3 min ago\n  Next: Add a \
             node, or check the autoscaler\n  (no_nodes)\n"
        );
    }

    #[test]
    fn what_does_well_has_no_reason_in_json() {
        assert_eq!(as_json(&explanation(None))["reason"], Value::Null);
    }
}
