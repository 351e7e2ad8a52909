/**
 * A sentence for a person, as data: the key of a sentence in a message catalogue, and what it is about. It carries no
 * words, so it can be compared and rendered in any language (`Messages.render`).
 */
import type { DateTime } from "effect"
import * as Schema from "effect/Schema"

/** What a sentence is about. A message as a parameter is rendered first, in the same language. */
export type Parameter = string | number | boolean | DateTime.Utc | Message | ReadonlyArray<string | Message>

/** The key of a sentence and the values of its parameters. */
export interface Message {
  readonly key: string
  readonly params: { readonly [name: string]: Parameter }
}

/** Whether a parameter is itself a message. */
export const isMessage = (value: unknown): value is Message =>
  typeof value === "object" && value !== null && "key" in value && "params" in value

/** The key of a sentence and the values of its parameters. Not for storage: words are stored, keys may be renamed. */
export const Message: Schema.declare<Message> = Schema.declare(isMessage)

/** Why something is not possible, and what to do instead. */
export const Explanation = Schema.Struct({ detail: Message, nextStep: Message })
export type Explanation = typeof Explanation.Type
