/**
 * Emails about what became of a request to connect (rules X-R3, X-R5, X-R13). What is no longer true is not said any
 * more: nobody is reminded of what they did, or asked to choose what is chosen.
 */
import { type Aggregate, EmailMessage, Evidence, given, Invitation, Messages, Text } from "@portolan/domain"
import { DateTime, Effect } from "effect"
import { CurrentCatalogue } from "../../driven/CurrentCatalogue.ts"
import type { NotFound } from "../../driven/Repository.ts"
import type { StoreError } from "../../driven/StoreUnavailable.ts"
import { composeOwnerReminder } from "../renewals/remindOwner.ts"
import type { TaskOf } from "../work/jobContext.ts"
import { type ComposeDeps, composeRequestMail, requestFacts, type RequestMail } from "./composeRequestMail.ts"
import { isRequest, type RequestLink } from "./requestView.ts"

/** The job that mails one side of a request. */
export type MailRequest = TaskOf<"MailRequest">

type News = Effect.Effect<EmailMessage.EmailMessage | undefined, NotFound | StoreError>

/** Composes the email of a subject; nothing when it is no longer true. */
const composers: {
  readonly [About in Exclude<MailRequest["about"], RequestMail>]: (
    deps: ComposeDeps,
    link: RequestLink,
    to: MailRequest["to"]
  ) => News
} = {
  connected: (deps, link, to) => connected(deps, link, to),
  "needs-choice": (deps, link) => needsChoice(deps, link),
  objected: (deps, link) => objected(deps, link),
  bounced: (deps, link) => bounced(deps, link),
  withdrawn: (deps, link) => withdrawn(deps, link),
  expired: (deps, link) => expired(deps, link)
}

/** Composes what there is to say to one side of a request; nothing when it is no longer true. */
export const composeRequestNews = (deps: ComposeDeps, link: RequestLink, { about, to }: MailRequest): News =>
  about === "asked" || about === "reminded" ? composeOpenRequests(deps, link, about) : composers[about](deps, link, to)

/** Asks for whatever still waits for an answer: the request itself, and those whose links its email carries. */
export const composeOpenRequests = Effect.fnUntraced(function* (
  deps: ComposeDeps,
  link: RequestLink,
  about: RequestMail
) {
  if (link.request.renews !== undefined) return yield* composeOwnerReminder(deps, link)
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
  const { nextStep, reason } = Evidence.ofAuthorization(authorization, yield* DateTime.now, yield* CurrentCatalogue)
  return EmailMessage.requestNotice({
    ...facts,
    url,
    subject: Messages.text("authorization.no-profile-title", { account: facts.account }),
    text: [Messages.text("email.agreed", { owner: facts.owner }), reason, nextStep].join("\n")
  })
})

/** Each message is a line, which the email shows as a paragraph. */
const paragraphs = (...all: ReadonlyArray<Messages.Message>) =>
  all.map((message) => Messages.render(message)).join("\n")

const objected = Effect.fnUntraced(function* (deps: ComposeDeps, link: RequestLink) {
  if (link._tag !== "Open" || link.objection === undefined) return undefined
  const facts = yield* requestFacts(deps, link)
  const url = pageOf(deps, `/connections/${link.connectionId}/request`)
  if (link.objection.because === "not-the-owner") return EmailMessage.requestRefused({ ...facts, url })
  return EmailMessage.requestNotice({
    ...facts,
    url,
    subject: Messages.text("notice.not-expected-title", { owner: facts.owner, account: facts.account }),
    text: paragraphs(Messages.say("notice.not-expected", { owner: facts.owner }), Messages.say("notice.talk-first"))
  })
})

const bounced = Effect.fnUntraced(function* (deps: ComposeDeps, link: RequestLink) {
  const bounce = link._tag === "Open" ? Invitation.bounceTo(link, "owner") : undefined
  if (bounce === undefined) return undefined
  const facts = yield* requestFacts(deps, link)
  const { account, owner } = facts
  const address = link.request.owner.email
  return EmailMessage.requestNotice({
    ...facts,
    url: pageOf(deps, `/requests/${link.id}`),
    subject: Messages.text("notice.bounced-title", { owner: Text.line(owner, 40), account: Text.line(account, 40) }),
    text: paragraphs(
      Messages.say("notice.bounced", { account, owner, email: address, reason: bounce.reason }),
      Messages.say("link.check-address")
    )
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
  return EmailMessage.requestNotice({
    ...facts,
    url: pageOf(deps, `/requests/${link.id}`),
    subject:
      names.length === 1
        ? Messages.text("notice.expired-title", { account })
        : Messages.text("notice.several-expired-title", { count: names.length }),
    text: paragraphs(Messages.say("notice.unused", { owner, accounts: names }), Messages.say("notice.ask-again"))
  })
})

const withdrawn = (deps: ComposeDeps, link: RequestLink) =>
  link._tag === "Revoked"
    ? Effect.map(requestFacts(deps, link), EmailMessage.requestRevoked)
    : Effect.succeed(undefined)
