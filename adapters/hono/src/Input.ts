/** Reads what a request brings: body, parameters and query. Every fault names its place and what is expected there. */
import { Messages } from "@portolan/domain"
import { Effect, Result, Schema, SchemaIssue } from "effect"
import { BodyTooLarge, BodyTooSlow, ContentTypeNotSupported, InvalidInput, MalformedBody } from "./RequestError.ts"
import type { Fault } from "./wire/Problem.ts"

/** The most bytes a body may have. */
export const bodyLimit = 65_536

/** How long a body may take to arrive, in seconds. */
export const bodySeconds = 15

/** How deep a body may be nested. */
export const depthLimit = 16

/** The most faults one answer lists. */
export const faultLimit = 20

/** Decodes and rejects what is not asked for, so that a misspelt field is not silently ignored. */
export const strict = { errors: "all", onExcessProperty: "error" } as const

const format = SchemaIssue.makeFormatterStandardSchemaV1()

const token = (part: PropertyKey): string =>
  String(part).toWellFormed().slice(0, 100).replaceAll("~", "~0").replaceAll("/", "~1")

const wordsOf = (message: string): string => {
  switch (message) {
    case "Missing key":
      return Messages.text("api.field-required")
    case "Expected no excess property":
      return Messages.text("api.field-unknown")
    default:
      return message
  }
}

/** Decodes; on failure every fault says where it lies. `place` turns a path into the place's name. */
const decode = <A>(
  schema: Schema.ConstraintDecoder<A>,
  input: unknown,
  place: (path: ReadonlyArray<PropertyKey>) => Omit<Fault, "detail">
): Effect.Effect<A, InvalidInput> => {
  const decoded = Schema.decodeUnknownResult(schema)(input, strict)
  if (Result.isSuccess(decoded)) return Effect.succeed(decoded.success)
  const errors = format(decoded.failure.issue)
    .issues.slice(0, faultLimit)
    .map((issue): Fault => ({
      ...place((issue.path ?? []).map((part) => (typeof part === "object" ? part.key : part))),
      detail: wordsOf(issue.message)
    }))
  return Effect.fail(new InvalidInput({ errors }))
}

/** Decodes a body. */
export const body = <A>(schema: Schema.ConstraintDecoder<A>, input: unknown): Effect.Effect<A, InvalidInput> =>
  decode(schema, input, (path) => ({ pointer: path.map((part) => `/${token(part)}`).join("") }))

/** Decodes path or query parameters. */
export const parameters = <A>(schema: Schema.ConstraintDecoder<A>, input: unknown): Effect.Effect<A, InvalidInput> =>
  decode(schema, input, (path) => ({ parameter: token(path[0] ?? "") }))

/** A query as names with one text each, or several where a name was repeated. */
export const query = (search: URLSearchParams): { readonly [name: string]: string | ReadonlyArray<string> } =>
  Object.fromEntries(
    [...new Set(search.keys())].map((name) => {
      const all = search.getAll(name)
      return [name, all.length === 1 ? (all[0] ?? "") : all]
    })
  )

/** Reads a body's bytes, and stops reading when there are too many. */
const bytes = (request: Request): Effect.Effect<Uint8Array<ArrayBuffer>, BodyTooLarge | BodyTooSlow | MalformedBody> =>
  Effect.suspend(() => {
    const { body: stream } = request
    if (Number(request.headers.get("content-length") ?? 0) > bodyLimit)
      return Effect.fail(new BodyTooLarge({ limit: bodyLimit }))
    if (stream === null) return Effect.succeed(new Uint8Array())
    return Effect.tryPromise({
      try: async () => {
        const reader = stream.getReader()
        const chunks: Array<Uint8Array> = []
        let size = 0
        for (let next = await reader.read(); !next.done; next = await reader.read()) {
          size += next.value.byteLength
          if (size > bodyLimit) {
            await reader.cancel().catch(() => undefined)
            return undefined
          }
          chunks.push(next.value)
        }
        const whole = new Uint8Array(size)
        let offset = 0
        for (const chunk of chunks) {
          whole.set(chunk, offset)
          offset += chunk.byteLength
        }
        return whole
      },
      catch: () => new MalformedBody({ detail: Messages.text("api.body-cut") })
    }).pipe(
      Effect.timeoutOrElse({ duration: `${bodySeconds} seconds`, orElse: () => Effect.fail(new BodyTooSlow()) }),
      Effect.flatMap((whole) =>
        whole === undefined ? Effect.fail(new BodyTooLarge({ limit: bodyLimit })) : Effect.succeed(whole)
      )
    )
  })

const utf8 = new TextDecoder("utf-8", { fatal: true })

/** Without recursion: a document of one bracket after the other must not exhaust the stack. */
const isDeep = (value: unknown): boolean => {
  let level: Array<unknown> = [value]
  for (let depth = 0; level.length > 0; depth++) {
    if (depth > depthLimit) return true
    level = level.flatMap((one) => (typeof one === "object" && one !== null ? Object.values(one) : []))
  }
  return false
}

/** Reads a body as JSON. An empty one is `undefined`. */
export const json = Effect.fnUntraced(function* (request: Request) {
  const whole = yield* bytes(request)
  if (whole.byteLength === 0) return undefined
  const contentType = request.headers.get("content-type") ?? ""
  if (!/^application\/json\s*(;|$)/i.test(contentType))
    return yield* new ContentTypeNotSupported({ found: contentType.slice(0, 100) })
  const parsed = yield* Effect.try({
    // What JSON.parse gives is JSON.
    try: () => JSON.parse(utf8.decode(whole)) as Schema.Json,
    catch: () => new MalformedBody({ detail: Messages.text("api.body-not-json") })
  })
  if (isDeep(parsed))
    return yield* new MalformedBody({ detail: Messages.text("api.body-too-deep", { levels: depthLimit }) })
  return parsed
})
