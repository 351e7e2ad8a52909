/** What a fault is made of: where, when, what, how often, until when. */

/** Which calls a fault touches. Missing parts match everything; `path` is a prefix. */
export type Where = { readonly host?: string; readonly path?: string; readonly method?: string }

/** What goes wrong. */
export type Effect =
  /**
   * An answer that is not the provider's: one of your own, with `json` or `text`, such as a recorded incident, or one
   * that `body` picks: JSON in the family's shape, an edge's HTML page, or nothing.
   */
  | {
      readonly kind: "status"
      readonly status: number
      readonly body?: "json" | "html" | "empty"
      readonly json?: unknown
      readonly text?: string
      /** Added to the answer, names in any case; a `content-type` of yours takes the place of the usual one. */
      readonly headers?: Readonly<Record<string, string>>
      readonly retryAfter?: string
    }
  /** The connection breaks before an answer. */
  | { readonly kind: "reset" }
  /** The right answer, cut in the middle: the announced length is the whole's, and then the connection breaks. */
  | { readonly kind: "cut" }
  /** The right status, the wrong content. */
  | { readonly kind: "junk"; readonly body: "html" | "truncated" | "empty" | "not-json" }
  /**
   * One part of the right answer is another: gone, null, of another type, under another name, or with something beside
   * it that nobody knows. `path` is keys and positions with dots, `*` for each of a list, such as `0.accountInfo.name`.
   */
  | {
      readonly kind: "field"
      readonly path: string
      readonly change: "remove" | "null" | "retype" | "rename" | "extra"
    }
  /** The client is sent elsewhere, such as to another host or to plain HTTP. */
  | { readonly kind: "redirect"; readonly to: string; readonly status?: 301 | 302 | 307 | 308 }
  /** No answer at all, until the client gives up. */
  | { readonly kind: "hang" }
  /** The right answer, so many bytes a second. */
  | { readonly kind: "drip"; readonly bytesPerSecond: number }
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
  /**
   * `before`: nothing happened. `after`: it happened, and the reply is spoilt. Junk, fields, delays, drips and cuts are
   * always after.
   */
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
