//! `strata try`: asks a served model, shows the answer as it comes, and tells how fast that was.

use std::{io::Read as _, process::ExitCode};

use serde_json::{Value, json};
use strata_api::{
    operations::{ByHand, Nothing, OneTrial},
    playground::{AskModel, ChatMessage, ChatRole, Prompt, SamplingParameters},
    rows::{
        Row,
        playground::{AnswerRow, ModelServerRow, TrialState},
    },
    topics::Topic,
};
use strata_app::Launch;

use crate::{
    arguments::{Told, TryModel},
    exit::{answer, remark},
    serving::{self, Chosen, seconds},
    session::{Rows, Session},
    table::{columns, visible},
};

/// Asks, or lists what can be asked. Ends with 1 where the answer failed.
pub(crate) async fn run(launch: Launch, wanted: &TryModel) -> anyhow::Result<ExitCode> {
    let session = Session::start(launch).await?;
    let Some(named) = &wanted.target else {
        let rows = serving::list(&session, &wanted.server).await?;
        match wanted.output {
            Told::Json => answer(&format!("{:#}\n", json!({ "servers": rows })))?,
            Told::Text => answer(&as_table(&rows))?,
        }
        session.end().await;
        return Ok(ExitCode::SUCCESS);
    };
    let prompt = prompt(wanted)?;
    let chosen = serving::choose(&session, named, &wanted.server).await?;
    let asked = AskModel {
        server: chosen.server.clone(),
        key: chosen.key.clone(),
        model: chosen.model.clone(),
        prompt,
        sampling: SamplingParameters {
            temperature: wanted.temperature,
            max_tokens: wanted.max_tokens,
        },
        is_streamed: !wanted.no_stream,
    };
    if wanted.curl {
        let by_hand: ByHand = session.call("ask_by_hand", &asked).await?;
        answer(&format!("{}\n{}\n", by_hand.forward, by_hand.curl))?;
        session.end().await;
        return Ok(ExitCode::SUCCESS);
    }
    let trial: OneTrial = session.call("ask_model", &asked).await?;
    let told = follow(&session, &trial, wanted.output).await?;
    session.end().await;
    if wanted.output == Told::Json {
        answer(&format!("{:#}\n", as_json(&chosen, &told)))?;
    } else {
        answer("\n")?;
        remark(&visible(&figures(&told.row)));
    }
    Ok(match told.row.state {
        TrialState::Failed => ExitCode::FAILURE,
        _ => ExitCode::SUCCESS,
    })
}

/// An answer that is over.
struct Answered {
    row: AnswerRow,
    text: String,
    reasoning: String,
}

/// Follows an answer to its end, or until it is interrupted; shows its text as it comes.
async fn follow(session: &Session, trial: &OneTrial, form: Told) -> anyhow::Result<Answered> {
    let mut rows = session
        .subscribe(Topic::Answer {
            trial: trial.trial.clone(),
        })
        .await?;
    let mut shown = 0;
    let mut is_interrupted = false;
    loop {
        tokio::select! {
            next = rows.next() => next?,
            _ = tokio::signal::ctrl_c(), if !is_interrupted => {
                is_interrupted = true;
                let Nothing {} = session.call("stop_trial", trial).await?;
                continue;
            }
        }
        let (text, reasoning) = texts(&rows);
        if form == Told::Text {
            // Lines of an answer are its own; all else that moves a cursor is shown.
            let more = text.get(shown..).unwrap_or_default();
            let more: Vec<String> = more.split('\n').map(visible).collect();
            answer(&more.join("\n"))?;
            shown = text.len();
        }
        let row = rows.iter().find_map(|row| match row {
            Row::Answer(row) if row.state.is_over() => Some(row.as_ref().clone()),
            _ => None,
        });
        if let Some(row) = row {
            return Ok(Answered {
                row,
                text,
                reasoning,
            });
        }
    }
}

/// The text of an answer, and what the model thought before.
fn texts(rows: &Rows) -> (String, String) {
    let (mut text, mut reasoning) = (String::new(), String::new());
    for row in rows.iter() {
        if let Row::AnswerPiece(piece) = row {
            if piece.is_reasoning {
                reasoning.push_str(&piece.text);
            } else {
                text.push_str(&piece.text);
            }
        }
    }
    (text, reasoning)
}

fn prompt(wanted: &TryModel) -> anyhow::Result<Prompt> {
    let mut text = wanted.prompt.clone().unwrap_or_default();
    if text == "-" {
        text.clear();
        std::io::stdin().lock().read_to_string(&mut text)?;
    }
    if wanted.completion {
        return Ok(Prompt::Completion { text });
    }
    let said = |role, content: &str| ChatMessage {
        role,
        content: content.to_owned(),
    };
    let system = wanted.system.iter();
    let system = system.map(|text| said(ChatRole::System, text));
    Ok(Prompt::Chat {
        messages: system.chain([said(ChatRole::User, &text)]).collect(),
    })
}

fn as_json(chosen: &Chosen, told: &Answered) -> Value {
    json!({
        "server": chosen.server,
        "model": chosen.model,
        "text": told.text,
        "reasoning": told.reasoning,
        "answer": told.row,
    })
}

/// One line: how it went, how fast, what was used.
fn figures(row: &AnswerRow) -> String {
    let mut parts = Vec::new();
    match (&row.fault, row.state) {
        (Some(fault), _) => parts.push(format!("{}: {}", serving::fault(fault.kind), fault.said)),
        (None, TrialState::Stopped) => parts.push("stopped".to_owned()),
        (None, _) => parts.push(format!("finish reason {}", row.finish_reason)),
    }
    let times = &row.times;
    parts.extend(
        times
            .first_token_seconds
            .map(|took| format!("TTFT {}", seconds(took))),
    );
    let speed = times.tokens_per_second;
    parts.extend(speed.map(|speed| format!("{speed:.1} tokens/s")));
    parts.extend(
        times
            .total_seconds
            .map(|took| format!("in all {}", seconds(took))),
    );
    let tokens = &row.tokens;
    if let Some(output) = tokens.output {
        let prompt = tokens.prompt.map(|prompt| format!("{prompt} + "));
        let how = if tokens.is_told {
            ""
        } else {
            " (counted here)"
        };
        parts.push(format!(
            "{}{output} tokens{how}",
            prompt.unwrap_or_default()
        ));
    }
    parts.join(", ")
}

fn as_table(rows: &[ModelServerRow]) -> String {
    if rows.is_empty() {
        return "Nothing here serves a model by OpenAI's interface.\n".to_owned();
    }
    let head = ["NAMESPACE", "KIND", "NAME", "ENGINE", "READY", "MODELS"].map(str::to_owned);
    let lines = rows.iter().map(|row| {
        vec![
            row.namespace.clone(),
            row.kind.clone(),
            row.name.clone(),
            row.engine.clone(),
            format!("{}/{}", row.pods.ready, row.pods.desired),
            row.models.join(", "),
        ]
    });
    let lines: Vec<Vec<String>> = std::iter::once(head.to_vec()).chain(lines).collect();
    columns(&lines, 0)
}

#[cfg(test)]
mod tests {
    use strata_api::rows::playground::{AnswerTimes, AnswerTokens};

    use super::*;

    #[test]
    fn the_figures_of_an_answer_are_one_line() {
        let row = AnswerRow {
            state: TrialState::Done,
            finish_reason: "stop".to_owned(),
            times: AnswerTimes {
                connect_seconds: Some(0.02),
                first_token_seconds: Some(0.214),
                total_seconds: Some(2.5),
                per_token_seconds: Some(0.02),
                tokens_per_second: Some(50.0),
            },
            tokens: AnswerTokens {
                prompt: Some(12),
                output: Some(115),
                is_told: true,
            },
            ..AnswerRow::default()
        };
        assert_eq!(
            figures(&row),
            "finish reason stop, TTFT 214 ms, 50.0 tokens/s, in all 2.50 s, 12 + 115 tokens"
        );
    }
}
