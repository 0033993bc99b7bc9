/** Which top-level nodes an update touched, and whether their list changed: found in time that grows with the update. */
import type { EditorState, LexicalNode, NodeKey, RootNode } from 'lexical';

export interface TopLevelChanges {
  /** Present top-level nodes that changed inside or in place. */
  readonly keys: readonly NodeKey[];
  /** Top-level nodes came, went or changed places. */
  readonly structural: boolean;
}

interface Update {
  readonly editorState: EditorState;
  readonly prevEditorState: EditorState;
  readonly dirtyElements: ReadonlyMap<NodeKey, boolean>;
  readonly dirtyLeaves: ReadonlySet<NodeKey>;
}

export function topLevelChanges(update: Update): TopLevelChanges {
  const now = update.editorState._nodeMap;
  const before = update.prevEditorState._nodeMap;
  const root = now.get('root') as RootNode;
  const oldRoot = before.get('root') as RootNode | undefined;
  let structural =
    oldRoot === undefined ||
    root.__size !== oldRoot.__size ||
    root.__first !== oldRoot.__first ||
    root.__last !== oldRoot.__last;
  const keys: NodeKey[] = [];
  const look = (key: NodeKey): void => {
    const node = now.get(key);
    if (node === undefined || node.__parent !== 'root') return;
    keys.push(key);
    const old: LexicalNode | undefined = before.get(key);
    structural ||= old === undefined || old.__next !== node.__next || old.__prev !== node.__prev;
  };
  for (const key of update.dirtyElements.keys()) look(key);
  for (const key of update.dirtyLeaves) look(key);
  return { keys, structural };
}
