use fastrand::Rng;

/// What a disk writes whole, or not at all.
const SECTOR: usize = 512;

/// What remains of the changes that were not synced when the power is cut.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum Kept {
    /// Nothing.
    Nothing,
    /// The changes up to one of them, of which some sectors were written: a disk that keeps the order.
    Prefix,
    /// Some sectors of some changes, whatever came first: a disk that does not.
    Scattered,
    /// Everything: the disk was quicker than the cut.
    Everything,
}

/// A change to one file.
pub(crate) struct Change {
    /// Which change it was on this disk.
    pub(crate) order: u64,
    pub(crate) what: What,
}

pub(crate) enum What {
    Write { at: usize, bytes: Vec<u8> },
    Length(usize),
}

/// Which changes remain, for all files of one disk.
pub(crate) struct Loss {
    rng: Rng,
    kept: Kept,
    /// For a prefix: the change that is torn.
    torn: u64,
    /// For scattered sectors: how many of eight remain.
    eighths: u8,
}

impl Loss {
    /// `orders`: of every change that is at stake.
    pub(crate) fn new(kept: Kept, seed: u64, mut orders: Vec<u64>) -> Self {
        let mut rng = Rng::with_seed(seed);
        orders.sort_unstable();
        let torn = orders.get(rng.usize(0..=orders.len()));
        Self {
            torn: torn.copied().unwrap_or(u64::MAX),
            eighths: rng.u8(1..8),
            rng,
            kept,
        }
    }

    /// Whether a name that was made or deleted, and not synced, is so on the disk.
    pub(crate) fn keeps_name(&mut self) -> bool {
        match self.kept {
            Kept::Nothing => false,
            Kept::Everything => true,
            Kept::Prefix | Kept::Scattered => self.rng.bool(),
        }
    }

    /// Writes into `content` what remains of `change`.
    pub(crate) fn write(&mut self, content: &mut Vec<u8>, change: &Change) {
        let eighths = match self.kept {
            Kept::Nothing => 0,
            Kept::Everything => 8,
            Kept::Prefix if change.order < self.torn => 8,
            Kept::Prefix if change.order > self.torn => 0,
            Kept::Prefix => 4,
            Kept::Scattered => self.eighths,
        };
        match &change.what {
            What::Length(length) if self.rng.u8(0..8) < eighths => content.resize(*length, 0),
            What::Length(_) => {}
            What::Write { at, bytes } => {
                let mut at = *at;
                let mut rest = bytes.as_slice();
                while !rest.is_empty() {
                    let (sector, after) = rest.split_at(rest.len().min(SECTOR - at % SECTOR));
                    if self.rng.u8(0..8) < eighths {
                        self.put(content, at, sector);
                    }
                    (at, rest) = (at + sector.len(), after);
                }
            }
        }
    }

    /// Where a file has grown over sectors that were not written, they hold what was there before: anything.
    fn put(&mut self, content: &mut Vec<u8>, at: usize, sector: &[u8]) {
        while content.len() < at {
            content.push(self.rng.u8(..));
        }
        put(content, at, sector);
    }
}

/// Writes `bytes` at `at`; a gap before it is zeros.
pub(crate) fn put(content: &mut Vec<u8>, at: usize, bytes: &[u8]) {
    if content.len() < at {
        content.resize(at, 0);
    }
    let (over, beyond) = bytes.split_at(bytes.len().min(content.len() - at));
    content[at..at + over.len()].copy_from_slice(over);
    content.extend_from_slice(beyond);
}

#[cfg(test)]
mod tests {
    use super::*;

    fn write(order: u8, at: usize, bytes: &[u8]) -> Change {
        let bytes = bytes.to_vec();
        Change {
            order: order.into(),
            what: What::Write { at, bytes },
        }
    }

    fn after(kept: Kept, seed: u64, before: &[u8], changes: &[Change]) -> Vec<u8> {
        let mut loss = Loss::new(kept, seed, changes.iter().map(|change| change.order).collect());
        let mut content = before.to_vec();
        for change in changes {
            loss.write(&mut content, change);
        }
        content
    }

    #[test]
    fn a_prefix_is_whole_up_to_one_torn_change() {
        let changes: Vec<Change> = (1..=6).map(|n| write(n, 0, &[n; 2 * SECTOR])).collect();
        let mut torn = 0;
        for seed in 0..200 {
            let content = after(Kept::Prefix, seed, &[0; 2 * SECTOR], &changes);
            let (first, second) = (content[0], content[SECTOR]);
            assert!(content[..SECTOR].iter().all(|byte| *byte == first));
            assert!(content[SECTOR..].iter().all(|byte| *byte == second));
            assert!(first.abs_diff(second) <= 1, "{first} {second}");
            torn += usize::from(first != second);
        }
        assert!(torn > 20, "{torn}");
    }

    #[test]
    fn scattered_sectors_come_in_any_order_and_a_gap_holds_anything() {
        let changes: Vec<Change> = (0..8)
            .map(|n| write(n, usize::from(n) * SECTOR, &[1; SECTOR]))
            .collect();
        let (mut out_of_order, mut rubbish) = (0, 0);
        for seed in 0..200 {
            let content = after(Kept::Scattered, seed, &[], &changes);
            let kept: Vec<bool> = content
                .chunks(SECTOR)
                .map(|sector| sector == [1; SECTOR])
                .collect();
            out_of_order += usize::from(kept.windows(2).any(|pair| !pair[0] && pair[1]));
            rubbish += usize::from(content.iter().any(|byte| *byte > 1));
        }
        assert!(out_of_order > 100 && rubbish > 100, "{out_of_order} {rubbish}");
    }

    #[test]
    fn bytes_beside_a_write_are_never_touched() {
        for seed in 0..200 {
            let content = after(Kept::Scattered, seed, &[7; 1_500], &[write(1, 100, &[1; 1_000])]);
            assert!(
                content[..100]
                    .iter()
                    .chain(&content[1_100..])
                    .all(|byte| *byte == 7)
            );
        }
    }

    #[test]
    fn the_same_seed_loses_the_same() {
        let changes: Vec<Change> = (0..20)
            .map(|n| write(n, usize::from(n) * 300, &[n; 700]))
            .collect();
        for kept in [Kept::Prefix, Kept::Scattered] {
            let of = |seed| after(kept, seed, &[0; 600], &changes);
            assert_eq!(of(5), of(5));
            assert!((0..20).any(|seed| of(seed) != of(5)));
        }
    }
}
