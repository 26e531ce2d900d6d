//! `strata conformance`: the AI Conformance checklist of a cluster's version, answered from its API
//! server; as a table, as JSON, or in the checklist's own form.

use std::{fmt::Write as _, process::ExitCode};

use anyhow::Context as _;
use serde_json::{Value, json};
use strata_api::{
    phrases::Phrase,
    rows::{
        Row,
        conformance::{ChecklistRow, RequirementLevel, RequirementRow},
        survey::{Answer, Evidence},
    },
    topics::Topic,
};
use strata_app::Launch;

use crate::{
    arguments::{Conformance, Form},
    exit::{INCOMPLETE, answer, remark},
    session::{Rows, Session},
    table::{columns, visible},
};

mod form;
mod test_run;

/// Answers the checklist once every list has been read. Ends with 4 where some list was not.
pub(crate) async fn run(launch: Launch, wanted: &Conformance) -> anyhow::Result<ExitCode> {
    let session = Session::start(launch).await?;
    let cluster = session.choose(&wanted.target).await?;
    let complete = session
        .connect(&cluster, wanted.target.approve_plugin, wanted.timeout)
        .await?;
    let topic = Topic::Conformance {
        cluster: cluster.clone(),
    };
    let mut rows = session.subscribe(topic).await?;
    let answered = loop {
        rows.next().await?;
        let answered = Answered::of(&rows);
        if !complete || answered.checklist.as_ref().is_some_and(|row| row.complete) {
            break answered;
        }
    };
    if let Some(id) = &wanted.run_test {
        let requirement = answered
            .requirements
            .iter()
            .find(|row| row.requirement == *id)
            .with_context(|| format!("the checklist has no requirement `{id}`"))?;
        let ended = test_run::run(&session, &cluster, requirement, wanted.dry_run).await;
        drop(rows);
        session.end().await;
        return ended;
    }
    match wanted.output {
        Form::Table => answer(&answered.text())?,
        Form::Yaml => answer(&form::filled(&answered))?,
        Form::Json => answer(&format!("{:#}\n", answered.json(&cluster)))?,
    }
    if !complete {
        remark(&format!(
            "some lists did not come within {:?}; what they would tell is unknown",
            wanted.timeout
        ));
    }
    drop(rows);
    session.end().await;
    Ok(if complete {
        ExitCode::SUCCESS
    } else {
        ExitCode::from(INCOMPLETE)
    })
}

/// The checklist and its answers.
#[derive(Default)]
struct Answered {
    checklist: Option<ChecklistRow>,
    requirements: Vec<RequirementRow>,
}

impl Answered {
    fn of(rows: &Rows) -> Self {
        let mut answered = Self::default();
        for row in rows.iter() {
            match row {
                Row::Checklist(row) => answered.checklist = Some(row.clone()),
                Row::Requirement(row) => answered.requirements.push(row.clone()),
                _ => {}
            }
        }
        answered
    }

    fn kubernetes(&self) -> &str {
        self.checklist
            .as_ref()
            .map_or("", |row| row.kubernetes.as_str())
    }

    fn server(&self) -> &str {
        self.checklist
            .as_ref()
            .map_or("", |row| row.server.as_str())
    }

    fn of_level(&self, level: RequirementLevel) -> impl Iterator<Item = &RequirementRow> {
        self.requirements
            .iter()
            .filter(move |row| row.level == level)
    }

    fn text(&self) -> String {
        if self.kubernetes().is_empty() {
            return visible(&format!(
                "There is no AI Conformance checklist for Kubernetes {}; the oldest is for 1.33",
                self.server()
            )) + "\n";
        }
        let mut text = visible(&format!(
            "Kubernetes AI Conformance {}, server {}",
            self.kubernetes(),
            self.server()
        )) + "\n";
        for (level, word) in [
            (RequirementLevel::Must, "MUST"),
            (RequirementLevel::Should, "SHOULD"),
        ] {
            let met = self.of_level(level);
            let met = met.filter(|row| row.found.answer == Answer::Met).count();
            let all = self.of_level(level).count();
            writeln!(text, "\n{word}  {met} of {all} met").ok();
            for row in self.of_level(level) {
                text.push_str(&requirement(row));
            }
        }
        text
    }

    fn json(&self, cluster: &str) -> Value {
        let requirements: Vec<Value> = self
            .requirements
            .iter()
            .map(|row| {
                json!({
                    "id": row.requirement,
                    "area": row.area,
                    "level": level(row.level),
                    "name": row.name.en,
                    "answer": row.found.answer,
                    "reason": row.found.reason.english(),
                    "remedy": row.found.remedy.as_ref().map(Phrase::english),
                    "evidence": row.found.evidence,
                    "tested": row.tested,
                    "test": row.test,
                    "untested": row.untested,
                })
            })
            .collect();
        json!({
            "cluster": cluster,
            "checklist": self.kubernetes(),
            "server": self.server(),
            "requirements": requirements,
        })
    }
}

/// A requirement in a few lines: the answer, why, what would change it, what it rests on.
fn requirement(row: &RequirementRow) -> String {
    let indent = " ".repeat(16);
    let mut text = visible(&format!(
        "  {:12}  {}  {}",
        word(row.found.answer),
        row.requirement,
        row.found.reason.english()
    )) + "\n";
    if let Some(remedy) = &row.found.remedy {
        writeln!(text, "{indent}{}", visible(&remedy.english())).ok();
    }
    let lines: Vec<Vec<String>> = row
        .found
        .evidence
        .iter()
        .map(|line| {
            let since = line.since.as_ref();
            vec![
                object(line),
                format!("{} = {}", line.field, line.value),
                since.map(|at| format!("since {at}")).unwrap_or_default(),
            ]
        })
        .collect();
    text + &columns(&lines, 16)
}

/// An object in kubectl's spelling.
fn object(line: &Evidence) -> String {
    let kind = if line.group.is_empty() {
        line.kind.clone()
    } else {
        format!("{}.{}", line.kind, line.group)
    };
    match (line.namespace.as_str(), line.name.as_str()) {
        (_, "") => kind,
        ("", name) => format!("{kind}/{name}"),
        (namespace, name) => format!("{kind}/{name} -n {namespace}"),
    }
}

fn word(answer: Answer) -> &'static str {
    match answer {
        Answer::Met => "met",
        Answer::Partly => "partly",
        Answer::NotMet => "NOT MET",
        Answer::NotApplicable => "n/a",
        Answer::Unknown => "cannot tell",
    }
}

fn level(level: RequirementLevel) -> &'static str {
    match level {
        RequirementLevel::Must => "MUST",
        RequirementLevel::Should => "SHOULD",
    }
}
