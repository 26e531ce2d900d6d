//! What the lines of the panels below stand for, in columns.

use plotters::prelude::DrawingBackend;

use super::{GAP, SMALL, cut};
use crate::{
    canvas::{Canvas, Frame, Side},
    dash,
    font::Font,
    ink::dashes,
    picture::PictureError,
    sheet::KeyPanel,
};

/// How many entries stand beside each other.
const COLUMNS: u32 = 4;
/// An entry with its room.
const ROW: f64 = 20.0;
/// How long the piece of a line is that stands before its name.
const SAMPLE: f64 = 28.0;

pub(super) fn height(panel: &KeyPanel) -> f64 {
    let entries = u32::try_from(panel.entries.len()).unwrap_or(u32::MAX);
    GAP + f64::from(entries.div_ceil(COLUMNS)) * ROW
}

pub(super) fn draw<B: DrawingBackend>(
    canvas: &Canvas<'_, B>,
    panel: &KeyPanel,
    frame: Frame,
) -> Result<(), PictureError> {
    let column = frame.width / f64::from(COLUMNS);
    for ((name, ink), number) in panel.entries.iter().zip(0_u32..) {
        let left = frame.left + f64::from(number % COLUMNS) * column;
        let y = frame.top + GAP + f64::from(number / COLUMNS) * ROW;
        let colour = canvas.palette.ink(*ink);
        for part in dash::cut(&[(left, y), (left + SAMPLE, y)], dashes(*ink)) {
            canvas.line(&part, 1.5, colour)?;
        }
        let room = column - SAMPLE - 20.0;
        canvas.text(
            (left + SAMPLE + 8.0, y),
            Side::Left,
            (Font::Mono, SMALL),
            canvas.palette.middle,
            &cut(name, room),
        )?;
    }
    Ok(())
}
