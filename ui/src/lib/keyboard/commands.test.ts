import { describe, expect, it } from 'vitest';
import { Commands, type Command } from './commands.svelte';
import { capOf, nameOfPress } from './keys';

const press = (key: string, more: Partial<KeyboardEvent> = {}) =>
  ({ key, ctrlKey: false, metaKey: false, altKey: false, ...more }) as KeyboardEvent;

const command = (id: string, keys: string[], run: Command['run'], more: Partial<Command> = {}) => ({
  id,
  label: id,
  group: 'go' as const,
  keys,
  run,
  ...more,
});

describe('a key press', () => {
  it('has one name on every keyboard', () => {
    expect(nameOfPress(press('?'))).toBe('?');
    expect(nameOfPress(press('K', { ctrlKey: true }))).toBe('Mod+k');
    expect(nameOfPress(press('k', { metaKey: true }))).toBe('Mod+k');
    expect(nameOfPress(press('Escape'))).toBe('Escape');
    expect(capOf('Mod+k')).toBe('Ctrl K');
    expect(capOf('ArrowUp')).toBe('↑');
  });
});

describe('the registry', () => {
  it('runs what was offered last first, and goes on where that declines', () => {
    const ran: string[] = [];
    const commands = new Commands();
    commands.offer(() => [
      command('shell', ['Escape'], () => {
        ran.push('shell');
        return true;
      }),
    ]);
    let declines = false;
    commands.offer(() => [
      command('view', ['Escape'], () => {
        if (declines) return false;
        ran.push('view');
        return true;
      }),
    ]);
    expect(commands.press(press('Escape'), false)).toBe(true);
    declines = true;
    expect(commands.press(press('Escape'), false)).toBe(true);
    expect(ran).toEqual(['view', 'shell']);
  });

  it('leaves typed text alone, but for what asks for it', () => {
    const commands = new Commands();
    const ran: string[] = [];
    const run = (id: string) => () => {
      ran.push(id);
      return true;
    };
    commands.offer(() => [
      command('next', ['j'], run('next')),
      command('palette', ['Mod+k'], run('palette'), { whileTyping: true }),
    ]);
    expect(commands.press(press('j'), true)).toBe(false);
    expect(commands.press(press('k', { ctrlKey: true }), true)).toBe(true);
    expect(ran).toEqual(['palette']);
  });

  it('forgets what was taken back', () => {
    const commands = new Commands();
    const takeBack = commands.offer(() => [command('x', ['x'], () => true)]);
    takeBack();
    expect(commands.all).toEqual([]);
    expect(commands.press(press('x'), false)).toBe(false);
  });
});
