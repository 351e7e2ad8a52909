import { Channel, Connection, Messages } from "@portolan/domain"
import { DateTime, Duration, Effect } from "effect"
import { CurrentCatalogue } from "../../driven/CurrentCatalogue.ts"
import type { ChangeDeps, Deps } from "../shared/deps.ts"
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

/** Reminds people of a consent that ends by itself soon. */
export const remindExpiry = Effect.fn("JobHandlers.remindExpiry")(function* (
  deps: ReminderDeps,
  job: JobContext,
  { connectionId, expiresAt, grantId }: TaskOf<"RemindExpiry">
) {
  const { jobId, organizationId } = job
  const { state: connection } = yield* deps.repository.find("connection", organizationId, connectionId)
  // People who have to authorize again anyway know it already.
  if (!Connection.isLinked(connection) || connection._tag === "ReauthorizationNeeded") return done
  if (connection.link.grantId !== grantId) return done
  const { state: account } = yield* deps.repository.find("account", organizationId, connection.accountId)
  const days = Math.max(0, Math.ceil(Duration.toDays(DateTime.distance(yield* dueNow(job), expiresAt))))
  const channel = Channel.label(connection.channel, yield* CurrentCatalogue)
  yield* deps.notifier.notify({
    id: jobId,
    organizationId,
    topic: "consent-ends",
    connectionId,
    audience: "members",
    subject: Messages.text("grant.ends-title", { account: account.name, days }),
    text: Messages.text("grant.ends", { channel, at: expiresAt })
  })
  return yield* complete(deps, job, [])
})
