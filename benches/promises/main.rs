//! `cargo bench`: what the product promises about speed, each as a ratio within this run, in one table.
//!
//! `cargo bench -- --full` takes a million users. PostgreSQL is measured too where `TEST_POSTGRES_URL` names a server.

mod data;
mod floor;
mod load;
mod measure;
mod process;

use clap::{Parser, Subcommand};

use self::measure::{Row, measure};

#[derive(Parser)]
struct Arguments {
    /// A million users in ten thousand accounts instead of twenty thousand in two hundred
    #[arg(long)]
    full: bool,
    /// Given by cargo
    #[arg(long, hide = true)]
    bench: bool,
    #[command(subcommand)]
    role: Option<Role>,
}

#[derive(Subcommand)]
enum Role {
    /// Serve the floor
    #[command(hide = true)]
    Floor(floor::Arguments),
}

fn main() {
    let arguments = Arguments::parse();
    if let Some(Role::Floor(floor)) = arguments.role {
        return floor::run(floor);
    }
    let mut columns = vec![("SQLite", measure(None, arguments.full))];
    print(&columns);
    if let Ok(url) = std::env::var("TEST_POSTGRES_URL") {
        columns.push(("PostgreSQL", measure(Some(&url), arguments.full)));
        print(&columns);
    }
}

/// The table, in Markdown.
fn print(columns: &[(&str, Vec<Row>)]) {
    let heads: Vec<&str> = columns.iter().map(|(head, _)| *head).collect();
    println!("\n| what | promised | {} |", heads.join(" | "));
    println!("|---|---|{}", "---|".repeat(columns.len()));
    for (place, row) in columns[0].1.iter().enumerate() {
        let cells: Vec<String> = columns.iter().map(|(_, rows)| rows[place].cell()).collect();
        println!(
            "| {} | {} | {} |",
            row.what,
            row.promised(),
            cells.join(" | ")
        );
    }
}
