/** What routes share: the parameters of lists and of things, and how lists are shown. */
import { given, Id } from "@portolan/domain"
import { Repository } from "@portolan/ports"
import type { DateTime } from "effect"
import { Schema } from "effect"
import * as Query from "../Query.ts"

/** Items of a page when a request names no limit. */
export const standardLimit = 25

const Limit = Query.integer({
  minimum: 1,
  maximum: 100,
  standard: standardLimit,
  description: "The most items of a page."
})
const Cursor = Query.text(2_000, "`next` of the page before.")

const Total = Query.flag(
  `Whether the answer has \`total\`: how many items the whole list has, counted up to ${Repository.totalLimit}.`
)

/** The parameters that ask for a page of a list. */
export const pageQuery = {
  limit: Schema.optionalKey(Limit),
  cursor: Schema.optionalKey(Cursor),
  total: Schema.optionalKey(Total)
}
/** A query with nothing but these parameters. */
export const PageQuery = Schema.Struct(pageQuery)

/** The page that a query asks for. */
export const pageOf = ({ cursor, limit = standardLimit, total }: typeof PageQuery.Type): Repository.PageRequest => ({
  limit,
  ...given({ cursor }),
  ...(total === true ? { countUpTo: Repository.totalLimit } : {})
})

/** Text to look for in names. */
export const Search = Query.search("Searches names and brands; 1 to 120 characters.")

/** The values of a parameter that may be repeated. */
export const several = <A extends string>(value: A | ReadonlyArray<A> | undefined): ReadonlyArray<A> | undefined =>
  typeof value === "string" ? [value] : value

/** Names a company. */
export const CompanyParams = Schema.Struct({ companyId: Id.CompanyId })
/** Names an account. */
export const AccountParams = Schema.Struct({ accountId: Id.AccountId })
/** Names a connection. */
export const ConnectionParams = Schema.Struct({ connectionId: Id.ConnectionId })
/** Names an auth link. */
export const AuthLinkParams = Schema.Struct({ authLinkId: Id.InvitationId })
/** Names a request to connect. */
export const RequestParams = Schema.Struct({ requestId: Id.InvitationId })
/** Names an authorization. */
export const AuthorizationParams = Schema.Struct({ authorizationId: Id.AuthorizationId })

/** Shows a page, item by item. */
export const showPage =
  <A, B>(show: (item: A, now: DateTime.Utc) => B) =>
  (page: Repository.Page<A>, now: DateTime.Utc): Repository.Page<B> => ({
    ...page,
    items: page.items.map((item) => show(item, now))
  })

/** Shows a list that is never long, item by item. */
export const showList =
  <A, B>(show: (item: A) => B) =>
  (items: ReadonlyArray<A>): { readonly items: ReadonlyArray<B> } => ({ items: items.map((item) => show(item)) })

/** Problems of every change of something that others may change, too. */
export const changing = ["changed-meanwhile", "not-possible-now"] as const
