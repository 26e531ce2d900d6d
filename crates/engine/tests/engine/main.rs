//! The whole engine over a scripted world.

mod world;

mod gpus;
mod history;
mod logs;
mod machine;
mod properties;
mod shells;
mod workstation;
