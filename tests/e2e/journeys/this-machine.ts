import { mkdtempSync, rmSync } from 'node:fs';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import AxeBuilder from '@axe-core/playwright';
import { openStack } from '../screen.ts';
import { expect, test } from '../served.ts';

/** A container as the engine of Docker keeps it. */
interface Container {
  name: string;
  image: string;
  labels: Record<string, string>;
  isRunning: boolean;
}

/** Docker's Engine API, as far as it is asked here, over a socket in a folder of its own. */
const folder = mkdtempSync(join(tmpdir(), 'strata-docker-'));
const socket = join(folder, 'docker.sock');
let containers: Container[] = [];
/** Whether nobody listens any more to the pull that has no end. */
let isUnheard = false;

const docker = createServer((request, response) => void answered(request, response));

async function answered(request: IncomingMessage, response: ServerResponse): Promise<void> {
  const pieces: Buffer[] = [];
  for await (const piece of request) pieces.push(piece as Buffer);
  const url = new URL(request.url ?? '/', 'http://docker');
  const path = url.pathname.replace(/^\/v1\.\d+/, '');
  const named = containers.find(
    ({ name }) => path.includes(`/containers/${name}/`) || path.endsWith(`/containers/${name}`),
  );
  const send = (status: number, body?: unknown) => {
    response.writeHead(status, { 'content-type': 'application/json' });
    response.end(body === undefined ? undefined : `${JSON.stringify(body)}\n`);
  };
  if (path === '/version') {
    return send(200, {
      Version: '29.1.0',
      ApiVersion: '1.52',
      MinAPIVersion: '1.44',
      Components: [{ Name: 'Engine', Version: '29.1.0' }],
    });
  }
  if (path === '/info') {
    return send(200, {
      ServerVersion: '29.1.0',
      Runtimes: { runc: {} },
      DockerRootDir: '/var/lib/docker',
      OperatingSystem: 'Debian',
    });
  }
  if (path === '/images/create' && url.searchParams.get('fromImage')?.includes('endless')) {
    response.once('close', () => (isUnheard = true));
    response.writeHead(200, { 'content-type': 'application/json' });
    const progressDetail = { current: 50, total: 100 };
    response.write(`${JSON.stringify({ status: 'Downloading', id: 'a', progressDetail })}\n`);
    return;
  }
  if (path === '/images/create')
    return send(200, {
      status: 'Downloading',
      id: 'a',
      progressDetail: { current: 50, total: 100 },
    });
  if (path.startsWith('/images/')) return send(404, { message: 'No such image' });
  if (path === '/containers/create') {
    const { Image: image, Labels: labels } = JSON.parse(Buffer.concat(pieces).toString()) as {
      Image: string;
      Labels: Record<string, string>;
    };
    containers.push({ name: url.searchParams.get('name') ?? '', image, labels, isRunning: false });
    return send(201, { Id: 'c0', Warnings: [] });
  }
  if (path === '/containers/json') {
    return send(
      200,
      containers.map(({ name, image, labels, isRunning }) => ({
        Id: name,
        Names: [`/${name}`],
        Image: image,
        Labels: labels,
        State: isRunning ? 'running' : 'exited',
        Status: isRunning ? 'Up 2 seconds' : 'Exited (143) 1 second ago',
        Created: 1_764_000_000,
        Ports: [],
      })),
    );
  }
  if (named === undefined) return send(404, { message: 'No such container' });
  if (path.endsWith('/start')) named.isRunning = true;
  else if (path.endsWith('/stop')) named.isRunning = false;
  else if (path.endsWith('/logs')) {
    const line = Buffer.from('ready to serve\n');
    const head = Buffer.from([1, 0, 0, 0, 0, 0, 0, line.length]);
    response.writeHead(200, { 'content-type': 'application/vnd.docker.multiplexed-stream' });
    response.end(Buffer.concat([head, line]));
    return;
  } else if (path.endsWith('/json'))
    return send(200, { Id: named.name, Config: { Labels: named.labels } });
  else if (request.method === 'DELETE') containers = containers.filter((one) => one !== named);
  send(204);
}

test.use({
  environment: {
    DOCKER_HOST: `unix://${socket}`,
    // The same on every machine, whether it has a GPU or not.
    STRATA_NVML_LIBRARY: '/nowhere/libnvidia-ml.so.1',
  },
});

test.beforeAll(() => new Promise<void>((resolve) => docker.listen(socket, resolve)));
test.afterAll(() => {
  docker.close();
  docker.closeAllConnections();
  rmSync(folder, { recursive: true });
});

test.beforeEach(async ({ page, served }) => {
  containers = [];
  await openStack(page, served);
  await page.getByRole('button', { name: 'Deploy', exact: true }).click();
  await page.getByRole('radio', { name: 'This machine' }).click();
});

test('a recipe is filled in, checked, run, read, stopped and removed without a cluster', async ({
  page,
}) => {
  await expect(page.getByRole('list', { name: 'Runtimes' })).toContainText('Docker 29.1.0');
  await page.keyboard.press('r');
  await page.getByRole('button', { name: 'A container image' }).dblclick();
  await page.locator('#parameter-name').fill('hello');
  await page.locator('#parameter-image').fill('docker.io/library/nginx:1.29.4');
  const checks = page.getByRole('region', { name: 'Checks' });
  await expect(checks).toContainText('Docker 29.1.0 answers at');
  await expect(checks).toContainText('docker.io/library/nginx:1.29.4 is fetched first');
  await page.getByRole('button', { name: 'Review what would run' }).click();
  const created = page.getByRole('region', { name: 'What is created' });
  await expect(created).toContainText('strata.dev/release: hello');
  await expect(created).toContainText('docker run --detach --name hello');

  await page.getByRole('button', { name: 'Fetch and run' }).click();
  const panel = page.getByRole('complementary', { name: 'hello' });
  await expect(panel).toContainText('running');
  await expect(panel.getByRole('log')).toContainText('ready to serve');
  await panel.getByRole('searchbox').fill('nothing like it');
  await expect(panel).toContainText('No line contains');
  await panel.getByRole('button', { name: 'Stop' }).click();
  await expect(panel).toContainText('stopped');
  await panel.getByRole('button', { name: 'Remove' }).click();
  const dialog = page.getByRole('dialog');
  await expect(dialog).toContainText('Its volumes stay');
  await dialog.getByRole('button', { name: 'Remove', exact: true }).click();
  await expect(page.getByText('Strata is not running anything on this machine yet.')).toBeVisible();
});

test('what is being fetched is called off by a key, and Docker is listened to no longer', async ({
  page,
}) => {
  await expect(page.getByText('Strata is not running anything on this machine yet.')).toBeVisible();
  await page.keyboard.press('r');
  await page.getByRole('button', { name: 'A container image' }).dblclick();
  await page.locator('#parameter-name').fill('hello');
  await page.locator('#parameter-image').fill('docker.io/library/endless:1');
  await page.getByRole('button', { name: 'Review what would run' }).click();
  await page.getByRole('button', { name: 'Fetch and run' }).click();
  const panel = page.getByRole('complementary', { name: 'hello' });
  await expect(panel.getByRole('progressbar')).toHaveAttribute('aria-valuenow', '50');
  expect(isUnheard).toBe(false);
  await page.keyboard.press('s');
  await expect(panel).toContainText(/Called off when 50\sB of 100\sB had been fetched\./);
  await expect(panel).toContainText('Docker lets go of it by itself');
  await expect.poll(() => isUnheard).toBe(true);
  await panel.getByRole('button', { name: 'Dismiss' }).click();
  await expect(page.getByText('Strata is not running anything on this machine yet.')).toBeVisible();

  await page.getByRole('button', { name: 'Activity', exact: true }).click();
  await expect(page.getByRole('listitem').filter({ hasText: 'docker/hello' })).toContainText(
    'failed',
  );
});

test('what runs on this machine is accessible in both themes', async ({ page }) => {
  containers = [
    {
      name: 'qwen',
      image: 'vllm/vllm-openai:v0.24.0',
      labels: { 'strata.dev/recipe': 'vllm' },
      isRunning: true,
    },
  ];
  await page.getByRole('button', { name: 'qwen' }).click();
  await expect(page.getByRole('log')).toContainText('ready to serve');
  for (const scheme of ['dark', 'light'] as const) {
    await page.emulateMedia({ colorScheme: scheme });
    const { violations } = await new AxeBuilder({ page }).analyze();
    expect(violations).toEqual([]);
  }
});
