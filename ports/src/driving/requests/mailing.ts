/**
 * The worker's side of requests to connect: the mails to both sides (rules X-R3, X-R5, X-R13). A mail carries the id of the
 * work that asked for it, so work that is handed out twice is one mail. What is no longer true is not said any more: nobody
 * is reminded of what he did, or told to choose what is chosen.
 *
 * A mail that its receiver's server refuses for good parks nothing: it is put on record, and the requester is told.
 */
import { type Aggregate, Evidence, type Job, Invitation, EmailMessage, Text } from "@portolan/domain"
import { DateTime, Effect } from "effect"
import { Repository, type NotFound } from "../../driven/Repository.ts"
import { Mailer, type MailRefused } from "../../driven/Mailer.ts"
import type { StoreUnavailable } from "../../driven/StoreUnavailable.ts"
import { decide, onConflictAgain } from "../shared/change.ts"
import { dueNow, type JobContext, makeRecords } from "../work/job.ts"
import { type Asked, makeRequestEmails } from "./requestLetters.ts"

type Of<T extends Job.Task["_tag"]> = Extract<Job.Task, { readonly _tag: T }>
type Link = Aggregate.Present<"invitation">
/** A link that is a request. */
type RequestLink = Link & Asked

const isRequest = (link: Link): link is RequestLink => link.request !== undefined
const isOver = ({ _tag }: Link) => _tag === "Used" || _tag === "Revoked"

/** Builds the handlers, once per service. */
export const makeMailing = Effect.gen(function* () {
  const store = yield* Repository
  const mailer = yield* Mailer
  const emailMessages = yield* makeRequestEmails
  const { finish } = yield* makeRecords

  const find = (link: Pick<Link, "organizationId">, id: Link["id"]) =>
    Effect.map(store.find("invitation", link.organizationId, id), ({ state }) => state)

  /** The requests whose links go into a request's mail: itself and those it carries. */
  const together = (link: RequestLink) =>
    Effect.map(
      Effect.forEach(link.request.carries ?? [], (id) => find(link, id)),
      (carried) => [link, ...carried.filter(isRequest)]
    )

  const waiting = (link: Link, now: DateTime.Utc) => link._tag === "Open" && DateTime.isGreaterThan(link.expiresAt, now)

  /** Asks for whatever of it still waits for an answer. */
  const ask = Effect.fnUntraced(function* (link: RequestLink, about: "asked" | "reminded") {
    const now = yield* DateTime.now
    const [first, ...others] = (yield* together(link)).filter((one) => waiting(one, now))
    return first === undefined ? undefined : yield* emailMessages.ask([first, ...others], about)
  })

  const authorizationOf = (link: Link) =>
    link._tag === "Used"
      ? Effect.map(store.find("authorization", link.organizationId, link.authorizationId), ({ state }) => state)
      : Effect.succeed(undefined)

  const connected = Effect.fnUntraced(function* (link: RequestLink, to: "owner" | "requester") {
    const authorization = yield* authorizationOf(link)
    if (authorization?._tag !== "Finalised") return undefined
    return EmailMessage.requestConnected({
      ...(yield* emailMessages.facts(link)),
      connectedAt: authorization.finalisedAt,
      ...(to === "requester" ? { url: emailMessages.page(`/connections/${link.connectionId}`) } : {})
    })
  })

  const needsChoice = Effect.fnUntraced(function* (link: RequestLink) {
    const authorization = yield* authorizationOf(link)
    if (authorization?._tag !== "AwaitingSelection") return undefined
    const facts = yield* emailMessages.facts(link)
    const url = emailMessages.page(`/pending/${authorization.id}`)
    if (authorization.candidates.length > 0) return EmailMessage.requestNeedsChoice({ ...facts, url })
    const { nextStep, reason } = Evidence.ofAuthorization(authorization)
    return EmailMessage.requestNotice({
      ...facts,
      url,
      subject: `${facts.account}: no profile is visible yet`,
      text: `${facts.owner} agreed.\n${reason}\n${nextStep}`
    })
  })

  const objected = Effect.fnUntraced(function* (link: RequestLink) {
    if (link._tag !== "Open" || link.objection === undefined) return undefined
    const facts = yield* emailMessages.facts(link)
    const url = emailMessages.page(`/connections/${link.connectionId}/request`)
    return link.objection.because === "not-the-owner"
      ? EmailMessage.requestRefused({ ...facts, url })
      : EmailMessage.requestNotice({
          ...facts,
          url,
          subject: `${facts.owner} did not expect your request for ${facts.account}`,
          text:
            `${facts.owner} opened your request, did not expect it and will not agree. Nothing was connected.\n` +
            "Talk to that person first. The link stays usable until it ends or you withdraw it."
        })
  })

  const bounced = Effect.fnUntraced(function* (link: RequestLink) {
    if (link._tag !== "Open" || link.bounce?.to !== "owner") return undefined
    const facts = yield* emailMessages.facts(link)
    const { account, owner } = facts
    return EmailMessage.requestNotice({
      ...facts,
      url: emailMessages.page(`/requests/${link.id}`),
      subject: `The mail to ${Text.line(owner, 40)} about ${Text.line(account, 40)} came back`,
      text:
        `Your request to connect ${account} did not reach ${owner} at ${link.request.owner.email}: ${link.bounce.reason}\n` +
        "Check the address. Withdraw this request and send another one to the right address, or pass the link on by hand."
    })
  })

  /** Several requests in one mail end on the same day; the one that carried the others tells of them all. */
  const expired = Effect.fnUntraced(function* (link: RequestLink) {
    if (link._tag !== "Expired") return undefined
    const { carriedBy } = link.request
    if (carriedBy !== undefined && !isOver(yield* find(link, carriedBy))) return undefined
    const ended = (yield* together(link)).filter((one) => !isOver(one))
    const facts = yield* emailMessages.facts(link)
    const { account, owner } = facts
    const names =
      ended.length === 1
        ? [account]
        : yield* Effect.forEach(ended, (one) => Effect.map(emailMessages.facts(one), (of) => of.account))
    return EmailMessage.requestNotice({
      ...facts,
      url: emailMessages.page(`/requests/${link.id}`),
      subject:
        names.length === 1
          ? `Your request for ${account} has expired`
          : `Your request for ${names.length} accounts has expired`,
      text:
        `${owner} did not use it in time, and the link works no longer. Nothing was connected by it: ${names.join(", ")}.\n` +
        "Ask the owner whether the mail arrived, and send a new request when it is still wanted."
    })
  })

  const withdrawn = (link: RequestLink) =>
    link._tag === "Revoked"
      ? Effect.map(emailMessages.facts(link), EmailMessage.requestRevoked)
      : Effect.succeed(undefined)

  /** What there is to say; nothing when it is no longer true. */
  const emailFor = (
    link: RequestLink,
    { about, to }: Of<"MailRequest">
  ): Effect.Effect<EmailMessage.EmailMessage | undefined, NotFound | StoreUnavailable> => {
    switch (about) {
      case "asked":
      case "reminded":
        return ask(link, about)
      case "connected":
        return connected(link, to)
      case "needs-choice":
        return needsChoice(link)
      case "objected":
        return objected(link)
      case "bounced":
        return bounced(link)
      case "withdrawn":
        return withdrawn(link)
      case "expired":
        return expired(link)
    }
  }

  /** Puts it on record that a mail came back. */
  const refused = (job: JobContext, invitationId: Link["id"], to: "owner" | "requester", { reason }: MailRefused) =>
    onConflictAgain(
      Effect.gen(function* () {
        const read = yield* store.find("invitation", job.organizationId, invitationId)
        const at = yield* DateTime.now
        return yield* finish(job, at, [
          yield* Effect.fromResult(
            decide("invitation", invitationId, read, {
              _tag: "Bounce",
              to,
              reason: Text.fromProvider(reason) || "the mail server gave no reason",
              at
            })
          )
        ])
      })
    )

  const send = (
    job: JobContext,
    link: RequestLink,
    to: "owner" | "requester",
    emailMessage: EmailMessage.EmailMessage
  ) =>
    Effect.flatMap(emailMessages.told(link), (requester) =>
      mailer.send({
        id: job.jobId,
        organizationId: job.organizationId,
        emailMessage,
        to: to === "owner" ? link.request.owner : requester.to,
        // The owner's questions go to whoever asks, not to us.
        ...(to === "owner" ? { replyTo: requester.to } : {})
      })
    ).pipe(
      Effect.andThen(Effect.flatMap(DateTime.now, (at) => finish(job, at, []))),
      Effect.catchTag("MailRefused", (error) => refused(job, link.id, to, error))
    )

  /** Mails one side of a request. */
  const mailRequest = (job: JobContext, task: Of<"MailRequest">) =>
    Effect.gen(function* () {
      const { state: link } = yield* store.find("invitation", job.organizationId, task.invitationId)
      const emailMessage = isRequest(link) ? yield* emailFor(link, task) : undefined
      return emailMessage === undefined || !isRequest(link)
        ? yield* finish(job, yield* DateTime.now, [])
        : yield* send(job, link, task.to, emailMessage)
    })

  /**
   * Brings a request to mind, once, before it ends; later when it was mailed again meanwhile. Of a request whose own account
   * is done, what it carried may still wait.
   */
  const remindRequest = (job: JobContext, { invitationId }: Of<"RemindRequest">) =>
    onConflictAgain(
      Effect.gen(function* () {
        const at = yield* dueNow(job)
        const read = yield* store.find("invitation", job.organizationId, invitationId)
        const link = read.state
        if (link._tag === "Open" || !isRequest(link)) {
          const remindAt = DateTime.subtract(link.expiresAt, { hours: Invitation.reminderHours })
          if (link._tag === "Open" && DateTime.isLessThan(at, remindAt))
            return { _tag: "RetryAt", at: remindAt } as const
          return yield* finish(job, at, [
            yield* Effect.fromResult(decide("invitation", invitationId, read, { _tag: "Remind", at }))
          ])
        }
        const emailMessage = yield* ask(link, "reminded")
        return emailMessage === undefined ? yield* finish(job, at, []) : yield* send(job, link, "owner", emailMessage)
      })
    )

  return { mailRequest, remindRequest }
})
