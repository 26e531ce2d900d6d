//! Names and numbers by chance, the same for the same seed.

use std::time::Duration;

use rand::RngExt as _;
use rand_chacha::ChaCha8Rng;

/// The letters that the API server builds suffixes from: no vowels, nothing that looks alike
/// (`k8s.io/apimachinery/pkg/util/rand`).
const SUFFIX_LETTERS: &[u8] = b"bcdfghjklmnpqrstvwxz2456789";

/// A suffix of `length` letters, as for `generateName`.
pub(crate) fn suffix(random: &mut ChaCha8Rng, length: usize) -> String {
    (0..length)
        .filter_map(|_| SUFFIX_LETTERS.get(random.random_range(0..SUFFIX_LETTERS.len())))
        .map(|letter| char::from(*letter))
        .collect()
}

/// The digits of `number` as letters that a name may end with.
pub(crate) fn safe(number: u64) -> String {
    number
        .to_string()
        .bytes()
        .filter_map(|digit| SUFFIX_LETTERS.get(usize::from(digit) % SUFFIX_LETTERS.len()))
        .map(|letter| char::from(*letter))
        .collect()
}

/// A UUID of version 4.
pub(crate) fn uuid(random: &mut ChaCha8Rng) -> String {
    let bits: u128 = random.random();
    let bits = bits & !(0xf << 76) | (0x4 << 76);
    let bits = bits & !(0x3 << 62) | (0x2 << 62);
    let hex = format!("{bits:032x}");
    let part = |from, to| hex.get(from..to).unwrap_or_default();
    format!(
        "{}-{}-{}-{}-{}",
        part(0, 8),
        part(8, 12),
        part(12, 16),
        part(16, 20),
        part(20, 32)
    )
}

/// `length` digits of hexadecimal.
pub(crate) fn hex(random: &mut ChaCha8Rng, length: usize) -> String {
    (0..length)
        .filter_map(|_| char::from_digit(random.random_range(0..16), 16))
        .collect()
}

/// A time between `from` and `to`.
pub(crate) fn between(random: &mut ChaCha8Rng, from: Duration, to: Duration) -> Duration {
    let from = u64::try_from(from.as_millis()).unwrap_or(u64::MAX);
    let to = u64::try_from(to.as_millis()).unwrap_or(u64::MAX);
    Duration::from_millis(random.random_range(from..=to.max(from)))
}

/// A number that depends on `text` alone (FNV-1a, 64 bits), for what must not depend on order.
pub(crate) fn hash(text: &str) -> u64 {
    text.bytes().fold(0xcbf2_9ce4_8422_2325, |hash, byte| {
        (hash ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3)
    })
}

#[cfg(test)]
mod tests {
    use rand::SeedableRng as _;

    use super::*;

    #[test]
    fn a_number_is_written_as_the_server_does() {
        // `rand.SafeEncodeString("1234567890")`.
        assert_eq!(safe(1_234_567_890), "56789bcdf4");
    }

    #[test]
    fn a_uuid_says_its_version_and_variant() {
        let id = uuid(&mut ChaCha8Rng::seed_from_u64(7));
        assert_eq!(id.len(), 36);
        assert_eq!(id.as_bytes()[14], b'4');
        assert!(b"89ab".contains(&id.as_bytes()[19]));
    }
}
