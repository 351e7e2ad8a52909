/** The caller and the organization's API keys on the wire. */
import { Access } from "@portolan/domain"
import type { Identity } from "@portolan/ports"
import { Redacted, Schema } from "effect"
import { By, by, Instant, instant, NameInput } from "./Text.ts"

/** Who is calling, and what the role allows. */
export const Me = Schema.Struct({
  name: Schema.String,
  email: Schema.String,
  role: Access.Role,
  by: By,
  organization: Schema.Struct({ id: Schema.String, name: Schema.String }),
  may: Schema.Struct({ read: Schema.Boolean, connect: Schema.Boolean, administer: Schema.Boolean })
}).annotate({ identifier: "Me", description: "Who is calling, and what the role allows." })

/** Writes the caller. */
export const me = (caller: Identity.SignedIn): typeof Me.Type => ({
  name: caller.name, email: caller.email, role: caller.role, by: by(caller.actor),
  organization: { id: caller.organizationId, name: caller.organizationName },
  may: {
    read: Access.may(caller.role, "read"), connect: Access.may(caller.role, "connect"),
    administer: Access.may(caller.role, "administer")
  }
})

/** An API key as it is listed. */
export const Key = Schema.Struct({
  id: Schema.String,
  name: Schema.String,
  start: Schema.String.annotate({ description: "Its first characters, to recognise it by." }),
  createdAt: Instant,
  expiresAt: Schema.optionalKey(Instant)
}).annotate({ identifier: "ApiKey", description: "An API key without its secret." })

/** A key that was just made. */
export const NewKey = Schema.Struct({
  ...Key.fields,
  secret: Schema.optionalKey(Schema.String.annotate({
    description: "Shown this once. Absent when the request repeats an earlier one by its idempotency key."
  }))
}).annotate({ identifier: "NewApiKey", description: "An API key with its secret, which is shown once." })

/** What making a key takes. */
export const KeyInput = Schema.Struct({ name: NameInput })

/** Writes a key. */
export const key = ({ createdAt, expiresAt, id, name, start }: Identity.ApiKey): typeof Key.Type => ({
  id, name, start, createdAt: instant(createdAt), ...(expiresAt === undefined ? {} : { expiresAt: instant(expiresAt) })
})

/** Writes a key that was just made. */
export const newKey = (made: Identity.ApiKey, secret?: Redacted.Redacted<string>): typeof NewKey.Type => ({
  ...key(made), ...(secret === undefined ? {} : { secret: Redacted.value(secret) })
})
