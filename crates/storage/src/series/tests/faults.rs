//! A disk without room, and files that are damaged.

use super::*;

#[test]
fn a_full_disk_is_said_and_what_waits_is_written_when_there_is_room() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("history.db");
    let store = SeriesDatabase::open(&path, Retention::default()).unwrap();
    let many: Vec<_> = (0..400).map(|gpu| power(&format!("GPU-{gpu}"))).collect();
    let all: Vec<_> = many.iter().collect();
    store.record(&cluster(), record(&all, 0, 1.0));
    store.settle();
    assert_eq!(store.keeping(&cluster()).problem, None);
    // The connection that writes may not let the file grow: SQLite says that the disk is full.
    let file = SeriesFile::open(&path).unwrap();
    let limit = |writer: &Connection, pages: i64| {
        writer
            .pragma_update_and_check(None, "max_page_count", pages, |_| Ok(()))
            .unwrap();
    };
    limit(&file.writer.lock().unwrap(), 1);
    let shared = Arc::new(Shared {
        reader: Arc::clone(&file.reader),
        keeping: Mutex::new(Keeping {
            file: file.path.clone(),
            ..Keeping::default()
        }),
        files: AtomicU64::new(0),
    });
    let connection = Arc::clone(&file.writer);
    let (orders, inbox) = mpsc::sync_channel(QUEUE);
    let writer = Writer::new(file, Retention::default(), Arc::clone(&shared));
    let thread = std::thread::spawn(move || writer.run(&inbox));
    let settle = |orders: &mpsc::SyncSender<Order>| {
        let (done, settled) = mpsc::sync_channel(1);
        orders.send(Order::Settle(done)).unwrap();
        settled.recv().unwrap();
    };
    let hand_over = |second: i64| {
        let samples = (0..400)
            .map(|gpu| Sample {
                series: power(&format!("other-{gpu}")),
                at: at(second),
                value: 2.0,
            })
            .collect();
        let record = Record {
            samples,
            ..Record::default()
        };
        orders
            .send(Order::Record {
                cluster: cluster(),
                record,
            })
            .unwrap();
        settle(&orders);
    };
    hand_over(30);
    let problem = shared.keeping().problem.clone().unwrap();
    assert!(problem.is_full, "{problem:?}");
    assert_eq!(problem.since, Some(at(30)));
    limit(&connection.lock().unwrap(), 1_000_000);
    hand_over(60);
    assert_eq!(shared.keeping().problem, None);
    assert_eq!(shared.keeping().lost, 0);
    assert_eq!(
        means(&ask(&store, &power("other-7"), 0, 60, 30)),
        [None, Some(2.0), Some(2.0)]
    );
    drop(orders);
    thread.join().unwrap();
}

#[test]
fn a_file_that_is_none_is_set_aside_and_a_new_one_begun() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("history.db");
    std::fs::write(&path, "no database, however long this text becomes").unwrap();
    let store = SeriesDatabase::open(&path, Retention::default()).unwrap();
    let aside = store.keeping(&cluster()).set_aside.unwrap();
    assert_eq!(aside, folder.path().join("history.db.damaged-1"));
    assert!(
        std::fs::read_to_string(&aside)
            .unwrap()
            .starts_with("no database")
    );
    let series = power("GPU-1");
    fill(&store, &series, 0..60, |_| Some(5.0));
    assert_eq!(means(&ask(&store, &series, 0, 59, 30)), [Some(5.0); 2]);
}

#[test]
fn damage_that_shows_while_it_is_used_is_set_aside_too() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("history.db");
    let series = power("GPU-1");
    let store = SeriesDatabase::open(&path, Retention::default()).unwrap();
    fill(&store, &series, 0..60, |_| Some(5.0));
    // A row that is not as it was written.
    let damage = || {
        let other = Connection::open(&path).unwrap();
        other.execute("UPDATE head SET body = x'00'", []).unwrap();
    };
    damage();
    // Whoever reads is told, and the thread that writes learns of it.
    let question = SeriesQuestion {
        cluster: cluster(),
        names: vec![(*series).clone()],
        from: at(0),
        until: at(59),
        step: SignedDuration::from_secs(30),
    };
    store.read(&question).unwrap_err();
    store.settle();
    let aside = store.keeping(&cluster()).set_aside.unwrap();
    assert!(aside.ends_with("history.db.damaged-1"), "{aside:?}");
    fill(&store, &series, 0..60, |_| Some(5.0));
    damage();
    // Sealing the hour reads it.
    fill(&store, &series, 3_600..9_000, |_| Some(6.0));
    let keeping = store.keeping(&cluster());
    let aside = keeping.set_aside.unwrap();
    assert!(aside.ends_with("history.db.damaged-2"), "{aside:?}");
    fill(&store, &series, 9_000..9_060, |_| Some(7.0));
    assert_eq!(
        means(&ask(&store, &series, 9_000, 9_059, 30)),
        [Some(7.0); 2]
    );
}
