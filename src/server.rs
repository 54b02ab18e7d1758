//! The HTTP server: the console and the API, what wraps their requests, and its limits.

use std::time::Duration;

use actix_session::SessionMiddleware;
use actix_session::config::CookieContentSecurity;
use actix_session::storage::CookieSessionStore;
use actix_web::body::MessageBody;
use actix_web::cookie::{Key, SameSite};
use actix_web::dev::{HttpServiceFactory, Server, ServiceFactory, ServiceRequest, ServiceResponse};
use actix_web::middleware::{Compress, from_fn};
use actix_web::web::{Data, scope};
use actix_web::{App as HttpApp, HttpServer};

use crate::app::App;
use crate::auth::authenticate::authenticate;
use crate::auth::authorization::authorize;
use crate::auth::limits;
use crate::auth::origin::{identify, through_api};
use crate::auth::rate::Rate;
use crate::auth::same_origin::same_origin;
use crate::auth::throttle::Throttle;
use crate::{api, web};

/// Time to send the head of a request.
const HEAD: Duration = Duration::from_secs(10);
/// How long an idle connection is kept.
const IDLE: Duration = Duration::from_secs(75);
/// How long running requests may go on after SIGTERM, in seconds.
const SHUTDOWN: u64 = 10;
/// Requests under way on one worker beyond which connections wait.
const CONNECTIONS: usize = 10_000;

/// Everything that is served, with all that wraps it. The last wrap is the first to see a request.
pub fn everything(
    app: Data<App>,
    throttle: Data<Throttle>,
    rate: Data<Rate>,
) -> HttpApp<
    impl ServiceFactory<
        ServiceRequest,
        Config = (),
        Response = ServiceResponse<impl MessageBody>,
        Error = actix_web::Error,
        InitError = (),
    >,
> {
    let console = console(&app);
    HttpApp::new()
        .app_data(app)
        .app_data(throttle)
        .app_data(rate)
        .service(api())
        .service(console)
        .wrap(Compress::default())
        .wrap(from_fn(identify))
}

/// The API: no cookie is read or set, so nothing has to be asked about where a request comes from.
fn api() -> impl HttpServiceFactory {
    scope(api::BASE)
        .configure(api::configure)
        .wrap(from_fn(api::once::once))
        .wrap(from_fn(authorize))
        .wrap(from_fn(limits::check))
        .wrap(from_fn(api::errors::render))
        .wrap(from_fn(api::headers::add))
        .wrap(from_fn(through_api))
}

/// The console: every path that is not the API's.
fn console(app: &App) -> impl HttpServiceFactory + use<> {
    let name = if app.https {
        "__Host-session"
    } else {
        "session"
    };
    let session =
        SessionMiddleware::builder(CookieSessionStore::default(), Key::from(app.keys.cookie()))
            .cookie_name(name.to_owned())
            .cookie_secure(app.https)
            .cookie_http_only(true)
            .cookie_same_site(SameSite::Lax)
            .cookie_content_security(CookieContentSecurity::Private)
            .build();
    scope("")
        .configure(web::configure)
        .wrap(from_fn(authenticate))
        .wrap(session)
        .wrap(from_fn(same_origin))
        .wrap(from_fn(limits::check))
        .wrap(from_fn(web::errors::render))
        .wrap(from_fn(web::headers::add))
}

/// Starts serving on `listener`.
///
/// # Errors
/// When the listener cannot be used.
pub fn run(app: Data<App>, listener: std::net::TcpListener) -> std::io::Result<Server> {
    let throttle = Data::new(Throttle::default());
    let rate = Data::new(Rate::new(app.config.api_rate, app.config.api_burst));
    let server = HttpServer::new(move || everything(app.clone(), throttle.clone(), rate.clone()))
        .client_request_timeout(HEAD)
        .client_disconnect_timeout(Duration::from_secs(5))
        .keep_alive(IDLE)
        .max_connections(CONNECTIONS)
        .shutdown_timeout(SHUTDOWN)
        .listen(listener)?
        .run();
    Ok(server)
}
