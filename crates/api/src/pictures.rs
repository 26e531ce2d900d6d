//! Pictures to be saved: how they are drawn, and what comes of it. What is drawn is asked for beside what is
//! shown of it.

use serde::{Deserialize, Serialize};
use strata_domain::tongue::Tongue;
use ts_rs::TS;

use crate::rows::gpu::GpuShareOf;

/// How a picture is drawn.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(deny_unknown_fields)]
pub struct PictureLook {
    /// In what form.
    pub format: PictureFormat,
    /// On what ground.
    pub theme: PictureTheme,
    /// In what language its words are.
    pub language: PictureLanguage,
}

/// A picture of where the capacity of a cluster goes now.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(deny_unknown_fields)]
pub struct CapacityPictureQuestion {
    /// The cluster.
    pub cluster: String,
    /// By what what is held is parted.
    pub by: GpuShareOf,
    /// How it is drawn.
    pub look: PictureLook,
}

/// The forms of pictures.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "snake_case")]
#[expect(missing_docs, reason = "the names say it")]
pub enum PictureFormat {
    Svg,
    Png,
}

/// The grounds of pictures.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "snake_case")]
#[expect(missing_docs, reason = "the names say it")]
pub enum PictureTheme {
    Dark,
    Light,
}

/// The languages of pictures.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
pub enum PictureLanguage {
    /// English.
    #[serde(rename = "en")]
    English,
    /// Simplified Chinese.
    #[serde(rename = "zh")]
    Chinese,
}

impl From<PictureLanguage> for Tongue {
    fn from(language: PictureLanguage) -> Self {
        match language {
            PictureLanguage::English => Self::English,
            PictureLanguage::Chinese => Self::Chinese,
        }
    }
}

impl From<Tongue> for PictureLanguage {
    fn from(tongue: Tongue) -> Self {
        match tongue {
            Tongue::English => Self::English,
            Tongue::Chinese => Self::Chinese,
        }
    }
}

/// A picture as a file to be saved.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct Picture {
    /// A name for the file, fit for every file system.
    pub name: String,
    /// What it is: `image/svg+xml` or `image/png`.
    pub media_type: String,
    /// Its bytes, in Base64.
    pub base64: String,
}
