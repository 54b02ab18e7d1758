//! `tenantry setup`: the set-up without a browser.

use clap::Args;
use serde::Serialize;

use super::{password_from_stdin, wait};
use crate::app::App;
use crate::config::Config;
use crate::domain::actor::Origin;
use crate::domain::organization::{self, Created, SetUp};
use crate::error::Error;

/// The organization and its first org admin.
#[derive(Args)]
pub struct Arguments {
    /// Name of the organization
    #[arg(long)]
    organization: String,
    /// First name of its first org admin
    #[arg(long)]
    first_name: String,
    /// Last name
    #[arg(long)]
    last_name: String,
    /// Email, to sign in with
    #[arg(long)]
    email: String,
    /// Read the password from the first line of standard input
    #[arg(long, required = true)]
    password_stdin: bool,
    /// Answer in JSON, secrets included
    #[arg(long)]
    json: bool,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Answer<'a> {
    organization_id: i64,
    account_id: i64,
    user_id: i64,
    organization_secret: &'a str,
    user_secret: &'a str,
}

/// Makes the first organization.
///
/// # Errors
/// One sentence, for the terminal.
pub fn run(config: Config, arguments: &Arguments) -> Result<(), String> {
    create(config, arguments, true)
}

/// Makes an organization, only the first or a further one, and prints what it was given.
///
/// # Errors
/// One sentence, for the terminal.
pub fn create(config: Config, arguments: &Arguments, only_first: bool) -> Result<(), String> {
    let app = App::open(config)?;
    let input = SetUp {
        token: String::new(),
        organization: arguments.organization.clone(),
        first_name: arguments.first_name.clone(),
        last_name: arguments.last_name.clone(),
        email: arguments.email.clone(),
        password: password_from_stdin()?,
    };
    let created = wait(async {
        let hash = app.hash(input.check()?).await?;
        let keys = app.keys.clone();
        app.write(move |tx| {
            let make = if only_first {
                organization::set_up
            } else {
                organization::create
            };
            make(tx, &keys, &Origin::command_line(), &input, &hash)
        })
        .await
    })
    .map_err(|error| sentence(&error))?;
    print(&created, arguments)
}

fn print(created: &Created, arguments: &Arguments) -> Result<(), String> {
    if !arguments.json {
        println!(
            "{} is ready, with id {}. {} is its Org Admin.",
            arguments.organization.trim(),
            created.id,
            arguments.email.trim()
        );
        return Ok(());
    }
    let answer = Answer {
        organization_id: created.id,
        account_id: created.account_id,
        user_id: created.user_id,
        organization_secret: &created.secret,
        user_secret: &created.user_secret,
    };
    let json = serde_json::to_string(&answer).map_err(|error| error.to_string())?;
    println!("{json}");
    Ok(())
}

fn sentence(error: &Error) -> String {
    match error {
        Error::NotFound => {
            "An organization exists already. Use `tenantry organization create` for a further one."
                .to_owned()
        }
        Error::Invalid(errors) => {
            let sentences: Vec<_> = errors
                .iter()
                .map(|(field, message)| format!("--{}: {message}", field.replace('_', "-")))
                .collect();
            sentences.join(" ")
        }
        other => other.to_string(),
    }
}
