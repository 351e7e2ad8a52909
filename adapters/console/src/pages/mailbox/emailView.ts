/**
 * A mail as it is sent, in both forms. The HTML stands in a frame of its own that runs nothing, posts nothing and leads
 * nowhere; the links of an email that was kept stand above it, because its button cannot be pressed.
 */
import type { EmailMessage } from "@portolan/domain"
import { words } from "../../messages/words.ts"
import { html, type Markup } from "../../page/html.ts"

const { mailbox } = words

/**
 * For pages that show an email: mail programs know styles only as attributes, and a frame inherits the page's policy.
 * Everything else stays as strict as elsewhere.
 */
export const emailPolicy =
  "default-src 'self'; style-src 'self'; style-src-attr 'unsafe-inline'; img-src 'self' data:; " +
  "object-src 'none'; base-uri 'none'; frame-ancestors 'none'; form-action 'self'"

/** Only lines that are an address of this installation become links; whatever else is typed stays text. */
const isOurs = (line: string, origin: string) => line.startsWith(`${origin}/`) && !/\s/.test(line)

const lines = (text: string, origin: string): ReadonlyArray<Markup> =>
  text
    .trimEnd()
    .split("\n")
    .map((line) => (isOurs(line, origin) ? html`<a href="${line}">${line}</a>\n` : html`${line}\n`))

/** The links of an email that was kept instead of sent: a reader follows them here, or passes them on. */
export const emailLinks = ({ text }: EmailMessage.EmailMessage, origin: string): Markup => {
  const found = [...new Set(text.split("\n").filter((line) => isOurs(line, origin)))]
  return html`${
    found.length > 0 &&
    html`<p class="email-links"><span class="muted">${
      found.length === 1 ? mailbox.linkOfMail : mailbox.linksOfMail
    }</span>${found.map((line) => html` <a href="${line}">${line}</a>`)}</p>`
  }`
}

/** An email. `label` names it where a page shows several. */
export const emailView = (
  { html: markup, subject, text }: EmailMessage.EmailMessage,
  origin: string,
  label: string
): Markup =>
  html`<div class="emailMessage">
  <p class="email-subject"><span class="muted">${mailbox.subject}</span> <strong>${subject}</strong></p>
  <iframe title="${mailbox.asHtml({ label })}" sandbox srcdoc="${markup}" loading="lazy"></iframe>
  <details class="more"><summary>${mailbox.asPlainText}<span class="sr-only"> (${label})</span></summary>
  <pre tabindex="0" aria-label="${mailbox.plainTextOf({ label })}">${lines(text, origin)}</pre></details>
</div>`
