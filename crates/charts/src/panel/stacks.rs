//! Bars of several pieces on one axis: what there is of something, and where it goes.

use plotters::{prelude::DrawingBackend, style::RGBColor};

use super::{GAP, HEAD, SMALL, cut, head};
use crate::{
    canvas::{Canvas, Frame, Side, width},
    font::Font,
    ink::Palette,
    picture::PictureError,
    sheet::{Ink, Piece, Shade, Stack, StackPanel},
};

/// The room of the legend.
const LEGEND: f64 = 30.0;
/// A bar with its room, and how tall it is itself.
const ROW: f64 = 26.0;
const TALL: f64 = 16.0;
/// The room of the names, and of what is written after the bars.
const NAMES: f64 = 210.0;
const SAID: f64 = 150.0;
/// What a label keeps from the edges of its piece.
const PADDING: f64 = 5.0;
/// The shortest piece that has a label.
const LABELLED: f64 = 48.0;

pub(super) fn height(panel: &StackPanel) -> f64 {
    let stacks = u32::try_from(panel.stacks.len().max(1)).unwrap_or(1);
    GAP + HEAD + legend_room(panel) + f64::from(stacks) * ROW
}

fn legend_room(panel: &StackPanel) -> f64 {
    if panel.legend.is_empty() { 0.0 } else { LEGEND }
}

pub(super) fn draw<B: DrawingBackend>(
    canvas: &Canvas<'_, B>,
    panel: &StackPanel,
    frame: Frame,
) -> Result<(), PictureError> {
    head(canvas, &panel.title, &panel.note, frame)?;
    legend(canvas, panel, frame)?;
    let longest = panel.stacks.iter().map(length).fold(0.0, f64::max);
    let room = (frame.width - NAMES - SAID).max(1.0);
    let top = frame.top + GAP + HEAD + legend_room(panel);
    let scale = if longest > 0.0 { room / longest } else { 0.0 };
    for (stack, number) in panel.stacks.iter().zip(0_u32..) {
        let y = top + f64::from(number) * ROW;
        let font = (Font::Mono, SMALL);
        let name = cut(&stack.name, NAMES - 10.0);
        let strong = canvas.palette.strong;
        canvas.text((frame.left, y), Side::Left, font, strong, &name)?;
        let mut left = frame.left + NAMES;
        for one in &stack.pieces {
            let place = Frame {
                left,
                top: y - TALL / 2.0,
                width: one.length * scale,
                height: TALL,
            };
            piece(canvas, one, place)?;
            left = place.right();
        }
        let middle = canvas.palette.middle;
        canvas.text((left + 8.0, y), Side::Left, font, middle, &stack.said)?;
    }
    Ok(())
}

fn length(stack: &Stack) -> f64 {
    stack.pieces.iter().map(|one| one.length).sum()
}

/// A piece, with its label where there is room for it.
fn piece<B: DrawingBackend>(
    canvas: &Canvas<'_, B>,
    piece: &Piece,
    place: Frame,
) -> Result<(), PictureError> {
    if place.width <= 0.0 {
        return Ok(());
    }
    shade(canvas, piece.shade, place)?;
    if piece.label.is_empty() || place.width < LABELLED {
        return Ok(());
    }
    let label = cut(&piece.label, place.width - 2.0 * PADDING);
    let at = (place.left + PADDING, place.top + place.height / 2.0);
    let colour = written_on(piece.shade, &canvas.palette);
    canvas.text(at, Side::Left, (Font::Mono, SMALL), colour, &label)
}

/// The colour in which one writes on `shade`.
fn written_on(shade: Shade, palette: &Palette) -> RGBColor {
    match shade {
        Shade::Part(0..=2) | Shade::Used | Shade::Idle => palette.ground,
        Shade::Part(_) | Shade::Rest | Shade::Free | Shade::Unknown => palette.strong,
    }
}

fn shade<B: DrawingBackend>(
    canvas: &Canvas<'_, B>,
    shade: Shade,
    place: Frame,
) -> Result<(), PictureError> {
    let palette = canvas.palette;
    // A hairline of the ground tells pieces of one shade apart.
    let inner = Frame {
        width: (place.width - 1.0).max(0.5),
        ..place
    };
    let [.., last] = palette.parts;
    match shade {
        Shade::Part(number) => {
            let own = palette.parts.get(usize::from(number)).copied();
            canvas.rectangle(inner, own.unwrap_or(last))
        }
        Shade::Used => canvas.rectangle(inner, palette.middle),
        Shade::Idle => canvas.rectangle(inner, palette.ink(Ink::Warning)),
        Shade::Rest => canvas.rectangle(inner, palette.axis),
        Shade::Free => canvas.outline(inner, palette.axis),
        Shade::Unknown => canvas.hatch(inner),
    }
}

fn legend<B: DrawingBackend>(
    canvas: &Canvas<'_, B>,
    panel: &StackPanel,
    frame: Frame,
) -> Result<(), PictureError> {
    let y = frame.top + GAP + HEAD - 4.0;
    let mut left = frame.left;
    for (sample, words) in &panel.legend {
        let square = Frame {
            left,
            top: y - 6.0,
            width: 12.0,
            height: 12.0,
        };
        shade(canvas, *sample, square)?;
        left += 18.0;
        let font = (Font::Words, SMALL);
        canvas.text((left, y), Side::Left, font, canvas.palette.middle, words)?;
        left += width(Font::Words, SMALL, words) + 18.0;
    }
    Ok(())
}
