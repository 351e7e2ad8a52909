import { Channel, Connection, type Id, Messages } from "@portolan/domain"
import { Effect } from "effect"
import { CurrentCatalogue } from "../../driven/CurrentCatalogue.ts"
import { membershipOf } from "../organizations/membershipOf.ts"
import { daysUntil } from "../renewals/endings.ts"
import { answeredRequest, askOwnerOutside } from "../renewals/ownerOutside.ts"
import { words } from "../renewals/words.ts"
import type { ChangeDeps, Deps } from "../shared/deps.ts"
import { memberId } from "../shared/memberId.ts"
import { complete, done, dueNow, type JobContext, type TaskOf } from "./jobContext.ts"

type ReminderDeps = ChangeDeps & Deps<"notifier">

/** Reminds people of a consent that waits for their choice. */
export const remindSelection = Effect.fn("JobHandlers.remindSelection")(function* (
  deps: ReminderDeps,
  job: JobContext,
  { authorizationId }: TaskOf<"RemindSelection">
) {
  const { jobId, organizationId } = job
  const { state } = yield* deps.repository.find("authorization", organizationId, authorizationId)
  if (state._tag !== "AwaitingSelection") return done
  const { state: account } = yield* deps.repository.find("account", organizationId, state.accountId)
  const channel = Channel.label(state.channel, yield* CurrentCatalogue)
  yield* deps.notifier.notify({
    id: jobId,
    organizationId,
    topic: "selection-waiting",
    connectionId: state.connectionId,
    audience: "members",
    subject: Messages.text("authorization.choice-due-title", { account: account.name }),
    text: Messages.text("authorization.choice-due", { channel })
  })
  return yield* complete(deps, job, [])
})

/**
 * Reminds people of a consent that ends by itself soon: owner and admins, the member who is responsible for it, the one
 * who asked for it last, and the owner of the account who gave it, member or not (rule X-R14). A consent that was
 * renewed meanwhile, or is lost, reminds of nothing.
 */
export const remindExpiry = Effect.fn("JobHandlers.remindExpiry")(function* (
  deps: ReminderDeps & Deps<"deployment">,
  job: JobContext,
  { connectionId, expiresAt, grantId }: TaskOf<"RemindExpiry">
) {
  const { jobId, organizationId } = job
  const { state: connection } = yield* deps.repository.find("connection", organizationId, connectionId)
  // People who have to authorize again anyway know it already.
  if (!Connection.isLinked(connection) || connection._tag === "ReauthorizationNeeded") return done
  if (connection.link.grantId !== grantId) return done
  const { state: account } = yield* deps.repository.find("account", organizationId, connection.accountId)
  const days = daysUntil(expiresAt, yield* dueNow(job))
  const channel = Channel.label(connection.channel, yield* CurrentCatalogue)
  yield* deps.notifier.notify({
    id: jobId,
    organizationId,
    topic: "consent-ends",
    connectionId,
    audience: "members",
    subject: words.endsTitle(account.name, days),
    text: words.ends(channel, expiresAt),
    alsoTo: yield* concerned(deps, connection),
    ending: { grantId, expiresAt }
  })
  return yield* askOwnerOutside(deps, job, grantId, expiresAt)
})

/**
 * The member who is responsible for the consent of a connection, the member who asked for it last, and whoever gave it
 * by answering a request.
 */
const concerned = Effect.fnUntraced(function* (deps: ReminderDeps, { id, link, organizationId }: Connection.Linked) {
  const { repository } = deps
  const members: Array<Id.MemberId> = []
  const { state: grant } = yield* repository.find("grant", organizationId, link.grantId)
  if (grant.responsibleMember !== undefined) {
    const member = yield* membershipOf(deps, organizationId, grant.responsibleMember.personId)
    if (member !== undefined) members.push(member.id)
  }
  const { items } = yield* repository
    .invitations(organizationId, { connectionId: id, requests: true }, { limit: 1 })
    .pipe(Effect.catchTag("InvalidCursor", Effect.die))
  const people = [items[0]?.request?.requester, (yield* answeredRequest(deps, grant))?.owner]
  for (const one of people) if (one !== undefined) members.push(yield* memberId(deps, organizationId, one.email))
  return members
})
