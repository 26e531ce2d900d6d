//! Commands that go on until they are ended.

use clap::Args;

#[derive(Debug, Args)]
pub(crate) struct Serve {
    /// Opens on the embedded demo cluster.
    #[arg(long)]
    pub(crate) demo: bool,

    /// The port on 127.0.0.1; 0 takes a free one.
    #[arg(long, default_value_t = 0)]
    pub(crate) port: u16,
}

#[derive(Debug, Args)]
pub(crate) struct Simulate {
    /// The port on 127.0.0.1; 0 takes a free one.
    #[arg(long, default_value_t = 0)]
    pub(crate) port: u16,

    /// How fast the cluster's time passes: `pause`, or 1x to 600x.
    #[arg(long, value_name = "PACE")]
    pub(crate) speed: Option<String>,

    /// What chance is drawn from: the same seed gives the same cluster.
    #[arg(long, default_value_t = 1)]
    pub(crate) seed: u64,
}
