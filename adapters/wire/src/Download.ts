/**
 * Fetches a finished file from the link that a provider gave: complete, unpacked, and from nowhere but the hosts that
 * it may come from. What refuses the link says nothing about the customer: links die after minutes, and looking at the
 * report again gives another one.
 */
import { Failure } from "@portolan/domain"
import { Clock, Effect, Option } from "effect"
import { HttpClientRequest } from "effect/http"
import * as Answer from "./Answer.ts"
import { unpack } from "./Unpack.ts"
import type { Wire } from "./Wire.ts"

/** A file, unpacked. */
export interface File {
  readonly bytes: Uint8Array
  /** From the content type, when it says. */
  readonly charset?: string
}

/** How files are fetched. */
export interface Source<E> {
  readonly wire: Wire
  /** Whether an address may be fetched at all, each redirect included. */
  readonly mayFetch: (address: string) => boolean
  /** Headers of each request; none when left out. */
  readonly headers?: Effect.Effect<{ readonly [name: string]: string }, E>
  /** Largest file after unpacking, in bytes. */
  readonly reportBytes: number
  /** What an answer with 429 means, where the wait is not in `Retry-After`. */
  readonly limited?: (answer: Answer.Answer) => Failure.Temporary
}

const failed = (detail: string) => new Failure.Temporary({ detail, throttled: false })

const tooLarge = (bytes: number) =>
  new Failure.RequestRefused({ detail: `the file is larger than ${bytes} bytes`, beyondRetention: false })

/** How many addresses a link may lead through. */
const longestChain = 4

const isRedirect = (status: number) => [301, 302, 303, 307, 308].includes(status)

const next = (link: string, location: string | undefined): string | undefined =>
  location !== undefined && URL.canParse(location, link) ? new URL(location, link).href : undefined

const isPage = (bytes: Uint8Array, contentType: string): boolean =>
  /\bhtml\b/i.test(contentType) ||
  /^\s*<(?:!doctype html|html|\?xml|error)\b/i.test(Buffer.from(bytes.subarray(0, 200)).toString("latin1"))

/** What an answer other than the file means. */
const judge = Effect.fnUntraced(function* <E>(
  { limited }: Source<E>,
  whole: { readonly status: number; readonly headers: Answer.Answer["headers"]; readonly bytes: Uint8Array }
) {
  const text = Buffer.from(whole.bytes.subarray(0, 4000)).toString("utf8")
  const answer = { status: whole.status, headers: whole.headers, text, atMillis: yield* Clock.currentTimeMillis }
  if (whole.status === 429 && limited !== undefined) return limited(answer)
  const general = Answer.judgeStatus(answer, "the link to the file")
  return Option.getOrElse(general, () =>
    Answer.temporary(answer, `the link to the file answered with status ${whole.status}`)
  )
})

/** Fetches and unpacks. The link is sent as it was given, character for character, because it may carry a signature. */
export const download = <E = never>(source: Source<E>) =>
  Effect.fnUntraced(function* (link: string) {
    let address = link
    for (let hop = 0; hop < longestChain; hop++) {
      if (!source.mayFetch(address)) return yield* failed("the link to the file leads to a host that is not allowed")
      const headers = source.headers === undefined ? {} : yield* source.headers
      const whole = yield* source.wire
        .download(HttpClientRequest.setHeaders(HttpClientRequest.get(address), headers))
        .pipe(Effect.catchTag("TooLarge", ({ limit }) => Effect.fail(tooLarge(limit))))
      const onward = isRedirect(whole.status) ? next(address, whole.headers["location"]) : undefined
      if (onward !== undefined) {
        address = onward
        continue
      }
      if (whole.status !== 200) return yield* Effect.flatMap(judge(source, whole), Effect.fail)
      const contentType = whole.headers["content-type"] ?? ""
      if (isPage(whole.bytes, contentType)) return yield* failed("the link to the file leads to a page instead of it")
      const bytes = yield* unpack(whole.bytes, source.reportBytes)
      const charset = /;\s*charset="?([A-Za-z0-9_:.-]{1,40})/i.exec(contentType)?.[1]
      const file: File = charset === undefined ? { bytes } : { bytes, charset }
      return file
    }
    return yield* failed(`the link to the file leads on and on (${longestChain} times)`)
  })
