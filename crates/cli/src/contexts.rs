//! `strata contexts`.

use std::process::ExitCode;

use serde_json::json;
use strata_api::rows::cluster::{ClusterRow, ContextProblemRow};
use strata_app::Launch;

use crate::{
    arguments::Output,
    exit::{INCOMPLETE, answer, remark},
    session::Session,
    table::{columns, visible},
};

/// Lists what can be connected to. Ends with 4 where a file or an entry could not be read.
pub(crate) async fn run(launch: Launch, output: Output) -> anyhow::Result<ExitCode> {
    let session = Session::start(launch).await?;
    let (contexts, problems) = session.contexts().await?;
    match output {
        Output::Json => {
            let text = json!({ "contexts": contexts, "problems": problems });
            answer(&format!("{text:#}\n"))?;
        }
        Output::Table => {
            answer(&columns(&lines(&contexts), 0))?;
            for ContextProblemRow {
                file,
                context,
                message,
            } in &problems
            {
                let place = if context.is_empty() {
                    file.clone()
                } else {
                    format!("{file}#{context}")
                };
                remark(&visible(&format!("{place}: {message}")));
            }
        }
    }
    session.end().await;
    Ok(if problems.is_empty() {
        ExitCode::SUCCESS
    } else {
        ExitCode::from(INCOMPLETE)
    })
}

fn lines(contexts: &[ClusterRow]) -> Vec<Vec<String>> {
    let head = ["", "CONTEXT", "SERVER", "USER", "NAMESPACE", "FILE"];
    let mut lines = vec![head.map(str::to_owned).to_vec()];
    lines.extend(contexts.iter().map(|context| {
        let file = if context.is_demo {
            "embedded demo cluster"
        } else {
            &context.file
        };
        vec![
            if context.is_current {
                "*".to_owned()
            } else {
                String::new()
            },
            context.name.clone(),
            context.server.clone(),
            context.user.clone(),
            context.namespace.clone(),
            file.to_owned(),
        ]
    }));
    lines
}
