/** Flow F1: company, accounts, direct or delegated authorization, pending authorization. */
import { law, of, partly, rule, type Rule } from "./Rule.ts"

const companies = of("ports/test/accounts/Companies.test.ts")
const channels = of("ports/test/Channels.test.ts")
const connecting = of("ports/test/Connecting.test.ts")
const rights = of("ports/test/organizations/MemberRights.test.ts")
const work = of("ports/test/Work.test.ts")
const members = of("ports/test/organizations/Members.test.ts")
const accessScope = of("ports/test/shared/AccessScope.test.ts")
const account = of("domain/test/Account.test.ts")
const backfill = of("domain/test/Backfill.test.ts")
const connection = of("domain/test/Connection.test.ts")
const authorization = of("domain/test/Authorization.test.ts")
const failures = of("apps/server/test/failures.test.ts")
const demo = of("apps/demo/src/F1.ts")
const failuresAccounts = of("apps/server/test/failuresAccounts.test.ts")

/** The rules. */
export const f1: ReadonlyArray<Rule> = [
  rule(
    "K-R1",
    "S",
    "Administration is seen and done by admins only; anybody else is refused in words.",
    companies("is refused by name to everybody but owner and admins, never answered with an empty list (K-R1)"),
    of("adapters/hono/test/Routes.test.ts")("refuses a viewer with the roles that may (K-R1), or answers"),
    of("adapters/console/test/Pages.test.ts")("a viewer sees no actions and is refused when asking anyway")
  ),
  rule(
    "K-R2",
    "S",
    "One company holds many accounts.",
    companies(
      "holds an account for each country of its client; the same name again is a warning and no obstacle (K-R2, K-R3)"
    ),
    of("adapters/console/test/Forms.test.ts")(
      "creates once, however often the same form is sent, and warns of the same name"
    ),
    of("ports/test/accounts/RemovedCompanies.test.ts")(
      "is merged: every account goes to the other company with its connections, and asking again is harmless"
    ),
    failuresAccounts("a company of the same name is added, and the others are named (K-R2)")
  ),
  rule(
    "K-R3",
    "S",
    "A client who sells in several countries is one company with an account for each, not several companies.",
    companies(
      "holds an account for each country of its client; the same name again is a warning and no obstacle (K-R2, K-R3)"
    )
  ),
  rule(
    "K-R4",
    "S",
    "A company has at least one brand and may have more.",
    companies("has a brand from its first moment and takes more on demand (K-R4)"),
    account("needs a brand and a name that reads")
  ),
  rule(
    "K-R5",
    "A",
    "A brand belongs to a company and is assigned to its accounts one by one.",
    companies(
      "assigns brands account by account, each with a default; another company's brand is refused (K-R5, K-R6)"
    ),
    account("takes brands of its own company only, and its default brand is one of them"),
    failuresAccounts("a brand of another company is refused for an account (K-R5)")
  ),
  partly(
    "K-R6",
    "A",
    "Every account has a default brand, so that no article of it is without one.",
    "Articles are handed on as the provider names them and carry no brand here; a product reads the account's default.",
    companies(
      "assigns brands account by account, each with a default; another company's brand is refused (K-R5, K-R6)"
    ),
    account("takes brands of its own company only, and its default brand is one of them")
  ),
  rule(
    "K-R7",
    "S",
    "An account is a name and a marketplace, and all its channels are offered at once.",
    companies(
      "has a name and a marketplace, and offers each of its channels at once, none of them connected (K-R7, K-R11)"
    ),
    companies("of a country that nobody knows is refused in words"),
    demo("The admin opens an account; it has one tile per API"),
    failuresAccounts("country names and codes that nobody knows are refused as typed text, not guessed (K-R7)")
  ),
  rule(
    "K-R8",
    "S",
    "Authenticating at one's own browser works only if that login has the rights already.",
    failures(
      "a person without the right to consent to the Selling Partner API is refused at Amazon; nothing comes back"
    ),
    failures("a person who may only look at advertising leads to a limited connection, after a warning"),
    demo("The admin authenticates the Selling Partner API themselves")
  ),
  rule(
    "K-R9",
    "S",
    "Opening an auth link needs no sign-in; a link is for one account and one channel.",
    connecting(
      "looking consumes nothing; following leads to the provider without an account of ours; one consent uses it up"
    ),
    connecting("used twice at once, one consent wins and the other is told (F14)"),
    failures("used once, it says so to later visitors; GET and HEAD consume nothing"),
    demo("The owner opens the link without an account here; looking consumes nothing")
  ),
  rule(
    "K-R10",
    "S",
    "The login that consents needs the right to view and edit.",
    of("ports/test/overview/Diagnoses.test.ts")(
      "a login that may only view is told so, and the limit is lifted within the hour once it may edit"
    ),
    connection("a login that may only view makes the connection limited, from the first moment"),
    failures("a person who may only look at advertising leads to a limited connection, after a warning")
  ),
  rule(
    "K-R11",
    "S",
    "The two APIs are authorized apart, each for itself, and what is half done is seen.",
    channels(
      "waits for its own choice: the Selling Partner API too is not connected by a consent alone (K-R11, K-R14)"
    ),
    channels("ends for itself, and leaves the other one as it was (K-R11)")
  ),
  rule(
    "K-R12",
    "S",
    "A consent alone does not finish a connection; it waits for somebody.",
    connecting("a consent waits for a person's choice, and the choice connects the account and loads its history"),
    work("of a choice come after 4, 24 and 72 hours, and stop when it is made or dropped"),
    demo("Under Pending the admin chooses the right advertising profile")
  ),
  rule(
    "K-R13",
    "S",
    "A person chooses exactly one profile, the right one.",
    authorization("nothing is chosen by itself, even when one profile is left"),
    authorization("binds exactly what was chosen, and only what the login can see"),
    authorization("what blocks refuses; what warns wants a confirmation"),
    connecting(
      "looking consumes nothing; following leads to the provider without an account of ours; one consent uses it up"
    ),
    demo("Under Pending the admin chooses the right advertising profile")
  ),
  rule(
    "K-R14",
    "S",
    "A consent to the Selling Partner API waits to be finalised, too.",
    channels(
      "waits for its own choice: the Selling Partner API too is not connected by a consent alone (K-R11, K-R14)"
    ),
    channels(
      "warns of another seller than the one behind the other channel, and binds it only when that is confirmed (K-R14)"
    ),
    failuresAccounts(
      "a selling partner that is not the seller behind the advertising profile meets an objection (K-R14)"
    )
  ),
  rule(
    "K-R15",
    "S",
    "Advertising, inventory and sales are there within 24 hours of finalising, content and reviews within 72.",
    backfill("are 24 or 72 hours after finalising, in elapsed time"),
    work("that are missed are reported once each, 24 and 72 hours after finalising"),
    demo("Both first loads reach 100 %, each class with its deadline")
  ),
  rule(
    "K-R16",
    "A",
    "A permission that is added later takes a new consent, which keeps everything, and up to three days to load.",
    channels(
      "stays out until there is a new consent, which keeps the account, its profile and what was loaded (K-R16)"
    ),
    connecting("a withdrawn consent is proven before anybody is bothered, and renewing keeps binding and history"),
    backfill("are 24 or 72 hours after finalising, in elapsed time")
  ),
  partly(
    "K-R17",
    "A",
    "Only admins add people; a limited member finds what was chosen for them and nothing else, anywhere.",
    "Modules are parts of a product above this layer; roles, and access by company, brand and account, are given here.",
    members("is for owner and admins only (rule K-R17), and never asks an admin to be limited (rule S-R8)"),
    accessScope("agrees, in every list and behind every deep link, with what the domain says of each account"),
    accessScope("finds nothing behind any deep link, in the words for what never existed"),
    rights("may connect what they may write, and not see people, move, rename, delete, pause or end anything (S-R9)"),
    law("REPO-40")
  )
]
