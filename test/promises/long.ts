/** `ROUTEWISE_LONG=1` asks for the whole of what is otherwise sampled. */
export const long = process.env['ROUTEWISE_LONG'] === '1'
