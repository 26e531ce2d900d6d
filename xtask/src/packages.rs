//! System packages: which are needed for what, and how each package manager calls them.

use std::{path::Path, process::Command};

use anyhow::{Result, bail};

use crate::command::{command, is_on_path, run, say, succeeds};

/// Something that the system's package manager provides.
pub(crate) struct Package {
    /// What it is for, as the end of "... is missing; it is needed to".
    purpose: &'static str,
    /// Whether it is there.
    is_there: fn() -> bool,
    apt: &'static str,
    dnf: &'static str,
    pacman: &'static str,
    zypper: &'static str,
}

/// A C compiler and `pkg-config`: some crates build C code.
pub(crate) const COMPILER: Package = Package {
    purpose: "compile the C parts of SQLite and of the TLS library",
    is_there: || is_on_path("cc") && is_on_path("pkg-config"),
    apt: "build-essential pkg-config",
    dnf: "gcc gcc-c++ make pkgconf-pkg-config",
    pacman: "base-devel",
    zypper: "gcc gcc-c++ make pkgconf-pkg-config",
};

/// `WebKitGTK`: the web view of the desktop window.
pub(crate) const WEB_VIEW: Package = Package {
    purpose: "build the desktop window",
    is_there: || has_library("webkit2gtk-4.1"),
    apt: "libwebkit2gtk-4.1-dev",
    dnf: "webkit2gtk4.1-devel",
    pacman: "webkit2gtk-4.1",
    zypper: "webkit2gtk3-devel",
};

/// Node.js, for building the interface.
pub(crate) const NODE: Package = Package {
    purpose: "build the interface",
    is_there: || is_on_path("node") && is_on_path("npm"),
    apt: "nodejs npm",
    dnf: "nodejs npm",
    pacman: "nodejs npm",
    zypper: "nodejs npm",
};

/// A display for tests, without a screen.
pub(crate) const DISPLAY: Package = Package {
    purpose: "test the desktop window without a screen",
    is_there: || is_on_path("Xvfb") && is_on_path("WebKitWebDriver"),
    apt: "xvfb webkit2gtk-driver",
    dnf: "xorg-x11-server-Xvfb webkit2gtk-driver",
    pacman: "xorg-server-xvfb webkit2gtk-4.1",
    zypper: "xorg-x11-server-Xvfb webkit2gtk-driver",
};

/// A browser for tests.
pub(crate) const BROWSER: Package = Package {
    purpose: "test the interface in a browser",
    is_there: || {
        ["chromium", "chromium-browser", "google-chrome"]
            .into_iter()
            .any(is_on_path)
    },
    apt: "chromium",
    dnf: "chromium",
    pacman: "chromium",
    zypper: "chromium",
};

/// Fonts that have Chinese, so that tests see what users see.
pub(crate) const FONTS: Package = Package {
    purpose: "draw Chinese text",
    is_there: || {
        let mut list = Command::new("fc-list");
        list.arg(":lang=zh-cn")
            .output()
            .is_ok_and(|fonts| !fonts.stdout.is_empty())
    },
    apt: "fontconfig fonts-noto-cjk",
    dnf: "fontconfig google-noto-sans-cjk-fonts",
    pacman: "fontconfig noto-fonts-cjk",
    zypper: "fontconfig google-noto-sans-cjk-fonts",
};

fn has_library(name: &str) -> bool {
    succeeds(Command::new("pkg-config").args(["--exists", name]))
}

/// Installs what is missing of `packages`, with a sentence for each.
pub(crate) fn install(packages: &[Package]) -> Result<()> {
    if !cfg!(target_os = "linux") {
        // macOS and Windows bring their web view along, and their tools by their own installers.
        return Ok(());
    }
    let missing: Vec<&Package> = packages
        .iter()
        .filter(|package| !(package.is_there)())
        .collect();
    if missing.is_empty() {
        return Ok(());
    }
    let manager = Manager::of_this_machine()?;
    let mut names = Vec::new();
    for package in &missing {
        let name = manager.name(package);
        say(&format!(
            "{name} is missing; it is needed to {}",
            package.purpose
        ));
        names.extend(name.split(' '));
    }
    manager.install(&names)?;
    if let Some(still) = missing.iter().find(|package| !(package.is_there)()) {
        bail!(
            "`{}` was installed and yet what is needed to {} is not found",
            manager.name(still),
            still.purpose
        );
    }
    Ok(())
}

#[derive(Clone, Copy)]
enum Manager {
    Apt,
    Dnf,
    Pacman,
    Zypper,
}

impl Manager {
    fn of_this_machine() -> Result<Self> {
        let known = [
            ("apt-get", Self::Apt),
            ("dnf", Self::Dnf),
            ("pacman", Self::Pacman),
            ("zypper", Self::Zypper),
        ];
        match known.into_iter().find(|(program, _)| is_on_path(program)) {
            Some((_, manager)) => Ok(manager),
            None => bail!(
                "this machine has none of apt-get, dnf, pacman, zypper: install a C compiler, \
                 pkg-config, WebKitGTK 4.1 and Node.js by hand, then run this again"
            ),
        }
    }

    fn name(self, package: &Package) -> &'static str {
        match self {
            Self::Apt => package.apt,
            Self::Dnf => package.dnf,
            Self::Pacman => package.pacman,
            Self::Zypper => package.zypper,
        }
    }

    fn install(self, names: &[&str]) -> Result<()> {
        let (before, install): (&[&[&str]], &[&str]) = match self {
            Self::Apt => (
                &[&["apt-get", "update", "-qq"]],
                &["apt-get", "install", "-y", "-qq", "--no-install-recommends"],
            ),
            Self::Dnf => (&[], &["dnf", "install", "-y"]),
            Self::Pacman => (&[], &["pacman", "-S", "--noconfirm", "--needed"]),
            Self::Zypper => (&[], &["zypper", "--non-interactive", "install"]),
        };
        for step in before {
            run(&mut privileged(step, &[]))?;
        }
        run(&mut privileged(install, names))
    }
}

/// The command as root: through `sudo` where this user is not root.
fn privileged(line: &[&str], more: &[&str]) -> Command {
    let is_root = Command::new("id")
        .arg("-u")
        .output()
        .is_ok_and(|id| id.stdout == b"0\n");
    // `env` stands for `sudo` where there is no need of it.
    let first = if is_root { "env" } else { "sudo" };
    let mut command = command(first, line.iter().chain(more), Path::new("/"));
    command.env("DEBIAN_FRONTEND", "noninteractive");
    command
}
