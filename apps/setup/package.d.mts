/** Folders of the packages that can be published. */
export declare const publishable: () => ReadonlyArray<string>
/** The manifest that is published. */
export declare const manifestOf: (manifest: { readonly [key: string]: unknown }) => { readonly [key: string]: unknown }
/** Builds one package into a folder and gives the package's own folder there. */
export declare const build: (folder: string, into?: string) => string
