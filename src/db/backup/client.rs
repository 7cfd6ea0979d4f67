//! PostgreSQL's own programs, found where its packages put them and told where the server is by their environment, which
//! other users of the machine cannot read as they can a command line.

use std::ffi::OsStr;
use std::io;
use std::path::{Path, PathBuf};
use std::process::Stdio;

use anyhow::Context;
use sqlx::ConnectOptions;
use sqlx::postgres::PgConnectOptions;
use tokio::process::{Child, Command};

/// Where Debian's packages keep the programs of each version.
const VERSIONS: &str = "/usr/lib/postgresql";
/// What would take precedence over what is told here.
const ELSEWHERE: &[&str] = &["PGSERVICE", "PGSERVICEFILE", "PGHOSTADDR", "PGAPPNAME"];

/// Runs a program on a server to its end.
///
/// # Errors
/// It is not installed, or what it says when it fails.
pub(super) async fn run(
    name: &str,
    arguments: &[impl AsRef<OsStr>],
    server: &PgConnectOptions,
) -> anyhow::Result<()> {
    let child = start(name, |command| {
        command.args(arguments).envs(environment(server)).stdout(Stdio::null());
        for variable in ELSEWHERE {
            command.env_remove(variable);
        }
    })?;
    let ended = child.wait_with_output().await.with_context(|| format!("running {name}"))?;
    anyhow::ensure!(ended.status.success(), "{}", complaint(name, &ended.stderr));
    Ok(())
}

/// Starts a program, whose standard error is kept; it ends with whoever started it.
///
/// # Errors
/// It is not installed, or the system does not start it.
pub(super) fn start(name: &str, set: impl Fn(&mut Command)) -> anyhow::Result<Child> {
    for program in [Some(PathBuf::from(name)), newest(name)].into_iter().flatten() {
        let mut command = Command::new(&program);
        command.stdin(Stdio::null()).stderr(Stdio::piped()).kill_on_drop(true);
        set(&mut command);
        match command.spawn() {
            Ok(child) => return Ok(child),
            Err(error) if error.kind() == io::ErrorKind::NotFound => {}
            Err(error) => return Err(error).with_context(|| format!("starting {}", program.display())),
        }
    }
    anyhow::bail!(
        "{name} is not installed: install the client programs of PostgreSQL, of the server's version or a later one \
         (Debian: apt-get install postgresql-client)"
    )
}

/// What a program said when it failed.
pub(super) fn complaint(name: &str, stderr: &[u8]) -> String {
    let said = String::from_utf8_lossy(stderr);
    let lines: Vec<&str> = said.lines().map(str::trim).filter(|it| !it.is_empty()).collect();
    if lines.is_empty() { format!("{name} failed without a word") } else { lines.join("; ") }
}

/// The server and how to be let in, as variables of libpq.
fn environment(server: &PgConnectOptions) -> Vec<(&'static str, String)> {
    let host = server.get_socket().map(|it| it.display().to_string());
    let mut set = vec![
        ("PGHOST", host.unwrap_or_else(|| server.get_host().to_owned())),
        ("PGPORT", server.get_port().to_string()),
        ("PGUSER", server.get_username().to_owned()),
        ("PGDATABASE", database(server).to_owned()),
    ];
    set.extend(server.get_options().map(|it| ("PGOPTIONS", it.to_owned())));
    // The driver tells these nowhere else. What an address cannot hold as it is comes from elsewhere.
    let address = server.clone().username("user").host("localhost").to_url_lossy();
    set.extend(address.password().map(|it| ("PGPASSWORD", decoded(it))));
    for (name, value) in address.query_pairs() {
        let variable = match &*name {
            "sslmode" => "PGSSLMODE",
            "sslrootcert" => "PGSSLROOTCERT",
            "sslcert" => "PGSSLCERT",
            "sslkey" => "PGSSLKEY",
            _ => continue,
        };
        set.push((variable, value.into_owned()));
    }
    set
}

/// The name of the database: the user's, if none is given.
pub(super) fn database(server: &PgConnectOptions) -> &str {
    server.get_database().unwrap_or(server.get_username())
}

/// `text` with each `%41` as the byte that it stands for.
fn decoded(text: &str) -> String {
    let mut parts = text.split('%');
    let mut bytes = parts.next().unwrap_or_default().as_bytes().to_vec();
    for part in parts {
        let byte = part.get(..2).and_then(|it| u8::from_str_radix(it, 16).ok());
        bytes.push(byte.unwrap_or(b'%'));
        bytes.extend(part.as_bytes().iter().skip(if byte.is_some() { 2 } else { 0 }));
    }
    String::from_utf8_lossy(&bytes).into_owned()
}

/// The program of the newest version that is installed.
fn newest(name: &str) -> Option<PathBuf> {
    let versions = std::fs::read_dir(VERSIONS).ok()?.filter_map(|it| it.ok()?.file_name().into_string().ok());
    let programs = versions.map(|it| (version(&it), Path::new(VERSIONS).join(it).join("bin").join(name)));
    programs.filter(|(_, path)| path.exists()).max().map(|(_, path)| path)
}

/// `9.6` comes before `15`.
fn version(folder: &str) -> Vec<u32> {
    folder.split('.').map(|it| it.parse().unwrap_or_default()).collect()
}

#[cfg(test)]
mod tests {
    use super::{complaint, decoded, environment, version};

    #[test]
    fn versions_sort_by_number() {
        assert!(version("9.6") < version("15") && version("9") < version("16"));
    }

    #[test]
    fn a_server_is_told_by_variables_with_the_password_as_it_was() {
        let server = "postgres://ann@h.example:5433/foca?password=a%2Bb%20%C3%A9%25%40%2F&sslmode=require";
        let set = environment(&server.parse().unwrap());

        for (name, value) in [
            ("PGHOST", "h.example"),
            ("PGPORT", "5433"),
            ("PGUSER", "ann"),
            ("PGDATABASE", "foca"),
            ("PGPASSWORD", "a+b é%@/"),
            ("PGSSLMODE", "require"),
        ] {
            assert!(set.iter().any(|it| it.0 == name && it.1 == value), "{name}: {set:?}");
        }
    }

    #[test]
    fn a_percent_sign_that_stands_for_nothing_stays() {
        assert_eq!(decoded("100%"), "100%");
        assert_eq!(decoded("%zz%41"), "%zzA");
    }

    #[test]
    fn a_complaint_is_one_line() {
        assert_eq!(complaint("pg_dump", b"one\n\ntwo\n"), "one; two");
        assert_eq!(complaint("pg_dump", b""), "pg_dump failed without a word");
    }
}
