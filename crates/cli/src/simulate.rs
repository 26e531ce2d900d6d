//! `strata simulate`: a demo cluster for kubectl and every other client on this computer.
//!
//! It listens on loopback alone, over TLS as a real API server does, with a certificate and a
//! token of this start. Both are in the kubeconfig file that it writes, and nowhere else.

use std::{net::Ipv4Addr, path::Path, process::ExitCode};

use anyhow::{Context, bail};
use strata_app::{Launch, Simulation};
use tokio::net::TcpListener;

use self::{door::Door, tls::Identity};
use crate::{
    arguments::Simulate,
    exit::answer,
    loopback::{Token, interrupted},
};

mod door;
mod kubeconfig;
mod steering;
mod tls;

/// Serves until interrupted.
pub(crate) async fn run(launch: Launch, simulate: &Simulate) -> anyhow::Result<ExitCode> {
    let file = match launch.kubeconfigs.as_deref() {
        Some([file]) => file.clone(),
        _ => bail!("name one file to write with --kubeconfig FILE"),
    };
    kubeconfig::check_writable(&file)?;
    let scenario = launch.scenario.as_deref().unwrap_or("atlas");
    let simulation = Simulation::start(scenario, simulate.seed)?;
    if let Some(pace) = &simulate.speed {
        simulation.steer(pace)?;
    }
    let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, simulate.port))
        .await
        .with_context(|| format!("cannot listen on 127.0.0.1:{}", simulate.port))?;
    let port = listener.local_addr()?.port();
    let token = Token::random()?;
    let identity = Identity::of_this_start()?;
    let entry = kubeconfig::Entry {
        name: format!("strata-{}", simulation.name()),
        server: format!("https://127.0.0.1:{port}"),
        authority: &identity.authority,
        token: &token,
    };
    kubeconfig::write(&file, &entry)?;
    answer(&welcome(&entry, &file))?;
    if steering::is_attended() {
        let commands = steering::COMMANDS;
        answer(&format!("Its time takes commands here: {commands}.\n"))?;
    }
    steering::listen(&simulation);
    let router = door::router(Door {
        simulation: simulation.clone(),
        token,
        port,
    });
    // Watches and log streams of clients do not end by themselves, so nothing waits for them.
    tokio::select! {
        served = axum::serve(identity.listen(listener)?, router) => served?,
        () = simulation.run() => {}
        () = interrupted() => {}
    }
    Ok(ExitCode::SUCCESS)
}

fn welcome(entry: &kubeconfig::Entry<'_>, file: &Path) -> String {
    format!(
        "The demo cluster {} is at {}. Use it with:\n\n    kubectl --kubeconfig {} get nodes\n\n\
         It ends with Ctrl-C.\n",
        entry.name,
        entry.server,
        file.display()
    )
}

#[cfg(test)]
mod tests;
