/** What somebody records of a company's logins and accounts at the provider. */
import { Id, Permission, ProviderAccount } from "@portolan/domain"
import type { Consolidations } from "@portolan/ports"
import { Schema } from "effect"
import { Email } from "./Consolidation.ts"
import { NameInput } from "./Text.ts"

const AccountKey = Schema.String.check(Schema.isPattern(/^[A-Za-z0-9._:-]{1,100}$/u)).pipe(
  Schema.decodeTo(ProviderAccount.ProviderAccountId)
)

const on = { accountId: AccountKey }
/** What somebody did at the provider, or knows of it. */
export const Statement = Schema.Union([
  Schema.Struct({ kind: Schema.Literals(["choose-main"]), credentialId: Id.CredentialId }),
  Schema.Struct({
    kind: Schema.Literals(["correct-login"]),
    credentialId: Id.CredentialId,
    name: NameInput,
    email: Schema.optionalKey(Email)
  }),
  Schema.Struct({ kind: Schema.Literals(["remove-login"]), credentialId: Id.CredentialId }),
  Schema.Struct({ kind: Schema.Literals(["link-account"]), ...on, linkedAccountId: Id.AccountId }),
  Schema.Struct({ kind: Schema.Literals(["unlink-account"]), ...on }),
  Schema.Struct({ kind: Schema.Literals(["remove-account"]), ...on }),
  Schema.Struct({
    kind: Schema.Literals(["correct-administrator"]),
    ...on,
    credentialId: Schema.optionalKey(Id.CredentialId)
  }).annotate({
    description:
      "The wrong login was named: it never administered the account. Without `credentialId` nobody is named until " +
      "somebody knows."
  }),
  Schema.Struct({ kind: Schema.Literals(["name-administrator"]), ...on, credentialId: Id.CredentialId }),
  Schema.Struct({ kind: Schema.Literals(["hand-over"]), ...on, performerId: Id.CredentialId, toId: Id.CredentialId }),
  Schema.Struct({
    kind: Schema.Literals(["grant"]),
    ...on,
    performerId: Id.CredentialId,
    credentialId: Id.CredentialId,
    permission: Permission.Permission
  }),
  Schema.Struct({
    kind: Schema.Literals(["withdraw"]),
    ...on,
    performerId: Id.CredentialId,
    credentialId: Id.CredentialId
  })
]).annotate({
  description: "What was done at the provider; `kind` says which. `performerId` is the login that did it."
})

/** Reads a statement. */
export const statement = (body: typeof Statement.Type): Consolidations.Statement => {
  switch (body.kind) {
    case "choose-main":
      return { _tag: "ChooseMain", credentialId: body.credentialId }
    case "correct-login": {
      const { credentialId: id, email, name } = body
      return { _tag: "CorrectCredential", credential: { id, name, ...(email === undefined ? {} : { email }) } }
    }
    case "remove-login":
      return { _tag: "RemoveCredential", credentialId: body.credentialId }
    case "link-account":
      return { _tag: "LinkProviderAccount", accountId: body.accountId, linkedAccountId: body.linkedAccountId }
    case "unlink-account":
      return { _tag: "UnlinkProviderAccount", accountId: body.accountId }
    case "correct-administrator":
      return {
        _tag: "CorrectAdministrator",
        accountId: body.accountId,
        ...(body.credentialId === undefined ? {} : { credentialId: body.credentialId })
      }
    case "remove-account":
      return { _tag: "RemoveProviderAccount", accountId: body.accountId }
    case "name-administrator":
      return { _tag: "NameAdministrator", accountId: body.accountId, credentialId: body.credentialId }
    case "hand-over":
      return { _tag: "HandOver", accountId: body.accountId, performerId: body.performerId, toId: body.toId }
    case "grant": {
      const { accountId, credentialId, performerId, permission } = body
      return { _tag: "Grant", accountId, credentialId, performerId, permission }
    }
    case "withdraw":
      return {
        _tag: "Withdraw",
        accountId: body.accountId,
        credentialId: body.credentialId,
        performerId: body.performerId
      }
  }
}
