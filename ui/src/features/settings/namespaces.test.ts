import { describe, expect, it } from 'vitest';
import { namesIn } from './namespaces';

describe('names of namespaces as they are typed', () => {
  it('may be separated by commas, spaces and lines', () => {
    expect(namesIn(' team-a, team-b\nteam-c，team-a ')).toEqual(['team-a', 'team-b', 'team-c']);
    expect(namesIn(' , ')).toEqual([]);
  });
});
