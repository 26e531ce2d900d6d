//! The formats that weights and caches are kept in.

use std::{fmt, str::FromStr};

/// A format of numbers, with the bits that one takes, its scales included.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Dtype {
    /// 32 bits.
    Fp32,
    /// 16 bits.
    Bf16,
    /// 16 bits.
    Fp16,
    /// 8 bits; the scales of blocks of 128 × 128 are below a thousandth.
    Fp8,
    /// 8 bits.
    Int8,
    /// 4 bits. Scales and zeros of groups come on top: 3 to 6 % for groups of 128.
    Int4,
    /// 4 bits with a constant of 32 bits for 64 numbers (QLoRA without double quantization).
    Nf4,
    /// 4 bits with a scale of 8 bits for 32 numbers (OCP Microscaling Formats 1.0).
    Mxfp4,
    /// 4 bits with a scale of 8 bits for 16 numbers.
    Nvfp4,
}

/// A name that is no format.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error(
    "`{0}` is no number format; write one of fp32, bf16, fp16, fp8, int8, int4, nf4, mxfp4, nvfp4"
)]
pub struct UnknownDtype(String);

impl Dtype {
    const NAMES: [(&str, Self); 9] = [
        ("fp32", Self::Fp32),
        ("bf16", Self::Bf16),
        ("fp16", Self::Fp16),
        ("fp8", Self::Fp8),
        ("int8", Self::Int8),
        ("int4", Self::Int4),
        ("nf4", Self::Nf4),
        ("mxfp4", Self::Mxfp4),
        ("nvfp4", Self::Nvfp4),
    ];

    /// Thousandths of bits that one number takes.
    const fn millibits(self) -> u128 {
        match self {
            Self::Fp32 => 32_000,
            Self::Bf16 | Self::Fp16 => 16_000,
            Self::Fp8 | Self::Int8 => 8_000,
            Self::Int4 => 4_000,
            Self::Nf4 | Self::Nvfp4 => 4_500,
            Self::Mxfp4 => 4_250,
        }
    }

    /// The bytes that `count` numbers take, rounded up.
    pub fn bytes(self, count: u64) -> u64 {
        let bytes = (u128::from(count) * self.millibits()).div_ceil(8_000);
        u64::try_from(bytes).unwrap_or(u64::MAX)
    }
}

impl FromStr for Dtype {
    type Err = UnknownDtype;

    fn from_str(text: &str) -> Result<Self, UnknownDtype> {
        let name = match text {
            "float32" => "fp32",
            "bfloat16" => "bf16",
            "float16" => "fp16",
            other => other,
        };
        Self::NAMES
            .iter()
            .find(|(known, _)| *known == name)
            .map(|(_, dtype)| *dtype)
            .ok_or_else(|| UnknownDtype(text.to_owned()))
    }
}

impl fmt::Display for Dtype {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let name = Self::NAMES.iter().find(|(_, dtype)| dtype == self);
        formatter.write_str(name.map_or("", |(name, _)| name))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn mxfp4_takes_seventeen_bytes_for_thirty_two_numbers() {
        assert_eq!(Dtype::Mxfp4.bytes(32), 17);
        assert_eq!(Dtype::Int4.bytes(3), 2);
        assert_eq!(Dtype::Bf16.bytes(u64::MAX), u64::MAX);
    }

    #[test]
    fn every_name_reads_back() {
        for (name, dtype) in Dtype::NAMES {
            assert_eq!(name.parse(), Ok(dtype));
            assert_eq!(dtype.to_string(), name);
        }
        assert_eq!("bfloat16".parse(), Ok(Dtype::Bf16));
        assert!("int3".parse::<Dtype>().is_err());
    }
}
