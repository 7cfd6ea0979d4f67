//! Extractors whose refusals are [`Error`]s: query strings and forms that hold what people really send.

use axum::body::Bytes;
use axum::extract::{FromRequest, FromRequestParts, Request};
use axum::http::request::Parts;
use serde::de::DeserializeOwned;

use super::{Error, Result};

/// The query string or form body as names and values, in order, blanks trimmed and empty values left out.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Params(Vec<(String, String)>, Secrets);

/// The values of fields that hold a secret: to the last blank as they were typed, and in no log.
#[derive(Clone, Default, PartialEq, Eq)]
struct Secrets(Vec<(String, String)>);

impl std::fmt::Debug for Secrets {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Secrets(..)")
    }
}

/// The fields whose values are secrets.
const SECRETS: [&str; 3] = ["password", "repeated", "current"];

/// A longer value is not something that a person typed into a filter.
const LONGEST_FILTER: usize = 1_000;

impl Params {
    /// Reads `a=1&b=2`; invalid UTF-8 is replaced.
    pub fn parse(text: &[u8]) -> Self {
        let pairs = form_urlencoded::parse(text).map(|(name, value)| (name.into_owned(), value.into_owned()));
        let (secrets, plain): (Vec<_>, Vec<_>) = pairs.partition(|it| SECRETS.contains(&it.0.as_str()));
        let trimmed = plain.into_iter().map(|(name, value)| (name, value.trim().to_owned()));
        Self(trimmed.filter(|(_, value)| !value.is_empty()).collect(), Secrets(secrets))
    }

    /// The value of a field that holds a secret, as it was typed.
    pub fn raw(&self, name: &str) -> Option<&str> {
        self.1.0.iter().find(|(it, _)| it == name).map(|(_, value)| value.as_str())
    }

    /// Pairs that did not come from a URL, such as those of a command line.
    pub fn of(pairs: &[(String, String)]) -> Self {
        Self(pairs.to_vec(), Secrets::default())
    }

    /// The first value of that name.
    pub fn get(&self, name: &str) -> Option<&str> {
        self.0.iter().find(|(it, _)| it == name).map(|(_, value)| value.as_str())
    }

    /// All values of that name, each split at commas.
    pub fn list<'a>(&'a self, name: &'a str) -> impl Iterator<Item = &'a str> {
        let values = self.0.iter().filter(move |(it, _)| it == name);
        values.flat_map(|(_, value)| value.split(',')).map(str::trim).filter(|it| !it.is_empty())
    }

    /// The first value of that name, read as `T`.
    ///
    /// # Errors
    /// It is there but cannot be read so.
    pub fn parsed<T: std::str::FromStr<Err: std::fmt::Display>>(
        &self,
        name: &'static str,
    ) -> Result<Option<T>> {
        self.get(name)
            .map(|it| it.parse().map_err(|error: T::Err| Error::field(name, error.to_string())))
            .transpose()
    }

    /// All values of that name, each read as `T`.
    ///
    /// # Errors
    /// One cannot be read so.
    pub fn parsed_list<T: std::str::FromStr<Err: std::fmt::Display>>(
        &self,
        name: &'static str,
    ) -> Result<Vec<T>> {
        let read = |it: &str| it.parse().map_err(|error: T::Err| Error::field(name, error.to_string()));
        self.list(name).map(read).collect()
    }

    /// The pairs, for building a link to the same view.
    pub fn pairs(&self) -> &[(String, String)] {
        &self.0
    }

    /// The same with one value of `name` in the place of those that it had.
    pub fn replaced(&self, name: &str, value: &str) -> Self {
        let others = self.0.iter().filter(|it| it.0 != name).cloned();
        others.chain([(name.to_owned(), value.to_owned())]).collect()
    }

    /// The query string of the same view with another value of `name`, or without it; it begins again at the first page.
    pub fn with(&self, name: &str, value: Option<&str>) -> String {
        let others = self.0.iter().filter(|(it, _)| it != name && it != "page");
        let mut query = form_urlencoded::Serializer::for_suffix("?".to_owned(), 1);
        query.extend_pairs(others);
        if let Some(value) = value {
            query.append_pair(name, value);
        }
        query.finish()
    }

    fn checked(self) -> Result<Self> {
        match self.0.iter().find(|(_, value)| value.len() > LONGEST_FILTER || value.contains('\0')) {
            Some((name, _)) => {
                Err(Error::Unreadable(format!("The value of `{}` cannot be used.", shorten(name))))
            }
            None => Ok(self),
        }
    }
}

/// Values that a form begins with.
impl<N: Into<String>> FromIterator<(N, String)> for Params {
    fn from_iter<I: IntoIterator<Item = (N, String)>>(pairs: I) -> Self {
        let named = pairs.into_iter().map(|(name, value)| (name.into(), value));
        Self(named.filter(|(_, value)| !value.is_empty()).collect(), Secrets::default())
    }
}

fn shorten(text: &str) -> String {
    text.chars().filter(|it| !it.is_control()).take(40).collect()
}

impl<S: Send + Sync> FromRequestParts<S> for Params {
    type Rejection = Error;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self> {
        Self::parse(parts.uri.query().unwrap_or_default().as_bytes()).checked()
    }
}

/// A posted form as names and values; texts may be long here.
#[derive(Clone, Debug, Default)]
pub struct Form(pub Params);

impl<S: Send + Sync> FromRequest<S> for Form {
    type Rejection = Error;

    async fn from_request(request: Request, state: &S) -> Result<Self> {
        let body = Bytes::from_request(request, state).await;
        let body = body.map_err(|_| Error::Unreadable("The form is too large or broke off.".to_owned()))?;
        Ok(Self(Params::parse(&body)))
    }
}

/// A path parameter, such as an id; one that cannot be read is a 404, for nothing has that address.
#[derive(Clone, Copy, Debug)]
pub struct Path<T>(pub T);

impl<T: DeserializeOwned + Send, S: Send + Sync> FromRequestParts<S> for Path<T> {
    type Rejection = Error;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Self> {
        let path = axum::extract::Path::<T>::from_request_parts(parts, state).await;
        path.map(|it| Self(it.0)).map_err(|_| Error::NotFound("page"))
    }
}
