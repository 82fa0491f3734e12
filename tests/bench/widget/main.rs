//! What a checkout costs a page, beside the least that there can be and what peers publish: `cargo xtask bench widget`.
//!
//! Everything is on this machine: the browser, the provider as it is shipped, a server for all sites with TLS and HTTP/2,
//! and between browser and server a line of known speed. Each look is a new browser with nothing cached. The pages take
//! turns, so that what else the machine does is shared by all, and the medians are what is told.

mod browser;
mod chart;
mod line;
mod look;
mod server;
mod subjects;
mod table;

use std::{fs, path::Path, time::Duration};

use farthing_journeys::{merchant::Merchant, project, provider::Provider, shop::Shop};

use line::{Line, Speed};
use look::Seen;
use server::Servers;
use subjects::{SHOP, Subject};

/// How often each page is looked at, unless told otherwise.
const LOOKS: usize = 5;
/// What lighthouse and browsers call slow 4G.
const SLOW_4G: Speed = Speed {
    down: 1_600_000,
    up: 750_000,
    round_trip: Duration::from_millis(150),
};

/// What one page came to under one condition.
pub struct Row {
    subject: Subject,
    seen: Vec<Seen>,
}

fn main() {
    // `cargo bench` says how it runs us; of what is left, a number is how often each page is looked at.
    let looks = std::env::args()
        .skip(1)
        .find_map(|word| word.parse().ok())
        .unwrap_or(LOOKS)
        .max(1);
    let runtime = tokio::runtime::Builder::new_multi_thread()
        .worker_threads(2)
        .enable_all()
        .build()
        .unwrap();
    let (slow, fast) = runtime.block_on(measure(looks));
    let text = format!(
        "Slow 4G (1.6 Mbit/s, 150 ms), the processor four times slower:\n\n{}\nNeither:\n\n{}",
        table::of(&slow),
        table::of(&fast)
    );
    println!("\n{text}");
    if let Some(folder) = std::env::var_os("FARTHING_BENCH_OUT") {
        let folder = Path::new(&folder);
        fs::create_dir_all(folder).unwrap();
        fs::write(folder.join("widget.md"), &text).unwrap();
        fs::write(folder.join("widget.svg"), chart::svg(&slow)).unwrap();
    }
}

async fn measure(looks: usize) -> (Vec<Row>, Vec<Row>) {
    let folder = project::empty_folder("bench.widget");
    let (origin, port) = Provider::address();
    let kiosk = Merchant::new(2, &format!("https://{SHOP}"), &origin);
    // The provider knows itself by this address; what its frame asks for is on whatever site the frame came from.
    let provider = Provider::start(&folder, (&origin, port), &Shop::address(), &[&kiosk], None).await;
    let slow_line = Some(Line::new(SLOW_4G));
    let slow = Servers::start(subjects::sites(&kiosk, &provider).await, slow_line).await;
    let fast = Servers::start(subjects::sites(&kiosk, &provider).await, None).await;

    let rows = || {
        Subject::ALL.map(|subject| Row {
            subject,
            seen: Vec::new(),
        })
    };
    let (mut slow_rows, mut fast_rows) = (rows(), rows());
    for turn in 1..=looks {
        for (servers, slower, rows) in [(&slow, 4, &mut slow_rows), (&fast, 1, &mut fast_rows)] {
            for row in rows {
                let profile = folder.join(format!("{turn}.{slower}.{:?}", row.subject));
                fs::create_dir_all(&profile).unwrap();
                let seen = look::look(row.subject, servers, slower, &profile).await;
                println!(
                    "    {turn} of {looks}, {slower}x: {:<28} focusable {:>5.0} ms, ready {:>5.0} ms, {:>7.0} bytes",
                    row.subject.name(),
                    seen.focusable,
                    seen.ready,
                    seen.bytes
                );
                row.seen.push(seen);
                let _left = fs::remove_dir_all(profile);
            }
        }
    }
    drop(provider);
    fs::remove_dir_all(folder).unwrap();
    (slow_rows.into(), fast_rows.into())
}
