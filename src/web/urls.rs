//! Addresses within FOCA.

/// A path of FOCA itself to go on to; none where `next` leads elsewhere. Browsers read `//host`, `/\\host` and tabs within
/// as the address of another site.
pub fn local(next: Option<&str>) -> Option<&str> {
    let strange = |it: char| it == '\\' || it.is_control();
    next.filter(|it| {
        it.starts_with('/') && !it.starts_with("//") && !it.contains(strange) && it.len() < 2_000
    })
}

/// `path` with where to go afterwards, if that is within FOCA.
pub fn with_next(path: &str, next: Option<&str>) -> String {
    match local(next) {
        Some(next) => {
            let query = form_urlencoded::Serializer::new(String::new()).append_pair("next", next).finish();
            format!("{path}?{query}")
        }
        None => path.to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_address_leads_out_of_the_house() {
        for next in [
            "https://evil.example",
            "//evil.example",
            "/\\evil.example",
            "/\t/evil.example",
            "evil",
            "",
            "/a\nb",
        ] {
            assert_eq!(local(Some(next)), None, "{next:?}");
            assert_eq!(with_next("/sign-in", Some(next)), "/sign-in");
        }
        assert_eq!(local(Some("/sites?q=a&b=//c")), Some("/sites?q=a&b=//c"));
        assert_eq!(with_next("/sign-in", Some("/sites?q=a b")), "/sign-in?next=%2Fsites%3Fq%3Da+b");
    }
}
