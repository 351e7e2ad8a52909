/** Mail over a real SMTP server in this process: what arrives, what never does, and what a failure says. */
import { describe, expect, it } from "@effect/vitest"
import { type Id, EmailMessage, Text } from "@portolan/domain"
import { Mailer } from "@portolan/ports"
import { DateTime, Duration, Effect, Layer, Redacted } from "effect"
import { MailerSmtp } from "../src/index.ts"
import { bodiesOf, decodedWords, header, headersOf, mailServer, refusal, urlOf, withTls } from "./support/mailServer.ts"

const organizationId = "org_01kb0000000000000000000000" as Id.OrganizationId
const email = (text: string) => Text.Email.make(text)
const from: Mailer.Correspondent = { name: "Portolan", email: email("connect@portolan.example") }
const emailMessage = EmailMessage.requestToConnect({
  requester: "Dana Whitlock",
  organization: "Ledgerline Books",
  owner: "Marta Quist",
  company: "Harbor & Søns",
  account: "Harbor US",
  marketplace: "United States",
  channel: "Amazon Ads",
  permissions: "Read campaigns.",
  message: "Wie besprochen. 株式会社 🧭\n.\nDana",
  url: "https://connect.example/r/abc?x=1&y=2",
  expiresAt: DateTime.makeUnsafe("2026-11-28T09:05:00Z")
})
const mail = (fields: Partial<Mailer.Mail> = {}): Mailer.Mail => ({
  id: "int_1/owner",
  organizationId,
  to: { name: "Marta Quist", email: email("marta@harbor.example") },
  emailMessage,
  ...fields
})

/** Sends through a mailer of its own. */
const send = (options: Omit<MailerSmtp.Options, "from">, ...mails: ReadonlyArray<Mailer.Mail>) =>
  Effect.scoped(
    Effect.gen(function* () {
      const context = yield* Layer.build(MailerSmtp.layer({ from, ...options }))
      return yield* Effect.provide(
        Effect.flatMap(Mailer.Mailer, (mailer) => Effect.forEach(mails, (one) => Effect.result(mailer.send(one)))),
        context
      )
    })
  )

describe("a mail", () => {
  it.live("arrives with both bodies, for one recipient, and says that a machine sent it", () =>
    Effect.gen(function* () {
      const { port, received } = yield* mailServer()
      const replyTo = { name: "Dana Whitlock", email: email("dana@ledgerline.example") }
      const [result] = yield* send({ url: urlOf(port) }, mail({ replyTo }))
      expect(result?._tag).toBe("Success")
      expect(received).toHaveLength(1)
      const { raw, ...envelope } = received[0]!
      expect(envelope).toMatchObject({ from: "connect@portolan.example", to: ["marta@harbor.example"] })
      expect(header(raw, "from")).toBe("Portolan <connect@portolan.example>")
      expect(header(raw, "to")).toBe("Marta Quist <marta@harbor.example>")
      expect(header(raw, "reply-to")).toBe("Dana Whitlock <dana@ledgerline.example>")
      expect(header(raw, "subject")).toBe("Dana Whitlock asks you to connect Harbor US")
      expect(header(raw, "auto-submitted")).toBe("auto-generated")
      expect(header(raw, "content-type")).toMatch(/^multipart\/alternative/)
      expect(bodiesOf(raw)).toEqual({ text: emailMessage.text.trimEnd(), html: emailMessage.html.trimEnd() })
    })
  )

  it.live("carries names and subjects of any script", () =>
    Effect.gen(function* () {
      const { port, received } = yield* mailServer()
      const name = "Märta Quist 株式会社 🧭"
      yield* send(
        { url: urlOf(port) },
        mail({
          to: { name, email: email("marta@harbor.example") },
          emailMessage: { ...emailMessage, subject: `Für ${name}` }
        })
      )
      const raw = received[0]?.raw ?? ""
      expect(raw.slice(0, raw.indexOf("\r\n\r\n"))).toMatch(/^[\x20-\x7e\r\n\t]*$/)
      expect(decodedWords(header(raw, "to") ?? "").replaceAll('"', "")).toBe(`${name} <marta@harbor.example>`)
      expect(decodedWords(header(raw, "subject") ?? "")).toBe(`Für ${name}`)
    })
  )

  it.live("gets no header and no recipient from what somebody typed", () =>
    Effect.gen(function* () {
      const { port, received } = yield* mailServer()
      const hostile = [
        "Marta\r\nBcc: victim@example.com",
        "Marta\nX-Evil: 1",
        "Marta\r\n\r\n<h1>body</h1>",
        "Marta\u2028Bcc: victim@example.com",
        "\0\u0007",
        '" <victim@example.com>, "x',
        "victim@example.com, other@example.com",
        "=?utf-8?q?=0D=0ABcc:_victim@example.com?=",
        'a\\"b\\',
        "n".repeat(2_000_000)
      ]
      const names = hostile.map((name, index) =>
        mail({
          id: `m${index}`,
          to: { name, email: email("marta@harbor.example") },
          replyTo: { name, email: email("dana@ledgerline.example") }
        })
      )
      const subjects = hostile.map((subject, index) =>
        mail({ id: `s${index}`, emailMessage: EmailMessage.notice({ subject, text: subject, name: subject }) })
      )
      const results = yield* send({ url: urlOf(port) }, ...names, ...subjects)
      expect(results.filter((result) => result._tag === "Failure")).toEqual([])
      expect(received).toHaveLength(2 * hostile.length)
      const expected = ["auto-submitted", "content-type", "date", "from", "message-id", "mime-version", "subject", "to"]
      for (const { raw, to } of received) {
        expect(to).toEqual(["marta@harbor.example"])
        expect(
          headersOf(raw)
            .map(([name]) => name)
            .filter((name) => name !== "reply-to")
            .toSorted()
        ).toEqual(expected)
        expect(header(raw, "to")).toMatch(/<?marta@harbor\.example>?$/)
        expect(Math.max(...raw.split("\r\n").map((line) => line.length))).toBeLessThan(998)
      }
    })
  )

  it.live("is refused here when its address or its subject was not made by the domain", () =>
    Effect.gen(function* () {
      const { port, received } = yield* mailServer()
      const to = (text: string) => mail({ to: { name: "x", email: text as Text.Email } })
      const wrong = ["a@b.c\r\nRCPT TO:<victim@example.com>", "a@b.c>", "a@b.c,x@y.z", "nobody", ""].map(to)
      const results = yield* send(
        { url: urlOf(port) },
        ...wrong,
        mail({ emailMessage: { ...emailMessage, subject: "a\r\nBcc: victim@example.com" } })
      )
      expect(results.map((result) => (result._tag === "Failure" ? result.failure._tag : "sent"))).toEqual(
        results.map(() => "MailRefused")
      )
      expect(received).toEqual([])
    })
  )

  it.live("carries one Message-ID however often it is sent, and another one than any other mail", () =>
    Effect.gen(function* () {
      const { port, received } = yield* mailServer()
      const elsewhere = "org_01kb0000000000000000000001" as Id.OrganizationId
      yield* send({ url: urlOf(port) }, mail(), mail({ id: "int_1/requester" }), mail({ organizationId: elsewhere }))
      yield* send({ url: urlOf(port) }, mail())
      const ids = received.map(({ raw }) => header(raw, "message-id"))
      expect(ids[0]).toMatch(/^<[0-9a-f]{40}@portolan\.example>$/)
      expect(ids[3]).toBe(ids[0])
      expect(new Set(ids).size).toBe(3)
    })
  )

  it.live("goes out over a few connections that are used again", () =>
    Effect.gen(function* () {
      let connections = 0
      const { port, received } = yield* mailServer({
        onConnect: (_, done) => {
          connections++
          done()
        }
      })
      yield* Effect.scoped(
        Effect.gen(function* () {
          const mailer = yield* Effect.map(
            Layer.build(MailerSmtp.layer({ from, url: urlOf(port), connections: 2 })),
            (context) => Effect.provide(Mailer.Mailer, context)
          )
          yield* Effect.forEach(
            Array.from({ length: 12 }),
            (_, n) => Effect.flatMap(mailer, ({ send }) => send(mail({ id: `m${n}` }))),
            { concurrency: "unbounded" }
          )
        })
      )
      expect(received).toHaveLength(12)
      expect(connections).toBeLessThanOrEqual(2)
    })
  )
})

describe("a mail server that does not take a mail", () => {
  it.live("for now is tried again later, and the mail arrives then", () =>
    Effect.gen(function* () {
      let attempts = 0
      const { port, received } = yield* mailServer({
        onRcptTo: (_, __, done) =>
          done(++attempts === 1 ? refusal(451, "4.7.1 marta@harbor.example is greylisted") : null)
      })
      const [first, second] = yield* send({ url: urlOf(port) }, mail(), mail())
      expect(first).toMatchObject({
        _tag: "Failure",
        failure: { _tag: "MailerUnavailable", reason: expect.stringMatching(/^the mail server answered 451/) }
      })
      expect(JSON.stringify(first)).not.toContain("marta@")
      expect(second?._tag).toBe("Success")
      expect(received).toHaveLength(1)
    })
  )

  it.live("for this recipient ever is not asked again", () =>
    Effect.gen(function* () {
      const { port, received } = yield* mailServer({
        onRcptTo: (_, __, done) => done(refusal(550, "no marta@harbor.example here"))
      })
      const [result] = yield* send({ url: urlOf(port) }, mail())
      expect(result).toMatchObject({ _tag: "Failure", failure: { _tag: "MailRefused" } })
      expect(String(result?._tag === "Failure" ? result.failure.message : "")).toMatch(/550.*RCPT TO/)
      expect(JSON.stringify(result)).not.toContain("marta@")
      expect(received).toEqual([])
    })
  )

  it.live("for its content ever is not asked again", () =>
    Effect.gen(function* () {
      const { port } = yield* mailServer({
        onData: (stream, _, done) => {
          stream.resume()
          stream.on("end", () => done(refusal(554, "looks like spam")))
        }
      })
      const [result] = yield* send({ url: urlOf(port) }, mail())
      expect(result).toMatchObject({ _tag: "Failure", failure: { _tag: "MailRefused" } })
    })
  )

  it.live("for its sender is a matter of settings, so the mail waits", () =>
    Effect.gen(function* () {
      const { port } = yield* mailServer({ onMailFrom: (_, __, done) => done(refusal(550, "not your domain")) })
      const [result] = yield* send({ url: urlOf(port) }, mail())
      expect(result).toMatchObject({
        _tag: "Failure",
        failure: { _tag: "MailerUnavailable", reason: expect.stringContaining("550") }
      })
    })
  )

  it.live("because it is down is tried again later", () =>
    Effect.gen(function* () {
      const { port } = yield* Effect.scoped(mailServer())
      const [result] = yield* send({ url: urlOf(port, "dana:s3cret@") }, mail())
      expect(result).toMatchObject({ _tag: "Failure", failure: { _tag: "MailerUnavailable" } })
      expect(JSON.stringify(result)).not.toContain("s3cret")
    })
  )

  it.live("because it never answers is given up at the deadline, and the next mail does not wait for it", () =>
    Effect.gen(function* () {
      let asked = 0
      const { port, received } = yield* mailServer({
        onMailFrom: (_, __, done) => {
          if (++asked > 1) done(null)
        }
      })
      // One connection, so the second mail goes out only when the first has let go of it.
      const [first, second] = yield* send(
        { url: urlOf(port), deadline: Duration.millis(800), connections: 1 },
        mail(),
        mail({ id: "m2" })
      )
      expect(first).toMatchObject({
        _tag: "Failure",
        failure: { _tag: "MailerUnavailable", reason: expect.stringContaining("800ms") }
      })
      expect(second?._tag).toBe("Success")
      expect(received).toHaveLength(1)
    })
  )
})

describe("a login", () => {
  const onAuth: NonNullable<Parameters<typeof mailServer>[0]>["onAuth"] = (auth, _, done) =>
    auth.username === "dana" && auth.password === "p@ss:word"
      ? done(null, { user: "dana" })
      : done(refusal(535, `5.7.8 wrong: ${auth.username} ${auth.password}`))

  it.live("is made over TLS, with a password of any characters", () =>
    Effect.gen(function* () {
      const { port, received } = yield* mailServer({ ...withTls, authOptional: false, onAuth })
      const [result] = yield* send(
        { url: urlOf(port, "dana:p%40ss%3Aword@"), requireTls: true, checkCertificate: false },
        mail()
      )
      expect(result?._tag).toBe("Success")
      expect(received[0]).toMatchObject({ secure: true, user: "dana" })
    })
  )

  it.live("that is refused is the operator's business: the mail waits, and nothing of the login is told", () =>
    Effect.gen(function* () {
      const { port } = yield* mailServer({ ...withTls, authOptional: false, onAuth })
      const [result] = yield* send({ url: urlOf(port, "operator:s3cret@"), checkCertificate: false }, mail())
      expect(result).toMatchObject({
        _tag: "Failure",
        failure: { _tag: "MailerUnavailable", reason: expect.stringContaining("535") }
      })
      for (const said of [JSON.stringify(result), String(result?._tag === "Failure" ? result.failure.stack : "")]) {
        for (const secret of ["s3cret", "operator", Buffer.from("s3cret").toString("base64")])
          expect(said).not.toContain(secret)
      }
    })
  )

  it.live("is never sent, and no mail either, where TLS is required and not to be had", () =>
    Effect.gen(function* () {
      let asked = false
      const { port, received } = yield* mailServer({
        allowInsecureAuth: true,
        onAuth: (_, __, done) => {
          asked = true
          done(null, { user: "dana" })
        }
      })
      const url = urlOf(port, "dana:p%40ss%3Aword@")
      const [result] = yield* send({ url, requireTls: true }, mail())
      expect(result).toMatchObject({ _tag: "Failure", failure: { _tag: "MailerUnavailable" } })
      expect([asked, received.length]).toEqual([false, 0])
      const [plain] = yield* send({ url }, mail())
      expect(plain?._tag).toBe("Success")
    })
  )

  it.live("is made over TLS from the first byte where the address says so", () =>
    Effect.gen(function* () {
      const { port, received } = yield* mailServer({ ...withTls, secure: true, authOptional: false, onAuth })
      const url = urlOf(port, "dana:p%40ss%3Aword@", "smtps")
      expect((yield* send({ url }, mail()))[0]).toMatchObject({ failure: { _tag: "MailerUnavailable" } })
      expect((yield* send({ url, checkCertificate: false }, mail()))[0]?._tag).toBe("Success")
      expect(received.map(({ secure }) => secure)).toEqual([true])
    })
  )

  it.live("wants TLS without being told so, except on this machine", () =>
    Effect.gen(function* () {
      const { port, received } = yield* mailServer()
      // This address reaches the same server and is not in the range that belongs to this machine.
      const [result] = yield* send({ url: Redacted.make(`smtp://0.0.0.0:${port}`) }, mail())
      expect(result).toMatchObject({ _tag: "Failure", failure: { _tag: "MailerUnavailable" } })
      expect(received).toEqual([])
      yield* send({ url: Redacted.make(`smtp://0.0.0.0:${port}`), requireTls: false }, mail())
      expect(received).toHaveLength(1)
    })
  )

  it.live("is never sent to a server whose certificate is not valid", () =>
    Effect.gen(function* () {
      let asked = false
      const { port, received } = yield* mailServer({
        ...withTls,
        onAuth: (_, __, done) => {
          asked = true
          done(null, { user: "dana" })
        }
      })
      const [result] = yield* send({ url: urlOf(port, "dana:p%40ss%3Aword@"), requireTls: true }, mail())
      expect(result).toMatchObject({ _tag: "Failure", failure: { _tag: "MailerUnavailable" } })
      expect([asked, received.length]).toEqual([false, 0])
    })
  )
})

describe("the mailer", () => {
  it.live("sends, so it keeps nothing, and starts while the server is down", () =>
    Effect.scoped(
      Effect.gen(function* () {
        const { port } = yield* Effect.scoped(mailServer())
        const context = yield* Layer.build(MailerSmtp.layer({ from, url: urlOf(port) }))
        yield* Effect.provide(
          Effect.gen(function* () {
            const mailer = yield* Mailer.Mailer
            expect(mailer.sends).toBe(true)
            expect(yield* mailer.kept(organizationId, { limit: 10 })).toEqual({ items: [] })
            expect((yield* Effect.flip(mailer.kept(organizationId, { limit: 10, cursor: "x" })))._tag).toBe(
              "InvalidCursor"
            )
          }),
          context
        )
      })
    )
  )

  it.live("does not start with an address that is none, and does not repeat the password it was given", () =>
    Effect.gen(function* () {
      const wrong = [
        "",
        "mail.example",
        "https://u:s3cret@h",
        "smtp://u@h",
        "smtp://:s3cret@h",
        "smtp://u:s3cret@h/path",
        "smtp://u:%zz@h",
        "smtp://u:s3cret@h?tls.rejectUnauthorized=false",
        "smtps://",
        "smtp://u:s3cret@h:99999"
      ]
      for (const url of wrong) {
        const error = yield* Effect.scoped(
          Effect.flip(Layer.build(MailerSmtp.layer({ from, url: Redacted.make(url) })))
        )
        expect(error._tag).toBe("MailServerMalformed")
        expect(error.message + error.stack).not.toContain("s3cret")
      }
    })
  )
})
