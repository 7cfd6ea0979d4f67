//! On a network: behind a proxy that speaks TLS, or not at all.

use std::process::{Command, Output};

use axum::http::{StatusCode, header};
use foca::config::Serve;

use crate::harness::{TestApp, both_engines};

/// What the program says when it is to serve so; it must refuse before anything listens.
fn refused(arguments: &[&str]) -> String {
    let folder = tempfile::tempdir().unwrap();
    let database = folder.path().join("foca.db");
    let Output { status, stderr, .. } = Command::new(env!("CARGO_BIN_EXE_foca"))
        .args(["--database", database.to_str().unwrap()])
        .args(arguments)
        .output()
        .unwrap();
    assert!(!status.success(), "{arguments:?}");
    String::from_utf8(stderr).unwrap()
}

#[test]
fn off_loopback_a_public_address_over_tls_is_demanded() {
    let said = refused(&["serve", "--listen", "0.0.0.0:0"]);

    assert!(said.contains("FOCA_PUBLIC_URL=https://"), "{said}");
}

#[test]
fn an_address_without_tls_is_no_public_one() {
    let said = refused(&["serve", "--listen", "0.0.0.0:0", "--public-url", "http://foca.example.gov"]);

    assert!(said.contains("https://"), "{said}");
}

#[test]
fn a_demonstration_is_shown_on_loopback_only() {
    let said = refused(&["demo", "--listen", "0.0.0.0:0", "--public-url", "https://foca.example.gov"]);

    assert!(said.contains("loopback only"), "{said}");
}

/// The same app behind a proxy.
fn behind_a_proxy(app: &TestApp) -> TestApp {
    app.signed_out().changed(|it| {
        let public_url = Some("https://foca.example.gov".to_owned());
        it.serve = std::sync::Arc::new(Serve { public_url, ..(*it.serve).clone() });
    })
}

both_engines! {
    behind_tls_browsers_are_told_never_to_come_without, async |app| {
        let plain = app.get("/sign-in").await;
        let over_tls = behind_a_proxy(app).get("/sign-in").await;

        assert!(!plain.headers.contains_key(header::STRICT_TRANSPORT_SECURITY));
        let told = over_tls.headers[header::STRICT_TRANSPORT_SECURITY].to_str().unwrap();
        assert!(told.contains("max-age=31536000"), "{told}");
    }

    behind_tls_a_cookie_is_for_tls_and_this_host_alone, async |app| {
        let reply = behind_a_proxy(app).post("/sign-out", &[]).await;

        assert_eq!(reply.status, StatusCode::SEE_OTHER);
        let cookie = reply.headers[header::SET_COOKIE].to_str().unwrap();
        for word in ["__Host-foca=", "Secure", "HttpOnly", "SameSite=Lax", "Path=/"] {
            assert!(cookie.contains(word), "{cookie}");
        }
    }
}
