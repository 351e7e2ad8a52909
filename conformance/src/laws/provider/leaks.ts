/** PROV-22 and 24: what must not leave, and where it must not go. */
import { Effect } from "effect"
import * as fc from "fast-check"
import { turnOf } from "../../inTurn.ts"
import { core, type Law } from "../../Law.ts"
import { must } from "../../Violation.ts"
import type { ProviderInstance } from "./ProviderInstance.ts"
import {
  type CallName,
  answering,
  callNames,
  canaries,
  channelOf,
  check,
  describeEnd,
  end,
  printed,
  requestsOf
} from "./support.ts"

const channel = fc.nat({ max: 5 })

/** Where credentials go. */
export const prov22: Law<ProviderInstance> = {
  id: "PROV-22",
  title: "No request follows a redirect by itself, and none goes to another host because an answer says so",
  rationale: "Whoever can make a provider's host redirect would be handed the client secret and every token.",
  checkFirst:
    "Look at the client's options: redirects are errors, for the token endpoint and for every other call; hosts " +
    "come from the settings.",
  see: ["ProviderApi.exchange", "ProviderApi.discover"],
  level: core,
  parts: [
    check({
      name: "wire",
      kind: "property",
      needs: ["wire"],
      input: turnOf(callNames, (name) =>
        fc.record({ name: fc.constant(name), channel, status: fc.constantFrom(301, 302, 303, 307, 308) })
      ),
      check: (instance, { channel: index, name, status }) =>
        Effect.gen(function* () {
          yield* answering(instance, { status, headers: { location: "https://evil.example/take" }, body: "" })
          const ended = yield* end(instance, channelOf(instance, index), name)
          const requests = yield* requestsOf(instance)
          const astray = requests.find(({ followsRedirects, url }) => followsRedirects || url.includes("evil.example"))
          yield* must(astray === undefined, `${name} follows redirects`, {
            expected: "an answer like any other that makes no sense",
            actual: astray?.url
          })
          const isTaken = ended._tag === "answer" && (name === "exchange" || name === "refresh" || name === "discover")
          yield* must(!isTaken, `${name} took a redirect for an answer`, {
            expected: "a failure",
            actual: describeEnd(ended)
          })
        })
    })
  ]
}

/** What a call sends that is secret. */
const secretsOf = (name: CallName): readonly [string, string] => {
  switch (name) {
    case "exchange":
      return [canaries.code, canaries.verifier]
    case "refresh":
    case "revoke":
      return [canaries.refresh, canaries.refresh]
    default:
      return [canaries.access, canaries.access]
  }
}

/** An answer that repeats a secret of the call. */
const echo = fc.record({
  which: fc.constantFrom<0 | 1>(0, 1),
  form: fc.constantFrom<(secret: string) => string>(
    (secret) => JSON.stringify({ error: "invalid_request", error_description: `bad value ${secret}` }),
    (secret) =>
      JSON.stringify({
        errors: [{ code: "InvalidInput", message: `Authorization: Bearer ${secret}`, details: secret }]
      }),
    (secret) => `<html>${secret}</html>`
  )
})

/** Nothing secret outside. */
export const prov24: Law<ProviderInstance> = {
  id: "PROV-24",
  title: "No failure and no address holds a secret, also when the provider repeats what it was sent",
  rationale:
    "Failures are written to logs, stored with the work and shown to people. A token in one is a customer's " +
    "account in the hands of whoever reads it.",
  checkFirst:
    "Look at what a failure keeps of the provider's words: struck out before it is cut, for every secret of the " +
    "call; and at tokens that travel in a query.",
  see: ["ProviderApi.exchange", "ProviderApi.refresh", "ProviderApi.discover", "ProviderApi.load"],
  level: core,
  parts: [
    check({
      name: "wire",
      kind: "property",
      needs: ["wire"],
      minimum: 28,
      input: turnOf(callNames, (name) =>
        fc.record({
          name: fc.constant(name),
          channel,
          status: fc.constantFrom(400, 401, 403, 404, 429, 500),
          body: echo.map(({ form, which }) => form(secretsOf(name)[which]))
        })
      ),
      check: (instance, { body, channel: index, name, status }) =>
        Effect.gen(function* () {
          yield* answering(instance, { status, headers: { "content-type": "application/json" }, body })
          const ended = yield* end(instance, channelOf(instance, index), name)
          const secrets = [...Object.values(canaries), ...instance.secrets]
          const text = printed(ended)
          const leaked = secrets.find((secret) => text.includes(secret))
          yield* must(leaked === undefined, `a failure of ${name} holds a secret`, {
            expected: "the provider's words without it",
            actual: text.slice(0, 200)
          })
          const urls = (yield* requestsOf(instance)).map(({ url }) => decodeURIComponent(url))
          const shown = urls.find((url) => secrets.some((secret) => url.includes(secret)))
          yield* must(shown === undefined, `a secret travels in an address of ${name}`, {
            expected: "headers or a body",
            actual: shown
          })
        })
    })
  ]
}
