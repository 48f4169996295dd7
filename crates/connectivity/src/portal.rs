//! Does this network want a login? Asked only when something before failed, over plain http, of central's own host: no
//! third party ever learns that somebody checks (`sync.md` §5.3).

use std::net::SocketAddr;

use jiff::fmt::rfc2822::DateTimeParser;
use prakerja_protocol::probe::GENERATE_204_PATH;
use reqwest::header::{DATE, LOCATION};
use reqwest::redirect::Policy;
use reqwest::{Client, Response, Url};

use crate::secure::nothing_trusted;
use crate::target::{Options, Target};

/// What answers plain http.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Finding {
    /// Central's host itself: the internet works.
    Clear,
    /// A page that central would not send.
    Portal,
    /// Nothing, or nothing that tells.
    Unknown,
}

/// What was found.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Look {
    pub(crate) finding: Finding,
    pub(crate) status: Option<u16>,
    /// `Date` of the answer, Unix milliseconds. A hint, no proof.
    pub(crate) date_ms: Option<i64>,
}

/// Asks. Redirects are looked at, never followed.
pub(crate) async fn look(target: &Target, options: &Options, addresses: &[SocketAddr]) -> Look {
    let url = target.plain_url(options.portal_port, GENERATE_204_PATH);
    let nothing = Look { finding: Finding::Unknown, status: None, date_ms: None };
    match ask(url.clone(), target, options, addresses).await {
        None => nothing,
        Some(response) => {
            let location = response.headers().get(LOCATION).and_then(|value| value.to_str().ok());
            let status = response.status().as_u16();
            Look { finding: finding(status, location, &url), status: Some(status), date_ms: date(&response) }
        }
    }
}

async fn ask(url: Url, target: &Target, options: &Options, addresses: &[SocketAddr]) -> Option<Response> {
    let mut builder = Client::builder()
        .redirect(Policy::none())
        .http1_only()
        .tls_backend_preconfigured(nothing_trusted().ok()?)
        .timeout(options.limits.portal);
    if !addresses.is_empty() {
        let port = url.port_or_known_default()?;
        let addresses: Vec<_> = addresses.iter().map(|address| SocketAddr::new(address.ip(), port)).collect();
        builder = builder.no_proxy().resolve_to_addrs(target.host(), &addresses);
    }
    builder.build().ok()?.get(url).send().await.ok()
}

fn finding(status: u16, location: Option<&str>, asked: &Url) -> Finding {
    match status {
        204 => Finding::Clear,
        200..=299 | 511 => Finding::Portal,
        // Many servers send plain http on to https of the same name; portals send people elsewhere.
        300..=399 => match location.map(|location| asked.join(location)) {
            Some(Ok(to)) if to.scheme() == "https" && to.host_str() == asked.host_str() => Finding::Clear,
            Some(Ok(_)) => Finding::Portal,
            _ => Finding::Unknown,
        },
        _ => Finding::Unknown,
    }
}

fn date(response: &Response) -> Option<i64> {
    let text = response.headers().get(DATE)?.to_str().ok()?;
    Some(DateTimeParser::new().parse_timestamp(text).ok()?.as_millisecond())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn answers_of_plain_http() {
        let asked = Url::parse("http://api.example.id/generate_204").unwrap();
        let rows = [
            (204, None, Finding::Clear),
            (200, None, Finding::Portal),
            (511, None, Finding::Portal),
            (302, Some("http://login.portal.example/start"), Finding::Portal),
            (302, Some("https://login.portal.example/start"), Finding::Portal),
            (307, Some("http://api.example.id/login"), Finding::Portal),
            (301, Some("https://api.example.id/generate_204"), Finding::Clear),
            // Relative to what was asked (RFC 9110 §10.2.2): a page of plain http that central does not have.
            (302, Some("/relative"), Finding::Portal),
            (302, Some("//login.portal.example/start"), Finding::Portal),
            (302, Some("//[nonsense"), Finding::Unknown),
            (302, None, Finding::Unknown),
            (404, None, Finding::Unknown),
            (502, None, Finding::Unknown),
        ];
        for (status, location, expected) in rows {
            assert_eq!(finding(status, location, &asked), expected, "{status} {location:?}");
        }
    }

    #[test]
    fn http_dates_are_read() {
        let parsed = DateTimeParser::new().parse_timestamp("Sun, 06 Nov 1994 08:49:37 GMT").unwrap();
        assert_eq!(parsed.as_millisecond(), 784_111_777_000);
    }
}
