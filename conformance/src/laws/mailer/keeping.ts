/** MAIL-01 to 05: mails that are kept instead of sent. */
import { Effect, Result } from "effect"
import * as fc from "fast-check"
import { opening } from "../../inTurn.ts"
import { core, extended, type Law } from "../../Law.ts"
import { race } from "../../race.ts"
import { must, mustEqual } from "../../Violation.ts"
import { clientsOf } from "../clients.ts"
import { outcome, tagOf } from "../vault/support.ts"
import type { MailerInstance } from "./MailerInstance.ts"
import { check, keptOf, mailOf, sent, type Sent } from "./support.ts"

const plain: Sent = { organization: 0, id: "a", name: "Marta Quist", word: "one" }

/** A page has to say where mails are. */
export const mail01: Law<MailerInstance> = {
  id: "MAIL-01",
  title: "What a mailer says of itself is true: one that sends keeps nothing, one that does not keeps every mail",
  rationale:
    "A page tells people to look into their mailbox or shows them the mail. Told wrong, an invitation waits where " +
    "nobody looks.",
  checkFirst:
    "Look at `sends` of the mailer that runs: it belongs to the adapter and not to the settings, and a mailer that " +
    "sends answers `kept` with an empty page.",
  see: ["Mailer.sends", "Mailer.kept"],
  level: core,
  parts: [
    check({
      name: "alone",
      kind: "property",
      effort: 0.3,
      minimum: 6,
      input: sent,
      check: (instance, one) =>
        Effect.gen(function* () {
          yield* instance.mailer.send(mailOf(instance, one))
          const kept = yield* keptOf(instance, one.organization, 10)
          yield* mustEqual("what a mailer says of itself is not what it does", {
            expected: instance.mailer.sends ? "it sends, and keeps 0" : "it does not send, and keeps 1",
            actual: `it ${instance.mailer.sends ? "sends" : "does not send"}, and keeps ${kept.length}`
          })
        })
    })
  ]
}

const again: ReadonlyArray<Sent> = [
  plain,
  { ...plain, word: "two" },
  { ...plain, organization: 1 },
  { ...plain, id: "A" },
  plain
]

/** Once, and as it was. */
export const mail02: Law<MailerInstance> = {
  id: "MAIL-02",
  title: "A mail is kept once under its id and organization, as it was handed over first, word by word",
  rationale:
    "Work is repeated after a crash. A second copy looks like a second request to the owner; a changed one " +
    "contradicts " +
    "what they have read.",
  checkFirst:
    "Look at the unique key: organization and id, compared byte for byte, and a conflict does nothing. Recipient, " +
    "answers and both bodies come back as they went in.",
  see: ["Mailer.send", "Mail", "KeptMail"],
  level: extended("keeps"),
  parts: [
    check({
      name: "alone",
      kind: "model",
      input: [opening(again, fc.array(sent, { maxLength: 5 })), fc.array(sent, { minLength: 1, maxLength: 8 })],
      check: (instance, list) =>
        Effect.gen(function* () {
          const first = new Map<string, Sent>()
          for (const one of list) {
            yield* instance.mailer.send(mailOf(instance, one))
            const place = JSON.stringify([one.organization, one.id])
            if (!first.has(place)) first.set(place, one)
          }
          for (const organization of [0, 1] as const) {
            const expected = [...first.values()].filter((one) => one.organization === organization)
            const kept = yield* keptOf(instance, organization, 100)
            const texts = (mails: ReadonlyArray<ReturnType<typeof mailOf>>) =>
              mails
                .map(({ emailMessage, id, organizationId, replyTo, to }) =>
                  JSON.stringify([organizationId, id, to.name, to.email, replyTo, emailMessage])
                )
                .toSorted()
            yield* mustEqual("mails are not kept once and as they were handed over first", {
              expected: texts(expected.map((one) => mailOf(instance, one))),
              actual: texts(kept)
            })
          }
        })
    }),
    check({
      name: "race",
      kind: "race",
      interleavings: 4,
      input: fc.integer({ min: 2, max: 5 }),
      check: (instance, callers, testCase) =>
        Effect.gen(function* () {
          const client = yield* clientsOf(instance.probes.clients, instance.mailer, callers)
          const finishes = yield* race(
            testCase,
            Array.from({ length: callers }, (_, index) => client(index).send(mailOf(instance, plain)))
          )
          yield* Effect.forEach(finishes, ({ exit }) => exit)
          yield* mustEqual("a mail that several handed over at once is not kept once", {
            expected: 1,
            actual: (yield* keptOf(instance, 0, 10)).length
          })
        })
    })
  ]
}

/** A list that can be read on. */
export const mail03: Law<MailerInstance> = {
  id: "MAIL-03",
  title: "Kept mails are listed page by page, the youngest first, each once, and only those of the organization",
  rationale: "They hold live links. Whoever sees the mails of another customer can connect accounts in their name.",
  checkFirst:
    "Look at the order and the cursor of the list: by time and id, descending, both in the cursor, which is " +
    "sealed for " +
    "this list of this organization.",
  see: ["Mailer.kept"],
  level: extended("keeps"),
  parts: [
    check({
      name: "alone",
      kind: "model",
      needs: ["time"],
      input: fc.record({
        pauses: fc.array(fc.constantFrom(0, 0, 1, 60_000), { minLength: 2, maxLength: 7 }),
        limit: fc.integer({ min: 1, max: 3 })
      }),
      check: (instance, { limit, pauses }, testCase) =>
        Effect.gen(function* () {
          for (const [index, pause] of pauses.entries()) {
            yield* testCase.advance(pause)
            yield* instance.mailer.send(mailOf(instance, { ...plain, id: `mail ${index}` }))
            yield* instance.mailer.send(mailOf(instance, { ...plain, id: `other ${index}`, organization: 1 }))
          }
          const kept = yield* keptOf(instance, 0, limit)
          const times = kept.map(({ keptAt }) => keptAt.epochMilliseconds)
          yield* mustEqual("pages of kept mails do not give each own mail once", {
            expected: pauses.map((_, index) => `mail ${index}`),
            actual: kept.map(({ id }) => id).toSorted()
          })
          yield* must(
            times.every((time, index) => index === 0 || time <= (times[index - 1] ?? time)),
            "kept mails are not listed with the youngest first",
            { expected: times.toSorted((one, other) => other - one), actual: times }
          )
        })
    }),
    check({
      name: "cursors",
      kind: "property",
      effort: 0.4,
      minimum: 6,
      input: fc.constantFrom("of another organization", "cut", "made up"),
      check: (instance, what) =>
        Effect.gen(function* () {
          for (const id of ["one", "two", "three"]) {
            yield* instance.mailer.send(mailOf(instance, { ...plain, id }))
            yield* instance.mailer.send(mailOf(instance, { ...plain, id, organization: 1 }))
          }
          const [own, other] = instance.organizations
          const { next = "" } = yield* instance.mailer.kept(what === "of another organization" ? other : own, {
            limit: 1
          })
          const cursor = { "of another organization": next, cut: next.slice(0, -2), "made up": "abc" }[what] ?? ""
          const result = yield* outcome(instance.mailer.kept(own, { limit: 1, cursor }))
          yield* mustEqual(`a cursor that is ${what} opened a list of mails`, {
            expected: "InvalidCursor",
            actual: Result.isSuccess(result) ? `${result.success.items.length} mails` : tagOf(result)
          })
        })
    })
  ]
}

/** Not for ever. */
export const mail04: Law<MailerInstance> = {
  id: "MAIL-04",
  title:
    "The youngest 1,000 mails of an organization are kept; the oldest go first, and none of another goes with them",
  rationale:
    "A demonstration that runs for a year must not fill the disk, and what a person has just asked for must be there.",
  checkFirst:
    "Look at what is removed after a mail was kept: by age within the organization and not across all, from the " +
    "thousand and first on.",
  see: ["keptLimit", "Mailer.kept"],
  level: extended("keeps"),
  parts: [
    check({
      name: "limit",
      kind: "example",
      needs: ["time"],
      effort: 0.02,
      minimum: 1,
      input: fc.constantFrom(1, 3),
      check: (instance, more) =>
        Effect.gen(function* () {
          yield* instance.mailer.send(mailOf(instance, { ...plain, id: "of another", organization: 1 }))
          const all = Array.from({ length: 1_000 + more }, (_, index) => `m${String(index).padStart(4, "0")}`)
          const send = (id: string) => instance.mailer.send(mailOf(instance, { ...plain, id }))
          // Only the first and the last have to come in order.
          yield* Effect.forEach(all.slice(0, 5), send)
          yield* Effect.forEach(all.slice(5, -5), send, { concurrency: 8 })
          yield* Effect.forEach(all.slice(-5), send)
          const kept = yield* keptOf(instance, 0, 100)
          const ids = kept.map(({ id }) => id).toSorted()
          yield* mustEqual("not the youngest thousand mails are kept", {
            expected: [1_000, all[more], all.at(-1)],
            actual: [ids.length, ids[0], ids.at(-1)]
          })
          yield* mustEqual("mails of another organization went", {
            expected: 1,
            actual: (yield* keptOf(instance, 1, 10)).length
          })
        })
    })
  ]
}
