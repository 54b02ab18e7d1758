"""What Schemathesis has to know of Tenantry beyond its document: what the formats of ours look like."""

import schemathesis
from hypothesis import strategies as st

LETTER = st.characters(categories=["L", "N", "P", "S", "Zs"])
INK = st.characters(categories=["L", "N"])
LINE = st.builds(str.__add__, INK.map(str), st.text(LETTER, max_size=20))
schemathesis.openapi.format("line", LINE)
schemathesis.openapi.format("text", st.text(LETTER, max_size=20))
schemathesis.openapi.format("lines", st.lists(st.text(LETTER, max_size=20), max_size=3).map("\n".join))
schemathesis.openapi.format(
    "ceql",
    st.builds(
        "{} {} {}".format,
        st.sampled_from(["id = 1", "id IN (1, 2)", "active = true", "externalId LIKE 'a%'", "`externalId` IS NULL"]),
        st.sampled_from(["AND", "or"]),
        st.sampled_from(["createdDate >= '2020-01-01'", "(id < 5 OR id > 9)", "externalId != 'it''s'"]),
    ),
)
schemathesis.openapi.format(
    "quartz", st.sampled_from(["0 0/15 * 1/1 * ? *", "0 0 12 ? * MON-FRI", "30 15 10 L * ?"])
)
schemathesis.openapi.format(
    "date-or-time", st.one_of(st.dates().map(str), st.datetimes().map(lambda it: it.isoformat("T", "seconds") + "Z"))
)
schemathesis.openapi.format("symbols", st.just("!#$%&*+-/=?@^_~"))
# Enough of each kind for the strictest policy.
schemathesis.openapi.format(
    "new-password",
    st.tuples(*(st.text(kind, min_size=11, max_size=11) for kind in ["ABCDEFGHJK", "abcdefghjk", "0123456789", "!#$%&*+-/="])).map("".join),
)


@schemathesis.hook
def before_load_schema(context, schema):
    """Tokens of pages are sealed for one list and one caller: none can be made up that is right."""
    for item in schema["paths"].values():
        for operation in item.values():
            known = operation.get("parameters", [])
            operation["parameters"] = [it for it in known if it["name"] != "nextPage"]
