/** Which workspaces run something, as it changes. */
export abstract class Activations {
  /** Tells each workspace (by id) where something runs now, and then each where another version begins to run, or none. Answers how to stop. */
  abstract follow(changed: (workspaceId: string) => void): () => void;
}
