/**
 * Watches background work from outside the worker (flow F2: what customers wait for must not pass in silence). A worker
 * gives signs of life; a server looks at them, and mails support once when nobody works and once when work goes on.
 */
import { DateTime, Duration, Effect, Context, Layer, Schema, type Scope } from "effect"
import { EmailMessage, given, Id, Messages, Standstill, Text } from "@portolan/domain"
import type { MailerUnavailable } from "../../driven/Mailer.ts"
import type { StoreUnavailable } from "../../driven/StoreUnavailable.ts"
import type { Backlog, Status, Turn } from "../../driven/Workers.ts"
import { bound, type Deps, deps, type Service } from "../shared/deps.ts"

/** How often a worker gives a sign of life: six statements a minute. */
export const beatEvery = Duration.seconds(10)

/** How long a worker counts as living after a sign of life: two signs may be lost. */
export const beatLife = Duration.seconds(30)

/** How often a server looks at the workers. */
export const lookEvery = Duration.seconds(30)

/** How long a server that mails support may take before another one does. */
const noticeLife = Duration.minutes(2)

type WatchDeps = Deps<"deployment" | "mailer" | "workers">

const isEmail = Schema.is(Text.Email)

/** Gives signs of life until the scope closes, then says that the worker left. A store that is away is tried again. */
export const live = Effect.fn("BackgroundWork.live")(function* (
  { workers }: Deps<"workers">,
  workerId: string
): Effect.fn.Return<void, never, Scope.Scope> {
  const beat = workers
    .beat(workerId, beatLife)
    .pipe(Effect.catchTag("StoreUnavailable", (error) => Effect.logWarning("no sign of life was given", error.message)))
  yield* beat
  yield* Effect.addFinalizer(() => Effect.ignore(workers.leave(workerId)))
  yield* Effect.forkScoped(beat.pipe(Effect.delay(beatEvery), Effect.forever))
})

/** How background work stands. */
export const status = ({ workers }: Deps<"workers">) => workers.status

/** How much work waits, over all organizations. */
export const backlog = ({ workers }: Deps<"workers">) => workers.backlog

const mailOf = ({ deployment }: WatchDeps, turn: Turn, at: DateTime.Utc, { living, oldestDueAt }: Status) =>
  EmailMessage.notice(
    given({
      product: deployment.productName,
      subject: Messages.text(turn === "standstill" ? "work.standstill-subject" : "work.recovery-subject"),
      text: Messages.text(
        turn === "standstill" ? "work.standstill" : "work.recovery",
        given({ at: DateTime.formatIso(at), living, oldestDueAt: oldestDueAt && DateTime.formatIso(oldestDueAt) })
      ),
      name: Messages.text("notice.support"),
      url: `${deployment.origin}/operator`
    })
  )

/** Mails support about a turn, unless another process does or did. Without an address of support the log has it. */
const mailSupport = Effect.fnUntraced(function* (deps: WatchDeps, turn: Turn, at: DateTime.Utc, now: Status) {
  const { deployment, mailer, workers } = deps
  if (!(yield* workers.claimNotice(turn, noticeLife))) return false
  yield* Effect.logError(Messages.text(turn === "standstill" ? "work.standstill-subject" : "work.recovery-subject"))
  const email = deployment.supportEmail?.trim().toLowerCase()
  if (email !== undefined && isEmail(email)) {
    yield* mailer
      .send({
        id: `${turn}-${DateTime.formatIso(at)}`,
        organizationId: Id.installation,
        to: { name: Messages.text("notice.support"), email },
        emailMessage: mailOf(deps, turn, at, now)
      })
      .pipe(Effect.catchTag("MailRefused", ({ reason }) => Effect.logWarning("support refuses mails", { reason })))
  }
  yield* workers.confirmNotice(turn)
  return true
})

/**
 * Looks once: tells support when nobody has worked for longer than `alarmAfter`, and when work goes on again. Says
 * which turn it told.
 */
export const look = Effect.fn("BackgroundWork.look")(function* (
  deps: WatchDeps,
  alarmAfter: Duration.Duration
): Effect.fn.Return<Turn | undefined, StoreUnavailable | MailerUnavailable> {
  const now = yield* deps.workers.status
  const from = Standstill.since(now, alarmAfter)
  if (from !== undefined) return (yield* mailSupport(deps, "standstill", from, now)) ? "standstill" : undefined
  // A worker that was seen a moment ago has not shown yet that it works.
  if (now.living === 0 || Standstill.since(now) !== undefined) return undefined
  return (yield* mailSupport(deps, "recovery", now.lastSeenAt ?? now.at, now)) ? "recovery" : undefined
})

/** Looks again and again until it is interrupted. */
export const watch = (deps: WatchDeps, alarmAfter: Duration.Duration): Effect.Effect<never> =>
  look(deps, alarmAfter).pipe(
    Effect.catch((error) => Effect.logWarning("the workers could not be watched", error.message)),
    Effect.andThen(Effect.sleep(lookEvery)),
    Effect.forever
  )

const verbs = {
  backlog: (deps: Deps<"workers">) => backlog(deps),
  live,
  look,
  status: (deps: Deps<"workers">) => status(deps),
  watch
}

/** Watches background work. */
export interface Contract {
  /** Gives signs of life of a worker until the scope closes. */
  readonly live: (workerId: string) => Effect.Effect<void, never, Scope.Scope>
  /** How background work stands. */
  readonly status: () => Effect.Effect<Status, StoreUnavailable>
  /** How much work waits, over all organizations; it names none. */
  readonly backlog: () => Effect.Effect<Backlog, StoreUnavailable>
  /** Looks once, and tells support of a turn that lasted longer than `alarmAfter`; says which one it told. */
  readonly look: (
    alarmAfter: Duration.Duration
  ) => Effect.Effect<Turn | undefined, StoreUnavailable | MailerUnavailable>
  /** Looks every 30 seconds. */
  readonly watch: (alarmAfter: Duration.Duration) => Effect.Effect<never>
}

/** Watches background work. */
export class BackgroundWork extends Context.Service<BackgroundWork, Service<Contract, typeof verbs>>()(
  "@portolan/ports/driving/BackgroundWork"
) {
  /** Over the signs of life of workers. */
  static readonly layer = Layer.effect(BackgroundWork, bound(deps("deployment", "mailer", "workers"), verbs))
}
