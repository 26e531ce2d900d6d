// Written by `cargo xtask bindings` from crates/api. Do not edit.

/**
 * What this program is.
 */
export type About = { 
/**
 * Strata's version.
 */
version: string, 
/**
 * Components in the catalogue.
 */
components: number, };

/**
 * An accelerator of the machine.
 */
export type AcceleratorRow = { 
/**
 * What it is known by: NVIDIA's UUID, else its address on the PCI bus.
 */
device: string, 
/**
 * Its number.
 */
index: number, 
/**
 * Who made it.
 */
vendor: AcceleratorVendor, 
/**
 * The model.
 */
model: string, 
/**
 * Its address on the PCI bus; may be empty.
 */
pci: string, 
/**
 * Whether it answers.
 */
state: AcceleratorState, 
/**
 * How bad it is.
 */
severity: Severity, 
/**
 * What is wrong with it, the worst first.
 */
faults: Array<GpuFault>, 
/**
 * What one should know to read its figures.
 */
remarks: Array<Phrase>, 
/**
 * Why its clocks are lower than they could be.
 */
clock_reasons: Array<Phrase>, 
/**
 * Everything that was measured.
 */
readings: Array<ReadingRow>, 
/**
 * How it went over the last minutes.
 */
charts: Array<RecentChart>, 
/**
 * Its MIG instances.
 */
instances: Array<MigInstanceRow>, 
/**
 * Its NVLinks.
 */
links: Array<NvlinkRow>, 
/**
 * Errors that the driver reported, the latest first.
 */
xids: Array<XidRow>, 
/**
 * Since when they are known, by the kernel's log, in RFC 3339; absent where nothing of before Strata was
 * watching is.
 */
xids_since?: string, 
/**
 * Why those of before are not known.
 */
xids_unknown?: Hindrance, 
/**
 * When the processes on it were listed, in RFC 3339; absent where they cannot be.
 */
processes_at?: string, 
/**
 * How many there were.
 */
processes: number, 
/**
 * What it can be set to.
 */
settings: Array<SettingRow>, 
/**
 * What it was set to on trial, the latest first; the last one of each setting stays when it is over.
 */
trials: Array<TrialRow>, };

/**
 * Whether an accelerator answers.
 */
export type AcceleratorState = "answers" | "suspended" | "lost" | "needs_reset";

/**
 * Who made an accelerator.
 */
export type AcceleratorVendor = "nvidia" | "amd" | "intel";

/**
 * Does one thing to each of several objects.
 */
export type ActOnObjects = { 
/**
 * The cluster's id.
 */
cluster: string, 
/**
 * The objects.
 */
objects: Array<ObjectName>, 
/**
 * What is done to each.
 */
action: Action, 
/**
 * Whether it is to be done.
 */
intent: Intent, };

/**
 * What can be done to an object that is there, as its kind truly does it.
 */
export type Action = { "do": "cordon", } | { "do": "uncordon", } | { "do": "drain", 
/**
 * Evict pods that nothing makes anew.
 */
force: boolean, 
/**
 * Evict pods whose `emptyDir` volumes are lost with them.
 */
delete_local_data: boolean, 
/**
 * For how many seconds to wait where a budget holds a pod, at most 600.
 */
wait_seconds: number, } | { "do": "taint", 
/**
 * Its key.
 */
key: string, 
/**
 * Its value; may be empty.
 */
value: string, 
/**
 * `NoSchedule`, `PreferNoSchedule` or `NoExecute`.
 */
effect: string, 
/**
 * Whether it is taken away.
 */
remove: boolean, } | { "do": "restart", } | { "do": "scale", 
/**
 * How many.
 */
replicas: number, } | { "do": "set_image", 
/**
 * The container's name.
 */
container: string, 
/**
 * The image.
 */
image: string, } | { "do": "label", 
/**
 * Its key.
 */
key: string, 
/**
 * Its value; absent: it is taken away.
 */
value?: string, } | { "do": "suspend", } | { "do": "resume", } | { "do": "cancel", } | { "do": "set_queue", 
/**
 * The queue's name.
 */
queue: string, } | { "do": "set_priority", 
/**
 * The priority class's name.
 */
class: string, };

/**
 * Whether something that is asked of a cluster is so.
 */
export type Answer = "met" | "partly" | "not_met" | "not_applicable" | "unknown";

/**
 * Some text of an answer, in order.
 */
export type AnswerPieceRow = { 
/**
 * The text.
 */
text: string, 
/**
 * Whether it is what the model thinks before it answers.
 */
is_reasoning: boolean, };

/**
 * An answer, as far as it has come. Its text is in [`AnswerPieceRow`]s.
 */
export type AnswerRow = { 
/**
 * How far it has come.
 */
state: TrialState, 
/**
 * What went wrong, where it failed.
 */
fault?: TrialFault, 
/**
 * The pod that was asked; empty until one is.
 */
pod: string, 
/**
 * The way there.
 */
way?: Way, 
/**
 * The model, as the server names it.
 */
model: string, 
/**
 * Why the server stopped, in its word: `stop`, `length`; empty until it did.
 */
finish_reason: string, 
/**
 * Whether more text came than is kept.
 */
is_cut: boolean, 
/**
 * How long it took.
 */
times: AnswerTimes, 
/**
 * What was used.
 */
tokens: AnswerTokens, };

/**
 * How long an answer took, by the clock of this computer.
 */
export type AnswerTimes = { 
/**
 * Until there was a way to the server, in seconds. It is in none of the others.
 */
connect_seconds?: number, 
/**
 * TTFT: from sending the question to the first piece of the answer that is not empty, in seconds.
 */
first_token_seconds?: number, 
/**
 * From sending the question to the last piece of the answer, or to now, in seconds.
 */
total_seconds?: number, 
/**
 * TPOT: what a token after the first took on the mean, in seconds.
 */
per_token_seconds?: number, 
/**
 * Tokens in a second from the first token on: 1 / TPOT.
 */
tokens_per_second?: number, };

/**
 * The tokens of an answer.
 */
export type AnswerTokens = { 
/**
 * Of the question, as the server counts them; absent where it does not tell.
 */
prompt?: number, 
/**
 * Of the answer; absent where nothing is known.
 */
output?: number, 
/**
 * Whether the server counted those of the answer; else they are the pieces that came, of which
 * each holds a token or more.
 */
is_told: boolean, };

/**
 * An operation failed, or a subscription could not be made.
 */
export type ApiError = { 
/**
 * What a shell acts on.
 */
code: ErrorCode, 
/**
 * What happened to which object, for people.
 */
message: string, 
/**
 * Why, outermost first.
 */
causes: Array<string>, };

/**
 * Approves a credential plugin, by the digest of its command.
 */
export type ApproveCredentialPlugin = { 
/**
 * The digest that was shown.
 */
digest: string, };

/**
 * Asks a model.
 */
export type AskModel = { 
/**
 * Where it is served.
 */
server: ModelServer, 
/**
 * The key that the server wants.
 */
key: ServerKey, 
/**
 * Its name.
 */
model: string, 
/**
 * What it is asked.
 */
prompt: Prompt, 
/**
 * How it answers.
 */
sampling: SamplingParameters, 
/**
 * Whether the answer is told as it comes.
 */
is_streamed: boolean, };

/**
 * An answer, why it is so, and what would change it.
 */
export type Assessment = { 
/**
 * The answer.
 */
answer: Answer, 
/**
 * Why, in a sentence.
 */
reason: Phrase, 
/**
 * What would change it; absent where nothing need change.
 */
remedy?: Phrase, 
/**
 * What it rests on, the weightiest first.
 */
evidence: Array<Evidence>, };

/**
 * A line of the attention list.
 */
export type AttentionRow = { 
/**
 * How bad it is.
 */
severity: Severity, 
/**
 * What is wrong, in a few words.
 */
title: Phrase, 
/**
 * Why, and what it hurts.
 */
reason: Phrase, 
/**
 * What to do next.
 */
action: Phrase, 
/**
 * A command that does or shows it, to be copied; empty where there is none.
 */
command: string, 
/**
 * The layer where it is wrong.
 */
layer: Layer, 
/**
 * What it is wrong with.
 */
subject: string, 
/**
 * Since when, in RFC 3339, where that is known.
 */
since?: string, };

/**
 * A text in both languages.
 */
export type Bilingual = { 
/**
 * English.
 */
en: string, 
/**
 * Simplified Chinese.
 */
zh: string, };

/**
 * Keyed rows: what is new or changed, what is gone, and the order where it changed.
 */
export type Body = { 
/**
 * How many rows there are in all, inside the window and outside.
 */
total: number, 
/**
 * How many there would be without the filter.
 */
unfiltered: number, 
/**
 * The ids of the rows in the window, in order; absent where it did not change.
 */
order?: Array<string>, 
/**
 * Rows that are new or changed.
 */
upsert: Array<KeyedRow>, 
/**
 * The ids of rows that left the window.
 */
drop: Array<string>, };

/**
 * A file that is no recipe.
 */
export type BrokenRecipe = { 
/**
 * The file.
 */
file: string, 
/**
 * The line, counted from 1.
 */
line: number, 
/**
 * What is wrong there.
 */
message: string, };

/**
 * How one would ask a model by hand.
 */
export type ByHand = { 
/**
 * `kubectl port-forward` to the pod; empty on this machine, where the port answers as it is.
 */
forward: string, 
/**
 * `curl` with the same request; a key stands in it as the name of a variable.
 */
curl: string, };

/**
 * A component of the catalogue that would serve a capability.
 */
export type Candidate = { 
/**
 * Its name.
 */
name: string, 
/**
 * What it does.
 */
description: Bilingual, 
/**
 * Its page on the web.
 */
home: string, 
/**
 * The components without which it does not work.
 */
requires: Array<Requisite>, };

/**
 * A capability, and what serves it.
 */
export type CapabilityRow = { 
/**
 * Which, by the catalogue's id, such as `model_serving`.
 */
capability: string, 
/**
 * Its name.
 */
name: Bilingual, 
/**
 * Whether it is served.
 */
standing: Standing, 
/**
 * The worst of what serves it.
 */
severity: Severity, 
/**
 * Why it stands so.
 */
reason: Phrase, 
/**
 * The figures that matter, the weightiest first; none where nothing serves it or nothing is
 * known.
 */
figures: Array<SurveyFigure>, 
/**
 * What serves it, in the catalogue's order.
 */
components: Array<ServingComponent>, 
/**
 * What would serve it, where it is not served.
 */
candidates: Array<Candidate>, 
/**
 * What runs by it, what is wrong first, at most [`CapabilityRow::MOST`].
 */
things: Array<StageThing>, 
/**
 * How much of that there is in all.
 */
total: number, 
/**
 * What this rests on.
 */
evidence: Array<Evidence>, };

/**
 * A picture of where the capacity of a cluster goes now.
 */
export type CapacityPictureQuestion = { 
/**
 * The cluster.
 */
cluster: string, 
/**
 * By what what is held is parted.
 */
by: GpuShareOf, 
/**
 * How it is drawn.
 */
look: PictureLook, };

/**
 * The catalogue's words, for shells that show them.
 */
export type Catalog = { 
/**
 * The layers, from top to bottom.
 */
layers: Array<CatalogLayer>, 
/**
 * The components, in the order in which they are drawn.
 */
components: Array<CatalogComponent>, 
/**
 * The people who look at a cluster.
 */
roles: Array<CatalogRole>, };

/**
 * A component's words.
 */
export type CatalogComponent = { 
/**
 * Its id: `component/ID` is its subject.
 */
id: string, 
/**
 * Its name.
 */
name: string, 
/**
 * Its layer.
 */
layer: Layer, 
/**
 * What it is.
 */
category: string, 
/**
 * The capability that it serves.
 */
capability: string, 
/**
 * What it does, in a sentence.
 */
description: Bilingual, 
/**
 * Where it is at home on the web.
 */
home: string, };

/**
 * A layer's words.
 */
export type CatalogLayer = { 
/**
 * Which layer.
 */
layer: Layer, 
/**
 * Its name.
 */
name: Bilingual, 
/**
 * What it is for.
 */
purpose: Bilingual, 
/**
 * Who operates it.
 */
operators: Array<Bilingual>, };

/**
 * One of the people who look at a cluster.
 */
export type CatalogRole = { 
/**
 * Who.
 */
role: Role, 
/**
 * What they are called.
 */
name: Bilingual, 
/**
 * The layers that they operate, from top to bottom.
 */
layers: Array<Layer>, 
/**
 * The views, the one that they look at most first.
 */
views: Array<string>, };

/**
 * What is done to an object.
 */
export type ChangeAction = "create" | "change" | "unchanged" | "delete" | "evict" | "end" | "load" | "unknown";

/**
 * Has objects as manifests say, by server-side apply.
 */
export type ChangeObjects = { 
/**
 * The cluster's id.
 */
cluster: string, 
/**
 * YAML documents, as typed or rendered.
 */
manifests: string, 
/**
 * The namespace of those that name none; empty: the context's, else `default`.
 */
namespace: string, 
/**
 * Whether it is to be done.
 */
intent: Intent, 
/**
 * What to do about fields that others own; a conflict without a choice stops all of it.
 */
choices: Array<FieldChoice>, 
/**
 * The release that the journal is to name.
 */
release?: string, };

/**
 * How a change stands.
 */
export type ChangeOutcome = "ready" | "blocked" | "unchanged" | "applied" | "partial" | "failed";

/**
 * Changes some values of a release, which becomes a new revision: how many replicas it has, how it
 * grows with its load, which part of the requests its canary gets.
 */
export type ChangeRelease = { 
/**
 * The cluster's id.
 */
cluster: string, 
/**
 * The release's namespace.
 */
namespace: string, 
/**
 * The release's name.
 */
name: string, 
/**
 * The values that become others, by parameter; null takes one away. The rest stays as it is.
 */
values: { [key in string]: unknown }, 
/**
 * The same as somebody types them on a command line; they come before `values`.
 */
typed: { [key in string]: string }, 
/**
 * Whether it is to be done.
 */
intent: Intent, 
/**
 * What to do about fields that others own.
 */
choices: Array<FieldChoice>, };

/**
 * What a change would come to, or came to.
 */
export type ChangeReport = { 
/**
 * What was asked.
 */
intent: Intent, 
/**
 * How it stands.
 */
outcome: ChangeOutcome, 
/**
 * What stands in the way of all of it; what stands in the way of one object is with that.
 */
obstacles: Array<Obstacle>, 
/**
 * What it does to what runs, for all of it.
 */
consequences: Array<Phrase>, 
/**
 * Object by object, in the order in which they are written.
 */
steps: Array<ChangeStep>, 
/**
 * The entry of the journal; absent where nothing was written down.
 */
journal_entry?: number, };

/**
 * What a change does to one object.
 */
export type ChangeStep = { 
/**
 * The object.
 */
object: ObjectName, 
/**
 * Its version, such as `apps/v1`.
 */
api_version: string, 
/**
 * The line of the manifests at which it begins, from 1; absent where it is in none.
 */
line?: number, 
/**
 * What is done to it.
 */
action: ChangeAction, 
/**
 * How far that is.
 */
progress: StepProgress, 
/**
 * Whether the API server could not be asked yet, as the object needs one that comes before it.
 */
is_assumed: boolean, 
/**
 * The fields that become others; none for an object that is created or deleted.
 */
fields: Array<FieldDifference>, 
/**
 * The fields that others own with another value.
 */
conflicts: Array<FieldConflict>, 
/**
 * What it does to what runs.
 */
consequences: Array<Phrase>, 
/**
 * What stands or stood in the way; absent where nothing does.
 */
obstacle?: Obstacle, 
/**
 * What the API server warns of, in its words.
 */
warnings: Array<string>, 
/**
 * The same with kubectl; on this machine, with the system's own commands.
 */
kubectl: string, 
/**
 * The object as it is, as YAML without what the server keeps for itself; empty where it is not.
 */
before: string, 
/**
 * The object as it becomes, likewise.
 */
after: string, };

/**
 * Something that was said.
 */
export type ChatMessage = { 
/**
 * By whom.
 */
role: ChatRole, 
/**
 * What.
 */
content: string, };

/**
 * Who says something.
 */
export type ChatRole = "system" | "user" | "assistant";

/**
 * One check.
 */
export type Check = { 
/**
 * What was looked at.
 */
subject: CheckSubject, 
/**
 * How it stands.
 */
state: CheckState, 
/**
 * What was found.
 */
sentence: Phrase, 
/**
 * What to do; absent where there is nothing to do.
 */
remedy?: Phrase, 
/**
 * More about it, a line each: nodes, pods, names of the cluster.
 */
details: Array<string>, };

/**
 * How a check stands.
 */
export type CheckState = "ok" | "warning" | "failed" | "unknown";

/**
 * What is looked at before a deployment, in the order of the strip.
 */
export type CheckSubject = "kinds" | "namespace" | "image" | "quota" | "queue" | "fit" | "storage" | "secret" | "reference" | "permission" | "policy" | "cost" | "runtime" | "name" | "port" | "gpu" | "disk";

/**
 * The checklist that a cluster is held against.
 */
export type ChecklistRow = { 
/**
 * Its Kubernetes version, such as `1.36`; empty where no checklist is that old.
 */
kubernetes: string, 
/**
 * The version that the server says.
 */
server: string, 
/**
 * Whether every list was read that an answer may rest on.
 */
complete: boolean, };

/**
 * What to do about a field that another owns with another value.
 */
export type Choice = "keep" | "take";

/**
 * One of several.
 */
export type ChoiceOption = { 
/**
 * The value.
 */
value: string, 
/**
 * What it is called.
 */
name: Bilingual, };

/**
 * Counts over a connected cluster.
 */
export type ClusterCounts = { 
/**
 * Watches that are listed and followed.
 */
watches_live: number, 
/**
 * Watches in all, those of kinds that the server does not serve left out.
 */
watches: number, 
/**
 * Watches that the user may have in some namespaces alone, and has there.
 */
watches_partial: number, 
/**
 * Watches that the user may not have.
 */
watches_forbidden: number, 
/**
 * Objects held.
 */
objects: number, 
/**
 * Bytes read in each of the last seconds, on the mean of the last ten.
 */
bytes_per_second: number, 
/**
 * Lines of the attention list that are critical.
 */
criticals: number, };

/**
 * A context that one can connect to.
 */
export type ClusterRow = { 
/**
 * Its id: what every topic and operation calls `cluster`.
 */
cluster: string, 
/**
 * The context's name. Not unique: [`file`](Self::file) tells equal names apart.
 */
name: string, 
/**
 * The API server's address; empty for the demo cluster.
 */
server: string, 
/**
 * The user entry's name; may be empty.
 */
user: string, 
/**
 * The context's own namespace; empty where none is set.
 */
namespace: string, 
/**
 * The kubeconfig file; empty for the demo cluster.
 */
file: string, 
/**
 * Whether the file was added by hand, so that it can be forgotten.
 */
added_by_hand: boolean, 
/**
 * Whether its file calls it the current context.
 */
is_current: boolean, 
/**
 * Whether it is the embedded demo cluster.
 */
is_demo: boolean, 
/**
 * Which of the cluster hues is its own, from 0, stable for an id.
 */
hue: number, 
/**
 * Where its connection stands.
 */
connection: Connection, 
/**
 * When anything was last heard of it, in RFC 3339; absent before the first time.
 */
heard_at?: string, 
/**
 * Counts, while it is connected or stale.
 */
counts?: ClusterCounts, };

/**
 * What is different between two revisions.
 */
export type CompareRevisions = { 
/**
 * The cluster's id.
 */
cluster: string, 
/**
 * The release's namespace.
 */
namespace: string, 
/**
 * The release's name.
 */
name: string, 
/**
 * The revision that is changed.
 */
from: number, 
/**
 * The revision that it is changed to.
 */
to: number, };

/**
 * A figure of several GPUs over some time.
 */
export type ComparisonChart = { 
/**
 * Which figure, which also says its definition.
 */
figure: Figure, 
/**
 * Its unit.
 */
unit: FigureUnit, 
/**
 * The means of each GPU in the order of the question, then those of the earlier time where that
 * was asked for; `null` where nothing was measured.
 */
lines: Array<Array<number | null>>, };

/**
 * Where a connection stands.
 */
export type Connection = { "state": "idle" } | { "state": "connecting", 
/**
 * The step it is at.
 */
step: Step, } | { "state": "live", 
/**
 * The server's version.
 */
version: string, 
/**
 * Whether every list has been read once.
 */
complete: boolean, } | { "state": "stale", 
/**
 * The last time anything was heard, in RFC 3339.
 */
since: string, 
/**
 * Why.
 */
reason: string, 
/**
 * When it is tried again, in RFC 3339.
 */
retry_at?: string, } | { "state": "failed", 
/**
 * The step that failed.
 */
step: Step, 
/**
 * What happened.
 */
message: string, 
/**
 * The next thing to do.
 */
advice: string, 
/**
 * When it is tried again, in RFC 3339; absent where only the user can help.
 */
retry_at?: string, } | { "state": "needs_approval", 
/**
 * The command line.
 */
command: string, 
/**
 * The digest to approve.
 */
digest: string, };

/**
 * How each step of a connection went.
 */
export type ConnectionReport = { 
/**
 * The steps, in order.
 */
steps: Array<StepReport>, };

/**
 * What runs a container.
 */
export type ContainerRuntime = "docker" | "containerd" | "cri_o" | "podman" | "lxc" | "nspawn" | "slurm" | "unnamed";

/**
 * A kubeconfig file or an entry of one that could not be used.
 */
export type ContextProblemRow = { 
/**
 * The file.
 */
file: string, 
/**
 * The context it concerns; empty for the whole file.
 */
context: string, 
/**
 * What is wrong with it.
 */
message: string, };

/**
 * Decides about a change on trial.
 */
export type DecideTrial = { 
/**
 * The entry of the journal, by its number.
 */
entry: number, 
/**
 * Whether it stays; else it is taken back.
 */
keep: boolean, };

/**
 * What might be done: an action of a change, without its particulars, or the writing or deleting of
 * an object.
 */
export type Deed = "apply" | "create" | "delete" | "cordon" | "uncordon" | "drain" | "taint" | "restart" | "scale" | "set_image" | "label" | "suspend" | "resume" | "cancel" | "set_queue" | "set_priority";

/**
 * Deletes objects.
 */
export type DeleteObjects = { 
/**
 * The cluster's id.
 */
cluster: string, 
/**
 * The objects, in the order in which they go.
 */
objects: Array<ObjectName>, 
/**
 * What becomes of what they own.
 */
propagation: Propagation, 
/**
 * Whether it is to be done.
 */
intent: Intent, 
/**
 * The release that the journal is to name.
 */
release?: string, };

/**
 * Deletes a release: its objects, what they take along, and its revisions.
 */
export type DeleteRelease = { 
/**
 * The cluster's id.
 */
cluster: string, 
/**
 * The release's namespace.
 */
namespace: string, 
/**
 * The release's name.
 */
name: string, 
/**
 * Whether it is to be done.
 */
intent: Intent, };

/**
 * Has a release as a recipe with values says: a new one, or a new revision of one.
 */
export type DeployRecipe = { 
/**
 * The recipe, filled in; its cluster and namespace are where it goes.
 */
recipe: RenderRecipe, 
/**
 * What the recipe came to and somebody edited, as YAML: it is applied and kept instead. Absent:
 * what the recipe comes to.
 */
manifests?: string, 
/**
 * Whether it is to be done.
 */
intent: Intent, 
/**
 * What to do about fields that others own.
 */
choices: Array<FieldChoice>, };

/**
 * What stands in the way of a deployment, before anything is sent.
 */
export type DeploymentChecks = { 
/**
 * Each check, in the order of the strip. Empty while values have errors.
 */
checks: Array<Check>, };

/**
 * A reason that rests on what happened.
 */
export type Derived = { 
/**
 * Which.
 */
code: ReasonCode, 
/**
 * The same in a sentence.
 */
sentence: Phrase, 
/**
 * Whether it is the dominant one.
 */
is_dominant: boolean, };

/**
 * Asks what a field is, and which fields it has.
 */
export type DescribeField = { 
/**
 * The cluster's id.
 */
cluster: string, 
/**
 * `apps/v1`, as a manifest names it.
 */
api_version: string, 
/**
 * The kind.
 */
kind: string, 
/**
 * The field, from the object on; empty for the object itself. An entry of a list has no name of
 * its own: `spec`, `containers`, `image`.
 */
path: Array<string>, };

/**
 * What a field is.
 */
export type DescribedField = { 
/**
 * Whether the kind has it.
 */
is_known: boolean, 
/**
 * What it is.
 */
about: SchemaField, 
/**
 * The values that it may have; empty where others may be, too.
 */
values: Array<string>, 
/**
 * The fields in it, by name; of a list, those of an entry.
 */
fields: Array<SchemaField>, };

/**
 * A `ResourceClaim`: what it was given, and who uses that.
 */
export type DeviceClaimRow = { 
/**
 * Its namespace.
 */
namespace: string, 
/**
 * Its name.
 */
name: string, 
/**
 * How it stands.
 */
state: DeviceClaimState, 
/**
 * Why it has no devices, as far as that is known.
 */
reason?: Phrase, 
/**
 * The drivers of its devices, each once.
 */
drivers: Array<string>, 
/**
 * Its devices, by their names in their pools.
 */
devices: Array<string>, 
/**
 * The nodes of its devices, each once, as far as slices tell.
 */
nodes: Array<string>, 
/**
 * The pods that it is reserved for.
 */
pods: Array<string>, 
/**
 * When it was made, in RFC 3339; absent where that is not told.
 */
created?: string, };

/**
 * How a claim stands.
 */
export type DeviceClaimState = "pending" | "allocated" | "reserved";

/**
 * A device class that picks devices.
 */
export type DeviceClassPick = { 
/**
 * The class.
 */
name: string, 
/**
 * Whether it has further conditions, so that it may pick some of the devices alone, or none.
 */
may_be_fewer: boolean, };

/**
 * Devices of one driver, kind and model that may be given to claims.
 *
 * A driver may publish a device whole and in every part it could be cut into, each as a device of its
 * own: rows of different kinds are never added up.
 */
export type DeviceOfferRow = { 
/**
 * The driver, such as `gpu.nvidia.com`.
 */
driver: string, 
/**
 * The attribute `type`: `gpu`, `mig`, `vfio`; empty where it is not told.
 */
kind: string, 
/**
 * The model; empty where it is not told.
 */
model: string, 
/**
 * The device classes by which they are asked for, as far as the classes' selectors tell.
 */
classes: Array<DeviceClassPick>, 
/**
 * Nodes that have such devices; devices of no single node are in none.
 */
nodes: number, 
/**
 * Devices that are published.
 */
published: number, 
/**
 * Of those, the ones that claims were given; absent where claims are not known.
 */
allocated?: number, 
/**
 * Of those published, the ones that a taint in their slice keeps from being given.
 */
tainted: number, 
/**
 * These taints, each once, as `key=value:effect`.
 */
taints: Array<string>, };

/**
 * What a device can be set to.
 */
export type DeviceSetting = { "set": "power_limit", 
/**
 * In watts.
 */
watts: number, } | { "set": "locked_clocks", 
/**
 * The least, in megahertz.
 */
least: number, 
/**
 * The most, in megahertz.
 */
most: number, } | { "set": "free_clocks", };

/**
 * How far it is known what devices there are for claims. Told where the server serves
 * `ResourceSlice`s.
 */
export type DeviceSupplyRow = { 
/**
 * Where the list of `ResourceSlice`s stands, which tell what is published.
 */
slices: WatchState, 
/**
 * Where the list of `ResourceClaim`s stands, which tell what was given.
 */
claims: WatchState, 
/**
 * Where the list of `DeviceClass`es stands, which tell by which names devices are asked for.
 */
classes: WatchState, 
/**
 * Pools of which slices are missing: their devices are not given out, and in no number.
 */
incomplete_pools: number, };

/**
 * Which way a path goes.
 */
export type Direction = "depends_on" | "would_fail";

/**
 * Gives an object what was edited in its YAML: the fields that differ, and no others.
 */
export type EditObject = { 
/**
 * The cluster's id.
 */
cluster: string, 
/**
 * The object.
 */
object: ObjectName, 
/**
 * Its YAML before it was edited, as [`Manifest`] has it.
 */
before: string, 
/**
 * Its YAML as edited.
 */
after: string, 
/**
 * Whether it is to be done.
 */
intent: Intent, };

/**
 * Ends a process that is on an accelerator.
 */
export type EndProcess = { 
/**
 * Its number.
 */
pid: number, 
/**
 * When it started, as its row tells it: a process that got the number later is left alone.
 */
started_ticks: string, 
/**
 * Whether it is made to go at once, instead of asked to.
 */
is_forced: boolean, 
/**
 * Whether it is to be done.
 */
intent: Intent, };

/**
 * Why a subscription ended.
 */
export type EndReason = "shutdown" | "abandoned" | "gone";

/**
 * Which ends of a relation stand.
 */
export type Ends = "both" | "only_from" | "only_to" | "neither" | "unknown";

/**
 * The closed set of codes. A variant is added only when a shell branches on it.
 */
export type ErrorCode = "unauthorized" | "forbidden" | "not_found" | "conflict" | "unavailable" | "timeout" | "invalid_input" | "unsupported" | "internal";

/**
 * A fact that a claim rests on: a field of an object, or that a kind is served.
 */
export type Evidence = { 
/**
 * The object's API group; empty for the core group.
 */
group: string, 
/**
 * Its kind.
 */
kind: string, 
/**
 * Its namespace; empty for objects of the whole cluster.
 */
namespace: string, 
/**
 * Its name; empty where the fact is about the kind itself.
 */
name: string, 
/**
 * The field, as a path.
 */
field: string, 
/**
 * Its value.
 */
value: string, 
/**
 * Since when the object says so, in RFC 3339, where it tells.
 */
since?: string, 
/**
 * What it belongs to on the stack, if that is known.
 */
subject?: string, };

/**
 * The answer to "why does it not run".
 */
export type Explanation = { 
/**
 * What was asked about.
 */
object: ObjectName, 
/**
 * How it does.
 */
standing: RunState, 
/**
 * The same in a line: "3 of 4 pods are ready".
 */
summary: Phrase, 
/**
 * The dominant reason; absent where nothing is wrong.
 */
reason?: Reason, 
/**
 * The lesser reasons, the weightiest first.
 */
others: Array<Reason>, 
/**
 * What could not be read and would have been looked at: "the permission is missing: list nodes".
 */
unread: Array<string>, };

/**
 * What to do about a field that another owns.
 */
export type FieldChoice = { 
/**
 * The object, as the report of the preview names it.
 */
object: ObjectName, 
/**
 * The field, as the conflict names it.
 */
path: string, 
/**
 * What to do.
 */
choice: Choice, };

/**
 * A field that another owns with another value.
 */
export type FieldConflict = { 
/**
 * The field, as the API server names it.
 */
path: string, 
/**
 * The owner, such as `kubectl-edit`.
 */
manager: string, 
/**
 * What the API server says of the owner: `conflict with "kubectl-edit" using apps/v1 at ...`.
 */
message: string, 
/**
 * The owner's value, as JSON; absent where it is secret or not to be found.
 */
theirs?: string, 
/**
 * Our value, likewise.
 */
ours?: string, 
/**
 * Whether the values are secret.
 */
is_secret: boolean, 
/**
 * What was chosen; absent where that is to be done.
 */
choice?: Choice, };

/**
 * A field that becomes another.
 */
export type FieldDifference = { 
/**
 * The field, as the API server names it: `.spec.containers[name="main"].image`.
 */
path: string, 
/**
 * Its value, as JSON; absent where it is not there, or secret.
 */
before?: string, 
/**
 * The value that it gets, as JSON; absent where it goes, or is secret.
 */
after?: string, 
/**
 * Whether it is secret.
 */
is_secret: boolean, };

/**
 * What is wrong with a value.
 */
export type FieldError = { 
/**
 * The parameter.
 */
parameter: string, 
/**
 * What is wrong, and what would be right.
 */
sentence: Phrase, 
/**
 * The line of the value, where it is a text of several; counted from 1.
 */
line: number | null, };

/**
 * What became of a parameter.
 */
export type FieldState = { 
/**
 * The parameter.
 */
parameter: string, 
/**
 * Whether it applies, by the values of others.
 */
applies: boolean, 
/**
 * Its value, given or by default; null where there is none.
 */
value: unknown, 
/**
 * Whether it was given: a value, or null for none.
 */
is_given: boolean, };

/**
 * The figures of devices as they cross the wire.
 */
export type Figure = "utilization" | "engine_active" | "sm_active" | "ai_core_utilization" | "sm_occupancy" | "tensor_active" | "dram_active" | "memory_utilization" | "encoder_utilization" | "decoder_utilization" | "memory_used" | "memory_free" | "memory_reserved" | "memory_total" | "temperature" | "memory_temperature" | "power" | "power_limit" | "energy" | "sm_clock" | "memory_clock" | "clocks_event_reasons" | "thermal_violation" | "power_violation" | "last_xid" | "error_code" | "health" | "ecc_corrected" | "ecc_uncorrected" | "rows_remapped_corrected" | "rows_remapped_uncorrected" | "row_remap_failure" | "pages_retired_corrected" | "pages_retired_uncorrected" | "page_retirement_pending" | "pcie_tx" | "pcie_rx" | "pcie_replays" | "nvlink_tx" | "nvlink_rx" | "nvlink_replays" | "nvlink_recoveries" | "nvlink_crc_errors" | "nvlink_data_crc_errors" | "row_remap_pending" | "fan_speed" | "pcie_generation" | "pcie_width" | "cpu_utilization" | "host_memory_used" | "host_memory_total" | "swap_used" | "disk_used" | "disk_total" | "disk_read" | "disk_written" | "network_received" | "network_sent";

/**
 * Why a figure has no value.
 */
export type FigureAbsence = "not_supported" | "no_permission" | "not_told" | "rejected";

/**
 * Where a figure comes from.
 */
export type FigureSource = "dcgm" | "amd_exporter" | "npu_exporter" | "hami" | "prometheus" | "kubernetes" | "nvml" | "gpm" | "sysfs" | "fdinfo" | "system";

/**
 * The units of figures as they cross the wire.
 */
export type FigureUnit = "ratio" | "bytes" | "bytes_per_second" | "celsius" | "watts" | "joules" | "megahertz" | "seconds" | "count" | "code";

/**
 * A piece of evidence: what some object says of itself.
 */
export type Finding = { 
/**
 * Which object.
 */
object: ObjectName, 
/**
 * The field that says it: `status.conditions[PodScheduled]`, `event FailedCreate`, `log`.
 */
field: string, 
/**
 * What it says, in the cluster's own words.
 */
message: string, 
/**
 * Since when, in RFC 3339, where that is known.
 */
since?: string, 
/**
 * How long ago that was, in seconds.
 */
age_seconds?: number, };

/**
 * Asks which GPUs of a cluster a model fits on, and split over how many.
 */
export type FitModel = { 
/**
 * The cluster's id; empty: this machine.
 */
cluster: string, 
/**
 * What is done with which model; over how many GPUs is what is asked.
 */
sizing: SizingInputs, 
/**
 * The text of the model's `config.json`; empty: what is known of it by its name.
 */
config: string, };

/**
 * The parts of a form, in their order.
 */
export type FormSection = "what" | "model" | "training" | "resources" | "placement" | "storage" | "advanced";

/**
 * One message of a subscription. `seq` starts at 0 and never skips: a gap means loss, and the
 * shell subscribes anew.
 */
export type Frame = { "frame": "snapshot", 
/**
 * The frame's number.
 */
seq: number, 
/**
 * The rows.
 */
body: Body, } | { "frame": "delta", 
/**
 * The frame's number.
 */
seq: number, 
/**
 * The changes.
 */
body: Body, } | { "frame": "heartbeat", 
/**
 * The frame's number.
 */
seq: number, } | { "frame": "end", 
/**
 * The frame's number.
 */
seq: number, 
/**
 * Why there are no more.
 */
reason: EndReason, };

/**
 * What is given for a cluster.
 */
export type GivePrometheus = { 
/**
 * The cluster's id.
 */
cluster: string, 
/**
 * What is given; absent: nothing, so that those found in the cluster are asked.
 */
address?: PrometheusAddress, };

/**
 * GPUs that stand together in the map: those of a rack, of a model, of a queue.
 */
export type GpuBlockRow = { 
/**
 * What several blocks have in common, such as their zone; may be empty.
 */
section: string, 
/**
 * The block's name, such as its rack; empty where none is told.
 */
name: string, 
/**
 * The models in it.
 */
models: Array<string>, 
/**
 * The mean of the values that are known, as a share of the scale.
 */
mean?: number, 
/**
 * The nodes.
 */
lines: Array<GpuLine>, };

/**
 * Where the capacity goes.
 */
export type GpuCapacityRow = { 
/**
 * How many GPUs are in which state.
 */
states: GpuStates, 
/**
 * What held GPUs do, added up: 0.4 is a GPU that is busy at 40 %. By
 * [`used_figure`](Self::used_figure), over the held GPUs that tell it.
 */
used: number, 
/**
 * By which definition; absent where nothing is measured.
 */
used_figure?: Figure, 
/**
 * Held GPUs of which it is not known how busy they are by that definition: shared ones, those not
 * measured, and those that tell another.
 */
not_measured: number, 
/**
 * Of those, the ones that tell another definition, by definition. They are added up with nothing.
 */
otherwise: Array<GpusByFigure>, };

/**
 * What the cells of the map can be coloured by.
 */
export type GpuColour = "sm_active" | "engine_active" | "utilization" | "ai_core_utilization" | "memory_used" | "temperature" | "power" | "sm_occupancy" | "tensor_active" | "dram_active" | "memory_temperature" | "sm_clock" | "pcie_tx" | "pcie_rx" | "nvlink_tx" | "nvlink_rx" | "ecc_corrected" | "ecc_uncorrected" | "state";

/**
 * The columns that GPUs can be sorted by. Equal ones go by node and number.
 */
export type GpuColumn = "node" | "model" | "state" | "activity" | "memory" | "temperature" | "power" | "xid" | "holder" | "workload" | "queue" | "idle" | "measured";

/**
 * GPUs beside each other.
 */
export type GpuComparison = { 
/**
 * The steps of every line; what is told of an earlier time stands under them too.
 */
steps: Steps, 
/**
 * The figures of which something was measured, each by one definition.
 */
charts: Array<ComparisonChart>, 
/**
 * How history is kept.
 */
keeping: HistoryKeeping, };

/**
 * A GPU beside others, or beside what it did itself before.
 */
export type GpuComparisonQuestion = { 
/**
 * The cluster.
 */
cluster: string, 
/**
 * The GPUs, the one that is looked at first; at most [`GpuComparisonQuestion::MOST`].
 */
gpus: Array<OneGpu>, 
/**
 * Whether the time of the same length before is told of the first.
 */
with_earlier: boolean, 
/**
 * Which time.
 */
span: Span, };

/**
 * One GPU in detail.
 */
export type GpuDetailRow = { 
/**
 * What the table shows of it.
 */
gpu: GpuRow, 
/**
 * Its address on the PCI bus; may be empty.
 */
pci: string, 
/**
 * The driver's version; may be empty.
 */
driver: string, 
/**
 * The exporter's pod, as `namespace/name`; empty where none measures it.
 */
exporter: string, 
/**
 * Why the exporter tells nothing now; empty where it does.
 */
exporter_failure: string, 
/**
 * GPUs that its node may give out.
 */
node_allocatable: number, 
/**
 * GPUs that its node has.
 */
node_capacity: number, 
/**
 * What is wrong with it, the worst first.
 */
faults: Array<GpuFault>, 
/**
 * Why its clocks are lower than they could be.
 */
clock_reasons: Array<Phrase>, 
/**
 * Everything that was measured.
 */
readings: Array<ReadingRow>, 
/**
 * Its MIG instances.
 */
instances: Array<GpuInstance>, 
/**
 * How the serving engines do that run in the pods that hold it.
 */
engines: Array<GpuEngine>, };

/**
 * How a device is given out.
 */
export type GpuDivision = "whole" | "partition" | "shared";

/**
 * How a serving engine does.
 */
export type GpuEngine = { 
/**
 * Its pod, as `namespace/name`.
 */
pod: string, 
/**
 * The models that it serves.
 */
models: Array<string>, 
/**
 * Requests in work.
 */
running?: number, 
/**
 * Requests that wait.
 */
waiting?: number, 
/**
 * KV-cache utilization, from 0 to 1.
 */
cache_used?: number, 
/**
 * When it was asked, in RFC 3339.
 */
at: string, };

/**
 * How the exporters do that measure a cluster's GPUs, and what asking them costs.
 */
export type GpuExporters = { 
/**
 * Exporters that are asked.
 */
asked: number, 
/**
 * Exporters that answered lately.
 */
live: number, 
/**
 * Exporters that did before, and do not now.
 */
stale: number, 
/**
 * Exporters that never answered.
 */
failed: number, 
/**
 * The first of them, by its pod, and why it told nothing; empty where all answer.
 */
failure: string, 
/**
 * The missing permission, where that is why.
 */
forbidden: string, 
/**
 * Values that were no possible readings, and were left out.
 */
rejected: number, 
/**
 * Bytes read from exporters in the last minute.
 */
bytes_per_minute: number, 
/**
 * Seconds that exporters took to answer in the last minute, added up.
 */
seconds_per_minute: number, };

/**
 * Something that is wrong with a GPU.
 */
export type GpuFault = { 
/**
 * How bad it is.
 */
severity: Severity, 
/**
 * What it is.
 */
title: Phrase, 
/**
 * What it means.
 */
meaning: Phrase, 
/**
 * What to do.
 */
action: Phrase, };

/**
 * What fits now on the free GPUs of one model.
 */
export type GpuFitRow = { 
/**
 * The model.
 */
model: string, 
/**
 * GPUs that are free and may be given out.
 */
free: number, 
/**
 * The most GPUs that one pod can get: the most that are free on one node.
 */
largest_pod: number, 
/**
 * How many pods of 1, 2, 4 and 8 GPUs fit at once.
 */
gangs: Array<GpuGang>, 
/**
 * Free GPUs that larger pods cannot have, node by node.
 */
stranded: Array<GpuStranded>, };

/**
 * How many pods of one size fit at once.
 */
export type GpuGang = { 
/**
 * GPUs of each pod.
 */
gpus_each: number, 
/**
 * How many pods fit.
 */
pods: number, };

/**
 * What stands together in the map of GPUs.
 */
export type GpuGrouping = "rack" | "zone" | "node" | "model" | "queue" | "namespace" | "owner";

/**
 * A GPU over some time.
 */
export type GpuHistory = { 
/**
 * The steps of every chart.
 */
steps: Steps, 
/**
 * The figures of which something was measured.
 */
charts: Array<HistoryChart>, 
/**
 * How history is kept.
 */
keeping: HistoryKeeping, };

/**
 * One GPU over some time.
 */
export type GpuHistoryQuestion = { 
/**
 * The cluster.
 */
cluster: string, 
/**
 * The node.
 */
node: string, 
/**
 * The GPU's number there.
 */
index: number, 
/**
 * The GPU's own name; empty where it has none.
 */
uuid: string, 
/**
 * Which time.
 */
span: Span, };

/**
 * Who holds a GPU.
 */
export type GpuHolder = { 
/**
 * The pod's namespace.
 */
namespace: string, 
/**
 * The pod.
 */
pod: string, 
/**
 * The container; may be empty.
 */
container: string, 
/**
 * The MIG instance that it holds, such as `1g.10gb`; empty for the whole device.
 */
instance: string, 
/**
 * The API group of the topmost owner's kind; empty for the core group.
 */
workload_group: string, 
/**
 * The topmost owner's kind.
 */
workload_kind: string, 
/**
 * The topmost owner's name.
 */
workload: string, 
/**
 * The queue that let it in; may be empty.
 */
queue: string, 
/**
 * Who answers for it, by its labels; may be empty.
 */
owner: string, };

/**
 * A MIG instance of a GPU.
 */
export type GpuInstance = { 
/**
 * The profile, such as `1g.10gb`.
 */
profile: string, 
/**
 * Its number on the device.
 */
id: string, 
/**
 * How busy it is, from 0 to 1: engine active.
 */
activity?: number, 
/**
 * The pod that holds it, as `namespace/name`; may be empty.
 */
holder: string, };

/**
 * GPUs of one node, as compact cells.
 */
export type GpuLine = { 
/**
 * The node.
 */
node: string, 
/**
 * Whether the node takes no new pods.
 */
cordoned: boolean, 
/**
 * The number of each GPU on its node.
 */
indices: Array<number>, 
/**
 * The value of each in thousandths of the scale; -1 where there is none.
 */
values: Array<number>, 
/**
 * The state of each, a letter for each: `f`ree, `a`llocated, `i`dle but held, `u`nhealthy, `?`.
 */
states: string, 
/**
 * The severity of each, a letter for each: `.` none, `n`otice, `w`arning, `c`ritical.
 */
severities: string, };

/**
 * A picture of the map of GPUs.
 */
export type GpuMapPictureQuestion = { 
/**
 * The cluster.
 */
cluster: string, 
/**
 * What stands together.
 */
by: GpuGrouping, 
/**
 * What the cells are coloured by.
 */
colour: GpuColour, 
/**
 * Those that the filter lets through now.
 */
filter: string, 
/**
 * When, in RFC 3339; empty for a moment of the last hour.
 */
at: string, 
/**
 * How long the step is whose mean is told at that time, in seconds.
 */
step_seconds: number, 
/**
 * How long ago the moment of the last hour is, in seconds; 0 for now.
 */
seconds_ago: number, 
/**
 * How it is drawn.
 */
look: PictureLook, };

/**
 * What the colours of the map mean, and how much is known: the first row of the map.
 */
export type GpuMapRow = { 
/**
 * What the cells are coloured by.
 */
colour: GpuColour, 
/**
 * The unit of the scale's ends.
 */
unit: FigureUnit, 
/**
 * The value at the scale's low end.
 */
least: number, 
/**
 * The value at its high end.
 */
most: number, 
/**
 * The moment that is shown, in RFC 3339.
 */
at: string, 
/**
 * Whether that is the present.
 */
is_now: boolean, 
/**
 * Whether every list of the cluster had come when the GPUs were joined.
 */
is_whole: boolean, 
/**
 * How many GPUs are in which state.
 */
states: GpuStates, 
/**
 * How many GPUs there is no value of.
 */
without_value: number, 
/**
 * How the exporters do.
 */
exporters: GpuExporters, };

/**
 * What a part holds of one model.
 */
export type GpuModelShare = { 
/**
 * The model.
 */
model: string, 
/**
 * GPUs held.
 */
held: number, 
/**
 * What they do, added up.
 */
used: number, 
/**
 * Of those held, the ones of which it is not known how busy they are.
 */
not_measured: number, };

/**
 * How all GPUs were at a moment.
 */
export type GpuMoment = { 
/**
 * What the map's colours mean, and how much is known.
 */
head: GpuMapRow, 
/**
 * The GPUs that the cluster has now, by what they did then.
 */
blocks: Array<GpuBlockRow>, 
/**
 * When the step began, in RFC 3339.
 */
begins: string, 
/**
 * How long it is, in seconds.
 */
step_seconds: number, 
/**
 * How history is kept.
 */
keeping: HistoryKeeping, };

/**
 * How all GPUs were at a moment.
 */
export type GpuMomentQuestion = { 
/**
 * The cluster.
 */
cluster: string, 
/**
 * What stands together.
 */
by: GpuGrouping, 
/**
 * What the cells are coloured by. What had a GPU, and what was wrong with it, is not kept for each:
 * by state all are unknown.
 */
colour: GpuColour, 
/**
 * Those that the filter lets through now.
 */
filter: string, 
/**
 * When, in RFC 3339.
 */
at: string, 
/**
 * How long the step is whose mean is told, in seconds; never shorter than what is kept.
 */
step_seconds: number, };

/**
 * What one node has of GPUs, and where that goes.
 */
export type GpuNodeCapacityRow = { 
/**
 * The node.
 */
node: string, 
/**
 * The model; empty where it is not told.
 */
model: string, 
/**
 * Devices that it has.
 */
capacity: number, 
/**
 * Devices that it gives out: what is missing of the capacity is unhealthy.
 */
allocatable: number, 
/**
 * Devices that its pods asked for and hold.
 */
requested: number, 
/**
 * What held devices do, added up, by [`used_figure`](Self::used_figure), over those that are
 * measured.
 */
used: number, 
/**
 * By which definition; absent where nothing of it is measured.
 */
used_figure?: Figure, 
/**
 * Held devices of which it is not known how busy they are.
 */
not_measured: number, 
/**
 * Devices that are healthy and held by nobody.
 */
free: number, 
/**
 * Of those free, the ones that larger pods, or any, cannot have.
 */
stranded: number, 
/**
 * Why.
 */
reason?: Phrase, 
/**
 * Whether several pods use one device at once, so that nothing of it is free or taken as a whole.
 */
shared: boolean, };

/**
 * The columns that nodes can be sorted by. Equal ones go by name.
 */
export type GpuNodeColumn = "node" | "model" | "capacity" | "allocatable" | "requested" | "used" | "free" | "unhealthy" | "stranded";

/**
 * The GPUs of one node, in the base.
 *
 * Kubernetes does not tell which of a node's devices a pod holds, so these are counts: cells are
 * drawn allocated first, then free, then unhealthy.
 */
export type GpuNodeRow = { 
/**
 * The node.
 */
node: string, 
/**
 * The rack, or the nearest thing to it that the cluster's labels name; empty where none.
 */
rack: string, 
/**
 * The zone; empty where none.
 */
zone: string, 
/**
 * The model; empty where the node does not tell.
 */
model: string, 
/**
 * Physical devices.
 */
total: number, 
/**
 * Devices that pods hold.
 */
allocated: number, 
/**
 * Devices that are there but may not be allocated: capacity less allocatable.
 */
unhealthy: number, 
/**
 * Whether devices are shared (time-slicing, MPS), so that `allocated` is at most all of them.
 */
shared: boolean, 
/**
 * Whether the node is not ready, so that nothing is known of its devices now.
 */
unknown: boolean, 
/**
 * How the node does.
 */
severity: Severity, };

/**
 * The orders of nodes by their GPUs.
 */
export type GpuNodeSort = { 
/**
 * By what.
 */
by: GpuNodeColumn, 
/**
 * Whether the largest comes first; what is not known comes last either way.
 */
descending: boolean, };

/**
 * A resource by which pods ask for accelerators, over all nodes with one model behind it.
 */
export type GpuOfferRow = { 
/**
 * The resource: `nvidia.com/gpu`, `nvidia.com/mig-1g.10gb`.
 */
resource: string, 
/**
 * The model of the devices behind it; empty where it is not told.
 */
model: string, 
/**
 * How a device is given out by it.
 */
division: GpuDivision, 
/**
 * Nodes that offer it.
 */
nodes: number, 
/**
 * Units that these nodes have.
 */
capacity: number, 
/**
 * Units that they give out: what is missing of the capacity is unhealthy.
 */
allocatable: number, 
/**
 * Units that the pods on them asked for.
 */
requested: number, };

/**
 * A picture of one GPU over some time.
 */
export type GpuPictureQuestion = { 
/**
 * The cluster.
 */
cluster: string, 
/**
 * The node.
 */
node: string, 
/**
 * The GPU's number there.
 */
index: number, 
/**
 * The GPU's own name; empty where it has none.
 */
uuid: string, 
/**
 * Which time.
 */
span: Span, 
/**
 * The GPUs that are drawn beside it; at most one less than [`GpuComparisonQuestion::MOST`].
 */
beside: Array<OneGpu>, 
/**
 * Whether its own time of the same length before is drawn beside it.
 */
with_earlier: boolean, 
/**
 * How it is drawn.
 */
look: PictureLook, };

/**
 * What an hour of a GPU costs.
 */
export type GpuPrice = { 
/**
 * The model, as the GPUs view names it.
 */
model: string, 
/**
 * The price of an hour.
 */
per_hour: number, };

/**
 * A GPU.
 */
export type GpuRow = { 
/**
 * The node.
 */
node: string, 
/**
 * Its number there.
 */
index: number, 
/**
 * Its own name; empty where no exporter tells it.
 */
uuid: string, 
/**
 * The model; empty where it is not told.
 */
model: string, 
/**
 * The node's zone; may be empty.
 */
zone: string, 
/**
 * The node's rack; may be empty.
 */
rack: string, 
/**
 * What it does.
 */
state: GpuState, 
/**
 * How bad it is.
 */
severity: Severity, 
/**
 * Why, where it is a fault or worth a look.
 */
reason?: Phrase, 
/**
 * Who holds it.
 */
holders: Array<GpuHolder>, 
/**
 * Whether which GPU the holder has is not told, so that the first ones are taken to be held.
 */
is_by_count: boolean, 
/**
 * Whether several use it at once, so that its figures belong to none of them.
 */
shared: boolean, 
/**
 * How busy it is, from 0 to 1, by [`activity_figure`](Self::activity_figure).
 */
activity?: number, 
/**
 * By which definition.
 */
activity_figure?: Figure, 
/**
 * Device memory in use, in bytes.
 */
memory_used?: number, 
/**
 * Device memory in all, in bytes.
 */
memory_total?: number, 
/**
 * The chip's temperature in °C.
 */
temperature?: number, 
/**
 * Power in watts.
 */
power?: number, 
/**
 * The last XID, where there was one.
 */
xid?: number, 
/**
 * Since when nothing has run on it, in RFC 3339, where it is held.
 */
idle_since?: string, 
/**
 * When it was last measured, in RFC 3339.
 */
measured_at?: string, 
/**
 * Whether that is too long ago to be so now.
 */
is_stale: boolean, };

/**
 * By what capacity is parted.
 */
export type GpuShareOf = "model" | "namespace" | "queue" | "workload" | "owner";

/**
 * A part of the capacity: a model's, a namespace's, a queue's, a workload's, an owner's.
 */
export type GpuShareRow = { 
/**
 * By what the capacity is parted.
 */
by: GpuShareOf, 
/**
 * The part's name; empty for what has none, `*` for devices that several of them hold at once.
 */
name: string, 
/**
 * The kind of the workload; empty elsewhere.
 */
kind: string, 
/**
 * GPUs that it holds.
 */
held: number, 
/**
 * What they do, added up.
 */
used: number, 
/**
 * Of those held, the ones on which nothing runs though memory is held.
 */
idle_held: number, 
/**
 * Of those held, the ones of which it is not known how busy they are.
 */
not_measured: number, 
/**
 * GPUs in all; for models alone.
 */
total?: number, 
/**
 * GPUs held by model, so that the gap can be priced.
 */
by_model: Array<GpuModelShare>, };

/**
 * The orders of GPUs.
 */
export type GpuSort = { 
/**
 * By what.
 */
by: GpuColumn, 
/**
 * Whether the largest comes first; what is not known comes last either way.
 */
descending: boolean, };

/**
 * What a GPU does.
 */
export type GpuState = "free" | "allocated" | "idle_held" | "unhealthy" | "unknown";

/**
 * How many GPUs are in which state.
 */
export type GpuStates = { total: number, free: number, allocated: number, idle_held: number, unhealthy: number, unknown: number, };

/**
 * Free GPUs of one node that cannot be used as they could be.
 */
export type GpuStranded = { 
/**
 * The node.
 */
node: string, 
/**
 * How many.
 */
free: number, 
/**
 * Why.
 */
reason: Phrase, };

/**
 * Held GPUs that tell by one definition how busy they are.
 */
export type GpusByFigure = { 
/**
 * The definition.
 */
figure: Figure, 
/**
 * How many.
 */
gpus: number, };

/**
 * The figure of a band: `871` over "of 1,024 GPUs allocated".
 */
export type Headline = { 
/**
 * The figure.
 */
value: number, 
/**
 * What it is a part of, drawn as `142/144`.
 */
of?: number, 
/**
 * The words under it, which name its unit.
 */
label: Phrase, 
/**
 * Lesser lines below.
 */
details: Array<Phrase>, 
/**
 * Where the figure comes from, for the hover ("node.status.allocatable and pod requests").
 */
source: Phrase, };

/**
 * Why something cannot be done from here.
 */
export type Hindrance = { 
/**
 * Why.
 */
reason: Phrase, 
/**
 * What to do about it.
 */
remedy: Phrase, };

/**
 * A figure over some time.
 */
export type HistoryChart = { 
/**
 * Which figure, which also says its definition.
 */
figure: Figure, 
/**
 * Its unit.
 */
unit: FigureUnit, 
/**
 * The mean of each step; `null` where nothing was measured.
 */
means: Array<number | null>, 
/**
 * The least in each step.
 */
least: Array<number | null>, 
/**
 * The most in each step.
 */
most: Array<number | null>, };

/**
 * How history is kept.
 */
export type HistoryKeeping = { 
/**
 * The file; empty where history is gone with the program.
 */
file: string, 
/**
 * How large it is, in bytes, as a decimal number.
 */
bytes: string, 
/**
 * Why nothing is written now, and what to do; absent where all is well.
 */
problem?: Phrase, 
/**
 * Since when what was measured waits to be written, in RFC 3339; absent where nothing does.
 */
not_kept_since?: string, 
/**
 * Where a damaged file lies now; empty where none was.
 */
set_aside: string, 
/**
 * Samples that could not be kept since the start, as a decimal number.
 */
lost: string, };

/**
 * Something that needed attention.
 */
export type IncidentRow = { 
/**
 * How bad it was at worst.
 */
severity: Severity, 
/**
 * What it was.
 */
title: Phrase, 
/**
 * Why.
 */
reason: Phrase, 
/**
 * What it was about.
 */
subject: string, 
/**
 * When it was seen first, in RFC 3339.
 */
began: string, 
/**
 * When it was seen last, in RFC 3339.
 */
seen: string, };

/**
 * Whether something is to be done, or only looked at.
 */
export type Intent = "preview" | "apply";

/**
 * One run of a container of a worker.
 */
export type JobAttempt = { 
/**
 * The worker, by its labels: `worker 3`; the pod's name where they do not tell.
 */
worker: string, 
/**
 * Its pod.
 */
pod: string, 
/**
 * Its container.
 */
container: string, 
/**
 * Which run of this worker it is, from 1.
 */
number: number, 
/**
 * When it began, in RFC 3339, where that is known.
 */
started_at?: string, 
/**
 * When it ended, in RFC 3339; absent while it runs.
 */
ended_at?: string, 
/**
 * The exit code, 128 plus the signal if one killed it; absent while it runs.
 */
exit_code?: number, 
/**
 * What that means.
 */
said?: Phrase, };

/**
 * The columns that jobs can be sorted by. Equal ones go by namespace and name.
 */
export type JobColumn = "state" | "name" | "kind" | "namespace" | "queue" | "owner" | "gpus" | "queued" | "run" | "progress" | "priority" | "retries";

/**
 * A condition of one of a job's objects.
 */
export type JobCondition = { 
/**
 * The kind of the object.
 */
kind: string, 
/**
 * The object's name.
 */
name: string, 
/**
 * The condition's type.
 */
condition: string, 
/**
 * `True`, `False` or `Unknown`.
 */
status: string, 
/**
 * The machine's word; may be empty.
 */
reason: string, 
/**
 * The sentence; may be empty.
 */
message: string, 
/**
 * When the status last changed, in RFC 3339.
 */
since?: string, };

/**
 * How many jobs are in a state.
 */
export type JobCount = { 
/**
 * The state.
 */
state: JobState, 
/**
 * How many.
 */
jobs: number, };

/**
 * All that is known of one job.
 */
export type JobDetailRow = { 
/**
 * The job as the list shows it.
 */
job: JobRow, 
/**
 * The tree of what it consists of: each object below the one that keeps it.
 */
tree: Array<JobPart>, 
/**
 * How many parts were left out of the tree for its length.
 */
more: number, 
/**
 * What it consists of by its own spec.
 */
roles: Array<JobRole>, 
/**
 * The conditions of its objects, the topmost first.
 */
conditions: Array<JobCondition>, 
/**
 * Those that wait in its queue, in order, as far as around it.
 */
line: Array<Waiting>, 
/**
 * What its queue says of it, as it wrote it; may be empty.
 */
said_by_queue: string, 
/**
 * Each run of its workers' containers that the cluster still tells of, where there was more than
 * one or it ended badly; by worker, the latest first.
 */
attempts: Array<JobAttempt>, 
/**
 * The GPUs that its pods hold, and what they do now.
 */
gpus: Array<GpuRow>, 
/**
 * GPUs that were left out for their number.
 */
more_gpus: number, };

/**
 * That a job is no longer in the cluster: it was deleted, or cleaned up after it ended.
 */
export type JobGone = { 
/**
 * Where it was in its life when it was seen last.
 */
last: JobState, 
/**
 * When it was missed first, in RFC 3339; absent where nobody looked then.
 */
missed_at?: string, 
/**
 * When it was seen last, in RFC 3339, where it was not over and went while Strata was closed.
 */
seen_at?: string, };

/**
 * What jobs are grouped by.
 */
export type JobGroup = "queue" | "namespace" | "owner" | "kind";

/**
 * The head of a group of jobs.
 */
export type JobGroupRow = { 
/**
 * What its jobs have in common; empty where they have it not.
 */
name: string, 
/**
 * How many they are.
 */
jobs: number, 
/**
 * How many of them run.
 */
running: number, 
/**
 * How many of them should run and do not.
 */
waiting: number, 
/**
 * Accelerators that they hold.
 */
gpus_held: number, };

/**
 * What the GPUs of a job did. Times are in RFC 3339.
 */
export type JobHistory = { 
/**
 * Since when it is kept which pod of the cluster has which GPU; absent where nothing is yet.
 * Of what held GPUs and ended before, nothing is known.
 */
kept_since?: string, 
/**
 * When it had a GPU first, as far as that is known; absent where it is not known to have had one.
 */
began_at?: string, 
/**
 * When it had one last; absent while it has one.
 */
ended_at?: string, 
/**
 * Which of its pods had which GPU, the oldest first.
 */
holdings: Array<JobHolding>, 
/**
 * How many of those were left out for their number; they are in no chart either.
 */
more: number, 
/**
 * The steps of every chart.
 */
steps: Steps, 
/**
 * The figures of which something was measured: the mean over the GPUs that it had in a step, the
 * least and the most of any of them.
 */
charts: Array<HistoryChart>, 
/**
 * How history is kept.
 */
keeping: HistoryKeeping, };

/**
 * The GPUs of a job over its life, or a part of it.
 */
export type JobHistoryQuestion = { 
/**
 * The cluster.
 */
cluster: string, 
/**
 * The API group of the job's kind; empty for the core group.
 */
group: string, 
/**
 * The job's kind.
 */
kind: string, 
/**
 * Its namespace.
 */
namespace: string, 
/**
 * Its name.
 */
name: string, 
/**
 * The pod whose GPUs alone the charts show; empty for those of all its pods.
 */
pod: string, 
/**
 * From when, in RFC 3339; empty for the begin of its life.
 */
from: string, 
/**
 * Until when, in RFC 3339; empty for the end of its life, or now.
 */
until: string, 
/**
 * At most about how many points are wanted; never closer than what was measured.
 */
points: number, };

/**
 * That a pod of a job had a GPU for some time.
 */
export type JobHolding = { 
/**
 * The pod.
 */
pod: string, 
/**
 * The GPU's node.
 */
node: string, 
/**
 * The GPU's number there.
 */
index: number, 
/**
 * Since when.
 */
began_at: string, 
/**
 * Until when, as far as that was seen; absent while it lasts.
 */
ended_at?: string, 
/**
 * Whether nobody tells which GPU the pod has, and it was counted.
 */
is_counted: boolean, 
/**
 * Whether others had the GPU at the same time, so that its readings are not the pod's alone.
 */
is_shared: boolean, };

/**
 * The logs of one job. Questions about the same ones share what was read.
 */
export type JobLog = { 
/**
 * The cluster.
 */
cluster: string, 
/**
 * The kind's API group; empty for the core group.
 */
group: string, 
/**
 * The kind.
 */
kind: string, 
/**
 * Its namespace.
 */
namespace: string, 
/**
 * Its name.
 */
name: string, 
/**
 * Whether the runs before the present ones are meant.
 */
previous: boolean, };

/**
 * Which lines of the logs of a job.
 */
export type JobLogQuestion = { 
/**
 * Whose logs.
 */
of: JobLog, 
/**
 * Those of this pod alone; empty for all.
 */
pod: string, 
/**
 * Those that this text is a part of; empty for all.
 */
filter: string, };

/**
 * An object that a job consists of.
 */
export type JobPart = { 
/**
 * How deep it stands in the tree; the job itself is 0.
 */
depth: number, 
/**
 * Its kind.
 */
kind: string, 
/**
 * Its name.
 */
name: string, 
/**
 * Which of the workers it is, by its labels: `worker 3`; empty where they do not tell.
 */
rank: string, 
/**
 * What it does, in one word of its own.
 */
status: string, 
/**
 * How bad that is.
 */
severity: Severity, 
/**
 * Why, where it is a fault.
 */
reason?: Phrase, 
/**
 * The node of a pod; empty while it has none.
 */
node: string, 
/**
 * Accelerators of a pod.
 */
gpus: number, 
/**
 * Restarts of a pod's containers.
 */
restarts: number, 
/**
 * Pods ready of wanted, where it keeps pods.
 */
ready?: Ready, };

/**
 * The time of which jobs are wanted that are no longer in the cluster, in RFC 3339.
 */
export type JobPast = { 
/**
 * From when.
 */
from: string, 
/**
 * Until when; empty for now.
 */
until: string, };

/**
 * A part of a job by its spec.
 */
export type JobRole = { name: string, wanted: number, active: number, succeeded: number, failed: number, };

/**
 * Room in a list of jobs: its lane is longer in a list beside it.
 */
export type JobRoomRow = { 
/**
 * What the jobs of the lane have in common; empty where they have it not.
 */
group: string, };

/**
 * A job. Times are in RFC 3339.
 */
export type JobRow = { 
/**
 * Its kind, such as `TrainJob`.
 */
kind: string, 
/**
 * The kind's API group; empty for the core group.
 */
group: string, 
/**
 * Its namespace.
 */
namespace: string, 
/**
 * Its name.
 */
name: string, 
/**
 * Where it is in its life.
 */
state: JobState, 
/**
 * How bad that is.
 */
severity: Severity, 
/**
 * Why it is so, where something is to be said.
 */
reason?: Phrase, 
/**
 * Whether it lasts until someone stops it.
 */
is_lasting: boolean, 
/**
 * How far it came, from 0 to 1, where that is told.
 */
progress?: number, 
/**
 * Parts done of all, where it counts parts.
 */
parts?: Ready, 
/**
 * Pods ready of wanted, where that is known.
 */
ready?: Ready, 
/**
 * Accelerators that it asks for, where that is known.
 */
gpus_asked?: number, 
/**
 * Accelerators that its pods hold.
 */
gpus_held: number, 
/**
 * Its queue; empty where it is in none.
 */
queue: string, 
/**
 * Where it stands among those that wait in its queue, from 1, and how many wait.
 */
position?: Position, 
/**
 * Its priority class; may be empty.
 */
priority: string, 
/**
 * Who it belongs to, by its labels; may be empty.
 */
owner: string, 
/**
 * When it came.
 */
queued_at?: string, 
/**
 * When it began to run.
 */
started_at?: string, 
/**
 * When it ended.
 */
finished_at?: string, 
/**
 * How often it was begun anew after a failure.
 */
retries: number, 
/**
 * How often a queue took back what it had let in.
 */
evictions: number, 
/**
 * What is known of its end where it is no longer in the cluster; absent while it is.
 */
gone?: JobGone, };

/**
 * The orders of jobs.
 */
export type JobSort = { 
/**
 * By what.
 */
by: JobColumn, 
/**
 * Whether the largest comes first.
 */
descending: boolean, };

/**
 * The states of a job as they cross the wire.
 */
export type JobState = "queued" | "admitted" | "starting" | "running" | "suspended" | "succeeded" | "failed" | "unknown";

/**
 * How many jobs are in which state.
 */
export type JobSummaryRow = { 
/**
 * Each state that a job is in, in the order of a life, and how many are.
 */
states: Array<JobCount>, 
/**
 * Whether lists of kinds that may be jobs are still to come.
 */
loading: boolean, 
/**
 * The permissions that are missing to list kinds that may be jobs.
 */
forbidden: Array<string>, 
/**
 * Where those that are missing in the whole cluster are there: jobs of these kinds are seen in
 * these namespaces alone.
 */
namespaces: Array<string>, 
/**
 * How long half of those that began in the last 24 hours had waited at most, in seconds.
 */
wait_median_seconds?: number, 
/**
 * How long 95 of 100 of them had waited at most, in seconds.
 */
wait_p95_seconds?: number, };

/**
 * A change, as it was noted down.
 */
export type JournalEntry = { 
/**
 * Its number.
 */
number: number, 
/**
 * When it began, in RFC 3339.
 */
at: string, 
/**
 * How it stands.
 */
state: JournalState, 
/**
 * The cluster's id; `this-machine` for a change of the machine that Strata runs on.
 */
cluster: string, 
/**
 * The context's name; of this machine, its own.
 */
context: string, 
/**
 * The user entry of the kubeconfig, or the user of this machine; may be empty.
 */
user: string, 
/**
 * As whom the API server knew the user; may be empty.
 */
known_as: string, 
/**
 * The program that made it, with its version.
 */
program: string, 
/**
 * The release that it belongs to; absent where it belongs to none.
 */
release?: string, 
/**
 * The entry that it finishes or undoes; absent where it does neither.
 */
settles?: number, 
/**
 * What it does, object by object.
 */
steps: Array<JournalStep>, 
/**
 * The hash of its last line.
 */
hash: string, };

/**
 * A line of the journal that is not as it was written.
 */
export type JournalFault = { 
/**
 * The line's number.
 */
line: number, 
/**
 * What is wrong with it.
 */
message: string, };

/**
 * Entries of the journal.
 */
export type JournalPage = { 
/**
 * The entries.
 */
entries: Array<JournalEntry>, };

/**
 * How a change stands.
 */
export type JournalState = "running" | "interrupted" | "applied" | "partial" | "failed" | "settled" | "unreadable";

/**
 * What a change does to one object.
 */
export type JournalStep = { 
/**
 * The object.
 */
object: ObjectName, 
/**
 * What is done to it.
 */
action: ChangeAction, 
/**
 * How far that came.
 */
state: JournalStepState, 
/**
 * The fields that become others, without secret values.
 */
fields: Array<FieldDifference>, 
/**
 * The same with kubectl; on this machine, with the system's own commands.
 */
kubectl: string, 
/**
 * What the API server or the system said against it, and how a trial ended; empty where nothing.
 */
message: string, };

/**
 * How far a step came.
 */
export type JournalStepState = "not_begun" | "in_doubt" | "done" | "failed";

/**
 * Whether the journal is as it was written.
 */
export type JournalVerdict = { 
/**
 * How many lines there are.
 */
lines: number, 
/**
 * The hash of the last one: who keeps it elsewhere can tell later that nothing before it changed.
 */
head: string, 
/**
 * The first line that is not as it was written; absent where all are.
 */
fault?: JournalFault, };

/**
 * A row and its id, which is unique and stable within its subscription.
 */
export type KeyedRow = { 
/**
 * The row's id.
 */
id: string, 
/**
 * The row.
 */
row: Row, };

/**
 * The languages.
 */
export type Language = "system" | "en" | "zh";

/**
 * The layers as they cross the wire.
 */
export type Layer = "workloads" | "lifecycle" | "platform" | "infrastructure" | "hardware";

/**
 * A band of the stack.
 */
export type LayerRow = { 
/**
 * Which layer.
 */
layer: Layer, 
/**
 * The worst severity in it.
 */
severity: Severity, 
/**
 * How many tiles are of each severity.
 */
tally: Tally, 
/**
 * What stands under the band's name ("14 components"; "1,024 GPUs").
 */
counts: Array<Phrase>, 
/**
 * The headline figure; absent while nothing it is made of is known.
 */
headline?: Headline, 
/**
 * The headline's value over the last hour, oldest first, one value in each
 * [`trend_step_seconds`](Self::trend_step_seconds); `null` where nothing was known.
 */
trend: Array<number | null>, 
/**
 * Seconds between two values of the trend.
 */
trend_step_seconds: number, 
/**
 * The kinds of which this layer is made that may not be listed, as missing permissions.
 */
forbidden: Array<string>, 
/**
 * Where what is missing in the whole cluster is there: what is told of those kinds is of these
 * namespaces alone. Empty where none is seen, or everything.
 */
namespaces: Array<string>, 
/**
 * Whether the lists that it is made of are still loading.
 */
loading: boolean, };

/**
 * A model, and its way through the loop.
 */
export type LifecycleModelRow = { 
/**
 * What can be compared of its names: the last part of one, in lower case.
 */
model: string, 
/**
 * Its name, as it is written most fully.
 */
name: string, 
/**
 * The other names that it goes by here.
 */
also: Array<string>, 
/**
 * The worst of its way.
 */
severity: Severity, 
/**
 * Where it stands, in the order of the loop.
 */
stations: Array<ModelStation>, 
/**
 * What keeps it from getting on, where something does.
 */
stuck?: StuckModel, };

/**
 * What a server is loaded with.
 */
export type Load = { 
/**
 * The model that is asked.
 */
model: string, 
/**
 * How many requests, up to [`Load::MOST_REQUESTS`].
 */
requests: number, 
/**
 * How many of them at a time, up to [`Load::MOST_AT_ONCE`].
 */
concurrency: number, 
/**
 * What is asked in each; empty: words that are made up, other ones in each request, so that no
 * prefix cache answers for the model.
 */
prompt: string, 
/**
 * About how many tokens the made-up prompts have; 0 where a prompt is given.
 */
prompt_tokens: number, 
/**
 * The most tokens of an answer.
 */
max_tokens: number, 
/**
 * From 0 to 2; the server's default where it is absent.
 */
temperature?: number, };

/**
 * Values from one bound to the next.
 */
export type LoadBucket = { 
/**
 * The lower bound, in seconds.
 */
from: number, 
/**
 * The upper bound, in seconds.
 */
to: number, 
/**
 * How many.
 */
count: number, };

/**
 * A kind of fault, and how often it happened.
 */
export type LoadFault = { 
/**
 * The first of them.
 */
fault: TrialFault, 
/**
 * How many there were.
 */
count: number, };

/**
 * What requests of a load test took, by the clock of this computer.
 *
 * The definitions are those of `vllm bench serve` (vllm-project/vllm, `vllm/benchmarks/serve.py`,
 * `calculate_metrics`), which NVIDIA's "LLM inference benchmarking" guide defines alike.
 */
export type LoadFigure = { 
/**
 * Which.
 */
measure: LoadMeasure, 
/**
 * How many values there are.
 */
count: number, 
/**
 * Their mean, in seconds.
 */
mean: number, 
/**
 * The least, in seconds.
 */
least: number, 
/**
 * Half of them are not more, in seconds.
 */
p50: number, 
/**
 * Nine of ten are not more, in seconds.
 */
p90: number, 
/**
 * 99 of 100 are not more, in seconds.
 */
p99: number, 
/**
 * The most, in seconds.
 */
most: number, 
/**
 * How they are spread, for a chart.
 */
buckets: Array<LoadBucket>, };

/**
 * What is measured of a request.
 */
export type LoadMeasure = "first_token" | "per_token" | "between_pieces" | "whole";

/**
 * A load test, as far as it has come.
 */
export type LoadTestRow = { 
/**
 * How far it has come.
 */
state: TrialState, 
/**
 * What it failed with as a whole, where it did.
 */
fault?: TrialFault, 
/**
 * What the server is loaded with.
 */
load: Load, 
/**
 * When it began, in RFC 3339.
 */
began: string, 
/**
 * The pods that are asked, in turn.
 */
pods: number, 
/**
 * The way there.
 */
way?: Way, 
/**
 * Requests that were answered to the end.
 */
answered: number, 
/**
 * Requests that failed.
 */
failed: number, 
/**
 * Requests that are under way.
 */
in_flight: number, 
/**
 * From the first question to the last answer, or to now, in seconds.
 */
elapsed_seconds: number, 
/**
 * Answered requests in a second of that.
 */
requests_per_second: number, 
/**
 * Tokens that the answers have together.
 */
output_tokens: number, 
/**
 * Tokens of answers in a second.
 */
output_tokens_per_second: number, 
/**
 * Tokens that the questions have together, as the server counts them.
 */
prompt_tokens: number, 
/**
 * Whether the server counted the tokens; else they are the pieces that came.
 */
are_tokens_told: boolean, 
/**
 * What requests took.
 */
figures: Array<LoadFigure>, 
/**
 * What went wrong, by kind, the most frequent first.
 */
faults: Array<LoadFault>, };

/**
 * Something on its way to run.
 */
export type LocalBeginning = { 
/**
 * What the container is called, or the model.
 */
name: string, 
/**
 * How far it is.
 */
stage: LocalStage, 
/**
 * What is being done, in the runtime's words; why it failed.
 */
status: string, 
/**
 * Bytes that were fetched.
 */
done_bytes: number, 
/**
 * Bytes that are to be fetched, as far as that is known.
 */
total_bytes: number, };

/**
 * A container, or a model of Ollama.
 */
export type LocalContainer = { 
/**
 * What it is called.
 */
name: string, 
/**
 * Its image; of a model its size on disk.
 */
image: string, 
/**
 * Whether it runs; whether the model is loaded.
 */
is_running: boolean, 
/**
 * How it stands, in the runtime's words.
 */
status: string, 
/**
 * The ports of this machine under which it answers.
 */
ports: Array<number>, 
/**
 * The recipe that it was made of; empty where that is not told.
 */
recipe: string, 
/**
 * With which code it ended; absent while it runs, and where that is not told.
 */
exit_code?: number, 
/**
 * How many GPUs it was given; absent where that is not told.
 */
gpus?: number, 
/**
 * When it was made, or the model was fetched, in RFC 3339; absent where that is not told.
 */
made_at?: string, };

/**
 * What a runtime has of ours.
 */
export type LocalContainers = { 
/**
 * The containers that Strata made; of Ollama its models.
 */
containers: Array<LocalContainer>, 
/**
 * Those that are being fetched and started, and those that could not be.
 */
beginnings: Array<LocalBeginning>, };

/**
 * The end of what a container wrote.
 */
export type LocalLog = { 
/**
 * Its text.
 */
text: string, };

/**
 * A place where a runtime was looked for.
 */
export type LocalPlace = { 
/**
 * Which usually listens there.
 */
kind: LocalRuntimeKind, 
/**
 * A socket's path, an address.
 */
place: string, 
/**
 * What is there.
 */
state: LocalPlaceState, 
/**
 * The group that may open the socket, where this user may not; may be empty.
 */
group: string, };

/**
 * What is at a place where a runtime was looked for.
 */
export type LocalPlaceState = "absent" | "silent" | "forbidden" | "answers";

/**
 * What would run, or is begun.
 */
export type LocalRun = { 
/**
 * What is wrong with the values. With any, nothing else is there.
 */
errors: Array<FieldError>, 
/**
 * Why it cannot run here.
 */
obstacle?: Phrase, 
/**
 * By which runtime.
 */
runtime?: LocalRuntimeKind, 
/**
 * What the container is called, or the model.
 */
name: string, 
/**
 * Its image, or the model.
 */
image: string, 
/**
 * The ports of this machine under which it answers, and of no other.
 */
ports: Array<number>, 
/**
 * How many GPUs it gets.
 */
gpus: number, 
/**
 * What of the recipe does not hold here.
 */
notes: Array<Phrase>, 
/**
 * The same as a command.
 */
command: string, 
/**
 * What is asked of the runtime, as YAML: the configuration of the container, or Ollama's requests.
 * Empty where it cannot have what it asks for.
 */
configuration: string, 
/**
 * What was looked at before, of a preview alone, in the order of the strip.
 */
checks: Array<Check>, 
/**
 * Whether it was begun.
 */
is_begun: boolean, };

/**
 * A runtime that answers.
 */
export type LocalRuntime = { 
/**
 * Which.
 */
kind: LocalRuntimeKind, 
/**
 * Its version.
 */
version: string, 
/**
 * Where it listens: a socket's path, an address.
 */
place: string, 
/**
 * Whether what it runs can have GPUs.
 */
has_gpus: boolean, };

/**
 * What runs containers or models here.
 */
export type LocalRuntimeKind = "docker" | "podman" | "ollama";

/**
 * The runtimes of this machine that answer.
 */
export type LocalRuntimes = { 
/**
 * Each of them; none where there is none.
 */
runtimes: Array<LocalRuntime>, 
/**
 * Every place where one was looked for.
 */
places: Array<LocalPlace>, };

/**
 * How far something is on its way to run.
 */
export type LocalStage = "pulling" | "starting" | "started" | "failed" | "called_off";

/**
 * The colours of terminals.
 */
export type LogColour = "black" | "red" | "green" | "yellow" | "blue" | "magenta" | "cyan" | "white";

/**
 * An error that the logs, or how the containers ended, tell of.
 */
export type LogErrorRow = { 
/**
 * What it is.
 */
code: ReasonCode, 
/**
 * The same in a sentence.
 */
sentence: Phrase, 
/**
 * The line that tells of it; empty where it is told by how the container ended.
 */
line: string, 
/**
 * Which of the sources.
 */
source: number, 
/**
 * When.
 */
at: string, 
/**
 * The line's place among all that are held; absent where it is no line, or was dropped.
 */
position?: number, 
/**
 * How many other sources tell of the same.
 */
others: number, };

/**
 * What a line is.
 */
export type LogLevel = "plain" | "warning" | "error" | "first";

/**
 * A line of a log.
 */
export type LogLineRow = { 
/**
 * When it was written, by the clock of its node.
 */
at: string, 
/**
 * Which of [`LogSummaryRow::sources`] wrote it.
 */
source: number, 
/**
 * What it is, as far as its words tell.
 */
level: LogLevel, 
/**
 * Its text, in pieces of one style each. Escape sequences are gone; other control characters
 * are left for the shell to make visible.
 */
pieces: Array<LogPiece>, 
/**
 * What happened between the lines: the container began anew. The text is empty then.
 */
mark?: Phrase, };

/**
 * A part of a line in one style.
 */
export type LogPiece = { 
/**
 * The text.
 */
text: string, 
/**
 * How the program wanted it to look; absent where it did not say.
 */
style?: LogStyle, };

/**
 * A container whose log is read.
 */
export type LogSourceRow = { 
/**
 * Its pod.
 */
pod: string, 
/**
 * Its name.
 */
container: string, 
/**
 * Which of the workers its pod is, by its labels; may be empty.
 */
rank: string, 
/**
 * Where the reading of it stands.
 */
state: LogSourceState, 
/**
 * How its container does.
 */
severity: Severity, 
/**
 * What is to be said of that: why nothing is there to be read, how it ended, what its exit code
 * means.
 */
said?: Phrase, 
/**
 * Lines of it that are held.
 */
lines: number, 
/**
 * How often its container was restarted.
 */
restarts: number, };

/**
 * Where the reading of a log stands.
 */
export type LogSourceState = { "state": "waiting" } | { "state": "loading" } | { "state": "following" } | { "state": "ended" } | { "state": "failed", 
/**
 * Why, for people.
 */
message: string, 
/**
 * Whether a permission is missing.
 */
is_forbidden: boolean, };

/**
 * How a program wants a text to look.
 */
export type LogStyle = { 
/**
 * Bold.
 */
bold: boolean, 
/**
 * Dim.
 */
dim: boolean, 
/**
 * Underlined.
 */
underline: boolean, 
/**
 * The colour; absent for the usual one.
 */
colour?: LogColour, };

/**
 * Where the lines come from, and the first error in them.
 */
export type LogSummaryRow = { 
/**
 * The containers, in the order of their ranks.
 */
sources: Array<LogSourceRow>, 
/**
 * Containers that are not read, since there are too many.
 */
more: number, 
/**
 * Lines that are held.
 */
lines: number, 
/**
 * Older lines that were dropped, since there were too many.
 */
dropped: number, 
/**
 * The first error of all; absent while none was found.
 */
first_error?: LogErrorRow, };

/**
 * All lines as a text.
 */
export type LogText = { 
/**
 * Each line with its time and the pod and container that wrote it.
 */
text: string, 
/**
 * How many lines.
 */
lines: number, };

/**
 * This machine, or one of its accelerators, over some time.
 */
export type MachineHistory = { 
/**
 * The steps of every chart.
 */
steps: Steps, 
/**
 * The figures of which something was measured.
 */
charts: Array<HistoryChart>, 
/**
 * What the accelerator drew in this time, in joules, by its own counter, which goes on while Strata
 * is not open; absent where it has none, or where nothing can be told of it.
 */
energy?: number, 
/**
 * The accelerators of which anything is kept, whether they are there now or not, by their ids; for
 * the machine itself alone.
 */
devices: Array<string>, 
/**
 * How history is kept.
 */
keeping: HistoryKeeping, };

/**
 * This machine, or one of its accelerators, over some time.
 */
export type MachineHistoryQuestion = { 
/**
 * The accelerator, by its id; empty for the machine itself.
 */
device: string, 
/**
 * Which time.
 */
span: Span, };

/**
 * A picture of this machine over some time.
 */
export type MachinePictureQuestion = { 
/**
 * What the machine is called.
 */
title: string, 
/**
 * The accelerators that are drawn: one with the least and the most of each step, several beside each
 * other; at most [`MachinePictureQuestion::MOST`].
 */
devices: Array<NamedDevice>, 
/**
 * Whether the machine's own figures are drawn, below.
 */
with_machine: boolean, 
/**
 * Which time.
 */
span: Span, 
/**
 * How it is drawn.
 */
look: PictureLook, };

/**
 * An object, as one would write it.
 */
export type Manifest = { 
/**
 * The object, with its kind as the cluster calls it.
 */
object: ObjectName, 
/**
 * It as YAML: without its status, without what the server keeps for itself, and with the values of a
 * Secret left out.
 */
yaml: string, };

/**
 * Something that might be done to objects.
 */
export type MeantDeed = { 
/**
 * What.
 */
deed: Deed, 
/**
 * To which objects; their names may be empty: any.
 */
objects: Array<ObjectName>, };

/**
 * What memory goes to.
 */
export type MemoryPart = "weights" | "kv_cache" | "states" | "activations" | "runtime";

/**
 * A MIG instance.
 */
export type MigInstanceRow = { 
/**
 * Its UUID.
 */
id: string, 
/**
 * Its profile, such as `1g.10gb`.
 */
profile: string, 
/**
 * The GPU instance that it lies in.
 */
gpu_instance: number, 
/**
 * The compute instance that it is.
 */
compute_instance: number, 
/**
 * Its figures.
 */
readings: Array<ReadingRow>, };

/**
 * Where a model fits.
 */
export type ModelFit = { 
/**
 * Why nothing can be said; with it, there are no choices.
 */
unknown?: Phrase, 
/**
 * The least split for each model of GPUs, what fits now first.
 */
choices: Array<SplitChoice>, };

/**
 * What a part held of one model over the whole time, in hours of GPUs.
 */
export type ModelHours = { 
/**
 * The model; empty where it is not told.
 */
model: string, 
/**
 * GPU-hours held.
 */
held: number, 
/**
 * GPU-hours of these that were measured.
 */
measured: number, 
/**
 * What these did, added up in GPU-hours: an hour at 40 % is 0.4.
 */
used: number, };

/**
 * What a model takes of each GPU. Estimates by published formulas, exact only for weights and cache.
 */
export type ModelPlan = { 
/**
 * Why there is no plan; with it, all else is empty.
 */
unknown: Phrase | null, 
/**
 * Parameters in all.
 */
parameters: number, 
/**
 * Those that a token goes through.
 */
active_parameters: number, 
/**
 * Over how many GPUs it is spread.
 */
gpus: number, 
/**
 * What the GPU that holds most gives to what, in the order in which it is drawn.
 */
parts: Array<PlannedPart>, 
/**
 * All parts together.
 */
total_bytes: number, 
/**
 * What may be used of a GPU; null where its memory is not known.
 */
allowed_bytes: number | null, 
/**
 * Whether it fits: a single request of full length, or the training; null where the memory is not
 * known.
 */
fits: boolean | null, 
/**
 * The context that it is planned for, in tokens.
 */
context: number, 
/**
 * The longest request that fits; null where nothing limits it.
 */
max_context: number | null, 
/**
 * How many requests of that context fit at a time, while others wait; null where the memory is not
 * known.
 */
max_concurrency: number | null, 
/**
 * What the figures leave out or assume.
 */
notes: Array<string>, };

/**
 * One of the applications that [`Topic::ModelServers`](crate::topics::Topic::ModelServers) lists.
 */
export type ModelServer = { 
/**
 * The cluster's id; empty: a container or model of this machine, whose runtime stands for the
 * namespace.
 */
cluster: string, 
/**
 * The API group of its kind; empty for the core group.
 */
group: string, 
/**
 * Its kind.
 */
kind: string, 
/**
 * Its namespace.
 */
namespace: string, 
/**
 * Its name.
 */
name: string, };

/**
 * An application that serves models by OpenAI's interface, as far as can be told from outside.
 */
export type ModelServerRow = { 
/**
 * The API group of its kind; empty for the core group.
 */
group: string, 
/**
 * Its kind.
 */
kind: string, 
/**
 * Its namespace.
 */
namespace: string, 
/**
 * Its name.
 */
name: string, 
/**
 * What its pods run: the component's name.
 */
engine: string, 
/**
 * Whether the engine speaks OpenAI's interface always; else it depends on how it was started.
 */
is_certain: boolean, 
/**
 * The models that it serves, as its metrics or its arguments name them; may be empty.
 */
models: Array<string>, 
/**
 * So many pods are ready of so many that there are.
 */
pods: Ready, 
/**
 * How bad it is.
 */
severity: Severity, 
/**
 * Why, where something is wrong.
 */
reason?: Phrase, 
/**
 * What it does now, together over its pods; absent where its engines do not tell.
 */
traffic?: ServerTraffic, };

/**
 * Something at a stage that is a model's.
 */
export type ModelStation = { 
/**
 * The stage, by the catalogue's id.
 */
stage: string, 
/**
 * What stands there.
 */
thing: StageThing, 
/**
 * The field that tells that it is this model's.
 */
link: Evidence, };

/**
 * Which namespaces to watch where a kind may not be listed in the whole cluster.
 */
export type NameNamespaces = { 
/**
 * The cluster's id.
 */
cluster: string, 
/**
 * The namespaces, beside the context's own; none: that one alone.
 */
namespaces: Array<string>, };

/**
 * An accelerator, and what it is called.
 */
export type NamedDevice = { 
/**
 * The accelerator, by its id.
 */
device: string, 
/**
 * What it is called.
 */
name: string, };

/**
 * The namespaces that are watched where a kind may not be listed in the whole cluster.
 */
export type NamedNamespaces = { 
/**
 * The cluster's id.
 */
cluster: string, 
/**
 * The context's own: `default` where it names none.
 */
own: string, 
/**
 * Those that were named beside it, in order.
 */
namespaces: Array<string>, 
/**
 * How many may be named.
 */
most: number, };

/**
 * A namespace.
 */
export type NamespaceRow = { 
/**
 * Its name.
 */
name: string, 
/**
 * Pods in it.
 */
pods: number, 
/**
 * The worst of its pods' severities.
 */
severity: Severity, };

/**
 * How the watch of a kind does in one namespace.
 */
export type NamespaceStanding = "loading" | "live" | "stale" | "forbidden" | "failed";

/**
 * Where the watch of a kind stands in one namespace.
 */
export type NamespaceWatch = { 
/**
 * The namespace.
 */
namespace: string, 
/**
 * How it does.
 */
standing: NamespaceStanding, 
/**
 * Why it is not followed: the missing permission, or what happened; empty where it is.
 */
reason: string, };

/**
 * A need of AI, and whether the cluster meets it.
 */
export type NeedRow = { 
/**
 * Which, by the catalogue's id, such as `computational_power`.
 */
need: string, 
/**
 * Its name.
 */
name: Bilingual, 
/**
 * As generative AI has it.
 */
generative: NeedSide, 
/**
 * As predictive AI has it.
 */
predictive: NeedSide, };

/**
 * A need as one kind of AI has it.
 */
export type NeedSide = { 
/**
 * What is needed, in the whitepaper's words.
 */
wanted: Bilingual, 
/**
 * What there is.
 */
found: Assessment, };

/**
 * A kind that has to be served.
 */
export type NeededKind = { 
/**
 * `Deployment.apps`, as kubectl writes it.
 */
kind: string, 
/**
 * The version that the manifests are written in; empty where any will do.
 */
version: string, 
/**
 * Whether the cluster serves it; none where no cluster was asked.
 */
served: boolean | null, 
/**
 * The component that brings it, as the catalogue names it; empty for Kubernetes' own.
 */
component: string, };

/**
 * A node on a path.
 */
export type NodeUse = { 
/**
 * The node.
 */
node: string, 
/**
 * How it does.
 */
severity: Severity, 
/**
 * Its rack; empty where none is known.
 */
rack: string, 
/**
 * Its GPU model; empty where it has none or does not tell.
 */
model: string, 
/**
 * GPUs that the path holds on it.
 */
gpus_used: number, 
/**
 * GPUs that it has.
 */
gpus: number, 
/**
 * Pods of the path on it.
 */
pods: number, };

/**
 * No request, or no response.
 */
export type Nothing = Record<symbol, never>;

/**
 * An NVLink.
 */
export type NvlinkRow = { 
/**
 * Its number.
 */
number: number, 
/**
 * Whether it is up.
 */
is_active: boolean, 
/**
 * Its version.
 */
version?: number, 
/**
 * The PCI address of what is at its other end; may be empty.
 */
peer: string, 
/**
 * The errors that it counted; none where it is down.
 */
readings: Array<ReadingRow>, };

/**
 * An object that is different.
 */
export type ObjectDifference = { 
/**
 * The object.
 */
object: ObjectName, 
/**
 * Whether it comes, changes or goes.
 */
action: ChangeAction, 
/**
 * The fields that become others; none for an object that comes or goes.
 */
fields: Array<FieldDifference>, 
/**
 * The object as it was, as YAML; empty where it comes.
 */
before: string, 
/**
 * The object as it becomes, likewise; empty where it goes.
 */
after: string, };

/**
 * Which object.
 */
export type ObjectName = { 
/**
 * Its kind, with its group where it is not a built-in one: `Pod`, `RayJob.ray.io`.
 */
kind: string, 
/**
 * Its namespace; empty for objects of the whole cluster.
 */
namespace: string, 
/**
 * Its name.
 */
name: string, };

/**
 * How far an object has come.
 */
export type ObjectRollout = { 
/**
 * The object.
 */
object: ObjectName, 
/**
 * How it does, and why it does not do well; absent while it is not there.
 */
explanation: Explanation | null, 
/**
 * Its pods, by name.
 */
pods: Array<PodRollout>, };

/**
 * What stands in the way of a change.
 */
export type Obstacle = { 
/**
 * What kind of thing.
 */
kind: ObstacleKind, 
/**
 * What it is, and what to do about it.
 */
sentence: Phrase, 
/**
 * The same in the API server's words, or the parser's; may be empty.
 */
details: Array<string>, 
/**
 * The line of the manifests that is meant, from 1; absent where none is.
 */
line?: number, };

/**
 * What kind of thing stands in the way.
 */
export type ObstacleKind = "protected" | "permission" | "manifest" | "conflict" | "immutable" | "stale" | "budget" | "unsupported" | "policy" | "refused" | "unreachable";

/**
 * One cluster, by its id.
 */
export type OneCluster = { 
/**
 * The cluster's id.
 */
cluster: string, };

/**
 * One file.
 */
export type OneFile = { 
/**
 * Its path; a leading `~` is the home folder.
 */
path: string, };

/**
 * One GPU.
 */
export type OneGpu = { 
/**
 * The node.
 */
node: string, 
/**
 * The GPU's number there.
 */
index: number, 
/**
 * The GPU's own name; empty where it has none.
 */
uuid: string, };

/**
 * A container of this machine, or a model.
 */
export type OneLocalContainer = { 
/**
 * By which runtime it runs.
 */
runtime: LocalRuntimeKind, 
/**
 * What it is called.
 */
name: string, };

/**
 * One runtime.
 */
export type OneLocalRuntime = { 
/**
 * Which.
 */
runtime: LocalRuntimeKind, };

/**
 * One object of a cluster.
 */
export type OneObject = { 
/**
 * The cluster's id.
 */
cluster: string, 
/**
 * Its kind, as kubectl takes it: `Pod`, `jobs`, `Job.batch.volcano.sh`.
 */
kind: string, 
/**
 * Its namespace; empty for objects of the whole cluster.
 */
namespace: string, 
/**
 * Its name.
 */
name: string, };

/**
 * One release.
 */
export type OneRelease = { 
/**
 * The cluster's id.
 */
cluster: string, 
/**
 * Its namespace.
 */
namespace: string, 
/**
 * Its name.
 */
name: string, };

/**
 * A trial that was started.
 */
export type OneTrial = { 
/**
 * Its number.
 */
trial: string, };

/**
 * The types of parameters: what a value looks like in JSON, and what constrains it.
 */
export type ParameterKind = { "type": "name", 
/**
 * The most characters.
 */
max_length: number, } | { "type": "text", 
/**
 * The fewest characters.
 */
min_length: number, 
/**
 * The most characters.
 */
max_length: number, 
/**
 * The form that it has to have, a regular expression; may be empty.
 */
pattern: string, 
/**
 * Whether it may have line breaks.
 */
lines: boolean, } | { "type": "integer", 
/**
 * The least.
 */
min: number, 
/**
 * The most.
 */
max: number, } | { "type": "number", 
/**
 * The least.
 */
min: number, 
/**
 * The most.
 */
max: number, } | { "type": "quantity", 
/**
 * The least.
 */
min: string, 
/**
 * The most.
 */
max: string, } | { "type": "boolean", } | { "type": "choice", 
/**
 * Which.
 */
options: Array<ChoiceOption>, } | { "type": "image", } | { "type": "model", 
/**
 * An example of each way to name one.
 */
examples: Array<string>, } | { "type": "secret", } | { "type": "object", 
/**
 * Its kind, as kubectl writes it: `StorageClass.storage.k8s.io`.
 */
kind: string, } | { "type": "environment", } | { "type": "list", 
/**
 * The most entries.
 */
max_items: number, } | { "type": "labels", } | { "type": "manifests", };

/**
 * Which permissions are missing.
 */
export type Permissions = { 
/**
 * For each deed, in the order in which they were asked for: the permissions that are missing, as a
 * role would name them (`patch deployments.apps in namespace team-a`). None where it is permitted,
 * and where the API server does not tell: then the preview of the change will.
 */
missing: Array<Array<string>>, };

/**
 * A sentence or a few words: which, and what to fill in.
 */
export type Phrase = { 
/**
 * Which words.
 */
code: PhraseCode, 
/**
 * What to fill in, by the placeholder's name.
 */
values: { [key in string]: PhraseValue }, };

/**
 * Which words; the table says them.
 */
export type PhraseCode = "word" | "component_count" | "gpu_count" | "gpu_node_count" | "machine_count" | "place" | "generative_count" | "predictive_count" | "other_application_count" | "gpus_allocated" | "gpus_untold" | "gpus_free" | "gpus_unhealthy" | "gpus_unknown" | "cpu_cores" | "no_gpus" | "nodes_ready" | "nodes_not_ready" | "nodes_cordoned" | "workloads_pending" | "oldest_waits" | "pods_unplaced" | "kubernetes_version" | "control_plane_ready" | "jobs_running" | "jobs_wait" | "jobs_wait_oldest" | "training_runs" | "services_run" | "notebooks_run" | "pipelines_run" | "applications_ready" | "applications_paused" | "gpus_asked" | "source_devices" | "source_node_capacity" | "source_node_conditions" | "source_queues" | "source_pods" | "source_applications" | "pod_count" | "allocated_of" | "version_count" | "kernel_count" | "system_count" | "count_pending" | "count_services" | "count_clusters" | "count_jobs" | "count_train_jobs" | "count_sets" | "count_groups" | "count_queues" | "count_scaled_objects" | "count_node_pools" | "count_notebooks" | "count_experiments" | "count_pipelines" | "count_runs" | "count_datasets" | "count_caches" | "count_volumes" | "count_backups" | "count_networks" | "count_gateways" | "count_routes" | "count_pools" | "count_certificates" | "count_policies" | "count_violations" | "count_releases" | "count_models" | "count_apps" | "count_agents" | "count_databases" | "count_collectors" | "count_monitors" | "count_stores" | "count_workspaces" | "count_domains" | "pod_node_lost" | "pod_crashes" | "pod_restarts" | "pod_out_of_memory" | "pod_image_pull" | "pod_cannot_start" | "pod_unschedulable" | "pod_not_scheduled" | "pod_evicted" | "pod_failed" | "pod_failed_for" | "pod_slow_start" | "pod_not_ready" | "pod_slow_end" | "node_not_ready" | "node_silent" | "node_joining" | "node_condition" | "node_unhealthy_devices" | "node_cordoned" | "model_unhealthy" | "model_unknown" | "component_not_seen" | "component_stopped" | "component_starting" | "component_short" | "api_service_unavailable" | "object_says" | "object_says_why" | "versions_by_nodes" | "application_failed" | "application_says" | "application_says_why" | "application_starting" | "application_not_ready" | "queued_short" | "queued_message" | "job_scheduled" | "job_last_run_failed" | "job_stopping" | "queued_for" | "node_down" | "nodes_down" | "node_troubled" | "node_is_cordoned" | "nodes_are_cordoned" | "devices_broken" | "drivers_differ" | "component_says_title" | "component_short_title" | "component_unwell" | "application_failed_title" | "application_down_title" | "application_short_title" | "application_unwell_title" | "pods_fail_title" | "waits_title" | "waits_in_title" | "many_wait_title" | "node_not_ready_carries" | "node_silent_carries" | "node_not_ready_holds" | "node_silent_holds" | "nodes_down_carry" | "cordoned_carry" | "cordoned_hold" | "devices_broken_held" | "devices_broken_free" | "oldest_short" | "oldest_message" | "oldest_for" | "act_node" | "act_rack" | "act_pressure" | "act_uncordon" | "act_devices" | "act_upgrade" | "act_component" | "act_object" | "act_queue" | "act_queue_namespace" | "act_logs" | "act_memory" | "act_image" | "act_events" | "act_room" | "act_scheduler" | "act_evicted" | "act_probe" | "act_finalizers" | "xid_title" | "xid_untitled" | "xid_past_title" | "xid_past_untitled" | "xid_on_node" | "gpu_broken" | "gpus_held_idle" | "gpus_held_idle_why" | "gpu_withdrawn" | "gpu_row_remap_failed" | "gpu_row_remap_pending" | "gpu_ecc_uncorrected" | "gpu_says_unhealthy" | "gpu_idle_held" | "xid_off_bus" | "xid_memory" | "xid_remap" | "xid_remap_failed" | "xid_nvlink" | "xid_firmware" | "xid_application" | "xid_stopped" | "xid_timeout" | "xid_hardware" | "xid_engine" | "xid_passing" | "xid_unknown" | "xid_other" | "gpu_withdrawn_meaning" | "gpu_idle_meaning" | "act_reset_node" | "act_reset_gpu" | "act_replace_gpu" | "act_read_program" | "act_xid_nothing" | "act_xid_power" | "act_xid_update" | "act_xid_log" | "act_xid_support" | "act_xid_look_up" | "act_ask_holder" | "clock_idle" | "clock_application" | "clock_power_cap" | "clock_hardware_slowdown" | "clock_sync" | "clock_thermal_software" | "clock_thermal_hardware" | "clock_power_brake" | "clock_display" | "clock_unknown" | "stranded_partial" | "stranded_cordoned" | "stranded_not_ready" | "stranded_tainted" | "stranded_parted" | "stranded_cpu" | "stranded_memory" | "device_claim_unasked" | "device_claim_pod_waits" | "device_claim_pod_unplaced" | "local_off_bus" | "local_reset" | "local_replace" | "device_lost" | "device_fell_off" | "device_fell_off_why" | "device_needs_reset" | "device_needs_reset_why" | "gpu_pages_pending" | "gpu_pages_pending_why" | "nvlink_recovered" | "nvlink_recovered_why" | "nvlink_recovered_act" | "driver_library_missing" | "driver_library_missing_why" | "driver_library_missing_act" | "driver_library_unusable" | "driver_library_unusable_why" | "driver_library_unusable_act" | "driver_mismatch" | "driver_mismatch_why" | "driver_mismatch_untold" | "driver_mismatch_act" | "driver_not_loaded" | "driver_not_loaded_why" | "driver_not_loaded_act" | "driver_forbidden" | "driver_forbidden_why" | "driver_forbidden_act" | "driver_wsl" | "driver_wsl_why" | "driver_wsl_act" | "driver_hangs" | "driver_hangs_why" | "driver_hangs_act" | "driver_stuck" | "driver_stuck_why" | "driver_stuck_act" | "sampler_ended" | "sampler_ended_why" | "sampler_ended_act" | "driver_says" | "driver_says_why" | "driver_says_act" | "xid_log_forbidden" | "xid_log_forbidden_act" | "xid_log_missing" | "xid_log_missing_act" | "remark_wsl" | "remark_foreign" | "remark_mig_on" | "remark_mps" | "remark_mig_pending" | "remark_unified" | "remark_suspended" | "remark_own_processes" | "remark_no_persistence" | "application_count" | "node_count" | "pods_in" | "pods_in_many" | "object_name" | "queue_crumb" | "queue_admitted" | "queue_holds" | "queue_count" | "pods_placed" | "gpus_by_node" | "gpus_on_nodes" | "without_node" | "without_it" | "survey_served" | "survey_able" | "survey_claimed" | "survey_stopped" | "survey_missing" | "survey_none_of" | "survey_unlisted" | "act_install_one_of" | "act_run_controller" | "act_scale_up" | "act_mend" | "map_waiting" | "map_unplaced" | "map_runs" | "map_services" | "map_claims" | "map_classes" | "map_parts" | "map_held_training" | "map_held_serving" | "map_held_notebooks" | "map_deployed" | "map_tokens" | "map_tokens_part" | "map_requests" | "map_engines_told" | "map_exporters_told" | "map_nodes" | "map_gpus_held" | "map_datasets" | "map_trials" | "map_volumes_used" | "source_components" | "source_claims" | "source_custom" | "source_engines" | "source_exporters" | "source_kubelets" | "need_accelerators" | "need_accelerators_memory" | "need_accelerators_ill" | "need_no_accelerators" | "need_cores" | "need_training" | "need_no_training" | "need_no_gangs" | "need_jobs" | "need_data_held" | "need_data_volumes" | "need_storage_shared" | "need_storage_block" | "need_no_storage" | "need_elastic" | "need_elastic_pods" | "need_elastic_nodes" | "need_inelastic" | "need_no_batch" | "need_network" | "need_network_fast" | "need_network_untold" | "need_network_unseen" | "act_accelerators" | "act_mend_accelerators" | "act_training" | "act_gangs" | "act_data" | "act_shared" | "act_storage_class" | "act_scale_pods" | "act_scale_nodes" | "act_batch" | "act_network" | "dra_served" | "dra_published" | "dra_not_served" | "drivers_told" | "gpu_shared" | "gpu_shareable" | "gpu_not_shared" | "gpu_not_virtual" | "access_mediated" | "gateway_accepted" | "gateway_no_class" | "gateway_not_served" | "inference_pools" | "inference_no_pool" | "fabric_unmanaged" | "disaggregated" | "disaggregation_served" | "gangs_served" | "node_scaler_unseen" | "hpa_custom" | "hpa_resource" | "hpa_no_metrics" | "hpa_not_served" | "sandboxed" | "not_sandboxed" | "act_serve_dra" | "act_manage_drivers" | "act_share" | "act_virtualize" | "act_run_test" | "act_gateway" | "act_inference_pool" | "act_disaggregate" | "act_sandbox" | "claim_lost" | "claim_unbound" | "claim_waits" | "claim_unused" | "volume_failed" | "volume_released" | "volume_available" | "volume_full" | "volume_nearly_full" | "volume_unattached" | "volume_attaching" | "snapshot_failed" | "stage_running" | "stage_waiting" | "stage_failed" | "stage_done" | "stage_paused" | "stage_kept" | "stage_caches" | "model_unserved" | "model_untaken" | "model_failed" | "model_waits" | "model_ill" | "model_fetched" | "model_claim_unbound" | "why_ready_count" | "why_starting_count" | "why_failed_count" | "why_held" | "why_finished" | "why_ending" | "why_runs_nothing" | "why_suspended" | "why_scaled_to_zero" | "why_rollout_paused" | "why_stuck_deleting" | "why_deadline" | "why_backoff_limit" | "why_failure_policy" | "why_rollout_stuck" | "why_says" | "why_says_why" | "why_no_controller" | "why_webhook_denied" | "why_webhook_unreachable" | "why_creation_forbidden" | "why_pod_security" | "why_namespace_ending" | "why_pod_refused" | "why_not_there" | "why_quota_exceeded" | "why_quota_wants_amounts" | "why_limit_range" | "why_queue_inactive" | "why_queue_short" | "why_queue_short_held" | "why_queue_never_fits" | "why_queue_no_flavor" | "why_queue_preempts" | "why_queue_topology" | "why_queue_behind" | "why_queue_namespace" | "why_queue_waits" | "why_admission_check" | "why_workload_inactive" | "why_gang" | "why_half_placed" | "why_gated" | "why_no_nodes" | "why_waits_for_victims" | "why_exceeds_every_node" | "why_exceeds_together" | "why_resource_unknown" | "why_device_plugin_gone" | "why_devices_unhealthy" | "why_resource_short" | "why_resource_short_held" | "why_fragmented" | "why_fragmented_held" | "why_taint" | "why_cordoned" | "why_nodes_not_ready" | "why_node_affinity" | "why_node_affinity_key" | "why_pod_affinity" | "why_pod_anti_affinity" | "why_spread" | "why_devices_short" | "why_preempted" | "why_preempted_in_queue" | "why_evicted_from_queue" | "why_evicted_by_pressure" | "why_evicted_by_taint" | "why_evicted_by_request" | "why_node_shutdown" | "why_node_lost" | "why_node_refused" | "why_sandbox" | "why_claim_unbound" | "why_claim_unbound_why" | "why_claim_lost" | "why_storage_class_missing" | "why_provisioning" | "why_volume_zone" | "why_volume_in_use" | "why_attach" | "why_mount" | "why_image_name" | "why_image_missing" | "why_image_auth" | "why_pull_secret_missing" | "why_registry" | "why_image_never_pulled" | "why_config_key_missing" | "why_command_missing" | "why_init_fails" | "why_init_runs" | "why_startup_probe" | "why_starting" | "why_liveness_probe" | "why_readiness_probe" | "why_readiness_gate" | "why_out_of_memory" | "why_cuda_out_of_memory" | "why_gpu_error" | "why_dns" | "why_nccl" | "why_python" | "why_crash" | "why_crash_said" | "why_signal" | "why_signal_said" | "why_exits_at_once" | "why_unknown" | "log_cuda_out_of_memory" | "log_gpu_error" | "log_dns" | "log_nccl" | "log_python" | "log_restarted" | "exit_well" | "exit_out_of_memory" | "exit_usage" | "exit_not_executable" | "exit_not_found" | "exit_aborted" | "exit_killed" | "exit_segmentation" | "exit_terminated" | "exit_signal" | "exit_own" | "act_activate" | "act_add_node" | "act_ask_less" | "act_attach" | "act_backoff" | "act_check" | "act_command" | "act_config_key" | "act_controller" | "act_create" | "act_cuda_memory" | "act_deadline" | "act_device_plugin" | "act_dns" | "act_drained" | "act_failure_policy" | "act_gang" | "act_gate" | "act_grant" | "act_image_name" | "act_image_never_pulled" | "act_limit_range" | "act_mount" | "act_nccl" | "act_neighbours" | "act_pod_network" | "act_node_affinity" | "act_node_refused" | "act_other_namespace" | "act_pod_security" | "act_pressure_here" | "act_priority" | "act_quota" | "act_registry" | "act_resume" | "act_rollout" | "act_scale" | "act_spec" | "act_state_amounts" | "act_storage" | "act_taint" | "act_volume" | "act_volume_zone" | "act_wait" | "act_webhook_denied" | "act_webhook_unreachable" | "yaml_broken" | "manifest_empty" | "manifest_no_object" | "manifest_lacks" | "manifest_no_text" | "manifest_too_long" | "manifest_twice" | "kind_not_served" | "kind_has_no_namespace" | "version_not_served" | "permission_missing" | "namespace_not_there" | "policy_denies" | "webhook_denies" | "webhook_silent" | "pod_security_denies" | "server_forbids" | "server_refuses" | "server_cannot" | "object_not_there" | "object_changed_meanwhile" | "no_answer_about" | "must_be_replaced" | "fields_of_others" | "budget_holds" | "change_restarts_pods" | "change_recreates_pods" | "change_ends_pods" | "change_starts_pods" | "change_frees_gpus" | "change_takes_gpus" | "deletion_takes_along" | "deletion_empties_namespace" | "deletion_of_definition" | "deletion_waits_for_finalizers" | "context_protected" | "journal_not_written" | "journal_keeps_no_secrets" | "release_edits_go" | "undo_leaves_fields" | "budget_holds_now" | "action_not_of_kind" | "action_not_node" | "suspend_by_scaling" | "suspend_needs_shutdown" | "suspend_through_queue" | "scale_fixed_by_train_job" | "scale_of_several" | "queue_needs_suspension" | "queue_not_of_kind" | "priority_not_addable" | "restart_recreates" | "job_finished" | "container_missing" | "edit_keeps_identity" | "edit_no_secret" | "edit_one_object" | "drain_local_data" | "drain_unmanaged" | "drain_leaves_daemons" | "drain_gang" | "pods_end" | "checkpoint_saved" | "checkpoint_begun" | "checkpoint_untold" | "checkpoint_not_since" | "checkpoint_unread" | "taint_evicts" | "process_is" | "process_frees" | "process_frees_untold" | "process_asked" | "process_forced" | "process_draws" | "process_gone" | "process_lingers" | "restarted_by_pod" | "restarted_by_runtime" | "restarted_by_slurm" | "restarted_by_unit" | "restarted_by_nobody" | "process_on_nothing" | "process_foreign" | "process_foreign_act" | "process_first" | "process_first_act" | "process_strata" | "process_strata_act" | "process_of_other" | "process_of_other_act" | "process_not_ended" | "process_not_undone" | "setting_forbidden" | "setting_forbidden_act" | "setting_asleep" | "setting_asleep_act" | "setting_refused" | "setting_trial_span" | "setting_trial_open" | "setting_on_trial" | "setting_for_good" | "setting_read_back" | "setting_untold" | "trial_kept" | "trial_kept_free" | "trial_taken_back" | "trial_freed" | "trial_stuck" | "trial_stuck_why" | "trial_stuck_act" | "field_unknown" | "field_required" | "field_not_integer" | "field_not_number" | "field_not_text" | "field_not_boolean" | "field_not_list" | "field_not_labels" | "field_not_environment" | "field_too_small" | "field_too_large" | "field_too_short" | "field_too_long" | "field_too_many" | "field_not_an_option" | "field_wrong_form" | "field_invisible" | "field_not_a_name" | "field_not_a_quantity" | "field_not_an_image" | "field_not_a_model" | "field_not_a_secret_key" | "field_not_a_variable" | "field_repeated" | "field_secret_in_plain" | "field_not_a_label" | "manifest_unreadable" | "manifest_missing" | "manifest_not_a_mapping" | "manifest_field_missing" | "manifest_field_not_text" | "manifest_generated_name" | "manifest_list" | "manifest_secret" | "manifest_repeated" | "check_unread" | "check_kinds" | "check_kinds_missing" | "check_kinds_remedy" | "check_namespace" | "check_namespace_missing" | "check_namespace_remedy" | "check_images" | "check_image_moves" | "check_image_remedy" | "check_quota" | "check_quota_none" | "check_quota_full" | "check_quota_full_remedy" | "check_quota_too_small" | "check_quota_remedy" | "check_queue" | "check_queue_missing" | "check_queue_remedy" | "check_queue_stopped" | "check_queue_stopped_remedy" | "check_no_kueue" | "check_no_kueue_remedy" | "check_fit_nothing" | "check_fit_now" | "check_fit_later" | "check_fit_later_remedy" | "check_fit_no_node" | "check_fit_no_node_remedy" | "check_fit_too_large" | "check_fit_too_large_remedy" | "check_fit_too_many" | "check_fit_too_many_remedy" | "check_storage" | "check_no_default_class" | "check_class_missing" | "check_storage_remedy" | "check_secrets" | "check_secret_missing" | "check_secret_key_missing" | "check_secret_remedy" | "check_references" | "check_reference_missing" | "check_reference_remedy" | "check_permission" | "check_permission_missing" | "check_permission_remedy" | "check_policy" | "check_policy_warns" | "check_policy_remedy" | "check_policy_warns_remedy" | "check_cost" | "check_cost_unpriced" | "check_cost_unknown" | "check_cost_parts" | "check_cost_remedy" | "fit_on_no_split" | "fit_on_no_split_remedy" | "fit_on_no_gpus" | "sizing_unknown_model" | "sizing_unreadable" | "sizing_unknown_format" | "local_no_runtime" | "local_no_gpus" | "local_no_pods" | "local_several_pods" | "local_not_ollama" | "local_volume" | "local_variable_left_out" | "local_ollama_own" | "local_busy" | "local_gpus_unread" | "local_memory_untold" | "check_runtime" | "check_name_taken" | "check_name_remedy" | "check_image_here" | "check_image_fetched" | "check_ports" | "check_port_taken" | "check_port_remedy" | "check_gpu_none" | "check_gpu_own" | "check_gpu_cdi" | "check_gpu_request" | "check_gpu_remedy" | "check_gpu_too_few" | "check_gpu_too_few_remedy" | "check_here_fits" | "check_here_full" | "check_here_full_remedy" | "check_here_never" | "check_here_takes" | "check_here_takes_remedy" | "check_here_unread" | "check_here_no_gpu" | "check_disk" | "check_disk_short" | "check_disk_remedy" | "check_disk_unknown" | "stage_log_silent" | "stage_log_unread" | "history_full" | "history_unwritable";

/**
 * What fills a placeholder.
 */
export type PhraseValue = { "number": number } | { "text": string } | { "seconds": number } | { "bytes": number };

/**
 * A picture as a file to be saved.
 */
export type Picture = { 
/**
 * A name for the file, fit for every file system.
 */
name: string, 
/**
 * What it is: `image/svg+xml` or `image/png`.
 */
media_type: string, 
/**
 * Its bytes, in Base64.
 */
base64: string, };

/**
 * The forms of pictures.
 */
export type PictureFormat = "svg" | "png";

/**
 * The languages of pictures.
 */
export type PictureLanguage = "en" | "zh";

/**
 * How a picture is drawn.
 */
export type PictureLook = { 
/**
 * In what form.
 */
format: PictureFormat, 
/**
 * On what ground.
 */
theme: PictureTheme, 
/**
 * In what language its words are.
 */
language: PictureLanguage, };

/**
 * The grounds of pictures.
 */
export type PictureTheme = "dark" | "light";

/**
 * Plans a model's memory.
 */
export type PlanModel = { 
/**
 * What is done with which model, as a rendered recipe says it.
 */
sizing: SizingInputs, 
/**
 * The text of the model's `config.json`; empty: what is known of it by its name.
 */
config: string, 
/**
 * A GPU's memory in bytes; null where it is not known.
 */
gpu_memory_bytes: number | null, };

/**
 * A part of a GPU's memory.
 */
export type PlannedPart = { 
/**
 * Which.
 */
part: MemoryPart, 
/**
 * How much of it, in bytes.
 */
bytes: number, };

/**
 * The columns that pods can be sorted by. Equal ones go by namespace and name.
 */
export type PodColumn = "name" | "namespace" | "node" | "severity" | "gpus" | "restarts" | "age";

/**
 * How far a pod has come.
 */
export type PodRollout = { 
/**
 * Its name.
 */
name: string, 
/**
 * Its node; empty while it has none.
 */
node: string, 
/**
 * Whether it is ready now, or ended well.
 */
is_ready: boolean, 
/**
 * Whether it is deleted, so that another takes its place.
 */
is_ending: boolean, 
/**
 * How often its containers were restarted.
 */
restarts: number, 
/**
 * The stages of its way, in order. The first that is not reached is where it is.
 */
stages: Array<RolloutStage>, };

/**
 * A pod.
 */
export type PodRow = { 
/**
 * Its namespace.
 */
namespace: string, 
/**
 * Its name.
 */
name: string, 
/**
 * Its node; empty while it is not bound.
 */
node: string, 
/**
 * Accelerators that it asks for.
 */
gpus: number, 
/**
 * Their model; empty where it asks for none or the node does not tell.
 */
gpu_model: string, 
/**
 * What it does, in one word: the phase, or the reason that outranks it
 * (`CrashLoopBackOff`, `Unschedulable`, `Terminating`).
 */
status: string, 
/**
 * Containers ready of all, init containers left out.
 */
ready: Ready, 
/**
 * Restarts of its containers, together.
 */
restarts: number, 
/**
 * How bad that is.
 */
severity: Severity, 
/**
 * Why, where it is a fault.
 */
reason?: Phrase, 
/**
 * When it was created, in RFC 3339.
 */
created_at?: string, };

/**
 * The orders of pods.
 */
export type PodSort = { 
/**
 * By what.
 */
by: PodColumn, 
/**
 * Whether the largest comes first.
 */
descending: boolean, };

/**
 * A place in a queue.
 */
export type Position = { 
/**
 * From 1.
 */
at: number, 
/**
 * How many wait.
 */
of: number, };

/**
 * What the user chose.
 */
export type Preferences = { 
/**
 * The theme.
 */
theme: Theme, 
/**
 * The language.
 */
language: Language, 
/**
 * Who the user is: what concerns that role stands first.
 */
role: Role, 
/**
 * The clusters whose chips stand in the top bar, in order.
 */
open_clusters: Array<string>, 
/**
 * The address that was open last, without its scheme; may be empty.
 */
address: string, 
/**
 * What an hour of a GPU costs, by model; those without a price are priced nowhere.
 */
gpu_prices: Array<GpuPrice>, 
/**
 * The sign of the currency in which they are; may be empty.
 */
currency: string, };

/**
 * A process on an accelerator.
 */
export type ProcessRow = { 
/**
 * The device, by its id.
 */
device: string, 
/**
 * The device's number.
 */
device_index: number, 
/**
 * Its number on the machine.
 */
pid: number, 
/**
 * What it uses the device for.
 */
uses: ProcessUse, 
/**
 * The profile of the MIG instance that it runs in; empty for the whole device.
 */
instance: string, 
/**
 * Device memory that it has.
 */
memory: ReadingRow, 
/**
 * How busy it keeps the device; absent where that is never told.
 */
activity?: ReadingRow, 
/**
 * Whether it is known whose it is; the rest is empty where it is not.
 */
is_known: boolean, 
/**
 * The user.
 */
user: string, 
/**
 * The command line; what looks like a secret was left out.
 */
command: string, 
/**
 * When it started, in clock ticks since the machine did: with its number, what it is told from
 * another process by.
 */
started_ticks: string, 
/**
 * When it started, in RFC 3339.
 */
started_at?: string, 
/**
 * The systemd unit, where it is in no container; may be empty.
 */
unit: string, 
/**
 * What runs its container; absent where it is in none.
 */
runtime?: ContainerRuntime, 
/**
 * The container's id; may be empty.
 */
container_id: string, 
/**
 * The container's name; may be empty.
 */
container: string, 
/**
 * The pod's uid; may be empty.
 */
pod_uid: string, 
/**
 * The pod's namespace; empty where only the uid is known.
 */
namespace: string, 
/**
 * The pod; empty where only the uid is known.
 */
pod: string, 
/**
 * The cluster in which the pod was found; empty where in none that is connected.
 */
cluster: string, 
/**
 * Why it cannot be ended from here, and what to do about that; absent where it can.
 */
guard?: Hindrance, };

/**
 * What a process uses a device for.
 */
export type ProcessUse = "compute" | "graphics" | "both";

/**
 * What kind of AI an application is.
 */
export type Profile = "none" | "generative" | "predictive";

/**
 * Where a Prometheus answers, and what it is shown. Never a secret: only where one lies.
 */
export type PrometheusAddress = { 
/**
 * Its address, without the paths of its API.
 */
url: string, 
/**
 * What it is shown.
 */
credentials: PrometheusCredentials, 
/**
 * A file with the certificates that sign for it, in PEM; empty: those that the system trusts.
 */
authority: string, };

/**
 * What a Prometheus is shown.
 */
export type PrometheusCredentials = { "by": "nothing", } | { "by": "bearer", 
/**
 * Where the token lies.
 */
token: SecretPlace, } | { "by": "basic", 
/**
 * The name.
 */
user: string, 
/**
 * Where the password lies.
 */
password: SecretPlace, };

/**
 * What answers at an address.
 */
export type PrometheusFound = { 
/**
 * The version that it tells; empty where it tells none.
 */
version: string, 
/**
 * Accelerators of which it has readings of the last minutes.
 */
devices: number, 
/**
 * What it says is missing from that, such as a store that it does not reach; empty where it is whole.
 */
missing: string, 
/**
 * How long it took to say so, in milliseconds.
 */
took_milliseconds: number, };

/**
 * What was given for a cluster.
 */
export type PrometheusSetting = { 
/**
 * The cluster's id.
 */
cluster: string, 
/**
 * What was given; absent where nothing was.
 */
address?: PrometheusAddress, };

/**
 * What a model is asked.
 */
export type Prompt = { "api": "chat", 
/**
 * What was said, in order.
 */
messages: Array<ChatMessage>, } | { "api": "completion", 
/**
 * The text.
 */
text: string, };

/**
 * What becomes of what a deleted object owns.
 */
export type Propagation = "background" | "foreground" | "orphan";

/**
 * Protects a cluster's context, or takes the protection away.
 */
export type ProtectCluster = { 
/**
 * The cluster's id.
 */
cluster: string, 
/**
 * Whether it is to be protected.
 */
is_protected: boolean, 
/**
 * The context's name, as typed: needed to take the protection away.
 */
typed: string, };

/**
 * How a cluster's context is protected.
 */
export type Protection = { 
/**
 * The cluster's id.
 */
cluster: string, 
/**
 * Whether it is protected.
 */
is_protected: boolean, 
/**
 * Until when it can be changed all the same, in RFC 3339; absent where it cannot.
 */
unlocked_until?: string, };

/**
 * A queue of the whole cluster, or a cohort of such.
 */
export type QueueRow = { 
/**
 * Its kind: `ClusterQueue`, `Queue`.
 */
kind: string, 
/**
 * The kind's API group.
 */
group: string, 
/**
 * Its name.
 */
name: string, 
/**
 * The cohort or the queue above it; empty for none.
 */
parent: string, 
/**
 * In which order it lets in; may be empty.
 */
strategy: string, 
/**
 * Why it lets nothing in; empty while it does.
 */
stopped: string, 
/**
 * What its share is weighed by; may be empty.
 */
weight: string, 
/**
 * How it does by its own words, or by who waits in it.
 */
severity: Severity, 
/**
 * Jobs that wait in it.
 */
waiting: number, 
/**
 * Whether its own quota is lent out while a job waits that it would hold.
 */
starves: boolean, 
/**
 * Jobs that it has let in and that are not over.
 */
admitted: number, 
/**
 * When the one that has waited longest came, in RFC 3339.
 */
oldest_at?: string, 
/**
 * The first that wait in it, in order.
 */
line: Array<Waiting>, 
/**
 * Its quotas, accelerators first.
 */
quotas: Array<QuotaRow>, };

/**
 * How much a queue may hold of one resource of one flavor. Amounts are numbers: devices, cores, or
 * bytes.
 */
export type QuotaRow = { 
/**
 * The flavor; empty where the kind has none.
 */
flavor: string, 
/**
 * The resource.
 */
resource: string, 
/**
 * What its amounts are.
 */
unit: QuotaUnit, 
/**
 * What is its own; absent where it is not limited.
 */
nominal?: number, 
/**
 * What it holds.
 */
used: number, 
/**
 * How much of that is others'.
 */
borrowed: number, 
/**
 * Its share of what its cohort has lent out, by what it leaves idle.
 */
lent: number, 
/**
 * How much more it may take from others; absent where that is not limited.
 */
borrowing_limit?: number, 
/**
 * How much of its own others may take; absent where that is not limited.
 */
lending_limit?: number, };

/**
 * What a quota counts.
 */
export type QuotaUnit = "devices" | "cores" | "bytes" | "units";

/**
 * Reads the journal, the newest entries first.
 */
export type ReadJournal = { 
/**
 * Words that an entry contains, all of them; empty: every entry.
 */
words: string, 
/**
 * The id of the cluster that was changed; empty: all of them.
 */
cluster: string, 
/**
 * How the entries stand; empty: however they do.
 */
states: Array<JournalState>, 
/**
 * Entries before this one alone; absent: from the newest on.
 */
before?: number, 
/**
 * How many at most; up to 1000.
 */
most: number, };

/**
 * Asks a server which models it has.
 */
export type ReadModels = { 
/**
 * Which.
 */
server: ModelServer, 
/**
 * The key that it wants.
 */
key: ServerKey, };

/**
 * Asks which permissions are missing for what a screen offers.
 */
export type ReadPermissions = { 
/**
 * The cluster's id.
 */
cluster: string, 
/**
 * What is offered; all of it is about at most [`ReadPermissions::MOST`] objects.
 */
deeds: Array<MeantDeed>, };

/**
 * Which recipes.
 */
export type ReadRecipes = { 
/**
 * Says what is missing for each on this cluster; none: for no cluster.
 */
cluster: string | null, };

/**
 * The releases of a cluster.
 */
export type ReadReleases = { 
/**
 * The cluster's id.
 */
cluster: string, 
/**
 * The namespace; empty: all of them.
 */
namespace: string, };

/**
 * Asks how far objects have come.
 */
export type ReadRollout = { 
/**
 * The cluster's id.
 */
cluster: string, 
/**
 * The objects; those of kinds that run nothing are left out.
 */
objects: Array<ObjectName>, };

/**
 * A figure as it was read.
 */
export type ReadingRow = { 
/**
 * Which figure.
 */
figure: Figure, 
/**
 * Its unit.
 */
unit: FigureUnit, 
/**
 * The value; absent where there is none.
 */
value?: number, 
/**
 * Why there is no value.
 */
absence?: FigureAbsence, 
/**
 * What came instead, where that was no possible reading.
 */
rejected?: number, 
/**
 * Who said it.
 */
source: FigureSource, 
/**
 * When, in RFC 3339.
 */
at: string, };

/**
 * So many are ready, of so many wanted.
 */
export type Ready = { 
/**
 * How many are ready.
 */
ready: number, 
/**
 * How many are wanted.
 */
desired: number, };

/**
 * A reason.
 */
export type Reason = { 
/**
 * Which reason, for scripts.
 */
code: ReasonCode, 
/**
 * Where on the way from the object to a running container it stands.
 */
stage: Stage, 
/**
 * What it is, for people.
 */
sentence: Phrase, 
/**
 * What it rests on.
 */
evidence: Array<Finding>, 
/**
 * The next thing to do.
 */
action: Phrase, 
/**
 * Whether waiting can never help.
 */
waiting_is_futile: boolean, 
/**
 * How many pods it concerns; 0 where there are none yet.
 */
pods: number, };

/**
 * The reasons that Strata can tell apart. The names are for scripts: they stay.
 */
export type ReasonCode = "suspended" | "scaled_to_zero" | "rollout_paused" | "stuck_deleting" | "deadline_exceeded" | "backoff_limit" | "failure_policy" | "rollout_stuck" | "says_failed" | "no_controller" | "invalid_spec" | "webhook_denied" | "webhook_unreachable" | "creation_forbidden" | "service_account_missing" | "pod_security" | "priority_class_missing" | "runtime_class_missing" | "namespace_ending" | "pod_refused" | "waits_for_earlier" | "quota_exceeded" | "quota_wants_amounts" | "limit_range" | "queue_missing" | "queue_inactive" | "queue_short" | "queue_behind" | "queue_namespace" | "queue_never_fits" | "queue_no_flavor" | "queue_preempts" | "queue_topology" | "admission_check" | "workload_inactive" | "queue_waits" | "gang_incomplete" | "scheduling_gated" | "no_scheduler" | "no_nodes" | "exceeds_every_node" | "resource_unknown" | "device_plugin_gone" | "devices_unhealthy" | "resource_short" | "fragmented" | "waits_for_victims" | "taint" | "nodes_cordoned" | "nodes_not_ready" | "node_affinity" | "pod_affinity" | "pod_anti_affinity" | "topology_spread" | "host_port" | "device_claim_missing" | "device_class_missing" | "devices_short" | "unschedulable" | "node_lost" | "node_refused" | "preempted" | "evicted_by_pressure" | "evicted_by_taint" | "evicted_by_request" | "evicted_from_queue" | "sandbox_failed" | "claim_missing" | "claim_unbound" | "storage_class_missing" | "provisioning_failed" | "volume_zone" | "volume_in_use" | "claim_lost" | "attach_failed" | "mount_failed" | "image_name" | "image_missing" | "image_auth" | "registry_unreachable" | "image_never_pulled" | "image_pull" | "config_map_missing" | "secret_missing" | "config_key_missing" | "command_missing" | "container_refused" | "init_fails" | "init_runs" | "slow_start" | "startup_probe" | "liveness_probe" | "readiness_probe" | "readiness_gate" | "out_of_memory" | "cuda_out_of_memory" | "gpu_error" | "nccl_error" | "dns_failure" | "python_error" | "crash" | "exits_at_once" | "unknown";

/**
 * A figure over the last minutes.
 */
export type RecentChart = { 
/**
 * Which figure.
 */
figure: Figure, 
/**
 * Its unit.
 */
unit: FigureUnit, 
/**
 * The top of the chart.
 */
most: number, 
/**
 * Seconds between two values.
 */
step_seconds: number, 
/**
 * The values, oldest first; `null` where nothing was measured. The last is now's.
 */
values: Array<number | null>, };

/**
 * What somebody can deploy.
 */
export type Recipe = { 
/**
 * Its id.
 */
id: string, 
/**
 * What it is called.
 */
name: Bilingual, 
/**
 * What it does, and when to take it.
 */
help: Bilingual, 
/**
 * What kind of AI it is for: the needs of that kind stand in the topic `map`.
 */
profile: RecipeProfile, 
/**
 * The part of the gallery.
 */
purpose: RecipePurpose, 
/**
 * What it runs, such as `vLLM`.
 */
engine: string, 
/**
 * The file of the user's folder that it was read from; empty for Strata's own.
 */
file: string, 
/**
 * What it asks for, in the order of the form.
 */
parameters: Array<RecipeParameter>, 
/**
 * The kinds that have to be served, as `Kind.group`.
 */
kinds: Array<NeededKind>, 
/**
 * Whether it plans a model's memory: [`RenderedRecipe::sizing`] is there.
 */
has_sizing: boolean, 
/**
 * Whether it serves something that can be tried: [`RenderedRecipe::endpoint`] is there.
 */
has_endpoint: boolean, };

/**
 * An object that a recipe comes to.
 */
export type RecipeManifest = { 
/**
 * `apps/v1`.
 */
api_version: string, 
/**
 * `Deployment`.
 */
kind: string, 
/**
 * Its namespace; empty for objects of the whole cluster.
 */
namespace: string, 
/**
 * Its name.
 */
name: string, 
/**
 * The object as YAML.
 */
yaml: string, };

/**
 * What a recipe asks for.
 */
export type RecipeParameter = { 
/**
 * Its id: what values are given under.
 */
id: string, 
/**
 * The part of the form.
 */
section: FormSection, 
/**
 * What it is called.
 */
name: Bilingual, 
/**
 * What it means and what to choose.
 */
help: Bilingual, 
/**
 * Its type and what constrains it.
 */
kind: ParameterKind, 
/**
 * Whether a value has to be there.
 */
required: boolean, 
/**
 * The value where none is given; null where there is none.
 */
default: unknown, 
/**
 * A unit that stands behind it; may be empty.
 */
unit: string, 
/**
 * It applies only while this formula over other parameters is true; empty: always. Whether it
 * does is told by [`FieldState::applies`].
 */
when: string, };

/**
 * What kind of AI something is for.
 */
export type RecipeProfile = "generative" | "predictive" | "both";

/**
 * The parts of the gallery, in their order.
 */
export type RecipePurpose = "serve" | "train" | "batch" | "notebook" | "cluster" | "database" | "application";

/**
 * Everything that can be deployed.
 */
export type Recipes = { 
/**
 * Strata's own and the user's, in the order of the gallery.
 */
recipes: Array<Recipe>, 
/**
 * Files of the user's folder that are no recipes.
 */
broken: Array<BrokenRecipe>, 
/**
 * The user's folder; empty where there is none.
 */
folder: string, 
/**
 * Why the kinds of the cluster are not known; empty where they are, or none was asked for.
 */
unread: string, };

/**
 * One capability serves another.
 */
export type RelationRow = { 
/**
 * Which of the figure's arrows, from 1.
 */
number: number, 
/**
 * The capability that serves.
 */
from: string, 
/**
 * What it does for the other.
 */
does: Bilingual, 
/**
 * The capability that is served.
 */
to: string, 
/**
 * Whether both ends stand.
 */
stands: Ends, 
/**
 * What flows over it now; absent where an end is missing.
 */
flow?: SurveyFigure, 
/**
 * What that rests on: first what serves, then what is served.
 */
evidence: Array<Evidence>, };

/**
 * A release, by its newest revision.
 */
export type Release = { 
/**
 * Its name.
 */
name: string, 
/**
 * Its namespace.
 */
namespace: string, 
/**
 * The recipe that it was made from.
 */
recipe: string, 
/**
 * The number of its newest revision.
 */
revision: number, 
/**
 * How many revisions are kept.
 */
revisions: number, 
/**
 * When the newest was applied, in RFC 3339; empty where that is not told.
 */
applied_at: string, 
/**
 * Who applied it; empty where that is not told.
 */
applied_by: string, };

/**
 * A release with all that is kept of it.
 */
export type ReleaseDetail = { 
/**
 * The release.
 */
release: Release, 
/**
 * Its revisions, the newest first.
 */
revisions: Array<ReleaseRevision>, 
/**
 * The objects of the newest revision.
 */
objects: Array<ObjectName>, };

/**
 * A revision of a release.
 */
export type ReleaseRevision = { 
/**
 * Its number, counted from 1.
 */
number: number, 
/**
 * The recipe.
 */
recipe: string, 
/**
 * The values that were given: the form is filled with them to change them.
 */
values: { [key in string]: unknown }, 
/**
 * The manifests that they came to, as YAML.
 */
manifests: string, 
/**
 * Whether somebody edited the manifests, so that the values no longer say all of them.
 */
is_edited: boolean, 
/**
 * When it was applied, in RFC 3339; empty where that is not told.
 */
applied_at: string, 
/**
 * Who applied it; empty where that is not told.
 */
applied_by: string, };

/**
 * What runs of a release. One of which nothing runs has no row.
 */
export type ReleaseRow = { 
/**
 * Its namespace.
 */
namespace: string, 
/**
 * Its name.
 */
name: string, 
/**
 * Where it is in its life.
 */
state: ReleaseState, 
/**
 * How bad that is.
 */
severity: Severity, 
/**
 * Why, where something is to be said.
 */
reason?: Phrase, 
/**
 * Pods ready of wanted, where that is known.
 */
ready?: Ready, 
/**
 * Accelerators that its pods ask for.
 */
gpus: number, 
/**
 * Those of its objects that are jobs, as ids of rows of [`crate::topics::Topic::Jobs`].
 */
jobs: Array<string>, 
/**
 * What the stack knows it by; empty where it is no application.
 */
subject: string, };

/**
 * Where a release is in its life.
 */
export type ReleaseState = "up" | "starting" | "queued" | "failing" | "stopped" | "finished";

/**
 * The releases that were found, by namespace and name.
 */
export type Releases = { 
/**
 * Each release.
 */
releases: Array<Release>, };

/**
 * A recipe, filled in.
 */
export type RenderRecipe = { 
/**
 * The recipe's id.
 */
recipe: string, 
/**
 * The cluster, for what it serves; none where nothing is asked of one.
 */
cluster: string | null, 
/**
 * The namespace; empty where the objects shall say none.
 */
namespace: string, 
/**
 * Values by parameter, of the parameter's type; null takes a default away.
 */
values: { [key in string]: unknown }, 
/**
 * Values by parameter as somebody types them on a command line; they come before `values`.
 */
typed: { [key in string]: string }, };

/**
 * What a filled-in recipe comes to.
 */
export type RenderedRecipe = { 
/**
 * The name of the release; empty with errors.
 */
release: string, 
/**
 * What became of each parameter, in the recipe's order.
 */
fields: Array<FieldState>, 
/**
 * What is wrong with the values. With any, there are no manifests.
 */
errors: Array<FieldError>, 
/**
 * The objects, in the order in which they are applied.
 */
manifests: Array<RecipeManifest>, 
/**
 * All of them as one text of YAML.
 */
yaml: string, 
/**
 * The kinds that these manifests need, and whether the cluster serves them.
 */
kinds: Array<NeededKind>, 
/**
 * What the model's memory is planned from.
 */
sizing: SizingInputs | null, 
/**
 * How a client talks to what is served.
 */
endpoint: ServedEndpoint | null, };

/**
 * How binding a requirement is.
 */
export type RequirementLevel = "must" | "should";

/**
 * A requirement, and its answer.
 */
export type RequirementRow = { 
/**
 * Which, by the checklist's id.
 */
requirement: string, 
/**
 * The area's key in the checklist.
 */
area: string, 
/**
 * The area's name.
 */
area_name: Bilingual, 
/**
 * What it is called.
 */
name: Bilingual, 
/**
 * The checklist's own words.
 */
description: string, 
/**
 * How binding it is.
 */
level: RequirementLevel, 
/**
 * The answer.
 */
found: Assessment, 
/**
 * How it may be tested, in the words of the working group; empty where they have none.
 */
tested: string, 
/**
 * A test workload that tells more, where one can be run here.
 */
test?: RequirementTest, 
/**
 * Why there is none, where there is none.
 */
untested?: Untested, };

/**
 * A test workload.
 */
export type RequirementTest = { 
/**
 * Its objects, as one manifest.
 */
manifest: string, 
/**
 * The jobs that it is judged by: it passes once all that are to complete have, and as long as
 * none begins that is to be held.
 */
jobs: Array<TestJob>, 
/**
 * What it shows, where it passes.
 */
shows: Bilingual, 
/**
 * What it takes while it runs.
 */
takes: Bilingual, 
/**
 * What it leaves open.
 */
leaves_open: Bilingual, 
/**
 * After how many minutes its jobs have ended by themselves, and gone.
 */
minutes: number, };

/**
 * A component that another one needs.
 */
export type Requisite = { 
/**
 * Its name.
 */
name: string, 
/**
 * Whether the cluster has it.
 */
is_present: boolean, };

/**
 * What is different between two revisions.
 */
export type RevisionDifference = { 
/**
 * The objects that are different; the same ones are left out.
 */
objects: Array<ObjectDifference>, };

/**
 * The people of the whitepaper's figure 1.
 */
export type Role = "none" | "data_scientist" | "ml_engineer" | "platform_engineer" | "sre" | "hardware_architect";

/**
 * Has a release as one of its revisions was, which becomes a new revision.
 */
export type RollBackRelease = { 
/**
 * The cluster's id.
 */
cluster: string, 
/**
 * The release's namespace.
 */
namespace: string, 
/**
 * The release's name.
 */
name: string, 
/**
 * The revision; none: the one before the newest.
 */
to?: number, 
/**
 * Whether it is to be done.
 */
intent: Intent, 
/**
 * What to do about fields that others own.
 */
choices: Array<FieldChoice>, };

/**
 * How far objects have come.
 */
export type Rollout = { 
/**
 * Those that run pods, in the order in which they were asked for.
 */
objects: Array<ObjectRollout>, };

/**
 * A stage of a pod's way.
 */
export type RolloutStage = { 
/**
 * Which.
 */
step: RolloutStep, 
/**
 * Whether it is behind the pod.
 */
is_reached: boolean, 
/**
 * When it was reached, in RFC 3339; null where it was not, or nobody says when.
 */
at: string | null, 
/**
 * How long it took since the stage before, in seconds; of the stage where the pod is, so far.
 * Null where that was not measured.
 */
seconds: number | null, 
/**
 * Why it is not known when it was reached; absent where it is, or nobody expects it yet.
 */
reason?: Phrase, };

/**
 * The stages of a pod's way, in order.
 */
export type RolloutStep = "created" | "admitted" | "scheduled" | "pulled" | "started" | "loaded" | "warm" | "ready";

/**
 * Any row.
 */
export type Row = { "row": "cluster" } & ClusterRow | { "row": "context_problem" } & ContextProblemRow | { "row": "layer" } & LayerRow | { "row": "tile" } & TileRow | { "row": "gpu_node" } & GpuNodeRow | { "row": "attention" } & AttentionRow | { "row": "trace" } & TraceRow | { "row": "pod" } & PodRow | { "row": "namespace" } & NamespaceRow | { "row": "watch" } & WatchRow | { "row": "gpu_map" } & GpuMapRow | { "row": "gpu_block" } & GpuBlockRow | { "row": "gpu" } & GpuRow | { "row": "gpu_detail" } & GpuDetailRow | { "row": "gpu_capacity" } & GpuCapacityRow | { "row": "gpu_share" } & GpuShareRow | { "row": "gpu_fit" } & GpuFitRow | { "row": "gpu_offer" } & GpuOfferRow | { "row": "device_supply" } & DeviceSupplyRow | { "row": "device_offer" } & DeviceOfferRow | { "row": "gpu_node_capacity" } & GpuNodeCapacityRow | { "row": "device_claim" } & DeviceClaimRow | { "row": "capability" } & CapabilityRow | { "row": "relation" } & RelationRow | { "row": "need" } & NeedRow | { "row": "stage" } & StageRow | { "row": "lifecycle_model" } & LifecycleModelRow | { "row": "storage_source" } & StorageSourceRow | { "row": "storage_class" } & StorageClassRow | { "row": "storage_driver" } & StorageDriverRow | { "row": "storage_claim" } & StorageClaimRow | { "row": "storage_snapshot" } & StorageSnapshotRow | { "row": "storage_place" } & StoragePlaceRow | { "row": "storage_user" } & StorageUserRow | { "row": "storage_cache" } & StorageCacheRow | { "row": "storage_finding" } & StorageFindingRow | { "row": "checklist" } & ChecklistRow | { "row": "requirement" } & RequirementRow | { "row": "job" } & JobRow | { "row": "job_group" } & JobGroupRow | { "row": "job_room" } & JobRoomRow | { "row": "job_summary" } & JobSummaryRow | { "row": "job_detail" } & JobDetailRow | { "row": "queue" } & QueueRow | { "row": "release" } & ReleaseRow | { "row": "log_line" } & LogLineRow | { "row": "log_summary" } & LogSummaryRow | { "row": "workstation" } & WorkstationRow | { "row": "accelerator" } & AcceleratorRow | { "row": "process" } & ProcessRow | { "row": "model_server" } & ModelServerRow | { "row": "answer" } & AnswerRow | { "row": "answer_piece" } & AnswerPieceRow | { "row": "load_test" } & LoadTestRow;

/**
 * Runs what a recipe describes on this machine.
 */
export type RunLocally = { 
/**
 * By which runtime; absent: by the one that suits the recipe.
 */
runtime?: LocalRuntimeKind, 
/**
 * The recipe, filled in; its cluster and namespace mean nothing here.
 */
recipe: RenderRecipe, 
/**
 * The text of the model's `config.json`, to plan its memory by; empty: what is known of it by its
 * name.
 */
config?: string, 
/**
 * Whether it is to be done. How far it is then is told by `read_local_containers`.
 */
intent: Intent, };

/**
 * How something does.
 */
export type RunState = "healthy" | "starting" | "not_running" | "paused" | "finished" | "failed" | "ending";

/**
 * How far reading the accelerators has come.
 */
export type Sampling = "starting" | "live" | "no_accelerator" | "interrupted";

/**
 * What reading the accelerators cost.
 */
export type SamplingCost = { 
/**
 * Calls to drivers.
 */
calls: number, 
/**
 * How long they took together, in seconds.
 */
seconds: number, 
/**
 * The slowest call.
 */
slowest: string, 
/**
 * How long that took, in seconds.
 */
slowest_seconds: number, };

/**
 * How a model answers.
 */
export type SamplingParameters = { 
/**
 * From 0 (always the likeliest token) to 2; the server's default where it is absent.
 */
temperature?: number, 
/**
 * The most tokens of an answer; the server's default where it is absent.
 */
max_tokens?: number, };

/**
 * A field.
 */
export type SchemaField = { 
/**
 * Its name; empty for the object itself.
 */
name: string, 
/**
 * Its type: `string`, `integer`, `object`, `map of string`, `list of object`; empty where any
 * will do.
 */
type_name: string, 
/**
 * What it is for, in the server's words.
 */
description: string, 
/**
 * Whether it has to be there.
 */
is_required: boolean, };

/**
 * A field of a Secret.
 */
export type SecretField = { 
/**
 * The Secret's name, in the namespace of what wants it.
 */
name: string, 
/**
 * The field of its data.
 */
field: string, };

/**
 * Where a secret lies.
 */
export type SecretPlace = { "in": "file", 
/**
 * Its path; a leading `~` is the home folder.
 */
path: string, } | { "in": "environment", 
/**
 * Its name.
 */
name: string, };

/**
 * How a client talks to what is served.
 */
export type ServedEndpoint = { 
/**
 * What is spoken there: `openai`, `ollama`, `v2`, `qdrant`, `http`.
 */
api: string, 
/**
 * The Service in the namespace.
 */
service: string, 
/**
 * Its port.
 */
port: number, 
/**
 * The model's name in requests; empty where there is none.
 */
model: string, };

/**
 * A model as its server tells of it.
 */
export type ServedModel = { 
/**
 * Its name, as requests give it.
 */
id: string, 
/**
 * The longest context, in tokens, where the server tells.
 */
context_tokens?: number, };

/**
 * How a server is reached, and which models it has.
 */
export type ServedModels = { 
/**
 * What the server says at `/models`; where it has no such list, what is known otherwise.
 */
models: Array<ServedModel>, 
/**
 * Whether the server itself said so.
 */
are_told: boolean, 
/**
 * The pod that was asked.
 */
pod: string, 
/**
 * Its ready pods, one of which is asked each time.
 */
pods: number, 
/**
 * The port.
 */
port: number, 
/**
 * The way there.
 */
way: Way, 
/**
 * What stands before `/chat/completions`: `/v1`, mostly.
 */
base: string, 
/**
 * The Secret that holds the key that it wants, as far as its pod names one.
 */
secret?: SecretField, 
/**
 * Whether it refused to tell without a key, or with this one.
 */
wants_key: boolean, };

/**
 * The key that a server is shown. It is in no row, no log line and no entry of the journal.
 */
export type ServerKey = { "from": "nobody" } | { "from": "typed", 
/**
 * It.
 */
key: TypedKey, } | { "from": "secret", 
/**
 * Which.
 */
secret: SecretField, };

/**
 * What a server does, as its own metrics tell.
 */
export type ServerTraffic = { 
/**
 * Requests in work.
 */
running: number, 
/**
 * Requests that wait.
 */
waiting: number, 
/**
 * Tokens generated in a second; absent where that is not known yet.
 */
tokens_per_second?: number, 
/**
 * How old that is, in seconds.
 */
age_seconds: number, };

/**
 * A component that serves a capability.
 */
export type ServingComponent = { 
/**
 * What it is on the stack.
 */
subject: string, 
/**
 * Its name.
 */
name: string, 
/**
 * How it does.
 */
severity: Severity, 
/**
 * Why, where it is a fault.
 */
reason?: Phrase, 
/**
 * So many ready of so many wanted, where either is known.
 */
ready?: Ready, 
/**
 * Its version; empty where unknown.
 */
version: string, 
/**
 * Its own figure.
 */
figure?: Phrase, };

/**
 * Sets a device.
 */
export type SetDevice = { 
/**
 * The device, by its id.
 */
device: string, 
/**
 * What it shall have.
 */
setting: DeviceSetting, 
/**
 * For how many seconds it is tried, from 5 to 3600; 0: it is set for good at once.
 */
trial_seconds: number, 
/**
 * Whether it is to be done.
 */
intent: Intent, };

/**
 * What a device can be set to.
 */
export type SettingKind = "power_limit" | "locked_clocks";

/**
 * Something that a device can be set to.
 */
export type SettingRow = { 
/**
 * What.
 */
setting: SettingKind, 
/**
 * The unit of the range.
 */
unit: FigureUnit, 
/**
 * The least that its driver allows.
 */
least: number, 
/**
 * The most.
 */
most: number, 
/**
 * What the maker set.
 */
default?: number, 
/**
 * Why it cannot be set from here, and what to do about that; absent where it can.
 */
obstacle?: Hindrance, };

/**
 * Finishes or undoes a change that the journal knows.
 */
export type SettleChange = { 
/**
 * The entry's number.
 */
entry: number, 
/**
 * What is to be done.
 */
settlement: Settlement, 
/**
 * Whether it is to be done.
 */
intent: Intent, };

/**
 * What is done about a change.
 */
export type Settlement = "finish" | "undo" | "leave";

/**
 * The severities as they cross the wire, from best to worst.
 */
export type Severity = "ok" | "paused" | "unknown" | "notice" | "warning" | "critical";

/**
 * What the memory of a model is planned from.
 */
export type SizingInputs = { 
/**
 * What is done with the model.
 */
task: SizingTask, 
/**
 * The model, as the recipe names it.
 */
model: string, 
/**
 * The format of the weights, as the engine names it; empty or `auto`: the checkpoint's own.
 */
weights: string, 
/**
 * The format of the key-value cache; empty or `auto`: as the weights.
 */
kv: string, 
/**
 * Over how many GPUs each layer is split.
 */
tensor_parallel: number, 
/**
 * Over how many GPUs the layers are split.
 */
pipeline_parallel: number, 
/**
 * Tokens of a request or a training sequence; none: the model's own limit.
 */
context: number | null, 
/**
 * Requests at a time, or sequences on a GPU.
 */
concurrency: number, 
/**
 * The part of GPU memory that the engine takes.
 */
memory_fraction: number, 
/**
 * GPUs in all that a training is spread over.
 */
gpus: number, 
/**
 * How it is trained: `full`, `lora`, `qlora`; empty where it is not.
 */
method: string, 
/**
 * The rank of the adapters; 0 where there are none.
 */
rank: number, };

/**
 * What is done with a model.
 */
export type SizingTask = "serve" | "train";

/**
 * Which time.
 */
export type Span = { 
/**
 * When it ends, in RFC 3339; empty for now.
 */
until: string, 
/**
 * How long it is, in seconds.
 */
seconds: number, 
/**
 * At most about how many points are wanted; never closer than what was measured.
 */
points: number, };

/**
 * How a model would be split over GPUs of one model, and whether they are there.
 */
export type SplitChoice = { 
/**
 * The model of the GPUs.
 */
model: string, 
/**
 * The memory of each, in bytes.
 */
gpu_memory_bytes: number, 
/**
 * Over how many GPUs of a node each layer is split; of a training, how many it takes of a node.
 */
tensor_parallel: number, 
/**
 * Over how many nodes the layers are split.
 */
pipeline_parallel: number, 
/**
 * What the fullest GPU holds, in bytes.
 */
per_gpu_bytes: number, 
/**
 * Whether that fits: now, after something else ends, or never.
 */
check: Check, };

/**
 * The way from an object to a running container, in order.
 */
export type Stage = "object" | "controller" | "quota" | "gang" | "scheduling" | "node" | "volume" | "image" | "startup" | "probes" | "run";

/**
 * A stage.
 */
export type StageRow = { 
/**
 * Which, by the catalogue's id, such as `model_serving`.
 */
stage: string, 
/**
 * Its name.
 */
name: Bilingual, 
/**
 * What stands there now, in a few counts.
 */
counts: Array<Phrase>, 
/**
 * The components that stand there.
 */
components: Array<ServingComponent>, 
/**
 * What runs or is done there, at most [`StageRow::MOST`].
 */
things: Array<StageThing>, 
/**
 * How many there are in all, what is stuck included.
 */
total: number, 
/**
 * What does not get past this stage, the worst first, at most as many.
 */
stuck: Array<StageThing>, };

/**
 * Something at a stage: what runs, is done, or is kept there.
 */
export type StageThing = { 
/**
 * Its name; the object's own stands in the evidence.
 */
name: string, 
/**
 * How it does.
 */
severity: Severity, 
/**
 * Where it is in its life: `running`, `queued` ...
 */
phase: string, 
/**
 * Why, where it is a fault or waits.
 */
reason?: Phrase, 
/**
 * Since when, in RFC 3339.
 */
since?: string, 
/**
 * The figure that matters, where one is known.
 */
figure?: SurveyFigure, 
/**
 * Whether it is a job, which has a page of its own.
 */
is_job: boolean, 
/**
 * Its object, and the field that tells how it does.
 */
evidence: Evidence, };

/**
 * Whether a capability is served.
 */
export type Standing = "served" | "partly" | "degraded" | "missing" | "unknown";

/**
 * Loads a server for a while, to see how it does. On a protected cluster it takes unlocking.
 */
export type StartLoadTest = { 
/**
 * Which.
 */
server: ModelServer, 
/**
 * The key that it wants.
 */
key: ServerKey, 
/**
 * What it is loaded with.
 */
load: Load, };

/**
 * The steps of a connection, in order.
 */
export type Step = "configuration" | "credentials" | "name" | "tcp" | "tls" | "authentication" | "permission" | "version";

/**
 * How a step went.
 */
export type StepOutcome = "passed" | "not_needed" | "limited" | "failed" | "skipped";

/**
 * How far a step is.
 */
export type StepProgress = "planned" | "blocked" | "done" | "failed" | "unknown" | "not_reached";

/**
 * How a step went.
 */
export type StepReport = { 
/**
 * Which step.
 */
step: Step, 
/**
 * How it went.
 */
outcome: StepOutcome, 
/**
 * What was found or what happened; may be empty.
 */
message: string, 
/**
 * The next thing to do; empty where there is nothing to do.
 */
advice: string, 
/**
 * How long it took, in milliseconds.
 */
took_milliseconds: number, };

/**
 * Steps of time, all of the same length.
 */
export type Steps = { 
/**
 * When the first begins, in RFC 3339.
 */
begins: string, 
/**
 * Seconds of each.
 */
seconds: number, 
/**
 * How many there are.
 */
count: number, };

/**
 * A cache of data or of models.
 */
export type StorageCacheRow = { 
/**
 * Its kind.
 */
kind: string, 
/**
 * Its namespace; empty for those of the whole cluster.
 */
namespace: string, 
/**
 * Its name.
 */
name: string, 
/**
 * How it does.
 */
severity: Severity, 
/**
 * How full it is, in its own words (`62.5%`, `3/4`); empty where it does not tell.
 */
fill: string, 
/**
 * The same as a share from 0 to 1, where it is one.
 */
share?: number, 
/**
 * Where what it caches comes from; empty where it does not tell.
 */
source: string, 
/**
 * How large what it caches is, in its own words; empty where it does not tell.
 */
size: string, 
/**
 * The object, and the field that tells.
 */
evidence: Evidence, };

/**
 * A claim of a volume.
 */
export type StorageClaimRow = { 
/**
 * Its namespace.
 */
namespace: string, 
/**
 * Its name.
 */
name: string, 
/**
 * Its storage class; empty for none.
 */
class: string, 
/**
 * Its volume; empty while it has none.
 */
volume: string, 
/**
 * Its phase, as Kubernetes writes it.
 */
phase: string, 
/**
 * The access modes that it asks for.
 */
access_modes: Array<string>, 
/**
 * How bad it is.
 */
severity: Severity, 
/**
 * What it asks for, in bytes.
 */
requested_bytes: number, 
/**
 * What it got, in bytes; 0 while it has no volume.
 */
capacity_bytes: number, 
/**
 * What a kubelet measured of it.
 */
fill?: StorageFill, 
/**
 * What mounts it, as `Kind namespace/name`.
 */
mounted_by: Array<string>, 
/**
 * The claim, and the kubelet's figure where there is one.
 */
evidence: Array<Evidence>, };

/**
 * A storage class, and the claims to it.
 */
export type StorageClassRow = { 
/**
 * Its name; empty for claims and volumes without a class.
 */
name: string, 
/**
 * What makes its volumes; empty where the class is not there.
 */
provisioner: string, 
/**
 * `block`, `file`, `object`, `cache` or `local`, where the provisioner is known; else empty.
 */
kind: string, 
/**
 * The component that the provisioner belongs to; empty where none is known.
 */
component: string, 
/**
 * Claims to it.
 */
claimed: StorageUse, 
/**
 * The access modes that claims to it ask for.
 */
access_modes: Array<string>, 
/**
 * The class, and the claims to it that ask for the most.
 */
evidence: Array<Evidence>, };

/**
 * A CSI driver.
 */
export type StorageDriverRow = { 
/**
 * Its name.
 */
name: string, 
/**
 * The component that it belongs to; empty where none is known.
 */
component: string, 
/**
 * Volumes that it made.
 */
volumes: number, 
/**
 * Those of them that are attached to a node; absent where that is not listed.
 */
attached?: number, 
/**
 * What they hold in all, in bytes, as far as is written.
 */
capacity_bytes: number, 
/**
 * Storage classes that name it.
 */
classes: Array<string>, 
/**
 * The driver's object, and one of its volumes.
 */
evidence: Array<Evidence>, };

/**
 * How full a volume is.
 */
export type StorageFill = { 
/**
 * What its file system holds in all, in bytes.
 */
capacity_bytes: number, 
/**
 * What of that is used, in bytes.
 */
used_bytes: number, 
/**
 * What may still be written, in bytes.
 */
available_bytes: number, 
/**
 * When that was measured, in RFC 3339.
 */
at: string, 
/**
 * The node whose kubelet measured.
 */
node: string, };

/**
 * Storage that is amiss.
 */
export type StorageFindingRow = { 
/**
 * How bad it is.
 */
severity: Severity, 
/**
 * What is wrong.
 */
reason: Phrase, 
/**
 * Its size, in bytes.
 */
bytes: number, 
/**
 * The object, and the field that tells.
 */
evidence: Evidence, };

/**
 * An object store, registry or file system that objects of the cluster name. What opens it is never
 * read; that a secret does is told by its name alone.
 */
export type StoragePlaceRow = { 
/**
 * Where it is: `s3://models`, `hf://Qwen`, `juicefs://corpus`.
 */
address: string, 
/**
 * How many objects name it.
 */
named_by: number, 
/**
 * The secrets that these name to open it.
 */
secrets: Array<string>, 
/**
 * The objects, and the fields that name it.
 */
evidence: Array<Evidence>, };

/**
 * A snapshot of a volume.
 */
export type StorageSnapshotRow = { 
/**
 * Its namespace.
 */
namespace: string, 
/**
 * Its name.
 */
name: string, 
/**
 * The claim that it was taken of; empty for one that was brought in.
 */
claim: string, 
/**
 * Its class; may be empty.
 */
class: string, 
/**
 * Whether a volume can be made of it; absent where nothing is said yet.
 */
is_ready?: boolean, 
/**
 * How large a volume made of it must be, as it is written; may be empty.
 */
size: string, 
/**
 * What went wrong; may be empty.
 */
error: string, 
/**
 * How it does.
 */
severity: Severity, 
/**
 * The snapshot, and the field that tells.
 */
evidence: Evidence, };

/**
 * Who tells how full volumes are: the kubelets of the nodes that mount some.
 */
export type StorageSourceRow = { 
/**
 * How many kubelets are asked.
 */
kubelets: number, 
/**
 * How many of them told.
 */
told: number, 
/**
 * What another one said instead; absent where all told, or none was asked yet.
 */
failure?: string, 
/**
 * When the one told that did so the longest ago, in RFC 3339.
 */
at?: string, };

/**
 * How much storage is claimed.
 */
export type StorageUse = { 
/**
 * Claims.
 */
claims: number, 
/**
 * Those that have a volume.
 */
bound: number, 
/**
 * Those that a pod mounts.
 */
mounted: number, 
/**
 * What they ask for, in bytes.
 */
requested_bytes: number, 
/**
 * Those whose volume a kubelet measured.
 */
measured: number, 
/**
 * What the volumes of these hold, in bytes; absent where none was measured.
 */
used_bytes?: number, };

/**
 * The claims of a namespace, or of a workload.
 */
export type StorageUserRow = { 
/**
 * The namespace.
 */
namespace: string, 
/**
 * The workload's kind; empty for all of the namespace.
 */
kind: string, 
/**
 * The workload's name; empty for all of the namespace.
 */
name: string, 
/**
 * Its claims.
 */
claimed: StorageUse, 
/**
 * What the workload is on the stack, if it is an application.
 */
subject?: string, 
/**
 * Its claims that ask for the most.
 */
evidence: Array<Evidence>, };

/**
 * A model that does not get on.
 */
export type StuckModel = { 
/**
 * The stage that it does not get past, or does not get to, by the catalogue's id.
 */
stage: string, 
/**
 * Why.
 */
reason: Phrase, };

/**
 * A figure, who tells it, and when it was measured.
 */
export type SurveyFigure = { 
/**
 * The figure with its unit.
 */
said: Phrase, 
/**
 * Where it comes from.
 */
source: Phrase, 
/**
 * When the oldest of what it is made of was measured, in RFC 3339; absent for what follows from
 * lists that are followed, which are as old as the connection says.
 */
at?: string, };

/**
 * How many of each severity.
 */
export type Tally = { ok: number, paused: number, unknown: number, notice: number, warning: number, critical: number, };

/**
 * A job that a test is judged by.
 */
export type TestJob = { 
/**
 * Its kind.
 */
kind: string, 
/**
 * The kind's API group.
 */
group: string, 
/**
 * Its namespace.
 */
namespace: string, 
/**
 * Its name.
 */
name: string, 
/**
 * What is to become of it.
 */
expected: TestOutcome, };

/**
 * What is to become of a job of a test.
 */
export type TestOutcome = "completes" | "stays_held";

/**
 * The themes.
 */
export type Theme = "system" | "dark" | "light";

/**
 * A tile: a component, an application, a model of accelerator.
 */
export type TileRow = { 
/**
 * The layer it stands in.
 */
layer: Layer, 
/**
 * What it is, for traces and addresses.
 */
subject: string, 
/**
 * Its name.
 */
name: string, 
/**
 * Whether the name is an object's (drawn in mono) or a product's.
 */
is_object: boolean, 
/**
 * How it does.
 */
severity: Severity, 
/**
 * Why, where it is a fault.
 */
reason?: Phrase, 
/**
 * A product's version, an application's engine or model; empty where unknown.
 */
version: string, 
/**
 * So many ready of so many wanted; absent where neither is known.
 */
ready?: Ready, 
/**
 * The one number that matters.
 */
figure?: Phrase, 
/**
 * The catalogue's word for what it is (`scheduler`, `serving_engine` ...); may be empty.
 */
category: string, 
/**
 * Applications alone: predictive, generative, or neither known.
 */
profile: Profile, 
/**
 * Where it is at home on the web; empty where it has none.
 */
home: string, 
/**
 * The namespaces that its workloads lie in.
 */
namespaces: Array<string>, };

/**
 * What happened to an object, its parts, its pods and its place in a queue, as far as the cluster
 * still keeps it.
 */
export type Timeline = { 
/**
 * What happened, the earliest first.
 */
entries: Array<TimelineEntry>, 
/**
 * Entries that were left out, the earliest, since there are too many.
 */
more: number, 
/**
 * What could not be read and would have been looked at: "the permission is missing: list events".
 */
unread: Array<string>, };

/**
 * Something that happened.
 */
export type TimelineEntry = { 
/**
 * When, in RFC 3339; of what was repeated, the last time.
 */
at: string, 
/**
 * When it happened first, in RFC 3339, where it was repeated.
 */
first_at?: string, 
/**
 * How often.
 */
count: number, 
/**
 * To which object.
 */
object: ObjectName, 
/**
 * What kind of thing it is.
 */
kind: TimelineKind, 
/**
 * The word for it: an event's reason, a condition's type, a container's name.
 */
word: string, 
/**
 * What was said; may be empty.
 */
message: string, 
/**
 * How bad it is.
 */
severity: Severity, 
/**
 * What it means, where Strata explains it: an exit code.
 */
said?: Phrase, 
/**
 * The reason that rests on it, where one does.
 */
derived?: Derived, };

/**
 * What kind of thing happened.
 */
export type TimelineKind = "created" | "condition" | "started" | "ended" | "event";

/**
 * A subscription's question. Its rows are of the kinds that its variant names.
 */
export type Topic = { "topic": "clusters", } | { "topic": "stack", 
/**
 * The cluster.
 */
cluster: string, 
/**
 * Applications and attention of these namespaces alone; empty for all.
 */
namespaces: Array<string>, } | { "topic": "trace", 
/**
 * The cluster.
 */
cluster: string, 
/**
 * Where the path starts.
 */
subject: string, 
/**
 * Which way it goes.
 */
direction: Direction, } | { "topic": "pods", 
/**
 * The cluster.
 */
cluster: string, 
/**
 * Those on this path alone.
 */
of: TracePath | null, 
/**
 * Those of these namespaces alone; empty for all.
 */
namespaces: Array<string>, 
/**
 * Those whose name, namespace or node contains this text; empty for all.
 */
filter: string, 
/**
 * The order.
 */
sort: PodSort, 
/**
 * The rows wanted.
 */
window: Window, } | { "topic": "jobs", 
/**
 * The cluster.
 */
cluster: string, 
/**
 * Those of these namespaces alone; empty for all.
 */
namespaces: Array<string>, 
/**
 * Those in these states alone; empty for all.
 */
states: Array<JobState>, 
/**
 * Those of whose name, namespace, kind, queue, owner, state or reason each word of this
 * text is a part; empty for all.
 */
filter: string, 
/**
 * What they are grouped by.
 */
group: JobGroup | null, 
/**
 * The states whose lists stand beside this one: every group of any of them is here too, and
 * is as long in each of the lists; empty for none.
 */
lanes: Array<JobState>, 
/**
 * The order.
 */
sort: JobSort, 
/**
 * Those too that are no longer in the cluster and that this time knew; none without it.
 */
past: JobPast | null, 
/**
 * The rows wanted.
 */
window: Window, } | { "topic": "job_summary", 
/**
 * The cluster.
 */
cluster: string, 
/**
 * Those of these namespaces alone; empty for all.
 */
namespaces: Array<string>, 
/**
 * Those that this text is found in, as for [`Topic::Jobs`]; empty for all.
 */
filter: string, } | { "topic": "job", 
/**
 * The cluster.
 */
cluster: string, 
/**
 * The kind's API group; empty for the core group.
 */
group: string, 
/**
 * The kind.
 */
kind: string, 
/**
 * Its namespace.
 */
namespace: string, 
/**
 * Its name.
 */
name: string, 
/**
 * The identity of one that is no longer in the cluster; none for the one that is.
 */
past: string | null, } | { "topic": "job_logs", 
/**
 * Whose logs.
 */
of: JobLog, 
/**
 * Those of this pod alone; empty for all.
 */
pod: string, 
/**
 * Those that this text is a part of, whatever the case of its letters; empty for all.
 */
filter: string, 
/**
 * The rows wanted.
 */
window: Window, 
/**
 * Whether the window is counted from the end: its first row is the last of all then.
 */
from_end: boolean, } | { "topic": "job_log_summary", 
/**
 * Whose logs.
 */
of: JobLog, } | { "topic": "queues", 
/**
 * The cluster.
 */
cluster: string, } | { "topic": "releases", 
/**
 * The cluster.
 */
cluster: string, 
/**
 * Those of these namespaces alone; empty for all.
 */
namespaces: Array<string>, } | { "topic": "watches", 
/**
 * The cluster.
 */
cluster: string, } | { "topic": "map", 
/**
 * The cluster.
 */
cluster: string, } | { "topic": "needs", 
/**
 * The cluster.
 */
cluster: string, } | { "topic": "lifecycle", 
/**
 * The cluster.
 */
cluster: string, } | { "topic": "storage", 
/**
 * The cluster.
 */
cluster: string, } | { "topic": "conformance", 
/**
 * The cluster.
 */
cluster: string, } | { "topic": "namespaces", 
/**
 * The cluster.
 */
cluster: string, } | { "topic": "gpu_map", 
/**
 * The cluster.
 */
cluster: string, 
/**
 * What stands together.
 */
by: GpuGrouping, 
/**
 * What the cells are coloured by.
 */
colour: GpuColour, 
/**
 * How long ago the moment is that is shown, in seconds, at most an hour; 0 for now.
 */
seconds_ago: number, 
/**
 * Those that the filter lets through alone; the words are those of [`Topic::Gpus`].
 */
filter: string, } | { "topic": "gpus", 
/**
 * The cluster.
 */
cluster: string, 
/**
 * Those that it lets through: words that the node, model, namespace, pod, workload or queue
 * contains, states (`idle`), and comparisons (`sm<5`, `mem>80`, `power>600`, `temp>=85`,
 * `xid>0`), all of which must hold.
 */
filter: string, 
/**
 * The order.
 */
sort: GpuSort, 
/**
 * The rows wanted.
 */
window: Window, } | { "topic": "gpu", 
/**
 * The cluster.
 */
cluster: string, 
/**
 * The node.
 */
node: string, 
/**
 * The GPU's number there.
 */
index: number, } | { "topic": "workstation", } | { "topic": "gpu_capacity", 
/**
 * The cluster.
 */
cluster: string, } | { "topic": "gpu_nodes", 
/**
 * The cluster.
 */
cluster: string, 
/**
 * The order.
 */
sort: GpuNodeSort, 
/**
 * The rows wanted.
 */
window: Window, } | { "topic": "device_claims", 
/**
 * The cluster.
 */
cluster: string, 
/**
 * The rows wanted.
 */
window: Window, } | { "topic": "model_servers", 
/**
 * The cluster.
 */
cluster: string, 
/**
 * Those of these namespaces alone; empty for all.
 */
namespaces: Array<string>, 
/**
 * Those of whose name, namespace, kind, engine or models each word of this text is a part;
 * empty for all.
 */
filter: string, 
/**
 * The rows wanted.
 */
window: Window, } | { "topic": "answer", 
/**
 * The trial's number.
 */
trial: string, } | { "topic": "load_test", 
/**
 * The trial's number.
 */
trial: string, };

/**
 * A path through the layers.
 */
export type TracePath = { 
/**
 * Where it starts.
 */
subject: string, 
/**
 * Which way it goes.
 */
direction: Direction, };

/**
 * A lit path.
 */
export type TraceRow = { 
/**
 * Where it starts.
 */
subject: string, 
/**
 * Which way it goes.
 */
direction: Direction, 
/**
 * What it passes, from the top layer down; a layer it does not touch is left out.
 */
stops: Array<TraceStop>, 
/**
 * The path in a line: `chat-assist`, `4 pods`, `ClusterQueue inference`, `2 nodes`, `16 GPUs`.
 */
crumbs: Array<Phrase>, 
/**
 * The worst severity on it.
 */
severity: Severity, 
/**
 * How many of the things on it have a fault.
 */
faults: number, 
/**
 * Pods on it.
 */
pods: number, 
/**
 * What happens without its weakest part, where that can be told
 * ("Without gpu-h100-45: 2 of 4 replicas remain").
 */
consequence?: Phrase, };

/**
 * What a path passes in one layer.
 */
export type TraceStop = { 
/**
 * The layer.
 */
layer: Layer, 
/**
 * The subjects of the tiles that it passes, in the order of the catalogue.
 */
tiles: Array<string>, 
/**
 * The nodes that it passes, the most used first; infrastructure and hardware alone.
 */
nodes: Array<NodeUse>, 
/**
 * What joins it to the layer below, on the boundary ("4 pods llm-prod"); absent on the last.
 */
join?: Phrase, };

/**
 * What went wrong.
 */
export type TrialFault = { 
/**
 * Which kind of fault it is.
 */
kind: TrialFaultKind, 
/**
 * The words of the server, or of what lies between; may be empty.
 */
said: string, };

/**
 * Kinds of faults.
 */
export type TrialFaultKind = "forbidden" | "unreachable" | "unauthorized" | "not_found" | "throttled" | "refused" | "server_failed" | "failed_in_answer" | "broken_off" | "timeout" | "unreadable";

/**
 * How a trial ended.
 */
export type TrialOutcome = "kept" | "taken_back" | "stuck";

/**
 * Something that a device was set to on trial.
 */
export type TrialRow = { 
/**
 * The entry of the journal: what it is decided by.
 */
entry: number, 
/**
 * What the device has, by its own account.
 */
now: DeviceSetting, 
/**
 * What was asked for.
 */
asked: DeviceSetting, 
/**
 * What it had before; absent where its driver does not tell that.
 */
before?: DeviceSetting, 
/**
 * When it is taken back unless it is kept, in RFC 3339.
 */
until: string, 
/**
 * How it ended; absent while it is open.
 */
verdict?: TrialVerdict, };

/**
 * How far a trial has come.
 */
export type TrialState = "connecting" | "waiting" | "running" | "done" | "stopped" | "failed";

/**
 * How a trial ended.
 */
export type TrialVerdict = { 
/**
 * In a word.
 */
outcome: TrialOutcome, 
/**
 * What happened to which device, and what to do where that is not what was wanted.
 */
sentence: Phrase, };

/**
 * A key that somebody typed.
 */
export type TypedKey = string;

/**
 * Lets a protected context be changed for some time.
 */
export type UnlockCluster = { 
/**
 * The cluster's id.
 */
cluster: string, 
/**
 * The context's name, as typed.
 */
typed: string, 
/**
 * For how many minutes, at most [`UnlockCluster::LONGEST`]; 0 locks it again at once.
 */
minutes: number, };

/**
 * Why no test workload is offered.
 */
export type Untested = { 
/**
 * Whether one would be, had the cluster what [`Self::said`] names.
 */
is_lacking: boolean, 
/**
 * What the cluster lacks; else why no workload would tell.
 */
said: Bilingual, };

/**
 * Who held GPUs over some time, and what those did.
 */
export type UsageHistory = { 
/**
 * The steps of every list.
 */
steps: Steps, 
/**
 * The whole cluster, then the parts, by what they held.
 */
parts: Array<UsagePart>, 
/**
 * Of how much of the time something is kept, in seconds.
 */
known_seconds: number, 
/**
 * What needed attention, the oldest first.
 */
incidents: Array<IncidentRow>, 
/**
 * How history is kept.
 */
keeping: HistoryKeeping, };

/**
 * What a part came to over the whole time, in hours of GPUs: each sample for the time until the next,
 * so that a step of which a minute is known counts for a minute.
 */
export type UsageHours = { total: number, held: number, idle_held: number, unhealthy: number, measured: number, used: number, };

/**
 * A part over some time. The lists have one entry a step; `null` where nothing was known.
 */
export type UsagePart = { 
/**
 * By what it is a part; absent for the whole cluster.
 */
by?: GpuShareOf, 
/**
 * Its name; empty for the whole, and for what has none; `*` for devices that several hold at once.
 */
name: string, 
/**
 * GPUs in all; for the whole and for models alone.
 */
total: Array<number | null>, 
/**
 * GPUs held.
 */
held: Array<number | null>, 
/**
 * Of those held, the ones on which nothing ran though memory was held.
 */
idle_held: Array<number | null>, 
/**
 * GPUs that could not be given out; for the whole alone.
 */
unhealthy: Array<number | null>, 
/**
 * By which definition the next two are; absent where nothing was measured.
 */
figure?: Figure, 
/**
 * Of those held, the ones that were measured.
 */
measured: Array<number | null>, 
/**
 * What these did, added up: 0.4 is a GPU that was busy at 40 %.
 */
used: Array<number | null>, 
/**
 * What that comes to over the whole time.
 */
hours: UsageHours, 
/**
 * The hours of it by model, as far as that is kept: for namespaces, queues and owners.
 */
by_model: Array<ModelHours>, };

/**
 * A picture of who held the GPUs of a cluster over some time, and what those did.
 */
export type UsagePictureQuestion = { 
/**
 * The cluster.
 */
cluster: string, 
/**
 * By what it is parted below the whole; absent for the whole alone.
 */
by?: GpuShareOf, 
/**
 * Which time.
 */
span: Span, 
/**
 * How it is drawn.
 */
look: PictureLook, };

/**
 * Who held GPUs over some time, and what those did.
 */
export type UsageQuestion = { 
/**
 * The cluster.
 */
cluster: string, 
/**
 * By what it is parted beside the whole; absent for the whole alone. Workloads come and go, and
 * are not kept.
 */
by?: GpuShareOf, 
/**
 * Of these parts the one with this name alone; absent for all.
 */
name?: string, 
/**
 * Which time.
 */
span: Span, };

/**
 * One that waits in a queue.
 */
export type Waiting = { 
/**
 * Its place, from 1.
 */
at: number, 
/**
 * Its kind.
 */
kind: string, 
/**
 * Its API group.
 */
group: string, 
/**
 * Its namespace.
 */
namespace: string, 
/**
 * Its name.
 */
name: string, 
/**
 * Accelerators that it asks for, where that is known.
 */
gpus?: number, 
/**
 * Its priority class; may be empty.
 */
priority: string, 
/**
 * When it came, in RFC 3339.
 */
queued_at?: string, };

/**
 * The watch of a kind.
 */
export type WatchRow = { 
/**
 * The API group; empty for the core group.
 */
group: string, 
/**
 * The kind.
 */
kind: string, 
/**
 * Where it stands.
 */
state: WatchState, 
/**
 * Objects held of it.
 */
objects: number, 
/**
 * When anything was last heard of it, in RFC 3339.
 */
heard_at?: string, 
/**
 * Bytes read for it since the connection was made.
 */
bytes: number, };

/**
 * Where a watch stands.
 */
export type WatchState = { "state": "loading", 
/**
 * Objects read so far.
 */
so_far: number, 
/**
 * Objects in all, where the server told.
 */
expected?: number, } | { "state": "live" } | { "state": "stale", 
/**
 * The last time anything was heard of it, in RFC 3339.
 */
since: string, 
/**
 * Why.
 */
reason: string, } | { "state": "forbidden", 
/**
 * The missing permission, such as `list pods`.
 */
permission: string, } | { "state": "partial", 
/**
 * The permission that is missing for the whole cluster.
 */
permission: string, 
/**
 * The namespaces that were tried.
 */
namespaces: Array<NamespaceWatch>, } | { "state": "failed", 
/**
 * Why.
 */
reason: string, 
/**
 * When, in RFC 3339.
 */
retry_at: string, } | { "state": "not_served" };

/**
 * The way to a server.
 */
export type Way = "forwarded" | "proxied" | "here";

/**
 * A part of a long list.
 */
export type Window = { 
/**
 * The first row, from 0.
 */
first: number, 
/**
 * How many rows, at most [`Window::MOST`].
 */
count: number, };

/**
 * A disk or a network interface.
 */
export type WorkstationPart = { 
/**
 * Its name.
 */
name: string, 
/**
 * What it is; may be empty.
 */
detail: string, 
/**
 * Its figures.
 */
readings: Array<ReadingRow>, };

/**
 * The machine: the first row.
 */
export type WorkstationRow = { 
/**
 * Its name on its network; empty until it was read.
 */
name: string, 
/**
 * The operating system and its version.
 */
system: string, 
/**
 * The kernel's version.
 */
kernel: string, 
/**
 * The processor's model.
 */
processor: string, 
/**
 * Hardware threads.
 */
threads: number, 
/**
 * Figures of the whole machine.
 */
readings: Array<ReadingRow>, 
/**
 * Its disks.
 */
disks: Array<WorkstationPart>, 
/**
 * Its network interfaces.
 */
networks: Array<WorkstationPart>, 
/**
 * Processors and memory over the last minutes.
 */
charts: Array<RecentChart>, 
/**
 * How far reading the accelerators has come.
 */
sampling: Sampling, 
/**
 * When the accelerators were read last, in RFC 3339.
 */
sampled_at?: string, 
/**
 * The version of NVIDIA's driver; may be empty.
 */
driver: string, 
/**
 * The CUDA version that it supports; may be empty.
 */
cuda: string, 
/**
 * What keeps drivers from being read, the worst first.
 */
faults: Array<GpuFault>, 
/**
 * What one should know to read the figures.
 */
remarks: Array<Phrase>, 
/**
 * What reading the accelerators cost the last time.
 */
cost: SamplingCost, };

/**
 * An error that the driver reported.
 */
export type XidRow = { 
/**
 * When it was heard of, or when the kernel's log has it, in RFC 3339.
 */
at: string, 
/**
 * Whether that was before Strata was watching.
 */
is_past: boolean, 
/**
 * By how many seconds it may have been earlier, since the machine slept after it.
 */
earlier_by_seconds: number, 
/**
 * What it is.
 */
title: Phrase, 
/**
 * What it means.
 */
meaning: Phrase, 
/**
 * What to do.
 */
action: Phrase, };

/** Every operation: its request and its response. */
export type Operations = {
  about: [Nothing, About];
  read_catalog: [Nothing, Catalog];
  connect_cluster: [OneCluster, Nothing];
  disconnect_cluster: [OneCluster, Nothing];
  diagnose_connection: [OneCluster, ConnectionReport];
  explain_object: [OneObject, Explanation];
  change_objects: [ChangeObjects, ChangeReport];
  delete_objects: [DeleteObjects, ChangeReport];
  read_manifest: [OneObject, Manifest];
  edit_object: [EditObject, ChangeReport];
  read_timeline: [OneObject, Timeline];
  read_job_logs: [JobLogQuestion, LogText];
  gpu_history: [GpuHistoryQuestion, GpuHistory];
  gpu_moment: [GpuMomentQuestion, GpuMoment];
  job_history: [JobHistoryQuestion, JobHistory];
  usage_history: [UsageQuestion, UsageHistory];
  compare_gpus: [GpuComparisonQuestion, GpuComparison];
  draw_gpu: [GpuPictureQuestion, Picture];
  machine_history: [MachineHistoryQuestion, MachineHistory];
  draw_machine: [MachinePictureQuestion, Picture];
  draw_gpu_map: [GpuMapPictureQuestion, Picture];
  draw_usage: [UsagePictureQuestion, Picture];
  draw_capacity: [CapacityPictureQuestion, Picture];
  read_keeping: [Nothing, HistoryKeeping];
  act_on_objects: [ActOnObjects, ChangeReport];
  settle_change: [SettleChange, ChangeReport];
  end_process: [EndProcess, ChangeReport];
  set_device: [SetDevice, ChangeReport];
  decide_trial: [DecideTrial, TrialVerdict];
  read_journal: [ReadJournal, JournalPage];
  read_interrupted: [Nothing, JournalPage];
  verify_journal: [Nothing, JournalVerdict];
  read_permissions: [ReadPermissions, Permissions];
  read_protection: [OneCluster, Protection];
  protect_cluster: [ProtectCluster, Protection];
  unlock_cluster: [UnlockCluster, Protection];
  read_recipes: [ReadRecipes, Recipes];
  render_recipe: [RenderRecipe, RenderedRecipe];
  check_deployment: [RenderRecipe, DeploymentChecks];
  read_releases: [ReadReleases, Releases];
  read_release: [OneRelease, ReleaseDetail];
  compare_revisions: [CompareRevisions, RevisionDifference];
  deploy_recipe: [DeployRecipe, ChangeReport];
  change_release: [ChangeRelease, ChangeReport];
  roll_back_release: [RollBackRelease, ChangeReport];
  delete_release: [DeleteRelease, ChangeReport];
  plan_model: [PlanModel, ModelPlan];
  fit_model: [FitModel, ModelFit];
  read_rollout: [ReadRollout, Rollout];
  describe_field: [DescribeField, DescribedField];
  read_models: [ReadModels, ServedModels];
  ask_model: [AskModel, OneTrial];
  ask_by_hand: [AskModel, ByHand];
  start_load_test: [StartLoadTest, OneTrial];
  stop_trial: [OneTrial, Nothing];
  read_local_runtimes: [Nothing, LocalRuntimes];
  read_local_containers: [OneLocalRuntime, LocalContainers];
  run_locally: [RunLocally, LocalRun];
  cancel_locally: [OneLocalContainer, Nothing];
  read_local_log: [OneLocalContainer, LocalLog];
  stop_locally: [OneLocalContainer, Nothing];
  remove_locally: [OneLocalContainer, Nothing];
  approve_credential_plugin: [ApproveCredentialPlugin, Nothing];
  add_kubeconfig: [OneFile, Nothing];
  remove_kubeconfig: [OneFile, Nothing];
  read_namespaces: [OneCluster, NamedNamespaces];
  name_namespaces: [NameNamespaces, NamedNamespaces];
  read_prometheus: [OneCluster, PrometheusSetting];
  save_prometheus: [GivePrometheus, PrometheusSetting];
  try_prometheus: [GivePrometheus, PrometheusFound];
  read_preferences: [Nothing, Preferences];
  save_preferences: [Preferences, Preferences];
};
