//! Why a request waits, for people and programs.

use std::io::{self, Write};

use anstyle::{AnsiColor, Style};
use connect_console::{Answer, Explanation};
use connect_timeline::{Lane, Line, Timeline, Tone};
use serde::Serialize;

use super::time::ago;
use super::{BAD, GOOD, OPEN, ids};
use crate::printer::View;

const HEADING: Style = Style::new().bold();
const ASIDE: Style = Style::new().dimmed();

/// The longest part of a text that is shown on a line.
const LONGEST: usize = 400;

/// A run with its explanation.
#[derive(Serialize)]
pub(crate) struct ExplainedRun {
    #[serde(flatten)]
    pub(crate) explanation: Explanation,
    pub(crate) timeline: Timeline,
}

impl View for ExplainedRun {
    fn human(&self, out: &mut dyn Write) -> io::Result<()> {
        let Explanation { run, state, headline, because, next, answers } = &self.explanation;
        writeln!(out, "{HEADING}{}{HEADING:#}  {state}", plain::text(run))?;
        writeln!(out, "\n{}", plain::text(headline))?;
        for why in because {
            writeln!(out, "  because {}", plain::text(why))?;
        }
        writeln!(out, "\n{HEADING}What happened{HEADING:#}")?;
        for line in self.timeline.lines() {
            told(out, &line)?;
        }
        if let Some(next) = next {
            writeln!(out, "\n{HEADING}What happens next{HEADING:#}")?;
            let when = ago(self.timeline.now, next.at.map(Into::into));
            let when = if when.is_empty() { when } else { format!("{when}: ") };
            writeln!(out, "  {when}{}", plain::text(&next.what))?;
        }
        if !answers.is_empty() {
            writeln!(out, "\n{HEADING}What you can do{HEADING:#}")?;
        }
        for answer in answers {
            writeln!(out, "  {}", command(*answer, run))?;
            writeln!(out, "      {ASIDE}{}: {}{ASIDE:#}", answer.label(), answer.effect())?;
        }
        Ok(())
    }

    fn quiet(&self, out: &mut dyn Write) -> io::Result<()> {
        ids(out, [self.explanation.run.as_str()])
    }
}

/// Returns the command that does it.
fn command(answer: Answer, run: &str) -> String {
    let run = plain::text(run);
    match answer {
        Answer::TryNow | Answer::Revive => format!("cnct run revive {run}"),
        Answer::Park => format!("cnct run park {run}"),
        Answer::TakeOver => format!("cnct run park {run} --by-hand"),
    }
}

fn told(out: &mut dyn Write, line: &Line<'_>) -> io::Result<()> {
    let style = match line.tone {
        Tone::Good => GOOD,
        Tone::Bad => BAD,
        Tone::Open => OPEN,
        Tone::Plain => Style::new(),
    };
    let (when, lane, text) = (&line.when, line.lane.name(), cut(&line.text));
    let colour = of_lane(line.lane);
    writeln!(out, "{ASIDE}{when:>11}{ASIDE:#}  {colour}{lane:<9}{colour:#}  {style}{text}{style:#}")
}

fn cut(text: &str) -> String {
    match text.char_indices().nth(LONGEST) {
        Some((end, _)) => format!("{}…", &text[..end]),
        None => text.to_owned(),
    }
}

/// Returns the colour of a lane.
fn of_lane(lane: Lane) -> Style {
    match lane {
        Lane::Customer => AnsiColor::Cyan.on_default(),
        Lane::Connect => AnsiColor::Blue.on_default(),
        Lane::Processor => AnsiColor::Magenta.on_default(),
        Lane::Vendor => AnsiColor::Yellow.on_default(),
    }
}
