export * as Settings from "./Settings.ts"
export * as WalmartApi from "./WalmartApi.ts"
export * as WalmartApplications from "./WalmartApplications.ts"
