/** What the laws of workers share. */
import { Duration, Effect } from "effect"
import type { Case } from "../../Case.ts"
import { forAll, type Description } from "../../forAll.ts"
import type { WorkersInstance, WorkersService } from "./WorkersInstance.ts"

/** Makes a part of a law of workers. */
export const check = <Input>(description: Description<WorkersInstance, Input>) => forAll(description)

/** A minute in milliseconds. */
export const minute = 60_000

/** So many milliseconds. */
export const millisLong = (millis: number) => Duration.millis(millis)

/** How far from a deadline a call has to be to be sure of its side, where real time goes on. */
export const edge = (testCase: Case) => (testCase.exactTime ? 1 : 5_000)

/** Gives clients that share nothing but the store, if the subject offers them; else the one service. */
export const clientsOf = (instance: WorkersInstance, count: number) =>
  Effect.gen(function* () {
    const opened = yield* instance.probes.clients?.(count) ?? Effect.succeed([])
    return (index: number): WorkersService => opened[index % Math.max(opened.length, 1)] ?? instance.workers
  })
