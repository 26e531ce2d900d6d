/** Which host this page has. */

import type { Host } from './host';

/** The desktop shell where it is there, design data where it is asked for and built in, else the web. */
export async function chooseHost(): Promise<Host> {
  if ('__TAURI_INTERNALS__' in globalThis) {
    const { tauriHost } = await import('./tauri');
    return tauriHost();
  }
  if (import.meta.env.DEV || import.meta.env.MODE === 'fake') {
    const scene = new URLSearchParams(location.search).get('fake');
    if (scene !== null || import.meta.env.MODE === 'fake') {
      const { fakeHost } = await import('./fake/host');
      return fakeHost(scene ?? 'stack');
    }
  }
  const { takeToken, webHost } = await import('./web');
  // The link of another start, opened in this tab, changes the hash alone.
  addEventListener('hashchange', () => {
    if (location.hash.startsWith('#token=')) location.reload();
  });
  const token = takeToken(location, history, sessionStorage);
  const scheme = location.protocol === 'https:' ? 'wss' : 'ws';
  return webHost(`${scheme}://${location.host}/socket`, token);
}
