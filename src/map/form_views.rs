//! The filter of the map page.

use maud::{Markup, html};

use super::list_views::List;
use super::words::{n_active, sign, status_words, tier_mark, to_i64};
use crate::scoring::rank::Tier;
use crate::sites::Status;
use crate::standing::filter::Filter;
use crate::web::format;
use crate::web::ui::{self, Icon, icon};

/// What the selects of the filter offer.
#[derive(Clone, Debug, Default)]
pub struct Choices {
    /// Words and labels.
    pub kinds: Vec<(String, String)>,
    /// Names.
    pub cities: Vec<String>,
    /// Names.
    pub counties: Vec<String>,
}

pub(super) fn form(choices: &Choices, list: &List<'_>) -> Markup {
    let filter = &list.filter;
    let it = &filter.sites;
    let statuses: Vec<(String, String)> =
        Status::ALL.iter().map(|it| (it.to_string(), status_words(*it).to_owned())).collect();
    let names = |all: &[String]| all.iter().map(|it| (it.clone(), it.clone())).collect::<Vec<_>>();
    let first = |all: &[String]| all.first().cloned().unwrap_or_default();
    let status = it.statuses.first().map(Status::to_string).unwrap_or_default();
    html! {
        form.map-filter #filter method="get" action="/map" {
            div.head {
                h2 { "Filter" }
                a.clear #clear href="/map" hidden[n_active(filter) == 0] { "Clear filter" }
                button.usa-button.quiet.filter-close type="button" aria-label="Close the filter" { (icon(Icon::Close)) }
            }
            div.find {
                (icon(Icon::Search))
                input.usa-input.active[it.text.is_some()] type="search" name="q" value=[it.text.as_deref()]
                    aria-label="Name, address or number in this list" placeholder="Name, address or number in this list" autocomplete="off";
            }
            (tiers(filter, list))
            div.selects {
                (select("kind", "Kind", "All kinds", &choices.kinds, &first(&it.kinds)))
                (select("status", "Status", "Any status", &statuses, &status))
                (select("city", "City", "All cities", &names(&choices.cities), it.city.as_deref().unwrap_or_default()))
                (select("county", "County", "All counties", &names(&choices.counties), it.county.as_deref().unwrap_or_default()))
            }
            noscript { button.usa-button type="submit" { "Show sites" } }
        }
    }
}

fn tiers(filter: &Filter, list: &List<'_>) -> Markup {
    let on = |tier: Tier| filter.tiers.is_empty() || filter.tiers.contains(&tier);
    html! {
        @if !list.tiers.is_empty() {
            fieldset.tiers {
                legend.usa-sr-only { "Tiers shown" }
                @for (tier, count) in &list.tiers {
                    label.tier {
                        input type="checkbox" name="tier" value=(tier) checked[on(*tier)];
                        (sign(*tier)) b data-count=(tier) { (format::count(to_i64(*count))) }
                        span { (ui::tier_name(tier_mark(*tier))) }
                    }
                }
            }
        }
    }
}

fn select(name: &str, label: &str, all: &str, options: &[(String, String)], chosen: &str) -> Markup {
    html! {
        select.usa-select.active[!chosen.is_empty()] name=(name) aria-label=(label) {
            option value="" { (all) }
            @for (value, words) in options {
                option value=(value) selected[value.eq_ignore_ascii_case(chosen)] { (words) }
            }
        }
    }
}
