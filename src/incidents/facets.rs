//! Stub until the branch comes.
use crate::db::text_enum;
text_enum! {
    /// x
    Disposition {
        /// x
        Reported = "reported",
    }
}
impl Disposition {
    /// x
    pub fn counts(self) -> bool {
        true
    }
    /// x
    pub fn is_charged(self) -> bool {
        false
    }
}
