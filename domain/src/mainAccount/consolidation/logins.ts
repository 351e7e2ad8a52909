/** What the commands about logins lead to. */
import * as Schema from "effect/Schema"
import { type Decision, happened, nothing } from "../../kernel/Machine.ts"
import { folded } from "../../kernel/Text.ts"
import { say } from "../../messages/Messages.ts"
import { Credential } from "../ProviderAccount.ts"
import { noCredential, refuse, tooMany } from "./refusals.ts"
import { type CommandOf, credentialOf, type Event, limits, type Open } from "./state.ts"

const same = Schema.toEquivalence(Credential)

/** Refuses a second login with the same name or the same user of one provider. */
const obstacleOf = (command: string, state: Open, credential: Credential): Decision<never> | undefined => {
  const others = state.credentials.filter((one) => one.id !== credential.id && one.provider === credential.provider)
  if (others.some((one) => folded(one.name) === folded(credential.name))) {
    return refuse(
      command,
      "already-exists",
      say("consolidation.name-taken", { name: credential.name }),
      say("consolidation.choose-name")
    )
  }
  const { providerUserId } = credential
  return providerUserId !== undefined && others.some((one) => one.providerUserId === providerUserId)
    ? refuse(command, "already-exists", say("consolidation.login-under-other-name"), say("consolidation.use-existing"))
    : undefined
}

/** Adds a login. */
export const addCredential = (state: Open, { credential }: CommandOf<"AddCredential">): Decision<Event> => {
  const command = "AddCredential"
  if (credentialOf(state, credential.id) !== undefined) {
    return refuse(command, "already-exists", say("consolidation.login-exists"), say("consolidation.use-existing"))
  }
  if (state.credentials.length >= limits.credentials) {
    return tooMany(command, say("consolidation.too-many-logins", { limit: limits.credentials }))
  }
  return obstacleOf(command, state, credential) ?? happened<Event>({ _tag: "CredentialAdded", credential })
}

/** Corrects what is known of a login; its provider stays. */
export const correctCredential = (state: Open, { credential }: CommandOf<"CorrectCredential">): Decision<Event> => {
  const command = "CorrectCredential"
  const known = credentialOf(state, credential.id)
  if (known === undefined) return noCredential(command)
  if (known.provider !== credential.provider) {
    return refuse(
      command,
      "contradiction",
      say("consolidation.login-keeps-provider"),
      say("consolidation.add-other-login")
    )
  }
  if (same(known, credential)) return nothing
  return obstacleOf(command, state, credential) ?? happened<Event>({ _tag: "CredentialCorrected", credential })
}

/** Removes a login that administers nothing and is not the main one. */
export const removeCredential = (state: Open, { credentialId }: CommandOf<"RemoveCredential">): Decision<Event> => {
  const command = "RemoveCredential"
  const known = credentialOf(state, credentialId)
  if (known === undefined) return noCredential(command)
  const administered = state.accounts.filter((account) => account.administratorId === credentialId)
  if (administered.length > 0) {
    return refuse(
      command,
      "not-possible-now",
      say("consolidation.administers-several", {
        login: known.name,
        accounts: administered.slice(0, 3).map((account) => account.name),
        more: administered.length - 3
      }),
      say("consolidation.hand-over-first")
    )
  }
  if (state.mainCredentialId === credentialId) {
    return refuse(
      command,
      "not-possible-now",
      say("consolidation.is-main", { login: known.name }),
      say("consolidation.choose-other-main")
    )
  }
  return happened<Event>({ _tag: "CredentialRemoved", credentialId })
}

/** Chooses the main account. */
export const chooseMain = (state: Open, { credentialId }: CommandOf<"ChooseMain">): Decision<Event> => {
  if (credentialOf(state, credentialId) === undefined) return noCredential("ChooseMain")
  return state.mainCredentialId === credentialId
    ? nothing
    : happened<Event>({ _tag: "MainAccountChosen", credentialId })
}
