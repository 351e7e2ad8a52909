/** The mails of an installation without a mail server, read from its mailbox page as a person reads them. */
import { type Browser, Unexpected } from "./Http.ts"
import { until } from "./Place.ts"

/** A mail as the mailbox shows it. */
export interface Mail {
  readonly to: string
  readonly subject: string
  readonly text: string
  readonly html: string
}

const entities: { readonly [name: string]: string } = { amp: "&", lt: "<", gt: ">", quot: '"', "#39": "'" }
const plain = (markup: string): string =>
  markup
    .replaceAll(/<[^>]*>/g, "")
    .replaceAll(/&(amp|lt|gt|quot|#39);/g, (whole, name: string) => entities[name] ?? whole)
const found = (markup: string, pattern: RegExp): string => plain(pattern.exec(markup)?.[1] ?? "")
// An attribute's value holds no tags of its own until its entities are read.
const attribute = (markup: string, pattern: RegExp): string =>
  (pattern.exec(markup)?.[1] ?? "").replaceAll(
    /&(amp|lt|gt|quot|#39);/g,
    (whole, name: string) => entities[name] ?? whole
  )

const read = (item: string): Mail => ({
  // A person's name, where one is known, stands before the address.
  to:
    found(item, /<span class="muted">to ([\s\S]*?) ·/)
      .split(", ")
      .at(-1) ?? "",
  subject: found(item, /<summary><strong>([\s\S]*?)<\/strong>/),
  text: found(item, /<pre[^>]*>([\s\S]*?)<\/pre>/),
  html: attribute(item, /srcdoc="([^"]*)"/)
})

/** The most pages that are looked through. */
const pagesAtMost = 6

/**
 * All kept mails that a browser may read, the youngest first: those of its organization, or the installation's for a
 * guest.
 */
export const mails = async (
  reader: Browser,
  box: "organization" | "installation" = "organization"
): Promise<ReadonlyArray<Mail>> => {
  const all: Array<Mail> = []
  let next: string | undefined = box === "installation" ? "/mailbox?box=installation" : "/mailbox"
  for (let page = 0; page < pagesAtMost && next !== undefined; page++) {
    const answer = await reader.go(next)
    if (answer.status !== 200) throw new Unexpected(`the mailbox answered ${answer.status}`)
    all.push(
      ...answer.page
        .split(/<li class="card"><details>/)
        .slice(1)
        .map(read)
    )
    const more: string | undefined = /<a[^>]*href="(\/mailbox\?[^"]*cursor=[^"]+)"[^>]*rel="next"/.exec(
      answer.page
    )?.[1]
    next = more === undefined ? undefined : plain(more)
  }
  return all
}

/** Waits for a mail to an address whose subject contains a text. Work that is due mails within a second or two. */
export const mailTo = (
  reader: Browser,
  email: string,
  subject: string,
  box?: "organization" | "installation"
): Promise<Mail> =>
  until(`a mail to ${email} about “${subject}”`, 30, async () =>
    (await mails(reader, box)).find((mail) => mail.to === email && mail.subject.includes(subject))
  )

/** The path of the first address in a mail that begins with a path of this installation. */
export const linkIn = ({ text, subject }: Mail, path: string): string => {
  const url = text.split(/\s+/).find((word) => URL.canParse(word) && new URL(word).pathname.startsWith(path))
  if (url === undefined)
    throw new Unexpected(`the mail “${subject}” has no address that begins with ${path}: ${text.slice(0, 300)}`)
  const { pathname, search } = new URL(url)
  return `${pathname}${search}`
}
