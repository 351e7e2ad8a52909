/** The secrets of the applications of this installation, for operators. Only the server's command changes them. */
import { Effect } from "effect"
import { get, type Routes } from "../../../page/handle.ts"
import * as Http from "../../../page/http.ts"
import { sendEither } from "../../../page/send.ts"
import { operatorOf, type Visit } from "../../../page/visit.ts"
import { applicationSecrets } from "../frame.ts"
import { applicationSecretsPage } from "./view.ts"

const showApplicationSecrets = Effect.fnUntraced(function* (visit: Visit) {
  yield* operatorOf(visit)
  const all = yield* visit.context.applicationSecrets.overview()
  return yield* sendEither(visit, applicationSecretsPage({ all, now: yield* Http.now }))
})

/** `/operator/application-secrets`; others are refused with a page that says who may. */
export const routes: Routes = [get(applicationSecrets, showApplicationSecrets)]
