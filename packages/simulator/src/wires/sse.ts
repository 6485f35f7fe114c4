/** One server-sent event without a name. */
export const dataFrame = (data: unknown): string => `data: ${JSON.stringify(data)}\n\n`

/** One server-sent event with a name. */
export const namedFrame = (name: string, data: unknown): string => `event: ${name}\ndata: ${JSON.stringify(data)}\n\n`
