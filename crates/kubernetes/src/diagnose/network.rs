//! The steps below TLS: the name, and TCP.

use std::{
    io::ErrorKind,
    net::{IpAddr, SocketAddr},
};

use strata_ports::connection::StepOutcome;
use tokio::{net::TcpStream, time::timeout};

use super::{Complaint, STEP_LIMIT};
use crate::connect::target::Target;

/// The addresses of the server or, if there is one, of the proxy.
pub(super) async fn resolve(target: &Target) -> Result<Vec<SocketAddr>, Complaint> {
    let (host, port) = target.first_hop();
    let unknown = |reason: &str| {
        Complaint::new(
            format!("the name {host} of {} is not known{reason}", whose(target)),
            "Check the network and VPN, and the name in the kubeconfig.",
        )
    };
    let addresses: Vec<SocketAddr> =
        match timeout(STEP_LIMIT, tokio::net::lookup_host((host.as_str(), port))).await {
            Ok(Ok(addresses)) => addresses.collect(),
            Ok(Err(error)) => return Err(unknown(&format!(": {error}"))),
            Err(_) => return Err(unknown(": no name server answers")),
        };
    if addresses.is_empty() {
        Err(unknown(""))
    } else {
        Ok(addresses)
    }
}

/// What the name step found.
pub(super) fn describe_name(target: &Target, addresses: &[SocketAddr]) -> StepOutcome {
    let (host, _) = target.first_hop();
    if host.parse::<IpAddr>().is_ok() {
        return StepOutcome::NotNeeded(format!("{host} is an address"));
    }
    let addresses: Vec<String> = addresses
        .iter()
        .map(|address| address.ip().to_string())
        .collect();
    StepOutcome::Passed(format!("{host} is {}", addresses.join(", ")))
}

/// A connection to the first of the addresses that takes one.
pub(super) async fn reach(
    target: &Target,
    addresses: &[SocketAddr],
) -> Result<(TcpStream, SocketAddr), Complaint> {
    let mut last = None;
    // An address that swallows everything must not use up the time of the others.
    let share = STEP_LIMIT / u32::try_from(addresses.len()).unwrap_or(u32::MAX).max(1);
    for address in addresses {
        match timeout(share, TcpStream::connect(address)).await {
            Ok(Ok(stream)) => return Ok((stream, *address)),
            Ok(Err(error)) => last = Some((*address, Some(error))),
            Err(_) => last = Some((*address, None)),
        }
    }
    let whose = whose(target);
    let Some((address, error)) = last else {
        return Err(Complaint::new(
            format!("{whose} has no address"),
            "Check the name in the kubeconfig.",
        ));
    };
    Err(match error {
        None => Complaint::new(
            format!(
                "{whose} at {address} did not answer within {:.0} s",
                share.as_secs_f64()
            ),
            "Check the network, the VPN and firewalls between here and there.",
        ),
        Some(error) if error.kind() == ErrorKind::ConnectionRefused => Complaint::new(
            format!("nothing listens at {address}, where {whose} should be"),
            if target.is_this_computer() {
                "Start the cluster on this computer, or correct the port in the kubeconfig."
            } else {
                "Look whether the machine is up and the port in the kubeconfig is right."
            },
        ),
        Some(error) => Complaint::new(
            format!("{whose} at {address} cannot be reached: {error}"),
            "Check the network and the VPN.",
        ),
    })
}

/// What the TCP step found.
pub(super) fn describe_reached(target: &Target, address: SocketAddr) -> String {
    match &target.proxy {
        None => format!("{address} takes connections"),
        Some(_) => format!("the proxy at {address} takes connections"),
    }
}

/// The proxy is there, but what lies behind it isn't.
pub(super) fn refused_by_proxy(target: &Target, reason: &str) -> Complaint {
    let (host, port) = target.first_hop();
    Complaint::new(
        format!(
            "the proxy {host}:{port} did not lead to {}: {reason}",
            target.server
        ),
        "Check whether the proxy may reach the cluster and wants other credentials.",
    )
}

fn whose(target: &Target) -> &'static str {
    if target.proxy.is_some() {
        "the proxy"
    } else {
        "the API server"
    }
}
