/** What is read beside something else in one statement is what a question for each part gives. */
import { expect, it } from "@effect/vitest"
import type { Id } from "@portolan/domain"
import { ApiKeys, Connections, Organizations, ReadModels, Secrets } from "@portolan/ports"
import { type Context, Effect, Layer, Redacted, Result } from "effect"
import { freshDatabase } from "../../../adapters/postgres/test/support/databases.ts"
import * as Tap from "../../bench/test/tap.ts"
import { driven, process } from "./matrix/Installation.ts"
import { account, adsKey, comeBack, connected, freshDigits, goAndConsent, organization } from "./matrix/walk.ts"
import { ProviderScript } from "@portolan/memory"

const composed = Layer.effectContext(
  Effect.map(
    Layer.build(Layer.fresh(ReadModels.composed)),
    (context) => context as Context.Context<ReadModels.ReadModels>
  )
)

type Models = ReadModels.ReadModels["Service"]

/** What both ways give, each organization read; fails when they differ. */
const both = Effect.fnUntraced(function* <A, E>(ask: (models: Models) => Effect.Effect<A, E>) {
  const one = yield* Effect.result(Effect.flatMap(ReadModels.ReadModels, ask))
  const many = yield* Effect.scoped(Effect.provide(Effect.result(Effect.flatMap(ReadModels.ReadModels, ask)), composed))
  expect(one).toEqual(many)
  return one
})

const keyHolder = Effect.fnUntraced(function* (key: string) {
  const digest = yield* (yield* Secrets.Secrets).digest(Redacted.make(key))
  return yield* both((models) =>
    Effect.gen(function* () {
      const { key: found, organization: kept } = yield* models.keyHolder(digest)
      return { found, organization: yield* Effect.result(kept) }
    })
  )
})

const workplaces = (personId: Id.PersonId) =>
  both((models) =>
    Effect.flatMap(models.workplaces(personId), (all) =>
      Effect.forEach(all, ({ member, organization: kept }) =>
        Effect.map(Effect.result(kept), (organization) => ({ member, organization }))
      )
    )
  )

const surroundings = (organizationId: Id.OrganizationId, id: Id.ConnectionId) =>
  both((models) => models.surroundings(organizationId, id))

it.live("gives the same in one statement as with a question for each part", () =>
  Effect.gen(function* () {
    const { url } = yield* freshDatabase
    const tap = yield* Effect.acquireRelease(
      Effect.promise(() => Tap.open(Redacted.value(url))),
      ({ stop }) => Effect.promise(stop)
    )
    const services = yield* Layer.build(Layer.fresh(driven(Redacted.make(tap.url))))
    yield* Effect.gen(function* () {
      const whole = yield* process()
      yield* whole(
        Effect.gen(function* () {
          const by = yield* organization()
          const other = yield* organization("Other")
          const keys = yield* ApiKeys.ApiKeys
          const made = yield* keys.create(by, { name: "Import", scopes: ["read"] })
          const key = made.secret === undefined ? "" : Redacted.value(made.secret)
          const it = yield* connected(by)
          const waits = yield* account(by, "Pier US")
          const candidates = [ProviderScript.candidate(adsKey(yield* freshDigits))]
          yield* comeBack(yield* goAndConsent(by, waits.ads, { grantor: "person-pier", candidates }))

          expect(yield* keyHolder(key)).toMatchObject({ success: { found: { name: "Import" } } })
          for (const odd of ["no key", "", "\u0000", "' or true --"]) {
            expect(Result.isFailure(yield* keyHolder(odd))).toBe(true)
          }
          const personId = by.actor._tag === "Person" ? by.actor.personId : ("per_" as Id.PersonId)
          expect(yield* workplaces(personId)).toMatchObject({ success: [{ member: { personId } }] })
          expect(yield* workplaces("per_x" as Id.PersonId)).toMatchObject({ success: [] })

          const { organizationId } = by
          expect(yield* surroundings(organizationId, it.ads)).toMatchObject({
            success: { account: { id: it.account.id }, company: { id: it.company.id } }
          })
          expect(yield* surroundings(organizationId, waits.ads)).toMatchObject({
            success: { pending: { _tag: "AwaitingSelection" } }
          })
          for (const nowhere of ["con_1", "\u0000"] as ReadonlyArray<string>) {
            expect(yield* surroundings(organizationId, nowhere as Id.ConnectionId)).toEqual(Result.succeed({}))
          }
          // Nothing of another organization, whatever id is asked for.
          expect(yield* surroundings(other.organizationId, it.ads)).toEqual(Result.succeed({}))

          const { keyHolder: byKey } = yield* ReadModels.ReadModels
          const digest = yield* (yield* Secrets.Secrets).digest(Redacted.make(key))
          const { surroundings: around, workplaces: where } = yield* ReadModels.ReadModels
          const before = tap.statements()
          yield* byKey(digest)
          yield* where(personId)
          yield* around(organizationId, it.ads)
          expect(tap.statements() - before).toBe(3)

          yield* (yield* Connections.Connections).disconnect(by, it.ads)
          yield* surroundings(organizationId, it.ads)
          yield* keys.revoke(by, made.key.id)
          expect(yield* keyHolder(key)).toMatchObject({ success: { found: { _tag: "Revoked" } } })
          yield* (yield* Organizations.Organizations).close(by)
          expect(yield* workplaces(personId)).toMatchObject({
            success: [{ organization: { success: { _tag: "Closing" } } }]
          })
        })
      )
    }).pipe(Effect.provide(services))
  }).pipe(Effect.scoped)
)
