//! Trying served models.

use strata_api::{
    error::{ApiError, ErrorCode},
    operations::{AskModel, ByHand, Nothing, OneTrial, ReadModels, ServedModels, StartLoadTest},
    playground::{Load, Prompt, SamplingParameters, ServedModel, ServerKey, Way},
};
use strata_ports::tunnel;

use super::{Operations, changes::context};
use crate::{
    change::guard,
    engine::ask,
    inbox::Command,
    playground::{
        by_hand,
        desk::{AnswerPlan, Plan},
        load::LoadPlan,
        noted::Noted,
        openai,
        reach::{Reach, called},
    },
};

/// How a server is reached, and which models it has.
pub(super) async fn read_models(
    operations: &Operations,
    ReadModels { server, key }: ReadModels,
) -> Result<ServedModels, ApiError> {
    check_key(&key)?;
    let reach = Reach::find(operations, &server, &key).await?;
    let told = reach.models().await?;
    let pod = reach.pod(0);
    Ok(ServedModels {
        are_told: told.models.is_some(),
        models: told.models.unwrap_or_else(|| {
            let known = reach.models.iter().map(|id| ServedModel {
                id: id.clone(),
                context_tokens: None,
            });
            known.collect()
        }),
        pod: pod.map_or_else(String::new, |pod| pod.pod.name.to_string()),
        pods: u32::try_from(reach.pods.len()).unwrap_or(u32::MAX),
        port: pod.map_or(0, |pod| pod.port),
        way: match told.way {
            tunnel::Way::Forwarded => Way::Forwarded,
            tunnel::Way::Proxied => Way::Proxied,
            tunnel::Way::Here => Way::Here,
        },
        base: reach.base.clone(),
        secret: reach.secret.clone(),
        wants_key: told.wants_key,
    })
}

/// Asks a model; the answer is told by the topic of its number.
pub(super) async fn ask_model(
    operations: &Operations,
    asked: AskModel,
) -> Result<OneTrial, ApiError> {
    check_question(&asked)?;
    let reach = Reach::find(operations, &asked.server, &asked.key).await?;
    let plan = Plan::Answer(AnswerPlan {
        question: openai::ask(&reach.base, &reach.key, &asked),
        turn: reach.turn_of(&asked.prompt),
        reach,
    });
    begin(operations, plan).await
}

/// How a person would ask the same.
pub(super) async fn ask_by_hand(
    operations: &Operations,
    asked: AskModel,
) -> Result<ByHand, ApiError> {
    check_question(&asked)?;
    let context = match asked.server.cluster.as_str() {
        "" => None,
        cluster => Some(context(operations, cluster)?),
    };
    let reach = Reach::find(operations, &asked.server, &asked.key).await?;
    let pod = reach.pod(reach.turn_of(&asked.prompt)).ok_or_else(|| {
        let message = format!("{} has no pod", called(&asked.server));
        ApiError::new(ErrorCode::Unavailable, message)
    })?;
    Ok(by_hand::commands(
        context.as_ref(),
        pod,
        &reach.base,
        &asked,
    ))
}

/// Loads a server; how it does is told by the topic of the test's number.
pub(super) async fn start_load_test(
    operations: &Operations,
    StartLoadTest { server, key, load }: StartLoadTest,
) -> Result<OneTrial, ApiError> {
    check_key(&key)?;
    check_load(&load)?;
    let context = match server.cluster.as_str() {
        "" => None,
        cluster => Some(context(operations, cluster)?),
    };
    // This machine is its user's own: nothing keeps one from it.
    if let Some(context) = &context {
        guard::allow_load(operations, context).await?;
    }
    let reach = Reach::find(operations, &server, &key).await?;
    let noted = Noted::begin(operations, context.as_ref(), &server, &load).await?;
    let plan = LoadPlan {
        reach,
        load,
        noted: Some(noted.clone()),
    };
    let begun = begin(operations, Plan::Load(plan)).await;
    if let Err(error) = &begun {
        noted.end(0, &error.message);
    }
    begun
}

/// Stops a trial.
pub(super) async fn stop_trial(
    operations: &Operations,
    OneTrial { trial }: OneTrial,
) -> Result<Nothing, ApiError> {
    ask(&operations.commands, |reply| Command::StopTrial {
        trial,
        reply,
    })
    .await?;
    Ok(Nothing {})
}

async fn begin(operations: &Operations, plan: Plan) -> Result<OneTrial, ApiError> {
    let plan = Box::new(plan);
    let trial = ask(&operations.commands, |reply| Command::BeginTrial {
        plan,
        reply,
    })
    .await?;
    Ok(OneTrial {
        trial: trial.to_string(),
    })
}

fn check_question(asked: &AskModel) -> Result<(), ApiError> {
    check_key(&asked.key)?;
    check_sampling(asked.sampling)?;
    if asked.model.trim().is_empty() {
        return Err(wrong("no model is named"));
    }
    let (bytes, is_empty) = match &asked.prompt {
        Prompt::Chat { messages } => (
            messages.iter().map(|message| message.content.len()).sum(),
            messages.is_empty(),
        ),
        Prompt::Completion { text } => (text.len(), text.is_empty()),
    };
    if is_empty {
        return Err(wrong("nothing is asked"));
    }
    if bytes > Prompt::MOST_BYTES {
        return Err(wrong(&format!(
            "the question has {bytes} bytes of text; it may have {}",
            Prompt::MOST_BYTES
        )));
    }
    Ok(())
}

fn check_sampling(sampling: SamplingParameters) -> Result<(), ApiError> {
    let hottest = SamplingParameters::HOTTEST;
    if sampling
        .temperature
        .is_some_and(|temperature| !(0.0..=hottest).contains(&temperature))
    {
        return Err(wrong(&format!(
            "the temperature is a number from 0 to {hottest}"
        )));
    }
    let most = SamplingParameters::MOST_TOKENS;
    if sampling
        .max_tokens
        .is_some_and(|tokens| !(1..=most).contains(&tokens))
    {
        return Err(wrong(&format!("an answer has from 1 to {most} tokens")));
    }
    Ok(())
}

fn check_load(load: &Load) -> Result<(), ApiError> {
    let within = |name: &str, value: u32, most: u32| {
        if (1..=most).contains(&value) {
            Ok(())
        } else {
            Err(wrong(&format!(
                "{name} is a whole number from 1 to {most}, not {value}"
            )))
        }
    };
    if load.model.trim().is_empty() {
        return Err(wrong("no model is named"));
    }
    within("the number of requests", load.requests, Load::MOST_REQUESTS)?;
    within("the concurrency", load.concurrency, Load::MOST_AT_ONCE)?;
    within(
        "the length of an answer",
        load.max_tokens,
        Load::MOST_OUTPUT_TOKENS,
    )?;
    if load.prompt.is_empty() {
        let most = Load::MOST_PROMPT_TOKENS;
        within("the length of a prompt", load.prompt_tokens, most)?;
    }
    if load.prompt.len() > Prompt::MOST_BYTES {
        return Err(wrong("the prompt is too long"));
    }
    check_sampling(SamplingParameters {
        temperature: load.temperature,
        max_tokens: None,
    })
}

fn check_key(key: &ServerKey) -> Result<(), ApiError> {
    match key {
        ServerKey::Typed { key } if key.0.trim().is_empty() => Err(wrong("the key is empty")),
        ServerKey::Typed { key } if key.0.contains(char::is_control) => {
            Err(wrong("the key holds control characters"))
        }
        ServerKey::Secret { secret } if secret.name.is_empty() || secret.field.is_empty() => Err(
            wrong("name the Secret and the field of it that holds the key"),
        ),
        ServerKey::Nobody | ServerKey::Typed { .. } | ServerKey::Secret { .. } => Ok(()),
    }
}

fn wrong(message: &str) -> ApiError {
    ApiError::new(ErrorCode::InvalidInput, message)
}
