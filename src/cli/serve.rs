//! `tenantry serve`: opens the installation and serves it until it is told to stop.

use std::net::TcpListener;

use actix_web::rt::System;
use actix_web::web::Data;

use crate::app::App;
use crate::config::Config;
use crate::domain::organization;
use crate::sender::Sender;
use crate::server;
use crate::upkeep;

/// Serves until SIGTERM or SIGINT.
///
/// # Errors
/// One sentence, for the terminal.
pub fn run(mut config: Config) -> Result<(), String> {
    let wanted = config.listen;
    let failed = |error| format!("TENANTRY_LISTEN {wanted} cannot be used: {error}.");
    let listener = TcpListener::bind(wanted).map_err(failed)?;
    // Port 0 asks for any free one; this is the one that was given.
    config.listen = listener.local_addr().map_err(failed)?;
    let app = Data::new(App::open(config)?);
    System::new().block_on(async move {
        let empty = !app
            .read(organization::any_exists)
            .await
            .map_err(|error| error.to_string())?;
        let server = server::run(app.clone(), listener).map_err(failed)?;
        upkeep::start(app.clone());
        let sender = Sender::start(app.clone());
        println!("Tenantry is at {}", app.public_origin);
        if empty {
            println!(
                "Set it up, once, at {}/setup?token={}",
                app.public_origin,
                app.setup_token()
            );
        }
        server
            .await
            .map_err(|error| format!("The server stopped: {error}."))?;
        sender.stopped().await;
        Ok(())
    })
}
