//! What can be wrong with the value of a parameter.

/// A parameter and what is wrong with its value.
#[derive(Clone, Debug, PartialEq)]
pub struct FieldFault {
    /// The parameter's id; of a value that belongs to none, what was given.
    pub parameter: String,
    /// What is wrong.
    pub fault: Fault,
}

impl FieldFault {
    pub(crate) fn new(parameter: impl Into<String>, fault: Fault) -> Self {
        Self {
            parameter: parameter.into(),
            fault,
        }
    }
}

/// What is wrong with a value. The words of both languages stand in `strata-api`.
#[derive(Clone, Debug, PartialEq)]
pub enum Fault {
    /// The recipe has no such parameter.
    Unknown,
    /// It must be given.
    Required,
    /// It is of another type than this.
    WrongType(&'static str),
    /// The least that is allowed.
    TooSmall(String),
    /// The most that is allowed.
    TooLarge(String),
    /// How many characters it has at least.
    TooShort(usize),
    /// How many characters it may have.
    TooLong(usize),
    /// How many entries it may have.
    TooMany(usize),
    /// It is none of these.
    NotAnOption(Vec<String>),
    /// It does not have this form: a regular expression.
    WrongForm(String),
    /// It has a character that cannot be seen: its code point, `U+202E`.
    Invisible(String),
    /// It is no name of an object: lowercase letters, digits and hyphens, at most this long.
    NotAName(usize),
    /// It is no quantity.
    NotAQuantity,
    /// It is no image reference.
    NotAnImage,
    /// It is none of these ways to name a model.
    NotAModel(Vec<&'static str>),
    /// It names no key of a Secret.
    NotASecretKey,
    /// It is no name of an environment variable.
    NotAVariable(String),
    /// The variable is there twice.
    Repeated(String),
    /// The variable looks like a secret and is given in plain.
    SecretInPlain(String),
    /// It is no label.
    NotALabel(String),
    /// It is no manifest: the line, and what is wrong there.
    NotAManifest(u64, ManifestFault),
}

/// What is wrong with a manifest that somebody wrote.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum ManifestFault {
    /// It cannot be read as YAML; the parser's words.
    Unreadable(String),
    /// There is none at all.
    Missing,
    /// A document is no mapping.
    NotAMapping,
    /// It lacks this field.
    FieldMissing(&'static str),
    /// This field has to be text, and is not.
    FieldNotText(&'static str),
    /// It would be named by the server each time anew, so it could not be found again.
    GeneratedName,
    /// It is a list of objects; each has to be a document of its own.
    List,
    /// It is a Secret: what is kept of a release must hold none.
    Secret,
    /// The same object is there twice.
    Repeated(String),
    /// There are more than this many.
    TooMany(usize),
}
