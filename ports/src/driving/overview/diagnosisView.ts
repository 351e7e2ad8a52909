import {
  type Account,
  type Catalogue,
  Channel,
  Check,
  type Connection,
  Diagnosis,
  given,
  Requirements
} from "@portolan/domain"
import { type DateTime, Option } from "effect"
import type { Deployment } from "../../driven/Deployment.ts"
import { isWatched, knownFacts, type Subject } from "./diagnosisSubject.ts"

/** A connection's checklist as it is now. */
export interface DiagnosisView {
  readonly connection: Connection.Present
  readonly account: Account.Present
  /** The six checks. Absent for channels without a checklist, which `requirements` alone explain. */
  readonly diagnosis?: Diagnosis.Diagnosis
  /** What had to be so before consent, answered as far as it is known (rules P-R2, P-R3, P-R10, W-R1, W-R2). */
  readonly requirements: ReadonlyArray<Requirements.Met>
  /** When the provider was last asked; absent when it never was. */
  readonly checkedAt?: DateTime.Utc
  /** When it is asked again without anybody's doing; absent when it is not. */
  readonly lookAgainAt?: DateTime.Utc
}

/** Evaluates the checklist of a connection. */
export const diagnosisView = (
  deployment: Deployment["Service"],
  subject: Subject,
  catalogue: Catalogue.Catalogue
): DiagnosisView => {
  const { channel } = subject.connection
  const { account, connection } = subject
  const stored = subject.diagnosis?.state
  const partner = Channel.accessBy(channel, catalogue) === "partner"
  // Settings are known now; what the provider said is as old as the last inspection.
  const facts = {
    ...stored?.facts,
    ...(partner ? partnerFacts(connection) : {}),
    ...withoutRefusedConsent(stored, knownFacts(deployment, subject, catalogue))
  }
  const answers = stored?.answers ?? {}
  const next = stored === undefined || !isWatched(subject, catalogue) ? Option.none() : Diagnosis.lookAgainAt(stored)
  const diagnosis = Channel.hasChecklist(channel, catalogue)
    ? Diagnosis.evaluate(facts, answers, Check.assumed, Diagnosis.checksOf(channel, catalogue))
    : undefined
  return {
    connection,
    account,
    requirements: Requirements.evaluate(Requirements.of(channel, account.accountType, catalogue), facts, answers),
    ...given({ diagnosis, checkedAt: stored?.checkedAt, lookAgainAt: Option.getOrUndefined(next) })
  }
}

/** What a connection through a partnership shows by itself. */
const partnerFacts = (connection: Connection.Present): Check.Facts => {
  if ("link" in connection) {
    return { profileVisible: connection._tag !== "ReauthorizationNeeded", permission: connection.link.permission }
  }
  return connection._tag === "AwaitingAccess" ? { profileVisible: connection.expected.arrived !== undefined } : {}
}

/**
 * The last inspection says whether the provider refused the consent; that there is one in the store does not contradict
 * it.
 */
const withoutRefusedConsent = (stored: Diagnosis.Open | undefined, known: Check.Facts): Check.Facts => {
  const { advertisingConsent, ...rest } = known
  if (advertisingConsent === undefined) return rest
  return stored?.facts.advertisingConsent === false && advertisingConsent ? rest : known
}
