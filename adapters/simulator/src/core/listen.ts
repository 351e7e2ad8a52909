/** A simulator behind a real server on loopback. */
import type { AddressInfo } from "node:net"
import { createAdaptorServer, type HttpBindings } from "@hono/node-server"
import { Broken, cutHeader } from "./Broken.ts"
import type { Simulator } from "./Simulator.ts"

/** A listening simulator. */
export interface Listening {
  /** Where it listens, e.g. `http://127.0.0.1:4010`. */
  readonly url: string
  /** The port of `url`. */
  readonly port: number
  /** Ends open connections and resolves when the port is free. */
  readonly close: () => Promise<void>
}

/** An answer of which nothing more is sent, because the socket is gone. */
const gone = () => new Promise<never>(() => {})

/** The simulator's answer; where a fault breaks the connection, the socket ends, after half of a body that is cut. */
const answer = async (simulator: Simulator, request: Request, { incoming, outgoing }: HttpBindings) => {
  const response = await simulator.fetch(request).catch((error: unknown) => {
    if (!(error instanceof Broken)) throw error
    incoming.socket.destroy()
    return gone()
  })
  if (!response.headers.has(cutHeader)) return response
  outgoing.writeHead(response.status, Object.fromEntries(response.headers))
  outgoing.write(Buffer.from(await response.arrayBuffer()), () => incoming.socket.destroy())
  return gone()
}

/** Listens on 127.0.0.1; port 0 takes a free one. Rejects when the port is taken. */
export const listen = async (simulator: Simulator, options: { readonly port?: number } = {}): Promise<Listening> => {
  const server = createAdaptorServer({
    fetch: (request, bindings) => answer(simulator, request, bindings as HttpBindings)
  })
  await new Promise<void>((resolve, reject) => {
    server.once("error", reject)
    server.listen(options.port ?? 0, "127.0.0.1", () => {
      server.off("error", reject)
      resolve()
    })
  })
  const { port } = server.address() as AddressInfo
  return {
    port,
    url: `http://127.0.0.1:${port}`,
    close: () =>
      new Promise((resolve, reject) => {
        server.close((error) => (error === undefined ? resolve() : reject(error)))
        if ("closeAllConnections" in server) server.closeAllConnections()
      })
  }
}
