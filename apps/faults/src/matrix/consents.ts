/** Faults of consents: F9 to F17 and F24. */
import { type Access, Failure, type Id, type Profile } from "@portolan/domain"
import { ProviderScript } from "@portolan/memory"
import { AuthLinks, Connecting, PendingAuthorizations, ProviderApi, Repository } from "@portolan/ports"
import { Effect, Redacted, Result } from "effect"
import { type Driven, process } from "./Installation.ts"
import { all, type Fault } from "./Row.ts"
import {
  account,
  adsKey,
  calls,
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

type Callback = Parameters<typeof comeBack>[0]

const sees = (grantor: string, ...keys: ReadonlyArray<Profile.Key>) => ({
  grantor,
  candidates: keys.map((key) => ProviderScript.candidate(key))
})

/** A person who went to the provider and has not come back yet. */
const away = Effect.gen(function* () {
  const by = yield* organization()
  const digits = yield* freshDigits
  const opened = yield* account(by, `Harbour ${digits}`)
  const key = adsKey(digits)
  const callback = yield* goAndConsent(by, opened.ads, sees(`person-${digits}`, key))
  return { by, ...opened, key, digits, callback }
})

const choose = (by: Access.Caller, id: Id.AuthorizationId, key: Profile.Key) =>
  Effect.flatMap(PendingAuthorizations.PendingAuthorizations, ({ select }) => select(by, id, { key, confirmed: true }))

const f9 = Effect.gen(function* () {
  const plain = yield* process()
  const by = yield* plain(organization())
  const [one, other] = [yield* plain(connected(by)), yield* plain(connected(by))]
  const missing = new Failure.PermissionMissing({ missing: "permission to edit", detail: "403" })
  const whole = yield* process({
    provider: (provider): ProviderApi.ProviderApi["Service"] => ({
      ...provider,
      discover: (access) => (access.grantor === one.grantor ? Effect.fail(missing) : provider.discover(access))
    })
  })
  yield* whole(makeDue)
  yield* whole(working)
  const limited = yield* until(whole(viewOf(by, one.ads)), ({ connection }) => connection._tag === "Limited")
  const fine = yield* whole(viewOf(by, other.ads))
  return all(
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
  const callback = yield* goAndConsent(by, it.ads, sees(grantor, key))
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

const f13 = Effect.gen(function* () {
  const whole = yield* process()
  const it = yield* whole(away)
  const links = yield* whole(AuthLinks.AuthLinks)
  const { address } = yield* whole(
    Effect.map(links.create(it.by, it.ads), (made) => ({ address: JSON.stringify(made) }))
  )
  const token = Redacted.make(/\/link\/([A-Za-z0-9_-]+)/.exec(address)?.[1] ?? "")
  for (let scan = 0; scan < 5; scan++) yield* whole(links.look(token))
  const followed = yield* Effect.result(whole(links.follow(token, undefined)))
  return all([Result.isSuccess(followed), "after five looks a click still leads to the provider"])
})

const f14 = Effect.gen(function* () {
  const processes = [yield* process(), yield* process()]
  const it = yield* processes[0]!(away)
  const before = yield* calls("exchange")
  const both = yield* Effect.all(
    processes.map((one) => Effect.result(one(comeBack(it.callback)))),
    { concurrency: "unbounded" }
  )
  const tags = both.map((one) => (Result.isSuccess(one) ? one.success._tag : one.failure._tag))
  const exchanged = (yield* calls("exchange")) - before
  const recorded = yield* processes[0]!(countEvents(it.by, "ConsentRecorded", it.callback.authorizationId))
  return all(
    [exchanged === 1, `${exchanged} exchange of the code`],
    [recorded === 1, `${recorded} consent on record`],
    [tags.filter((tag) => tag === "Handled").length === 1, `answers: ${tags.toSorted().join(", ")}`]
  )
})

const f15 = Effect.gen(function* () {
  const whole = yield* process()
  const [mine, theirs] = [yield* whole(away), yield* whole(away)]
  const receive = (query: URLSearchParams, browser: Callback["browser"] | undefined) =>
    whole(Effect.flatMap(Connecting.Connecting, (connecting) => connecting.receive("amazon-ads", query, browser)))
  const state = mine.callback.query.get("state") ?? ""
  const code = mine.callback.query.get("code") ?? ""
  const before = yield* calls("exchange")
  const answers = [
    (yield* receive(new URLSearchParams({ code }), mine.callback.browser))._tag,
    (yield* receive(
      new URLSearchParams({ code, state: `${state.slice(0, -1)}${state.endsWith("A") ? "B" : "A"}` }),
      mine.callback.browser
    ))._tag,
    (yield* receive(mine.callback.query, theirs.callback.browser))._tag,
    (yield* receive(mine.callback.query, undefined))._tag
  ]
  const spent = (yield* calls("exchange")) - before
  const handled = yield* whole(comeBack(mine.callback))
  const replayed = yield* whole(comeBack(mine.callback))
  return all(
    [spent === 0, "missing, altered and foreign states spend no code"],
    [answers.join() === "Unknown,Unknown,BrowserMismatch,BrowserMismatch", `answers: ${answers.join(", ")}`],
    [
      handled._tag === "Handled" && replayed._tag === "Repeated",
      "the true callback works once; replayed it only repeats its answer"
    ]
  )
})

const f16 = Effect.gen(function* () {
  const plain = yield* process()
  const it = yield* plain(away)
  const late = yield* process({ ahead: "3 hours" })
  const before = yield* calls("exchange")
  const answer = yield* late(comeBack(it.callback))
  const spent = (yield* calls("exchange")) - before
  const state = "authorization" in answer ? answer.authorization._tag : answer._tag
  const fresh = yield* plain(goAndConsent(it.by, it.ads, sees("again", it.key)))
  const next = yield* plain(comeBack(fresh))
  return all(
    [spent === 0 && state === "Expired", `3 hours later the authorization is ${state}, and no code is spent`],
    [next._tag === "Handled", "a new one works"]
  )
})

const f17 = Effect.gen(function* () {
  const whole = yield* process()
  const it = yield* whole(away)
  yield* whole(comeBack(it.callback))
  const repeated = yield* whole(comeBack(it.callback))
  const fresh = yield* whole(goAndConsent(it.by, it.ads, sees("again", it.key)))
  const query = new URLSearchParams({
    code: it.callback.query.get("code") ?? "",
    state: fresh.query.get("state") ?? ""
  })
  const used = yield* whole(comeBack({ ...fresh, query }))
  const reason = used._tag === "Handled" && used.authorization._tag === "Failed" ? used.authorization.reason : used._tag
  yield* whole(choose(it.by, it.callback.authorizationId, it.key)).pipe(Effect.ignore)
  const first = yield* whole(
    Effect.flatMap(PendingAuthorizations.PendingAuthorizations, ({ view }) => view(it.by, it.callback.authorizationId))
  )
  return all(
    [repeated._tag === "Repeated", "the same callback again gets the first answer"],
    [reason === "code-refused", `the code under another state: ${reason}`],
    [first.authorization._tag !== "Failed", `the first consent stays (${first.authorization._tag})`]
  )
})

const f24 = Effect.gen(function* () {
  const processes = [yield* process(), yield* process()]
  const [first, second] = [yield* processes[0]!(away), yield* processes[1]!(away)]
  const key = first.key
  const callbacks = [first.callback, yield* processes[1]!(goAndConsent(second.by, second.ads, sees("rival", key)))]
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
  { id: "F9", fault: "403 on one profile, others fine", expected: "Only that account is limited", run: f9 },
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
  { id: "F13", fault: "A mail scanner opens a link", expected: "Opening consumes nothing", run: f13 },
  {
    id: "F14",
    fault: "A callback arrives twice at the same instant",
    expected: "One is handled, the other repeats its answer",
    run: f14
  },
  {
    id: "F15",
    fault: "The state is missing, altered, replayed, or another browser's",
    expected: "Refused; no code is spent",
    run: f15
  },
  {
    id: "F16",
    fault: "The callback comes after the session ended",
    expected: "A safe answer, and a new session works",
    run: f16
  },
  {
    id: "F17",
    fault: "A code is used twice",
    expected: "The second is refused; the consent from the first stays",
    run: f17
  },
  {
    id: "F24",
    fault: "Two organizations claim the same profile",
    expected: "One keeps it; the other gets a neutral refusal",
    run: f24
  }
]
