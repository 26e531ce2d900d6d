//! The whole engine over a scripted world.

mod world;

mod connections;
mod containers;
mod gpus;
mod history;
mod logs;
mod machine;
mod machine_past;
mod namespaces;
mod past_jobs;
mod playground;
mod prometheus;
mod properties;
mod releases;
mod shells;
mod workstation;
