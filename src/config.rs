//! Every setting: one flag, one `FOCA_*` variable and one sentence each. Nothing else reads the environment.

use std::net::SocketAddr;
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
    /// The address to listen on. Until accounts exist it must be a loopback address.
    #[arg(long, env = "FOCA_LISTEN", default_value = "127.0.0.1:8080")]
    pub listen: SocketAddr,

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

impl Serve {
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
            |_| Self { listen: ([127, 0, 0, 1], 8080).into(), basemap: None, upload_mib: 256, uploads: None },
            |only| only.serve,
        )
    }
}
