//! One object.

use http::{Response, StatusCode};

use super::{
    ResponseBody, Server, Target, accept::Form, failure::Failure, json_response,
    options::version_number, query::Query,
};

impl Server {
    pub(super) fn get(
        &self,
        target: &Target<'_>,
        query: &Query,
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
        Ok(json_response(
            StatusCode::OK,
            target.bytes(&stored, Form::Object),
        ))
    }
}
