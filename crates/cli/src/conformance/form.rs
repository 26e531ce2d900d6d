//! The checklist's own form: a draft of the YAML that a vendor hands in, with what the API server
//! told filled in. What it cannot tell (who the vendor is, documents on the web) stays as the form
//! has it.

use std::fmt::Write as _;

use serde_json::Value;
use strata_api::rows::survey::Answer;

use super::{Answered, RequirementRow, level, object};

/// What only the vendor knows, as the form has it.
const OF_THE_VENDOR: [(&str, &str); 10] = [
    ("platformName", "[Platform Name]"),
    ("platformVersion", "[Platform Version]"),
    ("vendorName", "[Vendor Name]"),
    ("websiteUrl", "[Website URL]"),
    ("repoUrl", "[Repository URL]"),
    ("documentationUrl", "[Documentation URL]"),
    ("productLogoUrl", "[Product Logo URL]"),
    ("description", "[Description]"),
    ("contactEmailAddress", "[Contact Email Address]"),
    ("k8sConformanceUrl", "[K8s Conformance URL]"),
];

/// The form, filled in.
pub(super) fn filled(answered: &Answered) -> String {
    let mut text = String::from(
        "# Kubernetes AI Conformance Checklist\n\
         # A draft: statuses and notes are what the API server told. Evidence is to be linked by hand.\n\
         metadata:\n",
    );
    let version = format!("v{}", answered.kubernetes());
    let own = [("kubernetesVersion", version.as_str())];
    for (key, value) in own.into_iter().chain(OF_THE_VENDOR) {
        line(&mut text, 2, key, value);
    }
    text.push_str("spec:\n");
    let mut area = "";
    for row in &answered.requirements {
        if row.area != area {
            area = &row.area;
            writeln!(text, "  {area}:").ok();
        }
        requirement(&mut text, row);
    }
    text
}

fn requirement(text: &mut String, row: &RequirementRow) {
    writeln!(text, "    - id: {}", row.requirement).ok();
    line(text, 6, "description", &row.description);
    writeln!(text, "      level: {}", level(row.level)).ok();
    line(text, 6, "status", status(row.found.answer));
    writeln!(text, "      evidence: []").ok();
    line(text, 6, "notes", &notes(row));
}

/// The reason, and each fact it rests on.
fn notes(row: &RequirementRow) -> String {
    let mut notes = row.found.reason.english();
    for fact in &row.found.evidence {
        write!(notes, "; {}: {} = {}", object(fact), fact.field, fact.value).ok();
    }
    notes
}

/// The form's words. For what cannot be told it has none, and the field stays empty.
fn status(answer: Answer) -> &'static str {
    match answer {
        Answer::Met => "Implemented",
        Answer::Partly => "Partially Implemented",
        Answer::NotMet => "Not Implemented",
        Answer::NotApplicable => "N/A",
        Answer::Unknown => "",
    }
}

/// A key and its text. A JSON string is a YAML string too, whatever the text holds.
fn line(text: &mut String, indent: usize, key: &str, value: &str) {
    let quoted = Value::from(value).to_string();
    writeln!(text, "{:indent$}{key}: {quoted}", "").ok();
}

#[cfg(test)]
mod tests {
    use strata_api::{
        operations::Bilingual,
        phrases::{Phrase, PhraseCode},
        rows::{
            conformance::{ChecklistRow, RequirementLevel},
            survey::{Assessment, Evidence},
        },
    };

    use super::*;

    fn row(id: &str, answer: Answer) -> RequirementRow {
        RequirementRow {
            requirement: id.to_owned(),
            area: "schedulingOrchestration".to_owned(),
            area_name: Bilingual::default(),
            name: Bilingual::default(),
            description: "Says \"all or nothing\": whole".to_owned(),
            level: RequirementLevel::Must,
            found: Assessment {
                answer,
                reason: Phrase::new(PhraseCode::SurveyAble).with("names", "Kueue"),
                remedy: None,
                evidence: vec![Evidence {
                    group: "apps".to_owned(),
                    kind: "Deployment".to_owned(),
                    namespace: "kueue-system".to_owned(),
                    name: "kueue".to_owned(),
                    field: "status.readyReplicas".to_owned(),
                    value: "1 / 1".to_owned(),
                    since: None,
                    subject: None,
                }],
            },
            tested: String::new(),
            test: None,
            untested: None,
        }
    }

    #[test]
    fn the_form_has_the_checklists_own_fields_in_its_own_words() {
        let answered = Answered {
            checklist: Some(ChecklistRow {
                kubernetes: "1.36".to_owned(),
                server: "v1.36.3".to_owned(),
                complete: true,
            }),
            requirements: vec![
                row("gang_scheduling", Answer::Met),
                row("pod_autoscaling", Answer::Unknown),
            ],
        };
        let text = filled(&answered);
        assert!(text.contains("  kubernetesVersion: \"v1.36\"\n"), "{text}");
        let gang = "  schedulingOrchestration:\n    \
                    - id: gang_scheduling\n      \
                    description: \"Says \\\"all or nothing\\\": whole\"\n      \
                    level: MUST\n      \
                    status: \"Implemented\"\n      \
                    evidence: []\n      \
                    notes: \"Installed and healthy: Kueue; Deployment.apps/kueue -n kueue-system: \
                    status.readyReplicas = 1 / 1\"\n    \
                    - id: pod_autoscaling\n";
        assert!(text.contains(gang), "{text}");
        assert_eq!(text.matches("schedulingOrchestration").count(), 1);
        assert!(
            text.contains("      status: \"\"\n"),
            "what cannot be told stays empty"
        );
    }
}
