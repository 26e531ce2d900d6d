/** Ending a process of the design data. */

import type { ChangeReport, EndProcess } from '$bindings/contract';
import { apiError } from '../../host';
import { done } from './done';
import { processes } from './processes';
import { report, step } from './report';

/** Ends a process; the training does not listen when it is asked. */
export function endProcess({ pid, is_forced, intent }: EndProcess): ChangeReport {
  const row = processes().find((one) => one.pid === pid);
  if (row === undefined) throw apiError('not_found', `there is no process ${pid}`);
  const signal = is_forced ? 'KILL' : 'TERM';
  const program = row.command.split(' ')[0]?.split('/').at(-1) ?? '';
  const told = step('Process', `${pid} (${program})`, `kill -${signal} ${pid}`);
  told.consequences = [
    {
      code: 'process_is',
      values: { user: { text: row.user }, command: { text: row.command } },
    },
    { code: is_forced ? 'process_forced' : 'process_asked', values: {} },
    {
      code: 'process_frees',
      values: { memory: { bytes: row.memory.value ?? 0 }, index: { number: 0 } },
    },
    row.pod === ''
      ? { code: 'restarted_by_nobody', values: {} }
      : { code: 'restarted_by_pod', values: { pod: { text: `${row.namespace}/${row.pod}` } } },
  ];
  if (row.guard !== undefined) {
    told.progress = 'blocked';
    told.kubectl = '';
    told.obstacle = { kind: 'permission', sentence: row.guard.reason, details: [] };
    told.consequences = [row.guard.remedy, ...told.consequences.slice(0, 1)];
    return report(intent, 'blocked', told);
  }
  if (intent === 'preview') return report(intent, 'ready', told);
  told.progress = 'done';
  const lingers = pid === 51877 && !is_forced;
  if (lingers) done.asked.add(pid);
  else done.ended.add(pid);
  told.consequences = [
    lingers
      ? { code: 'process_lingers', values: { waited: { seconds: 5 } } }
      : { code: 'process_gone', values: {} },
  ];
  return { ...report(intent, 'applied', told), journal_entry: ++done.entry };
}
