/** What a fault is made of: where, when, what, how often, until when. */

/** Which calls a fault touches. Missing parts match everything; `path` is a prefix. */
export type Where = { readonly host?: string; readonly path?: string; readonly method?: string }

/** What goes wrong. */
export type Effect =
  /** An answer that is not the provider's. `body` picks JSON in the family's shape, an edge's HTML page, or nothing. */
  | {
      readonly kind: "status"
      readonly status: number
      readonly body?: "json" | "html" | "empty"
      readonly retryAfter?: string
    }
  /** The right status, the wrong content. */
  | { readonly kind: "junk"; readonly body: "html" | "truncated" | "empty" | "not-json" }
  /** The right answer, late, in milliseconds of real time. */
  | { readonly kind: "delay"; readonly milliseconds: number }

/** How often. `nth` counts matching calls from 1; a probability is drawn from the world's seed. */
export type Times =
  | { readonly kind: "always" }
  | { readonly kind: "first"; readonly count: number }
  | { readonly kind: "nth"; readonly n: number }
  | { readonly kind: "probability"; readonly of: number }

/** A fault as somebody asks for it. */
export type Order = {
  readonly id?: string
  readonly where?: Where
  readonly effect: Effect
  /** `before`: nothing happened. `after`: it happened, and the reply is spoilt. Junk and delay are always after. */
  readonly when?: "before" | "after"
  readonly times?: Times
  /** Provider time in milliseconds at which it stops by itself. */
  readonly until?: number
}

/** An armed fault. */
export type Fault = Required<Pick<Order, "id" | "where" | "effect" | "when" | "times">> & {
  readonly until: number | null
  seen: number
  fired: number
}
