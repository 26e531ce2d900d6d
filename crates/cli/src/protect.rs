//! `strata protect` and `strata unlock`: contexts that nobody changes by mistake.

use std::process::ExitCode;

use strata_api::{
    operations::OneCluster,
    protection::{ProtectCluster, Protection, UnlockCluster},
};
use strata_app::Launch;

use crate::{
    arguments::{Protect, Unlock},
    exit::answer,
    session::Session,
};

/// Protects a context, or takes the protection away.
pub(crate) async fn protect(launch: Launch, wanted: &Protect) -> anyhow::Result<ExitCode> {
    let session = Session::start(launch).await?;
    let cluster = session.choose(&wanted.target).await?;
    let protection: Protection = if wanted.show {
        let request = OneCluster { cluster };
        session.call("read_protection", &request).await?
    } else {
        let request = ProtectCluster {
            cluster,
            is_protected: wanted.off.is_none(),
            typed: wanted.off.clone().unwrap_or_default(),
        };
        session.call("protect_cluster", &request).await?
    };
    tell(&protection)?;
    session.end().await;
    Ok(ExitCode::SUCCESS)
}

/// Lets a protected context be changed for some time.
pub(crate) async fn unlock(launch: Launch, wanted: &Unlock) -> anyhow::Result<ExitCode> {
    let session = Session::start(launch).await?;
    let cluster = session.choose(&wanted.target).await?;
    let request = UnlockCluster {
        cluster,
        typed: wanted.name.clone(),
        minutes: wanted.minutes,
    };
    let protection: Protection = session.call("unlock_cluster", &request).await?;
    tell(&protection)?;
    session.end().await;
    Ok(ExitCode::SUCCESS)
}

fn tell(protection: &Protection) -> anyhow::Result<()> {
    let said = match (protection.is_protected, &protection.unlocked_until) {
        (false, _) => "not protected".to_owned(),
        (true, None) => "protected".to_owned(),
        (true, Some(until)) => format!("protected, and unlocked until {until}"),
    };
    answer(&format!("{said}\n"))
}
