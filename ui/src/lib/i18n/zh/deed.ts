/** 对已有对象的操作，以及缺少的权限。 */

import { grouped } from '$lib/format/number';
import type { deed as english } from '../en/deed';

export const deed: typeof english = {
  verb: {
    suspend: '挂起',
    resume: '恢复',
    cancel: '取消',
    restart: '重新运行',
    scale: '扩缩容',
    set_queue: '更换队列',
    set_priority: '更改优先级',
    set_image: '更换镜像',
    label: '标签',
    taint: '污点',
    cordon: '隔离',
    uncordon: '解除隔离',
    drain: '排空',
  },
  titleOf: (verb, object) => `${verb} ${object}`,
  field: {
    replicas: '副本数',
    queue: '队列',
    class: '优先级类',
    container: '容器',
    image: '镜像',
    key: '键',
    value: '值',
    labelValue: '值；留空则移除该标签',
    effect: '效果',
    remove: '移除该污点',
    force: '驱逐没有控制器的 Pod',
    delete_local_data: '驱逐会丢失本地数据的 Pod',
    wait_seconds: '等待中断预算的秒数',
  },
  typeName: (name) => `输入 ${name} 以继续`,
  typeCluster: (cluster, count) => `输入 ${cluster} 以对全部 ${grouped(count)} 个执行`,

  lacks: '此处的部分操作您无权执行。缺少的权限：',
  lackFor: (what) => `用于${what}`,
  lackTitle: (permissions) => `缺少：${permissions}`,

  object: {
    title: '单个对象',
    open: '集群中的对象',
    openLead: '任意对象，类型写法与 kubectl 相同：可编辑其 YAML，并执行可用的操作。',
    kind: '类型',
    namespace: '命名空间',
    name: '名称',
    go: '打开',
    edit: 'YAML',
    editing: '编辑 YAML：只发送您更改的字段，其余字段仍归原所有者。',
    untouched: '尚未编辑。',
    hint: '以合并补丁发送所编辑的内容。',
    delete: '删除',
    deleteDo: (kind) => `删除该 ${kind}`,
    acts: '可执行的操作',
    reread: '重新读取',
    rereadWhy: '未应用的编辑将丢失。',
  },

  protection: {
    title: '保护',
    lead: '受保护的上下文在此处、命令行和所有窗口中均为只读，直到输入其名称。',
    none: '尚无已知的上下文。',
    isProtected: '受保护，只读',
    isOpen: '受保护，已解锁',
    isNot: '未受保护',
    change: '更改',
    changeOf: (cluster) => `更改 ${cluster} 的保护`,
  },
};
