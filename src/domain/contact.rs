//! How a user can be reached beyond its email: what the API keeps, all of it optional.

use diesel::prelude::*;

use super::audit::Details;
use super::text::{clean, has_control};
use crate::db::Tx;
use crate::db::schema::contacts;
use crate::error::{Error, FieldErrors};

/// The longest value, in characters.
const LONGEST: usize = 200;

/// The optional keys of a user. What is not set is `None`, never an empty text.
#[derive(Debug, Clone, Default, PartialEq, Eq, Queryable, Selectable, Insertable, AsChangeset)]
#[diesel(table_name = contacts, treat_none_as_null = true)]
pub struct Contact {
    /// What another system calls the user.
    pub external_id: Option<String>,
    /// Phone.
    pub phone: Option<String>,
    /// Street.
    pub street1: Option<String>,
    /// Its second line.
    pub street2: Option<String>,
    /// City.
    pub city: Option<String>,
    /// State or province.
    pub state_province: Option<String>,
    /// Postal code.
    pub postal_code: Option<String>,
    /// Country.
    pub country: Option<String>,
}

/// What is to change of a contact: an empty text removes what was there. What is left out stays.
#[derive(Debug, Clone, Default)]
pub struct ContactChanges {
    /// What another system calls the user.
    pub external_id: Option<String>,
    /// Phone.
    pub phone: Option<String>,
    /// Street.
    pub street1: Option<String>,
    /// Its second line.
    pub street2: Option<String>,
    /// City.
    pub city: Option<String>,
    /// State or province.
    pub state_province: Option<String>,
    /// Postal code.
    pub postal_code: Option<String>,
    /// Country.
    pub country: Option<String>,
}

impl ContactChanges {
    /// Notes every value that cannot be kept.
    pub fn check(&self, errors: &mut FieldErrors) {
        for (field, change) in [
            ("external_id", &self.external_id),
            ("phone", &self.phone),
            ("street1", &self.street1),
            ("street2", &self.street2),
            ("city", &self.city),
            ("state_province", &self.state_province),
            ("postal_code", &self.postal_code),
            ("country", &self.country),
        ] {
            let typed = clean(change.as_deref().unwrap_or_default());
            if typed.chars().count() > LONGEST {
                errors.add(field, format!("Enter at most {LONGEST} characters."));
            } else if has_control(&typed) {
                errors.add(field, "Enter a text without control characters.");
            }
        }
    }

    fn applied_to(&self, before: &Contact) -> Contact {
        let after = |change: &Option<String>, before: &Option<String>| match change {
            None => before.clone(),
            Some(typed) => Some(clean(typed)).filter(|typed| !typed.is_empty()),
        };
        Contact {
            external_id: after(&self.external_id, &before.external_id),
            phone: after(&self.phone, &before.phone),
            street1: after(&self.street1, &before.street1),
            street2: after(&self.street2, &before.street2),
            city: after(&self.city, &before.city),
            state_province: after(&self.state_province, &before.state_province),
            postal_code: after(&self.postal_code, &before.postal_code),
            country: after(&self.country, &before.country),
        }
    }
}

impl Contact {
    fn note(&self, after: &Self, noted: &mut Details) {
        for (key, before, after) in [
            ("externalId", &self.external_id, &after.external_id),
            ("phone", &self.phone, &after.phone),
            ("street1", &self.street1, &after.street1),
            ("street2", &self.street2, &after.street2),
            ("city", &self.city, &after.city),
            ("stateProvince", &self.state_province, &after.state_province),
            ("postalCode", &self.postal_code, &after.postal_code),
            ("country", &self.country, &after.country),
        ] {
            let (before, after) = (before.as_deref(), after.as_deref());
            noted.changed(key, before.unwrap_or_default(), after.unwrap_or_default());
        }
    }
}

/// Changes what is kept of a user, after a check, and notes what changed.
///
/// # Errors
/// When the database cannot be written.
pub(super) fn change(
    tx: &mut Tx<'_>,
    user: i64,
    changes: &ContactChanges,
    noted: &mut Details,
) -> Result<(), Error> {
    let kept = contacts::table
        .find(user)
        .select(Contact::as_select())
        .first(tx.db())
        .optional()?;
    let is_new = kept.is_none();
    let before = kept.unwrap_or_default();
    let after = changes.applied_to(&before);
    if before == after {
        return Ok(());
    }
    before.note(&after, noted);
    if is_new {
        diesel::insert_into(contacts::table)
            .values((contacts::user_id.eq(user), &after))
            .execute(tx.db())?;
    } else {
        diesel::update(contacts::table.find(user))
            .set(&after)
            .execute(tx.db())?;
    }
    Ok(())
}
