//! One object.

use http::{Response, StatusCode};

use super::{
    ResponseBody, Server, Target, accept::Representation, failure::Failure,
    options::version_number, query::Query, response, writer::Writer,
};

impl Server {
    pub(super) fn get(
        &self,
        target: &Target<'_>,
        query: &Query,
        representation: Representation,
    ) -> Result<Response<ResponseBody>, Failure> {
        if let Some(text) = query.get("resourceVersion") {
            let asked = version_number(text).map_err(Failure::unforeseen)?;
            let current = self.store.version();
            if asked > current {
                return Err(Failure::too_large_version(asked, current));
            }
        }
        let stored = self
            .store
            .get(&target.kind(), &target.path.key())
            .ok_or_else(|| Failure::not_found(target.path))?;
        let mut bytes = Vec::with_capacity(stored.json.len() + 64);
        Writer::new(target, representation).write(&stored, &mut bytes);
        let media_type = representation.encoding.media_type();
        Ok(response(StatusCode::OK, media_type, bytes))
    }
}
