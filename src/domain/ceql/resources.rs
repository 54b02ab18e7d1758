//! The fields of each list that can be filtered, under the names that its JSON has.

use diesel::dsl::LeftJoinQuerySource;
use diesel::prelude::*;

use super::condition::{Column, Field, Resource};
use crate::db::schema::{accounts, contacts, users};

/// Accounts.
#[derive(Debug, Clone, Copy)]
pub struct Accounts;

/// Users.
#[derive(Debug, Clone, Copy)]
pub struct Users;

impl Resource for Accounts {
    type Rows = accounts::table;
    const FIELDS: &'static [Field<Self::Rows>] = &[
        Field {
            name: "id",
            column: Column::Number(|| Box::new(accounts::id.nullable())),
        },
        Field {
            name: "name",
            column: Column::Text(|| Box::new(accounts::name.nullable())),
        },
        Field {
            name: "description",
            column: Column::Text(|| Box::new(accounts::description.nullable())),
        },
        Field {
            name: "active",
            column: Column::Boolean(|| Box::new(accounts::active.nullable())),
        },
        Field {
            name: "companyId",
            column: Column::Number(|| Box::new(accounts::organization_id.nullable())),
        },
        Field {
            name: "createdDate",
            column: Column::Date(|| Box::new(accounts::created_at.nullable())),
        },
        Field {
            name: "updatedDate",
            column: Column::Date(|| Box::new(accounts::updated_at.nullable())),
        },
        Field {
            name: "externalId",
            column: Column::Text(|| Box::new(accounts::external_id.nullable())),
        },
        Field {
            name: "defaultAccount",
            column: Column::Boolean(|| Box::new(accounts::is_default.nullable())),
        },
    ];
}

/// Users with their contacts, which few have.
type UserRows = LeftJoinQuerySource<users::table, contacts::table>;

impl Resource for Users {
    type Rows = UserRows;
    const FIELDS: &'static [Field<Self::Rows>] = &[
        Field {
            name: "id",
            column: Column::Number(|| Box::new(users::id.nullable())),
        },
        Field {
            name: "createdDate",
            column: Column::Date(|| Box::new(users::created_at.nullable())),
        },
        Field {
            name: "firstName",
            column: Column::Text(|| Box::new(users::first_name.nullable())),
        },
        Field {
            name: "lastName",
            column: Column::Text(|| Box::new(users::last_name.nullable())),
        },
        Field {
            name: "email",
            column: Column::Email {
                shown: || Box::new(users::email.nullable()),
                key: || Box::new(users::email_key.nullable()),
            },
        },
        Field {
            name: "active",
            column: Column::Boolean(|| Box::new(users::active.nullable())),
        },
        Field {
            name: "lastLoginDate",
            column: Column::Date(|| Box::new(users::last_login_at.nullable())),
        },
        Field {
            name: "externalId",
            column: Column::Text(|| Box::new(contacts::external_id.nullable())),
        },
        Field {
            name: "phone",
            column: Column::Text(|| Box::new(contacts::phone.nullable())),
        },
        Field {
            name: "street1",
            column: Column::Text(|| Box::new(contacts::street1.nullable())),
        },
        Field {
            name: "street2",
            column: Column::Text(|| Box::new(contacts::street2.nullable())),
        },
        Field {
            name: "city",
            column: Column::Text(|| Box::new(contacts::city.nullable())),
        },
        Field {
            name: "stateProvince",
            column: Column::Text(|| Box::new(contacts::state_province.nullable())),
        },
        Field {
            name: "postalCode",
            column: Column::Text(|| Box::new(contacts::postal_code.nullable())),
        },
        Field {
            name: "country",
            column: Column::Text(|| Box::new(contacts::country.nullable())),
        },
    ];
}
