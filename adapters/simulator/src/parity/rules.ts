/** Which operations have rules here, by API, and the samples that call them. */
import { byPath as adsByPath } from "../amazon/adsOperations.ts"
import { byPath } from "../amazon/spOperations.ts"
import type { Operation } from "../describe/Described.ts"
import type { Family } from "../describe/Descriptions.ts"
import * as Route from "../describe/Route.ts"
import type { Sample } from "./Sample.ts"
import { samples as ads } from "./adsSamples.ts"
import { samples as sp } from "./spSamples.ts"

type Api = { readonly hasRule: (operation: Operation) => boolean; readonly samples: ReadonlyArray<Sample> }

const plain = (path: string): string => path.replaceAll(/\{[^}]*\}/g, "x")

const apis: { readonly [F in Family]?: Api } = {
  "selling-partner": {
    hasRule: ({ method, path }) => Route.find(byPath, method, plain(path)) !== undefined,
    samples: sp
  },
  ads: { hasRule: ({ method, path }) => Route.find(adsByPath, method, plain(path)) !== undefined, samples: ads }
}

/** Whether an operation of an API has a rule of this simulator. */
export const hasRule = (family: Family | null, operation: Operation): boolean =>
  family !== null && (apis[family]?.hasRule(operation) ?? false)

/** The samples of APIs. */
export const samplesOf = (families: ReadonlyArray<Family | null>): ReadonlyArray<Sample> =>
  [...new Set(families)].flatMap((family) => (family === null ? [] : (apis[family]?.samples ?? [])))
