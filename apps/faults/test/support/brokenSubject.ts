/** A server in memory that speaks as much of the API as a chaos run asks for, and is wrong in one way on purpose. */
import { createServer, type IncomingMessage, type ServerResponse } from "node:http"
import type { Subject } from "../../src/chaos/Subject.ts"

/** What is wrong. */
export type Wrong = "nothing" | "loses a write" | "doubles a write" | "loses an event" | "tells an event twice"

interface World {
  readonly companies: Array<string>
  readonly mails: Array<string>
  readonly events: Array<number>
  readonly streams: Set<ServerResponse>
  readonly done: Set<string>
}

const bodyOf = async (request: IncomingMessage): Promise<Record<string, string>> => {
  let text = ""
  for await (const chunk of request) text += String(chunk)
  return JSON.parse(text)
}

const tell = (world: World, position: number) => {
  for (const stream of world.streams) stream.write(`id: ${position}\ndata: {}\n\n`)
}

const happen = (world: World, wrong: Wrong) => {
  const position = world.events.length + 1
  world.events.push(position)
  if (wrong === "loses an event" && position === 3) return
  tell(world, position)
  if (wrong === "tells an event twice" && position === 3) tell(world, position)
}

const add = (world: World, wrong: Wrong, name: string) => {
  happen(world, wrong)
  const isChosen = name === "Chaos cut-0"
  if (wrong === "loses a write" && isChosen) return
  world.companies.push(name)
  if (wrong === "doubles a write" && isChosen) world.companies.push(name)
}

const answer = async (world: World, wrong: Wrong, request: IncomingMessage, response: ServerResponse) => {
  const { pathname, searchParams } = new URL(request.url ?? "/", "http://subject")
  const send = (body: unknown, status = 200) => response.writeHead(status).end(JSON.stringify(body))
  if (pathname === "/v1/events/stream") {
    world.streams.add(response.writeHead(200, { "content-type": "text/event-stream" }))
    response.write("retry: 2000\n\n")
    return
  }
  if (request.method === "POST") {
    const { email, name = "" } = await bodyOf(request)
    const key = String(request.headers["idempotency-key"])
    if (!world.done.has(key)) {
      world.done.add(key)
      if (email === undefined) add(world, wrong, name)
      else world.mails.push(email)
    }
    send({}, 201)
    return
  }
  if (pathname === "/v1/companies") send({ items: world.companies.map((name) => ({ name })) })
  else if (pathname === "/v1/events") {
    const after = Number(searchParams.get("after") ?? 0)
    send({ items: world.events.filter((position) => position > after).map((position) => ({ position })) })
  } else send({ items: [] })
}

/** Starts it. */
export const brokenSubject = async (
  wrong: Wrong,
  deaths: Subject["deaths"] = async () => []
): Promise<{ readonly subject: Subject; readonly close: () => Promise<void> }> => {
  const world: World = { companies: [], mails: [], events: [], streams: new Set(), done: new Set() }
  const server = createServer((request, response) => void answer(world, wrong, request, response))
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve))
  const address = server.address()
  const port = typeof address === "object" && address !== null ? address.port : 0
  return {
    subject: {
      origin: `http://127.0.0.1:${port}`,
      headers: {},
      deaths,
      mailedTo: async () => world.mails,
      audit: async () => ({ lost: [], doubled: [] })
    },
    close: async () => {
      server.closeAllConnections()
      await new Promise<void>((resolve) => server.close(() => resolve()))
    }
  }
}
