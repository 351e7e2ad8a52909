/**
 * Notices as mails: to the owner and the admins of the organization, who can act, and to support (flow F2, step 5;
 * rules P-R13, W-R10). It needs driven ports only, so any installation with a `Mailer` can use it as its `Notifier`.
 *
 * Each recipient's mail has an id of its own, made of the notice's and the recipient's: when some of them could not be
 * handed over, the notice is tried again, and a mail server recognises the second copies. An address that a mail server
 * refuses for good does not stop the mails to the others.
 */
import { EmailMessage, given, Id, Member, Messages, Text } from "@portolan/domain"
import { Effect, Layer, Schema } from "effect"
import type { Deployment } from "../../driven/Deployment.ts"
import type { Correspondent, Mailer } from "../../driven/Mailer.ts"
import { type Notice, Notifier, NotifierUnavailable } from "../../driven/Notifier.ts"
import type { Repository } from "../../driven/Repository.ts"
import type { StoreUnavailable } from "../../driven/StoreUnavailable.ts"
import { type Deps, deps } from "../shared/deps.ts"
import { everyPage } from "../shared/everyPage.ts"

/** The most members that one notice is mailed to. */
export const recipientLimit = 100

/** The most pages of members that are read to find them. */
const pagesRead = 10

type MailDeps = Deps<"deployment" | "mailer" | "repository">

interface Recipient {
  /** What makes the mail's id differ from those of the other recipients. */
  readonly key: string
  /** Whose mailbox it is kept in where mails are only kept: support reads the installation's. */
  readonly organizationId: Id.OrganizationId
  readonly to: Correspondent
}

type Recipients = Effect.Effect<ReadonlyArray<Recipient>, StoreUnavailable>

const recipients: {
  readonly [A in Notice["audience"]]: (deps: MailDeps, organizationId: Id.OrganizationId) => Recipients
} = {
  members: (deps, organizationId) => ownerAndAdmins(deps, organizationId),
  support: (deps) => Effect.succeed(support(deps)),
  "members-and-support": (deps, organizationId) =>
    Effect.map(ownerAndAdmins(deps, organizationId), (members) => [...members, ...support(deps)])
}

/** Owner and admins of an organization; nobody when it is gone. */
const ownerAndAdmins = Effect.fnUntraced(
  function* ({ repository }: MailDeps, organizationId: Id.OrganizationId) {
    const { state: organization } = yield* repository.find("organization", organizationId, organizationId)
    const members = yield* everyPage(
      (page) => repository.members(organizationId, { states: ["Active"] }, page),
      pagesRead
    )
    return members
      .filter((member) => member._tag === "Active")
      .filter((member) => canAct.has(Member.roleIn(organization, member)))
      .slice(0, recipientLimit)
      .map(({ email, id, name }): Recipient => ({ key: id, organizationId, to: { name, email } }))
  },
  Effect.catchTag("NotFound", () => Effect.succeed<ReadonlyArray<Recipient>>([]))
)

const canAct: ReadonlySet<ReturnType<typeof Member.roleIn>> = new Set(["owner", "admin"])

const isEmail = Schema.is(Text.Email)

/** The support of this installation; nobody when its address is left out or is none. */
const support = ({ deployment }: MailDeps): ReadonlyArray<Recipient> => {
  const email = deployment.supportEmail?.trim().toLowerCase()
  if (email === undefined || !isEmail(email)) return []
  return [{ key: "support", organizationId: Id.installation, to: { name: Messages.text("notice.support"), email } }]
}

const emailOf = (
  { deployment: { origin, productName } }: MailDeps,
  { connectionId, subject, text }: Notice,
  { name }: Correspondent
) =>
  EmailMessage.notice(
    given({
      product: productName,
      subject,
      text,
      name,
      url: connectionId === undefined ? undefined : `${origin}/connections/${connectionId}`
    })
  )

const mailTo = (deps: MailDeps, notice: Notice, { key, organizationId, to }: Recipient) =>
  deps.mailer
    .send({ id: `${notice.id}/${key}`, organizationId, to, emailMessage: emailOf(deps, notice, to) })
    .pipe(
      Effect.catchTag("MailRefused", ({ reason }) =>
        Effect.logWarning("a notice cannot be mailed to one of its recipients", {
          notice: notice.id,
          recipient: key,
          reason
        })
      )
    )

const notify = Effect.fn("NotifierByMail.notify")(
  function* (deps: MailDeps, notice: Notice) {
    const all = yield* recipients[notice.audience](deps, notice.organizationId)
    yield* Effect.forEach(all, (recipient) => mailTo(deps, notice, recipient), { concurrency: 4, discard: true })
  },
  Effect.mapError((cause) => new NotifierUnavailable({ cause }))
)

/** Builds the service from the ports; for an installation that notifies in several ways. */
export const make = Effect.map(deps("deployment", "mailer", "repository"), (deps) =>
  Notifier.of({ notify: (notice) => notify(deps, notice) })
)

/** Mails notices. */
export const layer: Layer.Layer<Notifier, never, Repository | Mailer | Deployment> = Layer.effect(Notifier, make)
