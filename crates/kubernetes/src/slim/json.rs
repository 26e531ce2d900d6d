//! How Kubernetes packs JSON: a list with its items, a watch event a line.

use std::{fmt, marker::PhantomData};

use bytes::Bytes;
use serde::{
    Deserialize, Deserializer,
    de::{DeserializeSeed, IgnoredAny, MapAccess, SeqAccess, Visitor},
};
use serde_json::value::RawValue;

use super::{DecodeError, meta::ListMeta};

/// Takes one item of a list off its deserializer.
pub(crate) trait Each {
    /// Reads one item.
    fn item<'de, D: Deserializer<'de>>(&mut self, deserializer: D) -> Result<(), D::Error>;
}

/// [`Each`] for a type that deserializes by itself.
pub(crate) struct EachAs<T, F>(F, PhantomData<T>);

impl<T, F: FnMut(T)> EachAs<T, F> {
    /// Hands each item to `take`.
    pub(crate) fn new(take: F) -> Self {
        Self(take, PhantomData)
    }
}

impl<T: for<'a> Deserialize<'a>, F: FnMut(T)> Each for EachAs<T, F> {
    fn item<'de, D: Deserializer<'de>>(&mut self, deserializer: D) -> Result<(), D::Error> {
        (self.0)(T::deserialize(deserializer)?);
        Ok(())
    }
}

/// Walks over a list, hands each item to `each` as soon as it is decoded, and gives the list's own
/// metadata.
pub(crate) fn list(body: &[u8], each: &mut impl Each) -> Result<ListMeta, DecodeError> {
    let mut deserializer = serde_json::Deserializer::from_slice(body);
    let meta = deserializer.deserialize_map(List(each))?;
    deserializer.end()?;
    Ok(meta)
}

/// The word of a watch event, and its object's bytes; nothing is copied.
pub(crate) fn watch_event(line: &Bytes) -> Result<(String, Bytes), DecodeError> {
    #[derive(Deserialize)]
    struct Line<'a> {
        #[serde(rename = "type")]
        kind: String,
        #[serde(borrow)]
        object: &'a RawValue,
    }
    let event: Line<'_> = serde_json::from_slice(line)?;
    let object = line.slice_ref(event.object.get().as_bytes());
    Ok((event.kind, object))
}

/// Visits the list's own fields.
struct List<'e, E>(&'e mut E);

impl<'de, E: Each> Visitor<'de> for List<'_, E> {
    type Value = ListMeta;

    fn expecting(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("a list of Kubernetes objects")
    }

    fn visit_map<M: MapAccess<'de>>(self, mut map: M) -> Result<ListMeta, M::Error> {
        let mut meta = ListMeta::default();
        while let Some(key) = map.next_key::<Key>()? {
            match key {
                Key::Metadata => meta = map.next_value()?,
                Key::Items => map.next_value_seed(Items(&mut *self.0))?,
                Key::Other => {
                    map.next_value::<IgnoredAny>()?;
                }
            }
        }
        Ok(meta)
    }
}

#[derive(Deserialize)]
#[serde(field_identifier, rename_all = "lowercase")]
enum Key {
    Metadata,
    Items,
    #[serde(other)]
    Other,
}

/// Visits the items; `null` is what Go writes for none.
struct Items<'e, E>(&'e mut E);

impl<'de, E: Each> DeserializeSeed<'de> for Items<'_, E> {
    type Value = ();

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<(), D::Error> {
        deserializer.deserialize_any(self)
    }
}

impl<'de, E: Each> Visitor<'de> for Items<'_, E> {
    type Value = ();

    fn expecting(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("the items of a list")
    }

    fn visit_unit<X>(self) -> Result<(), X> {
        Ok(())
    }

    fn visit_seq<S: SeqAccess<'de>>(self, mut items: S) -> Result<(), S::Error> {
        while items.next_element_seed(Item(&mut *self.0))?.is_some() {}
        Ok(())
    }
}

struct Item<'e, E>(&'e mut E);

impl<'de, E: Each> DeserializeSeed<'de> for Item<'_, E> {
    type Value = ();

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<(), D::Error> {
        self.0.item(deserializer)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::slim::plain::CsiDriver;

    fn names(body: &str) -> Result<(Vec<String>, ListMeta), DecodeError> {
        let mut names = Vec::new();
        let meta = list(
            body.as_bytes(),
            &mut EachAs::new(|driver: CsiDriver| names.push(driver.metadata.name)),
        )?;
        Ok((names, meta))
    }

    #[test]
    fn a_list_is_walked_whatever_the_order_of_its_fields() {
        let (found, meta) = names(
            r#"{"items":[{"metadata":{"name":"a"}},{"metadata":{"name":"b"}}],"kind":"CSIDriverList",
               "metadata":{"resourceVersion":"7","continue":"next","remainingItemCount":3}}"#,
        )
        .unwrap();
        assert_eq!(found, ["a", "b"]);
        assert_eq!(
            (meta.resource_version.as_str(), meta.next.as_str()),
            ("7", "next")
        );
        assert_eq!(meta.remaining_item_count, Some(3));
    }

    #[test]
    fn no_items_may_be_written_as_null() {
        assert_eq!(
            names(r#"{"metadata":{},"items":null}"#).unwrap().0,
            Vec::<String>::new()
        );
    }

    #[test]
    fn a_list_that_breaks_off_is_refused() {
        assert!(names(r#"{"items":[{"metadata":{"name":"a"}}"#).is_err());
    }

    #[test]
    fn a_watch_line_gives_its_object_unread() {
        let line = Bytes::from_static(br#"{"type":"ADDED","object":{"metadata":{"name":"a"}}}"#);
        let (kind, object) = watch_event(&line).unwrap();
        assert_eq!(kind, "ADDED");
        assert_eq!(object, r#"{"metadata":{"name":"a"}}"#);
    }
}
