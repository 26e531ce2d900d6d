//! What a picture holds. `STRATA_TEST_PICTURES=FOLDER` keeps them, to be looked at.

#![expect(
    clippy::unwrap_used,
    clippy::too_many_lines,
    reason = "helpers of a test; one sheet with every sort of panel"
)]

use jiff::SignedDuration;
use strata_charts::{
    Format, Theme, draw,
    sheet::{
        Bar, BarPanel, Cell, CellBlock, CellLine, CellPanel, CellScale, Fill, Ink, KeyPanel, Line,
        Panel, Piece, Range, Shade, Sheet, Stack, StackPanel, TimePanel,
    },
};
use strata_domain::{
    reading::{Figure, Unit},
    tongue::Tongue,
};

fn sheet() -> Sheet {
    let wave = |at: usize| 0.6 + 0.3 * f64::from(u16::try_from(at).unwrap() / 7).sin();
    let values: Vec<Option<f64>> = (0..240)
        .map(|at| (!(90..120).contains(&at) && at != 200).then(|| wave(at)))
        .collect();
    let moved = |by: f64| -> Vec<Option<f64>> {
        values
            .iter()
            .map(|value| value.map(|value| (value + by).clamp(0.0, 1.0)))
            .collect()
    };
    Sheet {
        title: "gpu-h100-03 · GPU 4".to_owned(),
        note: "H100 80GB HBM3 · atlas · <script>alert(1)</script>".to_owned(),
        tongue: Tongue::English,
        width: 960,
        panels: vec![
            Panel::Time(TimePanel {
                title: "SM active".to_owned(),
                note: "share of cycles in which a multiprocessor had work".to_owned(),
                unit: Unit::Ratio,
                most: Some(1.0),
                begins: "2026-03-01T10:00:00Z".parse().unwrap(),
                step: SignedDuration::from_secs(360),
                lines: vec![
                    Line {
                        name: "held".to_owned(),
                        ink: Ink::Frame,
                        values: vec![Some(0.95); 240],
                        range: None,
                        is_filled: false,
                    },
                    Line {
                        name: "used".to_owned(),
                        ink: Ink::Main,
                        range: Some(Range {
                            least: moved(-0.1),
                            most: moved(0.08),
                        }),
                        values: values.clone(),
                        is_filled: true,
                    },
                ],
                height: 120,
            }),
            Panel::Time(TimePanel {
                title: "Power".to_owned(),
                note: String::new(),
                unit: Unit::Watts,
                most: None,
                begins: "2026-03-01T10:00:00Z".parse().unwrap(),
                step: SignedDuration::from_secs(360),
                lines: vec![Line {
                    name: String::new(),
                    ink: Ink::Main,
                    range: None,
                    values: values
                        .iter()
                        .map(|value| value.map(|v| v * 700.0))
                        .collect(),
                    is_filled: false,
                }],
                height: 90,
            }),
            Panel::Bars(BarPanel {
                title: "Held and not used, by owner".to_owned(),
                note: "GPU hours".to_owned(),
                bars: vec![
                    Bar {
                        name: "research-pretraining-of-large-models-eu".to_owned(),
                        whole: 900.0,
                        filled: Some(700.0),
                        said: "200 of 900 GPU h".to_owned(),
                    },
                    Bar {
                        name: "serving".to_owned(),
                        whole: 400.0,
                        filled: None,
                        said: "not measured".to_owned(),
                    },
                ],
            }),
        ],
    }
}

fn keep(name: &str, bytes: &[u8]) {
    if let Some(folder) = std::env::var_os("STRATA_TEST_PICTURES") {
        std::fs::write(std::path::Path::new(&folder).join(name), bytes).unwrap();
    }
}

#[test]
fn an_svg_carries_its_fonts_and_its_texts_are_no_markup() {
    for theme in [Theme::Dark, Theme::Light] {
        let svg = draw(&sheet(), Format::Svg, theme).unwrap();
        keep(&format!("{theme:?}.svg"), &svg);
        let svg = String::from_utf8(svg).unwrap();
        assert!(svg.starts_with("<svg width=\"960\""), "{}", &svg[..200]);
        assert!(svg.contains("@font-face"));
        assert!(!svg.contains("<script"));
        assert!(svg.contains("&lt;script&gt;"));
        assert_eq!(svg.matches("http").count(), 1, "the namespace alone");
        for said in [
            "gpu-h100-03 · GPU 4",
            "SM active",
            "100 %",
            "800 W",
            "200 of 900 GPU h",
        ] {
            assert!(svg.contains(said), "{said}");
        }
    }
}

#[test]
fn a_png_is_drawn_without_a_font_of_the_system() {
    for theme in [Theme::Dark, Theme::Light] {
        let png = draw(&sheet(), Format::Png, theme).unwrap();
        keep(&format!("{theme:?}.png"), &png);
        let decoder = png::Decoder::new(std::io::Cursor::new(png));
        let mut reader = decoder.read_info().unwrap();
        assert_eq!(reader.info().width, 1_920);
        let mut pixels = vec![0; reader.output_buffer_size().unwrap()];
        reader.next_frame(&mut pixels).unwrap();
        // The title's strip holds marks that are not the ground.
        let row = 1_920 * 3;
        let title = &pixels[row * 48..row * 84];
        let ground = &pixels[..3];
        let marks = title.chunks(3).filter(|pixel| pixel != &ground).count();
        assert!(marks > 500, "{marks} pixels of text");
    }
}

#[test]
fn a_sheet_of_nothing_is_a_picture_too() {
    let mut nothing = sheet();
    for panel in &mut nothing.panels {
        match panel {
            Panel::Time(panel) => panel.lines.clear(),
            Panel::Bars(panel) => panel.bars.clear(),
            Panel::Stacks(panel) => panel.stacks.clear(),
            Panel::Key(panel) => panel.entries.clear(),
            Panel::Cells(panel) => panel.blocks.clear(),
        }
    }
    draw(&nothing, Format::Svg, Theme::Dark).unwrap();
    draw(&nothing, Format::Png, Theme::Light).unwrap();
}

#[test]
fn lines_beside_each_other_have_a_key_and_dashes_of_their_own() {
    let wave = |by: f64| -> Vec<Option<f64>> {
        let at = |at: i32| Some(by + 0.1 * (f64::from(at) / 9.0).sin());
        (0..120).map(at).collect()
    };
    let inks: Vec<Ink> = std::iter::once(Ink::Main)
        .chain((0..7).map(Ink::Beside))
        .collect();
    let mut lines: Vec<Line> = inks
        .iter()
        .zip(0_u8..)
        .map(|(ink, number)| Line {
            name: String::new(),
            ink: *ink,
            values: wave(0.15 + 0.1 * f64::from(number)),
            range: None,
            is_filled: false,
        })
        .collect();
    lines.reverse();
    let time = TimePanel {
        title: "SM active".to_owned(),
        note: String::new(),
        unit: Unit::Ratio,
        most: Some(1.0),
        begins: "2026-03-01T10:00:00Z".parse().unwrap(),
        step: SignedDuration::from_secs(30),
        lines,
        height: 160,
    };
    let entries = inks.iter().zip(0_u8..).map(|(ink, number)| {
        (
            format!("gpu-h100-with-a-long-name-0{number} · {number}"),
            *ink,
        )
    });
    let compared = Sheet {
        panels: vec![
            Panel::Key(KeyPanel {
                entries: entries.collect(),
            }),
            Panel::Time(time),
        ],
        ..sheet()
    };
    let mut drawn = Vec::new();
    for theme in [Theme::Dark, Theme::Light] {
        let svg = draw(&compared, Format::Svg, theme).unwrap();
        keep(&format!("compared-{theme:?}.svg"), &svg);
        keep(
            &format!("compared-{theme:?}.png"),
            &draw(&compared, Format::Png, theme).unwrap(),
        );
        drawn.push(String::from_utf8(svg).unwrap());
    }
    // Names lose their middle, never the end that tells them apart.
    assert!(drawn[0].contains("07 · 7"));
    let marks = |svg: &str| svg.matches("<polyline").count();
    assert!(
        marks(&drawn[0]) > 200,
        "{} marks of dashes",
        marks(&drawn[0])
    );
}

fn cells(fills: &[Fill]) -> String {
    map(fills, "01", false)
}

fn map(fills: &[Fill], node: &str, is_struck: bool) -> String {
    let line = fills.iter().map(|fill| Cell {
        fill: *fill,
        mark: None,
    });
    let line = CellLine {
        name: node.to_owned(),
        is_struck,
        cells: line.collect(),
    };
    let sheet = Sheet {
        title: "GPUs of atlas".to_owned(),
        note: String::new(),
        tongue: Tongue::English,
        width: 960,
        panels: vec![Panel::Cells(CellPanel {
            title: "SM active".to_owned(),
            note: String::new(),
            scale: Some(CellScale {
                least: 0.0,
                most: 1.0,
                unit: Unit::Ratio,
            }),
            legend: Vec::new(),
            blocks: vec![CellBlock {
                name: "r-1".to_owned(),
                lines: vec![line],
            }],
        })],
    };
    String::from_utf8(draw(&sheet, Format::Svg, Theme::Dark).unwrap()).unwrap()
}

#[test]
fn a_map_has_a_cell_for_each_that_is_known_and_hatching_for_the_others() {
    let squares = |svg: &str| svg.matches("<rect").count();
    let lines = |svg: &str| svg.matches("<polyline").count();
    let none = cells(&[]);
    let known = cells(&[Fill::Share(0.2); 5]);
    assert_eq!(squares(&known), squares(&none) + 5);
    assert_eq!(lines(&known), lines(&none));
    let unknown = cells(&[Fill::Unknown; 5]);
    assert_eq!(squares(&unknown), squares(&none));
    assert!(lines(&unknown) > lines(&none));
}

#[test]
fn the_legend_of_a_map_tells_the_ends_of_its_scale() {
    let svg = cells(&[Fill::Share(1.0)]);
    for said in ["SM active", "0 %", "100 %"] {
        assert!(svg.contains(said), "{said}");
    }
}

#[test]
fn a_map_names_its_lines_where_there_is_room_and_strikes_through_those_that_get_nothing_more() {
    let few = map(&[Fill::Held; 8], "node-17", false);
    assert!(few.contains("node-17"));
    let many = map(&vec![Fill::Held; 3_001], "node-17", false);
    assert!(!many.contains("node-17"));
    let lines = |svg: &str| svg.matches("<polyline").count();
    assert!(lines(&map(&[Fill::Held; 8], "node-17", true)) > lines(&few));
}

#[test]
fn a_picture_in_chinese_says_its_dates_so_and_draws_each_character_with_a_font_that_has_it() {
    let mut chinese = sheet();
    chinese.tongue = Tongue::Chinese;
    chinese.title = "gpu-h100-03 的 GPU 数".to_owned();
    if let Some(Panel::Time(panel)) = chinese.panels.first_mut() {
        panel.title = Figure::Power.name(Tongue::Chinese).to_owned();
        panel.step = SignedDuration::from_hours(1);
    }
    for theme in [Theme::Dark, Theme::Light] {
        let svg = draw(&chinese, Format::Svg, theme).unwrap();
        keep(&format!("chinese-{theme:?}.svg"), &svg);
        keep(
            &format!("chinese-{theme:?}.png"),
            &draw(&chinese, Format::Png, theme).unwrap(),
        );
        let svg = String::from_utf8(svg).unwrap();
        assert!(svg.contains("font-family=\"Strata Chinese\""));
        for said in ["功率", "月"] {
            assert!(svg.contains(said), "{said}");
        }
    }
    let english = draw(&sheet(), Format::Svg, Theme::Dark).unwrap();
    let english = String::from_utf8(english).unwrap();
    assert!(!english.contains("font-family=\"Strata Chinese\""));
}

#[test]
fn the_pieces_of_bars_lie_on_one_axis_and_say_what_they_are_where_there_is_room() {
    let piece = |shade, length, label: &str| Piece {
        shade,
        length,
        label: label.to_owned(),
    };
    let stack = |name: &str, pieces| Stack {
        name: name.to_owned(),
        pieces,
        said: "40 of 64".to_owned(),
    };
    let panel = StackPanel {
        title: "Capacity".to_owned(),
        note: String::new(),
        legend: vec![(Shade::Used, "used".to_owned())],
        stacks: vec![
            stack(
                "allocated",
                vec![
                    piece(Shade::Part(0), 30.0, "research 30"),
                    piece(Shade::Part(9), 1.0, "others 1"),
                    piece(Shade::Free, 20.0, "free 20"),
                    piece(Shade::Unknown, 13.0, "faulty 13"),
                ],
            ),
            stack(
                "used",
                vec![
                    piece(Shade::Used, 22.0, "used 22"),
                    piece(Shade::Idle, 5.0, "idle 5"),
                    piece(Shade::Rest, 4.0, ""),
                ],
            ),
        ],
    };
    let drawn = Sheet {
        panels: vec![Panel::Stacks(panel)],
        ..sheet()
    };
    for theme in [Theme::Dark, Theme::Light] {
        let svg = draw(&drawn, Format::Svg, theme).unwrap();
        keep(&format!("stacks-{theme:?}.svg"), &svg);
        keep(
            &format!("stacks-{theme:?}.png"),
            &draw(&drawn, Format::Png, theme).unwrap(),
        );
        let svg = String::from_utf8(svg).unwrap();
        for said in ["research 30", "free 20", "used 22", "40 of 64"] {
            assert!(svg.contains(said), "{said}");
        }
        assert!(!svg.contains("others 1"), "no room for it");
    }
}
