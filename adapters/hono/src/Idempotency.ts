/**
 * Creations that may be sent twice (draft-ietf-httpapi-idempotency-key-header). The key belongs to the organization and
 * to whoever sends it; the fingerprint says what was asked, so that the same key with another request is refused.
 */
import { type Actor, Messages } from "@portolan/domain"
import { Effect, Redacted, type Schema } from "effect"
import { InvalidInput } from "./RequestError.ts"
import type { Services } from "./services.ts"

/** The header. */
export const header = "Idempotency-Key"

/** 1 to 255 visible ASCII characters. */
export const pattern = /^[\x21-\x7e]{1,255}$/

/** What was asked, and by which key. */
export interface IdempotencyKey {
  readonly key: string
  readonly fingerprint: string
}

/** JSON with its keys in order and no space, so that equal documents are equal texts. */
export const canonical = (value: Schema.Json): string => {
  if (Array.isArray(value)) return `[${value.map(canonical).join(",")}]`
  if (typeof value !== "object" || value === null) return JSON.stringify(value)
  const fields = Object.entries(value as Schema.JsonObject).toSorted(([one], [other]) => (one < other ? -1 : 1))
  return `{${fields.map(([name, field]) => `${JSON.stringify(name)}:${canonical(field)}`).join(",")}}`
}

const owner = (actor: Actor.Actor): string => {
  switch (actor._tag) {
    case "Person":
      return `person ${actor.personId}`
    case "ApiKey":
      return `key ${actor.keyId}`
    case "Operator":
      return `operator ${actor.personId}`
    case "Guest":
      return `guest ${actor.invitationId}`
    case "System":
      return `system ${actor.part}`
  }
}

/** Reads the key of a request; nothing when none was sent. */
export const read = Effect.fnUntraced(function* (
  { secrets }: Services,
  request: { readonly method: string; readonly path: string; readonly headers: Headers; readonly body: Schema.Json },
  actor: Actor.Actor
) {
  const sent = request.headers.get(header)
  if (sent === null) return undefined
  if (!pattern.test(sent)) {
    return yield* new InvalidInput({
      errors: [{ parameter: header, detail: Messages.text("api.idempotency-key-form") }]
    })
  }
  const digest = (text: string) => secrets.digest(Redacted.make(text))
  const idempotencyKey: IdempotencyKey = {
    key: yield* digest(`${owner(actor)}\n${sent}`),
    fingerprint: yield* digest(`${request.method} ${request.path}\n${canonical(request.body)}`)
  }
  return idempotencyKey
})
