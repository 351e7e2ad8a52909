/** Small correct mailers, one that keeps mails and one that sends them: every law passes on them. */
import { createHash } from "node:crypto"
import { Id } from "@portolan/domain"
import { Mailer, Repository } from "@portolan/ports"
import { DateTime, Effect } from "effect"
import type { Answer, Delivered, MailerInstance, MailerService } from "../../laws/mailer/MailerInstance.ts"
import type { Subject } from "../../Subject.ts"

/** What the models keep. */
export interface Model {
  /** Kept mails by organization and id, in the order in which they came. */
  readonly kept: Map<string, Mailer.KeptMail>
  readonly outbox: Array<Delivered>
  answer: Answer
}

/** Where a mail lies. */
export const placeOf = ({ id, organizationId }: Pick<Mailer.Mail, "id" | "organizationId">) =>
  JSON.stringify([organizationId, id])

const sealed = (organizationId: string, id: string) =>
  `${Buffer.from(id).toString("base64url")}.${createHash("sha256").update(`${organizationId} ${id}`).digest("hex")}`

/** One line of what was typed. */
export const line = (text: string) => text.replaceAll(/[\r\n]+/g, " ")

/** The mails of an organization, the youngest first. */
export const listed = ({ kept }: Model, organizationId: string): ReadonlyArray<Mailer.KeptMail> =>
  [...kept.values()]
    .filter((mail) => mail.organizationId === organizationId)
    .toSorted(
      (one, other) => other.keptAt.epochMilliseconds - one.keptAt.epochMilliseconds || (one.id < other.id ? 1 : -1)
    )

const keeping = (model: Model): MailerService => ({
  sends: false,
  send: (mail) =>
    Effect.map(DateTime.now, (keptAt) => {
      const place = placeOf(mail)
      if (!model.kept.has(place)) model.kept.set(place, { ...mail, keptAt })
      const own = [...model.kept].filter(([, { organizationId }]) => organizationId === mail.organizationId)
      for (const [oldest] of own.slice(0, Math.max(0, own.length - Mailer.keptLimit))) model.kept.delete(oldest)
    }),
  kept: (organizationId, { cursor, limit }) =>
    Effect.suspend(() => {
      const all = listed(model, organizationId)
      const last = cursor === undefined ? -1 : all.findIndex(({ id }) => sealed(organizationId, id) === cursor)
      if (cursor !== undefined && last < 0) return Effect.fail(new Repository.InvalidCursor())
      const items = all.slice(last + 1, last + 1 + limit)
      const final = items.at(-1)
      const hasMore = last + 1 + limit < all.length && final !== undefined
      return Effect.succeed({ items, ...(hasMore ? { next: sealed(organizationId, final.id) } : {}) })
    })
})

/** What comes out of a mail on the other side. */
export const delivered = (mail: Mailer.Mail): Delivered => ({
  to: [mail.to.email],
  headers: ["from", "to", ...(mail.replyTo === undefined ? [] : ["reply-to"]), "subject", "message-id"],
  messageId: createHash("sha256").update(placeOf(mail)).digest("hex"),
  subject: line(mail.emailMessage.subject),
  text: mail.emailMessage.text
})

/** How a model that sends answers for the other side. */
export const verdictOf = (answer: Answer): Mailer.MailRefused | Mailer.MailerUnavailable | undefined => {
  switch (answer) {
    case "accepts":
      return undefined
    case "refuses the recipient":
      return new Mailer.MailRefused({ reason: "the mail server answered 550" })
    case "is busy":
      return new Mailer.MailerUnavailable({ reason: "the mail server answered 451" })
    case "hangs up":
      return new Mailer.MailerUnavailable({ reason: "no answer from the mail server" })
  }
}

const sending = (model: Model): MailerService => ({
  sends: true,
  send: (mail) =>
    Effect.suspend(() => {
      const verdict = verdictOf(model.answer)
      return verdict === undefined ? Effect.sync(() => void model.outbox.push(delivered(mail))) : Effect.fail(verdict)
    }),
  kept: () => Effect.succeed({ items: [] })
})

const organization = (n: number) => Id.make("organization", n, new Uint8Array(Id.entropyBytes).fill(n))

type Wrap = (mailer: MailerService, model: Model) => MailerService

const subjectOf =
  (feature: "keeps" | "sends", make: (model: Model) => MailerService) =>
  (name: string, wrap: Wrap = (mailer) => mailer): Subject<MailerInstance> => ({
    name,
    version: "1",
    place: "in-process",
    manifest: { features: [feature], clock: "effect" },
    open: Effect.succeed(
      Effect.sync((): MailerInstance => {
        const model: Model = { kept: new Map(), outbox: [], answer: "accepts" }
        const open = () => wrap(make(model), model)
        return {
          mailer: open(),
          organizations: [organization(1), organization(2)],
          probes: {
            clients: (count) => Effect.sync(() => Array.from({ length: count }, open)),
            outbox: () => Effect.sync(() => [...model.outbox]),
            server: (answer) => Effect.sync(() => void (model.answer = answer))
          }
        }
      })
    )
  })

/** Makes the model that keeps mails, or one that departs from it, a subject. */
export const modelSubject = subjectOf("keeps", keeping)

/** Makes the model that sends mails, or one that departs from it, a subject. */
export const sendingSubject = subjectOf("sends", sending)
