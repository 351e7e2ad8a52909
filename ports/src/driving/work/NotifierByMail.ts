/**
 * Notices as mails: to the owner and the admins of the organization, who can act, and to support (flow F2, step 5;
 * rules P-R13, W-R10). It needs driven ports only, so any installation with a `Mailer` can use it as its `Notifier`.
 *
 * Each recipient's mail has an id of its own, made of the notice's and the recipient's: when half of them could not be
 * handed over the notice is tried again, and nobody counts a second copy as a second notice. An address that a mail
 * server refuses for good does not keep the others from being told.
 */
import { Id, EmailMessage, Member, Text } from "@portolan/domain"
import { Effect, Layer, Schema } from "effect"
import { Repository } from "../../driven/Repository.ts"
import { Deployment } from "../../driven/Deployment.ts"
import { type Correspondent, Mailer } from "../../driven/Mailer.ts"
import { type Notice, Notifier, NotifierUnavailable } from "../../driven/Notifier.ts"
import { everyPage } from "../shared/everyPage.ts"

/** The most members that one notice is mailed to. */
export const recipientLimit = 100

interface Recipient {
  /** What makes the mail's id differ from those of the other recipients. */
  readonly key: string
  /** Whose mailbox it is kept in where mails are only kept: support reads the installation's. */
  readonly organizationId: Id.OrganizationId
  readonly to: Correspondent
}

const isEmail = Schema.is(Text.Email)

/** Builds the service from the ports; for an installation that tells in several ways. */
export const make = Effect.gen(function* () {
  const store = yield* Repository
  const mailer = yield* Mailer
  const deployment = yield* Deployment
  const product = deployment.productName === undefined ? {} : { product: deployment.productName }
  const supportEmail = deployment.supportEmail?.trim().toLowerCase()

  // Ten pages are more members than any organization is told of.
  const activeMembers = (organizationId: Id.OrganizationId) =>
    Effect.map(
      everyPage((page) => store.members(organizationId, { states: ["Active"] }, page), 10),
      (all) => all.filter((member) => member._tag === "Active")
    )

  const members = Effect.fnUntraced(
    function* (organizationId: Id.OrganizationId) {
      const organization = yield* store.find("organization", organizationId, organizationId)
      return (yield* activeMembers(organizationId))
        .filter((member) => {
          const role = Member.roleIn(organization.state, member)
          return role === "owner" || role === "admin"
        })
        .slice(0, recipientLimit)
        .map((member): Recipient => ({
          key: member.id,
          organizationId,
          to: { name: member.name, email: member.email }
        }))
    },
    Effect.catchTag("NotFound", () => Effect.succeed<ReadonlyArray<Recipient>>([]))
  )

  const support =
    supportEmail !== undefined && isEmail(supportEmail)
      ? [{ key: "support", organizationId: Id.installation, to: { name: "Support", email: supportEmail } }]
      : []

  const recipients = ({ audience, organizationId }: Notice) =>
    Effect.map(audience === "support" ? Effect.succeed([]) : members(organizationId), (told) =>
      audience === "members" ? told : [...told, ...support]
    )

  const emailOf = ({ connectionId, subject, text }: Notice, { name }: Correspondent) =>
    EmailMessage.notice({
      ...product,
      subject,
      text,
      name,
      ...(connectionId === undefined ? {} : { url: `${deployment.origin}/connections/${connectionId}` })
    })

  return Notifier.of({
    notify: Effect.fn("NotifierByMail.notify")((notice: Notice) =>
      Effect.gen(function* () {
        yield* Effect.forEach(
          yield* recipients(notice),
          ({ key, organizationId, to }) =>
            mailer
              .send({ id: `${notice.id}/${key}`, organizationId, to, emailMessage: emailOf(notice, to) })
              .pipe(
                Effect.catchTag("MailRefused", ({ reason }) =>
                  Effect.logWarning("a notice cannot be mailed to one of its recipients", {
                    notice: notice.id,
                    recipient: key,
                    reason
                  })
                )
              ),
          { concurrency: 4, discard: true }
        )
      }).pipe(Effect.mapError((cause) => new NotifierUnavailable({ cause })))
    )
  })
})

/** Mails notices. */
export const layer: Layer.Layer<Notifier, never, Repository | Mailer | Deployment> = Layer.effect(Notifier, make)
