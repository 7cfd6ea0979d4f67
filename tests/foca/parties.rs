//! Who stands behind sites: entered at the desk, imported, joined and taken back, and seen as far as rights reach.

use axum::http::StatusCode;
use foca::audit;
use foca::imports::Counts;
use foca::parties::{self, Kind, Party, Role, Stands};
use foca::rights::{Reach, Viewer};
use foca::sites::Site;

use crate::harness::{TestApp, both_engines, deliver};

const FORM: [(&str, &str); 6] = [
    ("name", "Larkspur Holdings LLC"),
    ("party_kind", "organization"),
    ("role", "owner"),
    ("city", "Duluth"),
    ("from_on", "2020-02-29"),
    ("share", "50"),
];

/// The form with some fields changed or added.
fn form<'a>(changes: &[(&'a str, &'a str)]) -> Vec<(&'a str, &'a str)> {
    let kept = FORM.into_iter().filter(|(name, _)| !changes.iter().any(|it| it.0 == *name));
    kept.chain(changes.iter().copied()).collect()
}

async fn duluth(app: &TestApp) -> Site {
    let site = app.site("Joe's").kind("massage_parlor").address("100 Elm St, Duluth, MN 55802");
    site.with(|it| it.county = Some("St. Louis".to_owned())).create().await
}

async fn edina(app: &TestApp) -> Site {
    let site = app.site("Moe's").address("7 Oak St, Edina, MN 55424");
    site.with(|it| it.county = Some("Hennepin".to_owned())).create().await
}

async fn behind(app: &TestApp, site: &Site) -> Vec<Stands> {
    parties::store::of_site(&app.db, &Viewer::operator(), site.id).await.unwrap()
}

async fn all(app: &TestApp) -> Vec<Party> {
    parties::store::all(&app.db, &Viewer::operator()).await.unwrap()
}

async fn add(app: &TestApp, site: &Site, changes: &[(&str, &str)]) -> Stands {
    let before = behind(app, site).await;
    let reply = app.post(&format!("/sites/{}/parties/new", site.id), &form(changes)).await;
    assert_eq!(reply.status, StatusCode::SEE_OTHER, "{}", reply.text());
    let mut after = behind(app, site).await;
    after.retain(|it| before.iter().all(|old| old.holding.id != it.holding.id));
    after.remove(0)
}

both_engines! {
    a_party_is_added_from_the_dossier_and_stands_there, async |app| {
        let site = duluth(app).await;

        add(app, &site, &[("phone", "612.555.0142")]).await;

        let dossier = app.get(&format!("/sites/{}", site.id)).await.text();
        assert!(dossier.contains("Who stands behind it") && dossier.contains("Larkspur Holdings LLC"), "{dossier}");
        assert!(dossier.contains("since Feb 29, 2020") && dossier.contains("50%"), "{dossier}");
        let party = &all(app).await[0];
        assert_eq!((party.code().as_str(), party.phone.as_deref()), ("P-00001", Some("6125550142")));
        assert_eq!((party.source.as_str(), party.kind), ("desk", Kind::Organization));
    }

    sending_the_form_twice_adds_one_role, async |app| {
        let site = duluth(app).await;
        let id = [("id", "0190a1b2-5c3d-7e4f-8a9b-0c1d2e3f4a5b")];
        let path = format!("/sites/{}/parties/new", site.id);

        for _ in 0..2 {
            assert_eq!(app.post(&path, &form(&id)).await.status, StatusCode::SEE_OTHER);
        }

        assert_eq!((all(app).await.len(), behind(app, &site).await.len()), (1, 1));
    }

    before_a_second_party_of_a_name_foca_asks_whether_it_is_the_known_one, async |app| {
        let (one, other) = (duluth(app).await, edina(app).await);
        let first = add(app, &one, &[]).await;
        let path = format!("/sites/{}/parties/new", other.id);

        let asked = app.post(&path, &form(&[])).await;
        let known = first.root.to_string();
        let same = app.post(&path, &form(&[("party", &known)])).await;
        let new = app.post(&path, &form(&[("party", "new"), ("role", "manager")])).await;

        assert_eq!(asked.status, StatusCode::UNPROCESSABLE_ENTITY);
        assert!(asked.text().contains("Is it one of these?") && asked.text().contains(&known), "{}", asked.text());
        assert_eq!((same.status, new.status), (StatusCode::SEE_OTHER, StatusCode::SEE_OTHER));
        assert_eq!(all(app).await.len(), 2);
        let roles: Vec<_> = behind(app, &other).await.iter().map(|it| (it.holding.role, it.root == first.root)).collect();
        assert_eq!(roles, [(Role::Manager, false), (Role::Owner, true)]);
    }

    the_page_of_a_party_shows_what_it_stands_behind_in_all_cities_and_no_score, async |app| {
        let (one, other) = (duluth(app).await, edina(app).await);
        let party = add(app, &one, &[("role", "landlord")]).await.root.to_string();
        add(app, &other, &[("role", "landlord"), ("party", &party), ("to_on", "2024-03-03"), ("ended_why", "sold")]).await;
        app.inspection("i").of(&one).with(|it| it.outcome = foca::inspections::Outcome::NotPassed).create().await;
        app.assess().await;

        let page = app.get(&format!("/parties/{party}")).await.text();
        let list = app.get("/parties").await.text();

        for word in ["Joe&#39;s", "Moe&#39;s", "DULUTH", "EDINA", "Landlord", "Feb 29, 2020 – Mar 3, 2024", "sold", "past"] {
            assert!(page.contains(word) || page.contains(&word.replace("&#39;", "'")), "{word}: {page}");
        }
        assert!(page.contains("Parties carry no score"), "{page}");
        for text in [&page, &list] {
            for word in ["points", "tier", "first\"", "/findings/", "Not passed", "gauge"] {
                assert!(!text.contains(word), "{word}: {text}");
            }
        }
    }

    a_human_being_is_called_no_suspect, async |app| {
        let site = duluth(app).await;
        let it = add(app, &site, &[("name", "Kim Larkspur"), ("party_kind", "person")]).await;

        let page = app.get(&format!("/parties/{}", it.root)).await.text();

        assert!(page.contains("A business person on record. Not a suspect; parties carry no score."), "{page}");
    }

    a_correction_is_a_version_and_an_overtaken_form_saves_nothing, async |app| {
        let site = duluth(app).await;
        let id = add(app, &site, &[]).await.root;
        let path = format!("/parties/{id}/edit");
        let renamed = [("name", "Larkspur Homes LLC"), ("party_kind", "organization"), ("version", "1")];

        let saved = app.post(&path, &renamed).await;
        let late = app.post(&path, &[("name", "Other LLC"), ("party_kind", "organization"), ("version", "1")]).await;

        assert_eq!((saved.status, late.status), (StatusCode::SEE_OTHER, StatusCode::CONFLICT));
        assert!(late.text().contains("Other LLC") && late.text().contains("Not saved"), "{}", late.text());
        let versions = parties::store::versions(&app.db, &Viewer::operator(), id).await.unwrap();
        let names: Vec<_> = versions.iter().map(|it| (it.version, it.name.as_str())).collect();
        assert_eq!(names, [(2, "Larkspur Homes LLC"), (1, "Larkspur Holdings LLC")]);
        let entries = audit::store::list(&app.db, &Viewer::operator(), &audit::store::Filter::default(), (0, 9)).await.unwrap();
        assert!(entries.iter().any(|it| it.detail.contains("Larkspur Homes LLC")), "the change is in the log");
    }

    an_ended_role_stays_as_past_and_stands_as_of_earlier, async |app| {
        let site = duluth(app).await;
        let before = app.party("Elm Holdings LLC").stands_behind(&site, Role::Owner).await;
        let path = format!("/holdings/{}/edit", before.1);
        let ended = [("role", "owner"), ("to_on", "2026-10-31"), ("ended_why", "sold"), ("version", "1")];

        let reply = app.post(&path, &ended).await;

        assert_eq!(reply.status, StatusCode::SEE_OTHER, "{}", reply.text());
        let dossier = app.get(&format!("/sites/{}", site.id)).await.text();
        assert!(dossier.contains("until Oct 31, 2026") && dossier.contains("past"), "{dossier}");
        let operator = Viewer::operator();
        let then = parties::store::behind(&app.db, &operator, "2026-06-01".parse().unwrap()).await.unwrap();
        let now = parties::store::behind(&app.db, &operator, "2026-12-01".parse().unwrap()).await.unwrap();
        assert_eq!(then.iter().map(|it| it.to_on).collect::<Vec<_>>(), [None]);
        assert_eq!(now.iter().map(|it| it.to_on).collect::<Vec<_>>(), ["2026-10-31".parse().ok()]);
    }

    a_landlord_of_a_building_stands_behind_each_of_its_tenants, async |app| {
        let site = duluth(app).await;
        let next = app.site("Zoe's").address("100 Elm St, Duluth, MN 55802").create().await;

        add(app, &site, &[("role", "landlord"), ("whole_building", "on")]).await;

        assert_eq!((behind(app, &site).await.len(), behind(app, &next).await.len()), (1, 1));
        let dossier = app.get(&format!("/sites/{}", next.id)).await.text();
        assert!(dossier.contains("Larkspur") && dossier.contains("of the building"), "{dossier}");
    }

    two_parties_are_joined_and_parted_again_and_both_stay, async |app| {
        let (one, other) = (duluth(app).await, edina(app).await);
        let (elm, _) = app.party("Elm Holdings LLC").stands_behind(&one, Role::Owner).await;
        let (alm, _) = app.party("Alm Holdings LLC").stands_behind(&other, Role::Owner).await;
        let join = format!("/parties/{alm}/join");

        let silent = app.post(&join, &[("number", "P-00001")]).await;
        let nobody = app.post(&join, &[("number", "P-00077"), ("why", "same office")]).await;
        let itself = app.post(&join, &[("number", "P-00002"), ("why", "same office")]).await;
        let joined = app.submit(&join, &[("number", "P-00001"), ("why", "same office")]).await.text();
        let listed = app.get("/parties").await.text();
        let parted = app.submit(&format!("/parties/{alm}/part"), &[("why", "two offices")]).await.text();

        for refused in [silent, nobody, itself] {
            assert_eq!(refused.status, StatusCode::UNPROCESSABLE_ENTITY, "{}", refused.text());
        }
        assert!(joined.contains("Joined into it") && joined.contains("EDINA"), "{joined}");
        assert!(!listed.contains("Alm Holdings"), "{listed}");
        assert!(parted.contains("Alm Holdings LLC") && !parted.contains("DULUTH"), "{parted}");
        let elm = app.get(&format!("/parties/{elm}")).await.text();
        assert!(!elm.contains("EDINA"), "{elm}");
        let entries = audit::store::list(&app.db, &Viewer::operator(), &audit::store::Filter::default(), (0, 20)).await.unwrap();
        for why in ["same office", "two offices"] {
            assert!(entries.iter().any(|it| it.detail.contains(why)), "{why} is in the log");
        }
    }

    others_with_the_same_telephone_are_told_and_that_it_proves_nothing, async |app| {
        let site = duluth(app).await;
        let calls = |it: &mut Party| it.phone = Some("6125550142".to_owned());
        let (id, _) = app.party("Elm Holdings LLC").with(calls).stands_behind(&site, Role::Owner).await;
        app.party("Oak Holdings LLC").with(calls).stands_behind(&site, Role::Manager).await;

        let page = app.get(&format!("/parties/{id}")).await.text();

        assert!(page.contains("Shares with") && page.contains("Oak Holdings LLC") && page.contains("the telephone"), "{page}");
        assert!(page.contains("proves nothing"), "{page}");
    }

    who_answers_for_a_county_sees_the_parties_of_its_sites_and_there_only, async |app| {
        let (one, other) = (duluth(app).await, edina(app).await);
        let (both, _) = app.party("Elm Holdings LLC").stands_behind(&one, Role::Owner).await;
        app.party("Elm Holdings LLC").stands_behind(&other, Role::Owner).await;
        let (elsewhere, there) = app.party("Far Holdings LLC").stands_behind(&other, Role::Owner).await;
        let county = app.signed_in_within("licensing", "county:St. Louis").await;
        let city = app.signed_in_within("licensing", "city:Duluth").await;

        for person in [county, city] {
            let list = person.get("/parties").await.text();
            let page = person.get(&format!("/parties/{both}")).await.text();

            assert!(list.contains("Elm Holdings") && !list.contains("Far Holdings"), "{list}");
            assert!(page.contains("DULUTH") && !page.contains("EDINA") && !page.contains("Moe"), "{page}");
            for path in [format!("/parties/{elsewhere}"), format!("/holdings/{there}/edit")] {
                assert_eq!(person.get(&path).await.status, StatusCode::NOT_FOUND, "{path}");
            }
            let path = format!("/sites/{}/parties/new", other.id);
            assert_eq!(person.post(&path, &form(&[])).await.status, StatusCode::NOT_FOUND);
        }
        let viewer = Viewer::operator().within(Reach::County("st. louis".to_owned()));
        let later = "2026-12-01".parse().unwrap();
        assert_eq!(parties::store::behind(&app.db, &viewer, later).await.unwrap().len(), 1);
    }

    a_partner_sees_no_party, async |app| {
        let site = duluth(app).await;
        let (id, _) = app.party("Elm Holdings LLC").stands_behind(&site, Role::Owner).await;
        let partner = app.signed_in_as("partner").await;

        let dossier = partner.get(&format!("/sites/{}", site.id)).await.text();

        assert!(!dossier.contains("Elm Holdings") && !dossier.contains("Who stands behind"), "{dossier}");
        for path in ["/parties".to_owned(), format!("/parties/{id}")] {
            assert_eq!(partner.get(&path).await.status, StatusCode::FORBIDDEN, "{path}");
        }
    }

    a_protected_place_is_kept_for_no_party, async |app| {
        let site = duluth(app).await;
        let shelter = [("address", "9 Pine St"), ("city", "Duluth"), ("state", "MN")];
        let listed = app.post("/protected-places", &shelter).await;
        assert!(listed.status.is_success(), "{}", listed.text());

        let reply = app.post(&format!("/sites/{}/parties/new", site.id), &form(&shelter)).await;

        assert_eq!(reply.status, StatusCode::UNPROCESSABLE_ENTITY);
        assert!(reply.text().contains("may not be kept") && all(app).await.is_empty(), "{}", reply.text());
    }

    a_site_keeps_its_telephone, async |app| {
        let site = duluth(app).await;
        let path = format!("/sites/{}/edit", site.id);
        let mut values: Vec<(String, String)> = foca::sites::form::values(&site).pairs().to_vec();
        values.push(("phone".to_owned(), "612.555.0142".to_owned()));
        let values: Vec<(&str, &str)> = values.iter().map(|it| (it.0.as_str(), it.1.as_str())).collect();

        let page = app.submit(&path, &values).await.text();

        assert!(page.contains("(612) 555-0142"), "{page}");
    }
}

const REGISTER: &str = r#"
title = "Owners"
source = "owners"
record = "party"
[file]
format = "csv"
[key]
columns = ["id"]
[fields]
name = "name"
role = { column = "role", map = { own = "owner", let = "landlord" } }
registered_number = "file"
phone = "phone"
party_address = "mail"
party_city = "mail_city"
share = "share"
from_on = { column = "from", formats = ["%Y-%m-%d"] }
to_on = { column = "to", formats = ["%Y-%m-%d"] }
site_name = "site"
address = "street"
city = "city"
state = { constant = "MN" }
"#;

async fn deliver_owners(app: &TestApp, rows: &str) -> Counts {
    let head = "id,name,role,file,phone,mail,mail_city,share,from,to,site,street,city\n";
    deliver(app, REGISTER, format!("{head}{rows}").as_bytes()).await.unwrap().counts
}

const TWO_ROWS: &str = "1,Larkspur LLC,own,1234567-8,612-555-0142,9 Pine St,Duluth,50,2020-02-29,,Joe's,100 Elm St,Duluth\n\
    2,Larkspur L.L.C.,let,1234567-8,,,,,2021-01-01,,Moe's,7 Oak St,Edina\n";

both_engines! {
    a_register_of_owners_comes_in_and_again_changes_nothing, async |app| {
        let (one, other) = (duluth(app).await, edina(app).await);

        let first = deliver_owners(app, TWO_ROWS).await;
        let again = deliver_owners(app, TWO_ROWS).await;

        assert_eq!((first.stored, first.updated, first.duplicate, first.rejected), (2, 0, 0, 0));
        assert_eq!((again.stored, again.updated, again.duplicate, again.rejected), (0, 0, 2, 0));
        let known = all(app).await;
        assert_eq!(known.iter().map(|it| (it.name.as_str(), it.version)).collect::<Vec<_>>(), [("Larkspur LLC", 1)]);
        assert_eq!(known[0].phone.as_deref(), Some("6125550142"));
        let owner = behind(app, &one).await.remove(0).holding;
        assert_eq!((owner.role, owner.share, owner.from_on), (Role::Owner, Some(500), "2020-02-29".parse().ok()));
        assert_eq!(behind(app, &other).await[0].holding.role, Role::Landlord);
    }

    a_changed_row_is_a_version_of_the_role, async |app| {
        let site = duluth(app).await;
        edina(app).await;
        deliver_owners(app, TWO_ROWS).await;

        let ended = deliver_owners(app, &TWO_ROWS.replace("2020-02-29,,", "2020-02-29,2025-01-31,")).await;

        assert_eq!((ended.stored, ended.updated, ended.duplicate), (0, 1, 1));
        let owner = behind(app, &site).await.remove(0).holding;
        assert_eq!((owner.version, owner.to_on), (2, "2025-01-31".parse().ok()));
    }

    two_people_of_one_name_in_two_cities_stay_two, async |app| {
        let (one, other) = (duluth(app).await, edina(app).await);
        let rows = "1,\"NGUYEN, JOHN\",own,,,,Duluth,,,,Joe's,100 Elm St,Duluth\n\
            2,John Nguyen,own,,,,Edina,,,,Moe's,7 Oak St,Edina\n";

        let counts = deliver_owners(app, rows).await;

        assert_eq!(counts.stored, 2);
        let known = all(app).await;
        assert_eq!(known.iter().map(|it| it.kind).collect::<Vec<_>>(), [Kind::Person; 2]);
        assert_ne!(behind(app, &one).await[0].root, behind(app, &other).await[0].root);
    }

    what_cannot_be_used_is_rejected_with_line_and_reason, async |app| {
        duluth(app).await;
        let rows = "1,,own,,,,,,,,Joe's,100 Elm St,Duluth\n\
            2,Larkspur LLC,own,,,,,,,,Nowhere,1 No Such St,Duluth\n\
            3,Larkspur LLC,pimp,,,,,,,,Joe's,100 Elm St,Duluth\n\
            4,Larkspur LLC,own,,,,,200,,,Joe's,100 Elm St,Duluth\n\
            5,Larkspur LLC,own,,12,,,50,,,Joe's,100 Elm St,Duluth\n";

        let counts = deliver_owners(app, rows).await;

        assert_eq!((counts.stored, counts.rejected), (1, 4));
        let batch = foca::imports::store::list(&app.db, &Viewer::operator(), (0, 1)).await.unwrap().remove(0);
        let rejects = foca::imports::store::rejects(&app.db, &Viewer::operator(), batch.id, 9).await.unwrap();
        let lines: std::collections::BTreeMap<i64, String> =
            rejects.iter().map(|it| (it.line, it.reason.clone())).collect();
        assert_eq!(lines.keys().copied().collect::<Vec<_>>(), [2, 3, 4, 5]);
        assert!(lines[&2].contains("name") && lines[&3].contains("no site"), "{lines:?}");
        assert!(lines[&4].contains("role") && lines[&5].contains("share"), "{lines:?}");
    }
}

const LICENSES: &str = r#"
title = "Licenses"
source = "licenses"
record = "license"
[file]
format = "csv"
[key]
columns = ["number", "starts"]
[fields]
number = "number"
name = "name"
licensee = "holder"
phone = "phone"
address = "street"
city = "city"
state = { constant = "MN" }
status = { column = "status", map = { in_force = "active", over = "expired" } }
starts_on = { column = "starts", formats = ["%Y-%m-%d"] }
expires_on = { column = "ends", formats = ["%Y-%m-%d"] }
"#;

both_engines! {
    the_holder_of_a_license_stands_behind_its_site_for_all_its_terms, async |app| {
        let site = duluth(app).await;
        let head = "number,name,holder,phone,street,city,status,starts,ends\n";
        let terms = "L-77,Joe's,Larkspur LLC,612-555-0142,100 Elm St,Duluth,over,2024-01-01,2024-12-31\n\
            L-77,Joe's,LARKSPUR L.L.C.,612-555-0142,100 Elm St,Duluth,in_force,2025-01-01,2026-12-31\n";
        let over = terms.replace("in_force", "over");

        for rows in [terms, terms, over.as_str()] {
            deliver(app, LICENSES, format!("{head}{rows}").as_bytes()).await.unwrap();
        }

        assert_eq!(all(app).await.len(), 1);
        let holder = behind(app, &site).await.remove(0).holding;
        assert_eq!((holder.role, holder.version), (Role::Licensee, 2));
        let (from, to) = (holder.from_on.unwrap().to_string(), holder.to_on.unwrap().to_string());
        assert_eq!((from.as_str(), to.as_str()), ("2024-01-01", "2026-12-31"));
        let csv = app.get("/export/licenses.csv").await.text();
        assert!(csv.contains("6125550142") && csv.contains("Larkspur LLC"), "{csv}");
    }
}
