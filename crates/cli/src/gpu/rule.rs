//! What an administrator enters so that exporters may be asked.

/// The command that permits what `missing` says is missing; none where it says it otherwise.
pub(super) fn rule_for(missing: &str) -> Option<String> {
    let (resource, namespace) = missing
        .strip_prefix("get ")?
        .strip_suffix(" is not permitted")?
        .split_once(" in namespace ")?;
    let is_name = |name: &str| {
        !name.is_empty()
            && name
                .chars()
                .all(|one| one.is_ascii_alphanumeric() || "-/".contains(one))
    };
    (is_name(resource) && is_name(namespace)).then(|| {
        let create = format!("kubectl -n {namespace} create");
        format!(
            "{create} role strata --verb=get --resource={resource} && {create} rolebinding \
             strata --role=strata --user=NAME"
        )
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_rule_names_what_is_missing_and_takes_no_other_words_over() {
        let rule = rule_for("get pods/proxy in namespace gpu-operator is not permitted").unwrap();
        assert!(rule.starts_with("kubectl -n gpu-operator create role strata"));
        assert!(rule.contains("--verb=get --resource=pods/proxy"));
        assert_eq!(rule_for("the credentials have expired"), None);
        assert_eq!(
            rule_for("get pods/proxy in namespace a; reboot is not permitted"),
            None
        );
    }
}
