/** One request and its answer, as the journal tells it and as a handler learns about it. */

/** One exchange. */
export type Entry = {
  readonly sequence: number
  /** Provider time, ISO 8601. */
  readonly at: string
  readonly method: string
  readonly host: string
  readonly path: string
  readonly query: Readonly<Record<string, string>>
  /** What the provider calls this operation; `unknown` when it calls it nothing. */
  readonly operation: string
  readonly status: number
  /** The refusal, if it was one. */
  readonly rule: string | null
  readonly fault: string | null
  readonly application: string | null
  readonly grant: string | null
  /** Profile, seller or vendor id the call was about. */
  readonly account: string | null
  /** Secrets of the request, by label. */
  readonly secrets: ReadonlyArray<string>
  /** Whether something secret stood in the address (a client must never do that). */
  readonly secretInAddress: boolean
  /** Fields of a form, secrets as labels; empty for other bodies. */
  readonly fields: Readonly<Record<string, string>>
}

/** What a handler learns about a call while it answers. */
export type Note = {
  operation: string
  rule: string | null
  fault: string | null
  application: string | null
  grant: string | null
  account: string | null
  readonly secrets: Array<string>
  fields: Record<string, string>
}
