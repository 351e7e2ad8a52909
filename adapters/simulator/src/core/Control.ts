/**
 * The shell around the core: turns `Request` into a plain request and back, finds the host a mapped address stands for,
 * and serves the control surface under `/_sim`. Control answers only to loopback names and those that it was told, so
 * that no web page reaches it by a name of its own.
 */
import { accept, NotUnderstood } from "../control/accept.ts"
import { hint } from "../control/nearest.ts"
import * as OpenApi from "../control/openapi.ts"
import type { Operation } from "../control/Operation.ts"
import { all } from "../control/operations.ts"
import type { Way } from "./ManyWorlds.ts"
import { locate, readBody, respond } from "./shell.ts"
import type { Simulator } from "./SimulatorApi.ts"
import type { WireReply } from "./Wire.ts"
import * as Wire from "./Wire.ts"

const loopback = new Set(["127.0.0.1", "localhost", "[::1]"])

/** Whether the caller is to blame: a value out of range, or a body that is no JSON of the expected shape. */
const isMistake = (error: unknown): boolean =>
  error instanceof RangeError || error instanceof SyntaxError || error instanceof TypeError

const failed = (status: number, error: string): Response => Response.json({ error }, { status })

/** Whether a call is at a place; a part in braces stands for any. */
const isAt = (operation: Operation, path: string): boolean => {
  const parts = path.split("/")
  const own = operation.path.split("/")
  return own.length === parts.length && own.every((part, index) => part.startsWith("{") || part === parts[index])
}

/** The call that a request names; a sentence about those that there are when it names none. */
const find = (method: string, path: string): Operation | { readonly status: number; readonly why: string } => {
  const here = all.filter((one) => isAt(one, path))
  const found = here.find((one) => one.method === (method === "HEAD" ? "GET" : method))
  if (found !== undefined) return found
  if (here.length > 0) return { status: 405, why: `${path} takes ${here.map((one) => one.method).join(", ")}` }
  const known = [...new Set(all.map((one) => one.path))]
  return { status: 404, why: `there is no call ${path.slice(0, 60)}: ${hint(path, known)}` }
}

const queryOf = (operation: Operation, url: URL): Readonly<Record<string, string>> => {
  const known = operation.query.map(({ name }) => name)
  for (const name of url.searchParams.keys()) {
    if (!known.includes(name)) {
      const rest = known.length === 0 ? "nothing is taken there" : hint(name, known)
      throw new NotUnderstood(`${name.slice(0, 60)} is not known in the query of ${operation.path}: ${rest}`)
    }
  }
  return Object.fromEntries(url.searchParams)
}

/** The parts of a path that stand in braces. */
const pathOf = (operation: Operation, url: URL): Readonly<Record<string, string>> => {
  const parts = url.pathname.slice("/_sim".length).split("/")
  return Object.fromEntries(
    operation.path.split("/").flatMap((part, index) => {
      const [, name] = /^\{(\w+)\}$/.exec(part) ?? []
      return name === undefined ? [] : [[name, decodeURIComponent(parts[index] ?? "")]]
    })
  )
}

const bodyOf = async (operation: Operation, request: Request): Promise<unknown> => {
  if (operation.body === null) return undefined
  const text = await readBody(request)
  if (text === undefined) throw new NotUnderstood("the body is longer than two megabytes")
  return accept(operation.body, JSON.parse(text))
}

const perform = async (simulator: Simulator, operation: Operation, request: Request, url: URL): Promise<Response> => {
  // A form post from a web page cannot carry this content type without asking first.
  const isRead = request.method === "GET" || request.method === "HEAD"
  if (!isRead && !(request.headers.get("content-type") ?? "").startsWith("application/json")) {
    return failed(415, "send JSON")
  }
  try {
    const query = queryOf(operation, url)
    const body = await bodyOf(operation, request)
    return Response.json(
      await operation.run(simulator, { query, body, path: pathOf(operation, url), base: url.origin })
    )
  } catch (error) {
    return failed(isMistake(error) ? 400 : 500, error instanceof Error ? error.message : String(error))
  }
}

const control = async (simulator: Simulator, request: Request, url: URL): Promise<Response> => {
  const path = url.pathname.slice("/_sim".length)
  if (path === "/openapi.json" && request.method === "GET") return Response.json(OpenApi.document(all))
  const operation = find(request.method, path)
  return "why" in operation ? failed(operation.status, operation.why) : perform(simulator, operation, request, url)
}

/**
 * Answers a request that has found its world; rejects only where a fault breaks the connection, as a `fetch` of a
 * broken one does. `front` makes the front page of a standalone simulator.
 */
export const serve = async (
  simulator: Simulator,
  front: (simulator: Simulator, base: string) => WireReply,
  request: Request,
  { label, prefix }: Way
): Promise<Response> => {
  const url = new URL(request.url)
  const place = locate(simulator, url, prefix)
  const isControl = url.pathname === "/_sim" || url.pathname.startsWith("/_sim/")
  const machine = url.hostname.slice(label.length)
  const isOwn = loopback.has(machine) || simulator.names.has(machine)
  if (place === undefined && isControl) {
    return isOwn
      ? control(simulator, request, url)
      : failed(403, `control answers to loopback names and those given by --name, not to ${url.hostname}`)
  }
  if (place === undefined && url.pathname === "/healthz") {
    return respond(Wire.json(200, { status: "ok" }, { "cache-control": "no-store" }), request.method)
  }
  if (place === undefined && url.pathname === "/" && isOwn) {
    return respond(front(simulator, `${url.origin}${prefix}`), request.method)
  }
  const body = await readBody(request)
  if (body === undefined) return Response.json({ message: "Request Entity Too Large" }, { status: 413 })
  return respond(
    simulator.answer({
      method: request.method,
      ...(place ?? { host: url.hostname, path: url.pathname, base: `${url.origin}${prefix}` }),
      query: url.search.slice(1),
      headers: Object.fromEntries(request.headers),
      body
    }),
    request.method
  )
}
