//! Handlers of the people who may sign in, for who administers accounts. Each change is logged with what stood there
//! before; nobody disables the own account or changes the own role.

use axum::http::StatusCode;
use axum::response::{IntoResponse, Redirect, Response};
use maud::Markup;
use serde_json::json;

use super::door::Door;
use super::people::{Told, invite, make_link, sign_in_name, stated};
use super::people_views::{self, Handed, List};
use super::{Account, Purpose, State, links, sessions, sign_in, store, tokens};
use crate::audit::{self, Act, Entry};
use crate::rights::role::Roles;
use crate::rights::{AccountId, Permission, Reach, Resource, Viewer};
use crate::web::extract::{Form, Params, Path};
use crate::web::filled::{Filled, Flaws, LINE, Typed, shown_again};
use crate::web::frame::Frame;
use crate::web::layout::Nav;
use crate::web::{self, Error, OrNotFound};

/// What is said to who would disable the own account.
const OWN_STATE: &str = "This is your own account. Another administrator can disable it.";
/// What is said to who would change the own role.
const OWN_ROLE: &str = "This is your own account. Another administrator can give you another role.";
/// What is said to who would make a link to the own account.
const OWN_LINK: &str = "This is your own account. Password and second factor are on your own page.";

/// The people who may sign in; `q` and `state` limit the list.
pub async fn list(door: Door, viewer: Viewer, frame: Frame, params: Params) -> web::Result<Markup> {
    let (all, state) = (store::list(&door.db, &viewer).await?, params.parsed::<State>("state")?);
    let (roles, wanted) = (door.accounts.roles(), params.get("q").unwrap_or_default().to_lowercase());
    let has = |text: &str| text.to_lowercase().contains(&wanted);
    let fits = |it: &&Account| {
        let role = people_views::title_of(&it.role, roles);
        let texts = [it.full_name.as_str(), it.sign_in.as_str(), it.agency.as_str(), role];
        state.is_none_or(|state| it.state == state) && texts.into_iter().any(has)
    };
    let fitting: Vec<&Account> = all.iter().filter(fits).collect();
    let may_change = viewer.is_permitted(Permission::Change(Resource::Account));
    let list = List { all: &all, fitting: &fitting, roles, params: &params, may_change, zone: frame.zone };
    Ok(frame.page("People").nav(Nav::People).show(people_views::list(&list)))
}

/// The form that invites a person.
pub async fn new(door: Door, frame: Frame) -> Markup {
    let values: Params = [("area_kind", "state".to_owned())].into_iter().collect();
    show_new(&door, &frame, &values, &Flaws::default())
}

/// Invites a person, and shows the link to hand over.
pub async fn add(door: Door, viewer: Viewer, frame: Frame, Form(params): Form) -> web::Result<Response> {
    let mut form = Filled::new(&params);
    let sign_in = form.needed("sign_in", "Give the work email.");
    let sign_in = match sign_in_name(&sign_in) {
        Ok(it) => it,
        Err(reason) if form.flaws.get("sign_in").is_none() => {
            form.flaws.add("sign_in", reason);
            String::new()
        }
        Err(_) => String::new(),
    };
    let told = read_told(&mut form, &params, door.accounts.roles());
    let mut flaws = form.flaws;
    if let Some(told) = told.filter(|_| flaws.is_empty()) {
        if let Some((account, secret)) = invite(&door, &viewer, Act::Administer, &sign_in, told).await? {
            return Ok(
                show_link(&door, &frame, &account, (Purpose::Invitation, &secret), false).into_response()
            );
        }
        flaws.add(
            "sign_in",
            "There is such an account already, perhaps a disabled one. A name is never given again.",
        );
    }
    Ok(again(show_new(&door, &frame, &params, &flaws)))
}

fn show_new(door: &Door, frame: &Frame, values: &Params, flaws: &Flaws) -> Markup {
    within(frame, "Invite a person", people_views::new(door.accounts.roles(), Typed { values, flaws }))
}

/// One person.
pub async fn show(
    door: Door,
    viewer: Viewer,
    frame: Frame,
    Path(id): Path<AccountId>,
    params: Params,
) -> web::Result<Markup> {
    let account = store::find(&door.db, &viewer, id).await?.ok_or_not_found("account")?;
    let (values, flaws) = (values(&account), Flaws::default());
    let form = Typed { values: &values, flaws: &flaws };
    page(&door, &frame, &viewer, (&account, params.get("saved")), form).await
}

/// Changes what a person is and may do.
pub async fn change(
    door: Door,
    viewer: Viewer,
    frame: Frame,
    Path(id): Path<AccountId>,
    Form(params): Form,
) -> web::Result<Response> {
    let mut tx = door.db.begin().await?;
    let before = store::find(&mut tx, &viewer, id).await?.ok_or_not_found("account")?;
    let mut form = Filled::new(&params);
    let told = read_told(&mut form, &params, door.accounts.roles());
    let flaws = form.flaws;
    let Some(told) = told.filter(|_| flaws.is_empty()) else {
        drop(tx);
        let form = Typed { values: &params, flaws: &flaws };
        return Ok(again(page(&door, &frame, &viewer, (&before, None), form).await?));
    };
    if is_own(&viewer, id) && told.role != before.role {
        return Err(Error::Conflict(OWN_ROLE.to_owned()));
    }
    let after = told.apply(before.clone());
    store::change(&mut tx, &after).await?;
    let entry = entry(id).changed(&stated(&before), &stated(&after));
    audit::store::commit(tx, door.clock, &viewer, &entry).await?;
    Ok(to(id, "changed").into_response())
}

/// Disables an account, for a reason.
pub async fn disable(
    door: Door,
    viewer: Viewer,
    frame: Frame,
    Path(id): Path<AccountId>,
    Form(params): Form,
) -> web::Result<Response> {
    if is_own(&viewer, id) {
        return Err(Error::Conflict(OWN_STATE.to_owned()));
    }
    let mut tx = door.db.begin().await?;
    let account = store::find(&mut tx, &viewer, id).await?.ok_or_not_found("account")?;
    if account.state == State::Disabled {
        return Err(Error::Conflict("The account is disabled already.".to_owned()));
    }
    let mut form = Filled::new(&params);
    let why = form.needed("why", "Say why, for who reads it later.");
    let flaws = form.flaws;
    if !flaws.is_empty() {
        drop(tx);
        let values: Params = values(&account).pairs().iter().chain(params.pairs()).cloned().collect();
        let form = Typed { values: &values, flaws: &flaws };
        return Ok(again(page(&door, &frame, &viewer, (&account, None), form).await?));
    }
    sign_in::disable(&mut tx, id, &why, door.now()).await?;
    let entry = entry(id).changed(&json!({"state": account.state}), &json!({"state": State::Disabled}));
    audit::store::commit(tx, door.clock, &viewer, &entry.with("why", why)).await?;
    Ok(to(id, "disabled").into_response())
}

/// Lets a disabled account be used again; who never chose a password is invited as before.
pub async fn enable(door: Door, viewer: Viewer, Path(id): Path<AccountId>) -> web::Result<Redirect> {
    let mut tx = door.db.begin().await?;
    let account = store::find(&mut tx, &viewer, id).await?.ok_or_not_found("account")?;
    if account.state != State::Disabled {
        return Err(Error::Conflict("The account is not disabled any more.".to_owned()));
    }
    let state = if account.password_at.is_some() { State::Active } else { State::Invited };
    store::set_state(&mut tx, id, state, None, door.now()).await?;
    store::forget_failures(&mut tx, id).await?;
    let entry = entry(id).changed(&json!({"state": account.state}), &json!({"state": state}));
    audit::store::commit(tx, door.clock, &viewer, &entry).await?;
    Ok(to(id, "enabled"))
}

/// Releases a locked account.
pub async fn unlock(door: Door, viewer: Viewer, Path(id): Path<AccountId>) -> web::Result<Redirect> {
    let mut tx = door.db.begin().await?;
    let account = store::find(&mut tx, &viewer, id).await?.ok_or_not_found("account")?;
    if account.state != State::Locked {
        return Err(Error::Conflict("The account is not locked any more.".to_owned()));
    }
    store::set_state(&mut tx, id, State::Active, None, door.now()).await?;
    store::forget_failures(&mut tx, id).await?;
    let entry = entry(id).changed(&json!({"state": account.state}), &json!({"state": State::Active}));
    audit::store::commit(tx, door.clock, &viewer, &entry).await?;
    Ok(to(id, "unlocked"))
}

/// Makes a link for an invitation or a new password, and shows it once.
pub async fn link(
    door: Door,
    viewer: Viewer,
    frame: Frame,
    Path(id): Path<AccountId>,
    Form(params): Form,
) -> web::Result<Markup> {
    if is_own(&viewer, id) {
        return Err(Error::Conflict(OWN_LINK.to_owned()));
    }
    let account = store::find(&door.db, &viewer, id).await?.ok_or_not_found("account")?;
    if account.state == State::Disabled {
        return Err(Error::Conflict("The account is disabled. Enable it first.".to_owned()));
    }
    let off = params.get("second_factor").is_some() && account.has_second_factor;
    let (purpose, secret) = make_link(&door, &viewer, Act::Administer, &account, off).await?;
    Ok(show_link(&door, &frame, &account, (purpose, &secret), off))
}

/// Ends all sessions of a person.
pub async fn end_sessions(door: Door, viewer: Viewer, Path(id): Path<AccountId>) -> web::Result<Redirect> {
    let mut tx = door.db.begin().await?;
    store::find(&mut tx, &viewer, id).await?.ok_or_not_found("account")?;
    let n_ended = sessions::end_all(&mut tx, id, None, door.now()).await?;
    audit::store::commit(tx, door.clock, &viewer, &entry(id).with("ended_sessions", n_ended)).await?;
    Ok(to(id, "sessions"))
}

/// What the form says of a person; none when something is to be mended.
fn read_told(form: &mut Filled<'_>, params: &Params, roles: &Roles) -> Option<Told> {
    let full_name = form.needed("full_name", "Give the name.");
    let agency = form.needed("agency", "Give the agency that the person works for.");
    let role = params.get("role").filter(|it| roles.get(it).is_some());
    if role.is_none() {
        form.flaws.add("role", "Choose a role.");
    }
    let area = read_area(form, params);
    Some(Told { full_name, agency, role: role?.to_owned(), area: area? })
}

fn read_area(form: &mut Filled<'_>, params: &Params) -> Option<Reach> {
    let name = form.text("area_name", LINE).unwrap_or_default();
    let name = name.strip_suffix(" County").unwrap_or(&name);
    let text = match params.get("area_kind") {
        Some("state") => return Some(Reach::State),
        Some(kind @ ("county" | "city")) => format!("{kind}:{name}"),
        _ => {
            form.flaws.add("area_kind", "Choose all of Minnesota, a county or a city.");
            return None;
        }
    };
    let area = Reach::parse(&text).ok();
    if area.is_none() && form.flaws.get("area_name").is_none() {
        form.flaws.add("area_name", "Give the name of the county or city.");
    }
    area
}

/// The fields of the form as an account has them.
fn values(account: &Account) -> Params {
    let (kind, name) = match account.reach() {
        Reach::State => ("state", String::new()),
        Reach::County(name) => ("county", name),
        Reach::City(name) => ("city", name),
    };
    let fields = [
        ("full_name", account.full_name.clone()),
        ("agency", account.agency.clone()),
        ("role", account.role.clone()),
        ("area_kind", kind.to_owned()),
        ("area_name", name),
    ];
    fields.into_iter().collect()
}

fn entry(id: AccountId) -> Entry {
    Entry::new(Act::Administer).on(Resource::Account).about(id.0)
}

fn is_own(viewer: &Viewer, id: AccountId) -> bool {
    viewer.actor().account == Some(id)
}

/// The page of a person, and what was just done with it.
async fn page(
    door: &Door,
    frame: &Frame,
    viewer: &Viewer,
    (account, saved): (&Account, Option<&str>),
    form: Typed<'_>,
) -> web::Result<Markup> {
    let (now, policy) = (door.now(), door.accounts.policy());
    let sessions = sessions::of(&door.db, account.id, now.plus(-policy.session())).await?;
    let n_sessions = sessions.iter().filter(|it| it.seen_at.age(now) <= policy.disconnect()).count();
    let n_tokens = tokens::of(&door.db, account.id, now).await?.len();
    let person = people_views::Person {
        account,
        roles: door.accounts.roles(),
        is_own: is_own(viewer, account.id),
        may_change: viewer.is_permitted(Permission::Change(Resource::Account)),
        open: (n_sessions, n_tokens),
        saved,
        zone: frame.zone,
    };
    Ok(within(frame, &account.full_name, people_views::show(&person, form)))
}

/// The page with a link that works once.
fn show_link(
    door: &Door,
    frame: &Frame,
    account: &Account,
    (purpose, secret): (Purpose, &str),
    second_factor_off: bool,
) -> Markup {
    let address = format!("{}{}", door.serve.address(), links::path(secret));
    let ends_at = door.now().plus(door.accounts.policy().link());
    let handed = Handed { account, purpose, address: &address, ends_at, second_factor_off, zone: frame.zone };
    within(frame, "A link to hand over", people_views::link(&handed))
}

fn again(page: Markup) -> Response {
    shown_again(StatusCode::UNPROCESSABLE_ENTITY, page)
}

fn within(frame: &Frame, title: &str, fragment: Markup) -> Markup {
    let crumbs = vec![("People".to_owned(), "/people".to_owned())];
    frame.page(title).nav(Nav::People).crumbs(crumbs).show(fragment)
}

fn to(id: AccountId, saved: &str) -> Redirect {
    Redirect::to(&format!("/people/{id}?saved={saved}"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_sign_in_name_is_like_an_email_and_kept_in_lower_case() {
        assert_eq!(sign_in_name(" A.Velden@Agency.gov ").unwrap(), "a.velden@agency.gov");
        let long = "a@".repeat(101);
        for name in ["", "velden", "@", "a@", "@agency.gov", "a velden@agency.gov", long.as_str()] {
            assert!(sign_in_name(name).is_err(), "{name}");
        }
    }

    fn area(form: &str) -> Result<Reach, Vec<String>> {
        let params = Params::parse(form.as_bytes());
        let mut form = Filled::new(&params);
        let area = read_area(&mut form, &params);
        area.ok_or_else(|| form.flaws.pairs().iter().map(|it| it.0.to_owned()).collect())
    }

    #[test]
    fn an_area_is_the_state_or_has_a_name() {
        assert_eq!(area("area_kind=state&area_name=left+over"), Ok(Reach::State));
        assert_eq!(
            area("area_kind=county&area_name=St.+Louis+County"),
            Ok(Reach::County("St. Louis".to_owned()))
        );
        assert_eq!(area("area_kind=city"), Err(vec!["area_name".to_owned()]));
        assert_eq!(area("area_kind=moon&area_name=x"), Err(vec!["area_kind".to_owned()]));
    }
}
