//! The parts that pages are made of: pure functions from plain values to markup; the theme styles their classes.

mod canvas;
mod control;
mod form;
mod icon;
mod mark;
mod message;
mod page;
mod score;
mod table;
mod timeline;

pub use canvas::map_canvas;
pub use control::{Toggle, button, chip, link_button, primary, quiet, quiet_link, secondary_link, toggles};
pub use form::{
    Field, field_checkbox, field_date, field_file, field_hidden, field_password, field_radios, field_select,
    field_text, field_textarea,
};
pub use icon::{Icon, icon};
pub use mark::{Mark, tier_mark, tier_name, tier_sign, tier_tag};
pub use message::{
    Finding, Note, empty_state, error_summary, finding_tag, held, held_or_unknown, note, progress, tag,
    toast, unknown, withheld,
};
pub use page::{card, card_with, counts, crumbs, facts, page_head, steps};
pub use score::{
    Reason, STANDING_SENTENCE, Score, family_row, mini_score, reason_row, score_block, standing_sentence,
};
pub use table::{Column, Sort, paging, table};
pub use timeline::{Event, RecordIcon, timeline_row, timeline_year};
