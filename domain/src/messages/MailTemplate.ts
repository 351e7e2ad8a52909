/**
 * How a letter looks: one list of parts, written as plain text and as HTML that say the same. The HTML has no tables,
 * no pictures and no style sheet, because mail programs drop what they do not know.
 *
 * Names, labels and messages are what people typed, so none of it is trusted: names and subjects become one short line
 * (`Text.line`), a message is quoted under the name of its writer, and HTML is escaped where it is written and nowhere
 * else. A link is ours: one that is no web address is a mistake of the program, and a defect.
 */
import { Schema } from "effect"
import * as Text from "../kernel/Text.ts"

/** The longest subject, in characters; most mail programs show fewer. */
export const subjectLimit = 120

/** The longest name or label within a letter, in characters. */
export const labelLimit = 80

/** The longest message that a person adds to a letter, in characters. */
export const messageLimit = 2000

/** The most lines of a message. */
export const lineLimit = 60

/** The longest link, in characters. */
export const linkLimit = 2000

/** A letter as it is sent. The subject is one line; text and HTML say the same. */
export const EmailMessage = Schema.Struct({
  subject: Schema.String.check(Schema.isMaxLength(subjectLimit), Text.readable),
  text: Schema.String,
  html: Schema.String
})
export type EmailMessage = typeof EmailMessage.Type

/** A part of a letter. The address of an action is shown beside the button, for programs that show no HTML. */
export type Part =
  | { readonly _tag: "Words"; readonly words: string }
  | { readonly _tag: "Facts"; readonly facts: ReadonlyArray<readonly [name: string, value: string]> }
  | { readonly _tag: "Quote"; readonly writer: string; readonly message: string }
  | { readonly _tag: "Action"; readonly label: string; readonly url: string }

/** What a letter is made of. */
export interface Content {
  readonly subject: string
  /** Whom it greets; nobody by name when left out, or when the name carries an address. */
  readonly name?: string
  /** From top to bottom. */
  readonly parts: ReadonlyArray<Part>
  /** Paragraphs at the end, in small letters. */
  readonly smallPrint: ReadonlyArray<string>
}

/** Whether text can be a letter's link: an http(s) address without spaces, quotes or brackets that would end it. */
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

/** A name or label as a letter shows it: one line, never empty. */
export const label = (text: string): string => Text.line(text, labelLimit) || "(no name)"

/** The lines of what a person typed, at most `limit` characters and 60 lines; what was cut ends in an ellipsis. */
export const linesOf = (text: string, limit = messageLimit): ReadonlyArray<string> => {
  const lines = text
    .slice(0, limit)
    .trim()
    .split(/\r\n|[\r\n\u0085\u2028\u2029]/u)
  const kept = lines.slice(0, lineLimit).map((line) => Text.line(line, limit))
  return lines.length > lineLimit || text.length > limit ? [...kept, "…"] : kept
}

/**
 * Whether a name carries an address. Whoever signs up with somebody else's e-mail chooses the name in a mail that we send, and
 * mail programs make links of what looks like one.
 */
const carriesAddress = (name: string): boolean => /:\/\/|@|[\p{L}\p{N}-]\.\p{L}{2,}/u.test(name)

const linkOf = (url: string): string => {
  if (!isLink(url)) throw new Error("a letter's link is no web address")
  return url
}

const textOf = (part: Part): string => {
  switch (part._tag) {
    case "Words":
      return part.words
    case "Facts":
      return part.facts.map(([name, value]) => `${name}: ${value}`).join("\n")
    case "Quote":
      return [`${part.writer} writes:`, ...linesOf(part.message).map((line) => `> ${line}`.trimEnd())].join("\n")
    case "Action":
      return `${part.label}:\n${linkOf(part.url)}`
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

const htmlOf = (part: Part): string => {
  switch (part._tag) {
    case "Words":
      return `<p style="${style.paragraph}">${escape(part.words)}</p>`
    case "Facts": {
      const facts = part.facts.map(([name, value]) => `${escape(name)}: <strong>${escape(value)}</strong>`)
      return `<p style="${style.paragraph}">${lines(facts)}</p>`
    }
    case "Quote":
      return `<p style="margin:0 0 4px">${escape(part.writer)} writes:</p>
<blockquote style="${style.quoted}">${lines(linesOf(part.message).map(escape))}</blockquote>`
    case "Action": {
      const url = escape(linkOf(part.url))
      return `<p style="margin:0 0 8px"><a href="${url}" style="${style.button}">${escape(part.label)}</a></p>
<p style="${style.small};word-break:break-all">${url}</p>`
    }
  }
}

/**
 * Makes a letter. The subject is cut to one short line; names within parts are made short by whoever writes them
 * (`label`). Dies when a link is none (`isLink`): links come from the program, never from a person.
 */
export const make = ({ name = "", parts, smallPrint, subject }: Content): EmailMessage => {
  const title = Text.line(subject, subjectLimit) || "(no subject)"
  const greeting = Text.line(name, labelLimit) === "" || carriesAddress(name) ? "Hello," : `Hello ${label(name)},`
  const all: ReadonlyArray<Part> = [{ _tag: "Words", words: greeting }, ...parts]
  return {
    subject: title,
    text: `${[...all.map(textOf), ...smallPrint].join("\n\n")}\n`,
    html: `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width">
<title>${escape(title)}</title>
</head>
<body style="${style.page}">
<div style="${style.sheet}">
${all.map(htmlOf).join("\n")}
${smallPrint.map((words) => `<p style="${style.small}">${escape(words)}</p>`).join("\n")}
</div>
</body>
</html>
`
  }
}
