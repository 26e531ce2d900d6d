//! Fields that others own with another value than ours, from the causes of a refused apply.

use serde_json::Value;
use strata_domain::field_path::FieldPath;
use strata_ports::control::{Choice, Conflict};

use super::{
    difference::is_hidden,
    refused::{Cause, Refused},
};
use crate::objects::prune::is_secret;

/// The conflicts that `refused` tells between what is `live` and what we want, with the choices that
/// were made for them.
pub(super) fn all(
    refused: &Refused,
    live: Option<&Value>,
    ours: &Value,
    choices: &[Choice],
) -> Vec<Conflict> {
    let told = refused.owned();
    told.into_iter()
        .map(|cause| {
            let path = FieldPath::follow(ours, &cause.field);
            let is_secret = is_secret(ours) && is_hidden(&path.path);
            let mine = path.is_whole.then(|| path.path.get(ours)).flatten();
            let theirs = live.and_then(|live| {
                let path = FieldPath::follow(live, &cause.field);
                path.is_whole.then(|| path.path.get(live)).flatten()
            });
            let chosen = choices.iter().find(|choice| choice.path == cause.field);
            Conflict {
                path: cause.field.clone(),
                manager: manager(cause),
                message: cause.message.clone(),
                theirs: theirs.filter(|_| !is_secret).cloned(),
                ours: mine.filter(|_| !is_secret).cloned(),
                is_secret,
                taken: chosen.map(|choice| choice.take),
            }
        })
        .collect()
}

/// The name in `conflict with "kubectl" using apps/v1 at 2026-03-01T12:00:00Z`.
fn manager(cause: &Cause) -> String {
    let Some((_, quoted)) = cause.message.split_once("conflict with ") else {
        return cause.message.clone();
    };
    let mut names = serde_json::Deserializer::from_str(quoted).into_iter::<String>();
    match names.next() {
        Some(Ok(name)) => name,
        _ => quoted.to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_owner_is_named_without_what_is_said_of_it() {
        let cause = |message: &str| Cause {
            message: message.to_owned(),
            ..Cause::default()
        };
        let said = "conflict with \"kubectl-edit\" with subresource \"scale\" using apps/v1";
        assert_eq!(manager(&cause(said)), "kubectl-edit");
        assert_eq!(manager(&cause("conflict with \"a \\\"b\\\"\"")), "a \"b\"");
    }
}
