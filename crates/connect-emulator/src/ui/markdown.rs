//! Markdown as HTML that cannot do anything: whoever writes a template or a parameter is not
//! trusted by whoever reads the page.

use pulldown_cmark::{CowStr, Event, LinkType, Options, Parser, Tag, html};

/// Returns the HTML of a Markdown text. HTML in the text is shown as text; links lead only to the
/// web and to mailboxes; pictures become links.
pub(super) fn html(markdown: &str) -> String {
    let options = Options::ENABLE_TABLES | Options::ENABLE_STRIKETHROUGH;
    let mut shown = String::new();
    html::push_html(&mut shown, Parser::new_ext(markdown, options).map(tame));
    shown
}

fn tame(event: Event<'_>) -> Event<'_> {
    match event {
        Event::Html(raw) | Event::InlineHtml(raw) => Event::Text(raw),
        // An address without a kind, such as <ada@example.com>: it is written as a mailbox.
        link @ Event::Start(Tag::Link { link_type: LinkType::Email, .. }) => link,
        Event::Start(Tag::Link { link_type, dest_url, title, id }) => {
            Event::Start(Tag::Link { link_type, dest_url: tame_address(dest_url), title, id })
        }
        Event::Start(Tag::Image { link_type, dest_url, title, id }) => {
            Event::Start(Tag::Link { link_type, dest_url: tame_address(dest_url), title, id })
        }
        Event::End(pulldown_cmark::TagEnd::Image) => Event::End(pulldown_cmark::TagEnd::Link),
        other => other,
    }
}

fn tame_address(address: CowStr<'_>) -> CowStr<'_> {
    const KINDS: [&str; 3] = ["https://", "http://", "mailto:"];
    let lower = address.trim_start().to_ascii_lowercase();
    if KINDS.iter().any(|kind| lower.starts_with(kind)) { address } else { "#".into() }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_a_reader_wants_is_shown_and_what_could_act_is_text() {
        let text = "# Hello\n\n**bold** [web](https://a.example) [x](javascript:alert(1)) \
            ![p](https://a.example/p.png) <script>alert(1)</script>\n\n<img src=x onerror=alert(1)>\n\n<ada@example.com>\n";
        insta::assert_snapshot!(html(text), @r##"
        <h1>Hello</h1>
        <p><strong>bold</strong> <a href="https://a.example">web</a> <a href="#">x</a> <a href="https://a.example/p.png">p</a> &lt;script&gt;alert(1)&lt;/script&gt;</p>
        &lt;img src=x onerror=alert(1)&gt;
        <p><a href="mailto:ada@example.com">ada@example.com</a></p>
        "##);
    }
}
