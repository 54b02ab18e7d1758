//! Makes up companies: a name, and the label under which their people have email.

use std::collections::HashSet;

use rand::Rng as _;
use rand::rngs::StdRng;
use rand::seq::IndexedRandom as _;

use super::people::{People, latin_letters, pick};

/// The customers in the pictures of the design, oldest first.
pub const NAMED: [&str; 13] = [
    "Acme Robotics",
    "Fjordline Shipping",
    "Bluebird Health",
    "Halcyon Insurance Group",
    "International Federation of Cold-Chain Pharmaceutical Distributors",
    "Cobalt Outdoor Company",
    "Évora Têxteis",
    "Alpenglow Ski Rentals",
    "Kestrel Aviation",
    "Granite & Sons",
    "Łódź Print Works",
    "Delphi Municipal Utilities",
    "Juniper Foods",
];

const WORDS: &str = "\
    Agate, Amber, Anchor, Aspen, Atlas, Aurora, Badger, Basalt, Bayleaf, Beacon, Birch, Bramble, \
    Bridgewater, Brightwater, Bronze, Calder, Canopy, Caraway, Cascade, Cedar, Chestnut, Cinder, Clover, \
    Compass, Copper, Coral, Corner Stone, Crescent, Cypress, Dovetail, Driftwood, Dune, Ember, \
    Everglade, Fairway, Falcon, Fern, Flint, Foxglove, Garnet, Gatehouse, Glacier, Golden Mile, \
    Goldfinch, Greenfield, Harbour, Hawthorn, Hazel, Heather, Heron, High Moor, Highland, Hollow Oak, \
    Horizon, Indigo, Ironbridge, Ivory, Jade, Jasmine, Keystone, Kingfisher, Lakeside, Lantern, Larch, \
    Laurel, Lighthouse, Linden, Longmeadow, Lotus, Magpie, Maple, Marigold, Meridian, Millstone, \
    Monarch, Moonstone, Morning Star, Nightjar, Northgate, Northern Light, Nutmeg, Oakfield, Old \
    Harbour, Opal, Orchard, Osprey, Otter, Paragon, Pebble, Pinewood, Polar, Poplar, Quarry, Quayside, \
    Quill, Redwood, Ridgeline, Riverbend, Rosewood, Rowan, Saffron, Sable, Sandstone, Seabright, Silver \
    Birch, Skylark, Slate, Solstice, Sparrow, Stonebridge, Summit, Swallow, Tamarind, Thistle, \
    Tidewater, Umber, Verdant, Westbury, Willow, Zephyr";

const TRADES: &str = "\
    Advisory, Analytics, Apparel, Architects, Bakeries, Biotech, Bookshops, Brewing, Building Supplies, \
    Care Homes, Catering, Ceramics, Chemicals, Civil Engineering, Clinics, Coffee Roasters, Cold \
    Storage, Community Trust, Construction, Credit Union, Cycles, Dairy, Dental Group, Diagnostics, \
    Education, Electrical, Energy, Events, Eyewear, Farm Machinery, Ferries, Films, Fisheries, Foods, \
    Foundry, Freight, Furniture, Garden Centres, Glass, Haulage, Hospitality, Hotels, Housing \
    Association, Instruments, Insurance, Joinery, Laboratories, Legal, Leisure, Logistics, Marine, \
    Media, Metalworks, Motors, Museum, Optics, Outfitters, Packaging, Paper Mill, Pharmacies, Plastics, \
    Power Tools, Press, Property Management, Rail Services, Recycling, Shipping, Software, Textiles, \
    Timber, Toys, Veterinary Practice";

const CITIES: &str = "\
    Aarhus, Antwerp, Bergen, Bilbao, Bologna, Bordeaux, Brighton, Brno, Cardiff, Cork, Dresden, Dundee, \
    Galway, Gdańsk, Genoa, Ghent, Graz, Győr, Kraków, Leeds, Lisbon, Lyon, Málaga, Malmö, Nantes, Oslo, \
    Oulu, Plovdiv, Porto, Rotterdam, Salzburg, Tallinn, Tampere, Thessaloniki, Turin, Utrecht, Valencia, \
    Vilnius, Zagreb, Zürich";

const NOTES: [&str; 10] = [
    "Pilot customer; price list agreed until the end of the year.",
    "Two warehouses, one integration. Technical contact is the account admin.",
    "Invoices go to the head office, not to the branch.",
    "Moved over from the old portal together with all integrations.",
    "Seasonal: busy from October to January, quiet otherwise.",
    "Support hours Monday to Friday, 07:00 to 19:00 local time.",
    "Subsidiary with its own books.\nContracts are signed by the parent company.",
    "Reseller. Adds and removes its own people.",
    "Sandbox for the integration team; may be emptied at any time.",
    "Framework contract with quarterly review.",
];

/// A company of the demo.
pub struct Company {
    /// Its name; no other has it.
    pub name: String,
    /// The label of its domain under `.example`; no other has it.
    pub slug: String,
}

/// Makes companies, each one once.
pub struct Companies<'a> {
    people: &'a People,
    words: Vec<&'static str>,
    trades: Vec<&'static str>,
    cities: Vec<&'static str>,
    taken: HashSet<String>,
    made: usize,
}

impl<'a> Companies<'a> {
    /// Begins with the labels that the cast already uses.
    #[must_use]
    pub fn new(people: &'a People) -> Self {
        Self {
            people,
            words: WORDS.split(", ").collect(),
            trades: TRADES.split(", ").collect(),
            cities: CITIES.split(", ").collect(),
            taken: ["alder", "theoctagon"].map(str::to_owned).into(),
            made: 0,
        }
    }

    /// The next company: first those of the pictures, then made up ones.
    pub fn next(&mut self, rng: &mut StdRng) -> Company {
        let named = NAMED.get(self.made).map(|name| named(name));
        self.made += 1;
        let mut company = named.unwrap_or_else(|| self.compose(rng));
        let mut tries = 0;
        while !self.taken.insert(company.slug.clone()) {
            tries += 1;
            company = self.compose(rng);
            // When short names run out, a city tells namesakes apart, and in the end a number does.
            if tries > 3 {
                let city = pick(&self.cities, rng);
                company.append(city, &latin_letters(city));
            }
            if tries > 30 {
                let number = self.made.to_string();
                company.append(&number, &number);
            }
        }
        company
    }

    fn compose(&self, rng: &mut StdRng) -> Company {
        let (words, trades, cities) = (&self.words, &self.trades, &self.cities);
        match rng.random_range(0..100) {
            0..60 => named(&format!("{} {}", pick(words, rng), pick(trades, rng))),
            60..68 => named(&format!("{} {}", pick(cities, rng), pick(trades, rng))),
            68..74 => named(&format!("{} & {}", pick(words, rng), pick(words, rng))),
            _ => {
                let name = self.people.company(rng);
                Company {
                    name: name.text,
                    slug: name.latin,
                }
            }
        }
    }
}

impl Company {
    fn append(&mut self, text: &str, latin: &str) {
        self.name = format!("{} {text}", self.name);
        self.slug = format!("{}-{latin}", self.slug);
    }
}

/// What stands in an account's description; often nothing.
pub fn description(rng: &mut StdRng) -> &'static str {
    if rng.random_bool(0.45) {
        ""
    } else {
        NOTES.choose(rng).copied().unwrap_or_default()
    }
}

/// A company with a name in Latin letters.
fn named(name: &str) -> Company {
    let words: Vec<String> = name
        .split(' ')
        .map(latin_letters)
        .filter(|word| !word.is_empty())
        .collect();
    // A label of a domain has at most 63 characters; whole words look better than a cut.
    let mut slug = String::new();
    for word in words {
        if slug.len() + word.len() > 40 {
            break;
        }
        if !slug.is_empty() {
            slug.push('-');
        }
        slug.push_str(&word);
    }
    Company {
        name: name.to_owned(),
        slug,
    }
}

#[cfg(test)]
mod tests {
    use std::collections::HashSet;

    use rand::SeedableRng as _;
    use rand::rngs::StdRng;

    use super::{CITIES, Companies, TRADES, WORDS, latin_letters};
    use crate::cli::demo::people::People;
    use crate::domain::email;

    #[test]
    fn every_company_is_made_once_and_can_have_email() {
        let people = People::new();
        let mut companies = Companies::new(&people);
        let mut rng = StdRng::seed_from_u64(1);
        let (mut names, mut keys) = (HashSet::new(), HashSet::new());
        for _ in 0..12_000 {
            let company = companies.next(&mut rng);
            let key = email::key(&format!("a@{}.example", company.slug));
            assert!(company.name.chars().count() <= 200);
            assert!(company.slug.len() <= 63, "{}", company.slug);
            assert!(keys.insert(key.expect("an address")), "{}", company.slug);
            assert!(names.insert(company.name.clone()), "{}", company.name);
        }
    }

    #[test]
    fn lists_have_no_word_twice() {
        for list in [WORDS, TRADES, CITIES] {
            let once: HashSet<_> = list.split(", ").map(latin_letters).collect();
            assert_eq!(once.len(), list.split(", ").count());
        }
    }
}
