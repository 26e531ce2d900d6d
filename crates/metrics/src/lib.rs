//! What exporters and serving engines tell, read and made one.
//!
//! In reading order: [`exposition`] takes the text format of Prometheus apart, without copying;
//! [`read`] knows what each exporter means by its names and labels, and gives the same reports for
//! all of them; [`prometheus`] reads what Prometheus remembers and what it scraped last; [`rounds`] asks
//! exporter after exporter through the API server's proxy. The proxy is a port; the one way out to a
//! network from here is to a Prometheus that answers at an address of its own.

pub mod exposition;
pub mod prometheus;
pub mod read;
pub mod rounds;
