//! A real Kubernetes control plane on this machine, for tests and measurements.
//!
//! etcd, kube-apiserver, kube-controller-manager and kube-scheduler run as child processes on
//! loopback; KWOK plays the nodes and their kubelets. So the scheduler really places pods, the
//! controllers really run deployments and jobs, and only containers and hardware are pretended.
//!
//! In reading order: where the programs come from ([`binaries`], built by [`go`] into [`cache`]),
//! where the custom resource definitions come from ([`definitions`]), how the whole is started
//! and stopped ([`cluster`], with [`certificates`], [`ports`] and [`process`]), and what is put
//! into it ([`load`]). Kueue and KubeRay can be started beside it ([`operators`]). Beside it stands the demo cluster as a program ([`demo`]), which is asked
//! the same. What a program of all this takes is told by [`cost`].
//!
//! ```no_run
//! # async fn example() -> anyhow::Result<()> {
//! use strata_control_plane_tests::{ControlPlane, definitions, load};
//!
//! let mut control_plane = ControlPlane::start().await?;
//! let client = control_plane.client().await?;
//! definitions::install(&client, &definitions::catalogue_kinds()).await?;
//! load::nodes::create(&client, &[load::nodes::Node::with_gpus("gpu-0", load::nodes::H100)]).await?;
//! load::stack::create(&client).await?;
//! // ... connect to `control_plane.kubeconfig_path()` ...
//! control_plane.stop_api_server()?;
//! control_plane.start_api_server().await?;
//! # Ok(())
//! # }
//! ```

pub mod binaries;
pub mod cache;
pub mod certificates;
pub mod cluster;
pub mod cost;
pub mod definitions;
pub mod demo;
pub mod go;
pub mod load;
pub mod operators;
pub mod ports;
pub mod process;
pub mod wait;

pub use cluster::{Component, ControlPlane};
pub use demo::Demo;
pub use operators::Operators;
