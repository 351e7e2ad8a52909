/** The forms of a main account's page, as commands of the driving port (flow F4). */
import {
  AccountType,
  given,
  Id,
  Marketplace,
  Permission,
  Profile,
  ProviderAccount,
  type Text,
  Messages
} from "@portolan/domain"
import type { Consolidations } from "@portolan/ports"
import { Result, Schema } from "effect"
import { words } from "../../messages/words.ts"
import * as Http from "../../page/http.ts"
import * as Input from "../../page/input.ts"

/** Whether a text is the id of a login. */
export const isLogin = Schema.is(Id.CredentialId)
const isAccountKey = Schema.is(ProviderAccount.ProviderAccountId)
const isAccount = Schema.is(Id.AccountId)
const isPermission = Schema.is(Permission.Permission)

/** Reads an address; an empty one is none. */
export const email = (text: string): Result.Result<Text.Email | undefined, string> =>
  text.trim() === "" ? Result.succeed(undefined) : Input.email(text)

/** Reads a new login, or the first thing that is wrong with it. */
export const newLogin = (form: Http.Form): Result.Result<Consolidations.NewCredential, string> => {
  const name = Input.name(Http.one(form, "name"), "login")
  const address = email(Http.one(form, "email"))
  const provider = Http.one(form, "provider") === "walmart" ? "walmart" : "amazon"
  if (Result.isFailure(name)) return Result.fail(name.failure)
  if (Result.isFailure(address)) return Result.fail(address.failure)
  return Result.succeed({ provider, name: name.success, ...given({ email: address.success }) })
}

/** Reads a new account: one of ours, or one that is named by hand. */
export const newAccount = (form: Http.Form): Result.Result<Consolidations.NewProviderAccount, string> => {
  const administrator = Http.one(form, "administrator")
  const admin = isLogin(administrator) ? { administratorId: administrator } : {}
  const linked = Http.one(form, "linked")
  if (isAccount(linked)) return Result.succeed({ linkedAccountId: linked, ...admin })
  const name = Input.name(Http.one(form, "name"), "account")
  const accountType = AccountType.all().find((one) => one === Http.one(form, "type"))
  const id = Http.one(form, "id").trim()
  if (Result.isFailure(name)) return Result.fail(words.mainAccount.chooseOrName)
  if (accountType === undefined) return Result.fail(Messages.text("page.choose-account-type"))
  if (id !== "" && !Profile.isExternalId(id)) return Result.fail(words.mainAccount.idCharacters)
  const marketplaceIds = Http.many(form, "marketplaces").flatMap(
    (one) => Marketplace.all.find((known) => known.id === one)?.id ?? []
  )
  return Result.succeed({
    name: name.success,
    accountType,
    marketplaceIds,
    ...given({ id: id === "" ? undefined : id }),
    ...admin
  })
}

/** Reads what a person says was done at the provider; undefined when the form makes no sense. */
export const readChange = (kind: string, form: Http.Form): Consolidations.Statement | undefined => {
  const accountId = Http.one(form, "account")
  const credentialId = Http.one(form, "login")
  const performerId = Http.one(form, "performer")
  const permission = Http.one(form, "permission")
  if (kind === "remove-account")
    return isAccountKey(accountId) ? { _tag: "RemoveProviderAccount", accountId } : undefined
  if (kind === "unlink-account")
    return isAccountKey(accountId) ? { _tag: "UnlinkProviderAccount", accountId } : undefined
  if (kind === "correct-administrator" && credentialId === "")
    return isAccountKey(accountId) ? { _tag: "CorrectAdministrator", accountId } : undefined
  if (!isLogin(credentialId)) return undefined
  if (kind === "main") return { _tag: "ChooseMain", credentialId }
  if (kind === "remove-login") return { _tag: "RemoveCredential", credentialId }
  if (!isAccountKey(accountId)) return undefined
  if (kind === "correct-administrator") return { _tag: "CorrectAdministrator", accountId, credentialId }
  if (kind === "administrator") return { _tag: "NameAdministrator", accountId, credentialId }
  if (!isLogin(performerId)) return undefined
  switch (kind) {
    case "hand-over":
      return { _tag: "HandOver", accountId, performerId, toId: credentialId }
    case "withdraw":
      return { _tag: "Withdraw", accountId, performerId, credentialId }
    case "grant":
      return isPermission(permission) ? { _tag: "Grant", accountId, performerId, credentialId, permission } : undefined
    default:
      return undefined
  }
}

/** Whether a text is the id of a consent. */
export const isGrant = Schema.is(Id.GrantId)
