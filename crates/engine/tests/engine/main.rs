//! The whole engine over a scripted world.

mod world;

mod gpus;
mod properties;
mod shells;
