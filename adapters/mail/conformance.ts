/** What the conformance suite needs to test mail over SMTP: `npm run conformance -- --subject smtp`. */
import { type Answer, defineSubjects, type MailerInstance, type Subject } from "@portolan/conformance"
import { Id, Text } from "@portolan/domain"
import { Mailer } from "@portolan/ports"
import { Context, Duration, Effect, Layer } from "effect"
import * as MailerSmtp from "./src/MailerSmtp.ts"
import { bodiesOf, decodedWords, header, headersOf, mailServer, refusal, urlOf } from "./test/support/mailServer.ts"

const organization = (n: number) => Id.make("organization", n, new Uint8Array(Id.entropyBytes).fill(n))

const from: Mailer.Correspondent = { name: "Portolan", email: Text.Email.make("connect@portolan.example") }

const makeMailer = Effect.gen(function* () {
  let answer: Answer = "accepts"
  const { port, received } = yield* mailServer({
    onRcptTo: (_address, session, done) => {
      if (answer === "hangs up") {
        // What a server that is stopped leaves of a session.
        Reflect.get(session, "connection")?.close?.()
        return done(refusal(421, "going down"))
      }
      if (answer === "accepts") return done()
      return done(answer === "is busy" ? refusal(451, "busy, marta@harbor.example") : refusal(550, "no such user"))
    }
  })
  const services = yield* Layer.build(
    Layer.fresh(MailerSmtp.layer({ url: urlOf(port), from, deadline: Duration.seconds(5) }))
  )
  const instance: MailerInstance = {
    mailer: Context.get(services, Mailer.Mailer),
    organizations: [organization(1), organization(2)],
    probes: {
      server: (next) => Effect.sync(() => void (answer = next)),
      outbox: () =>
        Effect.sync(() =>
          received.map(({ raw, to }) => ({
            to,
            headers: headersOf(raw).map(([name]) => name),
            messageId: header(raw, "message-id") ?? "",
            subject: decodedWords(header(raw, "subject") ?? ""),
            text: bodiesOf(raw).text
          }))
        )
    }
  }
  return instance
})

const mailer: Subject<MailerInstance> = {
  name: "smtp",
  version: "0.1.0",
  place: "outside",
  manifest: { features: ["sends"], clock: "effect" },
  open: Effect.succeed(makeMailer)
}

export default defineSubjects({ mailer })
