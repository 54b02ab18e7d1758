//! Where a request comes from: its id, and the client's address, believed from proxies only where they are configured.

use std::net::{IpAddr, Ipv4Addr};

use actix_web::body::MessageBody;
use actix_web::dev::{ServiceRequest, ServiceResponse};
use actix_web::http::StatusCode;
use actix_web::middleware::Next;
use actix_web::web::Data;
use actix_web::{HttpMessage as _, HttpRequest};
use ipnet::IpNet;

use crate::app::App;
use crate::domain::actor::{Channel, Origin, request_id};
use crate::error::Error;

/// Middleware: gives every request its [`Origin`], and writes one log line about it.
///
/// # Errors
/// What the inner service answers.
pub async fn identify(
    request: ServiceRequest,
    next: Next<impl MessageBody>,
) -> Result<ServiceResponse<impl MessageBody>, actix_web::Error> {
    let trusted = request
        .app_data::<Data<App>>()
        .map(|app| app.config.trusted_proxies.clone())
        .unwrap_or_default();
    let peer = request
        .peer_addr()
        .map_or(IpAddr::V4(Ipv4Addr::UNSPECIFIED), |peer| peer.ip());
    let forwarded = request
        .headers()
        .get_all("x-forwarded-for")
        .filter_map(|value| value.to_str().ok())
        .collect::<Vec<_>>()
        .join(",");
    let address = client(peer, &forwarded, &trusted);
    let origin = Origin {
        channel: Channel::Console,
        address: address.to_string(),
        request_id: request_id(),
    };
    let id = origin.request_id.clone();
    request.extensions_mut().insert(address);
    request.extensions_mut().insert(origin);
    let started = std::time::Instant::now();
    let response = next.call(request).await?;
    // The route instead of the path, which may hold an email.
    tracing::debug!(
        request = %id,
        method = %response.request().method(),
        route = response.request().match_pattern(),
        status = response.status().as_u16(),
        micros = started.elapsed().as_micros(),
        "answered"
    );
    Ok(response)
}

/// The origin that [`identify`] found.
#[must_use]
pub fn of(request: &HttpRequest) -> Origin {
    let known = request.extensions().get::<Origin>().cloned();
    known.unwrap_or_else(|| Origin {
        channel: Channel::Console,
        address: String::new(),
        request_id: request_id(),
    })
}

/// Middleware: notes that requests further in come through the API.
///
/// # Errors
/// What the inner service answers.
pub async fn through_api(
    request: ServiceRequest,
    next: Next<impl MessageBody>,
) -> Result<ServiceResponse<impl MessageBody>, actix_web::Error> {
    if let Some(origin) = request.extensions_mut().get_mut::<Origin>() {
        origin.channel = Channel::Api;
    }
    next.call(request).await
}

/// Writes our own faults to the log, once.
pub fn log_fault(request: &HttpRequest, status: StatusCode, error: Option<&actix_web::Error>) {
    let (id, route) = (of(request).request_id, request.match_pattern());
    match error.map(|error| error.as_error::<Error>()) {
        Some(Some(Error::Internal(cause))) => {
            tracing::error!(request = %id, route, "{cause}");
        }
        Some(Some(Error::Unavailable(cause))) => {
            tracing::warn!(request = %id, route, "{cause}");
        }
        Some(None) if status.is_server_error() => {
            tracing::error!(request = %id, route, %status, "failed");
        }
        _ => {}
    }
}

/// The client's address that [`identify`] found.
#[must_use]
pub fn address_of(request: &HttpRequest) -> IpAddr {
    let known = request.extensions().get::<IpAddr>().copied();
    known.unwrap_or(IpAddr::V4(Ipv4Addr::UNSPECIFIED))
}

/// The last hop that is no trusted proxy: the peer itself, or, behind one, the right-most foreign X-Forwarded-For entry.
fn client(peer: IpAddr, forwarded: &str, trusted: &[IpNet]) -> IpAddr {
    let trusts = |address: IpAddr| trusted.iter().any(|net| net.contains(&address));
    let mut client = peer.to_canonical();
    for hop in forwarded.rsplit(',') {
        if !trusts(client) {
            break;
        }
        match hop.trim().parse::<IpAddr>() {
            Ok(address) => client = address.to_canonical(),
            Err(_) => break,
        }
    }
    client
}

#[cfg(test)]
mod tests {
    use super::client;

    #[test]
    fn believes_only_configured_proxies() {
        let trusted = ["10.0.0.0/8".parse().unwrap()];
        let of =
            |peer: &str, forwarded| client(peer.parse().unwrap(), forwarded, &trusted).to_string();
        assert_eq!(of("203.0.113.9", "198.51.100.1"), "203.0.113.9");
        assert_eq!(of("10.0.0.1", "198.51.100.1"), "198.51.100.1");
        assert_eq!(
            of("10.0.0.1", "6.6.6.6, 198.51.100.1, 10.0.0.2"),
            "198.51.100.1"
        );
        assert_eq!(of("10.0.0.1", "nonsense"), "10.0.0.1");
        assert_eq!(of("::ffff:10.0.0.1", "198.51.100.1"), "198.51.100.1");
    }
}
