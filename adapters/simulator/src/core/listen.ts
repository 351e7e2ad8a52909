/**
 * A simulator behind real servers: plain HTTP, HTTPS with a certificate of the simulator's own for each simulated host,
 * and a proxy that reaches these hosts and no others.
 */
import type { IncomingMessage, Server } from "node:http"
import { createServer as createTlsServer } from "node:https"
import type { AddressInfo, Socket } from "node:net"
import type { Duplex } from "node:stream"
import { createAdaptorServer, type HttpBindings } from "@hono/node-server"
import type { Authority } from "../tls/Authority.ts"
import { Broken, cutHeader, Hanging } from "./Broken.ts"
import * as Hosts from "./Hosts.ts"
import type { Simulator } from "./Simulator.ts"

/** Where and how to listen. Everything has a default. */
export type ListenOptions = {
  /** Port of plain HTTP; 0, the default, takes a free one. */
  readonly port?: number
  /** The address to listen on; `127.0.0.1` unless given. */
  readonly host?: string
  /** Whose certificates HTTPS presents; no HTTPS without it. */
  readonly authority?: Authority
  /** Port of HTTPS; 0, the default, takes a free one. */
  readonly tlsPort?: number
  /** Whether plain HTTP is also a proxy (`CONNECT`) to the simulated hosts. Needs an authority. */
  readonly proxy?: boolean
  /** How long `close` waits for answers that are under way, in milliseconds; 2,000 unless given. */
  readonly graceMs?: number
}

/** A listening simulator. */
export interface Listening {
  /** Where it listens, e.g. `http://127.0.0.1:4010`. */
  readonly url: string
  /** The port of `url`. */
  readonly port: number
  /** Where it listens with TLS, e.g. `https://localhost:4443`; null without. */
  readonly tlsUrl: string | null
  /** Lets answers that are under way end, ends all connections, and resolves when the ports are free. */
  readonly close: () => Promise<void>
}

/** An answer of which nothing more is sent, because the socket is gone. */
const gone = () => new Promise<never>(() => {})

/** The simulator's answer; where a fault breaks the connection, the socket ends, after half of a body that is cut. */
const answer = async (simulator: Simulator, request: Request, { incoming, outgoing }: HttpBindings) => {
  const response = await simulator.fetch(request).catch((error: unknown) => {
    if (error instanceof Hanging) return gone()
    if (!(error instanceof Broken)) throw error
    incoming.socket.destroy()
    return gone()
  })
  if (!response.headers.has(cutHeader)) return response
  outgoing.writeHead(response.status, Object.fromEntries(response.headers))
  outgoing.write(Buffer.from(await response.arrayBuffer()), () => incoming.socket.destroy())
  return gone()
}

const fetchOf = (simulator: Simulator) => (request: Request, bindings: unknown) =>
  answer(simulator, request, bindings as HttpBindings)

const begin = async (server: Server, port: number, host: string): Promise<number> => {
  await new Promise<void>((resolve, reject) => {
    server.once("error", reject)
    server.listen(port, host, () => {
      server.off("error", reject)
      resolve()
    })
  })
  return (server.address() as AddressInfo).port
}

const end = (server: Server, graceMs: number): Promise<void> =>
  new Promise((resolve, reject) => {
    const late = setTimeout(() => server.closeAllConnections(), graceMs)
    server.close((error) => {
      clearTimeout(late)
      if (error === undefined) resolve()
      else reject(error)
    })
    server.closeIdleConnections()
  })

const isSimulated = (simulator: Simulator, host: string): boolean =>
  Hosts.find(host) !== undefined || simulator.descriptions.hosts.has(host)

const secure = (simulator: Simulator, authority: Authority): Server =>
  createAdaptorServer({
    fetch: fetchOf(simulator),
    createServer: createTlsServer,
    serverOptions: {
      // A client that names no host gets the certificate of this machine; a host that is not simulated gets none.
      SNICallback: (name, done) => {
        const presented = authority.presentFor(name.toLowerCase())
        if (presented === undefined) done(new Error(`${name} is not simulated`))
        else done(null, presented.context)
      },
      key: authority.presentFor("localhost")?.key,
      cert: authority.presentFor("localhost")?.cert
    }
  }) as Server

const refuse = (simulator: Simulator, target: string, socket: Duplex): void => {
  const { body, headers, status } = simulator.answer({
    method: "CONNECT",
    host: target,
    path: "",
    query: "",
    headers: {},
    body: "",
    base: ""
  })
  const lines = Object.entries({ ...headers, "content-length": String(body.length), connection: "close" })
  const head = [`HTTP/1.1 ${status} Not Simulated`, ...lines.map(([name, value]) => `${name}: ${value}`), "", ""]
  socket.end(`${head.join("\r\n")}${typeof body === "string" ? body : ""}`)
}

/** Answers `CONNECT`: a tunnel that ends in the TLS server of this process, or a refusal; nothing ever goes out. */
const tunnel =
  (simulator: Simulator, tls: Server, open: Set<Duplex>) =>
  (request: IncomingMessage, socket: Duplex, first: Buffer): void => {
    const target = (request.url ?? "").toLowerCase()
    const [host = "", port = "443"] = target.split(":")
    socket.on("error", () => socket.destroy())
    if (port !== "443" || !isSimulated(simulator, host)) {
      refuse(simulator, target, socket)
      return
    }
    open.add(socket)
    socket.once("close", () => open.delete(socket))
    socket.write("HTTP/1.1 200 Connection Established\r\n\r\n")
    if (first.length > 0) socket.unshift(first)
    tls.emit("connection", socket as Socket)
  }

/**
 * Listens on an address, 127.0.0.1 unless told. Rejects when a port is taken, and with `RangeError` for a proxy without
 * an authority, which could not speak for the hosts that its clients ask for.
 */
export const listen = async (simulator: Simulator, options: ListenOptions = {}): Promise<Listening> => {
  const { authority, graceMs = 2_000, host = "127.0.0.1", port = 0, proxy = false, tlsPort = 0 } = options
  if (proxy && authority === undefined) throw new RangeError("a proxy needs an authority: its clients speak TLS")
  const plain = createAdaptorServer({ fetch: fetchOf(simulator) }) as Server
  const tls = authority === undefined ? undefined : secure(simulator, authority)
  const tunnels = new Set<Duplex>()
  if (proxy && tls !== undefined) plain.on("connect", tunnel(simulator, tls, tunnels))
  const servers = [plain, ...(tls === undefined ? [] : [tls])]
  const shown = host === "0.0.0.0" || host === "::" ? "127.0.0.1" : host
  try {
    const at = await begin(plain, port, host)
    const tlsAt = tls === undefined ? undefined : await begin(tls, tlsPort, host)
    return {
      port: at,
      url: `http://${shown}:${at}`,
      tlsUrl: tlsAt === undefined ? null : `https://localhost:${tlsAt}`,
      close: async () => {
        const plainEnds = end(plain, graceMs)
        if (tls !== undefined) await end(tls, graceMs)
        // What is answered through a tunnel has been answered now; the plain server waits for its tunnels.
        for (const socket of tunnels) socket.destroy()
        await plainEnds
      }
    }
  } catch (error) {
    for (const server of servers) server.close()
    throw error
  }
}
