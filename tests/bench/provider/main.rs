//! How many tokens and charges a second the provider takes, with the load on the same machine: `cargo xtask bench provider`.
//!
//! The load is open: requests leave when they are due, whether or not the ones before are answered, and each is timed from
//! when it was due. A provider that falls behind is not asked more slowly for it, so nothing is left out of the figures.
//! Quotes, and the sealing that is the shopper's work, come before the clock starts.

mod chart;
mod commits;
mod load;
mod stored;

use std::{fmt::Write as _, fs, path::Path, process::Command, time::Duration};

use farthing_journeys::{merchant::Merchant, process::free_port, project, provider::Provider};

use load::{Load, Phase};
use stored::Stored;

/// Requests a second that are tried, one after the other, until one is too many.
const RATES: [u64; 8] = [250, 500, 750, 1_000, 1_250, 1_500, 2_000, 3_000];
/// How long each is kept up.
const SECONDS: u64 = 4;
/// What is too slow.
const P99: Duration = Duration::from_millis(50);

/// What one database came to.
pub struct Row {
    database: &'static str,
    stored: u64,
    commits: u64,
    memory_mb: u64,
    tokens: Vec<Phase>,
    charges: Vec<Phase>,
}

fn main() {
    // `cargo bench` says how it runs us; of what is left, numbers are how many payments are stored.
    let sizes: Vec<u64> = std::env::args()
        .skip(1)
        .filter_map(|word| word.parse().ok())
        .collect();
    let sizes = if sizes.is_empty() {
        vec![10_000, 1_000_000]
    } else {
        sizes
    };
    let runtime = tokio::runtime::Builder::new_multi_thread()
        .worker_threads(2)
        .enable_all()
        .build()
        .unwrap();
    let mut rows = Vec::new();
    for size in &sizes {
        rows.push(runtime.block_on(on("SQLite", *size, &Stored::sqlite())));
    }
    for size in &sizes {
        if let Some(server) = farthing_testkit::PostgresServer::start() {
            rows.push(runtime.block_on(on("PostgreSQL", *size, &Stored::postgres(server))));
        }
    }
    let table = table(&rows);
    println!("\n{table}");
    if let Some(folder) = std::env::var_os("FARTHING_BENCH_OUT") {
        let folder = Path::new(&folder);
        fs::create_dir_all(folder).unwrap();
        fs::write(folder.join("provider.md"), &table).unwrap();
        fs::write(folder.join("provider.svg"), chart::svg(&rows)).unwrap();
    }
}

async fn on(database: &'static str, size: u64, stored: &Stored) -> Row {
    let folder = project::empty_folder(&format!("bench.{database}.{size}"));
    let (origin, port) = Provider::address();
    let kiosk = Merchant::new(2, &format!("http://localhost:{}", free_port()), &origin);
    let shop = format!("http://localhost:{}", free_port());
    println!("==> {database}, {size} payments stored");
    let mut provider = Provider::start_on(&folder, (&origin, port), &shop, &[&kiosk], stored.url()).await;
    let load = Load::new(&kiosk);
    // One payment, of which the others are copies.
    load.pay_one().await;
    provider.stop();
    stored.fill(&folder, size);
    // A disk that still writes what was stored is no part of what is measured.
    assert!(Command::new("sync").status().unwrap().success());
    let commits = commits::a_second(stored, &folder);
    provider.start_again().await;

    let (mut tokens, mut charges) = (Vec::new(), Vec::new());
    let mut beyond = 0;
    for rate in RATES {
        let papers = load.papers(rate * SECONDS).await;
        let (of_tokens, tokens_made) = load.tokens(rate, papers).await;
        let of_charges = load.charges(rate, tokens_made).await;
        println!("    {of_tokens} | charges: {of_charges}");
        if of_tokens.is_beyond(P99) && of_charges.is_beyond(P99) {
            beyond += 1;
        }
        tokens.push(of_tokens);
        charges.push(of_charges);
        // Once may be the cold cache of the first requests.
        if beyond == 2 {
            break;
        }
    }
    let row = Row {
        database,
        stored: size,
        commits,
        memory_mb: provider.memory_mb(),
        tokens,
        charges,
    };
    provider.stop();
    drop(provider);
    fs::remove_dir_all(folder).unwrap();
    row
}

impl Row {
    /// The highest rate that was kept up in time, and how it went.
    fn best(phases: &[Phase]) -> Option<&Phase> {
        phases
            .iter()
            .filter(|phase| !phase.is_beyond(P99))
            .max_by_key(|phase| phase.rate)
    }
}

fn table(rows: &[Row]) -> String {
    let mut text = String::from(
        "| database | payments stored | tokens a second | p50 | p99 | charges a second | p50 | p99 | bare commits a second | memory |\n\
         |---|---|---|---|---|---|---|---|---|---|\n",
    );
    for row in rows {
        let of = |phases: &[Phase]| {
            Row::best(phases).map_or_else(
                || format!("under {} | – | –", RATES[0]),
                |phase| {
                    format!(
                        "{} | {} ms | {} ms",
                        phase.rate,
                        millis(phase.p50),
                        millis(phase.p99)
                    )
                },
            )
        };
        let _ = writeln!(
            text,
            "| {} | {} | {} | {} | {} | {} MB |",
            row.database,
            row.stored,
            of(&row.tokens),
            of(&row.charges),
            row.commits,
            row.memory_mb
        );
    }
    text
}

fn millis(duration: Duration) -> String {
    let tenths = duration.as_micros() / 100;
    format!("{}.{}", tenths / 10, tenths % 10)
}
