import { describe, expect, it } from 'vitest';
import { fieldAt, placeAt } from './yamlPlace';

/** The text without its mark, and where the mark stood. */
function marked(text: string): [string, number] {
  return [text.replace('¦', ''), text.indexOf('¦')];
}

const HEAD = 'apiVersion: apps/v1\nkind: Deployment\n';

describe('the place of a cursor', () => {
  it('is below the fields that stand further left', () => {
    const [text, at] = marked(`${HEAD}spec:\n  template:\n    spec:\n      rest¦`);
    expect(placeAt(text, at)).toMatchObject({
      apiVersion: 'apps/v1',
      kind: 'Deployment',
      path: ['spec', 'template', 'spec'],
      valueOf: null,
      from: at - 4,
    });
  });

  it('is in an entry of a list, wherever its dash stands', () => {
    const [deep, inDeep] = marked(`${HEAD}spec:\n  containers:\n    - name: a\n      im¦`);
    expect(placeAt(deep, inDeep)?.path).toEqual(['spec', 'containers']);
    const [flat, inFlat] = marked(`${HEAD}spec:\n  containers:\n  - name: a\n    im¦`);
    expect(placeAt(flat, inFlat)?.path).toEqual(['spec', 'containers']);
    const [first, inFirst] = marked(`${HEAD}spec:\n  containers:\n    - na¦`);
    expect(placeAt(first, inFirst)?.path).toEqual(['spec', 'containers']);
  });

  it('is that of its own document among several', () => {
    const [text, at] = marked(
      `${HEAD}---\napiVersion: v1\nkind: Service\nspec:\n  ¦\n---\n${HEAD}`,
    );
    expect(placeAt(text, at)).toMatchObject({ apiVersion: 'v1', kind: 'Service', path: ['spec'] });
  });

  it('is a value behind a colon', () => {
    const [text, at] = marked(`${HEAD}spec:\n  restartPolicy: Al¦`);
    expect(placeAt(text, at)).toMatchObject({
      valueOf: 'restartPolicy',
      path: ['spec'],
      from: at - 2,
    });
  });

  it('is nowhere in a text, a remark or a flow', () => {
    for (const text of [
      `${HEAD}data:\n  script: |\n    key¦`,
      `${HEAD}# spec¦`,
      `${HEAD}spec: {rep¦`,
      `${HEAD}spec:\n  name: a b¦`,
    ]) {
      expect(placeAt(...marked(text))).toBeNull();
    }
  });
});

describe('the field under the pointer', () => {
  it('is known by its name and the fields above', () => {
    const [text, at] = marked(`${HEAD}spec:\n  repli¦cas: 2\n`);
    expect(fieldAt(text, at)).toMatchObject({ name: 'replicas', path: ['spec'] });
    const [item, inItem] = marked(`${HEAD}spec:\n  containers:\n    - ima¦ge: a:1\n`);
    expect(fieldAt(item, inItem)).toMatchObject({ name: 'image', path: ['spec', 'containers'] });
  });

  it('is none where a value stands', () => {
    const [text, at] = marked(`${HEAD}spec:\n  image: ngi¦nx\n`);
    expect(fieldAt(text, at)).toBeNull();
  });
});
