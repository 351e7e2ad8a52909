/**
 * The daily mail to an owner who is no member: it lists every consent of theirs that ends and waits for its renewal, a
 * login a line, each with a link. One mail a person and day, however many consents and moments call for it; it counts
 * against the limits on emails to people outside, and waits when those are reached.
 */
import {
  Channel,
  Connection,
  EmailMessage,
  given,
  Grant,
  groupBy,
  Invitation,
  Marketplace,
  type Refused,
  Text
} from "@portolan/domain"
import { DateTime, Effect, Redacted } from "effect"
import { CurrentCatalogue } from "../../driven/CurrentCatalogue.ts"
import { linkUri } from "../../driven/Deployment.ts"
import { type Page, pageLimit } from "../../driven/Repository.ts"
import type { Outcome } from "../../driven/Scheduler.ts"
import { tokenOf } from "../authorizations/links/linkAddress.ts"
import { partiesOf } from "../requests/composeRequestMail.ts"
import { consumeDailyReminder } from "../requests/mailQuota.ts"
import { isRequest, type RequestLink } from "../requests/requestView.ts"
import { decideAndCommit, decideOn } from "../shared/change.ts"
import type { ChangeDeps, Deps } from "../shared/deps.ts"
import { completing, done, type JobContext, type TaskOf } from "../work/jobContext.ts"
import { loginKey } from "./endings.ts"
import { words } from "./words.ts"

type ComposeDeps = Deps<"deployment" | "repository" | "secrets">

/** The most accounts that one line names. */
const namesShown = 3

/** The most pages of open requests that are read for one mail. */
const pagesRead = 100

/** A request that still waits, with the connections and the consent that it would renew. */
interface Waiting {
  readonly link: RequestLink
  readonly grant: Grant.Present
  readonly connections: ReadonlyArray<Connection.Linked>
}

/** Reminds the owner, unless a mail of this day listed what ends; the limits on emails may put it off. */
export const remindOwner = (
  deps: ChangeDeps & Deps<"eventLog">,
  job: JobContext,
  { invitationId }: TaskOf<"RemindRequest">
) =>
  decideAndCommit(deps, completing(job), ({ at, organizationId }) =>
    Effect.gen(function* () {
      const read = yield* deps.repository.find("invitation", organizationId, invitationId)
      const { events, ...decided } = yield* decideOn("invitation", read, { _tag: "Remind", at })
      if (events.length === 0 || !isRequest(read.state)) return { decided: [], result: done }
      const quota = yield* consumeDailyReminder(deps, organizationId, read.state.request.owner.email, at)
      return { decided: quota === "sent" ? [] : [{ ...decided, events }, ...quota], result: done }
    })
  ).pipe(Effect.catchTag("Refused", (refusal) => putOff(refusal)))

const putOff = Effect.fnUntraced(function* (refusal: Refused.Refused): Effect.fn.Return<Outcome, Refused.Refused> {
  if (refusal.subject !== "MailQuota") return yield* refusal
  const tomorrow = DateTime.add(yield* DateTime.now, { days: 1 })
  return { _tag: "RetryAt", at: refusal.retryAt ?? tomorrow }
})

/** The open requests by which the software reminds one person; records that cannot be read are passed over. */
const remindersTo = Effect.fnUntraced(function* (
  { repository }: Deps<"repository">,
  { organizationId, request }: RequestLink
) {
  const now = yield* DateTime.now
  const found: Array<RequestLink> = []
  let cursor: string | undefined
  for (let turn = 0; turn < pagesRead; turn++) {
    const page: Page<Invitation.Present> = yield* repository
      .invitations(
        organizationId,
        { requests: true, states: ["Open"] },
        { limit: pageLimit, ...(cursor === undefined ? {} : { cursor }) }
      )
      .pipe(Effect.catchTag("InvalidCursor", Effect.die))
    found.push(
      ...page.items
        .filter(isRequest)
        .filter((link) => Invitation.isOpen(link, now) && link.objection === undefined)
        .filter((link) => link.request.renews !== undefined)
        .filter((link) => Text.sameEmail(link.request.owner.email, request.owner.email))
    )
    if (page.next === undefined) break
    cursor = page.next
  }
  return found
})

/** What a request waits for; nothing when its consent is no longer in use, or refused by the provider. */
const waitingFor = Effect.fnUntraced(function* ({ repository }: Deps<"repository">, link: RequestLink) {
  const grantId = link.request.renews?.grantId
  if (grantId === undefined) return []
  const connections = (yield* repository.connectionsOfGrant(link.organizationId, grantId))
    .map(({ state }) => state)
    .filter(({ _tag }) => _tag !== "ReauthorizationNeeded")
  if (connections.length === 0) return []
  const { state: grant } = yield* repository.find("grant", link.organizationId, grantId)
  const waiting: Waiting = { link, grant, connections }
  return [waiting]
})

const endOf = ({ link }: Waiting): DateTime.Utc => link.request.renews?.endsAt ?? link.expiresAt

const byEnd = (one: Waiting, other: Waiting): number => endOf(one).epochMilliseconds - endOf(other).epochMilliseconds

/** The accounts of connections as one line names them. */
const accountsOf = Effect.fnUntraced(function* (
  { repository }: Deps<"repository">,
  connections: ReadonlyArray<Connection.Linked>
) {
  const accounts = new Map(connections.map(({ accountId, organizationId }) => [accountId, organizationId]))
  const names: Array<string> = []
  for (const [id, organizationId] of [...accounts].slice(0, namesShown)) {
    names.push((yield* repository.find("account", organizationId, id)).state.name)
  }
  const more = accounts.size - names.length
  return more > 0 ? words.andMore(names.join(", "), more) : names.join(", ")
})

/** One login as the mail shows it: its accounts, when its first consent ends, and the link for that one. */
const renewalOf = Effect.fnUntraced(function* (deps: ComposeDeps, all: readonly [Waiting, ...ReadonlyArray<Waiting>]) {
  const [first] = all
  const { channel, companyId, id, organizationId, request } = first.link
  const catalogue = yield* CurrentCatalogue
  const connections = all.flatMap((waiting) => waiting.connections)
  const { state: company } = yield* deps.repository.find("company", organizationId, companyId)
  const token = yield* tokenOf(deps, id)
  const renewal: EmailMessage.Renewal = {
    company: company.name,
    account: yield* accountsOf(deps, connections),
    marketplace: Marketplace.get(request.marketplaceId, catalogue).country,
    channel: Channel.label(channel, catalogue),
    accessUntil: endOf(first),
    url: linkUri(deps.deployment.origin, Redacted.value(token))
  }
  return { renewal, isShared: new Set(connections.map(({ accountId }) => accountId)).size > 1 }
})

/**
 * The mail, from what is true when it is sent; nothing when everything is renewed or answered. `link`: the request
 * whose job sends it, which says who is written to.
 */
export const composeOwnerReminder = Effect.fnUntraced(function* (deps: ComposeDeps, link: RequestLink) {
  const all: Array<Waiting> = []
  for (const one of yield* remindersTo(deps, link)) all.push(...(yield* waitingFor(deps, one)))
  const logins = [...groupBy(all.toSorted(byEnd), ({ grant }) => loginKey(grant)).values()].flatMap(
    ([first, ...others]) => (first === undefined ? [] : [[first, ...others] as const])
  )
  const [first] = logins
  if (first === undefined) return undefined
  const lines = yield* Effect.forEach(logins.slice(0, EmailMessage.accountLimit), (login) => renewalOf(deps, login))
  const { organization, owner, product, requester } = yield* partiesOf(deps, first[0].link)
  const accounts = lines.map(({ renewal }) => renewal)
  const reminder = { isShared: lines.some(({ isShared }) => isShared), leftOut: logins.length - lines.length }
  return EmailMessage.renewalCampaign(given({ product, owner, requester, organization, accounts, reminder }))
})
