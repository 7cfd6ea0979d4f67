//! What the way in works with, and from where somebody comes.

use std::net::{IpAddr, SocketAddr};
use std::sync::Arc;

use axum::extract::{ConnectInfo, FromRef, FromRequestParts};
use axum::http::request::Parts;
use axum::http::{HeaderMap, header};

use super::sessions::{Origin, SessionId};
use super::{Account, Accounts};
use crate::clock::{Clock, Stamp};
use crate::config;
use crate::db::Db;
use crate::rights::grant::Grant;
use crate::rights::{Actor, Viewer};
use crate::web::frame::Frame;

/// The pieces of a running FOCA that signing in needs, and the client's place.
#[derive(Clone, Debug)]
pub struct Door {
    /// The database.
    pub db: Db,
    /// The time.
    pub clock: Clock,
    /// The rules and the roles.
    pub accounts: Accounts,
    /// Settings of the server.
    pub serve: Arc<config::Serve>,
    /// Whether the data are invented: a second factor is offered then, never required.
    pub demo: bool,
    /// From where the request comes.
    pub origin: Origin,
}

/// Longer names of browsers are cut.
const LONGEST_AGENT: usize = 200;

impl Door {
    /// The present instant.
    pub fn now(&self) -> Stamp {
        self.clock.stamp()
    }

    /// Who acts when nobody has signed in: known by address alone.
    pub fn stranger(&self) -> Viewer {
        let actor =
            Actor { name: "nobody".to_owned(), address: self.origin.address.clone(), ..Actor::default() };
        Viewer::new(actor, Arc::default(), crate::rights::Reach::State)
    }

    /// The person of that account, who is on the way in and may see nothing yet.
    pub fn visitor(&self, account: &Account, session: Option<SessionId>) -> Viewer {
        self.as_actor(account, session.map(|it| it.to_string()), Arc::default())
    }

    /// The person of that account with the rights that the role has now.
    pub fn person(&self, account: &Account, session: SessionId) -> Viewer {
        self.as_actor(account, Some(session.to_string()), self.accounts.roles().grant(&account.role))
    }

    pub(super) fn as_actor(&self, account: &Account, session: Option<String>, grant: Arc<Grant>) -> Viewer {
        let actor = Actor {
            account: Some(account.id),
            name: account.full_name.clone(),
            agency: account.agency.clone(),
            session,
            address: self.origin.address.clone(),
        };
        Viewer::new(actor, grant, account.reach())
    }
}

impl Door {
    /// The same for who needs no door: a job, or the operator on the server.
    pub fn inside(db: Db, clock: Clock, accounts: Accounts, serve: Arc<config::Serve>, demo: bool) -> Self {
        Self { db, clock, accounts, serve, demo, origin: Origin::default() }
    }
}

impl<S: Send + Sync> FromRequestParts<S> for Door
where
    Db: FromRef<S>,
    Clock: FromRef<S>,
    Accounts: FromRef<S>,
    Arc<config::Serve>: FromRef<S>,
    Frame: FromRef<S>,
{
    type Rejection = std::convert::Infallible;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Self, Self::Rejection> {
        Ok(Self::of(parts, state))
    }
}

impl Door {
    /// The same from a request that is not taken apart yet.
    pub fn of<S>(parts: &Parts, state: &S) -> Self
    where
        Db: FromRef<S>,
        Clock: FromRef<S>,
        Accounts: FromRef<S>,
        Arc<config::Serve>: FromRef<S>,
        Frame: FromRef<S>,
    {
        let serve = Arc::<config::Serve>::from_ref(state);
        let peer = parts.extensions.get::<ConnectInfo<SocketAddr>>().map(|it| it.0.ip());
        let agent = parts.headers.get(header::USER_AGENT).and_then(|it| it.to_str().ok());
        let origin = Origin {
            address: client(peer, &parts.headers, &serve.proxies).map(|it| it.to_string()),
            agent: agent.map(|it| it.chars().take(LONGEST_AGENT).collect()),
        };
        Self {
            db: Db::from_ref(state),
            clock: Clock::from_ref(state),
            accounts: Accounts::from_ref(state),
            serve,
            demo: Frame::from_ref(state).demo,
            origin,
        }
    }
}

/// The address of the client: the peer's, unless the peer is one of our own proxies, which says in `X-Forwarded-For` for
/// whom it asks. Read from the right, the first address that is no proxy of ours: what stands left of it anybody can write.
fn client(peer: Option<IpAddr>, headers: &HeaderMap, proxies: &[IpAddr]) -> Option<IpAddr> {
    let peer = peer?;
    if !proxies.contains(&peer) {
        return Some(peer);
    }
    let forwarded: Vec<&str> = headers
        .get_all("x-forwarded-for")
        .iter()
        .filter_map(|it| it.to_str().ok())
        .flat_map(|it| it.split(','))
        .collect();
    let mut nearest = peer;
    for written in forwarded.into_iter().rev() {
        let Ok(address) = written.trim().parse::<IpAddr>() else { return Some(nearest) };
        nearest = address;
        if !proxies.contains(&address) {
            return Some(address);
        }
    }
    Some(nearest)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn seen(peer: &str, forwarded: &[&'static str], proxies: &[&str]) -> String {
        let mut headers = HeaderMap::new();
        for it in forwarded {
            headers.append("x-forwarded-for", axum::http::HeaderValue::from_static(it));
        }
        let proxies: Vec<IpAddr> = proxies.iter().map(|it| it.parse().unwrap()).collect();
        client(peer.parse().ok(), &headers, &proxies).unwrap().to_string()
    }

    #[test]
    fn only_our_own_proxies_are_believed() {
        assert_eq!(seen("203.0.113.9", &["10.1.1.1"], &[]), "203.0.113.9");
        assert_eq!(seen("203.0.113.9", &["10.1.1.1"], &["127.0.0.1"]), "203.0.113.9");
        assert_eq!(seen("127.0.0.1", &["198.51.100.7"], &["127.0.0.1"]), "198.51.100.7");
        assert_eq!(seen("127.0.0.1", &["6.6.6.6, 198.51.100.7"], &["127.0.0.1"]), "198.51.100.7");
        assert_eq!(
            seen("127.0.0.1", &["6.6.6.6", "198.51.100.7, 10.0.0.2"], &["127.0.0.1", "10.0.0.2"]),
            "198.51.100.7"
        );
        assert_eq!(seen("127.0.0.1", &["6.6.6.6, nonsense"], &["127.0.0.1"]), "127.0.0.1");
        assert_eq!(seen("127.0.0.1", &[], &["127.0.0.1"]), "127.0.0.1");
    }
}
