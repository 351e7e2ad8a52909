/** What the laws of mailers share. */
import { Text } from "@portolan/domain"
import type { Mailer } from "@portolan/ports"
import { Effect } from "effect"
import * as fc from "fast-check"
import { forAll, type Description } from "../../forAll.ts"
import type { MailerInstance } from "./MailerInstance.ts"

/** Makes a part of a law of mailers. */
export const check = <Input>(description: Description<MailerInstance, Input>) => forAll(description)

const email = (text: string) => Text.Email.make(text)

/** A mail as data. */
export interface Sent {
  readonly organization: 0 | 1
  readonly id: string
  readonly name: string
  readonly word: string
}

/** Names as people type them, among them some that would be headers. */
export const names = [
  "Marta Quist",
  "Märta 株式会社 🧭",
  "Marta\r\nBcc: victim@example.com",
  "Marta\nX-Evil: 1",
  '" <victim@example.com>, "x',
  "victim@example.com, other@example.com",
  "=?utf-8?q?=0D=0ABcc:_victim@example.com?=",
  ""
] as const

/** Draws mails with few ids, the better to meet again. */
export const sent: fc.Arbitrary<Sent> = fc.record({
  organization: fc.constantFrom<0 | 1>(0, 0, 1),
  id: fc.constantFrom("a", "a", "b", "c", "a/owner", "A", " a"),
  name: fc.constantFrom(...names),
  word: fc.constantFrom("one", "two", "drei ü", "株式会社 🧭", "<b>")
})

/** The mail itself. */
export const mailOf = ({ organizations }: MailerInstance, { id, name, organization, word }: Sent): Mailer.Mail => ({
  id,
  organizationId: organizations[organization],
  to: { name, email: email("marta@harbor.example") },
  replyTo: { name, email: email("dana@ledgerline.example") },
  emailMessage: { subject: `About ${word}`, text: `Text: ${word}`, html: `<p>${word.replaceAll("<", "&lt;")}</p>` }
})

/** All mails that are kept for an organization, page by page; too many pages end the walk. */
export const keptOf = Effect.fnUntraced(function* (
  { mailer, organizations }: MailerInstance,
  organization: 0 | 1,
  limit: number
) {
  const all: Array<Mailer.KeptMail> = []
  let cursor: string | undefined
  for (let page = 0; page < 2_000; page++) {
    const found = yield* mailer.kept(organizations[organization], {
      limit,
      ...(cursor === undefined ? {} : { cursor })
    })
    all.push(...found.items)
    cursor = found.next
    if (cursor === undefined) break
  }
  return all
})
