//! Work on many things at once: on as many threads as there is work for, with the answers in the order of the things.

use std::sync::atomic::{AtomicUsize, Ordering};
use std::thread;

/// The parser descends with the nesting of the source, so a thread that parses has room for it.
pub(crate) const STACK: usize = 64 << 20;

/// How many things a thread takes at a time; fewer than this are not worth a thread.
const PORTION: usize = 16;

/// Does the work for each portion of the items. The caller's thread works too, and has to have room for it.
pub(crate) fn map_portions<T: Sync, R: Send>(items: &[T], work: impl Fn(&[T]) -> Vec<R> + Sync) -> Vec<R> {
    let portions: Vec<&[T]> = items.chunks(PORTION).collect();
    let threads = thread::available_parallelism().map_or(1, usize::from).min(portions.len());
    let next = AtomicUsize::new(0);
    let take = || {
        let mut done = Vec::new();
        loop {
            let at = next.fetch_add(1, Ordering::Relaxed);
            match portions.get(at) {
                Some(portion) => done.push((at, work(portion))),
                None => return done,
            }
        }
    };
    let mut done = thread::scope(|scope| {
        let start = || thread::Builder::new().stack_size(STACK).spawn_scoped(scope, take);
        let others: Vec<_> = (1..threads).map(|_| start().expect("a thread can be started")).collect();
        let mut done = take();
        done.extend(others.into_iter().flat_map(|other| other.join().expect("reading entities does not panic")));
        done
    });
    done.sort_unstable_by_key(|(at, _)| *at);
    done.into_iter().flat_map(|(_, answers)| answers).collect()
}
