//! Handlers: a license at the desk, with what can begin from it and what was applied for.

use axum::extract::State;
use maud::Markup;

use super::acts::Office;
use super::filter::Filter;
use super::license_views::{self, Shown};
use super::{form, part_store, store, today};
use crate::licenses::License;
use crate::records::RecordId;
use crate::records::store::find as find_record;
use crate::rights::{Permission, Resource, Viewer};
use crate::web::extract::Path;
use crate::web::frame::Frame;
use crate::web::layout::Nav;
use crate::web::{self, OrNotFound};

/// The most applications of one license that its page lists.
const MOST: u32 = 100;

/// A license: what can begin from it, its conditions, what was applied for, the letters that went out.
pub async fn show(
    State(office): State<Office>,
    viewer: Viewer,
    frame: Frame,
    Path(id): Path<RecordId>,
) -> web::Result<Markup> {
    let license = find_record::<License>(&office.db, &viewer, id).await?.ok_or_not_found("license")?;
    let now = office.today(frame.zone);
    let days = (now, today::warns(&office.workflow, now));
    let of_it = Filter::of_license(id);
    let (conditions, letters, applications) = tokio::try_join!(
        part_store::conditions_of(&office.db, &viewer, id),
        part_store::letters_about(&office.db, &viewer, id),
        store::list(&office.db, &viewer, &of_it, days, (0, MOST)),
    )?;
    let may_change = viewer.is_permitted(Permission::Change(Resource::Application));
    let open = office.workflow.open_to(form::holder_of(&license), license.status);
    let shown = Shown {
        license: &license,
        conditions,
        letters,
        applications,
        open: if may_change { open } else { Vec::new() },
        workflow: &office.workflow,
        today: now,
        may_change,
    };
    let crumbs =
        vec![("Desk".to_owned(), "/desk".to_owned()), (format!("License {}", license.number), String::new())];
    let title = format!("License {}", license.number);
    Ok(frame.page(&title).nav(Nav::Desk).crumbs(crumbs).show(license_views::show(&shown)))
}
