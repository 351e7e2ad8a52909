/** What the commands of a consolidation lead to. */
import { deciderWith, happened } from "../../kernel/Machine.ts"
import { say } from "../../messages/Messages.ts"
import { impossible } from "../../messages/Refusal.ts"
import { type Catalogue, standard } from "../../providers/Catalogue.ts"
import * as PlanShare from "../PlanShare.ts"
import { grant, handOver, observe, withdraw } from "./accesses.ts"
import {
  addAccount,
  correctAdministrator,
  linkAccount,
  nameAdministrator,
  removeAccount,
  unlinkAccount
} from "./accounts.ts"
import { addCredential, chooseMain, correctCredential, removeCredential } from "./logins.ts"
import { refuse, subject } from "./refusals.ts"
import type { Command, Event, Open, State } from "./state.ts"

const share = (state: Open, command: PlanShare.Command) => PlanShare.decide(state.share, command)

/** Decides what a consolidation's command leads to. */
export const decide = deciderWith<State, Command, Event, Catalogue>(
  standard,
  {
    Absent: { Open: (_, { consolidation }) => happened<Event>({ _tag: "ConsolidationOpened", ...consolidation }) },
    Open: {
      Open: () => refuse("Open", "already-exists", say("consolidation.exists"), say("step.open-instead")),
      AddCredential: addCredential,
      CorrectCredential: correctCredential,
      RemoveCredential: removeCredential,
      AddProviderAccount: addAccount,
      LinkProviderAccount: linkAccount,
      UnlinkProviderAccount: unlinkAccount,
      RemoveProviderAccount: removeAccount,
      CorrectAdministrator: correctAdministrator,
      NameAdministrator: nameAdministrator,
      HandOver: handOver,
      Grant: grant,
      Withdraw: withdraw,
      ChooseMain: chooseMain,
      Observe: observe,
      Share: share,
      WithdrawShare: share,
      MailPlan: share
    }
  },
  impossible(subject, { Absent: say("consolidation.begin"), Open: say("consolidation.open") })
)
