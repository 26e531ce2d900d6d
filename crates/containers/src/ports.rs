//! Which ports of this machine are taken.

use std::{net::Ipv4Addr, time::Duration};

use futures::future;
use tokio::{net::TcpStream, time::timeout};

/// How long something may take to accept a connection on loopback.
const PATIENCE: Duration = Duration::from_millis(500);

/// Those of `ports` at which something answers on loopback. They are knocked at and not bound: nothing
/// is opened to find out.
pub(crate) async fn taken(ports: &[u16]) -> Vec<u16> {
    let asked = ports.iter().map(|port| async move {
        let knocked = TcpStream::connect((Ipv4Addr::LOCALHOST, *port));
        let answered = timeout(PATIENCE, knocked).await;
        matches!(answered, Ok(Ok(_))).then_some(*port)
    });
    future::join_all(asked)
        .await
        .into_iter()
        .flatten()
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn a_port_at_which_something_listens_is_taken() {
        let listener = std::net::TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).unwrap();
        let port = listener.local_addr().unwrap().port();
        assert_eq!(taken(&[port]).await, [port]);
        drop(listener);
        assert!(taken(&[port]).await.is_empty());
    }
}
