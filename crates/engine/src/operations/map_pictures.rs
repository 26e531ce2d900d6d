//! The map of GPUs as a picture to be saved.

use strata_api::{
    error::{ApiError, ErrorCode},
    operations::{GpuMapPictureQuestion, GpuMomentQuestion, Picture},
    rows::gpu::{GpuBlockRow, GpuColour, GpuLine, GpuMapRow},
};
use strata_charts::{
    sheet::{
        Cell, CellBlock, CellLine, CellMark, CellPanel, CellScale, Fill, Panel, Sample, Sheet,
    },
    words,
};
use strata_domain::{ids::ClusterId, reading::Unit, text::Text, tongue::Tongue};

use super::{
    Operations,
    moments::gpu_moment,
    pictures::{WIDTH, context, drawn},
};
use crate::{
    engine::ask,
    inbox::{AskedMap, Command, MapOfMoment, MapTime},
    project::gpus::figure_of,
};

/// Draws the map of the GPUs of a cluster.
pub(super) async fn draw_gpu_map(
    operations: &Operations,
    request: GpuMapPictureQuestion,
) -> Result<Picture, ApiError> {
    let look = request.look;
    let tongue = look.language.into();
    let cluster = request.cluster.clone();
    let filter = request.filter.clone();
    let (head, blocks) = if request.at.is_empty() {
        let asked = AskedMap {
            by: request.by,
            colour: request.colour,
            filter: request.filter,
            when: MapTime::Held(request.seconds_ago),
        };
        let shown = ask(&operations.commands, |reply| Command::ShowMoment {
            cluster: ClusterId(Text::from(request.cluster)),
            moment: Box::new(asked),
            reply,
        });
        let MapOfMoment { head, blocks } = shown.await?;
        (head, blocks)
    } else {
        let question = GpuMomentQuestion {
            cluster: request.cluster,
            by: request.by,
            colour: request.colour,
            filter: request.filter,
            at: request.at,
            step_seconds: request.step_seconds,
        };
        let told = gpu_moment(operations, question).await?;
        (told.head, told.blocks)
    };
    let cluster = context(&cluster);
    if blocks.is_empty() {
        let message = format!("there are no GPUs of {cluster} to draw");
        return Err(ApiError::new(ErrorCode::NotFound, message));
    }
    let at = head.at.split('.').next().unwrap_or_default();
    let at = at.trim_end_matches('Z').replace('T', " ");
    let mut note = format!("{at} UTC");
    if !filter.is_empty() {
        note = format!("{note} · {filter}");
    }
    let sheet = Sheet {
        title: words::GPUS_OF.with(tongue, &[("cluster", cluster)]),
        note,
        tongue,
        panels: vec![Panel::Cells(cells(&head, &blocks, tongue))],
        width: WIDTH,
    };
    drawn(operations, sheet, &format!("{cluster}-gpu-map"), look).await
}

fn cells(head: &GpuMapRow, blocks: &[GpuBlockRow], tongue: Tongue) -> CellPanel {
    let figure = figure_of(head.colour);
    let is_share_of_memory = head.colour == GpuColour::MemoryUsed;
    CellPanel {
        title: figure
            .map_or(words::STATE.say(tongue), |figure| figure.name(tongue))
            .to_owned(),
        note: match figure {
            _ if is_share_of_memory => words::MEMORY_DEFINITION.say(tongue),
            Some(figure) => figure.definition(tongue),
            None => words::STATE_DEFINITION.say(tongue),
        }
        .to_owned(),
        scale: figure.map(|figure| CellScale {
            least: head.least,
            most: head.most,
            unit: if is_share_of_memory {
                Unit::Ratio
            } else {
                figure.unit()
            },
        }),
        legend: legend(head, blocks, tongue),
        blocks: blocks
            .iter()
            .map(|block| cells_of(block, head, tongue))
            .collect(),
    }
}

fn cells_of(block: &GpuBlockRow, head: &GpuMapRow, tongue: Tongue) -> CellBlock {
    let name = if block.name.is_empty() {
        words::NO_NAME.say(tongue)
    } else {
        block.name.as_str()
    };
    let nodes: Vec<&str> = block.lines.iter().map(|line| line.node.as_str()).collect();
    // A block that is its node says the name once.
    let start = match nodes.as_slice() {
        [node] if *node == block.name => node.len(),
        _ => start_of_names(&nodes),
    };
    let lines = block.lines.iter().map(|line| CellLine {
        name: line.node.get(start..).unwrap_or_default().to_owned(),
        is_struck: line.cordoned,
        cells: cells_in(line, head),
    });
    CellBlock {
        name: name.to_owned(),
        lines: lines.collect(),
    }
}

/// From where on the names of a block's nodes tell them apart: after what all begin with, cut between parts
/// of a name and never within a number. Of one node alone, its last part.
fn start_of_names(nodes: &[&str]) -> usize {
    let (Some(first), others) = (nodes.first(), nodes.get(1..).unwrap_or_default()) else {
        return 0;
    };
    let common = others
        .iter()
        .map(|other| {
            let pairs = first.bytes().zip(other.bytes());
            pairs.take_while(|(one, beside)| one == beside).count()
        })
        .min()
        .unwrap_or(first.len());
    let cut = first.get(..common).and_then(|alike| alike.rfind('-'));
    cut.map_or(0, |at| at + 1)
}

fn cells_in(line: &GpuLine, head: &GpuMapRow) -> Vec<Cell> {
    let marks = line.states.chars().zip(line.severities.chars());
    let cells = line.values.iter().zip(marks);
    cells
        .map(|(value, (state, severity))| Cell {
            fill: if head.colour == GpuColour::State {
                fill_of(state)
            } else if *value < 0 {
                Fill::Unknown
            } else {
                Fill::Share(f64::from(*value) / 1000.0)
            },
            mark: match severity {
                'c' => Some(CellMark::Critical),
                'w' => Some(CellMark::Warning),
                _ => None,
            },
        })
        .collect()
}

fn fill_of(state: char) -> Fill {
    match state {
        'f' => Fill::Free,
        'a' => Fill::Held,
        'i' => Fill::Idle,
        'u' => Fill::Broken,
        _ => Fill::Unknown,
    }
}

/// What fills and marks there are, with how many cells have each.
fn legend(head: &GpuMapRow, blocks: &[GpuBlockRow], tongue: Tongue) -> Vec<(Sample, String)> {
    let lines = || blocks.iter().flat_map(|block| &block.lines);
    let is_of = |wanted: char, text: &str| text.chars().filter(|one| *one == wanted).count();
    let marked =
        |wanted: char| -> usize { lines().map(|line| is_of(wanted, &line.severities)).sum() };
    let in_state =
        |wanted: char| -> usize { lines().map(|line| is_of(wanted, &line.states)).sum() };
    let mut fills = Vec::new();
    if head.colour == GpuColour::State {
        let states = [
            ('f', words::FREE),
            ('a', words::ALLOCATED),
            ('i', words::HELD_IDLE),
            ('u', words::UNHEALTHY),
            ('?', words::UNKNOWN),
        ];
        fills.extend(states.map(|(state, name)| (fill_of(state), name, in_state(state))));
    } else {
        let without = usize::try_from(head.without_value).unwrap_or(usize::MAX);
        fills.push((Fill::Unknown, words::NO_VALUE, without));
    }
    let fills = fills
        .into_iter()
        .map(|(fill, name, count)| (Sample::Fill(fill), name, count));
    let struck = lines().filter(|line| line.cordoned);
    let struck: usize = struck.map(|line| line.indices.len()).sum();
    let others = [
        (
            Sample::Mark(CellMark::Critical),
            words::CRITICAL,
            marked('c'),
        ),
        (Sample::Mark(CellMark::Warning), words::WARNING, marked('w')),
        (Sample::Struck, words::CORDONED, struck),
    ];
    let present = fills.chain(others).filter(|(_, _, count)| *count > 0);
    present
        .map(|(sample, name, count)| (sample, format!("{} {count}", name.say(tongue))))
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn short<'a>(nodes: &[&'a str]) -> Vec<&'a str> {
        let start = start_of_names(nodes);
        nodes.iter().map(|node| &node[start..]).collect()
    }

    #[test]
    fn nodes_are_called_by_what_tells_them_apart_in_their_block() {
        assert_eq!(short(&["gpu-h100-01", "gpu-h100-12"]), ["01", "12"]);
        assert_eq!(short(&["gpu-a-1", "gpu-b-1"]), ["a-1", "b-1"]);
        assert_eq!(short(&["gpu-a100-07"]), ["07"]);
        assert_eq!(short(&["alone"]), ["alone"]);
        assert!(short(&[]).is_empty());
    }
}
