use super::*;

fn at(second: i64) -> Timestamp {
    Timestamp::from_second(second).unwrap()
}

fn filled() -> Database {
    let database = Database::in_memory().unwrap();
    for name in ["web", "cache"] {
        let json = format!("{{\"what\":\"apply Deployment {name}\"}}");
        let entry = database.begin(at(1), &json).unwrap();
        database.note(entry, at(2), "{\"step\":0}", false).unwrap();
        database
            .note(entry, at(3), "{\"done\":true}", true)
            .unwrap();
    }
    database
}

fn tamper(database: &Database, statement: &str) -> Verdict {
    database.connection().execute(statement, []).unwrap();
    database.verify().unwrap()
}

#[test]
fn what_was_written_is_read_and_holds() {
    let database = filled();
    let entries = database.entries(&[], None, 10).unwrap();
    let numbers: Vec<u32> = entries.iter().map(|entry| entry.number).collect();
    assert_eq!(numbers, [4, 1]);
    assert!(
        entries
            .iter()
            .all(|entry| entry.is_ended && entry.lines.len() == 3)
    );
    let found = database.entries(&["WEB".to_owned()], None, 10).unwrap();
    assert_eq!(found.len(), 1);
    assert_eq!(found[0].lines[2].json, "{\"done\":true}");
    assert_eq!(database.entries(&[], Some(4), 10).unwrap().len(), 1);
    let verdict = database.verify().unwrap();
    assert_eq!((verdict.lines, verdict.fault), (6, None));
    assert_eq!(verdict.head, entries[0].lines[2].hash);
}

#[test]
fn a_line_that_was_altered_is_found() {
    for statement in [
        "UPDATE journal SET json = replace(json, 'web', 'db') WHERE number = 1",
        "UPDATE journal SET at = '2020-01-01T00:00:00Z' WHERE number = 1",
        "UPDATE journal SET is_last = 1 WHERE number = 1",
        "UPDATE journal SET writer = 'somebody' WHERE number = 1",
        "UPDATE journal SET hash = x'00' WHERE number = 1",
    ] {
        let verdict = tamper(&filled(), statement);
        let (line, _) = verdict.fault.expect(statement);
        assert_eq!(line, 1, "{statement}");
    }
}

#[test]
fn lines_that_were_taken_out_are_missed() {
    for (statement, line) in [
        ("DELETE FROM journal WHERE number = 1", 1),
        ("DELETE FROM journal WHERE number = 3", 3),
        ("DELETE FROM journal WHERE number = 6", 6),
        ("DELETE FROM journal", 1),
    ] {
        let verdict = tamper(&filled(), statement);
        assert_eq!(
            verdict.fault.map(|(line, _)| line),
            Some(line),
            "{statement}"
        );
    }
}

#[test]
fn lines_that_changed_places_are_found() {
    let database = filled();
    for statement in [
        "UPDATE journal SET number = 100 WHERE number = 2",
        "UPDATE journal SET number = 2 WHERE number = 3",
    ] {
        database.connection().execute(statement, []).unwrap();
    }
    let verdict = tamper(
        &database,
        "UPDATE journal SET number = 3 WHERE number = 100",
    );
    assert_eq!(verdict.fault.map(|(line, _)| line), Some(2));
}

#[test]
fn an_entry_is_interrupted_once_its_writer_is_no_more() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("strata.db");
    let writing = Database::open(&path).unwrap();
    let entry = writing.begin(at(1), "{}").unwrap();
    let reading = Database::open(&path).unwrap();
    assert!(reading.interrupted().unwrap().is_empty());
    assert!(reading.entry(entry).unwrap().unwrap().is_running);
    drop(writing);
    let interrupted = reading.interrupted().unwrap();
    assert_eq!(interrupted.len(), 1);
    reading.note(entry, at(2), "{}", true).unwrap();
    assert!(reading.interrupted().unwrap().is_empty());
    assert_eq!(reading.verify().unwrap().fault, None);
}
