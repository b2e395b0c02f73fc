const longest = 60

/** A name from a file, for an error: a file may have names of any length. */
export const short = (name: string): string => (name.length > longest ? `${name.slice(0, longest)}…` : name)
