export * as DataSinkFiles from "./DataSinkFiles.ts"
export * as LandedFile from "./LandedFile.ts"
