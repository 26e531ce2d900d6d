//! What an autoscaler scales.

use serde_json::Value;
use strata_domain::ids::{GroupKind, ObjectKey};

use crate::{
    actors::Subject,
    json, kinds,
    label_selector::LabelSelector,
    server::subresource::scale::{self, Fields},
    world::World,
};

/// The object that an autoscaler names, and its scale.
pub(super) struct Target {
    kind: GroupKind,
    key: ObjectKey,
    fields: Fields,
    pub(super) replicas: u64,
    /// The selector as its scale writes it.
    pub(super) written: String,
    pub(super) selector: Option<LabelSelector>,
}

impl Target {
    /// The target of an autoscaler; else why there is none.
    pub(super) fn find(world: &World, subject: &Subject<'_>) -> Result<Self, String> {
        let reference =
            |field: &str| json::text(subject.object, &format!("/spec/scaleTargetRef/{field}"));
        let api_version = reference("apiVersion");
        let (group, version) = api_version.split_once('/').unwrap_or(("", api_version));
        let kind = GroupKind::new(group, reference("kind"));
        let served = world.controllers.autoscalers.served.get(&world.store);
        let plural = served
            .plural(&kind)
            .ok_or_else(|| format!("no matches for kind \"{}\" in group \"{group}\"", kind.kind))?;
        let resource = served.resource(group, version, &plural);
        let has_scale = resource.is_some_and(|it| it.has_subresource("scale"));
        if !has_scale {
            return Err("the server could not find the requested resource".to_owned());
        }
        let qualified = match group {
            "" => plural,
            group => format!("{plural}.{group}"),
        };
        let name = reference("name");
        let key = ObjectKey::new(subject.stored.key.namespace.clone(), name);
        let object = world
            .store
            .get(&kind, &key)
            .ok_or_else(|| format!("{qualified} \"{name}\" not found"))?
            .value();
        let is_custom = resource.is_some_and(kinds::Resource::is_custom);
        let fields = if is_custom {
            Fields::of_custom(&world.store, &qualified, version)
        } else {
            Fields::built_in()
        };
        let scale =
            scale::read(&object, &fields).map_err(|failure| failure.message().to_owned())?;
        let written = json::text(&scale, "/status/selector").to_owned();
        let selector = match &fields.selector {
            None => object.pointer("/spec/selector").and_then(|selector| {
                if scale::is_plain_map(selector) {
                    Some(LabelSelector::of_map(selector))
                } else {
                    LabelSelector::read(selector)
                }
            }),
            Some(_) => LabelSelector::parse(&written),
        };
        Ok(Self {
            replicas: json::count(&scale, "/spec/replicas"),
            selector: selector.filter(|_| !written.is_empty()),
            written,
            kind,
            key,
            fields,
        })
    }

    /// Asks for another number of replicas.
    pub(super) fn scale_to(&self, world: &mut World, replicas: u64) {
        world
            .store
            .update(&self.kind, &self.key, |object: &mut Value| {
                scale::set(object, &self.fields.replicas, replicas.into());
            });
    }
}
