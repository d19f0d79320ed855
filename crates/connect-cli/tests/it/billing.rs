//! `cnct billing`.

use crate::world::Serving;

/// A subscription in use.
struct Sold {
    world: Serving,
    asset: String,
}

impl Sold {
    fn start() -> Self {
        let world = Serving::without_processor();
        let (request, asset) = world.purchase();
        world.run(&format!("request set {request} subscription_id=t-1"));
        world.run(&format!("request approve {request}"));
        Self { world, asset }
    }

    /// Runs a command with the subscription in place of `AS`, and hides what differs.
    fn run(&self, arguments: &str) -> String {
        let digits = self.asset.trim_start_matches("AS-");
        let arguments =
            arguments.replace("AS", &self.asset).replace("BRV", &format!("BRV-{digits}"));
        let said = self.world.run(&format!("billing {arguments}"));
        let said = said.replace(&self.asset, "AS").replace(digits, "…");
        // The customer is invented.
        let lines = said.lines().filter(|line| !line.starts_with("customer"));
        lines.collect::<Vec<_>>().join("\n")
    }
}

#[test]
fn what_was_billed_is_recorded_noted_and_listed() {
    let sold = Sold::start();
    insta::assert_snapshot!(sold.run("list"), @"
        exit 0
        --- stderr
        no billing requests
        ");
    insta::assert_snapshot!(sold.run("create AS --month 2024-05 --set invoice=N-17"), @"
        exit 0
        --- stdout
        billing request  BRV-…-0001
        type             vendor
        created          N s ago
        subscription     AS
        product          Fernway Backup
        period           2024-05-01 to 2024-06-01, 1 × monthly
        item             5 × Protected device  (bill 1)
        vendor           invoice = N-17
        ");
    let bill = sold.run("create AS");
    let today = jiff::Timestamp::now().to_zoned(jiff::tz::TimeZone::UTC).date();
    let first = today.first_of_month();
    let before = first.saturating_sub(jiff::ToSpan::month(1));
    assert!(bill.contains(&format!("{before} to {first}")), "{bill}");
    sold.run("create AS --from 2024-06-01 --to 2025-06-01 --uom yearly --item MPN-A=2");
    insta::assert_snapshot!(sold.run("list --asset AS --type vendor"), @"
        exit 0
        --- stdout
        BILLING REQUEST          TYPE    SUBSCRIPTION       PERIOD                    ITEMS  PRODUCT         CREATED
        BRV-…-0003  vendor  AS  2024-06-01 to 2025-06-01  1      Fernway Backup  N s ago
        BRV-…-0002  vendor  AS  2026-10-01 to 2026-11-01  1      Fernway Backup  N s ago
        BRV-…-0001  vendor  AS  2024-05-01 to 2024-06-01  1      Fernway Backup  N s ago
        ");
    insta::assert_snapshot!(sold.run("set BRV-0001 paid=yes invoice=N-18"), @"
        exit 0
        --- stdout
        billing request  BRV-…-0001
        type             vendor
        created          N s ago
        subscription     AS
        product          Fernway Backup
        period           2024-05-01 to 2024-06-01, 1 × monthly
        item             5 × Protected device  (bill 1)
        vendor           invoice = N-18
        vendor           paid = yes
        ");
    let dates = sold.run("dates AS");
    assert!(dates.contains("period                monthly"), "{dates}");
    assert!(dates.contains("(in 30 days)") || dates.contains("(in 2"), "{dates}");
    assert!(dates.contains("billed by the vendor  3, last BRV-…-0003"), "{dates}");
    let json = sold.run("show BRV-0001 --json");
    assert!(json.contains("\"cycle_number\": 1"), "{json}");
}

#[test]
fn what_is_wrong_with_a_bill_is_said() {
    let sold = Sold::start();
    let mut said = String::new();
    for wrong in [
        "create AS --item MPN-X=1",
        "create AS --type provider",
        "create AS --from 2024-06-01",
        "create AS --month June",
        "create AS --from 2024-06-01 --to 2024-05-01",
        "set BRV-0009 paid=yes",
        "show PR-1",
    ] {
        let told = sold.run(wrong);
        let lines: Vec<&str> = told.lines().filter(|line| !line.is_empty()).take(3).collect();
        said += &format!("{wrong}\n  {}\n", lines.join("\n  "));
    }
    insta::assert_snapshot!(said, @"
        create AS --item MPN-X=1
          exit 3
          --- stderr
          error: POST subscriptions/requests was refused: 400 Bad Request: VAL_001 - items: The subscription has no item MPN-X.
        create AS --type provider
          exit 3
          --- stderr
          error: POST subscriptions/requests was refused: 403 Forbidden: AUTH_004 - You do not have permission to perform this action. (give the token the permission, or use the other side's token)
        create AS --from 2024-06-01
          exit 2
          --- stderr
          error: the following required arguments were not provided:
        create AS --month June
          exit 2
          --- stderr
          error: invalid value 'June' for '--month <MONTH>': write it as YYYY-MM
        create AS --from 2024-06-01 --to 2024-05-01
          exit 3
          --- stderr
          error: POST subscriptions/requests was refused: 400 Bad Request: VAL_001 - period.to: The period ends before it begins.
        set BRV-0009 paid=yes
          exit 4
          --- stderr
          error: GET subscriptions/requests/BRV-…-0009 was refused: 404 Not Found: NOT_FOUND - Object not found. (check the id, and that the API key's account can see it)
        show PR-1
          exit 2
          --- stderr
          error: invalid value 'PR-1' for '<BILLING_REQUEST>': `PR-1` is not a billing request id: expected the shape BRV-dddd-dddd-dddd-dddd or BRP-dddd-dddd-dddd-dddd
        ");
}
