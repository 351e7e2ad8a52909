/** Reads of tokens and security events as rows of the audit log. */
import type { Audit, AuditLog } from "@portolan/ports"
import type { DateTime } from "effect"
import { words } from "../../messages/words.ts"
import * as Format from "../../page/format.ts"
import { type Content, html, isolateText, type Markup } from "../../page/html.ts"
import { who } from "./who.ts"

/** Names of what the lines of one page are about, with the page where it lives, by id. */
export type Subjects = ReadonlyMap<string, { readonly href: string; readonly name: string }>

/** What a row of the audit log shows. */
export interface Row {
  readonly at: DateTime.Utc
  readonly who: Content
  readonly title: Content
  readonly detail: Content | undefined
  readonly about: Content
}

/** Writes a row. */
export const row = ({ about, at, detail, title, who: by }: Row): Markup => html`<tr>
    <td data-label="${words.audit.when}"><time datetime="${Format.iso(at)}">${Format.absolute(at)}</time></td>
    <td data-label="${words.audit.who}">${by}</td>
    <th scope="row" data-label="${words.shared.what}"><bdi>${title}</bdi>${
      detail !== undefined && html`<br><small class="muted wrap"><bdi>${detail}</bdi></small>`
    }</th>
    <td data-label="${words.audit.about}">${about}</td></tr>`

/** A table of rows. */
export const rows = (all: ReadonlyArray<Row>): Markup =>
  html`<table class="rows audit"><thead><tr><th scope="col">${words.audit.when}</th>
      <th scope="col">${words.audit.who}</th><th scope="col">${words.shared.what}</th>
      <th scope="col">${words.audit.about}</th></tr></thead><tbody>${all.map((one) => row(one))}</tbody></table>`

/** The connection that a record is about, where it is about one. */
export const connectionOf = (record: Audit.Record): string | undefined => {
  switch (record._tag) {
    case "Change":
      return record.change.aggregate.kind === "connection" ? record.change.aggregate.id : undefined
    case "TokenRead":
      return record.read.connectionId
    case "Security":
      return record.event.detail["connectionId"]
  }
}

const linked = (id: string | undefined, subjects: Subjects, otherwise: Content): Content => {
  const known = id === undefined ? undefined : subjects.get(id)
  return known === undefined ? otherwise : html`<a href="${known.href}">${isolateText(known.name)}</a>`
}

const ofRead = ({ actor, at, connectionId, operation }: AuditLog.TokenRead, subjects: Subjects): Row => ({
  at,
  who: who(actor),
  title: words.audit.tokenRead,
  detail: html`<code>${operation}</code>`,
  about: linked(connectionId, subjects, words.shared.consent)
})

/** What it is about where that is no connection: a name that its organization gave, or a channel. */
const nameOf = ({ detail, subject }: AuditLog.SecurityEvent): Content => isolateText(detail["name"] ?? subject)

const ofSecurity = (event: AuditLog.SecurityEvent, subjects: Subjects): Row => ({
  at: event.at,
  who: html`<span class="muted">${words.audit.byUnknown}</span>`,
  ...words.audit.security[event.kind],
  about: linked(event.detail["connectionId"], subjects, nameOf(event))
})

/** Shows a read of a token or a security event; changes have their own sentences. */
export const rowOf = (record: Audit.Record, subjects: Subjects): ReadonlyArray<Row> => {
  switch (record._tag) {
    case "Change":
      return []
    case "TokenRead":
      return [ofRead(record.read, subjects)]
    case "Security":
      return [ofSecurity(record.event, subjects)]
  }
}
