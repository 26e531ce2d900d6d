//! An X server without a screen.

use std::{
    io::{BufRead, BufReader},
    process::{Child, Command, Stdio},
};

use anyhow::{Context, Result, bail};
use x11rb::{
    CURRENT_TIME,
    connection::Connection as _,
    protocol::xproto::{AtomEnum, ClientMessageEvent, ConnectionExt as _, EventMask, MapState},
};

/// An Xvfb of our own, ended when it is dropped.
pub struct Display {
    server: Child,
    name: String,
}

impl Display {
    /// Starts it on the first free display number and waits until it takes clients.
    pub fn start() -> Result<Self> {
        // With -displayfd the server chooses the number and writes it once it is ready.
        let mut server = Command::new("Xvfb")
            .args([
                "-displayfd",
                "1",
                "-screen",
                "0",
                "1920x1080x24",
                "-nolisten",
                "tcp",
            ])
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .spawn()
            .context("cannot start Xvfb; `cargo xtask test` installs it")?;
        let mut number = String::new();
        if let Some(output) = server.stdout.take() {
            BufReader::new(output).read_line(&mut number)?;
        }
        let number = number.trim();
        if number.is_empty() {
            let status = server.wait()?;
            bail!("Xvfb ended with {status} before it was ready");
        }
        let name = format!(":{number}");
        Ok(Self { server, name })
    }

    /// Its name, for `DISPLAY`.
    pub fn name(&self) -> &str {
        &self.name
    }

    /// Asks the visible windows to close, as the button in a window's frame does; how many there
    /// were.
    pub fn close_windows(&self) -> Result<usize> {
        let (connection, screen) = x11rb::connect(Some(&self.name))?;
        let protocols = connection
            .intern_atom(false, b"WM_PROTOCOLS")?
            .reply()?
            .atom;
        let delete = connection
            .intern_atom(false, b"WM_DELETE_WINDOW")?
            .reply()?
            .atom;
        let screens = &connection.setup().roots;
        let root = screens
            .get(screen)
            .context("the display has no screen")?
            .root;
        let mut asked = 0;
        for window in connection.query_tree(root)?.reply()?.children {
            let attributes = connection.get_window_attributes(window)?.reply()?;
            let known = connection
                .get_property(false, window, protocols, AtomEnum::ATOM, 0, 32)?
                .reply()?;
            let closes = known
                .value32()
                .is_some_and(|mut atoms| atoms.any(|atom| atom == delete));
            if attributes.map_state == MapState::VIEWABLE && closes {
                let content = [delete, CURRENT_TIME, 0, 0, 0];
                let message = ClientMessageEvent::new(32, window, protocols, content);
                connection
                    .send_event(false, window, EventMask::NO_EVENT, message)?
                    .check()?;
                asked += 1;
            }
        }
        Ok(asked)
    }
}

impl Drop for Display {
    fn drop(&mut self) {
        // It may have ended already; waiting collects it either way.
        self.server.kill().ok();
        self.server.wait().ok();
    }
}
