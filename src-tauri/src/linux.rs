//! What WebKitGTK needs to be told before it starts, on Linux.
//!
//! Each precaution is taken only where its cause is found and the user has not chosen otherwise.

/// A variable, its value, and why it was set.
type Precaution = (&'static str, &'static str, &'static str);

/// What the precautions depend on.
#[derive(Default)]
struct Surroundings {
    /// The locale that counts: `LC_ALL`, else `LC_CTYPE`, else `LANG`.
    locale: Option<String>,
    /// Whether `LC_ALL` is what counts.
    locale_is_lc_all: bool,
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
    let wanted = precautions(&look_around());
    let taken: Vec<Precaution> = wanted
        .into_iter()
        .filter(|(name, ..)| name.starts_with('L') || std::env::var_os(name).is_none())
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

fn look_around() -> Surroundings {
    let set = |name: &str| std::env::var(name).ok().filter(|value| !value.is_empty());
    let lc_all = set("LC_ALL");
    Surroundings {
        locale_is_lc_all: lc_all.is_some(),
        locale: lc_all.or_else(|| set("LC_CTYPE")).or_else(|| set("LANG")),
        has_nvidia: std::path::Path::new("/proc/driver/nvidia/version").exists(),
        has_wayland: set("WAYLAND_DISPLAY").is_some(),
        has_render_node: std::path::Path::new("/dev/dri/renderD128").exists(),
    }
}

fn precautions(around: &Surroundings) -> Vec<Precaution> {
    let mut wanted = Vec::new();
    let language = around
        .locale
        .as_deref()
        .and_then(|locale| locale.split(['.', '@']).next());
    if matches!(language, None | Some("C" | "POSIX")) {
        // WebKit hands `C` to the page as its language, and `Intl` throws on it: a blank window.
        let name = if around.locale_is_lc_all {
            "LC_ALL"
        } else {
            "LANG"
        };
        wanted.push((name, "en_US.UTF-8", "the locale C leaves pages blank"));
    }
    if around.has_nvidia {
        wanted.push((
            "WEBKIT_DISABLE_DMABUF_RENDERER",
            "1",
            "WebKitGTK's DMA-BUF renderer crashes or stays blank on the NVIDIA driver",
        ));
        if around.has_wayland {
            wanted.push((
                "__NV_DISABLE_EXPLICIT_SYNC",
                "1",
                "explicit sync of the NVIDIA driver ends WebKitGTK's Wayland connection",
            ));
        }
    } else if !around.has_render_node {
        wanted.push((
            "WEBKIT_DISABLE_DMABUF_RENDERER",
            "1",
            "without a GPU the DMA-BUF renderer is slower and larger",
        ));
    }
    wanted
}

#[cfg(test)]
mod tests {
    use super::*;

    fn names(around: &Surroundings) -> Vec<&'static str> {
        precautions(around)
            .into_iter()
            .map(|(name, ..)| name)
            .collect()
    }

    #[test]
    fn a_locale_of_c_is_replaced_where_it_was_set() {
        let with = |locale: Option<&str>, lc_all| {
            names(&Surroundings {
                locale: locale.map(str::to_owned),
                locale_is_lc_all: lc_all,
                has_render_node: true,
                ..Surroundings::default()
            })
        };
        assert_eq!(with(None, false), ["LANG"]);
        assert_eq!(with(Some("C.UTF-8"), false), ["LANG"]);
        assert_eq!(with(Some("POSIX"), true), ["LC_ALL"]);
        assert!(with(Some("zh_CN.UTF-8"), false).is_empty());
    }

    #[test]
    fn nvidia_is_kept_off_the_dma_buf_renderer() {
        let around = |has_wayland| Surroundings {
            locale: Some("en_US.UTF-8".to_owned()),
            has_nvidia: true,
            has_wayland,
            has_render_node: true,
            ..Surroundings::default()
        };
        assert_eq!(names(&around(false)), ["WEBKIT_DISABLE_DMABUF_RENDERER"]);
        assert_eq!(
            names(&around(true)),
            [
                "WEBKIT_DISABLE_DMABUF_RENDERER",
                "__NV_DISABLE_EXPLICIT_SYNC"
            ]
        );
    }
}
