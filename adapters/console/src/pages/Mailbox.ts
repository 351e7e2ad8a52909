/**
 * Mails that were kept instead of sent, because the installation has no mail server. They are people's letters: an
 * organization's are for its admins, the installation's for its operators. On a machine where things are tried out the
 * latter can be opened to everybody, so that somebody who signs up finds the mail that proves the address.
 */
import { Access, Id, Refused } from "@portolan/domain"
import type { Callers, Mailer } from "@portolan/ports"
import { type DateTime, Effect } from "effect"
import type { Context } from "hono"
import type { PageContext, Routes } from "../page/context.ts"
import { html, type Markup, isolateText } from "../page/html.ts"
import * as Layout from "../page/layout.ts"
import * as Components from "../page/components.ts"
import * as Http from "../page/http.ts"
import { emailLinks, emailPolicy, emailView } from "./letterView.ts"

const pageSize = 10

const item = (mail: Mailer.KeptMail, origin: string, now: DateTime.Utc): Markup => html`<li class="card"><details>
  <summary><strong>${mail.emailMessage.subject}</strong><br><span class="muted">to ${
    mail.to.name !== "" && html`${isolateText(mail.to.name)}, `
  }${isolateText(mail.to.email)} ·
    ${Components.when(mail.keptAt, now)}</span></summary>
  ${
    mail.replyTo !== undefined &&
    html`<p class="muted">Answers go to ${isolateText(mail.replyTo.name)}, ${isolateText(mail.replyTo.email)}.</p>`
  }
  ${emailLinks(mail.emailMessage, origin)}
  ${emailView(mail.emailMessage, origin, mail.emailMessage.subject)}
</details></li>`

const why = (context: PageContext): Markup =>
  context.mailer.sends
    ? Components.notice(
        "info",
        "Mails are really sent",
        "This installation has a mail server. Only mails from before it was set up are shown here."
      )
    : Components.notice(
        "wait",
        "These mails were not sent",
        "This installation has no mail server, so every mail is kept here instead. Whoever it is for does not get it: open it and pass its link on by hand, or ask your operator to set up a mail server."
      )

type Box = "organization" | "installation"

const content = Effect.fnUntraced(function* (
  context: PageContext,
  c: Context,
  organizationId: Id.OrganizationId,
  box: Box,
  both: boolean
) {
  const now = yield* Http.now
  const cursor = (c.req.query("cursor") ?? "").slice(0, 2000)
  const page = yield* context.mailer.kept(organizationId, { limit: pageSize, ...(cursor === "" ? {} : { cursor }) })
  return html`
    ${Components.pageHead("Mailbox (not sent)", {
      lead:
        box === "installation"
          ? "Mails of this installation: sign-ups, and notices to support."
          : "Mails of your organization: requests to connect, invitations and notices."
    })}
    ${why(context)}
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
        ? Components.empty("No mails", "Nothing has been kept yet.")
        : html`<ol class="mails">${page.items.map((mail) => item(mail, context.origin, now))}</ol>`
    }
    ${Components.pagination("/mailbox", { box: box === "installation" ? box : "", cursor }, page)}`
})

const refused = new Refused.Refused({
  subject: "Access",
  asked: "administer",
  reason: "not-permitted",
  detail: "Kept mails are for admins of an organization.",
  nextStep: "Ask an owner or admin of your organization to pass the mail on."
})

const forMember = Effect.fnUntraced(function* (context: PageContext, c: Context, me: Layout.Me) {
  const isAdmin = Access.can(me, "administer") && me.accessScope._tag === "Everything"
  const box: Box = c.req.query("box") === "installation" ? "installation" : "organization"
  if (box === "installation" ? !me.operator && !context.openMailbox : !isAdmin) return yield* refused
  const body = yield* content(
    context,
    c,
    box === "installation" ? Id.installation : me.organizationId,
    box,
    me.operator || context.openMailbox
  )
  return Layout.memberPage(context, me, "Mailbox (not sent)", undefined, body)
})

const forGuest = (context: PageContext, c: Context) =>
  Effect.map(content(context, c, Id.installation, "installation", false), (body) =>
    Layout.guestPage(context, "Mailbox (not sent)", body)
  )

/** `/mailbox`. */
export const routes: Routes = (app, context) => {
  app.get(
    "/mailbox",
    Http.handle(context, (c) =>
      Effect.gen(function* () {
        const me: Effect.Effect<Layout.Me | undefined, Http.NoMember | Callers.NoOrganization> = Http.member(context, c)
        const found = yield* context.openMailbox
          ? Effect.catchTag(me, ["NotSignedIn", "NoOrganization"], () => Effect.succeed(undefined))
          : me
        const page = found === undefined ? yield* forGuest(context, c) : yield* forMember(context, c, found)
        c.header("Content-Security-Policy", emailPolicy)
        return Http.send(c, page)
      })
    )
  )
}
