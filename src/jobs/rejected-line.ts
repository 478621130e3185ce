/** One line of the file of rejected rows. */
export interface RejectedLine {
  /** Of the program; a row of which none was made may have no id. */
  id?: string;
  /** Where the row stands in the inputs; not known of stored records. */
  file?: string;
  /** From 1. */
  row?: number;
  /** A stable word. */
  reason: string;
  message: string;
}
