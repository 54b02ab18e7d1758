//! The background sender: takes letters from the outbox and mails them, again and again until they have left.

use std::pin::pin;
use std::time::Duration;

use actix_web::rt::{spawn, task::JoinHandle};
use actix_web::web::Data;
use futures_util::future::{Either, join_all, select, select_all};
use tokio::signal::unix::{SignalKind, signal};
use tokio::time::{sleep, timeout};

use crate::app::App;
use crate::domain::outbox::{self, Due};
use crate::domain::recovery::{self, Prepared};
use crate::error::Error;
use crate::letters;
use crate::mailer::Failure;

/// The outbox is looked at so often. Not at once after a request: how busy the server is then says nothing of whose
/// address was asked for.
const PAUSE: Duration = Duration::from_secs(1);
/// Letters that are on their way at once.
const TOGETHER: i64 = 8;
/// How long mail that is on its way may take once the server is told to stop.
const GRACE: Duration = Duration::from_secs(10);

/// The running sender.
pub struct Sender(JoinHandle<()>);

impl Sender {
    /// Starts it. It hears of SIGTERM by itself, so that its grace runs beside that of requests.
    #[must_use]
    pub fn start(app: Data<App>) -> Self {
        Self(spawn(async move {
            let mut told = pin!(told_to_stop());
            let mut pause = PAUSE;
            loop {
                if let Either::Left(_) = select(&mut told, pin!(sleep(pause))).await {
                    return;
                }
                pause = PAUSE;
                match select(&mut told, pin!(round(&app))).await {
                    // What has not left by then stays in the outbox.
                    Either::Left(((), round)) => return drop(timeout(GRACE, round).await),
                    Either::Right((Err(error), _)) => {
                        tracing::error!("the outbox cannot be used: {error}");
                    }
                    // More may wait: letters must not run out behind those that somebody else asks for.
                    Either::Right((Ok(TOGETHER), _)) => pause = Duration::ZERO,
                    Either::Right(_) => {}
                }
            }
        }))
    }

    /// Waits until it has stopped, as it does when the server is told to stop.
    pub async fn stopped(self) {
        let _ = timeout(GRACE, self.0).await;
    }
}

/// The signals that the server stops at.
async fn told_to_stop() {
    let kinds = [
        SignalKind::terminate(),
        SignalKind::interrupt(),
        SignalKind::quit(),
    ];
    let mut signals: Vec<_> = kinds.into_iter().flat_map(signal).collect();
    let waits = signals.iter_mut().map(|signal| Box::pin(signal.recv()));
    select_all(waits).await;
}

/// Tries a few of the letters that are due, all at once; answers how many.
///
/// # Errors
/// When the database cannot be used.
pub async fn round(app: &App) -> Result<i64, Error> {
    let now = app.clock.now();
    let due = app.read(move |db| outbox::due(db, now, TOGETHER)).await?;
    let tried = join_all(due.into_iter().map(|due| deliver(app, due))).await;
    tried
        .into_iter()
        .try_fold(0, |count, tried| tried.map(|()| count + 1))
}

async fn deliver(app: &App, due: Due) -> Result<(), Error> {
    let keys = app.keys.clone();
    let letter = match app
        .write(move |tx| recovery::prepare(tx, &keys, due))
        .await?
    {
        Prepared::Letter(letter) => letter,
        Prepared::GivenUp(why) => {
            tracing::warn!("a mail was given up: {why}");
            return Ok(());
        }
        Prepared::Nothing => return Ok(()),
    };
    match app.mailer.send(letters::recovery(app, &letter)?).await {
        Ok(()) => app.write(move |tx| outbox::remove(tx, due)).await,
        Err(Failure::Final(why)) => {
            tracing::warn!("a mail was given up: {why}");
            app.write(move |tx| outbox::remove(tx, due)).await
        }
        Err(Failure::Passing(why)) => {
            tracing::warn!("a mail will be tried again: {why}");
            app.write(move |tx| outbox::put_off(tx, due)).await
        }
    }
}
