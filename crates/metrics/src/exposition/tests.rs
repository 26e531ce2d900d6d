use std::fmt::Write as _;

use proptest::prelude::*;

use super::*;

type Read = (String, Vec<(String, String)>, f64);

fn all(text: &str) -> Vec<Read> {
    samples(text)
        .map(|sample| {
            let labels = sample.labels.pairs();
            (
                sample.name.to_owned(),
                labels
                    .map(|(name, value)| (name.to_owned(), value.into_owned()))
                    .collect(),
                sample.value,
            )
        })
        .collect()
}

#[test]
fn samples_are_read_with_and_without_labels_and_timestamps() {
    let text = "# HELP up Whether it is.\n# TYPE up gauge\nup 1\n\
                http_total{code=\"200\", path=\"/a b\"} 3.5e2 1395066363000\n\n  spaced   -2\n";
    let label = |name: &str, value: &str| (name.to_owned(), value.to_owned());
    assert_eq!(
        all(text),
        [
            ("up".to_owned(), vec![], 1.0),
            (
                "http_total".to_owned(),
                vec![label("code", "200"), label("path", "/a b")],
                350.0
            ),
            ("spaced".to_owned(), vec![], -2.0),
        ]
    );
}

#[test]
fn braces_and_quotes_in_values_end_nothing() {
    let text = "a{x=\"}\",y=\"\\\"}{\\\\\"} 1\nb{x=\"two\\nlines\"} +Inf\n";
    let read = all(text);
    assert_eq!(read[0].1[0].1, "}");
    assert_eq!(read[0].1[1].1, "\"}{\\");
    assert_eq!(read[1].1[0].1, "two\nlines");
    assert!(read[1].2.is_infinite());
}

#[test]
fn a_bad_line_is_counted_and_loses_only_itself() {
    let mut read = samples("good 1\nbad{x=\"open} 2\nworse\nnovalue{a=\"b\"}\nlast 3\n");
    let names: Vec<&str> = read.by_ref().map(|sample| sample.name).collect();
    assert_eq!(names, ["good", "last"]);
    assert_eq!(read.rejected(), 3);
}

#[test]
fn exemplars_and_the_end_mark_of_openmetrics_are_no_values() {
    let read = all("a_bucket{le=\"1\"} 11 # {trace=\"x\"} 0.7 1.0\na_total 4 123.4\n# EOF\n");
    assert_eq!(read.len(), 2);
    assert!((read[0].2 - 11.0).abs() < f64::EPSILON);
}

#[test]
fn when_a_sample_was_measured_is_read_in_either_format() {
    let text = "a 1 1719905487000\nb 2 1719905487.5\nc 3 1719905487\nd 4\ne 5 soon\n\
                f_bucket 6 # {x=\"y\"} 1\n";
    let at: Vec<Option<String>> = samples(text)
        .map(|sample| sample.at.map(|at| at.to_string()))
        .collect();
    let moment = |text: &str| Some(text.to_owned());
    assert_eq!(
        at,
        [
            moment("2024-07-02T07:31:27Z"),
            moment("2024-07-02T07:31:27.5Z"),
            moment("2024-07-02T07:31:27Z"),
            None,
            None,
            None
        ]
    );
}

proptest! {
    /// Whatever is written as the format says is read as it was meant.
    #[test]
    fn what_is_written_is_read(
        rows in prop::collection::vec(
            ("[a-z_:][a-z0-9_:]{0,12}", prop::collection::vec(("[a-z_]{1,6}", any::<String>()), 0..4), any::<f64>()),
            0..20,
        )
    ) {
        let mut text = String::new();
        for (name, labels, value) in &rows {
            let labels: Vec<String> = labels
                .iter()
                .map(|(name, value)| {
                    let value = value.replace('\\', "\\\\").replace('"', "\\\"").replace('\n', "\\n");
                    format!("{name}=\"{value}\"")
                })
                .collect();
            writeln!(text, "{name}{{{}}} {value}", labels.join(",")).unwrap();
        }
        let read = all(&text);
        prop_assert_eq!(read.len(), rows.len());
        for (read, meant) in read.iter().zip(&rows) {
            prop_assert_eq!(&read.0, &meant.0);
            prop_assert_eq!(&read.1, &meant.1);
            prop_assert!(read.2.to_bits() == meant.2.to_bits() || (read.2.is_nan() && meant.2.is_nan()));
        }
    }

    /// Nothing that comes over the wire makes it panic or run on for ever.
    #[test]
    fn any_text_is_read_to_its_end(text in any::<String>()) {
        let mut read = samples(&text);
        prop_assert!(read.by_ref().count() + read.rejected() <= text.lines().count() + 1);
    }
}
