//! Recipes in the words of the contract.

use serde_json::Value;
use strata_api::{
    error::{ApiError, ErrorCode},
    operations::{Bilingual, RenderedRecipe},
    phrases::{Phrase, PhraseCode as P},
    recipes as api,
};
use strata_catalog::{Catalog, Profile};
use strata_recipes::{
    Fault, FieldFault, Kind, Parameter, Purpose, Recipe, Rendered, Setting,
    fault::ManifestFault,
    parameter::Section,
    recipe::NeededKind,
    render::{Field, kind_of, yaml_of},
};

use super::{Served, component};

/// A recipe of the gallery.
pub(super) fn recipe(recipe: &Recipe, served: &Served, catalog: &Catalog) -> api::Recipe {
    api::Recipe {
        id: recipe.id.clone(),
        name: bilingual(&recipe.name),
        help: bilingual(&recipe.help),
        profile: match recipe.profile {
            Profile::Generative => api::RecipeProfile::Generative,
            Profile::Predictive => api::RecipeProfile::Predictive,
            Profile::Both => api::RecipeProfile::Both,
        },
        purpose: match recipe.purpose {
            Purpose::Serve => api::RecipePurpose::Serve,
            Purpose::Train => api::RecipePurpose::Train,
            Purpose::Batch => api::RecipePurpose::Batch,
            Purpose::Notebook => api::RecipePurpose::Notebook,
            Purpose::Cluster => api::RecipePurpose::Cluster,
            Purpose::Database => api::RecipePurpose::Database,
            Purpose::Application => api::RecipePurpose::Application,
        },
        engine: recipe.engine.clone(),
        file: recipe.file.clone(),
        parameters: recipe.parameters.iter().map(parameter).collect(),
        kinds: needed(&recipe.kinds, served, catalog),
        has_sizing: recipe.has_sizing(),
        has_endpoint: recipe.has_endpoint(),
    }
}

/// What a filled-in recipe comes to.
pub(super) fn rendered(
    rendered: Rendered,
    served: &Served,
    catalog: &Catalog,
) -> Result<RenderedRecipe, ApiError> {
    let damaged = |what: &str, error: String| ApiError {
        code: ErrorCode::InvalidInput,
        message: format!("the recipe's `{what}` does not have the form that is read"),
        causes: vec![error],
    };
    Ok(RenderedRecipe {
        release: rendered.release,
        fields: rendered.fields.into_iter().map(field).collect(),
        errors: rendered.faults.into_iter().map(error).collect(),
        yaml: written(&rendered.objects)?,
        kinds: kinds(&rendered.objects, served, catalog),
        manifests: rendered
            .objects
            .iter()
            .map(manifest)
            .collect::<Result<_, _>>()?,
        sizing: read(rendered.sizing).map_err(|error| damaged("sizing", error))?,
        endpoint: read(rendered.endpoint).map_err(|error| damaged("endpoint", error))?,
    })
}

/// The kinds of `objects`, each once.
pub(super) fn kinds(objects: &[Value], served: &Served, catalog: &Catalog) -> Vec<api::NeededKind> {
    let mut kinds: Vec<NeededKind> = objects
        .iter()
        .map(|object| NeededKind {
            kind: kind_of(object),
            version: version_of(object).to_owned(),
        })
        .collect();
    kinds.sort();
    kinds.dedup();
    needed(&kinds, served, catalog)
}

fn read<T: serde::de::DeserializeOwned>(value: Option<Value>) -> Result<Option<T>, String> {
    value
        .map(|value| serde_json::from_value(value).map_err(|error| error.to_string()))
        .transpose()
}

/// Objects as YAML.
pub(in crate::operations) fn written(objects: &[Value]) -> Result<String, ApiError> {
    yaml_of(objects).map_err(|error| ApiError {
        code: ErrorCode::Internal,
        message: "the manifests cannot be written as YAML".to_owned(),
        causes: vec![error.to_string()],
    })
}

fn bilingual(text: &strata_catalog::Bilingual) -> Bilingual {
    Bilingual {
        en: text.en.to_string(),
        zh: text.zh.to_string(),
    }
}

fn needed(kinds: &[NeededKind], served: &Served, catalog: &Catalog) -> Vec<api::NeededKind> {
    let is_served = |needed: &NeededKind| {
        served.as_ref().map(|served| {
            served.get(&needed.kind).is_some_and(|kind| {
                needed.version.is_empty() || kind.versions.contains(&needed.version)
            })
        })
    };
    kinds
        .iter()
        .map(|needed| api::NeededKind {
            kind: needed.kind.to_string(),
            version: needed.version.clone(),
            served: is_served(needed),
            component: component(catalog, &needed.kind),
        })
        .collect()
}

fn parameter(parameter: &Parameter) -> api::RecipeParameter {
    api::RecipeParameter {
        id: parameter.id.clone(),
        section: match parameter.section {
            Section::What => api::FormSection::What,
            Section::Model => api::FormSection::Model,
            Section::Training => api::FormSection::Training,
            Section::Resources => api::FormSection::Resources,
            Section::Placement => api::FormSection::Placement,
            Section::Storage => api::FormSection::Storage,
            Section::Advanced => api::FormSection::Advanced,
        },
        name: bilingual(&parameter.name),
        help: bilingual(&parameter.help),
        kind: kind(&parameter.kind),
        required: parameter.required,
        default: json(parameter.default.as_ref()),
        unit: parameter.unit.clone(),
        when: parameter
            .when
            .as_ref()
            .map(|when| when.text().to_owned())
            .unwrap_or_default(),
    }
}

fn kind(kind: &Kind) -> api::ParameterKind {
    use api::ParameterKind as A;
    let count = |count: usize| u32::try_from(count).unwrap_or(u32::MAX);
    match kind {
        Kind::Name { max_length } => A::Name {
            max_length: count(*max_length),
        },
        Kind::Text {
            min_length,
            max_length,
            pattern,
            lines,
        } => A::Text {
            min_length: count(*min_length),
            max_length: count(*max_length),
            pattern: pattern
                .as_ref()
                .map(|pattern| pattern.as_str().to_owned())
                .unwrap_or_default(),
            lines: *lines,
        },
        Kind::Integer { min, max } => A::Integer {
            min: *min,
            max: *max,
        },
        Kind::Number { min, max } => A::Number {
            min: *min,
            max: *max,
        },
        Kind::Quantity { min, max } => A::Quantity {
            min: min.clone(),
            max: max.clone(),
        },
        Kind::Boolean => A::Boolean {},
        Kind::Choice { options } => A::Choice {
            options: options
                .iter()
                .map(|option| api::ChoiceOption {
                    value: option.value.clone(),
                    name: bilingual(&option.name),
                })
                .collect(),
        },
        Kind::Image => A::Image {},
        Kind::Model { forms } => A::Model {
            examples: forms.iter().map(|form| form.example().to_owned()).collect(),
        },
        Kind::Secret => A::Secret {},
        Kind::Object { kind } => A::Object {
            kind: kind.to_string(),
        },
        Kind::Environment => A::Environment {},
        Kind::List { max_items } => A::List {
            max_items: count(*max_items),
        },
        Kind::Labels => A::Labels {},
        Kind::Manifests => A::Manifests {},
    }
}

fn json(setting: Option<&Setting>) -> Value {
    setting.map_or(Value::Null, Setting::to_json)
}

fn field(field: Field) -> api::FieldState {
    api::FieldState {
        value: json(field.setting.as_ref()),
        parameter: field.parameter,
        applies: field.applies,
        is_given: field.is_given,
    }
}

fn version_of(object: &Value) -> &str {
    let version = object.get("apiVersion").and_then(Value::as_str);
    let version = version.unwrap_or_default();
    version
        .rsplit_once('/')
        .map_or(version, |(_, version)| version)
}

/// An object, with its YAML.
fn manifest(object: &Value) -> Result<api::RecipeManifest, ApiError> {
    let text = |pointer: &str| {
        let found = object.pointer(pointer).and_then(Value::as_str);
        found.unwrap_or_default().to_owned()
    };
    Ok(api::RecipeManifest {
        api_version: text("/apiVersion"),
        kind: text("/kind"),
        namespace: text("/metadata/namespace"),
        name: text("/metadata/name"),
        yaml: written(std::slice::from_ref(object))?,
    })
}

pub(in crate::operations) fn error(fault: FieldFault) -> api::FieldError {
    let line = match &fault.fault {
        Fault::NotAManifest(line, _) => Some(u32::try_from(*line).unwrap_or(u32::MAX)),
        _ => None,
    };
    api::FieldError {
        parameter: fault.parameter,
        sentence: sentence(fault.fault),
        line,
    }
}

fn sentence(fault: Fault) -> Phrase {
    let say = Phrase::new;
    match fault {
        Fault::Unknown => say(P::FieldUnknown),
        Fault::Required => say(P::FieldRequired),
        Fault::WrongType(wanted) => say(match wanted {
            "integer" => P::FieldNotInteger,
            "number" => P::FieldNotNumber,
            "boolean" => P::FieldNotBoolean,
            "list" => P::FieldNotList,
            "labels" => P::FieldNotLabels,
            "environment" => P::FieldNotEnvironment,
            "quantity" => P::FieldNotAQuantity,
            _ => P::FieldNotText,
        }),
        Fault::TooSmall(least) => say(P::FieldTooSmall).with("least", least),
        Fault::TooLarge(most) => say(P::FieldTooLarge).with("most", most),
        Fault::TooShort(count) => say(P::FieldTooShort).with("count", count),
        Fault::TooLong(count) => say(P::FieldTooLong).with("count", count),
        Fault::TooMany(count) => say(P::FieldTooMany).with("count", count),
        Fault::NotAnOption(options) => say(P::FieldNotAnOption).with("options", options.join(", ")),
        Fault::WrongForm(pattern) => say(P::FieldWrongForm).with("pattern", pattern),
        Fault::Invisible(letter) => say(P::FieldInvisible).with("letter", letter),
        Fault::NotAName(count) => say(P::FieldNotAName).with("count", count),
        Fault::NotAQuantity => say(P::FieldNotAQuantity),
        Fault::NotAnImage => say(P::FieldNotAnImage),
        Fault::NotAModel(examples) => say(P::FieldNotAModel).with("examples", examples.join(", ")),
        Fault::NotASecretKey => say(P::FieldNotASecretKey),
        Fault::NotAVariable(name) => say(P::FieldNotAVariable).with("name", name),
        Fault::Repeated(name) => say(P::FieldRepeated).with("name", name),
        Fault::SecretInPlain(name) => say(P::FieldSecretInPlain).with("name", name),
        Fault::NotALabel(name) => say(P::FieldNotALabel).with("name", name),
        Fault::NotAManifest(line, fault) => of_manifest(fault).with("line", line),
    }
}

fn of_manifest(fault: ManifestFault) -> Phrase {
    let say = Phrase::new;
    match fault {
        ManifestFault::Unreadable(message) => say(P::ManifestUnreadable).with("message", message),
        ManifestFault::Missing => say(P::ManifestMissing),
        ManifestFault::NotAMapping => say(P::ManifestNotAMapping),
        ManifestFault::FieldMissing(field) => say(P::ManifestFieldMissing).with("field", field),
        ManifestFault::FieldNotText(field) => say(P::ManifestFieldNotText).with("field", field),
        ManifestFault::GeneratedName => say(P::ManifestGeneratedName),
        ManifestFault::List => say(P::ManifestList),
        ManifestFault::Secret => say(P::ManifestSecret),
        ManifestFault::Repeated(object) => say(P::ManifestRepeated).with("object", object),
        ManifestFault::TooMany(count) => say(P::FieldTooMany).with("count", count),
    }
}
