/**
 * How an email looks: one list of parts, written as plain text and as HTML that say the same. The HTML has no tables,
 * no pictures and no style sheet, because mail programs drop what they do not know.
 *
 * Names, labels and messages are what people typed, so none of it is trusted: names and subjects become one short line
 * (`Text.line`), a message is quoted under the name of its writer, and HTML is escaped where it is written and nowhere
 * else. A link is ours: one that is no web address is a mistake of the program, and a defect.
 */
import * as Schema from "effect/Schema"
import type { Message } from "../kernel/Message.ts"
import * as Text from "../kernel/Text.ts"
import { type Catalogue, en, render, say, text as textIn } from "./Messages.ts"

/** The longest subject, in characters; most mail programs show fewer. */
export const subjectLimit = 120

/** The longest heading of a piece of news, in characters. */
export const newsSubjectLimit = 200

/** The longest text of a piece of news, in characters: as it waits for its mail, and as the mail tells it. */
export const newsTextLimit = 1000

/** The longest name or label within an email, in characters. */
export const labelLimit = 80

/** The longest message that a person adds to an email, in characters. */
export const messageLimit = 2000

/** The most lines of a message. */
export const lineLimit = 60

/** The longest link, in characters. */
export const linkLimit = 2000

/** An email as it is sent. The subject is one line; text and HTML say the same. */
export const EmailMessage = Schema.Struct({
  subject: Schema.String.check(Schema.isMaxLength(subjectLimit), Text.readable),
  text: Schema.String,
  html: Schema.String
})
export type EmailMessage = typeof EmailMessage.Type

/** A message of the catalogue, or text that somebody wrote. */
export type TextOrMessage = string | Message

/** A part of an email. The address of an action is shown beside the button, for programs that show no HTML. */
export type Part =
  | { readonly _tag: "Paragraph"; readonly text: TextOrMessage }
  | { readonly _tag: "Facts"; readonly facts: ReadonlyArray<readonly [name: TextOrMessage, value: TextOrMessage]> }
  | { readonly _tag: "Quote"; readonly writer: string; readonly message: string }
  | { readonly _tag: "Action"; readonly label: TextOrMessage; readonly url: string }

/** What an email is made of. */
export interface Content {
  readonly subject: TextOrMessage
  /** The name in the greeting; no name when left out, or when the name carries an address. */
  readonly name?: string
  /** From top to bottom. */
  readonly parts: ReadonlyArray<Part>
  /** Paragraphs at the end, in small letters. */
  readonly smallPrint: ReadonlyArray<TextOrMessage>
}

/** Whether text can be an email's link: an http(s) address without spaces, quotes or brackets that would end it. */
export const isLink = (url: string): boolean =>
  url.length <= linkLimit && /^https?:\/\/[^/?#]/u.test(url) && !/[\s"'<>\\^`{|}\p{C}]/u.test(url) && URL.canParse(url)

const escaped: { readonly [character: string]: string } = {
  "&": "&amp;",
  "<": "&lt;",
  ">": "&gt;",
  '"': "&quot;",
  "'": "&#39;"
}

/** Writes text into HTML, as content or as a quoted attribute. */
export const escape = (text: string): string => text.replace(/[&<>"']/gu, (character) => escaped[character] ?? "")

/** A name or label as an email shows it: one line, never empty. */
export const label = (text: string): string => Text.line(text, labelLimit) || textIn("email.no-name")

/** The lines of what a person typed, at most `limit` characters and 60 lines; what was cut ends in an ellipsis. */
export const linesOf = (text: string, limit = messageLimit): ReadonlyArray<string> => {
  const lines = Text.cut(text, limit)
    .trim()
    .split(/\r\n|[\r\n\u0085\u2028\u2029]/u)
  const kept = lines.slice(0, lineLimit).map((line) => Text.line(line, limit))
  return lines.length > lineLimit || text.length > limit ? [...kept, "…"] : kept
}

/**
 * Whether a name carries an address. Somebody who signs up with another person's e-mail address chooses the name in an
 * email that we send, and mail programs make links of what looks like one.
 */
const carriesAddress = (name: string): boolean => /:\/\/|@|[\p{L}\p{N}-]\.\p{L}{2,}/u.test(name)

const linkOf = (url: string): string => {
  if (!isLink(url)) throw new Error("the link of an email is no web address")
  return url
}

const wordsOf = (words: TextOrMessage, language: Catalogue): string =>
  typeof words === "string" ? words : render(words, language)

const textOf = (part: Part, language: Catalogue): string => {
  const words = (one: TextOrMessage) => wordsOf(one, language)
  switch (part._tag) {
    case "Paragraph":
      return words(part.text)
    case "Facts":
      return part.facts.map(([name, value]) => `${words(name)}: ${words(value)}`).join("\n")
    case "Quote": {
      const said = linesOf(part.message).map((line) => `> ${line}`.trimEnd())
      return [words(say("email.writes", { writer: part.writer })), ...said].join("\n")
    }
    case "Action":
      return `${words(part.label)}:\n${linkOf(part.url)}`
  }
}

const style = {
  page: "margin:0;padding:24px 12px;background:#f3f5f7",
  sheet:
    "max-width:560px;margin:0 auto;padding:24px;background:#ffffff;color:#1c2730;" +
    "font-family:Helvetica,Arial,sans-serif;font-size:16px;line-height:24px",
  paragraph: "margin:0 0 16px",
  quoted: "margin:0 0 16px;padding:4px 12px;border-left:3px solid #b8c4ce",
  button:
    "display:inline-block;padding:12px 20px;border-radius:6px;background:#14507a;color:#ffffff;" +
    "text-decoration:none;font-weight:bold",
  small: "margin:0 0 8px;font-size:13px;line-height:19px;color:#5a6570"
}

const lines = (all: ReadonlyArray<string>) => all.join("<br>\n")

const htmlOf = (part: Part, language: Catalogue): string => {
  const words = (one: TextOrMessage) => escape(wordsOf(one, language))
  switch (part._tag) {
    case "Paragraph":
      return `<p style="${style.paragraph}">${words(part.text)}</p>`
    case "Facts": {
      const facts = part.facts.map(([name, value]) => `${words(name)}: <strong>${words(value)}</strong>`)
      return `<p style="${style.paragraph}">${lines(facts)}</p>`
    }
    case "Quote":
      return `<p style="margin:0 0 4px">${words(say("email.writes", { writer: part.writer }))}</p>
<blockquote style="${style.quoted}">${lines(linesOf(part.message).map(escape))}</blockquote>`
    case "Action": {
      const url = escape(linkOf(part.url))
      return `<p style="margin:0 0 8px"><a href="${url}" style="${style.button}">${words(part.label)}</a></p>
<p style="${style.small};word-break:break-all">${url}</p>`
    }
  }
}

const greetingOf = (name: string): Message =>
  Text.line(name, labelLimit) === "" || carriesAddress(name)
    ? say("email.hello")
    : say("email.hello-name", { name: label(name) })

/**
 * Makes an email. The subject is cut to one short line; names within parts are made short by their writer (`label`).
 * Dies when a link is none (`isLink`): links come from the program, never from a person.
 */
export const make = ({ name = "", parts, smallPrint, subject }: Content, language: Catalogue = en): EmailMessage => {
  const title = Text.line(wordsOf(subject, language), subjectLimit) || render(say("email.no-subject"), language)
  const all: ReadonlyArray<Part> = [{ _tag: "Paragraph", text: greetingOf(name) }, ...parts]
  const small = smallPrint.map((words) => wordsOf(words, language))
  return {
    subject: title,
    text: `${[...all.map((part) => textOf(part, language)), ...small].join("\n\n")}\n`,
    html: `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width">
<title>${escape(title)}</title>
</head>
<body style="${style.page}">
<div style="${style.sheet}">
${all.map((part) => htmlOf(part, language)).join("\n")}
${small.map((words) => `<p style="${style.small}">${escape(words)}</p>`).join("\n")}
</div>
</body>
</html>
`
  }
}
