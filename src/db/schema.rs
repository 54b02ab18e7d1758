//! The tables, as Diesel sees them on both databases.
#![allow(
    missing_docs,
    reason = "the macro makes items for every column, which the migrations explain"
)]

diesel::table! {
    installation (id) { id -> BigInt, key_check -> Text, }
}

diesel::table! {
    organizations (id) {
        id -> BigInt, name -> Text, active -> Bool, created_at -> Timestamp,
        secret_digest -> Text, secret_sealed -> Text,
        idle_minutes -> Integer, longest_minutes -> Integer, two_factor -> Text,
        user_count -> BigInt,
    }
}

diesel::table! {
    password_policies (organization_id) {
        organization_id -> BigInt, min_length -> Integer, min_uppercase -> Integer,
        min_lowercase -> Integer, min_numbers -> Integer, min_symbols -> Integer,
        symbol_character_set -> Text, previous_password_count -> Integer, expiration_days -> Integer,
    }
}

diesel::table! {
    roles (id) {
        id -> BigInt, organization_id -> BigInt, key -> Text, name -> Text, description -> Text,
        privileges -> Text,
    }
}

diesel::table! {
    accounts (id) {
        id -> BigInt, organization_id -> BigInt, name -> Text, name_key -> Binary, name_search -> Text,
        description -> Text, external_id -> Text, is_default -> Bool, active -> Bool,
        org_admin -> Bool, account_admin -> Bool,
        version -> BigInt, created_at -> Timestamp, updated_at -> Timestamp, user_count -> BigInt,
    }
}

diesel::table! {
    users (id) {
        id -> BigInt, account_id -> BigInt, first_name -> Text, first_name_key -> Binary,
        last_name -> Text, last_name_key -> Binary, email -> Text, email_key -> Text, search -> Text,
        password_hash -> Nullable<Text>, active -> Bool, org_admin -> Bool, account_admin -> Bool, shortcuts -> Bool, version -> BigInt,
        created_at -> Timestamp, updated_at -> Timestamp, last_login_at -> Timestamp,
        secret_digest -> Text, secret_sealed -> Text,
        failed_passwords -> Integer, locked_until -> Nullable<Timestamp>,
        password_changed_at -> Timestamp,
        totp_since -> Nullable<Timestamp>, totp_sealed -> Nullable<Text>, totp_step -> BigInt, failed_codes -> Integer,
        organization_id -> BigInt,
    }
}

diesel::table! {
    contacts (user_id) {
        user_id -> BigInt, external_id -> Nullable<Text>, phone -> Nullable<Text>,
        street1 -> Nullable<Text>, street2 -> Nullable<Text>, city -> Nullable<Text>,
        state_province -> Nullable<Text>, postal_code -> Nullable<Text>, country -> Nullable<Text>,
    }
}

diesel::table! {
    idempotent_calls (digest) {
        digest -> Text, user_id -> BigInt, content -> Text, status -> Nullable<Integer>,
        body_sealed -> Nullable<Text>, created_at -> Timestamp,
    }
}

diesel::table! {
    former_passwords (id) { id -> BigInt, user_id -> BigInt, hash -> Text, }
}

diesel::table! {
    recovery_codes (id) { id -> BigInt, user_id -> BigInt, digest -> Text, }
}

diesel::table! {
    sessions (id) {
        id -> BigInt, user_id -> BigInt, token_digest -> Text, started_at -> Timestamp,
        seen_at -> Timestamp, address -> Text, agent -> Text, stage -> Text,
        confirmed_at -> Nullable<Timestamp>,
    }
}

diesel::table! {
    outbox (id) {
        id -> BigInt, letter_sealed -> Text, posted_at -> Timestamp, due_at -> Timestamp, attempts -> Integer,
    }
}

diesel::table! {
    recovery_links (id) {
        id -> BigInt, user_id -> BigInt, token_digest -> Nullable<Text>, asked_at -> Timestamp,
    }
}

diesel::table! {
    instances (id) {
        id -> BigInt, user_id -> BigInt, kind -> Text, name -> Text, source -> Text, created_at -> Timestamp,
        disabled -> Bool, tags -> Text, cron -> Nullable<Text>,
    }
}

diesel::table! {
    jobs (id) {
        id -> BigInt, user_id -> BigInt, name -> Text, kind -> Text, cron -> Text, created_at -> Timestamp,
        organization_id -> BigInt, description -> Text, instance_id -> Nullable<BigInt>,
        request_sealed -> Nullable<Text>, enabled -> Bool, next_fire_at -> Nullable<Timestamp>,
        leased_until -> Nullable<Timestamp>,
    }
}

diesel::table! {
    executions (id) {
        id -> BigInt, organization_id -> BigInt, user_id -> BigInt, job_id -> BigInt, worker -> Text,
        fire_at -> Timestamp, leased_at -> Timestamp, leased_until -> Timestamp,
        finished_at -> Nullable<Timestamp>, outcome -> Text, message -> Text,
    }
}

diesel::table! {
    audit_events (id) {
        id -> BigInt, organization_id -> Nullable<BigInt>, account_id -> Nullable<BigInt>,
        at -> Timestamp, actor_id -> Nullable<BigInt>, actor_name -> Text, actor_email -> Text,
        channel -> Text, address -> Text, request_id -> Text, code -> Text, target_kind -> Text,
        target_id -> Nullable<BigInt>, target_name -> Text, details -> Text, outcome -> Text,
    }
}

diesel::joinable!(accounts -> organizations (organization_id));
diesel::joinable!(users -> accounts (account_id));
diesel::joinable!(contacts -> users (user_id));
diesel::joinable!(sessions -> users (user_id));
diesel::joinable!(recovery_links -> users (user_id));
diesel::joinable!(instances -> users (user_id));
diesel::joinable!(jobs -> users (user_id));
diesel::joinable!(jobs -> instances (instance_id));
diesel::joinable!(roles -> organizations (organization_id));

diesel::allow_tables_to_appear_in_same_query!(
    organizations,
    password_policies,
    roles,
    accounts,
    users,
    contacts,
    former_passwords,
    recovery_codes,
    sessions,
    recovery_links,
    instances,
    jobs,
    executions,
    audit_events,
);
