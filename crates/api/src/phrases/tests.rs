use std::collections::BTreeSet;

use super::*;

/// The placeholders of a template, by name.
fn placeholders(template: &str) -> BTreeSet<&str> {
    template
        .split('{')
        .skip(1)
        .filter_map(|rest| rest.split_once('}'))
        .map(|(slot, _)| slot.split('?').next().unwrap_or(slot))
        .collect()
}

#[test]
fn both_languages_say_every_phrase_with_no_placeholder_of_their_own() {
    for code in PhraseCode::ALL {
        let english = placeholders(code.template(Tongue::English));
        let chinese = placeholders(code.template(Tongue::Chinese));
        assert!(
            !code.template(Tongue::English).is_empty(),
            "{code:?} has no English words"
        );
        assert!(
            !code.template(Tongue::Chinese).is_empty(),
            "{code:?} has no Chinese words"
        );
        // A word that English picks by number need not be said in Chinese.
        assert!(
            chinese.is_subset(&english),
            "{code:?}: {chinese:?} is not within {english:?}"
        );
    }
}

#[test]
fn numbers_choose_their_word_and_are_grouped() {
    let phrase = |count: u32| Phrase::new(PhraseCode::GpuCount).with("count", count);
    assert_eq!(phrase(1).english(), "1 GPU");
    assert_eq!(phrase(1024).english(), "1,024 GPUs");
    assert_eq!(phrase(1024).say(Tongue::Chinese), "1,024 块 GPU");
}

#[test]
fn a_missing_value_shows() {
    assert_eq!(
        Phrase::new(PhraseCode::MachineCount).english(),
        "{count} {count}"
    );
}

#[test]
fn spans_and_memory_read_as_people_say_them() {
    assert_eq!(PhraseValue::Seconds(42.0).to_string(), "42 s");
    assert_eq!(PhraseValue::Seconds(2_820.0).to_string(), "47 min");
    assert_eq!(PhraseValue::Seconds(11_520.0).to_string(), "3 h 12");
    assert_eq!(PhraseValue::Seconds(432_000.0).to_string(), "5 d");
    let word = Phrase::new(PhraseCode::Word).with("word", PhraseValue::Seconds(11_520.0));
    assert_eq!(word.say(Tongue::Chinese), "3 小时 12");
    assert_eq!(
        PhraseValue::Bytes(80.0 * 1024.0 * 1024.0 * 1024.0).to_string(),
        "80 GiB"
    );
}
