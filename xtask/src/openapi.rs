//! Records the OpenAPI v3 documents that a real kube-apiserver serves, for the demo cluster to serve
//! and to judge objects by.
//!
//! They repeat each other (each has the metadata, each pod template is there four times), so they
//! are packed as one text: a JSON object with the documents under their paths, in brotli with its
//! widest window.

use std::{
    collections::BTreeMap,
    fs,
    io::{Cursor, Write as _},
    path::Path,
};

use anyhow::{Context, Result};
use brotli::enc::BrotliEncoderParams;
use serde::Deserialize;
use serde_json::{Value, value::RawValue};

use crate::command::{self, say};

/// Where the documents lie.
const ARCHIVE: &str = "crates/simulator/src/schema/documents.json.br";

#[derive(Deserialize)]
struct Index {
    paths: BTreeMap<String, Value>,
}

#[derive(Deserialize)]
struct Document {
    info: Title,
}

#[derive(Deserialize)]
struct Title {
    title: String,
}

/// Asks the server of `kubeconfig` for every document of its own and writes them into the tree.
pub(crate) fn record(root: &Path, kubeconfig: &Path) -> Result<()> {
    let get = |path: &str| {
        let mut kubectl = command::command("kubectl", ["get", "--raw", path], root);
        command::output(kubectl.env("KUBECONFIG", kubeconfig))
    };
    let index: Index = serde_json::from_str(&get("/openapi/v3")?).context("reading the index")?;
    let mut documents: BTreeMap<String, Box<RawValue>> = BTreeMap::new();
    for path in index.paths.into_keys() {
        let text = get(&format!("/openapi/v3/{path}"))?;
        let document: Document =
            serde_json::from_str(&text).with_context(|| format!("reading {path}"))?;
        // Those of custom resource definitions are made by the demo cluster itself.
        if document.info.title == "Kubernetes" {
            documents.insert(path, RawValue::from_string(text)?);
        }
    }
    let text = serde_json::to_string(&documents)?;
    let mut packed = Cursor::new(Vec::new());
    let parameters = BrotliEncoderParams {
        quality: 11,
        lgwin: 24,
        size_hint: text.len(),
        ..BrotliEncoderParams::default()
    };
    brotli::BrotliCompress(&mut text.as_bytes(), &mut packed, &parameters)?;
    let packed = packed.into_inner();
    fs::File::create(root.join(ARCHIVE))?.write_all(&packed)?;
    say(&format!(
        "{} documents, {} bytes, packed {}",
        documents.len(),
        text.len(),
        packed.len()
    ));
    Ok(())
}
