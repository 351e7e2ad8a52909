/** Whose tokens these are: by the partner profile, and by nothing that a callback says. */
import { describe, expect, it } from "@effect/vitest"
import { Effect } from "effect"
import { access, ask, json, scripted } from "./support.ts"

const of = access("walmart-marketplace", { grantor: "456782346" })
const prove = (answer: () => Response) =>
  Effect.provide(
    ask((port) => port.prove(of)),
    scripted([answer]).layer
  )

describe("a seller's id", () => {
  it.effect("is proven by the partner profile that names it", () =>
    Effect.gen(function* () {
      expect(yield* prove(json(200, { partner: { partnerId: "456782346" } }))).toMatchObject({ _tag: "Proven" })
    })
  )

  it.effect("is contradicted by a partner profile of another seller", () =>
    Effect.gen(function* () {
      expect(yield* prove(json(200, { partner: { partnerId: "100009" } }))).toMatchObject({ _tag: "Contradicted" })
    })
  )

  it.effect("stays a claim where the profile names nobody or the call does not exist", () =>
    Effect.gen(function* () {
      expect(yield* prove(json(200, { partner: null }))).toMatchObject({ _tag: "Unproven", doubt: "not-named" })
      const unknown = json(404, { error: [{ code: "URI_NOT_FOUND.GMP_GATEWAY_API" }] })
      expect(yield* prove(unknown)).toMatchObject({ _tag: "Unproven", doubt: "not-named" })
    })
  )
})
