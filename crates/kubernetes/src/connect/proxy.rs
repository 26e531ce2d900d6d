//! Which proxy a connection goes through.
//!
//! As kubectl does it: the cluster's `proxy-url` if it has one, and always; else what the
//! environment says for all programs (`HTTPS_PROXY`, `HTTP_PROXY`), except for the hosts of
//! `NO_PROXY` and for this computer itself. The rules of `NO_PROXY` are those of Go's
//! `golang.org/x/net/http/httpproxy`.

use std::{ffi::OsStr, net::IpAddr};

use http::Uri;

use crate::{diagnose::Complaint, login_environment::Environment};

/// The proxy for `server`, a host without brackets and its port.
pub(super) fn choose(
    proxy_url: Option<&str>,
    is_tls: bool,
    (host, port): (&str, u16),
    environment: &Environment,
) -> Result<Option<Uri>, Complaint> {
    if let Some(url) = proxy_url {
        return parse(url, "proxy-url").map(Some);
    }
    let names = if is_tls {
        ["HTTPS_PROXY", "https_proxy"]
    } else {
        ["HTTP_PROXY", "http_proxy"]
    };
    let Some((name, url)) = names
        .iter()
        .find_map(|name| Some((name, variable(environment, name)?)))
    else {
        return Ok(None);
    };
    let exempt = variable(environment, "NO_PROXY")
        .or_else(|| variable(environment, "no_proxy"))
        .unwrap_or_default();
    if is_this_computer(host)
        || exempt
            .split(',')
            .any(|rule| matches(rule.trim(), host, port))
    {
        return Ok(None);
    }
    parse(url, name).map(Some)
}

fn variable<'a>(environment: &'a Environment, name: &str) -> Option<&'a str> {
    environment
        .get(OsStr::new(name))?
        .to_str()
        .filter(|value| !value.is_empty())
}

/// Reads a proxy's address. It may hold a password, so a message says where it stands alone.
fn parse(url: &str, source: &str) -> Result<Uri, Complaint> {
    // The name is resolved by the proxy in either case.
    let url = url.replacen("socks5h://", "socks5://", 1);
    let url = if url.contains("://") {
        url
    } else {
        format!("http://{url}")
    };
    let unusable = |reason: &str| {
        Complaint::new(
            format!("the address of the proxy in {source} {reason}"),
            format!("Correct {source}: http://HOST:PORT or socks5://HOST:PORT."),
        )
    };
    let uri: Uri = url.parse().map_err(|_| unusable("is not a URL"))?;
    if uri.host().is_none_or(str::is_empty) {
        return Err(unusable("names no host"));
    }
    match uri.scheme_str() {
        Some("http" | "https" | "socks5") => Ok(uri),
        _ => Err(unusable("is of a kind that Strata does not know")),
    }
}

/// The port of a proxy, by its kind where none is named.
pub(crate) fn port_of(proxy: &Uri) -> u16 {
    proxy.port_u16().unwrap_or(match proxy.scheme_str() {
        Some("https") => 443,
        Some("socks5") => 1080,
        _ => 80,
    })
}

/// Whether a host, without brackets, is this computer.
pub(super) fn is_this_computer(host: &str) -> bool {
    host == "localhost"
        || host
            .parse()
            .is_ok_and(|address: IpAddr| address.is_loopback())
}

/// Whether a rule of `NO_PROXY` holds for the server: `*`, an address, a range, or a name that is
/// meant with everything below it (with a leading dot: everything below it alone), each with a
/// port if it is meant for that port alone.
fn matches(rule: &str, host: &str, port: u16) -> bool {
    if rule.is_empty() {
        return false;
    }
    if rule == "*" {
        return true;
    }
    let address: Option<IpAddr> = host.parse().ok();
    if let Some((network, length)) = rule.split_once('/') {
        return match (network.parse(), length.parse(), address) {
            (Ok(network), Ok(length), Some(address)) => is_within(address, network, length),
            _ => false,
        };
    }
    let bare = rule.trim_start_matches('[').trim_end_matches(']');
    if let Ok(exempt) = bare.parse::<IpAddr>() {
        return address == Some(exempt);
    }
    let (name, only_port) = match rule.rsplit_once(':') {
        Some((name, digits)) if digits.parse::<u16>().is_ok() => (name, digits.parse().ok()),
        _ => (rule, None),
    };
    if only_port.is_some_and(|only: u16| only != port) {
        return false;
    }
    let name = name.trim_start_matches('[').trim_end_matches(']');
    if let Ok(exempt) = name.parse::<IpAddr>() {
        return address == Some(exempt);
    }
    let host = host.trim_end_matches('.').to_ascii_lowercase();
    let name = name.trim_start_matches('*').to_ascii_lowercase();
    match name.strip_prefix('.') {
        Some(_) => host.ends_with(&name),
        None => host == name || host.ends_with(&format!(".{name}")),
    }
}

/// Whether `address` shares its first `length` bits with `network`.
fn is_within(address: IpAddr, network: IpAddr, length: u32) -> bool {
    let (address, network, width) = match (address, network) {
        (IpAddr::V4(address), IpAddr::V4(network)) => (
            u128::from(address.to_bits()),
            u128::from(network.to_bits()),
            32,
        ),
        (IpAddr::V6(address), IpAddr::V6(network)) => (address.to_bits(), network.to_bits(), 128),
        _ => return false,
    };
    // A shift by the whole width leaves nothing to differ.
    length <= width && (address ^ network).checked_shr(width - length).unwrap_or(0) == 0
}

#[cfg(test)]
mod tests {
    use super::*;

    fn chosen(host: &str, environment: &[(&str, &str)]) -> Option<String> {
        let environment = environment
            .iter()
            .map(|(name, value)| (name.into(), value.into()))
            .collect();
        let proxy = choose(None, true, (host, 6443), &environment).unwrap();
        proxy.map(|proxy| proxy.to_string())
    }

    #[test]
    fn the_environments_proxy_is_used_but_for_exempt_hosts_and_this_computer() {
        let proxy = ("HTTPS_PROXY", "proxy.example:3128");
        let through = Some("http://proxy.example:3128/".to_owned());
        assert_eq!(chosen("api.example", &[proxy]), through);
        assert_eq!(
            chosen("api.example", &[("https_proxy", "proxy.example:3128")]),
            through
        );
        assert_eq!(
            chosen("api.example", &[("HTTP_PROXY", "proxy.example:3128")]),
            None
        );
        assert_eq!(chosen("localhost", &[proxy]), None);
        assert_eq!(chosen("127.0.0.1", &[proxy]), None);
        assert_eq!(chosen("::1", &[proxy]), None);
        let cases = [
            ("api.example", "example", true),
            ("api.example", ".example", true),
            ("api.example", "*.example", true),
            ("example", ".example", false),
            ("badexample", "example", false),
            ("API.Example", "api.EXAMPLE", true),
            ("api.example", "other,  api.example:6443", true),
            ("api.example", "api.example:443", false),
            ("api.example", "*", true),
            ("api.example", "", false),
            ("10.1.2.3", "10.0.0.0/8", true),
            ("11.1.2.3", "10.0.0.0/8", false),
            ("10.1.2.3", "0.0.0.0/0", true),
            ("10.1.2.3", "10.1.2.3", true),
            ("10.1.2.3", "10.1.2.3:6443", true),
            ("10.1.2.3", "10.1.2.3:443", false),
            ("fd00::7", "fd00::/8", true),
            ("fd00::7", "[fd00::7]:6443", true),
            ("fd00::7", "10.0.0.0/8", false),
            ("api.example", "10.0.0.0/8", false),
        ];
        for (host, exempt, is_exempt) in cases {
            let found = chosen(host, &[proxy, ("NO_PROXY", exempt)]);
            assert_eq!(found.is_none(), is_exempt, "{host} by {exempt}");
        }
    }

    #[test]
    fn the_clusters_own_proxy_wins_over_no_proxy() {
        let environment = Environment::from([("NO_PROXY".into(), "*".into())]);
        let server = ("api.example", 6443);
        let proxy = choose(Some("socks5h://127.0.0.1:1080"), true, server, &environment);
        assert_eq!(
            proxy.unwrap().unwrap().to_string(),
            "socks5://127.0.0.1:1080/"
        );
    }

    #[test]
    fn a_proxy_that_makes_no_sense_is_named_without_its_password() {
        for url in [
            "http://me:hidden@",
            "ftp://me:hidden@proxy:1",
            "http://me:hidden@pro xy:1",
        ] {
            let server = ("api.example", 6443);
            let complaint = choose(Some(url), true, server, &Environment::new()).unwrap_err();
            assert!(
                complaint.message.contains("proxy-url"),
                "{url}: {}",
                complaint.message
            );
            assert!(
                !complaint.message.contains("hidden"),
                "{}",
                complaint.message
            );
        }
    }
}
