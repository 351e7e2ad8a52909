/** PROV-01, 33 and 34: what a browser is sent to, and what it brings back. */
import { Effect, Redacted } from "effect"
import * as fc from "fast-check"
import { core, type Law } from "../../Law.ts"
import { must, mustEqual } from "../../Violation.ts"
import type { ProviderInstance } from "./ProviderInstance.ts"
import { channelOf, check } from "./support.ts"

const states = fc.oneof(
  fc.stringMatching(/^[A-Za-z0-9_-]{43}$/),
  fc.constantFrom("a b", "a+b", "a&b=c", "ä", "a%20b", "a#b", "a?b", "🧭")
)

/** The address of the consent page. */
export const prov01: Law<ProviderInstance> = {
  id: "PROV-01",
  title: "The consent address is made of the request alone, holds the state once as it is, and no secret of ours",
  rationale:
    "Addresses stand in histories, logs and screenshots. A state that was changed on the way cannot be found again, " +
    "and the person's consent is lost.",
  checkFirst:
    "Look at how parameters get into the address: set one by one on a URL, which encodes them; never put together as " +
    "text, and never the client secret or the code verifier.",
  see: ["ProviderApi.authorizeUrl", "ConsentRequest"],
  sources: [
    {
      fact: "The state comes back in the callback exactly as it was sent.",
      url: "https://www.rfc-editor.org/rfc/rfc6749.html#section-4.1.1"
    }
  ],
  level: core,
  parts: [
    check({
      name: "alone",
      kind: "property",
      input: fc.record({ channel: fc.nat({ max: 5 }), state: states }),
      check: (instance, { channel, state }) =>
        Effect.gen(function* () {
          const { consent } = channelOf(instance, channel)
          const request = { ...consent, state: Redacted.make(state) }
          const url = yield* instance.api.authorizeUrl(request)
          const again = yield* instance.api.authorizeUrl(request)
          yield* mustEqual("two addresses were made of one request", { expected: url.href, actual: again.href })
          yield* mustEqual("the address does not hold the state once, as it is, behind https", {
            expected: ["https:", [state]],
            actual: [url.protocol, url.searchParams.getAll("state")]
          })
          const secret = instance.secrets.find((each) => decodeURIComponent(url.href).includes(each))
          yield* must(secret === undefined, "the address holds a secret of the application", {
            expected: "nothing secret",
            actual: secret
          })
        })
    })
  ]
}

const names = ["code", "spapi_oauth_code", "state", "selling_partner_id", "sellerId", "clientId", "type", "error", "x"]

const values = fc.oneof(
  fc.constantFrom("", "a", "access_denied", "auth", "0", "a".repeat(5_000), "<script>", "\u0000", "ä 🧭"),
  fc.string({ maxLength: 20, unit: "binary" })
)

const anyQuery = fc
  .array(fc.tuple(fc.oneof(fc.constantFrom(...names), fc.string({ maxLength: 8 })), values), { maxLength: 10 })
  .map((pairs): ReadonlyArray<readonly [string, string]> => pairs)

const tags = ["Consented", "Declined", "Refused", "Incomplete"]

const openOf = (value: Redacted.Redacted<string> | undefined) =>
  value === undefined ? undefined : Redacted.value(value)

/** What comes back. */
export const prov33: Law<ProviderInstance> = {
  id: "PROV-33",
  title:
    "Any query of a callback is read as exactly one thing; consent only when each parameter is there once, unspoilt",
  rationale:
    "Whoever holds a browser can write any query. One that crashes the reader is an error page after a consent; one " +
    "that is read as consent beside an error links what nobody agreed to.",
  checkFirst:
    "Look at doubled, empty and endless parameters, and at an error beside a code: the error counts, and what is " +
    "there twice is not there.",
  see: ["ProviderApi.readCallback", "Callback"],
  level: core,
  parts: [
    check({
      name: "any",
      kind: "property",
      input: fc.record({ channel: fc.nat({ max: 5 }), query: anyQuery }),
      check: (instance, { channel, query }) =>
        Effect.gen(function* () {
          const { access } = channelOf(instance, channel)
          const read = Effect.try({
            try: () => instance.api.readCallback(access.channel, new URLSearchParams(query.map(([a, b]) => [a, b]))),
            catch: (thrown) => thrown
          })
          const callback = yield* Effect.result(read)
          const tag = callback._tag === "Success" ? callback.success._tag : "a crash"
          yield* must(tags.includes(tag), "a query was read as nothing that a callback can be", {
            expected: tags,
            actual: tag
          })
          if (callback._tag === "Failure" || callback.success._tag === "Incomplete") return
          const state = openOf(callback.success.state)
          yield* must(
            query.some(([name, value]) => name === "state" && value === state),
            "a callback has a state that its query does not hold",
            { expected: query.filter(([name]) => name === "state"), actual: state }
          )
        })
    }),
    check({
      name: "right",
      kind: "property",
      labels: { spoilt: 0.4 },
      input: [
        fc.record({
          channel: fc.nat({ max: 5 }),
          spoilt: fc.constant<string | undefined>(undefined),
          at: fc.nat({ max: 9 })
        }),
        fc.record({
          channel: fc.nat({ max: 5 }),
          spoilt: fc.constantFrom<string | undefined>("doubled", "left out", "denied", "failed"),
          at: fc.constantFrom(0, 1)
        })
      ],
      check: (instance, { at, channel, spoilt }, testCase) =>
        Effect.gen(function* () {
          const { access, callback } = channelOf(instance, channel)
          const right = Object.entries(callback("a state", "a code"))
          // What a callback cannot do without: its state and its code.
          const needed = right.filter(([, value]) => value === "a state" || value === "a code")
          const [name = "state", value = ""] = needed[at % needed.length] ?? []
          const query = new URLSearchParams(right)
          if (spoilt !== undefined) testCase.label("spoilt")
          if (spoilt === "doubled") query.append(name, `${value} again`)
          if (spoilt === "left out") query.delete(name)
          if (spoilt === "denied") query.append("error", "access_denied")
          if (spoilt === "failed") query.append("error", "server_error")
          const read = instance.api.readCallback(access.channel, query)
          const seen = {
            tag: read._tag,
            state: openOf(read.state),
            ...(read._tag === "Consented" ? { code: Redacted.value(read.code) } : {})
          }
          if (spoilt === undefined) {
            yield* mustEqual("a callback that is right was read otherwise", {
              expected: { tag: "Consented", state: "a state", code: "a code" },
              actual: seen
            })
            return
          }
          const expected = { doubled: "Incomplete", "left out": "Incomplete", denied: "Declined", failed: "Refused" }[
            spoilt
          ]
          yield* mustEqual(`a callback with a parameter that is ${spoilt} was read otherwise`, {
            expected,
            actual: read._tag
          })
        })
    })
  ]
}

/** What a marketplace opens. */
export const prov34: Law<ProviderInstance> = {
  id: "PROV-34",
  title: "Any query of the log-in address is read as a beginning, as unacceptable, or as nothing that is offered",
  rationale:
    "The address is public. A crash in it is an alarm for everybody, and a value repeated on a page is " +
    "somebody's script.",
  checkFirst:
    "Look at what is thrown by a decoder, and at the detail of what is unacceptable: it names the parameter and " +
    "never repeats its value.",
  see: ["ProviderApi.readStart", "MarketplaceStart"],
  level: core,
  parts: [
    check({
      name: "any",
      kind: "property",
      input: fc.record({
        channel: fc.nat({ max: 5 }),
        query: anyQuery,
        callbackUri: fc.constantFrom("", "https://evil.example/", "javascript:alert(1)//canary-value")
      }),
      check: (instance, { callbackUri, channel, query }) =>
        Effect.gen(function* () {
          const { access } = channelOf(instance, channel)
          const pairs = [...query.map(([a, b]) => [a, b]), ["amazon_callback_uri", callbackUri]]
          const read = Effect.try({
            try: () => instance.api.readStart(access.channel, new URLSearchParams(pairs)),
            catch: (thrown) => thrown
          })
          const start = yield* Effect.result(read)
          const tag = start._tag === "Success" ? start.success._tag : "a crash"
          yield* must(["Begun", "Unacceptable", "NotOffered"].includes(tag), "a query was read as nothing it can be", {
            expected: ["Begun", "Unacceptable", "NotOffered"],
            actual: tag
          })
          const detail = start._tag === "Success" && start.success._tag === "Unacceptable" ? start.success.detail : ""
          yield* must(!detail.includes("canary-value"), "what is unacceptable repeats a value", {
            expected: "the name of the parameter",
            actual: detail
          })
        })
    })
  ]
}
