/** What the laws of providers share: calls by name, answers of every kind, and secrets that must stay inside. */
import { Day } from "@portolan/domain"
import { Cause, Effect, Exit, Option, Redacted, Schema } from "effect"
import * as fc from "fast-check"
import { forAll, type Description } from "../../forAll.ts"
import { show } from "../../show.ts"
import { broken } from "../../Violation.ts"
import { promised } from "../clients.ts"
import type { ChannelCase, ProviderInstance, Reply } from "./ProviderInstance.ts"

/** Makes a part of a law of providers. */
export const check = <Input>(description: Description<ProviderInstance, Input>) => forAll(description)

/** The secrets of a customer in cases, each easy to find again. */
export const canaries = {
  code: "code-canary-5f2c",
  verifier: "verifier-canary-91ab",
  refresh: "refresh-canary-77de",
  access: "access-canary-03fa"
} as const

/** Picks one of the channels. */
export const channelOf = ({ channels }: ProviderInstance, index: number): ChannelCase =>
  channels[index % channels.length] ?? channels[0]

const day = Schema.decodeSync(Day.Day)

/** Every call that talks to the provider, by name. */
export const calls = {
  exchange: ({ api }: ProviderInstance, { access, consent }: ChannelCase) =>
    api.exchange({
      channel: access.channel,
      region: access.region,
      code: Redacted.make(canaries.code),
      redirectUri: consent.redirectUri,
      codeVerifier: Redacted.make(canaries.verifier),
      ...(access.grantor === undefined ? {} : { grantor: access.grantor })
    }),
  refresh: ({ api }: ProviderInstance, { access }: ChannelCase) =>
    api.refresh({
      channel: access.channel,
      region: access.region,
      refreshToken: Redacted.make(canaries.refresh),
      ...(access.grantor === undefined ? {} : { grantor: access.grantor })
    }),
  prove: ({ api }: ProviderInstance, each: ChannelCase) => api.prove(accessOf(each)),
  discover: ({ api }: ProviderInstance, each: ChannelCase) => api.discover(accessOf(each)),
  inspect: ({ api }: ProviderInstance, each: ChannelCase) =>
    api.inspect(accessOf(each), { marketplaceId: each.access.marketplaceId, profile: each.profile.key }),
  load: ({ api }: ProviderInstance, each: ChannelCase) =>
    api.load(accessOf(each), {
      dataClass: each.dataClass,
      profile: each.profile,
      from: day("2027-01-10"),
      until: day("2027-01-12")
    }),
  revoke: ({ api }: ProviderInstance, { access }: ChannelCase) =>
    api.revoke({
      channel: access.channel,
      region: access.region,
      accountType: access.accountType,
      marketplaceId: access.marketplaceId,
      refreshToken: Redacted.make(canaries.refresh)
    })
} as const

/** The name of a call. */
export type CallName = keyof typeof calls

/** The names of all calls. */
export const callNames = Object.keys(calls).filter((name): name is CallName => name in calls)

const accessOf = ({ access }: ChannelCase) => ({ ...access, accessToken: Redacted.make(canaries.access) })

/** A failure of the port. */
interface Failed {
  readonly _tag: string
  readonly message: string
}

/** How a call ended: with an answer, or with a failure. */
export type Ended =
  | { readonly _tag: "answer"; readonly value: unknown }
  | { readonly _tag: "failure"; readonly failure: Failed }

const answered = (value: unknown): Ended => ({ _tag: "answer", value })

const failed = (failure: Failed): Ended => ({ _tag: "failure", failure })

/** Makes a call; a crash breaks the promise that every answer has a meaning. */
export const end = Effect.fnUntraced(function* (instance: ProviderInstance, each: ChannelCase, name: CallName) {
  const call: Effect.Effect<unknown, Failed> = calls[name](instance, each)
  const exit = yield* Effect.exit(call)
  if (Exit.isSuccess(exit)) return answered(exit.value)
  const failure = Option.getOrUndefined(Cause.findErrorOption(exit.cause))
  if (failure === undefined) {
    return yield* broken(`an answer of the provider made ${name} crash`, {
      expected: "a value or a failure of the port",
      actual: Cause.pretty(exit.cause).split("\n")[0]
    })
  }
  return failed(failure)
})

/** Lets the provider answer like this from now on. */
export const answering = ({ probes }: ProviderInstance, reply: Reply) => promised(probes.wire, "wire").answer(reply)

/** What the provider was sent. */
export const requestsOf = ({ probes }: ProviderInstance) => promised(probes.wire, "wire").requests()

/** Everything that a person could read of how a call ended. */
export const printed = (ended: Ended): string =>
  ended._tag === "answer"
    ? JSON.stringify(ended.value)
    : `${JSON.stringify(ended.failure)} ${show(ended.failure)} ${ended.failure.message}`

const json = { "content-type": "application/json" }

/** Bodies that providers, gateways and mistakes send. */
export const bodies = [
  "",
  "{}",
  "[]",
  "null",
  "true",
  '"text"',
  "<html><body>Bad Gateway</body></html>",
  '{"access_token":"x"',
  '{"error":"invalid_grant","error_description":"The request has an invalid grant parameter"}',
  '{"error":"invalid_client","error_description":"Client authentication failed"}',
  '{"error":"temporarily_unavailable"}',
  '{"errors":[{"code":"Unauthorized","message":"Access to requested resource is denied.","details":"x"}]}',
  '{"code":"429","details":"Too many requests"}',
  '{"payload":[]}',
  '{"access_token":null,"refresh_token":[],"expires_in":"soon"}',
  '{"__proto__":{"x":1},"constructor":1}',
  "\u0000\ufffd",
  "[".repeat(3_000)
] as const

/** Draws answers: every status with every body, whether they fit or not. */
export const reply: fc.Arbitrary<Reply> = fc.record({
  status: fc.constantFrom(200, 200, 201, 202, 400, 401, 403, 404, 409, 410, 422, 429, 500, 502, 503, 504),
  headers: fc.constantFrom<Reply["headers"]>(
    json,
    {},
    { "content-type": "text/html" },
    { ...json, "retry-after": "120" },
    { ...json, "x-amzn-requestid": "r-1" },
    { "content-type": "application/json; charset=utf-16" }
  ),
  body: fc.constantFrom(...bodies)
})

/** Tells an answer in the story of a counterexample. */
export const describeEnd = (ended: Ended): string =>
  ended._tag === "answer" ? show(ended.value) : `${ended.failure._tag}: ${ended.failure.message}`
