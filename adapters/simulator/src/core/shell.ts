/** Requests of `fetch` as plain values, replies the other way, and the fake host that an address stands for. */
import { Broken, cutHeader, Hanging } from "./Broken.ts"
import * as Hosts from "./Hosts.ts"
import type { Simulator } from "./SimulatorApi.ts"
import type { WireReply } from "./Wire.ts"

const bodyLimit = 2 * 1024 * 1024

/** Reads a body up to the limit; undefined when it is longer. */
export const readBody = async (request: Request): Promise<string | undefined> => {
  if (request.body === null) return ""
  if (Number(request.headers.get("content-length") ?? "0") > bodyLimit) return undefined
  // A body of unknown length comes in chunks; any other ends where its length says, or is in memory already.
  if (!request.headers.has("transfer-encoding")) {
    const text = await request.text()
    return text.length > bodyLimit ? undefined : text
  }
  const chunks: Array<Uint8Array> = []
  let size = 0
  for await (const chunk of request.body) {
    size += chunk.byteLength
    if (size > bodyLimit) return undefined
    chunks.push(chunk)
  }
  return Buffer.concat(chunks).toString("utf8")
}

const dripMs = 50

/** A body that comes so many bytes a second, in small pieces. */
const dripping = (whole: Buffer, bytesPerSecond: number): ReadableStream<Uint8Array> => {
  const size = Math.max(1, Math.round((bytesPerSecond * dripMs) / 1000))
  const pause = (size * 1000) / bytesPerSecond
  let at = 0
  return new ReadableStream({
    async pull(controller) {
      if (at > 0) await new Promise((resolve) => setTimeout(resolve, pause))
      controller.enqueue(new Uint8Array(whole.subarray(at, at + size)))
      at += size
      if (at >= whole.byteLength) controller.close()
    }
  })
}

/** A reply as a `Response`, after its delay. Rejects with `Broken` or `Hanging` where a fault says so. */
export const respond = async (reply: WireReply, method: string): Promise<Response> => {
  if (reply.delayMs !== undefined) await new Promise((resolve) => setTimeout(resolve, reply.delayMs))
  if (reply.breaks === "reset") throw new Broken("reset")
  if (reply.breaks === "hang") throw new Hanging()
  const isEmpty = method === "HEAD" || reply.status === 204 || reply.status === 304
  const { body, headers: own, status } = reply
  // A text that says what it is goes as it is; `Response` would name the type of any other itself.
  const isPlain = reply.breaks === undefined && reply.dripBytes === undefined
  if (isPlain && !isEmpty && typeof body === "string" && own["content-type"] !== undefined) {
    return new Response(body, { status, headers: own })
  }
  const whole = Buffer.from(body)
  if (reply.dripBytes !== undefined && !isEmpty) {
    const headers = { ...own, "content-length": String(whole.byteLength) }
    return new Response(dripping(whole, reply.dripBytes), { status, headers })
  }
  if (reply.breaks !== "cut") {
    return new Response(isEmpty ? null : new Uint8Array(whole), { status, headers: own })
  }
  const headers = { ...own, "content-length": String(whole.byteLength), [cutHeader]: "yes" }
  return new Response(new Uint8Array(whole.subarray(0, whole.byteLength >> 1)), { status, headers })
}

/** A fake host, the path on it, and the base of links in the answer. */
export type Located = { readonly host: string; readonly path: string; readonly base: string }

/** Which fake host a request is for; undefined when the address is not one of the simulator's. */
export const locate = (simulator: Simulator, url: URL, prefix: string): Located | undefined => {
  const isHost = (name: string) => Hosts.find(name) !== undefined || simulator.descriptions.hosts.has(name)
  if (isHost(url.hostname)) {
    // A port of its own stays in the links that the answer holds.
    const base = url.port === "" ? "" : `${url.protocol}//*:${url.port}`
    return { host: url.hostname, path: url.pathname, base }
  }
  const [, host = "", ...rest] = url.pathname.split("/")
  return isHost(host) ? { host, path: `/${rest.join("/")}`, base: `${url.origin}${prefix}` } : undefined
}
