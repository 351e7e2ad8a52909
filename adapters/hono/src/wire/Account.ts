/** Accounts on the wire. */
import { type Account, AccountType, Id, Marketplace, Region } from "@portolan/domain"
import { Schema } from "effect"
import * as Connection from "./Connection.ts"
import { By, by, Instant, instant, NameInput } from "./Text.ts"

/** An account. */
export const Answer = Schema.Struct({
  id: Id.AccountId,
  companyId: Id.CompanyId,
  name: Schema.String,
  provider: Marketplace.Provider,
  accountType: AccountType.AccountType,
  region: Region.Region,
  marketplaces: Schema.Array(Schema.String),
  brandIds: Schema.Array(Id.BrandId),
  defaultBrandId: Id.BrandId,
  createdAt: Instant,
  state: Schema.Literals(["open", "removed"]),
  removedAt: Schema.optionalKey(Instant),
  removedBy: Schema.optionalKey(By),
  erasure: Schema.optionalKey(
    Schema.Struct({ requestedAt: Instant, requestedBy: By, dueAt: Instant }).annotate({
      description: "Its loaded data is erased at `dueAt`, unless somebody cancels that."
    })
  ),
  erasedAt: Schema.optionalKey(Instant)
}).annotate({ identifier: "Account", description: "One seller, vendor or advertiser account, in one region." })

/** Which accounts a list shows. */
export const Listed = Schema.Literals(["open", "removed", "any"]).annotate({
  description: "Accounts in use by default."
})

/** The states of a list. */
export const states = (listed: typeof Listed.Type | undefined): ReadonlyArray<Account.Present["_tag"]> => {
  switch (listed) {
    case "removed":
      return ["Removed"]
    case "any":
      return ["Open", "Removed"]
    default:
      return ["Open"]
  }
}

/** An account with its connections. */
export const Detail = Schema.Struct({ ...Answer.fields, connections: Schema.Array(Connection.Answer) }).annotate({
  identifier: "AccountDetail",
  description: "An account with a connection for every channel it can have."
})

const Brands = Schema.Array(Id.BrandId).check(Schema.isMaxLength(200))

/** What opening an account takes. Without brands it takes the company's first. */
export const New = Schema.Struct({
  companyId: Id.CompanyId,
  name: NameInput,
  accountType: AccountType.Known,
  marketplaces: Schema.NonEmptyArray(Marketplace.Known).check(Schema.isMaxLength(40)),
  brandIds: Schema.optionalKey(Brands),
  defaultBrandId: Schema.optionalKey(Id.BrandId)
})

/** Which brands an account has. */
export const AssignedBrands = Schema.Struct({ brandIds: Brands, defaultBrandId: Id.BrandId })

/** The company that an account is taken to. */
export const NewCompany = Schema.Struct({ companyId: Id.CompanyId, brands: Schema.optionalKey(AssignedBrands) })

/** Writes an account. */
export const of = (account: Account.Present): typeof Answer.Type => ({
  id: account.id,
  companyId: account.companyId,
  name: account.name,
  provider: account.provider,
  accountType: account.accountType,
  region: account.region,
  marketplaces: account.marketplaces,
  brandIds: account.brandIds,
  defaultBrandId: account.defaultBrandId,
  createdAt: instant(account.createdAt),
  state: account._tag === "Open" ? "open" : "removed",
  ...(account._tag === "Open" ? {} : { removedAt: instant(account.removedAt), removedBy: by(account.removedBy) }),
  ...(account.deletion === undefined
    ? {}
    : {
        erasure: {
          requestedAt: instant(account.deletion.requestedAt),
          requestedBy: by(account.deletion.requestedBy),
          dueAt: instant(account.deletion.dueAt)
        }
      }),
  ...(account.erasedAt === undefined ? {} : { erasedAt: instant(account.erasedAt) })
})
