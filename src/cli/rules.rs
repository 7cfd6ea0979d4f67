//! `foca rules`: packs checked, every site held against them, and the reasoning about one site.

use std::io::Write;
use std::path::PathBuf;

use anyhow::Context;
use chrono::NaiveDate;

use crate::app::App;
use crate::compliance::facts::FactKinds;
use crate::compliance::finding::{Finding, Measurement};
use crate::compliance::job;
use crate::compliance::pack::{Pack, Rule, Status};
use crate::compliance::packs::{Packs, Words, parse_all};
use crate::config;
use crate::incidents::offenses::Offenses;
use crate::knowledge::{Document, Library};
use crate::places::classes::Classes;
use crate::records::SiteId;
use crate::rights::Viewer;
use crate::sites::{self, Kinds, Site};

#[derive(Debug, clap::Subcommand)]
pub(super) enum Rules {
    /// Read rule packs and say all that is wrong with them: file, line, and what would be right.
    Check(Check),
    /// Hold every site against the rules anew.
    Find,
    /// What each rule says of one site, and why.
    Explain(Explain),
}

#[derive(Debug, clap::Args)]
pub(super) struct Check {
    /// A folder of packs; without it those in use.
    #[arg(value_name = "DIR")]
    folder: Option<PathBuf>,
}

#[derive(Debug, clap::Args)]
pub(super) struct Explain {
    /// The site by its code, such as S-00417, or by its id.
    #[arg(value_name = "SITE")]
    site: String,
    /// As of the end of a past day: what was known and in force then.
    #[arg(long, value_name = "YYYY-MM-DD")]
    as_of: Option<NaiveDate>,
}

/// Checks packs, without a database.
///
/// # Errors
/// All that is wrong in any of them.
pub(super) fn check(shared: &config::Shared, order: &Check) -> anyhow::Result<()> {
    let library = Library::open(shared.data.as_deref())?;
    let (kinds, offenses) = (Kinds::read(&library)?, Offenses::read(&library)?);
    let packs = match &order.folder {
        None => Packs::read(&library, &kinds, &offenses)?.iter().cloned().collect(),
        Some(folder) => {
            let documents = documents(folder)?;
            let (facts, classes) = (FactKinds::read(&library)?, Classes::read(&library)?);
            let words = Words { kinds: &kinds, offenses: &offenses, facts: &facts, classes: &classes };
            parse_all(documents.iter(), &words)?
        }
    };
    let mut out = std::io::stdout();
    for it in &packs {
        let standing = format!("{}, {}", it.status.label().to_lowercase(), it.citation);
        writeln!(out, "{:<28} {:>3} rules  {standing}", it.id, it.rules.len())?;
    }
    writeln!(
        out,
        "{} packs, {} rules: all can be used",
        packs.len(),
        packs.iter().map(|it| it.rules.len()).sum::<usize>()
    )?;
    Ok(())
}

fn documents(folder: &std::path::Path) -> anyhow::Result<Vec<Document>> {
    let mut files: Vec<PathBuf> = std::fs::read_dir(folder)
        .with_context(|| format!("reading {}", folder.display()))?
        .map(|it| Ok(it?.path()))
        .collect::<std::io::Result<_>>()?;
    files.retain(|it| it.extension().is_some_and(|it| it == "toml"));
    files.sort();
    anyhow::ensure!(!files.is_empty(), "{}: there is no .toml file in it", folder.display());
    files.iter().map(|it| Document::read(it)).collect()
}

/// Finds, or explains.
///
/// # Errors
/// The database does not answer, or there is no such site.
pub(super) async fn run(app: &App, order: &Rules) -> anyhow::Result<()> {
    match order {
        Rules::Check(_) => Ok(()),
        Rules::Find => find(app).await,
        Rules::Explain(it) => explain(app, it).await,
    }
}

async fn find(app: &App) -> anyhow::Result<()> {
    let began = std::time::Instant::now();
    let found = job::find_all(&app.db, app.clock, &app.rules).await?;
    writeln!(
        std::io::stdout(),
        "{} sites held against {} rules: {} findings changed; {:.2} s",
        found.n_sites,
        app.rules.packs.rules().count(),
        found.n_changed,
        began.elapsed().as_secs_f64()
    )?;
    Ok(())
}

async fn explain(app: &App, order: &Explain) -> anyhow::Result<()> {
    let viewer = Viewer::operator();
    let site = match order.site.parse() {
        Ok(id) => sites::store::find(&app.db, &viewer, id).await?,
        Err(_) => sites::store::by_code(&app.db, &viewer, &order.site).await?,
    };
    let site = site.with_context(|| format!("there is no site `{}`", order.site))?;
    app.rules.places.refresh(&app.db).await?;
    let day = order.as_of.unwrap_or_else(|| app.rules.today(app.clock));
    let mut found = job::as_of(&app.db, &app.rules, &site, day).await?;
    name_others(app, &mut found).await?;
    let mut out = std::io::stdout();
    heading(&mut out, app, &site, day)?;
    if found.is_empty() {
        writeln!(out, "No pack speaks of it: it is closed, of another kind, or lies elsewhere.")?;
    }
    for it in &found {
        if let Some((pack, rule)) = app.rules.packs.rule(&it.pack, &it.rule) {
            reasoning(&mut out, it, pack, rule)?;
        }
    }
    Ok(())
}

/// The operator may know which other sites were measured to.
async fn name_others(app: &App, found: &mut [Finding]) -> anyhow::Result<()> {
    let others = || found.iter().flat_map(|it| &it.measurements).filter_map(|it| it.site.map(SiteId));
    let names = sites::store::names(&app.db, &Viewer::operator(), others()).await?;
    for it in found.iter_mut().flat_map(|it| &mut it.measurements) {
        if let Some(name) = it.site.and_then(|site| names.get(&SiteId(site))) {
            it.name.clone_from(name);
        }
    }
    Ok(())
}

fn heading(out: &mut impl Write, app: &App, site: &Site, day: NaiveDate) -> std::io::Result<()> {
    writeln!(out, "{} {} ({}), {}", site.code(), site.name, app.kinds.label(&site.kind), site.address)?;
    writeln!(out, "What was known and in force on {day}. A finding is no decision: an attorney decides.\n")
}

fn reasoning(out: &mut impl Write, it: &Finding, pack: &Pack, rule: &Rule) -> std::io::Result<()> {
    let since = it.since.map(|it| format!(", since {it}")).unwrap_or_default();
    writeln!(out, "{}{since}: {} ({})", it.status.label().to_uppercase(), rule.title, pack.cite(rule))?;
    writeln!(out, "  law:     {} [{}, {}]", rule.words, pack.status.label(), rule.confidence.label())?;
    writeln!(out, "  finds:   {}", it.says)?;
    for why in &it.because {
        writeln!(out, "  because: {why}")?;
    }
    for missing in &it.missing {
        writeln!(out, "  missing: {missing}")?;
    }
    for measurement in &it.measurements {
        measured(out, measurement)?;
    }
    for evidence in &it.evidence {
        let on = evidence.on.map(|it| format!("{it} ")).unwrap_or_default();
        let record = evidence.record.map(|(kind, id)| format!(" [{kind} {id}]")).unwrap_or_default();
        writeln!(out, "  record:  {on}{}{record}", evidence.text)?;
    }
    if let (Some(next), Status::Violation | Status::Refer) = (&rule.next, it.status) {
        writeln!(out, "  next:    {next} ({})", rule.by.label().to_lowercase())?;
    }
    writeln!(out, "  pack:    {} {}\n", pack.id, &it.pack_hash[..12])
}

fn measured(out: &mut impl Write, it: &Measurement) -> std::io::Result<()> {
    for by in &it.distances {
        let least = if by.least_feet < by.feet {
            format!(", at least {:.1} ft", by.least_feet)
        } else {
            String::new()
        };
        writeln!(
            out,
            "  measure: {:.3} ft{least} to {}, {}, from {} to {}; limit {} ft",
            by.feet,
            it.name,
            by.method.label(),
            by.from.label(),
            by.to.label(),
            it.limit_feet
        )?;
    }
    Ok(())
}
