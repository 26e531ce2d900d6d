//! Cells in blocks: a map of what there are too many of for a line each.

use plotters::{prelude::DrawingBackend, style::RGBColor};

use super::{GAP, HEAD, SMALL, cut, head};
use crate::{
    canvas::{Canvas, Frame, Side, width},
    dash,
    font::Font,
    heat,
    picture::PictureError,
    scale::amount,
    sheet::{CellBlock, CellLine, CellMark, CellPanel, Fill, Ink, Sample},
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
/// The room of a cell where there are few, which is enough for a name before its line.
const ROOMY: f64 = 14.0;
/// The most that such a name takes, and what is between it and its line.
const LINE_NAME: f64 = 80.0;
const BESIDE: f64 = 6.0;
/// The dashes of the line that strikes through.
const STRIKE: [f64; 2] = [5.0, 4.0];
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

/// How the cells of a panel stand.
#[derive(Clone, Copy)]
struct Grid {
    /// The room of one cell: less where there are many.
    pitch: f64,
    /// The room of the names before lines.
    gutter: f64,
}

fn grid(panel: &CellPanel) -> Grid {
    let lines = || panel.blocks.iter().flat_map(|block| &block.lines);
    let pitch = match lines().map(|line| line.cells.len()).sum::<usize>() {
        0..=1_000 => ROOMY,
        1_001..=3_000 => 10.0,
        _ => 7.0,
    };
    if pitch < ROOMY {
        return Grid { pitch, gutter: 0.0 };
    }
    let names = lines().map(|line| width(Font::Mono, SMALL, &line.name).min(LINE_NAME));
    let widest = names.fold(0.0, f64::max);
    let gutter = if widest > 0.0 { widest + BESIDE } else { 0.0 };
    Grid { pitch, gutter }
}

/// Every block within `room`, from left to right and then below, and how tall all are.
fn places(panel: &CellPanel, room: f64) -> (Vec<Place<'_>>, f64) {
    let Grid { pitch, gutter } = grid(panel);
    let (mut left, mut top, mut tallest) = (0.0, 0.0, 0.0_f64);
    let mut places = Vec::with_capacity(panel.blocks.len());
    for block in &panel.blocks {
        let lengths = block.lines.iter().map(|line| line.cells.len());
        let column = gutter + count(lengths.max().unwrap_or(0)) * pitch + APART;
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
    let grid = grid(panel);
    for place in places(panel, frame.width).0 {
        let left = frame.left + place.frame.left;
        let top = top + place.frame.top;
        let name = cut(&place.block.name, place.frame.width);
        let at = (left, top + NAME / 2.0 - 2.0);
        let font = (Font::Mono, SMALL);
        canvas.text(at, Side::Left, font, canvas.palette.middle, &name)?;
        for (number, line) in place.block.lines.iter().enumerate() {
            let left = left + count(number / place.rows) * place.column;
            let top = top + NAME + count(number % place.rows) * grid.pitch;
            draw_line(canvas, line, (left, top), grid)?;
        }
    }
    Ok(())
}

/// A line of cells at `(left, top)`, with its name before it where there is room.
fn draw_line<B: DrawingBackend>(
    canvas: &Canvas<'_, B>,
    line: &CellLine,
    (left, top): (f64, f64),
    Grid { pitch, gutter }: Grid,
) -> Result<(), PictureError> {
    let size = pitch - SEAM;
    let middle = top + size / 2.0;
    if gutter > 0.0 {
        let name = cut(&line.name, LINE_NAME);
        let font = (Font::Mono, SMALL);
        canvas.text(
            (left, middle),
            Side::Left,
            font,
            canvas.palette.faint,
            &name,
        )?;
    }
    let left = left + gutter;
    for (at, one) in line.cells.iter().enumerate() {
        let square = Frame {
            left: left + count(at) * pitch,
            top,
            width: size,
            height: size,
        };
        fill(canvas, one.fill, square)?;
        if let Some(wrong) = one.mark {
            mark(canvas, wrong, square)?;
        }
    }
    if line.is_struck {
        let right = left + count(line.cells.len()) * pitch - SEAM;
        strike(canvas, (left, right), middle, size)?;
    }
    Ok(())
}

/// A dashed line through cells of `size`, on the ground's colour so that it is seen on every fill.
fn strike<B: DrawingBackend>(
    canvas: &Canvas<'_, B>,
    (left, right): (f64, f64),
    y: f64,
    size: f64,
) -> Result<(), PictureError> {
    let thick = (size / 4.0).min(4.0);
    let line = [(left, y), (right, y)];
    canvas.line(&line, thick, canvas.palette.ground)?;
    for part in dash::cut(&line, &STRIKE) {
        canvas.line(&part, thick / 2.0, canvas.palette.strong)?;
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
        Fill::Free => canvas.outline(square, canvas.palette.axis),
        Fill::Held => canvas.rectangle(square, RGBColor(0x7f, 0x8c, 0x99)),
        Fill::Idle => canvas.rectangle(square, canvas.palette.notice),
        Fill::Broken => canvas.outline(square, canvas.palette.ink(Ink::Critical)),
        Fill::Unknown => canvas.hatch(square),
    }
}

/// A triangle for a warning, a diamond for what is critical, on the ground's colour so that they are
/// seen on every fill.
fn mark<B: DrawingBackend>(
    canvas: &Canvas<'_, B>,
    mark: CellMark,
    square: Frame,
) -> Result<(), PictureError> {
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
        match *sample {
            Sample::Fill(one) => fill(canvas, one, square)?,
            Sample::Mark(one) => mark(canvas, one, square)?,
            Sample::Struck => strike(canvas, (left, square.right()), y, square.height)?,
        }
        left += 18.0;
        let font = (Font::Words, SMALL);
        canvas.text((left, y), Side::Left, font, palette.middle, words)?;
        left += width(Font::Words, SMALL, words) + 18.0;
    }
    Ok(())
}
