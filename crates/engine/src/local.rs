//! A recipe as a container of this machine: pure.
//!
//! The manifests say what runs: the one container of the one pod. Volumes of the cluster become volumes
//! of the runtime, requests for GPUs become devices; what lives in the cluster alone is left out and
//! said. [`machine`] is what is known of this machine, and [`checks`] judges by it.

use serde_json::Value;
use strata_api::phrases::{Phrase, PhraseCode};
use strata_domain::{
    accelerator::{self, Unit},
    quantity,
};
use strata_ports::containers::{GpuAccess, RuntimeKind, Wanted};
use strata_recipes::demand::pod_templates;

use crate::{change::quoted, why::read};

pub(crate) mod checks;
pub(crate) mod machine;

/// Where processes share memory.
const SHARED_MEMORY: &str = "/dev/shm";

/// What would run, and what of the recipe does not hold here.
#[derive(Debug, PartialEq)]
pub(crate) struct Local {
    pub(crate) wanted: Wanted,
    pub(crate) notes: Vec<Phrase>,
}

/// The container that `objects` of the release `name` come to on one machine; or why there is none.
pub(crate) fn container_of(objects: &[Value], name: &str, recipe: &str) -> Result<Local, Phrase> {
    let cannot = |code: PhraseCode| Err(Phrase::new(code).with("recipe", recipe));
    let templates: Vec<&Value> = objects.iter().flat_map(pod_templates).collect();
    let template = match templates.as_slice() {
        [] => return cannot(PhraseCode::LocalNoPods),
        [template] => *template,
        _ => return cannot(PhraseCode::LocalSeveralPods),
    };
    let containers = read::list(template, "/spec/containers");
    let [container] = containers else {
        return cannot(PhraseCode::LocalSeveralPods);
    };
    if !read::list(template, "/spec/initContainers").is_empty() {
        return cannot(PhraseCode::LocalSeveralPods);
    }
    let mut local = Local {
        wanted: Wanted {
            name: name.to_owned(),
            image: read::text(container, "/image").to_owned(),
            command: words(container, "/command"),
            arguments: words(container, "/args"),
            ports: ports(container),
            memory_bytes: amount(container, "memory"),
            gpus: gpus(container),
            recipe: recipe.to_owned(),
            ..Wanted::default()
        },
        notes: Vec::new(),
    };
    environment(container, &mut local);
    volumes(template, container, &mut local)?;
    Ok(local)
}

fn words(container: &Value, pointer: &str) -> Vec<String> {
    let words = read::list(container, pointer).iter();
    words.filter_map(Value::as_str).map(str::to_owned).collect()
}

fn ports(container: &Value) -> Vec<u16> {
    let ports = read::list(container, "/ports").iter();
    ports
        .filter_map(|port| u16::try_from(read::count(port, "/containerPort")).ok())
        .filter(|port| *port > 0)
        .collect()
}

fn limits(container: &Value) -> impl Iterator<Item = (&String, u64)> {
    let limits = container.pointer("/resources/limits");
    let limits = limits.and_then(Value::as_object).into_iter().flatten();
    limits.filter_map(|(resource, amount)| {
        let amount = match amount {
            Value::String(text) => quantity::parse_count(text),
            other => other.as_u64(),
        };
        Some((resource, amount?))
    })
}

fn amount(container: &Value, wanted: &str) -> u64 {
    let found = limits(container).find(|(resource, _)| *resource == wanted);
    found.map_or(0, |(_, amount)| amount)
}

fn gpus(container: &Value) -> u32 {
    let devices = limits(container).filter(|(resource, _)| {
        accelerator::classify(resource).is_some_and(|known| known.unit == Unit::Device)
    });
    let count = devices.map(|(_, count)| count).sum::<u64>();
    u32::try_from(count).unwrap_or(u32::MAX)
}

/// Variables with a value of their own; what a Secret of the cluster holds is not here.
fn environment(container: &Value, local: &mut Local) {
    for variable in read::list(container, "/env") {
        let name = read::text(variable, "/name").to_owned();
        if variable.get("valueFrom").is_some() {
            local
                .notes
                .push(Phrase::new(PhraseCode::LocalVariableLeftOut).with("name", name));
        } else {
            let value = read::text(variable, "/value").to_owned();
            local.wanted.environment.push((name, value));
        }
    }
}

fn volumes(template: &Value, container: &Value, local: &mut Local) -> Result<(), Phrase> {
    let known = read::list(template, "/spec/volumes");
    for mount in read::list(container, "/volumeMounts") {
        let (name, path) = (read::text(mount, "/name"), read::text(mount, "/mountPath"));
        let volume = known
            .iter()
            .find(|volume| read::text(volume, "/name") == name);
        let Some(volume) = volume else { continue };
        let claim = read::text(volume, "/persistentVolumeClaim/claimName");
        if !claim.is_empty() {
            let volume = format!("strata-{claim}");
            local.wanted.volumes.push((volume, path.to_owned()));
        } else if volume.get("emptyDir").is_some() {
            if path == SHARED_MEMORY {
                // A pod's may grow to half of the memory that it may take.
                local.wanted.shared_memory_bytes = local.wanted.memory_bytes / 2;
            }
        } else {
            return Err(Phrase::new(PhraseCode::LocalVolume).with("volume", name));
        }
    }
    Ok(())
}

/// The same as a command of the runtime's own program.
pub(crate) fn command(kind: RuntimeKind, wanted: &Wanted, access: GpuAccess) -> String {
    let program = match kind {
        RuntimeKind::Docker => "docker",
        RuntimeKind::Podman => "podman",
        RuntimeKind::Ollama => {
            let model = quoted(&wanted.image);
            return format!("ollama pull {model} && ollama run {model}");
        }
    };
    let mut words = vec![
        format!("{program} run --detach --name {}", quoted(&wanted.name)),
        format!("--label strata.dev/recipe={}", quoted(&wanted.recipe)),
    ];
    words.extend(
        wanted
            .ports
            .iter()
            .map(|port| format!("--publish 127.0.0.1:{port}:{port}")),
    );
    let volumes = wanted.volumes.iter();
    words.extend(
        volumes.map(|(name, path)| format!("--volume {}", quoted(&format!("{name}:{path}")))),
    );
    let variables = wanted.environment.iter();
    words.extend(
        variables.map(|(name, value)| format!("--env {}", quoted(&format!("{name}={value}")))),
    );
    if wanted.memory_bytes > 0 {
        words.push(format!("--memory {}", wanted.memory_bytes));
    }
    if wanted.shared_memory_bytes > 0 {
        words.push(format!("--shm-size {}", wanted.shared_memory_bytes));
    }
    let devices = 0..wanted.gpus;
    match access {
        GpuAccess::Request if wanted.gpus > 0 => {
            let devices: Vec<String> = devices.map(|gpu| gpu.to_string()).collect();
            words.push(format!("--gpus '\"device={}\"'", devices.join(",")));
        }
        _ => words.extend(devices.map(|gpu| format!("--device nvidia.com/gpu={gpu}"))),
    }
    // Of several words the first is the program; the rest stand before the arguments.
    let (program, rest) = match wanted.command.split_first() {
        Some((program, rest)) => (Some(program), rest),
        None => (None, &[][..]),
    };
    words.extend(program.map(|program| format!("--entrypoint {}", quoted(program))));
    words.push(quoted(&wanted.image));
    words.extend(
        rest.iter()
            .chain(&wanted.arguments)
            .map(|word| quoted(word)),
    );
    words.join(" ")
}

#[cfg(test)]
mod tests {
    use serde_json::json;
    use strata_recipes::{Collection, Order, Place, render::is_cluster_wide_by_itself};

    use super::*;

    fn local(recipe: &str, values: &Value) -> Result<Local, Phrase> {
        let collection = Collection::embedded().unwrap();
        let order = Order {
            values: values.as_object().unwrap().clone(),
            ..Order::default()
        };
        let place = Place {
            namespace: "",
            is_cluster_wide: &is_cluster_wide_by_itself,
        };
        let recipe = collection.recipe(recipe).unwrap();
        let rendered = recipe.render(&order, place).unwrap();
        assert_eq!(rendered.faults, []);
        container_of(&rendered.objects, &rendered.release, &recipe.id)
    }

    #[test]
    fn a_serving_recipe_is_a_container_with_its_gpus_ports_and_volumes() {
        let local = local(
            "vllm",
            &json!({ "name": "qwen", "model": "Qwen/Qwen3-8B", "gpus": 2,
                "token": { "name": "hf", "key": "token" } }),
        )
        .unwrap();
        let wanted = &local.wanted;
        assert_eq!((wanted.gpus, wanted.ports.as_slice()), (2, &[8000][..]));
        assert_eq!(
            wanted.volumes,
            [("strata-qwen-cache".to_owned(), "/cache".to_owned())]
        );
        assert_eq!(wanted.memory_bytes, 32 << 30);
        assert_eq!(wanted.shared_memory_bytes, 16 << 30);
        assert!(
            wanted
                .arguments
                .contains(&"--tensor-parallel-size=2".to_owned())
        );
        assert_eq!(
            local.notes[0].english(),
            "HF_TOKEN comes from a Secret of a cluster and is left out"
        );
        let command = command(RuntimeKind::Podman, wanted, GpuAccess::Cdi);
        assert!(
            command.starts_with("podman run --detach --name qwen"),
            "{command}"
        );
        assert!(
            command.contains("--publish 127.0.0.1:8000:8000"),
            "{command}"
        );
        assert!(command.contains("--device nvidia.com/gpu=1"), "{command}");
        assert!(
            command.contains("vllm/vllm-openai:v0.24.0 --model=Qwen/Qwen3-8B"),
            "{command}"
        );
    }

    #[test]
    fn what_needs_a_cluster_says_so() {
        let model = json!({ "name": "qwen", "model": "Qwen/Qwen3-8B" });
        let several = local("vllm-multi-node", &model).unwrap_err();
        assert_eq!(several.code, PhraseCode::LocalSeveralPods);
        let route = json!({ "name": "a", "gateway": "a", "service": "a", "canary_service": "b" });
        let none = local("canary-route", &route).unwrap_err();
        assert_eq!(none.code, PhraseCode::LocalNoPods);
    }
}
