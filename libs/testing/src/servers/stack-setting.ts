/** What the stack of real servers says under the name of a variable. Throws with what to do when it says nothing: a missing server fails. */
export function stackSetting(name: string): string {
  const value = process.env[name];
  if (value !== undefined && value !== '') return value;
  throw new Error(
    `${name} is not set, so a real server is missing. Run \`npm run test:cluster\`, or start it with \`npm run stack -- up\`.`,
  );
}
