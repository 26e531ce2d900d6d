//! Trying served models.
//!
//! [`servers`] finds what serves models in a cluster, [`place`] where in a pod it listens, and
//! [`reach`] goes there through the port `tunnel`, or to this machine ([`here`]). What is said there is OpenAI's interface: [`openai`]
//! writes questions and reads answers, which come as [`sse`]; an [`exchange`] is one of each, heard as
//! it comes, and [`measure`] times it. An [`answer`] keeps what was heard for whoever looks; a
//! [`load`] test asks many times, is [`noted`] down, and a [`tally`] sums up what that took, by how it is
//! [`spread`]. The [`desk`] holds every trial that somebody follows, and [`by_hand`] tells how a person
//! would do the same.

pub(crate) mod by_hand;
pub(crate) mod desk;
pub(crate) mod load;
pub(crate) mod noted;
pub(crate) mod openai;
pub(crate) mod place;
pub(crate) mod reach;
pub(crate) mod servers;

mod answer;
mod exchange;
mod here;
mod measure;
mod spread;
mod sse;
mod tally;

#[cfg(test)]
mod tests;
