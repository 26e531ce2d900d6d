//! A catalogue that is wrong is refused, with the place and the reason.

#![expect(
    clippy::unwrap_used,
    clippy::expect_used,
    reason = "a test's helpers fail as its body does"
)]

use strata_catalog::{Catalog, CatalogError, catalog::File};

const PICTURE: &str = include_str!("../../../assets/catalog/layers.toml");

const SOUND: &str = r#"
layer = "platform"
[[component]]
id = "one"
name = "One"
category = "scheduler"
capability = "general_orchestration"
home = "https://one.example"
description = { en = "One.", zh = "一。" }
signs = { kinds = ["Thing.one.example.com"], workloads = ["one"], images = ["one/one"] }
"#;

fn load(components: &str) -> Result<Catalog, CatalogError> {
    let picture = File {
        name: "layers.toml",
        text: PICTURE,
    };
    Catalog::from_files(
        picture,
        &[File {
            name: "platform.toml",
            text: components,
        }],
    )
}

/// What is said of the sound file with `from` replaced by `to`.
fn fault(from: &str, to: &str) -> String {
    assert!(SOUND.contains(from), "{from}");
    load(&SOUND.replace(from, to))
        .expect_err("the fault goes unnoticed")
        .to_string()
}

fn fault_of_added(text: &str) -> String {
    load(&format!("{SOUND}{text}"))
        .expect_err("the fault goes unnoticed")
        .to_string()
}

/// A second component, like the first but for its id and its signs.
fn second(id: &str, signs: &str) -> String {
    let start = SOUND.find("[[component]]").unwrap();
    let end = SOUND.find("signs =").unwrap();
    let head = SOUND[start..end].replace("id = \"one\"", &format!("id = \"{id}\""));
    format!("{head}signs = {{ {signs} }}\n")
}

#[test]
fn a_sound_file_is_loaded() {
    let catalog = load(SOUND).unwrap();
    assert_eq!(
        catalog
            .component("one")
            .map(|component| component.name.as_str()),
        Some("One")
    );
}

#[test]
fn an_unknown_word_is_named_with_file_line_and_component() {
    assert_eq!(
        fault("general_orchestration", "magic").lines().next(),
        Some(
            "assets/catalog/platform.toml, line 7 (component \"one\": capability = \"magic\"): \
             unknown variant `magic`, expected one of `general_orchestration`, `model_delivery`, \
             `distributed_training`, `model_serving`, `data_science`, `automl`, `data_storage`, \
             `vector_databases`, `data_architecture`, `workloads_observability`, \
             `model_observability`, `governance_policy`"
        )
    );
    assert!(fault("home =", "house =").contains("unknown field `house`"));
    assert!(
        fault("Thing.one.example.com", "one.example.com").contains("is no kind with its group")
    );
}

#[test]
fn a_flaw_is_named_with_component_and_field() {
    let place = "assets/catalog/platform.toml: component `one`: ";
    assert_eq!(
        fault("category = \"scheduler\"", "category = \"gizmo\""),
        format!("{place}category: `gizmo` is no category of layers.toml")
    );
    assert_eq!(
        fault("https://one.example", "one.example"),
        format!("{place}home: `one.example` is no https address")
    );
    assert_eq!(
        fault("zh = \"一。\"", "zh = \"One.\""),
        format!("{place}description: must be said in English and in Chinese")
    );
    assert_eq!(
        fault("workloads = [\"one\"]", "workloads = [\"o*e\"]"),
        format!("{place}signs.workloads: `o*e` must be a name with at most one `*`, at an end")
    );
    assert_eq!(
        fault("workloads = [\"one\"]", "workloads = [\"*\"]"),
        format!("{place}signs.workloads: `*` would match everything")
    );
    assert!(fault("id = \"one\"", "id = \"One\"").contains("must be in kebab-case"));
}

#[test]
fn an_id_is_given_once() {
    assert_eq!(
        fault_of_added(&second("one", "workloads = [\"two\"]")),
        "assets/catalog/*.toml: component `one`: id: another component has it already"
    );
}

#[test]
fn a_sign_belongs_to_one_component() {
    for (sign, message) in [
        (
            "workloads = [\"one\"]",
            "signs.workloads: `one` is a sign of component `one` too",
        ),
        (
            "images = [\"one/one\"]",
            "signs.images: `one/one` is a sign of component `one` too",
        ),
        (
            "kinds = [\"Thing.one.example.com\"]",
            "signs.kinds: `Thing.one.example.com` is a sign of component `one` too",
        ),
    ] {
        assert_eq!(
            fault_of_added(&second("two", sign)),
            format!("assets/catalog/platform.toml: component `two`: {message}")
        );
    }
}

#[test]
fn two_components_share_a_kind_by_version_alone() {
    let watch = |version: &str| {
        format!(
            "[[component.watch]]\nkinds = [\"Job.shared.example.com\"]\n{version}\nfields = [\"status.phase\"]\n"
        )
    };
    let both = |first: &str, other: &str| {
        format!(
            "{SOUND}{}{}{}",
            watch(first),
            second("two", ""),
            watch(other)
        )
    };
    assert!(load(&both("versions = [\"v1\"]", "versions = [\"v2\"]")).is_ok());
    for (first, other) in [
        ("versions = [\"v1\"]", "versions = [\"v1\", \"v2\"]"),
        ("", "versions = [\"v2\"]"),
        ("", ""),
    ] {
        let error = load(&both(first, other)).expect_err("an ambiguous kind");
        assert!(
            error
                .to_string()
                .contains("is a sign of component `one` too"),
            "{error}"
        );
    }
}

#[test]
fn a_rule_that_cannot_work_is_refused() {
    let watch = |rest: &str| {
        fault_of_added(&format!(
            "[[component.watch]]\nkinds = [\"Job.one.example.com\"]\n{rest}\n"
        ))
    };
    let place = "assets/catalog/platform.toml: component `one`: watch `Job.one.example.com`";
    assert_eq!(
        watch(""),
        format!("{place}: nothing is read of it: it belongs to `signs.kinds`")
    );
    assert_eq!(
        watch("health = [{ condition = \"Ready\" }]"),
        format!("{place}: health: a verdict lacks its `severity`")
    );
    assert!(
        watch("health = [{ condition = \"Ready\", is = [\"x\"], severity = \"ok\" }]")
            .contains("a test is")
    );
    assert!(
        watch("health = [{ field = \"status.phase\", severity = \"ok\" }]").contains("a test is")
    );
    assert!(
        watch("application = { purpose = \"training\", profile = \"by_engine\" }")
            .contains("its phase could never be told")
    );
    assert!(
        watch("application = { purpose = \"training\", profile = \"by_engine\", ready = \"status.ready\" }")
            .contains("`ready` and `desired` belong together")
    );
    let counts = "count = { noun = \"jobs\" }\n[[component.watch]]\nkinds = [\"Run.one.example.com\"]\n\
                  count = { noun = \"runs\" }";
    assert!(watch(counts).contains("counts `jobs` and `runs`: a tile has one figure"));
    assert!(watch("local_queue = \"spec.queue\"\nqueue = {}").contains("a kind is one of"));
    assert!(watch("fields = [\"status..phase\"]").contains("is no dotted path"));
}

#[test]
fn every_layer_is_described() {
    let picture = PICTURE.replace("id = \"hardware\"", "id = \"platform\"");
    let error = Catalog::from_files(
        File {
            name: "layers.toml",
            text: &picture,
        },
        &[],
    )
    .expect_err("a layer is missing");
    assert_eq!(
        error.to_string(),
        "assets/catalog/layers.toml: layers: platform: must be described exactly once"
    );
}

#[test]
fn a_component_requires_others_that_there_are() {
    let said = fault("home = ", "requires = [\"nothing\"]\nhome = ");
    assert!(said.contains("`nothing` is no other component"), "{said}");
}
