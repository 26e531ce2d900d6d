//! The words themselves, a file for each family of them. `{name}` is a value, `{name?one:other}`
//! chooses a word by number.
//!
//! Names, kinds and units stay as the field writes them, in both languages. A line that nothing
//! says any more is deleted.

#![expect(
    clippy::large_stack_arrays,
    reason = "ts-rs lists all codes at once, when bindings are made"
)]

use serde::{Deserialize, Serialize};
use ts_rs::TS;

use super::Tongue;

#[macro_use]
mod stack;
#[macro_use]
mod health;
#[macro_use]
mod attention;
#[macro_use]
mod gpus;
#[macro_use]
mod drivers;
#[macro_use]
mod path;
#[macro_use]
mod map;
#[macro_use]
mod needs;
#[macro_use]
mod conformance;
#[macro_use]
mod storage;
#[macro_use]
mod models;
#[macro_use]
mod why;
#[macro_use]
mod logs;
#[macro_use]
mod remedies;
#[macro_use]
mod changes;
#[macro_use]
mod machine;
#[macro_use]
mod values;
#[macro_use]
mod checks;
#[macro_use]
mod sizing;
#[macro_use]
mod local;
#[macro_use]
mod history;

macro_rules! phrases {
    ($($variant:ident : $english:literal, $chinese:literal;)*) => {
        /// Which words; the table says them.
        #[derive(
            Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, TS,
        )]
        #[serde(rename_all = "snake_case")]
        #[expect(missing_docs, reason = "the words are the documentation")]
        pub enum PhraseCode {
            $($variant,)*
        }

        impl PhraseCode {
            /// Every code, in the order of the table.
            pub const ALL: &'static [Self] = &[$(Self::$variant,)*];

            /// The words in `tongue`, with their placeholders.
            pub fn template(self, tongue: Tongue) -> &'static str {
                match (self, tongue) {
                    $(
                        (Self::$variant, Tongue::English) => $english,
                        (Self::$variant, Tongue::Chinese) => $chinese,
                    )*
                }
            }
        }
    };
}

/// Puts the lines of all families together and makes one table of them. A family's macro gets what
/// was gathered so far in brackets, adds its lines, and hands on with the families still to come.
macro_rules! gather {
    ([$($phrases:tt)*]) => {
        phrases! { $($phrases)* }
    };
    ([$($phrases:tt)*] $family:ident $($others:ident)*) => {
        $family! { gather [$($phrases)*] $($others)* }
    };
}

gather! {
    []
    stack health attention gpus drivers path map needs conformance storage models why logs
    remedies changes machine values checks sizing local history
}
