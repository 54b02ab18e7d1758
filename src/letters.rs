//! The words of mails.

use askama::Template;

use crate::app::App;
use crate::domain::recovery::Letter;
use crate::error::Error;
use crate::mailer::Mail;
use crate::web::paths;

#[derive(Template)]
#[template(path = "mails/recovery.txt")]
struct Text<'a> {
    letter: &'a Letter,
    link: &'a str,
}

#[derive(Template)]
#[template(path = "mails/recovery.html")]
struct Html<'a> {
    letter: &'a Letter,
    link: &'a str,
}

/// The mail with a link for a new password. The link leads to the public address of the settings.
///
/// # Errors
/// When a template fails.
pub fn recovery(app: &App, letter: &Letter) -> Result<Mail, Error> {
    let link = &format!("{}{}", app.public_origin, paths::recovery(&letter.token));
    Ok(Mail {
        id: app.keys.digest("message", &letter.token)[..32].to_owned(),
        to: letter.user.email.clone(),
        name: letter.user.full_name(),
        subject: "Choose a new password",
        text: Text { letter, link }.render()?,
        html: Html { letter, link }.render()?,
    })
}
