//! The look of the story: one line for each thing somebody did.

use std::io::{self, Write};

use anstyle::{AnsiColor, Style};
use connect_model::RequestStatus;
use connect_playground::{Chapter, Moment, OVERDUE, Ready, Story, Who};

const TITLE: Style = Style::new().bold();
const ASIDE: Style = Style::new().dimmed();
const TRUE: Style = AnsiColor::Green.on_default().bold();

/// Writes who plays, and where.
pub(super) fn opening(out: &mut dyn Write, ready: &Ready) -> io::Result<()> {
    let place = |place: &Option<String>| place.clone().unwrap_or_default();
    writeln!(out, "{TITLE}A subscription is bought, put on hold and resumed{TITLE:#}\n")?;
    let cast = [
        (Who::Customer, "buys, through a marketplace".to_owned()),
        (Who::Connect, format!("the marketplace, emulated at {}", place(&ready.platform))),
        (Who::Processor, "takes requests from Connect and carries them out".to_owned()),
        (Who::Vendor, format!("Acme sells tenants, at {}", place(&ready.vendor))),
    ];
    for (who, what) in cast {
        line(out, "", who, &what)?;
    }
    Ok(())
}

/// Writes one request, from being asked to being decided.
pub(super) fn chapter(out: &mut dyn Write, chapter: &Chapter) -> io::Result<()> {
    let (title, request, kind) = (chapter.title, &chapter.request, &chapter.kind);
    writeln!(out, "\n{TITLE}{title:<44}{TITLE:#}{ASIDE}{request} {kind}{ASIDE:#}")?;
    for Moment { at_ms, who, what } in &chapter.timeline {
        line(out, &format!("{at_ms} ms"), *who, what)?;
    }
    Ok(())
}

fn line(out: &mut dyn Write, when: &str, who: Who, what: &str) -> io::Result<()> {
    let (glyph, name, style) = look(who);
    let what = plain::text(what);
    writeln!(out, "{ASIDE}{when:>9}{ASIDE:#}  {style}{glyph} {name:<9}{style:#}  {what}")
}

fn look(who: Who) -> (char, &'static str, Style) {
    match who {
        Who::Customer => ('●', "customer", AnsiColor::Cyan.on_default()),
        Who::Connect => ('■', "Connect", AnsiColor::Blue.on_default()),
        Who::Processor => ('▶', "processor", AnsiColor::Magenta.on_default()),
        Who::Vendor => ('◆', "vendor", AnsiColor::Yellow.on_default()),
    }
}

/// Writes what was shown, each line of it checked, and what to do next.
pub(super) fn closing(out: &mut dyn Write, story: &Story) -> io::Result<()> {
    writeln!(out, "\n{TITLE}What you just saw{TITLE:#}")?;
    for truth in truths(story) {
        writeln!(out, "  {TRUE}✔{TRUE:#} {}", plain::text(&truth))?;
    }
    writeln!(out, "\n{TITLE}What next{TITLE:#}")?;
    let (product, item) = (plain::text(&story.product), plain::text(&story.item));
    let steps = [
        ("cnct demo --stay", "the same again, kept running for your browser"),
        ("cnct up", "the same world, for your browser and another terminal:"),
    ];
    for (command, aside) in steps {
        writeln!(out, "  {command:<20} {ASIDE}{aside}{ASIDE:#}")?;
    }
    writeln!(out, "  cnct request create purchase --product {product} --item {item}=5 --wait")?;
    writeln!(
        out,
        "  cnct asset list      {ASIDE}and cnct asset suspend, resume, cancel AS-…{ASIDE:#}"
    )?;
    writeln!(out, "  cnct fault set vendor refuse --on enable --times 1 --reason \"{OVERDUE}\"")?;
    writeln!(out, "                       {ASIDE}so that the next resume fails{ASIDE:#}")
}

fn truths(story: &Story) -> [String; 4] {
    let ended = |status| {
        let ends = |chapter: &&Chapter| chapter.statuses.last() == Some(&status);
        story.chapters.iter().filter(ends).count()
    };
    let (approved, failed) = (ended(RequestStatus::Approved), ended(RequestStatus::Failed));
    let effects: Vec<String> =
        story.vendor_effects.iter().map(|(name, count)| format!("{count} {name}")).collect();
    let (asset, tenant) = (&story.asset, &story.tenant);
    [
        format!(
            "{approved} requests approved and {failed} failed, each decided once, in {} ms",
            story.took_ms
        ),
        format!("the vendor did {}, each under a key of its own", effects.join(", ")),
        format!("one resume approved: {tenant} enabled exactly once"),
        format!("one resume refused: failed in the vendor's words, {asset} still suspended"),
    ]
}

/// Writes where everything is, for those who stay.
pub(super) fn staying(out: &mut dyn Write, ready: &Ready) -> io::Result<()> {
    let endpoint = ready.platform.as_deref().unwrap_or_default();
    writeln!(out, "\n{TITLE}Still running, until Ctrl-C{TITLE:#}")?;
    writeln!(out, "  in a browser           {}", ready.pages.as_deref().unwrap_or_default())?;
    writeln!(out, "  in another terminal    export CONNECT_ENDPOINT={endpoint}")?;
    writeln!(out, "                         cnct request list")
}
