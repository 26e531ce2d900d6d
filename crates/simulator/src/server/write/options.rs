//! What a request to write asks for beside the object: `CreateOptions`, `UpdateOptions` and
//! `PatchOptions`, read and checked.

use crate::server::{
    failure::{Cause, Failure},
    query::Query,
};

/// The longest name of a manager, in bytes.
const MAX_MANAGER: usize = 128;

/// How an object is written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Way {
    Create,
    Update,
    Patch,
    /// By server-side apply.
    Apply,
}

/// What becomes of fields that a kind does not have.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum FieldValidation {
    /// They are dropped.
    Ignore,
    /// They are dropped, and the answer says so.
    Warn,
    /// The write is refused.
    Strict,
}

/// The options of a write.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct WriteOptions {
    /// Nothing is stored.
    pub(super) is_dry_run: bool,
    /// Who writes, where the request says it.
    pub(super) manager: Option<String>,
    /// Whether an apply takes fields from others.
    pub(super) force: bool,
    pub(super) validation: FieldValidation,
}

impl WriteOptions {
    pub(super) fn read(query: &Query, way: Way) -> Result<Self, Failure> {
        let mut causes = Vec::new();
        let manager = query.get("fieldManager");
        match way {
            Way::Apply if manager.is_none() => {
                causes.push(Cause::required(
                    "fieldManager",
                    "is required for apply patch",
                ));
            }
            Way::Patch if query.get("force").is_some() => {
                causes.push(Cause::forbidden(
                    "force",
                    "may not be specified for non-apply patch",
                ));
            }
            _ => {}
        }
        causes.extend(manager.and_then(problem_of_manager));
        let dry_run: Vec<&str> = query.all("dryRun").collect();
        if dry_run.iter().any(|asked| *asked != "All") {
            let asked = format!("{dry_run:?}");
            causes.push(Cause::not_supported("dryRun", &asked, &["All"]));
        }
        if let Some(asked) = query.get("fieldValidation")
            && !["Ignore", "Strict", "Warn"].contains(&asked)
        {
            let supported = ["", "Ignore", "Strict", "Warn"];
            causes.push(Cause::not_supported(
                "fieldValidation",
                &format!("{asked:?}"),
                &supported,
            ));
        }
        if causes.is_empty() {
            Ok(Self {
                is_dry_run: !dry_run.is_empty(),
                manager: manager.map(str::to_owned),
                force: query.flag("force"),
                validation: match query.get("fieldValidation") {
                    Some("Ignore") => FieldValidation::Ignore,
                    Some("Strict") => FieldValidation::Strict,
                    _ => FieldValidation::Warn,
                },
            })
        } else {
            let kind = match way {
                Way::Create => "CreateOptions",
                Way::Update => "UpdateOptions",
                Way::Patch | Way::Apply => "PatchOptions",
            };
            Err(Failure::invalid_because("meta.k8s.io", kind, "", &causes))
        }
    }
}

fn problem_of_manager(manager: &str) -> Option<Cause> {
    if manager.len() > MAX_MANAGER {
        return Some(Cause::too_long("fieldManager", MAX_MANAGER));
    }
    let (at, letter) = manager
        .chars()
        .enumerate()
        .find(|(_, letter)| letter.is_control())?;
    let code = u32::from(letter);
    Some(Cause::invalid(
        "fieldManager",
        &quoted(manager),
        &format!("invalid character U+{code:04X} (at position {at})"),
    ))
}

/// A text as Go quotes it.
fn quoted(text: &str) -> String {
    let letters: String = text
        .chars()
        .map(|letter| match letter {
            '\n' => "\\n".to_owned(),
            '\t' => "\\t".to_owned(),
            '\r' => "\\r".to_owned(),
            letter if letter.is_ascii_control() => format!("\\x{:02x}", u32::from(letter)),
            letter => letter.to_string(),
        })
        .collect();
    format!("\"{letters}\"")
}

/// The manager of a client that says none: the first part of its `User-Agent`.
pub(super) fn manager_of_agent(agent: &str) -> String {
    let mut manager = String::new();
    let name = agent.split('/').next().unwrap_or_default();
    for letter in name.chars().filter(|letter| !letter.is_control()) {
        if manager.len() + letter.len_utf8() > MAX_MANAGER {
            break;
        }
        manager.push(letter);
    }
    manager
}
