//! An answer, parsed: tests ask for fields, cells, links and messages, never for pieces of markup.

use reqwest::header::HeaderMap;
use scraper::{ElementRef, Html, Selector};

/// An answer of the server.
pub struct Page {
    pub status: u16,
    pub headers: HeaderMap,
    pub body: String,
}

fn selector(text: &str) -> Selector {
    Selector::parse(text).unwrap()
}

fn text(element: ElementRef<'_>) -> String {
    let text: String = element.text().collect();
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}

impl Page {
    pub fn new(status: u16, headers: HeaderMap, body: String) -> Self {
        Self {
            status,
            headers,
            body,
        }
    }

    fn html(&self) -> Html {
        Html::parse_document(&self.body)
    }

    fn all(&self, css: &str) -> Vec<String> {
        self.html().select(&selector(css)).map(text).collect()
    }

    /// A header.
    pub fn header(&self, name: &str) -> &str {
        self.headers
            .get(name)
            .map(|value| value.to_str().unwrap())
            .unwrap_or_default()
    }

    /// Where a redirect leads.
    pub fn location(&self) -> String {
        assert!(
            self.headers.contains_key("location"),
            "no redirect but {}: {}",
            self.status,
            self.text()
        );
        self.header("location").to_owned()
    }

    /// The title of the document.
    pub fn title(&self) -> String {
        self.all("title").join("")
    }

    /// The page's heading.
    pub fn heading(&self) -> String {
        self.all("h1").join(" ")
    }

    /// All of its text.
    pub fn text(&self) -> String {
        self.all("body").join(" ")
    }

    /// What the notice says.
    pub fn notice(&self) -> String {
        self.all(".notice p").join(" ")
    }

    /// The sentences of the error summary.
    pub fn problems(&self) -> Vec<String> {
        self.all(".summary li")
    }

    /// The error under a field.
    pub fn error(&self, field: &str) -> String {
        self.all(&format!("#{field}-error")).join(" ")
    }

    /// The value of a field; of a box, `on` or nothing.
    pub fn field(&self, name: &str) -> String {
        let html = self.html();
        let css = selector(&format!("[name='{name}']"));
        let field = html
            .select(&css)
            .next()
            .unwrap_or_else(|| panic!("no field {name}"));
        match field.attr("type") {
            Some("checkbox") => field
                .attr("checked")
                .map(|_| "on")
                .unwrap_or_default()
                .to_owned(),
            _ if field.value().name() == "textarea" => field.text().collect(),
            _ => field.attr("value").unwrap_or_default().to_owned(),
        }
    }

    /// Whether there is a field of this name.
    pub fn has(&self, name: &str) -> bool {
        let css = selector(&format!("[name='{name}']"));
        self.html().select(&css).next().is_some()
    }

    /// Whether a field is disabled.
    pub fn disabled(&self, name: &str) -> bool {
        let html = self.html();
        let css = selector(&format!("[name='{name}'], [id='{name}']"));
        let field = html.select(&css).next();
        field
            .unwrap_or_else(|| panic!("no field {name}"))
            .attr("disabled")
            .is_some()
    }

    /// Where the form around the table of users is sent.
    pub fn activations(&self) -> String {
        let html = self.html();
        let css = selector("form[action$='/activations']");
        let form = html.select(&css).next().expect("a table of users");
        form.attr("action").unwrap_or_default().to_owned()
    }

    /// The fields that a form sends as it stands.
    pub fn form(&self, action: &str) -> Vec<(String, String)> {
        let html = self.html();
        let css = selector(&format!("form[action='{action}']"));
        let form = html
            .select(&css)
            .next()
            .unwrap_or_else(|| panic!("no form {action} in {}", self.text()));
        let fields = selector("input[name], textarea[name]");
        form.select(&fields)
            .filter(|field| {
                field.attr("disabled").is_none()
                    && (field.attr("type") != Some("checkbox") || field.attr("checked").is_some())
            })
            .map(|field| {
                let name = field.attr("name").unwrap_or_default().to_owned();
                let value = if field.value().name() == "textarea" {
                    field
                        .text()
                        .collect::<String>()
                        .trim_start_matches('\n')
                        .to_owned()
                } else {
                    field.attr("value").unwrap_or_default().to_owned()
                };
                (name, value)
            })
            .collect()
    }

    /// The rows of the table, cell by cell.
    pub fn table(&self) -> Vec<Vec<String>> {
        let html = self.html();
        let (rows, cells) = (selector("tbody tr"), selector("th, td"));
        html.select(&rows)
            .map(|row| row.select(&cells).map(text).collect())
            .collect()
    }

    /// The last names in the table, in their order.
    pub fn last_names(&self) -> Vec<String> {
        self.table().into_iter().map(|row| row[1].clone()).collect()
    }

    /// Where the link of this accessible name leads.
    pub fn link(&self, name: &str) -> Option<String> {
        self.links(name).into_iter().next()
    }

    /// Where the last link of this accessible name leads.
    pub fn last_link(&self, name: &str) -> Option<String> {
        self.links(name).pop()
    }

    fn links(&self, name: &str) -> Vec<String> {
        let html = self.html();
        html.select(&selector("a[href]"))
            .filter(|link| {
                [link.attr("aria-label"), link.attr("title")].contains(&Some(name))
                    || text(*link) == name
            })
            .filter_map(|link| link.attr("href").map(str::to_owned))
            .collect()
    }

    /// The Active box of a person: its value, whether it is selected, whether it can be changed.
    pub fn active_box(&self, name: &str) -> (String, bool, bool) {
        let html = self.html();
        let css = selector("input[type=checkbox]");
        let label = format!("Active: {name}");
        let field = html
            .select(&css)
            .find(|field| field.attr("aria-label") == Some(&label))
            .unwrap_or_else(|| panic!("no box {label}"));
        (
            field.attr("value").unwrap_or_default().to_owned(),
            field.attr("checked").is_some(),
            field.attr("disabled").is_none(),
        )
    }

    /// The names in the accounts panel.
    pub fn accounts(&self) -> Vec<String> {
        self.all(".list > .accounts a")
    }

    /// The names under Inactive accounts.
    pub fn inactive_accounts(&self) -> Vec<String> {
        self.all(".inactive .accounts a")
    }

    /// An attribute of the first element that matches a selector.
    pub fn find_attr(&self, css: &str, attribute: &str) -> String {
        let html = self.html();
        let found = html.select(&selector(css)).next();
        let value = found.and_then(|element| element.attr(attribute));
        value
            .unwrap_or_else(|| panic!("no {css} with {attribute}"))
            .to_owned()
    }

    /// Every attribute of every element.
    pub fn attributes(&self) -> Vec<(String, String)> {
        let html = self.html();
        html.select(&selector("*"))
            .flat_map(|element| element.value().attrs())
            .map(|(name, value)| (name.to_owned(), value.to_owned()))
            .collect()
    }

    /// The texts of everything that matches a selector: for counting, where no name says it better.
    pub fn find(&self, css: &str) -> Vec<String> {
        self.all(css)
    }
}
