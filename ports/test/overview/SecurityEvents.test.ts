/** Attempts that were refused are on record with whom they concern, once a minute, and without what was sent. */
import { expect, it } from "@effect/vitest"
import { Audit } from "@portolan/ports"
import { Effect } from "effect"
import { TestClock } from "effect/testing"
import { world } from "../support/world.ts"
import { story } from "./refusals.ts"

it.effect("each attempt that is refused is on record of the organization that it concerns, once a minute", () =>
  Effect.gen(function* () {
    const { ada, again, ours, read } = yield* story
    expect(ours).toHaveLength(3)
    yield* again
    expect(yield* read).toHaveLength(3)
    yield* TestClock.adjust("1 minute")
    yield* again
    const [latest, ...more] = yield* read
    expect([latest?.kind, more.length]).toEqual(["api-key-used-after-revocation", 3])
    const { records } = yield* Audit.Audit
    for (const role of ["member", "viewer"] as const) {
      expect((yield* Effect.flip(records({ ...ada.caller, role }, ["Security"], { limit: 1 })))._tag).toBe("Refused")
    }
  }).pipe(Effect.provide(world))
)
