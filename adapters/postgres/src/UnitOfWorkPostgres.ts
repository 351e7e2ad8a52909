/**
 * Commits a change by one statement: key, completed job, states, claims, history and jobs. A trigger on the jobs tells
 * workers of those that are due soon.
 *
 * Rows are touched in one order by everybody (kind and id, then profile, then the organization's history, locked last),
 * so two changes never wait for each other. A reply that is lost is safe to repeat: versions, completed work and
 * remembered keys tell the repeated change what happened.
 */
import { UnitOfWork } from "@portolan/ports"
import { Effect, Layer } from "effect"
import { attempt } from "./store/attempts.ts"
import { sendSingle } from "./store/single.ts"
import { Store, transact } from "./Store.ts"
import { findRequest, inTransaction, isRefusal, placeOf, singleStatement } from "./unitOfWork/commit.ts"

const { KeyReused } = UnitOfWork

const isKeyReused = (cause: unknown): cause is UnitOfWork.KeyReused => cause instanceof KeyReused

/** A change that contradicts itself is a mistake of the program, not an answer to a person. */
const assertCoherent = ({ jobs, organizationId, writes }: UnitOfWork.Change): void => {
  if (new Set(writes.map(({ id, kind }) => `${kind}/${id}`)).size < writes.length) {
    throw new Error("a change writes one aggregate twice")
  }
  const alien = writes.find(({ id, next }) => next.id !== id || next.organizationId !== organizationId)
  if (alien !== undefined) throw new Error(`the ${alien.kind} ${alien.id} does not belong where the change puts it`)
  const foreign = jobs.find((job) => job.organizationId !== organizationId)
  if (foreign !== undefined) throw new Error(`the job ${foreign.id} belongs to another organization`)
}

/** Commits a change, by the shortest way that its parts allow; gives the last position. */
const send = (store: Store["Service"], change: UnitOfWork.Change) => {
  const { database } = store
  const doing = "saving a change"
  const single = singleStatement(change)
  return single === undefined
    ? transact(store, { doing, scope: "session", isRefusal }, inTransaction(change))
    : attempt({ kind: database.kind, doing, isRefusal, run: async () => placeOf(await sendSingle(database, single)) })
}

/** Commits to `Store`. */
export const layer: Layer.Layer<UnitOfWork.UnitOfWork, never, Store> = Layer.effect(
  UnitOfWork.UnitOfWork,
  Effect.gen(function* () {
    const store = yield* Store
    const { kind, kysely, replica, signals } = store.database
    return UnitOfWork.UnitOfWork.of({
      commit: Effect.fn("UnitOfWork.commit")(function* (change: UnitOfWork.Change) {
        yield* Effect.sync(() => assertCoherent(change))
        // Also when it failed: what became of it may not be known.
        const noted = Effect.sync(() => replica?.wrote(change.organizationId))
        const position = yield* Effect.ensuring(send(store, change), noted)
        signals.committed(change.organizationId)
        return { versions: new Map(change.writes.map(({ expected, id }) => [id, expected + 1])), position }
      }),

      idempotentResource: Effect.fn("UnitOfWork.idempotentResource")(function* (organizationId, key, fingerprint) {
        return yield* attempt({
          kind,
          doing: "looking up a request",
          isRefusal: isKeyReused,
          run: async () => {
            const before = await findRequest(kysely, organizationId, key)
            if (before !== undefined && before.fingerprint !== fingerprint) throw new KeyReused({ key })
            return before?.resource
          }
        })
      })
    })
  })
)
