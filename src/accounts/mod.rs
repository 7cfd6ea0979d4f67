//! Who is at the other end of a request. Until people sign in, whoever reaches the loopback address is the operator,
//! or, in the demonstration, a visitor of it.

pub mod extract;
