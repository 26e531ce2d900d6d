//! The Kubernetes adapter: from a kubeconfig to a stream of what happens in a cluster.
//!
//! In reading order: [`contexts`] lists what one can connect to (files are read by `kubeconfig`),
//! `credentials` turns a user entry into an `Authorization` header or a client certificate
//! (`login_environment` finds the `PATH` that a plugin expects), [`connect`] makes a client of the
//! two, and `diagnose` says which step of a connection fails and what to do about it.
//! Then [`source`] watches over a connection, `discovery` finds what the server serves, `watch`
//! follows its kinds; `slim` decodes what they hold, and `map` makes the domain's nouns of it.
//! `objects` reads whole objects when somebody asks for them, `logs` what containers write, and `control` changes
//! them.
//! [`pod_proxy`] asks programs in pods, on the same connection; `tunnel` stays connected to one.

pub mod connect;
pub mod contexts;
pub mod pod_proxy;
pub mod source;

mod credentials;
mod diagnose;
mod kubeconfig;
mod login_environment;

mod control;
mod discovery;
mod logs;
mod map;
mod objects;
mod slim;
mod tunnel;
mod watch;
