//! The forms of answers.

use clap::ValueEnum;

/// The grounds of pictures and pages.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, ValueEnum)]
pub(crate) enum Ground {
    /// Light marks on a dark ground.
    #[default]
    Dark,
    /// Dark marks on a light ground.
    Light,
}

/// The languages of pictures and reports.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum Language {
    /// English.
    #[value(name = "en")]
    English,
    /// Simplified Chinese.
    #[value(name = "zh")]
    Chinese,
}

/// The forms of an answer.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, ValueEnum)]
pub(crate) enum Output {
    /// For people.
    #[default]
    Table,
    /// For programs.
    Json,
}

/// By what it is told where GPUs go.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum GpuBy {
    /// What each node has, gives out and was asked for, what is left and why that is stranded.
    Node,
    /// What is held of each model and what that does; what fits on what is free.
    Model,
    /// What each namespace holds.
    Namespace,
    /// What each queue let in.
    Queue,
    /// What each workload holds.
    Workload,
    /// What each owner holds: the label `owner`, `user` or `team`.
    Owner,
}

/// The forms of a checklist.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, ValueEnum)]
pub(crate) enum Form {
    /// For people.
    #[default]
    Table,
    /// The checklist's own form, filled in as a draft.
    Yaml,
    /// For programs.
    Json,
}

/// The forms of an answer that is no table.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, ValueEnum)]
pub(crate) enum Told {
    /// For people.
    #[default]
    Text,
    /// For programs.
    Json,
}
