//! What every request works with: settings, databases, keys, clock, and the queue in front of password hashing.

use std::sync::Arc;
use std::sync::atomic::{AtomicI64, AtomicUsize, Ordering};

use chrono::{NaiveDateTime, SubsecRound as _, TimeDelta, Utc};
use tokio::sync::Semaphore;
use tokio::task::spawn_blocking;

use crate::config::Config;
use crate::db::{self, Db, Pools, Tx};
use crate::domain::installation;
use crate::domain::keys::Keys;
use crate::domain::password::{Hash, Hasher};
use crate::domain::password_policy::Accepted;
use crate::error::Error;
use crate::key_file;

/// With more password checks waiting than this, the next is turned away with 503.
const LONGEST_QUEUE: usize = 64;

/// The time, in UTC with microseconds. Tests move it ahead instead of sleeping.
#[derive(Debug, Clone, Default)]
pub struct Clock {
    ahead: Arc<AtomicI64>,
}

impl Clock {
    /// The time now.
    #[must_use]
    pub fn now(&self) -> NaiveDateTime {
        let ahead = TimeDelta::microseconds(self.ahead.load(Ordering::Relaxed));
        (Utc::now() + ahead).naive_utc().trunc_subsecs(6)
    }

    /// Moves this clock, and every clone of it, ahead.
    pub fn advance(&self, by: TimeDelta) {
        let micros = by.num_microseconds().unwrap_or_default();
        self.ahead.fetch_add(micros, Ordering::Relaxed);
    }
}

/// One installation, as the running program sees it.
pub struct App {
    /// The settings.
    pub config: Config,
    /// The installation's keys.
    pub keys: Keys,
    /// The clock.
    pub clock: Clock,
    /// Scheme, host and port that browsers use.
    pub public_origin: String,
    /// Whether browsers come by https.
    pub https: bool,
    pools: Pools,
    hasher: Hasher,
    hashing: Arc<Semaphore>,
    queued: AtomicUsize,
    /// How many may be queued: those that wait, and those that have their turn.
    places: usize,
}

impl App {
    /// Opens the installation: settings, key, database with its migrations.
    ///
    /// # Errors
    /// One sentence that names the setting and the way out.
    pub fn open(config: Config) -> Result<Self, String> {
        config.check()?;
        let public_url = config.public_url()?;
        let hasher = Hasher::new(config.argon2_memory, config.argon2_passes)?;
        config.make_data_dir()?;
        let url = config.database_url();
        db::migrate(&url).map_err(|error| error.to_string())?;
        let pools = Pools::open(&url, config.database_pool)
            .map_err(|error| format!("DATABASE_URL cannot be opened: {error}"))?;
        let clock = Clock::default();
        let keys = pools
            .writer()
            .map_err(Error::from)
            .and_then(|mut db| db::transaction(&mut db, clock.now(), |tx| bound_keys(tx, &config)))
            .map_err(|error| error.to_string())?;
        let cores = std::thread::available_parallelism().map_or(1, usize::from);
        let turns = (cores / 2).max(1);
        Ok(Self {
            https: public_url.scheme() == "https",
            public_origin: public_url.origin().ascii_serialization(),
            config,
            keys,
            clock,
            pools,
            hasher,
            hashing: Arc::new(Semaphore::new(turns)),
            queued: AtomicUsize::new(0),
            places: turns + LONGEST_QUEUE,
        })
    }

    /// Runs `work` on a connection for reading, off the async threads.
    ///
    /// # Errors
    /// What `work` answers, or [`Error::Unavailable`] when no connection is to be had.
    pub async fn read<T, W>(&self, work: W) -> Result<T, Error>
    where
        T: Send + 'static,
        W: FnOnce(&mut Db) -> Result<T, Error> + Send + 'static,
    {
        let pools = self.pools.clone();
        blocking(move || work(&mut *pools.reader()?)).await
    }

    /// Runs `work` in one write transaction, off the async threads.
    ///
    /// # Errors
    /// What `work` answers, then nothing was changed; or [`Error::Unavailable`] when no connection is to be had.
    pub async fn write<T, W>(&self, work: W) -> Result<T, Error>
    where
        T: Send + 'static,
        W: FnOnce(&mut Tx<'_>) -> Result<T, Error> + Send + 'static,
    {
        let pools = self.pools.clone();
        let (clock, keys) = (self.clock.clone(), self.keys.clone());
        blocking(move || {
            let mut db = pools.writer()?;
            // Read after the wait for the connection, so that later transactions have later times.
            db::transaction(&mut db, clock.now(), |tx| {
                installation::ensure_bound(tx, &keys)?;
                work(tx)
            })
        })
        .await
    }

    /// Runs slow work with the hasher, off the async threads, a few at a time.
    ///
    /// # Errors
    /// [`Error::Unavailable`] when too many wait already.
    pub async fn hashing<T, W>(&self, work: W) -> Result<T, Error>
    where
        T: Send + 'static,
        W: FnOnce(&Hasher) -> T + Send + 'static,
    {
        let _place = Place::take(&self.queued, self.places)
            .ok_or_else(|| Error::Unavailable("too many password checks wait".to_owned()))?;
        let turn = Arc::clone(&self.hashing)
            .acquire_owned()
            .await
            .map_err(Error::internal)?;
        let hasher = self.hasher.clone();
        blocking(move || {
            let result = work(&hasher);
            // The turn belongs to the thread: a client that goes away must not let the next one in too early.
            drop(turn);
            Ok(result)
        })
        .await
    }

    /// Hashes an accepted password.
    ///
    /// # Errors
    /// As [`App::hashing`], or when Argon2 fails.
    pub async fn hash(&self, password: Accepted) -> Result<Hash, Error> {
        self.hashing(move |hasher| hasher.hash(&password)).await?
    }

    /// Hashes an accepted password unless it is one of these former ones; then nothing.
    ///
    /// # Errors
    /// As [`App::hash`].
    pub async fn hash_unless_used(
        &self,
        password: Accepted,
        former: Vec<String>,
    ) -> Result<Option<Hash>, Error> {
        self.hashing(move |hasher| hasher.hash_unless_used(&password, &former))
            .await?
    }

    /// How many queries ran so far: what tests count.
    #[must_use]
    pub fn queries(&self) -> u64 {
        self.pools.queries()
    }

    /// The token of the set-up link. It opens nothing once an organization exists.
    #[must_use]
    pub fn setup_token(&self) -> String {
        self.keys.digest("set-up", "")[..32].to_owned()
    }
}

/// The keys that the database is bound to, or is bound to from now on.
fn bound_keys(tx: &mut Tx<'_>, config: &Config) -> Result<Keys, Error> {
    let bound = tx.key_check()?;
    let master = key_file::master_key(config, bound.as_deref()).map_err(Error::Refused)?;
    let keys = Keys::derive(&master);
    installation::bind(tx, &keys)?;
    Ok(keys)
}

async fn blocking<T: Send + 'static>(
    work: impl FnOnce() -> Result<T, Error> + Send + 'static,
) -> Result<T, Error> {
    spawn_blocking(work).await.map_err(|error| {
        // A panic's text may quote data; that it happened is enough, its message went to the panic hook.
        Error::Internal(format!(
            "a blocking task ended early, panicked: {}",
            error.is_panic()
        ))
    })?
}

/// A place in the queue for hashing, given back when dropped, also when the client goes away.
struct Place<'a>(&'a AtomicUsize);

impl<'a> Place<'a> {
    fn take(queued: &'a AtomicUsize, places: usize) -> Option<Self> {
        let place = Self(queued);
        // More than the queue may be counted for a moment; whoever sees that gives its place back.
        (queued.fetch_add(1, Ordering::Relaxed) < places).then_some(place)
    }
}

impl Drop for Place<'_> {
    fn drop(&mut self) {
        self.0.fetch_sub(1, Ordering::Relaxed);
    }
}
