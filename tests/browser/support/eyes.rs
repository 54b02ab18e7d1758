//! What a person sees or hears of the page.

use std::collections::BTreeMap;

use fantoccini::error::CmdError;

use super::Browser;

fn tidy(text: &str) -> String {
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}

impl Browser {
    /// Waits for the page with this heading.
    pub async fn at(&self, heading: &str) {
        self.until(heading, async || {
            let words = self.words("//h1").await?;
            Ok(words.iter().any(|it| it == heading).then_some(()))
        })
        .await;
    }

    /// Waits until these words stand somewhere in sight.
    pub async fn reads(&self, words: &str) {
        self.until(words, async || {
            let text = self.page_text().await?;
            Ok(text.contains(words).then_some(()))
        })
        .await;
    }

    /// The text in sight.
    pub async fn page_text(&self) -> Result<String, CmdError> {
        let script = "return document.body.innerText";
        let text = self.client.execute(script, Vec::new()).await?;
        Ok(tidy(text.as_str().unwrap_or_default()))
    }

    /// Waits until exactly this is announced, by one of the page's status and alert regions.
    pub async fn hears(&self, words: &str) {
        self.until(words, async || {
            let told = self.announced().await?;
            Ok(told.iter().any(|it| it == words).then_some(()))
        })
        .await;
    }

    /// Waits until nothing of this is announced any more.
    pub async fn hears_no_more(&self, words: &str) {
        self.until(&format!("no more of {words}"), async || {
            let told = self.announced().await?;
            Ok(told.iter().all(|it| !it.contains(words)).then_some(()))
        })
        .await;
    }

    async fn announced(&self) -> Result<Vec<String>, CmdError> {
        self.words(r#"//*[@role="status" or @role="alert"]"#).await
    }

    /// The texts of what the path finds, also where only assistive tools get it.
    pub async fn words(&self, path: &str) -> Result<Vec<String>, CmdError> {
        let script = "
            const found = document.evaluate(arguments[0], document, null, XPathResult.ORDERED_NODE_SNAPSHOT_TYPE);
            return Array.from({ length: found.snapshotLength }, (_, n) => found.snapshotItem(n).textContent);";
        let texts = self.client.execute(script, vec![path.into()]).await?;
        let texts: Vec<String> = serde_json::from_value(texts).unwrap();
        Ok(texts.iter().map(|text| tidy(text)).collect())
    }

    /// The rows of the list of users: cells under the headings of their columns.
    pub async fn rows(&self) -> Vec<BTreeMap<String, String>> {
        let script = "
            const [head, ...rows] = [...document.querySelectorAll('table tr')].map(
                (row) => [...row.cells].map((cell) => cell.innerText));
            return rows.map((cells) => Object.fromEntries(cells.map((cell, n) => [head[n], cell])));";
        let rows: Vec<BTreeMap<String, String>> =
            serde_json::from_value(self.measure(script).await).unwrap();
        let tidied = |row: BTreeMap<String, String>| {
            let cells = row.iter().map(|(head, cell)| (tidy(head), tidy(cell)));
            cells.collect()
        };
        rows.into_iter().map(tidied).collect()
    }

    /// The name of what has the focus, as assistive tools are told it; the tag's name where it has none.
    pub async fn focused(&self) -> String {
        self.until("focus", async || {
            let element = self.client.active_element().await?;
            let name = self
                .computed("computedlabel", &element.element_id())
                .await?;
            if name.is_empty() {
                return Ok(Some(element.tag_name().await?));
            }
            Ok(Some(name))
        })
        .await
    }

    /// Waits until the focus is on what has this name.
    pub async fn focuses(&self, name: &str) {
        self.until(&format!("focus on {name}"), async || {
            Ok((self.focused().await == name).then_some(()))
        })
        .await;
    }

    /// The rules for a password that are still told as open.
    pub async fn open_rules(&self) -> Vec<String> {
        let list = r#"//p[normalize-space(.)="The password needs"]/following-sibling::ul/li"#;
        let lines = self.words(list).await.unwrap();
        assert_eq!(lines.len(), 6);
        let open = |line: String| line.strip_prefix("Open: ").map(str::to_owned);
        lines.into_iter().filter_map(open).collect()
    }
}
