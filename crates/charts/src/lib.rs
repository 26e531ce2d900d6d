//! Charts as pictures: SVG or PNG, light or dark, alike on every computer.
//!
//! [`sheet`] is what can be drawn: panels under each other, of series over time, of bars or of cells.
//! [`usage`] makes such panels of who held GPUs, [`words`] are what pictures say in both languages.
//! [`picture`] draws it. The fonts are Strata's own, so that no font of the system is needed to draw; they
//! travel in the file, but for the Chinese one, which is the reader's. The only door to `plotters`.

pub mod sheet;
pub mod usage;
pub mod words;

mod canvas;
mod dash;
mod font;
mod gpu_hours;
mod heat;
mod ink;
mod panel;
mod scale;

pub mod picture;

pub use font::face_css;
pub use gpu_hours::{gpu_time, grouped};
pub use ink::Theme;
pub use picture::{Format, PictureError, draw, inline_svg};
pub use scale::amount;
