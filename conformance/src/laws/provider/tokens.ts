/** PROV-04, 06, 07, 08 and 09: codes and tokens. */
import { Effect, Redacted } from "effect"
import * as fc from "fast-check"
import { turnOf } from "../../inTurn.ts"
import { core, type Law } from "../../Law.ts"
import { must, mustEqual } from "../../Violation.ts"
import type { ProviderInstance } from "./ProviderInstance.ts"
import { answering, calls, canaries, channelOf, check, describeEnd, end, reply, requestsOf } from "./support.ts"

/** A code is spent by asking. */
export const prov04: Law<ProviderInstance> = {
  id: "PROV-04",
  title: "A code is sent once, whatever comes of it",
  rationale:
    "A provider that sees a code twice takes it for stolen and may revoke what it gave for it: the consent of a " +
    "customer who did nothing wrong.",
  checkFirst:
    "Look for a retry around the token endpoint that does not tell an exchange from a refresh: time-outs, 429 and " +
    "5xx end an exchange.",
  see: ["ProviderApi.exchange"],
  sources: [
    {
      fact: "A client must not use an authorization code more than once; a server that sees it again should revoke.",
      url: "https://www.rfc-editor.org/rfc/rfc6749.html#section-4.1.2"
    }
  ],
  level: core,
  parts: [
    check({
      name: "wire",
      kind: "property",
      needs: ["wire"],
      input: fc.record({ channel: fc.nat({ max: 5 }), answer: reply }),
      check: (instance, { answer, channel }, testCase) =>
        Effect.gen(function* () {
          yield* answering(instance, answer)
          testCase.note(describeEnd(yield* end(instance, channelOf(instance, channel), "exchange")))
          const sent = (yield* requestsOf(instance)).filter(({ content, url }) =>
            `${url} ${content}`.includes(canaries.code)
          )
          yield* must(sent.length <= 1, "a code was sent more than once", { expected: "once", actual: sent.length })
        })
    })
  ]
}

const lives = fc.constantFrom(60, 900, 3_600, 7_200)

/** Tokens end when the provider says. */
export const prov06: Law<ProviderInstance> = {
  id: "PROV-06",
  title: "An access token ends as many seconds after the request was sent as the answer says, and no later",
  rationale:
    "A token that is used after its end fails in the middle of a load; one thought to end at once is renewed " +
    "with every call.",
  checkFirst:
    "Look at what the lifetime is added to: the moment of the request and not that of reading the body; and at the " +
    "unit, which is seconds.",
  see: ["Tokens"],
  sources: [
    { fact: "`expires_in` is the lifetime in seconds.", url: "https://www.rfc-editor.org/rfc/rfc6749.html#section-5.1" }
  ],
  level: core,
  parts: [
    check({
      name: "wire",
      kind: "property",
      needs: ["wire"],
      effort: 0.5,
      minimum: 10,
      input: fc.record({ channel: fc.nat({ max: 5 }), life: lives, name: fc.constantFrom("exchange", "refresh") }),
      check: (instance, { channel, life, name }, testCase) =>
        Effect.gen(function* () {
          const each = channelOf(instance, channel)
          yield* answering(
            instance,
            each.tokens({ access: "new-access-token", refresh: "new-refresh-token", expiresInSeconds: life })
          )
          const sentAt = testCase.now()
          const tokens = yield* calls[name === "exchange" ? "exchange" : "refresh"](instance, each)
          const end = tokens.accessExpiresAt.epochMilliseconds
          yield* must(
            end <= sentAt + life * 1_000 && end > sentAt + life * 500,
            "an access token ends later than its answer says, or long before",
            { expected: `${life} s after the request`, actual: `${(end - sentAt) / 1_000} s after the request` }
          )
        })
    })
  ]
}

/** The refresh token to keep. */
export const prov07: Law<ProviderInstance> = {
  id: "PROV-07",
  title: "The refresh token to keep is the new one when the provider gives one, else the one that was sent",
  rationale:
    "A provider that rotates refuses the old token from then on: who keeps it has lost the consent at the next " +
    "refresh.",
  checkFirst:
    "Look at what a refresh returns: the field of the answer where it is there, and only otherwise the token of the " +
    "request.",
  see: ["Tokens", "ProviderApi.refresh"],
  sources: [
    {
      fact: "A server may issue a new refresh token, and the client must discard the old one.",
      url: "https://www.rfc-editor.org/rfc/rfc6749.html#section-6"
    }
  ],
  level: core,
  parts: [
    check({
      name: "wire",
      kind: "property",
      needs: ["wire"],
      effort: 0.5,
      minimum: 10,
      input: fc.record({
        channel: fc.nat({ max: 5 }),
        refresh: fc.constantFrom<string | undefined>("rotated-refresh-token", undefined)
      }),
      check: (instance, { channel, refresh }) =>
        Effect.gen(function* () {
          const each = channelOf(instance, channel)
          const given = {
            access: "new-access-token",
            expiresInSeconds: 900,
            ...(refresh === undefined ? {} : { refresh })
          }
          yield* answering(instance, each.tokens(given))
          const tokens = yield* calls.refresh(instance, each)
          yield* mustEqual("a refresh gives other tokens to keep than the answer holds", {
            expected: ["new-access-token", refresh ?? canaries.refresh],
            actual: [Redacted.value(tokens.accessToken), Redacted.value(tokens.refreshToken)]
          })
        })
    })
  ]
}

const oauthError = (error: string) => JSON.stringify({ error, error_description: "as the standard has it" })

const verdicts: ReadonlyArray<readonly [status: number, error: string, tag: string]> = [
  [400, "invalid_grant", "GrantRefused"],
  [400, "invalid_client", "ApplicationRejected"],
  [401, "invalid_client", "ApplicationRejected"],
  [400, "unauthorized_client", "ApplicationRejected"]
]

/** Who is refused. */
export const prov09: Law<ProviderInstance> = {
  id: "PROV-09",
  title: "A refused grant and a refused application are told apart: only the first ends a customer's consent",
  rationale:
    "An application secret that ran out answers every refresh with a refusal. Taken for dead grants, it would " +
    "disconnect every customer in one night.",
  checkFirst:
    "Look at how the error of the token endpoint is judged: by its code, invalid_grant alone for the grant; never by " +
    "the status 400 or 401 as such.",
  see: ["ProviderApi.refresh"],
  sources: [
    {
      fact: "invalid_grant is about the refresh token, invalid_client and unauthorized_client about the client.",
      url: "https://www.rfc-editor.org/rfc/rfc6749.html#section-5.2"
    }
  ],
  level: core,
  parts: [
    check({
      name: "wire",
      kind: "property",
      needs: ["wire"],
      effort: 0.5,
      minimum: verdicts.length * 2,
      input: turnOf(verdicts, (verdict) => fc.record({ verdict: fc.constant(verdict), channel: fc.nat({ max: 5 }) })),
      check: (instance, { channel, verdict: [status, error, expected] }) =>
        Effect.gen(function* () {
          yield* answering(instance, {
            status,
            headers: { "content-type": "application/json" },
            body: oauthError(error)
          })
          const ended = yield* end(instance, channelOf(instance, channel), "refresh")
          yield* mustEqual(`the token endpoint's ${error} was taken for something else`, {
            expected,
            actual: ended._tag === "failure" ? ended.failure._tag : "an answer"
          })
        })
    })
  ]
}
