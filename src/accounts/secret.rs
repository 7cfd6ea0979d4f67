//! Random secrets, and the digests that are kept of them. They are too long to be guessed, so that a plain SHA-256 of
//! one is enough.

use std::fmt::Write;

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use sha2::{Digest, Sha256};

/// Letters and digits that nobody takes for each other (Crockford's base 32), in lower case.
const LETTERS: &[u8; 32] = b"0123456789abcdefghjkmnpqrstvwxyz";

/// So many bytes from the system's generator.
///
/// # Errors
/// The system has no randomness to give; then nobody can sign in.
pub fn bytes<const N: usize>() -> anyhow::Result<[u8; N]> {
    let mut bytes = [0; N];
    getrandom::fill(&mut bytes)
        .map_err(|error| anyhow::anyhow!("the system gives no random bytes: {error}"))?;
    Ok(bytes)
}

/// A secret of 256 random bits for a cookie, a link or a token, as 43 letters, digits, `-` and `_`.
///
/// # Errors
/// See [`bytes()`].
pub fn token() -> anyhow::Result<String> {
    Ok(URL_SAFE_NO_PAD.encode(bytes::<32>()?))
}

/// A secret of 80 random bits that a person writes down: `7kq2-m9x0-4bnv-r8td`.
///
/// # Errors
/// See [`bytes()`].
pub fn code() -> anyhow::Result<String> {
    let mut code = String::new();
    for (n, byte) in bytes::<16>()?.iter().enumerate() {
        if n > 0 && n % 4 == 0 {
            code.push('-');
        }
        code.push(char::from(LETTERS[usize::from(byte % 32)]));
    }
    Ok(code)
}

/// A written-down code as it was made, whatever became of its hyphens and capitals.
pub fn tidied(code: &str) -> String {
    let letters = code.chars().filter(char::is_ascii_alphanumeric).map(|it| match it.to_ascii_lowercase() {
        'o' => '0',
        'i' | 'l' => '1',
        other => other,
    });
    letters.enumerate().fold(String::new(), |mut text, (n, letter)| {
        if n > 0 && n % 4 == 0 {
            text.push('-');
        }
        text.push(letter);
        text
    })
}

/// What is kept of a secret: its SHA-256 in hexadecimal.
pub fn digest(secret: &str) -> String {
    Sha256::digest(secret.as_bytes()).iter().fold(String::with_capacity(64), |mut text, byte| {
        let _ = write!(text, "{byte:02x}");
        text
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn secrets_differ_and_a_code_survives_being_written_down() {
        let (one, other, code) = (token().unwrap(), token().unwrap(), code().unwrap());

        assert_ne!(one, other);
        assert_eq!((one.len(), code.len()), (43, 19));
        assert_eq!(tidied(&code.to_uppercase().replace('-', " ").replace('0', "O").replace('1', "l")), code);
        assert_eq!(digest("abc"), "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
    }
}
