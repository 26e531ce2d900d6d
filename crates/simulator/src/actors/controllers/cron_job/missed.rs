//! Which of a schedule's times was the last, and how many went by.

use jiff::{SignedDuration, Timestamp, tz::TimeZone};

use crate::cron::Schedule;

/// How many times of a schedule went by unused.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Missed {
    None,
    Few,
    /// More than a hundred.
    Many,
}

/// The last time of `schedule` after `from` that is not after `now`, if there is one, and how many
/// there were; nothing where the schedule has no times.
pub(super) fn latest(
    schedule: &Schedule,
    zone: &TimeZone,
    from: Timestamp,
    now: Timestamp,
) -> Option<(Option<Timestamp>, Missed)> {
    let first = schedule.next(from, zone)?;
    if now < first {
        return Some((None, Missed::None));
    }
    let second = schedule.next(first, zone)?;
    if now < second {
        return Some((Some(first), Missed::None));
    }
    // How many times there were is told by the distance of the first two, which need not be that of
    // the others; the last is found from shortly before.
    let between = (second.as_second() - first.as_second()).max(1);
    let count = (now.as_second() - first.as_second()) / between + 1;
    let shortly_before = first + SignedDuration::from_secs((count - 2) * between);
    let mut latest = None;
    let mut next = schedule.next(shortly_before, zone);
    while let Some(at) = next.filter(|at| *at <= now) {
        latest = Some(at);
        next = schedule.next(at, zone);
    }
    let missed = if count > 100 {
        Missed::Many
    } else {
        Missed::Few
    };
    Some((latest, missed))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn found(schedule: &str, from: &str, now: &str) -> (Option<String>, Missed) {
        let schedule = Schedule::parse(schedule).unwrap();
        let [from, now] = [from, now].map(|time| time.parse().unwrap());
        let (latest, missed) = latest(&schedule, &TimeZone::UTC, from, now).unwrap();
        (latest.map(|at| at.to_string()), missed)
    }

    #[test]
    fn the_last_time_that_went_by_is_found_however_many_there_were() {
        let at = |time: &str| Some(time.to_owned());
        let from = "2026-11-27T10:00:00Z";
        let hourly = "0 * * * *";
        assert_eq!(
            found(hourly, from, "2026-11-27T10:59:59Z"),
            (None, Missed::None)
        );
        let first = (at("2026-11-27T11:00:00Z"), Missed::None);
        assert_eq!(found(hourly, from, "2026-11-27T11:59:59Z"), first);
        let few = (at("2026-11-27T14:00:00Z"), Missed::Few);
        assert_eq!(found(hourly, from, "2026-11-27T14:30:00Z"), few);
        let many = (at("2026-12-07T10:00:00Z"), Missed::Many);
        assert_eq!(found(hourly, from, "2026-12-07T10:00:30Z"), many);
        let uneven = (at("2026-11-30T06:30:00Z"), Missed::Few);
        assert_eq!(
            found("30 6-16/4 * * 1-5", from, "2026-11-30T08:00:00Z"),
            uneven
        );
    }
}
