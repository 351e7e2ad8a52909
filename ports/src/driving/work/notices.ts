import { Channel, Connection, Evidence, type Id, type Job, Messages } from "@portolan/domain"
import { DateTime, Effect } from "effect"
import { CurrentCatalogue } from "../../driven/CurrentCatalogue.ts"
import type { ChangeDeps, Deps } from "../shared/deps.ts"
import { isSameLogin } from "../renewals/spread.ts"
import { words } from "../renewals/words.ts"
import { complete, type JobContext, type TaskOf } from "./jobContext.ts"

/** What a topic's notice says and to whom, and when it is still worth sending. */
interface Wording {
  readonly subject: (account: string, channel: string, detail: string) => string
  /** Support hears of it, too: it may have to act, or be asked (rules P-R13, W-R10; flow F2, step 5). */
  readonly forSupport?: true
  /** False when what the notice is about has healed since; then nobody is troubled. */
  readonly isStillTrue?: (connection: Connection.Present) => boolean
}

const wordings: { readonly [T in Job.Topic]: Wording } = {
  connected: { subject: (account, channel) => Messages.text("notice.connected-title", { account, channel }) },
  "reauthorization-needed": {
    subject: (account, channel) => Messages.text("notice.reauthorize-title", { account, channel }),
    isStillTrue: ({ _tag }) => _tag === "ReauthorizationNeeded"
  },
  limited: { subject: (account, channel) => Messages.text("notice.limited-title", { account, channel }) },
  "limit-lifted": {
    subject: (account, channel) => Messages.text("notice.limit-lifted-title", { account, channel }),
    isStillTrue: ({ _tag }) => _tag !== "Limited"
  },
  "deadline-missed": {
    subject: (account, channel, detail) =>
      Messages.text("notice.data-overdue-title", { account, data: detail, channel })
  },
  "backfill-complete": { subject: (account, channel) => Messages.text("notice.loaded-title", { account, channel }) },
  overdue: {
    subject: (account, channel) => Messages.text("notice.not-in-sync-title", { account, channel }),
    forSupport: true
  },
  "caught-up": {
    subject: (account, channel) => Messages.text("notice.in-sync-title", { account, channel }),
    forSupport: true
  },
  "access-overdue": {
    subject: (account, _channel, detail) =>
      Messages.text("notice.advertiser-missing-title", { account, advertiser: detail }),
    forSupport: true,
    isStillTrue: ({ _tag }) => _tag === "AwaitingAccess"
  },
  "fell-back": { subject: (account, channel) => Messages.text("notice.other-login-title", { account, channel }) }
}

/** Notifies the members who can act, and support where it has to know. */
export const notify = Effect.fn("JobHandlers.notify")(function* (
  deps: ChangeDeps & Deps<"notifier">,
  job: JobContext,
  { connectionId, detail, replacedGrantId, topic }: TaskOf<"Notify">
) {
  const { jobId, organizationId } = job
  const { forSupport, isStillTrue, subject } = wordings[topic]
  const { state: connection } = yield* deps.repository.find("connection", organizationId, connectionId)
  if (isStillTrue?.(connection) === false) return yield* complete(deps, job, [])
  const { state: account } = yield* deps.repository.find("account", organizationId, connection.accountId)
  const catalogue = yield* CurrentCatalogue
  if (yield* isSameLoginAgain(deps, connection, replacedGrantId)) {
    const channel = Channel.label(connection.channel, catalogue)
    const written = { subject: words.goesOn(account.name, channel), text: words.goesOnSame }
    yield* deps.notifier.notify({ id: jobId, organizationId, topic, connectionId, audience: "members", ...written })
    return yield* complete(deps, job, [])
  }
  yield* deps.notifier.notify({
    id: jobId,
    organizationId,
    topic,
    connectionId,
    audience: forSupport ? "members-and-support" : "members",
    subject: subject(account.name, Channel.label(connection.channel, catalogue), detail),
    text: Evidence.explain(topic, connection, { detail, now: yield* DateTime.now }, catalogue)
  })
  return yield* complete(deps, job, [])
})

/** Whether a consent took over from one of the same login: then no other login is named. */
const isSameLoginAgain = Effect.fnUntraced(function* (
  { repository }: Deps<"repository">,
  connection: Connection.Present,
  replacedGrantId: Id.GrantId | undefined
) {
  if (replacedGrantId === undefined || !Connection.isLinked(connection)) return false
  const { link, organizationId } = connection
  const read = (id: Id.GrantId) => Effect.map(repository.find("grant", organizationId, id), ({ state }) => state)
  return isSameLogin(yield* read(replacedGrantId), yield* read(link.grantId))
})
