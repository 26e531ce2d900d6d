//! The wire format of protobuf, as far as Kubernetes uses it.

/// Appends a number in base 128.
pub(super) fn varint(mut number: u64, bytes: &mut Vec<u8>) {
    loop {
        let low = (number & 0x7f) as u8;
        number >>= 7;
        if number == 0 {
            bytes.push(low);
            return;
        }
        bytes.push(low | 0x80);
    }
}

/// Appends the head of a field: its number and the way its value is written.
fn tag(number: u32, wire_type: u8, bytes: &mut Vec<u8>) {
    varint(u64::from(number) << 3 | u64::from(wire_type), bytes);
}

pub(super) fn field_number(number: u32, value: u64, bytes: &mut Vec<u8>) {
    tag(number, 0, bytes);
    varint(value, bytes);
}

pub(super) fn field_double(number: u32, value: f64, bytes: &mut Vec<u8>) {
    tag(number, 1, bytes);
    bytes.extend_from_slice(&value.to_le_bytes());
}

pub(super) fn field_text(number: u32, text: &str, bytes: &mut Vec<u8>) {
    field_bytes(number, text.as_bytes(), bytes);
}

pub(super) fn field_bytes(number: u32, value: &[u8], bytes: &mut Vec<u8>) {
    length_of(number, value.len(), bytes);
    bytes.extend_from_slice(value);
}

/// Appends the head of a field whose value is `length` bytes long.
pub(super) fn length_of(number: u32, length: usize, bytes: &mut Vec<u8>) {
    tag(number, 2, bytes);
    varint(length as u64, bytes);
}

/// Appends a field that holds what `write` appends. Its length is known afterwards only: one byte is
/// kept free for it, and where that is too little what was written moves up.
pub(super) fn nested<R>(
    bytes: &mut Vec<u8>,
    number: u32,
    write: impl FnOnce(&mut Vec<u8>) -> R,
) -> R {
    tag(number, 2, bytes);
    let at = bytes.len();
    bytes.push(0);
    let result = write(bytes);
    let length = bytes.len() - at - 1;
    if let (Ok(short), Some(slot)) = (u8::try_from(length), bytes.get_mut(at))
        && short < 0x80
    {
        *slot = short;
    } else {
        let mut prefix = Vec::with_capacity(5);
        varint(length as u64, &mut prefix);
        bytes.splice(at..=at, prefix);
    }
    result
}

/// The value of a field as it is written.
#[derive(Clone, Copy, Debug)]
pub(super) enum Value<'b> {
    Number(u64),
    Double(f64),
    Bytes(&'b [u8]),
}

impl Value<'_> {
    pub(super) fn text(self) -> String {
        match self {
            Self::Bytes(bytes) => String::from_utf8_lossy(bytes).into_owned(),
            Self::Number(_) | Self::Double(_) => String::new(),
        }
    }
}

/// The fields of a message, in order, up to the first that cannot be read.
pub(super) fn fields(bytes: &[u8]) -> impl Iterator<Item = (u32, Value<'_>)> {
    let mut rest = bytes;
    std::iter::from_fn(move || {
        let tag = read_varint(&mut rest)?;
        let number = u32::try_from(tag >> 3).ok()?;
        let value = match tag & 7 {
            0 => Value::Number(read_varint(&mut rest)?),
            1 => {
                let (double, after) = rest.split_first_chunk::<8>()?;
                rest = after;
                Value::Double(f64::from_le_bytes(*double))
            }
            2 => {
                let length = usize::try_from(read_varint(&mut rest)?).ok()?;
                let (value, after) = rest.split_at_checked(length)?;
                rest = after;
                Value::Bytes(value)
            }
            _ => return None,
        };
        Some((number, value))
    })
}

fn read_varint(rest: &mut &[u8]) -> Option<u64> {
    let mut number = 0_u64;
    for shift in (0..64).step_by(7) {
        let (byte, after) = rest.split_first()?;
        *rest = after;
        number |= u64::from(byte & 0x7f) << shift;
        if byte & 0x80 == 0 {
            return Some(number);
        }
    }
    None
}
