//! The forms of texts that are more than text, told generously: what a mail server, browser or
//! resolver could take is right.

/// Whether it is an address for mail.
pub(crate) fn is_email(text: &str) -> bool {
    text.rsplit_once('@').is_some_and(|(mailbox, domain)| {
        let is_plain = !mailbox.is_empty() && mailbox.chars().count() <= 64;
        let is_odd = |it: char| it.is_whitespace() || it.is_control() || "@<>,;:\"()".contains(it);
        is_plain && !mailbox.contains(is_odd) && is_domain(domain)
    })
}

/// Whether it is a link with a scheme and a host.
pub(crate) fn is_url(text: &str) -> bool {
    is_url_of(&["http", "https", "ftp", "ftps"], text)
}

/// Whether it is a link that can be called or opened.
pub(crate) fn is_http_url(text: &str) -> bool {
    is_url_of(&["http", "https"], text)
}

fn is_url_of(schemes: &[&str], text: &str) -> bool {
    text.split_once("://").is_some_and(|(scheme, rest)| {
        let authority = rest.split(['/', '?', '#']).next().unwrap_or_default();
        let is_odd = |it: char| it.is_whitespace() || it.is_control();
        schemes.contains(&&*scheme.to_ascii_lowercase())
            && has_host(authority)
            && !text.contains(is_odd)
    })
}

/// Whether there is a host before the port, which can be one.
fn has_host(authority: &str) -> bool {
    let place = authority.rsplit('@').next().unwrap_or_default();
    // The colons in brackets are an address's own.
    let (host, port) = match place.rsplit_once(':') {
        Some((host, port)) if !port.ends_with(']') => (host, port),
        _ => (place, ""),
    };
    !host.is_empty() && (port.is_empty() || port.parse::<u16>().is_ok())
}

/// Whether it is a name of a header of HTTP: a token of RFC 9110.
pub(crate) fn is_header_name(text: &str) -> bool {
    let is_token = |it: u8| it.is_ascii_alphanumeric() || b"!#$%&'*+-.^_`|~".contains(&it);
    !text.is_empty() && text.bytes().all(is_token)
}

/// Whether it can be the value of a header: visible ASCII, with blanks and tabs inside.
pub(crate) fn is_header_value(text: &str) -> bool {
    let is_shown = |it: u8| it == b'\t' || (b' '..=b'~').contains(&it);
    text.bytes().all(is_shown) && text.trim() == text
}

/// Whether it is a name of at least two labels, such as `acme.example`.
pub(crate) fn is_domain(text: &str) -> bool {
    text.contains('.') && is_subdomain(text)
}

/// Whether it is a name of one or more labels below another domain.
pub(crate) fn is_subdomain(text: &str) -> bool {
    text.chars().count() <= 253 && text.split('.').all(is_label)
}

fn is_label(text: &str) -> bool {
    let fits = (1..=63).contains(&text.chars().count());
    fits && !text.starts_with('-')
        && !text.ends_with('-')
        && text.chars().all(|it| it.is_alphanumeric() || it == '-')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_could_be_reached_is_right() {
        type Case<'c> = (fn(&str) -> bool, &'c [&'c str], &'c [&'c str]);
        let cases: [Case<'_>; 6] = [
            (
                is_email,
                &["it@cedar.example", "a.b+c@sub.cedar.example", "jörg@bäckerei.example"],
                &[
                    "foo",
                    "not-an-email",
                    "a@b",
                    "@b.example",
                    "a b@c.example",
                    "a@b..example",
                    "a@b@",
                ],
            ),
            (
                is_url,
                &[
                    "https://cedar.example",
                    "http://localhost:8080/x?y#z",
                    "ftp://cedar.example/",
                    "http://me:my@[::1]:80/",
                    "http://[::1]",
                    "http://cedar.example:/",
                ],
                &[
                    "cedar.example",
                    "https://",
                    "javascript:alert(1)",
                    "https://a b",
                    "://x",
                    "http://:80",
                    "http://me@",
                    "http://127.0.0.1:99999/",
                    "http://[::1]:x",
                ],
            ),
            (
                is_domain,
                &["cedar.example", "a.b.c.example", "xn--bckerei-5wa.example"],
                &["cedar", "-a.example", "a-.example", "a..b", ".example", "a b.example"],
            ),
            (
                is_header_name,
                &["X-Cedar", "x", "a!b"],
                &["", "a b", "a:b", "a\r\nb", "größe", "a\u{0}"],
            ),
            (
                is_header_value,
                &["", "a", "a b", "a\tb", "~!\""],
                &[" a", "a ", "a\r\nX: y", "a\u{0}", "ü", "a\u{7f}"],
            ),
            (is_subdomain, &["cedar", "cedar-2", "a.b"], &["", "-a", "a_b", "a b", "a/b"]),
        ];
        for (is_right, right, wrong) in cases {
            right.iter().for_each(|text| assert!(is_right(text), "{text}"));
            wrong.iter().for_each(|text| assert!(!is_right(text), "{text}"));
        }
    }
}
