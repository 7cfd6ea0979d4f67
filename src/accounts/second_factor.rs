//! The second factor: six digits of an authenticator app (TOTP, RFC 6238). Passkeys will stand beside it here.

use qrcodegen::{QrCode, QrCodeEcc};
use totp_rs::{Builder, Secret, Totp};

use super::secret;

/// A new secret of 160 bits, in base 32 as people type it into an app.
///
/// # Errors
/// The system gives no randomness.
pub fn new_secret() -> anyhow::Result<String> {
    Ok(Secret::new(secret::bytes::<20>()?.into()).to_base32())
}

/// The step of 30 seconds whose code this is, if it fits now or one step before or after, and is later than the last that
/// was used: a code works once.
pub fn step_of(kept: &str, code: &str, seconds: i64, last_step: i64) -> Option<i64> {
    let digits: String = code.chars().filter(|it| !it.is_whitespace()).collect();
    let seconds = u64::try_from(seconds).ok()?;
    let step = totp(kept)?.check(&digits, seconds)?;
    i64::try_from(step).ok().filter(|it| *it > last_step)
}

/// Whether a text is a secret as [`new_secret`] makes them.
pub fn is_secret(text: &str) -> bool {
    totp(text).is_some_and(|it| it.secret().as_bytes().len() == 20)
}

/// The address that an app takes from the square: `otpauth://totp/…`.
pub fn address(kept: &str, sign_in: &str) -> String {
    let name: String = form_urlencoded::byte_serialize(sign_in.as_bytes()).collect();
    format!("otpauth://totp/FOCA:{name}?secret={kept}&issuer=FOCA")
}

/// The dark modules of the square with that address, as the path of an SVG, and the modules on one side.
pub fn square(address: &str) -> Option<(String, i32)> {
    use std::fmt::Write;
    let code = QrCode::encode_text(address, QrCodeEcc::Medium).ok()?;
    let mut path = String::new();
    for y in 0..code.size() {
        for x in (0..code.size()).filter(|x| code.get_module(*x, y)) {
            let _ = write!(path, "M{x} {y}h1v1h-1z");
        }
    }
    Some((path, code.size()))
}

fn totp(kept: &str) -> Option<Totp> {
    Builder::new().with_secret(Secret::try_from_base32(kept).ok()?).build().ok()
}

/// The code of a secret at a time, as an app shows it; for the demonstration and for tests.
pub fn code(kept: &str, seconds: i64) -> Option<String> {
    Some(totp(kept)?.generate(u64::try_from(seconds).ok()?).to_string())
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The secret and times of RFC 6238, appendix B, whose codes end in these six digits.
    const SECRET: &str = "GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ";

    #[test]
    fn codes_are_those_of_the_standard() {
        for (seconds, expected) in [(59, "287082"), (1_111_111_109, "081804"), (1_234_567_890, "005924")] {
            assert_eq!(code(SECRET, seconds).unwrap(), expected);
        }
    }

    #[test]
    fn a_code_works_once_and_not_long_after() {
        let step = step_of(SECRET, "287 082", 59, 0).unwrap();

        assert_eq!(step, 1);
        assert_eq!(step_of(SECRET, "287082", 59, step), None);
        assert_eq!(step_of(SECRET, "287082", 89, 0), Some(1));
        assert_eq!(step_of(SECRET, "287082", 120, 0), None);
        assert_eq!(step_of(SECRET, "28708", 59, 0), None);
        assert_eq!(step_of(SECRET, "", 59, 0), None);
    }

    #[test]
    fn a_new_secret_fits_into_a_square() {
        let kept = new_secret().unwrap();

        assert!(is_secret(&kept) && !is_secret("GEZDGNBV") && !is_secret("no secret!"));
        let (path, side) = square(&address(&kept, "a.velden@demo.example")).unwrap();
        assert!(path.len() > 1_000 && side > 20);
    }
}
