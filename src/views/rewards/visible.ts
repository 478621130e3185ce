/** Where models think aloud: what stands there is never an answer. */
const THOUGHT = /<(\/?)(?:think|thinking|thought|thoughts|reasoning|scratchpad)\b[^<>]{0,64}>|\[(\/?)thoughts?\]/gi;

export interface Visible {
  /** As long as the reply, with spaces where thoughts stood, so that places in it are places in the reply. */
  readonly text: string;
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
  if (!reply.includes("<") && !reply.includes("[")) return { text: reply, endsInThought: false, thought: false };
  let text = "";
  let end = 0;
  let opened: number | null = null;
  let thought = false;
  for (const match of reply.matchAll(THOUGHT)) {
    const closing = match[1] === "/" || match[2] === "/";
    const behind = match.index + match[0].length;
    if (!closing) {
      opened ??= match.index;
      continue;
    }
    thought = true;
    text = opened === null ? " ".repeat(behind) : text + reply.slice(end, opened) + " ".repeat(behind - opened);
    end = behind;
    opened = null;
  }
  if (opened !== null) {
    text += reply.slice(end, opened) + " ".repeat(reply.length - opened);
    return { text, endsInThought: true, thought: true };
  }
  return { text: thought ? text + reply.slice(end) : reply, endsInThought: false, thought };
}
