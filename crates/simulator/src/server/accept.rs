//! In which representation a client wants the answer: negotiated as
//! `k8s.io/apiserver/pkg/endpoints/handlers/negotiation` does.

use bytes::Bytes;
use http::{HeaderMap, Request, header};

use super::failure::Failure;

/// What objects are encoded as.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Encoding {
    Json,
    Protobuf,
    /// Of whole answers; there are no streams of it.
    Yaml,
}

/// The version of `meta.k8s.io` that a conversion names.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum MetaVersion {
    V1,
    V1Beta1,
}

/// The forms that an object is written in.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Form {
    /// As it is.
    Object,
    /// As `PartialObjectMetadata`.
    Metadata(MetaVersion),
}

/// What an answer consists of.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Shape {
    Objects(Form),
    /// A `Table` with a row for each object.
    Table(MetaVersion),
}

/// The representation of an answer.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Representation {
    pub(super) encoding: Encoding,
    pub(super) shape: Shape,
}

/// What kind of answer a representation is sought for; not each can be converted to each.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Answer<'a> {
    /// One object of this Go type, such as `core.ConfigMap`.
    Object(&'a str),
    /// A list of them.
    List(&'a str),
    /// A stream of them.
    Watch,
}

/// The media types that a client accepts, best first.
pub(super) struct Accept {
    clauses: Vec<Clause>,
}

/// One media type with the parameters that Kubernetes gives it.
#[derive(Default)]
struct Clause {
    name: String,
    /// Its weight in thousandths.
    weight: u16,
    /// The parameters `as`, `g` and `v`: what to convert to.
    target: Option<Target>,
    stream: String,
}

#[derive(Default)]
struct Target {
    kind: String,
    group: String,
    version: String,
}

impl MetaVersion {
    pub(super) fn api_version(self) -> &'static str {
        match self {
            Self::V1 => "meta.k8s.io/v1",
            Self::V1Beta1 => "meta.k8s.io/v1beta1",
        }
    }
}

impl Encoding {
    pub(super) fn media_type(self) -> &'static str {
        match self {
            Self::Json => "application/json",
            Self::Protobuf => "application/vnd.kubernetes.protobuf",
            Self::Yaml => "application/yaml",
        }
    }

    /// What lists are written in at first: YAML is made of JSON.
    pub(super) fn of_pieces(self) -> Self {
        match self {
            Self::Yaml => Self::Json,
            other => other,
        }
    }

    fn of(clause: &Clause) -> Option<Self> {
        match clause.name.as_str() {
            "application/json" | "application/*" | "*/*" => Some(Self::Json),
            "application/vnd.kubernetes.protobuf" => Some(Self::Protobuf),
            "application/yaml" => Some(Self::Yaml),
            _ => None,
        }
    }
}

impl Accept {
    pub(super) fn of(request: &Request<Bytes>) -> Self {
        Self::read(request.headers())
    }

    fn read(headers: &HeaderMap) -> Self {
        let mut clauses: Vec<Clause> = headers
            .get_all(header::ACCEPT)
            .iter()
            .filter_map(|value| value.to_str().ok())
            .flat_map(|value| value.split(','))
            .filter(|clause| !clause.trim().is_empty())
            .map(Clause::parse)
            .collect();
        if clauses.is_empty() {
            clauses.push(Clause::parse("application/json"));
        }
        clauses.sort_by_key(|clause| std::cmp::Reverse(clause.weight));
        Self { clauses }
    }

    /// The representation of `answer` that the client likes best. `is_custom` are kinds without a
    /// protobuf form of their own.
    pub(super) fn representation(
        &self,
        answer: Answer<'_>,
        is_custom: bool,
    ) -> Result<Representation, Failure> {
        let has_form = |encoding: Encoding| encoding != Encoding::Yaml || answer != Answer::Watch;
        let is_known = |clause: &Clause| {
            let name = clause.name.as_str();
            name == "*/*" || (name != "application/*" && Encoding::of(clause).is_some_and(has_form))
        };
        if !is_custom && !self.clauses.iter().any(is_known) {
            return Err(Failure::none_of_representations(matches!(
                answer,
                Answer::List(_) | Answer::Watch
            )));
        }
        let (kind, representation) = self
            .clauses
            .iter()
            .filter_map(|clause| clause.representation(is_custom))
            .find(|(_, representation)| has_form(representation.encoding))
            .ok_or_else(Failure::not_acceptable)?;
        match (answer, kind) {
            (Answer::List(go_type), "PartialObjectMetadata") => {
                Err(Failure::not_acceptable_because(format!(
                    "you requested PartialObjectMetadata, but the requested object is a list \
                     (*{go_type}List)"
                )))
            }
            (Answer::Object(go_type), "PartialObjectMetadataList") => {
                Err(Failure::not_acceptable_because(format!(
                    "you requested PartialObjectMetadataList, but the requested object is not a \
                     list (*{go_type})"
                )))
            }
            _ => Ok(representation),
        }
    }

    /// Whether the best form is aggregated discovery; the other is plain.
    pub(super) fn wants_aggregated_discovery(&self) -> Result<bool, Failure> {
        self.clauses
            .iter()
            .find_map(|clause| match (&clause.target, Encoding::of(clause)?) {
                (None, _) => Some(false),
                (Some(target), _) => (target.group == "apidiscovery.k8s.io"
                    && target.version == "v2"
                    && target.kind == "APIGroupDiscoveryList")
                    .then_some(true),
            })
            .ok_or_else(Failure::not_acceptable)
    }

    /// Refuses what asks for a conversion of an answer that has none.
    pub(super) fn require_plain(&self) -> Result<(), Failure> {
        self.clauses
            .iter()
            .any(|clause| clause.target.is_none() && Encoding::of(clause).is_some())
            .then_some(())
            .ok_or_else(Failure::not_acceptable)
    }

    /// The encoding of an answer that is not converted, such as an error.
    pub(super) fn encoding(&self) -> Encoding {
        self.clauses
            .iter()
            .find_map(Encoding::of)
            .unwrap_or(Encoding::Json)
    }
}

impl Clause {
    fn parse(text: &str) -> Self {
        let mut parts = text.split(';').map(str::trim);
        let mut clause = Self {
            name: parts.next().unwrap_or_default().to_ascii_lowercase(),
            weight: 1000,
            ..Self::default()
        };
        for (name, value) in parts.filter_map(|part| part.split_once('=')) {
            let (name, value) = (name.trim(), value.trim());
            if name == "q" {
                clause.weight = weight(value);
                continue;
            }
            if name == "stream" {
                value.clone_into(&mut clause.stream);
                continue;
            }
            if !["as", "g", "v"].contains(&name) {
                continue;
            }
            let target = clause.target.get_or_insert_default();
            let part = match name {
                "as" => &mut target.kind,
                "g" => &mut target.group,
                _ => &mut target.version,
            };
            value.clone_into(part);
        }
        clause
    }

    /// What the clause asks for, if this server has it: the kind converted to, and how it is
    /// written.
    fn representation(&self, is_custom: bool) -> Option<(&str, Representation)> {
        let encoding = Encoding::of(self)?;
        if !self.stream.is_empty() && self.stream != "watch" {
            return None;
        }
        let Some(target) = &self.target else {
            let shape = Shape::Objects(Form::Object);
            let has_form = !(is_custom && encoding == Encoding::Protobuf);
            return has_form.then_some(("", Representation { encoding, shape }));
        };
        if target.group != "meta.k8s.io" {
            return None;
        }
        let version = match target.version.as_str() {
            "v1" => MetaVersion::V1,
            "v1beta1" => MetaVersion::V1Beta1,
            _ => return None,
        };
        let shape = match target.kind.as_str() {
            "Table" if encoding != Encoding::Protobuf => Shape::Table(version),
            "PartialObjectMetadata" | "PartialObjectMetadataList" => {
                Shape::Objects(Form::Metadata(version))
            }
            _ => return None,
        };
        Some((&target.kind, Representation { encoding, shape }))
    }
}

/// A quality value in thousandths; what is none counts as 1, as in the real server.
fn weight(text: &str) -> u16 {
    let (whole, rest) = text.split_once('.').unwrap_or((text, ""));
    let thousandths = format!("{rest:0<3}");
    match (
        whole.parse::<u16>(),
        thousandths.get(..3).map(str::parse::<u16>),
    ) {
        (Ok(0), Some(Ok(thousandths))) => thousandths,
        _ => 1000,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn accept(value: &str) -> Accept {
        let mut headers = HeaderMap::new();
        headers.insert(header::ACCEPT, value.parse().unwrap());
        Accept::read(&headers)
    }

    #[test]
    fn the_heaviest_clause_that_can_be_served_wins() {
        let shape_of = |value: &str| {
            let answer = Answer::List("core.Pod");
            accept(value).representation(answer, false).unwrap()
        };
        let table = shape_of(
            "application/json;as=Table;v=v1;g=meta.k8s.io,application/json;as=Table;v=v1beta1;\
             g=meta.k8s.io,application/json",
        );
        assert_eq!(table.shape, Shape::Table(MetaVersion::V1));
        let light = shape_of("application/json;q=0.1,application/vnd.kubernetes.protobuf;q=0.5");
        assert_eq!(light.encoding, Encoding::Protobuf);
        let later = shape_of("application/json;as=Table;v=v2;g=meta.k8s.io,*/*");
        assert_eq!(later.shape, Shape::Objects(Form::Object));
    }

    #[test]
    fn custom_kinds_have_no_protobuf_but_for_their_metadata() {
        let answer = Answer::List("unstructured.Unstructured");
        let protobuf = accept("application/vnd.kubernetes.protobuf");
        assert!(protobuf.representation(answer, true).is_err());
        let metadata = accept(
            "application/vnd.kubernetes.protobuf;as=PartialObjectMetadataList;v=v1;g=meta.k8s.io",
        );
        assert!(metadata.representation(answer, true).is_ok());
    }
}
