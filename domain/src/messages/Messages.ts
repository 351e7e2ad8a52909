/**
 * Every sentence that a person reads comes from one catalogue, by key. Code names a sentence and its parameters
 * (`say`); words are chosen where a page, an answer or an email is written (`render`). Another language is another
 * value of the same type.
 *
 * @example
 * ```ts
 * import { Messages } from "@portolan/domain"
 *
 * const message = Messages.say("company.too-many-brands", { limit: 200 })
 * Messages.render(message) // "A company can have 200 brands."
 *
 * const german: Messages.Catalogue = {
 *   ...Messages.en,
 *   "company.too-many-brands": ({ limit }) => `Eine Firma kann ${limit} Marken haben.`
 * }
 * Messages.render(message, german) // "Eine Firma kann 200 Marken haben."
 * ```
 */
import type { DateTime } from "effect"
import { isMessage, type Message, type Parameter } from "../kernel/Message.ts"
import { en } from "./en.ts"

export { en } from "./en.ts"
export { type Message, type Parameter } from "../kernel/Message.ts"

type En = typeof en

/** The name of a sentence, e.g. `link.expired`. Keys may be renamed between versions; codes of the API are not keys. */
export type Key = keyof En

/** What a sentence is about, by parameter; nothing for plain text. */
export type Params<K extends Key> = En[K] extends (params: infer P) => string ? P : object

/** One language: every key with its words, plain text or a function of the parameters. */
export type Catalogue = {
  readonly [K in Key]: En[K] extends (params: infer P) => string ? string | ((params: P) => string) : string
}

// A word or a list of words may itself be a message, e.g. the label of a role; it is rendered first.
type Input<P> = {
  readonly [Name in keyof P]: P[Name] extends string
    ? P[Name] | Message
    : P[Name] extends ReadonlyArray<string>
      ? ReadonlyArray<string | Message>
      : P[Name]
}

type Arguments<K extends Key> = En[K] extends (params: infer P) => string ? [params: Input<P>] : []

/** Names a sentence, with the values of its parameters. */
export const say = <K extends Key>(key: K, ...[params]: Arguments<K>): Message => ({ key, params: params ?? {} })

/** A sentence in the default language. */
export const text = <K extends Key>(key: K, ...params: Arguments<K>): string => render(say(key, ...params))

type Rendered = string | number | boolean | DateTime.Utc | ReadonlyArray<string>

const rendered = (value: Parameter, language: Catalogue): Rendered => {
  if (isMessage(value)) return render(value, language)
  if (!Array.isArray(value)) return value as Exclude<Parameter, Message | ReadonlyArray<string | Message>>
  return value.map((item: string | Message) => (typeof item === "string" ? item : render(item, language)))
}

/** The words of a message. A key that the catalogue does not have (one of another version) is shown as it is. */
export const render = ({ key, params }: Message, language: Catalogue = en): string => {
  if (!Object.hasOwn(language, key)) return key
  const words = language[key as Key] as string | ((params: { readonly [name: string]: Rendered }) => string)
  if (typeof words === "string") return words
  return words(Object.fromEntries(Object.entries(params).map(([name, value]) => [name, rendered(value, language)])))
}

/** Several sentences after one another. */
export const sentences = (...all: ReadonlyArray<Message>): Message => say("text.sentences", { sentences: all })

/** Text that a person or a provider wrote, or that was kept in words; it is the same in every language. */
export const verbatim = (written: string): Message => say("text.verbatim", { written })
