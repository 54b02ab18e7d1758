//! The threads that hash passwords, and the queue in front of them.

use std::io;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::mpsc::{Receiver, RecvTimeoutError, SyncSender, sync_channel};
use std::sync::{Arc, Mutex, PoisonError};
use std::thread;
use std::time::Duration;

use tokio::sync::oneshot;

use crate::domain::password::Hasher;
use crate::error::Error;

/// With more password checks waiting than this, the next is turned away with 503.
const LONGEST_QUEUE: usize = 64;

/// After so long without a password to check, Argon2's memory is given back.
const QUIET: Duration = Duration::from_secs(10);
/// Then a thread steps aside for so long: without, it would take the queue again before those who wait for it.
const ASIDE: Duration = Duration::from_millis(1);

/// How far behind other threads these stand for a core, of 19 at most: a quarter of a core is theirs where pages want all of it.
const NICE: i32 = 5;

type Work = Box<dyn FnOnce(&Hasher) + Send>;

/// Half the cores, so that pages are answered while many sign in. Threads of their own, because Argon2's memory stays
/// with the thread that asked for it: on a pool of many threads the server would come to hold it many times over.
pub struct Hashing {
    queue: SyncSender<Work>,
}

impl Hashing {
    /// Starts the threads. They end when this is dropped.
    ///
    /// # Errors
    /// When the system gives no thread.
    pub fn start(hasher: &Hasher) -> io::Result<Self> {
        let (queue, waiting) = sync_channel(LONGEST_QUEUE);
        let waiting = Arc::new(Mutex::new(waiting));
        let cores = thread::available_parallelism().map_or(1, usize::from);
        for _ in 0..(cores / 2).max(1) {
            let (waiting, hasher) = (Arc::clone(&waiting), hasher.clone());
            thread::Builder::new()
                .name("hashing".to_owned())
                .spawn(move || {
                    stand_back();
                    work_off(&waiting, &hasher);
                })?;
        }
        Ok(Self { queue })
    }

    /// Runs slow work with the hasher when its turn comes. Work whose caller has gone away is passed over.
    ///
    /// # Errors
    /// [`Error::Unavailable`] when too many wait already.
    pub async fn run<T, W>(&self, work: W) -> Result<T, Error>
    where
        T: Send + 'static,
        W: FnOnce(&Hasher) -> T + Send + 'static,
    {
        let (answer, answered) = oneshot::channel();
        let work = move |hasher: &Hasher| {
            if !answer.is_closed() {
                let _ = answer.send(work(hasher));
            }
        };
        self.queue
            .try_send(Box::new(work))
            .map_err(|_| Error::Unavailable("too many password checks wait".to_owned()))?;
        answered
            .await
            .map_err(|_| Error::Internal("a password check ended early".to_owned()))
    }
}

/// Lets a page that waits go before the next password: a check takes the core for tens of milliseconds. On Linux this is a
/// thread's own (setpriority(2)); elsewhere it would be the whole program's.
fn stand_back() {
    if cfg!(target_os = "linux") {
        // A system that does not allow it has its reasons; passwords are checked all the same.
        let _ = rustix::process::setpriority_process(None, NICE);
    }
}

fn work_off(waiting: &Mutex<Receiver<Work>>, hasher: &Hasher) {
    loop {
        let next = waiting
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .recv_timeout(QUIET);
        let work = match next {
            Ok(work) => work,
            Err(RecvTimeoutError::Timeout) => {
                hasher.give_back();
                thread::sleep(ASIDE);
                continue;
            }
            Err(RecvTimeoutError::Disconnected) => return,
        };
        // A panic is told to its caller by the dropped answer; the thread goes on.
        let _ = catch_unwind(AssertUnwindSafe(|| work(hasher)));
    }
}
