/** A real browser, and a console that listens on a free port of this machine. */
import { createAdaptorServer } from "@hono/node-server"
import type { AddressInfo } from "node:net"
import * as World from "./World.ts"

const onFreePort = async (fetch: (request: Request) => Response | Promise<Response>) => {
  const server = createAdaptorServer({ fetch })
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve))
  const { port } = server.address() as AddressInfo
  return { origin: `http://127.0.0.1:${port}`, close: () => new Promise((resolve) => server.close(resolve)) }
}

const scripted = "https://provider.invalid"

/** A consent page at another origin: it leads back with whatever code the test has ready. */
const consentPage = (code: () => Promise<string>) => async (request: Request) => {
  const { searchParams } = new URL(request.url)
  const back = new URL(searchParams.get("redirect_uri") ?? "")
  back.searchParams.set("state", searchParams.get("state") ?? "")
  back.searchParams.set("code", await code())
  return new Response(`<h1>Provider</h1><a id="agree" href="${back.href.replaceAll("&", "&amp;")}">Agree</a>`, {
    headers: { "Content-Type": "text/html" }
  })
}

/**
 * Listens first and builds the world then, because the console must know its own address. The scripted provider has no
 * address that exists, so redirects to it lead to a page on another port: another origin, as the real one would be.
 */
export const listen = async () => {
  let code = async () => "none"
  let fetch = (_request: Request): Response | Promise<Response> => new Response("starting", { status: 503 })
  const provider = await onFreePort(consentPage(() => code()))
  const console = await onFreePort((request) => fetch(request))
  const world = await World.make({ origin: console.origin })
  fetch = async (request) => {
    const response = await world.app.fetch(request)
    const location = response.headers.get("location") ?? ""
    if (location.startsWith(scripted))
      response.headers.set("location", provider.origin + location.slice(scripted.length))
    return response
  }
  return {
    world,
    /** The code that the next consents lead to. */
    answers: (next: () => Promise<string>) => {
      code = next
    },
    close: async () => {
      await console.close()
      await provider.close()
      await world.close()
    }
  }
}
