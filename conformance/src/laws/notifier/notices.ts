/** NOTIF-01 and 03: notices come out, under their ids, also after an outage. */
import type { Notifier } from "@portolan/ports"
import { Effect } from "effect"
import * as fc from "fast-check"
import { forAll, type Description } from "../../forAll.ts"
import { core, type Law } from "../../Law.ts"
import { race } from "../../race.ts"
import { show } from "../../show.ts"
import { mustEqual } from "../../Violation.ts"
import { clientsOf, promised } from "../clients.ts"
import { idOf } from "../repository/fixtures/ids.ts"
import { outcome, tagOf } from "../vault/support.ts"
import type { NotifierInstance } from "./NotifierInstance.ts"

const check = <Input>(description: Description<NotifierInstance, Input>) => forAll(description)

/** A notice as data. */
interface NoticeData {
  readonly organization: 0 | 1
  readonly job: number
  readonly topic: Notifier.Notice["topic"]
  readonly audience: Notifier.Notice["audience"]
  readonly text: string
  readonly isAboutConnection: boolean
}

const noticeData: fc.Arbitrary<NoticeData> = fc.record({
  organization: fc.constantFrom<0 | 1>(0, 0, 1),
  job: fc.nat({ max: 3 }),
  topic: fc.constantFrom("selection-waiting", "consent-ends", "incident-opened"),
  audience: fc.constantFrom("members", "members-and-support", "support", "operators-and-support"),
  text: fc.constantFrom("One.", "Zwei — ü 🧭", "a\nb", "<b>"),
  isAboutConnection: fc.boolean()
})

const noticeOf = ({ organizations }: NotifierInstance, each: NoticeData): Notifier.Notice => {
  const organizationId = organizations[each.organization]
  return {
    id: idOf("job", organizationId, each.job),
    organizationId,
    topic: each.topic,
    audience: each.audience,
    subject: `Subject ${each.text.slice(0, 1)}`,
    text: each.text,
    ...(each.isAboutConnection ? { connectionId: idOf("connection", organizationId, each.job) } : {})
  }
}

/** One notice for each id, since the same notice always carries the same id. */
const distinct = (list: ReadonlyArray<NoticeData>) => [
  ...new Map(list.map((each) => [`${each.organization} ${each.job}`, each])).values()
]

/** What came out, each notice once, in an order of its own. */
const seenOnce = (out: ReadonlyArray<Notifier.Notice>) => [...new Set(out.map((notice) => show(notice)))].toSorted()

const outboxOf = ({ probes }: NotifierInstance) => promised(probes.outbox, "outbox")()

/** Nothing is lost, and nothing is made up. */
export const notif01: Law<NotifierInstance> = {
  id: "NOTIF-01",
  title: "Every notice comes out as it was handed over, under its id, whoever else tells something at once",
  rationale:
    "A notice is the only word that somebody gets about a consent that ends. Its id lets the receiver drop the " +
    "second " +
    "copy, so another id is a second notice.",
  checkFirst:
    "Look for a field that is dropped or filled in on the way (whom it is about, whom it is for), and for an id made " +
    "anew with each attempt.",
  see: ["Notifier.notify", "Notice"],
  level: core,
  parts: [
    check({
      name: "alone",
      kind: "model",
      needs: ["outbox"],
      input: fc.array(noticeData, { minLength: 1, maxLength: 6 }),
      check: (instance, list) =>
        Effect.gen(function* () {
          const notices = distinct(list).map((each) => noticeOf(instance, each))
          for (const notice of [...notices, ...notices.slice(0, 1)]) yield* instance.notifier.notify(notice)
          yield* mustEqual("notices did not come out as they were handed over", {
            expected: seenOnce(notices),
            actual: seenOnce(yield* outboxOf(instance))
          })
        })
    }),
    check({
      name: "race",
      kind: "race",
      needs: ["overlap", "outbox"],
      interleavings: 4,
      input: fc.array(noticeData, { minLength: 2, maxLength: 5 }),
      check: (instance, list, testCase) =>
        Effect.gen(function* () {
          const notices = distinct(list).map((each) => noticeOf(instance, each))
          const client = yield* clientsOf(instance.probes.clients, instance.notifier, notices.length)
          const finishes = yield* race(
            testCase,
            notices.map((notice, index) => client(index).notify(notice))
          )
          yield* Effect.forEach(finishes, ({ exit }) => exit)
          yield* mustEqual("of notices told at once, one is lost or another one", {
            expected: seenOnce(notices),
            actual: seenOnce(yield* outboxOf(instance))
          })
        })
    })
  ]
}

/** A failure is told, and telling again helps. */
export const notif03: Law<NotifierInstance> = {
  id: "NOTIF-03",
  title: "A notice that could not be handed over fails, and comes out under the same id when it is told again",
  rationale:
    "Work is repeated as long as it fails. A notice that is swallowed is never repeated, and nobody hears of it.",
  checkFirst:
    "Look for errors that are caught and logged, and for ids that are noted as told before the notice went out: the " +
    "second attempt then does nothing.",
  see: ["Notifier.notify", "NotifierUnavailable"],
  level: core,
  parts: [
    check({
      name: "outage",
      kind: "property",
      needs: ["outbox", "outage"],
      effort: 0.5,
      minimum: 8,
      input: noticeData,
      check: (instance, each) =>
        Effect.gen(function* () {
          const notice = noticeOf(instance, each)
          const outage = promised(instance.probes.outage, "outage")
          yield* outage(1_000)
          const failed = yield* outcome(instance.notifier.notify(notice))
          yield* outage(0)
          yield* mustEqual("a notice that nobody took was taken for told", {
            expected: "NotifierUnavailable",
            actual: tagOf(failed)
          })
          yield* instance.notifier.notify(notice)
          yield* mustEqual("a notice that was told again did not come out under its id", {
            expected: seenOnce([notice]),
            actual: seenOnce(yield* outboxOf(instance))
          })
        })
    })
  ]
}
