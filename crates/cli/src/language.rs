//! In which language pictures and reports are: the one that was asked for, else the locale's.

use strata_domain::tongue::Tongue;

use crate::arguments::Language;

/// The language to write in, where `asked` is what the command line says.
pub(crate) fn tongue(asked: Option<Language>) -> Tongue {
    match asked {
        Some(Language::English) => Tongue::English,
        Some(Language::Chinese) => Tongue::Chinese,
        None => of_locale(|name| std::env::var(name).ok()),
    }
}

/// The language of the locale: the first of POSIX's variables for messages that is set and not empty says it.
fn of_locale(variable: impl Fn(&str) -> Option<String>) -> Tongue {
    let said = ["LC_ALL", "LC_MESSAGES", "LANG"]
        .into_iter()
        .filter_map(variable)
        .find(|locale| !locale.is_empty())
        .unwrap_or_default();
    match said.split(['_', '-', '.', '@']).next() {
        Some("zh") => Tongue::Chinese,
        _ => Tongue::English,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn spoken(variables: &[(&str, &str)]) -> Tongue {
        of_locale(|name| {
            let set = variables.iter().find(|(variable, _)| *variable == name);
            set.map(|(_, value)| (*value).to_owned())
        })
    }

    #[test]
    fn the_locale_says_the_language_in_the_order_of_posix() {
        assert_eq!(spoken(&[]), Tongue::English);
        assert_eq!(spoken(&[("LANG", "zh_CN.UTF-8")]), Tongue::Chinese);
        assert_eq!(spoken(&[("LANG", "zh")]), Tongue::Chinese);
        assert_eq!(spoken(&[("LANG", "zha_CN")]), Tongue::English);
        let both = [("LC_ALL", ""), ("LC_MESSAGES", "zh_CN"), ("LANG", "C")];
        assert_eq!(spoken(&both), Tongue::Chinese);
        let plain = [("LC_ALL", "C.UTF-8"), ("LANG", "zh_CN.UTF-8")];
        assert_eq!(spoken(&plain), Tongue::English);
    }

    #[test]
    fn what_is_asked_for_goes_before_the_locale() {
        assert_eq!(tongue(Some(Language::Chinese)), Tongue::Chinese);
        assert_eq!(tongue(Some(Language::English)), Tongue::English);
    }
}
