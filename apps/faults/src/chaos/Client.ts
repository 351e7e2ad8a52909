/** A client that does what the API tells clients to do: it repeats with the same idempotency key until it hears. */
import { pause } from "../processes/random.ts"
import { answerMillis } from "./Report.ts"
import type { Subject } from "./Subject.ts"

/** An answer, or none. */
export interface Heard {
  readonly status: number
  readonly body: unknown
}

/** What clients notice apart from answers. */
export interface Notes {
  hung: number
  /** Answers that are neither what was asked for nor "try again", by method, path and status. */
  readonly odd: Map<string, number>
}

/** Asks once. `undefined`: there was no answer, and another attempt is due. */
export type Request = (
  method: string,
  path: string,
  body?: unknown,
  extra?: { readonly [name: string]: string }
) => Promise<Heard | undefined>

const tryAgain = new Set([409, 429, 502, 503, 504])

/** Makes a client. */
export const client = ({ headers, origin }: Subject, notes: Notes): Request => {
  return async (method, path, body, extra = {}) => {
    const began = performance.now()
    try {
      const answer = await fetch(new URL(path, origin), {
        method,
        signal: AbortSignal.timeout(answerMillis),
        headers: { ...headers, ...extra, ...(body === undefined ? {} : { "content-type": "application/json" }) },
        ...(body === undefined ? {} : { body: JSON.stringify(body) })
      })
      const text = await answer.text()
      if (tryAgain.has(answer.status)) return undefined
      if (answer.status >= 400) {
        const place = `${method} ${path.replace(/[?].*/, "")} ${answer.status}`
        notes.odd.set(place, (notes.odd.get(place) ?? 0) + 1)
        // An incident is the subject's own mistake; the client goes on as after an outage.
        if (answer.status >= 500) return undefined
      }
      return { status: answer.status, body: text === "" ? undefined : JSON.parse(text) }
    } catch {
      if (performance.now() - began >= answerMillis) notes.hung += 1
      return undefined
    }
  }
}

/**
 * Repeats a request, always with the same key, until it is answered or `isOver`. Throws when it is refused: then the
 * run is wrong, not the subject.
 */
export const insist = async (
  request: () => Promise<Heard | undefined>,
  isOver: () => boolean
): Promise<Heard | undefined> => {
  for (;;) {
    const heard = await request()
    if (heard !== undefined && heard.status >= 400) throw new Error(`refused: ${JSON.stringify(heard)}`)
    if (heard !== undefined || isOver()) return heard
    await pause(100)
  }
}

/** The items of a list, through all its pages. */
export const everything = async (
  request: Request,
  path: string
): Promise<ReadonlyArray<{ readonly [field: string]: unknown }>> => {
  const items: Array<{ readonly [field: string]: unknown }> = []
  let cursor: string | undefined
  do {
    const at = `${path}${path.includes("?") ? "&" : "?"}limit=100${cursor === undefined ? "" : `&cursor=${cursor}`}`
    const heard = await insist(
      () => request("GET", at),
      () => false
    )
    const page = heard?.body
    if (!isPage(page)) throw new Error(`${at} is no list`)
    items.push(...page.items)
    cursor = page.next
  } while (cursor !== undefined)
  return items
}

interface Page {
  readonly items: ReadonlyArray<{ readonly [field: string]: unknown }>
  readonly next?: string
}

const isPage = (value: unknown): value is Page =>
  typeof value === "object" && value !== null && "items" in value && Array.isArray(value.items)
