import type { AddressInfo } from "node:net"
import { createAdaptorServer } from "@hono/node-server"
import { Effect, type Scope } from "effect"
import { CannotListen, PortTaken } from "./StartError.ts"

/** Where a server listens. */
export interface Listening {
  readonly port: number
  readonly url: string
}

/** Anything that answers requests. */
export type Fetch = (request: Request) => Response | Promise<Response>

/** How long requests under way may take when the server stops. */
const graceMillis = 5_000

/**
 * Listens until the scope closes; then takes no new connection and lets requests under way end. Port 0 takes a free
 * one. `answer` is asked at each request, so that the address can be known before the app is built.
 */
export const listen = (
  host: string, port: number, setting: string, answer: () => Fetch
): Effect.Effect<Listening, PortTaken | CannotListen, Scope.Scope> =>
  Effect.map(
    Effect.acquireRelease(
      Effect.tryPromise({
        try: () => {
          const server = createAdaptorServer({ fetch: (request: Request) => answer()(request) })
          return new Promise<typeof server>((resolve, reject) => {
            server.once("error", reject)
            server.listen(port, host, () => {
              server.off("error", reject)
              resolve(server)
            })
          })
        },
        catch: (cause) => {
          const code = cause instanceof Error && "code" in cause ? String(cause.code) : String(cause)
          return code === "EADDRINUSE" ? new PortTaken({ host, port, setting }) : new CannotListen({ host, port, because: code })
        }
      }),
      (server) => Effect.promise(() => new Promise<void>((resolve) => {
        const force = setTimeout(() => {
          if ("closeAllConnections" in server) server.closeAllConnections()
        }, graceMillis)
        server.close(() => {
          clearTimeout(force)
          resolve()
        })
        // Kept-alive and event-stream connections would otherwise hold the server open for the whole grace.
        if ("closeIdleConnections" in server) server.closeIdleConnections()
      }))
    ),
    (server) => {
      const { port: taken } = server.address() as AddressInfo
      return { port: taken, url: `http://${host.includes(":") ? `[${host}]` : host}:${taken}` }
    }
  )
