export * as AmazonApi from "./AmazonApi.ts"
export * as AmazonApplications from "./AmazonApplications.ts"
export * as Settings from "./Settings.ts"
