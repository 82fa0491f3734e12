//! The chart in `docs/BENCHMARKS.md`: how long until a field can be focused, and until the form works.

use std::fmt::Write as _;

use crate::Row;

const WIDTH: f64 = 720.0;
const LEFT: f64 = 200.0;
const ROW: f64 = 56.0;
const TOP: f64 = 16.0;

/// Two bars for each page.
#[expect(clippy::cast_precision_loss, reason = "places on a chart")]
pub fn svg(rows: &[Row]) -> String {
    let times = rows.iter().map(|row| {
        (
            row,
            row.median(|seen| seen.focusable),
            row.median(|seen| seen.ready),
        )
    });
    let times: Vec<_> = times.collect();
    let most = times.iter().map(|(_, _, ready)| *ready).fold(1_000.0, f64::max);
    let width = |ms: f64| (WIDTH - LEFT - 72.0) * ms / most;
    let height = TOP + ROW * rows.len() as f64 + 24.0;
    let mut text = format!(
        "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 {WIDTH} {height}\" font-family=\"sans-serif\" font-size=\"12\" role=\"img\" \
         aria-label=\"time until a field can be focused and until the form works\"><rect width=\"100%\" height=\"100%\" fill=\"#fff\"/>\n"
    );
    for (place, (row, focusable, ready)) in times.iter().enumerate() {
        let top = TOP + ROW * place as f64;
        let _ = writeln!(
            text,
            "<text x=\"{}\" y=\"{:.1}\" text-anchor=\"end\">{}</text>",
            LEFT - 8.0,
            top + 24.0,
            row.name()
        );
        for (offset, ms, colour) in [(0.0, focusable, "#0b5f48"), (20.0, ready, "#9fc9ba")] {
            let _ = writeln!(
                text,
                "<rect x=\"{LEFT}\" y=\"{:.1}\" width=\"{:.1}\" height=\"16\" fill=\"{colour}\"/><text x=\"{:.1}\" y=\"{:.1}\">{ms:.0} ms</text>",
                top + offset,
                width(*ms),
                LEFT + width(*ms) + 6.0,
                top + offset + 12.5
            );
        }
    }
    let _ = writeln!(
        text,
        "<text x=\"{LEFT}\" y=\"{:.1}\">dark: a field can be focused; light: the form works. Slow 4G, processor four times slower</text>",
        height - 8.0
    );
    text + "</svg>\n"
}
