//! The command itself: makes a password, fills the database, tells how to sign in, serves.

use std::sync::Arc;

use clap::Args;
use indicatif::{ProgressBar, ProgressStyle};

use super::{Size, Summary, fill};
use crate::app::App;
use crate::cli::{serve, wait};
use crate::config::Config;
use crate::db::Manager;
use crate::domain::keys::random;
use crate::domain::organization::SetUp;
use crate::error::Error;

/// Below this it is done before a bar could be read.
const WORTH_A_BAR: u64 = 20_000;

/// How large the demo is to be.
#[derive(Args)]
pub struct Arguments {
    /// Users in all
    #[arg(long, default_value_t = Size::default().users, value_parser = clap::value_parser!(u64).range(1..=10_000_000))]
    users: u64,
    /// Accounts in all
    #[arg(long, default_value_t = Size::default().accounts, value_parser = clap::value_parser!(u64).range(1..=1_000_000))]
    accounts: u64,
    /// Audit events of people's days, besides those that tell how the first people and the accounts came to be
    #[arg(long, default_value_t = 0, value_parser = clap::value_parser!(u64).range(..=50_000_000))]
    events: u64,
    /// Fill the database only
    #[arg(long)]
    no_serve: bool,
}

/// Fills an empty database and serves it.
///
/// # Errors
/// One sentence, for the terminal.
pub fn run(config: Config, arguments: &Arguments) -> Result<(), String> {
    // Made up each time: a demo that is reachable from outside must not have a password that everybody knows.
    let password = format!(
        "Demo-{}-{}",
        hex::encode(random::<3>()),
        hex::encode(random::<3>())
    );
    let app = App::open(config.clone())?;
    let summary = make(app, &password, arguments).map_err(|error| error.to_string())?;
    println!(
        "{} has {} users in {} accounts, with {} jobs, {} instances and {} events.",
        summary.organization,
        summary.users,
        summary.accounts,
        summary.jobs,
        summary.instances,
        summary.events
    );
    println!("Sign in as {} with the password {password}", summary.email);
    if arguments.no_serve {
        return Ok(());
    }
    serve::run(config)
}

fn make(app: App, password: &str, arguments: &Arguments) -> Result<Summary, Error> {
    let founder = super::cast::founder();
    let accepted = SetUp {
        organization: super::cast::ORGANIZATION.to_owned(),
        first_name: founder.first.to_owned(),
        last_name: founder.last.to_owned(),
        email: founder.email.to_owned(),
        password: password.to_owned(),
        ..SetUp::default()
    }
    .check()?;
    let hash = wait(app.hash(accepted))?;
    let size = Size {
        users: arguments.users,
        accounts: arguments.accounts,
        events: arguments.events,
    };
    let bar = if size.users + size.events < WORTH_A_BAR {
        ProgressBar::hidden()
    } else {
        ProgressBar::no_length()
    };
    let style =
        ProgressStyle::with_template("{bar:40} {pos} of {len} users and events, {eta} left {msg}");
    bar.set_style(style.map_err(Error::internal)?);
    let (url, keys, now) = (app.config.database_url(), app.keys.clone(), app.clock.now());
    // A connection of its own, and the only one.
    drop(app);
    let mut db = Manager::new(&url, Arc::default())
        .open()
        .map_err(|error| Error::Unavailable(error.to_string()))?;
    let summary = fill(&mut db, &keys, &hash, now, &size, &bar)?;
    bar.finish_and_clear();
    Ok(summary)
}
