//! What a person's form says of a complaint: read, checked, and turned into a record. Pure.

use super::{Category, Complaint, State};
use crate::records::Linked;
use crate::sites::entry::Entry;
use crate::web::extract::Params;
use crate::web::filled::{Filled, Flaws};

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
pub fn read(params: &Params, entry: &Entry) -> Result<Complaint, Flaws> {
    let mut form = Filled::new(params);
    let on = entry.past_day(&mut form, "occurred_on", "Give the day of the complaint.");
    let category = form.chosen("category", "Choose what it is about.").unwrap_or(Category::Other);
    let reliability = grade(&mut form, "reliability", &RELIABILITY, "F");
    let credibility = grade(&mut form, "credibility", &CREDIBILITY, "6");
    let anonymous = form.ticked("anonymous");
    let summary = form.free_text("summary");
    let (Some(on), true) = (on, form.flaws.is_empty()) else { return Err(form.flaws) };
    Ok(Complaint {
        head: entry.head(on),
        name: entry.site.name.clone(),
        place: entry.place(),
        category,
        category_as_written: None,
        reliability,
        credibility,
        anonymous,
        state: State::Open,
        summary,
        linked: Linked::none(),
    })
}

/// A grade of the Admiralty code; what nobody judged cannot be judged.
fn grade(form: &mut Filled<'_>, name: &str, grades: &[(&str, &str)], unjudged: &str) -> String {
    let Some(grade) = form.text(name, 1) else { return unjudged.to_owned() };
    if !grades.iter().any(|it| it.0 == grade) {
        form.flaws.add(name, "Choose one of the list.");
    }
    grade
}
