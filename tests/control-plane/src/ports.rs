//! Loopback ports for servers that are started as other programs.

use std::hash::{BuildHasher as _, RandomState};
use std::net::{Ipv4Addr, TcpListener};

use anyhow::{Result, bail};

/// Below the range from which the kernel takes the ports of outgoing connections.
///
/// A port of that range is no place for a server that stops and comes back: a client that keeps
/// trying to connect may be given that very number as its own, connect to itself, and hold it.
const RANGE: std::ops::Range<u16> = 20_000..30_000;

/// A loopback port that is free now and stays reserved until it is dropped.
#[derive(Debug)]
pub struct Reserved {
    listener: TcpListener,
    port: u16,
}

impl Reserved {
    /// The port's number.
    pub fn number(&self) -> u16 {
        self.port
    }

    /// Gives the port free for the program that is about to listen on it.
    pub fn release(self) -> u16 {
        drop(self.listener);
        self.port
    }
}

/// Reserves a free loopback port.
///
/// # Errors
///
/// When none is free among some hundred tried.
pub fn reserve() -> Result<Reserved> {
    // The process's random hash keys are randomness enough, and need no dependency.
    let random = RandomState::new();
    for attempt in 0..200_u64 {
        let offset = random.hash_one(attempt) % u64::from(RANGE.end - RANGE.start);
        let port = RANGE.start + u16::try_from(offset)?;
        if let Ok(listener) = TcpListener::bind((Ipv4Addr::LOCALHOST, port)) {
            return Ok(Reserved { listener, port });
        }
    }
    bail!(
        "no free loopback port between {} and {}",
        RANGE.start,
        RANGE.end
    )
}
