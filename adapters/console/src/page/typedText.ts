/**
 * What somebody typed, sealed into the sign-in page when their session has ended: the browser brings it back with the
 * password, and no server keeps anything. It is short-lived, limited in size, and of the person who saw the form.
 */
import { createCipheriv, createDecipheriv, createHash, randomBytes } from "node:crypto"
import { deflateRawSync, inflateRawSync } from "node:zlib"
import { Id } from "@portolan/domain"
import { Clock, Duration, Effect, Option, Redacted, Result, Schema } from "effect"
import type { Context } from "hono"
import { getCookie, setCookie } from "hono/cookie"
import type { PageContext } from "./context.ts"
import type * as Http from "./http.ts"
import type { Me } from "./layout.ts"

/** Where a form is shown: by opening a page, or by sending the form to an address that shows it again. */
export const FormAddress = Schema.Struct({
  path: Schema.String,
  /** Fields that are sent along, where the form is sent to be shown. Absent: the page is opened. */
  sent: Schema.optionalKey(Schema.Record(Schema.String, Schema.String))
})
/** Where a form is shown. */
export type FormAddress = typeof FormAddress.Type

const FormReader = Schema.Struct({ personId: Id.PersonId, organizationId: Id.OrganizationId })

const TypedText = Schema.Struct({
  /** Where the form was sent. */
  action: Schema.String,
  shownAt: FormAddress,
  fields: Schema.Array(Schema.Tuple([Schema.String, Schema.Array(Schema.String)])),
  /** Who saw the form; absent when the browser does not say. */
  who: Schema.optionalKey(FormReader),
  /** When it ends, in milliseconds. */
  until: Schema.Finite
})
/** A form as it was sent. */
export type TypedText = typeof TypedText.Type

/** The field of the sign-in page that has it. */
export const typedTextField = "typed"

/** How long what was typed waits for a sign-in. */
export const typedTextLife = Duration.hours(1)

/** The most that it weighs sealed, in bytes, so that it fits into the form of the sign-in page. */
export const sealedLimitBytes = 48 * 1024

const isSecret = (name: string): boolean => /pass(word|phrase)|secret|token|credential/i.test(name)

/** The fields of a form without those that hold secrets. */
export const withoutSecrets = (form: Http.Form): Http.Form => new Map([...form].filter(([name]) => !isSecret(name)))

const cipher = "aes-256-gcm"
const nonceBytes = 12
const tagBytes = 16

const keyOf = ({ secrets }: PageContext) =>
  Effect.map(secrets.derive("typed-text", "seal"), (secret) =>
    createHash("sha256").update(Redacted.value(secret)).digest()
  )

/** Seals what was typed with AES-256-GCM; nothing when it is too long. */
export const seal = Effect.fnUntraced(function* (context: PageContext, typed: Omit<TypedText, "until">) {
  const key = yield* keyOf(context)
  const until = (yield* Clock.currentTimeMillis) + Duration.toMillis(typedTextLife)
  const plain = deflateRawSync(JSON.stringify({ ...typed, until } satisfies TypedText))
  const nonce = randomBytes(nonceBytes)
  const sealing = createCipheriv(cipher, key, nonce)
  const sealed = Buffer.concat([nonce, sealing.update(plain), sealing.final(), sealing.getAuthTag()])
  const text = sealed.toString("base64url")
  return text.length <= sealedLimitBytes ? Option.some(text) : Option.none()
})

const decode = Schema.decodeUnknownResult(Schema.fromJsonString(TypedText))

const unsealed = (key: Buffer, text: string): string => {
  const sealed = Buffer.from(text, "base64url")
  const opening = createDecipheriv(cipher, key, sealed.subarray(0, nonceBytes))
  opening.setAuthTag(sealed.subarray(-tagBytes))
  const plain = Buffer.concat([opening.update(sealed.subarray(nonceBytes, -tagBytes)), opening.final()])
  return inflateRawSync(plain).toString()
}

/** What was typed; nothing when the text is not ours, was changed, or is over. */
export const open = Effect.fnUntraced(function* (context: PageContext, text: string) {
  if (text.length < nonceBytes + tagBytes || text.length > sealedLimitBytes) return Option.none<TypedText>()
  const key = yield* keyOf(context)
  const plain = Result.try(() => unsealed(key, text))
  const typed = Result.flatMap(plain, (json) => decode(json))
  const now = yield* Clock.currentTimeMillis
  return Result.isSuccess(typed) && typed.success.until > now ? Option.some(typed.success) : Option.none<TypedText>()
})

/** Name of the cookie that says who saw the last page here. It gives no right to anything. */
const whoCookie = "portolan_who"

const whoSeconds = 30 * 86_400

/** Notes in the browser whose page this is. */
export const noteWho = ({
  c,
  context,
  me
}: {
  readonly c: Context
  readonly context: PageContext
  readonly me: Me
}) => {
  if (me.actor._tag !== "Person") return
  const who = `${me.actor.personId}.${me.organizationId}`
  if (getCookie(c, whoCookie) === who) return
  setCookie(c, whoCookie, who, {
    httpOnly: true,
    sameSite: "Lax",
    path: "/",
    maxAge: whoSeconds,
    secure: context.secureCookies
  })
}

/** Whose page this browser showed last. */
export const whoOf = (c: Context): typeof FormReader.Type | undefined => {
  const [personId, organizationId] = (getCookie(c, whoCookie) ?? "").split(".")
  const who = { personId, organizationId }
  return Schema.is(FormReader)(who) ? who : undefined
}
