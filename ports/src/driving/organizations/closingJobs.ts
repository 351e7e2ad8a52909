/** Jobs of an organization that its owner closed: mails to its members, and its end (rule C14). */
import { Actor, Connection, EmailMessage, type Id, Messages, type Organization } from "@portolan/domain"
import { DateTime, Effect } from "effect"
import { dismissWaiting } from "../connections/dismissWaiting.ts"
import { change, decideAndCommit, decideOn, on } from "../shared/change.ts"
import type { ChangeDeps, Deps } from "../shared/deps.ts"
import { everyPage } from "../shared/everyPage.ts"
import { endUnused } from "../work/endGrant.ts"
import { complete, done, dueNow, during, type JobContext, type TaskOf } from "../work/jobContext.ts"

type MailDeps = ChangeDeps & Deps<"deployment" | "mailer">

/** Mails every member, as long as it is true. One whom mail does not reach keeps nobody waiting. */
export const mailClosing = Effect.fn("JobHandlers.mailClosing")(function* (
  deps: MailDeps,
  job: JobContext,
  task: TaskOf<"MailClosing">
) {
  const { organizationId } = job
  const { state: organization } = yield* deps.repository.find("organization", organizationId, organizationId)
  const members = yield* everyPage((page) => deps.repository.members(organizationId, { states: ["Active"] }, page))
  for (const member of members) {
    if (member._tag !== "Active") continue
    const emailMessage = compose(deps, organization, task, member.name)
    if (emailMessage === undefined) break
    const { email, id, name } = member
    yield* deps.mailer
      .send({ id: `${job.jobId}/${id}`, organizationId, to: { name, email }, emailMessage })
      .pipe(
        Effect.catchTag("MailRefused", ({ reason }) =>
          Effect.logWarning("an email about a closed organization came back", reason)
        )
      )
  }
  return yield* complete(deps, job, [])
})

const compose = (
  { deployment }: MailDeps,
  organization: Organization.Present,
  { about, at, by: actor }: TaskOf<"MailClosing">,
  name: string
): EmailMessage.EmailMessage | undefined => {
  const by = Actor.describe(actor)
  const news = { name, organization: organization.name, by, url: `${deployment.origin}/organizations` }
  if (about === "reopened") {
    return organization._tag === "Open" ? EmailMessage.organizationReopened(news) : undefined
  }
  return organization._tag === "Closing" && DateTime.Equivalence(organization.closing.at, at)
    ? EmailMessage.organizationClosing({ ...news, until: organization.closing.dueAt })
    : undefined
}

type EndDeps = ChangeDeps & Deps<"dataSink" | "provider" | "vault" | "vaultKeys">

/**
 * Ends what a closed organization has: its connections, its consents with their tokens, its API keys, and everything
 * that was loaded. Then its data keys are destroyed, so that no backup opens its tokens, and it is closed for good. A
 * process that dies half-way begins again, and finds what is ended ended.
 */
export const closeOrganization = Effect.fn("JobHandlers.closeOrganization")(function* (
  deps: EndDeps,
  job: JobContext,
  { closingAt }: TaskOf<"CloseOrganization">
) {
  const { organizationId } = job
  const at = yield* dueNow(job)
  const { state } = yield* deps.repository.find("organization", organizationId, organizationId)
  // Reopened, or closed anew with a later date: that one has a job of its own.
  if (state._tag !== "Closing" || !DateTime.Equivalence(state.closing.at, closingAt)) return done
  const states = Connection.everyState
  const connections = yield* everyPage((page) => deps.repository.connections(organizationId, { states }, page))
  let rows = 0
  for (const { id } of connections) {
    yield* disconnect(deps, job, id)
    rows += yield* deps.dataSink.erase(organizationId, id)
  }
  yield* endConsents(deps, job)
  yield* revokeKeys(deps, job)
  // After the consents: ending them at the provider needs their tokens.
  const { stillOpening } = yield* deps.vaultKeys.shred(organizationId)
  if (stillOpening.length > 0)
    yield* Effect.logWarning("backups still open a closed organization: retire these master keys", { stillOpening })
  return yield* complete(deps, job, [on("organization", organizationId, { _tag: "FinishClosing", at, rows })])
})

const disconnect = (deps: EndDeps, job: JobContext, connectionId: Id.ConnectionId) =>
  decideAndCommit(deps, during(job), (context) =>
    Effect.gen(function* () {
      const { actor: by, at, organizationId } = context
      const read = yield* deps.repository.find("connection", organizationId, connectionId)
      const because = Messages.text("authorization.disconnected-before-choice")
      const waiting = yield* dismissWaiting(deps, context, connectionId, because)
      const decided = yield* decideOn(
        "connection",
        read,
        { _tag: "Disconnect", at, by },
        ...waiting.map(({ authorizationId }): Connection.Command => ({ _tag: "DropSelection", authorizationId }))
      )
      return { decided: [decided, ...waiting.flatMap((one) => one.decided)], result: undefined }
    })
  )

/** Consents that no connection uses any more end at once, at the provider too; our partnerships are no consents. */
const endConsents = Effect.fnUntraced(function* (deps: EndDeps, job: JobContext) {
  const active = yield* everyPage((page) => deps.repository.grants(job.organizationId, { states: ["Active"] }, page))
  for (const { id: grantId } of active) yield* endUnused(deps, job, { grantId, end: "disconnected" })
})

const revokeKeys = Effect.fnUntraced(function* (deps: EndDeps, job: JobContext) {
  const keys = yield* everyPage((page) => deps.repository.apiKeys(job.organizationId, page))
  for (const { _tag, id } of keys) {
    if (_tag !== "Active") continue
    yield* change(deps, during(job), [on("apiKey", id, (at) => ({ _tag: "Revoke", at, by: job.actor }))])
  }
})
