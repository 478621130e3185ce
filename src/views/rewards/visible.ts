/** Where models think aloud: what stands there is never an answer. */
const THOUGHT = /<(\/?)(?:think|thinking|thought|thoughts|reasoning|scratchpad)\b[^<>]{0,64}>|\[(\/?)thoughts?\]/gi;

export interface Visible {
  /** Spaces stand where thoughts stood; a thought at the start is left out. */
  readonly text: string;
  /** Where the text begins in the reply: places in the text lie so far behind it. */
  readonly offset: number;
  /** The reply ends inside a thought. */
  readonly endsInThought: boolean;
  /** Whether there was any thought. */
  readonly thought: boolean;
}

/**
 * The reply without its thoughts. A thought ends at the first closing tag behind its opening one. All that stands before
 * a closing tag without an opening one is thought too: some chat templates write the opening tag themselves.
 */
export function visibleText(reply: string): Visible {
  const parts: string[] = [];
  let offset = 0;
  let end = 0;
  let opened: number | null = null;
  const leaveOut = (start: number, behind: number): void => {
    if (parts.length === 0 && reply.slice(offset, start).trim() === "") offset = behind;
    else parts.push(reply.slice(end, start), " ".repeat(behind - start));
    end = behind;
  };
  THOUGHT.lastIndex = 0;
  for (let match = THOUGHT.exec(reply); match !== null; match = THOUGHT.exec(reply)) {
    const behind = THOUGHT.lastIndex;
    if (match[1] !== "/" && match[2] !== "/") {
      opened ??= match.index;
      continue;
    }
    if (opened === null) {
      parts.length = 0;
      offset = behind;
      end = behind;
    } else leaveOut(opened, behind);
    opened = null;
  }
  if (opened === null)
    return { text: parts.join("") + reply.slice(end), offset, endsInThought: false, thought: end > 0 };
  leaveOut(opened, reply.length);
  return { text: parts.join(""), offset, endsInThought: true, thought: true };
}
