export * as SecretsCrypto from "./SecretsCrypto.ts"
