/**
 * Sends mail over SMTP. Nothing that was typed reaches a header as it is: names become one line, addresses are checked
 * again, and headers and envelope are given to nodemailer as data, which encodes them.
 */
import { createHash } from "node:crypto"
import { EmailMessage, Text } from "@portolan/domain"
import { Repository, Mailer } from "@portolan/ports"
import { Duration, Effect, Layer, Redacted, Schema } from "effect"
import * as MailServer from "./MailServer.ts"
import { verdict } from "./verdict.ts"

/** How mail is sent. */
export interface Options {
  /**
   * Where to hand mail over: `smtps://user:password@host`, or `smtp://host:587`. A password has special characters
   * percent-encoded.
   */
  readonly url: Redacted.Redacted<string>
  /** Who sends. The domain of the address must be one that the mail server may send for. */
  readonly from: Mailer.Correspondent
  /**
   * Sends over TLS or not at all (RFC 8314). True when left out, except on this machine. Where it is false, an upgrade
   * that the server offers is still taken.
   */
  readonly requireTls?: boolean
  /** Whether the server's certificate must be valid; true when left out. False is for a relay of one's own network. */
  readonly checkCertificate?: boolean
  /** Connections at once; 3 when left out, at most 20. */
  readonly connections?: number
  /** How long one mail may take, waiting for a free connection included; 30 seconds when left out. */
  readonly deadline?: Duration.Duration
}

/** The longest name beside an address, in characters. */
const nameLimit = 80

const isEmail = Schema.is(Text.Email)
const isEmailMessage = Schema.is(EmailMessage.EmailMessage)

const address = ({ email, name }: Mailer.Correspondent) => ({ name: Text.line(name, nameLimit), address: email })

/**
 * The `Message-ID` of a mail (https://www.rfc-editor.org/rfc/rfc5322#section-3.6.4): the same mail has the same one, so
 * that a mail program or a server can drop the second copy. A digest, so that nothing of ours is in it.
 */
export const messageId = (mail: Pick<Mailer.Mail, "id" | "organizationId">, from: Text.Email): string => {
  const digest = createHash("sha256")
    .update(JSON.stringify([mail.organizationId, mail.id]))
    .digest("hex")
    .slice(0, 40)
  return `<${digest}@${new URL(`http://${from.slice(from.lastIndexOf("@") + 1)}`).hostname}>`
}

const open = async (server: MailServer.MailServer, options: Options, deadlineMillis: number) => {
  // Where no mail server is named, nothing of it is loaded.
  const { default: nodemailer } = await import("nodemailer")
  const transport = nodemailer.createTransport({
    pool: true,
    host: server.host,
    port: server.port,
    secure: server.secure,
    requireTLS: !server.secure && (options.requireTls ?? !MailServer.isLoopback(server.host)),
    tls: { minVersion: "TLSv1.2", rejectUnauthorized: options.checkCertificate ?? true },
    maxConnections: Math.min(20, Math.max(1, Math.trunc(options.connections ?? 3))),
    // A server may close an idle connection just as it is used; once more, then the caller decides.
    maxRequeues: 1,
    connectionTimeout: Math.min(10_000, deadlineMillis),
    greetingTimeout: Math.min(10_000, deadlineMillis),
    // Later than the deadline, which ends a mail and its connection by itself.
    socketTimeout: 2 * deadlineMillis,
    dnsTimeout: Math.min(10_000, deadlineMillis),
    maxResponseSize: 64 * 1024,
    disableFileAccess: true,
    disableUrlAccess: true,
    ...(server.login === undefined
      ? {}
      : { auth: { user: Redacted.value(server.login.user), pass: Redacted.value(server.login.password) } })
  })
  // Every failure comes back to the sender; one that is only an event must not end the process.
  transport.on("error", () => undefined)
  return transport
}

/** What sending works with. */
interface MailContext {
  readonly transport: Awaited<ReturnType<typeof open>>
  readonly options: Options
  readonly deadline: Duration.Duration
}

const messageOf = ({ options }: MailContext, mail: Mailer.Mail) => ({
  envelope: { from: options.from.email, to: [mail.to.email] },
  from: address(options.from),
  to: address(mail.to),
  subject: mail.emailMessage.subject,
  text: mail.emailMessage.text,
  html: mail.emailMessage.html,
  messageId: messageId(mail, options.from.email),
  // Keeps absence notes from answering (https://www.rfc-editor.org/rfc/rfc3834#section-5).
  headers: { "Auto-Submitted": "auto-generated" },
  ...(mail.replyTo === undefined ? {} : { replyTo: address(mail.replyTo) })
})

const send = Effect.fn("Mailer.send")(function* (context: MailContext, mail: Mailer.Mail) {
  const { emailMessage, replyTo, to } = mail
  if (!isEmail(to.email) || (replyTo !== undefined && !isEmail(replyTo.email))) {
    return yield* new Mailer.MailRefused({ reason: "it is no e-mail address" })
  }
  if (!isEmailMessage(emailMessage)) {
    return yield* new Mailer.MailRefused({ reason: "the subject is not one short line" })
  }
  const late = new Mailer.MailerUnavailable({
    reason: `no answer from the mail server within ${Duration.format(context.deadline)}`
  })
  yield* Effect.tryPromise({
    try: (signal) => context.transport.sendMail({ signal, ...messageOf(context, mail) }),
    catch: verdict
  }).pipe(
    Effect.timeoutOrElse({ duration: context.deadline, orElse: () => Effect.fail(late) }),
    // The caller tells the person; the operator reads it in the log.
    Effect.tapErrorTag("MailerUnavailable", ({ reason }) =>
      Effect.logWarning("a mail could not be handed over", reason)
    )
  )
})

/**
 * Sends through a mail server; connections are opened when needed and closed with the scope. Starts without reaching
 * the server, so that an outage of the server does not stop the start.
 */
export const layer = (options: Options): Layer.Layer<Mailer.Mailer, MailServer.MailServerMalformed> =>
  Layer.effect(
    Mailer.Mailer,
    Effect.gen(function* () {
      const server = yield* MailServer.read(options.url)
      const deadline = options.deadline ?? Duration.seconds(30)
      const transport = yield* Effect.acquireRelease(
        Effect.promise(() => open(server, options, Duration.toMillis(deadline))),
        // What is under way has been given up by now: its fiber was interrupted before this scope closed.
        (transport) => Effect.sync(() => transport.close({ force: true }))
      )
      return Mailer.Mailer.of({
        sends: true,
        send: (mail) => send({ transport, options, deadline }, mail),
        // Nothing is kept, so no cursor was ever given out.
        kept: (_organizationId, page) =>
          page.cursor === undefined ? Effect.succeed({ items: [] }) : Effect.fail(new Repository.InvalidCursor())
      })
    })
  )
