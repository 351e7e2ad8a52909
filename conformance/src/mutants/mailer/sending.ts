/** Mailers that are wrong about sending: MAIL-06 to 08. */
import { Mailer } from "@portolan/ports"
import { Effect } from "effect"
import type { Answer, MailerInstance, MailerService } from "../../laws/mailer/MailerInstance.ts"
import { delivered, type Model, sendingSubject, verdictOf } from "../../reference/mailer/modelSubject.ts"
import { type Deviation, mutantsOf } from "../mutantsOf.ts"

type Wrong = Deviation<MailerService, Model>

/** Answers for the other side, in the mutant's own way. */
const answering = (verdict: (answer: Answer, mail: Mailer.Mail) => ReturnType<typeof verdictOf>) =>
  ((_: MailerService, model: Model) => ({
    send: (mail) =>
      Effect.suspend(() => {
        const failed = verdict(model.answer, mail)
        return failed === undefined ? Effect.sync(() => void model.outbox.push(delivered(mail))) : Effect.fail(failed)
      })
  })) satisfies Wrong["change"]

/** Lets something else come out than was handed over. */
const delivering = (change: (mail: Mailer.Mail, model: Model) => ReturnType<typeof delivered>) =>
  ((_: MailerService, model: Model) => ({
    send: (mail) =>
      Effect.suspend(() => {
        const failed = verdictOf(model.answer)
        return failed === undefined
          ? Effect.sync(() => void model.outbox.push(change(mail, model)))
          : Effect.fail(failed)
      })
  })) satisfies Wrong["change"]

const senders: ReadonlyArray<Wrong> = [
  {
    id: "mail-fresh-id-per-copy",
    law: "MAIL-06",
    defect: "Gives each attempt a message id of its own.",
    change: delivering((mail, { outbox }) => ({ ...delivered(mail), messageId: `attempt ${outbox.length}` }))
  },
  {
    id: "mail-one-id-for-all",
    law: "MAIL-06",
    defect: "Makes the message id of the mail's id alone, without the organization.",
    change: delivering((mail) => ({ ...delivered(mail), messageId: mail.id }))
  },
  {
    id: "mail-copy-to-the-house",
    law: "MAIL-06",
    defect: "Sends a blind copy to the requester.",
    change: delivering((mail) => ({
      ...delivered(mail),
      to: [mail.to.email, ...(mail.replyTo === undefined ? [] : [mail.replyTo.email])]
    }))
  },
  {
    id: "mail-header-injection",
    law: "MAIL-07",
    defect: "Puts the name into the header as it was typed.",
    change: delivering((mail) => ({
      ...delivered(mail),
      headers: [
        ...delivered(mail).headers,
        ...mail.to.name
          .split(/\r?\n/)
          .slice(1)
          .map((typed) => typed.split(":")[0]?.toLowerCase() ?? "")
      ]
    }))
  },
  {
    id: "mail-name-with-addresses",
    law: "MAIL-07",
    defect: "Reads addresses out of the name.",
    change: delivering((mail) => ({
      ...delivered(mail),
      to: [...(mail.to.name.match(/[a-z]+@[a-z.]+/g) ?? []), mail.to.email]
    }))
  },
  {
    id: "mail-loses-letters",
    law: "MAIL-07",
    defect: "Writes subjects in Latin-1.",
    change: delivering((mail) => ({
      ...delivered(mail),
      subject: Buffer.from(mail.emailMessage.subject, "latin1").toString("latin1")
    }))
  },
  {
    id: "mail-busy-is-refused",
    law: "MAIL-08",
    defect: "Gives a mail up because the server is busy.",
    change: answering((answer) =>
      answer === "is busy" ? new Mailer.MailRefused({ reason: "the mail server answered 451" }) : verdictOf(answer)
    )
  },
  {
    id: "mail-refusal-is-retried",
    law: "MAIL-08",
    defect: "Tries again for ever where the recipient is refused.",
    change: answering((answer) =>
      answer === "refuses the recipient"
        ? new Mailer.MailerUnavailable({ reason: "the mail server answered 550" })
        : verdictOf(answer)
    )
  },
  {
    id: "mail-reason-with-address",
    law: "MAIL-08",
    defect: "Says the address in the reason.",
    change: answering((answer, mail) =>
      answer === "refuses the recipient"
        ? new Mailer.MailRefused({ reason: `550 no such user ${mail.to.email}` })
        : verdictOf(answer)
    )
  },
  {
    id: "mail-lost-is-sent",
    law: "MAIL-08",
    defect: "Takes a server that hangs up for one that took the mail.",
    change: answering((answer) => (answer === "hangs up" ? undefined : verdictOf(answer)))
  }
]

/** The mutants. */
export const mutants = mutantsOf<MailerInstance, MailerService, Model>(sendingSubject)(senders)
