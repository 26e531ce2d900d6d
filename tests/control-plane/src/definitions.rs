//! The custom resource definitions of the projects that Strata knows, as those projects ship them.
//!
//! They are read from the projects' Go modules, whose hashes are pinned here, and kept in the
//! [cache](crate::cache) as JSON: that saves this process and the API server a slow YAML parse at
//! each start. Nothing of them is changed. The projects' conversion and admission webhooks are
//! not installed with them, since nothing here would answer them; Kueue's come with [`operators`].
//!
//! [`operators`]: crate::operators

use std::fs;
use std::path::{Path, PathBuf};
use std::time::Duration;

use anyhow::{Context as _, Result, ensure};
use futures::stream::{self, StreamExt as _, TryStreamExt as _};
use kube::Client;
use serde_json::Value;

use crate::{cache, go, wait};

/// A project and where in its Go module its definitions lie.
#[derive(Debug)]
pub struct Project {
    /// Its name, for people.
    pub name: &'static str,
    /// The module's path.
    pub module: &'static str,
    /// The module's version, which is the project's release.
    pub version: &'static str,
    /// The module's hash, as in a `go.sum`.
    sum: &'static str,
    /// Folders with one definition a file, named `<group>_<plural>.yaml`.
    folders: &'static [&'static str],
}

/// The projects whose definitions can be installed.
pub static PROJECTS: [Project; 10] = [
    Project {
        name: "Kueue",
        module: "sigs.k8s.io/kueue",
        version: "v0.19.2",
        sum: "h1:mPNzr37u0nwI7ikST5QQl5gg6EgtYOAvC9ZbTgywdN8=",
        folders: &["config/components/crd/bases"],
    },
    Project {
        name: "KubeRay",
        module: "github.com/ray-project/kuberay/ray-operator",
        version: "v1.6.2",
        sum: "h1:XUckRswLMyk71D00L62d2Vanh0fVkNqu56+IF/rr+O0=",
        folders: &["config/crd/bases"],
    },
    Project {
        name: "Kubeflow Trainer",
        module: "github.com/kubeflow/trainer/v2",
        version: "v2.2.0",
        sum: "h1:whChZckEtycLo1UKH/M0hiNaCUozbLvf9JrgmMv+TAg=",
        folders: &["manifests/base/crds"],
    },
    Project {
        name: "Kubeflow Training Operator",
        module: "github.com/kubeflow/training-operator",
        version: "v1.9.3",
        sum: "h1:aaSHqskOtCY8Dn8sVd+l9p5XAczW6O0nYMPjVLAw/lc=",
        folders: &["manifests/base/crds"],
    },
    Project {
        name: "KServe",
        module: "github.com/kserve/kserve",
        version: "v0.20.0",
        sum: "h1:Bs7HxmGV4KFqqptDcWseKv+mwD4YOYHJWcuVgPG2Gug=",
        folders: &["config/crd/full", "config/crd/full/llmisvc"],
    },
    Project {
        name: "JobSet",
        module: "sigs.k8s.io/jobset",
        version: "v0.12.0",
        sum: "h1:YYPuV0px8Ongq/RXmJg6V0w2UC67aiR+rCMD06vhQQQ=",
        folders: &["config/components/crd/bases"],
    },
    Project {
        name: "LeaderWorkerSet",
        module: "sigs.k8s.io/lws",
        version: "v0.9.0",
        sum: "h1:DcJCgxjjoGOx//QHZkeKpyiblxYq70aCRZNYSfykWyI=",
        folders: &["config/crd/bases"],
    },
    Project {
        name: "Volcano",
        module: "volcano.sh/volcano",
        version: "v1.15.0",
        sum: "h1:dW8hW/FPDqwcJ1GxGfpR/9qToH1t3+ySn+oaiEMfpm4=",
        folders: &["config/crd/volcano/bases", "config/crd/jobflow/bases"],
    },
    Project {
        name: "Gateway API",
        module: "sigs.k8s.io/gateway-api",
        version: "v1.4.0",
        sum: "h1:ZwlNM6zOHq0h3WUX2gfByPs2yAEsy/EenYJB78jpQfQ=",
        folders: &["config/crd/standard"],
    },
    Project {
        name: "KEDA",
        module: "github.com/kedacore/keda/v2",
        version: "v2.19.0",
        sum: "h1:IP3iMTwr9HkaAwPtLnhngPv74LghMf7ubLrsGLQo52M=",
        folders: &["config/crd/bases"],
    },
];

/// The kinds that Strata's catalogue knows these projects by.
///
/// A useful half of all: every large definition costs the API server seconds and memory.
const CATALOGUE: [&str; 25] = [
    "clusterqueues.kueue.x-k8s.io",
    "localqueues.kueue.x-k8s.io",
    "workloads.kueue.x-k8s.io",
    "resourceflavors.kueue.x-k8s.io",
    "cohorts.kueue.x-k8s.io",
    "topologies.kueue.x-k8s.io",
    "rayclusters.ray.io",
    "rayjobs.ray.io",
    "rayservices.ray.io",
    "trainjobs.trainer.kubeflow.org",
    "trainingruntimes.trainer.kubeflow.org",
    "clustertrainingruntimes.trainer.kubeflow.org",
    "pytorchjobs.kubeflow.org",
    "inferenceservices.serving.kserve.io",
    "servingruntimes.serving.kserve.io",
    "clusterservingruntimes.serving.kserve.io",
    "llminferenceservices.serving.kserve.io",
    "jobsets.jobset.x-k8s.io",
    "leaderworkersets.leaderworkerset.x-k8s.io",
    "jobs.batch.volcano.sh",
    "queues.scheduling.volcano.sh",
    "podgroups.scheduling.volcano.sh",
    "gateways.gateway.networking.k8s.io",
    "httproutes.gateway.networking.k8s.io",
    "scaledobjects.keda.sh",
];

/// How many definitions are sent at a time; the API server builds each on its own.
const CONCURRENCY: usize = 4;

/// How long all of them may take until they are served.
const SERVED: Duration = Duration::from_mins(5);

/// The names of the definitions that a test of the catalogue needs.
pub fn catalogue_kinds() -> Vec<String> {
    CATALOGUE.map(str::to_owned).to_vec()
}

/// The names (`<plural>.<group>`) of all definitions of all [`PROJECTS`].
///
/// # Errors
///
/// As [`fetch`].
pub fn all() -> Result<Vec<String>> {
    let mut names: Vec<String> = fs::read_dir(fetch()?)?
        .map(|entry| Ok(entry?.path()))
        .filter_map(|path: Result<PathBuf>| {
            path.map(|path| Some(path.file_stem()?.to_str()?.to_owned()))
                .transpose()
        })
        .collect::<Result<_>>()?;
    names.sort();
    Ok(names)
}

/// The names of all definitions of these API groups.
///
/// # Errors
///
/// As [`fetch`].
pub fn of_groups(groups: &[&str]) -> Result<Vec<String>> {
    let is_wanted = |name: &String| {
        let group = name.split_once('.').map(|(_, group)| group);
        group.is_some_and(|group| groups.contains(&group))
    };
    Ok(all()?.into_iter().filter(is_wanted).collect())
}

/// The project of this name.
///
/// # Errors
///
/// When there is none.
pub fn project(name: &str) -> Result<&'static Project> {
    PROJECTS
        .iter()
        .find(|project| project.name == name)
        .with_context(|| format!("no project {name}"))
}

/// The cache's folder with one `<plural>.<group>.json` for each definition.
///
/// # Errors
///
/// When a module cannot be fetched, is not what its hash says, or has no definitions.
pub fn fetch() -> Result<PathBuf> {
    let key = cache::key([format!("{PROJECTS:?}").as_str()]);
    cache::entry(&format!("definitions-{key}"), |folder| {
        PROJECTS.iter().try_for_each(|project| {
            project
                .copy_into(folder)
                .with_context(|| format!("the custom resource definitions of {}", project.name))
        })
    })
}

impl Project {
    /// Its module, unpacked, after its hash was checked.
    ///
    /// # Errors
    ///
    /// When the module cannot be fetched, or is not what its hash says.
    pub fn folder(&self) -> Result<PathBuf> {
        let module = go::download(self.module, self.version)?;
        ensure!(
            module.sum == self.sum,
            "{}@{} has the hash {}, not {}",
            self.module,
            self.version,
            module.sum,
            self.sum,
        );
        Ok(module.dir)
    }

    fn copy_into(&self, folder: &Path) -> Result<()> {
        let module = self.folder()?;
        for source in self.folders {
            let source = module.join(source);
            let entries =
                fs::read_dir(&source).with_context(|| format!("reading {}", source.display()))?;
            for entry in entries {
                convert(&entry?.path(), folder)?;
            }
        }
        Ok(())
    }
}

/// Writes a definition's YAML file as JSON; passes over files that are none.
fn convert(file: &Path, folder: &Path) -> Result<()> {
    if file.extension().is_none_or(|extension| extension != "yaml") {
        return Ok(());
    }
    let text = fs::read_to_string(file)?;
    if !text.contains("\nkind: CustomResourceDefinition\n") {
        return Ok(());
    }
    // The parser's limits are meant for documents that a stranger sends.
    let unlimited = serde_saphyr::options! { budget: None };
    let definition: Value = serde_saphyr::from_str_with_options(&text, unlimited)
        .with_context(|| format!("reading {}", file.display()))?;
    let Some(name) = definition.pointer("/metadata/name").and_then(Value::as_str) else {
        // A patch for one.
        return Ok(());
    };
    if definition.pointer("/spec/names/plural").is_some() {
        fs::write(
            folder.join(format!("{name}.json")),
            serde_json::to_vec(&definition)?,
        )?;
    }
    Ok(())
}

/// Creates these definitions, by name, and waits until the API server serves their kinds.
///
/// Those that exist already are left as they are.
///
/// # Errors
///
/// When a name is unknown, or the API server refuses one, or does not serve all in five minutes.
pub async fn install(client: &Client, names: &[String]) -> Result<()> {
    let folder = tokio::task::spawn_blocking(fetch).await??;
    stream::iter(names)
        .map(|name| create(client, &folder, name))
        .buffer_unordered(CONCURRENCY)
        .try_collect()
        .await
}

async fn create(client: &Client, folder: &Path, name: &str) -> Result<()> {
    let body = fs::read(folder.join(format!("{name}.json")))
        .with_context(|| format!("{name} is not among the fetched definitions"))?;
    let definition: Value = serde_json::from_slice(&body)?;
    let request = http::Request::post("/apis/apiextensions.k8s.io/v1/customresourcedefinitions")
        .header(http::header::CONTENT_TYPE, "application/json")
        // The answer would be the whole megabyte again.
        .header(
            http::header::ACCEPT,
            "application/json;as=PartialObjectMetadata;g=meta.k8s.io;v=v1",
        )
        .body(body)?;
    match client.request_text(request).await {
        Err(kube::Error::Api(status)) if status.is_already_exists() => {}
        other => drop(other.with_context(|| format!("creating {name}"))?),
    }
    until_served(client, name, &definition).await
}

async fn until_served(client: &Client, name: &str, definition: &Value) -> Result<()> {
    let text = |pointer| {
        definition
            .pointer(pointer)
            .and_then(Value::as_str)
            .unwrap_or_default()
    };
    let plural = text("/spec/names/plural");
    let versions = definition
        .pointer("/spec/versions")
        .and_then(Value::as_array);
    let version = versions
        .into_iter()
        .flatten()
        .find(|version| version.pointer("/served") == Some(&Value::Bool(true)))
        .and_then(|version| version.pointer("/name")?.as_str())
        .with_context(|| format!("{name} serves no version"))?;
    let group_version = format!("{}/{version}", text("/spec/group"));
    wait::until(&format!("{name} is served"), SERVED, async || {
        let served = client.list_api_group_resources(&group_version).await?;
        Ok(served
            .resources
            .iter()
            .any(|resource| resource.name == plural)
            .then_some(()))
    })
    .await
}

#[cfg(test)]
mod tests {
    use super::convert;

    #[test]
    fn a_definition_is_kept_under_its_name_and_a_patch_is_not() {
        let folder = tempfile::tempdir().unwrap();
        let target = tempfile::tempdir().unwrap();
        let whole = "apiVersion: apiextensions.k8s.io/v1\nkind: CustomResourceDefinition\n\
                     metadata: {name: things.example.org}\nspec: {names: {plural: things}}\n";
        let patch = "apiVersion: apiextensions.k8s.io/v1\nkind: CustomResourceDefinition\n\
                     metadata: {name: things.example.org}\n";
        for (name, text) in [("a.yaml", whole), ("b.yaml", patch), ("c.txt", whole)] {
            std::fs::write(folder.path().join(name), text).unwrap();
            convert(&folder.path().join(name), target.path()).unwrap();
        }
        let kept: Vec<_> = target
            .path()
            .read_dir()
            .unwrap()
            .map(|file| file.unwrap().file_name())
            .collect();
        assert_eq!(kept, ["things.example.org.json"]);
    }
}
