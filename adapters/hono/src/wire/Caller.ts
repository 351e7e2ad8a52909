/** The caller and the organization's API keys on the wire. */
import { Access, ApiKey, Id } from "@portolan/domain"
import type { ApiKeys, Callers } from "@portolan/ports"
import { Duration, Redacted, Schema } from "effect"
import * as AccessScope from "./Access.ts"
import { By, by, Instant, instant, NameInput } from "./Text.ts"

/** Who is calling, and what role, scopes and access allow. */
export const Me = Schema.Struct({
  name: Schema.String,
  email: Schema.String.annotate({ description: "Empty for a key." }),
  role: Access.Role,
  access: AccessScope.Answer,
  by: By,
  organization: Schema.Struct({ id: Schema.String, name: Schema.String }),
  may: Schema.Struct({
    read: Schema.Boolean,
    connect: Schema.Boolean,
    administer: Schema.Boolean,
    managePeople: Schema.Boolean,
    own: Schema.Boolean
  }),
  operator: Schema.Boolean.annotate({ description: "Whether this person also runs the installation." })
}).annotate({ identifier: "Me", description: "Who is calling, and what role, scopes and access allow." })

/** Writes the caller. */
export const me = (caller: Callers.NamedCaller): typeof Me.Type => ({
  name: caller.name,
  email: caller.email,
  role: caller.role,
  access: AccessScope.of(caller.accessScope),
  by: by(caller.actor),
  organization: { id: caller.organizationId, name: caller.organizationName },
  may: {
    read: Access.can(caller, "read"),
    connect: Access.can(caller, "connect"),
    administer: Access.can(caller, "administer"),
    managePeople: Access.can(caller, "manage-people"),
    own: Access.can(caller, "own")
  },
  operator: caller.operator
})

/** An API key as it is listed. */
export const Key = Schema.Struct({
  id: Id.ApiKeyId,
  name: Schema.String,
  start: Schema.String.annotate({ description: "Its first characters, to recognise it by." }),
  role: Access.Role,
  scopes: Schema.Array(Access.Action),
  access: AccessScope.Answer,
  createdBy: By,
  createdAt: Instant,
  expiresAt: Instant,
  revokedAt: Schema.optionalKey(Instant)
}).annotate({ identifier: "ApiKey", description: "An API key without its secret." })

/** A key that was just made. */
export const NewKey = Schema.Struct({
  ...Key.fields,
  secret: Schema.optionalKey(
    Schema.String.annotate({
      description: "Shown this once. Absent when the request repeats an earlier one by its idempotency key."
    })
  )
}).annotate({ identifier: "NewApiKey", description: "An API key with its secret, which is shown once." })

const { longest, shortest, standard } = ApiKey.lifetime
const standardScopes = ["read"] as const

/** What making a key takes. */
export const KeyInput = Schema.Struct({
  name: NameInput,
  scopes: Schema.optionalKey(
    Schema.NonEmptyArray(Access.Action)
      .check(Schema.isMaxLength(Access.Action.literals.length))
      .annotate({ description: "What the key may do, out of what you may do; `read` by default." })
  ),
  role: Schema.optionalKey(
    Access.GivenRole.annotate({
      description: "The role that its scopes are checked against; by default your own, at most `admin`."
    })
  ),
  access: Schema.optionalKey(AccessScope.Input),
  lifeHours: Schema.optionalKey(
    Schema.Int.check(
      Schema.isBetween({ minimum: Duration.toHours(shortest), maximum: Duration.toHours(longest) })
    ).annotate({ description: `Hours until it expires; ${Duration.toHours(standard)} by default.` })
  )
})

/** Reads what a key is to be. */
export const keyInput = ({ access, lifeHours, name, role, scopes }: typeof KeyInput.Type): ApiKeys.KeyInput => ({
  name,
  scopes: scopes ?? standardScopes,
  accessScope: AccessScope.accessScope(access),
  ...(role === undefined ? {} : { role }),
  ...(lifeHours === undefined ? {} : { life: Duration.hours(lifeHours) })
})

/** Writes a key. */
export const key = (made: ApiKey.Present): typeof Key.Type => ({
  id: made.id,
  name: made.name,
  start: made.start,
  role: made.role,
  scopes: made.scopes,
  access: AccessScope.of(made.accessScope),
  createdBy: by(made.createdBy),
  createdAt: instant(made.createdAt),
  expiresAt: instant(made.expiresAt),
  ...(made._tag === "Revoked" ? { revokedAt: instant(made.revokedAt) } : {})
})

/** Writes a key that was just made. */
export const newKey = ({ key: made, secret }: ApiKeys.MadeKey): typeof NewKey.Type => ({
  ...key(made),
  ...(secret === undefined ? {} : { secret: Redacted.value(secret) })
})
