//! The whole engine over a scripted world.

mod world;

mod properties;
mod shells;
