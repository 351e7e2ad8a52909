/** What is mailed to people: one-line subjects, links as they were given, nothing typed that escapes into HTML. */
import { describe, expect, it } from "@effect/vitest"
import { EmailMessage, MailTemplate } from "@portolan/domain"
import { Arbitrary, DateTime, Schema } from "effect"
import { between, oneOf, texts } from "./support/values.ts"

const points = (...codes: ReadonlyArray<number>) => String.fromCodePoint(...codes)
const hostile = [
  "Dana\r\nBcc: victim@example.com",
  "</title><script>alert(1)</script>",
  '" onmouseover="x',
  "<img src=x onerror=alert(1)>",
  "a\u2028b\u0085c",
  "\u202egnikcah",
  "&lt;b&gt;",
  "'><a href='https://evil.example'>here</a>",
  "",
  "   ",
  "n".repeat(5000),
  "🧭".repeat(400)
] as const
const typed = oneOf(
  texts,
  Arbitrary.map(between(0, hostile.length - 1), (index) => hostile[index] ?? ""),
  Arbitrary.map(Arbitrary.array(between(0, 0x10ffff), { maxLength: 200 }), (codes) => points(...codes))
)
const links = Arbitrary.map(
  Arbitrary.schema(
    Schema.Struct({
      path: Schema.String.check(Schema.isMaxLength(60)),
      query: Schema.String.check(Schema.isMaxLength(60))
    })
  ),
  ({ path, query }) =>
    `https://connect.example/r/${encodeURIComponent(path.toWellFormed())}?a=${encodeURIComponent(query.toWellFormed())}&amp=1&b=2`.replaceAll(
      "'",
      "%27"
    )
)
const until = DateTime.makeUnsafe("2026-11-28T09:05:00Z")

interface Typed {
  readonly one: string
  readonly two: string
  readonly three: string
  readonly url: string
}

/** Every email, with everything that a person can type into it drawn; `urls` are the links it must carry. */
const emailMessages: {
  readonly [name: string]: (typed: Typed) => {
    readonly emailMessage: EmailMessage.EmailMessage
    readonly urls: ReadonlyArray<string>
  }
} = (() => {
  const request = ({ one, three, two }: Typed): EmailMessage.Request => ({
    product: two,
    requester: one,
    organization: two,
    owner: three,
    company: one,
    account: two,
    marketplace: three,
    channel: one
  })
  const consentRequest = (typed: Typed): EmailMessage.ConsentRequest => ({
    ...request(typed),
    permissions: typed.three,
    message: typed.one + "\n" + typed.two,
    url: typed.url,
    expiresAt: until
  })
  const linked = (emailMessage: EmailMessage.EmailMessage, { url }: Typed) => ({ emailMessage, urls: [url] })
  return {
    verifyEmail: (typed) =>
      linked(
        EmailMessage.verifyEmail({ name: typed.one, product: typed.two, url: typed.url, expiresAt: until }),
        typed
      ),
    resetPassword: (typed) =>
      linked(
        EmailMessage.resetPassword({ name: typed.one, product: typed.two, url: typed.url, expiresAt: until }),
        typed
      ),
    inviteMember: (typed) =>
      linked(
        EmailMessage.inviteMember({
          inviter: typed.one,
          organization: typed.two,
          role: typed.three,
          name: typed.one,
          message: typed.two,
          url: typed.url,
          expiresAt: until
        }),
        typed
      ),
    requestToConnect: (typed) => linked(EmailMessage.requestToConnect(consentRequest(typed)), typed),
    requestReminder: (typed) => linked(EmailMessage.requestReminder(consentRequest(typed)), typed),
    requestConnected: (typed) =>
      linked(EmailMessage.requestConnected({ ...request(typed), connectedAt: until, url: typed.url }), typed),
    requestNeedsChoice: (typed) =>
      linked(EmailMessage.requestNeedsChoice({ ...request(typed), url: typed.url }), typed),
    requestRefused: (typed) =>
      linked(EmailMessage.requestRefused({ ...request(typed), message: typed.two, url: typed.url }), typed),
    requestRevoked: (typed) => ({
      emailMessage: EmailMessage.requestRevoked({ ...request(typed), message: typed.two }),
      urls: []
    }),
    renewalCampaign: (typed) => {
      const urls = [typed.url, `${typed.url}&second=1`, `${typed.url}&third=1`]
      return {
        urls,
        emailMessage: EmailMessage.renewalCampaign({
          owner: typed.one,
          requester: typed.two,
          organization: typed.three,
          message: typed.one,
          accounts: urls.map((url) => ({
            company: typed.one,
            account: typed.two,
            marketplace: typed.three,
            channel: typed.one,
            accessUntil: until,
            url
          }))
        })
      }
    },
    consolidationPlan: (typed) =>
      linked(
        EmailMessage.consolidationPlan({
          recipient: typed.one,
          requester: typed.two,
          organization: typed.three,
          company: typed.one,
          mainLogin: typed.two,
          missing: 2,
          message: typed.three,
          url: typed.url,
          expiresAt: until
        }),
        typed
      ),
    notice: (typed) =>
      linked(
        EmailMessage.notice({
          subject: typed.one,
          text: typed.two,
          name: typed.three,
          product: typed.one,
          url: typed.url
        }),
        typed
      )
  }
})()

const unescaped = (html: string) =>
  html
    .replaceAll("&lt;", "<")
    .replaceAll("&gt;", ">")
    .replaceAll("&quot;", '"')
    .replaceAll("&#39;", "'")
    .replaceAll("&amp;", "&")
const body = (html: string) => html.slice(html.indexOf("<body"))
/** What a person reads in the HTML. */
const read = (html: string) => unescaped(body(html).replace(/<[^>]*>/g, " "))
/** Words without what only one of the two has: colons after a button, marks of a quote. */
const bare = (text: string) => text.replace(/[\s:>]/gu, "")

/** All tags that an email may contain, as they are written. */
const tag =
  /^<(!doctype html|\/?(html|head|title|body|div|p|strong|br|blockquote|a)|meta charset="utf-8"|meta name="viewport" content="width=device-width"|html lang="en"|(p|div|body|blockquote) style="[^"<>]*"|a href="https:\/\/[^"<>\s]*" style="[^"<>]*")>$/

describe.each(Object.entries(emailMessages))("%s", (_, write) => {
  it.prop(
    "has one short line as subject, whatever is typed",
    [typed, typed, typed, links],
    ([one, two, three, url]) => {
      const { emailMessage } = write({ one, two, three, url })
      expect(emailMessage.subject).not.toMatch(/[\p{Cc}\p{Cs}\u2028\u2029\u202a-\u202e\u2066-\u2069]/u)
      expect(emailMessage.subject.length).toBeGreaterThan(0)
      expect(emailMessage.subject.length).toBeLessThanOrEqual(MailTemplate.subjectLimit)
      expect(Schema.is(EmailMessage.EmailMessage)(emailMessage)).toBe(true)
    },
    { arbitrary: { runs: 40 } }
  )

  it.prop(
    "carries every link unchanged, in text on a line of its own and in HTML as address",
    [typed, typed, typed, links],
    ([one, two, three, url]) => {
      const { emailMessage, urls } = write({ one, two, three, url })
      const hrefs = [...emailMessage.html.matchAll(/href="([^"]*)"/g)].map(([, href = ""]) => unescaped(href))
      expect(hrefs).toEqual(urls)
      const lines = emailMessage.text.split("\n")
      for (const link of urls) expect(lines).toContain(link)
    },
    { arbitrary: { runs: 40 } }
  )

  it.prop(
    "holds no HTML but its own, and reads the same as its text",
    [typed, typed, typed, links],
    ([one, two, three, url]) => {
      const { emailMessage } = write({ one, two, three, url })
      const tags = emailMessage.html.match(/<[^>]*>?/g) ?? []
      expect(tags.filter((found) => !tag.test(found))).toEqual([])
      expect(emailMessage.html.replace(/&(amp|lt|gt|quot|#39);/g, "")).not.toContain("&")
      expect(bare(read(emailMessage.html))).toBe(bare(emailMessage.text))
      expect(emailMessage.text).not.toMatch(/[\p{Cs}\u202a-\u202e\u2066-\u2069]|(?!\n)\p{Cc}/u)
      expect(emailMessage.text.length).toBeLessThan(12_000)
      expect(emailMessage.html.length).toBeLessThan(60_000)
    },
    { arbitrary: { runs: 40 } }
  )

  it("stays short when two megabytes are typed", () => {
    const long = "a<b ".repeat(500_000)
    const { emailMessage } = write({ one: long, two: long, three: long, url: "https://connect.example/r/1" })
    expect(emailMessage.subject.length).toBeLessThanOrEqual(MailTemplate.subjectLimit)
    expect(emailMessage.text.length).toBeLessThan(12_000)
    expect(emailMessage.html.length).toBeLessThan(60_000)
  })
})

const request: EmailMessage.ConsentRequest = {
  requester: "Dana Whitlock",
  organization: "Ledgerline Books",
  owner: "Marta Quist",
  company: "Harbor & Sons",
  account: "Harbor US",
  marketplace: "United States",
  channel: "Amazon Ads",
  permissions: "Read campaigns and reports.",
  message: "As agreed.\n\nDana",
  url: "https://connect.example/r/abc",
  expiresAt: until
}

describe("a request to connect", () => {
  it("says who asks for what, who can do it, with which login, until when, and what else to do (X-R1 to X-R4)", () => {
    const { subject, text } = EmailMessage.requestToConnect(request)
    expect(subject).toBe("Dana Whitlock asks you to connect Harbor US")
    for (const said of [
      "Dana Whitlock, Ledgerline Books",
      "Company: Harbor & Sons",
      "Marketplace: United States",
      "Channel: Amazon Ads",
      "Read campaigns and reports.",
      "Dana Whitlock writes:\n> As agreed.\n>\n> Dana",
      "Only the owner of the seller account can do this",
      "log in with the seller account named above",
      "If you are not the owner, say so on the page",
      "28 November 2026, 09:05 UTC",
      "You need no Portolan account",
      "The same email went to Marta Quist"
    ])
      expect(text).toContain(said)
  })

  it("cannot be made to speak in our voice: a message is quoted line by line", () => {
    const { text } = EmailMessage.requestToConnect({
      ...request,
      message: "hi\n\nContinue to connect:\nhttps://evil.example"
    })
    expect(text).toContain("> https://evil.example")
    expect(text.split("\n").filter((line) => line.startsWith("https://"))).toEqual(["https://connect.example/r/abc"])
  })

  it("leaves the message out when there is none", () => {
    const { message: _, ...rest } = request
    for (const emailMessage of [
      EmailMessage.requestToConnect(rest),
      EmailMessage.requestToConnect({ ...rest, message: " \n " })
    ]) {
      expect(emailMessage.text).not.toContain("writes:")
    }
  })
})

describe("a renewal", () => {
  const account = (n: number): EmailMessage.Renewal => ({
    company: "Harbor & Sons",
    account: `Harbor ${n}`,
    marketplace: "Canada",
    channel: "Amazon Ads",
    accessUntil: until,
    url: `https://connect.example/r/${n}`
  })
  const campaign = (count: number) =>
    EmailMessage.renewalCampaign({
      owner: "Marta",
      requester: "Dana",
      organization: "Ledgerline",
      accounts: Array.from({ length: count }, (_, n) => account(n))
    })

  it("names each account with its own link and its own date (X-R13, X-R14)", () => {
    expect(campaign(1).subject).toBe("Please renew the access to Harbor 0")
    expect(campaign(2).subject).toBe("Please renew the access to 2 accounts")
    expect(campaign(2).text).toMatch(
      /Account: Harbor 0[\s\S]*28 November 2026[\s\S]*r\/0\n[\s\S]*Account: Harbor 1[\s\S]*r\/1\n/
    )
  })

  it("drops no account: above the limit it is not written at all", () => {
    expect(campaign(EmailMessage.accountLimit).html.match(/href=/g)).toHaveLength(EmailMessage.accountLimit)
    expect(() => campaign(EmailMessage.accountLimit + 1)).toThrow("at most 50 accounts")
  })
})

describe("a link", () => {
  it("is a web address, or the email is not written", () => {
    for (const wrong of [
      "",
      "javascript:alert(1)",
      "data:text/html,x",
      "https://",
      "http:///x",
      "https://a b",
      "https://a\n",
      'https://x"y',
      "https://x<y",
      "//x.example",
      "https://x.example/" + "a".repeat(2000)
    ]) {
      expect(EmailMessage.isLink(wrong), wrong).toBe(false)
      expect(() => EmailMessage.notice({ subject: "s", text: "t", url: wrong })).toThrow("no web address")
    }
    for (const right of ["http://127.0.0.1:4000/r/x", "https://connect.example/r/x?a=1&b=%22#c"])
      expect(EmailMessage.isLink(right)).toBe(true)
  })
})
