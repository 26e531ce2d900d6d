//! A column of whole numbers, packed: the door to `pco`, and small numbers as variable-length bytes.

use super::file::SeriesError;

/// Packs `numbers`. Neighbours that are alike, or rise evenly, take next to nothing.
pub(super) fn pack(numbers: &[i64]) -> Result<Vec<u8>, SeriesError> {
    let config = pco::ChunkConfig::default();
    pco::standalone::simple_compress(numbers, &config)
        .map_err(|cause| SeriesError::Unreadable(cause.to_string()))
}

/// What [`pack`] packed.
pub(super) fn unpack(bytes: &[u8]) -> Result<Vec<i64>, SeriesError> {
    pco::standalone::simple_decompress(bytes)
        .map_err(|cause| SeriesError::Unreadable(cause.to_string()))
}

/// Writes `number` in as few bytes as it needs, seven bits each.
pub(super) fn put_small(bytes: &mut Vec<u8>, mut number: u64) {
    while number >= 0x80 {
        bytes.push(u8::try_from(number & 0x7f).unwrap_or(0) | 0x80);
        number >>= 7;
    }
    bytes.push(u8::try_from(number).unwrap_or(0));
}

/// Reads what [`put_small`] wrote, and moves `bytes` on.
pub(super) fn take_small(bytes: &mut &[u8]) -> Result<u64, SeriesError> {
    let mut number = 0_u64;
    for shift in (0..64).step_by(7) {
        let (first, rest) = bytes.split_first().ok_or_else(cut_off)?;
        *bytes = rest;
        number |= u64::from(first & 0x7f) << shift;
        if first & 0x80 == 0 {
            return Ok(number);
        }
    }
    Err(cut_off())
}

/// Writes packed `numbers`, with their length before them.
pub(super) fn put(bytes: &mut Vec<u8>, numbers: &[i64]) -> Result<(), SeriesError> {
    let packed = pack(numbers)?;
    put_small(bytes, packed.len() as u64);
    bytes.extend_from_slice(&packed);
    Ok(())
}

/// Reads what [`put`] wrote, and moves `bytes` on.
pub(super) fn take(bytes: &mut &[u8]) -> Result<Vec<i64>, SeriesError> {
    let length = usize::try_from(take_small(bytes)?).unwrap_or(usize::MAX);
    let (packed, rest) = bytes.split_at_checked(length).ok_or_else(cut_off)?;
    *bytes = rest;
    unpack(packed)
}

fn cut_off() -> SeriesError {
    SeriesError::Unreadable("a packed column is cut off".to_owned())
}
