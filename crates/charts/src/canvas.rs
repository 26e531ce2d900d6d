//! Drawing in pixels of a screen, onto a canvas that is finer than that.

use plotters::{
    coord::Shift,
    drawing::DrawingArea,
    element::{PathElement, Polygon, Rectangle},
    prelude::{Color as _, DrawingBackend, IntoFont as _, Text},
    style::{
        RGBAColor, ShapeStyle,
        text_anchor::{HPos, Pos, VPos},
    },
};

use strata_domain::tongue::Tongue;

use crate::{font::Font, ink::Palette, picture::PictureError};

/// How many pixels of the canvas are one of the screen, each way.
pub(crate) const FINE: u32 = 4;

/// A canvas with the colours to draw in. Places and sizes are in pixels of the screen.
pub(crate) struct Canvas<'a, B: DrawingBackend> {
    area: &'a DrawingArea<B, Shift>,
    pub(crate) palette: Palette,
    pub(crate) tongue: Tongue,
}

/// Where a text stands beside its place.
#[derive(Clone, Copy)]
pub(crate) enum Side {
    Left,
    Middle,
    Right,
}

/// A rectangle.
#[derive(Clone, Copy)]
pub(crate) struct Frame {
    pub(crate) left: f64,
    pub(crate) top: f64,
    pub(crate) width: f64,
    pub(crate) height: f64,
}

impl Frame {
    pub(crate) fn right(self) -> f64 {
        self.left + self.width
    }

    pub(crate) fn bottom(self) -> f64 {
        self.top + self.height
    }
}

impl<'a, B: DrawingBackend> Canvas<'a, B> {
    pub(crate) fn new(area: &'a DrawingArea<B, Shift>, palette: Palette, tongue: Tongue) -> Self {
        Self {
            area,
            palette,
            tongue,
        }
    }

    /// A text, `size` pixels tall, whose middle is at the height `y`.
    pub(crate) fn text(
        &self,
        (x, y): (f64, f64),
        side: Side,
        (font, size): (Font, f64),
        colour: impl Into<RGBAColor>,
        text: &str,
    ) -> Result<(), PictureError> {
        let text = visible(text);
        let colour: RGBAColor = colour.into();
        let parts = font.parts(&text);
        if let [(font, part)] = parts.as_slice() {
            return self.part((x, y), side, (*font, size), colour, part);
        }
        let mut left = match side {
            Side::Left => x,
            Side::Middle => x - width(font, size, &text) / 2.0,
            Side::Right => x - width(font, size, &text),
        };
        for (font, part) in parts {
            self.part((left, y), Side::Left, (font, size), colour, part)?;
            left += part_width(font, size, part);
        }
        Ok(())
    }

    /// A text that one font can draw.
    fn part(
        &self,
        place: (f64, f64),
        side: Side,
        (font, size): (Font, f64),
        colour: RGBAColor,
        text: &str,
    ) -> Result<(), PictureError> {
        let side = match side {
            Side::Left => HPos::Left,
            Side::Middle => HPos::Center,
            Side::Right => HPos::Right,
        };
        let style = (font.family(), size * f64::from(FINE) * EM)
            .into_font()
            .color(&colour)
            .pos(Pos::new(side, VPos::Center));
        self.draw(&Text::new(text.to_owned(), at(place), style))
    }

    pub(crate) fn line(
        &self,
        points: &[(f64, f64)],
        width: f64,
        colour: impl Into<RGBAColor>,
    ) -> Result<(), PictureError> {
        let style = ShapeStyle {
            color: colour.into(),
            filled: false,
            stroke_width: whole(width * f64::from(FINE)).unsigned_abs().max(1),
        };
        let points: Vec<_> = points.iter().map(|point| at(*point)).collect();
        self.draw(&PathElement::new(points, style))
    }

    pub(crate) fn fill(
        &self,
        points: &[(f64, f64)],
        colour: impl Into<RGBAColor>,
    ) -> Result<(), PictureError> {
        let points: Vec<_> = points.iter().map(|point| at(*point)).collect();
        self.draw(&Polygon::new(points, colour.into().filled()))
    }

    pub(crate) fn rectangle(
        &self,
        frame: Frame,
        colour: impl Into<RGBAColor>,
    ) -> Result<(), PictureError> {
        let corners = [
            at((frame.left, frame.top)),
            at((frame.right(), frame.bottom())),
        ];
        self.draw(&Rectangle::new(corners, colour.into().filled()))
    }

    /// The edge of `frame` alone.
    pub(crate) fn outline(
        &self,
        frame: Frame,
        colour: impl Into<RGBAColor>,
    ) -> Result<(), PictureError> {
        let corners = [
            (frame.left, frame.top),
            (frame.right(), frame.top),
            (frame.right(), frame.bottom()),
            (frame.left, frame.bottom()),
            (frame.left, frame.top),
        ];
        self.line(&corners, 1.0, colour)
    }

    /// The mark for what is not known.
    pub(crate) fn hatch(&self, frame: Frame) -> Result<(), PictureError> {
        const APART: f64 = 5.0;
        let colour = self.palette.unknown.mix(0.45);
        let (width, height) = (frame.width, frame.height);
        let mut start = 0.0;
        // Each line runs up to the right; it is cut where the frame ends.
        while start < width + height {
            let from = (start.min(width), (start - width).max(0.0));
            let to = ((start - height).max(0.0), start.min(height));
            self.line(
                &[
                    (frame.left + from.0, frame.top + from.1),
                    (frame.left + to.0, frame.top + to.1),
                ],
                0.75,
                colour,
            )?;
            start += APART;
        }
        Ok(())
    }

    fn draw<'b, E>(&self, element: &'b E) -> Result<(), PictureError>
    where
        E: plotters::element::Drawable<B>,
        &'b E: plotters::element::PointCollection<'b, (i32, i32)>,
    {
        self.area
            .draw(element)
            .map_err(|error| PictureError::Drawing(error.to_string()))
    }
}

/// How wide `text` is, in pixels of the screen.
pub(crate) fn width(font: Font, size: f64, text: &str) -> f64 {
    let parts = font.parts(text).into_iter();
    parts.map(|(font, part)| part_width(font, size, part)).sum()
}

fn part_width(font: Font, size: f64, text: &str) -> f64 {
    let style = (font.family(), size * f64::from(FINE) * EM).into_font();
    let width = style.box_size(text).map_or(0, |(width, _)| width);
    f64::from(width) / f64::from(FINE)
}

/// `plotters` counts a font's size from its highest to its lowest mark, people by its em.
const EM: f64 = 1.24;

fn at((x, y): (f64, f64)) -> (i32, i32) {
    (whole(x * f64::from(FINE)), whole(y * f64::from(FINE)))
}

fn whole(value: f64) -> i32 {
    #[expect(
        clippy::cast_possible_truncation,
        reason = "a cast of a float saturates, and pictures are small"
    )]
    let whole = value.round() as i32;
    whole
}

/// Characters that cannot be seen, or turn the direction of writing, as a mark that can.
fn visible(text: &str) -> String {
    let is_hidden = |one: char| {
        one.is_control()
            || matches!(one, '\u{200b}'..='\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2060}'..='\u{2069}' | '\u{feff}')
    };
    text.chars()
        .map(|one| if is_hidden(one) { '\u{fffd}' } else { one })
        .collect()
}
