//! The log: nothing changes it unnoticed, what cannot be logged does not happen, and all that matters is in it.

use axum::http::StatusCode;
use foca::audit::store::Filter;
use foca::audit::verify::{Proof, verify};
use foca::audit::{self, Act, Logged, Outcome};
use foca::db::{Db, Engine, query};
use foca::rights::{Resource, Viewer};

use crate::harness::{TestApp, VISITS, VISITS_HEADER, both_engines, deliver, people};
use crate::urls::Filled;

/// All entries, the oldest first.
async fn entries(db: &Db) -> Vec<Logged> {
    let mut all = audit::store::list(db, &Viewer::operator(), &Filter::default(), (0, 10_000)).await.unwrap();
    all.reverse();
    all
}

/// The entries of that act after the first `n`.
async fn since(db: &Db, n: usize, act: Act) -> Vec<Logged> {
    entries(db).await.into_iter().skip(n).filter(|it| it.act == act).collect()
}

/// Runs a statement as who may do anything with the database.
async fn as_owner(db: &Db, statements: &[&'static str]) {
    let mut tx = db.begin().await.unwrap();
    for sql in statements {
        query(sql).execute(&mut tx).await.unwrap();
    }
    tx.commit().await.unwrap();
}

/// Takes the triggers away, as an owner of the database could.
async fn unguarded(db: &Db) {
    if db.engine() == Engine::Sqlite {
        as_owner(db, &["DROP TRIGGER audit_entry_stays", "DROP TRIGGER audit_entry_remains"]).await;
    } else {
        as_owner(db, &["ALTER TABLE audit_entry DISABLE TRIGGER ALL"]).await;
    }
}

async fn proof(app: &TestApp, kept: Option<(i64, &str)>) -> Proof {
    verify(&app.db, &Viewer::operator(), kept).await.unwrap()
}

/// Some acts of a person.
async fn acts(app: &TestApp) {
    let filled = Filled::create(app).await;
    for _ in 0..3 {
        app.get(&filled.fill("/sites/{id}")).await;
    }
}

both_engines! {
    the_database_refuses_to_change_or_delete_an_entry, async |app| {
        acts(app).await;
        let before = entries(&app.db).await;

        for sql in [
            "UPDATE audit_entry SET actor = 'somebody else'",
            "UPDATE audit_entry SET outcome = 'done' WHERE n = 1",
            "DELETE FROM audit_entry",
            "DELETE FROM account",
        ] {
            let mut tx = app.db.begin().await.unwrap();
            assert!(query(sql).execute(&mut tx).await.is_err(), "{sql}");
        }

        assert_eq!(entries(&app.db).await, before);
        assert!(before.len() >= 3);
    }

    a_whole_chain_is_proved_and_its_head_can_be_kept, async |app| {
        acts(app).await;
        let (n, hash) = audit::store::head(&app.db).await.unwrap().unwrap();

        app.get("/records/complaints").await;

        let Proof::Whole { n_entries, head } = proof(app, Some((n, &hash))).await else { panic!("it is broken") };
        assert!(n_entries > n && head.len() == 64);
    }

    an_entry_that_was_changed_is_named, async |app| {
        acts(app).await;
        unguarded(&app.db).await;
        as_owner(&app.db, &["UPDATE audit_entry SET actor = 'somebody else' WHERE n = 2"]).await;

        let Proof::Broken { n, why } = proof(app, None).await else { panic!("nobody noticed") };

        assert_eq!(n, 2);
        assert!(why.contains("content"), "{why}");
    }

    an_entry_that_was_taken_out_is_named, async |app| {
        acts(app).await;
        unguarded(&app.db).await;
        as_owner(&app.db, &["DELETE FROM audit_entry WHERE n = 2"]).await;

        assert!(matches!(proof(app, None).await, Proof::Broken { n: 2, .. }));
    }

    the_loss_of_the_newest_entries_shows_against_a_kept_head, async |app| {
        acts(app).await;
        let (n, hash) = audit::store::head(&app.db).await.unwrap().unwrap();
        unguarded(&app.db).await;
        as_owner(&app.db, &["DELETE FROM audit_entry WHERE n > 1"]).await;

        assert!(matches!(proof(app, None).await, Proof::Whole { n_entries: 1, .. }));
        assert!(matches!(proof(app, Some((n, &hash))).await, Proof::Broken { n: 2, .. }));
    }

    what_cannot_be_logged_does_not_happen, async |app| {
        let filled = Filled::create(app).await;
        as_owner(&app.db, &["ALTER TABLE audit_entry RENAME TO gone"]).await;
        let form = [
            ("kind", "massage_parlor"), ("name", "Unlogged"), ("address", "7 Oak St"), ("city", "Duluth"), ("state", "MN"),
            ("status", "open"),
        ];

        let saved = app.post("/sites/new", &form).await;
        let read = app.get(&filled.fill("/complaints/{id}")).await;
        let exported = app.get("/export/sites.csv").await;

        for reply in [saved, read, exported] {
            assert_eq!(reply.status, StatusCode::INTERNAL_SERVER_ERROR, "{}", reply.text());
            assert!(!reply.text().contains("Joe"), "{}", reply.text());
        }
        let names = foca::sites::store::all(&app.db, &Viewer::operator()).await.unwrap();
        assert!(names.iter().all(|it| it.name != "Unlogged"));
        as_owner(&app.db, &["ALTER TABLE gone RENAME TO audit_entry"]).await;
    }

    a_change_is_logged_with_what_stood_there_before_and_after, async |app| {
        let site = app.site("Joe's").address("100 Elm St, Duluth, MN 55802").create().await;
        let n = entries(&app.db).await.len();
        let id = site.id.to_string();
        let form = [
            ("version", "1"), ("kind", site.kind.as_str()), ("name", "Moe's"), ("address", "100 Elm St"), ("city", "Duluth"),
            ("state", "MN"), ("zip", "55802"), ("status", "open"), ("note", "a secret of the case"),
        ];

        let reply = app.post(&format!("/sites/{id}/edit"), &form).await;

        assert_eq!(reply.status, StatusCode::SEE_OTHER, "{}", reply.text());
        let changes = since(&app.db, n, Act::Change).await;
        assert_eq!(changes.len(), 1);
        let it = &changes[0];
        assert_eq!((it.resource, it.object_id, it.outcome), (Some(Resource::Site), Some(site.id.0), Outcome::Done));
        assert!(it.detail.contains("\"name\":\"Joe's\"") && it.detail.contains("\"name\":\"Moe's\""), "{}", it.detail);
        assert!(!it.detail.contains("a secret"), "{}", it.detail);
        assert_eq!(it.actor, "The tester");
    }

    an_export_is_logged_before_and_after_with_count_and_hash, async |app| {
        use sha2::{Digest, Sha256};
        let site = app.site("Joe's").create().await;
        for n in 0..3 {
            app.incident(&n.to_string()).of(&site).create().await;
        }
        app.take_up().await;
        for path in ["/export/incidents.csv?city=Nowhere", "/export/incidents.csv", "/export/sites.geojson"] {
            let n = entries(&app.db).await.len();

            let reply = app.get(path).await;

            let taken = since(&app.db, n, Act::Export).await;
            let outcomes: Vec<Outcome> = taken.iter().map(|it| it.outcome).collect();
            assert_eq!(outcomes, [Outcome::Began, Outcome::Done], "{path}");
            let hash: String = Sha256::digest(reply.bytes()).iter().map(|it| format!("{it:02x}")).collect();
            assert!(taken[1].detail.contains(&hash), "{path}: {}", taken[1].detail);
        }
        let last = since(&app.db, 0, Act::Export).await;
        assert!(last[1].detail.contains("\"n_rows\":0") && last[1].detail.contains("Nowhere"), "{}", last[1].detail);
        assert!(last[3].detail.contains("\"n_rows\":3"), "{}", last[3].detail);
    }

    an_import_is_logged_when_it_begins_and_when_it_ends_and_not_row_by_row, async |app| {
        let n = entries(&app.db).await.len();
        let rows: String = (0..500).map(|n| format!("{n},Joe's,{n} Oak St,2024-02-03,ok,-92.2,46.7\n")).collect();

        deliver(app, VISITS, format!("{VISITS_HEADER}{rows}").as_bytes()).await.unwrap();

        let logged = since(&app.db, n, Act::Import).await;
        let outcomes: Vec<Outcome> = logged.iter().map(|it| it.outcome).collect();
        assert_eq!(outcomes, [Outcome::Began, Outcome::Done]);
        for word in ["file_hash", "profile_hash", "\"stored\":500"] {
            assert!(logged[1].detail.contains(word), "{}", logged[1].detail);
        }
    }

    who_looked_at_a_site_is_told_to_the_supervisor_alone, async |app| {
        let site = app.site("Joe's").at(-92.1, 46.8).create().await;
        let visit = app.inspection("i").of(&site).create().await;
        app.signed_in_as("investigator").await.get(&format!("/sites/{}", site.id)).await;
        app.signed_in_as("licensing").await.get(&format!("/inspections/{visit}")).await;

        let looks = app.signed_in_as("supervisor").await.get(&format!("/sites/{}/looks", site.id)).await.text();
        let other = app.signed_in_as("investigator").await.get(&format!("/sites/{}/looks", site.id)).await;

        assert!(looks.contains("The investigator") && looks.contains("The licensing"), "{looks}");
        assert_eq!(other.status, StatusCode::FORBIDDEN);
    }

    an_attempt_to_sign_in_and_a_change_of_an_account_are_logged, async |app| {
        let partner = people::account(&app.app, "partner", "state").await;
        let n = entries(&app.db).await.len();

        let refused = app.signed_out().post("/sign-in", &[("name", &partner.sign_in), ("password", "not it at all")]).await;
        let path = format!("/people/{}/disable", partner.id);
        let disabled = app.signed_in_as("administrator").await.post(&path, &[("why", "left the agency")]).await;

        assert_eq!((refused.status, disabled.status), (StatusCode::UNAUTHORIZED, StatusCode::SEE_OTHER));
        let attempts = since(&app.db, n, Act::SignIn).await;
        assert_eq!((attempts[0].outcome, attempts[0].object_id), (Outcome::Refused, Some(partner.id.0)));
        assert!(!attempts[0].detail.contains("not it at all"));
        let changes = since(&app.db, n, Act::Administer).await;
        assert_eq!(changes[0].object_id, Some(partner.id.0));
        assert!(changes[0].detail.contains("left the agency"), "{}", changes[0].detail);
    }

    many_at_once_make_one_chain, async |app| {
        let filled = Filled::create(app).await;
        let path = filled.fill("/sites/{id}");
        let n = entries(&app.db).await.len();

        let all: Vec<_> = (0..24).map(|_| app.get(&path)).collect();
        let replies = futures_util::future::join_all(all).await;

        assert!(replies.iter().all(|it| it.status == StatusCode::OK));
        assert_eq!(since(&app.db, n, Act::See).await.len(), 24);
        assert!(matches!(proof(app, None).await, Proof::Whole { .. }));
    }

    the_program_proves_the_log_and_tells_its_head, async |app| {
        acts(app).await;

        let head = app.program().args(["audit", "head"]).output().unwrap();
        let kept = String::from_utf8(head.stdout).unwrap().trim().to_owned();
        let whole = app.program().args(["audit", "verify", "--head", &kept]).output().unwrap();
        unguarded(&app.db).await;
        as_owner(&app.db, &["UPDATE audit_entry SET detail = '{}' WHERE n = 1"]).await;
        let broken = app.program().args(["audit", "verify"]).output().unwrap();

        assert!(whole.status.success(), "{}", String::from_utf8_lossy(&whole.stderr));
        assert!(!broken.status.success());
        assert!(String::from_utf8_lossy(&broken.stderr).contains("entry 1"), "{}", String::from_utf8_lossy(&broken.stderr));
    }
}
