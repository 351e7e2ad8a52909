/** Faults of consents: F9 to F12 and F24. */
import { type Access, Failure, type Id, Incident, type Profile } from "@portolan/domain"
import { ProviderScript } from "@portolan/memory"
import { PendingAuthorizations, type ProviderApi, Repository } from "@portolan/ports"
import { Effect, Result } from "effect"
import { type Driven, process } from "./Installation.ts"
import { all, type Fault } from "./Row.ts"
import {
  account,
  adsKey,
  comeBack,
  connected,
  countEvents,
  freshDigits,
  goAndConsent,
  makeDue,
  organization,
  until,
  viewOf,
  working
} from "./walk.ts"

/** What somebody consents to. */
export const consenting = (grantor: string, ...keys: ReadonlyArray<Profile.Key>) => ({
  grantor,
  candidates: keys.map((key) => ProviderScript.candidate(key))
})

/** A person who went to the provider and has not come back yet. */
export const away = Effect.gen(function* () {
  const by = yield* organization()
  const digits = yield* freshDigits
  const opened = yield* account(by, `Harbour ${digits}`)
  const key = adsKey(digits)
  const callback = yield* goAndConsent(by, opened.ads, consenting(`person-${digits}`, key))
  return { by, ...opened, key, digits, callback }
})

/** Chooses a profile. */
export const choose = (by: Access.Caller, id: Id.AuthorizationId, key: Profile.Key) =>
  Effect.flatMap(PendingAuthorizations.PendingAuthorizations, ({ select }) => select(by, id, { key, confirmed: true }))

const f9 = Effect.gen(function* () {
  const plain = yield* process()
  const by = yield* plain(organization())
  const [one, other] = [yield* plain(connected(by)), yield* plain(connected(by))]
  const missing = new Failure.PermissionMissing({ missing: "permission to edit", detail: "403" })
  let [refusals, minutes] = [0, 0]
  const whole = yield* process({
    ahead: () => ({ minutes }),
    provider: (provider): ProviderApi.ProviderApi["Service"] => ({
      ...provider,
      discover: (access) =>
        Effect.suspend(() => {
          if (access.grantor !== one.grantor) return provider.discover(access)
          refusals += 1
          return Effect.fail(missing)
        })
    })
  })
  yield* whole(working)
  yield* whole(makeDue)
  const first = yield* until(
    Effect.sync(() => refusals),
    (count) => count > 0
  )
  const unsure = yield* whole(viewOf(by, one.ads))
  // One refusal blames nobody: a look ten minutes later has to agree.
  minutes = Incident.lookAgainMinutes + 1
  const look = Effect.andThen(Effect.andThen(whole(makeDue), Effect.sleep("2 seconds")), whole(viewOf(by, one.ads)))
  const limited = yield* until(look, ({ connection }) => connection._tag === "Limited")
  const fine = yield* whole(viewOf(by, other.ads))
  return all(
    [first > 0 && unsure.connection._tag === "Connected", "one 403 changes nothing"],
    [limited.connection._tag === "Limited", `the account with the 403 is ${limited.connection._tag}`],
    [fine.connection._tag === "Connected", `the other one is ${fine.connection._tag}`]
  )
})

const f10 = Effect.gen(function* () {
  const whole = yield* process()
  const by = yield* whole(organization())
  const digits = yield* whole(freshDigits)
  const opened = yield* whole(account(by, `Harbour ${digits}`))
  const script = yield* ProviderScript.ProviderScript
  const callback = yield* whole(goAndConsent(by, opened.ads, { grantor: digits, candidates: [] }))
  yield* whole(comeBack(callback))
  const pending = whole(
    Effect.flatMap(PendingAuthorizations.PendingAuthorizations, ({ view }) => view(by, callback.authorizationId))
  )
  const empty = (yield* pending).choices.length
  yield* script.shows(digits, [ProviderScript.candidate(adsKey(digits))])
  yield* whole(makeDue)
  yield* whole(working)
  const later = yield* until(pending, ({ choices }) => choices.length > 0)
  yield* whole(choose(by, callback.authorizationId, adsKey(digits)))
  const { connection } = yield* whole(viewOf(by, opened.ads))
  return all(
    [empty === 0, "the consent waits with nothing to choose"],
    [later.choices.length === 1, "the profile is found by looking again, without a new consent"],
    [connection._tag === "Connected", `the connection is ${connection._tag}`]
  )
})

/** Reauthorizes a connection with a consent that sees these keys. */
const again = Effect.fnUntraced(function* (grantor: string, foreign: boolean) {
  const by = yield* organization()
  const it = yield* connected(by)
  const key = foreign ? adsKey(yield* freshDigits) : it.key
  const callback = yield* goAndConsent(by, it.ads, consenting(grantor, key))
  yield* comeBack(callback)
  return { by, it, result: yield* Effect.result(choose(by, callback.authorizationId, key)) }
})

const f11 = Effect.gen(function* () {
  const whole = yield* process()
  const { by, it, result } = yield* whole(again("a-stranger", true))
  const { connection } = yield* whole(viewOf(by, it.ads))
  const { state } = yield* (yield* Repository.Repository).find("grant", by.organizationId, it.grantId)
  const reason = Result.isFailure(result) && result.failure._tag === "Refused" ? result.failure.reason : "taken"
  return all(
    [reason === "different-identity", `refused as ${reason}`],
    [state._tag === "Active" && connection._tag === "Connected", "the old grant is untouched and in use"]
  )
})

const f12 = Effect.gen(function* () {
  const whole = yield* process()
  const { by, it, result } = yield* whole(again("somebody-else", false))
  const { connection } = yield* whole(viewOf(by, it.ads))
  const grantor =
    connection._tag === "Connected"
      ? (yield* (yield* Repository.Repository).find("grant", by.organizationId, connection.link.grantId)).state.grantor
      : undefined
  return all(
    [Result.isSuccess(result), "the consent of another person of the same seller is accepted"],
    [grantor === "somebody-else", `the grant is of ${grantor ?? "nobody"}`],
    [(yield* whole(countEvents(by, "Renewed", it.ads))) === 1, "it is on record"]
  )
})

const f24 = Effect.gen(function* () {
  const processes = [yield* process(), yield* process()]
  const [first, second] = [yield* processes[0]!(away), yield* processes[1]!(away)]
  const key = first.key
  const callbacks = [
    first.callback,
    yield* processes[1]!(goAndConsent(second.by, second.ads, consenting("rival", key)))
  ]
  const owners = [first, second]
  for (const [index, one] of callbacks.entries()) yield* processes[index]!(comeBack(one))
  const results = yield* Effect.all(
    callbacks.map((one, index) =>
      Effect.result(processes[index]!(choose(owners[index]!.by, one.authorizationId, key)))
    ),
    { concurrency: "unbounded" }
  )
  const won = results.filter(Result.isSuccess).length
  const refusal = results.find(Result.isFailure)
  const words = refusal === undefined ? "" : JSON.stringify(refusal.failure)
  const leaks = owners.some(({ account, by }) => words.includes(by.organizationId) || words.includes(account.id))
  return all(
    [won === 1, `${won} of 2 organizations holds the profile`],
    [refusal !== undefined && !leaks, "the refusal names nobody"]
  )
})

/** The faults of consents. */
export const consentFaults: ReadonlyArray<Fault<Driven>> = [
  {
    id: "F9",
    fault: "403 on one profile, others fine",
    expected: "Only that account is limited, once a later look agrees",
    run: f9
  },
  {
    id: "F10",
    fault: "The profile list is empty, and filled later",
    expected: "Waiting, then found without a new consent",
    run: f10
  },
  {
    id: "F11",
    fault: "Another seller consents on reconnect",
    expected: "Refused; the old grant is untouched",
    run: f11
  },
  {
    id: "F12",
    fault: "Another person of the same seller consents",
    expected: "Accepted; the grantor changes, on record",
    run: f12
  },
  {
    id: "F24",
    fault: "Two organizations claim the same profile",
    expected: "One keeps it; the other gets a neutral refusal",
    run: f24
  }
]
