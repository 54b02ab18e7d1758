//! The REST API: the whole route table, and what the document tells of each call beyond the types of its handler.

mod accounts;
mod audit_logs;
mod authentication;
mod call;
pub mod document;
pub mod errors;
mod executions;
mod formulas;
pub mod headers;
mod instances;
mod jobs;
mod json;
mod names;
pub mod once;
mod organization;
mod paging;
mod password_policies;
mod query;
mod roles;
mod users;
mod values;

use actix_web::web::ServiceConfig;

use self::call::{Section, delete, get, patch, post, put};
use crate::routes::{Entry, resources};

/// Where all of it stands.
pub const BASE: &str = "/elements/api-v2";

/// Nothing is found.
const NONE: &str = "The list is empty.";
/// A change that stood against another.
const MEANWHILE: &str = "Somebody else changed it at this moment.";
/// Who may do what to whom.
const ABOVE: &str = "It is about yourself, or about somebody who may do more than \
                     you.";
/// The same of everybody in an account.
const ABOVE_IN_IT: &str = "It is your own account, or somebody in it may do more than you.";
/// What a password beside the name of a user is for.
const WITH_PASSWORD: &str = "A password in the header Elements-User-Password has to be that of the user; a wrong one \
                             counts as a failed sign-in of that user.";
/// A deactivation that goes further.
const PERMANENT: &str = "With active false, and permanent true in the address, the instances of the user are removed, too.";
/// What PUT does to what is not sent.
const WHOLE: &str = "Optional keys that are missing are cleared. Password, roles and activity are kept unless they are \
                     sent. Permanent is as in PATCH.";
/// What is unique.
const TAKEN: &str = "Its email belongs to somebody else.";
/// What an organization needs.
const LAST: &str = "The organization would be left without an active organization \
                     administrator.";
/// What is asked for is not seen.
const REACH: &str = "The account is out of your reach.";
/// What nobody gives away.
const TOO_HIGH: &str = "The role is above your own, or is given by the system.";

/// Every route, without [`BASE`], in the order in which they are matched.
#[must_use]
pub fn routes() -> Vec<Entry> {
    let sections = sections().into_iter();
    let calls = sections.flat_map(|section| section.calls);
    calls.map(|call| call.entry).collect()
}

/// The table, a section after the other.
fn sections() -> Vec<Section> {
    vec![
        of_accounts(),
        of_users(),
        of_organization(),
        of_instances(),
        of_formulas(),
        of_jobs(),
        of_authentication(),
        of_audit_logs(),
        of_document(),
    ]
}

/// Accounts, and the users in them.
#[expect(clippy::too_many_lines, reason = "a table, a row for each call")]
fn of_accounts() -> Section {
    Section {
        name: "Accounts",
        about: "Accounts of the organization, and the users in them.",
        calls: vec![
            get("/accounts", "List accounts", accounts::index).refused(404, NONE),
            post("/accounts", "Add an account", accounts::create)
                .refused(409, "The external id belongs to an account."),
            get("/accounts/{account}", "Show an account", accounts::show)
                .about("Inactive ones, too."),
            patch("/accounts/{account}", "Change an account", accounts::update)
                .about(
                    "With active false, and permanent true in the address, the \
                     account is deleted.",
                )
                .refused(403, "With permanent, you need deleteAccounts, too.")
                .refused(403, ABOVE_IN_IT)
                .refused(
                    409,
                    "The external id belongs to an account, or this is the default \
                     account, which stays.",
                ),
            put(
                "/accounts/{account}",
                "Replace an account",
                accounts::update,
            )
            .about("The same as PATCH.")
            .refused(403, "With permanent, you need deleteAccounts, too.")
            .refused(403, ABOVE_IN_IT)
            .refused(
                409,
                "The external id belongs to an account, or this is the default \
                     account, which stays.",
            ),
            delete(
                "/accounts/{account}",
                "Delete an account",
                accounts::destroy,
            )
            .about("Its users, and their instances and jobs, go with it.")
            .refused(403, ABOVE_IN_IT)
            .refused(409, "This is the default account, which stays."),
            get(
                "/accounts/{account}/roles",
                "List the roles of an account",
                accounts::roles::index,
            ),
            put(
                "/accounts/{account}/roles/{role}",
                "Give a role to an account",
                accounts::roles::create,
            )
            .about("Every user of the account holds it then.")
            .refused(403, TOO_HIGH)
            .refused(409, "The account holds it already."),
            delete(
                "/accounts/{account}/roles/{role}",
                "Take a role from an account",
                accounts::roles::destroy,
            )
            .refused(403, TOO_HIGH),
            get(
                "/accounts/{account}/instances",
                "List the instances of an account",
                instances::of_account,
            )
            .refused(404, NONE),
            get(
                "/accounts/{account}/users",
                "List the users of an account",
                accounts::users::index,
            )
            .refused(404, NONE),
            post(
                "/accounts/{account}/users",
                "Add a user to an account",
                accounts::users::create,
            )
            .about("The answer has its secret, this once, and its roles.")
            .refused(403, TOO_HIGH)
            .refused(409, TAKEN),
            get(
                "/accounts/{account}/users/{user}",
                "Show a user of an account",
                accounts::users::show,
            )
            .about(WITH_PASSWORD),
            patch(
                "/accounts/{account}/users/{user}",
                "Change a user of an account",
                accounts::users::patch,
            )
            .about(PERMANENT)
            .refused(403, ABOVE)
            .refused(409, TAKEN)
            .refused(409, MEANWHILE)
            .refused(409, LAST),
            put(
                "/accounts/{account}/users/{user}",
                "Replace a user of an account",
                accounts::users::update,
            )
            .about(WHOLE)
            .refused(403, ABOVE)
            .refused(409, TAKEN)
            .refused(409, MEANWHILE)
            .refused(409, LAST),
            delete(
                "/accounts/{account}/users/{user}",
                "Delete a user of an account",
                accounts::users::destroy,
            )
            .about("Its instances and jobs go with it.")
            .refused(403, ABOVE)
            .refused(409, LAST),
        ],
    }
}

/// Users of every account.
fn of_users() -> Section {
    Section {
        name: "Users",
        about: "Users of every account within your reach.",
        calls: vec![
            get("/users", "List users", users::index).refused(404, NONE),
            get("/users/{user}", "Show a user", users::show).about(WITH_PASSWORD),
            patch("/users/{user}", "Change a user", users::patch)
                .about(PERMANENT)
                .refused(403, ABOVE)
                .refused(409, TAKEN)
                .refused(409, MEANWHILE)
                .refused(409, LAST),
            put("/users/{user}", "Replace a user", users::update)
                .about(WHOLE)
                .refused(403, ABOVE)
                .refused(409, TAKEN)
                .refused(409, MEANWHILE)
                .refused(409, LAST),
            delete("/users/{user}", "Delete a user", users::destroy)
                .about("Its instances and jobs go with it.")
                .refused(403, ABOVE)
                .refused(409, LAST),
            get(
                "/users/{user}/instances",
                "List the instances of a user",
                instances::of_user,
            )
            .refused(404, NONE),
            get(
                "/users/{user}/jobs",
                "List the jobs of a user",
                jobs::of_user,
            ),
            get(
                "/users/{user}/roles",
                "List the roles of a user",
                users::roles::index,
            )
            .about("Its own and those of its account. Your own you always see.")
            .refused(
                403,
                "You need the privilege viewUsersOrg, or viewUsersAccount for \
                     your own account.",
            ),
            put(
                "/users/{user}/roles/{role}",
                "Give a role to a user",
                users::roles::create,
            )
            .refused(403, ABOVE)
            .refused(403, TOO_HIGH)
            .refused(409, "The user holds it already."),
            delete(
                "/users/{user}/roles/{role}",
                "Take a role from a user",
                users::roles::destroy,
            )
            .refused(403, ABOVE)
            .refused(403, TOO_HIGH)
            .refused(409, LAST),
            post(
                "/users/{user}/secret",
                "Replace the secret of a user",
                users::create_secret,
            )
            .about("The answer tells it, this once.")
            .refused(403, "It is about somebody who may do more than you."),
            post("/users/{user}/unlock", "Unlock a user", users::unlock).refused(403, ABOVE),
            post(
                "/users/{user}/two-factor/reset",
                "Reset the second factor of a user",
                users::reset_two_factor,
            )
            .refused(403, ABOVE),
        ],
    }
}

/// The organization.
#[expect(clippy::too_many_lines, reason = "a table, a row for each call")]
fn of_organization() -> Section {
    Section {
        name: "Organization",
        about: "Your organization: its name, secret, password policy and \
                     roles, and its users and accounts.",
        calls: vec![
            get(
                "/organizations/me",
                "Show the organization",
                organization::show,
            )
            .about(
                "Its secret is told to holders of modifySecurity, and the audit trail notes that.",
            ),
            put(
                "/organizations/me",
                "Rename the organization",
                organization::update,
            ),
            post(
                "/organizations/me/secret",
                "Replace the secret of the organization",
                organization::create_secret,
            )
            .about(
                "The answer tells it, this once. Every pair with the former one \
                     stops working.",
            ),
            get(
                "/organizations/password-policies",
                "Show the password policy",
                password_policies::show,
            ),
            put(
                "/organizations/password-policies",
                "Replace the password policy",
                password_policies::update,
            ),
            delete(
                "/organizations/password-policies",
                "Reset the password policy",
                password_policies::destroy,
            ),
            get("/organizations/roles", "List roles", roles::index),
            put(
                "/organizations/roles",
                "Replace the privileges of roles",
                roles::update_all,
            )
            .about("All of them or none.")
            .refused(
                403,
                "A role may not hold a privilege, or has to; the message names \
                     both.",
            ),
            put(
                "/organizations/roles/reset",
                "Reset the privileges of every role",
                roles::reset,
            ),
            put(
                "/organizations/roles/{id}",
                "Replace the privileges of a role",
                roles::update,
            )
            .refused(
                403,
                "The role may not hold a privilege, or has to; the message \
                     names both.",
            ),
            get(
                "/organizations/users",
                "List the users of the organization",
                users::index,
            )
            .refused(404, NONE),
            post(
                "/organizations/users",
                "Add a user to the default account",
                organization::users::create,
            )
            .about("The answer has its secret, this once, and its roles.")
            .refused(403, TOO_HIGH)
            .refused(404, "The default account is out of your reach.")
            .refused(409, TAKEN),
            get(
                "/organizations/users/{user}",
                "Show a user of the organization",
                users::show,
            )
            .about(WITH_PASSWORD),
            patch(
                "/organizations/users/{user}",
                "Change a user of the organization",
                users::patch,
            )
            .about(PERMANENT)
            .refused(403, ABOVE)
            .refused(409, TAKEN)
            .refused(409, MEANWHILE)
            .refused(409, LAST),
            delete(
                "/organizations/users/{user}",
                "Delete a user of the organization",
                users::destroy,
            )
            .about("Its instances and jobs go with it.")
            .refused(403, ABOVE)
            .refused(409, LAST),
            get(
                "/organizations/{organization}/accounts",
                "List the accounts of the organization",
                organization::accounts::index,
            )
            .refused(404, NONE),
            post(
                "/organizations/{organization}/accounts",
                "Add an account to the organization",
                organization::accounts::create,
            )
            .refused(409, "The external id belongs to an account."),
            get(
                "/organizations/{organization}/accounts/{account}",
                "Show an account of the organization",
                organization::accounts::show,
            ),
        ],
    }
}

/// Element instances.
fn of_instances() -> Section {
    Section {
        name: "Instances",
        about: "Your element instances.",
        calls: vec![
            get("/instances", "List instances", instances::index).refused(404, NONE),
            post("/instances", "Add an instance", instances::create).about(
                "With polling in its configuration, a job for it is made, too. \
                     Credentials in it are not kept.",
            ),
            get("/instances/{instance}", "Show an instance", instances::show),
            patch(
                "/instances/{instance}",
                "Change an instance",
                instances::update,
            ),
            delete(
                "/instances/{instance}",
                "Delete an instance",
                instances::destroy,
            )
            .about("Its job goes with it."),
            put(
                "/instances/{instance}/enabled",
                "Enable an instance",
                instances::enable,
            ),
            delete(
                "/instances/{instance}/enabled",
                "Disable an instance",
                instances::disable,
            ),
        ],
    }
}

/// Formula instances.
fn of_formulas() -> Section {
    Section {
        name: "Formulas",
        about: "Your formula instances.",
        calls: vec![
            get(
                "/formulas/instances",
                "List formula instances",
                formulas::index,
            ),
            post(
                "/formulas/instances",
                "Add a formula instance",
                formulas::create,
            )
            .about("One with a schedule has a job while it is active."),
            get(
                "/formulas/instances/{instance}",
                "Show a formula instance",
                formulas::show,
            ),
            delete(
                "/formulas/instances/{instance}",
                "Delete a formula instance",
                formulas::destroy,
            )
            .about("Its job goes with it."),
            put(
                "/formulas/instances/{instance}/active",
                "Activate a formula instance",
                formulas::activate,
            ),
            delete(
                "/formulas/instances/{instance}/active",
                "Deactivate a formula instance",
                formulas::deactivate,
            ),
        ],
    }
}

/// Jobs, and what runs them.
fn of_jobs() -> Section {
    Section {
        name: "Jobs",
        about: "Your jobs, and how workers run the jobs of the organization.",
        calls: vec![
            get("/jobs", "List jobs", jobs::index),
            post("/jobs", "Schedule a job", jobs::create)
                .refused(413, "The request of the job is larger than 64 KiB."),
            post("/jobs/lease", "Lease jobs", executions::lease).about(
                "For workers: jobs of the whole organization that are due, the \
                     one that has waited longest first. A job whose lease runs out \
                     without a report is leased again.",
            ),
            get("/jobs/executions", "List executions", executions::index)
                .about("Of your jobs, newest first."),
            get("/jobs/{job}", "Show a job", jobs::show),
            delete("/jobs/{job}", "Delete a job", jobs::destroy),
            put("/jobs/{job}/enable", "Enable a job", jobs::enable),
            put("/jobs/{job}/disable", "Disable a job", jobs::disable),
            patch(
                "/jobs/{job}/reschedule",
                "Reschedule a job",
                jobs::reschedule,
            ),
            get(
                "/jobs/{job}/history",
                "List the executions of a job",
                executions::history,
            ),
            post(
                "/jobs/{job}/executions",
                "Report an execution",
                executions::report,
            )
            .refused(
                409,
                "It was reported before, or its lease ran out and another worker got the job.",
            )
            .refused(
                410,
                "The job was removed: deleted, with its instance, or with its owner's access.",
            ),
        ],
    }
}

/// Signing in, and one’s own password.
fn of_authentication() -> Section {
    Section {
        name: "Authentication",
        about: "A token for an hour, your pair of secrets, your password.",
        calls: vec![
            post("/authentication", "Sign in", authentication::create)
                .about(
                    "The token stands in place of the pair of secrets. Wrong \
                     passwords lock, as in the console.",
                )
                .refused(
                    401,
                    "The username, password or code is wrong, or the user cannot \
                     sign in.",
                )
                .refused(
                    403,
                    "The second factor is missing or has to be set up, or the \
                     password has to be changed first; the message says which.",
                ),
            get(
                "/authentication/secrets",
                "Show your secrets",
                authentication::secrets,
            ),
            post(
                "/authentication/passwords",
                "Change your password",
                authentication::change_password,
            )
            .about("A wrong old password counts as a failed sign-in.")
            .refused(
                401,
                "The old password is wrong, or no active user belongs to the \
                     credentials.",
            )
            .refused(409, MEANWHILE),
        ],
    }
}

/// The audit trail.
fn of_audit_logs() -> Section {
    Section {
        name: "Audit logs",
        about: "What was done, by whom and when; newest first.",
        calls: vec![
            get("/audit-logs", "List events", audit_logs::index).refused(404, REACH),
            get(
                "/audit-logs/authentication",
                "List events of signing in",
                audit_logs::authentication,
            )
            .refused(404, REACH),
        ],
    }
}

/// The document.
fn of_document() -> Section {
    Section {
        name: "Document",
        about: "What you are reading.",
        calls: vec![get("/openapi.json", "Show the document", document::show)],
    }
}

/// Registers every route.
pub fn configure(config: &mut ServiceConfig) {
    for (_, resource) in resources(routes()) {
        config.service(resource);
    }
}
