//! A bad setting ends the start, and what is printed names the setting and no password.

use std::process::Command;

fn refused(setting: &str, value: &str) -> String {
    let output = Command::new(env!("CARGO_BIN_EXE_tenantry"))
        .arg("migrate")
        .env_remove("DATABASE_URL")
        .env("TENANTRY_SECRET_KEY", "07".repeat(32))
        .env(
            "TENANTRY_DATA_DIR",
            std::env::temp_dir().join("tenantry_never_made"),
        )
        .env(setting, value)
        .output()
        .unwrap();
    assert!(!output.status.success(), "{setting}={value} was accepted");
    String::from_utf8(output.stderr).unwrap()
}

#[test]
fn bad_settings_are_named() {
    for (setting, value, named) in [
        ("DATABASE_URL", "mysql://db", "DATABASE_URL"),
        ("DATABASE_URL", "sqlite:", "DATABASE_URL"),
        ("DATABASE_URL", "sqlite:/nowhere/at/all.db", "DATABASE_URL"),
        (
            "TENANTRY_PUBLIC_URL",
            "ftp://console.example",
            "TENANTRY_PUBLIC_URL",
        ),
        (
            "TENANTRY_PUBLIC_URL",
            "https://console.example/path",
            "TENANTRY_PUBLIC_URL",
        ),
        ("TENANTRY_LOG_LEVEL", "a=b=c", "TENANTRY_LOG_LEVEL"),
        (
            "TENANTRY_AUDIT_RETENTION_DAYS",
            "29",
            "TENANTRY_AUDIT_RETENTION_DAYS",
        ),
        ("TENANTRY_LISTEN", "nowhere", "--listen"),
        (
            "TENANTRY_TRUSTED_PROXIES",
            "10.0.0.0/99",
            "--trusted-proxies",
        ),
    ] {
        let text = refused(setting, value);
        assert!(text.contains(named), "{setting}={value} printed {text}");
    }
}

#[test]
fn a_database_that_is_away_is_named_without_its_password() {
    let text = refused(
        "DATABASE_URL",
        "postgres://somebody:hunter2@127.0.0.1:1/tenantry",
    );
    assert!(
        text.contains("DATABASE_URL") && !text.contains("hunter2"),
        "{text}"
    );
    assert_eq!(text.trim().lines().count(), 1, "{text}");
}

#[test]
fn mail_settings_that_cannot_work_are_named_without_their_password() {
    for (url, from, named) in [
        ("mail.example", "", "TENANTRY_SMTP_URL must be like"),
        ("http://mail.example", "", "TENANTRY_SMTP_URL must be like"),
        ("smtp://", "", "TENANTRY_SMTP_URL must be like"),
        (
            "smtp://mail.example?tls=maybe",
            "",
            "TENANTRY_SMTP_URL must be like",
        ),
        (
            "smtps://somebody@mail.example",
            "",
            "only one of user and password",
        ),
        ("smtp://somebody:hunter2@mail.example", "", "?tls=required"),
        (
            "smtp://somebody:hunter2@mail.example?tls=opportunistic",
            "",
            "?tls=required",
        ),
        (
            "smtps://somebody:hunter2@mail.example",
            "",
            "TENANTRY_MAIL_FROM",
        ),
        (
            "smtps://somebody:hunter2@mail.example",
            "no address",
            "TENANTRY_MAIL_FROM",
        ),
    ] {
        let output = Command::new(env!("CARGO_BIN_EXE_tenantry"))
            .args(["recover-admin", "--email", "dana@acme.example"])
            .env("TENANTRY_SECRET_KEY", "07".repeat(32))
            .env("DATABASE_URL", "sqlite:/nowhere/at/all.db")
            .env("TENANTRY_SMTP_URL", url)
            .env("TENANTRY_MAIL_FROM", from)
            .output()
            .unwrap();
        assert!(!output.status.success(), "{url} was accepted");
        let text = String::from_utf8(output.stderr).unwrap();
        assert!(
            text.contains(named) && !text.contains("hunter2"),
            "{url} printed {text}"
        );
        assert_eq!(text.trim().lines().count(), 1, "{text}");
    }
}
