//! The user's own recipes: the YAML files of one folder.

use std::{
    fs, io,
    path::{Path, PathBuf},
};

use strata_ports::{
    error::{PortError, PortErrorKind},
    recipes::{FoundFile, RecipeFolder},
};

/// The most bytes of a recipe.
const LONGEST: u64 = 1 << 20;

/// The recipes of a folder, which need not be there; or of none.
#[derive(Clone, Debug, Default)]
pub struct RecipeFiles {
    folder: Option<PathBuf>,
}

impl RecipeFiles {
    /// The recipes of `folder`.
    pub fn at(folder: PathBuf) -> Self {
        Self {
            folder: Some(folder),
        }
    }
}

impl RecipeFolder for RecipeFiles {
    fn place(&self) -> Option<PathBuf> {
        self.folder.clone()
    }

    fn read(&self) -> Result<Vec<FoundFile>, PortError> {
        let Some(folder) = &self.folder else {
            return Ok(Vec::new());
        };
        let failed = |error: io::Error| {
            let message = format!("the recipes in {} could not be listed", folder.display());
            PortError::new(PortErrorKind::Internal, message).because(error)
        };
        let entries = match fs::read_dir(folder) {
            Ok(entries) => entries,
            Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(Vec::new()),
            Err(error) => return Err(failed(error)),
        };
        let mut files = Vec::new();
        for entry in entries {
            let path = entry.map_err(failed)?.path();
            let is_recipe = path
                .extension()
                .is_some_and(|extension| extension == "yaml" || extension == "yml");
            if is_recipe {
                files.push(FoundFile {
                    name: path
                        .file_name()
                        .map(|name| name.to_string_lossy().into_owned())
                        .unwrap_or_default(),
                    text: text_of(&path),
                });
            }
        }
        files.sort_by(|one, other| one.name.cmp(&other.name));
        Ok(files)
    }
}

fn text_of(path: &Path) -> Result<String, String> {
    let length = fs::metadata(path).map_err(|error| error.to_string())?.len();
    if length > LONGEST {
        return Err(format!(
            "it has {length} bytes; a recipe has at most {LONGEST}"
        ));
    }
    fs::read_to_string(path).map_err(|error| error.to_string())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_folder_that_is_not_there_has_no_recipes() {
        let folder = tempfile::tempdir().unwrap();
        let files = RecipeFiles::at(folder.path().join("none"));
        assert_eq!(files.read().unwrap(), []);
        assert_eq!(RecipeFiles::default().read().unwrap(), []);
    }

    #[test]
    fn yaml_files_are_read_in_order_and_others_are_not() {
        let folder = tempfile::tempdir().unwrap();
        for (name, text) in [("b.yaml", "b"), ("a.yml", "a"), ("c.txt", "c")] {
            fs::write(folder.path().join(name), text).unwrap();
        }
        fs::write(folder.path().join("d.yaml"), [0xFF, 0xFE, 0x00]).unwrap();
        let read = RecipeFiles::at(folder.path().to_owned()).read().unwrap();
        let names: Vec<&str> = read.iter().map(|file| file.name.as_str()).collect();
        assert_eq!(names, ["a.yml", "b.yaml", "d.yaml"]);
        assert_eq!(read[0].text.as_deref(), Ok("a"));
        assert!(read[2].text.is_err(), "it is no text");
    }
}
