//! What a person does: finds things by the words on them, types, presses, goes through with the keyboard.

use fantoccini::actions::{InputSource as _, KeyAction, KeyActions};
use fantoccini::elements::{Element, ElementRef};
use fantoccini::error::CmdError;
use fantoccini::key::Key;
use serde_json::json;

use super::Browser;

/// An XPath condition: the element's own words are these, shown or given to assistive tools.
fn named(name: &str) -> String {
    format!(
        r#"(normalize-space(.)="{name}" or normalize-space(@aria-label)="{name}" or normalize-space(@title)="{name}")"#
    )
}

/// Fields by the text of their label.
fn field(name: &str) -> String {
    format!(
        r#"//*[self::input[not(@type="hidden")] or self::textarea or self::select][
            @id=//label[normalize-space(.)="{name}"]/@for or @aria-label="{name}"
            or @aria-labelledby=//*[normalize-space(.)="{name}"]/@id
            or ancestor::label[(*[1]|text())[normalize-space(.)="{name}"]]]"#
    )
}

fn button(name: &str) -> String {
    let named = named(name);
    format!("//button[{named}] | //summary[{named}]")
}

fn link(name: &str) -> String {
    format!("//a[@href][{}]", named(name))
}

impl Browser {
    /// The first thing in sight that the path finds. Chromium's own reckoning of its name is held to be the same.
    async fn seen(&self, path: &str, name: &str) -> Element {
        let found = self.until(name, async || self.in_sight(path).await).await;
        let told = self.computed("computedlabel", &found.element_id()).await;
        let told = told.unwrap_or_else(|_| name.to_owned());
        assert_eq!(told, name, "the accessible name differs from the words");
        found
    }

    async fn in_sight(&self, path: &str) -> Result<Option<Element>, CmdError> {
        let script = "
            const found = document.evaluate(arguments[0], document, null, XPathResult.ORDERED_NODE_SNAPSHOT_TYPE);
            const all = Array.from({ length: found.snapshotLength }, (_, n) => found.snapshotItem(n));
            return all.find((it) => it.checkVisibility({ visibilityProperty: true, opacityProperty: true }));";
        let found = self.client.execute(script, vec![path.into()]).await?;
        let id = found
            .as_object()
            .and_then(|it| it.values().next()?.as_str());
        let element = |id: &str| {
            Element::from_element_id(self.client.clone(), ElementRef::from(id.to_owned()))
        };
        Ok(id.map(element))
    }

    /// The field of this label.
    pub async fn field(&self, label: &str) -> Element {
        self.seen(&field(label), label).await
    }

    /// Writes into a field, in place of what is there.
    pub async fn fill(&self, label: &str, text: &str) {
        let field = self.field(label).await;
        field.clear().await.unwrap();
        field.send_keys(text).await.unwrap();
        self.until(&format!("{text} in {label}"), async || {
            let value = field.prop("value").await?;
            Ok((value.as_deref() == Some(text)).then_some(()))
        })
        .await;
    }

    /// What a field holds.
    pub async fn value(&self, label: &str) -> String {
        let field = self.field(label).await;
        field.prop("value").await.unwrap().unwrap_or_default()
    }

    /// Whether a box is selected.
    pub async fn checked(&self, label: &str) -> bool {
        self.field(label).await.is_selected().await.unwrap()
    }

    /// Selects a box that is clear.
    pub async fn check(&self, label: &str) {
        self.set(label, true).await;
    }

    /// Clears a box that is selected.
    pub async fn clear(&self, label: &str) {
        self.set(label, false).await;
    }

    async fn set(&self, label: &str, to: bool) {
        let field = self.field(label).await;
        assert_eq!(field.is_selected().await.unwrap(), !to, "{label}");
        field.click().await.unwrap();
        assert_eq!(field.is_selected().await.unwrap(), to, "{label}");
    }

    /// Presses a button.
    pub async fn press(&self, name: &str) {
        let button = self.seen(&button(name), name).await;
        button.click().await.unwrap();
    }

    /// Where the middle of a button is in the window.
    pub async fn place_of(&self, name: &str) -> (f64, f64) {
        let button = self.seen(&button(name), name).await;
        let script = "
            arguments[0].scrollIntoView({ block: 'center' });
            const at = arguments[0].getBoundingClientRect();
            return [at.left + at.width / 2, at.top + at.height / 2];";
        let button = vec![serde_json::to_value(&button).unwrap()];
        let place = self.client.execute(script, button).await.unwrap();
        serde_json::from_value(place).unwrap()
    }

    /// Clicks at a place, whatever the page does at the moment: WebDriver would wait while the next one loads.
    pub async fn click_at(&self, (x, y): (f64, f64)) {
        for kind in ["mousePressed", "mouseReleased"] {
            let event = json!({ "type": kind, "x": x, "y": y, "button": "left", "clickCount": 1 });
            self.devtools("Input.dispatchMouseEvent", event).await;
        }
    }

    /// Whether a button is in sight.
    pub async fn has_button(&self, name: &str) -> bool {
        self.in_sight(&button(name)).await.unwrap().is_some()
    }

    /// Follows a link.
    pub async fn follow(&self, name: &str) {
        let link = self.seen(&link(name), name).await;
        link.click().await.unwrap();
    }

    /// Whether a link is in sight.
    pub async fn has_link(&self, name: &str) -> bool {
        self.in_sight(&link(name)).await.unwrap().is_some()
    }

    /// Answers the browser's question whether to leave the page.
    pub async fn answer(&self, leave: bool) {
        self.until("a question", async || {
            if leave {
                self.client.accept_alert().await?;
            } else {
                self.client.dismiss_alert().await?;
            }
            Ok(Some(()))
        })
        .await;
    }

    /// Types on the keyboard, wherever the focus is.
    pub async fn keys(&self, text: &str) {
        let mut keys = KeyActions::new("keyboard".to_owned());
        for value in text.chars() {
            keys = keys
                .then(KeyAction::Down { value })
                .then(KeyAction::Up { value });
        }
        self.client.perform_actions(keys).await.unwrap();
    }

    /// Strikes one key that writes nothing.
    pub async fn key(&self, key: Key) {
        self.keys(&char::from(key).to_string()).await;
    }

    /// Presses Tab until the focus is on what has this name.
    pub async fn tab_to(&self, name: &str) {
        let mut passed = Vec::new();
        for _ in 0..60 {
            self.key(Key::Tab).await;
            let focused = self.focused().await;
            if focused == name {
                return;
            }
            passed.push(focused);
        }
        panic!("Tab never reaches {name}, but {passed:?}");
    }

    /// Signs in through the form and arrives in Accounts or My Profile.
    pub async fn sign_in(&self, email: &str, password: &str) {
        self.visit("/login").await;
        self.at("Sign in").await;
        self.fill("Email", email).await;
        self.fill("Password", password).await;
        self.press("Sign In").await;
    }
}
