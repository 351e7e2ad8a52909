/** What can be done to a world from outside, as a schema. */
import { Schema } from "effect"
import type { Action } from "../core/World.ts"
import { policy } from "./policySchema.ts"

/** A name of something in a world. */
export const name = Schema.NonEmptyString.check(Schema.isMaxLength(200))
const address = Schema.NonEmptyString.check(Schema.isMaxLength(2_100))
const seconds = Schema.Finite.check(Schema.isGreaterThanOrEqualTo(0))
const kind = <K extends string>(word: K) => Schema.Literal(word)

/** What a person may do with a profile; `none` takes it away. */
export const access = Schema.Literals(["view", "edit", "none"])
/** What a partner may do at a Walmart advertiser; `none` takes it away. */
export const walmartAccess = Schema.Literals(["read", "write", "none"])

/** Which consents are revoked: those that all the given parts name. */
export const revocation = Schema.Struct({
  person: Schema.optionalKey(name),
  grant: Schema.optionalKey(name),
  application: Schema.optionalKey(name),
  account: Schema.optionalKey(name)
})

/** A Walmart advertiser to be made. */
export const advertiserOrder = Schema.Struct({
  name,
  type: Schema.Literals(["1p", "3p"]),
  market: Schema.optionalKey(Schema.Literals(["US", "CA", "MX"])),
  tenant: Schema.optionalKey(name),
  seller: Schema.optionalKey(name),
  people: Schema.optionalKey(Schema.Record(Schema.String, Schema.Literals(["admin", "member"]))),
  spendLimitReached: Schema.optionalKey(Schema.Boolean),
  campaigns: Schema.optionalKey(Schema.Array(name))
})

const walmart = [
  Schema.Struct({
    kind: kind("walmart-access"),
    advertiser: name,
    access: walmartAccess,
    partner: Schema.optionalKey(name)
  }),
  Schema.Struct({ kind: kind("walmart-advertiser"), advertiser: advertiserOrder }),
  Schema.Struct({ kind: kind("walmart-spend-limit"), advertiser: name, reached: Schema.Boolean }),
  Schema.Struct({
    kind: kind("walmart-partner-type"),
    type: Schema.Literals(["full-service", "reporting-only"]),
    partner: Schema.optionalKey(name)
  }),
  Schema.Struct({
    kind: kind("walmart-key"),
    version: name,
    publicKey: Schema.NullOr(Schema.NonEmptyString),
    partner: Schema.optionalKey(name)
  }),
  Schema.Struct({
    kind: kind("walmart-scope"),
    seller: name,
    scope: name,
    level: Schema.Literals(["full_access", "view_only", "no_access"])
  })
] as const

const amazon = [
  Schema.Struct({ kind: kind("revoke"), ...revocation.fields }),
  Schema.Struct({ kind: kind("permission"), person: name, profile: name, access }),
  Schema.Struct({ kind: kind("delegate"), person: name, account: name, mayAuthorize: Schema.Boolean }),
  Schema.Struct({
    kind: kind("account-status"),
    account: name,
    status: Schema.Literals(["NORMAL", "AT_RISK", "DEACTIVATED"])
  }),
  Schema.Struct({ kind: kind("expire-tokens"), grant: Schema.optionalKey(name) }),
  Schema.Struct({ kind: kind("activate-advertising"), profile: name }),
  Schema.Struct({ kind: kind("rotate-secret"), clientId: name, overlapSeconds: seconds }),
  Schema.Struct({ kind: kind("secret-end"), clientId: name, inSeconds: seconds }),
  Schema.Struct({ kind: kind("return-url"), clientId: Schema.optionalKey(name), url: address }),
  Schema.Struct({
    kind: kind("login-uri"),
    clientId: Schema.optionalKey(name),
    url: address,
    provider: Schema.optionalKey(Schema.Literals(["amazon", "walmart"]))
  }),
  Schema.Struct({ kind: kind("policy"), policy }),
  Schema.Struct({ kind: kind("payment"), profile: name, valid: Schema.Boolean }),
  Schema.Struct({
    kind: kind("participation"),
    account: name,
    marketplace: name,
    isParticipating: Schema.Boolean,
    hasSuspendedListings: Schema.Boolean
  })
] as const

const every = [...amazon, ...walmart] as const

/** Any action. */
export const action: Schema.Codec<Action, unknown> = Schema.Union(every)

/** Milliseconds of provider time that do not run backwards. */
export const milliseconds = Schema.Finite.check(Schema.isGreaterThanOrEqualTo(0))

/** Any action, and in how many milliseconds of provider time it happens; at once unless given. */
export const actionLater = Schema.Union(
  every.map((one) =>
    Schema.Struct({ ...(one.fields as Schema.Struct.Fields), afterMilliseconds: Schema.optionalKey(milliseconds) })
  )
) as unknown as Schema.Codec<Action & { readonly afterMilliseconds?: number }, unknown>
