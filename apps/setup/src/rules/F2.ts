/** Flow F2: an account is opened and connected step by step, by its own people. */
import { of, partly, rule, type Rule } from "./Rule.ts"

const diagnoses = of("ports/test/overview/Diagnoses.test.ts")
const channels = of("ports/test/Channels.test.ts")
const signingUp = of("ports/test/organizations/SigningUp.test.ts")
const members = of("ports/test/organizations/Members.test.ts")
const rights = of("ports/test/organizations/MemberRights.test.ts")
const delegation = of("ports/test/Delegation.test.ts")
const grants = of("ports/test/Grants.test.ts")
const keeping = of("ports/test/Keeping.test.ts")
const start = of("adapters/console/test/Start.test.ts")
const lifecycle = of("adapters/console/test/Lifecycle.test.ts")
const people = of("adapters/console/test/People.test.ts")
const requirements = of("domain/test/Requirements.test.ts")
const expansion = of("domain/test/Expansion.test.ts")
const backfill = of("domain/test/Backfill.test.ts")
const account = of("domain/test/Account.test.ts")
const connection = of("domain/test/Connection.test.ts")
const failures = of("apps/server/test/failures.test.ts")
const demo = of("apps/demo/src/F2.ts")
const demoPeople = of("apps/demo/src/F2People.ts")
const failuresAccounts = of("apps/server/test/failuresAccounts.test.ts")

/** The rules. */
export const f2: ReadonlyArray<Rule> = [
  rule(
    "P-R1",
    "A",
    "What has to be seen to differs by kind of account and by role, and a guide leads through it.",
    start("explains each kind of account before anything else, and keeps what was typed when something is missing"),
    start("takes a seller from the kind of account to a loaded history, and can be left and resumed at each step"),
    requirements("are those of the channel and the account type")
  ),
  rule(
    "P-R2",
    "S",
    "There is a campaign when connecting; without one it is said why nothing appears and when to look again.",
    diagnoses("no campaign: it says why and when it is looked at again, and heals when the profile appears"),
    of("ports/test/Work.test.ts")("is looked at every hour until a profile is there"),
    requirements("differ in words for sellers and vendors"),
    failures("an empty profile list keeps the consent and says why and when to look again (P-R2)")
  ),
  rule(
    "P-R3",
    "S",
    "The login for advertising may view and edit in the campaign manager.",
    diagnoses("a login that may only view is told so, and the limit is lifted within the hour once it may edit"),
    of("domain/test/Diagnosis.test.ts")("says of rights that were given and not noticed what helps"),
    requirements("differ in words for sellers and vendors")
  ),
  rule(
    "P-R4",
    "S",
    "An address is proven by a mail; one that does not arrive can be had again, and a forgotten password anew.",
    signingUp("nobody signs in before the address is proven, and a mail that did not arrive is sent again"),
    signingUp(
      "an address that is registered is answered like a new one; the mail tells its owner, and leads to a new password"
    ),
    people("leads from the form to the mail, to an organization of one's own, to the product"),
    demoPeople("Nadia signs up; until the mail proves the address there is no sign-in, and the mail can be sent again")
  ),
  rule(
    "P-R5",
    "S",
    "An organization comes before any account.",
    signingUp("an address is proven by its mail, and then its person is signed in and belongs to nothing yet (P-R5)"),
    of("ports/test/organizations/Callers.test.ts")(
      "who belongs to no organization is told so, and is a person all the same (rule P-R5)"
    ),
    people("leads from the form to the mail, to an organization of one's own, to the product")
  ),
  rule(
    "P-R6",
    "S",
    "A country of the same region joins the account; any other one is an account of its own.",
    expansion("never joins across regions, providers or types, whatever a consent lists"),
    expansion("of one region joins; what the consent does not list yet wants another one"),
    of("ports/test/accounts/Marketplaces.test.ts")(
      "leaves the account with its connections, and comes back with the same ones"
    ),
    grants("links a further country without another consent, and only what it sees now"),
    demo("A further country of the region joins the account under its own consents, without another consent"),
    of("ports/test/overview/Consolidations.test.ts")(
      "Japan, Australia and Singapore need accounts of their own, and are refused as added countries"
    ),
    failuresAccounts(
      "a wrong choice between adding a country and adding an account changes nothing and says why (P-R6)"
    )
  ),
  rule(
    "P-R7",
    "S",
    "The type of an account is chosen before anybody leaves for the provider.",
    channels(
      "refuses a profile of another kind than the account, which was chosen before anybody left for the provider (P-R7)"
    ),
    start("explains each kind of account before anything else, and keeps what was typed when something is missing"),
    failuresAccounts("profiles of another type than the account's are shown and cannot be chosen (P-R7)")
  ),
  rule(
    "P-R8",
    "S",
    "Advertising is connected first.",
    diagnoses("a seller goes through both channels, is synced within 48 hours, and can leave and resume anywhere"),
    start("takes a seller from the kind of account to a loaded history, and can be left and resumed at each step"),
    of("apps/server/test/browserF2.test.ts")(
      "a newcomer connects both channels, history loads, a country joins, and an invited member sees one account"
    ),
    failuresAccounts("a login without any advertising account keeps the consent and says what to check (P-R8)")
  ),
  rule(
    "P-R9",
    "S",
    "Merchant and marketplace are chosen after the consent to advertising and before the other channel.",
    diagnoses("a seller goes through both channels, is synced within 48 hours, and can leave and resume anywhere"),
    grants("moves the account and its tiles there after a warning, while nothing is connected"),
    start("moves the account to the chosen profile's country after a tick (P-R9)"),
    demo("She connects advertising first, with a login that sees several countries")
  ),
  rule(
    "P-R10",
    "S",
    "Connecting the Selling Partner API needs the permission in Seller Central; it is said before and when it lacks.",
    start("takes a seller from the kind of account to a loaded history, and can be left and resumed at each step"),
    requirements("are those of the channel and the account type"),
    delegation("from two people are not bound by themselves: the person who chooses is warned, and may confirm"),
    delegation("from one delegate for both channels need nobody's confirmation"),
    failures(
      "a person without the right to consent to the Selling Partner API is refused at Amazon; nothing comes back"
    ),
    demo("Then the Selling Partner API: the box, a user without the right, and the owner")
  ),
  rule(
    "P-R11",
    "A",
    "The primary user can give that permission to somebody else, so that the client need not take part.",
    delegation("continued with the right that the owner gave: it connects without the client, on record as a delegate"),
    of("domain/test/Delegation.test.ts")(
      "of the Selling Partner API name the owner who can give it, and to whom (P-R11)"
    ),
    of("adapters/simulator/test/Consent.test.ts")(
      "take a delegate with the Appstore permission only where the world says so"
    )
  ),
  rule(
    "P-R12",
    "A",
    "A vendor is complete without the Selling Partner API.",
    diagnoses("a vendor without the Selling Partner API is complete (P-R12)"),
    start("never shows a vendor as incomplete for lack of the Selling Partner API (P-R12)")
  ),
  rule(
    "P-R13",
    "S",
    "It is in sync within 48 hours; past them, support knows.",
    diagnoses("past 48 hours the way says overdue, that support knows, and goes on by itself (P-R13)"),
    keeping("members and support are told once, and again when it has caught up by itself"),
    backfill("is reported as overdue once, when 48 hours are over, and not before")
  ),
  rule(
    "P-R14",
    "A",
    "An invitation covers what it was sent for and nothing else.",
    rights("covers the account it names and no other, for people with a sign-in and without one (P-R14, P-R15)"),
    members("an address is invited once; upper and lower case are one address; who is a member is not invited again")
  ),
  rule(
    "P-R15",
    "A",
    "Somebody with a sign-in and somebody new both end where they were invited to.",
    rights("covers the account it names and no other, for people with a sign-in and without one (P-R14, P-R15)"),
    members(
      "somebody who is signed in with another address is told what to do, and joins nothing (flow P14, failure case)"
    ),
    people("somebody new signs up with the address that is filled in, comes back and joins")
  ),
  rule(
    "P-R16",
    "A",
    "Access is taken away account by account, and at once.",
    rights("loses the account that is taken away, at once, and keeps the others (P-R16)"),
    members(
      "a removed member is out at the next request, with their keys, and their consents go to another: in one change"
    ),
    members("the owner neither leaves nor is removed before the ownership was handed over")
  ),
  partly(
    "P-R17",
    "A",
    "Cancelling has effects outside: they are told first, confirmed, carried out and put on record.",
    "Goals, bids, budgets and billing belong to the product above this layer; from here only a consent ends.",
    of("adapters/console/test/Connecting.test.ts")("ends a connection after showing what that means"),
    of("adapters/console/test/Partners.test.ts")(
      "unlinks after listing what that does, on record with the name of who did it"
    ),
    grants("keeps its tokens until its last connection is gone (rule X-R12)"),
    account("are sentences, and every command says what stays or comes back")
  ),
  rule(
    "P-R18",
    "A",
    "Removing, cancelling and deleting are different; removing keeps the data.",
    account("takes an account off and puts it back as it was; a removed one changes nothing else"),
    account("never erases data that nobody asked to erase"),
    keeping("comes after seven days, is on record, and what is connected again is loaded anew"),
    lifecycle("takes an account off the lists, keeps it among the removed ones, and restores it"),
    failuresAccounts(
      "an account that is connected cannot be removed, and its data is erased only after days of grace (C14, P-R17)"
    )
  ),
  rule(
    "P-R19",
    "A",
    "Others cannot pause; here a connection can be, and nothing is lost meanwhile.",
    connection("keeps consent, profile and state, and resuming leaves everything as it was"),
    keeping("stops a load under way without losing anything, and resuming takes it up where it was"),
    keeping("fetches nothing; only the token endpoint shows whether the consent lives, and a withdrawal is noticed"),
    lifecycle("lists its effects first, shows everywhere that it is paused, and resumes")
  )
]
