//! A permit exists only with its privilege, and reaches no further than that privilege.

use tenantry::domain::actor::{Actor, Channel, Origin};
use tenantry::domain::permit::{AddAccounts, EditUsers, Reach};
use tenantry::domain::privilege::{ALL, Privilege, Privileges};
use tenantry::domain::role::Roles;
use tenantry::domain::session::Limits;
use tenantry::error::Error;

fn actor(privileges: impl IntoIterator<Item = Privilege>) -> Actor {
    Actor {
        id: 1,
        account_id: 10,
        organization_id: 100,
        organization_name: "Alder".to_owned(),
        name: "Dana Whitfield".to_owned(),
        initials: "DW".to_owned(),
        email: "dana@alder.example".to_owned(),
        shortcuts: true,
        session_id: 1,
        privileges: privileges.into_iter().collect(),
        roles: Roles::default(),
        limits: Limits::default(),
        origin: Origin {
            channel: Channel::Console,
            address: "127.0.0.1".to_owned(),
            request_id: String::new(),
        },
    }
}

#[test]
fn no_permit_without_the_privilege() {
    let without = ALL.into_iter().filter(|privilege| {
        !matches!(
            privilege,
            Privilege::EditUsersOrg | Privilege::EditUsersAccount
        )
    });
    assert!(matches!(
        actor(without).permit::<EditUsers>(),
        Err(Error::Forbidden)
    ));
    assert!(actor([]).permit::<AddAccounts>().is_err());
    assert!(!actor([Privilege::EditUsersAccount]).may::<AddAccounts>());
}

#[test]
fn reach_is_that_of_the_privilege() {
    let own = actor([Privilege::EditUsersAccount])
        .permit::<EditUsers>()
        .unwrap()
        .reach;
    assert_eq!(
        own,
        Reach::Account {
            organization: 100,
            account: 10
        }
    );
    assert!(own.covers(100, 10) && !own.covers(100, 11) && !own.covers(101, 10));

    let all = actor([Privilege::EditUsersOrg])
        .permit::<EditUsers>()
        .unwrap()
        .reach;
    assert!(all.covers(100, 10) && all.covers(100, 11) && !all.covers(101, 10));
}

#[test]
fn the_org_form_includes_the_account_form() {
    let org: Privileges = [Privilege::ViewLogsOrg].into_iter().collect();
    let account: Privileges = [Privilege::ViewLogsAccount].into_iter().collect();
    assert!(org.covers(account) && !account.covers(org));
    assert!(org.open_security() && !account.open_security());
}

#[test]
fn keys_lead_back_to_their_privilege() {
    for privilege in ALL {
        assert_eq!(Privilege::from_key(privilege.key()), Some(privilege));
    }
    assert_eq!(Privilege::from_key("viewusersorg"), None);
}
