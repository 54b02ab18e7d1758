//! The HTTP server: the console and the API, what wraps their requests, and its limits.

use std::future::ready;
use std::thread::available_parallelism;
use std::time::Duration;

use actix_http::{HttpService, Protocol};
use actix_service::{IntoServiceFactory as _, ServiceFactoryExt as _, map_config};
use actix_session::SessionMiddleware;
use actix_session::config::CookieContentSecurity;
use actix_session::storage::CookieSessionStore;
use actix_web::App as HttpApp;
use actix_web::body::MessageBody;
use actix_web::cookie::{Key, SameSite};
use actix_web::dev::{
    AppConfig, HttpServiceFactory, Server, ServiceFactory, ServiceRequest, ServiceResponse,
    fn_service,
};
use actix_web::middleware::{Compress, from_fn};
use actix_web::rt::net::TcpStream;
use actix_web::web::{Data, scope};

use crate::app::App;
use crate::auth::authenticate::authenticate;
use crate::auth::authorization::authorize;
use crate::auth::limits;
use crate::auth::origin::{identify, through_api};
use crate::auth::rate::Rate;
use crate::auth::same_origin::same_origin;
use crate::auth::throttle::Throttle;
use crate::connection::Connection;
use crate::web::docs::{Contents, Docs};
use crate::{api, web};

/// How long running requests may go on after SIGTERM, in seconds.
const SHUTDOWN: u64 = 10;
/// Time to let go of a connection that is closed, in the middle of a body for instance.
const PARTING: Duration = Duration::from_secs(5);
/// Connections that are open at once. Further ones wait with the system until others are closed: each takes memory, 20 KB
/// and more, whatever it does.
const CONNECTIONS: u64 = 4096;
/// Files kept free of connections, for the database and what else is opened.
const OTHER_FILES: u64 = 256;

/// Everything that is served, with all that wraps it. The last wrap is the first to see a request.
pub fn everything(
    app: Data<App>,
    throttle: Data<Throttle>,
    rate: Data<Rate>,
    docs: Data<Docs>,
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
        .app_data(docs)
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
/// When the listener cannot be used, or too few files can be open.
pub fn run(app: Data<App>, listener: std::net::TcpListener) -> std::io::Result<Server> {
    let throttle = Data::new(Throttle::default());
    let rate = Data::new(Rate::new(app.config.api_rate, app.config.api_burst));
    // `web` and `api` do not know each other: what one tells is handed to the other here.
    let docs = Data::new(Docs::new(|| Contents::of(&api::document::whole())));
    let workers = available_parallelism().map_or(1, usize::from);
    let builder = Server::build();
    let stopping = builder.graceful_shutdown_signal();
    let server = builder
        .workers(workers)
        .max_concurrent_connections((connections()? / workers).max(1))
        .shutdown_timeout(SHUTDOWN)
        // What actix_web::HttpServer does, on connections of our own.
        .listen("http", listener, move || {
            let (patience, stopping) = (app.patience, stopping.clone());
            let everything = everything(app.clone(), throttle.clone(), rate.clone(), docs.clone())
                .into_factory()
                .map_err(|error| error.error_response());
            let http = HttpService::build()
                .keep_alive(patience.idle)
                .client_request_timeout(patience.head)
                .client_disconnect_timeout(PARTING)
                .graceful_shutdown_signal(move || {
                    let stopping = stopping.clone();
                    async move { stopping.notified().await }
                })
                .finish(map_config(everything, |()| AppConfig::default()));
            fn_service(move |stream: TcpStream| {
                let peer = stream.peer_addr().ok();
                ready(Ok((
                    Connection::new(stream, patience),
                    Protocol::Http1,
                    peer,
                )))
            })
            .and_then(http)
        })?
        .run();
    Ok(server)
}

/// How many connections may be open, once the limit of open files is as high as the system lets it be.
fn connections() -> std::io::Result<usize> {
    let files = rlimit::increase_nofile_limit(CONNECTIONS + OTHER_FILES)?;
    let connections = files.saturating_sub(OTHER_FILES).min(CONNECTIONS);
    usize::try_from(connections).map_err(std::io::Error::other)
}
