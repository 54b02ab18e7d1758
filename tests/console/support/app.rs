//! The real app on a port of its own, and what tests begin with: organizations, accounts, users, what they own.

use std::sync::Arc;

use actix_web::dev::ServerHandle;
use actix_web::web::Data;
use chrono::TimeDelta;
use clap::Parser;
use diesel::prelude::*;
use tenantry::app::App;
use tenantry::config::Config;
use tenantry::db::schema::{
    accounts, audit_events, instances, jobs, outbox, roles, sessions, users,
};
use tenantry::db::{Db, Tx};
use tenantry::domain::actor::Origin;
use tenantry::domain::organization::{self, SetUp};
use tenantry::domain::privilege::Privilege;
use tenantry::domain::user::{DetailsInput, NewRow};
use tenantry::error::{Error, FieldErrors};
use tenantry::patience::Patience;

use super::{Client, Database, Smtp};

/// What every test user signs in with.
pub const PASSWORD: &str = "Correct-Horse-7";

#[derive(Parser)]
struct Settings {
    #[command(flatten)]
    config: Config,
}

/// A running server.
pub struct TestApp {
    pub app: Data<App>,
    pub address: String,
    server: ServerHandle,
    // Dropped last: the server lets go of it first.
    database: Arc<Database>,
}

/// An organization with its first org admin.
pub struct Organization<'a> {
    app: &'a TestApp,
    pub id: i64,
    pub account: i64,
    pub admin: i64,
    pub admin_email: String,
    pub name: String,
}

/// An account of it.
pub struct Account {
    pub id: i64,
}

impl TestApp {
    pub async fn start() -> Self {
        Self::start_with(&[]).await
    }

    /// Starts with further settings, as on the command line.
    pub async fn start_with(settings: &[&str]) -> Self {
        Self::start_on(Database::empty("console"), settings).await
    }

    /// Starts with mail that goes to `smtp`.
    pub async fn start_with_mail(smtp: &Smtp) -> Self {
        Self::start_with(&texts(&smtp.settings())).await
    }

    /// Sends what is due in the outbox.
    pub async fn mail(&self) {
        tenantry::sender::round(&self.app).await.unwrap();
    }

    /// Asks for a link as somebody who forgot their password, and sends what is due.
    pub async fn forget(&self, email: &str) {
        let client = self.anonymous();
        let answer = client
            .post("/password/forgotten", &[("email", email)])
            .await;
        assert_eq!(answer.status, 303);
        self.mail().await;
    }

    /// How many letters wait in the outbox.
    pub async fn waiting(&self) -> i64 {
        self.ask(|db| outbox::table.count().get_result(db)).await
    }

    /// Starts one more server on the same database, with settings and a clock of its own.
    pub async fn again(&self, settings: &[&str]) -> Self {
        Self::start_on(Arc::clone(&self.database), settings).await
    }

    /// Starts with less patience for slow clients, or more.
    pub async fn start_with_patience(patience: Patience) -> Self {
        Self::open(Database::empty("console").into(), &[], patience).await
    }

    /// Starts on a database that may have been used before.
    pub async fn start_on(database: impl Into<Arc<Database>>, settings: &[&str]) -> Self {
        Self::open(database.into(), settings, Patience::default()).await
    }

    async fn open(database: Arc<Database>, settings: &[&str], patience: Patience) -> Self {
        let listener = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
        let port = listener.local_addr().unwrap().port();
        let listen = format!("127.0.0.1:{port}");
        let key = "07".repeat(32);
        let mut arguments = vec![
            "tenantry",
            "--database-url",
            &database.url,
            "--listen",
            &listen,
        ];
        if !settings.iter().any(|it| it.starts_with("--secret-key")) {
            arguments.extend(["--secret-key", &key]);
        }
        arguments.extend(settings);
        if !settings.contains(&"--argon2-memory") {
            arguments.extend(["--argon2-memory", "64", "--argon2-passes", "1"]);
        }
        let config = Settings::parse_from(arguments).config;
        let mut app = App::open(config).unwrap();
        app.patience = patience;
        let app = Data::new(app);
        let server = tenantry::server::run(app.clone(), listener).unwrap();
        let handle = server.handle();
        actix_web::rt::spawn(server);
        Self {
            app,
            address: format!("http://{listen}"),
            server: handle,
            database,
        }
    }

    /// Its database, for the built program.
    pub fn database(&self) -> &Database {
        &self.database
    }

    /// The URL of the database, for commands.
    pub fn database_url(&self) -> &str {
        &self.database.url
    }

    /// Somebody who is not signed in.
    pub fn anonymous(&self) -> Client {
        Client::new(&self.address)
    }

    /// Somebody who signs in through the form.
    pub async fn signed_in(&self, email: &str) -> Client {
        let client = self.anonymous();
        let answer = client
            .post("/login", &[("email", email), ("password", PASSWORD)])
            .await;
        assert_eq!(answer.status, 303, "{email} cannot sign in");
        client
    }

    /// Makes an organization whose admin is `admin@<name>.example`.
    pub async fn organization(&self, name: &str) -> Organization<'_> {
        let email = format!("admin@{}.example", name.to_lowercase());
        let input = SetUp {
            organization: name.to_owned(),
            first_name: "Dana".to_owned(),
            last_name: "Whitfield".to_owned(),
            email: email.clone(),
            password: PASSWORD.to_owned(),
            ..SetUp::default()
        };
        let hash = self.app.hash(input.check().unwrap()).await.unwrap();
        let keys = self.app.keys.clone();
        let created = self
            .app
            .write(move |tx| {
                organization::create(tx, &keys, &Origin::command_line(), &input, &hash)
            })
            .await
            .unwrap();
        Organization {
            app: self,
            id: created.id,
            account: created.account_id,
            admin: created.user_id,
            admin_email: email,
            name: name.to_owned(),
        }
    }

    pub fn advance(&self, by: TimeDelta) {
        self.app.clock.advance(by);
    }

    /// Asks the database.
    pub async fn ask<T: Send + 'static>(
        &self,
        ask: impl FnOnce(&mut Db) -> QueryResult<T> + Send + 'static,
    ) -> T {
        self.app.read(|db| Ok(ask(db)?)).await.unwrap()
    }

    /// Changes the database behind the product's back.
    pub async fn change<T: Send + 'static>(
        &self,
        change: impl FnOnce(&mut Tx<'_>) -> Result<T, Error> + Send + 'static,
    ) -> T {
        self.app.write(change).await.unwrap()
    }

    /// Every event so far: code, name of its target, outcome, details.
    pub async fn events(&self) -> Vec<(String, String, String, String)> {
        self.ask(|db| {
            audit_events::table
                .order(audit_events::id)
                .select((
                    audit_events::code,
                    audit_events::target_name,
                    audit_events::outcome,
                    audit_events::details,
                ))
                .load(db)
        })
        .await
    }

    /// The codes of every event so far.
    pub async fn codes(&self) -> Vec<String> {
        self.events()
            .await
            .into_iter()
            .map(|event| event.0)
            .collect()
    }

    /// How many jobs, instances and sessions a user has.
    pub async fn holdings(&self, user: i64) -> (i64, i64, i64) {
        self.ask(move |db| {
            Ok((
                jobs::table
                    .filter(jobs::user_id.eq(user))
                    .count()
                    .get_result(db)?,
                instances::table
                    .filter(instances::user_id.eq(user))
                    .count()
                    .get_result(db)?,
                sessions::table
                    .filter(sessions::user_id.eq(user))
                    .count()
                    .get_result(db)?,
            ))
        })
        .await
    }

    /// The ids of a job and of an instance of the user.
    pub async fn work_of(&self, user: i64) -> (i64, i64) {
        self.ask(move |db| {
            Ok((
                jobs::table
                    .filter(jobs::user_id.eq(user))
                    .select(jobs::id)
                    .first(db)?,
                instances::table
                    .filter(instances::user_id.eq(user))
                    .select(instances::id)
                    .first(db)?,
            ))
        })
        .await
    }

    /// The id of a session of the user.
    pub async fn session_of(&self, user: i64) -> i64 {
        self.ask(move |db| {
            sessions::table
                .filter(sessions::user_id.eq(user))
                .select(sessions::id)
                .first(db)
        })
        .await
    }

    /// Gives a user jobs, which are due at once, and instances.
    pub async fn give(&self, user: i64, job_count: usize, instance_count: usize) {
        self.change(move |tx| {
            let now = tx.now();
            let organization: i64 = users::table
                .inner_join(accounts::table)
                .filter(users::id.eq(user))
                .select(accounts::organization_id)
                .first(tx.db())?;
            for number in 0..job_count {
                diesel::insert_into(jobs::table)
                    .values((
                        jobs::user_id.eq(user),
                        jobs::organization_id.eq(organization),
                        jobs::next_fire_at.eq(now),
                        jobs::name.eq(format!("Job {number}")),
                        jobs::kind.eq("api"),
                        jobs::cron.eq("0 0/15 * 1/1 * ? *"),
                        jobs::created_at.eq(now),
                    ))
                    .execute(tx.db())?;
            }
            for number in 0..instance_count {
                diesel::insert_into(instances::table)
                    .values((
                        instances::user_id.eq(user),
                        instances::kind.eq(if number % 2 == 0 {
                            "element"
                        } else {
                            "formula"
                        }),
                        instances::name.eq(format!("Instance {number}")),
                        instances::source.eq("sftp"),
                        instances::created_at.eq(now),
                    ))
                    .execute(tx.db())?;
            }
            Ok(())
        })
        .await;
    }

    /// Makes a user active or inactive behind the product's back.
    pub async fn set_active(&self, user: i64, active: bool) {
        self.change(move |tx| {
            diesel::update(users::table.find(user))
                .set((
                    users::active.eq(active),
                    users::version.eq(users::version + 1),
                ))
                .execute(tx.db())?;
            Ok(())
        })
        .await;
    }

    /// Switches an account on behind the product's back.
    pub async fn activate_account(&self, account: i64) {
        self.change(move |tx| {
            diesel::update(accounts::table.find(account))
                .set(accounts::active.eq(true))
                .execute(tx.db())?;
            Ok(())
        })
        .await;
    }

    /// Locks a user until somebody unlocks it, behind the product's back.
    pub async fn lock(&self, user: i64) {
        self.change(move |tx| {
            diesel::update(users::table.find(user))
                .set(users::locked_until.eq(tenantry::domain::lockout::until_unlocked()))
                .execute(tx.db())?;
            Ok(())
        })
        .await;
    }

    /// Makes a user's password one that somebody else set, or one of its own of this moment.
    pub async fn set_expired(&self, user: i64, expired: bool) {
        self.change(move |tx| {
            let now = tx.now();
            let set_at = if expired {
                tenantry::domain::user::never()
            } else {
                now
            };
            diesel::update(users::table.find(user))
                .set(users::password_changed_at.eq(set_at))
                .execute(tx.db())?;
            Ok(())
        })
        .await;
    }

    /// Makes a user look changed by somebody else.
    pub async fn touch(&self, user: i64) {
        let active = self.state(user).await.0;
        self.set_active(user, active).await;
    }

    /// Removes a user, and all it has, behind the product's back.
    pub async fn remove(&self, user: i64) {
        self.change(move |tx| {
            diesel::delete(sessions::table.filter(sessions::user_id.eq(user))).execute(tx.db())?;
            diesel::delete(jobs::table.filter(jobs::user_id.eq(user))).execute(tx.db())?;
            diesel::delete(instances::table.filter(instances::user_id.eq(user)))
                .execute(tx.db())?;
            diesel::delete(users::table.find(user)).execute(tx.db())?;
            Ok(())
        })
        .await;
    }

    /// Whether a user is active, and its version.
    pub async fn state(&self, user: i64) -> (bool, i64) {
        self.ask(move |db| {
            users::table
                .find(user)
                .select((users::active, users::version))
                .first(db)
        })
        .await
    }
}

/// Settings as they are given on the command line.
pub fn texts(settings: &[String]) -> Vec<&str> {
    settings.iter().map(String::as_str).collect()
}

impl Drop for TestApp {
    fn drop(&mut self) {
        drop(self.server.stop(false));
    }
}

impl Organization<'_> {
    /// The first org admin, signed in.
    pub async fn org_admin(&self) -> Client {
        self.app.signed_in(&self.admin_email).await
    }

    /// Adds an account.
    pub async fn account(&self, name: &str) -> Account {
        let (organization, name) = (self.id, name.to_owned());
        let id = self
            .app
            .change(move |tx| {
                use tenantry::domain::text::{fold, sort_key};
                let now = tx.now();
                Ok(diesel::insert_into(accounts::table)
                    .values((
                        accounts::organization_id.eq(organization),
                        accounts::name.eq(&name),
                        accounts::name_key.eq(sort_key(&name)),
                        accounts::name_search.eq(fold(&name)),
                        accounts::description.eq(""),
                        accounts::external_id.eq(tenantry::domain::actor::request_id()),
                        accounts::is_default.eq(false),
                        accounts::active.eq(true),
                        accounts::created_at.eq(now),
                        accounts::updated_at.eq(now),
                    ))
                    .returning(accounts::id)
                    .get_result(tx.db())?)
            })
            .await;
        Account { id }
    }

    /// Adds a user with no administrator role, who can sign in; answers its id.
    pub async fn user(&self, account: i64, name: &str, email: &str) -> i64 {
        self.user_with(account, name, email, (false, false)).await
    }

    /// Adds a user with roles: (org admin, account admin).
    pub async fn user_with(
        &self,
        account: i64,
        name: &str,
        email: &str,
        (org_admin, account_admin): (bool, bool),
    ) -> i64 {
        let (first, last) = name.split_once(' ').unwrap();
        let mut errors = FieldErrors::default();
        let details = DetailsInput {
            first_name: first,
            last_name: last,
            email,
        }
        .check(&mut errors)
        .unwrap_or_else(|| panic!("{errors:?}"));
        // All test users share the first admin's hash: hashing again would only take time.
        let keys = self.app.app.keys.clone();
        let (organization_id, admin) = (self.id, self.admin);
        self.app
            .change(move |tx| {
                let row = NewRow {
                    organization_id,
                    account_id: account,
                    details: &details,
                    hash: None,
                    org_admin,
                    account_admin,
                };
                let (id, _) = tenantry::domain::user::insert(tx, &keys, &row)?;
                let hash: Option<String> = users::table
                    .find(admin)
                    .select(users::password_hash)
                    .first(tx.db())?;
                diesel::update(users::table.find(id))
                    .set(users::password_hash.eq(hash))
                    .execute(tx.db())?;
                Ok(id)
            })
            .await
    }

    /// Adds many users at once who cannot sign in: `First 000 Last 000 <user0@name.example>` and so on; answers their ids.
    pub async fn crowd(&self, account: i64, name: &str, count: usize) -> Vec<i64> {
        let (keys, name) = (self.app.app.keys.clone(), name.to_owned());
        let organization_id = self.id;
        self.app
            .change(move |tx| {
                (0..count)
                    .map(|number| {
                        let (first, last) =
                            (format!("First {number:04}"), format!("{name} {number:04}"));
                        let email = format!("user{number}@{}.example", name.to_lowercase());
                        let input = DetailsInput {
                            first_name: &first,
                            last_name: &last,
                            email: &email,
                        };
                        let details = input.check(&mut FieldErrors::default());
                        let row = NewRow {
                            organization_id,
                            account_id: account,
                            details: &details.unwrap(),
                            hash: None,
                            org_admin: false,
                            account_admin: false,
                        };
                        Ok(tenantry::domain::user::insert(tx, &keys, &row)?.0)
                    })
                    .collect()
            })
            .await
    }

    /// Gives one of the organization's roles exactly these privileges.
    pub async fn set_role(&self, key: &'static str, privileges: &[Privilege]) {
        let keys: Vec<_> = privileges.iter().map(|privilege| privilege.key()).collect();
        let (organization, text) = (self.id, keys.join(" "));
        self.app
            .change(move |tx| {
                diesel::update(
                    roles::table
                        .filter(roles::organization_id.eq(organization))
                        .filter(roles::key.eq(key)),
                )
                .set(roles::privileges.eq(text))
                .execute(tx.db())?;
                Ok(())
            })
            .await;
    }
}
