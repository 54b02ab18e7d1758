//! What every request works with: settings, databases, keys, mailer, clock, hashing threads.

use std::sync::Arc;
use std::sync::atomic::{AtomicI64, Ordering};

use chrono::{NaiveDateTime, SubsecRound as _, TimeDelta, Utc};
use tokio::task::spawn_blocking;

use crate::config::Config;
use crate::db::{self, Db, Pools, Turn, Tx};
use crate::domain::installation;
use crate::domain::keys::Keys;
use crate::domain::password::{Hash, Hasher};
use crate::domain::password_policy::Accepted;
use crate::error::Error;
use crate::hashing::Hashing;
use crate::key_file;
use crate::mailer::Mailer;
use crate::patience::Patience;

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
    /// How mail leaves.
    pub mailer: Mailer,
    /// The clock.
    pub clock: Clock,
    /// How long clients are waited for.
    pub patience: Patience,
    /// Scheme, host and port that browsers use.
    pub public_origin: String,
    /// Whether browsers come by https.
    pub https: bool,
    pools: Pools,
    hashing: Hashing,
}

impl App {
    /// Opens the installation: settings, key, database with its migrations.
    ///
    /// # Errors
    /// One sentence that names the setting and the way out.
    pub fn open(config: Config) -> Result<Self, String> {
        config.check()?;
        let public_url = config.public_url()?;
        let mailer = Mailer::new(&config, &public_url)?;
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
        let hashing = Hashing::start(&hasher)
            .map_err(|error| format!("no thread can be started: {error}"))?;
        Ok(Self {
            https: public_url.scheme() == "https",
            public_origin: public_url.origin().ascii_serialization(),
            config,
            keys,
            mailer,
            clock,
            patience: Patience::default(),
            pools,
            hashing,
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
        let turn = self.pools.read_turns().next().await?;
        let pools = self.pools.clone();
        blocking(turn, move || work(&mut *pools.reader()?)).await
    }

    /// Finds a row by its key: [`App::read`] for work that takes less time than to wake a thread. SQLite's readers wait
    /// for nobody, so with a connection free it is done where we are.
    ///
    /// # Errors
    /// As [`App::read`].
    pub async fn look_up<T, W>(&self, work: W) -> Result<T, Error>
    where
        T: Send + 'static,
        W: FnOnce(&mut Db) -> Result<T, Error> + Send + 'static,
    {
        if let Some(_turn) = self.pools.read_turns().now()
            && let Some(mut db) = self.pools.idle_reader()
        {
            return work(&mut db);
        }
        self.read(work).await
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
        let turn = self.pools.write_turns().next().await?;
        let pools = self.pools.clone();
        let (clock, keys) = (self.clock.clone(), self.keys.clone());
        blocking(turn, move || {
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
        self.hashing.run(work).await
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
    turn: Turn,
    work: impl FnOnce() -> Result<T, Error> + Send + 'static,
) -> Result<T, Error> {
    // The turn goes with the work: a request that is given up does not stop it.
    let work = move || {
        let done = work();
        drop(turn);
        done
    };
    spawn_blocking(work).await.map_err(|error| {
        // A panic's text may quote data; that it happened is enough, its message went to the panic hook.
        Error::Internal(format!(
            "a blocking task ended early, panicked: {}",
            error.is_panic()
        ))
    })?
}
