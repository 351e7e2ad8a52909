/**
 * Mails that were kept instead of sent, because the installation has no mail server. They are people's letters: an
 * organization's are for its admins, the installation's for its operators. On a machine where things are tried out the
 * latter can be opened to everybody, so that somebody who signs up finds the mail that proves the address.
 */
import { Access, Id, Refused } from "@portolan/domain"
import type { Callers, Mailer } from "@portolan/ports"
import { type DateTime, Effect } from "effect"
import type { Context } from "hono"
import type { Desk, Routes } from "../Desk.ts"
import { html, type Markup, theirs } from "../Html.ts"
import * as Layout from "../Layout.ts"
import * as Parts from "../Parts.ts"
import * as Web from "../Web.ts"
import { emailLinks, emailPolicy, emailView } from "./letterView.ts"

const pageSize = 10

const item = (mail: Mailer.KeptMail, origin: string, now: DateTime.Utc): Markup => html`<li class="card"><details>
  <summary><strong>${mail.emailMessage.subject}</strong><br><span class="muted">to ${
    mail.to.name !== "" && html`${theirs(mail.to.name)}, `
  }${theirs(mail.to.email)} ·
    ${Parts.when(mail.keptAt, now)}</span></summary>
  ${
    mail.replyTo !== undefined &&
    html`<p class="muted">Answers go to ${theirs(mail.replyTo.name)}, ${theirs(mail.replyTo.email)}.</p>`
  }
  ${emailLinks(mail.emailMessage, origin)}
  ${emailView(mail.emailMessage, origin, mail.emailMessage.subject)}
</details></li>`

const why = (desk: Desk): Markup =>
  desk.mailer.sends
    ? Parts.notice(
        "info",
        "Mails are really sent",
        "This installation has a mail server. Only mails from before it was set up are shown here."
      )
    : Parts.notice(
        "wait",
        "These mails were not sent",
        "This installation has no mail server, so every mail is kept here instead. Whoever it is for does not get it: open it and pass its link on by hand, or ask your operator to set up a mail server."
      )

type Box = "organization" | "installation"

const content = Effect.fnUntraced(function* (
  desk: Desk,
  c: Context,
  organizationId: Id.OrganizationId,
  box: Box,
  both: boolean
) {
  const now = yield* Web.now
  const cursor = (c.req.query("cursor") ?? "").slice(0, 2000)
  const page = yield* desk.mailer.kept(organizationId, { limit: pageSize, ...(cursor === "" ? {} : { cursor }) })
  return html`
    ${Parts.pageHead("Mailbox (not sent)", {
      lead:
        box === "installation"
          ? "Mails of this installation: sign-ups, and notices to support."
          : "Mails of your organization: requests to connect, invitations and notices."
    })}
    ${why(desk)}
    ${
      both &&
      html`<p>${
        box === "installation"
          ? html`<a href="/mailbox">Mails of your organization</a>`
          : html`<a href="/mailbox?box=installation">Mails of this installation</a>`
      }</p>`
    }
    ${
      page.items.length === 0
        ? Parts.empty("No mails", "Nothing has been kept yet.")
        : html`<ol class="mails">${page.items.map((mail) => item(mail, desk.origin, now))}</ol>`
    }
    ${Parts.pagination("/mailbox", { box: box === "installation" ? box : "", cursor }, page)}`
})

const refused = new Refused.Refused({
  subject: "Access",
  asked: "administer",
  reason: "not-permitted",
  detail: "Kept mails are for admins of an organization.",
  nextStep: "Ask an owner or admin of your organization to pass the mail on."
})

const forMember = Effect.fnUntraced(function* (desk: Desk, c: Context, me: Layout.Me) {
  const isAdmin = Access.can(me, "administer") && me.accessScope._tag === "Everything"
  const box: Box = c.req.query("box") === "installation" ? "installation" : "organization"
  if (box === "installation" ? !me.operator && !desk.openMailbox : !isAdmin) return yield* refused
  const body = yield* content(
    desk,
    c,
    box === "installation" ? Id.installation : me.organizationId,
    box,
    me.operator || desk.openMailbox
  )
  return Layout.memberPage(desk, me, "Mailbox (not sent)", undefined, body)
})

const forGuest = (desk: Desk, c: Context) =>
  Effect.map(content(desk, c, Id.installation, "installation", false), (body) =>
    Layout.guestPage(desk, "Mailbox (not sent)", body)
  )

/** `/mailbox`. */
export const routes: Routes = (app, desk) => {
  app.get(
    "/mailbox",
    Web.handle(desk, (c) =>
      Effect.gen(function* () {
        const me: Effect.Effect<Layout.Me | undefined, Web.NoMember | Callers.NoOrganization> = Web.member(desk, c)
        const found = yield* desk.openMailbox
          ? Effect.catchTag(me, ["NotSignedIn", "NoOrganization"], () => Effect.succeed(undefined))
          : me
        const page = found === undefined ? yield* forGuest(desk, c) : yield* forMember(desk, c, found)
        c.header("Content-Security-Policy", emailPolicy)
        return Web.send(c, page)
      })
    )
  )
}
