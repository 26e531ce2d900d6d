//! The languages that Strata speaks, and tables of what is said in both.

/// A language that Strata speaks.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Tongue {
    /// English.
    English,
    /// Simplified Chinese.
    Chinese,
}

impl Tongue {
    /// Both languages.
    pub const ALL: [Self; 2] = [Self::English, Self::Chinese];

    /// That of two sayings which is in this language.
    pub const fn of<'a>(self, english: &'a str, chinese: &'a str) -> &'a str {
        match self {
            Self::English => english,
            Self::Chinese => chinese,
        }
    }
}

/// Something said in both languages. `{name}` is a place for a value.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Words {
    english: &'static str,
    chinese: &'static str,
}

impl Words {
    /// The same in both languages.
    pub const fn new(english: &'static str, chinese: &'static str) -> Self {
        Self { english, chinese }
    }

    /// The words in `tongue`, nothing filled in.
    pub const fn say(self, tongue: Tongue) -> &'static str {
        tongue.of(self.english, self.chinese)
    }

    /// The words in `tongue` with `values` in their places. A place without a value is said as its name,
    /// so that a fault shows.
    pub fn with(self, tongue: Tongue, values: &[(&str, &str)]) -> String {
        let mut said = String::new();
        let mut rest = self.say(tongue);
        while let Some((before, after)) = rest.split_once('{') {
            said.push_str(before);
            let (place, after) = after.split_once('}').unwrap_or((after, ""));
            let value = values.iter().find(|(name, _)| *name == place);
            said.push_str(value.map_or(place, |(_, value)| value));
            rest = after;
        }
        said.push_str(rest);
        said
    }

    /// The names of the places in `tongue`, sorted.
    pub fn places(self, tongue: Tongue) -> Vec<&'static str> {
        let slots = self.say(tongue).split('{').skip(1);
        let mut places: Vec<_> = slots
            .filter_map(|slot| slot.split_once('}').map(|(place, _)| place))
            .collect();
        places.sort_unstable();
        places
    }
}

/// A table of [`Words`]: `pub FREE: "free", "空闲";` makes the constant `FREE`. Each table brings its test.
#[macro_export]
macro_rules! words {
    ($($visible:vis $name:ident: $english:literal, $chinese:literal;)*) => {
        $(
            #[doc = "Said in both languages."]
            $visible const $name: $crate::tongue::Words =
                $crate::tongue::Words::new($english, $chinese);
        )*

        #[cfg(test)]
        pub(crate) const ALL: &[$crate::tongue::Words] = &[$($name,)*];

        #[cfg(test)]
        mod table {
            use $crate::tongue::Tongue::{Chinese, English};

            #[test]
            fn both_languages_say_everything_with_the_same_places() {
                for words in super::ALL {
                    assert!(!words.say(English).is_empty(), "{words:?}");
                    assert!(!words.say(Chinese).is_empty(), "{words:?}");
                    assert_eq!(words.places(English), words.places(Chinese), "{words:?}");
                }
            }
        }
    };
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn values_stand_in_their_places_and_are_not_read_as_places() {
        let words = Words::new("{from} to {until}", "{from} 至 {until}");
        let values = [("until", "b"), ("from", "{until}")];
        assert_eq!(words.with(Tongue::English, &values), "{until} to b");
        assert_eq!(words.with(Tongue::Chinese, &values), "{until} 至 b");
        assert_eq!(words.with(Tongue::English, &[]), "from to until");
    }
}
