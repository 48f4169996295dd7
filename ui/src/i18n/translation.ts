/** A dictionary with the keys of the Indonesian one. */
export type Translation<Source> = { readonly [K in keyof Source]: string };
