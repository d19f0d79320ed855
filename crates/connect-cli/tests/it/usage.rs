//! `cnct usage`.

use connect_model::{UsageRow, UsageSheet};

use crate::world::Serving;

const PRODUCT: &str = "PRD-411-678-887";

/// A world whose product takes usage, with a draft for May.
struct Metered {
    world: Serving,
    asset: String,
    file: String,
}

impl Metered {
    fn start() -> Self {
        let world = Serving::without_processor();
        let on = r#"{"capabilities":{"reservation":{"consumption":true}}}"#;
        world.run(&format!("api put products/{PRODUCT} --data {on}"));
        let (request, asset) = world.purchase();
        world.run(&format!("request set {request} subscription_id=t-1"));
        world.run(&format!("request approve {request}"));
        let create = format!("usage create --product {PRODUCT} --preview --month 2024-05 --quiet");
        let made = world.run(&create);
        let file = made.lines().find(|line| line.starts_with("UF-")).expect(&made).to_owned();
        Self { world, asset, file }
    }

    /// Runs a command with the file's name in place of `UF`, and hides what differs.
    fn run(&self, arguments: &str) -> String {
        let said = self.world.run(&format!("usage {}", arguments.replace("UF", &self.file)));
        let digits = self.file.trim_start_matches("UF-");
        said.replace(&self.file, "UF").replace(digits, "…").replace(&self.asset, "AS")
    }

    /// Writes a workbook with a record for an item, and uploads it.
    fn upload(&self, mpn: &str) -> String {
        let row = UsageRow::new("may-1").item(mpn).asset(self.asset.as_str()).quantity("8");
        let row = row.between("2024-05-01 00:00:00", "2024-06-01 00:00:00");
        let workbook = usage_sheet::write(&UsageSheet::from(vec![row])).unwrap();
        let path = self.world.file("may.xlsx");
        std::fs::write(&path, workbook).unwrap();
        self.run(&format!("upload UF {}", path.display()))
    }
}

#[test]
fn usage_is_created_uploaded_mended_and_taken_to_its_end() {
    let metered = Metered::start();
    insta::assert_snapshot!(metered.upload("MPN-X"), @"
        exit 3
        --- stdout
        file         UF
        status       invalid
        why          1 of 1 records are wrong. Record 1, item_search_value: USG_011: The product has no item with item.mpn MPN-X.
        name         2024-05-01 to 2024-05-31
        product      Fernway Backup
        environment  preview
        period       2024-05-01 to 2024-05-31
        schema       qt
        records      1 uploaded, 1 wrong
        created      N s ago
        --- stderr
        error: records of UF are wrong
          `cnct usage errors UF-…` says which, and why; upload the workbook again once they are right
        ");
    insta::assert_snapshot!(metered.run("errors UF"), @"
        exit 0
        --- stdout
        RECORD  WHAT IS WRONG
        may-1   item_search_value: USG_011: The product has no item with item.mpn MPN-X.
        ");
    metered.upload("MPN-A");
    insta::assert_snapshot!(metered.run("errors UF"), @"
        exit 0
        --- stderr
        no record of UF is wrong
        ");
    insta::assert_snapshot!(metered.run("records UF"), @"
        exit 0
        --- stdout
        RECORD                        STATUS  SUBSCRIPTION       ITEM              QUANTITY  AMOUNT
        UFR-…-000001  valid   AS  Protected device  8
        ");
    metered.run("submit UF");
    insta::assert_snapshot!(metered.run("accept UF --note thanks"), @"
        exit 0
        --- stdout
        file           UF
        status         accepted
        name           2024-05-01 to 2024-05-31
        product        Fernway Backup
        environment    preview
        period         2024-05-01 to 2024-05-31
        schema         qt
        records        1 uploaded, 1 accepted
        accepted with  thanks
        created        N s ago
        ");
    let listed = metered.world.json("usage list --status accepted");
    assert_eq!(listed[0]["id"], metered.file.as_str());
    let closed = metered.run("close UF");
    assert!(closed.contains("status         closed"), "{closed}");
    insta::assert_snapshot!(metered.run("records UF --status valid"), @"
        exit 0
        --- stderr
        no usage records
        ");
}

#[test]
fn a_file_that_nobody_looked_at_has_no_errors_to_tell() {
    let metered = Metered::start();
    insta::assert_snapshot!(metered.run("errors UF"), @"
        exit 4
        --- stderr
        error: UF has no processed workbook: it is draft
          upload a workbook first: `cnct usage upload`
        ");
}

#[test]
fn what_a_distributor_sold_is_reported_under_its_contract() {
    let world = Serving::without_processor();
    let on = r#"{"capabilities":{"reservation":{"consumption":true}}}"#;
    world.run(&format!("api put products/{PRODUCT} --data {on}"));
    let connection = &world.json(&format!("api get products/{PRODUCT}/connections"))[0]["id"];
    let connection = connection.as_str().unwrap();
    let order = format!("purchase --product {PRODUCT} --connection {connection} --item MPN-A=5");
    let sold = world.run(&format!("request create {order} --as distributor --quiet"));
    let request = sold.lines().find(|line| line.starts_with("PR-")).expect(&sold);
    world.run(&format!("request set {request} subscription_id=t-1"));
    let approved = world.run(&format!("request approve {request}"));
    assert!(approved.contains("approved"), "{approved}");
    let contract = world.json("api get listings")[0]["contract"]["id"].clone();
    let contract = contract.as_str().unwrap();
    let create = format!("--product {PRODUCT} --contract {contract} --month 2024-05 --quiet");
    let made = world.run(&format!("usage create {create}"));
    assert!(made.contains("UF-"), "{made}");
    let seen = world.run("usage list --as distributor");
    assert!(seen.contains("no usage files"), "a draft is the vendor's own: {seen}");
}

#[test]
fn a_file_is_sent_back_and_taken_back() {
    let metered = Metered::start();
    metered.upload("MPN-A");
    metered.run("submit UF");
    let rejected = metered.run("reject UF --note twice");
    assert!(rejected.contains("rejected with  twice"), "{rejected}");
    let deleted = metered.run("delete UF");
    assert!(deleted.contains("deleted"), "{deleted}");
    insta::assert_snapshot!(metered.run("submit UF"), @"
        exit 3
        --- stderr
        error: POST usage/files/UF/submit was refused: 400 Bad Request: USG_001 - Usage file cannot be submitted in status deleted.
        ");
}

#[test]
fn a_workbook_that_is_missing_too_large_or_none_is_an_error() {
    let metered = Metered::start();
    let missing = metered.run("upload UF nothing.xlsx");
    assert!(missing.starts_with("exit 1"), "{missing}");
    assert!(missing.contains("nothing.xlsx cannot be read: "), "{missing}");
    let large = metered.world.file("large.xlsx");
    std::fs::File::create(&large).unwrap().set_len(50 * 1024 * 1024 + 1).unwrap();
    let large = metered.run(&format!("upload UF {}", large.display()));
    assert!(large.starts_with("exit 1"), "{large}");
    assert!(large.contains("larger than 50 MB; report in several files"), "{large}");
    let text = metered.world.file("text.xlsx");
    std::fs::write(&text, "May").unwrap();
    let text = metered.run(&format!("upload UF {}", text.display()));
    assert!(text.starts_with("exit 3"), "{text}");
    assert!(text.contains("The file is not an Excel workbook (.xlsx)."), "{text}");
    let show = metered.run("show UF");
    assert!(show.contains("status       draft"), "{show}");
}

#[test]
fn a_file_is_about_a_month_or_about_days() {
    let world = Serving::without_processor();
    for wrong in [
        "",
        "--preview --month 2024-13",
        "--preview --from 2024-05-01",
        "--preview --contract CRD-41207-55310-88642",
        "--preview --month 2024-05 --from 2024-05-01 --to 2024-05-02",
    ] {
        let told = world.run(&format!("usage create --product {PRODUCT} {wrong}"));
        assert!(told.starts_with("exit 2"), "{wrong}: {told}");
    }
    let off = world.run(&format!("usage create --product {PRODUCT} --preview"));
    assert!(off.contains("The product reports no usage"), "{off}");
}
