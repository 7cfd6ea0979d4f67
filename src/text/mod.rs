//! Pure text: folding for comparison, US addresses by USPS Publication 28, business names and how alike they are,
//! telephone numbers, and what must not be kept.

pub mod address;
pub mod fold;
pub mod guard;
pub mod name;
pub mod phone;
