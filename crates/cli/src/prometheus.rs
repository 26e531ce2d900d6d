//! `strata prometheus`: the Prometheus that is given for a cluster, beside those found in it.

use std::process::ExitCode;

use anyhow::Context;
use strata_api::{
    operations::OneCluster,
    prometheus::{
        GivePrometheus, PrometheusAddress, PrometheusCredentials, PrometheusFound,
        PrometheusSetting, SecretPlace,
    },
};
use strata_app::Launch;

use crate::{
    arguments::Prometheus,
    exit::answer,
    session::Session,
    table::{columns, visible},
};

/// Tells, tries, gives or takes away.
pub(crate) async fn run(launch: Launch, wanted: &Prometheus) -> anyhow::Result<ExitCode> {
    let session = Session::start(launch).await?;
    let cluster = session.choose(&wanted.target).await?;
    let given = match &wanted.url {
        Some(url) => Some(address(url, wanted)),
        None => read(&session, &cluster).await?,
    };
    if wanted.is_trial {
        let address = given.context("no Prometheus was given for it; name one with --url")?;
        let request = GivePrometheus {
            cluster,
            address: Some(address),
        };
        let found: PrometheusFound = session.call("try_prometheus", &request).await?;
        answer(&told(&found))?;
    } else if wanted.url.is_some() || wanted.off {
        let request = GivePrometheus {
            cluster,
            address: given.filter(|_| !wanted.off),
        };
        let kept: PrometheusSetting = session.call("save_prometheus", &request).await?;
        answer(&shown(kept.address.as_ref()))?;
    } else {
        answer(&shown(given.as_ref()))?;
    }
    session.end().await;
    Ok(ExitCode::SUCCESS)
}

async fn read(session: &Session, cluster: &str) -> anyhow::Result<Option<PrometheusAddress>> {
    let request = OneCluster {
        cluster: cluster.to_owned(),
    };
    let kept: PrometheusSetting = session.call("read_prometheus", &request).await?;
    Ok(kept.address)
}

fn address(url: &str, wanted: &Prometheus) -> PrometheusAddress {
    let place = |file: &Option<String>, variable: &Option<String>| {
        let file = file.clone().map(|path| SecretPlace::File { path });
        let variable = variable.clone();
        file.or_else(|| variable.map(|name| SecretPlace::Environment { name }))
    };
    let token = place(&wanted.bearer_file, &wanted.bearer_env);
    let password = place(&wanted.password_file, &wanted.password_env);
    let credentials = match (token, wanted.user.clone().zip(password)) {
        (Some(token), _) => PrometheusCredentials::Bearer { token },
        (None, Some((user, password))) => PrometheusCredentials::Basic { user, password },
        (None, None) => PrometheusCredentials::Nothing {},
    };
    PrometheusAddress {
        url: url.to_owned(),
        credentials,
        authority: wanted.ca.clone().unwrap_or_default(),
    }
}

fn told(found: &PrometheusFound) -> String {
    let version = if found.version.is_empty() {
        "speaks the API of Prometheus".to_owned()
    } else {
        format!("Prometheus {}", visible(&found.version))
    };
    let missing = if found.missing.is_empty() {
        String::new()
    } else {
        format!("its answer is not whole: {}\n", visible(&found.missing))
    };
    format!(
        "{version} · readings of {} accelerators in the last two minutes · answered in {} ms\n\
         {missing}",
        found.devices, found.took_milliseconds
    )
}

fn shown(address: Option<&PrometheusAddress>) -> String {
    let Some(address) = address else {
        return "none given: those found in the cluster are asked\n".to_owned();
    };
    let place = |place: &SecretPlace| match place {
        SecretPlace::File { path } => format!("in the file {path}"),
        SecretPlace::Environment { name } => format!("in the variable {name}"),
    };
    let credentials = match &address.credentials {
        PrometheusCredentials::Nothing {} => "none".to_owned(),
        PrometheusCredentials::Bearer { token } => format!("bearer token {}", place(token)),
        PrometheusCredentials::Basic { user, password } => {
            format!("user {user}, password {}", place(password))
        }
    };
    let authority = if address.authority.is_empty() {
        "those that the system trusts"
    } else {
        &address.authority
    };
    let lines = [
        ("address", address.url.as_str()),
        ("credentials", &credentials),
        ("certificates", authority),
    ];
    let lines = lines.map(|(name, value)| vec![name.to_owned(), visible(value)]);
    columns(&lines, 0)
}

#[cfg(test)]
mod tests {
    use clap::Parser as _;

    use super::*;
    use crate::arguments::{Arguments, Command};

    fn parsed(rest: &[&str]) -> Option<Prometheus> {
        let words = ["strata", "prometheus", "--demo"].iter().chain(rest);
        match Arguments::try_parse_from(words).ok()?.command {
            Command::Prometheus(wanted) => Some(wanted),
            _ => None,
        }
    }

    #[test]
    fn a_secret_is_named_by_its_place_and_by_one_place_alone() {
        let wanted = parsed(&[
            "--url",
            "https://m.example",
            "--user",
            "ann",
            "--password-env",
            "PW",
        ]);
        let wanted = wanted.unwrap();
        let given = address("https://m.example", &wanted);
        assert!(shown(Some(&given)).contains("user ann, password in the variable PW"));
        for wrong in [
            &["--bearer-file", "t"][..],
            &["--url", "u", "--user", "ann"],
            &["--url", "u", "--password-file", "p"],
            &["--url", "u", "--bearer-file", "t", "--bearer-env", "T"],
            &["--url", "u", "--user", "ann", "--bearer-file", "t"],
            &["--off", "--url", "u"],
        ] {
            assert!(parsed(wrong).is_none(), "{wrong:?}");
        }
    }
}
