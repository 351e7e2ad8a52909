/** A real browser, and a console that listens on a free port of this machine. */
import { createAdaptorServer } from "@hono/node-server"
import chromium from "@sparticuz/chromium"
import type { AddressInfo } from "node:net"
import { chromium as playwright } from "playwright-core"
import * as World from "./World.ts"

const quiet = ["--disable-background-networking", "--disable-component-update", "--disable-sync", "--no-first-run"]

// Made for one page in one process; here many pages follow each other, and the browser's own checks are what is tested.
const unwanted = new Set(["--single-process", "--disable-web-security", "--allow-running-insecure-content"])

export const launch = async () =>
  playwright.launch({ args: [...chromium.args.filter((arg) => !unwanted.has(arg)), ...quiet], executablePath: await chromium.executablePath(), headless: true })

/** Listens first and builds the world then, because the console must know its own address. */
export const listen = async () => {
  let fetch = (_request: Request): Response | Promise<Response> => new Response("starting", { status: 503 })
  const server = createAdaptorServer({ fetch: (request: Request) => fetch(request) })
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve))
  const { port } = server.address() as AddressInfo
  const world = await World.make({ origin: `http://127.0.0.1:${port}` })
  fetch = (request) => world.app.fetch(request)
  return {
    world,
    close: async () => {
      await new Promise((resolve) => server.close(resolve))
      await world.close()
    }
  }
}
