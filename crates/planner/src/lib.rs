//! How much memory a model takes, served or trained, and how it is split over GPUs.
//!
//! Pure arithmetic over a model's own `config.json`. Read in this order: the [`Model`] that a
//! configuration describes, the [`Dtype`]s that numbers are kept in, how many parameters and how much
//! key-value cache a model has, and what [serving](Serving) and [training](Training) it take.
//!
//! Bytes are exact where the formula is; where it is a rule of thumb, its source says so. A
//! configuration of an architecture that is not known is refused, never guessed at.

mod dtype;
mod known;
mod model;

mod cache;
mod parameters;

mod serving;
mod training;

pub use cache::{CacheSplit, cache_bytes_of_request, cache_bytes_per_token};
pub use dtype::{Dtype, UnknownDtype};
pub use known::known_config;
pub use model::{Attention, ConfigError, FeedForward, Layer, Model, Quantization};
pub use parameters::Parameters;
pub use serving::{Parts, Serving, ServingPlan};
pub use training::{Method, Training, TrainingPlan, Zero, zero_bytes};
