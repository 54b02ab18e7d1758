//! Stylesheet, script and icons: inside the binary, under names that change with their content, compressed once.

use std::io::Write as _;
use std::sync::LazyLock;

use actix_web::http::header::{
    ACCEPT_ENCODING, CACHE_CONTROL, CONTENT_ENCODING, CONTENT_TYPE, VARY,
};
use actix_web::web::Path;
use actix_web::{HttpRequest, HttpResponse};
use flate2::Compression;
use flate2::write::GzEncoder;
use sha2::{Digest as _, Sha256};

use crate::error::Error;

struct Asset {
    name: &'static str,
    kind: &'static str,
    path: String,
    content: Vec<u8>,
    gzip: Vec<u8>,
}

/// Each of its lines ends where nothing is lost when the next one follows at once.
const STYLE: &str = include_str!("../../static/tenantry.css");

static ASSETS: LazyLock<Vec<Asset>> = LazyLock::new(|| {
    let icons = asset(
        "icons.svg",
        "image/svg+xml",
        include_bytes!("../../static/icons.svg").to_vec(),
    );
    // The stylesheet stands beside its icons and names them without the hash.
    let named = icons.path.trim_start_matches("/static/");
    let css = lean(STYLE).replace('\n', "").replace("icons.svg", named);
    vec![
        asset("tenantry.css", "text/css; charset=utf-8", css.into_bytes()),
        icons,
        asset(
            "tenantry.js",
            "text/javascript; charset=utf-8",
            lean(include_str!("../../static/tenantry.js")).into_bytes(),
        ),
        asset(
            "favicon.svg",
            "image/svg+xml",
            include_bytes!("../../static/favicon.svg").to_vec(),
        ),
        asset(
            "tree.svg",
            "image/svg+xml",
            include_bytes!("../../static/tree.svg").to_vec(),
        ),
    ]
});

/// Leaves out what only readers of the source need: comments that fill their lines, and indentation.
fn lean(source: &str) -> String {
    let comment =
        |line: &str| line.starts_with("//") || (line.starts_with("/*") && line.ends_with("*/"));
    let lines: Vec<_> = source
        .lines()
        .map(str::trim)
        .filter(|line| !line.is_empty() && !comment(line))
        .collect();
    lines.join("\n")
}

fn asset(name: &'static str, kind: &'static str, content: Vec<u8>) -> Asset {
    let hash = hex::encode(&Sha256::digest(&content)[..8]);
    let (stem, ending) = name.split_once('.').unwrap_or((name, ""));
    let mut encoder = GzEncoder::new(Vec::new(), Compression::best());
    // Writing to memory does not fail; an asset without its compressed form is sent as it is.
    let gzip = encoder
        .write_all(&content)
        .and_then(|()| encoder.finish())
        .unwrap_or_default();
    Asset {
        name,
        kind,
        path: format!("/static/{stem}.{hash}.{ending}"),
        content,
        gzip,
    }
}

/// The path of an asset, for a page.
#[must_use]
pub fn path(name: &str) -> &'static str {
    ASSETS
        .iter()
        .find(|asset| asset.name == name)
        .map_or("", |asset| asset.path.as_str())
}

/// GET /static/{file}
pub async fn show(file: Path<String>, request: HttpRequest) -> Result<HttpResponse, Error> {
    let path = format!("/static/{file}");
    let asset = ASSETS
        .iter()
        .find(|asset| asset.path == path)
        .ok_or(Error::NotFound)?;
    let gzip = !asset.gzip.is_empty()
        && request
            .headers()
            .get(ACCEPT_ENCODING)
            .and_then(|accepted| accepted.to_str().ok())
            .is_some_and(|accepted| accepted.contains("gzip"));
    let mut response = HttpResponse::Ok();
    response
        .insert_header((CONTENT_TYPE, asset.kind))
        .insert_header((CACHE_CONTROL, "public, max-age=31536000, immutable"))
        .insert_header((VARY, "accept-encoding"));
    Ok(if gzip {
        response
            .insert_header((CONTENT_ENCODING, "gzip"))
            .body(asset.gzip.as_slice())
    } else {
        response.body(asset.content.as_slice())
    })
}

#[cfg(test)]
mod tests {
    use super::{STYLE, lean};

    #[test]
    fn lines_of_the_stylesheet_can_be_joined() {
        for line in lean(STYLE).lines() {
            assert!(line.ends_with(['{', '}', ';', ',']), "{line}");
        }
    }
}
