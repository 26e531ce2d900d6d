//! Drawing a sheet into a file's bytes.

use plotters::{
    backend::{BitMapBackend, SVGBackend},
    coord::Shift,
    drawing::{DrawingArea, IntoDrawingArea as _},
    prelude::DrawingBackend,
};

use crate::{
    canvas::{Canvas, FINE, Frame, Side},
    font::{self, Font, face_css},
    ink::{Palette, Theme},
    panel,
    sheet::Sheet,
};

/// In what form.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Format {
    /// SVG, with its fonts in it.
    Svg,
    /// PNG, two pixels for each of a screen of usual density.
    Png,
}

/// A picture could not be drawn.
#[derive(Debug, thiserror::Error)]
pub enum PictureError {
    /// The embedded fonts are damaged.
    #[error("the embedded fonts cannot be read")]
    Font,
    /// The drawing library refused.
    #[error("cannot draw: {0}")]
    Drawing(String),
    /// The picture could not be packed.
    #[error("cannot write the PNG")]
    Png(#[from] png::EncodingError),
}

/// The margin, in pixels of the screen.
const MARGIN: f64 = 24.0;
/// The room of the title.
const TITLE: f64 = 58.0;

/// Draws `sheet` as SVG to stand in a page that has [`face_css`] in its style.
pub fn inline_svg(sheet: &Sheet, theme: Theme) -> Result<String, PictureError> {
    font::register()?;
    svg(sheet, theme)
}

/// Draws `sheet`, as the bytes of a file.
pub fn draw(sheet: &Sheet, format: Format, theme: Theme) -> Result<Vec<u8>, PictureError> {
    font::register()?;
    match format {
        Format::Svg => Ok(with_fonts(&svg(sheet, theme)?).into_bytes()),
        Format::Png => {
            let (width, height) = size(sheet);
            let fine = (width * FINE, height * FINE);
            let mut pixels = vec![0; fine.0 as usize * fine.1 as usize * 3];
            {
                let area = BitMapBackend::with_buffer(&mut pixels, fine).into_drawing_area();
                paint(&area, sheet, theme)?;
            }
            pack(&halved(&pixels, fine), (fine.0 / 2, fine.1 / 2))
        }
    }
}

/// The SVG, drawn on the fine canvas, in its true size.
fn svg(sheet: &Sheet, theme: Theme) -> Result<String, PictureError> {
    let (width, height) = size(sheet);
    let mut text = String::new();
    {
        let fine = (width * FINE, height * FINE);
        let area = SVGBackend::with_string(&mut text, fine).into_drawing_area();
        paint(&area, sheet, theme)?;
    }
    let fine = |name: &str, value: u32| format!("{name}=\"{}\"", value * FINE);
    Ok(text
        .replacen(&fine("width", width), &format!("width=\"{width}\""), 1)
        .replacen(&fine("height", height), &format!("height=\"{height}\""), 1))
}

/// How wide and tall `sheet` is, in pixels of the screen.
fn size(sheet: &Sheet) -> (u32, u32) {
    let width = sheet.width.clamp(320, 4_000);
    let room = f64::from(width) - 2.0 * MARGIN;
    let heights = sheet.panels.iter().map(|panel| panel::height(panel, room));
    let panels: f64 = heights.sum();
    #[expect(
        clippy::cast_possible_truncation,
        clippy::cast_sign_loss,
        reason = "a cast of a float saturates, and pictures are small"
    )]
    let height = (head(sheet) + panels + MARGIN / 2.0).ceil() as u32;
    (width, height)
}

/// The room above the first panel.
fn head(sheet: &Sheet) -> f64 {
    if sheet.title.is_empty() {
        0.0
    } else {
        MARGIN + TITLE
    }
}

fn paint<B: DrawingBackend>(
    area: &DrawingArea<B, Shift>,
    sheet: &Sheet,
    theme: Theme,
) -> Result<(), PictureError> {
    let refused = |error: &dyn std::fmt::Display| PictureError::Drawing(error.to_string());
    let palette = Palette::of(theme);
    area.fill(&palette.ground)
        .map_err(|error| refused(&error))?;
    let canvas = Canvas::new(area, palette, sheet.tongue);
    if !sheet.title.is_empty() {
        let title = (Font::Title, 18.0);
        let place = (MARGIN, MARGIN + 8.0);
        canvas.text(place, Side::Left, title, palette.strong, &sheet.title)?;
        let note = (Font::Words, 12.0);
        let place = (MARGIN, MARGIN + 32.0);
        canvas.text(place, Side::Left, note, palette.middle, &sheet.note)?;
    }
    let (width, _) = size(sheet);
    let room = f64::from(width) - 2.0 * MARGIN;
    let mut top = head(sheet);
    for panel in &sheet.panels {
        let frame = Frame {
            left: MARGIN,
            top,
            width: room,
            height: panel::height(panel, room),
        };
        panel::draw(&canvas, panel, frame)?;
        top += frame.height;
    }
    area.present().map_err(|error| refused(&error))
}

/// The SVG with its fonts in it.
fn with_fonts(text: &str) -> String {
    match text.split_once('>') {
        Some((head, rest)) => format!("{head}>\n<style>{}</style>{rest}", face_css()),
        None => text.to_owned(),
    }
}

/// Half as wide and tall: each pixel the mean of four, so that edges are smooth.
fn halved(pixels: &[u8], (width, height): (u32, u32)) -> Vec<u8> {
    let row = width as usize * 3;
    let mut half = Vec::with_capacity(pixels.len() / 4);
    for pair in pixels.chunks_exact(row * 2).take(height as usize / 2) {
        let (upper, lower) = pair.split_at(row);
        for (above, below) in upper.chunks_exact(6).zip(lower.chunks_exact(6)) {
            for colour in 0..3 {
                let of = |pixels: &[u8], at: usize| u16::from(pixels.get(at).copied().unwrap_or(0));
                let sum = of(above, colour)
                    + of(above, colour + 3)
                    + of(below, colour)
                    + of(below, colour + 3);
                half.push(u8::try_from(sum / 4).unwrap_or(u8::MAX));
            }
        }
    }
    half
}

fn pack(pixels: &[u8], (width, height): (u32, u32)) -> Result<Vec<u8>, PictureError> {
    let mut file = Vec::new();
    let mut encoder = png::Encoder::new(&mut file, width, height);
    encoder.set_color(png::ColorType::Rgb);
    encoder.set_depth(png::BitDepth::Eight);
    let mut writer = encoder.write_header()?;
    writer.write_image_data(pixels)?;
    writer.finish()?;
    Ok(file)
}
