/** What the commands of a connection lead to. */
import { given } from "../../kernel/given.ts"
import * as DateTime from "effect/DateTime"
import { deciderWith, happened, nothing } from "../../kernel/Machine.ts"
import { say } from "../../messages/Messages.ts"
import { impossible } from "../../messages/Refusal.ts"
import { type Catalogue, standard } from "../../providers/Catalogue.ts"
import { type Command, Event, State, accessHours } from "./state.ts"
import {
  awaitSelection,
  changeCompany,
  checked,
  disconnect,
  drop,
  expect,
  first,
  judgeIdentity,
  lose,
  move,
  proven,
  renew,
  linkedCells,
  subject
} from "./steps.ts"
import { inUse, reinstate, withdraw } from "./withdrawal.ts"

/** Decides what a connection's command leads to. */
export const decide = deciderWith<State, Command, Event, Catalogue>(
  standard,
  {
    Absent: { Propose: (_, { connection }) => happened<Event>({ _tag: "ConnectionProposed", ...connection }) },
    Proposed: {
      Propose: () => nothing,
      ChangeCompany: changeCompany,
      Move: move,
      ExpectAccess: expect,
      CheckAccess: () => nothing,
      NoteAccess: () => nothing,
      DropExpectation: () => nothing,
      AwaitSelection: awaitSelection,
      DropSelection: () => nothing,
      Link: first,
      Disconnect: () => nothing,
      Withdraw: withdraw,
      Reinstate: () => nothing
    },
    AwaitingSelection: {
      ChangeCompany: changeCompany,
      Move: move,
      AwaitSelection: awaitSelection,
      DropSelection: (state, { authorizationId }) => drop(state.pending, authorizationId),
      Link: first,
      Disconnect: (state, command) => disconnect(state, command),
      Withdraw: withdraw,
      Reinstate: () => nothing
    },
    AwaitingAccess: {
      ChangeCompany: changeCompany,
      ExpectAccess: (state, command, catalogue) =>
        state.expected.advertiser === command.advertiser ? nothing : expect(state, command, catalogue),
      CheckAccess: (state, { at }) =>
        state.expected.overdueAt === undefined &&
        state.expected.arrived === undefined &&
        DateTime.isGreaterThanOrEqualTo(at, DateTime.add(state.expected.since, { hours: accessHours }))
          ? happened<Event>({ _tag: "AccessOverdue", advertiser: state.expected.advertiser, at })
          : nothing,
      NoteAccess: (state, { advertiser, at }) =>
        state.expected.arrived?.advertiser === advertiser ||
        (state.expected.notedAt !== undefined && DateTime.isLessThan(at, state.expected.notedAt))
          ? nothing
          : happened<Event>({ _tag: "AccessNoted", at, ...given({ advertiser }) }),
      DropExpectation: (_, { at }) => happened<Event>({ _tag: "ExpectationDropped", at }),
      Link: first,
      Disconnect: (_, { at }) => happened<Event>({ _tag: "ExpectationDropped", at }),
      Withdraw: (_, { at, by }) =>
        happened<Event>({ _tag: "ExpectationDropped", at }, { _tag: "ConnectionWithdrawn", at, by }),
      Reinstate: () => nothing
    },
    Connected: {
      ...linkedCells,
      AwaitSelection: awaitSelection,
      DropSelection: (state, { authorizationId }) => drop(state.renewal, authorizationId),
      Link: renew,
      Prove: proven,
      CheckRights: checked,
      JudgeIdentity: judgeIdentity,
      LoseGrant: lose,
      Disconnect: (state, command) => disconnect(state, command, state.link)
    },
    Limited: {
      ...linkedCells,
      AwaitSelection: awaitSelection,
      DropSelection: (state, { authorizationId }) => drop(state.renewal, authorizationId),
      Link: renew,
      Prove: proven,
      CheckRights: checked,
      JudgeIdentity: judgeIdentity,
      LoseGrant: lose,
      Disconnect: (state, command) => disconnect(state, command, state.link)
    },
    ReauthorizationNeeded: {
      ...linkedCells,
      AwaitSelection: awaitSelection,
      DropSelection: (state, { authorizationId }) => drop(state.renewal, authorizationId),
      Link: renew,
      // A success that arrives after the proof that the grant is dead does not bring the grant back.
      Prove: () => nothing,
      CheckRights: () => nothing,
      JudgeIdentity: () => nothing,
      LoseGrant: () => nothing,
      Disconnect: (state, command) => disconnect(state, command, state.link)
    },
    Disconnected: {
      ChangeCompany: changeCompany,
      Move: move,
      ExpectAccess: expect,
      CheckAccess: () => nothing,
      NoteAccess: () => nothing,
      DropExpectation: () => nothing,
      AwaitSelection: awaitSelection,
      DropSelection: (state, { authorizationId }) => drop(state.pending, authorizationId),
      Link: first,
      Prove: () => nothing,
      CheckRights: () => nothing,
      JudgeIdentity: () => nothing,
      LoseGrant: () => nothing,
      Disconnect: () => nothing,
      Withdraw: withdraw,
      Reinstate: () => nothing
    },
    // What comes late finds nothing to change; whatever begins something is refused.
    Withdrawn: {
      Propose: () => nothing,
      ChangeCompany: changeCompany,
      Move: (state, command, catalogue) => inUse(state, subject, command._tag, catalogue),
      ExpectAccess: (state, command, catalogue) => inUse(state, subject, command._tag, catalogue),
      AwaitSelection: (state, command, catalogue) => inUse(state, subject, command._tag, catalogue),
      Link: (state, command, catalogue) => inUse(state, subject, command._tag, catalogue),
      CheckAccess: () => nothing,
      NoteAccess: () => nothing,
      DropExpectation: () => nothing,
      DropSelection: () => nothing,
      Prove: () => nothing,
      CheckRights: () => nothing,
      JudgeIdentity: () => nothing,
      LoseGrant: () => nothing,
      Disconnect: () => nothing,
      Withdraw: () => nothing,
      Reinstate: reinstate
    }
  },
  impossible(subject, {
    Absent: say("account.create-first"),
    Proposed: say("connection.authenticate-or-send"),
    AwaitingSelection: say("authorization.choose-pending"),
    AwaitingAccess: say("connection.wait-for-advertiser"),
    Connected: say("step.nothing"),
    Limited: say("connection.give-right"),
    ReauthorizationNeeded: say("connection.authorize-again"),
    Disconnected: say("connection.authenticate-or-send"),
    Withdrawn: say("connection.add-marketplace-again")
  })
)
