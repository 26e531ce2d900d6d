//! Panels: series over time, bars, bars of pieces, and cells.

use plotters::prelude::{Color as _, DrawingBackend};

use crate::{
    canvas::{Canvas, Frame, Side, width},
    dash,
    font::Font,
    ink::dashes,
    picture::PictureError,
    scale::{amount, moments, share, top},
    sheet::{BarPanel, Line, Panel, Range, TimePanel},
};

mod cells;
mod key;
mod stacks;

/// Above a plot: its title.
const HEAD: f64 = 34.0;
/// Below a plot: its times.
const FOOT: f64 = 24.0;
/// Between two panels.
const GAP: f64 = 14.0;
/// Right of a plot: what its lines stand for.
const AXIS: f64 = 64.0;
/// A bar with its room.
const BAR: f64 = 24.0;

const SMALL: f64 = 11.0;
const NORMAL: f64 = 13.0;

/// How tall `panel` is within `room`.
pub(crate) fn height(panel: &Panel, room: f64) -> f64 {
    match panel {
        Panel::Time(panel) => GAP + HEAD + f64::from(panel.height) + FOOT,
        Panel::Bars(panel) => {
            let bars = u32::try_from(panel.bars.len().max(1)).unwrap_or(1);
            GAP + HEAD + f64::from(bars) * BAR
        }
        Panel::Stacks(panel) => stacks::height(panel),
        Panel::Key(panel) => key::height(panel),
        Panel::Cells(panel) => cells::height(panel, room),
    }
}

/// Draws `panel` into `frame`.
pub(crate) fn draw<B: DrawingBackend>(
    canvas: &Canvas<'_, B>,
    panel: &Panel,
    frame: Frame,
) -> Result<(), PictureError> {
    match panel {
        Panel::Time(panel) => time(canvas, panel, frame),
        Panel::Bars(panel) => bars(canvas, panel, frame),
        Panel::Stacks(panel) => stacks::draw(canvas, panel, frame),
        Panel::Key(panel) => key::draw(canvas, panel, frame),
        Panel::Cells(panel) => cells::draw(canvas, panel, frame),
    }
}

fn head<B: DrawingBackend>(
    canvas: &Canvas<'_, B>,
    title: &str,
    note: &str,
    frame: Frame,
) -> Result<(), PictureError> {
    let y = frame.top + GAP + 10.0;
    canvas.line(
        &[(frame.left, frame.top), (frame.right(), frame.top)],
        1.0,
        canvas.palette.hairline,
    )?;
    let strong = canvas.palette.strong;
    canvas.text(
        (frame.left, y),
        Side::Left,
        (Font::Title, NORMAL),
        strong,
        title,
    )?;
    let after = frame.left + width(Font::Title, NORMAL, title) + 12.0;
    let faint = canvas.palette.faint;
    canvas.text((after, y), Side::Left, (Font::Words, SMALL), faint, note)
}

fn time<B: DrawingBackend>(
    canvas: &Canvas<'_, B>,
    panel: &TimePanel,
    frame: Frame,
) -> Result<(), PictureError> {
    head(canvas, &panel.title, &panel.note, frame)?;
    legend(canvas, panel, frame)?;
    let plot = Frame {
        left: frame.left,
        top: frame.top + GAP + HEAD - 8.0,
        width: frame.width - AXIS,
        height: f64::from(panel.height),
    };
    let count = panel.lines.iter().map(|line| line.values.len()).max();
    let count = count.unwrap_or(0);
    let highest = panel
        .lines
        .iter()
        .flat_map(|line| {
            let most = line.range.as_ref().map(|range| &range.most);
            line.values.iter().chain(most.into_iter().flatten())
        })
        .flatten()
        .copied()
        .fold(0.0, f64::max);
    let most = panel.most.unwrap_or_else(|| top(highest, panel.unit));
    let places = Places { plot, count, most };
    axes(canvas, panel, plot, most)?;
    gaps(canvas, panel, &places)?;
    for line in &panel.lines {
        series(canvas, line, &places)?;
    }
    Ok(())
}

/// Where values lie.
struct Places {
    plot: Frame,
    count: usize,
    most: f64,
}

impl Places {
    fn x(&self, at: usize) -> f64 {
        let share = |at: usize| f64::from(u32::try_from(at).unwrap_or(u32::MAX));
        self.plot.left + self.plot.width * share(at) / share(self.count.saturating_sub(1).max(1))
    }

    fn y(&self, value: f64) -> f64 {
        self.plot.bottom() - self.plot.height * (value / self.most).clamp(0.0, 1.0)
    }
}

fn axes<B: DrawingBackend>(
    canvas: &Canvas<'_, B>,
    panel: &TimePanel,
    plot: Frame,
    most: f64,
) -> Result<(), PictureError> {
    let palette = canvas.palette;
    for quarter in [0.0, 0.5, 1.0] {
        let y = plot.bottom() - plot.height * quarter;
        let colour = if quarter == 0.0 {
            palette.axis
        } else {
            palette.hairline
        };
        canvas.line(&[(plot.left, y), (plot.right(), y)], 1.0, colour)?;
        let said = amount(most * quarter, panel.unit);
        let place = (plot.right() + 8.0, y);
        canvas.text(place, Side::Left, (Font::Mono, SMALL), palette.faint, &said)?;
    }
    let steps = panel.lines.iter().map(|line| line.values.len()).max();
    let steps = i32::try_from(steps.unwrap_or(1).saturating_sub(1).max(1)).unwrap_or(i32::MAX);
    let until = panel
        .begins
        .checked_add(panel.step.saturating_mul(steps))
        .unwrap_or(panel.begins);
    for (at, words) in moments(panel.begins, until, 8, canvas.tongue) {
        let x = plot.left + plot.width * share(at, panel.begins, until);
        canvas.line(
            &[(x, plot.bottom()), (x, plot.bottom() + 4.0)],
            1.0,
            palette.axis,
        )?;
        // Words are not cut off at the edge.
        let half = width(Font::Mono, SMALL, &words) / 2.0;
        let x = x.clamp(plot.left + half, plot.right() + AXIS - half);
        let place = (x, plot.bottom() + 14.0);
        canvas.text(
            place,
            Side::Middle,
            (Font::Mono, SMALL),
            palette.faint,
            &words,
        )?;
    }
    Ok(())
}

/// Hatches the steps of which the line in front knows nothing: it is the one that is looked at.
fn gaps<B: DrawingBackend>(
    canvas: &Canvas<'_, B>,
    panel: &TimePanel,
    places: &Places,
) -> Result<(), PictureError> {
    let is_known = |at: usize| {
        let front = panel.lines.last();
        front.is_some_and(|line| line.values.get(at).is_some_and(Option::is_some))
    };
    let mut begun: Option<usize> = None;
    for at in 0..=places.count {
        let is_gap = at < places.count && !is_known(at);
        match (is_gap, begun) {
            (true, None) => begun = Some(at),
            // The step that goes on is no gap yet.
            (false, Some(first)) if at == places.count && first + 1 == at => begun = None,
            (false, Some(first)) => {
                begun = None;
                // From the last that is known to the next.
                let left = places.x(first.saturating_sub(1));
                let right = places.x(at.min(places.count.saturating_sub(1)));
                canvas.hatch(Frame {
                    left,
                    top: places.plot.top,
                    width: right - left,
                    height: places.plot.height,
                })?;
            }
            _ => {}
        }
    }
    Ok(())
}

fn series<B: DrawingBackend>(
    canvas: &Canvas<'_, B>,
    line: &Line,
    places: &Places,
) -> Result<(), PictureError> {
    let colour = canvas.palette.ink(line.ink);
    if let Some(Range { least, most }) = &line.range {
        for run in runs(most) {
            let mut outline: Vec<(f64, f64)> = run
                .clone()
                .filter_map(|at| Some((places.x(at), places.y((*most.get(at)?)?))))
                .collect();
            let back = run
                .rev()
                .filter_map(|at| Some((places.x(at), places.y((*least.get(at)?)?))));
            outline.extend(back);
            if outline.len() > 2 {
                canvas.fill(&outline, colour.mix(0.18))?;
            }
        }
    }
    for run in runs(&line.values) {
        let points: Vec<(f64, f64)> = run
            .filter_map(|at| Some((places.x(at), places.y((*line.values.get(at)?)?))))
            .collect();
        let (Some(first), Some(last)) = (points.first(), points.last()) else {
            continue;
        };
        if line.is_filled {
            let bottom = places.plot.bottom();
            let mut outline = points.clone();
            outline.extend([(last.0, bottom), (first.0, bottom)]);
            canvas.fill(&outline, colour.mix(0.22))?;
        }
        if points.len() == 1 {
            // A value between two gaps is a mark, not nothing.
            canvas.rectangle(
                Frame {
                    left: first.0 - 1.0,
                    top: first.1 - 1.0,
                    width: 2.0,
                    height: 2.0,
                },
                colour,
            )?;
        } else {
            for part in dash::cut(&points, dashes(line.ink)) {
                canvas.line(&part, 1.25, colour)?;
            }
        }
    }
    Ok(())
}

/// The spans of `values` in which each is known.
fn runs(values: &[Option<f64>]) -> Vec<std::ops::Range<usize>> {
    let mut runs: Vec<std::ops::Range<usize>> = Vec::new();
    for (at, value) in values.iter().enumerate() {
        if value.is_some() {
            match runs.last_mut() {
                Some(run) if run.end == at => run.end += 1,
                _ => runs.push(at..at + 1),
            }
        }
    }
    runs
}

/// What the lines are called, at the right of the head.
fn legend<B: DrawingBackend>(
    canvas: &Canvas<'_, B>,
    panel: &TimePanel,
    frame: Frame,
) -> Result<(), PictureError> {
    let y = frame.top + GAP + 10.0;
    let mut right = frame.right();
    for line in panel.lines.iter().filter(|line| !line.name.is_empty()) {
        let colour = canvas.palette.middle;
        canvas.text(
            (right, y),
            Side::Right,
            (Font::Words, SMALL),
            colour,
            &line.name,
        )?;
        right -= width(Font::Words, SMALL, &line.name) + 6.0;
        let ink = canvas.palette.ink(line.ink);
        canvas.line(&[(right - 14.0, y), (right, y)], 2.0, ink)?;
        right -= 30.0;
    }
    Ok(())
}

fn bars<B: DrawingBackend>(
    canvas: &Canvas<'_, B>,
    panel: &BarPanel,
    frame: Frame,
) -> Result<(), PictureError> {
    head(canvas, &panel.title, &panel.note, frame)?;
    let palette = canvas.palette;
    let most = panel.bars.iter().map(|bar| bar.whole).fold(0.0, f64::max);
    let names = frame.left;
    let first = frame.left + 210.0;
    let room = (frame.width - 210.0 - 190.0).max(1.0);
    for (bar, number) in panel.bars.iter().zip(0_u32..) {
        let y = frame.top + GAP + HEAD + f64::from(number) * BAR;
        let name = cut(&bar.name, 200.0);
        canvas.text(
            (names, y),
            Side::Left,
            (Font::Mono, SMALL),
            palette.strong,
            &name,
        )?;
        let length = if most > 0.0 { bar.whole / most } else { 0.0 } * room;
        let whole = Frame {
            left: first,
            top: y - 5.0,
            width: length.max(1.0),
            height: 10.0,
        };
        canvas.rectangle(whole, palette.empty)?;
        match bar.filled {
            Some(filled) if bar.whole > 0.0 => {
                let filled = Frame {
                    width: whole.width * (filled / bar.whole).clamp(0.0, 1.0),
                    ..whole
                };
                canvas.rectangle(filled, palette.middle)?;
            }
            Some(_) => {}
            None => canvas.hatch(whole)?,
        }
        let place = (first + whole.width + 8.0, y);
        canvas.text(
            place,
            Side::Left,
            (Font::Mono, SMALL),
            palette.middle,
            &bar.said,
        )?;
    }
    Ok(())
}

/// `name` within `room`: the middle goes, since names differ at both ends.
fn cut(name: &str, room: f64) -> String {
    let letters: Vec<char> = name.chars().collect();
    let mut kept = letters.len();
    loop {
        let shown = if kept == letters.len() {
            name.to_owned()
        } else {
            let head = letters.iter().take(kept - kept / 2);
            let tail = letters.iter().skip(letters.len() - kept / 2);
            head.chain(['…'].iter()).chain(tail).collect()
        };
        if kept < 4 || width(Font::Mono, SMALL, &shown) <= room {
            return shown;
        }
        kept -= 1;
    }
}
