/** MAIL-06 to 08: mails that leave the house. */
import { Effect, Result } from "effect"
import * as fc from "fast-check"
import { turnOf } from "../../inTurn.ts"
import { extended, type Law } from "../../Law.ts"
import { must, mustEqual } from "../../Violation.ts"
import { promised } from "../clients.ts"
import { outcome, tagOf } from "../vault/support.ts"
import type { Answer, MailerInstance } from "./MailerInstance.ts"
import { check, mailOf, names, type Sent } from "./support.ts"

const plain: Sent = { organization: 0, id: "a", name: "Marta Quist", word: "one" }

const outboxOf = ({ probes }: MailerInstance) => promised(probes.outbox, "outbox")()

/** The second copy can be told from a second mail. */
export const mail06: Law<MailerInstance> = {
  id: "MAIL-06",
  title: "A mail reaches its one recipient, and every copy of it carries the same message id, which no other mail has",
  rationale:
    "A mail whose fate is unknown is sent again. Only its message id tells a mailbox that it has it already; " +
    "one id for " +
    "two mails hides the second.",
  checkFirst:
    "Look at how the message id is made: from organization and id of the mail, and from nothing that changes " +
    "with the " +
    "attempt, such as the time or the library's own counter.",
  see: ["Mailer.send", "Mail"],
  level: extended("sends"),
  parts: [
    check({
      name: "outbox",
      kind: "model",
      needs: ["outbox"],
      effort: 0.4,
      minimum: 8,
      input: fc.array(
        fc.record({ organization: fc.constantFrom<0 | 1>(0, 1), id: fc.constantFrom("a", "b", "A", "a/owner") }),
        { minLength: 2, maxLength: 4 }
      ),
      check: (instance, list) =>
        Effect.gen(function* () {
          const all = [...list, ...list.slice(0, 1)]
          for (const one of all) yield* instance.mailer.send(mailOf(instance, { ...plain, ...one }))
          const out = yield* outboxOf(instance)
          yield* mustEqual("a mail did not reach its one recipient", {
            expected: all.map(() => ["marta@harbor.example"]),
            actual: out.map(({ to }) => to)
          })
          const places = all.map(({ id, organization }) => `${organization} ${id}`)
          for (const [index, place] of places.entries()) {
            const first = places.indexOf(place)
            const sameId = out.findIndex(({ messageId }) => messageId === out[index]?.messageId)
            yield* mustEqual("copies of one mail carry two message ids, or two mails one", {
              expected: first,
              actual: sameId
            })
          }
        })
    })
  ]
}

/** What people type stays text. */
export const mail07: Law<MailerInstance> = {
  id: "MAIL-07",
  title:
    "Nothing that was typed becomes a header or a recipient: a mail has the headers and the recipient it always has",
  rationale:
    "Names come from forms that anybody fills in. A line break in one that becomes a header sends our mail to " +
    "strangers, in our name.",
  checkFirst:
    "Look at how headers are made: as data given to a library that encodes them, and never as text that is put " +
    "together; names become one line first.",
  see: ["Correspondent", "Mailer.send"],
  sources: [
    {
      fact: "Header fields are lines of printable characters; a line break ends one and begins the next.",
      url: "https://www.rfc-editor.org/rfc/rfc5322.html#section-2.2"
    }
  ],
  level: extended("sends"),
  parts: [
    check({
      name: "outbox",
      kind: "property",
      needs: ["outbox"],
      effort: 0.5,
      minimum: names.length,
      input: turnOf(names, (name) => fc.record({ name: fc.constant(name), word: fc.constantFrom("one", "drei ü 🧭") })),
      check: (instance, { name, word }) =>
        Effect.gen(function* () {
          yield* instance.mailer.send(mailOf(instance, plain))
          yield* instance.mailer.send(mailOf(instance, { ...plain, id: "b", name, word }))
          const [usual, odd] = yield* outboxOf(instance)
          yield* mustEqual("what was typed changed the headers, the recipient or the text of a mail", {
            expected: { headers: usual?.headers, to: usual?.to, subject: `About ${word}`, text: `Text: ${word}` },
            actual: { headers: odd?.headers, to: odd?.to, subject: odd?.subject, text: odd?.text }
          })
        })
    })
  ]
}

const answers: ReadonlyArray<readonly [Exclude<Answer, "accepts">, string]> = [
  ["refuses the recipient", "MailRefused"],
  ["is busy", "MailerUnavailable"],
  ["hangs up", "MailerUnavailable"]
]

/** Which failures may pass. */
export const mail08: Law<MailerInstance> = {
  id: "MAIL-08",
  title: "Only a refusal for good ends a mail; all else may pass; and no failure says an address or a password",
  rationale:
    "A mail given up because the server was busy is an invitation that never comes. Reasons stand in logs and on " +
    "pages, where an address of a person does not belong.",
  checkFirst:
    "Look at the verdict on an answer: 5yz to the recipient or the message is for good, everything else may be tried " +
    "again; reasons are made of codes and not of what the server wrote.",
  see: ["MailRefused", "MailerUnavailable"],
  sources: [
    {
      fact: "A reply 5yz says that the same command will not be accepted; 4yz that it may be later.",
      url: "https://www.rfc-editor.org/rfc/rfc5321.html#section-4.2.1"
    }
  ],
  level: extended("sends"),
  parts: [
    check({
      name: "server",
      kind: "property",
      needs: ["server", "outbox"],
      effort: 0.3,
      minimum: 6,
      input: turnOf(answers, (answer) => fc.constant(answer)),
      check: (instance, [answer, expected]) =>
        Effect.gen(function* () {
          yield* promised(instance.probes.server, "server")(answer)
          const result = yield* outcome(instance.mailer.send(mailOf(instance, plain)))
          yield* promised(instance.probes.server, "server")("accepts")
          yield* mustEqual(`a mail server that ${answer} was understood wrongly`, { expected, actual: tagOf(result) })
          const says = Result.isFailure(result) ? `${result.failure.reason} ${result.failure.message}` : ""
          yield* must(!/@|harbor|Marta|canary/.test(says), "a failure names a person, an address or a password", {
            expected: "codes of the answer",
            actual: says
          })
          yield* instance.mailer.send(mailOf(instance, plain))
          const out = yield* outboxOf(instance)
          yield* mustEqual("a mail that was sent again after a failure did not come out once", {
            expected: 1,
            actual: out.length
          })
        })
    })
  ]
}
