//! Holding a law against many pairs, and making a pair that breaks it small.

use std::panic::{AssertUnwindSafe, catch_unwind};

use autogen_schema::Backend;

use crate::pairs::{Pair, any_pair};
use crate::shrink::simpler;

/// Where a law was broken, and how.
#[derive(Debug)]
pub(crate) struct Broken {
    /// The step. What is smaller must break at the same one.
    pub(crate) step: &'static str,
    /// What was seen there.
    pub(crate) seen: String,
}

impl Broken {
    pub(crate) fn at(step: &'static str, seen: impl Into<String>) -> Self {
        Self { step, seen: seen.into() }
    }
}

pub(crate) type Outcome = Result<(), Broken>;

/// How many smaller pairs are tried, unless AUTOGEN_LAW_TRIALS says otherwise. On a server 300 take about a minute.
const TRIALS: u64 = 300;
/// Where the numbers begin, unless AUTOGEN_LAW_SEED says otherwise.
const SEED: u64 = 20_261_121;

/// Holds the law against as many pairs as AUTOGEN_LAW_CASES says, else `cases`; the number of them. Where the environment
/// says nothing, those that once broke it come first.
#[expect(clippy::print_stderr, reason = "making a pair small may take longer than somebody waits")]
pub(crate) fn hold(backend: Backend, cases: u64, once_broken: &[u64], mut law: impl FnMut(&Pair) -> Outcome) -> u64 {
    let seeds = numbers(cases, once_broken);
    for (before, seed) in seeds.iter().copied().enumerate() {
        let pair = any_pair(backend, seed);
        if let Err(broken) = attempt(&mut law, &pair) {
            let again = format!("AUTOGEN_LAW_SEED={seed} AUTOGEN_LAW_CASES=1");
            eprintln!("{backend}, {again} breaks at `{}`; looking for a smaller pair", broken.step);
            let (pair, Broken { step, seen }) = shrink(&mut law, pair, broken);
            panic!("{backend}, {again}, after {} pairs: {step}: {seen}\n{pair:#?}", before + 1);
        }
    }
    u64::try_from(seeds.len()).expect("a number of cases")
}

/// The numbers of the pairs to try.
pub(crate) fn numbers(cases: u64, once_broken: &[u64]) -> Vec<u64> {
    let asked = (number("AUTOGEN_LAW_CASES"), number("AUTOGEN_LAW_SEED"));
    let (cases, first) = (asked.0.unwrap_or(cases), asked.1.unwrap_or(SEED));
    let before: &[u64] = if asked == (None, None) { once_broken } else { &[] };
    before.iter().copied().chain(first..first + cases).collect()
}

fn number(variable: &str) -> Option<u64> {
    std::env::var(variable).ok().map(|text| text.parse().unwrap_or_else(|_| panic!("{variable} is no number: {text}")))
}

fn attempt(law: &mut impl FnMut(&Pair) -> Outcome, pair: &Pair) -> Outcome {
    catch_unwind(AssertUnwindSafe(|| law(pair))).unwrap_or_else(|payload| {
        let said = payload.downcast_ref::<String>().cloned();
        let said = said.or_else(|| payload.downcast_ref::<&str>().map(ToString::to_string));
        Err(Broken::at("a panic", said.unwrap_or_default()))
    })
}

/// The smallest pair found that breaks the law at the same step.
fn shrink(law: &mut impl FnMut(&Pair) -> Outcome, mut pair: Pair, mut broken: Broken) -> (Pair, Broken) {
    let mut trials = number("AUTOGEN_LAW_TRIALS").unwrap_or(TRIALS);
    loop {
        let found = simpler(&pair).into_iter().find_map(|candidate| {
            trials = trials.checked_sub(1)?;
            let smaller = attempt(law, &candidate).err().filter(|smaller| smaller.step == broken.step)?;
            Some((candidate, smaller))
        });
        match found {
            Some(smaller) => (pair, broken) = smaller,
            None => return (pair, broken),
        }
    }
}
