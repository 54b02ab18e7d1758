//! The HTTP server: the console, with what wraps every request, and its limits.

use std::time::Duration;

use actix_session::SessionMiddleware;
use actix_session::config::CookieContentSecurity;
use actix_session::storage::CookieSessionStore;
use actix_web::body::MessageBody;
use actix_web::cookie::{Key, SameSite};
use actix_web::dev::{Server, ServiceFactory, ServiceRequest, ServiceResponse};
use actix_web::middleware::{Compress, from_fn};
use actix_web::web::Data;
use actix_web::{App as HttpApp, HttpServer};

use crate::app::App;
use crate::auth::authenticate::authenticate;
use crate::auth::origin::identify;
use crate::auth::same_origin::same_origin;
use crate::auth::throttle::Throttle;
use crate::web;

/// Time to send the head of a request.
const HEAD: Duration = Duration::from_secs(10);
/// How long an idle connection is kept.
const IDLE: Duration = Duration::from_secs(75);
/// How long running requests may go on after SIGTERM, in seconds.
const SHUTDOWN: u64 = 10;
/// Requests under way on one worker beyond which connections wait.
const CONNECTIONS: usize = 10_000;

/// Everything that is served, with all that wraps it. The last wrap is the first to see a request.
pub fn console(
    app: Data<App>,
    throttle: Data<Throttle>,
) -> HttpApp<
    impl ServiceFactory<
        ServiceRequest,
        Config = (),
        Response = ServiceResponse<impl MessageBody>,
        Error = actix_web::Error,
        InitError = (),
    >,
> {
    let https = app.https;
    let name = if https { "__Host-session" } else { "session" };
    let session =
        SessionMiddleware::builder(CookieSessionStore::default(), Key::from(app.keys.cookie()))
            .cookie_name(name.to_owned())
            .cookie_secure(https)
            .cookie_http_only(true)
            .cookie_same_site(SameSite::Lax)
            .cookie_content_security(CookieContentSecurity::Private)
            .build();
    HttpApp::new()
        .app_data(app)
        .app_data(throttle)
        .configure(web::configure)
        .wrap(from_fn(authenticate))
        .wrap(session)
        .wrap(from_fn(same_origin))
        .wrap(from_fn(web::limits::check))
        .wrap(from_fn(web::errors::render))
        .wrap(from_fn(web::headers::add))
        .wrap(Compress::default())
        .wrap(from_fn(identify))
}

/// Starts serving on `listener`.
///
/// # Errors
/// When the listener cannot be used.
pub fn run(app: Data<App>, listener: std::net::TcpListener) -> std::io::Result<Server> {
    let throttle = Data::new(Throttle::default());
    let server = HttpServer::new(move || console(app.clone(), throttle.clone()))
        .client_request_timeout(HEAD)
        .client_disconnect_timeout(Duration::from_secs(5))
        .keep_alive(IDLE)
        .max_connections(CONNECTIONS)
        .shutdown_timeout(SHUTDOWN)
        .listen(listener)?
        .run();
    Ok(server)
}
