/** A server for a measurement, and a request to it. */
import type { AddressInfo } from "node:net"
import { createAdaptorServer } from "@hono/node-server"
import { Effect } from "effect"
import type { Case } from "../src/measure.ts"

/** Listens on a free port until the scope closes. */
export const listening = (fetch: (request: Request) => Response | Promise<Response>) =>
  Effect.acquireRelease(
    Effect.promise(async () => {
      const server = createAdaptorServer({ fetch })
      await new Promise<void>((resolve) => void server.listen(0, "127.0.0.1", resolve))
      return { server, url: `http://127.0.0.1:${(server.address() as AddressInfo).port}` }
    }),
    ({ server }) => Effect.promise(() => new Promise((resolve) => void server.close(resolve)))
  )

/** One request; an answer other than 200 fails. */
export const get = (url: string, headers: { readonly [name: string]: string } = {}): Case["operation"] =>
  Effect.tryPromise({
    try: async () => {
      const response = await fetch(url, { headers })
      const text = await response.text()
      if (response.status !== 200) throw new Error(`${response.status} ${text}`)
    },
    catch: (cause) => new Error(String(cause))
  })
