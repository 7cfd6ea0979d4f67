//! Tables with sortable heads, and paging with the total.

use maud::{Markup, html};

use super::icon::{Icon, icon};
use crate::web::format;

/// How a column sorts now.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Sort {
    /// Smallest first.
    Up,
    /// Largest first.
    Down,
}

/// The head of a column.
#[derive(Clone, Debug, Default)]
pub struct Column {
    label: String,
    number: bool,
    href: Option<String>,
    sort: Option<Sort>,
}

impl Column {
    /// A column of text.
    pub fn new(label: &str) -> Self {
        Self { label: label.to_owned(), ..Self::default() }
    }

    /// Its values are numbers and stand at the right.
    pub fn number(mut self) -> Self {
        self.number = true;
        self
    }

    /// A click on it sorts: the address that does, and how it sorts now, if it does.
    pub fn sort(mut self, href: String, sort: Option<Sort>) -> Self {
        self.href = Some(href);
        self.sort = sort;
        self
    }
}

/// A table in its frame. `rows` are `tr` elements; each `td` carries `data-label` with the name of its column, which
/// the phone shows before the value, and the first cell is a `th scope="row"` of class `name`.
pub fn table(caption: &str, columns: &[Column], rows: &Markup) -> Markup {
    html! {
        div.table-wrap tabindex="0" role="region" aria-label=(caption) {
            table.usa-table."usa-table--borderless".cards.hover {
                caption.usa-sr-only { (caption) }
                thead { tr { @for it in columns { (head(it)) } } }
                tbody { (rows) }
            }
        }
    }
}

fn head(column: &Column) -> Markup {
    let sorted = column.sort.map(|it| if it == Sort::Up { "ascending" } else { "descending" });
    html! {
        th scope="col" class=[column.number.then_some("num")] aria-sort=[sorted] {
            @match &column.href {
                Some(href) => a href=(href) { (column.label) (arrow(column.sort)) },
                None => (column.label),
            }
        }
    }
}

fn arrow(sort: Option<Sort>) -> Markup {
    match sort {
        Some(Sort::Up) => icon(Icon::Up),
        Some(Sort::Down) => icon(Icon::Down),
        None => html! {},
    }
}

/// Below a list: `1–50 of 412`, and links to the pages around. `page` counts from 1; `link` gives a page's address.
pub fn paging(total: u64, page: u64, size: u64, link: impl Fn(u64) -> String) -> Markup {
    let size = size.max(1);
    let pages = total.div_ceil(size).max(1);
    let page = page.clamp(1, pages);
    let (from, to) = ((page - 1) * size + 1, (page * size).min(total));
    html! {
        nav.paging aria-label="Pages" {
            p.total {
                @if total == 0 { "None" } @else {
                    b { (format::count(from)) "–" (format::count(to)) } " of " (format::count(total))
                }
            }
            @if page > 1 {
                a.usa-button.neutral href=(link(page - 1)) rel="prev" { (icon(Icon::Previous)) "Previous" }
            }
            @if page < pages {
                a.usa-button.neutral href=(link(page + 1)) rel="next" { "Next" (icon(Icon::Next)) }
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn shown(total: u64, page: u64) -> String {
        paging(total, page, 50, |it| format!("?page={it}")).into_string()
    }

    #[test]
    fn paging_tells_the_part_and_the_whole() {
        let middle = shown(412, 2);

        assert!(middle.contains("<b>51–100</b> of 412"), "{middle}");
        assert!(middle.contains("?page=1") && middle.contains("?page=3"), "{middle}");
    }

    #[test]
    fn a_page_past_the_end_is_the_last_one() {
        assert!(shown(412, 999).contains("<b>401–412</b> of 412"));
        assert!(!shown(412, 999).contains("Next"));
        assert!(shown(0, 1).contains("None"));
    }

    #[test]
    fn a_sorted_head_says_so_and_turns_over_on_a_click() {
        let columns = [
            Column::new("Site").sort("?sort=-name".to_owned(), Some(Sort::Up)),
            Column::new("Score").number(),
        ];

        let shown = table("Sites", &columns, &html! {}).into_string();

        assert!(shown.contains(r#"aria-sort="ascending"><a href="?sort=-name">Site"#), "{shown}");
        assert!(shown.contains(r#"<th scope="col" class="num">Score</th>"#), "{shown}");
    }
}
