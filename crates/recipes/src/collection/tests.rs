use super::*;

const SOUND: &str = "\
id: greeting
name: {en: Greeting, zh: 问候}
help: {en: Says hello., zh: 打招呼。}
profile: both
purpose: application
engine: ConfigMap
parameters:
  - use: name
  - id: words
    type: text
    required: true
    max_length: 20
    name: {en: Words, zh: 词}
    help: {en: What is said., zh: 说什么。}
manifests:
  - apiVersion: v1
    kind: ConfigMap
    metadata: {name: '${name}'}
    data: {words: '${words}'}
";

fn others(files: &[(&str, &str)]) -> Others {
    let files: Vec<RecipeFile<'_>> = files
        .iter()
        .map(|(name, text)| RecipeFile { name, text })
        .collect();
    Collection::embedded().unwrap().others(&files)
}

/// What is wrong with `SOUND` where `from` stands as `to`.
fn broken(from: &str, to: &str) -> RecipeError {
    let text = SOUND.replacen(from, to, 1);
    assert_ne!(text, SOUND, "{from}");
    let mut others = others(&[("greeting.yaml", &text)]);
    assert_eq!(others.broken.len(), 1, "{to}: {:?}", others.recipes);
    others.broken.remove(0)
}

#[test]
fn strata_s_own_recipes_are_sound() {
    let collection = Collection::embedded().unwrap();
    assert_eq!(collection.recipes().len(), EMBEDDED.len());
}

#[test]
fn every_recipe_lies_in_the_file_that_is_called_like_it() {
    for (file, recipe) in EMBEDDED
        .iter()
        .zip(Collection::embedded().unwrap().recipes())
    {
        assert_eq!(file.name, format!("{}.yaml", recipe.id));
    }
}

#[test]
fn a_broken_file_is_named_and_keeps_no_other_away() {
    let read = others(&[("a.yaml", "id: [\n"), ("b.yaml", SOUND), ("c.yaml", "")]);
    let ids: Vec<&str> = read
        .recipes
        .iter()
        .map(|recipe| recipe.id.as_str())
        .collect();
    assert_eq!(ids, ["greeting"]);
    assert_eq!(read.recipes[0].file, "b.yaml");
    let files: Vec<&str> = read
        .broken
        .iter()
        .map(|error| error.file.as_str())
        .collect();
    assert_eq!(files, ["a.yaml", "c.yaml"]);
}

#[test]
fn a_second_recipe_of_the_same_id_is_refused() {
    let read = others(&[("a.yaml", SOUND), ("b.yaml", SOUND)]);
    assert_eq!(read.recipes.len(), 1);
    assert!(read.broken[0].message.contains("`greeting` already"));
    let text = SOUND.replace("id: greeting", "id: vllm");
    assert_eq!(others(&[("a.yaml", &text)]).recipes.len(), 0);
}

#[test]
fn every_flaw_names_its_line() {
    for (from, to, line, part) in [
        ("id: greeting", "id: Greeting", 1, "no id of a recipe"),
        ("profile: both", "profile: magical", 4, "magical"),
        ("engine: ConfigMap", "motor: x", 6, "motor"),
        (
            "  - use: name",
            "  - use: nmae",
            8,
            "no shared parameter `nmae`",
        ),
        ("    type: text", "    type: words", 10, "words"),
        ("max_length: 20", "max: 20", 12, "says nothing about"),
        ("max_length: 20", "default: 20", 12, "default of `words`"),
        ("max_length: 20", "pattern: '['", 12, "regular expression"),
        ("max_length: 20", "when: 'name >'", 12, "no formula"),
        ("max_length: 20", "when: later == 'x'", 12, "`later`"),
        ("max_length: 20", "max_length: many", 12, ""),
        ("    type: text\n", "", 9, "no `type`"),
        (
            "kind: ConfigMap\n    metadata",
            "kin: ConfigMap\n    metadata",
            16,
            "`kind`",
        ),
        (
            "  - apiVersion: v1",
            "  - $shared: scaler\n  - apiVersion: v1",
            16,
            "one of `autoscaler`",
        ),
        (
            "  - apiVersion: v1",
            "  - $shared: autoscaler\n  - apiVersion: v1",
            16,
            "`autoscaler` cannot be taken",
        ),
        (
            "words: '${words}'",
            "words: '${word}'",
            19,
            "`word` is no parameter",
        ),
    ] {
        let error = broken(from, to);
        assert_eq!(error.file, "greeting.yaml");
        assert!(error.message.contains(part), "{to}: {error}");
        assert_eq!(error.line, line, "{to}: {error}");
    }
}
