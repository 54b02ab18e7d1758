#!/usr/bin/env bash
# Every call of the API as a script makes it, in the order of the tables that describe it, with what has to come back.
# It is a test (calls.rs), and a place to copy from. It needs curl, jq, and an organization that nobody else uses: it
# replaces its secret, and leaves it with its former name and the default roles and password policy.
#
#   TENANTRY_URL=http://127.0.0.1:8080 TENANTRY_EMAIL=... TENANTRY_PASSWORD=... tests/api/calls.sh
set -euo pipefail

api=$TENANTRY_URL/elements/api-v2
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT

# call STATUS METHOD PATH [BODY [OPTION OF CURL...]]: makes a call, says so, and fails on any other status.
call() {
  local expected=$1 method=$2 path=$3 body=${4-} options=("${@:5}") status
  [ -z "$body" ] || options+=(-H 'Content-Type: application/json' -d "$body")
  status=$(curl -sS -X "$method" "$api$path" -H "Authorization: $authorization" "${options[@]}" \
    -D "$folder/headers" -o "$folder/body" -w '%{http_code}')
  echo "$status $method $path"
  [ "$status" = "$expected" ] || fail "expected $expected"
}
# has FILTER: what jq makes of the answer is true.
has() { jq -e "$1" "$folder/body" >"$folder/judged" || fail "expected $1"; }
# value FILTER: what jq makes of the answer.
value() { jq -r "$1" "$folder/body"; }
# header NAME: a header of the answer.
header() { tr -d '\r' <"$folder/headers" | awk -v name="$1:" 'tolower($1) == tolower(name) {print $2}'; }
# nothing: the answer has no body.
nothing() { [ ! -s "$folder/body" ] || fail 'expected no body'; }
fail() {
  echo "$0, line ${BASH_LINENO[1]}: $1, but this was answered:" >&2
  cat "$folder/headers" "$folder/body" >&2
  exit 1
}

# What is made here can be made again the next time.
run=$(date +%s)

### Before the first call: the pair of secrets

authorization=
call 200 POST /authentication "$(jq -n '{username: env.TENANTRY_EMAIL, password: env.TENANTRY_PASSWORD}')"
authorization="Bearer $(value .token)"
call 200 GET /authentication/secrets
user_secret=$(value .userSecret) organization_secret=$(value .organizationSecret)
authorization="User $user_secret, Organization $organization_secret"

### Conventions

# The words of the scheme in any letter case, the blank after the comma or not.
authorization="user $user_secret,ORGANIZATION $organization_secret" call 200 GET /users
# No pair, and half of one; every refusal has this shape, and its id in a header, too.
authorization= call 401 GET /users
authorization="User $user_secret" call 401 GET /users
has '(.message | length > 0) and (.requestId | test("^[0-9a-f]{24}$"))'
has ".requestId == \"$(header Elements-Request-Id)\""
# Not there, badly asked, wrong method, wrong media type.
call 404 GET /users/nobody@acme.example
call 400 GET '/users?pageSize=0'
has '.message | contains("pageSize")'
call 405 POST /users '{}'
call 415 POST /accounts '' -H 'Content-Type: text/plain' -d 'externalId'

### Accounts

# POST /accounts: name and description default to the external id, which belongs to one account.
call 200 POST /accounts "{\"externalId\": \"one-$run\"}"
has ".name == \"one-$run\" and .description == \"one-$run\" and .externalId == \"one-$run\""
has '.active and .type == "CompanyAccount" and .defaultAccount == false'
has '[.createdDate, .updatedDate | test("^[0-9]{4}-[0-9]{2}-[0-9]{2}$")] | all'
one=$(value .id) organization=$(value .companyId)
call 409 POST /accounts "{\"externalId\": \"one-$run\"}"
call 400 POST /accounts '{"name": "No external id"}'
has '.message | contains("externalId")'
# GET /accounts: where, offset, nextPage, pageSize, includeInactive.
call 200 GET /accounts
has "map(.id) | index($one)"
call 200 GET /accounts '' -G --data-urlencode "where=externalId = 'one-$run' AND active = true"
has "map(.id) == [$one]"
call 404 GET /accounts '' -G --data-urlencode "where=name LIKE 'nothing is called this%'"
has '.message == "No accounts found"'
call 200 GET '/accounts?offset=1&pageSize=1'
has 'length == 1'
call 200 GET '/accounts?pageSize=1&includeInactive=true'
[ "$(header Elements-Returned-Count)" = 1 ] || fail 'expected a count of 1'
[ "$(header Elements-Total-Count)" -ge 2 ] || fail 'expected a total of 2 at least'
first=$(value '.[0].id')
call 200 GET "/accounts?pageSize=1&includeInactive=true&nextPage=$(header Elements-Next-Page-Token)"
has ".[0].id != $first"
# GET /accounts/{id}
call 200 GET "/accounts/$one"
has ".companyId == $organization"
# PATCH and PUT /accounts/{id}: a whole object may be sent back.
call 200 PATCH "/accounts/$one" '{"name": "Uno", "description": "The first"}'
has '.name == "Uno" and .description == "The first"'
call 200 PUT "/accounts/$one" "$(value '.name = "One"')"
has '.name == "One" and .description == "The first"'
call 200 PATCH "/accounts/$one" '{"active": false}'
call 200 GET "/accounts/$one"
has '.active == false'
call 200 PATCH "/accounts/$one" '{"active": true}'
# The roles of an account as a whole.
call 200 PUT "/accounts/$one/roles/admin"
has '.key == "admin" and (.privileges | length > 0)'
call 200 GET "/accounts/$one/roles"
has 'map(.key) | index("admin")'
call 409 PUT "/accounts/$one/roles/admin"
call 200 DELETE "/accounts/$one/roles/admin"
nothing
# GET and POST /accounts/{id}/users: the answer to a creation has the secret and the roles.
call 404 GET "/accounts/$one/users"
has '.message == "No users found"'
max="max.muster+$run@acme.example"
call 200 POST "/accounts/$one/users" "{\"firstName\": \"Max\", \"lastName\": \"Muster\", \"email\": \"$max\",
  \"password\": \"Correct-Horse-7\", \"city\": \"Bern\", \"roles\": [{\"key\": \"admin\"}]}"
has '(.secret | length == 44) and (.roles | map(.key) == ["admin", "default-user"])'
has '.fullName == "Max Muster" and .lastLoginDate == "1970-01-01" and .city == "Bern" and .active and .enabled'
max_id=$(value .id) max_secret=$(value .secret)
call 409 POST "/accounts/$one/users" "{\"firstName\": \"Max\", \"lastName\": \"Again\", \"email\": \"$max\"}"
call 403 POST "/accounts/$one/users" "{\"firstName\": \"Too\", \"lastName\": \"High\", \"email\": \"high-$run@acme.example\",
  \"roles\": [{\"key\": \"org-admin\"}]}"
call 400 POST "/accounts/$one/users" "{\"firstName\": \"Eva\", \"lastName\": \"Weak\", \"email\": \"weak-$run@acme.example\",
  \"password\": \"weak\"}"
has '.message | contains("at least") and contains("uppercase") and contains("special character")'
call 200 GET "/accounts/$one/users" '' -G --data-urlencode "where=lastName = 'Muster'" -d pageSize=10
has "map(.id) == [$max_id] and .[0].password == \"secured\" and (.[0] | has(\"secret\") | not)"
# GET, PATCH, PUT and DELETE /accounts/{id}/users/{emailOrId}
call 200 GET "/accounts/$one/users/$max"
has ".id == $max_id"
call 200 PATCH "/accounts/$one/users/$max" '{"lastName": "Meier"}'
has '.lastName == "Meier" and .city == "Bern"'
call 200 PUT "/accounts/$one/users/$max_id" "$(value 'del(.city)')"
has '.lastName == "Meier" and (has("city") | not)'
call 200 POST "/accounts/$one/users" "{\"firstName\": \"Eva\", \"lastName\": \"Short\", \"email\": \"eva-$run@acme.example\"}"
call 200 DELETE "/accounts/$one/users/eva-$run@acme.example"
nothing
# DELETE /accounts/{id}: its users go, its row stays; the default account stays as it is.
call 200 POST /accounts "{\"externalId\": \"two-$run\"}"
two=$(value .id)
call 200 DELETE "/accounts/$two"
nothing
call 200 GET "/accounts/$two"
has '.active == false'
call 200 GET /accounts '' -G --data-urlencode 'where=defaultAccount = true'
has '.[0].type == "Default"'
call 409 DELETE "/accounts/$(value '.[0].id')"

### Users

# GET /users
call 200 GET /users
has "map(.id) | index($max_id)"
# GET /users/{emailOrId}: with the user's own password, also the secret; the email raw or encoded.
call 200 GET "/users/$max"
has ".id == $max_id and (has(\"secret\") | not)"
call 200 GET "/users/$(jq -nr --arg email "$max" '$email | @uri')"
has ".id == $max_id"
call 200 GET "/users/$max_id" '' -H 'Elements-User-Password: Correct-Horse-7'
has ".secret == \"$max_secret\""
call 401 GET "/users/$max_id" '' -H 'Elements-User-Password: Wrong-Horse-7'
# PATCH and PUT /users/{emailOrId}: deactivation, for good too, roles and password.
call 200 PATCH "/users/$max" '{"active": false}'
has '.active == false and .enabled == false and .accountNonExpired == false'
call 200 PATCH "/users/$max?permanent=true" '{"active": false}'
call 200 PATCH "/users/$max" '{"active": true, "roles": []}'
has '.active and (.roles | map(.key) == ["default-user"])'
call 200 PATCH "/users/$max_id" '{"password": "Another-Battery-9"}'
has '.password == "secured" and .credentialsExpired'
call 200 PUT "/users/$max" "{\"firstName\": \"Max\", \"lastName\": \"Muster\", \"email\": \"$max\", \"phone\": \"+41 31 000\"}"
has '.lastName == "Muster" and .phone == "+41 31 000"'
call 400 PUT "/users/$max" '{"firstName": "Max"}'
has '.message | contains("lastName") and contains("email")'
# GET /users/{id}/roles
call 200 GET "/users/$max_id/roles"
has '.[0].key == "default-user" and (.[0].privileges[0] | has("key") and has("name") and has("description"))'
# PUT and DELETE /users/{id}/roles/{roleKey}
call 200 PUT "/users/$max_id/roles/admin"
has '.key == "admin" and .features == []'
call 409 PUT "/users/$max_id/roles/admin"
call 400 PUT "/users/$max_id/roles/boss"
call 403 PUT "/users/$max_id/roles/org-admin"
call 200 DELETE "/users/$max_id/roles/admin"
nothing
call 404 DELETE "/users/$max_id/roles/admin"
# DELETE /users/{emailOrId}
call 200 POST "/accounts/$one/users" "{\"firstName\": \"Eva\", \"lastName\": \"Short\", \"email\": \"eva-$run@acme.example\"}"
call 200 DELETE "/users/eva-$run@acme.example"
nothing
call 404 GET "/users/eva-$run@acme.example"

### Organization

# GET /organizations/me
call 200 GET /organizations/me
has ".id == $organization and .active and .secret == \"$organization_secret\""
has '(.passwordPolicy.minLength >= 8) and (.twoFactorAuthEnabled | type == "boolean")'
name=$(value .name)
# PUT /organizations/me
call 200 PUT /organizations/me '{"name": "Renamed"}'
has '.name == "Renamed"'
call 200 PUT /organizations/me "$(jq -n --arg name "$name" '{$name}')"
# GET and POST /organizations/users: the latter in the default account.
call 200 POST /organizations/users "{\"firstName\": \"Kim\", \"lastName\": \"Short\", \"email\": \"kim-$run@acme.example\"}"
has '.roles | map(.key) == ["org"]'
kim=$(value .id)
call 200 GET /organizations/users
has "map(.id) | index($kim)"
# GET, PATCH and DELETE /organizations/users/{emailOrId}
call 200 GET "/organizations/users/kim-$run@acme.example"
has ".id == $kim"
call 200 PATCH "/organizations/users/$kim" '{"lastName": "Long"}'
has '.fullName == "Kim Long"'
call 200 DELETE "/organizations/users/kim-$run@acme.example"
nothing
# GET and POST /organizations/{id}/accounts, GET /organizations/{id}/accounts/{accountId}: only of one's own.
call 200 POST "/organizations/$organization/accounts" "{\"externalId\": \"three-$run\"}"
three=$(value .id)
call 200 GET "/organizations/$organization/accounts"
has "map(.id) | index($three)"
call 200 GET "/organizations/$organization/accounts/$three"
has ".externalId == \"three-$run\""
call 404 GET "/organizations/999999999/accounts/$three"
call 200 DELETE "/accounts/$three"
# GET, PUT and DELETE /organizations/password-policies
call 200 DELETE /organizations/password-policies
nothing
call 200 GET /organizations/password-policies
has 'keys | length == 8'
has '.minLength == 8 and .previousPasswordCount == 3 and .expirationDays == 0'
policy=$(value 'tojson')
call 200 PUT /organizations/password-policies "$(value '.minLength = 12')"
has '.minLength == 12'
call 400 PUT /organizations/password-policies "$(value '.minLength = 7')"
has '.message | contains("minLength")'
call 200 PUT /organizations/password-policies "$policy"
has '.minLength == 8'
# GET and PUT /organizations/roles, PUT /organizations/roles/{roleId}, PUT /organizations/roles/reset
call 200 PUT /organizations/roles/reset
has 'map(.key) == ["org-admin", "admin", "org", "default-user"]'
call 200 GET /organizations/roles
has '.[3].privileges | map(.key) | index("scheduleJobs")'
role=$(value '.[3].id')
call 200 PUT /organizations/roles '[{"key": "default-user", "privileges": [{"key": "scheduleJobs"}]}]'
has '.[3].privileges | map(.key) == ["scheduleJobs"]'
call 200 PUT "/organizations/roles/$role" '{"privileges": []}'
has '.key == "default-user" and .privileges == []'
call 403 PUT /organizations/roles '[{"key": "admin", "privileges": [{"key": "configureRoles"}]}]'
has '.message | contains("configureRoles") and contains("role admin")'
call 200 PUT /organizations/roles/reset
# POST /organizations/me/secret (ours): the former one stops working at once.
call 200 POST /organizations/me/secret
has '.secret | test("^[0-9a-f]{32}$")'
organization_secret=$(value .secret)
call 401 GET /users
authorization="User $user_secret, Organization $organization_secret"
call 200 GET /users
# POST /users/{id}/secret, /users/{id}/unlock, /users/{id}/two-factor/reset (ours)
call 200 POST "/users/$max_id/secret"
has ".secret | length == 44 and . != \"$max_secret\""
max_secret=$(value .secret)
call 200 POST "/users/$max_id/unlock"
has '.accountLocked == false'
call 200 POST "/users/$max_id/two-factor/reset"
has ".id == $max_id"

### Authentication

# POST /authentication: a token for an hour, in place of the pair; who has to change a password first gets none.
pair=$authorization authorization=
call 200 POST /authentication "$(jq -n '{username: env.TENANTRY_EMAIL, password: env.TENANTRY_PASSWORD}')"
has '.token | type == "string"'
token=$(value .token)
call 401 POST /authentication "{\"username\": \"$max\", \"password\": \"Wrong-Horse-7\"}"
call 403 POST /authentication "{\"username\": \"$max\", \"password\": \"Another-Battery-9\"}"
# GET /authentication/secrets
authorization="Bearer $token"
call 200 GET /authentication/secrets
has ". == {organizationSecret: \"$organization_secret\", userSecret: \"$user_secret\"}"
call 200 GET /users
# POST /authentication/passwords
authorization="User $max_secret, Organization $organization_secret"
call 401 POST /authentication/passwords '{"password": "Third-Battery-9", "oldPassword": "Wrong-Horse-7"}'
call 200 POST /authentication/passwords '{"password": "Third-Battery-9", "oldPassword": "Another-Battery-9"}'
nothing
authorization=
call 200 POST /authentication "{\"username\": \"$max\", \"password\": \"Third-Battery-9\"}"

### Work: what a user owns

authorization="User $max_secret, Organization $organization_secret"
cron='0 0/15 * 1/1 * ? *'
# GET and POST /instances: with a poller, a job, too.
call 404 GET /instances
has '.message == "No instances found"'
call 200 POST /instances '{"name": "Contacts", "element": {"key": "contacthub"}, "tags": ["crm"],
  "configuration": {"event.notification.enabled": true, "event.vendor.type": "polling"}}'
has 'keys == ["createdDate", "disabled", "element", "id", "name", "tags", "token", "valid"]'
instance=$(value .id)
call 200 GET /instances
has "map(.id) == [$instance]"
call 200 GET /jobs
has 'map(.kind) == ["polling"]'
# GET, PATCH and DELETE /instances/{id}; PUT and DELETE /instances/{id}/enabled
call 200 GET "/instances/$instance"
has '.element.key == "contacthub" and .disabled == false'
call 200 PATCH "/instances/$instance" '{"name": "People"}'
has '.name == "People" and .tags == ["crm"]'
call 200 DELETE "/instances/$instance/enabled"
nothing
call 200 PUT "/instances/$instance/enabled"
has '.disabled == false'
# GET and POST /formulas/instances: a cron makes a job.
call 200 GET /formulas/instances
has '. == []'
call 200 POST /formulas/instances "{\"name\": \"Orders\", \"formula\": {\"id\": 1204}, \"trigger\": {\"cron\": \"$cron\"}}"
has '.active and .formula.id == 1204'
formula=$(value .id)
call 200 GET /jobs
has 'map(.kind) | sort == ["formula", "polling"]'
# GET and DELETE /formulas/instances/{id}; PUT and DELETE /formulas/instances/{id}/active
call 200 GET "/formulas/instances/$formula"
has ".trigger.cron == \"$cron\""
call 200 DELETE "/formulas/instances/$formula/active"
nothing
call 200 PUT "/formulas/instances/$formula/active"
has .active
call 200 DELETE "/formulas/instances/$formula"
nothing
# GET and POST /jobs
call 200 POST /jobs "{\"name\": \"Rates\", \"description\": \"Asks the bank\", \"method\": \"POST\", \"uri\": \"/hubs/finance/rates\",
  \"headers\": {\"X-Try\": 3}, \"query\": {\"base\": \"EUR\"}, \"body\": {\"pairs\": [\"CHF\"]}, \"trigger\": {\"cron\": \"$cron\"}}"
has ".name == \"Rates\" and .schedule == \"$cron\" and (.id | type == \"string\")"
job=$(value .id)
call 200 GET /jobs
has "map(.id) | index(\"$job\")"
# GET and DELETE /jobs/{id}; PUT /jobs/{id}/enable and /jobs/{id}/disable; PATCH /jobs/{id}/reschedule
call 200 GET "/jobs/$job"
has '.kind == "api" and .disallowConcurrent and .trigger.state == "NORMAL" and (.trigger.nextFireTime | type == "number")'
call 200 PUT "/jobs/$job/disable"
has '.trigger.state == "PAUSED"'
call 200 PUT "/jobs/$job/enable"
has '.trigger.state == "NORMAL"'
call 200 PATCH "/jobs/$job/reschedule" '{"trigger": {"cron": "* * * * * ?"}}'
has '.trigger.cron == "* * * * * ?"'
# GET /accounts/{id}/instances, /users/{id}/instances, /users/{id}/jobs (ours)
authorization=$pair
call 200 GET "/accounts/$one/instances"
has "map(.id) == [$instance] and (.[0] | has(\"token\") | not)"
call 200 GET "/users/$max_id/instances"
has "map(.userId) == [$max_id]"
call 200 GET "/users/$max_id/jobs"
has "map(.id) | index(\"$job\")"
# POST /jobs/lease, POST /jobs/{id}/executions, GET /jobs/executions, GET /jobs/{id}/history (ours): for workers, which
# run what is due, and for owners, who read how it went.
sleep 1
call 200 POST /jobs/lease '{"workerId": "calls.sh", "max": 100, "seconds": 60}'
has "map(select(.id == \"$job\")) | .[0].request.uri == \"/hubs/finance/rates\""
execution=$(value ".[] | select(.id == \"$job\") | .executionId")
call 200 POST "/jobs/$job/executions" "{\"executionId\": \"$execution\", \"outcome\": \"succeeded\", \"message\": \"1 row\"}"
authorization="User $max_secret, Organization $organization_secret"
call 200 GET /jobs/executions
has "map(.id) == [\"$execution\"]"
call 200 GET "/jobs/$job/history"
has "map(.id) == [\"$execution\"]"
call 200 DELETE "/jobs/$job"
nothing
call 200 DELETE "/instances/$instance"
nothing
call 200 GET /jobs
has '. == []'

### Audit logs

# GET /audit-logs and /audit-logs/authentication: from, to, userId, accountId, nextPage, pageSize; newest first.
authorization=$pair
today=$(date -u +%F)
call 200 GET "/audit-logs?accountId=$one&userId=$max_id&from=$today&pageSize=1"
has '.[0].action == "instance.deleted" and .[0].channel == "API" and .[0].outcome == "done"'
has ".[0].user_id == $max_id and .[0].entity_name == \"People\""
has '.[0] | keys == ["account_id", "action", "channel", "details", "entity_id", "entity_name", "entity_type", "id",
  "ip_address", "org_id", "outcome", "timestamp", "user_email", "user_id"]'
call 200 GET "/audit-logs?accountId=$one&userId=$max_id&from=$today&pageSize=1&nextPage=$(header Elements-Next-Page-Token)"
has '.[0].action == "job.deleted"'
call 200 GET "/audit-logs?to=1999-12-31"
has '. == []'
call 200 GET "/audit-logs/authentication?userId=$max_id"
has '.[0].action == "user.signed-in"'

### The document

call 200 GET /openapi.json
has '.openapi | startswith("3.1")'

# What the script made goes.
call 200 PATCH "/accounts/$one?permanent=true" '{"active": false}'
call 404 GET "/users/$max"
