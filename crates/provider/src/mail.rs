//! Mail for merchants who have no server: each event is a file in a folder, whole or not there, from which the operator's
//! mail server takes it.

use std::{
    fmt::Write as _,
    fs, io,
    path::PathBuf,
    time::{Duration, UNIX_EPOCH},
};

use farthing_gateway::{decimals, in_english};
use farthing_protocol::{Currency, Money, UnixSeconds};
use serde_json::Value;

use crate::file;

/// What the address of an endpoint that is mailed begins with.
pub const SCHEME: &str = "mailto:";
/// RFC 5321 §4.5.3.1.3, less the brackets.
const ADDRESS_BYTES: usize = 254;
/// RFC 5321 §4.5.3.1.1.
const LOCAL_BYTES: usize = 64;
/// As many files lie in the folder at most: beyond, whoever should take them does not.
const WAITING: usize = 10_000;

/// A mail address, in the one form that needs no quotes, comments or other scripts (RFC 5321 `Dot-string@Domain`).
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct Address(String);

impl Address {
    /// Accepts `text` if it is one.
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        let atom = |c: u8| c.is_ascii_alphanumeric() || b"!#$%&'*+-/=?^_`{|}~".contains(&c);
        let dotted = |text: &str, fits: &dyn Fn(u8) -> bool| {
            text.split('.')
                .all(|part| !part.is_empty() && part.bytes().all(fits))
        };
        let (local, domain) = text.rsplit_once('@')?;
        let fits = text.len() <= ADDRESS_BYTES
            && local.len() <= LOCAL_BYTES
            && dotted(local, &atom)
            && dotted(domain, &|c| c.is_ascii_alphanumeric() || c == b'-');
        fits.then(|| Self(text.to_owned()))
    }

    fn domain(&self) -> &str {
        self.0.rsplit_once('@').map_or("", |(_, domain)| domain)
    }
}

/// Where mail is put, and who it is from.
#[derive(Clone, Debug)]
pub struct Mail {
    /// The folder, which whoever sends the mail reads.
    pub folder: PathBuf,
    /// The sender.
    pub from: Address,
}

/// What is told, and to whom: the event's and the endpoint's ids, the address, and the event as webhooks have it.
pub(crate) struct Told<'a> {
    pub event: &'a str,
    pub endpoint: &'a str,
    pub to: Address,
    pub body: &'a str,
    pub at: UnixSeconds,
    /// The provider's origin, for the receipt's address.
    pub origin: &'a str,
}

impl Mail {
    /// Puts the mail into the folder. The same event again takes the place of its file, if that is still there, and is
    /// the same message to whoever reads mail. Errors are stable words.
    pub(crate) fn put(&self, told: &Told<'_>) -> Result<(), &'static str> {
        let text = self.write(told).ok_or("mail_malformed")?;
        let waiting = fs::read_dir(&self.folder).map_err(|_| "mail_folder")?;
        if waiting.take(WAITING).count() == WAITING {
            return Err("mail_folder_full");
        }
        let path = self.folder.join(format!("{}.{}.eml", told.event, told.endpoint));
        file::replace(&path, text.as_bytes()).map_err(|error| match error.kind() {
            io::ErrorKind::StorageFull => "mail_disk_full",
            _ => "mail_folder",
        })
    }

    /// The message (RFC 5322). Of the event it has what is named here and nothing else: no words of a shopper's, no
    /// digit of a card or an account.
    fn write(&self, told: &Told<'_>) -> Option<String> {
        let event: Value = serde_json::from_str(told.body).ok()?;
        let (kind, data) = (event["type"].as_str()?, &event["data"]);
        let mut lines = String::new();
        let mut line = |name: &str, value: &str| {
            // Writing to a text can't fail.
            let _ = write!(lines, "{name}: {value}\r\n");
        };
        line("What happened", kind);
        line("When", event["timestamp"].as_str()?);
        let mut subject = kind.to_owned();
        for (name, field) in [("Order", "order"), ("Charge", "charge"), ("Status", "status")] {
            if let Some(value) = data[field].as_str() {
                line(name, value);
            }
        }
        for (name, field) in [("Total", "total"), ("Amount", "amount")] {
            if let Some(money) = money(&data[field]) {
                line(name, &money);
                subject = format!("{subject}: {money}");
            }
        }
        if let Some(order) = data["order"].as_str() {
            subject = format!("{subject} for {order}");
        }
        if let Some(id) = data["id"].as_str() {
            line("Reference", id);
        }
        if let Some(receipt) = data["receipt"].as_str() {
            line("Receipt", &format!("{}/v1/receipts/{receipt}", told.origin));
        }
        let seconds = u64::try_from(told.at.0).ok()?;
        let date = httpdate::fmt_http_date(UNIX_EPOCH.checked_add(Duration::from_secs(seconds))?);
        let text = format!(
            "Date: {date}\r\nFrom: <{from}>\r\nTo: <{to}>\r\nMessage-ID: <{event}.{endpoint}@{domain}>\r\n\
             Subject: {subject}\r\nMIME-Version: 1.0\r\nContent-Type: text/plain; charset=us-ascii\r\n\
             Content-Transfer-Encoding: 7bit\r\nAuto-Submitted: auto-generated\r\n\r\n{lines}\r\n\
             This message can be forged by anybody: before you hand out what is worth it, look at the receipt.\r\n",
            // RFC 5322 writes the zone as a number.
            date = date.replace("GMT", "+0000"),
            from = self.from.0,
            to = told.to.0,
            event = told.event,
            endpoint = told.endpoint,
            domain = self.from.domain(),
        );
        // Ids, words and figures of our own are what is in it; a line break among them would be a header.
        let whole = text.is_ascii()
            && !text
                .split("\r\n")
                .any(|line| line.contains(['\r', '\n']) || line.len() > 998);
        whole.then_some(text)
    }
}

/// `4.50 EUR`.
fn money(value: &Value) -> Option<String> {
    let currency = Currency::parse(value["currency"].as_str()?).ok()?;
    let money = Money::new(value["amount"].as_i64()?, currency).ok()?;
    let shown = in_english(money, decimals(currency)?);
    let figures: String = shown
        .chars()
        .filter(|c| c.is_ascii_digit() || ".,-".contains(*c))
        .collect();
    Some(format!("{figures} {}", currency.as_str()))
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn mail(folder: PathBuf) -> Mail {
        Mail {
            folder,
            from: Address::parse("pay@provider.example").unwrap(),
        }
    }

    fn told(body: &str) -> Told<'_> {
        Told {
            event: "evt_1",
            endpoint: "whk_2",
            to: Address::parse("owner@shop.example").unwrap(),
            body,
            at: UnixSeconds(1_795_448_947),
            origin: "https://pay.example",
        }
    }

    const PAID: &str = r#"{"type":"charge.paid","timestamp":"2026-11-23T15:49:07Z","data":{"id":"chg_3","status":"paid",
        "receipt":"rcp_4","order":"A-1","total":{"amount":450,"currency":"EUR"},"fee":0,"captured":450,"refunded":0,
        "hint":{"brand":"visa","last_four":"4242"},"created_at":1795448940}}"#;

    #[test]
    fn a_sale_is_a_message_without_a_digit_of_the_card() {
        let folder = tempfile::tempdir().unwrap();
        let mail = mail(folder.path().to_owned());
        for _ in 0..2 {
            mail.put(&told(PAID)).unwrap();
        }
        let files: Vec<_> = fs::read_dir(folder.path())
            .unwrap()
            .map(|file| file.unwrap().file_name())
            .collect();
        assert_eq!(files, ["evt_1.whk_2.eml"]);
        assert_eq!(
            fs::read_to_string(folder.path().join("evt_1.whk_2.eml")).unwrap(),
            "Date: Mon, 23 Nov 2026 15:49:07 +0000\r\nFrom: <pay@provider.example>\r\nTo: <owner@shop.example>\r\n\
             Message-ID: <evt_1.whk_2@provider.example>\r\nSubject: charge.paid: 4.50 EUR for A-1\r\nMIME-Version: 1.0\r\n\
             Content-Type: text/plain; charset=us-ascii\r\nContent-Transfer-Encoding: 7bit\r\n\
             Auto-Submitted: auto-generated\r\n\r\nWhat happened: charge.paid\r\nWhen: 2026-11-23T15:49:07Z\r\n\
             Order: A-1\r\nStatus: paid\r\nTotal: 4.50 EUR\r\nReference: chg_3\r\n\
             Receipt: https://pay.example/v1/receipts/rcp_4\r\n\r\n\
             This message can be forged by anybody: before you hand out what is worth it, look at the receipt.\r\n"
        );
    }

    #[test]
    fn a_folder_that_is_not_there_or_full_takes_nothing() {
        let folder = tempfile::tempdir().unwrap();
        assert_eq!(
            mail(folder.path().join("none")).put(&told(PAID)),
            Err("mail_folder")
        );
        for n in 0..WAITING {
            fs::write(folder.path().join(n.to_string()), "").unwrap();
        }
        assert_eq!(
            mail(folder.path().to_owned()).put(&told(PAID)),
            Err("mail_folder_full")
        );
    }

    #[test]
    fn an_address_is_one_and_nothing_more() {
        for good in ["a@b", "first.last+tag@mail.shop.example", "o'neill@x-y.example"] {
            assert!(Address::parse(good).is_some(), "{good}");
        }
        for bad in [
            "",
            "a",
            "@b",
            "a@",
            "a@b@c",
            "a..b@c",
            ".a@b",
            "a@b.",
            "a b@c",
            "<a@b>",
            "a@b\r\nBcc: c@d",
            "a,b@c",
            "\"a\"@b",
            "ä@b",
            "a@[127.0.0.1]",
        ] {
            assert!(Address::parse(bad).is_none(), "{bad}");
        }
        assert!(Address::parse(&format!("{}@b", "a".repeat(65))).is_none());
    }

    proptest! {
        /// Whatever an event holds: no header of the message is anybody's but ours.
        #[test]
        fn no_event_writes_a_header(order in "(?s).{0,80}", status in "(?s).{0,80}", kind in "(?s).{0,40}") {
            let body = serde_json::json!({
                "type": kind, "timestamp": "2026-11-23T15:49:07Z", "data": { "order": order, "status": status },
            });
            let Some(text) = mail(PathBuf::new()).write(&told(&body.to_string())) else { return Ok(()) };
            let (head, _) = text.split_once("\r\n\r\n").unwrap();
            prop_assert_eq!(head.split("\r\n").count(), 9);
        }
    }
}
