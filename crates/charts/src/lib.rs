//! Charts as pictures: SVG or PNG, light or dark, alike on every computer.
//!
//! [`sheet`] is what can be drawn: panels under each other, of series over time, of bars or of cells.
//! [`usage`] makes such panels of who held GPUs. [`picture`] draws it. The fonts are Strata's own and travel in the file, so that no font of the
//! system is needed to draw or to look. The only door to `plotters`.

pub mod sheet;
pub mod usage;

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
