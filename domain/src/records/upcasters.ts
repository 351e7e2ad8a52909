/**
 * How each earlier shape becomes today's, as one table. A list of upcasters leads from version 1 to today's: the first
 * one reads version 1, the second one version 2. So the version of a shape is the length of its list, plus one.
 *
 * Version 1 is whatever was written before records carried a version. Some records of version 1 have several earlier
 * shapes, so their steps leave alone what has its later shape already. `domain/test/golden` has every one of them.
 */
import { unknownGrant } from "../kernel/Id.ts"
import type { Kind } from "../jobs/Aggregate.ts"
import { unknownMarketplace } from "../providers/Identifier.ts"
import type { Step } from "./steps.ts"

/** The steps from one version to the next. Without steps, the later version reads the earlier one as it is. */
export type Upcaster = ReadonlyArray<Step>

/** From the first version to today's. */
export type Upcasters = ReadonlyArray<Upcaster>

/** The upcasters of a machine: of its states, and of its events by tag. A tag that is left out is at version 1. */
export interface MachineUpcasters {
  readonly state: Upcasters
  readonly events: { readonly [tag: string]: Upcasters }
}

const organizationId: Step = { _tag: "CopyField", field: "organizationId", from: ["id"] }

// Access was called reach, and access to some accounts was called chosen.
const accessScope: Upcaster = [
  { _tag: "RenameField", field: "reach", to: "accessScope" },
  { _tag: "RenameValue", at: ["accessScope"], field: "_tag", value: "Chosen", to: "Limited" }
]

const assignmentEpoch: Upcaster = [
  { _tag: "RenameField", field: "spell", to: "assignmentEpoch" },
  // Before assignments were counted there had been one at most.
  { _tag: "DefaultField", field: "assignmentEpoch", value: 0 }
]

// A connection had no marketplace of its own; its profile has one.
const marketplaceOfConnection: Upcaster = [
  { _tag: "CopyField", field: "marketplaceId", from: ["link", "profile", "key", "marketplaceId"] },
  { _tag: "DefaultField", field: "marketplaceId", value: unknownMarketplace }
]

const responsibleMember: Upcaster = [{ _tag: "RenameField", field: "keeper", to: "responsibleMember" }]

const listFailed: Step = { _tag: "RenameField", field: "unread", to: "listFailed" }

const notReported: Upcaster = [{ _tag: "RenameField", at: ["facts"], field: "untold", to: "notReported" }]

/** The upcasters of every machine. */
export const machines: { readonly [K in Kind]: MachineUpcasters } = {
  organization: {
    state: [[organizationId]],
    events: { OrganizationFounded: [[{ ...organizationId, at: ["organization"] }]] }
  },
  member: {
    state: [accessScope],
    events: { MemberInvited: [accessScope], MemberJoined: [accessScope], MemberAccessChanged: [accessScope] }
  },
  apiKey: { state: [accessScope], events: { ApiKeyCreated: [accessScope] } },
  advertiser: {
    state: [assignmentEpoch],
    events: { AdvertiserDiscovered: [assignmentEpoch], AdvertiserUnassigned: [assignmentEpoch] }
  },
  awaited: { state: [], events: {} },
  incident: { state: [], events: {} },
  company: { state: [], events: {} },
  account: { state: [], events: {} },
  connection: {
    state: [marketplaceOfConnection],
    events: {
      ConnectionProposed: [marketplaceOfConnection],
      // No fallback was kept then.
      Renewed: [[{ _tag: "DefaultField", field: "keepsReplaced", value: false }]]
    }
  },
  authorization: {
    state: [[{ _tag: "DefaultField", tags: ["Exchanging"], field: "grantId", value: unknownGrant }, listFailed]],
    events: {
      // The grant got its id later, with `ConsentRecorded`.
      CallbackReceived: [[{ _tag: "DefaultField", field: "grantId", value: unknownGrant }]],
      ConsentRecorded: [[listFailed]]
    }
  },
  invitation: {
    // Mails were not counted, because there were none.
    state: [[{ _tag: "DefaultField", tags: ["Open"], field: "mails", value: 0 }]],
    events: {}
  },
  grant: { state: [responsibleMember], events: { GrantRecorded: [responsibleMember] } },
  // Windows were part of the load; migration 0020 of the PostgreSQL adapter makes them records of their own.
  backfill: {
    state: [[]],
    events: { BackfillPlanned: [[]], BackfillExtended: [[{ _tag: "DefaultField", field: "retried", value: [] }], []] }
  },
  window: { state: [], events: {} },
  consolidation: { state: [], events: {} },
  diagnosis: { state: [notReported], events: { FactsObserved: [notReported] } }
}

/**
 * Events that were recorded for a load before windows were records of their own. They stay where they are, because the
 * audit log is sealed over them, and are read as what they are today.
 */
const ofWindows = {
  WindowRequested: "window",
  WindowRestarted: "window",
  WindowLoaded: "window",
  WindowSkipped: "window",
  WindowBlocked: "window"
} as const

/** Events that were once of another kind of aggregate: by the kind that they were recorded for, and their tag. */
export const movedEvents: { readonly [K in Kind]?: { readonly [tag: string]: Kind } } = { backfill: ofWindows }

/** The upcasters of tasks, by tag. A tag that is left out is at version 1. */
export const tasks: { readonly [tag: string]: Upcasters } = {
  ProveConnection: [[{ _tag: "DefaultField", field: "grantId", value: unknownGrant }]],
  ReconcileAdvertiser: [assignmentEpoch]
}
