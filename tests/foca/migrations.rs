//! The two folders of migrations are twins, and rows that an agency stored survive each of them.
