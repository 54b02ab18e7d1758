//! The installation's key: taken from the settings, or kept in a file that only its owner can read.

use std::fs::{self, File, OpenOptions};
use std::io::{self, ErrorKind, Write as _};
use std::os::unix::fs::OpenOptionsExt as _;
use std::path::{Path, PathBuf};

use crate::config::Config;
use crate::domain::keys::{Keys, random};

/// Digits of what a key is known by that tell the files of several keys apart.
const DIGITS: usize = 16;

/// The 32 bytes of the key. `bound` is what the database knows its key by; only when it has none yet, and there is no
/// file, a key is made, and kept with mode 0600. A replacement of the key that was cut short at its end is finished.
///
/// # Errors
/// One sentence that names the setting.
pub fn master_key(config: &Config, bound: Option<&str>) -> Result<[u8; 32], String> {
    if let Some(text) = &config.secret_key {
        return parse(text).ok_or_else(|| "TENANTRY_SECRET_KEY must be 64 hex digits.".to_owned());
    }
    let path = config.secret_key_file();
    let read = match bound {
        Some(check) => finish(&path, check).and_then(|()| fs::read_to_string(&path)),
        None => read_or_make(&path),
    };
    let text = read.map_err(|error| {
        if error.kind() == ErrorKind::NotFound && bound.is_some() {
            format!(
                "TENANTRY_SECRET_KEY_FILE {} is not there, and this database was made with a key. \
                 Put the key back that belongs to it.",
                path.display()
            )
        } else {
            unusable(&path, &error)
        }
    })?;
    parse(&text).ok_or_else(|| {
        format!(
            "TENANTRY_SECRET_KEY_FILE {} must hold 64 hex digits.",
            path.display()
        )
    })
}

fn unusable(path: &Path, error: &io::Error) -> String {
    format!(
        "TENANTRY_SECRET_KEY_FILE {} cannot be used: {error}.",
        path.display()
    )
}

/// 64 hex digits as the 32 bytes of a key.
#[must_use]
pub fn parse(text: &str) -> Option<[u8; 32]> {
    let mut key = [0; 32];
    hex::decode_to_slice(text.trim(), &mut key).ok()?;
    Some(key)
}

fn read_or_make(path: &Path) -> io::Result<String> {
    match fs::read_to_string(path) {
        Err(error) if error.kind() == ErrorKind::NotFound => {
            make(path)?;
            fs::read_to_string(path)
        }
        other => other,
    }
}

/// Writes a fresh key beside its place and links it there, so that of several starts at once one wins, whole.
fn make(path: &Path) -> io::Result<()> {
    let draft = path.with_extension(format!("{}.new", std::process::id()));
    write(&draft, &random())?;
    let linked = fs::hard_link(&draft, path);
    fs::remove_file(&draft)?;
    match linked {
        Err(error) if error.kind() == ErrorKind::AlreadyExists => Ok(()),
        other => other,
    }
}

fn write(path: &Path, key: &[u8; 32]) -> io::Result<()> {
    let mut file = OpenOptions::new()
        .write(true)
        .create_new(true)
        .mode(0o600)
        .open(path)?;
    writeln!(file, "{}", hex::encode(key))?;
    file.sync_all()?;
    // The name has to last as well as what it stands for.
    File::open(path.parent().unwrap_or(Path::new(".")))?.sync_all()
}

/// A file beside the key's, told apart by what its key is known by.
fn beside(path: &Path, word: &str, check: &str) -> PathBuf {
    let mut name = path.as_os_str().to_owned();
    name.push(format!(".{word}-{}", check.get(..DIGITS).unwrap_or(check)));
    name.into()
}

/// A key that is to replace the present one. Until the database is bound to it, it lies beside the key's file.
pub struct Replacement {
    /// The new key.
    pub keys: Keys,
    /// Where the present key stays, for backups of the database from before.
    pub former: PathBuf,
    path: PathBuf,
}

impl Replacement {
    /// Makes a fresh key, and keeps it and the present one in files of their own, before anything depends on it.
    ///
    /// # Errors
    /// One sentence that names the setting.
    pub fn draft(config: &Config, present: &Keys) -> Result<Self, String> {
        let path = config.secret_key_file();
        let key = random();
        let keys = Keys::derive(&key);
        let former = beside(&path, "old", &present.check());
        let linked = match fs::hard_link(&path, &former) {
            Err(error) if error.kind() == ErrorKind::AlreadyExists => Ok(()),
            other => other,
        };
        linked
            .and_then(|()| write(&beside(&path, "new", &keys.check()), &key))
            .map_err(|error| unusable(&path, &error))?;
        Ok(Self { keys, former, path })
    }

    /// Puts it in the place of the former key, once the database is bound to it.
    ///
    /// # Errors
    /// One sentence that names the setting.
    pub fn keep(&self) -> Result<(), String> {
        finish(&self.path, &self.keys.check()).map_err(|error| unusable(&self.path, &error))
    }
}

/// If there is a draft of the key that the database is bound to, nothing but this last step of its replacement is missing.
fn finish(path: &Path, bound: &str) -> io::Result<()> {
    match fs::rename(beside(path, "new", bound), path) {
        Ok(()) => File::open(path.parent().unwrap_or(Path::new(".")))?.sync_all(),
        Err(error) if error.kind() == ErrorKind::NotFound => Ok(()),
        Err(error) => Err(error),
    }
}
