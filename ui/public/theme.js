// Sets the theme before the first paint. lib/state/preferences.svelte.ts keeps it current.
(function () {
  let chosen = null;
  try {
    chosen = localStorage.getItem('strata.theme');
  } catch {
    // Storage may be blocked: the desktop's theme it is.
  }
  if (chosen !== 'dark' && chosen !== 'light') {
    chosen = matchMedia('(prefers-color-scheme: light)').matches ? 'light' : 'dark';
  }
  document.documentElement.dataset.theme = chosen;
})();
