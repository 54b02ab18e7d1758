//! Every setting, documented once, from flags and environment.

use std::net::SocketAddr;
use std::num::NonZeroU32;
use std::os::unix::fs::DirBuilderExt as _;
use std::path::PathBuf;

use clap::{Args, ValueEnum};
use ipnet::IpNet;
use url::Url;

/// The settings that every command shares.
#[derive(Debug, Clone, Args)]
#[allow(
    clippy::doc_markdown,
    rustdoc::bare_urls,
    reason = "these comments are the text of --help"
)]
pub struct Config {
    /// Database: a `sqlite:` path or a `postgres://` URL [default: sqlite:DATA_DIR/tenantry.db]
    #[arg(long, env = "DATABASE_URL", hide_env_values = true, global = true)]
    pub database_url: Option<String>,

    /// Folder of the SQLite database and the key file
    #[arg(long, env = "TENANTRY_DATA_DIR", default_value = "data", global = true)]
    pub data_dir: PathBuf,

    /// Address and port to serve on
    #[arg(
        long,
        env = "TENANTRY_LISTEN",
        default_value = "127.0.0.1:8080",
        value_parser = socket,
        global = true
    )]
    pub listen: SocketAddr,

    /// How browsers reach the console; https switches Secure cookies and HSTS on [default: http://LISTEN]
    #[arg(long, env = "TENANTRY_PUBLIC_URL", value_parser = address, global = true)]
    pub public_url: Option<Url>,

    /// The installation's key: 64 hex digits. Prefer the file
    #[arg(
        long,
        env = "TENANTRY_SECRET_KEY",
        hide_env_values = true,
        conflicts_with = "secret_key_file",
        global = true
    )]
    pub secret_key: Option<String>,

    /// File with the installation's key, made when missing [default: DATA_DIR/secret.key]
    #[arg(long, env = "TENANTRY_SECRET_KEY_FILE", global = true)]
    pub secret_key_file: Option<PathBuf>,

    /// Proxies whose X-Forwarded-For is believed: addresses or networks, separated by commas
    #[arg(long, env = "TENANTRY_TRUSTED_PROXIES", value_delimiter = ',', value_parser = network, global = true)]
    pub trusted_proxies: Vec<IpNet>,

    /// What is logged: error, warn, info, debug or trace, also per module
    #[arg(
        long,
        env = "TENANTRY_LOG_LEVEL",
        default_value = "info",
        global = true
    )]
    pub log_level: String,

    /// How log lines look
    #[arg(
        long,
        env = "TENANTRY_LOG_FORMAT",
        default_value = "text",
        global = true
    )]
    pub log_format: LogFormat,

    /// Connections to the database for reading
    #[arg(long, env = "TENANTRY_DATABASE_POOL", default_value_t = 8, value_parser = clap::value_parser!(u32).range(1..=200), global = true)]
    pub database_pool: u32,

    /// Days after which audit events are removed, at least 30 [default: they are kept for ever]
    #[arg(long, env = "TENANTRY_AUDIT_RETENTION_DAYS", value_parser = clap::value_parser!(u32).range(30..=36_500), global = true)]
    pub audit_retention_days: Option<u32>,

    /// Calls of the API that one user may make in a second
    #[arg(long, env = "TENANTRY_API_RATE", default_value = "50", global = true)]
    pub api_rate: NonZeroU32,

    /// Calls of the API that one user may make at once, after a pause
    #[arg(long, env = "TENANTRY_API_BURST", default_value = "200", global = true)]
    pub api_burst: NonZeroU32,

    /// Mail server: smtps://user:password@host, or smtp://host with ?tls=required where it can encrypt [default: none; mail is written to the log]
    #[arg(long, env = "TENANTRY_SMTP_URL", hide_env_values = true, global = true)]
    pub smtp_url: Option<String>,

    /// Sender of mail, like Tenantry <no-reply@company.example>
    #[arg(long, env = "TENANTRY_MAIL_FROM", global = true)]
    pub mail_from: Option<String>,

    /// Argon2id memory in KiB
    #[arg(long, env = "TENANTRY_ARGON2_MEMORY", default_value_t = 19_456, value_parser = clap::value_parser!(u32).range(8..=4_194_304), global = true)]
    pub argon2_memory: u32,

    /// Argon2id passes
    #[arg(long, env = "TENANTRY_ARGON2_PASSES", default_value_t = 2, value_parser = clap::value_parser!(u32).range(1..=100), global = true)]
    pub argon2_passes: u32,
}

/// How log lines look.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum LogFormat {
    /// For people.
    Text,
    /// One JSON object a line.
    Json,
}

impl Config {
    /// The database's URL, made from the data directory when none is set.
    #[must_use]
    pub fn database_url(&self) -> String {
        self.database_url
            .clone()
            .unwrap_or_else(|| format!("sqlite:{}", self.data_dir.join("tenantry.db").display()))
    }

    /// The file of the installation's key.
    #[must_use]
    pub fn secret_key_file(&self) -> PathBuf {
        self.secret_key_file
            .clone()
            .unwrap_or_else(|| self.data_dir.join("secret.key"))
    }

    /// Makes the data directory, if something is to be kept there.
    ///
    /// # Errors
    /// A sentence that names the setting.
    pub fn make_data_dir(&self) -> Result<(), String> {
        let needed = self.database_url.is_none()
            || (self.secret_key.is_none() && self.secret_key_file.is_none());
        if !needed {
            return Ok(());
        }
        // What is kept there is nobody else's business, so nobody else may enter.
        std::fs::DirBuilder::new()
            .recursive(true)
            .mode(0o700)
            .create(&self.data_dir)
            .map_err(|error| {
                format!(
                    "TENANTRY_DATA_DIR {} cannot be made: {error}.",
                    self.data_dir.display()
                )
            })
    }

    /// How browsers reach the console, made from the listening address when none is set.
    ///
    /// # Errors
    /// A sentence, when no address could be made.
    pub fn public_url(&self) -> Result<Url, String> {
        match &self.public_url {
            Some(url) => Ok(url.clone()),
            None => {
                Url::parse(&format!("http://{}", self.listen)).map_err(|error| error.to_string())
            }
        }
    }

    /// Checks what the argument parser cannot.
    ///
    /// # Errors
    /// A sentence that names the setting and the way out.
    pub fn check(&self) -> Result<(), String> {
        let url = self.database_url();
        if !["sqlite:", "postgres://", "postgresql://"]
            .iter()
            .any(|scheme| url.starts_with(scheme))
        {
            return Err("DATABASE_URL must begin with sqlite: or postgres://.".to_owned());
        }
        if url
            .strip_prefix("sqlite:")
            .is_some_and(|path| path.is_empty() || path == ":memory:")
        {
            return Err(
                "DATABASE_URL needs a file after sqlite:, for example sqlite:data/tenantry.db."
                    .to_owned(),
            );
        }
        if let Some(public) = &self.public_url
            && (!matches!(public.scheme(), "http" | "https")
                || public.host_str().is_none()
                || public.path() != "/"
                || public.query().is_some()
                || !public.username().is_empty())
        {
            return Err(
                "TENANTRY_PUBLIC_URL must be like https://console.example.com, without a path."
                    .to_owned(),
            );
        }
        Ok(())
    }
}

fn socket(text: &str) -> Result<SocketAddr, String> {
    text.parse()
        .map_err(|_| "it must be an IP address and a port, like 127.0.0.1:8080".to_owned())
}

fn address(text: &str) -> Result<Url, String> {
    Url::parse(text).map_err(|_| "it must be like https://console.example.com".to_owned())
}

fn network(text: &str) -> Result<IpNet, String> {
    let text = text.trim();
    text.parse::<IpNet>()
        .or_else(|_| text.parse::<std::net::IpAddr>().map(IpNet::from))
        .map_err(|_| "not an address or a network like 10.0.0.0/8".to_owned())
}
