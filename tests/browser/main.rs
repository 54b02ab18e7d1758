//! Tests of the console in real Chromium. Without chromedriver they are skipped, unless TENANTRY_BROWSER_TESTS=1; with 0 always.

mod accessibility;
mod guards;
mod keyboard;
mod layout;
mod main_path;
mod passwords;
mod support;
