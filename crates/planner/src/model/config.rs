//! Reading numbers of a configuration, with errors that name the field.

use serde_json::Value;

use super::{ConfigError, Quantization};
use crate::dtype::Dtype;

/// The largest number that a size may be: products of a few of them stay within 64 bits.
const LARGEST: u64 = 1 << 24;
/// More layers than any model has.
const MOST_LAYERS: u64 = 4096;

/// A configuration, or the part of it that describes the text model.
#[derive(Clone, Copy)]
pub(super) struct Config<'a>(pub(super) &'a Value);

impl<'a> Config<'a> {
    pub(super) fn get(self, field: &str) -> Option<&'a Value> {
        self.0.get(field).filter(|value| !value.is_null())
    }

    pub(super) fn text(self, field: &str) -> Option<&'a str> {
        self.get(field)?.as_str()
    }

    pub(super) fn flag(self, field: &str) -> bool {
        self.get(field).and_then(Value::as_bool).unwrap_or(false)
    }

    /// A number that may be absent.
    pub(super) fn optional(self, field: &str) -> Result<Option<u64>, ConfigError> {
        let Some(value) = self.get(field) else {
            return Ok(None);
        };
        match value.as_u64() {
            Some(number) if number <= LARGEST => Ok(Some(number)),
            _ => Err(problem(field, format!("is {value}, which is no size"))),
        }
    }

    /// A number that must be there, under the first of its names that is.
    pub(super) fn number(self, fields: &[&str]) -> Result<u64, ConfigError> {
        for field in fields {
            if let Some(number) = self.optional(field)? {
                return if number > 0 {
                    Ok(number)
                } else {
                    Err(problem(field, "is 0, which is no size".to_owned()))
                };
            }
        }
        let first = fields.first().copied().unwrap_or_default();
        Err(problem(first, "is missing".to_owned()))
    }

    /// How many layers there are.
    pub(super) fn layers(self) -> Result<u64, ConfigError> {
        let layers = self.number(&["num_hidden_layers", "n_layer"])?;
        if layers > MOST_LAYERS {
            let why = format!("is {layers}, more than any model has");
            return Err(problem("num_hidden_layers", why));
        }
        Ok(layers)
    }

    /// The format of the checkpoint.
    pub(super) fn stored(self) -> Result<Quantization, ConfigError> {
        let plain = self
            .text("torch_dtype")
            .or_else(|| self.text("dtype"))
            .and_then(|name| name.parse().ok())
            .unwrap_or(Dtype::Bf16);
        let uniform = |dtype| Quantization {
            dtype,
            experts: None,
        };
        let Some(quantization) = self.get("quantization_config").map(Config) else {
            return Ok(uniform(plain));
        };
        let method = quantization.text("quant_method").unwrap_or_default();
        let bits = quantization.optional("bits")?;
        match (method, bits) {
            ("fp8" | "fbgemm_fp8", _) => Ok(uniform(Dtype::Fp8)),
            ("mxfp4", _) => Ok(Quantization {
                dtype: plain,
                experts: Some(Dtype::Mxfp4),
            }),
            ("gptq" | "awq", Some(4)) => Ok(uniform(Dtype::Int4)),
            ("gptq" | "awq", Some(8)) => Ok(uniform(Dtype::Int8)),
            ("bitsandbytes", _) if quantization.flag("load_in_4bit") => Ok(uniform(Dtype::Nf4)),
            ("bitsandbytes", _) if quantization.flag("load_in_8bit") => Ok(uniform(Dtype::Int8)),
            _ => Err(ConfigError::UnknownQuantization(method.to_owned())),
        }
    }
}

pub(super) fn problem(field: &str, problem: String) -> ConfigError {
    ConfigError::Field {
        field: field.to_owned(),
        problem,
    }
}
