//! Pure text: folding for comparison, US addresses by USPS Publication 28, business names and how alike they are.

pub mod address;
pub mod fold;
pub mod name;
