//! What a person's form says of a complaint: read, checked, and turned into a record. Pure.

use super::{Category, Complainant, Complaint, State};
use crate::records::Linked;
use crate::rights::{Permission, Resource};
use crate::sites::entry::Entry;
use crate::web::extract::Params;
use crate::web::filled::{Filled, Flaws, LINE};

/// How reliable a source is: the Admiralty code's letters and what they mean (NATO STANAG 2511).
pub const RELIABILITY: [(&str, &str); 6] = [
    ("A", "A: always reliable"),
    ("B", "B: usually reliable"),
    ("C", "C: fairly reliable"),
    ("D", "D: not usually reliable"),
    ("E", "E: unreliable"),
    ("F", "F: cannot be judged"),
];

/// How credible what is said is: the Admiralty code's numbers and what they mean.
pub const CREDIBILITY: [(&str, &str); 6] = [
    ("1", "1: confirmed by other sources"),
    ("2", "2: probably true"),
    ("3", "3: possibly true"),
    ("4", "4: doubtful"),
    ("5", "5: improbable"),
    ("6", "6: cannot be judged"),
];

/// Reads a complaint.
///
/// # Errors
/// All that is to be mended.
pub fn read(params: &Params, entry: &Entry) -> Result<(Complaint, Option<Complainant>), Flaws> {
    let mut form = Filled::new(params);
    let on = entry.past_day(&mut form, "occurred_on", "Give the day of the complaint.");
    let category = form.chosen("category", "Choose what it is about.").unwrap_or(Category::Other);
    let reliability = grade(&mut form, "reliability", &RELIABILITY, "F");
    let credibility = grade(&mut form, "credibility", &CREDIBILITY, "6");
    let anonymous = form.ticked("anonymous");
    let summary = form.free_text("summary");
    let who = complainant(&mut form, entry, anonymous);
    let (Some(on), true) = (on, form.flaws.is_empty()) else { return Err(form.flaws) };
    let complaint = Complaint {
        head: entry.head(on),
        name: entry.site.name.clone(),
        place: entry.place(),
        category,
        category_as_written: None,
        reliability: reliability.into(),
        credibility: credibility.into(),
        anonymous,
        state: State::Open,
        summary: summary.into(),
        linked: Linked::none(),
    };
    Ok((complaint, who))
}

/// Who complained, if that is given by who may keep it. A person who may have been sold or forced is nobody's complainant.
fn complainant(form: &mut Filled<'_>, entry: &Entry, anonymous: bool) -> Option<Complainant> {
    if !entry.viewer.is_permitted(Permission::Change(Resource::Complainant)) {
        return None;
    }
    let mut line = |name| form.text(name, LINE);
    let who = Complainant {
        full_name: line("complainant_name"),
        phone: line("complainant_phone"),
        email: line("complainant_email"),
    };
    if who.full_name.is_none() && who.phone.is_none() && who.email.is_none() {
        return None;
    }
    if anonymous {
        form.flaws.add("anonymous", "The complainant is named below. Leave this box, or the name.");
    }
    if !form.ticked("not_a_victim") {
        let advice = "FOCA keeps no victim's name. If this person may have been forced or sold, leave name, telephone and mail \
            out and call an advocate; else tick the box.";
        form.flaws.add("not_a_victim", advice);
    }
    Some(who)
}

/// A grade of the Admiralty code; what nobody judged cannot be judged.
fn grade(form: &mut Filled<'_>, name: &str, grades: &[(&str, &str)], unjudged: &str) -> String {
    let Some(grade) = form.text(name, 1) else { return unjudged.to_owned() };
    if !grades.iter().any(|it| it.0 == grade) {
        form.flaws.add(name, "Choose one of the list.");
    }
    grade
}
