/** Refusals that several commands of a consolidation share. */
import type { Decision } from "../../kernel/Machine.ts"
import type { Reason } from "../../kernel/Refused.ts"
import { type Message, say } from "../../messages/Messages.ts"
import * as Refusal from "../../messages/Refusal.ts"
import type { Credential, ProviderAccount } from "../ProviderAccount.ts"
import { limits } from "./state.ts"

/** What refuses. */
export const subject = "Consolidation"

/** A refusal with its two sentences. */
export const refuse = (command: string, reason: Reason, detail: Message, nextStep: Message): Decision<never> =>
  Refusal.refuse(subject, command, reason, { detail, nextStep })

/** Refuses a login that nobody has added. */
export const noCredential = (command: string): Decision<never> =>
  refuse(command, "does-not-exist", say("consolidation.login-missing"), say("consolidation.add-login"))

/** Refuses an account that nobody has added. */
export const noAccount = (command: string): Decision<never> =>
  refuse(command, "does-not-exist", say("consolidation.account-missing"), say("consolidation.add-account"))

/** Refuses a login and an account of two providers. */
export const otherProvider = (command: string, credential: Credential, account: ProviderAccount): Decision<never> =>
  refuse(
    command,
    "contradiction",
    say("consolidation.providers-differ", { login: credential.name, account: account.name }),
    say("consolidation.choose-provider-login")
  )

/** Refuses what is beyond a limit of this product. */
export const tooMany = (command: string, detail: Message): Decision<never> =>
  refuse(command, "too-many", detail, say("consolidation.remove-or-split"))

/** Refuses more accesses than a company can have. */
export const tooManyAccesses = (command: string): Decision<never> =>
  tooMany(command, say("consolidation.too-many-accesses", { limit: limits.accesses }))
