//! Where the capacity of GPUs goes now, as a picture to be saved.

use strata_api::{
    error::{ApiError, ErrorCode},
    operations::{CapacityPictureQuestion, Picture},
    rows::gpu::{GpuShareOf, GpuShareRow},
};
use strata_charts::{
    sheet::{Panel, Piece, Shade, Sheet, Stack, StackPanel},
    usage::definition,
    words,
};
use strata_domain::{
    ids::ClusterId,
    reading::Figure,
    text::Text,
    tongue::{Tongue, Words},
};

use super::{
    Operations,
    pictures::{WIDTH, context, drawn, title},
};
use crate::{
    engine::ask,
    inbox::{CapacityNow, Command},
};

/// The most parts of the whole that are told apart, and the most bars of parts.
const MOST_PARTS: usize = 7;
const MOST_BARS: usize = 16;

/// Draws where the capacity of a cluster goes now.
pub(super) async fn draw_capacity(
    operations: &Operations,
    request: CapacityPictureQuestion,
) -> Result<Picture, ApiError> {
    let CapacityPictureQuestion { cluster, by, look } = request;
    let tongue = look.language.into();
    let asked = ask(&operations.commands, |reply| Command::ShowCapacity {
        cluster: ClusterId(Text::from(cluster.as_str())),
        reply,
    });
    let now = asked.await?;
    let cluster = context(&cluster);
    if now.whole.states.total == 0 {
        let message = format!("there are no GPUs of {cluster} to draw");
        return Err(ApiError::new(ErrorCode::NotFound, message));
    }
    let panels = vec![
        Panel::Stacks(whole(&now, by, tongue)),
        Panel::Stacks(parts(&now, by, tongue)),
    ];
    let sheet = Sheet {
        title: words::GPUS_OF.with(tongue, &[("cluster", cluster)]),
        note: now.at.strftime("%Y-%m-%d %H:%M:%S UTC").to_string(),
        tongue,
        panels,
        width: WIDTH,
    };
    drawn(operations, sheet, &format!("{cluster}-gpu-capacity"), look).await
}

fn shares_by(now: &CapacityNow, by: GpuShareOf) -> impl Iterator<Item = &GpuShareRow> {
    now.shares.iter().filter(move |share| share.by == by)
}

/// Two bars on one axis: what is allocated, and to whom; over what of that is used.
fn whole(now: &CapacityNow, by: GpuShareOf, tongue: Tongue) -> StackPanel {
    let row = &now.whole;
    let total = f64::from(row.states.total);
    let held: u32 = shares_by(now, GpuShareOf::Model)
        .map(|share| share.held)
        .sum();
    let mut stacks = vec![Stack {
        name: words::ALLOCATED.say(tongue).to_owned(),
        pieces: allocated(now, by, held, tongue),
        said: part_of(f64::from(held), total, tongue),
    }];
    if row.used_figure.is_some() {
        let use_of = Use {
            held,
            used: row.used,
            idle_held: row.states.idle_held,
            not_measured: row.not_measured,
        };
        stacks.push(Stack {
            name: words::USED.say(tongue).to_owned(),
            pieces: use_of.pieces(Some(tongue)),
            said: part_of(row.used, total, tongue),
        });
    }
    let legend = [
        (Shade::Used, words::USED),
        (Shade::Idle, words::HELD_IDLE),
        (Shade::Rest, words::PART_USED),
        (Shade::Free, words::FREE),
        (Shade::Unknown, words::NOT_MEASURED),
    ];
    StackPanel {
        title: words::CAPACITY.say(tongue).to_owned(),
        note: definition(row.used_figure.map(Figure::from), tongue),
        legend: legend
            .map(|(shade, words)| (shade, words.say(tongue).to_owned()))
            .to_vec(),
        stacks,
    }
}

/// What is held, by its largest parts and the others as one; then what is free, and what is neither.
fn allocated(now: &CapacityNow, by: GpuShareOf, held: u32, tongue: Tongue) -> Vec<Piece> {
    let counted = |shade, gpus: u32, name: &str| Piece {
        shade,
        length: f64::from(gpus),
        label: format!("{name} {gpus}"),
    };
    let largest = || shares_by(now, by).take(MOST_PARTS);
    let mut pieces: Vec<Piece> = largest()
        .zip(0_u8..)
        .map(|(share, number)| counted(Shade::Part(number), share.held, &name_of(share, tongue)))
        .collect();
    let told: u32 = largest().map(|share| share.held).sum();
    let others = held.saturating_sub(told);
    pieces.push(counted(
        Shade::Part(u8::MAX),
        others,
        words::OTHERS.say(tongue),
    ));
    let free = now.whole.states.free;
    pieces.push(counted(Shade::Free, free, words::FREE.say(tongue)));
    // Those that are broken and held stand among what is held.
    let adrift = now.whole.states.total.saturating_sub(held + free);
    pieces.push(counted(Shade::Unknown, adrift, words::FAULTY.say(tongue)));
    pieces
}

/// A bar for each part: what it holds, and what that does.
fn parts(now: &CapacityNow, by: GpuShareOf, tongue: Tongue) -> StackPanel {
    let stacks = shares_by(now, by).take(MOST_BARS).map(|share| {
        let use_of = Use {
            held: share.held,
            used: share.used,
            idle_held: share.idle_held,
            not_measured: share.not_measured,
        };
        let mut pieces = use_of.pieces(None);
        if let Some(total) = share.total {
            pieces.push(Piece {
                shade: Shade::Free,
                length: f64::from(total.saturating_sub(share.held)),
                label: String::new(),
            });
        }
        Stack {
            name: name_of(share, tongue),
            pieces,
            said: use_of.said(tongue),
        }
    });
    StackPanel {
        title: title(by).say(tongue).to_owned(),
        note: String::new(),
        legend: Vec::new(),
        stacks: stacks.collect(),
    }
}

/// What held GPUs do.
#[derive(Clone, Copy)]
struct Use {
    held: u32,
    used: f64,
    idle_held: u32,
    not_measured: u32,
}

impl Use {
    /// What is used, held idle, held and used in part, and not measured; with words in a language.
    fn pieces(self, tongue: Option<Tongue>) -> Vec<Piece> {
        let idle = f64::from(self.idle_held);
        let not_measured = f64::from(self.not_measured);
        let gap = (f64::from(self.held) - not_measured - self.used).max(0.0);
        let told = [
            (Shade::Used, self.used, words::USED),
            (Shade::Idle, idle, words::HELD_IDLE),
            (Shade::Rest, (gap - idle).max(0.0), words::PART_USED),
            (Shade::Unknown, not_measured, words::NOT_MEASURED),
        ];
        let label = |words: Words, gpus: f64| {
            let said = tongue.map(|tongue| format!("{} {gpus:.0}", words.say(tongue)));
            said.unwrap_or_default()
        };
        told.map(|(shade, length, words)| Piece {
            shade,
            length,
            label: label(words, length),
        })
        .to_vec()
    }

    /// What is used of what is held; where none of it is measured, that.
    fn said(self, tongue: Tongue) -> String {
        let held = self.held.to_string();
        if self.held > 0 && self.held <= self.not_measured {
            return words::HELD_ONLY.with(tongue, &[("held", held.as_str())]);
        }
        let used = format!("{:.1}", self.used);
        words::USED_OF_HELD.with(tongue, &[("used", used.as_str()), ("held", held.as_str())])
    }
}

fn part_of(part: f64, whole: f64, tongue: Tongue) -> String {
    let share = format!("{:.1}", part / whole * 100.0);
    let (part, whole) = (format!("{part:.0}"), format!("{whole:.0}"));
    let values = [
        ("part", part.as_str()),
        ("whole", whole.as_str()),
        ("share", share.as_str()),
    ];
    words::PART_OF.with(tongue, &values)
}

/// What a part is called; `*` is what several hold at once.
fn name_of(share: &GpuShareRow, tongue: Tongue) -> String {
    let ours = match (share.name.as_str(), share.by) {
        ("*", _) => words::SEVERAL,
        ("", GpuShareOf::Model) => words::NO_MODEL,
        ("", GpuShareOf::Queue) => words::NO_QUEUE,
        ("", GpuShareOf::Owner) => words::NO_OWNER,
        ("", GpuShareOf::Namespace | GpuShareOf::Workload) => words::UNKNOWN,
        (name, _) => return name.to_owned(),
    };
    ours.say(tongue).to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_pieces_of_a_bar_add_up_to_what_is_held() {
        let use_of = Use {
            held: 10,
            used: 3.5,
            idle_held: 2,
            not_measured: 1,
        };
        let lengths: Vec<f64> = use_of.pieces(None).iter().map(|one| one.length).collect();
        assert_eq!(lengths, [3.5, 2.0, 3.5, 1.0]);
        assert_eq!(use_of.said(Tongue::English), "3.5 used of 10");
    }

    #[test]
    fn what_nobody_measured_is_not_said_to_be_unused() {
        let use_of = Use {
            held: 4,
            used: 0.0,
            idle_held: 0,
            not_measured: 4,
        };
        assert_eq!(use_of.said(Tongue::English), "4 held, not measured");
        let lengths: Vec<f64> = use_of.pieces(None).iter().map(|one| one.length).collect();
        assert_eq!(lengths, [0.0, 0.0, 0.0, 4.0]);
    }
}
