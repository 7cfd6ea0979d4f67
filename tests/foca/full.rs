//! A disk that is full while FOCA writes: a tiny file system of its own, made in a name space of mounts that ends with
//! the test. The import says what to do and goes on once there is room; the server answers with a page.

use std::io::{BufRead, BufReader, Read, Write};
use std::net::TcpStream;
use std::process::{Child, ChildStdout, Command, Stdio};

use foca::clock::Clock;

use crate::harness::{TestApp, VISITS, VISITS_HEADER, block_on, people};

/// Whether this machine lets a test mount a file system that nobody else sees.
fn can_mount() -> bool {
    let tried = Command::new("unshare").args(["-rm", "mount", "-t", "tmpfs", "tmpfs", "/mnt"]).output();
    let can = tried.is_ok_and(|it| it.status.success());
    if !can {
        println!("skipped: this machine lets no test mount a file system (unshare -rm)");
    }
    can
}

/// Runs `script` with a tmpfs of so many KiB as `$disk`; `$foca` is the program on the database there.
fn on_a_small_disk(kib: u32, folder: &std::path::Path, script: &str) -> Command {
    let mut shell = Command::new("unshare");
    let mount = format!("set -u; mount -t tmpfs -o size={kib}k tmpfs \"$disk\" || exit 99; {script}");
    let disk = folder.join("disk");
    std::fs::create_dir(&disk).unwrap();
    shell.args(["-rm", "sh", "-c", &mount]).current_dir(folder);
    shell.env("disk", disk.to_str().unwrap()).env("foca", env!("CARGO_BIN_EXE_foca"));
    shell
}

#[test]
fn an_import_on_a_full_disk_says_what_to_do_and_goes_on_once_there_is_room() {
    if !can_mount() {
        return;
    }
    let folder = tempfile::tempdir().unwrap();
    let mut text = VISITS_HEADER.to_owned();
    for n in 0..12_000 {
        text.push_str(&format!("{n},Shop {},{} Oak St,2024-02-{:02},ok,,\n", n % 90, n % 90 + 1, n % 28 + 1));
    }
    std::fs::write(folder.path().join("visits.csv"), text).unwrap();
    std::fs::write(folder.path().join("visits.toml"), VISITS).unwrap();
    let script = r#"
        db="$disk/foca.db"
        "$foca" --database "$db" assess >&2 || exit 98
        head -c 500m /dev/zero >"$disk/ballast" 2>/dev/null
        truncate -s -1m "$disk/ballast"
        "$foca" --database "$db" import --profile visits.toml visits.csv --json >full.out 2>full.err
        echo "full: $?"
        rm "$disk/ballast"
        mount -o remount,size=200m "$disk" || exit 97
        "$foca" --database "$db" import --profile visits.toml visits.csv --json >room.out 2>room.err
        echo "room: $?"
        "$foca" --database "$db" import --profile visits.toml visits.csv --json >again.out 2>again.err
        echo "again: $?"
    "#;

    let output = on_a_small_disk(24_000, folder.path(), script).output().unwrap();

    let read = |name: &str| std::fs::read_to_string(folder.path().join(name)).unwrap();
    let codes = String::from_utf8_lossy(&output.stdout).into_owned();
    let told = String::from_utf8_lossy(&output.stderr).into_owned();
    let (error, room, again) = (read("full.err"), read("room.out"), read("again.out"));
    assert!(codes.contains("full: 1\n") && codes.contains("room: 0\n"), "{codes} {told} {error}");
    assert!(error.contains("no room left") && error.contains("run the same import again"), "{error}");
    assert!(!error.contains("panicked"), "{error}");
    let number = |text: &str, name: &str| -> i64 {
        serde_json::from_str::<serde_json::Value>(text.trim()).unwrap()[name].as_i64().unwrap()
    };
    assert_eq!(number(&room, "stored") + number(&room, "duplicate"), 12_000);
    assert_eq!(
        (number(&again, "stored"), number(&again, "updated"), number(&again, "duplicate")),
        (0, 0, 12_000)
    );
}

#[test]
fn a_backup_on_a_full_disk_leaves_nothing_and_says_what_to_do() {
    if !can_mount() {
        return;
    }
    let folder = tempfile::tempdir().unwrap();
    let script = r#"
        "$foca" --database foca.db assess >&2 || exit 98
        "$foca" --database foca.db backup "$disk/backup" 2>full.err
        echo "full: $?"
        ls -A "$disk"
    "#;

    // FOCA's empty tables and the counties take about 1 MB.
    let output = on_a_small_disk(400, folder.path(), script).output().unwrap();

    let error = std::fs::read_to_string(folder.path().join("full.err")).unwrap();
    assert_eq!(String::from_utf8_lossy(&output.stdout), "full: 1\n", "{error}");
    assert!(error.contains("no room left") && error.contains("make room"), "{error}");
}

/// A server on a small disk, spoken to line by line.
struct Server {
    shell: Child,
    said: BufReader<ChildStdout>,
}

impl Server {
    /// The next line that begins so.
    fn line(&mut self, start: &str) -> String {
        let mut line = String::new();
        loop {
            line.clear();
            assert_ne!(self.said.read_line(&mut line).unwrap(), 0, "the server ended before it said {start}");
            if line.starts_with(start) {
                return line.trim().to_owned();
            }
        }
    }

    fn tell(&mut self, word: &str) {
        writeln!(self.shell.stdin.as_mut().unwrap(), "{word}").unwrap();
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        // The shell ends its server when its input ends.
        drop(self.shell.stdin.take());
        let _ = self.shell.wait();
    }
}

/// A database in that folder in which a supervisor has signed in; the cookie of the session.
fn signed_in(folder: &std::path::Path) -> String {
    let file = folder.join("foca.db");
    let mut cookie = String::new();
    block_on(async {
        let app = TestApp::open(file.to_str().unwrap()).await.changed(|it| it.clock = Clock::System);
        cookie = people::session_of(&app.app, "supervisor").await;
        app.db.close().await;
    });
    cookie
}

/// Posts the form of a new site, and returns the whole answer.
fn post_site(port: &str, cookie: &str, name: &str) -> String {
    let form = format!("kind=other&name={name}&address=1+Oak+St&city=Duluth&state=MN&status=open");
    let mut stream = TcpStream::connect(format!("127.0.0.1:{port}")).unwrap();
    let head = format!(
        "POST /sites/new HTTP/1.1\r\nHost: localhost:{port}\r\nOrigin: http://localhost:{port}\r\nSec-Fetch-Site: same-origin\r\nAccept: text/html\r\nCookie: {cookie}\r\nConnection: close\r\nContent-Type: application/x-www-form-urlencoded\r\nContent-Length: {}\r\n\r\n{form}",
        form.len()
    );
    stream.write_all(head.as_bytes()).unwrap();
    let mut answer = Vec::new();
    stream.read_to_end(&mut answer).unwrap();
    String::from_utf8_lossy(&answer).into_owned()
}

#[test]
fn a_form_on_a_full_disk_is_answered_with_a_page_and_saved_once_there_is_room() {
    if !can_mount() {
        return;
    }
    let folder = tempfile::tempdir().unwrap();
    let cookie = signed_in(folder.path());
    let script = r#"
        cp foca.db "$disk/foca.db"
        "$foca" --database "$disk/foca.db" serve --listen 127.0.0.1:0 2>serve.err &
        server=$!
        while read -r word; do
            case $word in
                fill) head -c 500m /dev/zero >"$disk/ballast" 2>/dev/null; echo filled ;;
                free) rm "$disk/ballast"; echo freed ;;
            esac
        done
        kill $server; wait $server
    "#;
    let mut shell = on_a_small_disk(24_000, folder.path(), script);
    let mut shell = shell.stdin(Stdio::piped()).stdout(Stdio::piped()).spawn().unwrap();
    let said = BufReader::new(shell.stdout.take().unwrap());
    let mut server = Server { shell, said };
    let port = server.line("listening on").rsplit(':').next().unwrap().to_owned();
    server.tell("fill");
    server.line("filled");

    // What is free inside pages that exist already takes the first forms.
    let refused = (0..2_000)
        .map(|n| post_site(&port, &cookie, &format!("Shop+{n}")))
        .find(|it| !it.starts_with("HTTP/1.1 303"));
    server.tell("free");
    server.line("freed");
    let saved = post_site(&port, &cookie, "Late+Shop");

    let refused = refused.expect("the disk takes 2,000 sites though it is full");
    assert!(refused.starts_with("HTTP/1.1 507"), "{refused}");
    assert!(refused.contains("no room left") && refused.contains("Nothing was saved"), "{refused}");
    assert!(saved.starts_with("HTTP/1.1 303"), "{saved}");
}
