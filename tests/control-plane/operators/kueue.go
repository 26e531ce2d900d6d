package main

import (
	"context"
	"fmt"
	"net/http"

	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/runtime"
	utilruntime "k8s.io/apimachinery/pkg/util/runtime"
	autoscaling "k8s.io/autoscaler/cluster-autoscaler/apis/provisioningrequest/autoscaling.x-k8s.io/v1"
	"k8s.io/client-go/discovery"
	clientgoscheme "k8s.io/client-go/kubernetes/scheme"
	"k8s.io/client-go/rest"
	ctrl "sigs.k8s.io/controller-runtime"

	configv1beta1 "sigs.k8s.io/kueue/apis/config/v1beta1"
	configv1beta2 "sigs.k8s.io/kueue/apis/config/v1beta2"
	kueuev1alpha1 "sigs.k8s.io/kueue/apis/kueue/v1alpha1"
	kueuev1beta1 "sigs.k8s.io/kueue/apis/kueue/v1beta1"
	kueuev1beta2 "sigs.k8s.io/kueue/apis/kueue/v1beta2"
	queuecache "sigs.k8s.io/kueue/pkg/cache/queue"
	quotacache "sigs.k8s.io/kueue/pkg/cache/scheduler"
	"sigs.k8s.io/kueue/pkg/config"
	"sigs.k8s.io/kueue/pkg/constants"
	"sigs.k8s.io/kueue/pkg/controller/core"
	"sigs.k8s.io/kueue/pkg/controller/core/indexer"
	"sigs.k8s.io/kueue/pkg/controller/jobframework"
	"sigs.k8s.io/kueue/pkg/controller/tas"
	tasindexer "sigs.k8s.io/kueue/pkg/controller/tas/indexer"
	"sigs.k8s.io/kueue/pkg/dra"
	"sigs.k8s.io/kueue/pkg/metrics"
	"sigs.k8s.io/kueue/pkg/resources"
	"sigs.k8s.io/kueue/pkg/scheduler"
	preemptexpectations "sigs.k8s.io/kueue/pkg/scheduler/preemption/expectations"
	utildra "sigs.k8s.io/kueue/pkg/util/dra"
	"sigs.k8s.io/kueue/pkg/util/expectations"
	"sigs.k8s.io/kueue/pkg/util/kubeversion"
	"sigs.k8s.io/kueue/pkg/webhooks"

	_ "sigs.k8s.io/kueue/pkg/controller/jobs/job"
	_ "sigs.k8s.io/kueue/pkg/controller/jobs/jobset"
	_ "sigs.k8s.io/kueue/pkg/controller/jobs/raycluster"
	_ "sigs.k8s.io/kueue/pkg/controller/jobs/rayjob"
)

// kueueParts is what Kueue's controllers and its scheduler share.
type kueueParts struct {
	configuration configv1beta2.Configuration
	quota         *quotacache.Cache
	queues        *queuecache.Manager
	preemptions   *expectations.Store
	formatter     *resources.ResourceFormatter
	devices       *dra.ExtendedResourceCache
	slices        bool // whether the API server has resource slices
}

// runKueue is what Kueue's own main package does with the settings that the harness writes. That one is not importable,
// and as a process it would want the folder /etc/kueue of the machine. Left out: several clusters, the visibility
// server, leader election, certificates of its own, and kinds of jobs that no test makes.
func runKueue(file string) error {
	scheme := kueueScheme()
	options, configuration, err := config.Load(scheme, file)
	if err != nil {
		return fmt.Errorf("reading %s: %w", file, err)
	}
	if err := config.LoadAndValidateFeatureGates("", configuration.FeatureGates).ToAggregate(); err != nil {
		return fmt.Errorf("the feature gates of %s: %w", file, err)
	}
	if err := config.Validate(&configuration, scheme).ToAggregate(); err != nil {
		return fmt.Errorf("judging %s: %w", file, err)
	}
	if err := config.AddWebhookSettingsTo(&options, &configuration); err != nil {
		return fmt.Errorf("the webhooks' server: %w", err)
	}
	metrics.Register()
	server, err := ctrl.GetConfig()
	if err != nil {
		return fmt.Errorf("the API server's address: %w", err)
	}
	// Many cases come one after the other, and nobody else asks this API server.
	server.QPS = -1
	manager, err := ctrl.NewManager(server, options)
	if err != nil {
		return fmt.Errorf("the manager: %w", err)
	}
	ctx := ctrl.SetupSignalHandler()
	parts, err := newKueueParts(manager, configuration)
	if err != nil {
		return err
	}
	if err := parts.index(ctx, manager); err != nil {
		return err
	}
	if err := parts.control(ctx, manager, server); err != nil {
		return err
	}
	if kind, err := webhooks.Setup(manager, nil); err != nil {
		return fmt.Errorf("the webhooks of %s: %w", kind, err)
	}
	if err := manager.Add(parts.scheduler(manager)); err != nil {
		return fmt.Errorf("the scheduler: %w", err)
	}
	// Ready is who answers the API server's questions: until then every job would be refused.
	ready := func(request *http.Request) error { return manager.GetWebhookServer().StartedChecker()(request) }
	if err := probe(manager, ready); err != nil {
		return err
	}
	go parts.queues.CleanUpOnContext(ctx)
	go parts.quota.CleanUpOnContext(ctx)
	return manager.Start(ctx)
}

// kueueScheme knows the kinds that Kueue reads and writes.
func kueueScheme() *runtime.Scheme {
	scheme := runtime.NewScheme()
	for _, add := range []func(*runtime.Scheme) error{
		clientgoscheme.AddToScheme,
		kueuev1alpha1.AddToScheme, kueuev1beta1.AddToScheme, kueuev1beta2.AddToScheme,
		configv1beta1.AddToScheme, configv1beta2.AddToScheme,
		autoscaling.AddToScheme,
	} {
		utilruntime.Must(add(scheme))
	}
	utilruntime.Must(jobframework.ForEachIntegration(func(_ string, kind jobframework.IntegrationCallbacks) error {
		if kind.AddToScheme == nil {
			return nil
		}
		return kind.AddToScheme(scheme)
	}))
	return scheme
}

func newKueueParts(manager ctrl.Manager, configuration configv1beta2.Configuration) (*kueueParts, error) {
	parts := &kueueParts{
		configuration: configuration,
		preemptions:   preemptexpectations.New(),
		formatter:     resources.NewResourceFormatter(),
		devices:       dra.NewExtendedResourceCache(),
		slices:        utildra.CheckResourceSliceAPIAvailable(manager),
	}
	measured := metrics.NewLocalQueueMetricsConfig(configuration.Metrics.LocalQueueMetrics)
	parts.quota = quotacache.New(manager.GetClient(),
		quotacache.WithLocalQueueMetrics(measured),
		quotacache.WithResourceFormatter(parts.formatter),
	)
	requeuer := queuecache.NewRequeuer()
	if err := manager.Add(requeuer); err != nil {
		return nil, fmt.Errorf("the requeuer: %w", err)
	}
	parts.queues = queuecache.NewManager(manager.GetClient(), parts.quota, requeuer,
		queuecache.WithPodsReadyRequeuingTimestamp(configv1beta2.EvictionTimestamp),
		queuecache.WithLocalQueueMetrics(measured),
		queuecache.WithResourceFormatter(parts.formatter),
		queuecache.WithPreemptionExpectations(parts.preemptions),
		queuecache.WithDRABackedResources(parts.devices),
	)
	return parts, nil
}

// index sets up the fields by which the controllers look objects up.
func (parts *kueueParts) index(ctx context.Context, manager ctrl.Manager) error {
	fields := manager.GetFieldIndexer()
	if err := indexer.Setup(ctx, fields); err != nil {
		return fmt.Errorf("the indexes: %w", err)
	}
	if err := tasindexer.SetupIndexes(ctx, fields); err != nil {
		return fmt.Errorf("the indexes of topologies: %w", err)
	}
	if parts.slices {
		if err := core.SetupResourceSliceIndexer(ctx, fields); err != nil {
			return fmt.Errorf("the indexes of resource slices: %w", err)
		}
	}
	kinds := jobframework.WithEnabledFrameworks(parts.configuration.Integrations.Frameworks)
	if err := jobframework.SetupIndexes(ctx, fields, kinds); err != nil {
		return fmt.Errorf("the indexes of jobs: %w", err)
	}
	return nil
}

// control sets up the controllers of queues, of topologies and of jobs.
func (parts *kueueParts) control(ctx context.Context, manager ctrl.Manager, server *rest.Config) error {
	configuration := &parts.configuration
	if kind, err := core.SetupControllers(manager, parts.queues, parts.quota, configuration, core.SetupControllersOpts{
		PreemptionExpectations:    parts.preemptions,
		DRAMapper:                 dra.NewResourceMapper(),
		DRABackedResources:        parts.devices,
		ResourceFormatter:         parts.formatter,
		ResourceSliceAPIAvailable: parts.slices,
	}); err != nil {
		return fmt.Errorf("the controller of %s: %w", kind, err)
	}
	if kind, err := tas.SetupControllers(manager, parts.queues, parts.quota, configuration, nil); err != nil {
		return fmt.Errorf("the controller of %s: %w", kind, err)
	}
	asked, err := discovery.NewDiscoveryClientForConfig(server)
	if err != nil {
		return fmt.Errorf("discovery: %w", err)
	}
	version := kubeversion.NewServerVersionFetcher(asked)
	if err := version.FetchServerVersion(); err != nil {
		return fmt.Errorf("the API server's version: %w", err)
	}
	namespaces, err := metav1.LabelSelectorAsSelector(configuration.ManagedJobsNamespaceSelector)
	if err != nil {
		return fmt.Errorf("the namespaces of managed jobs: %w", err)
	}
	if err := jobframework.SetupControllers(ctx, manager, setupLog,
		jobframework.WithManageJobsWithoutQueueName(configuration.ManageJobsWithoutQueueName),
		jobframework.WithWaitForPodsReady(configuration.WaitForPodsReady),
		jobframework.WithKubeServerVersion(version),
		jobframework.WithEnabledFrameworks(configuration.Integrations.Frameworks),
		jobframework.WithManagerName(constants.KueueName),
		jobframework.WithCache(parts.quota),
		jobframework.WithQueues(parts.queues),
		jobframework.WithManagedJobsNamespaceSelector(namespaces),
	); err != nil {
		return fmt.Errorf("the controllers of jobs: %w", err)
	}
	return nil
}

// scheduler lets workloads in, or says why it does not.
func (parts *kueueParts) scheduler(manager ctrl.Manager) *scheduler.Scheduler {
	return scheduler.New(parts.queues, parts.quota, manager.GetClient(), manager.GetEventRecorder(constants.AdmissionName),
		scheduler.WithPodsReadyRequeuingTimestamp(configv1beta2.EvictionTimestamp),
		scheduler.WithQuotaCheckStrategy(configv1beta2.QuotaCheckBlockUndeclared),
		scheduler.WithPreemptionExpectations(parts.preemptions),
		scheduler.WithResourceFormatter(parts.formatter),
	)
}
