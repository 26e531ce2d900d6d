//! `strata serve`: the interface in a browser on this computer.
//!
//! It listens on loopback alone. A page gets at the engine with the token of this start, from this
//! server's own origin, by one of its own names; everything else is refused before it is read.

use std::{net::Ipv4Addr, process::ExitCode, sync::Arc};

use anyhow::Context;
use axum::{Router, middleware, routing::get};
use strata_app::{Engine, Launch};
use tokio::net::TcpListener;

use crate::{
    arguments::Serve,
    exit::answer,
    loopback::{Token, interrupted},
};

mod assets;
mod guard;
mod socket;

/// Serves until interrupted.
pub(crate) async fn run(launch: Launch, serve: &Serve) -> anyhow::Result<ExitCode> {
    let engine = strata_app::start(launch).await?;
    let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, serve.port))
        .await
        .with_context(|| format!("cannot listen on 127.0.0.1:{}", serve.port))?;
    let port = listener.local_addr()?.port();
    let token = Token::random()?;
    answer(&format!(
        "Strata is at http://127.0.0.1:{port}/#token={token}\n"
    ))?;
    let router = router(&Served {
        engine: engine.clone(),
        token,
        port,
    });
    axum::serve(listener, router)
        .with_graceful_shutdown(interrupted())
        .await?;
    engine.shutdown().await;
    Ok(ExitCode::SUCCESS)
}

/// What a request is answered from.
#[derive(Clone)]
pub(crate) struct Served {
    pub(crate) engine: Engine,
    pub(crate) token: Token,
    pub(crate) port: u16,
}

fn router(served: &Served) -> Router {
    let served = Arc::new(served.clone());
    Router::new()
        .route("/socket", get(socket::open))
        .fallback(assets::file)
        .layer(middleware::from_fn_with_state(
            Arc::clone(&served),
            guard::check_host,
        ))
        .with_state(served)
}

#[cfg(test)]
mod tests;
