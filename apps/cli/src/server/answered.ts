import { ApiProblem } from '@millrace/client';

/** An answer that is what was asked for; throws the problem that any other tells of. */
export async function answered(answering: Promise<Response>): Promise<Response> {
  const answer = await answering;
  if (answer.ok) return answer;
  throw ApiProblem.of(answer, (await answer.json()) as ConstructorParameters<typeof ApiProblem>[1]);
}
