//! Configurations of webhooks (`k8s.io/kubernetes/pkg/apis/admissionregistration/v1/defaults.go`).

use super::{Value, each, json, or, within};
use crate::json as read;

/// A configuration of webhooks that judge, or with `changes` that change.
pub(super) fn configuration(object: &mut Value, changes: bool) {
    each(object, "webhooks", |webhook| {
        let fields = read::as_object(webhook);
        or(fields, "failurePolicy", "Fail");
        or(fields, "matchPolicy", "Equivalent");
        or(fields, "namespaceSelector", json!({}));
        or(fields, "objectSelector", json!({}));
        or(fields, "timeoutSeconds", 10);
        if changes {
            or(fields, "reinvocationPolicy", "Never");
        }
        each(webhook, "rules", |rule| {
            or(read::as_object(rule), "scope", "*");
        });
        within(webhook, "clientConfig", |client| {
            within(client, "service", |service| {
                or(read::as_object(service), "port", 443);
            });
        });
    });
}
