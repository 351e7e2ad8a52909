/** A simulator that breaks one rule, and how it does so: by what it changes before or after each request. */
import type { WireReply, WireRequest } from "../core/Wire.ts"
import type { World } from "../core/World.ts"

/** A mutant. */
export type Mutant = {
  /** What it does wrong. */
  readonly id: string
  /** Rules and promises whose checks catch it. */
  readonly by: ReadonlyArray<string>
  readonly before?: (world: World, request: WireRequest, now: number) => WireRequest
  readonly after?: (world: World, request: WireRequest, reply: WireReply) => WireReply
  /** The time at which a request is answered. */
  readonly at?: (request: WireRequest, now: number) => number
}

/** Changes things in place, whatever their types say about change. */
export const edit = <A extends object>(
  things: Iterable<A>,
  change: (one: A) => { readonly [K in keyof A]?: unknown }
): void => {
  for (const one of things) Object.assign(one, change(one))
}

/** The form of a request. */
export const fieldsOf = ({ body }: WireRequest): URLSearchParams => new URLSearchParams(body)

/** A request with another header. */
export const withHeader = (request: WireRequest, name: string, value: string): WireRequest => ({
  ...request,
  headers: { ...request.headers, [name]: value }
})

/** A request whose query was changed. */
export const withQuery = (request: WireRequest, change: (query: URLSearchParams) => void): WireRequest => {
  const query = new URLSearchParams(request.query)
  change(query)
  return { ...request, query: query.toString() }
}

/** Changes something before each request. */
export const always =
  (run: (world: World, request: WireRequest, now: number) => void): NonNullable<Mutant["before"]> =>
  (world, request, now) => {
    run(world, request, now)
    return request
  }
