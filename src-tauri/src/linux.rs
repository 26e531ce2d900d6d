//! What WebKitGTK needs to be told before it starts, on Linux.
//!
//! Each precaution is taken only where its cause is found and the user has not chosen otherwise.

/// A variable, its value, and why it was set.
type Precaution = (&'static str, &'static str, &'static str);

/// What the precautions depend on.
#[derive(Default)]
struct Surroundings {
    /// The locale that counts, and the variable that it stands in.
    locale: Option<(&'static str, String)>,
    /// Whether the NVIDIA kernel driver is loaded.
    has_nvidia: bool,
    /// Whether the session is Wayland's.
    has_wayland: bool,
    /// Whether there is a device to render on.
    has_render_node: bool,
}

/// Sets what is needed and returns what was set. Call it before any thread is started.
pub(crate) fn take_precautions() -> Vec<Precaution> {
    if !cfg!(target_os = "linux") {
        return Vec::new();
    }
    let around = look_around();
    let renderer = renderer_precautions(&around)
        .into_iter()
        .filter(|(name, ..)| set(name).is_none());
    let taken: Vec<Precaution> = locale_precaution(&around)
        .into_iter()
        .chain(renderer)
        .collect();
    for (name, value, _) in &taken {
        #[expect(unsafe_code, reason = "the environment is how WebKitGTK is told")]
        #[expect(clippy::disallowed_methods, reason = "no thread runs yet")]
        // SAFETY: called first in `main`, while this thread is the only one.
        unsafe {
            std::env::set_var(name, value);
        }
    }
    taken
}

/// The variable's value, where it has one.
fn set(name: &str) -> Option<String> {
    std::env::var(name).ok().filter(|value| !value.is_empty())
}

fn look_around() -> Surroundings {
    Surroundings {
        locale: ["LC_ALL", "LC_CTYPE", "LANG"]
            .into_iter()
            .find_map(|name| Some((name, set(name)?))),
        has_nvidia: std::path::Path::new("/proc/driver/nvidia/version").exists(),
        has_wayland: set("WAYLAND_DISPLAY").is_some(),
        has_render_node: std::path::Path::new("/dev/dri/renderD128").exists(),
    }
}

/// WebKit hands the locale to the page as its language, and `Intl` throws on `C`: a blank window.
fn locale_precaution(around: &Surroundings) -> Option<Precaution> {
    let (name, locale) = around
        .locale
        .as_ref()
        .map_or(("LANG", "C"), |(name, locale)| (*name, locale));
    let language = locale.split(['.', '@']).next();
    matches!(language, Some("C" | "POSIX")).then_some((
        name,
        "en_US.UTF-8",
        "the locale C leaves pages blank",
    ))
}

/// Where the user has not chosen a renderer, the one that works here.
fn renderer_precautions(around: &Surroundings) -> Vec<Precaution> {
    let without_dma_buf = |reason| ("WEBKIT_DISABLE_DMABUF_RENDERER", "1", reason);
    if !around.has_nvidia {
        let reason = "without a GPU the DMA-BUF renderer is slower and larger";
        return if around.has_render_node {
            Vec::new()
        } else {
            vec![without_dma_buf(reason)]
        };
    }
    let mut wanted = vec![without_dma_buf(
        "WebKitGTK's DMA-BUF renderer crashes or stays blank on the NVIDIA driver",
    )];
    if around.has_wayland {
        wanted.push((
            "__NV_DISABLE_EXPLICIT_SYNC",
            "1",
            "explicit sync of the NVIDIA driver ends WebKitGTK's Wayland connection",
        ));
    }
    wanted
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_locale_of_c_is_replaced_where_it_was_set() {
        let with = |locale: Option<(&'static str, &str)>| {
            let locale = locale.map(|(name, value)| (name, value.to_owned()));
            locale_precaution(&Surroundings {
                locale,
                ..Surroundings::default()
            })
            .map(|(name, ..)| name)
        };
        assert_eq!(with(None), Some("LANG"));
        assert_eq!(with(Some(("LANG", "C.UTF-8"))), Some("LANG"));
        assert_eq!(with(Some(("LC_ALL", "POSIX"))), Some("LC_ALL"));
        assert_eq!(with(Some(("LANG", "zh_CN.UTF-8"))), None);
    }

    #[test]
    fn nvidia_is_kept_off_the_dma_buf_renderer() {
        let names = |has_nvidia, has_wayland, has_render_node| -> Vec<&str> {
            let locale = None;
            let around = Surroundings {
                locale,
                has_nvidia,
                has_wayland,
                has_render_node,
            };
            renderer_precautions(&around)
                .into_iter()
                .map(|(name, ..)| name)
                .collect()
        };
        assert_eq!(names(true, false, true), ["WEBKIT_DISABLE_DMABUF_RENDERER"]);
        assert_eq!(
            names(true, true, true),
            [
                "WEBKIT_DISABLE_DMABUF_RENDERER",
                "__NV_DISABLE_EXPLICIT_SYNC"
            ]
        );
        assert_eq!(
            names(false, true, false),
            ["WEBKIT_DISABLE_DMABUF_RENDERER"]
        );
        assert!(names(false, true, true).is_empty());
    }
}
