//! The chart in `docs/BENCHMARKS.md`: how long the slowest of a hundred charges takes at each rate.

use std::fmt::Write as _;

use crate::{RATES, Row};

const WIDTH: f64 = 720.0;
const HEIGHT: f64 = 320.0;
const LEFT: f64 = 64.0;
const BOTTOM: f64 = 48.0;
/// Milliseconds at the top.
const TOP_MS: f64 = 100.0;

#[expect(clippy::cast_precision_loss, reason = "places on a chart")]
pub fn svg(rows: &[Row]) -> String {
    let top_rate = RATES[RATES.len() - 1] as f64;
    let x = |rate: u64| LEFT + (WIDTH - LEFT - 120.0) * rate as f64 / top_rate;
    let y = |ms: f64| HEIGHT - BOTTOM - (HEIGHT - BOTTOM - 24.0) * ms.min(TOP_MS) / TOP_MS;
    let mut text = format!(
        "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 {WIDTH} {HEIGHT}\" font-family=\"sans-serif\" font-size=\"12\" role=\"img\" \
         aria-label=\"p99 of charges by rate\"><rect width=\"100%\" height=\"100%\" fill=\"#fff\"/>\n"
    );
    for ms in [0.0, 25.0, 50.0, 75.0, 100.0] {
        let at = y(ms);
        let _ = writeln!(
            text,
            "<line x1=\"{LEFT}\" x2=\"{}\" y1=\"{at:.1}\" y2=\"{at:.1}\" stroke=\"#ddd\"/><text x=\"{}\" y=\"{:.1}\" text-anchor=\"end\">{ms} ms</text>",
            WIDTH - 120.0,
            LEFT - 8.0,
            at + 4.0
        );
    }
    for rate in RATES {
        let _ = writeln!(
            text,
            "<text x=\"{:.1}\" y=\"{}\" text-anchor=\"middle\">{rate}</text>",
            x(rate),
            HEIGHT - BOTTOM + 18.0
        );
    }
    let _ = writeln!(
        text,
        "<text x=\"{}\" y=\"{}\">charges a second; p99 from when each was due</text>",
        LEFT,
        HEIGHT - 8.0
    );
    for (row, colour) in rows.iter().zip(["#0b5cad", "#b34700", "#2b7a3d", "#7a2b6f"]) {
        let points: Vec<(f64, f64)> = row
            .charges
            .iter()
            .map(|phase| (x(phase.rate), y(phase.p99.as_secs_f64() * 1_000.0)))
            .collect();
        let line: Vec<String> = points.iter().map(|(x, y)| format!("{x:.1},{y:.1}")).collect();
        let _ = writeln!(
            text,
            "<polyline points=\"{}\" fill=\"none\" stroke=\"{colour}\" stroke-width=\"2\"/>",
            line.join(" ")
        );
        if let Some((x, y)) = points.last() {
            let _ = writeln!(
                text,
                "<text x=\"{:.1}\" y=\"{:.1}\" fill=\"{colour}\">{}, {} stored</text>",
                (x + 6.0).min(WIDTH - 140.0),
                y - 4.0,
                row.database,
                row.stored
            );
        }
    }
    text + "</svg>\n"
}
