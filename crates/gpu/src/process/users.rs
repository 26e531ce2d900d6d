//! Users by their number, from `/etc/passwd`: what other directories know is shown as a number.

use std::{collections::HashMap, fs, path::Path};

/// The users of a machine.
#[derive(Debug, Default)]
pub(super) struct Users {
    names: HashMap<String, String>,
}

impl Users {
    pub(super) fn read(root: &Path) -> Self {
        let text = fs::read_to_string(root.join("etc/passwd")).unwrap_or_default();
        let entry = |line: &str| {
            let mut fields = line.split(':');
            let name = fields.next()?;
            let uid = fields.nth(1)?;
            Some((uid.to_owned(), name.to_owned()))
        };
        Self {
            names: text.lines().filter_map(entry).collect(),
        }
    }

    /// The name of the user with the number `uid`; the number where it has none here.
    pub(super) fn name(&self, uid: &str) -> String {
        self.names
            .get(uid)
            .map_or_else(|| uid.to_owned(), Clone::clone)
    }
}
