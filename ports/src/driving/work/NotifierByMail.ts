/**
 * Notices as mails: to the owner and the admins of the organization, who can act, and to support (flow F2, step 5;
 * rules P-R13, W-R10). It needs driven ports only, so any installation with a `Mailer` can use it as its `Notifier`.
 *
 * Members choose when they get news (`Member.MailPreferences`), so a notice waits with the member, and a job mails it
 * together with what else is due; a second copy of a notice is known by its id. Support gets each notice at once. An
 * address that a mail server refuses for good does not stop the mails to the others.
 */
import { EmailMessage, given, Id, Member, Messages, Text } from "@portolan/domain"
import { Effect, Layer, Schema } from "effect"
import type { Deployment } from "../../driven/Deployment.ts"
import type { Correspondent, Mailer } from "../../driven/Mailer.ts"
import { type Notice, Notifier, NotifierUnavailable } from "../../driven/Notifier.ts"
import type { Repository } from "../../driven/Repository.ts"
import type { Secrets } from "../../driven/Secrets.ts"
import type { UnitOfWork } from "../../driven/UnitOfWork.ts"
import { change, on } from "../shared/change.ts"
import { type ChangeDeps, type Deps, deps } from "../shared/deps.ts"
import { everyPage } from "../shared/everyPage.ts"

/** The most members that one notice is mailed to. */
export const recipientLimit = 100

/** The most pages of members that are read to find them. */
const pagesRead = 10

type MailDeps = ChangeDeps & Deps<"deployment" | "mailer">

/** The kind of news that a notice is, by which members choose when they get it. */
const kinds: { readonly [T in Notice["topic"]]: Member.NewsKind } = {
  connected: "progress",
  "reauthorization-needed": "problems",
  limited: "problems",
  "limit-lifted": "problems",
  "deadline-missed": "problems",
  "backfill-complete": "progress",
  overdue: "problems",
  "caught-up": "progress",
  "access-overdue": "problems",
  "fell-back": "problems",
  "selection-waiting": "problems",
  "consent-ends": "problems",
  "advertiser-assigned": "problems",
  "advertiser-unassigned": "problems",
  "incident-opened": "problems",
  "incident-closed": "problems",
  "application-secret": "problems"
}

/** Owner and admins of an organization; nobody when it is gone. */
const ownerAndAdmins = Effect.fnUntraced(
  function* ({ repository }: Deps<"repository">, organizationId: Id.OrganizationId) {
    const { state: organization } = yield* repository.find("organization", organizationId, organizationId)
    const members = yield* everyPage(
      (page) => repository.members(organizationId, { states: ["Active"] }, page),
      pagesRead
    )
    return members
      .filter((member) => member._tag === "Active")
      .filter((member) => canAct.has(Member.roleIn(organization, member)))
      .slice(0, recipientLimit)
  },
  Effect.catchTag("NotFound", () => Effect.succeed<ReadonlyArray<Member.Active>>([]))
)

/** The members that a notice names; nobody for those who are no members any more. */
const others = Effect.fnUntraced(function* ({ repository }: MailDeps, { alsoTo = [], organizationId }: Notice) {
  const found: Array<Member.Active> = []
  for (const id of alsoTo) {
    const member = yield* repository.find("member", organizationId, id).pipe(
      Effect.map(({ state }) => state),
      Effect.catchTag("NotFound", () => Effect.succeed(undefined))
    )
    if (member?._tag === "Active") found.push(member)
  }
  return found
})

const canAct: ReadonlySet<ReturnType<typeof Member.roleIn>> = new Set(["owner", "admin"])

const isEmail = Schema.is(Text.Email)

/** The support of this installation; nobody when its address is left out or is none. */
const support = ({ deployment }: MailDeps): ReadonlyArray<Correspondent> => {
  const email = deployment.supportEmail?.trim().toLowerCase()
  if (email === undefined || !isEmail(email)) return []
  return [{ name: Messages.text("notice.support"), email }]
}

/** Who runs this installation, each address once, support left out. */
const operators = (deps: MailDeps): ReadonlyArray<Correspondent> => {
  const others = new Set(support(deps).map(({ email }) => email))
  const emails = (deps.deployment.operators ?? []).map((email) => email.trim().toLowerCase()).filter(isEmail)
  return [...new Set(emails)]
    .filter((email) => !others.has(email))
    .map((email) => ({ name: Messages.text("notice.operator"), email }))
}

const urlOf = ({ deployment: { origin } }: MailDeps, { audience, connectionId, topic }: Notice) => {
  if (topic === "application-secret") return `${origin}/operator/application-secrets`
  if (audience === "operators-and-support") return `${origin}/operator/incidents`
  return connectionId === undefined ? undefined : `${origin}/connections/${connectionId}`
}

const emailOf = (deps: MailDeps, notice: Notice, { name }: Correspondent) =>
  EmailMessage.notice(
    given({
      product: deps.deployment.productName,
      subject: notice.subject,
      text: notice.text,
      name,
      url: urlOf(deps, notice)
    })
  )

/** Support and operators read the installation's mailbox where mails are only kept. `as` names the recipient's mail. */
const mailToInstallation = (deps: MailDeps, notice: Notice, to: Correspondent, as: string) =>
  deps.mailer
    .send({ id: `${notice.id}/${as}`, organizationId: Id.installation, to, emailMessage: emailOf(deps, notice, to) })
    .pipe(
      Effect.catchTag("MailRefused", ({ reason }) =>
        Effect.logWarning("a notice cannot be mailed to one of its recipients", {
          notice: notice.id,
          recipient: as,
          reason
        })
      )
    )

/** Keeps a notice for a member's next mail; nothing when they left meanwhile, or want no such news. */
const collectFor = (deps: MailDeps, notice: Notice, { id }: Member.Active) => {
  const news = given({
    id: notice.id,
    kind: kinds[notice.topic],
    subject: Text.line(notice.subject, EmailMessage.subjectLimit),
    text: Text.cut(notice.text, EmailMessage.newsTextLimit),
    url: urlOf(deps, notice),
    ending: notice.ending
  })
  const context = { organizationId: notice.organizationId, actor: { _tag: "System", part: "worker" } } as const
  return change(deps, context, [on("member", id, (at) => ({ _tag: "CollectNews", news, at }))])
}

const notify = Effect.fn("NotifierByMail.notify")(
  function* (deps: MailDeps, notice: Notice) {
    if (notice.audience === "members" || notice.audience === "members-and-support") {
      const members = [
        ...(yield* ownerAndAdmins(deps, notice.organizationId)),
        ...(yield* others(deps, notice))
      ].filter(({ id }, index, all) => all.findIndex((one) => one.id === id) === index)
      yield* Effect.forEach(members, (member) => collectFor(deps, notice, member), { concurrency: 4, discard: true })
    }
    if (notice.audience !== "members") {
      yield* Effect.forEach(support(deps), (to) => mailToInstallation(deps, notice, to, "support"), { discard: true })
    }
    if (notice.audience === "operators-and-support") {
      yield* Effect.forEach(operators(deps), (to, n) => mailToInstallation(deps, notice, to, `operator-${n}`), {
        discard: true
      })
    }
  },
  Effect.mapError((cause) => new NotifierUnavailable({ cause }))
)

/** Builds the service from the ports; for an installation that notifies in several ways. */
export const make = Effect.map(deps("deployment", "mailer", "repository", "secrets", "unitOfWork"), (deps) =>
  Notifier.of({ notify: (notice) => notify(deps, notice) })
)

/** Mails notices. */
export const layer: Layer.Layer<Notifier, never, Repository | Mailer | Deployment | Secrets | UnitOfWork> =
  Layer.effect(Notifier, make)
