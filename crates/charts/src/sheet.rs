//! What can be drawn.

use jiff::{SignedDuration, Timestamp};
use strata_domain::{reading::Unit, tongue::Tongue};

/// A picture: a title, and panels under each other.
#[derive(Clone, Debug, PartialEq)]
pub struct Sheet {
    /// What it shows; empty where that is said beside the picture.
    pub title: String,
    /// Of what, and when.
    pub note: String,
    /// The language of its dates, which is that of its words.
    pub tongue: Tongue,
    /// The panels, from top to bottom.
    pub panels: Vec<Panel>,
    /// How wide it is, in pixels of a screen of usual density.
    pub width: u32,
}

/// A part of a picture.
#[derive(Clone, Debug, PartialEq)]
pub enum Panel {
    /// Series over time.
    Time(TimePanel),
    /// Bars beside each other, a name each.
    Bars(BarPanel),
    /// Bars of several pieces, on one axis.
    Stacks(StackPanel),
    /// What the lines of the panels below stand for.
    Key(KeyPanel),
    /// Cells in blocks.
    Cells(CellPanel),
}

/// Series over time, on one scale.
#[derive(Clone, Debug, PartialEq)]
pub struct TimePanel {
    /// What is shown.
    pub title: String,
    /// Its definition.
    pub note: String,
    /// The unit of every value.
    pub unit: Unit,
    /// The top of the scale; absent where the values decide.
    pub most: Option<f64>,
    /// When the first step begins.
    pub begins: Timestamp,
    /// How long a step is.
    pub step: SignedDuration,
    /// The series. What lies behind comes first.
    pub lines: Vec<Line>,
    /// How tall the plot is, in pixels.
    pub height: u32,
}

/// A series.
#[derive(Clone, Debug, PartialEq)]
pub struct Line {
    /// What it is called; empty where it is alone.
    pub name: String,
    /// Its colour.
    pub ink: Ink,
    /// The values, one a step; `None` where nothing was measured.
    pub values: Vec<Option<f64>>,
    /// The least and the most of each step, where they are told.
    pub range: Option<Range>,
    /// Whether what is under it is filled.
    pub is_filled: bool,
}

/// The least and the most of each step.
#[derive(Clone, Debug, PartialEq)]
pub struct Range {
    /// The least; `None` where nothing was measured.
    pub least: Vec<Option<f64>>,
    /// The most; `None` where nothing was measured.
    pub most: Vec<Option<f64>>,
}

/// What a colour stands for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Ink {
    /// The one that is looked at.
    Main,
    /// What it is compared with.
    Quiet,
    /// One of several that it is compared with, told apart by shade and by dashes.
    Beside(u8),
    /// The frame of all: what there is.
    Frame,
    /// What deserves a look.
    Warning,
    /// What is broken.
    Critical,
}

/// What lines stand for, where panels share them.
#[derive(Clone, Debug, PartialEq)]
pub struct KeyPanel {
    /// Each line's name and its ink.
    pub entries: Vec<(String, Ink)>,
}

/// Bars beside each other.
#[derive(Clone, Debug, PartialEq)]
pub struct BarPanel {
    /// What is shown.
    pub title: String,
    /// Its definition.
    pub note: String,
    /// The bars, from top to bottom.
    pub bars: Vec<Bar>,
}

/// A bar.
#[derive(Clone, Debug, PartialEq)]
pub struct Bar {
    /// Of what.
    pub name: String,
    /// How long it is.
    pub whole: f64,
    /// How much of that is filled, from the left; `None` where that is not known.
    pub filled: Option<f64>,
    /// What is written after it, with its unit.
    pub said: String,
}

/// Bars of several pieces, on one axis.
#[derive(Clone, Debug, PartialEq)]
pub struct StackPanel {
    /// What is shown.
    pub title: String,
    /// Its definition.
    pub note: String,
    /// What shades stand for.
    pub legend: Vec<(Shade, String)>,
    /// The bars, from top to bottom.
    pub stacks: Vec<Stack>,
}

/// A bar of several pieces.
#[derive(Clone, Debug, PartialEq)]
pub struct Stack {
    /// Of what.
    pub name: String,
    /// The pieces, from the left.
    pub pieces: Vec<Piece>,
    /// What is written after it, with its unit.
    pub said: String,
}

/// A piece of a bar.
#[derive(Clone, Debug, PartialEq)]
pub struct Piece {
    /// What it stands for.
    pub shade: Shade,
    /// How long it is.
    pub length: f64,
    /// What is written in it where there is room; may be empty.
    pub label: String,
}

/// What a piece of a bar stands for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Shade {
    /// One of several parts beside each other, the largest first.
    Part(u8),
    /// What is used.
    Used,
    /// What is held and does nothing.
    Idle,
    /// What is left of it.
    Rest,
    /// What nobody has.
    Free,
    /// Of what nothing is known.
    Unknown,
}

/// Cells in blocks.
#[derive(Clone, Debug, PartialEq)]
pub struct CellPanel {
    /// What is shown.
    pub title: String,
    /// Its definition.
    pub note: String,
    /// The ends of the colours; absent where they are of states.
    pub scale: Option<CellScale>,
    /// What fills and marks stand for.
    pub legend: Vec<(Sample, String)>,
    /// The blocks, in their order.
    pub blocks: Vec<CellBlock>,
}

/// The ends of the colours of cells.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct CellScale {
    /// The value of the darkest.
    pub least: f64,
    /// The value of the brightest.
    pub most: f64,
    /// The unit of both.
    pub unit: Unit,
}

/// What an entry of a legend is of.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Sample {
    /// How a cell is filled.
    Fill(Fill),
    /// What is wrong with a cell.
    Mark(CellMark),
    /// A line that is struck through.
    Struck,
}

/// Cells that stand together.
#[derive(Clone, Debug, PartialEq)]
pub struct CellBlock {
    /// What they are called.
    pub name: String,
    /// The cells, in lines.
    pub lines: Vec<CellLine>,
}

/// A line of cells.
#[derive(Clone, Debug, PartialEq)]
pub struct CellLine {
    /// What it is called, in a few letters; written where there is room.
    pub name: String,
    /// Whether it is struck through: what stands in it gets nothing more.
    pub is_struck: bool,
    /// The cells.
    pub cells: Vec<Cell>,
}

/// One cell.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Cell {
    /// What it says.
    pub fill: Fill,
    /// What is wrong with it.
    pub mark: Option<CellMark>,
}

/// What a cell says.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Fill {
    /// Where a value lies on the scale, from 0 to 1.
    Share(f64),
    /// Nobody has it.
    Free,
    /// Somebody has it.
    Held,
    /// Somebody has it and does nothing with it.
    Idle,
    /// It does not work.
    Broken,
    /// Nothing is known.
    Unknown,
}

/// What is wrong with a cell.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum CellMark {
    /// It deserves a look.
    Warning,
    /// It is broken.
    Critical,
}
