//! Tables: as wide as what is in them, and on a terminal no wider than that.

use std::io::{self, IsTerminal, Write};

use anstyle::Style;
use unicode_width::{UnicodeWidthChar, UnicodeWidthStr};

const HEADER: Style = Style::new().bold();

/// The space between columns.
const GAP: usize = 2;

/// The width down to which a text may be cut.
const SHORTEST: usize = 12;

/// A column, and what may be done to it where there is not enough room.
#[derive(Clone, Copy)]
pub(crate) struct Column {
    name: &'static str,
    /// The greater, the sooner it is left out; 0 never.
    expendable: u8,
    /// Whether its texts may be cut.
    may_be_cut: bool,
    /// Whether it is there only if it says something, also where programs read.
    is_optional: bool,
}

impl Column {
    /// A column that people copy: always there, always whole.
    pub(super) const fn whole(name: &'static str) -> Self {
        Self { name, expendable: 0, may_be_cut: false, is_optional: false }
    }

    /// A column that people read: it may be cut.
    pub(super) const fn text(name: &'static str) -> Self {
        Self { name, expendable: 0, may_be_cut: true, is_optional: false }
    }

    /// The same column, left out where it says nothing.
    pub(super) const fn where_said(self) -> Self {
        Self { is_optional: true, ..self }
    }

    /// The same column, left out before those of a smaller number.
    pub(super) const fn expendable(self, how: u8) -> Self {
        Self { expendable: how, ..self }
    }
}

/// The content of one place of a table.
pub(crate) struct Cell {
    text: String,
    style: Style,
}

impl Cell {
    /// A text in a colour.
    pub(super) fn styled(text: impl Into<String>, style: Style) -> Self {
        Self { text: text.into(), style }
    }
}

impl<T: Into<String>> From<T> for Cell {
    fn from(text: T) -> Self {
        Self::styled(text, Style::new())
    }
}

/// A table without lines, for whoever reads stdout; nothing where there are no rows.
pub(super) fn table<const N: usize>(
    out: &mut dyn Write,
    columns: [Column; N],
    rows: impl IntoIterator<Item = [Cell; N]>,
) -> io::Result<()> {
    let rows: Vec<_> = rows.into_iter().collect();
    if rows.is_empty() { Ok(()) } else { draw(out, columns, rows, room()) }
}

/// The width of the terminal; `None` where a program reads.
fn room() -> Option<usize> {
    let on_terminal = io::stdout().is_terminal();
    let size = on_terminal.then(|| terminal_size::terminal_size_of(io::stdout())).flatten();
    size.map(|(width, _)| width.0.into()).filter(|width| *width > 0)
}

fn draw<const N: usize>(
    out: &mut dyn Write,
    columns: [Column; N],
    mut rows: Vec<[Cell; N]>,
    room: Option<usize>,
) -> io::Result<()> {
    for cell in rows.iter_mut().flatten() {
        cell.text = plain::text(&cell.text).into_owned();
    }
    let natural: [usize; N] = std::array::from_fn(|at| {
        let cells = rows.iter().map(|row| row[at].text.width());
        let widest = cells.max().unwrap_or_default();
        // On a terminal a column that says nothing is left out.
        let says_something = widest > 0 || (room.is_none() && !columns[at].is_optional);
        if says_something { widest.max(columns[at].name.width()) } else { 0 }
    });
    let widths = fit(&columns, natural, room.unwrap_or(usize::MAX));
    let header = columns.map(|column| Cell::styled(column.name, Style::new()));
    line(out, &header, &widths, HEADER)?;
    rows.iter().try_for_each(|row| line(out, row, &widths, Style::new()))
}

/// The width of each column that stays: first those go that can be missed, then texts are cut, the
/// widest first.
fn fit<const N: usize>(
    columns: &[Column; N],
    natural: [usize; N],
    room: usize,
) -> [Option<usize>; N] {
    let mut widths = natural.map(|width| (width > 0).then_some(width));
    let shortest = |at: usize| match columns[at].may_be_cut {
        true => natural[at].min(SHORTEST.max(columns[at].name.width())),
        false => natural[at],
    };
    let least = |widths: &[Option<usize>; N]| {
        total((0..N).filter(|at| widths[*at].is_some()).map(shortest))
    };
    while least(&widths) > room {
        let present = (0..N).filter(|at| widths[*at].is_some() && columns[*at].expendable > 0);
        let Some(first) = present.max_by_key(|at| columns[*at].expendable) else { break };
        widths[first] = None;
    }
    while total(widths.iter().flatten().copied()) > room {
        let can_be_cut = (0..N).filter(|at| widths[*at].is_some_and(|width| width > shortest(*at)));
        let Some(widest) = can_be_cut.max_by_key(|at| widths[*at]) else { break };
        widths[widest] = widths[widest].map(|width| width - 1);
    }
    widths
}

fn total(widths: impl Iterator<Item = usize>) -> usize {
    widths.map(|width| width + GAP).sum::<usize>().saturating_sub(GAP)
}

fn line<const N: usize>(
    out: &mut dyn Write,
    cells: &[Cell; N],
    widths: &[Option<usize>; N],
    style: Style,
) -> io::Result<()> {
    let mut missing = 0;
    write!(out, "{style}")?;
    for (cell, width) in cells.iter().zip(widths) {
        let Some(width) = width else { continue };
        let text = cut(&cell.text, *width);
        if !text.is_empty() {
            write!(out, "{:missing$}{}{text}{:#}", "", cell.style, cell.style)?;
            missing = 0;
        }
        missing += width - text.width() + GAP;
    }
    writeln!(out, "{style:#}")
}

/// The text, or its beginning and `…`.
fn cut(text: &str, width: usize) -> String {
    if text.width() <= width {
        return text.to_owned();
    }
    let (mut used, mut short) = (1, String::new());
    for c in text.chars() {
        used += c.width().unwrap_or_default();
        if used > width {
            break;
        }
        short.push(c);
    }
    short + "…"
}

#[cfg(test)]
mod tests {
    use super::*;

    const COLUMNS: [Column; 5] = [
        Column::whole("REQUEST"),
        Column::whole("STATUS"),
        Column::text("PRODUCT").expendable(2),
        Column::whole("SUBSCRIPTION").expendable(1),
        Column::text("CUSTOMER"),
    ];

    fn drawn(room: Option<usize>, customer: &str) -> String {
        let row = |customer: &str| {
            ["PR-8931-0748-8918-001", "pending", "Fernway Backup", "AS-8931-0748-8918", customer]
                .map(Cell::from)
        };
        let mut out = Vec::new();
        draw(&mut out, COLUMNS, vec![row(customer), row("Ada")], room).unwrap();
        anstream::adapter::strip_str(&String::from_utf8(out).unwrap()).to_string()
    }

    #[test]
    fn a_table_is_whole_where_nobody_has_a_width() {
        insta::assert_snapshot!(drawn(None, "Willow Bicycles"), @"
        REQUEST                STATUS   PRODUCT         SUBSCRIPTION       CUSTOMER
        PR-8931-0748-8918-001  pending  Fernway Backup  AS-8931-0748-8918  Willow Bicycles
        PR-8931-0748-8918-001  pending  Fernway Backup  AS-8931-0748-8918  Ada
        ");
        let long = "W".repeat(500);
        assert!(drawn(None, &long).contains(&long));
    }

    #[test]
    fn no_line_is_wider_than_the_terminal_while_what_people_copy_is_whole() {
        let names = ["Ada", &"W".repeat(130), &"株式会社".repeat(40), &"a b ".repeat(50), ""];
        for room in 46..140 {
            for name in names {
                let table = drawn(Some(room), name);
                for line in table.lines() {
                    assert!(line.width() <= room, "{room}: {line}");
                }
                assert_eq!(table.matches("PR-8931-0748-8918-001").count(), 2, "{room}");
                assert_eq!(table.lines().count(), 3);
            }
        }
    }

    #[test]
    fn what_can_be_missed_goes_first_then_texts_are_cut() {
        insta::assert_snapshot!(drawn(Some(80), "Willow Bicycles of the Northern Valley"), @"
        REQUEST                STATUS   PRODUCT         SUBSCRIPTION       CUSTOMER
        PR-8931-0748-8918-001  pending  Fernway Backup  AS-8931-0748-8918  Willow Bicyc…
        PR-8931-0748-8918-001  pending  Fernway Backup  AS-8931-0748-8918  Ada
        ");
        insta::assert_snapshot!(drawn(Some(60), "Willow Bicycles of the Northern Valley"), @"
        REQUEST                STATUS   CUSTOMER
        PR-8931-0748-8918-001  pending  Willow Bicycles of the Nort…
        PR-8931-0748-8918-001  pending  Ada
        ");
    }

    #[test]
    fn a_column_that_says_nothing_is_left_out_on_a_terminal_alone() {
        let row = || ["PR-1", "done", "", "AS-1", ""].map(Cell::from);
        let drawn = |room| {
            let mut out = Vec::new();
            draw(&mut out, COLUMNS, vec![row(), row()], room).unwrap();
            anstream::adapter::strip_str(&String::from_utf8(out).unwrap()).to_string()
        };
        assert!(drawn(Some(80)).starts_with("REQUEST  STATUS  SUBSCRIPTION\n"));
        assert!(drawn(None).starts_with("REQUEST  STATUS  PRODUCT  SUBSCRIPTION  CUSTOMER\n"));
    }

    #[test]
    fn words_of_others_neither_steer_the_terminal_nor_break_the_table() {
        let table = drawn(Some(80), "x\u{1b}[2J\n\u{202e}y\u{9b}1m");
        assert_eq!(table.lines().count(), 3, "{table}");
        assert!(!table.contains(['\u{1b}', '\u{202e}', '\u{9b}']), "{table:?}");
    }
}
