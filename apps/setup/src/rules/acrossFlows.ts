/** What holds across the flows. */
import { law, of, rule, type Rule } from "./Rule.ts"

const account = of("domain/test/Account.test.ts")
const expansion = of("domain/test/Expansion.test.ts")
const backfill = of("domain/test/Backfill.test.ts")
const connection = of("domain/test/Connection.test.ts")
const requirements = of("domain/test/Requirements.test.ts")
const channels = of("ports/test/Channels.test.ts")
const connecting = of("ports/test/Connecting.test.ts")
const consolidations = of("ports/test/overview/Consolidations.test.ts")
const discovery = of("ports/test/advertisers/AdvertiserSync.test.ts")
const grants = of("ports/test/Grants.test.ts")
const keeping = of("ports/test/Keeping.test.ts")
const members = of("ports/test/organizations/Members.test.ts")
const organizations = of("ports/test/organizations/Organizations.test.ts")
const requests = of("ports/test/requests/Requests.test.ts")
const rights = of("ports/test/organizations/MemberRights.test.ts")
const work = of("ports/test/Work.test.ts")

/** The rules. */
export const acrossFlows: ReadonlyArray<Rule> = [
  rule(
    "C1",
    "C",
    "Account, connection and grant are three things.",
    channels("ends for itself, and leaves the other one as it was (K-R11)"),
    grants("keeps its tokens until its last connection is gone (rule X-R12)")
  ),
  rule(
    "C2",
    "C",
    "Which channels an account needs follows from its provider and type.",
    account("are these, and no type is at home with the other provider"),
    of("ports/test/overview/Diagnoses.test.ts")("a vendor without the Selling Partner API is complete (P-R12)")
  ),
  rule(
    "C3",
    "C",
    "A consent is not a connection; a choice may follow.",
    connecting("a consent waits for a person's choice, and the choice connects the account and loads its history"),
    work("of a choice come after 4, 24 and 72 hours, and stop when it is made or dropped")
  ),
  rule(
    "C4",
    "C",
    "A profile is bound to one live account at most, at every moment.",
    law("REPO-06"),
    law("REPO-08"),
    connecting("two consents choosing one profile at once: one wins, the other is told by whom it is held"),
    of("adapters/postgres/test/races.test.ts")("of claims on one profile exactly one wins, whoever's they are")
  ),
  rule(
    "C5",
    "C",
    "The region decides between another country of an account and another account.",
    expansion("never joins across regions, providers or types, whatever a consent lists"),
    account("are known, different, and all of the account's region, whatever happens")
  ),
  rule(
    "C6",
    "C",
    "An absent owner is reached by link, mailed request or invitation; permission at the provider is only read.",
    connecting(
      "looking consumes nothing; following leads to the provider without an account of ours; one consent uses it up"
    ),
    requests("the owner continues, consents and returns, and both get a confirmation (X-R4, X-R5)"),
    members("the mail says who invites to what, and its reader joins with what they were given"),
    consolidations("what was carried out at the provider is seen, without anybody telling it here")
  ),
  rule(
    "C7",
    "C",
    "Access can be discovered without a redirect.",
    discovery("finds who lets us in every 15 minutes, and shows it to operators alone until it is assigned")
  ),
  rule(
    "C8",
    "C",
    "Every class of data has its deadline, counted from finalising.",
    backfill("are 24 or 72 hours after finalising, in elapsed time"),
    backfill("is reported as overdue once, when 48 hours are over, and not before"),
    of("domain/test/Directory.test.ts")("reaches back sixty days until yesterday, and is due within 48 hours"),
    connection("is reported as late once, a day after it began, and not before"),
    keeping("members and support are told once, and again when it has caught up by itself")
  ),
  rule(
    "C9",
    "C",
    "What has to be so at the provider can be looked at, with results that software reads.",
    requirements("after consent are the same list in the same words, each with its state"),
    of("domain/test/Diagnosis.test.ts")("never passes a check that a fact fails, whatever else is known or said")
  ),
  rule(
    "C10",
    "C",
    "A renewal keeps identity, binding and history, and another seller is refused.",
    connection("as another seller or profile is refused, and the old link is kept"),
    connecting("another profile than before is refused and the old consent is kept"),
    of("apps/server/test/failures.test.ts")(
      "a consent withdrawn at Amazon is proven, asks for reauthorization, and the same seller heals it"
    )
  ),
  rule(
    "C11",
    "C",
    "The end of a consent is known and brought to mind well before.",
    work("of a consent's end come 90, 30, 14, 7, 3 and 1 days before, and none after"),
    of("domain/test/Rules.test.ts")("lie 90, 30, 14, 7, 3 and 1 days before, and never in the past"),
    of("ports/test/renewals/Digest.test.ts")(
      "are one mail a person and day: 10 for five connections, two people and five moments"
    )
  ),
  rule(
    "C12",
    "C",
    "Permission here and permission at the provider are checked apart and told apart.",
    rights(
      "lack in two ways that are told apart: a role that is missing here, a permission that is missing there (C12)"
    ),
    rights("are two things: the provider hears nothing of a member's rights, and the consent stays (S-R10, C12)")
  ),
  rule(
    "C13",
    "C",
    "There is exactly one owner, and one administrator, and both can hand over.",
    organizations("there is one owner at every moment: the new one owns, the former one stays as admin"),
    of("domain/test/Member.test.ts")("has exactly one owner, always, and only a member becomes it"),
    consolidations("administration is handed over, and the one who had it stays as a secondary user (C13)")
  ),
  rule(
    "C14",
    "C",
    "Pausing, disconnecting, cancelling, removing and deleting differ, each with its own list of effects.",
    account("are sentences, and every command says what stays or comes back"),
    account("do not promise what an advertiser's admin alone can do"),
    keeping("comes after seven days, is on record, and what is connected again is loaded anew"),
    of("adapters/console/test/Lifecycle.test.ts")("schedules an erasure after a tick, shows its day, and calls it off"),
    of("ports/test/accounts/Marketplaces.test.ts")(
      "tells what ends, and ends it: a waiting consent with its tokens, links, a visit that is under way"
    ),
    of("ports/test/organizations/Closing.test.ts")(
      "is told about before, refuses everybody, fetches nothing, and is as it was when it is reopened"
    ),
    of("ports/test/organizations/Closing.test.ts")(
      "ends after thirty days: consents, tokens, keys and data are gone, and its owner can found another"
    )
  ),
  rule(
    "C15",
    "C",
    "An operator of the installation may be part of a flow, with a list of what waits for them.",
    discovery("operators see who waits for what, and it is reported once when a day has passed"),
    of("adapters/console/test/Partners.test.ts")("are the only ones who see their pages; others are told who may"),
    of("adapters/console/test/Partners.test.ts")(
      "see what customers wait for, overdue first, and assign a suggestion in place"
    )
  )
]
