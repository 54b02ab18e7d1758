//! `tenantry serve`: opens the installation and serves it until it is told to stop.

use std::net::TcpListener;

use actix_web::rt::System;
use actix_web::web::Data;

use crate::app::App;
use crate::config::Config;
use crate::domain::organization;
use crate::server;

/// Serves until SIGTERM or SIGINT.
///
/// # Errors
/// One sentence, for the terminal.
pub fn run(config: Config) -> Result<(), String> {
    let listen = config.listen;
    let app = Data::new(App::open(config)?);
    let listener = TcpListener::bind(listen)
        .map_err(|error| format!("TENANTRY_LISTEN {listen} cannot be used: {error}."))?;
    System::new().block_on(async move {
        let empty = !app
            .read(organization::any_exists)
            .await
            .map_err(|error| error.to_string())?;
        println!("Tenantry is at {}", app.public_origin);
        if empty {
            println!(
                "Set it up, once, at {}/setup?token={}",
                app.public_origin,
                app.setup_token()
            );
        }
        server::run(app, listener)
            .map_err(|error| format!("TENANTRY_LISTEN {listen} cannot be used: {error}."))?
            .await
            .map_err(|error| format!("The server stopped: {error}."))
    })
}
