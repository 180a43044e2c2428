import type { EventType } from '../../domain/event-types/event-type';
import type { DocumentProblem } from '../../domain/problems';
import type { SourceFile } from './checker';

/** Reads what declares event types. */
export abstract class EventTypeDocuments {
  /** What a file declares, as far as it can be read: of an unreadable one, only its name. */
  abstract read(file: SourceFile): EventType;
  /** What is wrong with the file, seen alone. */
  abstract check(file: SourceFile): readonly DocumentProblem[];
  /** The part of `check` that the language does not know of when it checks a workspace: the name it says, and the filter for clients. */
  abstract checkName(file: SourceFile): readonly DocumentProblem[];
}
