/**
 * Mails that were kept instead of sent, because the installation has no mail server. They are personal: an
 * organization's are for its admins, the installation's for its operators. On a machine where things are tried out the
 * latter can be opened to everybody, so that somebody who signs up finds the mail that proves the address.
 */
import { Access, Id, Refused } from "@portolan/domain"
import { Effect } from "effect"
import type { Context } from "hono"
import { words } from "../../messages/words.ts"
import { get, type Routes } from "../../page/handle.ts"
import * as Http from "../../page/http.ts"
import { sendGuest, sendMember } from "../../page/send.ts"
import { memberVisit, type MemberVisit, type Visit } from "../../page/visit.ts"
import { emailPolicy } from "./emailView.ts"
import { type Box, mailboxPage } from "./view.ts"

const pageSize = 10

const refused = new Refused.Refused({
  subject: "Access",
  command: "administer",
  reason: "not-permitted",
  detail: words.mailbox.notForYou,
  nextStep: words.mailbox.passOn
})

const boxOf = (c: Context): Box => (c.req.query("box") === "installation" ? "installation" : "organization")

/** The mails of a box, once it is known that the visitor may see them. */
const mailboxOf = Effect.fnUntraced(function* (visit: Visit, organizationId: Id.OrganizationId, seesBoth: boolean) {
  const { c, context } = visit
  const cursor = Http.cursorOf(c)
  const page = yield* context.mailer.kept(organizationId, Http.pageOf(pageSize, cursor))
  c.header("Content-Security-Policy", emailPolicy)
  const box = organizationId === Id.installation ? "installation" : "organization"
  return mailboxPage({ box, context, cursor, now: yield* Http.now, page, seesBoth })
})

const forMember = Effect.fnUntraced(function* (visit: MemberVisit) {
  const { c, context, me } = visit
  const seesInstallation = me.operator || context.openMailbox
  if (boxOf(c) === "installation") {
    if (!seesInstallation) return yield* refused
    return yield* sendMember(visit, yield* mailboxOf(visit, Id.installation, true))
  }
  const isAdmin = Access.can(me, "administer") && me.accessScope._tag === "Everything"
  if (!isAdmin) return yield* refused
  return yield* sendMember(visit, yield* mailboxOf(visit, me.organizationId, seesInstallation))
})

/** Where everybody may open the installation's mailbox, so may people without an organization. */
const showMailbox = Effect.fnUntraced(function* (visit: Visit) {
  const member = visit.context.openMailbox
    ? Effect.catchTag(memberVisit(visit), ["NotSignedIn", "NoOrganization", "OrganizationClosing"], () =>
        Effect.succeed(undefined)
      )
    : memberVisit(visit)
  const found = yield* member
  return found === undefined
    ? sendGuest(visit, yield* mailboxOf(visit, Id.installation, false))
    : yield* forMember(found)
})

/** `/mailbox`. */
export const routes: Routes = [get("/mailbox", showMailbox)]
