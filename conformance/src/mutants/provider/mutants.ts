/** Adapters of providers that are wrong on purpose: PROV-01 to 35. */
import { Failure } from "@portolan/domain"
import { ProviderApi } from "@portolan/ports"
import { Effect, Redacted } from "effect"
import type { ProviderInstance, Reply } from "../../laws/provider/ProviderInstance.ts"
import { byLaw, type Mutant } from "../../Mutant.ts"
import type { Degenerate } from "../../Port.ts"
import { type Decisions, errorOf, temporary } from "../../reference/provider/decisions.ts"
import { type Model, modelSubject } from "../../reference/provider/modelSubject.ts"
import { mutantsOf } from "../mutantsOf.ts"
import { readers } from "./readers.ts"

const isError = ({ status }: Reply) => status >= 400

const judges = mutantsOf<ProviderInstance, Decisions, Model>(modelSubject)([
  {
    id: "prov-retry-exchange",
    law: "PROV-04",
    defect: "Sends every request again after 5xx, an exchange too.",
    change: () => ({ tries: () => 2 })
  },
  {
    id: "prov-expiry-in-minutes",
    law: "PROV-06",
    defect: "Reads the lifetime as minutes.",
    change: () => ({ endsAt: (sentAt, seconds) => sentAt + seconds * 60_000 })
  },
  {
    id: "prov-expiry-at-parse",
    law: "PROV-06",
    defect: "Counts the lifetime from when the answer was read.",
    change: () => ({ endsAt: (sentAt, seconds) => sentAt + seconds * 1_000 + 50 })
  },
  {
    id: "prov-expired-at-once",
    law: "PROV-06",
    defect: "Reads the lifetime as milliseconds.",
    change: () => ({ endsAt: (sentAt, seconds) => sentAt + seconds })
  },
  {
    id: "prov-drop-rotated",
    law: "PROV-07",
    defect: "Gives the refresh token that was sent, whatever the answer holds.",
    change: () => ({ kept: (_found, before) => before })
  },
  {
    id: "prov-lose-unrotated",
    law: "PROV-07",
    defect: "Gives an empty refresh token when the answer holds none.",
    change: () => ({ kept: (found) => (typeof found === "string" ? found : "") })
  },
  {
    id: "prov-401-is-revoked",
    law: "PROV-09",
    defect: "Takes every 400 and 401 of the token endpoint for a dead grant.",
    change: ({ failure }) => ({
      failure: (reply, kind, said) =>
        reply.status === 400 || reply.status === 401
          ? new Failure.GrantRefused({ detail: said.detail })
          : failure(reply, kind, said)
    })
  },
  {
    id: "prov-application-is-temporary",
    law: "PROV-09",
    defect: "Takes a refused application for a bad hour.",
    change: ({ failure }) => ({
      failure: (reply, kind, said) => {
        const judged = failure(reply, kind, said)
        return judged?._tag === "ApplicationRejected" ? temporary(said, reply.status) : judged
      }
    })
  },
  {
    id: "prov-throws-on-html",
    law: "PROV-10",
    defect: "Lets the exception of the JSON parser out.",
    change: () => ({ body: (text) => JSON.parse(text) })
  },
  {
    id: "prov-reads-null",
    law: "PROV-10",
    defect: "Looks for fields in a body that is null.",
    change: ({ body }) => ({ body: (text) => (text === "null" ? JSON.parse(text).payload : body(text)) })
  },
  {
    id: "prov-retry-after-ms",
    law: "PROV-11",
    defect: "Reads seconds as milliseconds.",
    change: ({ wait }) => ({
      wait: (header, now) => {
        const seconds = wait(header, now)
        return seconds === undefined ? undefined : Math.ceil(seconds / 1_000)
      }
    })
  },
  {
    id: "prov-retry-after-zero",
    law: "PROV-11",
    defect: "Reads garbage as no wait at all.",
    change: ({ wait }) => ({ wait: (header, now) => wait(header, now) ?? 0 })
  },
  {
    id: "prov-retry-after-numbers-only",
    law: "PROV-11",
    defect: "Does not read dates.",
    change: () => ({ wait: (header) => (header !== undefined && /^\d+$/.test(header) ? Number(header) : undefined) })
  },
  {
    id: "prov-revoked-anyhow",
    law: "PROV-20",
    defect: "Says that a consent was ended whatever the provider answers.",
    change: () => ({ revocation: () => "revoked" })
  },
  {
    id: "prov-revoke-throws",
    law: "PROV-20",
    defect: "Lets an error of the provider out of revoking.",
    change: ({ revocation }) => ({
      revocation: (reply) => {
        if (isError(reply)) throw new Error(`status ${reply.status}`)
        return revocation(reply)
      }
    })
  },
  {
    id: "prov-follow-redirects",
    law: "PROV-22",
    defect: "Leaves redirects to the platform, which follows them.",
    change: () => ({ sent: (request) => ({ ...request, followsRedirects: true }) })
  },
  {
    id: "prov-redirect-is-an-answer",
    law: "PROV-22",
    defect: "Takes a redirect for an answer without content.",
    change: ({ body, failure }) => ({
      body: (text) => (text === "" ? { access_token: "x", expires_in: 60 } : body(text)),
      failure: (reply, kind, said) =>
        reply.status >= 300 && reply.status < 400 ? undefined : failure(reply, kind, said)
    })
  },
  {
    id: "prov-log-request",
    law: "PROV-24",
    defect: "Keeps the provider's words as they came, with what they repeat.",
    change: () => ({ words: ({ body, status }) => `the provider answered ${status}: ${body}` })
  },
  {
    id: "prov-cut-then-strike",
    law: "PROV-24",
    defect: "Strikes out the secret of the application alone.",
    change: ({ words }) => ({ words: (reply, secrets) => words(reply, secrets.slice(-1)) })
  },
  {
    id: "prov-token-in-query",
    law: "PROV-24",
    defect: "Sends the token in the address.",
    change: () => ({
      sent: (request) => ({ ...request, url: `${request.url}?token=${encodeURIComponent(request.content)}` })
    })
  },
  {
    id: "prov-body-before-status",
    law: "PROV-35",
    defect: "Judges by the body, whatever the status.",
    change: ({ body, failure }) => ({
      failure: (reply, kind, said) =>
        errorOf(body(reply.body)) === "invalid_grant" && kind !== "data"
          ? new Failure.GrantRefused({ detail: said.detail })
          : failure(reply, kind, said)
    })
  },
  {
    id: "prov-429-is-refused",
    law: "PROV-35",
    defect: "Takes 429 for a refusal of the application.",
    change: ({ failure }) => ({
      failure: (reply, kind, said) =>
        reply.status === 429 ? new Failure.ApplicationRejected({ detail: said.detail }) : failure(reply, kind, said)
    })
  }
])

/** All mutants of adapters of providers, by the id of their law and their own. */
export const mutants: ReadonlyArray<Mutant<ProviderInstance>> = [...judges, ...readers].toSorted(byLaw)

const none = () => Effect.fail(new ProviderApi.ChannelUnavailable({ channel: "any", detail: "always" }))

const nothing = { _tag: "Incomplete", detail: "always" } as const

/** Adapters that no one could call correct. */
export const degenerates: ReadonlyArray<Degenerate<ProviderInstance>> = [
  {
    subject: modelSubject("failing provider", undefined, () => ({
      authorizeUrl: none,
      readStart: () => ({ _tag: "NotOffered" }),
      readCallback: () => nothing,
      exchange: none,
      refresh: none,
      prove: none,
      discover: none,
      advertisers: none,
      inspect: none,
      load: none,
      revoke: () => Effect.succeed({ outcome: "failed", detail: "always" })
    })),
    passes: {
      "PROV-04/wire": "It sends nothing, so it sends no code twice.",
      "PROV-10/wire": "It fails as the port foresees.",
      "PROV-20/wire": "It says that it did not end the consent, which is so.",
      "PROV-22/wire": "It sends nothing, so nothing goes astray.",
      "PROV-24/wire": "It knows no secret that it could let out.",
      "PROV-33/any": "A callback may be incomplete; that this one is not shows in the part about right ones.",
      "PROV-34/any": "A channel may offer no beginning at the marketplace."
    }
  },
  {
    subject: modelSubject("crashing provider", undefined, (api) => ({
      ...api,
      authorizeUrl: () => Effect.die("always"),
      readStart: () => {
        throw new Error("always")
      },
      readCallback: () => ({ _tag: "Consented", state: Redacted.make("x"), code: Redacted.make("x") }),
      exchange: () => Effect.die("always"),
      refresh: () => Effect.die("always"),
      prove: () => Effect.die("always"),
      discover: () => Effect.die("always"),
      inspect: () => Effect.die("always"),
      load: () => Effect.die("always"),
      revoke: () => Effect.die("always")
    })),
    passes: {}
  }
]
