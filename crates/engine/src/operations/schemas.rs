//! What the API server says of the fields of a kind.

use std::{
    collections::BTreeMap,
    sync::{Arc, Mutex, PoisonError},
};

use jiff::{SignedDuration, Timestamp};
use serde_json::{Map, Value};
use strata_api::{
    error::ApiError,
    operations::{DescribeField, DescribedField},
    schema::SchemaField,
};
use strata_domain::ids::ClusterId;
use strata_ports::error::PortErrorKind;

use super::{Operations, changes::context};
use crate::{
    error::of_port,
    schema::{Meant, describe},
};

/// How many documents are kept: one of a group with many kinds is megabytes.
const MOST: usize = 6;
/// For how long: a definition of a custom kind may change.
const KEPT: SignedDuration = SignedDuration::from_mins(10);

type Schemas = Arc<Map<String, Value>>;

/// The schemas that were asked for lately, by cluster and API version.
#[derive(Default)]
pub(crate) struct KeptSchemas(Mutex<BTreeMap<(ClusterId, String), (Timestamp, Schemas)>>);

impl KeptSchemas {
    fn get(&self, of: &(ClusterId, String), now: Timestamp) -> Option<Schemas> {
        let kept = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let (since, schemas) = kept.get(of)?;
        (now.duration_since(*since) < KEPT).then(|| Arc::clone(schemas))
    }

    fn keep(&self, of: (ClusterId, String), now: Timestamp, schemas: Schemas) {
        let mut kept = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        kept.insert(of, (now, schemas));
        while kept.len() > MOST {
            let oldest = kept
                .iter()
                .min_by_key(|(_, (since, _))| *since)
                .map(|(of, _)| of.clone());
            let Some(oldest) = oldest else { break };
            kept.remove(&oldest);
        }
    }
}

/// What a field of a kind is. A kind or a field that the server does not know is told as unknown:
/// it is being typed.
pub(super) async fn describe_field(
    operations: &Operations,
    request: DescribeField,
) -> Result<DescribedField, ApiError> {
    let cluster = context(operations, &request.cluster)?.id;
    let (group, version) = request
        .api_version
        .split_once('/')
        .unwrap_or(("", request.api_version.as_str()));
    let meant = Meant {
        group,
        version,
        kind: &request.kind,
    };
    let found = match schemas(operations, cluster, &request.api_version).await? {
        Some(schemas) => describe(&schemas, meant, &request.path),
        None => None,
    };
    Ok(found.unwrap_or_else(|| DescribedField {
        is_known: false,
        about: SchemaField::default(),
        values: Vec::new(),
        fields: Vec::new(),
    }))
}

/// The schemas of an API version; none where the server does not serve it.
async fn schemas(
    operations: &Operations,
    cluster: ClusterId,
    api_version: &str,
) -> Result<Option<Schemas>, ApiError> {
    let now = operations.clock.now();
    let of = (cluster, api_version.to_owned());
    if let Some(known) = operations.schemas.get(&of, now) {
        return Ok(Some(known));
    }
    match operations.objects.schemas(&of.0, api_version).await {
        Ok(schemas) => {
            let schemas = Arc::new(schemas);
            operations.schemas.keep(of, now, Arc::clone(&schemas));
            Ok(Some(schemas))
        }
        Err(error) if error.kind == PortErrorKind::NotFound => Ok(None),
        Err(error) => Err(of_port(&error)),
    }
}
