//! The installation's key: taken from the settings, or kept in a file that only its owner can read.

use std::fs::{self, OpenOptions};
use std::io::{ErrorKind, Write as _};
use std::os::unix::fs::OpenOptionsExt as _;
use std::path::Path;

use crate::config::Config;
use crate::domain::keys::random;

/// The 32 bytes of the key. Made, and kept with mode 0600, when there is no file yet.
///
/// # Errors
/// One sentence that names the setting.
pub fn master_key(config: &Config) -> Result<[u8; 32], String> {
    if let Some(text) = &config.secret_key {
        return parse(text).ok_or_else(|| "TENANTRY_SECRET_KEY must be 64 hex digits.".to_owned());
    }
    config.make_data_dir()?;
    let path = config.secret_key_file();
    let failed = |error: std::io::Error| {
        format!(
            "TENANTRY_SECRET_KEY_FILE {} cannot be used: {error}.",
            path.display()
        )
    };
    let text = match fs::read_to_string(&path) {
        Err(error) if error.kind() == ErrorKind::NotFound => {
            make(&path).map_err(failed)?;
            fs::read_to_string(&path).map_err(failed)?
        }
        other => other.map_err(failed)?,
    };
    parse(&text).ok_or_else(|| {
        format!(
            "TENANTRY_SECRET_KEY_FILE {} must hold 64 hex digits.",
            path.display()
        )
    })
}

fn parse(text: &str) -> Option<[u8; 32]> {
    let mut key = [0; 32];
    hex::decode_to_slice(text.trim(), &mut key).ok()?;
    Some(key)
}

/// Writes a fresh key beside its place and links it there, so that of several starts at once one wins, whole.
fn make(path: &Path) -> std::io::Result<()> {
    let draft = path.with_extension(format!("{}.new", std::process::id()));
    let mut file = OpenOptions::new()
        .write(true)
        .create_new(true)
        .mode(0o600)
        .open(&draft)?;
    writeln!(file, "{}", hex::encode(random::<32>()))?;
    file.sync_all()?;
    let linked = fs::hard_link(&draft, path);
    fs::remove_file(&draft)?;
    match linked {
        Err(error) if error.kind() == ErrorKind::AlreadyExists => Ok(()),
        other => other,
    }
}
