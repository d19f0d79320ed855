//! Workbooks as vendors write them, and as nobody should.

use std::io::Cursor;

use connect_model::{BillingRow, UsageCategory, UsageCellError, UsageRow, UsageSheet};
use rust_xlsxwriter::{ExcelDateTime, Format, Formula, Workbook};
use usage_sheet::{Processed, read, read_bills, write, write_bills, write_processed};
use zip::write::SimpleFileOptions;
use zip::{ZipArchive, ZipWriter};

/// The columns as old tools order them.
const OLD_ORDER: [&str; 11] = [
    "record_id",
    "record_note",
    "item_search_criteria",
    "item_search_value",
    "amount",
    "quantity",
    "start_time_utc",
    "end_time_utc",
    "asset_search_criteria",
    "asset_search_value",
    "tier",
];

fn row(record_id: &str) -> UsageRow {
    UsageRow::new(record_id)
        .item("MPN-C")
        .asset_parameter("subscription_id", "tenant-1")
        .quantity("12.5")
        .between("2024-05-01 00:00:00", "2024-06-01 00:00:00")
}

fn workbook(fill: impl FnOnce(&mut Workbook)) -> Vec<u8> {
    let mut workbook = Workbook::new();
    fill(&mut workbook);
    workbook.save_to_buffer().expect("a workbook")
}

fn with_head(tab: &str, columns: &[&str]) -> Vec<u8> {
    workbook(|workbook| {
        let tab = workbook.add_worksheet().set_name(tab).expect("a name");
        tab.write_row(0, 0, columns.iter().copied()).expect("a head");
    })
}

fn refusal(workbook: &[u8]) -> String {
    read(workbook).expect_err("no sheet").to_string()
}

/// An archive with one part.
fn archive(name: &str, part: &mut dyn FnMut(&mut dyn std::io::Write)) -> Vec<u8> {
    archive_of(&[name], part)
}

/// An archive of parts with the same content.
fn archive_of(names: &[&str], part: &mut dyn FnMut(&mut dyn std::io::Write)) -> Vec<u8> {
    let mut archive = ZipWriter::new(Cursor::new(Vec::new()));
    for name in names {
        archive.start_file(*name, SimpleFileOptions::default()).expect("a part");
        part(&mut archive);
    }
    archive.finish().expect("an archive").into_inner()
}

#[test]
fn what_is_written_is_read_back() {
    let mut rated = row("2").amount("-3.50").note("a <note> & \"more\"");
    rated.category_id = "storage".into();
    rated.params = vec![("region".into(), "eu".into())];
    let category =
        UsageCategory { id: "storage".into(), name: "Storage".into(), ..Default::default() };
    let sheet = UsageSheet { records: vec![row("1"), rated], categories: vec![category] };
    assert_eq!(read(&write(&sheet).expect("a workbook")).expect("a sheet"), sheet);
    let bill = BillingRow {
        record_id: "1".into(),
        external_billing_id: "B-7".into(),
        ..Default::default()
    };
    let bills = [bill];
    assert_eq!(read_bills(&write_bills(&bills).expect("a workbook")).expect("bills"), bills);
}

#[test]
fn tabs_and_columns_are_found_by_name_in_any_order() {
    let wanted = UsageRow { tier: "2".into(), ..row("1").amount("4").note("hello") };
    for tab in ["records", "usage_records", "Records", "anything"] {
        let workbook = workbook(|workbook| {
            if tab != "anything" {
                let first = workbook.add_worksheet().set_name("instructions").expect("a name");
                first.write_string(0, 0, "Fill in the tab records").expect("a text");
            }
            let tab = workbook.add_worksheet().set_name(tab).expect("a name");
            let head = OLD_ORDER.map(|name| format!(" {} *", name.to_uppercase()));
            tab.write_row(2, 1, head).expect("a head");
            let mut held = wanted.clone();
            let cells = OLD_ORDER.map(|name| held.cell_mut(name).expect("a column").to_string());
            tab.write_row(7, 1, cells).expect("a row");
            tab.write_string(9, 40, "a remark beside the table").expect("a text");
        });
        assert_eq!(
            read(&workbook).expect("a sheet").records,
            std::slice::from_ref(&wanted),
            "{tab}"
        );
    }
}

#[test]
fn numbers_dates_and_formulas_are_read_as_text() {
    let workbook = workbook(|workbook| {
        let tab = workbook.add_worksheet().set_name("records").expect("a name");
        tab.write_row(0, 0, OLD_ORDER).expect("a head");
        let date =
            ExcelDateTime::from_ymd(2024, 5, 1).expect("a day").and_hms(6, 30, 0).expect("a time");
        let format = Format::new().set_num_format("yyyy-mm-dd hh:mm:ss");
        tab.write_number(1, 0, 17).expect("a number");
        tab.write_boolean(1, 1, true).expect("a flag");
        tab.write_number(1, 4, 0.1).expect("a number");
        tab.write_formula(1, 5, Formula::new("=2*3").set_result("6")).expect("a formula");
        tab.write_datetime_with_format(1, 6, &date, &format).expect("a date");
        tab.write_formula(1, 7, Formula::new("=1/0").set_result("#DIV/0!")).expect("a formula");
    });
    let read = read(&workbook).expect("a sheet");
    let row = &read.records[0];
    assert_eq!((&*row.record_id, &*row.record_note, &*row.amount), ("17", "true", "0.1"));
    assert_eq!((&*row.quantity, &*row.start_time_utc), ("6", "2024-05-01 06:30:00"));
    assert_eq!(&*row.end_time_utc, "#DIV/0!");
}

#[test]
fn what_is_no_sheet_is_refused_with_the_reason() {
    insta::assert_snapshot!(refusal(b""), @"The file is not an Excel workbook (.xlsx).");
    insta::assert_snapshot!(refusal(b"record_id,quantity\n1,2"), @"The file is not an Excel workbook (.xlsx).");
    let other = archive("readme.txt", &mut |part| part.write_all(b"hello").expect("a part"));
    insta::assert_snapshot!(refusal(&other), @"The file is not an Excel workbook (.xlsx).");
    insta::assert_snapshot!(refusal(&with_head("records", &[])), @"Tab records has no column record_id.");
    insta::assert_snapshot!(
        refusal(&with_head("records", &OLD_ORDER[..5])), @"Tab records has no column quantity.");
    insta::assert_snapshot!(
        refusal(&with_head("usage_records", &OLD_ORDER)), @"Tab usage_records has no records.");
    insta::assert_snapshot!(
        refusal(&with_head("records", &["tier", "Tier*"])), @"Tab records has column tier twice.");
}

#[test]
fn more_than_a_sheet_has_is_neither_read_nor_written() {
    let million = workbook(|workbook| {
        let tab = workbook
            .add_worksheet_with_low_memory()
            .expect("a tab")
            .set_name("records")
            .expect("a name");
        tab.write_row(0, 0, OLD_ORDER).expect("a head");
        for line in 1..1_000_001 {
            tab.write_number(line, 0, 1).expect("a number");
        }
    });
    insta::assert_snapshot!(
        refusal(&million), @"Tab records has more than 250000 rows: report in several files.");
    let sheet = UsageSheet { records: vec![UsageRow::new("1"); 250_001], ..UsageSheet::default() };
    insta::assert_snapshot!(write(&sheet).expect_err("too many"),
        @"250001 records are more than the 250000 that a sheet has: report in several files");
}

#[test]
fn a_bomb_is_refused_before_it_unpacks_into_memory() {
    let zeros = vec![0; 1 << 20];
    let bomb = |name: &str, megabytes: usize| {
        archive(name, &mut |part| {
            (0..megabytes).for_each(|_| part.write_all(&zeros).expect("a part"));
        })
    };
    let sheet = bomb("xl/worksheets/sheet1.xml", 257);
    assert!(sheet.len() < 1 << 20, "{} bytes", sheet.len());
    insta::assert_snapshot!(refusal(&sheet), @"The file is larger than 256 MB when it is unpacked.");
    let halves = archive_of(&["xl/a.xml", "xl/b.xml"], &mut |part| {
        (0..129).for_each(|_| part.write_all(&zeros).expect("a part"));
    });
    insta::assert_snapshot!(refusal(&halves), @"The file is larger than 256 MB when it is unpacked.");
    let texts = bomb("XL/SharedStrings.xml", 65);
    insta::assert_snapshot!(refusal(&texts), @"The file is larger than 64 MB when it is unpacked.");
    insta::assert_snapshot!(refusal(&vec![0; usage_sheet::LARGEST + 1]), @"The file is larger than 50 MB.");
}

#[test]
fn a_workbook_with_any_byte_altered_is_read_or_refused() {
    let sheet = UsageSheet { records: vec![row("1"), row("2")], ..UsageSheet::default() };
    let right = write(&sheet).expect("a workbook");
    for place in 0..right.len() {
        for flip in [1, 0x80, 0xff] {
            let mut altered = right.clone();
            altered[place] ^= flip;
            let _ = read(&altered);
        }
    }
    for length in 0..right.len() {
        assert!(read(&right[..length]).is_err(), "cut at {length}");
    }
}

/// The workbook with a text in its parts replaced by another.
fn altered(workbook: &[u8], from: &str, to: &str) -> Vec<u8> {
    let mut parts = ZipArchive::new(Cursor::new(workbook)).expect("an archive");
    let mut altered = ZipWriter::new(Cursor::new(Vec::new()));
    for index in 0..parts.len() {
        let mut part = parts.by_index(index).expect("a part");
        let name = part.name().expect("a name").into_owned();
        let mut text = String::new();
        std::io::Read::read_to_string(&mut part, &mut text).expect("text");
        altered.start_file(name, SimpleFileOptions::default()).expect("a part");
        std::io::Write::write_all(&mut altered, text.replace(from, to).as_bytes()).expect("a part");
    }
    altered.finish().expect("an archive").into_inner()
}

#[test]
fn a_cell_beyond_all_columns_is_refused_and_is_no_panic() {
    let sheet = UsageSheet { records: vec![row("1")], ..UsageSheet::default() };
    let right = write(&sheet).expect("a workbook");
    assert_eq!(read(&altered(&right, "", "")).expect("a sheet"), sheet);
    let beyond = altered(&right, "r=\"A1\"", "r=\"ZZZZZZZ1\"");
    assert!(read(&beyond).is_err() && read_bills(&beyond).is_err());
}

#[test]
fn a_processed_sheet_says_what_is_wrong_beside_the_record() {
    let sheet = UsageSheet { records: vec![row("1"), row("2"), row("3")], ..UsageSheet::default() };
    let error = |column: &str, message: &str| UsageCellError {
        record: 1,
        column: column.into(),
        message: message.into(),
    };
    let errors = [error("quantity", "Not a number."), error("tier", "Not a level.")];
    let general = [("report_id", "UF-2024-06-4471-0093".to_owned())];
    let processed = Processed { sheet: &sheet, general: &general, errors: &errors };
    let workbook = write_processed(&processed).expect("a workbook");
    assert_eq!(read(&workbook).expect("a sheet"), sheet, "it can be mended and uploaded again");
    let mut archive = ZipArchive::new(Cursor::new(workbook)).expect("an archive");
    let mut texts = String::new();
    for index in 0..archive.len() {
        let mut part = archive.by_index(index).expect("a part");
        std::io::Read::read_to_string(&mut part, &mut texts).expect("text");
    }
    assert!(texts.contains("quantity: Not a number. tier: Not a level."), "{texts}");
    assert!(texts.contains("FFC7CE") && texts.contains("report_id"), "{texts}");
}
