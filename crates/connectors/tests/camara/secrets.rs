//! The number and the passcode are in no log and in no file.

use std::{
    fmt::{Debug, Write as _},
    sync::{Arc, Mutex},
};

use farthing_gateway::Connector;
use farthing_testkit::{CarrierManner, PhoneCarrier};
use tracing::{
    Event, Metadata, Subscriber,
    field::{Field, Visit},
    span::{Attributes, Id, Record},
};

use crate::{
    Shopper, charge,
    line::{Fate, Line},
    open, quote,
};

/// Everything that is said, of every level.
#[derive(Clone, Default)]
struct Heard(Arc<Mutex<String>>);

impl Visit for Heard {
    fn record_debug(&mut self, field: &Field, value: &dyn Debug) {
        writeln!(self.0.lock().unwrap(), "{field}={value:?}").unwrap();
    }
}

impl Subscriber for Heard {
    fn enabled(&self, _: &Metadata<'_>) -> bool {
        true
    }

    fn new_span(&self, span: &Attributes<'_>) -> Id {
        span.record(&mut self.clone());
        Id::from_u64(1)
    }

    fn record(&self, _: &Id, values: &Record<'_>) {
        values.record(&mut self.clone());
    }

    fn record_follows_from(&self, _: &Id, _: &Id) {}

    fn event(&self, event: &Event<'_>) {
        event.record(&mut self.clone());
    }

    fn enter(&self, _: &Id) {}

    fn exit(&self, _: &Id) {}
}

#[tokio::test]
async fn no_number_and_no_passcode_is_in_a_log_or_a_file() {
    let heard = Heard::default();
    let _listening = tracing::subscriber::set_default(heard.clone());
    let (carrier, folder) = (PhoneCarrier::start(), tempfile::tempdir().unwrap());
    let numbers = [
        PhoneCarrier::PAYS,
        PhoneCarrier::DECLINED,
        PhoneCarrier::LOW,
        PhoneCarrier::BARRED,
        PhoneCarrier::SLOW,
        PhoneCarrier::PAGE,
        PhoneCarrier::UNASKED,
    ];
    let lose = |number: usize, _: &str| {
        if number % 5 == 4 {
            Fate::LoseAnswer
        } else {
            Fate::Pass
        }
    };
    let (_line, port) = Line::lay(carrier.port(), lose).await;
    let camara = open(port, folder.path());
    let mut of = 0;
    for repeats in [true, false] {
        carrier.manner(CarrierManner {
            repeats,
            ..CarrierManner::default()
        });
        for number in numbers {
            of += 1;
            let one = Shopper {
                number,
                of,
                minor: 500,
            };
            // What comes of each is told elsewhere.
            let _ = one.ask(&camara).await;
            let _ = one.types(&camara, "777777").await;
            let _ = one.types(&camara, PhoneCarrier::PASSCODE).await;
            let _ = one.pays(&camara, true).await;
            let _ = camara.look_up(&charge(of)).await;
            let _ = one.gets_back(&camara, of, 100).await;
            let _ = camara.abandon(&quote(of)).await;
        }
    }
    let log = heard.0.lock().unwrap().clone();
    assert!(log.contains("CARRIER_BILLING.INVALID_CODE"), "{log}");
    assert!(log.contains("the carrier refused"), "{log}");
    let mut files = 0;
    let mut written = log;
    for file in std::fs::read_dir(folder.path()).unwrap() {
        files += 1;
        written.push_str(&String::from_utf8_lossy(
            &std::fs::read(file.unwrap().path()).unwrap(),
        ));
    }
    assert!(files >= 2 && written.contains(quote(1).as_str()), "{files}");
    for number in numbers {
        assert!(!written.contains(number.trim_start_matches('+')), "{number}");
    }
    for passcode in ["777777", PhoneCarrier::PASSCODE] {
        assert!(!written.contains(passcode), "{passcode}");
    }
}
