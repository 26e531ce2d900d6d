//! Cells in blocks: a map of what there are too many of for a line each.

use plotters::{prelude::DrawingBackend, style::RGBColor};

use super::{GAP, HEAD, SMALL, cut, head};
use crate::{
    canvas::{Canvas, Frame, Side, width},
    font::Font,
    heat,
    picture::PictureError,
    scale::amount,
    sheet::{CellBlock, CellMark, CellPanel, Fill, Ink},
};

/// The room of the legend.
const LEGEND: f64 = 30.0;
/// The room of a block's name.
const NAME: f64 = 16.0;
/// Between blocks, and between columns of a block.
const APART: f64 = 10.0;
/// The least width of a block, for its name.
const NARROWEST: f64 = 64.0;
/// More lines than that stand in further columns.
const LINES: usize = 24;
/// Between cells.
const SEAM: f64 = 1.0;
/// The length of the legend's scale, and how many pieces it is drawn in.
const SCALE: f64 = 120.0;
const PIECES: u32 = 40;

/// Where a block stands, and how its lines do in it.
struct Place<'a> {
    block: &'a CellBlock,
    frame: Frame,
    rows: usize,
    column: f64,
}

/// The room of one cell: less where there are many.
fn pitch(panel: &CellPanel) -> f64 {
    let lines = panel.blocks.iter().flat_map(|block| &block.lines);
    match lines.map(Vec::len).sum::<usize>() {
        0..=1_000 => 14.0,
        1_001..=3_000 => 10.0,
        _ => 7.0,
    }
}

/// Every block within `room`, from left to right and then below, and how tall all are.
fn places(panel: &CellPanel, room: f64) -> (Vec<Place<'_>>, f64) {
    let pitch = pitch(panel);
    let (mut left, mut top, mut tallest) = (0.0, 0.0, 0.0_f64);
    let mut places = Vec::with_capacity(panel.blocks.len());
    for block in &panel.blocks {
        let longest = block.lines.iter().map(Vec::len).max().unwrap_or(0);
        let column = count(longest) * pitch + APART;
        // As many columns as there is room for; what is left makes them longer.
        let mut columns = block.lines.len().div_ceil(LINES).max(1);
        while columns > 1 && count(columns) * column - APART > room {
            columns -= 1;
        }
        let rows = block.lines.len().div_ceil(columns).max(1);
        let wide = (count(columns) * column - APART).max(NARROWEST);
        let tall = NAME + count(rows) * pitch;
        if left > 0.0 && left + wide > room {
            left = 0.0;
            top += tallest + APART;
            tallest = 0.0;
        }
        let frame = Frame {
            left,
            top,
            width: wide,
            height: tall,
        };
        places.push(Place {
            block,
            frame,
            rows,
            column,
        });
        left += wide + APART;
        tallest = tallest.max(tall);
    }
    (places, top + tallest)
}

fn count(number: usize) -> f64 {
    f64::from(u32::try_from(number).unwrap_or(u32::MAX))
}

/// How tall `panel` is within `room`.
pub(super) fn height(panel: &CellPanel, room: f64) -> f64 {
    GAP + HEAD + LEGEND + places(panel, room).1 + APART
}

pub(super) fn draw<B: DrawingBackend>(
    canvas: &Canvas<'_, B>,
    panel: &CellPanel,
    frame: Frame,
) -> Result<(), PictureError> {
    head(canvas, &panel.title, &panel.note, frame)?;
    legend(canvas, panel, frame)?;
    let top = frame.top + GAP + HEAD + LEGEND;
    let size = pitch(panel);
    for place in places(panel, frame.width).0 {
        let left = frame.left + place.frame.left;
        let top = top + place.frame.top;
        let name = cut(&place.block.name, place.frame.width);
        let at = (left, top + NAME / 2.0 - 2.0);
        let font = (Font::Mono, SMALL);
        canvas.text(at, Side::Left, font, canvas.palette.middle, &name)?;
        for (number, line) in place.block.lines.iter().enumerate() {
            let left = left + count(number / place.rows) * place.column;
            let top = top + NAME + count(number % place.rows) * size;
            for (at, one) in line.iter().enumerate() {
                let square = Frame {
                    left: left + count(at) * size,
                    top,
                    width: size - SEAM,
                    height: size - SEAM,
                };
                fill(canvas, one.fill, square)?;
                mark(canvas, one.mark, square)?;
            }
        }
    }
    Ok(())
}

fn fill<B: DrawingBackend>(
    canvas: &Canvas<'_, B>,
    fill: Fill,
    square: Frame,
) -> Result<(), PictureError> {
    match fill {
        Fill::Share(share) => canvas.rectangle(square, heat::colour(share)),
        Fill::Free => outline(canvas, square, canvas.palette.axis),
        Fill::Held => canvas.rectangle(square, RGBColor(0x7f, 0x8c, 0x99)),
        Fill::Idle => canvas.rectangle(square, canvas.palette.notice),
        Fill::Broken => outline(canvas, square, canvas.palette.ink(Ink::Critical)),
        Fill::Unknown => canvas.hatch(square),
    }
}

fn outline<B: DrawingBackend>(
    canvas: &Canvas<'_, B>,
    square: Frame,
    colour: RGBColor,
) -> Result<(), PictureError> {
    let corners = [
        (square.left, square.top),
        (square.right(), square.top),
        (square.right(), square.bottom()),
        (square.left, square.bottom()),
        (square.left, square.top),
    ];
    canvas.line(&corners, 1.0, colour)
}

/// A triangle for a warning, a diamond for what is critical, on the ground's colour so that they are
/// seen on every fill.
fn mark<B: DrawingBackend>(
    canvas: &Canvas<'_, B>,
    mark: Option<CellMark>,
    square: Frame,
) -> Result<(), PictureError> {
    let Some(mark) = mark else {
        return Ok(());
    };
    let (x, y) = (
        square.left + square.width / 2.0,
        square.top + square.height / 2.0,
    );
    let shape = |half: f64| match mark {
        CellMark::Warning => vec![(x, y - half), (x + half, y + half), (x - half, y + half)],
        CellMark::Critical => vec![(x, y - half), (x + half, y), (x, y + half), (x - half, y)],
    };
    let ink = match mark {
        CellMark::Warning => Ink::Warning,
        CellMark::Critical => Ink::Critical,
    };
    let half = square.width / 2.0;
    canvas.fill(&shape(half), canvas.palette.ground)?;
    canvas.fill(&shape(half - 1.5), canvas.palette.ink(ink))
}

/// The ends of the scale, then each fill and mark that there is, with how many.
fn legend<B: DrawingBackend>(
    canvas: &Canvas<'_, B>,
    panel: &CellPanel,
    frame: Frame,
) -> Result<(), PictureError> {
    let y = frame.top + GAP + HEAD;
    let palette = canvas.palette;
    let mut left = frame.left;
    if let Some(scale) = panel.scale {
        let ends = [scale.least, scale.most].map(|end| amount(end, scale.unit));
        let [least, most] = &ends;
        let font = (Font::Mono, SMALL);
        canvas.text((left, y), Side::Left, font, palette.middle, least)?;
        left += width(Font::Mono, SMALL, least) + 8.0;
        for piece in 0..PIECES {
            let at = f64::from(piece) / f64::from(PIECES);
            let piece = Frame {
                left: left + SCALE * at,
                top: y - 5.0,
                width: SCALE / f64::from(PIECES),
                height: 10.0,
            };
            canvas.rectangle(piece, heat::colour(at))?;
        }
        left += SCALE + 8.0;
        canvas.text((left, y), Side::Left, font, palette.middle, most)?;
        left += width(Font::Mono, SMALL, most) + 24.0;
    }
    for (sample, words) in &panel.legend {
        let square = Frame {
            left,
            top: y - 6.0,
            width: 12.0,
            height: 12.0,
        };
        if let Some(one) = sample.fill {
            fill(canvas, one, square)?;
        }
        mark(canvas, sample.mark, square)?;
        left += 18.0;
        let font = (Font::Words, SMALL);
        canvas.text((left, y), Side::Left, font, palette.middle, words)?;
        left += width(Font::Words, SMALL, words) + 18.0;
    }
    Ok(())
}
