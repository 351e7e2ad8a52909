/** Flow F3: access that is given at the provider and discovered here. */
import { law, of, outOfScope, rule, type Rule } from "./Rule.ts"

const discovery = of("ports/test/advertisers/AdvertiserSync.test.ts")
const partners = of("adapters/console/test/Partners.test.ts")
const requirements = of("domain/test/Requirements.test.ts")
const connection = of("domain/test/Connection.test.ts")
const directory = of("domain/test/Directory.test.ts")
const account = of("domain/test/Account.test.ts")
const demo = of("apps/demo/src/F3.ts")
const walmart = of("adapters/walmart/test/simulator.test.ts")

/** The rules. */
export const f3: ReadonlyArray<Rule> = [
  rule(
    "W-R1",
    "S",
    "Only an admin of the advertiser can add a partner; it is said who must act.",
    partners("explains who must do what when nothing is there, and every 15 minutes we look"),
    requirements("of a Walmart advertiser that is not listed yet are looked at again every quarter of an hour"),
    of("adapters/simulator/test/WalmartConsole.test.ts")("tells everybody else who must act, and refuses their forms")
  ),
  rule(
    "W-R2",
    "S",
    "Write access is wanted.",
    partners("explains who must do what when nothing is there, and every 15 minutes we look"),
    requirements("are those of the channel and the account type"),
    discovery("access for reading only is limited, and write access lifts it by itself (rule W-R3)")
  ),
  rule(
    "W-R3",
    "P",
    "Access may be for reading only; then the connection is limited, not connected.",
    discovery("access for reading only is limited, and write access lifts it by itself (rule W-R3)"),
    connection("given for reading only makes the connection limited, in Walmart's words")
  ),
  rule(
    "W-R4",
    "S",
    "Nothing is returned and no advertiser has a token: the access is discovered.",
    discovery("finds who lets us in every 15 minutes, and shows it to operators alone until it is assigned"),
    partners("is offered where others are sent to the provider, and never sends anybody anywhere"),
    demo("The operator assigns it to the organization that waits; its people and support are told"),
    of("adapters/walmart/test/consent.test.ts")("is not exchanged, refreshed or discovered, and nothing is sent")
  ),
  rule(
    "W-R5",
    "S",
    "The list is read again every 15 minutes.",
    discovery("finds who lets us in every 15 minutes, and shows it to operators alone until it is assigned")
  ),
  rule(
    "W-R6",
    "P",
    "The list is a job at the provider that is asked for and fetched later.",
    walmart("lists exactly who let us in, with both kinds and what they gave"),
    of("adapters/walmart/test/advertisers.test.ts")("fails when anything is missing, and never tells half")
  ),
  rule(
    "W-R7",
    "S",
    "First or third party is chosen when the account is created.",
    account("are these, and no type is at home with the other provider"),
    discovery("linking connects and loads sixty days; one account holds it (rules W-R9, W-R11)"),
    directory("block first party for third party, and another country")
  ),
  rule(
    "W-R8",
    "S",
    "A person chooses among all advertisers and is warned to take care; organizations never see each other's.",
    partners(
      "shows all that tells advertisers apart, warns of look-alikes and of read access, and asks before it links"
    ),
    of("apps/server/test/browserF3.test.ts")(
      "an advertiser is expected, added at Walmart, found, assigned, compared, linked, loaded, and unlinked on record"
    ),
    of("domain/test/Advertiser.test.ts")("or are up to two letters apart, where the name is long enough to say so"),
    discovery(
      "an assigned advertiser is there for its organization to link, who is told; no other organization hears of it"
    )
  ),
  rule(
    "W-R9",
    "S",
    "An advertiser is linked to one account only.",
    discovery("linking connects and loads sixty days; one account holds it (rules W-R9, W-R11)"),
    partners("greys out a taken one with the account that holds it, and refuses it by name"),
    partners("lets one of two people win when both link the same advertiser at once"),
    law("REPO-06"),
    law("REPO-29")
  ),
  rule(
    "W-R10",
    "S",
    "It is connected the same day; a day without is told.",
    connection("is reported as late once, a day after it began, and not before"),
    discovery("operators see who waits for what, and it is reported once when a day has passed"),
    partners("waits for an expected one, says when it is overdue, and stops when asked")
  ),
  rule(
    "W-R11",
    "S",
    "Sixty days of history are there between 24 and 48 hours later.",
    directory("reaches back sixty days until yesterday, and is due within 48 hours"),
    discovery("linking connects and loads sixty days; one account holds it (rules W-R9, W-R11)"),
    of("domain/test/Backfill.test.ts")("never plans a day of a class twice")
  ),
  rule(
    "W-R12",
    "P",
    "An advertiser can take the access back, which is seen by its absence alone.",
    directory("is lost after three looks in a row without it, and not before; one look with it starts the count anew"),
    discovery("takes three complete looks in a row without it; a list that cannot be read counts for nothing"),
    walmart("sees access that is changed and removed"),
    directory(
      "is not lost the sooner for being looked for more often: looks of people add no misses to those of the clock"
    ),
    discovery("a return heals the connection by itself, on a grant of its own, and the data stays"),
    demo(
      "Walt removes us as partner: three looks in a minute are one miss and lose nothing; added again, all is as before"
    )
  ),
  outOfScope(
    "W-R13",
    "N",
    "Accepting a reconnection may take the provider minutes or days.",
    "It concerns seller accounts at Walmart, whose consent returns by redirect; an awaited advertiser has no end."
  )
]
