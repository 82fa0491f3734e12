/// For how long what is pressed must have been in plain sight, in milliseconds: longer than a hand needs to stop when
/// something moves under it.
pub const PLAIN_SIGHT_MS: u32 = 500;

/// For how long what was pressed had been in plain sight, in milliseconds: on the screen, and as far as the browser
/// tells, with nothing painted over it. For a key, or for what reads the screen out, it need not be on the screen.
#[derive(Clone, Copy, Debug, Default, Eq, PartialEq)]
pub struct Sight(pub u32);

impl Sight {
    /// Whether the press counts as the shopper's word.
    #[must_use]
    pub fn is_plain(self) -> bool {
        self.0 >= PLAIN_SIGHT_MS
    }
}
