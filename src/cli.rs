//! The command line: each subcommand is a few calls into the slices.

use std::io::{IsTerminal, Write};
use std::path::PathBuf;
use std::process::ExitCode;
use std::sync::Arc;

use anyhow::Context;
use clap::{Parser, Subcommand};
use tracing_subscriber::EnvFilter;

use crate::accounts::door::Door;
use crate::app::{self, App, DataStatus};
use crate::clock::{Clock, Moment};
use crate::config::{self, LogFormat};
use crate::db::Hold;
use crate::exports::file::Order;
use crate::exports::{Format, Subject};
use crate::rights::Viewer;
use crate::web::extract::Params;
use crate::{accounts, compliance, db, demo, exports, server, standing, successions};

mod audit;
mod backup;
mod import;
mod matching;
mod rules;
mod user;

/// FOCA: one honest picture of every adult-oriented business in a state.
#[derive(Debug, Parser)]
#[command(version, about)]
pub struct Cli {
    #[command(flatten)]
    shared: config::Shared,
    #[command(subcommand)]
    command: Command,
}

#[derive(Debug, Subcommand)]
enum Command {
    /// Serve the pages; the database is made when there is none.
    Serve(config::Serve),
    /// Import files as a profile explains them.
    Import(import::Import),
    /// Score and rank every site anew.
    Assess(Assess),
    /// Check rule packs, hold every site against them, or say what they say of one.
    #[command(subcommand)]
    Rules(rules::Rules),
    /// Look for sites that go on where another has ended, and propose them to who decides.
    Successions,
    /// Write sites or records to a file, as GeoJSON or CSV.
    Export(Export),
    /// Match the rows of two files, or find the doubles of one, without a database.
    Match(matching::Match),
    /// Invite, list, disable and release the people who may sign in.
    #[command(subcommand)]
    User(user::User),
    /// Prove the log, write it to a file, tell the head to keep.
    Audit(audit::Audit),
    /// Serve an invented state to try FOCA out; made on the first start, in an empty database only.
    Demo(config::Serve),
    /// Save the whole database to a file, also while a server and imports write.
    Backup(backup::Backup),
    /// Bring a backup back, into a database that is absent or holds nothing.
    Restore(backup::Restore),
}

#[derive(Debug, clap::Args)]
struct Assess {
    /// As of a past day: what was known by its end. The present standings stay as they are.
    #[arg(long, value_name = "YYYY-MM-DD")]
    as_of: Option<Moment>,
}

#[derive(Debug, clap::Args)]
struct Export {
    /// What to write: sites, licenses, inspections, complaints or incidents.
    subject: Subject,
    /// geojson or csv.
    #[arg(long, default_value = "geojson")]
    format: Format,
    /// The file; it appears when it is complete.
    #[arg(long, value_name = "FILE")]
    out: PathBuf,
    /// Only rows that fit, by the names that the map's and the lists' addresses use, such as --filter
    /// kind=massage_parlor --filter bbox=-94,44,-93,45. May be given several times.
    #[arg(long = "filter", value_name = "NAME=VALUE", value_parser = pair)]
    filters: Vec<(String, String)>,
    /// Only these properties, by the names that they have in the file, such as --properties offense,occurred_at. The id
    /// and the point are always there.
    #[arg(long, value_name = "NAME,...", value_delimiter = ',')]
    properties: Vec<String>,
}

fn pair(text: &str) -> Result<(String, String), String> {
    let (name, value) = text.split_once('=').ok_or("give NAME=VALUE, such as city=Duluth")?;
    Ok((name.to_owned(), value.to_owned()))
}

/// Runs one command; what went wrong is said on standard error, with its causes.
pub async fn run(cli: Cli) -> ExitCode {
    start_log(&cli.shared);
    match dispatch(cli).await {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            let _ = writeln!(std::io::stderr(), "foca: {error:#}");
            if db::is_full(&error) {
                let advice =
                    "there is no room left where FOCA writes; make room, then run the same command again";
                let _ = writeln!(std::io::stderr(), "foca: {advice}");
            }
            ExitCode::FAILURE
        }
    }
}

async fn dispatch(cli: Cli) -> anyhow::Result<()> {
    let shared = &cli.shared;
    match cli.command {
        Command::Serve(serve) => on_app(shared, async |app| server::serve(app, &serve).await).await,
        Command::Import(import) => on_app(shared, async |app| import::run(&app, &import).await).await,
        Command::Match(order) => matching::run(&order),
        Command::User(user) => on_app(shared, async |app| user::run(&app, &user).await).await,
        Command::Audit(audit) => on_app(shared, async |app| audit::run(&app, &audit).await).await,
        Command::Assess(assess) => on_app(shared, async |app| assess_all(&app, &assess).await).await,
        // Packs are checked without a database.
        Command::Rules(rules::Rules::Check(order)) => rules::check(shared, &order),
        Command::Rules(order) => on_app(shared, async |app| rules::run(&app, &order).await).await,
        Command::Successions => on_app(shared, async |app| look_for_reopenings(&app).await).await,
        Command::Export(export) => on_app(shared, async |app| export_file(&app, &export).await).await,
        Command::Demo(serve) => on_app(shared, async |app| serve_demo(app, shared, &serve).await).await,
        // These neither make the database nor bring its tables up to date.
        Command::Backup(order) => backup::save(shared, &order).await,
        Command::Restore(order) => backup::restore(shared, Clock::System, &order).await,
    }
}

/// Runs `work` on the opened database, which nobody restores meanwhile.
async fn on_app(
    shared: &config::Shared,
    work: impl AsyncFnOnce(App) -> anyhow::Result<()>,
) -> anyhow::Result<()> {
    let held = Hold::shared(&shared.database).await.context("opening the database")?;
    let _shared = held.context("the database is being restored: start again when it is there")?;
    let app = App::open(shared, Clock::System).await?;
    let db = app.db.clone();
    let done = Box::pin(work(app)).await;
    // The end of the program would not wait for SQLite to fold its log into the file.
    db.close().await;
    done
}

async fn serve_demo(app: App, shared: &config::Shared, serve: &config::Serve) -> anyhow::Result<()> {
    demonstrate(&app, &shared.database).await?;
    app.db.close().await;
    // Opened anew, so that nothing that was read from the empty database is shown.
    server::serve(App::open(shared, Clock::System).await?, serve).await
}

/// Fills an empty database with the demonstration state; one that holds it already stays as it is.
async fn demonstrate(app: &App, database: &str) -> anyhow::Result<()> {
    anyhow::ensure!(
        app::data_status(&app.db).await? != DataStatus::Real,
        "the database {database} holds real data, and invented data never mix with them; \
         name another one, such as --database demo.db"
    );
    let door = Door::inside(app.db.clone(), app.clock, app.accounts.clone(), Arc::clone(&app.serve), true);
    accounts::demo::make(&door).await?;
    if demo::store::is_done(&app.db).await? {
        return tell_sign_ins(app);
    }
    let mut out = std::io::stderr();
    writeln!(out, "making the demonstration state (once):")?;
    demo::make(&app.db, app.clock, |file, it| {
        let _ = writeln!(out, "  {file}: {} rows, {:.1} s", it.counts.rows, it.seconds);
    })
    .await?;
    let found = standing::assess::assess(&app.db, app.clock, &app.cards, None).await?;
    writeln!(out, "  {} sites assessed", found.sites.len())?;
    let held = compliance::job::find_all(&app.db, app.clock, &app.rules).await?;
    writeln!(out, "  {} findings of {} rules", held.n_changed, app.rules.packs.rules().count())?;
    let looked = successions::job::look(&app.db, app.clock, &Viewer::operator(), &app.kinds).await?;
    writeln!(out, "  {} reopenings proposed", looked.n_new)?;
    demo::finish(&app.db).await?;
    tell_sign_ins(app)
}

/// Who may sign in to the demonstration; the sign-in page has a button for each.
fn tell_sign_ins(app: &App) -> anyhow::Result<()> {
    let mut out = std::io::stdout();
    writeln!(out, "sign in by the buttons, or with the password `{}` as:", accounts::demo::PASSWORD)?;
    for it in accounts::demo::PEOPLE {
        let title = app.accounts.roles().get(it.role).map_or(it.role, |role| role.title.as_str());
        writeln!(out, "  {title:<14} {}", it.sign_in)?;
    }
    Ok(())
}

fn start_log(shared: &config::Shared) {
    let filter = EnvFilter::try_new(&shared.log).unwrap_or_else(|_| EnvFilter::new("info"));
    let log = tracing_subscriber::fmt().with_env_filter(filter).with_writer(std::io::stderr);
    match shared.log_format {
        LogFormat::Text => log.with_ansi(std::io::stderr().is_terminal()).init(),
        LogFormat::Json => log.json().init(),
    }
}

async fn assess_all(app: &App, assess: &Assess) -> anyhow::Result<()> {
    let began = std::time::Instant::now();
    let as_of = assess.as_of.map(|it| it.end());
    let outcome = standing::assess::assess(&app.db, app.clock, &app.cards, as_of).await?;
    let tiers: Vec<String> = outcome.tiers().iter().map(|(tier, n)| format!("{n} {tier}")).collect();
    let run = &outcome.run;
    writeln!(
        std::io::stdout(),
        "{} sites as of {}: {}; {} events, {} of them backfilled; {:.1} s",
        run.n_sites,
        run.as_of,
        tiers.join(", "),
        run.n_events,
        run.n_backfilled,
        began.elapsed().as_secs_f64(),
    )?;
    Ok(())
}

async fn look_for_reopenings(app: &App) -> anyhow::Result<()> {
    let began = std::time::Instant::now();
    let it = successions::job::look(&app.db, app.clock, &Viewer::operator(), &app.kinds).await?;
    let mut out = std::io::stdout();
    writeln!(
        out,
        "{} sites, {} of them ended: {} reopenings proposed, {} found again, {} no longer; {:.1} s",
        it.n_sites,
        it.n_ended,
        it.n_new,
        it.n_again,
        it.n_withdrawn,
        began.elapsed().as_secs_f64(),
    )?;
    if let Some(longest) = it.left_out.first() {
        writeln!(
            out,
            "left out because too many sites share them: {} parties, numbers, words or places; the most common has {} sites",
            it.left_out.len(),
            longest.sites,
        )?;
    }
    Ok(())
}

async fn export_file(app: &App, export: &Export) -> anyhow::Result<()> {
    let mut params = export.filters.clone();
    params.extend(export.properties.iter().map(|it| ("properties".to_owned(), it.clone())));
    let order = Order {
        subject: export.subject,
        format: export.format,
        demo: app.frame.demo,
        params: Params::of(&params),
        out: &export.out,
    };
    let n_rows = exports::file::write(&app.db, app.clock, &Viewer::operator(), &order).await?;
    writeln!(std::io::stdout(), "{n_rows} {} written to {}", export.subject, export.out.display())?;
    Ok(())
}
