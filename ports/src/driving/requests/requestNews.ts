/**
 * Emails about what became of a request to connect (rules X-R3, X-R5, X-R13). What is no longer true is not said any
 * more: nobody is reminded of what they did, or asked to choose what is chosen.
 */
import { type Aggregate, EmailMessage, Evidence, given, Text } from "@portolan/domain"
import { DateTime, Effect } from "effect"
import { CurrentCatalogue } from "../../driven/CurrentCatalogue.ts"
import type { NotFound } from "../../driven/Repository.ts"
import type { StoreUnavailable } from "../../driven/StoreUnavailable.ts"
import type { TaskOf } from "../work/jobContext.ts"
import { type ComposeDeps, composeRequestMail, requestFacts } from "./composeRequestMail.ts"
import { isRequest, type RequestLink } from "./requestView.ts"

/** The job that mails one side of a request. */
export type MailRequest = TaskOf<"MailRequest">

type News = Effect.Effect<EmailMessage.EmailMessage | undefined, NotFound | StoreUnavailable>

/** Composes the email of a subject; nothing when it is no longer true. */
const composers: {
  readonly [About in MailRequest["about"]]: (deps: ComposeDeps, link: RequestLink, to: MailRequest["to"]) => News
} = {
  asked: (deps, link) => composeOpenRequests(deps, link, "asked"),
  reminded: (deps, link) => composeOpenRequests(deps, link, "reminded"),
  connected: (deps, link, to) => connected(deps, link, to),
  "needs-choice": (deps, link) => needsChoice(deps, link),
  objected: (deps, link) => objected(deps, link),
  bounced: (deps, link) => bounced(deps, link),
  withdrawn: (deps, link) => withdrawn(deps, link),
  expired: (deps, link) => expired(deps, link)
}

/** Composes what there is to say to one side of a request; nothing when it is no longer true. */
export const composeRequestNews = (deps: ComposeDeps, link: RequestLink, { about, to }: MailRequest): News =>
  composers[about](deps, link, to)

/** Asks for whatever still waits for an answer: the request itself, and those whose links its email carries. */
export const composeOpenRequests = Effect.fnUntraced(function* (
  deps: ComposeDeps,
  link: RequestLink,
  about: "asked" | "reminded"
) {
  const now = yield* DateTime.now
  const [first, ...others] = (yield* withCarried(deps, link)).filter(
    (one) => one._tag === "Open" && DateTime.isGreaterThan(one.expiresAt, now)
  )
  return first === undefined ? undefined : yield* composeRequestMail(deps, [first, ...others], about)
})

const findLink = ({ repository }: ComposeDeps, { organizationId }: RequestLink, id: RequestLink["id"]) =>
  Effect.map(repository.find("invitation", organizationId, id), ({ state }) => state)

const withCarried = (deps: ComposeDeps, link: RequestLink) =>
  Effect.map(
    Effect.forEach(link.request.carries ?? [], (id) => findLink(deps, link, id)),
    (carried) => [link, ...carried.filter(isRequest)]
  )

const isOver = ({ _tag }: Aggregate.Present<"invitation">) => _tag === "Used" || _tag === "Revoked"

/** The address of a page of the console. */
const pageOf = ({ deployment }: ComposeDeps, path: string): string => `${deployment.origin}${path}`

const authorizationOf = Effect.fnUntraced(function* ({ repository }: ComposeDeps, link: RequestLink) {
  if (link._tag !== "Used") return undefined
  return (yield* repository.find("authorization", link.organizationId, link.authorizationId)).state
})

const connected = Effect.fnUntraced(function* (deps: ComposeDeps, link: RequestLink, to: MailRequest["to"]) {
  const authorization = yield* authorizationOf(deps, link)
  if (authorization?._tag !== "Finalised") return undefined
  const url = to === "requester" ? pageOf(deps, `/connections/${link.connectionId}`) : undefined
  return EmailMessage.requestConnected({
    ...(yield* requestFacts(deps, link)),
    connectedAt: authorization.finalisedAt,
    ...given({ url })
  })
})

const needsChoice = Effect.fnUntraced(function* (deps: ComposeDeps, link: RequestLink) {
  const authorization = yield* authorizationOf(deps, link)
  if (authorization?._tag !== "AwaitingSelection") return undefined
  const facts = yield* requestFacts(deps, link)
  const url = pageOf(deps, `/pending/${authorization.id}`)
  if (authorization.candidates.length > 0) return EmailMessage.requestNeedsChoice({ ...facts, url })
  const { nextStep, reason } = Evidence.ofAuthorization(authorization, yield* CurrentCatalogue)
  return EmailMessage.requestNotice({
    ...facts,
    url,
    subject: `${facts.account}: no profile is visible yet`,
    text: `${facts.owner} agreed.\n${reason}\n${nextStep}`
  })
})

const objected = Effect.fnUntraced(function* (deps: ComposeDeps, link: RequestLink) {
  if (link._tag !== "Open" || link.objection === undefined) return undefined
  const facts = yield* requestFacts(deps, link)
  const url = pageOf(deps, `/connections/${link.connectionId}/request`)
  if (link.objection.because === "not-the-owner") return EmailMessage.requestRefused({ ...facts, url })
  return EmailMessage.requestNotice({
    ...facts,
    url,
    subject: `${facts.owner} did not expect your request for ${facts.account}`,
    text:
      `${facts.owner} opened your request, did not expect it and will not agree. Nothing was connected.\n` +
      "Talk to that person first. The link stays usable until it ends or you withdraw it."
  })
})

const bounced = Effect.fnUntraced(function* (deps: ComposeDeps, link: RequestLink) {
  if (link._tag !== "Open" || link.bounce?.to !== "owner") return undefined
  const facts = yield* requestFacts(deps, link)
  const { account, owner } = facts
  const address = link.request.owner.email
  return EmailMessage.requestNotice({
    ...facts,
    url: pageOf(deps, `/requests/${link.id}`),
    subject: `The mail to ${Text.line(owner, 40)} about ${Text.line(account, 40)} came back`,
    text:
      `Your request to connect ${account} did not reach ${owner} at ${address}: ${link.bounce.reason}\n` +
      "Check the address. Withdraw this request and send another one to the right address, or pass the link on by hand."
  })
})

/**
 * Several requests in one email end on the same day; one email, about the request that carried the others, names them
 * all.
 */
const expired = Effect.fnUntraced(function* (deps: ComposeDeps, link: RequestLink) {
  if (link._tag !== "Expired") return undefined
  const { carriedBy } = link.request
  if (carriedBy !== undefined && !isOver(yield* findLink(deps, link, carriedBy))) return undefined
  const ended = (yield* withCarried(deps, link)).filter((one) => !isOver(one))
  const facts = yield* requestFacts(deps, link)
  const { account, owner } = facts
  const names =
    ended.length === 1
      ? [account]
      : yield* Effect.forEach(ended, (one) => Effect.map(requestFacts(deps, one), (of) => of.account))
  const what = names.length === 1 ? account : `${names.length} accounts`
  return EmailMessage.requestNotice({
    ...facts,
    url: pageOf(deps, `/requests/${link.id}`),
    subject: `Your request for ${what} has expired`,
    text:
      `${owner} did not use it in time, and the link works no longer. ` +
      `Nothing was connected by it: ${names.join(", ")}.\n` +
      "Ask the owner whether the mail arrived, and send a new request when it is still wanted."
  })
})

const withdrawn = (deps: ComposeDeps, link: RequestLink) =>
  link._tag === "Revoked"
    ? Effect.map(requestFacts(deps, link), EmailMessage.requestRevoked)
    : Effect.succeed(undefined)
