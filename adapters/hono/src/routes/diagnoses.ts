/** Why an account is missing or limited: six checks, answered by the provider or by people (flow F4, step 3). */
import { Diagnoses } from "@portolan/ports"
import { Effect } from "effect"
import { route } from "../Route.ts"
import * as Diagnosis from "../wire/Diagnosis.ts"
import { ConnectionParams } from "./parts.ts"

const at = "/v1/connections/{connectionId}/diagnosis"
const tag = "Connections"

/** The routes. */
export const diagnoses = [
  route({
    method: "GET",
    path: at,
    operationId: "getDiagnosis",
    tag,
    summary: "Reads the checklist of a connection, from what is known now",
    description: "Asks no provider and changes nothing (rules S-R5, C9).",
    params: ConnectionParams,
    answer: Diagnosis.Answer,
    handle: ({ caller, params }) =>
      Effect.gen(function* () {
        const { view } = yield* Diagnoses.Diagnoses
        return { body: Diagnosis.of(yield* view(caller, params.connectionId)) }
      })
  }),
  route({
    method: "POST",
    path: at,
    operationId: "observeDiagnosis",
    tag,
    summary: "Looks at the provider now",
    description:
      "What has healed is put to use at once: profiles that appeared can be chosen, a right that is back lifts the limit. " +
      "While a consent sees no profile, or the connection is limited, it is also looked at without asking, for 14 days.",
    params: ConnectionParams,
    answer: Diagnosis.Answer,
    problems: [
      "contradiction",
      "reauthorization-needed",
      "permission-missing",
      "channel-unavailable",
      "provider-refused",
      "application-rejected",
      "provider-unavailable",
      "changed-meanwhile"
    ],
    handle: ({ caller, params }) =>
      Effect.gen(function* () {
        const { observe } = yield* Diagnoses.Diagnoses
        return { body: Diagnosis.of(yield* observe(caller, params.connectionId)) }
      })
  }),
  route({
    method: "PUT",
    path: `${at}/answers`,
    operationId: "answerCheck",
    tag,
    summary: "Records a person's answer to a check that no provider tells",
    description: "Facts beat answers: what the provider tells later counts.",
    params: ConnectionParams,
    body: Diagnosis.Answered,
    answer: Diagnosis.Answer,
    problems: ["contradiction", "changed-meanwhile"],
    handle: ({ body, caller, params }) =>
      Effect.gen(function* () {
        const { answer } = yield* Diagnoses.Diagnoses
        return { body: Diagnosis.of(yield* answer(caller, params.connectionId, body)) }
      })
  })
]
