//! Every setting: one flag, one `FOCA_*` variable and one sentence each. Nothing else reads the environment.

use std::net::{IpAddr, SocketAddr};
use std::path::PathBuf;

use clap::{Args, Parser};

/// Settings that every command shares.
#[derive(Args, Clone, Debug)]
pub struct Shared {
    /// The database: a SQLite file, or postgres://user@host/name for PostgreSQL.
    #[arg(long, env = "FOCA_DATABASE", default_value = "foca.db", global = true, hide_env_values = true)]
    pub database: String,

    /// A folder whose files replace or join the built-in ones of data/ (profiles, models, kinds).
    #[arg(long, env = "FOCA_DATA", value_name = "FOLDER", global = true)]
    pub data: Option<PathBuf>,

    /// What is logged, in the syntax of tracing's EnvFilter, such as `info,sqlx=warn`.
    #[arg(long, env = "FOCA_LOG", default_value = "info,sqlx=warn", global = true)]
    pub log: String,

    /// How log lines are written: as text for people or as JSON for a collector.
    #[arg(long, env = "FOCA_LOG_FORMAT", value_enum, default_value_t = LogFormat::Text, global = true)]
    pub log_format: LogFormat,

    /// The agency's time zone, for pages and for days without an offset.
    #[arg(long, env = "FOCA_ZONE", default_value = "America/Chicago", global = true)]
    pub zone: chrono_tz::Tz,
}

/// The shape of a log line.
#[derive(Clone, Copy, Debug, clap::ValueEnum)]
pub enum LogFormat {
    /// One readable line.
    Text,
    /// One JSON object a line.
    Json,
}

/// Settings of the server.
#[derive(Args, Clone, Debug)]
pub struct Serve {
    /// The address to listen on. Off loopback FOCA stands behind a proxy that speaks TLS, and needs --public-url.
    #[arg(long, env = "FOCA_LISTEN", default_value = "127.0.0.1:8080")]
    pub listen: SocketAddr,

    /// The address that people type, such as `https://foca.example.gov`; cookies are then sent over TLS only.
    #[arg(long, env = "FOCA_PUBLIC_URL", value_name = "https://HOST", value_parser = public_url)]
    pub public_url: Option<String>,

    /// The network addresses of our own proxies, with commas: only what these say of a client's address is believed.
    #[arg(long, env = "FOCA_PROXIES", value_name = "ADDRESS,...", value_delimiter = ',')]
    pub proxies: Vec<IpAddr>,

    /// A request's body that has not come whole after so many seconds is refused; uploads have so long for each part.
    #[arg(long, env = "FOCA_BODY_SECONDS", default_value_t = 30)]
    pub body_seconds: u64,

    /// A PMTiles file with a street map, shown beneath the sites.
    #[arg(long, env = "FOCA_BASEMAP", value_name = "FILE.pmtiles")]
    pub basemap: Option<PathBuf>,

    /// The largest file that the upload page takes, in MiB; larger ones go through `foca import`.
    #[arg(long, env = "FOCA_UPLOAD_MIB", default_value_t = 256)]
    pub upload_mib: usize,

    /// Where uploaded files wait between preview and storing; by default the system's folder for such files.
    #[arg(long, env = "FOCA_UPLOADS", value_name = "FOLDER")]
    pub uploads: Option<PathBuf>,
}

/// Scheme and host of the address that people type, in lower case and without a slash at the end.
fn public_url(text: &str) -> Result<String, String> {
    let url = text.trim_end_matches('/');
    let host = url.strip_prefix("https://").ok_or("it must begin with https://")?;
    let strange = |it: char| !(it.is_ascii_alphanumeric() || ".-:[]".contains(it));
    if host.is_empty() || host.contains(strange) {
        return Err("give scheme and host only, such as https://foca.example.gov".to_owned());
    }
    Ok(url.to_ascii_lowercase())
}

impl Serve {
    /// Whether browsers reach FOCA over TLS.
    pub fn is_secure(&self) -> bool {
        self.public_url.is_some()
    }

    /// Host and perhaps port of the public address, as browsers send it.
    pub fn public_host(&self) -> Option<&str> {
        self.public_url.as_deref().and_then(|it| it.strip_prefix("https://"))
    }

    /// The address that a link for people begins with.
    pub fn address(&self) -> String {
        self.public_url.clone().unwrap_or_else(|| format!("http://localhost:{}", self.listen.port()))
    }

    /// Where uploaded files wait.
    pub fn uploads_folder(&self) -> PathBuf {
        self.uploads.clone().unwrap_or_else(|| std::env::temp_dir().join("foca-uploads"))
    }

    /// The settings as the environment and the defaults give them, for commands that take no flags of the server.
    pub fn preset() -> Self {
        #[derive(Parser)]
        struct Only {
            #[command(flatten)]
            serve: Serve,
        }
        Only::try_parse_from(["foca"]).map_or_else(
            |_| Self {
                listen: ([127, 0, 0, 1], 8080).into(),
                public_url: None,
                proxies: Vec::new(),
                body_seconds: 30,
                basemap: None,
                upload_mib: 256,
                uploads: None,
            },
            |only| only.serve,
        )
    }
}
