import type { Authorization } from "@portolan/domain"

/** What became of a callback. Each case is a page that says what happened and what to do next. */
export type CallbackResult =
  /** The consent is recorded and waits for a person's choice, or the authorization ended; the state says which. */
  | { readonly _tag: "Handled"; readonly authorization: Authorization.Present }
  /** The same callback came before; the state says what became of it. */
  | { readonly _tag: "Repeated"; readonly authorization: Authorization.Present }
  /** The callback belongs to another browser. Nothing changed. */
  | { readonly _tag: "BrowserMismatch" }
  /** Nothing is known of this callback. A forged one, and one of another installation, look the same. */
  | { readonly _tag: "Unknown" }
