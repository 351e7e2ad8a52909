/** Why an account is missing or limited, on the wire (rules S-R5, C9). */
import { Channel, Check, Id } from "@portolan/domain"
import type { Diagnoses } from "@portolan/ports"
import { Duration, Schema } from "effect"
import { By, by, Instant, instant, MustAct } from "./Text.ts"

const Finding = Schema.Struct({
  id: Check.CheckId,
  title: Schema.String,
  question: Schema.String,
  state: Schema.Literals(["passed", "failed", "unknown", "unanswered"]),
  answeredBy: Schema.Literals(["provider", "settings", "person"]),
  explanation: Schema.String,
  mustAct: MustAct,
  nextStep: Schema.String,
  lookAgainAfterSeconds: Schema.optionalKey(Schema.Int),
  answer: Schema.optionalKey(Schema.Struct({ holds: Schema.Boolean, by: By, at: Instant }))
}).annotate({
  identifier: "Finding",
  description:
    "A check with its result. `asked`: only a person can tell, and has not yet; `unknown`: not looked at yet."
})

const Remark = Schema.Struct({
  id: Schema.String,
  explanation: Schema.String,
  mustAct: MustAct,
  nextStep: Schema.String
}).annotate({
  identifier: "Remark",
  description: "Something besides the checks that explains a missing or limited account."
})

/** A connection's checklist. */
export const Answer = Schema.Struct({
  connectionId: Id.ConnectionId,
  accountId: Id.AccountId,
  channel: Channel.Channel,
  checks: Schema.Array(Finding).annotate({ description: "The six checks in their order; empty for Walmart." }),
  verdict: Schema.optionalKey(Schema.Literals(["well", "failing", "open"])),
  summary: Schema.optionalKey(Schema.String),
  mustAct: Schema.optionalKey(MustAct),
  nextStep: Schema.optionalKey(Schema.String),
  headline: Schema.optionalKey(Check.CheckId.annotate({ description: "The first check that failed." })),
  remarks: Schema.Array(Remark),
  requirements: Schema.Array(Schema.Struct({ ...Finding.fields, weight: Schema.Literals(["blocks", "limits"]) })),
  checkedAt: Schema.optionalKey(Instant),
  lookAgainAt: Schema.optionalKey(Instant)
}).annotate({
  identifier: "Diagnosis",
  description:
    "Why a connection's account is missing or limited: checks, remarks, and what had to be so before consent."
})

/** A person's answer to one check. */
export const CheckAnswer = Schema.Struct({
  check: Check.CheckId,
  holds: Schema.Boolean.annotate({ description: "Whether the title of the check is true." })
})

type Found = NonNullable<Diagnoses.DiagnosisView["diagnosis"]>["checks"][number]

const finding = (of: Found): typeof Finding.Type => ({
  id: of.id,
  title: of.title,
  question: of.question,
  state: of.state,
  answeredBy: of.answeredBy,
  explanation: of.explanation,
  mustAct: of.mustAct,
  nextStep: of.nextStep,
  ...(of.lookAgainAfter === undefined
    ? {}
    : { lookAgainAfterSeconds: Math.round(Duration.toSeconds(of.lookAgainAfter)) }),
  ...(of.answer === undefined
    ? {}
    : { answer: { holds: of.answer.holds, by: by(of.answer.by), at: instant(of.answer.at) } })
})

/** Writes a checklist. */
export const of = ({
  account,
  checkedAt,
  connection,
  diagnosis,
  lookAgainAt,
  requirements
}: Diagnoses.DiagnosisView): typeof Answer.Type => ({
  connectionId: connection.id,
  accountId: account.id,
  channel: connection.channel,
  checks: (diagnosis?.checks ?? []).map(finding),
  ...(diagnosis === undefined
    ? {}
    : {
        verdict: diagnosis.verdict,
        summary: diagnosis.summary,
        mustAct: diagnosis.mustAct,
        nextStep: diagnosis.nextStep,
        ...(diagnosis.headline === undefined ? {} : { headline: diagnosis.headline.id })
      }),
  remarks: (diagnosis?.remarks ?? []).map(({ explanation, id, mustAct, nextStep }) => ({
    id,
    explanation,
    mustAct,
    nextStep
  })),
  requirements: requirements.map((one) => ({ ...finding(one), weight: one.weight })),
  ...(checkedAt === undefined ? {} : { checkedAt: instant(checkedAt) }),
  ...(lookAgainAt === undefined ? {} : { lookAgainAt: instant(lookAgainAt) })
})
