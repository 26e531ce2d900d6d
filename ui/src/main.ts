import { mount } from 'svelte';
import './app.css';
import { runOn } from '$lib/api/call';
import { chooseHost } from '$lib/host/choose';
import { preferences } from '$lib/state/preferences.svelte';
import Shell from './shell/Shell.svelte';

const target = document.getElementById('app');
if (target === null) throw new Error('index.html has no #app');

runOn(await chooseHost());
// The frame is drawn at once; what was kept comes when the engine answers.
preferences.show();
mount(Shell, { target });
