/**
 * Ends a process at every outside call of consent, choice, refresh and disconnection: before the call, after it, and
 * with the reply lost. What somebody would do next (reload, press again) is then done with a living process, and the
 * end has to be the same as if nothing had happened.
 */
import { AccessTokens, Connections, PendingAuthorizations } from "@portolan/ports"
import { ProviderScript } from "@portolan/memory"
import { Effect, Exit, Fiber, Result } from "effect"
import { lifeWith, type Moment, moments } from "./Crash.ts"
import { type Driven, process } from "./Installation.ts"
import {
  account,
  adsKey,
  comeBack,
  connected,
  countEvents,
  freshDigits,
  goAndConsent,
  organization,
  viewOf
} from "./walk.ts"

/** What came of the run. */
export interface CrashReport {
  /** How often a process was ended, or lost a reply. */
  readonly crashes: number
  readonly byFlow: { readonly [flow: string]: number }
  /** What did not end as it should, in words. */
  readonly broken: ReadonlyArray<string>
}

type Process = Effect.Success<ReturnType<typeof process>>

/** A flow: what is there before, the step that is struck, and what somebody does next; says whether it ended well. */
interface Flow {
  readonly name: string
  readonly begin: (
    whole: Process
  ) => Effect.Effect<
    {
      readonly step: (struck: Process) => Effect.Effect<unknown, unknown>
      readonly next: Effect.Effect<string, unknown>
    },
    unknown
  >
}

const consents = (digits: string) => ({
  grantor: `person-${digits}`,
  candidates: [ProviderScript.candidate(adsKey(digits))]
})

/** Somebody who is about to consent. */
const newcomer = Effect.gen(function* () {
  const by = yield* organization()
  const digits = yield* freshDigits
  return { by, digits, ...(yield* account(by, `Harbour ${digits}`)) }
})

type Somebody = Effect.Success<typeof newcomer>

const choose = ({ by, digits }: Somebody, callback: Effect.Success<ReturnType<typeof goAndConsent>>) =>
  Effect.flatMap(PendingAuthorizations.PendingAuthorizations, ({ select }) =>
    select(by, callback.authorizationId, { key: adsKey(digits), confirmed: true })
  )

/** The one link on record, and a connection that has a token. */
const endsConnected = Effect.fnUntraced(function* ({ ads, by }: Pick<Somebody, "ads" | "by">) {
  const { connection } = yield* viewOf(by, ads)
  const links = yield* countEvents(by, "Linked", ads)
  if (connection._tag !== "Connected") return `the connection is ${connection._tag}`
  if (links !== 1) return `${links} links on record`
  const token = yield* Effect.result(
    Effect.flatMap(AccessTokens.AccessTokens, ({ ofGrant }) => ofGrant(by.organizationId, connection.link.grantId))
  )
  return Result.isSuccess(token) ? "" : `no token: ${token.failure._tag}`
})

const consent: Flow = {
  name: "consent",
  begin: Effect.fnUntraced(function* (whole) {
    const it = yield* whole(newcomer)
    const callback = yield* whole(goAndConsent(it.by, it.ads, consents(it.digits)))
    return {
      step: (struck) => struck(comeBack(callback)),
      // The browser loads the page again; where the consent came to nothing, the person consents once more.
      next: whole(
        Effect.gen(function* () {
          yield* Effect.exit(comeBack(callback))
          const selected = yield* Effect.result(choose(it, callback))
          if (Result.isFailure(selected)) {
            const again = yield* goAndConsent(it.by, it.ads, consents(it.digits))
            yield* comeBack(again)
            yield* choose(it, again)
          }
          return yield* endsConnected(it)
        })
      )
    }
  })
}

const selection: Flow = {
  name: "selection",
  begin: Effect.fnUntraced(function* (whole) {
    const it = yield* whole(newcomer)
    const callback = yield* whole(goAndConsent(it.by, it.ads, consents(it.digits)))
    yield* whole(comeBack(callback))
    return {
      step: (struck) => struck(choose(it, callback)),
      next: whole(Effect.andThen(Effect.exit(choose(it, callback)), endsConnected(it)))
    }
  })
}

const refresh: Flow = {
  name: "refresh",
  begin: Effect.fnUntraced(function* (whole) {
    const by = yield* whole(organization())
    const it = yield* whole(connected(by))
    const read = Effect.flatMap(AccessTokens.AccessTokens, ({ ofGrant }) => ofGrant(by.organizationId, it.grantId))
    return {
      step: (struck) => struck(read),
      next: whole(Effect.andThen(Effect.exit(read), endsConnected({ by, ads: it.ads })))
    }
  })
}

const disconnection: Flow = {
  name: "disconnect",
  begin: Effect.fnUntraced(function* (whole) {
    const by = yield* whole(organization())
    const it = yield* whole(connected(by))
    const end = Effect.flatMap(Connections.Connections, ({ disconnect }) => disconnect(by, it.ads))
    return {
      step: (struck) => struck(end),
      next: whole(
        Effect.gen(function* () {
          yield* Effect.exit(end)
          const { connection } = yield* viewOf(by, it.ads)
          const ends = yield* countEvents(by, "Disconnected", it.ads)
          if (connection._tag !== "Disconnected") return `the connection is ${connection._tag}`
          return ends === 1 ? "" : `${ends} disconnections on record`
        })
      )
    }
  })
}

/** How long a process that may be dead is waited for. */
const patience = "3 seconds"

/** Strikes one call of a flow. Gives what was struck, nothing when the flow has no such call. */
const strike = Effect.fnUntraced(function* (flow: Flow, at: number, moment: Moment) {
  const whole = yield* process()
  const life = lifeWith(at, moment)
  const struck = yield* process({ life })
  const { next, step } = yield* flow.begin(whole)
  const work = yield* Effect.forkDetach(step(struck))
  const alive = Effect.raceFirst(
    Effect.asVoid(Fiber.await(work)),
    Effect.repeat(Effect.sleep("10 millis"), { while: () => !life.dead })
  )
  yield* Effect.timeoutOption(alive, patience)
  if (life.struck === undefined) return undefined
  const ended = yield* Effect.exit(Effect.timeout(next, "40 seconds"))
  const words = Exit.isSuccess(ended) ? ended.value : String(ended.cause).slice(0, 300)
  return { struck: life.struck, words }
})

const flows = [consent, selection, refresh, disconnection]

/** The calls of a flow, every one of them at one moment. */
const strikeAll = Effect.fnUntraced(function* (flow: Flow, moment: Moment) {
  const found: Array<{ readonly struck: string; readonly words: string }> = []
  for (let at = 1; at < 200; at++) {
    const one = yield* Effect.scoped(strike(flow, at, moment))
    if (one === undefined) return found
    found.push(one)
  }
  return found
})

/** Strikes every call of every flow at every moment. */
export const crashPoints: Effect.Effect<CrashReport, unknown, Driven> = Effect.gen(function* () {
  yield* (yield* ProviderScript.ProviderScript).tokens({ accessLife: "4 minutes" })
  const runs = flows.flatMap((flow) => moments.map((moment) => ({ flow, moment })))
  const results = yield* Effect.forEach(
    runs,
    ({ flow, moment }) => Effect.map(strikeAll(flow, moment), (found) => ({ flow: flow.name, moment, found })),
    { concurrency: 6 }
  )
  const count = (name: string) =>
    results.filter(({ flow }) => flow === name).reduce((sum, { found }) => sum + found.length, 0)
  return {
    crashes: results.reduce((sum, { found }) => sum + found.length, 0),
    byFlow: Object.fromEntries(flows.map(({ name }) => [name, count(name)])),
    broken: results.flatMap(({ flow, found, moment }) =>
      found.flatMap(({ struck, words }, index) =>
        words === "" ? [] : [`${flow}, call ${index + 1} (${struck}), ${moment}: ${words}`]
      )
    )
  }
})
