/**
 * Many worlds in one process, which share nothing. A request finds its world by the path (`/~ID/HOST/path`), the name
 * of the machine (`ID.localhost`) or the header `x-portolan-world`; else by the label that stands in every credential
 * of a world: tokens, codes, client ids, links, tickets of pages. Else it is for the first world.
 */
import { randomBytes } from "node:crypto"
import { hint } from "../control/nearest.ts"
import * as Basic from "./basic.ts"
import { readBody } from "./shell.ts"
import type { OneWorld, Options, Simulator, WorldOrder, Worlds } from "./SimulatorApi.ts"

export type { Worlds } from "./SimulatorApi.ts"

/** The most worlds that one process holds. */
const most = 1_000
const MINUTE_MS = 60_000
const idleMinutes = 60
const labelLength = 12

/** How a request came to its world: what stands before the host in its path, and the name that it used. */
export type Way = { readonly prefix: string; readonly label: string }

/** The way of a request that names no world. */
const plainWay: Way = { prefix: "", label: "" }

/** Serves a request that has found its world. */
export type Serve = (simulator: Simulator, request: Request, way: Way) => Promise<Response>

type Row = OneWorld & { readonly label: string; readonly idleMs: number; usedAt: number }

type Making = (options: Options, label: string) => Simulator

/** Twelve hexadecimal digits; the first is a letter, so that no number is taken for a label. */
const freshLabel = (): string => {
  const bytes = randomBytes(7)
  return `${"abcdef"[bytes.readUInt8(6) % 6]}${bytes.toString("hex").slice(0, labelLength - 1)}`
}

const idPattern = /^[a-z0-9](?:[a-z0-9-]{0,38}[a-z0-9])?$/

/** What an order has of the options of its simulator: everything that it does not say itself. */
const optionsOf = (base: Options, order: WorldOrder): Options => {
  const { id: _, idleMinutes: _idle, ...own } = order
  const { onChange: _change, state: _state, ...shared } = base
  return { ...shared, ...own }
}

/** Worlds by id, and by the label that their credentials hold. */
type Store = { readonly rows: Map<string, Row>; readonly byLabel: Map<string, Row> }

const end = ({ byLabel, rows }: Store, id: string): boolean => {
  const row = rows.get(id)
  if (row === undefined) return false
  rows.delete(id)
  if (byLabel.get(row.label) === row) byLabel.delete(row.label)
  return true
}

/** Ends the worlds that nobody asked for long enough. */
const sweep = (store: Store): void => {
  const now = Date.now()
  for (const row of store.rows.values()) if (now - row.usedAt > row.idleMs) end(store, row.id)
}

const use = (row: Row | undefined): Simulator | undefined => {
  if (row !== undefined) row.usedAt = Date.now()
  return row?.simulator
}

const add = ({ byLabel, rows }: Store, order: WorldOrder, simulator: Simulator, label: string): OneWorld => {
  const id = order.id ?? label
  const idleMs = (order.idleMinutes ?? idleMinutes) * MINUTE_MS
  const row: Row = { id, simulator, label, idleMs, usedAt: Date.now() }
  rows.set(id, row)
  if (!byLabel.has(label)) byLabel.set(label, row)
  return { id, simulator }
}

/** Throws `RangeError` where no world can be made, or none of this id. */
const checkRoom = (store: Store, id: string | undefined): void => {
  sweep(store)
  if (store.rows.size >= most) throw new RangeError(`a process holds at most ${most} worlds; end some`)
  if (id !== undefined && !idPattern.test(id)) {
    throw new RangeError("the id of a world is 1 to 40 small letters, digits and dashes")
  }
  if (id !== undefined && store.rows.has(id)) throw new RangeError(`there is a world ${id} already`)
}

const named = ({ byLabel }: Store, text: string): Simulator | undefined => {
  if (byLabel.size === 0) return undefined
  for (const [run] of text.toLowerCase().matchAll(/[0-9a-f]{12,}/g)) {
    for (let start = 0; start + labelLength <= run.length; start += 1) {
      const row = byLabel.get(run.slice(start, start + labelLength))
      if (row !== undefined) return use(row)
    }
  }
  return undefined
}

/** Keeps the worlds of a simulator with these options; `build` makes one. */
export const make = (base: Options, build: Making): Worlds => {
  const store: Store = { rows: new Map(), byLabel: new Map() }
  return {
    create: (order = {}) => {
      checkRoom(store, order.id)
      const label = order.state?.label ?? freshLabel()
      return add(store, order, build(optionsOf(base, order), label), label)
    },
    fork: (id, as) => {
      const row = store.rows.get(id)
      if (row === undefined) {
        throw new RangeError(`there is no world ${id.slice(0, 60)}: ${hint(id, store.rows.keys())}`)
      }
      checkRoom(store, as)
      const order = { id: as ?? freshLabel(), idleMinutes: row.idleMs / MINUTE_MS, state: row.simulator.snapshot() }
      return add(store, order, build(optionsOf(base, order), row.label), row.label)
    },
    find: (id) => use(store.rows.get(id)),
    named: (text) => named(store, text),
    end: (id) => end(store, id),
    count: () => store.rows.size,
    list: () => {
      sweep(store)
      return [...store.rows.values()].map(({ id, simulator }) => ({ id, simulator }))
    }
  }
}

/** A simulator with its worlds. */
export type Hub = { readonly main: Simulator; readonly worlds: Worlds; readonly serve: Serve }

type Found = { readonly simulator: Simulator; readonly request: Request; readonly way: Way }

const missing = (worlds: Worlds, id: string): Response => {
  const known = hint(
    id,
    worlds.list().map((one) => one.id)
  )
  const error = `there is no world ${id.slice(0, 60)}${known === "" ? ", and no other either" : `: ${known}`}`
  return Response.json({ error }, { status: 404, headers: { "x-portolan": "not-simulated" } })
}

const under = (request: Request, url: URL, path: string): Request => {
  const inner = new URL(url)
  inner.pathname = path
  return new Request(inner, request)
}

/** What an address says of a world: by its path, with the rest of it, or by the name of the machine. */
const partsOf = (url: URL) => {
  const [, id, rest = "/"] = /^\/~([^/]+)(\/.*)?$/.exec(url.pathname) ?? []
  const [, label] = /^([a-z0-9-]+)\.localhost$/.exec(url.hostname) ?? []
  return { id, rest, label }
}

/** A request to a world itself, whatever its address says of worlds. */
export const within = (request: Request): { readonly request: Request; readonly way: Way } => {
  const url = new URL(request.url)
  const { id, label, rest } = partsOf(url)
  const way = { prefix: id === undefined ? "" : `/~${id}`, label: label === undefined ? "" : `${label}.` }
  return { request: id === undefined ? request : under(request, url, rest), way }
}

/** The world that a request names in so many words. */
const addressed = ({ worlds }: Hub, request: Request, url: URL): Found | Response | undefined => {
  const { id, label } = partsOf(url)
  const [, inControl, call] = /^\/_sim\/worlds\/([^/]+)(\/(?!fork$).+)$/.exec(url.pathname) ?? []
  const name = id ?? label ?? inControl ?? request.headers.get("x-portolan-world") ?? undefined
  if (name === undefined) return undefined
  const simulator = worlds.find(name)
  if (simulator === undefined) return missing(worlds, name)
  const inner = within(request)
  if (inControl !== undefined) return { simulator, request: under(request, url, `/_sim${call}`), way: inner.way }
  return { simulator, ...inner }
}

/** The world whose credentials a request holds. What it says now counts more than what its browser remembers. */
const credited = async ({ worlds }: Hub, request: Request): Promise<Simulator | undefined> => {
  const inAddress = worlds.named(request.url)
  if (inAddress !== undefined) return inAddress
  const headers = [...request.headers].filter(([name]) => name !== "cookie").map(([, value]) => value)
  const basic = Basic.readings(request.headers.get("authorization") ?? undefined).flat()
  const inHeaders = worlds.named([...headers, ...basic].join(" "))
  if (inHeaders !== undefined) return inHeaders
  const body = (await readBody(request.clone())) ?? ""
  return worlds.named(body) ?? worlds.named(request.headers.get("cookie") ?? "")
}

/** Leads a request to its world, and serves it there. */
export const fetch = async (hub: Hub, request: Request): Promise<Response> => {
  const url = new URL(request.url)
  const found = addressed(hub, request, url)
  if (found instanceof Response) return found
  if (found !== undefined) return hub.serve(found.simulator, found.request, found.way)
  const isControl = url.pathname === "/_sim" || url.pathname.startsWith("/_sim/")
  const simulator = isControl || hub.worlds.count() === 0 ? undefined : await credited(hub, request)
  return hub.serve(simulator ?? hub.main, request, plainWay)
}
