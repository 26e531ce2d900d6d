//! Tables: what `kubectl get` shows, as the real server makes it.
//!
//! The columns of the built-in kinds are recorded (`table/columns.json`); their cells follow
//! `pkg/printers/internalversion` of Kubernetes 1.36.3. Custom kinds bring their columns along.

use std::sync::Arc;

use jiff::Timestamp;
use serde_json::{Value, json};
use strata_domain::ids::GroupKind;

use self::{columns::ColumnTexts, custom::CustomColumn};
use super::{
    Target,
    accept::{Form, MetaVersion},
    failure::Failure,
    query::Query,
};
use crate::{clock::VirtualClock, json};

mod age;
mod cells;
mod cluster;
mod columns;
mod custom;
mod devices;
mod json_path;
mod network;
mod pods;
mod policies;
mod scaling;
mod storage;
mod workloads;

/// What of its object a row shows.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Included {
    Nothing,
    Metadata,
    Object,
}

/// Makes tables of one kind.
#[derive(Clone, Debug)]
pub(super) struct Table {
    kind: GroupKind,
    version: MetaVersion,
    /// Of the tables of a watch, the first alone says what its columns are.
    pub(super) has_told_columns: bool,
    included: Included,
    columns: Columns,
    clock: Arc<VirtualClock>,
}

#[derive(Clone, Debug)]
enum Columns {
    BuiltIn(&'static ColumnTexts),
    Custom(Arc<[CustomColumn]>),
}

impl Table {
    pub(super) fn new(
        target: &Target<'_>,
        version: MetaVersion,
        query: &Query,
        clock: &Arc<VirtualClock>,
    ) -> Result<Self, Failure> {
        let included = match query.get("includeObject") {
            None | Some("Metadata") => Included::Metadata,
            Some("Object") => Included::Object,
            Some("None") => Included::Nothing,
            Some(other) => {
                return Err(Failure::bad_request(format!(
                    "Unable to convert to Table as requested: includeObject: Invalid value: \
                     \"{other}\": must be 'Metadata', 'Object', 'None', or empty"
                )));
            }
        };
        let kind = target.kind();
        let columns = match &target.resource.custom {
            Some(custom) => Columns::Custom(custom::columns(&custom.columns)),
            None => Columns::BuiltIn(columns::of(&kind)),
        };
        Ok(Self {
            kind,
            version,
            has_told_columns: false,
            included,
            columns,
            clock: Arc::clone(clock),
        })
    }

    /// The beginning of a table, up to the first row. `with_columns` is false for all tables of a
    /// watch but the first.
    pub(super) fn head(&self, metadata: &Value, with_columns: bool) -> String {
        let columns = match &self.columns {
            _ if !with_columns => Value::Null,
            Columns::BuiltIn(texts) => texts.definitions(),
            Columns::Custom(columns) => custom::definitions(columns),
        };
        format!(
            "{{\"kind\":\"Table\",\"apiVersion\":\"{}\",\"metadata\":{metadata},\
             \"columnDefinitions\":{columns},\"rows\":[",
            self.version.api_version()
        )
    }

    /// The table of `object` alone, which says its kind.
    pub(super) fn of_one(&self, object: &Value) -> Vec<u8> {
        let version = json::text(object, "/metadata/resourceVersion");
        let mut bytes = self
            .head(&json!({ "resourceVersion": version }), true)
            .into_bytes();
        let written = match self.form() {
            None => Value::Null,
            Some(Form::Object) => object.clone(),
            Some(Form::Metadata(version)) => json!({
                "kind": "PartialObjectMetadata",
                "apiVersion": version.api_version(),
                "metadata": object.get("metadata"),
            }),
        };
        self.row(object, written.to_string().as_bytes(), &mut bytes);
        bytes.extend_from_slice(b"]}\n");
        bytes
    }

    /// The row of `object`; `written` is the object in the form that the row includes.
    pub(super) fn row(&self, object: &Value, written: &[u8], bytes: &mut Vec<u8>) {
        let cells = match &self.columns {
            Columns::BuiltIn(_) => built_in(&self.kind, object, self.clock.now()),
            Columns::Custom(columns) => custom::cells(columns, object, self.clock.now()),
        };
        bytes.extend_from_slice(b"{\"cells\":");
        bytes.extend_from_slice(Value::Array(cells).to_string().as_bytes());
        if let Some(condition) = completion(&self.kind, object) {
            bytes.extend_from_slice(b",\"conditions\":[");
            bytes.extend_from_slice(condition.to_string().as_bytes());
            bytes.push(b']');
        }
        bytes.extend_from_slice(b",\"object\":");
        bytes.extend_from_slice(written);
        bytes.push(b'}');
    }

    /// The form in which a row includes its object, if it does.
    pub(super) fn form(&self) -> Option<Form> {
        match self.included {
            Included::Nothing => None,
            Included::Metadata => Some(Form::Metadata(self.version)),
            Included::Object => Some(Form::Object),
        }
    }
}

/// That a pod has ended, which `kubectl` can hide.
fn completion(kind: &GroupKind, pod: &Value) -> Option<Value> {
    if !(kind.group.is_empty() && kind.kind == "Pod") {
        return None;
    }
    let (reason, message) = match json::text(pod, "/status/phase") {
        "Succeeded" => ("Succeeded", "The pod has completed successfully."),
        "Failed" => ("Failed", "The pod failed."),
        _ => return None,
    };
    Some(json!({ "type": "Completed", "status": "True", "reason": reason, "message": message }))
}

/// The cells of an object of a built-in kind.
fn built_in(kind: &GroupKind, object: &Value, now: Timestamp) -> Vec<Value> {
    let row = cells::Row { object, now };
    match (kind.group.as_str(), kind.kind.as_str()) {
        ("", "Pod") => pods::pod(row),
        ("", "PodTemplate") => workloads::pod_template(row),
        ("", "ReplicationController") => workloads::replication_controller(row),
        ("apps", "ReplicaSet") => workloads::replica_set(row),
        ("apps", "Deployment") => workloads::deployment(row),
        ("apps", "StatefulSet") => workloads::stateful_set(row),
        ("apps", "DaemonSet") => workloads::daemon_set(row),
        ("apps", "ControllerRevision") => workloads::controller_revision(row),
        ("batch", "Job") => workloads::job(row),
        ("batch", "CronJob") => workloads::cron_job(row),
        ("autoscaling", "HorizontalPodAutoscaler") => scaling::horizontal_pod_autoscaler(row),
        ("autoscaling", "Scale") => scaling::scale(row),
        ("policy", "PodDisruptionBudget") => scaling::pod_disruption_budget(row),
        ("", "Node") => cluster::node(row),
        ("", "Namespace") => cluster::namespace(row),
        ("", "Event") => cluster::event(row),
        ("", "ConfigMap") => cluster::config_map(row),
        ("", "Secret") => cluster::secret(row),
        ("", "ResourceQuota") => cluster::resource_quota(row),
        ("", "ComponentStatus") => cluster::component_status(row),
        ("coordination.k8s.io", "Lease") => cluster::lease(row),
        ("scheduling.k8s.io", "PriorityClass") => cluster::priority_class(row),
        ("node.k8s.io", "RuntimeClass") => cluster::runtime_class(row),
        ("apiregistration.k8s.io", "APIService") => cluster::api_service(row),
        ("", "Service") => network::service(row),
        ("", "Endpoints") => network::endpoints(row),
        ("discovery.k8s.io", "EndpointSlice") => network::endpoint_slice(row),
        ("networking.k8s.io", "Ingress") => network::ingress(row),
        ("networking.k8s.io", "IngressClass") => network::ingress_class(row),
        ("networking.k8s.io", "NetworkPolicy") => network::network_policy(row),
        ("networking.k8s.io", "ServiceCIDR") => network::service_cidr(row),
        ("networking.k8s.io", "IPAddress") => network::ip_address(row),
        ("", "PersistentVolume") => storage::persistent_volume(row),
        ("", "PersistentVolumeClaim") => storage::persistent_volume_claim(row),
        ("storage.k8s.io", "StorageClass") => storage::storage_class(row),
        ("storage.k8s.io", "VolumeAttachment") => storage::volume_attachment(row),
        ("storage.k8s.io", "VolumeAttributesClass") => storage::volume_attributes_class(row),
        ("storage.k8s.io", "CSINode") => storage::csi_node(row),
        ("storage.k8s.io", "CSIDriver") => storage::csi_driver(row),
        ("rbac.authorization.k8s.io", "RoleBinding" | "ClusterRoleBinding") => {
            policies::role_binding(row)
        }
        ("admissionregistration.k8s.io", kind) => policies::admission(kind, row),
        ("certificates.k8s.io", "CertificateSigningRequest") => {
            policies::certificate_signing_request(row)
        }
        ("flowcontrol.apiserver.k8s.io", "FlowSchema") => policies::flow_schema(row),
        ("flowcontrol.apiserver.k8s.io", "PriorityLevelConfiguration") => {
            policies::priority_level(row)
        }
        ("resource.k8s.io", "ResourceClaim") => devices::resource_claim(row),
        ("resource.k8s.io", "ResourceSlice") => devices::resource_slice(row),
        // Kinds that show nothing but their age.
        ("", "ServiceAccount") | ("resource.k8s.io", _) => vec![row.name(), row.age()],
        // What has no printer shows when it was made (`pkg/registry/rest/table.go`).
        _ => vec![row.name(), row.text_cell("/metadata/creationTimestamp")],
    }
}

#[cfg(test)]
mod tests;
