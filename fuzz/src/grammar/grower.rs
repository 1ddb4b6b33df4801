//! Takes choices from an input's bytes.

/// The bytes that are left, and the text they became.
pub struct Grower<'a> {
    pub(super) bytes: std::slice::Iter<'a, u8>,
    pub(super) text: String,
    /// Whether migrations are grown.
    pub(super) sql: bool,
}

impl Grower<'_> {
    pub(super) fn byte(&mut self) -> usize {
        self.bytes.next().map_or(0, |byte| usize::from(*byte))
    }

    pub(super) fn spent(&self) -> bool {
        self.bytes.len() == 0 || self.text.len() > 20_000
    }

    pub(super) fn pick(&mut self, from: &[&str]) {
        let at = self.byte();
        self.text.push_str(from[at % from.len()]);
    }

    pub(super) fn name(&mut self) {
        self.pick(&["a", "b", "c", "d", "e"]);
    }
}
