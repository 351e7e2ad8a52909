/** What the emails are put together from. */
import { type Message, say, sentences } from "../Messages.ts"
import { label, type Part } from "../MailTemplate.ts"
import * as Text from "../../kernel/Text.ts"

/** What every email may be given. */
export interface From {
  /** The name of the software that sends; `Portolan` when left out. */
  readonly product?: string
}

/** The name of the software that sends. */
export const productOf = (from: From): string => label(from.product ?? "Portolan")

/** A name in a subject. Two names share one, so each has less of it. */
export const short = (name: string): string | Message => Text.line(name, 40) || say("email.no-name")

/** A paragraph of sentences. */
export const paragraph = (...all: ReadonlyArray<Message>): Part => ({ _tag: "Paragraph", text: sentences(...all) })

/** A button with its address. */
export const action = (text: Message, url: string): Part => ({ _tag: "Action", label: text, url })

/** What a person wrote, under their name; nothing when they wrote nothing. */
export const quote = (writer: string, message: string | undefined): ReadonlyArray<Part> =>
  message === undefined || message.trim() === "" ? [] : [{ _tag: "Quote", writer: label(writer), message }]
