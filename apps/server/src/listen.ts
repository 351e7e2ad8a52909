import type { IncomingMessage } from "node:http"
import { type AddressInfo, isIPv6 } from "node:net"
import { createAdaptorServer, type ServerType } from "@hono/node-server"
import { Effect, type Scope } from "effect"
import { CannotListen, PortTaken } from "./StartError.ts"

/** Where a server listens. */
export interface Listening {
  readonly port: number
  readonly url: string
  /** Takes no new connection and waits for requests under way, for a few seconds at most. May be asked twice. */
  readonly close: Effect.Effect<void>
}

/** Anything that answers requests. */
export type Fetch = (request: Request) => Response | Promise<Response>

/**
 * The header in which the caller's address travels inside this process. What callers send under it is
 * dropped.
 */
export const addressHeader = "x-portolan-address"

const loopback = /^(127\.|::1$|::ffff:127\.)/

/**
 * An IPv6 address as its network of 64 bits: one subscriber usually holds all addresses of such a
 * network (https://www.rfc-editor.org/rfc/rfc6177, section 2), and would begin anew with each. IPv4 stays as it is,
 * also where it is written as IPv6.
 */
const network = (address: string): string => {
  const plain = /^::ffff:(\d+\.\d+\.\d+\.\d+)$/i.exec(address)?.[1] ?? address
  if (!isIPv6(plain)) return plain
  const [head = "", tail] = plain.replace(/%.*$/, "").split("::")
  const groups = (part: string | undefined) => (part === undefined || part === "" ? [] : part.split(":"))
  const [left, right] = [groups(head), groups(tail)]
  const filled =
    tail === undefined
      ? left
      : [...left, ...Array.from({ length: Math.max(0, 8 - left.length - right.length) }, () => "0"), ...right]
  return `${filled
    .slice(0, 4)
    .map((group) => Number.parseInt(group, 16).toString(16))
    .join(":")}::/64`
}

/**
 * Whose address counts for limits of signing in: what the trusted proxy's header says last, or else the other end of
 * the connection. Where no such header is set, this machine itself counts as nobody: it is a proxy that nobody told us
 * of, or somebody trying things out. Behind a known proxy, whoever comes without its header is a caller like others.
 */
export const addressOf =
  (proxyHeader: string | undefined) =>
  (headers: Headers): string | undefined => {
    const forwarded = proxyHeader === undefined ? undefined : headers.get(proxyHeader)?.split(",").at(-1)?.trim()
    const address = forwarded === undefined || forwarded === "" ? (headers.get(addressHeader) ?? "") : forwarded
    const isNobody = proxyHeader === undefined && loopback.test(address)
    return address === "" || isNobody ? undefined : network(address)
  }

/** Writes the connection's address where `addressOf` reads it, over whatever came under that name. */
const stamp = ({ headers, rawHeaders, socket }: IncomingMessage) => {
  headers[addressHeader] = socket.remoteAddress ?? ""
  for (let index = rawHeaders.length - 2; index >= 0; index -= 2) {
    if (rawHeaders[index]?.toLowerCase() === addressHeader) rawHeaders.splice(index, 2)
  }
  rawHeaders.push(addressHeader, socket.remoteAddress ?? "")
}

/**
 * How long a request may take to arrive, body included. Node answers a slower one with 408 and closes its connection
 * (https://nodejs.org/api/http.html#serverrequesttimeout), so that nobody holds connections open with a byte a minute.
 */
const requestMillis = 15_000

/** How long requests under way may take when the server stops. */
const graceMillis = 5_000

const stop = (server: ServerType) => {
  let stopped: Promise<void> | undefined
  return Effect.promise(
    () =>
      (stopped ??= new Promise<void>((resolve) => {
        const force = setTimeout(() => {
          if ("closeAllConnections" in server) server.closeAllConnections()
        }, graceMillis)
        server.close(() => {
          clearTimeout(force)
          resolve()
        })
        // Connections that are kept alive would otherwise hold the server open for the whole grace.
        if ("closeIdleConnections" in server) server.closeIdleConnections()
      }))
  )
}

/**
 * Listens until it is closed or the scope is; port 0 takes a free one. `answer` is asked at each request, so that the
 * address can be known before the app is built.
 */
export const listen = (
  host: string,
  port: number,
  setting: string,
  answer: () => Fetch
): Effect.Effect<Listening, PortTaken | CannotListen, Scope.Scope> =>
  Effect.gen(function* () {
    const server = yield* Effect.tryPromise({
      try: () => {
        const created = createAdaptorServer({
          fetch: (request: Request) => answer()(request),
          serverOptions: { requestTimeout: requestMillis, connectionsCheckingInterval: 1_000 }
        })
        created.prependListener("request", stamp)
        return new Promise<ServerType>((resolve, reject) => {
          created.once("error", reject)
          created.listen(port, host, () => {
            created.off("error", reject)
            resolve(created)
          })
        })
      },
      catch: (cause) => {
        const code = cause instanceof Error && "code" in cause ? String(cause.code) : String(cause)
        return code === "EADDRINUSE"
          ? new PortTaken({ host, port, setting })
          : new CannotListen({ host, port, because: code })
      }
    })
    const close = stop(server)
    yield* Effect.addFinalizer(() => close)
    const { port: taken } = server.address() as AddressInfo
    return { port: taken, url: `http://${host.includes(":") ? `[${host}]` : host}:${taken}`, close }
  }).pipe(Effect.uninterruptible)
