/**
 * Sends one request and brings back one complete answer, within its time and size. Nothing here repeats a call: whether
 * and when to try again is the scheduler's decision.
 *
 * Redirects are not followed, and what a refusal echoes of the request's secrets is blotted out before anything judges
 * it. The span of a request has the method, the host and the status, and nothing else, because paths and headers hold
 * credentials; no trace context is sent along, because a provider has no use for our trace ids.
 */
import { Failure } from "@portolan/domain"
import { Clock, Data, Effect, Redacted, Stream } from "effect"
import { FetchHttpClient, HttpClient, type HttpClientError, type HttpClientRequest } from "effect/http"
import type { Answer } from "./Answer.ts"

/** A body was larger than it may be. */
export class TooLarge extends Data.TaggedError("TooLarge")<{ readonly limit: number }> {}

/** What requests may take; an adapter's settings hold these beside its own. */
export interface Limits {
  /** Until the answer begins, connecting included. */
  readonly responseSeconds: number
  /** One call with its body. */
  readonly callSeconds: number
  /** One download. */
  readonly downloadSeconds: number
  /** Largest answer to a call. */
  readonly answerBytes: number
  /** Largest file as it is sent. */
  readonly downloadBytes: number
}

/** What one request may take. */
interface Bounds {
  readonly seconds: number
  readonly bytes: number
}

interface Whole {
  readonly status: number
  readonly headers: Answer["headers"]
  readonly bytes: Uint8Array
}

/** Sends requests. */
export interface Wire {
  /** One call of an API. `secrets` are what the request carries. */
  readonly call: (
    request: HttpClientRequest.HttpClientRequest,
    secrets: ReadonlyArray<Redacted.Redacted<string>>
  ) => Effect.Effect<Answer, Failure.Temporary>
  /** Fetches a finished file; the link may be a secret itself. */
  readonly download: (
    request: HttpClientRequest.HttpClientRequest
  ) => Effect.Effect<Whole, Failure.Temporary | TooLarge>
}

const failed = (detail: string) => new Failure.Temporary({ detail, throttled: false })

// The reason's name only: its message would quote the address, and a link to a file may be a key to it.
const unsent = (error: HttpClientError.HttpClientError) => failed(`the connection failed (${error.reason._tag})`)

const collect = (stream: Stream.Stream<Uint8Array, HttpClientError.HttpClientError>, limit: number) =>
  Effect.suspend(() => {
    const chunks: Array<Uint8Array> = []
    let size = 0
    return stream.pipe(
      Stream.runForEach((chunk) => {
        size += chunk.byteLength
        chunks.push(chunk)
        return size > limit ? Effect.fail(new TooLarge({ limit })) : Effect.void
      }),
      Effect.map((): Uint8Array => Buffer.concat(chunks, size))
    )
  })

const isEmptyBody = (error: HttpClientError.HttpClientError | TooLarge): boolean =>
  error._tag === "HttpClientError" && error.reason._tag === "EmptyBodyError"

/**
 * Whether a body has another length than its header says. An encoded body was unpacked on its way, so its length says
 * nothing (https://www.rfc-editor.org/rfc/rfc9110#section-8.6).
 */
const isCut = (method: string, headers: Answer["headers"], length: number): boolean => {
  const [announced, encoding = "identity"] = [headers["content-length"], headers["content-encoding"]]
  if (method === "HEAD" || encoding !== "identity" || announced === undefined) return false
  return /^\d+$/.test(announced) && Number(announced) !== length
}

const strict = new TextDecoder("utf-8", { fatal: true })

/** The span of a request: where it goes and how it was answered. */
const spanOf = ({ method, url }: HttpClientRequest.HttpClientRequest) => {
  const host = URL.canParse(url) ? new URL(url).hostname : "unknown"
  return [
    `${method} ${host}`,
    { kind: "client", attributes: { "http.request.method": method, "server.address": host } },
    { captureStackTrace: false }
  ] as const
}

const decode = (bytes: Uint8Array): string => {
  try {
    return strict.decode(bytes)
  } catch {
    return ""
  }
}

const blotOut = (text: string, secrets: ReadonlyArray<Redacted.Redacted<string>>): string => {
  let clean = text
  for (const secret of secrets) {
    const value = Redacted.value(secret)
    if (value === "") continue
    clean = clean.replaceAll(value, "[secret]").replaceAll(encodeURIComponent(value.toWellFormed()), "[secret]")
  }
  return clean
}

/**
 * Builds the sender over any HTTP client. Both deadlines hold inside uninterruptible work as well, where exchanges and
 * refreshes happen, because a call races its deadline in a fiber of its own.
 */
export const make = (client: HttpClient.HttpClient, limits: Limits): Wire => {
  const send = (request: HttpClientRequest.HttpClientRequest, bounds: Bounds) =>
    client.execute(request).pipe(
      Effect.timeoutOrElse({
        duration: `${limits.responseSeconds} seconds`,
        orElse: () => Effect.fail(failed(`no answer within ${limits.responseSeconds} seconds`))
      }),
      Effect.flatMap((response) =>
        collect(response.stream, bounds.bytes).pipe(
          Effect.catchIf(isEmptyBody, () => Effect.succeed(new Uint8Array())),
          Effect.flatMap((bytes) =>
            isCut(request.method, response.headers, bytes.byteLength)
              ? Effect.fail(failed("the answer is not as long as it was announced"))
              : Effect.succeed<Whole>({ status: response.status, headers: response.headers, bytes })
          )
        )
      ),
      Effect.catchTag("HttpClientError", (error) => Effect.fail(unsent(error))),
      Effect.timeoutOrElse({
        duration: `${bounds.seconds} seconds`,
        orElse: () => Effect.fail(failed(`no complete answer within ${bounds.seconds} seconds`))
      }),
      Effect.provideService(FetchHttpClient.RequestInit, { redirect: "manual" }),
      Effect.provideService(HttpClient.TracerDisabledWhen, () => true),
      Effect.tap(({ status }) => Effect.annotateCurrentSpan("http.response.status_code", status)),
      Effect.withSpan(...spanOf(request))
    )

  return {
    call: Effect.fnUntraced(function* (request, secrets) {
      const whole = yield* send(request, { seconds: limits.callSeconds, bytes: limits.answerBytes }).pipe(
        Effect.catchTag("TooLarge", ({ limit }) => Effect.fail(failed(`the answer is larger than ${limit} bytes`)))
      )
      const text = decode(whole.bytes)
      return {
        status: whole.status,
        headers: whole.headers,
        text: whole.status < 300 ? text : blotOut(text, secrets),
        atMillis: yield* Clock.currentTimeMillis
      }
    }),
    download: (request) => send(request, { seconds: limits.downloadSeconds, bytes: limits.downloadBytes })
  }
}
