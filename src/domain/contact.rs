//! How a user can be reached beyond its email: what the API keeps, all of it optional.

use diesel::prelude::*;

use super::text::{clean, has_control};
use crate::db::schema::contacts;
use crate::error::FieldErrors;

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

impl Contact {
    fn fields(&mut self) -> [(&'static str, &mut Option<String>); 8] {
        [
            ("external_id", &mut self.external_id),
            ("phone", &mut self.phone),
            ("street1", &mut self.street1),
            ("street2", &mut self.street2),
            ("city", &mut self.city),
            ("state_province", &mut self.state_province),
            ("postal_code", &mut self.postal_code),
            ("country", &mut self.country),
        ]
    }

    /// The contact as it is kept, with a note on every value that cannot be.
    #[must_use]
    pub fn check(mut self, errors: &mut FieldErrors) -> Self {
        for (field, value) in self.fields() {
            let typed = value.take().map(|typed| clean(&typed));
            let typed = typed.filter(|typed| !typed.is_empty());
            if let Some(typed) = &typed {
                if typed.chars().count() > LONGEST {
                    errors.add(field, format!("Enter at most {LONGEST} characters."));
                } else if has_control(typed) {
                    errors.add(field, "Enter a text without control characters.");
                }
            }
            *value = typed;
        }
        self
    }
}
