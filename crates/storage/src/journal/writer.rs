//! Which programs write the journal now.
//!
//! Each holds a lock on a file of its own while it runs; the system lets go of it however the program
//! ends. A writer whose file nobody holds is no more.

use std::{
    fs::{File, OpenOptions, TryLockError},
    io,
    path::PathBuf,
    sync::{Arc, Mutex, PoisonError},
};

/// The writers beside one database.
#[derive(Clone, Debug)]
pub(crate) struct Writers {
    /// Where their files lie; nowhere for a database in memory, which has one writer alone.
    folder: Option<PathBuf>,
    me: Arc<Mutex<Option<Me>>>,
}

#[derive(Debug)]
struct Me {
    name: String,
    /// Held, and let go with the program.
    _lock: Option<File>,
}

impl Writers {
    pub(crate) fn beside(folder: Option<PathBuf>) -> Self {
        Self {
            folder,
            me: Arc::default(),
        }
    }

    /// The name of this program as a writer.
    pub(super) fn name(&self) -> io::Result<String> {
        let mut me = self.me.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(me) = me.as_ref() {
            return Ok(me.name.clone());
        }
        let made = self.register()?;
        let name = made.name.clone();
        *me = Some(made);
        Ok(name)
    }

    /// Whether the writer `name` still runs.
    pub(super) fn is_alive(&self, name: &str) -> bool {
        let me = self.me.lock().unwrap_or_else(PoisonError::into_inner);
        if me.as_ref().is_some_and(|me| me.name == name) {
            return true;
        }
        drop(me);
        let Some(folder) = &self.folder else {
            return false;
        };
        let file = folder.join(name);
        // A name that is none of ours leads nowhere.
        let is_plain = name
            .bytes()
            .all(|byte| byte.is_ascii_alphanumeric() || byte == b'-');
        if !is_plain {
            return false;
        }
        let Ok(held) = File::open(&file) else {
            return false;
        };
        match held.try_lock() {
            Ok(()) => {
                // Nobody holds it: it has served its purpose.
                drop(held);
                std::fs::remove_file(file).ok();
                false
            }
            Err(TryLockError::WouldBlock) => true,
            Err(TryLockError::Error(_)) => false,
        }
    }

    fn register(&self) -> io::Result<Me> {
        let Some(folder) = &self.folder else {
            return Ok(Me {
                name: "memory".to_owned(),
                _lock: None,
            });
        };
        std::fs::create_dir_all(folder)?;
        // Numbers of processes come again, so a file of that name may be left over.
        for attempt in 0_u32.. {
            let name = format!("{}-{attempt}", std::process::id());
            let file = OpenOptions::new()
                .write(true)
                .create_new(true)
                .open(folder.join(&name));
            match file {
                Ok(file) => {
                    file.lock()?;
                    return Ok(Me {
                        name,
                        _lock: Some(file),
                    });
                }
                Err(error) if error.kind() == io::ErrorKind::AlreadyExists => {}
                Err(error) => return Err(error),
            }
        }
        Err(io::Error::other("no name is left for this program"))
    }
}
