/** Flow F5: a bookkeeper asks, the owner connects. */
import { of, outOfScope, partly, rule, type Rule } from "./Rule.ts"

const requests = of("ports/test/requests/Requests.test.ts")
const campaigns = of("ports/test/requests/Campaigns.test.ts")
const channels = of("ports/test/Channels.test.ts")
const organizations = of("ports/test/organizations/Organizations.test.ts")
const members = of("ports/test/organizations/Members.test.ts")
const grants = of("ports/test/Grants.test.ts")
const rights = of("ports/test/organizations/MemberRights.test.ts")
const demo = of("apps/demo/src/F5.ts")
const consoleRequests = of("adapters/console/test/Requests.test.ts")
const http = of("adapters/hono/test/Requests.test.ts")
const invitation = of("domain/test/Invitation.test.ts")
const emailMessage = of("domain/test/EmailMessage.test.ts")
const failuresAccounts = of("apps/server/test/failuresAccounts.test.ts")

/** The rules. */
export const f5: ReadonlyArray<Rule> = [
  rule(
    "X-R1",
    "S",
    "Only the owner of the seller account can connect it; who is not says so and hears who is needed.",
    requests("who is not the owner says so; the requester is told, and the owner can still use the link (X-R1)"),
    consoleRequests(
      "explains who can consent to somebody who is not the owner, and tells the requester only after a click"
    ),
    emailMessage(
      "says who asks for what, who can do it, with which login, until when, and what else to do (X-R1 to X-R4)"
    )
  ),
  rule(
    "X-R2",
    "S",
    "A request names one marketplace, and its mail is seen before it is sent.",
    requests("the preview is what both sides get, byte for byte (X-R2, X-R3)"),
    requests("the wrong marketplace, a viewer and a key without a mailbox are told what to do (X2)"),
    consoleRequests("shows the very mail before it is sent, in HTML and in text, and sends exactly that to both")
  ),
  rule(
    "X-R3",
    "S",
    "The same mail goes to who asks and to the owner.",
    requests("the preview is what both sides get, byte for byte (X-R2, X-R3)"),
    http("sends both sides exactly what the preview showed, however often it is sent"),
    requests("a mail that comes back parks nothing: it is on the request, and the requester is told (X3)")
  ),
  rule(
    "X-R4",
    "S",
    "The owner needs no sign-in here.",
    requests("the owner continues, consents and returns, and both get a confirmation (X-R4, X-R5)"),
    requests("of two people who click at once one connects; a replayed or forwarded link does no harm"),
    consoleRequests(
      "says who asks for what; scanners change nothing; one consent finishes it, and both get a confirmation"
    )
  ),
  rule(
    "X-R5",
    "S",
    "Both sides hear when it is done; another seller account than expected connects nothing.",
    requests("the owner continues, consents and returns, and both get a confirmation (X-R4, X-R5)"),
    requests(
      "with another seller account than before nothing is renewed; the requester chooses and sees the warning (X5)"
    ),
    demo("The owner connects without an account here, and both get a confirmation")
  ),
  rule(
    "X-R6",
    "S",
    "A client who is invited and joins sees the account and connects it themselves.",
    rights("lets the client see the account and start the connection themselves, once it is accepted (X-R6)"),
    members(
      "somebody who is signed in with another address is told what to do, and joins nothing (flow P14, failure case)"
    )
  ),
  partly(
    "X-R7",
    "A",
    "There is exactly one owner, who can be followed by another one even when they are gone.",
    "Admins beside the owner may invite people, too, and there are no plans to change; only the owner hands over.",
    organizations("there is one owner at every moment: the new one owns, the former one stays as admin"),
    organizations("only a member can become the owner, and no admin can take the ownership"),
    organizations("an operator hands it over when the owner is gone, on record as the operator's doing"),
    of("domain/test/Member.test.ts")("has exactly one owner, always, and only a member becomes it")
  ),
  outOfScope(
    "X-R8",
    "A",
    "A team of staff gets access together.",
    "Access is given person by person, by role and by company, brand or account; groups of people do not exist here."
  ),
  partly(
    "X-R9",
    "A",
    "Two connections are made in either order, and each shows how it stands.",
    "The source's other connection leads to accounting software; a seller's two channels stand in its place.",
    channels("may come first, and each shows for itself how it stands (X-R9)")
  ),
  outOfScope(
    "X-R10",
    "A",
    "How far the history reaches back depends on the plan, and more is asked for by hand.",
    "There are no plans here: the history reaches back as far as a provider keeps it, without asking by hand."
  ),
  partly(
    "X-R11",
    "A",
    "What the provider withholds until its owner acts is told as that, not as a failure.",
    "That a provider archived its reports is no answer which a known API gives; a permission that lacks for them is.",
    channels(
      "is told as something for the owner, not as a failure, and only what is missing is fetched afterwards (X-R11)"
    ),
    of("ports/test/Work.test.ts")("take up what was blocked for want of a right")
  ),
  partly(
    "X-R12",
    "A",
    "One consent may serve several accounts; without the first of them the others go on.",
    "The source's shared connection leads to accounting software; a marketplace's consent is what is shared here.",
    grants("keeps its tokens until its last connection is gone (rule X-R12)"),
    failuresAccounts("ending one of two connections on a consent leaves the other alive (X-R12)")
  ),
  rule(
    "X-R13",
    "A",
    "A consent is renewed every year, by a new request, better before it ends.",
    campaigns("lists what ends soon, with whom to ask"),
    campaigns("sends each owner one mail, which is the one that was previewed, and one link an account"),
    of("ports/test/Work.test.ts")("of a consent's end come 90, 30, 14, 7, 3 and 1 days before, and none after"),
    of("adapters/amazon/test/tokens.test.ts")(
      "sends one well-formed form to the region's host and tells who consented"
    ),
    invitation("is used by one consent; the same one may be told again, another one is refused")
  ),
  rule(
    "X-R14",
    "A",
    "Renewed, it ends a year from that day, under the same identity.",
    campaigns("renews under the same identity: account, profile and history stay, the end moves"),
    emailMessage("names each account with its own link and its own date (X-R13, X-R14)"),
    of("ports/test/renewals/Spread.test.ts")(
      "moves every connection of its login, ends their reminders, and answers their open requests"
    ),
    demo("A renewal campaign asks for both consents in one mail"),
    of("adapters/amazon/test/tokens.test.ts")("sends one well-formed form to the region's host and tells who consented")
  )
]
