//! Choices from random bytes. A byte that shrinks to nothing chooses the plainest.

/// How many throws there are for one table.
pub(crate) const THROWS: usize = 32;

/// A cup of throws, taken one by one.
pub(crate) struct Dice<'t> {
    throws: &'t [u8; THROWS],
    next: usize,
}

impl<'t> Dice<'t> {
    pub(crate) const fn new(throws: &'t [u8; THROWS]) -> Self {
        Self { throws, next: 0 }
    }

    fn throw(&mut self) -> u8 {
        let throw = self.throws[self.next % THROWS];
        self.next += 1;
        // Where more is asked than was thrown, the same throws mean something else.
        throw.rotate_left(u32::try_from(self.next / THROWS).unwrap_or_default())
    }

    /// One of these; the first one where nothing was thrown.
    pub(crate) fn one_of<T: Clone>(&mut self, choices: &[T]) -> T {
        choices[usize::from(self.throw()) % choices.len()].clone()
    }

    /// Yes once in this many times, at most.
    pub(crate) fn once_in(&mut self, times: u8) -> bool {
        self.throw() % times == times - 1
    }

    /// The value, once in this many times.
    pub(crate) fn maybe<T>(&mut self, times: u8, value: T) -> Option<T> {
        self.once_in(times).then_some(value)
    }
}
