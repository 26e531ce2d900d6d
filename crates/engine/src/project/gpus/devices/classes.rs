//! Which devices a device class picks, as far as its selectors are of the form that drivers ship:
//! comparisons of the driver and of the attribute `type`, joined by `&&`.
//!
//! Kubernetes does not tell it: the scheduler evaluates the selectors (CEL) for each device. What is of
//! another form is not guessed at.

use strata_domain::text::Text;

/// What a class picks of the devices of one driver and kind.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Pick {
    /// All of them.
    All,
    /// At most all: it has conditions that are not read here.
    AtMostAll,
}

/// What a class with `selectors`, all of which must hold, picks of the devices of `driver` whose
/// attribute `type` is `kind`; `None` for nothing, or where it names no driver.
pub(super) fn pick(selectors: &[Text], driver: &str, kind: &str) -> Option<Pick> {
    let mut pick = Pick::All;
    let mut is_driver_named = false;
    for selector in selectors {
        // Of alternatives no part must hold.
        let clauses: Vec<(Compared, &str)> = if selector.contains("||") || selector.contains('?') {
            Vec::new()
        } else {
            selector.split("&&").filter_map(comparison).collect()
        };
        if clauses.len() < selector.split("&&").count() {
            pick = Pick::AtMostAll;
        }
        for (of, value) in clauses {
            let has = match of {
                Compared::Driver => driver,
                Compared::Kind => kind,
            };
            if has != value {
                return None;
            }
            is_driver_named |= of == Compared::Driver;
        }
    }
    is_driver_named.then_some(pick)
}

/// What is compared with a text.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Compared {
    Driver,
    Kind,
}

/// A clause of the form `device.driver == "text"` or `device.attributes["domain"].type == "text"`.
fn comparison(clause: &str) -> Option<(Compared, &str)> {
    let (of, value) = clause.split_once("==")?;
    let value = value.trim();
    let value = ['\'', '"']
        .iter()
        .find_map(|quote| value.strip_prefix(*quote)?.strip_suffix(*quote))?;
    let of = of.trim();
    if of == "device.driver" {
        return Some((Compared::Driver, value));
    }
    let attribute = of.strip_prefix("device.attributes[")?;
    let (_, name) = attribute.split_once(']')?;
    (name == ".type").then_some((Compared::Kind, value))
}

#[cfg(test)]
mod tests {
    use super::*;

    /// What a class with the one selector `expression` picks of NVIDIA's devices of `kind`.
    fn of_nvidia(expression: &str, kind: &str) -> Option<Pick> {
        pick(&[Text::from(expression)], "gpu.nvidia.com", kind)
    }

    #[test]
    fn the_classes_that_drivers_ship_are_read() {
        let gpu = "device.driver == 'gpu.nvidia.com' && \
                   device.attributes['gpu.nvidia.com'].type == 'gpu'";
        assert_eq!(of_nvidia(gpu, "gpu"), Some(Pick::All));
        assert_eq!(of_nvidia(gpu, "mig"), None);
        let every = "device.driver == \"gpu.nvidia.com\"";
        assert_eq!(of_nvidia(every, "mig"), Some(Pick::All));
        assert_eq!(of_nvidia("device.driver == 'gpu.intel.com'", "gpu"), None);
    }

    #[test]
    fn what_is_of_another_form_is_not_guessed_at() {
        let large = "device.driver == 'gpu.nvidia.com' && \
                     device.capacity['gpu.nvidia.com'].memory.isGreaterThan(quantity('40Gi'))";
        assert_eq!(of_nvidia(large, "gpu"), Some(Pick::AtMostAll));
        let either = "device.driver == 'gpu.nvidia.com' || device.driver == 'gpu.amd.com'";
        assert_eq!(of_nvidia(either, "gpu"), None);
        assert_eq!(of_nvidia("device.driver.startsWith('gpu')", "gpu"), None);
        assert_eq!(pick(&[], "gpu.nvidia.com", "gpu"), None);
    }
}
