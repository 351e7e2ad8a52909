export * as AmazonApi from "./AmazonApi.ts"
export * as Settings from "./Settings.ts"
