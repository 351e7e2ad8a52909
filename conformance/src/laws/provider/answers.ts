/** PROV-10, 11, 20 and 35: every answer has a meaning. */
import { Effect } from "effect"
import * as fc from "fast-check"
import { turnOf } from "../../inTurn.ts"
import { core, type Law } from "../../Law.ts"
import { must, mustEqual } from "../../Violation.ts"
import type { ProviderInstance } from "./ProviderInstance.ts"
import { answering, bodies, callNames, channelOf, check, describeEnd, end, reply } from "./support.ts"

const foreseen = new Set([
  "Temporary",
  "AccessTokenRefused",
  "PermissionMissing",
  "GrantRefused",
  "ApplicationRejected",
  "CodeRefused",
  "RequestRefused",
  "ChannelUnavailable"
])

const channel = fc.nat({ max: 5 })

/** Every answer means one thing. */
export const prov10: Law<ProviderInstance> = {
  id: "PROV-10",
  title: "Every answer, of any status and any content, is a value or one of the port's failures",
  rationale:
    "Gateways answer with pages of HTML, providers with half a body. What crashes the adapter is a dead letter " +
    "instead of a wait.",
  checkFirst:
    "Look at what decodes the body: no exception may leave it, and a body that is no object, or too deep, is an " +
    "answer that makes no sense.",
  see: ["CallError", "ProviderApi.refresh", "ProviderApi.load"],
  level: core,
  parts: [
    check({
      name: "wire",
      kind: "property",
      needs: ["wire"],
      effort: 2,
      minimum: 2 * bodies.length,
      input: turnOf(bodies, (body) =>
        fc.record({
          name: fc.constantFrom(...callNames),
          channel,
          answer: fc
            .tuple(reply, fc.boolean())
            .map(([each, isGood]) => ({ ...each, body, ...(isGood ? { status: 200 } : {}) }))
        })
      ),
      check: (instance, { answer, channel: index, name }, testCase) =>
        Effect.gen(function* () {
          yield* answering(instance, answer)
          const ended = yield* end(instance, channelOf(instance, index), name)
          testCase.note(`${name} -> ${describeEnd(ended)}`)
          yield* must(
            ended._tag === "answer" || foreseen.has(ended.failure._tag),
            `an answer made ${name} fail with what the port does not know`,
            { expected: [...foreseen], actual: ended._tag === "failure" ? ended.failure._tag : "" }
          )
        })
    })
  ]
}

/** An answer of a machine in between is nobody's refusal. */
export const prov35: Law<ProviderInstance> = {
  id: "PROV-35",
  title: "No answer 429 or 5xx is final: it is temporary whatever its body says, and ends no consent and no code",
  rationale:
    "Proxies repeat old bodies and providers have bad hours. A consent that ends because of one answer has to be " +
    "given again by a person.",
  checkFirst:
    "Look at the order of judging: the status first, and the error code in the body only where the status says " +
    "that the request itself was refused.",
  see: ["ProviderApi.refresh", "ProviderApi.exchange", "ProviderApi.discover"],
  level: core,
  parts: [
    check({
      name: "wire",
      kind: "property",
      needs: ["wire"],
      input: turnOf(["refresh", "exchange", "discover"] as const, (name) =>
        fc.record({
          name: fc.constant(name),
          channel,
          status: fc.constantFrom(429, 500, 502, 503, 504),
          body: fc.constantFrom(...bodies)
        })
      ),
      check: (instance, { body, channel: index, name, status }) =>
        Effect.gen(function* () {
          yield* answering(instance, { status, headers: { "content-type": "application/json" }, body })
          const ended = yield* end(instance, channelOf(instance, index), name)
          yield* mustEqual(`${name} took an answer ${status} for final`, {
            expected: "Temporary",
            actual: ended._tag === "failure" ? ended.failure._tag : "an answer"
          })
        })
    })
  ]
}

const waits: ReadonlyArray<readonly [header: string, seconds: number | undefined]> = [
  ["1", 1],
  ["120", 120],
  ["3600", 3_600],
  ["Fri, 15 Jan 2027 09:32:00 GMT", 120],
  ["soon", undefined],
  ["-5", undefined],
  ["1e999", undefined],
  ["NaN", undefined]
]

/** How long to wait. */
export const prov11: Law<ProviderInstance> = {
  id: "PROV-11",
  title: "The wait that a provider asks for is honoured, in seconds or as a date, and garbage is no wait of zero",
  rationale: "Who calls again before the time is blocked for longer; and a wait read as zero is a storm of calls.",
  checkFirst:
    "Look at the reader of Retry-After: both forms, rounded up, seconds and not milliseconds; what it cannot read is " +
    "left out, so that the caller's own gaps apply.",
  see: ["ProviderApi.refresh"],
  sources: [
    {
      fact: "Retry-After is a number of seconds or a date.",
      url: "https://www.rfc-editor.org/rfc/rfc9110.html#section-10.2.3"
    }
  ],
  level: core,
  parts: [
    check({
      name: "wire",
      kind: "property",
      needs: ["wire"],
      effort: 0.6,
      minimum: waits.length,
      input: turnOf(waits, (wait) =>
        fc.record({ wait: fc.constant(wait), channel, status: fc.constantFrom(429, 503) })
      ),
      check: (instance, { channel: index, status, wait: [header, seconds] }) =>
        Effect.gen(function* () {
          yield* answering(instance, { status, headers: { "retry-after": header }, body: "" })
          const ended = yield* end(instance, channelOf(instance, index), "refresh")
          const seen =
            ended._tag === "failure" && "retryAfterSeconds" in ended.failure
              ? ended.failure.retryAfterSeconds
              : undefined
          if (seconds === undefined) {
            yield* must(seen === undefined || (typeof seen === "number" && seen > 0), "garbage was read as a wait", {
              expected: "no wait, or the adapter's own",
              actual: seen
            })
            return
          }
          yield* must(
            typeof seen === "number" && seen >= seconds && seen <= seconds + 2,
            `the wait ${header} was understood otherwise`,
            { expected: `${seconds} s`, actual: seen }
          )
        })
    })
  ]
}

/** Ending a consent. */
export const prov20: Law<ProviderInstance> = {
  id: "PROV-20",
  title: "Revoking never fails: whatever the provider answers, there is an outcome and what it says",
  rationale:
    "A customer who disconnects must be rid of us, also while the provider is down; and be told what to do there.",
  checkFirst:
    "Look at what is caught around the call: everything, and made an outcome; only an answer that says so is " +
    "`revoked`.",
  see: ["ProviderApi.revoke"],
  level: core,
  parts: [
    check({
      name: "wire",
      kind: "property",
      needs: ["wire"],
      input: fc.record({ channel, answer: reply }),
      check: (instance, { answer, channel: index }) =>
        Effect.gen(function* () {
          yield* answering(instance, answer)
          const ended = yield* end(instance, channelOf(instance, index), "revoke")
          const outcome =
            ended._tag === "answer" &&
            typeof ended.value === "object" &&
            ended.value !== null &&
            "outcome" in ended.value
              ? ended.value.outcome
              : describeEnd(ended)
          const isError = answer.status >= 400
          const allowed = isError ? ["not-offered", "failed"] : ["revoked", "not-offered", "failed"]
          yield* must(
            allowed.some((each) => each === outcome),
            `an answer ${answer.status} to revoking was taken for something else`,
            { expected: allowed, actual: outcome }
          )
        })
    })
  ]
}
