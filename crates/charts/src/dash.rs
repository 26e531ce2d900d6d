//! Lines in dashes, which tell lines apart where colours must not.

/// The parts of the line through `points` that are drawn with `dashes`, a mark and a gap in turn.
/// Without dashes it is the whole line.
pub(crate) fn cut(points: &[(f64, f64)], dashes: &[f64]) -> Vec<Vec<(f64, f64)>> {
    let is_sound = dashes.iter().all(|length| *length > 0.0);
    let mut lengths = dashes.iter().copied().cycle();
    let (Some(first), Some(mut left)) = (points.first(), lengths.next()) else {
        return vec![points.to_vec()];
    };
    if !is_sound {
        return vec![points.to_vec()];
    }
    let mut parts = Vec::new();
    let mut part = vec![*first];
    let mut is_mark = true;
    for pair in points.windows(2) {
        let [from, to] = pair else {
            continue;
        };
        let length = (to.0 - from.0).hypot(to.1 - from.1);
        let mut gone = 0.0;
        while length - gone > left {
            gone += left;
            let share = gone / length;
            let at = (
                from.0 + (to.0 - from.0) * share,
                from.1 + (to.1 - from.1) * share,
            );
            if is_mark {
                part.push(at);
                parts.push(std::mem::take(&mut part));
            } else {
                part = vec![at];
            }
            is_mark = !is_mark;
            left = lengths.next().unwrap_or(left);
        }
        left -= length - gone;
        if is_mark {
            part.push(*to);
        }
    }
    if is_mark && part.len() > 1 {
        parts.push(part);
    }
    parts
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_line_is_cut_into_marks_that_go_round_corners() {
        let points = [(0.0, 0.0), (5.0, 0.0), (5.0, 5.0)];
        assert_eq!(cut(&points, &[]), [points.to_vec()]);
        let parts = cut(&points, &[4.0, 2.0]);
        assert_eq!(
            parts,
            [vec![(0.0, 0.0), (4.0, 0.0)], vec![(5.0, 1.0), (5.0, 5.0)],]
        );
        let parts = cut(&points, &[6.0, 1.0]);
        assert_eq!(
            parts.first(),
            Some(&vec![(0.0, 0.0), (5.0, 0.0), (5.0, 1.0)])
        );
    }

    #[test]
    fn what_has_no_length_has_no_end_of_dashes() {
        assert_eq!(cut(&[(1.0, 1.0), (1.0, 1.0)], &[2.0, 1.0]).len(), 1);
        assert_eq!(cut(&[], &[2.0, 1.0]), [Vec::new()]);
    }
}
