//! Reading the journal.

use std::sync::Arc;

use strata_api::{
    change::{ChangeOutcome, StepProgress},
    error::ApiError,
    journal::{
        JournalEntry, JournalFault, JournalPage, JournalState, JournalStep, JournalStepState,
        JournalVerdict, ReadJournal,
    },
    operations::Nothing,
};
use strata_ports::{
    error::PortError,
    journal::{Entry, Journal},
};

use super::Operations;
use crate::change::{
    named,
    record::Field,
    told::{End, Told},
};

/// The most entries of one answer.
const MOST: u32 = 1000;
/// Entries that are read from the journal at once.
const PAGE: u32 = 200;

pub(super) async fn read_journal(
    operations: &Operations,
    request: ReadJournal,
) -> Result<JournalPage, ApiError> {
    let journal = Arc::clone(&operations.journal);
    let entries = operations.on_disk(move || matching(journal.as_ref(), &request));
    Ok(JournalPage {
        entries: entries.await?,
    })
}

/// The entries that `request` asks for. Words are searched for in the journal itself; how an entry
/// stands, and where, is told by its lines together, so those are looked through page by page.
fn matching(journal: &dyn Journal, request: &ReadJournal) -> Result<Vec<JournalEntry>, PortError> {
    let words: Vec<String> = request
        .words
        .split_whitespace()
        .map(str::to_owned)
        .collect();
    let is_meant = |entry: &JournalEntry| {
        (request.cluster.is_empty() || entry.cluster == request.cluster)
            && (request.states.is_empty() || request.states.contains(&entry.state))
    };
    let most = request.most.min(MOST) as usize;
    let (mut found, mut before) = (Vec::new(), request.before);
    while found.len() < most {
        let page = journal.entries(&words, before, PAGE)?;
        let is_last = page.len() < PAGE as usize;
        before = page.last().map(|entry| entry.number);
        found.extend(page.iter().map(shown).filter(is_meant));
        if is_last {
            break;
        }
    }
    found.truncate(most);
    Ok(found)
}

/// The changes that were interrupted: whoever starts next is to settle them.
pub(super) async fn read_interrupted(
    operations: &Operations,
    _: Nothing,
) -> Result<JournalPage, ApiError> {
    let journal = Arc::clone(&operations.journal);
    let entries = operations.on_disk(move || journal.interrupted()).await?;
    Ok(page(&entries))
}

pub(super) async fn verify_journal(
    operations: &Operations,
    _: Nothing,
) -> Result<JournalVerdict, ApiError> {
    let journal = Arc::clone(&operations.journal);
    let verdict = operations.on_disk(move || journal.verify()).await?;
    Ok(JournalVerdict {
        lines: verdict.lines,
        head: verdict.head,
        fault: verdict
            .fault
            .map(|(line, message)| JournalFault { line, message }),
    })
}

fn page(entries: &[Entry]) -> JournalPage {
    JournalPage {
        entries: entries.iter().map(shown).collect(),
    }
}

fn shown(entry: &Entry) -> JournalEntry {
    let mut row = JournalEntry {
        number: entry.number,
        at: entry
            .lines
            .first()
            .map(|line| line.at.to_string())
            .unwrap_or_default(),
        state: JournalState::Unreadable,
        cluster: String::new(),
        context: String::new(),
        user: String::new(),
        known_as: String::new(),
        program: String::new(),
        release: None,
        settles: None,
        steps: Vec::new(),
        hash: entry
            .lines
            .last()
            .map(|line| line.hash.clone())
            .unwrap_or_default(),
    };
    let Some(told) = Told::of(entry) else {
        return row;
    };
    row.state = state(entry, &told);
    row.steps = (0..told.begun.steps.len())
        .filter_map(|at| step(&told, at))
        .collect();
    let begun = told.begun;
    row.cluster = begun.cluster;
    row.context = begun.context;
    row.user = begun.user;
    row.known_as = begun.known_as;
    row.program = begun.program;
    row.release = begun.release;
    row.settles = begun.settles;
    row
}

fn state(entry: &Entry, told: &Told) -> JournalState {
    if entry.is_running {
        return JournalState::Running;
    }
    match told.end() {
        End::Open => JournalState::Interrupted,
        End::Settled => JournalState::Settled,
        End::With(ChangeOutcome::Applied | ChangeOutcome::Unchanged) => JournalState::Applied,
        End::With(ChangeOutcome::Partial) => JournalState::Partial,
        End::With(_) => JournalState::Failed,
    }
}

fn step(told: &Told, at: usize) -> Option<JournalStep> {
    let meant = told.begun.steps.get(at)?;
    let ended = told.end_of(at);
    let fields = match ended {
        Some((StepProgress::Done, _, fields, _)) => fields,
        _ => meant.fields.as_slice(),
    };
    Some(JournalStep {
        object: named(&meant.object()),
        action: meant.action,
        state: match ended {
            Some((StepProgress::Done, ..)) => JournalStepState::Done,
            Some((StepProgress::Unknown, ..)) => JournalStepState::InDoubt,
            Some(_) => JournalStepState::Failed,
            None if told.is_begun(at) => JournalStepState::InDoubt,
            None => JournalStepState::NotBegun,
        },
        fields: fields.iter().map(Field::shown).collect(),
        kubectl: meant.kubectl.clone(),
        message: told
            .trial()
            .or(ended.map(|(_, message, ..)| message))
            .unwrap_or_default()
            .to_owned(),
    })
}
