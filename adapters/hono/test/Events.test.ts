import { describe, expect, it } from "@effect/vitest"
import { Effect } from "effect"
import { account, at, begun, items, makeWorld, type Sent, type World } from "./support/world.ts"

/** Opens the stream; `next` reads to the next message or comment. */
const listen = (world: World, sent: Sent = {}, query = "") =>
  Effect.acquireRelease(
    Effect.promise(async () => {
      const leaving = new AbortController()
      const request = new Request(world.request("GET", `/v1/events/stream${query}`, { as: "viewer", ...sent }), {
        signal: leaving.signal
      })
      const response = await world.app.request(request)
      const reader = response.body?.pipeThrough(new TextDecoderStream()).getReader()
      let buffer = ""
      const next = async (): Promise<string | undefined> => {
        while (!buffer.includes("\n\n")) {
          const read = await reader?.read()
          if (read === undefined || read.done) return undefined
          buffer += read.value
        }
        const [block = "", ...rest] = buffer.split("\n\n")
        buffer = rest.join("\n\n")
        return block
      }
      return { response, leaving, next: Effect.promise(next), cancel: async () => await reader?.cancel() }
    }),
    ({ cancel }) =>
      Effect.promise(async () => {
        await cancel().catch(() => undefined)
      })
  )

const start = begun(1)

/** Positions after those that the world begins with. */
const ids = (count: number, { next }: { readonly next: Effect.Effect<string | undefined> }) =>
  Effect.gen(function* () {
    const found: Array<number> = []
    while (found.length < count) {
      const id = /^id: (\d+)$/m.exec((yield* next) ?? "")?.[1]
      if (id !== undefined) found.push(Number(id) - start)
    }
    return found
  })

describe("the feed of events", () => {
  it.live("is read page by page to its end, and goes on from a position", () =>
    Effect.scoped(
      Effect.gen(function* () {
        const world = yield* makeWorld()
        yield* account(world)
        const positions: Array<unknown> = []
        let after = String(start)
        for (;;) {
          const { json } = yield* world.ask("GET", `/v1/events?limit=2&after=${after}`, { as: "viewer" })
          positions.push(...items(json).map(({ position }) => position))
          if (json["next"] === undefined) break
          after = String(json["next"])
        }
        expect(positions).toEqual([1, 2, 3, 4].map((position) => position + start))
        expect((yield* world.ask("GET", "/v1/events?after=-1", { as: "viewer" })).status).toBe(400)
      })
    )
  )

  it.live("streams what was and what comes, and goes on after Last-Event-ID without a gap or a repeat", () =>
    Effect.scoped(
      Effect.gen(function* () {
        const world = yield* makeWorld()
        yield* account(world)
        const first = yield* listen(world, {}, `?after=${start}`)
        expect(first.response.headers.get("content-type")).toBe("text/event-stream")
        expect(first.response.headers.get("cache-control")).toBe("no-store")
        expect(yield* first.next).toBe("retry: 2000")
        expect(yield* ids(4, first)).toEqual([1, 2, 3, 4])
        yield* world.ask("POST", "/v1/companies", { as: "admin", body: { name: "Later", brand: "Later" } })
        const message = (yield* first.next) ?? ""
        const data = JSON.parse(/^data: (.*)$/m.exec(message)?.[1] ?? "")
        expect([at(data, "position"), at(data, "type"), at(data, "facts", "name")]).toEqual([
          start + 5,
          "CompanyAdded",
          "Later"
        ])

        const again = yield* listen(world, { headers: { "last-event-id": String(start + 3) } }, "?after=1")
        expect(yield* ids(2, again)).toEqual([4, 5])
        const queried = yield* listen(world, {}, `?after=${start + 4}`)
        expect(yield* ids(1, queried)).toEqual([5])
      })
    )
  )

  it.live("never tells one organization of another", () =>
    Effect.scoped(
      Effect.gen(function* () {
        const world = yield* makeWorld({ lifetime: "100 millis" })
        yield* account(world)
        const foreign = yield* listen(world, { as: "other" }, `?after=${begun(2)}`)
        expect(yield* foreign.next).toBe("retry: 2000")
        expect(yield* foreign.next).toBeUndefined()
      })
    )
  )

  it.live("beats while nothing happens, and ends by itself", () =>
    Effect.scoped(
      Effect.gen(function* () {
        const world = yield* makeWorld({ heartbeat: "10 millis", lifetime: "200 millis" })
        const quiet = yield* listen(world, {}, `?after=${start}`)
        expect([yield* quiet.next, yield* quiet.next, yield* quiet.next]).toEqual([
          "retry: 2000",
          ": still here",
          ": still here"
        ])
        let block = yield* quiet.next
        while (block !== undefined) block = yield* quiet.next
      })
    )
  )

  it.live("ends with the right to listen, before anything more is told", () =>
    Effect.scoped(
      Effect.gen(function* () {
        const world = yield* makeWorld({ rightsAge: 0 })
        const listening = yield* listen(world, {}, `?after=${start}`)
        expect(yield* listening.next).toBe("retry: 2000")
        const keys = items((yield* world.ask("GET", "/v1/api-keys?limit=100", { as: "admin" })).json)
        const own = keys.find(({ name }) => name === "key of viewer")
        expect((yield* world.ask("DELETE", `/v1/api-keys/${String(own?.["id"])}`, { as: "admin" })).status).toBe(204)
        yield* world.ask("POST", "/v1/companies", { as: "admin", body: { name: "Told to nobody", brand: "Later" } })
        expect(yield* listening.next).toBeUndefined()
      })
    )
  )

  it.live("counts open streams by organization, and a client that leaves makes room at once", () =>
    Effect.scoped(
      Effect.gen(function* () {
        const world = yield* makeWorld({ perOrganization: 2 })
        const one = yield* listen(world)
        const two = yield* listen(world)
        expect([yield* one.next, yield* two.next]).toEqual(["retry: 2000", "retry: 2000"])
        const third = yield* listen(world)
        expect([third.response.status, third.response.headers.get("retry-after")]).toEqual([429, "30"])
        const other = yield* listen(world, { as: "other" })
        expect(other.response.status).toBe(200)
        one.leaving.abort()
        yield* Effect.promise(two.cancel)
        const settled = Effect.gen(function* () {
          const later = yield* listen(world)
          return later.response.status
        })
        let status = yield* Effect.scoped(settled)
        while (status !== 200) status = yield* Effect.scoped(Effect.andThen(Effect.sleep("5 millis"), settled))
      })
    )
  )

  it.live("refuses a position that is none, before the first byte", () =>
    Effect.scoped(
      Effect.gen(function* () {
        const world = yield* makeWorld()
        const got = yield* world.ask("GET", "/v1/events/stream", { as: "viewer", headers: { "last-event-id": "x" } })
        expect([got.status, at(got.json, "errors", 0, "parameter")]).toEqual([400, "Last-Event-ID"])
      })
    )
  )
})
