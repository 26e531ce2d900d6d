//! What exporters and serving engines tell, read and made one.
//!
//! In reading order: [`exposition`] takes the text format of Prometheus apart, without copying;
//! [`read`] knows what each exporter means by its names and labels, and gives the same reports for
//! all of them; [`past`] reads what Prometheus remembers; [`rounds`] asks exporter after exporter
//! through the API server's proxy. There is no network here: the proxy is a port.

pub mod exposition;
pub mod past;
pub mod read;
pub mod rounds;
