//! Chance that is the same for the same seed.

/// A source of draws (SplitMix64).
pub struct Chance(u64);

impl Chance {
    /// The source with this seed.
    pub fn new(seed: u64) -> Self {
        Self(seed)
    }

    /// The next draw.
    pub fn draw(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let z = (self.0 ^ (self.0 >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        let z = (z ^ (z >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        z ^ (z >> 31)
    }

    /// One of the numbers from 0 to `count` − 1.
    pub fn below(&mut self, count: u64) -> u64 {
        self.draw() % count
    }

    /// One of the numbers from `first` to `last`.
    pub fn between(&mut self, first: i64, last: i64) -> i64 {
        let count = u64::try_from(last - first + 1).unwrap();
        first + i64::try_from(self.below(count)).unwrap()
    }

    /// 32 bytes.
    pub fn bytes(&mut self) -> [u8; 32] {
        let mut bytes = [0; 32];
        for chunk in bytes.chunks_mut(8) {
            chunk.copy_from_slice(&self.draw().to_be_bytes());
        }
        bytes
    }

    /// The number of a card that pays, and that hardly any other draw has.
    pub fn card(&mut self) -> String {
        let mut digits = b"4242".map(|digit| digit - b'0').to_vec();
        for _ in 0..11 {
            digits.push(u8::try_from(self.below(10)).unwrap());
        }
        // Luhn: from the right, the check digit being the first, every second digit counts twice.
        let sum: u8 = digits.iter().rev().zip(0..).fold(0, |sum, (digit, place)| {
            let counts = if place % 2 == 0 { digit * 2 } else { *digit };
            (sum + counts / 10 + counts % 10) % 10
        });
        digits.push((10 - sum) % 10);
        digits.into_iter().map(|digit| char::from(b'0' + digit)).collect()
    }
}
