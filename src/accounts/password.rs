//! Passwords: what one must be, and what is kept of it (Argon2id). Work is the same whether or not the account exists.

use std::sync::{Arc, LazyLock};

use argon2::Argon2;
use argon2::password_hash::phc::PasswordHash;
use argon2::password_hash::{PasswordHasher, PasswordVerifier};
use tokio::sync::Semaphore;
use zxcvbn::feedback::Warning;
use zxcvbn::{Score, zxcvbn};

use super::policy::Policy;

/// So many passwords are hashed at once: each takes a core and 19 MiB for some milliseconds.
const AT_ONCE: usize = 2;

static TURNS: LazyLock<Arc<Semaphore>> = LazyLock::new(|| Arc::new(Semaphore::new(AT_ONCE)));

/// The hash of a password that nobody has, for accounts that do not exist.
static NOBODYS: LazyLock<String> = LazyLock::new(|| hashed("a password that nobody has").unwrap_or_default());

/// Makes what is compared with where there is no account, so that not even the first such attempt takes longer.
pub fn warm_up() {
    LazyLock::force(&NOBODYS);
}

/// Why a password cannot be used; `about` are words about its owner, such as name and agency.
///
/// # Errors
/// The reason, with what would be right.
pub fn check(password: &str, about: &[&str], policy: &Policy) -> Result<(), String> {
    let n_chars = password.chars().count();
    if n_chars < policy.password_min {
        return Err(format!(
            "Use at least {} characters; this has {n_chars}. A few words are easy to keep in mind.",
            policy.password_min
        ));
    }
    if n_chars > policy.password_max {
        return Err(format!("Use at most {} characters; this has {n_chars}.", policy.password_max));
    }
    let lower = password.to_lowercase();
    let own: Vec<String> =
        about.iter().flat_map(|it| it.split(|c: char| !c.is_alphanumeric())).map(str::to_lowercase).collect();
    if let Some(word) = own.iter().filter(|it| it.chars().count() > 2).find(|it| remainder(&lower, it) < 5) {
        return Err(format!(
            "It is hardly more than your own \"{word}\". Use words that do not stand in your account."
        ));
    }
    if let Some(word) = policy.blocked.iter().find(|it| remainder(&lower, &it.to_lowercase()) < 5) {
        return Err(format!(
            "It is hardly more than \"{word}\", which is tried first here. Use other words."
        ));
    }
    let words: Vec<&str> = own.iter().chain(&policy.blocked).map(String::as_str).collect();
    let found = zxcvbn(password, &words);
    let warning = found.feedback().and_then(zxcvbn::feedback::Feedback::warning);
    match warning {
        Some(
            Warning::ThisIsATop10Password | Warning::ThisIsATop100Password | Warning::ThisIsACommonPassword,
        ) => Err("It is on the list of passwords that are tried first everywhere. Use another.".to_owned()),
        Some(Warning::ThisIsSimilarToACommonlyUsedPassword) if found.score() < Score::Three => {
            Err("It is much like a password from the list that is tried first everywhere. Use another."
                .to_owned())
        }
        Some(warning) if found.score() < Score::Two => {
            Err(format!("It is soon guessed. {warning} Add a word or two."))
        }
        None if found.score() < Score::Two => Err("It is soon guessed. Add a word or two.".to_owned()),
        _ => Ok(()),
    }
}

/// How many characters remain of `password` without every `word` in it; the length of all when the word is not there.
fn remainder(password: &str, word: &str) -> usize {
    let rest = password.replace(word, "");
    if word.is_empty() || rest.len() == password.len() { usize::MAX } else { rest.chars().count() }
}

/// What is kept of a password: Argon2id with a salt of its own, as a PHC string.
///
/// # Errors
/// The system gives no randomness.
pub async fn hash(password: String) -> anyhow::Result<String> {
    in_turn(move || hashed(&password)).await?
}

/// Whether the password is the one that `kept` was made of; without one it takes the same time and is not.
///
/// # Errors
/// The program is being shut down.
pub async fn verify(password: String, kept: Option<String>) -> anyhow::Result<bool> {
    in_turn(move || {
        let (kept, exists) = kept.as_ref().map_or((NOBODYS.as_str(), false), |it| (it.as_str(), true));
        let fits = PasswordHash::new(kept)
            .is_ok_and(|kept| Argon2::default().verify_password(password.as_bytes(), &kept).is_ok());
        fits && exists
    })
    .await
}

fn hashed(password: &str) -> anyhow::Result<String> {
    let hash = Argon2::default().hash_password(password.as_bytes());
    Ok(hash.map_err(|error| anyhow::anyhow!("the password could not be hashed: {error}"))?.to_string())
}

async fn in_turn<T: Send + 'static>(work: impl FnOnce() -> T + Send + 'static) -> anyhow::Result<T> {
    let _turn = Arc::clone(&TURNS).acquire_owned().await?;
    Ok(tokio::task::spawn_blocking(work).await?)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::knowledge::Library;

    fn refusal(password: &str) -> Option<String> {
        let policy = Policy::read(&Library::open(None).unwrap()).unwrap();
        check(password, &["a.velden@demo.example", "Anna Velden", "Duluth Police"], &policy).err()
    }

    #[test]
    fn any_characters_do_if_they_are_enough_and_not_common() {
        for password in [
            "correct horse battery",
            "ночь улица фонарь аптека",
            "  spaces  count  ",
            "x7!kQ2#vLp",
            "🦆🦉🦜🦩🦚🦢🐧🦤",
        ] {
            assert_eq!(refusal(password), None, "{password}");
        }
    }

    #[test]
    fn each_refusal_says_why() {
        for (password, why) in [
            ("short", "at least 8 characters; this has 5"),
            ("password", "tried first everywhere"),
            ("Password1", "tried first everywhere"),
            ("qwertyuiop", "tried first everywhere"),
            ("Velden2026", "your own \"velden\""),
            ("trafficking1", "tried first here"),
            ("aaaaaaaaaaaa", "soon guessed"),
        ] {
            let said = refusal(password).unwrap_or_default();
            assert!(said.contains(why), "{password}: {said}");
        }
        assert!(refusal(&"x1 ".repeat(200)).unwrap().contains("at most 256"));
    }

    #[tokio::test]
    async fn only_the_same_password_verifies_to_its_last_character() {
        let long = "a".repeat(200);
        let kept = hash(format!("{long}b")).await.unwrap();

        assert!(kept.starts_with("$argon2id$"));
        assert!(verify(format!("{long}b"), Some(kept.clone())).await.unwrap());
        assert!(!verify(format!("{long}c"), Some(kept)).await.unwrap());
        assert!(!verify("a password that nobody has".to_owned(), None).await.unwrap());
    }
}
