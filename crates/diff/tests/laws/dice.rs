//! Choices from one number: the same number makes the same choices, and another one at single throws makes a schema that
//! is nearly the same.

/// A cup of throws, taken one by one.
pub(crate) struct Dice {
    seed: u64,
    next: u64,
    /// Throws that fall otherwise.
    departures: Vec<u64>,
}

impl Dice {
    pub(crate) fn new(seed: u64) -> Self {
        Self::departing(seed, Vec::new())
    }

    pub(crate) fn departing(seed: u64, departures: Vec<u64>) -> Self {
        Self { seed, next: 0, departures }
    }

    /// A number of any size.
    pub(crate) fn number(&mut self) -> u64 {
        self.next += 1;
        let departs = u64::from(self.departures.contains(&self.next));
        scatter(scatter(self.seed ^ departs).wrapping_add(self.next))
    }

    /// One of these.
    pub(crate) fn one_of<T: Clone>(&mut self, choices: &[T]) -> T {
        let count = u64::try_from(choices.len()).expect("a handful");
        choices[usize::try_from(self.number() % count).expect("less than the count")].clone()
    }

    /// Yes once in this many times.
    pub(crate) fn once_in(&mut self, times: u8) -> bool {
        self.number().is_multiple_of(u64::from(times))
    }

    /// The value, once in this many times.
    pub(crate) fn maybe<T>(&mut self, times: u8, value: T) -> Option<T> {
        self.once_in(times).then_some(value)
    }
}

/// SplitMix64: https://prng.di.unimi.it/splitmix64.c
fn scatter(number: u64) -> u64 {
    let mut z = number.wrapping_add(0x9e37_79b9_7f4a_7c15);
    z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
    z ^ (z >> 31)
}
