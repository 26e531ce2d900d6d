//! Cron schedules, as Kubernetes reads them: five fields, or a word such as `@hourly`.
//!
//! Source: `github.com/robfig/cron` v3.0.1, whose parser the API server validates with and whose
//! clock the cron job controller goes by. The crates there are for cron read more (`L`, `W`, `#`,
//! seconds), take a step from `*` for a star where that library does not, and bring another clock.

use std::time::Duration;

use jiff::{SignedDuration, Timestamp, ToSpan as _, ZonedDateTime, civil, tz::TimeZone};

/// How many years are searched for a time that matches.
const YEARS: i16 = 5;

/// When something is to happen.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Schedule {
    /// At the minutes that match.
    Times(Times),
    /// Again and again, in seconds.
    Every(Duration),
}

/// The minutes, hours and days that match, by bits.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Times {
    minutes: u64,
    hours: u64,
    days: u64,
    months: u64,
    weekdays: u64,
    /// Whether days of the month, and of the week, are left open.
    is_open: [bool; 2],
}

/// What a field may hold.
struct Bounds {
    least: u32,
    most: u32,
    names: &'static [&'static str],
}

const MINUTES: Bounds = Bounds::of(0, 59, &[]);
const HOURS: Bounds = Bounds::of(0, 23, &[]);
const DAYS: Bounds = Bounds::of(1, 31, &[]);
const MONTHS: Bounds = Bounds::of(
    1,
    12,
    &[
        "jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec",
    ],
);
const WEEKDAYS: Bounds = Bounds::of(0, 6, &["sun", "mon", "tue", "wed", "thu", "fri", "sat"]);

impl Bounds {
    const fn of(least: u32, most: u32, names: &'static [&'static str]) -> Self {
        Self { least, most, names }
    }

    /// The bits of a field, and whether it is left open by a star.
    fn read(&self, field: &str) -> Result<(u64, bool), String> {
        let mut bits = 0;
        let mut is_open = false;
        for part in field.split(',').filter(|part| !part.is_empty()) {
            let (more, is_star) = self.read_range(part)?;
            bits |= more;
            is_open |= is_star;
        }
        Ok((bits, is_open))
    }

    fn read_range(&self, text: &str) -> Result<(u64, bool), String> {
        let mut parts = text.split('/');
        let mut ends = parts.next().unwrap_or_default().split('-');
        let (first, last, more) = (ends.next().unwrap_or_default(), ends.next(), ends.next());
        let is_star = first == "*" || first == "?";
        let (from, mut to) = if is_star {
            (self.least, self.most)
        } else {
            let from = self.number(first)?;
            let to = last.map_or(Ok(from), |last| self.number(last))?;
            if more.is_some() {
                return Err(format!("too many hyphens: {text}"));
            }
            (from, to)
        };
        let step = parts.next().map(number).transpose()?;
        if parts.next().is_some() {
            return Err(format!("too many slashes: {text}"));
        }
        if step.is_some() && last.is_none() {
            to = self.most;
        }
        let (least, most) = (self.least, self.most);
        if from < least {
            return Err(format!(
                "beginning of range ({from}) below minimum ({least}): {text}"
            ));
        }
        if to > most {
            return Err(format!(
                "end of range ({to}) above maximum ({most}): {text}"
            ));
        }
        if from > to {
            return Err(format!(
                "beginning of range ({from}) beyond end of range ({to}): {text}"
            ));
        }
        let step = step.unwrap_or(1);
        let width = usize::try_from(step).unwrap_or(usize::MAX);
        if width == 0 {
            return Err(format!("step of range should be a positive number: {text}"));
        }
        let bits = (from..=to)
            .step_by(width)
            .fold(0, |bits, at| bits | 1 << at);
        Ok((bits, is_star && step == 1))
    }

    fn number(&self, text: &str) -> Result<u32, String> {
        let lower = text.to_ascii_lowercase();
        let named = self.names.iter().position(|name| *name == lower);
        let named = named.and_then(|at| u32::try_from(at).ok());
        named.map_or_else(|| number(text), |at| Ok(at + self.least))
    }
}

fn number(text: &str) -> Result<u32, String> {
    let read: i64 = text.parse().map_err(|_| {
        format!("failed to parse int from {text}: strconv.Atoi: parsing \"{text}\": invalid syntax")
    })?;
    u32::try_from(read).map_err(|_| format!("negative number ({read}) not allowed: {text}"))
}

impl Schedule {
    /// Reads a schedule; an error is in the words of the API server.
    pub(crate) fn parse(text: &str) -> Result<Self, String> {
        let fields = match text {
            "@yearly" | "@annually" => "0 0 1 1 *",
            "@monthly" => "0 0 1 * *",
            "@weekly" => "0 0 * * 0",
            "@daily" | "@midnight" => "0 0 * * *",
            "@hourly" => "0 * * * *",
            text => text,
        };
        if let Some(every) = fields.strip_prefix("@every ") {
            let read: Duration = every
                .parse::<SignedDuration>()
                .ok()
                .and_then(|read| read.try_into().ok())
                .ok_or_else(|| {
                    format!("failed to parse duration {text}: time: invalid duration \"{every}\"")
                })?;
            let whole = Duration::from_secs(read.as_secs());
            return Ok(Self::Every(whole.max(Duration::from_secs(1))));
        }
        if fields.starts_with('@') {
            return Err(format!("unrecognized descriptor: {text}"));
        }
        let fields: Vec<&str> = fields.split_whitespace().collect();
        let [minutes, hours, days, months, weekdays] = fields.as_slice() else {
            return Err(format!(
                "expected exactly 5 fields, found {}: [{}]",
                fields.len(),
                fields.join(" ")
            ));
        };
        let (minutes, _) = MINUTES.read(minutes)?;
        let (hours, _) = HOURS.read(hours)?;
        let (days, any_day) = DAYS.read(days)?;
        let (months, _) = MONTHS.read(months)?;
        let (weekdays, any_weekday) = WEEKDAYS.read(weekdays)?;
        Ok(Self::Times(Times {
            minutes,
            hours,
            days,
            months,
            weekdays,
            is_open: [any_day, any_weekday],
        }))
    }

    /// The first time after `after`, by the clocks of `zone`; none where no time ever matches.
    pub(crate) fn next(&self, after: Timestamp, zone: &TimeZone) -> Option<Timestamp> {
        match self {
            Self::Every(every) => {
                let whole = Timestamp::from_second(after.as_second()).ok()?;
                whole.checked_add(*every).ok()
            }
            Self::Times(times) => times.next(after, zone),
        }
    }
}

impl Times {
    /// Goes on by the largest part that does not match. What a clock put forward leaps over never
    /// comes, and what it goes through twice comes twice.
    fn next(&self, after: Timestamp, zone: &TimeZone) -> Option<Timestamp> {
        let minute = after.as_second().div_euclid(60) + 1;
        let mut at = Timestamp::from_second(minute * 60)
            .ok()?
            .to_zoned_datetime(zone.clone());
        let last = at.year() + YEARS;
        while at.year() <= last {
            let has = |bits: u64, at: i8| bits >> at & 1 == 1;
            at = if !has(self.months, at.month()) {
                start_of(
                    at.date().first_of_month().checked_add(1.month()).ok()?,
                    zone,
                )?
            } else if !self.has_day(at.date()) {
                start_of(at.date().tomorrow().ok()?, zone)?
            } else if !has(self.hours, at.hour()) {
                let left = 60 - i64::from(at.minute());
                at.checked_add(SignedDuration::from_mins(left)).ok()?
            } else if !has(self.minutes, at.minute()) {
                at.checked_add(SignedDuration::from_mins(1)).ok()?
            } else {
                return Some(at.timestamp());
            };
        }
        None
    }

    /// A day matches by both its numbers where one is left open, else by either.
    fn has_day(&self, day: civil::Date) -> bool {
        let of_month = self.days >> day.day() & 1 == 1;
        let of_week = self.weekdays >> day.weekday().to_sunday_zero_offset() & 1 == 1;
        if self.is_open.contains(&true) {
            of_month && of_week
        } else {
            of_month || of_week
        }
    }
}

fn start_of(day: civil::Date, zone: &TimeZone) -> Option<ZonedDateTime> {
    day.to_zoned_datetime(zone.clone())
        .ok()?
        .start_of_day()
        .ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn next(schedule: &str, zone: &str, after: &str) -> String {
        let zone = TimeZone::get(zone).unwrap();
        let schedule = Schedule::parse(schedule).unwrap();
        let next = schedule.next(after.parse().unwrap(), &zone);
        next.map_or_else(|| "never".to_owned(), |at| at.to_string())
    }

    #[test]
    fn a_schedule_names_the_next_minute_that_matches() {
        let after = "2026-11-27T14:05:30Z";
        let cases = [
            ("* * * * *", "2026-11-27T14:06:00Z"),
            ("5 * * * *", "2026-11-27T15:05:00Z"),
            ("*/15 9-17 * * mon-fri", "2026-11-27T14:15:00Z"),
            ("0 2 * * *", "2026-11-28T02:00:00Z"),
            ("30 4 1,15 * ?", "2026-12-01T04:30:00Z"),
            ("0 0 29 2 *", "2028-02-29T00:00:00Z"),
            ("59 23 31 2 *", "never"),
            ("@weekly", "2026-11-29T00:00:00Z"),
            ("@hourly", "2026-11-27T15:00:00Z"),
            ("@every 1h30m", "2026-11-27T15:35:30Z"),
        ];
        for (schedule, expected) in cases {
            assert_eq!(next(schedule, "UTC", after), expected, "{schedule}");
        }
    }

    #[test]
    fn days_match_by_either_number_unless_one_is_left_open() {
        let after = "2026-11-27T00:00:00Z";
        assert_eq!(next("0 0 13 * 5", "UTC", after), "2026-12-04T00:00:00Z");
        assert_eq!(next("0 0 13 * *", "UTC", after), "2026-12-13T00:00:00Z");
        // A star with a step is none.
        assert_eq!(next("0 0 */20 * 6", "UTC", after), "2026-11-28T00:00:00Z");
    }

    #[test]
    fn clocks_of_a_zone_are_followed_through_their_changes() {
        let night = "2026-03-28T12:00:00Z";
        assert_eq!(
            next("30 2 * * *", "Europe/Berlin", night),
            "2026-03-30T00:30:00Z"
        );
        let first = next("30 2 * * *", "Europe/Berlin", "2026-10-24T12:00:00Z");
        assert_eq!(first, "2026-10-25T00:30:00Z");
        assert_eq!(
            next("30 2 * * *", "Europe/Berlin", &first),
            "2026-10-25T01:30:00Z"
        );
        assert_eq!(
            next("0 9 * * *", "Asia/Shanghai", "2026-11-27T02:00:00Z"),
            "2026-11-28T01:00:00Z"
        );
    }

    #[test]
    fn what_is_no_schedule_is_refused_in_the_servers_words() {
        let cases = [
            ("* * * *", "expected exactly 5 fields, found 4: [* * * *]"),
            ("60 * * * *", "end of range (60) above maximum (59): 60"),
            ("* * 0 * *", "beginning of range (0) below minimum (1): 0"),
            (
                "9-5 * * * *",
                "beginning of range (9) beyond end of range (5): 9-5",
            ),
            (
                "*/0 * * * *",
                "step of range should be a positive number: */0",
            ),
            (
                "x * * * *",
                "failed to parse int from x: strconv.Atoi: parsing \"x\": invalid syntax",
            ),
            ("@often", "unrecognized descriptor: @often"),
        ];
        for (schedule, expected) in cases {
            assert_eq!(Schedule::parse(schedule), Err(expected.to_owned()));
        }
    }
}
