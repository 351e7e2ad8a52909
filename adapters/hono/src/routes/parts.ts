/** What routes share: parameters of lists and of things, and reading the driving services. */
import { Id, Text } from "@portolan/domain"
import { Schema } from "effect"

const atMost = 100
const standard = 25

const Limit = Schema.NumberFromString.check(Schema.isInt(), Schema.isBetween({ minimum: 1, maximum: atMost })).pipe(
  Schema.annotateEncoded({ description: `How many, 1 to ${atMost}; ${standard} when left out.` })
)
const Cursor = Schema.String.check(Schema.isMinLength(1), Schema.isMaxLength(2_000)).annotate({
  description: "`next` of the page before."
})

/** Which page of a list. */
export const pageQuery = { limit: Schema.optionalKey(Limit), cursor: Schema.optionalKey(Cursor) }
/** Which page of a list. */
export const PageQuery = Schema.Struct(pageQuery)

/** The page that was asked for. */
export const pageOf = ({ cursor, limit }: typeof PageQuery.Type) => ({
  limit: limit ?? standard,
  ...(cursor === undefined ? {} : { cursor })
})

/** Text to look for. */
export const Search = Schema.Trim.check(Schema.isMinLength(1), Schema.isMaxLength(120), Text.readable).pipe(
  Schema.annotateEncoded({ description: "Looks into names and brands; 1 to 120 characters." })
)

/** Names one thing. */
export const CompanyParams = Schema.Struct({ companyId: Id.CompanyId })
/** Names one thing. */
export const AccountParams = Schema.Struct({ accountId: Id.AccountId })
/** Names one thing. */
export const ConnectionParams = Schema.Struct({ connectionId: Id.ConnectionId })
/** Names one thing. */
export const AuthLinkParams = Schema.Struct({ authLinkId: Id.InvitationId })
/** Names one thing. */
export const RequestParams = Schema.Struct({ requestId: Id.InvitationId })
/** Names one thing. */
export const AuthorizationParams = Schema.Struct({ authorizationId: Id.AuthorizationId })

/** A page with its items written. */
export const written = <A, B>(
  page: { readonly items: ReadonlyArray<A>; readonly next?: string },
  write: (item: A) => B
): { readonly items: ReadonlyArray<B>; readonly next?: string } => ({ ...page, items: page.items.map(write) })
