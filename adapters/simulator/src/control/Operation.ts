/** One call of the control API as data: where it is, what it takes, what it does. */
import type { Simulator } from "../core/SimulatorApi.ts"
import type { Body } from "./accept.ts"

/** A parameter in the address. */
export type QueryParameter = { readonly name: string; readonly about: string; readonly type: "string" | "integer" }

/** What a call was sent with: the values of its query and path by name, and its body, which fits the schema. */
export type Sent<A> = {
  readonly query: Readonly<Record<string, string>>
  readonly path: Readonly<Record<string, string>>
  readonly body: A
  /** Where the simulator was reached, such as `http://127.0.0.1:4010`. */
  readonly base: string
}

/** A call of the control API. */
export type Operation = {
  readonly method: "GET" | "POST" | "DELETE"
  /** Below `/_sim`; a part in braces stands for any. */
  readonly path: string
  /** What it is called in the description, and by clients that are made from it. */
  readonly id: string
  readonly summary: string
  readonly query: ReadonlyArray<QueryParameter>
  readonly body: Body<unknown> | null
  readonly run: (simulator: Simulator, sent: Sent<unknown>) => unknown
}

/** What every call says about itself. */
type About = { readonly id: string; readonly summary: string; readonly query?: ReadonlyArray<QueryParameter> }

type Without = (simulator: Simulator, sent: Sent<undefined>) => unknown

/** A call that takes no body. */
export const read = (method: "GET" | "DELETE", path: string, about: About, run: Without): Operation => ({
  method,
  path,
  query: [],
  ...about,
  body: null,
  run: (simulator, sent) => run(simulator, { ...sent, body: undefined })
})

/** A call that changes something, or asks a question that is too long for an address. */
export const write = <A>(
  path: string,
  about: About & { readonly body: Body<A> },
  run: (simulator: Simulator, sent: Sent<A>) => unknown
): Operation => ({
  method: "POST",
  path,
  query: [],
  ...about,
  run: (simulator, sent) => run(simulator, sent as Sent<A>)
})
