let count = 0;

/** Wait for something that must finish even when the user has cancelled, such as closing a file. */
export async function closeProperly<T>(work: Promise<T>): Promise<T> {
  count++;
  try {
    return await work;
  } finally {
    count--;
  }
}

/** Whether a closeProperly is under way anywhere in this process. */
export function isClosing(): boolean {
  return count > 0;
}
