import type { ToolName } from './tool-schemas.js';

/** How a tool is told to the model that calls it. */
export interface ToolText {
  readonly title: string;
  readonly description: string;
  readonly gives: 'text' | 'objects' | 'picture';
}

/** The tools, in the order in which they are listed. */
export const tools: Readonly<Record<ToolName, ToolText>> = {
  caption: {
    title: 'Caption a picture',
    description: 'Say in a few words, a sentence or more what a picture shows.',
    gives: 'text',
  },
  answer: {
    title: 'Answer a question about a picture',
    description:
      'A short answer to a question about what one picture shows, such as "how many dogs are there?"',
    gives: 'text',
  },
  read_text: {
    title: 'Read the text in a picture',
    description: 'The text that can be seen in a picture, in the order in which it is read.',
    gives: 'text',
  },
  detect: {
    title: 'Find things in a picture',
    description: 'Where things are in a picture: a box in pixels for each, with a label and a score.',
    gives: 'objects',
  },
  segment: {
    title: 'Outline things in a picture',
    description:
      'As detect, and for each object a mask: a gray PNG of the picture’s size, white where the object is, named by a link.',
    gives: 'objects',
  },
  look: {
    title: 'Look at a picture',
    description:
      'The picture itself, at most 1024 pixels wide and high, with boxes drawn around the things that are named. Large: only when the picture must be seen.',
    gives: 'picture',
  },
};
