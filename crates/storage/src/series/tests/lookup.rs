//! Looking up what is kept, by kind and by name.

use strata_domain::series::PartBy;

use super::*;

fn held(of: SeriesOf) -> Arc<SeriesName> {
    Arc::new(SeriesName {
        of,
        measure: Measure::Held,
    })
}

#[test]
fn what_is_kept_is_looked_up_by_kind_and_by_name() {
    let store = SeriesDatabase::in_memory().unwrap();
    let queue = |name: &str| SeriesOf::Queue(Text::from(name));
    let part = |name: &str, model: &str| SeriesOf::PartOfModel {
        by: PartBy::Queue,
        name: Text::from(name),
        model: Text::from(model),
    };
    let all = [
        SeriesOf::Cluster,
        SeriesOf::Gpu(Text::from("research")),
        queue("research"),
        queue("research-2"),
        queue(""),
        part("research", "H100"),
        part("research-2", "H100"),
        SeriesOf::Machine,
    ]
    .map(held);
    let series: Vec<_> = all.iter().collect();
    store.record(&cluster(), record(&series, 0, 1.0));
    store.settle();
    let kinds = [SeriesKind::Queue, SeriesKind::PartOfModel(PartBy::Queue)];
    let found = |kinds: &[SeriesKind], name: Option<&str>| {
        let names = store.names(&cluster(), kinds, name).unwrap();
        let mut found: Vec<SeriesOf> = names.into_iter().map(|name| name.of).collect();
        found.sort();
        found
    };
    assert_eq!(
        found(&kinds, Some("research")),
        [queue("research"), part("research", "H100")]
    );
    assert_eq!(found(&kinds, None).len(), 5);
    assert_eq!(found(&[SeriesKind::Machine], None), [SeriesOf::Machine]);
    assert_eq!(found(&[SeriesKind::Queue], Some("")), [queue("")]);
    assert!(found(&[], None).is_empty());
}

#[test]
fn names_are_looked_up_in_an_index_whatever_the_fleet_has() {
    let file = SeriesFile::in_memory().unwrap();
    let reader = file.reader.lock().unwrap();
    for question in [names::OF_KIND, names::OF_NAME] {
        let mut plan = reader
            .prepare(&format!("EXPLAIN QUERY PLAN {question}"))
            .unwrap();
        let count = plan.parameter_count();
        let values = std::iter::repeat_n("", count);
        let mut rows = plan.query(rusqlite::params_from_iter(values)).unwrap();
        let row = rows.next().unwrap().unwrap();
        let step: String = row.get(3).unwrap();
        assert!(step.contains("COVERING INDEX"), "{step}");
        assert!(step.contains("kind=?"), "{step}");
    }
}
