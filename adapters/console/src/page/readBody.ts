/** Reads what a form sends before any page works on it: within a size, and within a time. */
import type { Context, MiddlewareHandler } from "hono"
import { bodyLimitBytes } from "./http.ts"

/** How long a form may take to arrive, in milliseconds. */
export const bodyMillis = 15_000

/** The pages for a body that is not read. */
export interface Refusals {
  readonly tooLarge: (c: Context) => Promise<Response>
  readonly tooSlow: (c: Context) => Promise<Response>
}

const late = Symbol("late")

/** The bytes of a body; what is wrong with it when it is too large or comes too slowly. */
const read = async (stream: ReadableStream<Uint8Array>, millis: number): Promise<Uint8Array | keyof Refusals> => {
  const reader = stream.getReader()
  const chunks: Array<Uint8Array> = []
  let size = 0
  let timer: NodeJS.Timeout | undefined
  const deadline = new Promise<typeof late>((resolve) => {
    timer = setTimeout(() => resolve(late), millis)
  })
  try {
    for (;;) {
      const next = await Promise.race([reader.read(), deadline])
      if (next === late) return "tooSlow"
      if (next.done) return Buffer.concat(chunks, size)
      size += next.value.byteLength
      if (size > bodyLimitBytes) return "tooLarge"
      chunks.push(next.value)
    }
  } finally {
    clearTimeout(timer)
    // Nobody reads the rest. A stream whose sender stalls may never confirm that.
    void reader.cancel().catch(() => undefined)
  }
}

/**
 * Reads each body once, whole, and hands it on; refuses one that is larger than `bodyLimitBytes`, or that has not
 * arrived whole within `millis`. A connection with such a body is not used again.
 */
export const readBody =
  (refusals: Refusals, millis = bodyMillis): MiddlewareHandler =>
  async (c, next) => {
    const request = c.req.raw
    if (request.method === "GET" || request.method === "HEAD" || request.body === null) return next()
    const { headers, method, signal, url } = request
    const isLarge = Number(headers.get("content-length") ?? 0) > bodyLimitBytes
    const body = isLarge ? "tooLarge" : await read(request.body, millis).catch(() => "tooSlow" as const)
    if (typeof body === "string") {
      c.header("Connection", "close")
      c.req.raw = new Request(url, { method, headers, signal })
      return refusals[body](c)
    }
    c.req.raw = new Request(url, { method, headers, signal, body: new Uint8Array(body) })
    return next()
  }
