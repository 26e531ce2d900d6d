package main

import (
	"fmt"

	routev1 "github.com/openshift/api/route/v1"
	batchv1 "k8s.io/api/batch/v1"
	"k8s.io/apimachinery/pkg/labels"
	"k8s.io/apimachinery/pkg/runtime"
	"k8s.io/apimachinery/pkg/selection"
	utilruntime "k8s.io/apimachinery/pkg/util/runtime"
	clientgoscheme "k8s.io/client-go/kubernetes/scheme"
	ctrl "sigs.k8s.io/controller-runtime"
	"sigs.k8s.io/controller-runtime/pkg/cache"
	"sigs.k8s.io/controller-runtime/pkg/client"
	"sigs.k8s.io/controller-runtime/pkg/healthz"
	metricsserver "sigs.k8s.io/controller-runtime/pkg/metrics/server"

	configv1alpha1 "github.com/ray-project/kuberay/ray-operator/apis/config/v1alpha1"
	rayv1 "github.com/ray-project/kuberay/ray-operator/apis/ray/v1"
	"github.com/ray-project/kuberay/ray-operator/controllers/ray"
	"github.com/ray-project/kuberay/ray-operator/controllers/ray/batchscheduler"
	"github.com/ray-project/kuberay/ray-operator/controllers/ray/utils"
)

// runKubeRay is what KubeRay's own main package does with its default settings: it is not importable itself. Left out:
// leader election, metrics, schedulers for gangs, and the webhook, which KubeRay does not install by default either.
// A Ray head that somebody else plays has no dashboard: what is learnt only there is never learnt.
func runKubeRay(probes string) error {
	own, err := labels.NewRequirement(utils.KubernetesCreatedByLabelKey, selection.Equals, []string{utils.ComponentName})
	if err != nil {
		return fmt.Errorf("the label of its own jobs: %w", err)
	}
	server, err := ctrl.GetConfig()
	if err != nil {
		return fmt.Errorf("the API server's address: %w", err)
	}
	// Many cases come one after the other, and nobody else asks this API server.
	server.QPS = -1
	manager, err := ctrl.NewManager(server, ctrl.Options{
		Scheme:                 kubeRayScheme(),
		Metrics:                metricsserver.Options{BindAddress: "0"},
		HealthProbeBindAddress: probes,
		Cache: cache.Options{ByObject: map[client.Object]cache.ByObject{
			&batchv1.Job{}: {Label: labels.NewSelector().Add(*own)},
		}},
	})
	if err != nil {
		return fmt.Errorf("the manager: %w", err)
	}
	ctx := ctrl.SetupSignalHandler()
	configuration := configv1alpha1.Configuration{}
	configv1alpha1.SetDefaults_Configuration(&configuration)
	gangs, err := batchscheduler.NewSchedulerManager(ctx, configuration, server, manager.GetClient())
	if err != nil {
		return fmt.Errorf("the schedulers of gangs: %w", err)
	}
	gangs.AddToScheme(manager.GetScheme())

	clusters := ray.RayClusterReconcilerOptions{BatchSchedulerManager: gangs}
	if err := ray.NewReconciler(ctx, manager, clusters).SetupWithManager(manager, configuration.ReconcileConcurrency); err != nil {
		return fmt.Errorf("the controller of Ray clusters: %w", err)
	}
	jobs := ray.RayJobReconcilerOptions{BatchSchedulerManager: gangs}
	if err := ray.NewRayJobReconciler(ctx, manager, jobs, configuration).SetupWithManager(manager, configuration.ReconcileConcurrency); err != nil {
		return fmt.Errorf("the controller of Ray jobs: %w", err)
	}
	if err := ray.NewRayServiceReconciler(ctx, manager, configuration).SetupWithManager(manager, configuration.ReconcileConcurrency); err != nil {
		return fmt.Errorf("the controller of Ray services: %w", err)
	}
	if err := probe(manager, healthz.Ping); err != nil {
		return err
	}
	return manager.Start(ctx)
}

// kubeRayScheme knows the kinds that KubeRay reads and writes.
func kubeRayScheme() *runtime.Scheme {
	scheme := runtime.NewScheme()
	for _, add := range []func(*runtime.Scheme) error{
		clientgoscheme.AddToScheme, rayv1.AddToScheme, routev1.Install, configv1alpha1.AddToScheme,
	} {
		utilruntime.Must(add(scheme))
	}
	return scheme
}
