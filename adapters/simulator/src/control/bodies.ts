/** What the calls of the control API take, as schemas. */
import { Schema } from "effect"
import type { Order as ConsentOrder } from "../core/ConsentWalk.ts"
import type { Order as FaultOrder } from "../core/FaultOrder.ts"
import { access, milliseconds, name, walmartAccess } from "./actionSchema.ts"

const text = Schema.String
const count = Schema.Int.check(Schema.isGreaterThanOrEqualTo(0))
const header = Schema.String.check(Schema.isMaxLength(500))

const effects = Schema.Union([
  Schema.Struct({
    kind: Schema.Literal("status"),
    status: Schema.Int.check(Schema.isBetween({ minimum: 200, maximum: 599 })),
    body: Schema.optionalKey(Schema.Literals(["json", "html", "empty"])),
    json: Schema.optionalKey(Schema.Unknown),
    text: Schema.optionalKey(text),
    headers: Schema.optionalKey(Schema.Record(Schema.String, header)),
    retryAfter: Schema.optionalKey(header)
  }),
  Schema.Struct({
    kind: Schema.Literal("field"),
    path: name,
    change: Schema.Literals(["remove", "null", "retype", "rename", "extra"])
  }),
  Schema.Struct({
    kind: Schema.Literal("redirect"),
    to: Schema.NonEmptyString,
    status: Schema.optionalKey(Schema.Literals([301, 302, 307, 308]))
  }),
  Schema.Struct({ kind: Schema.Literal("hang") }),
  Schema.Struct({ kind: Schema.Literal("drip"), bytesPerSecond: Schema.Finite }),
  Schema.Struct({ kind: Schema.Literal("reset") }),
  Schema.Struct({ kind: Schema.Literal("cut") }),
  Schema.Struct({ kind: Schema.Literal("junk"), body: Schema.Literals(["html", "truncated", "empty", "not-json"]) }),
  Schema.Struct({ kind: Schema.Literal("delay"), milliseconds })
])

const times = Schema.Union([
  Schema.Struct({ kind: Schema.Literal("always") }),
  Schema.Struct({ kind: Schema.Literal("first"), count }),
  Schema.Struct({ kind: Schema.Literal("nth"), n: Schema.Int.check(Schema.isGreaterThanOrEqualTo(1)) }),
  Schema.Struct({ kind: Schema.Literal("probability"), of: Schema.Finite })
])

/** A fault. */
export const fault: Schema.Codec<FaultOrder, unknown> = Schema.Struct({
  id: Schema.optionalKey(text),
  where: Schema.optionalKey(
    Schema.Struct({
      host: Schema.optionalKey(name),
      path: Schema.optionalKey(Schema.String.check(Schema.isPattern(/^\//))),
      method: Schema.optionalKey(Schema.Literals(["GET", "HEAD", "POST", "PUT", "PATCH", "DELETE"]))
    })
  ),
  effect: effects,
  when: Schema.optionalKey(Schema.Literals(["before", "after"])),
  times: Schema.optionalKey(times),
  until: Schema.optionalKey(Schema.Finite)
})

/** Who consents to what at which address. */
export const consent: Schema.Codec<ConsentOrder, unknown> = Schema.Struct({
  as: name,
  url: Schema.NonEmptyString,
  decision: Schema.optionalKey(Schema.Literals(["allow", "cancel"])),
  account: Schema.optionalKey(name),
  cookie: Schema.optionalKey(text)
})

/** Nothing at all. */
export const nothing = Schema.Record(Schema.String, Schema.Never)
/** An amount of provider time. */
export const advance = Schema.Struct({ milliseconds })
/** How many of the next reports fail. */
export const failReports = Schema.Struct({ count })
/** What a person may do with a profile, or with the profiles of an account. */
export const permission = Schema.Struct({ person: name, profile: name, access })
/** A profile. */
export const campaign = Schema.Struct({ profile: name })
/** A return address. */
export const returnUrl = Schema.Struct({ url: name })
/** The log-in address of applications at a provider. */
export const loginUri = Schema.Struct({
  url: name,
  provider: Schema.optionalKey(Schema.Literals(["amazon", "walmart"]))
})
/** What a partner may do at a Walmart advertiser. */
export const partnerAccess = Schema.Struct({
  advertiser: name,
  access: walmartAccess,
  partner: Schema.optionalKey(name)
})
/** Whether an advertiser reached its spend limit. */
export const spendLimit = Schema.Struct({ advertiser: name, reached: Schema.Boolean })
/** A world that was kept; `restore` itself judges whether it is whole. */
export const kept = Schema.Record(Schema.String, Schema.Unknown)
