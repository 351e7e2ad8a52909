/** A simulator behind a real server on loopback. */
import type { AddressInfo } from "node:net"
import { createAdaptorServer } from "@hono/node-server"
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

/** Listens on 127.0.0.1; port 0 takes a free one. Rejects when the port is taken. */
export const listen = async (simulator: Simulator, options: { readonly port?: number } = {}): Promise<Listening> => {
  const server = createAdaptorServer({ fetch: simulator.fetch })
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
